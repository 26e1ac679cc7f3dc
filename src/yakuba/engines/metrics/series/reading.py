"""From the cells of a file to what it says of each period, with every fault at its cell. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.series import my_number, spelled
from yakuba.engines.metrics.series.layout import Layout, place_of
from yakuba.engines.metrics.series.spelled import Unread
from yakuba.kernel.actions import Problem
from yakuba.kernel.fields.kinds import Cell
from yakuba.kernel.sheets.cells import address, letters
from yakuba.kernel.sheets.grid import Grid
from yakuba.kernel.text import fold

MAX_ROWS: Final = 20_000
_HEADS: Final = 30  # rows in which the heads are looked for
_STATE: Final = 60
_PART: Final = 60
_SHOWN_HEADS: Final = 12
_BRACKETED: Final = re.compile(r"[(（\[［][^()（）\[\]［］]*[)）\]］]\Z")


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that cannot be read: where it stands, under which head, what is in it, what is wrong, in a sentence."""

    address: str
    head: str
    found: str
    message: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file says of a period. ``raw`` is as written; without number and state it says nothing.

    ``line`` is the sheet's first row of the period, ``rows`` how many there were.
    """

    period: Period
    raw: str = ""
    number: Decimal | None = None
    state: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    line: int | None = None
    rows: int = 1
    warning: str = ""

    @property
    def says(self) -> bool:
        """Whether there is a value."""
        return self.number is not None or bool(self.state)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: periods in order, faults by cell, rows passed over (with why), all rows under the heads."""

    brought: Sequence[Brought]
    faults: Sequence[Fault]
    passed: Sequence[tuple[int, str]]
    rows: int


@dataclass(frozen=True, slots=True)
class _Line:
    """One row as read."""

    number: int
    period: Period
    day: dt.date
    value: spelled.Number | None
    state: str
    top: Decimal | None
    bottom: Decimal | None
    part: str
    raw: str
    where: str


@dataclass(frozen=True, slots=True)
class Heads:
    """Where a file's columns are: the row of the heads (−1: it has none), and the places by what they hold; ``only`` by head."""

    row: int
    at: Mapping[str, int]
    only: Mapping[str, int]


class _Wrong(Exception):
    """A cell of the row that is read now."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key
        self.message = message


# --- heads ------------------------------------------------------------------------------------------------------------
def heads(grid: Grid, layout: Layout) -> Heads:
    """Find the columns. Raises :class:`Problem` on the field ``file``: what is missing and what was found, a 個人番号."""
    if len(grid.rows) > MAX_ROWS:
        raise Problem(
            "rows",
            _("行が多すぎます（%(found)s行）。%(most)s行までのファイルにしてください。")
            % {"found": f"{len(grid.rows):,}", "most": f"{MAX_ROWS:,}"},
            field="file",
            found=str(len(grid.rows)),
        )
    wanted = layout.needed
    named = [one for one in wanted if place_of(one) is None]
    row = _head_row(grid, named) if named else -1
    if row is None:
        raise _missing(grid, named)
    my_number.demand_none(grid)
    places = {one: _place(grid, row, one) for one in wanted}
    at = {key: places[name] for key, name in layout.columns.items() if key in layout.used and name in places}
    return Heads(row, at, {one.column: places[one.column] for one in layout.only})


def _names(cell: Cell) -> tuple[str, str]:
    """A head as it is compared: as it stands, and without a unit in brackets."""
    text = fold(spelled.text_of(cell)).replace(" ", "")
    return text, fold(_BRACKETED.sub("", spelled.text_of(cell).strip())).replace(" ", "")


def _head_row(grid: Grid, named: Sequence[str]) -> int | None:
    """The lowest of the first rows that has all heads: under merged ones stand those that tell more."""
    found = None
    wanted = {fold(one).replace(" ", "") for one in named}
    for index, cells in enumerate(grid.rows[:_HEADS]):
        if wanted <= {name for cell in cells if cell is not None for name in _names(cell)}:
            found = index
    return found


def _missing(grid: Grid, named: Sequence[str]) -> Problem:
    best: tuple[int, Sequence[Cell]] = (-1, ())
    for cells in grid.rows[:_HEADS]:
        there = {name for cell in cells if cell is not None for name in _names(cell)}
        count = sum(fold(one).replace(" ", "") in there for one in named)
        if count > best[0]:
            best = (count, cells)
    there = {name for cell in best[1] if cell is not None for name in _names(cell)}
    lacking = [one for one in named if fold(one).replace(" ", "") not in there]
    shown = "、".join(spelled.text_of(one) for one in best[1] if one is not None)[:200]
    return Problem(
        "head_missing",
        _(
            "見出し「%(lacking)s」の列がありません。ファイルの見出し：%(found)s。ファイルを選び直すか、ファイルの形を直してください。"
        )
        % {"lacking": "」「".join(lacking), "found": shown or _("（なし）")},
        field="file",
        found=shown,
        expected="、".join(named),
    )


def _place(grid: Grid, row: int, name: str) -> int:
    """The column of a head. Raises :class:`Problem` where two columns bear it."""
    place = place_of(name)
    if place is not None:
        return place
    wanted = fold(name).replace(" ", "")
    cells = grid.rows[row]
    exact = [index for index, cell in enumerate(cells) if cell is not None and _names(cell)[0] == wanted]
    found = exact or [
        index for index, cell in enumerate(cells) if cell is not None and wanted in _names(cell)
    ]
    if len(found) > 1:
        raise Problem(
            "head_twice",
            _(
                "見出し「%(name)s」の列が%(columns)sにあります。ファイルの形で「%(first)s列」のように書いてください。"
            )
            % {
                "name": name,
                "columns": _("と").join(_("%s列") % letters(one) for one in found[:3]),
                "first": letters(found[0]),
            },
            field="file",
            found=name,
        )
    return found[0]


# --- rows -------------------------------------------------------------------------------------------------------------
def read(
    grid: Grid,
    layout: Layout,
    *,
    every: str,
    aggregation: str,
    unit: str = "",
    asked: Period | None = None,
    fixes: Mapping[str, str] | None = None,
) -> Reading:
    """What a file says. ``fixes`` are cells that somebody put right, by address; an empty period passes its row over.

    Raises :class:`Problem` on the field ``file`` for a file of another shape.
    """
    mended = _mended(grid, fixes or {})
    where = heads(mended, layout)
    reader = _Reader(mended, layout, where, every, aggregation, unit, asked)
    lines: list[_Line] = []
    faults: list[Fault] = []
    passed: list[tuple[int, str]] = []
    for index in range(where.row + 1, len(mended.rows)):
        if all(cell is None for cell in mended.rows[index]):
            continue
        try:
            found = reader.line(index, fixes or {})
        except _Wrong as wrong:
            faults.append(reader.fault(index, wrong))
            continue
        if isinstance(found, str):
            passed.append((index + 1, found))
        else:
            lines.append(found)
    brought, several = _gathered(lines, layout, aggregation)
    return Reading(brought, [*faults, *several], passed, max(len(mended.rows) - where.row - 1, 0))


def _mended(grid: Grid, fixes: Mapping[str, str]) -> Grid:
    """The grid with these cells put right."""
    if not fixes:
        return grid
    rows = [list(row) for row in grid.rows]
    for place, text in fixes.items():
        found = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,6})", place)
        if found is None:
            continue
        column = place_of(f"{found[1]}列") if len(found[1]) < 3 else None
        row = int(found[2]) - 1
        if column is None or not 0 <= row < len(rows):
            continue
        rows[row] += [None] * (column + 1 - len(rows[row]))
        rows[row][column] = text.strip() or None
    return Grid(rows, {place: why for place, why in grid.faults.items() if place not in fixes})


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads single rows."""

    grid: Grid
    layout: Layout
    where: Heads
    every: str
    aggregation: str
    unit: str
    asked: Period | None

    def line(self, index: int, fixes: Mapping[str, str]) -> _Line | str:
        """A row, or why it is passed over. Raises :class:`_Wrong`."""
        for one in self.layout.only:
            said = self.grid.cell(index, self.where.only[one.column])
            if fold(spelled.text_of(said)) != fold(one.word):
                return _("「%(column)s」が「%(word)s」ではない") % {"column": one.column, "word": one.word}
        when = self._when(index, fixes)
        if isinstance(when, str):
            return when
        period, day = when
        part = spelled.text_of(self._cell(index, "part"))[:_PART] if "part" in self.where.at else ""
        if spelled.is_total(part):
            return _("合計の行")
        return self._figures(index, period, day, part)

    def _cell(self, index: int, key: str) -> Cell:
        """The cell of a row by what it holds. Raises :class:`_Wrong` for an error of the workbook (#REF!)."""
        place = self.where.at.get(key)
        if place is None:
            return None
        why = self.grid.faults.get(address(index, place))
        if why is not None:
            raise _Wrong(key, _("セルの値が分かりません（%s）。値を入れてください。") % why)
        return self.grid.cell(index, place)

    def _when(self, index: int, fixes: Mapping[str, str]) -> tuple[Period, dt.date] | str:
        if self.layout.asks:
            if self.asked is None:
                raise Problem("required", _("どの期間のファイルかを選んでください。"), field="period")
            return self.asked, self.asked.last
        if self.layout.period == "year_month":
            year, month = self._cell(index, "year"), self._cell(index, "month")
            if month is None or spelled.is_total(year) or spelled.is_total(month):
                return _("月がない行")
            try:
                return spelled.month_of(year, month, self.every)
            except Unread as unread:
                raise _Wrong("month", self._words("month", month, unread.expected)) from None
        cell = self._cell(index, "period")
        if cell is None or not spelled.text_of(cell):
            place = address(index, self.where.at["period"])
            if place in fixes or not self._has_figures(index):
                return _("期間がない行")
            raise _Wrong("period", _("期間が空です。年月か年度を入れるか、この行を除いてください。"))
        if spelled.is_total(cell):
            return _("合計の行")
        try:
            return spelled.period(cell, self.every)
        except Unread as unread:
            if self.where.row < 0 and not self._has_figures(index):
                return _("見出しの行")
            raise _Wrong("period", self._words("period", cell, unread.expected)) from None

    def _has_figures(self, index: int) -> bool:
        places = [self.where.at[key] for key in ("value", "numerator") if key in self.where.at]
        cells = [self.grid.cell(index, place) for place in places]
        return any(not spelled.says_nothing(cell) and not _is_head(cell) for cell in cells)

    def _words(self, key: str, cell: Cell, expected: str) -> str:
        return _("「%(found)s」は読めません。%(expected)s にしてください。") % {
            "found": spelled.text_of(cell)[:40],
            "expected": expected,
        }

    def _number(self, index: int, key: str) -> spelled.Number | None:
        cell = self._cell(index, key)
        try:
            return spelled.number(cell, self.unit if key == "value" else "")
        except Unread as unread:
            raise _Wrong(key, self._words(key, cell, unread.expected)) from None

    def _figures(self, index: int, period: Period, day: dt.date, part: str) -> _Line | str:
        at = self.where.at
        raw = spelled.text_of(self.grid.cell(index, at["value"])) if "value" in at else ""
        first = address(index, at.get("value", at.get("numerator", 0)))
        if self.aggregation == "state":
            state = raw.strip()
            if spelled.says_nothing(state):
                return _("値がない行")
            if len(state) > _STATE:
                raise _Wrong("value", _("語が長すぎます。%d文字までにしてください。") % _STATE)
            return _Line(index + 1, period, day, None, state, None, None, part, raw, first)
        top = bottom = None
        if "numerator" in at:
            numerator, denominator = self._number(index, "numerator"), self._number(index, "denominator")
            if (numerator is None) != (denominator is None):
                key = "numerator" if numerator is None else "denominator"
                raise _Wrong(key, _("分子と分母の片方だけが空です。両方を入れるか、両方を空にしてください。"))
            top = numerator.number if numerator else None
            bottom = denominator.number if denominator else None
            if bottom is not None and bottom < 0:
                raise _Wrong("denominator", _("分母が0より小さくなっています。"))
        value = self._number(index, "value") if "value" in at else None
        if (
            value is not None
            and self.aggregation == "ratio"
            and self.layout.share == "fraction"
            and not value.percent
        ):
            value = replace(value, number=spelled.even(value.number * 100))
        if value is None and top is None:
            return _("値がない行")
        return _Line(index + 1, period, day, value, "", top, bottom, part, raw, first)

    def fault(self, index: int, wrong: _Wrong) -> Fault:
        """What is wrong, at its cell."""
        place = self.where.at.get(wrong.key, 0)
        head = self.layout.columns.get(wrong.key, "")
        return Fault(
            address(index, place), head, spelled.text_of(self.grid.cell(index, place))[:200], wrong.message
        )


def _is_head(cell: Cell) -> bool:
    """Whether a cell of a file without heads reads like one: a text without a digit."""
    return isinstance(cell, str) and not re.search(r"[0-9０-９]", cell)


# --- several rows of a period -----------------------------------------------------------------------------------------
def _gathered(lines: Sequence[_Line], layout: Layout, aggregation: str) -> tuple[list[Brought], list[Fault]]:
    """One value for each period, and what stands twice where that is a mistake."""
    found: dict[Period, list[_Line]] = {}
    for line in lines:
        found.setdefault(line.period, []).append(line)
    brought: list[Brought] = []
    faults: list[Fault] = []
    for period in sorted(found):
        rows, wrong = _chosen(found[period], layout)
        faults += wrong
        if not wrong:
            brought.append(_brought(period, rows, aggregation, split=layout.holds("part")))
    return brought, faults


def _chosen(lines: Sequence[_Line], layout: Layout) -> tuple[list[_Line], list[Fault]]:
    """The rows that count: of each part all of them, or the last; two of one part are a mistake where the layout says so."""
    by_part: dict[str, list[_Line]] = {}
    for line in lines:
        by_part.setdefault(line.part, []).append(line)
    kept: list[_Line] = []
    faults: list[Fault] = []
    for rows in by_part.values():
        if layout.several == "last":
            kept.append(max(rows, key=lambda one: (one.day, one.number)))
        elif layout.several == "sum" or len(rows) == 1:
            kept += rows
        else:
            head = layout.columns.get("value") or layout.columns.get("numerator", "")
            faults += [
                Fault(
                    one.where,
                    head,
                    one.raw,
                    _("同じ期間の行が%(first)d行目にもあります。どちらかを空にしてください。")
                    % {"first": rows[0].number},
                )
                for one in rows[1:]
            ]
    return sorted(kept, key=lambda one: one.number), faults


def _brought(period: Period, lines: Sequence[_Line], aggregation: str, *, split: bool) -> Brought:
    first = lines[0]
    made = Brought(period, raw=first.raw[:300], line=first.number, rows=len(lines))
    if aggregation == "state":
        return replace(made, state=lines[-1].state, raw=lines[-1].raw[:300])
    tops = [one.top for one in lines if one.top is not None]
    bottoms = [one.bottom for one in lines if one.bottom is not None]
    if bottoms:
        return _quotient(made, sum(tops, Decimal(0)), sum(bottoms, Decimal(0)), aggregation)
    numbers = [one.value.number for one in lines if one.value is not None]
    if not numbers:
        return made
    if aggregation in {"ratio", "average"}:
        return replace(made, number=numbers[-1], raw=lines[-1].raw[:300])
    parts: dict[str, Decimal] = {}
    if split:
        for one in lines:
            if one.value is not None:
                parts[one.part] = parts.get(one.part, Decimal(0)) + one.value.number
    total = sum(numbers, Decimal(0))
    return replace(
        made,
        number=total,
        parts=parts,
        raw=first.raw[:300] if len(lines) == 1 else spelled.text_of(total),
    )


def _quotient(made: Brought, top: Decimal, bottom: Decimal, aggregation: str) -> Brought:
    """A share in percent, or an average; of nothing there is none."""
    raw = f"{spelled.text_of(top)}/{spelled.text_of(bottom)}"
    if not bottom:
        return replace(
            made, raw=raw, numerator=top, denominator=bottom, warning=_("分母が0です。率はありません。")
        )
    number = spelled.even(top * (100 if aggregation == "ratio" else 1) / bottom)
    return replace(made, raw=raw, number=number, numerator=top, denominator=bottom)
