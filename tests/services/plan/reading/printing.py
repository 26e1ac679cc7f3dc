"""Small invented workbooks, for tests of what is read of them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

from yakuba.services.plan.reading import Reading, read_documents

Cells = Sequence[Sequence[str | int | None]]


def workbook(sheets: Mapping[str, Cells], merges: Sequence[str] = ()) -> bytes:
    """An Excel file of these sheets; `merges` are areas (A1:B2) of every sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for area in merges:
            sheet.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_sheets(sheets: Mapping[str, Cells], merges: Sequence[str] = ()) -> Reading:
    """The own plan's reading of such a workbook."""
    return read_documents(workbook(sheets, merges), "計画.xlsx")[0]
