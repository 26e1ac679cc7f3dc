"""Files that do not say what their numbers are."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

from yakuba.engines.places.crs import wkt
from yakuba.engines.places.crs.guessing import Landmark, distance, order, readings
from yakuba.engines.places.crs.operations import to_system
from yakuba.engines.places.crs.systems import SYSTEMS, ZONES, plane

HALL = Landmark("見本市役所", 140.08, 36.10)
NEAR = np.array([[140.0801, 36.1005], [140.0878, 36.1037], [140.07, 36.09]])


@pytest.mark.parametrize("epsg", [6677, 6668, 3857])
@pytest.mark.parametrize("axis", ["east", "north"])
def test_the_reading_nearest_the_town_hall_comes_first(epsg: int, axis: str) -> None:
    written = to_system(NEAR, epsg, axis)  # type: ignore[arg-type]  # one of the two
    found = readings(written, [Landmark("架空", 130.0, 33.0), HALL])
    first = found[0]
    kind = SYSTEMS[epsg].kind
    assert (first.system.kind, first.axis, first.landmark) == (kind, axis, HALL)
    assert first.system.zone == SYSTEMS[epsg].zone
    assert first.distance is not None
    assert first.distance < 500
    assert "見本市役所から0.0km" in first.label or "見本市役所から0.1km" in first.label
    distances = [one.distance or 0.0 for one in found]
    assert all(after > before - 1000 for before, after in pairwise(distances))
    assert {one.system.datum for one in found if one.distance is not None and one.distance < 1000} >= (
        {"jgd2011", "jgd2000", "tokyo"} if kind != "mercator" else {"wgs84"}
    )


def test_of_readings_that_only_their_datum_parts_the_newest_comes_first() -> None:
    """From a town hall to the south-east the old datum's reading lies a little nearer: it would move everything by 450 m."""
    for hall in (Landmark("南東", 140.6, 35.7), Landmark("北西", 139.6, 36.5)):
        found = readings(to_system(NEAR, 6677, "east"), [hall])
        plane = [one.system.datum for one in found if one.system.kind == "plane"][:3]
        assert plane == ["jgd2011", "jgd2000", "tokyo"]


def test_without_landmarks_places_are_told_by_degrees() -> None:
    found = readings(NEAR[:, ::-1])
    assert {one.axis for one in found if one.system.kind == "degrees"} == {"north"}
    assert "北緯36.1005度・東経140.0801度付近" in found[0].label


def test_numbers_that_mean_nothing_have_no_reading() -> None:
    for nowhere in ([[1e300, 1e300]], [[np.nan, 1.0]], []):
        assert readings(np.array(nowhere).reshape(-1, 2), [HALL]) == []
    asked = order(np.array([[1e300, 1e300]]), 6677, "east", [HALL])
    assert (asked.axis, asked.readings) == (None, ())


@given(zone=st.integers(1, 19), across=st.floats(0.1, 0.9), along=st.floats(0.1, 0.9))
def test_a_swap_is_asked_about_and_never_taken(zone: int, across: float, along: float) -> None:
    west, south, east, north = ZONES[zone - 1].area
    where = np.array([[west + across * (east - west), south + along * (north - south)]])
    hall = Landmark("例示町役場", *where[0])
    right, swapped = (to_system(where, plane(zone).epsg, axis) for axis in ("east", "north"))  # type: ignore[arg-type]
    assert order(right, plane(zone).epsg, "east", [hall]).axis == "east"
    asked = order(swapped, plane(zone).epsg, "east", [hall])
    if abs(right[0][0] - right[0][1]) > 1:  # else both orders are the same place
        assert asked.axis is None
        assert [one.axis for one in asked.readings] == ["east", "north"]


def test_degrees_in_the_wrong_columns() -> None:
    assert order(NEAR, 6668, "east").axis == "east"
    asked = order(NEAR[:, ::-1], 6668, "east")
    assert asked.axis is None
    assert "緯度・経度の順" in asked.readings[-1].label


def test_distance() -> None:
    # A minute of latitude is a nautical mile.
    assert distance(140.08, 36.10 + 1 / 60, HALL) == pytest.approx(1852, rel=0.005)


@pytest.mark.parametrize("epsg", SYSTEMS)
@pytest.mark.parametrize("flavour", ["WKT1_ESRI", "WKT1_GDAL", "WKT2_2019"])
def test_every_flavour_of_wkt_is_told(epsg: int, flavour: str) -> None:
    assert wkt.epsg(CRS.from_epsg(epsg).to_wkt(flavour)) == epsg


ZONE_9 = CRS.from_epsg(6677).to_wkt("WKT1_ESRI")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PROJCS",
        "36",
        ZONE_9[:-1],
        ZONE_9 + "]",
        ZONE_9 + ",1",
        ZONE_9.replace("0.9999", "0.9996"),
        ZONE_9.replace('"Meter",1.0', '"Foot",0.3048'),
        ZONE_9.replace("139.833333333333", "139.5"),
        ZONE_9.replace('"False_Easting",0.0', '"False_Easting",500000.0'),
        ZONE_9.replace("D_JGD_2011", "D_Potsdam"),
        ZONE_9.replace("Transverse_Mercator", "Lambert"),
        CRS.from_epsg(32654).to_wkt("WKT1_ESRI"),
        "A[" * 5000,
        "A[" * 5000 + "]" * 5000,
        '"' * 9999,
    ],
)
def test_what_is_not_ours_is_not_guessed(text: str) -> None:
    assert wkt.epsg(text) is None


@given(st.text('GEOCS[]",0123.9JD_', max_size=60), st.integers(0, len(ZONE_9)))
def test_no_text_upsets_it(noise: str, at: int) -> None:
    assert wkt.epsg(noise) is None
    assert wkt.epsg(ZONE_9[:at] + noise + ZONE_9[at:]) in {None, 6677}
