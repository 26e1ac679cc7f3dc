"""Indicators in labelled cells or in small tables of their own: in fact sheets and below the headings of an outline.

A small table prints its values under heads by kind and year (指標 | 現状値(R5) | 目標値(R11)), under two lines of heads, in rows by
kind under years, or beside labels at the left. Rows need one name; what stands under another head is left over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from .blocks import Block
from .columns import Column, Role
from .indicators import Read, ValueCell, read_indicators
from .sheet_rows import Cell, Entry, Measures
from .sheet_words import MAX_LABEL, Kind, label_of
from .wording import mentioned_years, plain, squeeze

_KINDS: Final = (
    ("実績", "actual"),
    ("現状", "baseline"),
    ("基準", "baseline"),
    ("策定時", "baseline"),
    ("目標", "target"),
)
_HEAD: Final = re.compile(
    r"(?:(?:令和|平成|R|H)?\s*(?:元|[0-9０-９]{1,4})\s*年?度?末?の?\s*)?(?:実績|現状|基準|目標)(?:値)?\s*"
    r"(?:[(（][^()（）]{1,12}[)）])?"
)
_UNIT: Final = re.compile(r"単位")
_NAME: Final = re.compile(r"(?:指標|項目|kpi|k[pg]i|名称|指標名).*")
_NUMBER: Final = re.compile(r"no\.?|番号|項番|#")
_YEAR: Final = re.compile(
    r"(?:(?:令和|平成|令|平|r|h)\.?(?:元|[0-9]{1,2})|(?:fy)?20[0-9]{2})(?:年度?)?(?:\([^()]{1,8}\))?(?:年度?)?末?"
)
#: How an indicator is counted.
_MEANING: Final = re.compile(
    r"(?:指標の?|目標の?|目標値の?)?(?:算出|計算|測定|把握)(?:方法|式|根拠)|(?:指標の?)?(?:定義|説明|考え方)"
)
#: What stands in front of a row of years, and is no name.
_OF_YEARS: Final = re.compile(r"年度?|年次|区分|種別|項目|時期|内訳|")
_HEADS: Final = 40
#: Bodies of a table are not compared with more heads than these.
_COLUMNS: Final = 60


@dataclass(frozen=True, slots=True)
class SaidValue:
    """A value and the block in which it stands."""

    cell: ValueCell
    at: int


@dataclass(frozen=True, slots=True)
class Said:
    """What a sheet says of an indicator: its name, unit, values, and the cell of its name."""

    name: str
    unit: str
    values: list[SaidValue]
    cell: Cell
    left: list[Cell] = field(default_factory=list)
    """Cells of its row under a head that is none of an indicator's."""
    number: str = ""
    meaning: Cell | None = None
    """The cell that says what is counted."""


def kind_and_year(head: str) -> tuple[str, int | None]:
    """The kind of value that a head names (empty where none), and its fiscal year."""
    words = squeeze(head)
    years = [one.year for one in mentioned_years(plain(head))]
    return next((kind for word, kind in _KINDS if word in words), ""), years[0] if years else None


def in_cell(entry: Entry) -> Said:
    """The indicator of labelled cells: its name, then values in cells behind their kinds (現状値（R5） | 12件)."""
    first = entry.cells[0]
    names: list[str] = []
    values: list[SaidValue] = []
    pending: str | None = None
    for cell in entry.cells:
        if pending is not None:
            kind, year = kind_and_year(pending)
            values.append(_value(cell, pending, kind, year, cell.text))
            pending = None
        elif len(cell.text) <= MAX_LABEL and _HEAD.fullmatch(cell.text.strip()):
            # The kind in one cell, the value in the next.
            pending = cell.text
        else:
            names.append(cell.text)
    name = " ".join(" ".join(names).split()).strip("：:、 ")
    return Said(name, "", values, first)


def _value(cell: Cell, head: str, kind: str, year: int | None, raw: str) -> SaidValue:
    if year is None:
        # A head without its year leaves it to the cell: 120件（R11）.
        named = {one.year for one in mentioned_years(plain(raw))}
        year = named.pop() if len(named) == 1 else None
    return SaidValue(ValueCell(Column(Role.VALUE, head, kind, year=year), cell.place, raw), cell.at)


def read_said(one: Said, first: int) -> Read:
    """What is said as indicators, the first of them at an index; their places are turns in `values`."""
    # Values of several rows stand at the same places: each is known by its turn.
    cells = [replace(value.cell, place=turn) for turn, value in enumerate(one.values)]
    read = read_indicators(one.name, one.unit, cells, first)
    if one.meaning:
        told = " ".join(one.meaning.text.split())
        read = replace(read, indicators=tuple(replace(each, definition=told) for each in read.indicators))
    if one.number and len(read.indicators) == 1:
        read = replace(read, indicators=(replace(read.indicators[0], number=one.number),))
    return read


@dataclass(slots=True)
class _Heads:
    """What a small table's heads stand over: values by place (head, kind, year), and the places of the rest."""

    columns: dict[int, tuple[str, str, int | None]]
    unit: int | None = None
    number: int | None = None
    name: int | None = None
    meaning: int | None = None

    @classmethod
    def of(cls, table: Measures) -> _Heads:
        """The heads of a table."""
        years = {place: year for place, year, _ in table.years}
        found = cls({})
        for cell in table.head:
            kind, year = kind_and_year(cell.text)
            words = squeeze(cell.text)
            if cell.place in years:
                found.columns[cell.place] = (cell.text, kind, years[cell.place])
            elif _UNIT.fullmatch(words):
                found.unit = cell.place
            elif _NUMBER.fullmatch(words):
                found.number = cell.place
            elif _MEANING.fullmatch(words):
                found.meaning = cell.place
            elif found.name is None and _names(cell.text):
                found.name = cell.place
            elif kind and not _NAME.fullmatch(words):
                found.columns[cell.place] = (cell.text, kind, year)
        return found


def in_table(table: Measures) -> list[Said]:
    """The indicators of a small table: values under heads by kind and year, or in rows by kind under years."""
    heads = _Heads.of(table)
    columns = heads.columns
    first = min(columns, default=0)
    said: list[Said] = []
    for row in table.rows:
        row_kind = ""
        names: list[Cell] = []
        left: list[Cell] = []
        for cell in row:
            if cell.place in columns or cell.place in {heads.unit, heads.number, heads.meaning}:
                continue
            label = label_of(cell.text)
            kind = kind_and_year(cell.text)[0] if cell.place < first and len(cell.text) <= 6 else ""
            if kind and (label is None or label.kind is not Kind.INDICATOR):
                row_kind = kind
            elif cell.place < first or cell.place == heads.name:
                names.append(cell)
            else:
                left.append(cell)
        values = [
            _value(
                cell,
                columns[cell.place][0],
                row_kind or columns[cell.place][1] or "target",
                columns[cell.place][2],
                cell.text,
            )
            for cell in row
            if cell.place in columns
        ]
        unit = next((cell.text for cell in row if cell.place == heads.unit), "")
        number = next((cell.text for cell in row if cell.place == heads.number), "")
        meaning = next((cell for cell in row if cell.place == heads.meaning), None)
        if names or not said:
            name = " ".join(" ".join(cell.text for cell in names).split())
            said.append(Said(name, unit, values, names[0] if names else row[0], left, number, meaning))
        else:
            # A further row of the indicator above: its actuals below its targets.
            said[-1].values.extend(values)
            said[-1].left.extend([*left, *([meaning] if meaning else [])])
    return said


def _names(head: str) -> bool:
    """Whether a head stands over or before the names of indicators."""
    label = label_of(head)
    return bool(_NAME.fullmatch(squeeze(head))) or (label is not None and label.kind is Kind.INDICATOR)


def _values(head: str) -> bool:
    """Whether a head names a kind of value, with or without a year."""
    return len(head) <= MAX_LABEL and bool(_HEAD.fullmatch(head.strip()))


def _year(head: str) -> int | None:
    """The year that a head is, and nothing else."""
    if len(head) > MAX_LABEL or not _YEAR.fullmatch(squeeze(head)):
        return None
    return next((one.year for one in mentioned_years(plain(head))), None)


class SmallTables:
    """The indicators in the rows of a printed table that stands below a heading, wherever in it they begin.

    `announced` says that a label for indicators stands above the table; `name` is the cell of the indicator that it names.
    """

    def __init__(
        self, blocks: Sequence[Block], rows: Sequence[int], announced: bool = False, name: Cell | None = None
    ) -> None:
        self.said: list[Said] = []
        self.rows: set[int] = set()
        self.name = name
        self._announced = announced
        self._grid = [[Cell(at, *one) for one in enumerate(blocks[at].cells) if one[1]] for at in rows]
        place = 0
        while place < len(self._grid):
            place = self._sideways(place) or self._below(place) or self._named(place) or place + 1

    def _took(self, begin: int, end: int) -> int:
        self.rows |= {row[0].at for row in self._grid[begin:end] if row}
        return end

    def _named(self, place: int) -> int:
        """A row of two cells that only names the indicator of the rows below it."""
        row = self._grid[place]
        if len(row) == 2 and _names(row[0].text) and not _values(row[1].text) and place + 1 < len(self._grid):
            below = self._grid[place + 1]
            if sum(1 for cell in below if _year(cell.text) is not None) > 1:
                before, self.name = self.name, row[1]
                end = self._below(place + 1)
                self.name = before
                if end:
                    return self._took(place, end)
        return 0

    def _sideways(self, begin: int) -> int:
        """Labels at the left: a row of names, then a row by kind; the end of the rows taken, or 0."""
        names: list[Cell] = []
        if _names(self._grid[begin][0].text) if self._grid[begin] else False:
            names = self._grid[begin][1:]
            if not names or any(_values(cell.text) or _year(cell.text) is not None for cell in names):
                return 0
        elif self.name is None:
            return 0
        units: dict[int, str] = {}
        values: list[tuple[Cell, list[Cell]]] = []
        end = begin + bool(names)
        for row in self._grid[end:]:
            if len(row) < 2 or any(_values(cell.text) or _year(cell.text) is not None for cell in row[1:]):
                break
            if _UNIT.fullmatch(squeeze(row[0].text)):
                units = {cell.place: cell.text for cell in row[1:]}
            elif _values(row[0].text):
                values.append((row[0], row[1:]))
            else:
                break
            end += 1
        if not values:
            return 0
        known = {cell.place for cell in names}
        if any(cell.place not in known for _, row in values for cell in row) and names:
            return 0
        for name in names or ([self.name] if self.name else []):
            # A name in the label's own line stands for all that is printed beside the kinds.
            own = [
                _value(cell, head.text, *kind_and_year(head.text), cell.text)
                for head, row in values
                for cell in row
                if not names or cell.place == name.place
            ]
            self.said.append(Said(" ".join(name.text.split()), units.get(name.place, ""), own, name))
        self.name = None
        return self._took(begin, end)

    def _below(self, begin: int) -> int:
        """Heads above their values: the end of the rows taken, or 0."""
        table = self._head(begin)
        if table is None:
            return 0
        start = end = begin + self._lines
        for row in self._grid[start:]:
            if len(row) < 2 or not self._is_row(row, table):
                break
            table.rows.append(row)
            end += 1
        if not table.rows or not self._figures(table):
            return 0
        said = in_table(table)
        if said and not said[0].name:
            head = next((cell for cell in table.head if cell.place not in self._places(table)), None)
            name = self.name or (head if head and not _OF_YEARS.fullmatch(squeeze(head.text)) else None)
            if name is None:
                return 0
            said[0] = replace(said[0], name=" ".join(name.text.split()), cell=name)
        self.said += [one for one in said if one.name]
        return self._took(begin, end)

    def _head(self, begin: int) -> Measures | None:
        """The head that begins at a row, of one or two lines (`_lines`)."""
        row = self._grid[begin]
        if not 2 <= len(row) <= _COLUMNS or any(len(cell.text) > _HEADS or "。" in cell.text for cell in row):
            return None
        kinds = [cell for cell in row if _values(cell.text)]
        years = [(cell.place, year, "") for cell in row if (year := _year(cell.text)) is not None]
        named = any(_names(cell.text) for cell in row)
        below = self._grid[begin + 1] if begin + 1 < len(self._grid) else []
        if not below or not (kinds or years):
            return None
        self._lines = 1
        lower = self._second(row, below)
        if lower:
            self._lines, row, years = 2, lower, []
            kinds = [cell for cell in lower if kind_and_year(cell.text)[0]]
        by_kind = _values(below[0].text) and bool(years)
        if not (named or self._announced or len(kinds) > 1 or by_kind):
            return None
        # Years alone head a schedule as well.
        if not kinds and not named and not by_kind and self.name is None:
            return None
        return Measures(list(row), tuple(years))

    @staticmethod
    def _second(row: Sequence[Cell], below: Sequence[Cell]) -> list[Cell]:
        """The head of two lines, where the second only refines it: years below kinds, or kinds below years."""
        lower = [cell for cell in below if not _OF_YEARS.fullmatch(squeeze(cell.text))]
        all_years = all(_year(cell.text) is not None for cell in lower)
        if not lower or not (all_years or all(_values(cell.text) for cell in lower)):
            return []
        heads = [cell for cell in row if (_values(cell.text) if all_years else _year(cell.text) is not None)]
        if not heads or lower[0].place < heads[0].place:
            return []
        refined = {cell.place for cell in lower}
        joined = [cell for cell in row if cell not in heads or cell.place not in refined]
        for cell in lower:
            above = [head for head in heads if head.place <= cell.place][-1]
            joined.append(Cell(above.at, cell.place, f"{above.text} {cell.text}"))
        return sorted(joined, key=lambda cell: cell.place)

    @staticmethod
    def _places(table: Measures) -> set[int]:
        """The places of a table's values."""
        return {place for place, _, _ in table.years} | {
            cell.place for cell in table.head if kind_and_year(cell.text)[0] and not _names(cell.text)
        }

    def _is_row(self, row: Sequence[Cell], table: Measures) -> bool:
        """Whether a row holds values of a head, and is no head itself nor labelled otherwise."""
        label = label_of(row[0].text)
        if label is not None and label.kind is not Kind.INDICATOR and not _values(row[0].text):
            return False
        again = [cell for cell in row if _year(cell.text) is not None or _names(cell.text)]
        return len(again) < 2 and any(cell.place in self._places(table) for cell in row)

    def _figures(self, table: Measures) -> bool:
        """Whether values are figures: words under kinds of values alone are no indicator's."""
        if self._announced or any(_names(cell.text) for cell in table.head):
            return True
        places = self._places(table)
        cells = [cell for row in table.rows for cell in row if cell.place in places]
        return any(re.search(r"[0-9]", plain(cell.text)) for cell in cells)


def small_tables(blocks: Sequence[Block], rows: Sequence[int]) -> Iterator[list[int]]:
    """Rows by the printed table that they belong to."""
    run: list[int] = []
    for at in rows:
        if run and blocks[at].table != blocks[run[-1]].table:
            yield run
            run = []
        run.append(at)
    if run:
        yield run
