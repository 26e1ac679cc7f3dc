"""Rows to fact sheets: a head with number and title, and the rows below it in which labels stand beside their cells.

A label tells what a cell is; the place of a cell within its row, and of a row within its sheet, tells nothing by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from .blocks import Block
from .goals import heads_goal, heads_measure
from .sheet_model import Cell, Entry, Measures, Schedule, Sheet
from .sheet_words import (
    MAX_LABEL,
    Kind,
    Label,
    head_of,
    label_and_text,
    label_of,
    office_like,
    years_in,
)
from .wording import plain, squeeze

__all__ = ["Cell", "Cutter", "Entry", "Measures"]

MAX_SHEETS: Final = 2_000
_MAX_TITLE: Final = 120
#: Heads of an indicator's values: a kind, or a year.
_VALUE_HEAD: Final = re.compile(
    r"(?:計画)?(?:策定時|現状|基準|実績|目標|中間目標|最終目標)(?:値|年度)?(?:\([^()]*\)|[0-9].*|(?:令和|平成|R|H).*)?"
)
#: How heads of columns end, where they are no labels of sheets.
_HEADISH: Final = re.compile(
    r"(?:概要|予定|計画|目標|指標|内容|番号|No\.?|値|課題|年度|名称?|目的|方針|結果|実績|スケジュール|年度末)\s*(?:[(（][^()（）]*[)）])?$",
    re.IGNORECASE,
)
#: Heads of sums of money.
_MONEY: Final = re.compile(
    r".{0,8}(?:予算|決算|事業費|経費|費用|人件費|コスト)(?:見込)?額?(?:\(.{1,12}\))?|財源.{0,8}"
)
_PAGE: Final = re.compile(
    r"[-‐―ー−—(\s]*(?:p\.?|page)?\s*[0-9]{1,4}\s*(?:/\s*[0-9]{1,4})?[-‐―ー−—)\s]*", re.IGNORECASE
)


class Cutter:
    """Cuts blocks into sheets."""

    def __init__(self, blocks: Sequence[Block], taken: set[int], *, paged: bool = False) -> None:
        self.blocks = blocks
        self.taken = taken
        #: Parts are pages, over whose ends a sheet goes on.
        self.paged = paged
        self.before = -1
        """The printed block above the one that is looked at; page numbers are none."""
        self.now: Sheet | None = None
        #: Lines of text since the last sheet: one of them may be the next one's head.
        self.lines: list[int] = []
        self.done: list[Sheet] = []
        #: The row above holds labels whose cells stand below them.
        self.crosswise = False

    def sheets(self) -> Iterator[Sheet]:
        """The complete sheets in order."""
        part = None
        for at, block in enumerate(self.blocks):
            if block.part != part:
                if not self.paged:
                    self._end()
                part = block.part
            if at in self.taken:
                self._end()
            elif not block.blank and not _page_number(block):
                self._row(at, block)
                self.before = at
        self._end()
        yield from self.done[:MAX_SHEETS]

    def _end(self) -> None:
        sheet = self.now
        if sheet is not None and sheet.complete:
            if sheet.named and sheet.head:
                # The title has a label: what stood above is something else.
                if sheet.above:
                    sheet.rows.remove(sheet.at)
                else:
                    sheet.spare += sheet.head
                sheet.head = []
                sheet.at = min(sheet.rows)
            self.done.append(sheet)
        self.now = None
        self.lines = []

    def _row(self, at: int, block: Block) -> None:
        cells = [Cell(at, place, text) for place, text in enumerate(block.cells) if text]
        labels = _labels(cells)
        years = years_in([cell.text if cell.place not in labels else "" for cell in _spread(block, at)])
        schedule = bool(years) and len(cells) - len(years) <= 2
        if self.crosswise:
            self.crosswise = False
            self._below(at, cells)
        elif self._measures(at, cells, labels, years):
            pass
        elif not schedule and self._pairs_below(at, cells, labels):
            self._crosswise(at, cells, labels)
        elif not schedule and _column_heads(cells, labels):
            # The head of a table with a row per initiative.
            self._end()
        elif schedule:
            self._years(at, block, cells, labels, years)
        elif self._words(at, block, cells, labels):
            pass
        elif labels:
            self._labelled(at, cells, labels)
        else:
            self._unlabelled(at, block, cells)

    def _measures(
        self,
        at: int,
        cells: Sequence[Cell],
        labels: dict[int, Label],
        years: tuple[tuple[int, int, str], ...],
    ) -> bool:
        """Takes the head or a row of a small table of indicators; whether the row is one."""
        sheet = self.now
        if sheet is None or not (self._goes_on(at) or self._values_apart(at, labels)):
            return False
        last = sheet.measures[-1] if sheet.measures else None
        values = [cell for cell in cells if _value_head(cell.text)]
        if any(label.kind is Kind.INDICATOR for label in labels.values()) and (years or len(values) > 1):
            below = self._next(at)
            if below is None or self.blocks[below].filled < 2:
                return False
            sheet.measures.append(Measures(list(cells), years))
            sheet.rows.append(at)
            return True
        above = (last.rows[-1] if last.rows else last.head)[0].at if last else -1
        if last is None or self.before != above or len(cells) < 2 or years:
            return False
        if any(not _value_head(label.name) for label in labels.values()) or _numbered(cells[0].text):
            return False
        last.rows.append(list(cells))
        sheet.rows.append(at)
        return True

    def _values_apart(self, at: int, labels: dict[int, Label]) -> bool:
        """Whether a table of its own, straight below the open sheet, is headed by a label for indicators and no other."""
        return (
            bool(self.blocks[at].table)
            and not self.lines
            and bool(labels)
            and all(label.kind is Kind.INDICATOR or _value_head(label.name) for label in labels.values())
        )

    def _next(self, at: int) -> int | None:
        """The next printed row of the same table."""
        for below in range(at + 1, min(at + 4, len(self.blocks))):
            if not self.blocks[below].blank:
                return below if self.blocks[below].table == self.blocks[at].table else None
        return None

    def _pairs_below(self, at: int, cells: Sequence[Cell], labels: dict[int, Label]) -> bool:
        """Whether a row of labels has their cells in the one row below: the row after that begins with a label again."""
        if len(labels) < 2 or len(labels) < len(cells) or not self.blocks[at].table:
            return False
        below = self._next(at)
        after = self._next(below) if below is not None else None
        if below is None or after is None:
            return False
        row = [cell for cell in self.blocks[below].cells if cell]
        then = [cell for cell in self.blocks[after].cells if cell]
        return (
            len(row) <= len(cells)
            and not any(label_of(cell) for cell in row)
            and label_of(then[0]) is not None
            and len(then) > 1
            and label_of(then[1]) is None
        )

    def _crosswise(self, at: int, cells: Sequence[Cell], labels: dict[int, Label]) -> None:
        """Labels whose cells stand in the row below."""
        if self._again(labels):
            self._end()
        if self.now is None and not self._open(at, labels):
            return
        if self.now is not None:
            self.now.rows.append(at)
            self.now.entries += [Entry(labels[cell.place], at, cell.place) for cell in cells]
            self.crosswise = True

    def _below(self, at: int, cells: Sequence[Cell]) -> None:
        """The cells below a row of labels: each to the last label at or before its place."""
        sheet = self.now
        if sheet is None:
            return
        sheet.rows.append(at)
        above = [entry for entry in sheet.entries if entry.at == self.before]
        for cell in cells:
            fits = [entry for entry in above if entry.place <= cell.place]
            if fits:
                fits[-1].cells.append(cell)
            else:
                sheet.spare.append(cell)

    def _years(
        self,
        at: int,
        block: Block,
        cells: Sequence[Cell],
        labels: dict[int, Label],
        years: tuple[tuple[int, int, str], ...],
    ) -> None:
        """A row of years: the schedule of the sheet that is open."""
        # Years behind a head for indicators head a table of values: lines with labels above it are no sheet's.
        measures = any(label.kind is Kind.INDICATOR for label in labels.values())
        if measures and not (self.now and self.now.rows and self.blocks[self.now.rows[-1]].table):
            self._end()
            return
        if self.now is None and not self._open(at, labels):
            return
        sheet = self.now
        if sheet is None or sheet.schedule is not None:
            return
        sheet.rows.append(at)
        places = {place for place, _, _ in years}
        for cell in cells:
            if cell.place in labels:
                sheet.entries.append(Entry(labels[cell.place], at, cell.place))
            elif cell.place not in places and squeeze(cell.text) not in {"年度", "年次", "時期"}:
                sheet.spare.append(cell)
        sheet.schedule = Schedule(years, at, last=at)
        printed = [Cell(at, place, rest) for place, _, rest in years if rest]
        if printed:
            sheet.schedule.rows.append(printed)

    def _words(self, at: int, block: Block, cells: Sequence[Cell], labels: dict[int, Label]) -> bool:
        """Takes a row of words below the years; whether it is one."""
        sheet = self.now
        schedule = sheet.schedule if sheet else None
        if sheet is None or schedule is None or not self._goes_on(at):
            return False
        if self.before != schedule.last:
            return False
        bare = [cell for cell in cells if cell.place not in labels]
        first = schedule.years[0][0]
        aside = (
            len(cells) > 1
            and cells[0].place < first
            and _no_stages(cells[0].text, labels.get(cells[0].place))
        )
        if (
            aside
            and all(place == cells[0].place for place in labels)
            and len(cells) - 1 <= len(schedule.years)
        ):
            schedule.asides.append((cells[0], list(cells[1:])))
            schedule.last = at
            sheet.rows.append(at)
            return True
        # A label in front is the row's own (年度 above, 取組内容 below), if all years have their words.
        if labels and (len(bare) != len(schedule.years) or any(place >= first for place in labels)):
            return False
        if len(cells) == 1 and _numbered(cells[0].text):
            return False
        schedule.rows.append(list(bare))
        schedule.last = at
        sheet.rows.append(at)
        return True

    def _labelled(self, at: int, cells: Sequence[Cell], labels: dict[int, Label]) -> None:
        """A row with labels: a head, or labels and their cells."""
        lead = [cell for cell in cells if cell.place < min(labels)]
        kinds = {label.kind for label in labels.values()}
        if lead and self._begins(lead, kinds):
            self._end()
            self.now = Sheet(at, head=lead)
            lead = []
        elif self._again(labels):
            self._end()
        if self.now is None and not self._open(at, labels):
            return
        sheet = self.now
        if sheet is None:
            return
        sheet.rows.append(at)
        entry = sheet.entries[-1] if sheet.entries else None
        if lead and entry is not None and entry.cells and lead[0].place == entry.cells[-1].place:
            entry.cells += lead
        elif lead:
            sheet.spare += lead
        for cell in cells:
            if cell in lead or cell in sheet.head:
                continue
            label = labels.get(cell.place) if label_of(cell.text) else None
            inline = label_and_text(cell.text) if label is None else None
            if label is not None:
                entry = Entry(label, at, cell.place)
                sheet.entries.append(entry)
            elif inline is not None and (entry is None or entry.cells or entry.at != at):
                entry = Entry(inline[0], at, cell.place, [Cell(at, cell.place, inline[1])])
                sheet.entries.append(entry)
            elif entry is not None:
                entry.cells.append(cell)

    def _begins(self, lead: Sequence[Cell], kinds: set[Kind]) -> bool:
        """Whether cells before the first label of a row are the head of a sheet."""
        text = " ".join(cell.text for cell in lead)
        if len(text) > _MAX_TITLE or "。" in text or all(office_like(cell.text) for cell in lead):
            return False
        if self.now is None:
            return bool(head_of(text).number) or bool(kinds & {Kind.OFFICE, Kind.TAGS, Kind.LEVEL})
        return _numbered(text) or (Kind.OFFICE in kinds and bool(self.now.of(Kind.OFFICE)))

    def _again(self, labels: dict[int, Label]) -> bool:
        """Whether labels begin the next sheet: those that a sheet has once, and that the open one has."""
        if self.now is None:
            return False
        had = {entry.label.kind for entry in self.now.entries if entry.cells}
        new = {label.kind for label in labels.values()}
        if new & {Kind.TITLE, Kind.NUMBER} & had:
            return True
        names = {entry.label.name for entry in self.now.entries}
        return bool(self._head_line()) and bool(names & {label.name for label in labels.values()})

    def _open(self, at: int, labels: dict[int, Label]) -> bool:
        """Opens a sheet at a row with labels whose head is another row's or a line's above."""
        line = self._head_line()
        if line is not None:
            block = self.blocks[line]
            place = next(place for place, text in enumerate(block.cells) if text)
            self.now = Sheet(line, head=[Cell(line, place, block.cells[place])], rows=[line], above=True)
        elif labels:
            self.now = Sheet(at)
        self.lines = []
        return self.now is not None

    def _head_line(self) -> int | None:
        """The line since the last sheet that names the next one: the last one, unless it is prose or a page number."""
        for at in reversed(self.lines[-3:]):
            text = self.blocks[at].text
            if _page_number(self.blocks[at]):
                continue
            if heads_goal(text) and not (heads_measure(text) and at == self.before):
                return None
            fits = len(text) <= _MAX_TITLE and "。" not in text and "\n" not in text.strip()
            return at if fits else None
        return None

    def _unlabelled(self, at: int, block: Block, cells: Sequence[Cell]) -> None:
        """A row without labels: a head, a line between sheets, or the rest of the cell above."""
        sheet = self.now
        if len(cells) <= 2 and _numbered(cells[0].text) and self._labels_follow(at):
            self._end()
            if block.filled == len(block.cells) == 1:
                self.lines = [at]
            else:
                self.now = Sheet(at, head=list(cells), rows=[at])
            return
        within = self._goes_on(at) and not self.lines
        if within and sheet is not None and sheet.entries and cells[0].place > sheet.entries[-1].place:
            sheet.rows.append(at)
            sheet.entries[-1].cells += cells
        elif within and sheet is not None and sheet.entries and all(office_like(cell.text) for cell in cells):
            sheet.rows.append(at)
            sheet.spare += cells
        elif len(cells) == 1:
            self.lines.append(at)
        elif within and sheet is not None and self._beside(at, cells):
            sheet.rows.append(at)
            sheet.spare.append(Cell(at, cells[0].place, " ".join(cell.text for cell in cells)))
        else:
            self._end()

    def _beside(self, at: int, cells: Sequence[Cell]) -> bool:
        """Whether a row of two cells is a label of nobody's vocabulary and its cell, among the sheet's labelled rows."""
        sheet = self.now
        if sheet is None or len(cells) != 2 or len(cells[0].text) > MAX_LABEL or "。" in cells[0].text:
            return False
        places = {entry.place for entry in sheet.entries}
        return cells[0].place in places and (self._next(at) is None or self._labels_follow(at))

    def _goes_on(self, at: int) -> bool:
        """Whether a row belongs to the table of the open sheet, on this page or the next."""
        if self.now is None or not self.now.rows or not self.blocks[at].table:
            return False
        last, block = self.blocks[self.now.rows[-1]], self.blocks[at]
        return block.table == last.table or (self.paged and block.part != last.part and bool(last.table))

    def _labels_follow(self, at: int) -> bool:
        """Whether the next printed row begins with a label."""
        for block in self.blocks[at + 1 : at + 4]:
            if not block.blank:
                first = next(cell for cell in block.cells if cell)
                return bool(label_of(first) or label_and_text(first)) and (
                    block.filled > 1 or label_of(first) is None
                )
        return False


def _page_number(block: Block) -> bool:
    return block.filled == 1 and len(block.text) <= MAX_LABEL and bool(_PAGE.fullmatch(block.text))


def _spread(block: Block, at: int) -> list[Cell]:
    return [Cell(at, place, text) for place, text in enumerate(block.cells)]


def _no_stages(text: str, label: Label | None) -> bool:
    """Whether what stands in front of a row under years says that its cells are sums, figures or results."""
    if _MONEY.fullmatch(squeeze(text)):
        return True
    return label is not None and (label.kind in {Kind.INDICATOR, Kind.PROGRESS} or label.detail == "result")


def _value_head(text: str) -> bool:
    """Whether a cell is the head of an indicator's values."""
    return len(text) <= MAX_LABEL and bool(_VALUE_HEAD.fullmatch("".join(plain(text).split())))


def _column_heads(cells: Sequence[Cell], labels: dict[int, Label]) -> bool:
    """Whether a row is a head with labels side by side instead of labels beside their cells."""
    headish = [cell for cell in cells if cell.place in labels or _HEADISH.search(cell.text)]
    if len(headish) >= 4 and len(headish) >= 0.8 * len(cells) and all(len(cell.text) <= 24 for cell in cells):
        return True
    if len(labels) < 3:
        return False
    behind = sum(
        before.place in labels and after.place in labels and after.place == before.place + 1
        for before, after in pairwise(cells)
    )
    return behind > 1 or len(labels) == len(cells)


def _labels(cells: Sequence[Cell]) -> dict[int, Label]:
    """The labels of a row by place. A label straight behind another is that one's cell, if it is the row's last."""
    found: dict[int, Label] = {}
    for index, cell in enumerate(cells):
        label = label_of(cell.text)
        if label is None:
            if index == 0 and (inline := label_and_text(cell.text)):
                # The label stands in the cell itself; the place is marked so that the row counts as labelled.
                found[cell.place] = inline[0]
            continue
        after = index > 0 and cells[index - 1].place in found and cell.place == cells[index - 1].place + 1
        if after and index == len(cells) - 1 and len(cells) == 2:
            continue
        found[cell.place] = label
    return found


def _numbered(text: str) -> bool:
    """Whether a short text begins like a sheet's head: a number, a mark, a title."""
    if len(text) > _MAX_TITLE or "。" in text:
        return False
    head = head_of(text)
    return bool(head.number) and len(squeeze(head.title)) >= 2 and not re.match(r"[0-9年月日%]", head.title)
