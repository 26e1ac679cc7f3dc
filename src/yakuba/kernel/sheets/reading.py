"""From an uploaded file to a grid."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from typing import BinaryIO, cast

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.fields.kinds import Cell
from yakuba.kernel.files import limits, sandbox
from yakuba.kernel.files.backends import CHUNK
from yakuba.kernel.files.content import TEXT, XLSX, content_type
from yakuba.kernel.sheets import grid
from yakuba.kernel.sheets.grid import Grid


def read(stream: BinaryIO) -> Grid:
    """The first visible sheet of an XLSX file, or a CSV file; which of the two, its bytes say. Raises :class:`Problem`.

    Limits are checked first; the parser runs in the sandbox on a private copy, which is gone afterwards.
    """
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
            return Grid(cast("Sequence[Sequence[Cell]]", rows))
        kept = cast("Mapping[str, object]", sandbox.read(grid.read_workbook, copy.name))
        return Grid(cast("Sequence[Sequence[Cell]]", kept["rows"]), cast("Mapping[str, str]", kept["faults"]))
