"""A millimetre of the sheet is so many metres of the plane system, whatever the place, the paper and the scale."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from yakuba.services.maps.printing.sheet import (
    LEAST,
    MOST,
    PAPERS,
    SCALES,
    Sheet,
    round_up,
    system_of,
)

SHEETS = st.builds(
    lambda lon, lat, scale, paper, across: Sheet(
        lon, lat, scale, system_of("990019", lon, lat), paper, across
    ),
    st.floats(130.0, 144.0),
    st.floats(31.5, 43.0),
    st.integers(LEAST, MOST),
    st.sampled_from(PAPERS),
    st.booleans(),
)


@given(SHEETS, st.floats(0, 1), st.floats(0, 1))
def test_paper_and_ground_lead_to_one_another(sheet: Sheet, x: float, y: float) -> None:
    """Through degrees and back by the registry's own definition of the plane system, to a thousandth of a millimetre."""
    width, height = sheet.size
    at = np.array([[x * width, y * height]])
    degrees = sheet.in_degrees(at)
    theirs = Transformer.from_crs(6668, sheet.system.epsg, always_xy=True)
    metres = np.column_stack(theirs.transform(degrees[:, 0], degrees[:, 1]))
    assert np.abs(sheet.on_paper(metres) - at).max() < 0.001
    west, south, east, north = sheet.box()
    spare = 0.002 * (north - south)
    assert west - spare <= degrees[0, 0] <= east + spare
    assert south - spare <= degrees[0, 1] <= north + spare


@given(SHEETS)
def test_what_surrounds_the_map_fits_the_paper(sheet: Sheet) -> None:
    width, height = sheet.size
    assert min(width, height) > 120
    step, easts, norths = sheet.grid()
    assert 35 <= step / sheet.metres <= 90
    assert len(easts) >= 1
    assert len(norths) >= 1
    assert 20 < sheet.bar() / sheet.metres <= 60


@given(st.floats(129.5, 144.0), st.floats(33.0, 43.0))
def test_true_north_is_where_the_ellipsoid_says(lon: float, lat: float) -> None:
    sheet = Sheet(lon, lat, 2500, system_of("990019", lon, lat))
    theirs = Transformer.from_crs(6668, sheet.system.epsg, always_xy=True)
    east, north = theirs.transform(lon, lat)
    above = theirs.transform(east, north + 100, direction="INVERSE")
    azimuth, _back, _metres = Geod(ellps="GRS80").inv(lon, lat, *above)
    assert sheet.convergence() == pytest.approx(-azimuth, abs=0.001)


@pytest.mark.parametrize(
    ("code", "lon", "lat", "zone"),
    [
        ("102083", 139.0, 36.49, 9),  # 群馬県, nearer to the origin of VIII
        ("152064", 139.33, 37.95, 8),  # 新潟県, nearer to that of IX
        ("462012", 130.55, 31.6, 2),  # 鹿児島県, of which I has the west
        ("462225", 129.49, 28.38, 1),
        ("011002", 141.35, 43.06, 12),
        ("012025", 140.73, 41.77, 11),
        ("134210", 142.19, 27.09, 14),  # 小笠原
        ("131016", 139.75, 35.69, 9),
        ("472018", 127.68, 26.21, 15),
        ("472140", 125.28, 24.81, 16),
        ("990019", 139.8, 36.3, 9),
    ],
)
def test_the_zone_is_that_of_the_prefecture(code: str, lon: float, lat: float, zone: int) -> None:
    found = system_of(code, lon, lat).zone
    assert found is not None
    assert found.number == zone


@given(st.floats(0.2, 1e6))
def test_round_numbers(metres: float) -> None:
    found = round_up(metres)
    assert found >= metres
    assert found <= max(1, metres * 2.5)
    assert found / 10 ** math.floor(math.log10(found)) in {1, 2, 5}


def test_the_offered_scales_are_within_the_limits() -> None:
    assert all(LEAST <= one <= MOST for one in SCALES)
