"""Cells: one number for where a box is, so that one ordinary index finds what lies in another box, on both databases.

The world in Web Mercator is cut into quarters, down to level 28 (15 cm at the equator). A cell's number is the Morton code of
its place with a one behind it and zeros to the end: its numbers of inner cells are one unbroken range round its own, and the
cells that hold it are at most 28 single numbers. A box belongs to the smallest cell that holds it whole.

What lies in a box is then in one of few ranges, or in one of few single cells above them: see :func:`covering`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from yakuba.engines.places import mercator

LEVELS = 28
# A query's ranges: more of them read fewer rows in vain, but each is a dive into the index.
MOST_RANGES = 16
# How many levels below its own size the edge of a box is followed.
FINENESS = 4


@dataclass(frozen=True)
class Covering:
    """Where to look: ``ranges`` of cell numbers, both ends included, and single ``cells`` that reach into the box from above."""

    ranges: tuple[tuple[int, int], ...]
    cells: tuple[int, ...]


def _spread(value: int) -> int:
    """The 28 bits of ``value`` with a zero before each."""
    value = (value | value << 16) & 0x0000FFFF0000FFFF
    value = (value | value << 8) & 0x00FF00FF00FF00FF
    value = (value | value << 4) & 0x0F0F0F0F0F0F0F0F
    value = (value | value << 2) & 0x3333333333333333
    return (value | value << 1) & 0x5555555555555555


def cell_at(level: int, x: int, y: int) -> int:
    """The number of the cell in column ``x`` and row ``y`` (0 … 2**level - 1) of a level (0 … 28)."""
    rest = 2 * (LEVELS - level)
    return ((_spread(x) | _spread(y) << 1) << (rest + 1)) | (1 << rest)


def inner(cell: int) -> tuple[int, int]:
    """The first and the last number of the cells in a cell, itself included."""
    one = cell & -cell
    return cell - one + 1, cell + one - 1


def _grid(west: float, south: float, east: float, north: float) -> tuple[int, int, int, int]:
    """Columns and rows of the finest level in which a box's corners lie: left, top, right, bottom."""
    left, top = mercator.to_world(west, north)
    right, bottom = mercator.to_world(east, south)
    side = 1 << LEVELS
    first, second, third, fourth = (
        max(0, min(side - 1, int(part * side))) for part in (left, top, right, bottom)
    )
    return first, second, third, fourth


def cell_of(west: float, south: float, east: float, north: float) -> int:
    """The smallest cell that holds a box given in degrees."""
    left, top, right, bottom = _grid(west, south, east, north)
    above = max((left ^ right).bit_length(), (top ^ bottom).bit_length())
    return cell_at(LEVELS - above, left >> above, top >> above)


def covering(west: float, south: float, east: float, north: float) -> Covering:
    """Where to look for every box that meets this one: a superset, never less; an exact test has to follow."""
    box = left, top, right, bottom = _grid(west, south, east, north)
    width = max(right - left, bottom - top).bit_length()
    finest = max(0, width - FINENESS)
    ranges: list[tuple[int, int]] = []
    singles: set[int] = set()
    # From the cells of the box's own size (four at most) down along its edge.
    shift = min(LEVELS, width)
    for row in range(top >> shift, (bottom >> shift) + 1):
        for column in range(left >> shift, (right >> shift) + 1):
            _look(shift, column, row, box, finest, ranges, singles)
            for above in range(shift + 1, LEVELS + 1):
                step = above - shift
                singles.add(cell_at(LEVELS - above, column >> step, row >> step))
    merged = _merged(sorted(ranges))
    apart = tuple(sorted(one for one in singles if not any(first <= one <= last for first, last in merged)))
    return Covering(merged, apart)


def _look(
    shift: int,
    column: int,
    row: int,
    box: tuple[int, int, int, int],
    finest: int,
    ranges: list[tuple[int, int]],
    singles: set[int],
) -> None:
    """One cell: wholly in the box or at the finest level it is a range, otherwise single, and its quarters are looked at."""
    left, top, right, bottom = box
    west, north = column << shift, row << shift
    east, south = west + (1 << shift) - 1, north + (1 << shift) - 1
    if west > right or east < left or north > bottom or south < top:
        return
    cell = cell_at(LEVELS - shift, column, row)
    if shift <= finest or (left <= west and east <= right and top <= north and south <= bottom):
        ranges.append(inner(cell))
        return
    singles.add(cell)
    for quarter in range(4):
        _look(shift - 1, column * 2 + (quarter & 1), row * 2 + (quarter >> 1), box, finest, ranges, singles)


def _merged(ranges: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Neighbours joined, and then those with the smallest gaps, until no more than :data:`MOST_RANGES` are left."""
    gaps = sorted((after[0] - before[1] for before, after in pairwise(ranges)), reverse=True)
    # Numbers of neighbouring cells of one level differ by a number that belongs to a cell above both.
    allowed = max(2, gaps[MOST_RANGES - 1] if len(gaps) >= MOST_RANGES else 0)
    joined: list[tuple[int, int]] = []
    for first, last in ranges:
        if joined and first - joined[-1][1] <= allowed:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return tuple(joined)
