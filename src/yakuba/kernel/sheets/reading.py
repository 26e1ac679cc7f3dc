"""From an uploaded file to a grid."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from typing import BinaryIO, Final, cast

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.fields.kinds import Cell
from yakuba.kernel.files import limits, sandbox
from yakuba.kernel.files.backends import CHUNK
from yakuba.kernel.files.content import TEXT, XLSX, content_type
from yakuba.kernel.sheets import grid, my_numbers
from yakuba.kernel.sheets.grid import Grid

#: Whole workbooks take longer than one table.
_LOOKING: Final = sandbox.Bounds(seconds=60)


def read(stream: BinaryIO) -> Grid:
    """The first visible sheet of an XLSX file, or a CSV file; which of the two, its bytes say. Raises :class:`Problem`.

    Limits are checked first; the parser runs in the sandbox on a private copy, which is gone afterwards.
    """
    return _read(stream, lambda path: [sandbox.read(grid.read_workbook, path)])[0][1]


def read_all(stream: BinaryIO) -> list[tuple[str, Grid]]:
    """Every visible sheet of an XLSX file with its name, or a CSV file without one; otherwise like :func:`read`."""
    return _read(stream, lambda path: cast("Sequence[object]", sandbox.read(grid.read_whole_workbook, path)))


def my_number(stream: BinaryIO, *, beside: bool = False) -> tuple[str, str]:
    """Sheet and address of a 個人番号 in an XLSX or CSV file, hidden sheets included; two empty texts where there is none.

    ``beside`` leaves out what :func:`read` gives, of which :class:`~yakuba.kernel.sheets.my_numbers.Search` is asked then. Raises
    :class:`Problem` as :func:`read` does, and for a sheet that is more than can be looked through.
    """
    found = ("", "")

    def workbook(path: str) -> Sequence[object]:
        nonlocal found
        sheet, place = cast("Sequence[str]", sandbox.read(my_numbers.look, path, beside, bounds=_LOOKING))
        found = (sheet, place)
        return ()

    for name, sheet in _read(stream, workbook):
        if not beside:
            found = (name, my_numbers.place_in(sheet.rows))
    return found


def _read(stream: BinaryIO, workbook: Callable[[str], Sequence[object]]) -> list[tuple[str, Grid]]:
    limits.check(stream)
    found = content_type(stream)
    if found not in {XLSX, TEXT}:
        raise Problem(
            "sheet_type",
            _("表として読めるファイルではありません。XLSXかCSVのファイルを選んでください。"),
            found=found,
            expected="XLSX・CSV",
        )
    with tempfile.NamedTemporaryFile(prefix="yakuba-sheet-") as copy:
        while block := stream.read(CHUNK):
            copy.write(block)
        copy.flush()
        if found == TEXT:
            rows = sandbox.read(grid.read_csv, copy.name)
            return [("", Grid(cast("Sequence[Sequence[Cell]]", rows)))]
        return [_sheet(cast("Mapping[str, object]", kept)) for kept in workbook(copy.name)]


def _sheet(kept: Mapping[str, object]) -> tuple[str, Grid]:
    cells = Grid(cast("Sequence[Sequence[Cell]]", kept["rows"]), cast("Mapping[str, str]", kept["faults"]))
    return str(kept["name"]), cells
