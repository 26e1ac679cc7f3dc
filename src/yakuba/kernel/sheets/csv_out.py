"""Writing CSV, line by line: UTF-8 with a byte order mark, RFC 4180 quoting, CRLF."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
from collections.abc import Iterator

from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.fields.kinds import Cell
from yakuba.kernel.sheets.cells import guard
from yakuba.kernel.sheets.table import Table


def lines(table: Table) -> Iterator[bytes]:
    """The file in pieces, one line each.

    Texts that a spreadsheet program would run get an apostrophe before them (see :func:`.cells.guard`); numbers do not. Dates
    are ISO 8601, fiscal years 令和6年度.
    """
    yield codecs.BOM_UTF8
    yield _line([guard(head) for head in table.heads()])
    for row in table.rows:
        cells = [column.cell(row.values.get(column.key)) for column in table.columns]
        yield _line([*table.lead(row), *(_plain(cell) for cell in cells)])


def _plain(cell: Cell | FiscalYear) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guard(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    return str(cell)


def _line(cells: list[str]) -> bytes:
    target = io.StringIO()
    csv.writer(target, lineterminator="\r\n").writerow(cells)
    return target.getvalue().encode("utf-8", "replace")
