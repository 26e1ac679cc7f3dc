"""Cells: a covering finds everything that meets a box, with few questions."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import settings as properties
from hypothesis import strategies as st

from yakuba.engines.places.cells import LEVELS, MOST_RANGES, Covering, cell_at, cell_of, covering, inner
from yakuba.engines.places.mercator import LIMIT, tile_box, to_degrees, to_world
from yakuba.engines.places.rules import level_of

Box = tuple[float, float, float, float]


@st.composite
def boxes(draw: st.DrawFn, near: tuple[float, float] | None = None) -> Box:
    """Boxes from nothing to half the world; many near one another and near the seams of the grid."""
    lon, lat = near or draw(st.sampled_from([(0.0, 0.0), (139.75, 36.25), (-179.0, 84.0), (90.0, -60.0)]))
    size = 10.0 ** draw(st.integers(-8, 2))
    west = max(-180.0, min(180.0, lon + size * draw(st.floats(-1, 1))))
    south = max(-90.0, min(90.0, lat + size * draw(st.floats(-1, 1))))
    east = min(180.0, west + size * draw(st.floats(0, 1)))
    north = min(90.0, south + size * draw(st.floats(0, 1)))
    return west, south, east, north


def holds(where: Covering, cell: int) -> bool:
    return cell in where.cells or any(first <= cell <= last for first, last in where.ranges)


def meet(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and one[2] >= other[0] and one[1] <= other[3] and one[3] >= other[1]


@properties(max_examples=300)
@given(boxes(), boxes())
def test_a_covering_holds_the_cell_of_every_box_that_meets_it(asked: Box, other: Box) -> None:
    if meet(asked, other):
        assert holds(covering(*asked), cell_of(*other))


@given(boxes())
def test_a_covering_asks_few_questions(asked: Box) -> None:
    where = covering(*asked)
    assert len(where.ranges) <= MOST_RANGES
    assert len(where.cells) <= 4 * LEVELS + 60
    assert list(where.ranges) == sorted(where.ranges)
    assert all(before[1] < after[0] for before, after in pairwise(where.ranges))
    assert not [cell for cell in where.cells for first, last in where.ranges if first <= cell <= last]


@given(st.integers(0, LEVELS), st.data())
def test_a_cells_quarters_lie_within_it_and_beside_one_another(level: int, data: st.DataObject) -> None:
    x, y = (data.draw(st.integers(0, 2**level - 1)) for _side in "xy")
    cell = cell_at(level, x, y)
    first, last = inner(cell)
    assert first <= cell <= last
    assert level_of(cell) == level
    if level < LEVELS:
        quarters = [cell_at(level + 1, 2 * x + right, 2 * y + down) for down in (0, 1) for right in (0, 1)]
        spans = [inner(quarter) for quarter in quarters]
        assert spans[0][0] == first
        assert spans[-1][1] == last
        assert all(before[1] < after[0] for before, after in pairwise(spans))
        assert not any(low <= cell <= high for low, high in spans)


@given(boxes())
def test_a_boxs_cell_is_the_smallest_that_holds_it(box: Box) -> None:
    cell = cell_of(*box)
    corners = [cell_of(lon, lat, lon, lat) for lon in (box[0], box[2]) for lat in (box[1], box[3])]
    first, last = inner(cell)
    assert all(first <= corner <= last for corner in corners)
    assert all(level_of(corner) == LEVELS for corner in corners)
    level = level_of(cell)
    if level < LEVELS:  # no quarter holds all corners
        rest = 2 * (LEVELS - level - 1) + 1
        assert len({corner >> rest for corner in corners}) > 1


def test_what_a_covering_reads_in_vain_is_bounded() -> None:
    """Of one point in each cell of the level three below a tile's, few outside of the tile are looked at."""
    where = covering(*tile_box(14, 14552, 6446, 1 / 64))
    seen = sum(
        holds(where, cell_at(LEVELS, (14552 * 8 + dx) * 2**11 + 1000, (6446 * 8 + dy) * 2**11 + 1000))
        for dx in range(-16, 24)
        for dy in range(-16, 24)
    )
    assert 64 <= seen <= 160


@given(st.floats(-180, 180), st.floats(-LIMIT, LIMIT))
def test_degrees_come_back(lon: float, lat: float) -> None:
    back = to_degrees(*to_world(lon, lat))
    assert abs(back[0] - lon) < 1e-9
    assert abs(back[1] - lat) < 1e-9


def test_a_tiles_box_is_where_others_say_it_is() -> None:
    """Tile 10/909/401 holds Oyama's station (36.3130 N, 139.8057 E): 1024 × (1 − asinh(tan 36.3130°) / π) / 2 = 401.02."""
    west, south, east, north = tile_box(10, 909, 401)
    assert west < 139.8057 < east
    assert south < 36.3130 < north
    assert (round(west, 6), round(east, 6)) == (139.570312, 139.921875)
