"""Ruled tables: straight lines to a grid, and which of the grid's cells belong together because no line parts them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from .glyphs import Line

#: Lines so near to each other (points) are one: double borders, sides of neighbouring cells.
_NEAR: Final = 3.0
#: Pieces of a dashed line stand no further apart.
_GAP: Final = 4.0
#: Shorter lines are strokes of drawn letters or marks.
_SHORT: Final = 6.0
#: A line parts two cells when it covers so much of the side between them.
_COVERS: Final = 0.6
#: Beyond the outermost upright, lines across go on so far only where a table has no sides.
_OPEN: Final = 10.0
#: More lines than this in one direction are a drawing.
MAX_RULES: Final = 3_000
MAX_GRID: Final = 60_000


@dataclass(slots=True)
class Cell:
    """One cell: its first column and row (from 0), how many it takes, and its box in points."""

    column: int
    row: int
    columns: int
    rows: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(slots=True)
class Grid:
    """One ruled table of a page: the places of its uprights and of its lines across (points), its cells row by row."""

    xs: list[float]
    ys: list[float]
    cells: list[Cell] = field(default_factory=list)
    owner: list[list[int]] = field(default_factory=list)
    """The index in `cells` of each row's and column's cell."""

    def at(self, x: float, y: float) -> Cell | None:
        """The cell at a point; None outside."""
        if not (self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]):
            return None
        column = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        row = min(max(bisect_right(self.ys, y) - 1, 0), len(self.ys) - 2)
        return self.cells[self.owner[row][column]]


@dataclass(slots=True)
class _Rule:
    """A line once its pieces are joined: its place, and from where to where it runs."""

    at: float
    begin: float
    end: float


class TooManyLines(Exception):
    """A page with more lines than a table has."""


def grids(lines: Sequence[Line]) -> list[Grid]:
    """The ruled tables of a page, from the top. Raises :class:`TooManyLines`."""
    across = _joined([(line.top, line.x0, line.x1) for line in lines if line.top == line.bottom])
    upright = _joined([(line.x0, line.top, line.bottom) for line in lines if line.top != line.bottom])
    if max(len(across), len(upright)) > MAX_RULES:
        raise TooManyLines
    found = [grid for one in _connected(across, upright) if (grid := _grid(*one)) is not None]
    return sorted(found, key=lambda grid: (grid.ys[0], grid.xs[0]))


def _joined(lines: Sequence[tuple[float, float, float]]) -> list[_Rule]:
    """Lines of one direction, those near to each other at one place, pieces that follow each other as one."""
    places = _gathered([at for at, _begin, _end in lines])
    by_place: dict[float, list[tuple[float, float]]] = {}
    for at, begin, end in lines:
        by_place.setdefault(places[at], []).append((begin, end))
    found: list[_Rule] = []
    for at, pieces in sorted(by_place.items()):
        pieces.sort()
        begin, end = pieces[0]
        for next_begin, next_end in pieces[1:]:
            if next_begin <= end + _GAP:
                end = max(end, next_end)
            else:
                found.append(_Rule(at, begin, end))
                begin, end = next_begin, next_end
        found.append(_Rule(at, begin, end))
    return [rule for rule in found if rule.end - rule.begin >= _SHORT]


def _gathered(values: Sequence[float]) -> dict[float, float]:
    """Each value with the middle of the values near to it."""
    found: dict[float, float] = {}
    group: list[float] = []
    for value in [*sorted(set(values)), None]:
        if group and (value is None or value - group[0] > _NEAR):
            middle = sum(group) / len(group)
            found.update(dict.fromkeys(group, middle))
            group = []
        if value is not None:
            group.append(value)
    return found


def _connected(across: Sequence[_Rule], upright: Sequence[_Rule]) -> list[tuple[list[_Rule], list[_Rule]]]:
    """The lines that touch each other, group by group; lines across alone are underlines."""
    parent = list(range(len(across) + len(upright)))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    places = [rule.at for rule in upright]
    for index, rule in enumerate(across):
        first, last = bisect_left(places, rule.begin - _NEAR), bisect_right(places, rule.end + _NEAR)
        for number in range(first, last):
            other = upright[number]
            if other.begin - _NEAR <= rule.at <= other.end + _NEAR:
                parent[root(index)] = root(len(across) + number)
    groups: dict[int, tuple[list[_Rule], list[_Rule]]] = {}
    for index, rule in enumerate([*across, *upright]):
        groups.setdefault(root(index), ([], []))[index >= len(across)].append(rule)
    return [group for group in groups.values() if group[0] and group[1]]


def _grid(across: list[_Rule], upright: list[_Rule]) -> Grid | None:
    """The grid of lines that touch; None where they make no two cells."""
    xs = _places(upright, [end for rule in across for end in (rule.begin, rule.end)])
    ys = _places(across, [end for rule in upright for end in (rule.begin, rule.end)])
    columns, rows = len(xs) - 1, len(ys) - 1
    if columns < 1 or rows < 1 or columns * rows < 2:
        return None
    if columns * rows > MAX_GRID:
        raise TooManyLines
    beside = _parted(upright, xs, ys)
    below = _parted(across, ys, xs)
    grid = Grid(xs, ys, owner=[[-1] * columns for _ in range(rows)])
    for row in range(rows):
        for column in range(columns):
            if grid.owner[row][column] < 0:
                _take(grid, row, column, beside, below)
    return grid if len(grid.cells) > 1 else None


def _places(rules: Sequence[_Rule], ends: Sequence[float]) -> list[float]:
    """Where lines of one direction stand; the ends of the others count where a table has no sides."""
    places = sorted({rule.at for rule in rules})
    if min(ends) < places[0] - _OPEN:
        places.insert(0, min(ends))
    if max(ends) > places[-1] + _OPEN:
        places.append(max(ends))
    return places


def _parted(rules: Sequence[_Rule], places: Sequence[float], other: Sequence[float]) -> set[tuple[int, int]]:
    """The sides that a line covers, as (its place's index, the band's index in the other direction)."""
    index = {place: number for number, place in enumerate(places)}
    found: set[tuple[int, int]] = set()
    for rule in rules:
        first = max(bisect_right(other, rule.begin) - 1, 0)
        for band in range(first, len(other) - 1):
            if other[band] >= rule.end:
                break
            covered = min(rule.end, other[band + 1]) - max(rule.begin, other[band])
            if covered >= _COVERS * (other[band + 1] - other[band]):
                found.add((index[rule.at], band))
    return found


def _take(
    grid: Grid, row: int, column: int, beside: set[tuple[int, int]], below: set[tuple[int, int]]
) -> None:
    """Makes the cell whose first place this is: to the right and down as far as no line parts it."""
    columns, rows = len(grid.xs) - 1, len(grid.ys) - 1
    right = column
    while right + 1 < columns and (right + 1, row) not in beside and grid.owner[row][right + 1] < 0:
        right += 1
    last = row
    while last + 1 < rows:
        # Down only in full width, so that a cell stays a box whatever lines are missing.
        if any((last + 1, place) in below for place in range(column, right + 1)):
            break
        if any(grid.owner[last + 1][place] >= 0 for place in range(column, right + 1)):
            break
        if any((place, last + 1) in beside for place in range(column + 1, right + 1)):
            break
        last += 1
    number = len(grid.cells)
    grid.cells.append(
        Cell(
            column, row, right - column + 1, last - row + 1,
            grid.xs[column], grid.ys[row], grid.xs[right + 1], grid.ys[last + 1],
        )
    )  # fmt: skip
    for place in range(row, last + 1):
        grid.owner[place][column : right + 1] = [number] * (right - column + 1)
