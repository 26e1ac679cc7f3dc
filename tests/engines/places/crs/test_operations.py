"""Coordinates against published values, and against 国土地理院's formulas written out once more here."""

from __future__ import annotations

import math
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS
from shapely import LineString, Point

from yakuba.engines.places.crs import parameters
from yakuba.engines.places.crs.moved import moved
from yakuba.engines.places.crs.operations import (
    shapes_to_system,
    system,
    to_system,
    transform,
    transform_shapes,
)
from yakuba.engines.places.crs.parameters import MOVED_FILE, TOKYO_FILE, Parameters
from yakuba.engines.places.crs.systems import SYSTEMS, ZONES, plane
from yakuba.kernel.actions import Problem

METRE = 1 / 111_000  # degrees, roughly


def dms(degrees: int, minutes: int, seconds: float) -> float:
    return degrees + minutes / 60 + seconds / 3600


def kawase(latitude: float, longitude: float, zone: int) -> tuple[float, float]:
    """X, Y of a plane system. 河瀬和重 (2011), 国土地理院時報 121, the formula behind 国土地理院's own page; GRS 80, in metres."""
    origin = ZONES[zone - 1]
    a, flattening, scale = 6378137.0, 298.257222101, 0.9999
    n = 1 / (2 * flattening - 1)
    arc = [
        1 + n**2 / 4 + n**4 / 64,
        -3 / 2 * (n - n**3 / 8 - n**5 / 64),
        15 / 16 * (n**2 - n**4 / 4),
        -35 / 48 * (n**3 - 5 / 16 * n**5),
        315 / 512 * n**4,
        -693 / 1280 * n**5,
    ]
    alpha = [
        0.0,
        n / 2 - 2 / 3 * n**2 + 5 / 16 * n**3 + 41 / 180 * n**4 - 127 / 288 * n**5,
        13 / 48 * n**2 - 3 / 5 * n**3 + 557 / 1440 * n**4 + 281 / 630 * n**5,
        61 / 240 * n**3 - 103 / 140 * n**4 + 15061 / 26880 * n**5,
        49561 / 161280 * n**4 - 179 / 168 * n**5,
        34729 / 80640 * n**5,
    ]
    phi0, phi, apart = (
        math.radians(one) for one in (origin.latitude, latitude, longitude - origin.longitude)
    )
    unit = scale * a / (1 + n)
    south = unit * (arc[0] * phi0 + sum(arc[j] * math.sin(2 * j * phi0) for j in range(1, 6)))
    radius = unit * arc[0]
    k = 2 * math.sqrt(n) / (1 + n)
    t = math.sinh(math.atanh(math.sin(phi)) - k * math.atanh(k * math.sin(phi)))
    xi = math.atan2(t, math.cos(apart))
    eta = math.atanh(math.sin(apart) / math.hypot(1, t))
    north = radius * (xi + sum(alpha[j] * math.sin(2 * j * xi) * math.cosh(2 * j * eta) for j in range(1, 6)))
    east = radius * (eta + sum(alpha[j] * math.cos(2 * j * xi) * math.sinh(2 * j * eta) for j in range(1, 6)))
    return north - south, east


# 国土地理院, 測量計算サイト: its own examples, and points that others computed there.
CONTROL = [
    (9, 36.103774791666666, 140.08785504166664, 11543.6883, 22916.2436),
    (1, 33.190977, 129.917483, 21256.0449, 38927.1043),
    (15, 26.160347222222224, 127.70422777777777, 17779.0104, 20416.9652),
]


@pytest.mark.parametrize(("zone", "latitude", "longitude", "north", "east"), CONTROL)
def test_published_values_of_plane_systems(
    zone: int, latitude: float, longitude: float, north: float, east: float
) -> None:
    epsg = plane(zone).epsg
    found = to_system(np.array([[longitude, latitude]]), epsg, "north")
    assert found[0] == pytest.approx((north, east), abs=0.001)
    back = transform(np.array([[north, east]]), epsg, "north")
    assert back.points[0] == pytest.approx((longitude, latitude), abs=0.001 * METRE)
    assert (back.operation.accuracy, back.warnings) == (0.0, ())
    assert kawase(latitude, longitude, zone) == pytest.approx((north, east), abs=0.001)


@given(zone=st.integers(1, 19), across=st.floats(0, 1), along=st.floats(0, 1))
def test_every_zone_agrees_with_the_published_formula_and_comes_back(
    zone: int, across: float, along: float
) -> None:
    west, south, east, north = ZONES[zone - 1].area
    point = (west + across * (east - west), south + along * (north - south))
    epsg = plane(zone).epsg
    metres = to_system(np.array([point]), epsg, "north")
    assert metres[0] == pytest.approx(kawase(point[1], point[0], zone), abs=0.0001)
    assert transform(metres, epsg, "north").points[0] == pytest.approx(point, abs=1e-10)
    assert transform(metres[:, ::-1], epsg, "east").points[0] == pytest.approx(point, abs=1e-10)


def test_the_table_of_systems_is_the_registry_s() -> None:
    for epsg, one in SYSTEMS.items():
        official = CRS.from_epsg(epsg)
        numbers = {p.name: p.value for p in official.coordinate_operation.params} if one.zone else {}
        assert (one.kind == "degrees") == official.is_geographic
        if one.zone:
            assert numbers["Latitude of natural origin"] == one.zone.latitude
            assert numbers["Longitude of natural origin"] == pytest.approx(one.zone.longitude, abs=1e-9)
            assert numbers["Scale factor at natural origin"] == 0.9999
            ellipsoid = "Bessel 1841" if one.datum == "tokyo" else "GRS 1980"
            assert official.ellipsoid is not None
            assert official.ellipsoid.name == ellipsoid
            assert str(one.zone.number) in one.label
    assert len(SYSTEMS) == 5 + 3 * 19
    with pytest.raises(Problem, match="32654"):
        system(32654)


# Corners of meshes as 国土地理院 publishes them, and what its own pages compute inside.
TOKYO = b"""JGD2000-TokyoDatum Ver.2.1.2\r\nMeshCode   dB(sec)   dL(sec)\r
54401027  11.49105 -11.80078\r\n54401028  11.49096 -11.80476\r\n54401037  11.48732 -11.80198\r\n54401038  11.48769 -11.80555\r\n"""
MOVED = (
    "for PatchJGD        Ver.4.0.0　\r\n".encode("cp932")
    + b"-\r\n" * 14
    + b"MeshCode   dB(sec)   dL(sec)\r\n57413465  -0.06064   0.22523\r\n57413454  -0.05984   0.22393\r\n"
    b"57413464  -0.06011   0.22417\r\n57413455  -0.06040   0.22520\r\n"
)


def test_parameter_files_are_interpolated_as_the_institute_does() -> None:
    tokyo, ground = parameters.parse(TOKYO, TOKYO_FILE), parameters.parse(MOVED, MOVED_FILE)
    assert tokyo.version == "JGD2000-TokyoDatum Ver.2.1.2"
    point = np.array([[140.08785504166664, 36.103774791666666]])
    found = transform(point, 4301, parameters=Parameters(tokyo=tokyo))
    assert found.points[0] == pytest.approx((140.084576867, 36.106966281), abs=1e-8)
    # The first step is exact, the second unknown: so is the whole.
    assert (found.operation.key, found.operation.accuracy) == ("tky2jgd+jgd2000_unsure", None)
    point = np.array([[141.5559006163195, 38.2985120586605]])
    found = transform(point, 4612, parameters=Parameters(moved=ground))
    assert found.points[0] == pytest.approx((141.555963019, 38.298495306), abs=1e-8)
    assert (found.operation.key, found.operation.accuracy, found.warnings) == ("patchjgd", 0.2, ())
    assert "Ver.4.0.0" in found.operation.note
    # A corner is missing beyond the file: nothing is made up there.
    shift, covered = ground.at(np.array([[141.60, 38.30], [500.0, 38.3], [np.nan, np.inf], [141.5625, 38.3]]))
    assert not covered.any()
    assert not shift.any()


def test_points_beyond_a_file_are_said_to_be_less_exact() -> None:
    given_files = Parameters(parameters.parse(TOKYO, TOKYO_FILE), parameters.parse(MOVED, MOVED_FILE))
    inside, outside = (140.0878, 36.1038), (130.40, 33.59)
    found = transform(np.array([inside, outside, outside]), 4301, parameters=given_files)
    assert [(use.operation.key, use.operation.accuracy, use.count) for use in found.uses] == [
        ("tky2jgd+jgd2000_unsure", None, 1),
        ("tokyo_3+jgd2000_kept", 9.0, 2),
    ]
    assert "3点のうち1点" in found.warnings[0]


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\x00\xff" * 50,
        TOKYO.replace(b"JGD2000", b"JGD1900"),
        TOKYO.replace(b" -11.80078", b""),
        TOKYO.replace(b"11.49105", b"eleven"),
        TOKYO.replace(b"11.49105", b"nan"),
        TOKYO.replace(b"54401027", b"54401028"),
        TOKYO.replace(b"54401027", b"54809027"),
        TOKYO.replace(b"54401027", b"5440102.5"),
        TOKYO[: TOKYO.index(b"54401027")],
    ],
)
def test_a_broken_parameter_file_is_refused(broken: bytes) -> None:
    with pytest.raises(Problem) as caught:
        parameters.parse(broken, TOKYO_FILE)
    assert caught.value.code == "parameters_broken"


def test_the_operator_s_folder(tmp_path: Path, settings: object) -> None:
    settings.GSI_PARAMETERS = ""  # type: ignore[attr-defined]  # pytest-django's fixture
    assert parameters.configured() == Parameters()
    settings.GSI_PARAMETERS = str(tmp_path)  # type: ignore[attr-defined]
    assert parameters.configured() == Parameters()
    (tmp_path / "tky2jgd.PAR").write_bytes(TOKYO)
    found = parameters.configured()
    assert found.tokyo is not None
    assert found.moved is None
    (tmp_path / "tky2jgd.PAR").write_bytes(TOKYO.replace(b"2.1.2", b"2.1.3"))
    os.utime(tmp_path / "tky2jgd.PAR", (1, 1))
    again = parameters.configured()
    assert again.tokyo is not None
    assert again.tokyo.version.endswith("2.1.3")
    settings.GSI_PARAMETERS = str(tmp_path / "missing")  # type: ignore[attr-defined]
    with pytest.raises(Problem, match="YAKUBA_GSI_PARAMETERS"):
        parameters.configured()


def test_the_old_datum_without_a_file_is_metres_off_and_says_so() -> None:
    """The example in 国土地理院's manual of TKY2JGD."""
    found = transform(np.array([[dms(138, 44, 36.1809), dms(35, 43, 18)]]), 4301)
    exact = (dms(138, 44, 24.90110), dms(35, 43, 29.55634))
    away = math.hypot(
        (found.points[0][0] - exact[0]) * 111_000 * math.cos(math.radians(36)),
        (found.points[0][1] - exact[1]) * 111_000,
    )
    assert 0.1 < away < 9
    assert "3パラメータ" in found.operation.label
    west = transform(np.array([[130.4, 33.6]]), 4301).operation
    assert (west.accuracy, west.exactness) == (9.0, "精度はおよそ9m")
    # The same point by its plane coordinates in zone 8.
    plane_found = transform(np.array([[193524.0, 34235.0]]), 30168, "north")
    assert to_system(plane_found.points, 6676, "north")[0] == pytest.approx((193873.2553, 33954.5081), abs=9)


# Town halls and stations, to a hundredth of a degree.
MOVED_PLACES = {
    "女川": (141.44, 38.44),
    "つくば": (140.08, 36.08),
    "大間": (140.91, 41.53),
    "渋川": (139.00, 36.49),
    "福井": (136.22, 36.06),
    "高浜": (135.55, 35.49),
    "高山": (137.25, 36.15),
    "飯田": (137.82, 35.51),
    "館山": (139.87, 35.00),
    "小田原": (139.15, 35.26),
    "新宿": (139.70, 35.69),
    "佐渡": (138.37, 38.02),
    "輪島": (136.90, 37.39),
    "海津": (136.64, 35.22),
}
KEPT_PLACES = {
    "函館": (140.73, 41.77),
    "松前": (140.11, 41.43),
    "名古屋": (136.91, 35.18),
    "静岡": (138.38, 34.98),
    "熱海": (139.07, 35.09),
    "沼津": (138.86, 35.10),
    "大津": (135.87, 35.00),
    "舞鶴": (135.39, 35.47),
    "福岡": (130.40, 33.59),
    "八丈": (139.79, 33.11),
    "小笠原": (142.19, 27.09),
}


def test_the_region_that_moved_in_2011() -> None:
    assert moved(np.array(list(MOVED_PLACES.values()))).all()
    assert not moved(np.array(list(KEPT_PLACES.values()))).any()
    for epsg in (4612, 2451):
        here = np.array([MOVED_PLACES["女川"]])
        found = transform(here if epsg == 4612 else to_system(here, 6677), epsg)
        assert found.points[0] == pytest.approx(here[0], abs=1e-10)
        assert found.operation.accuracy is None
        assert "5.85" in found.warnings[0]
        assert "読み替え" in found.operation.label
    quiet = transform(np.array([KEPT_PLACES["福岡"]]), 4612)
    assert (quiet.operation.accuracy, quiet.warnings) == (0.0, ())
    assert not transform(np.array([MOVED_PLACES["女川"]]), 6668).warnings


def test_geometries_keep_their_places_and_those_without_meaning_go() -> None:
    line = LineString([(22916.2436, 11543.6883, 5.0), (23000, 11600, 6.0)])
    shapes, found = transform_shapes([None, line, Point(1e30, 1e30)], 6677)
    assert shapes[0] is None
    assert shapes[2] is None
    assert found.operation.key == "plane"
    assert shapes[1] is not None
    assert not shapes[1].has_z
    back = shapes_to_system([shapes[1]], 6677)[0]
    assert np.asarray(back.coords) == pytest.approx(np.asarray(line.coords)[:, :2], abs=0.0001)
    assert transform_shapes([None], 6677)[0] == [None]
    with pytest.raises(ValueError, match="older datum"):
        to_system(np.array([[139.0, 36.0]]), 2451)


def test_many_points_at_once() -> None:
    many = np.random.default_rng(1).uniform(-50_000, 50_000, (100_000, 2))
    found = transform(many, 30169, "north", Parameters(parameters.parse(TOKYO, TOKYO_FILE)))
    assert sum(use.count for use in found.uses) == len(found.points) == 100_000
    assert found.points[77_777] == pytest.approx(
        transform(many[77_777:77_778], 30169, "north").points[0], abs=9 * METRE
    )
