"""The book as a workbook: a sheet for each part, its tables with frozen heads and filters, counted figures as numbers, bars as charts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from yakuba.kernel.sheets.cells import MAX_TEXT, is_formula, letters, workbook_text
from yakuba.kernel.sheets.xlsx import tab_name
from yakuba.services.plan.book import layout
from yakuba.services.plan.book.blocks import (
    Bars,
    Block,
    Chapter,
    Column,
    Contents,
    Cover,
    Glossary,
    Heading,
    Manuscript,
    Paper,
    Prose,
    Table,
)

_FONT: Final = "BIZ UDPゴシック"
#: Excel's number of the paper, whether across, and how many em a line of the sheet has.
_PAPERS: Final[dict[Paper, tuple[int, bool, float]]] = {
    "a4": (9, False, 54),
    "a4-wide": (9, True, 88),
    "a3-wide": (8, True, 130),
}
_RULE: Final = Side(style="thin", color="FF6E6E6E")
_RULED: Final = Border(left=_RULE, right=_RULE, top=_RULE, bottom=_RULE)
_SHADE: Final = PatternFill("solid", fgColor="FFECECEC")
_SOFT: Final = PatternFill("solid", fgColor="FFF7F7F7")
_NUMBER: Final = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})*|-?[0-9]+")
_SHARE: Final = re.compile(r"-?[0-9]+\.[0-9]%")
_LINE: Final = 16.0  # points
_SIZES: Final = {1: 15, 2: 12.5, 3: 11.5, 4: 11}


def write(manuscript: Manuscript) -> bytes:
    """The workbook's bytes. Texts are text whatever they begin with; nothing in it is a formula."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title, book.properties.language = manuscript.title, "ja-JP"
    book.properties.creator = manuscript.municipality
    contents: list[tuple[str, str]] = []
    first = book.create_sheet("目次")
    for section in manuscript.sections:
        for chapter in section.chapters:
            if chapter.kind == "contents":
                continue
            sheet = book.create_sheet(_tab(book, chapter))
            _Sheet(sheet, manuscript, section.paper).fill(chapter)
            contents.append((sheet.title, _name(chapter, manuscript)))
    _contents(first, manuscript, contents)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _name(chapter: Chapter, manuscript: Manuscript) -> str:
    return manuscript.title if chapter.kind == "cover" else chapter.name


def _tab(book: Workbook, chapter: Chapter) -> str:
    """A name of its own for the sheet."""
    name = "表紙" if chapter.kind == "cover" else tab_name(chapter.name)
    taken = set(book.sheetnames)
    n = 2
    own = name
    while own in taken:
        own, n = f"{name[:27]} {n}", n + 1
    return own


def _contents(sheet: Worksheet, manuscript: Manuscript, found: Iterable[tuple[str, str]]) -> None:
    sheet.column_dimensions["A"].width = 60
    _put(sheet.cell(1, 1), manuscript.title, size=15, bold=True)
    _put(sheet.cell(2, 1), "下書き（公表していない内容です）" if manuscript.draft else "", size=11, bold=True)
    for n, (tab, name) in enumerate(found, start=3):
        cell = sheet.cell(n, 1)
        _put(cell, name, size=11)
        cell.hyperlink = f"#'{tab}'!A1"
        cell.font = Font(name=_FONT, size=11, underline="single", color="FF003399")


class _Sheet:
    """One sheet, filled from the top."""

    def __init__(self, sheet: Worksheet, manuscript: Manuscript, paper: Paper) -> None:
        self.sheet = sheet
        self.manuscript = manuscript
        self.size = 14 if manuscript.large else 10.5
        number, across, self.room = _PAPERS[paper]
        sheet.page_setup.paperSize = number
        sheet.page_setup.orientation = "landscape" if across else "portrait"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        head, foot = sheet.oddHeader, sheet.oddFooter
        if foot is not None and foot.center is not None:
            foot.center.text = "&P / &N"
        if manuscript.draft and head is not None and head.right is not None:
            head.right.text = "下書き"
        self.row = 1
        self.wide = 1
        self.bars: list[tuple[Bars, int]] = []

    def fill(self, chapter: Chapter) -> None:
        """The chapter's blocks, one below the other. A single table has its head frozen and filters."""
        tables = [_as_table(one) for one in chapter.blocks if isinstance(one, Table | Glossary)]
        self.wide = max((len(table.columns) for table in tables), default=1)
        widest = max(tables, key=lambda table: (len(table.rows), len(table.columns)), default=None)
        widths = layout.shares(widest, self.room) if widest else [self.room]
        if widest and len(widest.columns) < self.wide:
            widths += [self.room / self.wide] * (self.wide - len(widest.columns))
        for n, width in enumerate(widths):
            self.sheet.column_dimensions[letters(n)].width = round(width * 2.1, 1)
        for block in chapter.blocks:
            self._block(block, alone=len(tables) == 1)

    def _block(self, block: Block, *, alone: bool) -> None:
        if isinstance(block, Cover):
            lines = [
                (block.title, 20),
                *((one, 13) for one in block.lines),
                (block.day, 12),
                (block.municipality, 15),
            ]
            for text, size in lines:
                self._line(text, size, bold=size in {20, 15})
        elif isinstance(block, Heading):
            self.row += 1 if self.row > 1 else 0
            self._line(block.text, _SIZES[block.level], bold=True)
        elif isinstance(block, Prose):
            for text in block.paragraphs:
                self._line(text, self.size)
        elif isinstance(block, Table | Glossary):
            table = _as_table(block)
            if table.caption:
                self._line(table.title, self.size, bold=True)
            self._table(table, alone=alone)
        elif isinstance(block, Bars):
            self.bars.append((block, self.row))
        elif isinstance(block, Contents):
            return

    def _line(self, text: str, size: float, *, bold: bool = False) -> None:
        cell = self.sheet.cell(self.row, 1)
        _put(cell, text, size=size, bold=bold)
        if self.wide > 1:
            self.sheet.merge_cells(start_row=self.row, start_column=1, end_row=self.row, end_column=self.wide)
        # A spreadsheet program gives a merged row no height of its own accord.
        room = max(
            sum(self.sheet.column_dimensions[letters(n)].width or 10 for n in range(self.wide))
            / 2.1
            * 10.5
            / size,
            8,
        )
        self.sheet.row_dimensions[self.row].height = layout.lines(text, room) * _LINE * max(size / 10.5, 1)
        self.row += 1

    def _table(self, table: Table, *, alone: bool) -> None:
        first = self.row
        self._head(table.columns)
        begin = self.row
        for texts in table.rows:
            for n, (column, text) in enumerate(zip(table.columns, texts, strict=True), start=1):
                cell = self.sheet.cell(self.row, n)
                _put(cell, text, size=self.size, number=column.number, bold=column.head)
                cell.border = _RULED
                if column.head:
                    cell.fill = _SOFT
            self.row += 1
        self._charts(table, begin)
        if alone and table.rows:
            self.sheet.freeze_panes = f"A{begin}"
            self.sheet.print_title_rows = f"{first}:{begin - 1}"
            self.sheet.auto_filter.ref = f"A{begin - 1}:{letters(len(table.columns) - 1)}{self.row - 1}"
        self.row += 1

    def _head(self, columns: tuple[Column, ...]) -> None:
        for line in _heads(columns):
            for at, span, down, label in line:
                _put(self.sheet.cell(self.row, at + 1), label, size=self.size, bold=True, middle=True)
                for row in range(self.row, self.row + down):
                    for column in range(at + 1, at + span + 1):
                        self.sheet.cell(row, column).border = _RULED
                        self.sheet.cell(row, column).fill = _SHADE
                if span > 1 or down > 1:
                    self.sheet.merge_cells(
                        start_row=self.row,
                        start_column=at + 1,
                        end_row=self.row + down - 1,
                        end_column=at + span,
                    )
            self.row += 1

    def _charts(self, table: Table, begin: int) -> None:
        """The bars that wait for the table that says the same, beside it."""
        for bars, _row in self.bars:
            chart = BarChart()
            chart.type, chart.title, chart.legend = "bar", bars.title, None
            last = begin + len(bars.bars) - 1
            chart.add_data(Reference(self.sheet, min_col=2, min_row=begin, max_row=last))
            chart.set_categories(Reference(self.sheet, min_col=1, min_row=begin, max_row=last))
            chart.height, chart.width = 2 + len(bars.bars) * 1.1, 16
            self.sheet.add_chart(chart, f"{letters(max(self.wide, len(table.columns)) + 1)}{begin}")
        self.bars.clear()


def _as_table(block: Table | Glossary) -> Table:
    """A glossary has no pages in a workbook."""
    if isinstance(block, Table):
        return block
    columns = (Column("用語", width=26, head=True), Column("解説", width=74))
    return Table("用語集", columns, block.entries)


def _heads(columns: tuple[Column, ...]) -> list[list[tuple[int, int, int, str]]]:
    """The rows of the head: place, how many columns, how many rows, label."""
    if not any(column.group for column in columns):
        return [[(n, 1, 1, column.label) for n, column in enumerate(columns)]]
    above: list[tuple[int, int, int, str]] = []
    below: list[tuple[int, int, int, str]] = []
    n = 0
    while n < len(columns):
        group = columns[n].group
        end = n + 1
        while group and end < len(columns) and columns[end].group == group:
            end += 1
        if group:
            above.append((n, end - n, 1, group))
            below += [(m, 1, 1, columns[m].label) for m in range(n, end)]
        else:
            above.append((n, 1, 2, columns[n].label))
        n = end
    return [above, below]


def _put(
    cell: Cell | MergedCell,
    text: str,
    *,
    size: float,
    bold: bool = False,
    number: bool = False,
    middle: bool = False,
) -> None:
    """A text as text, a counted figure as a number."""
    cell.font = Font(name=_FONT, size=size, bold=bold)
    cell.alignment = Alignment(
        horizontal="center" if middle else None, vertical="center" if middle else "top", wrap_text=True
    )
    if number and _NUMBER.fullmatch(text):
        cell.value, cell.number_format = int(text.replace(",", "")), "#,##0"
        return
    if number and _SHARE.fullmatch(text):
        cell.value, cell.number_format = round(float(text[:-1]) / 100, 4), "0.0%"
        return
    as_text(cell, text)


def as_text(cell: Cell | MergedCell, text: str) -> None:
    """Put a text into a cell that nothing takes for a formula. What is longer than a cell can be ends with three dots."""
    kept = text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"
    if not kept:
        cell.value = None
        return
    cell.value = workbook_text(kept)
    cell.data_type = "s"
    if is_formula(kept):
        cell.quotePrefix = True  # stays text when somebody edits the cell
