"""Elements to files: text, CSV, Excel, Word, PDF."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import docx as word
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from yakuba.kernel.fields import JsonValue
from yakuba.kernel.pdf import render

from .elements import Element, Grid, Heading

_WIDTH: Final = 18
_THIN: Final = Side(style="thin")
_RULED: Final = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
# Landscape, so that a table of a dozen columns keeps words of some length in its cells.
_TYPST: Final = """\
#set page(flipped: true, margin: 12mm)
#set text(size: 7.5pt)
#for one in data.elements {
  if one.kind == "heading" { heading(level: one.level, one.text) }
  else if one.kind == "line" { par(one.text) }
  else {
    let cells = one.cells.map(c => table.cell(
      x: c.x, y: c.y, colspan: c.columns, rowspan: c.rows, c.text.split("\\n").join(linebreak())))
    if one.heads == 0 { table(columns: one.columns, ..cells) }
    else {
      table(columns: one.columns,
        table.header(repeat: false, ..cells.slice(0, one.headcells)), ..cells.slice(one.headcells))
    }
  }
}
"""


def txt(elements: Sequence[Element], _title: str) -> bytes:
    """A text as a tool makes it of a document: tabs between cells, blank lines between pieces."""
    lines: list[str] = []
    for before, one in pairwise([None, *elements]):
        if not (isinstance(before, Heading) and before.level == 0):
            lines.append("")
        if isinstance(one, Grid):
            lines += ["\t".join(cell.replace("\n", " ") for cell in row) for row in one.rows]
        elif one is not None:
            lines.append(one.text.replace("\n", " "))
    return ("\n".join(lines).strip() + "\n").encode()


def csv_(elements: Sequence[Element], _title: str) -> bytes:
    """A CSV file as Excel in Japan saves it (CP932), every piece a row."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for one in elements:
        writer.writerows(one.rows if isinstance(one, Grid) else [(one.text,)])
    # CP932 has the full-width tilde alone.
    return out.getvalue().replace("\u301c", "\uff5e").encode("cp932", "replace")


def xlsx(elements: Sequence[Element], title: str) -> bytes:
    """A workbook with a sheet per chapter, heads and repeated cells merged."""
    book = Workbook()
    book.properties.title = title
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook has one sheet")
    sheet.title = "表紙"
    row = 1
    for one in elements:
        if isinstance(one, Heading) and one.level == 1:
            sheet, row = book.create_sheet(_sheet_title(book, one.text)), 1
        if isinstance(one, Grid):
            row = _lay(sheet, row, one) + 1
        else:
            cell = sheet.cell(row, 1, one.text)
            cell.font = Font(bold=isinstance(one, Heading))
            row += 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def docx(elements: Sequence[Element], title: str) -> bytes:
    """A Word document with heading styles and ruled tables."""
    document = word.Document()
    document.core_properties.title = title
    for one in elements:
        if isinstance(one, Heading):
            document.add_heading(one.text, one.level)
        elif isinstance(one, Grid):
            table = document.add_table(len(one.rows), len(one.rows[0]), "Table Grid")
            # Asked for by its place, each cell makes the list of all cells anew. Every cell is in one merged region at most.
            places = [row.cells for row in table.rows]
            for x, y, columns, rows, text in cells(one):
                cell = places[y][x]
                if columns > 1 or rows > 1:
                    cell = cell.merge(places[y + rows - 1][x + columns - 1])
                cell.text = text
        else:
            document.add_paragraph(one.text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(elements: Sequence[Element], title: str) -> bytes:
    """A tagged PDF with a text layer and ruled tables."""
    printed: list[JsonValue] = []
    for one in elements:
        if isinstance(one, Grid):
            laid = list(cells(one))
            printed.append(
                {
                    "kind": "table",
                    "columns": len(one.rows[0]),
                    "heads": one.heads,
                    "headcells": sum(y < one.heads for _, y, *_ in laid),
                    "cells": [
                        {"x": x, "y": y, "columns": columns, "rows": rows, "text": text}
                        for x, y, columns, rows, text in laid
                    ],
                }
            )
        elif isinstance(one, Heading):
            printed.append({"kind": "heading", "level": max(one.level, 1), "text": one.text})
        else:
            printed.append({"kind": "line", "text": one.text})
    return render(_TYPST, title=title, data={"elements": printed})


def cells(grid: Grid) -> Iterator[tuple[int, int, int, int, str]]:
    """Every printed cell with its column and row (from 0), how many columns and rows it takes, and its text."""
    for y, row in enumerate(grid.rows):
        x = 0
        while x < len(row):
            columns, rows = 1, 1
            if y < grid.heads:
                while row[x] and x + columns < len(row) and not row[x + columns]:
                    columns += 1
            elif not grid.heads and row[x] and not any(row[x + 1 :]):
                columns = len(row) - x
            elif x in grid.merged:
                if not row[x] and y > grid.heads:
                    x += 1
                    continue
                while y + rows < len(grid.rows) and not grid.rows[y + rows][x]:
                    rows += 1
            yield x, y, columns, rows, row[x]
            x += columns


def _lay(sheet: Worksheet, top: int, grid: Grid) -> int:
    """Writes a table from a row on; the first row below it."""
    for x, y, columns, rows, text in cells(grid):
        cell = sheet.cell(top + y, x + 1, text)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(bold=y < grid.heads)
        if columns > 1 or rows > 1:
            sheet.merge_cells(
                start_row=top + y, start_column=x + 1, end_row=top + y + rows - 1, end_column=x + columns
            )
    for y in range(len(grid.rows)):
        for x in range(len(grid.rows[0])):
            sheet.cell(top + y, x + 1).border = _RULED
    for x in range(len(grid.rows[0])):
        sheet.column_dimensions[get_column_letter(x + 1)].width = _WIDTH
    return top + len(grid.rows)


def _sheet_title(book: Workbook, text: str) -> str:
    """A title that Excel takes: 31 characters, none of its marks, not twice."""
    plain = "".join(" " if mark in "[]:*?/\\" else mark for mark in text)[:28].strip()
    taken = set(book.sheetnames)
    return next(
        name
        for number in range(1, 1000)
        if (name := plain if number == 1 else f"{plain}{number}") not in taken
    )
