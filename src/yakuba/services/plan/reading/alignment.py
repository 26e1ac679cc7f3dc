"""Which cell of a row belongs to which column.

A row is read by place while its cells look like their columns. Where a cell is missing or one too many,
the cheapest order-keeping match of cells to columns decides, and every other match that costs little more
becomes a candidate of the doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from .cells import BAD, Look, look, misfit
from .columns import Column, Role

#: A column left without a cell, beyond what a blank cell in it costs.
_SKIP: Final = 0.6
#: A blank cell that no column takes, and a printed one.
_DROP_BLANK: Final = 0.4
_DROP: Final = 5.0
#: Values stand side by side: a hole among them is less likely than one elsewhere.
_HOLE: Final = 0.5
#: Other matches within this cost of the best are named as candidates.
MARGIN: Final = 2.0
#: Containers whose cells stand in columns that the file itself tells: a cell belongs to the head above it.
CERTAIN: Final = frozenset({"xlsx", "docx", "pdf"})
_INDICATED: Final = frozenset({Role.INDICATOR, Role.UNIT, Role.VALUE})
#: Rows whose cells fit their places only so well are matched too; without an odd cell the gain must be clear.
_SUSPICIOUS: Final = 1.9
_CLEARLY: Final = 0.9
#: Where the file tells the columns, a row is moved only when its cells say so by several columns at once: it was typed so.
_BEYOND_DOUBT: Final = 5.0
_FAR: Final = float("inf")

#: How badly a cell fits a column whose known titles are given.
Judge = Callable[[Column, Look, frozenset[str]], float]


@dataclass(frozen=True, slots=True)
class Aligned:
    """A row on its columns: per column the place of its cell (from 0) or None.

    `moved` says that content, not place, decided; `others` gives for each column the places that would be
    nearly as good, `spare` the printed cells that found no column, `odd` the columns whose cell does not
    look like them.
    """

    places: tuple[int | None, ...]
    moved: bool
    others: dict[int, tuple[int | None, ...]]
    spare: tuple[int, ...]
    odd: tuple[int, ...]
    cost: float = 0.0
    """How badly the row fits its columns, comparable between columns for one row."""


def align(
    cells: Sequence[str],
    columns: Sequence[Column],
    titles: Sequence[frozenset[str]],
    judge: Judge = misfit,
    *,
    certain: bool = False,
) -> Aligned:
    """Matches a row's cells to the columns; `titles` are the known node titles of each column.

    `certain` says that the container tells the columns: a row no wider than its head is read by place, unless nearly every cell
    looks like its neighbour's.
    """
    looks = [look(cell) for cell in cells]
    while len(looks) > len(columns) and looks[-1].blank:
        looks.pop()
    costs = [
        [judge(column, cell, known) for column, known in zip(columns, titles, strict=True)] for cell in looks
    ]
    gaps = [_gap(column, judge) for column in columns]
    by_place = _by_place(looks, columns, costs)
    total = _FAR if by_place is None else _total(by_place, looks, gaps, costs)
    if by_place is not None and not by_place.odd and total < _SUSPICIOUS:
        return replace(by_place, cost=total)
    matched = _Match(looks, columns, costs, gaps).best()
    least = _total(matched, looks, gaps, costs)
    margin = _BEYOND_DOUBT if certain else 0.0 if by_place is None or by_place.odd else _CLEARLY
    if by_place is not None and total - least <= margin:
        return replace(by_place, cost=total)
    return replace(matched, cost=least)


def _by_place(looks: list[Look], columns: Sequence[Column], costs: list[list[float]]) -> Aligned | None:
    if len(looks) > len(columns):
        return None
    places = tuple(place if place < len(looks) else None for place in range(len(columns)))
    # A row with nothing but an indicator and its values goes on with the initiative above it.
    goes_on = all(cell.blank or columns[place].role in _INDICATED for place, cell in enumerate(looks))
    odd = tuple(
        place
        for place, cell in enumerate(looks)
        # A blank where a title must stand is as telling as a wrong cell.
        if costs[place][place] >= BAD and not (goes_on and cell.blank)
    )
    return Aligned(places, moved=False, others={}, spare=(), odd=odd)


def _total(aligned: Aligned, looks: list[Look], gaps: Sequence[float], costs: list[list[float]]) -> float:
    used = {place for place in aligned.places if place is not None}
    total = 0.0
    for number, place in enumerate(aligned.places):
        total += gaps[number] if place is None else costs[place][number]
    for place, cell in enumerate(looks):
        if place not in used:
            total += _DROP_BLANK if cell.blank else _DROP
    return total


def _gap(column: Column, judge: Judge) -> float:
    """The cost of a column without a cell."""
    blank = Look("", dash=False, number=False, figure=False, value=False, sentence=False, office=False)
    return judge(column, blank, frozenset()) + _SKIP + (_HOLE if column.role is Role.VALUE else 0.0)


class _Match:
    """The order-keeping matches of one row, from both ends, so that the cost through any pair is known."""

    def __init__(
        self, looks: list[Look], columns: Sequence[Column], costs: list[list[float]], gaps: list[float]
    ) -> None:
        self.looks = looks
        self.columns = columns
        self.costs = costs
        self.gaps = gaps
        self.drops = [_DROP_BLANK if cell.blank else _DROP for cell in looks]
        self.before = self._forward()
        self.after = self._backward()

    def best(self) -> Aligned:
        """The cheapest match; among equals the one that keeps cells further left."""
        places: list[int | None] = [None] * len(self.columns)
        spare: list[int] = []
        cell, column = 0, 0
        while cell < len(self.looks) or column < len(self.columns):
            rest = self.after[cell][column]
            if (
                cell < len(self.looks)
                and column < len(self.columns)
                and _same(rest, self.costs[cell][column] + self.after[cell + 1][column + 1])
            ):
                places[column] = cell
                cell, column = cell + 1, column + 1
            elif column < len(self.columns) and _same(rest, self.gaps[column] + self.after[cell][column + 1]):
                column += 1
            else:
                if not self.looks[cell].blank:
                    spare.append(cell)
                cell += 1
        others = {
            number: near
            for number in range(len(self.columns))
            if (near := self._others(number, places[number]))
        }
        odd = tuple(
            number
            for number, place in enumerate(places)
            if place is not None and self.costs[place][number] >= BAD
        )
        return Aligned(tuple(places), moved=True, others=others, spare=tuple(spare), odd=odd)

    def _others(self, column: int, taken: int | None) -> tuple[int | None, ...]:
        """Places other than the one taken that cost at most `MARGIN` more, the cheapest first."""
        limit = self.after[0][0] + MARGIN
        found: list[tuple[float, int | None]] = []
        for cell in range(len(self.looks)):
            through = self.before[cell][column] + self.costs[cell][column] + self.after[cell + 1][column + 1]
            if cell != taken and through <= limit:
                found.append((through, cell))
        gap = min(
            self.before[cell][column] + self.gaps[column] + self.after[cell][column + 1]
            for cell in range(len(self.looks) + 1)
        )
        if taken is not None and gap <= limit:
            found.append((gap, None))
        return tuple(place for _, place in sorted(found, key=lambda item: item[0]))

    def _forward(self) -> list[list[float]]:
        table = [[_FAR] * (len(self.columns) + 1) for _ in range(len(self.looks) + 1)]
        table[0][0] = 0.0
        for cell in range(len(self.looks) + 1):
            for column in range(len(self.columns) + 1):
                best = table[cell][column]
                if cell:
                    best = min(best, table[cell - 1][column] + self.drops[cell - 1])
                if column:
                    best = min(best, table[cell][column - 1] + self.gaps[column - 1])
                if cell and column:
                    best = min(best, table[cell - 1][column - 1] + self.costs[cell - 1][column - 1])
                table[cell][column] = best
        return table

    def _backward(self) -> list[list[float]]:
        cells, columns = len(self.looks), len(self.columns)
        table = [[_FAR] * (columns + 1) for _ in range(cells + 1)]
        table[cells][columns] = 0.0
        for cell in range(cells, -1, -1):
            for column in range(columns, -1, -1):
                best = table[cell][column]
                if cell < cells:
                    best = min(best, table[cell + 1][column] + self.drops[cell])
                if column < columns:
                    best = min(best, table[cell][column + 1] + self.gaps[column])
                if cell < cells and column < columns:
                    best = min(best, table[cell + 1][column + 1] + self.costs[cell][column])
                table[cell][column] = best
        return table


def _same(one: float, other: float) -> bool:
    return abs(one - other) < 1e-9
