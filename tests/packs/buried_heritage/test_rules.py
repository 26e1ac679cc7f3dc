"""What the law said when, and that a coarse place tells nothing of the true one but its cell."""

from __future__ import annotations

import datetime as dt

import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from yakuba.engines.places.shapes import Shape
from yakuba.packs.buried_heritage import rules
from yakuba.packs.buried_heritage.models import ARTICLES

LON, LAT = st.floats(123, 153), st.floats(24, 45)
SIZE = st.floats(0.0001, 0.05)
HIGH, WIDE = 15 / 3600, 22.5 / 3600


def box(lon: float, lat: float, wide: float, high: float) -> Shape:
    return Shape.of(shapely.box(lon - wide / 2, lat - high / 2, lon + wide / 2, lat + high / 2))


@given(LON, LAT, SIZE, SIZE)
def test_a_coarse_place_is_one_cell_of_a_fixed_grid(lon: float, lat: float, wide: float, high: float) -> None:
    found = rules.public_place(box(lon, lat, wide, high), looting=True)
    assert found is not None
    west, south, east, north = found.bounds
    assert east - west == pytest.approx(WIDE)
    assert north - south == pytest.approx(HIGH)
    for edge, step in ((west, WIDE), (south, HIGH)):
        assert edge / step == pytest.approx(round(edge / step), abs=1e-4)
    assert west - 1e-6 <= lon <= east + 1e-6
    assert south - 1e-6 <= lat <= north + 1e-6


@given(LON, LAT, st.floats(0.02, 0.98), st.floats(0.02, 0.98), SIZE, SIZE)
def test_ranges_in_the_same_cell_look_the_same(
    lon: float, lat: float, across: float, up: float, wide: float, high: float
) -> None:
    """Neither its size, its form nor where in the cell it lies can be told."""
    first = rules.public_place(box(lon, lat, 0.0002, 0.0002), looting=True)
    assert first is not None
    west, south, _east, _north = first.bounds
    other = box(west + across * WIDE, south + up * HIGH, wide, high)
    assert rules.public_place(other, looting=True) == first


@given(LON, LAT, SIZE, SIZE)
def test_where_nothing_is_feared_the_range_itself_is_public(
    lon: float, lat: float, wide: float, high: float
) -> None:
    place = box(lon, lat, wide, high)
    assert rules.public_place(place, looting=False) == place
    assert rules.public_place(None, looting=True) is None


@given(
    st.sampled_from([key for key, _label in ARTICLES]), st.dates(dt.date(1975, 10, 1)), st.integers(0, 200)
)
def test_a_term_counts_back_from_the_beginning_of_work(article: str, day: dt.date, days: int) -> None:
    assume(day.year < 9000)
    duty = rules.duty(article, day)
    assert duty is not None
    expected = duty.days_before is None or days >= duty.days_before
    assert rules.in_time(article, day, day + dt.timedelta(days=days)) == expected
    assert rules.in_time(article, day, None)


def test_the_law_was_renumbered() -> None:
    """文化財保護法: 57条の2 became 93条 on 平成17年4月1日; the sixty days stayed."""
    before, after = (rules.duty("a93", day) for day in (dt.date(2005, 3, 31), dt.date(2005, 4, 1)))
    assert before == rules.Duty("57条の2", 60)
    assert after == rules.Duty("93条", 60)
    assert rules.duty("a92", dt.date(2026, 4, 1)) == rules.Duty("92条", 30)
    assert rules.duty("a94", dt.date(2026, 4, 1)) == rules.Duty("94条", None)
    assert rules.duty("a93", dt.date(1975, 9, 30)) is None
