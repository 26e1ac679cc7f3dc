"""An Excel form to begin with: an office puts its own heads and rules around the words in braces."""

from __future__ import annotations

import io
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from yakuba.kernel.sheets.cells import letters

_COLUMNS: Final = (
    ("番号", "{{番号}}", 8),
    ("取組名", "{{取組名}}", 36),
    ("担当部署", "{{担当部署}}", 18),
    ("取組の内容", "{{取組の内容}}", 50),
    ("指標", "{{指標名}}", 28),
    ("現状値", "{{現状値}}", 14),
    ("目標値", "{{目標値}}", 14),
    ("進捗状況", "{{進捗状況}}", 12),
)
_RULE: Final = Side(style="thin", color="FF6E6E6E")
_RULED: Final = Border(left=_RULE, right=_RULE, top=_RULE, bottom=_RULE)


def sample() -> bytes:
    """The workbook: one sheet whose fourth row is repeated, with a formula below that counts the rows."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "様式"
    sheet["A1"] = "{{自治体名}}　{{計画名}}　{{版}} {{対象:すべて}}"
    sheet["A1"].font = Font(size=14, bold=True)
    for n, (head, content, width) in enumerate(_COLUMNS):
        column = letters(n)
        sheet.column_dimensions[column].width = width
        for row, text in ((3, head), (4, content)):
            cell = sheet[f"{column}{row}"]
            cell.value, cell.border = text, _RULED
            cell.alignment = Alignment(vertical="top", wrap_text=True)
        sheet[f"{column}3"].font = Font(bold=True)
        sheet[f"{column}3"].fill = PatternFill("solid", fgColor="FFECECEC")
    sheet["A5"], sheet["B5"] = "計", '=COUNTA(A4:A4)&"件"'
    sheet.freeze_panes = "A4"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
