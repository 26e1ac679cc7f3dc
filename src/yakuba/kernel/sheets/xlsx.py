"""Writing a workbook, row by row: memory does not grow with the table."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Final, cast
from unicodedata import east_asian_width

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.dates.wareki import format_moment
from yakuba.kernel.fields.kinds import Cell, Widget
from yakuba.kernel.sheets.cells import is_formula, letters, workbook_text
from yakuba.kernel.sheets.table import Column, Row, Table

# Before this day the two calendars of spreadsheet programs differ (1900 was no leap year), so older dates are text.
_FIRST_DATE: Final = dt.date(1900, 3, 1)
_DIGITS: Final = 15  # more would change silently
_TEXT: Final = "@"
_DATE: Final = '[$-ja-JP]ggge"年"m"月"d"日"'
_MOMENT: Final = '[$-ja-JP]ggge"年"m"月"d"日" h:mm'
_YEAR: Final = '0"年度"'
_NOT_IN_TAB: Final = re.compile(r"[\[\]:*?/\\']")
_WIDTHS: Final = {
    Widget.AREA: 60,
    Widget.LINE: 32,
    Widget.CHOICE: 16,
    Widget.DATE: 18,
    Widget.MOMENT: 24,
    Widget.NUMBER: 14,
    Widget.YES_NO: 10,
}
_LEAD: Final = 12  # id and version: nobody reads them
_NEVER: Final = 10_000
_LOOKED_AT: Final = 200  # rows that say how wide a column is
_A4: Final = 9
_HEAD: Final = Font(bold=True)
_SHADE: Final = PatternFill("solid", fgColor="FFE8F1FE")
_TOP: Final = Alignment(vertical="top")
_WRAP: Final = Alignment(vertical="top", wrap_text=True)


def write(table: Table, target: IO[bytes]) -> None:
    """Write the workbook of one table."""
    write_all([table], target)


def write_all(tables: Sequence[Table], target: IO[bytes]) -> None:
    """Write the workbook: the tables, a sheet each, then 「この表について」 of them.

    Texts are text cells whatever they begin with; dates, fiscal years and numbers are real ones. ValueError for a text that is
    longer than a cell can be.
    """
    book = Workbook(write_only=True)
    counts = [_write(book, table) for table in tables]
    _about(book, list(zip(tables, counts, strict=True)))
    book.save(target)


def _write(book: Workbook, table: Table) -> int:
    """One table as a sheet; how many rows it has."""
    sheet = _sheet(book, tab_name(table.name))
    rows = iter(table.rows)
    first = list(islice(rows, _LOOKED_AT))
    widths = [_width(column, first, editable=table.editable) for column in table.columns]
    _shape(sheet, [_LEAD, _LEAD, *widths] if table.editable else widths)
    heads = [_text(sheet, head, font=_HEAD) for head in table.heads()]
    for head in heads:
        head.fill = _SHADE
    sheet.append(heads)
    count = 1
    for row in chain(first, rows):
        cells = [_text(sheet, lead, wide=_NEVER) for lead in table.lead(row)]
        cells += [
            _cell(sheet, column, column.cell(row.values.get(column.key)), width)
            for column, width in zip(table.columns, widths, strict=True)
        ]
        sheet.append(cells)
        count += 1
    sheet.auto_filter.ref = f"A1:{letters(len(heads) - 1)}{count}"
    return count - 1


def tab_name(name: str) -> str:
    """A name that a sheet's tab can carry: 31 characters, some signs not allowed."""
    return _NOT_IN_TAB.sub("", name)[:31].strip() or _("表")


def _sheet(book: Workbook, name: str) -> Worksheet:
    """A new sheet; write-only ones have what we use of an ordinary one, which their stubs do not say."""
    return cast("Worksheet", book.create_sheet(name))


def _shape(sheet: Worksheet, widths: Sequence[int]) -> None:
    """Widths and the frozen head must be said before the first row. On paper: A4 across, as wide as the paper, heads on every page."""
    for index, width in enumerate(widths):
        sheet.column_dimensions[letters(index)].width = width
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def _width(column: Column, first: Sequence[Row], *, editable: bool) -> int:
    """As wide as its kind wants; a line of text as wide as what stands in it, unless it is to be filled in."""
    widget = column.kind.widget if column.kind else Widget.LINE
    head = min(_wide(column.label) + 4, 40)
    if widget is not Widget.LINE:
        return max(_WIDTHS[widget], head)
    texts = [column.cell(row.values.get(column.key)) for row in first]
    widest = max(
        (_wide(one) for text in texts if isinstance(text, str) for one in text.splitlines()), default=0
    )
    return max(min(widest + 2, _WIDTHS[widget]) if widest or not editable else _WIDTHS[widget], head)


def _wide(text: str) -> int:
    """How wide a text is, in Latin letters."""
    return sum(2 if east_asian_width(one) in "FWA" else 1 for one in text)


def _text(sheet: Worksheet, text: str, font: Font | None = None, wide: int = 80) -> SheetCell:
    made = WriteOnlyCell(sheet, value=workbook_text(text))
    made.data_type = "s"  # openpyxl would make a formula of =1 and an error of #REF!
    made.number_format = _TEXT
    made.alignment = _WRAP if "\n" in text or _wide(text) > wide else _TOP
    if is_formula(text):
        made.quotePrefix = True  # stays text when somebody edits the cell
    if font is not None:
        made.font = font
    return made


def _cell(sheet: Worksheet, column: Column, value: Cell | FiscalYear, wide: int) -> SheetCell:
    if value is None:
        made = WriteOnlyCell(sheet, value=None)
        made.number_format = _empty_format(column)
        return made
    if isinstance(value, str):
        return _text(sheet, value, wide=wide)
    number: int | float | Decimal | dt.date
    if isinstance(value, FiscalYear):
        number, shape = value.year, _YEAR
    elif isinstance(value, dt.datetime):
        number, shape = value, _MOMENT
    elif isinstance(value, dt.date):
        number, shape = value, _DATE
    else:
        number, shape = value, "#,##0" if value == int(value) else "General"
    if isinstance(number, dt.date):
        day = number.date() if isinstance(number, dt.datetime) else number
        if day < _FIRST_DATE:
            return _text(
                sheet, number.isoformat(sep=" ") if isinstance(number, dt.datetime) else number.isoformat()
            )
    elif len(str(number).lstrip("-").replace(".", "")) > _DIGITS:
        return _text(sheet, str(number))
    made = WriteOnlyCell(sheet, value=number)  # type: ignore[arg-type]  # dates and decimals too
    made.number_format = shape
    made.alignment = _TOP
    return made


def _empty_format(column: Column) -> str:
    """What a person types into an empty text cell stays text: 2-1 must not become the 1st of February."""
    widget = column.kind.widget if column.kind else Widget.LINE
    return _TEXT if widget in {Widget.LINE, Widget.AREA} else "General"


def _about(book: Workbook, tables: Sequence[tuple[Table, int]]) -> None:
    sheet = _sheet(book, _("この表について"))
    sheet.column_dimensions["A"].width = 20
    sheet.column_dimensions["B"].width = 80
    for table, count in tables:
        for label, words in _told(table, count):
            sheet.append([_text(sheet, label, font=_HEAD), _text(sheet, words)])
        sheet.append([])


def _told(table: Table, count: int) -> list[tuple[str, str]]:
    """What a reader has to know of a table."""
    if table.editable:
        back = _(
            "取り込めます。変えた行だけが取り込まれます。「ID」と「更新番号」の列は変えず、残してください。"
            "列と行は減らしても並べ替えてもかまいません。"
        )
        if table.fresh:
            back += _("新しい行は、「ID」と「更新番号」を空にして下に書き足します。")
    else:
        back = _("読み取り専用。この表を変えても、取り込みはできません。")
    return [
        (_("自治体"), table.municipality),
        (_("表"), table.name),
        (_("いつの内容か"), format_moment(table.as_of)),
        (_("行数"), f"{count:,}"),
        (_("見てよい人"), table.readers),
        (_("取り込み"), back),
        *table.notes,
    ]
