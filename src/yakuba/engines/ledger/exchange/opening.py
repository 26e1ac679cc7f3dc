"""An office's table as cells, with the areas that its maker merged; :mod:`.parsing` reads it in the sandbox."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from django.utils.translation import gettext as _

from yakuba.engines.ledger.exchange.drawing import as_table, is_drawing
from yakuba.engines.ledger.exchange.parsing import cells
from yakuba.kernel.actions import Problem
from yakuba.kernel.files import limits, sandbox
from yakuba.kernel.files.content import TEXT, XLSX, content_type
from yakuba.kernel.files.sandbox import MB, Bounds
from yakuba.kernel.files.wire import Wire
from yakuba.kernel.sheets.grid import Grid

if TYPE_CHECKING:
    from yakuba.kernel.fields.kinds import Cell

#: Rows in which a head is looked for, and a first look at what stands below it.
TOP: Final = 60
#: 100,000 rows of 40 columns are read in a third of this.
_BOUNDS: Final = Bounds(seconds=90, memory=3072 * MB, result=400 * MB)


@dataclass(frozen=True, slots=True)
class Area:
    """A merged area, rows and columns counted from 0, both ends within."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Opened:
    """The first visible sheet: its cells (a merged area gives its value in each of its cells), and how many rows it has in all.

    Of a file for maps the ``system`` that it says it is in (EPSG code), and what was assumed in reading it.
    """

    grid: Grid
    merged: Sequence[Area] = ()
    rows: int = 0
    sheet: str = ""
    others: Sequence[str] = field(default=())
    system: int | None = None
    notes: Sequence[str] = field(default=())


def parsed(path: str, kind: str, most: int) -> Wire:
    """What :func:`.parsing.cells` says, from the sandbox."""
    return sandbox.read(cells, path, kind, most, bounds=_BOUNDS)


def opened(stream: BinaryIO, *, most: int = 0) -> Opened:
    """A table, or its first ``most`` rows. Raises :class:`~yakuba.kernel.actions.Problem` for what is no table."""
    if is_drawing(stream):
        grid, epsg, notes = as_table(stream)
        return Opened(grid, rows=len(grid.rows), system=epsg, notes=notes)
    limits.check(stream)
    kind = content_type(stream)
    if kind not in {XLSX, TEXT}:
        raise Problem(
            "sheet_type",
            _(
                "表として読めるファイルではありません。XLSXかCSVで保存し直して選んでください。地図のデータは、GeoJSON・Shapefile（ZIP）・KMLを読めます。"
            ),
            field="file",
            found=kind,
            expected="XLSX・CSV・GeoJSON・Shapefile・KML",
        )
    with tempfile.NamedTemporaryFile(prefix="yakuba-sheet-") as copy:
        shutil.copyfileobj(stream, copy)
        copy.flush()
        kept = cast("Mapping[str, object]", parsed(copy.name, kind, most))
    return Opened(
        Grid(cast("Sequence[Sequence[Cell]]", kept["rows"]), cast("Mapping[str, str]", kept["faults"])),
        [Area(*area) for area in cast("Sequence[Sequence[int]]", kept["merged"])],
        cast("int", kept["all"]),
        str(kept["sheet"]),
        [str(one) for one in cast("Sequence[object]", kept["others"])],
    )
