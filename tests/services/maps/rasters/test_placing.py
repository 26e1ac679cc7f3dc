"""Where a picture lies: world files, GeoTIFF tags and control points; and which pixel each dot of a tile shows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yakuba.engines.places.crs.operations import transform
from yakuba.engines.places.crs.parameters import NONE
from yakuba.engines.places.mercator import to_world
from yakuba.kernel.actions import Problem
from yakuba.services.maps.rasters.fitting import Point, applied, fit, geotiff, world_file
from yakuba.services.maps.rasters.laying import CELLS, TILE, lay

#: Systems with the middle of a picture in them, east and north, and how large a pixel is.
GROUNDS = (
    (6677, -3000.0, 33_000.0, 0.25),
    (2451, -3000.0, 33_000.0, 0.25),
    (30169, -3000.0, 33_000.0, 2.0),
    (6668, 139.8, 36.3, 0.000_002),
    (4301, 139.8, 36.3, 0.000_02),
    (3857, 15_562_000.0, 4_340_000.0, 1.0),
)


def turned(at: tuple[int, float, float, float], angle: float, size: tuple[int, int]):
    """A picture turned about its middle."""
    _epsg, east, north, pixel = at
    cos, sin = pixel * np.cos(angle), pixel * np.sin(angle)
    a, b, d, e = cos, sin, sin, -cos
    return (
        a, b, east - a * size[0] / 2 - b * size[1] / 2,
        d, e, north - d * size[0] / 2 - e * size[1] / 2,
    )  # fmt: skip


@settings(max_examples=25)
@given(
    st.sampled_from(GROUNDS),
    st.floats(-3.1, 3.1),
    st.integers(200, 12_000),
    st.integers(200, 12_000),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_a_dot_of_a_tile_shows_the_pixel_that_lies_there(at, angle, width, height, x, y) -> None:
    size = (width, height)
    affine = turned(at, angle, size)
    laid = lay(affine, at[0], size, NONE)
    pixel = np.array([[x * width, y * height]])
    lon, lat = transform(applied(affine, pixel), at[0]).points[0]
    world = np.array([to_world(lon, lat)])
    assert np.abs(laid.pixels(world) - pixel).max() < 0.35
    zoom = laid.max_zoom
    column, row = (int(share) for share in world[0] * 2**zoom)
    left, top, right, bottom = laid.span_of(zoom)
    assert left <= column <= right
    assert top <= row <= bottom
    corners = laid.corners([(zoom, column, row)])[0]
    inside = world[0] * 2**zoom - (column, row)
    cell_x, cell_y = (min(CELLS - 1, int(share * CELLS)) for share in inside)
    u, v = inside * CELLS - (cell_x, cell_y)
    upper = corners[cell_y, cell_x] * (1 - u) + corners[cell_y, cell_x + 1] * u
    lower = corners[cell_y + 1, cell_x] * (1 - u) + corners[cell_y + 1, cell_x + 1] * u
    assert np.abs(upper * (1 - v) + lower * v - pixel).max() < 0.5


@given(st.sampled_from(GROUNDS), st.integers(300, 8000))
@settings(max_examples=15)
def test_the_finest_tiles_lose_no_pixel_and_invent_few(at, side) -> None:
    laid = lay(turned(at, 0.3, (side, side)), at[0], (side, side), NONE)
    zoom = laid.max_zoom
    middle = np.array([laid.center])
    step = laid.pixels(middle + 0.5**zoom / TILE) - laid.pixels(middle)
    assert 0.3 < np.linalg.norm(step) / np.sqrt(2) < 1.4 or zoom in {0, 21}


def test_a_picture_of_far_away_tiles_is_a_dot_at_its_place() -> None:
    at = GROUNDS[0]
    laid = lay(turned(at, 0.0, (1000, 1000)), at[0], (1000, 1000), NONE)
    for zoom in range(laid.max_zoom):
        left, top, _right, _bottom = laid.span_of(zoom)
        corners = laid.corners([(zoom, left, top)])[0]
        share = np.array(laid.center) * 2**zoom - (left, top)
        if 2.0**-zoom > 2 * laid.span:
            across, down = corners[0, -1] - corners[0, 0], corners[-1, 0] - corners[0, 0]
            assert np.abs(corners[0, 0] + across * share[0] + down * share[1] - 500).max() < 1
        else:  # what lies beside the picture stays beside it
            inside = ((corners > -1) & (corners < 1001)).all(axis=-1)
            assert inside.mean() < 0.9


def test_a_world_file_names_the_middle_of_the_first_pixel() -> None:
    found = world_file(b"0.5\r\n0\r\n0\r\n-0.5\r\n1000.25\r\n1999.75\r\n")
    assert found == (0.5, 0.0, 1000.0, 0.0, -0.5, 2000.0)
    for wrong in (b"", b"1 2 3", b"0.5\n0\n0\n-0.5\n1000\nx", b"0.5\n0\n0\n0.5\n1000\n2000", b"1" * 3000):
        with pytest.raises(Problem) as refused:
            world_file(wrong)
        assert refused.value.field == "world"


def test_the_tags_of_a_geotiff() -> None:
    keys = [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 6677]
    tags = {"scale": [0.5, 0.5, 0.0], "tie": [0, 0, 0, 1000.0, 2000.0, 0], "keys": keys}
    assert geotiff(tags) == ((0.5, 0.0, 1000.0, 0.0, -0.5, 2000.0), 6677)
    keys[11] = 2
    assert geotiff(tags)[0] == (0.5, 0.0, 999.75, 0.0, -0.5, 2000.25), "PixelIsPoint"
    matrix = [0.5, 0.1, 0, 1000.0, 0.1, -0.5, 0, 2000.0, 0, 0, 0, 0, 0, 0, 0, 1]
    degrees = [1, 1, 0, 2, 1024, 0, 1, 2, 2048, 0, 1, 4612]
    assert geotiff({"matrix": matrix, "keys": degrees}) == ((0.5, 0.1, 1000.0, 0.1, -0.5, 2000.0), 4612)
    assert geotiff({"keys": [1, 1, 0, 1, 3072, 0, 1, 32654]}) == (None, None), "a system that is not read"
    assert geotiff({}) == (None, None)


@given(st.floats(-3, 3), st.floats(0.01, 5), st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 4000)), min_size=4, max_size=8, unique=True))  # fmt: skip
@settings(max_examples=25)
def test_control_points_find_a_turned_picture(
    angle: float, pixel: float, spots: list[tuple[int, int]]
) -> None:
    affine = turned((6677, -3000.0, 33_000.0, pixel), angle, (5000, 4000))
    pixels = np.array([*spots, (0, 0), (5000, 0), (0, 4000)][-8:], dtype=np.float64)
    points = [Point(*at, *ground) for at, ground in zip(pixels, applied(affine, pixels), strict=True)]
    found = fit(points, 6677, "990019", (5000, 4000), NONE)
    corners = np.array([(0.0, 0.0), (5000.0, 4000.0)])
    assert np.abs(applied(found.affine, corners) - applied(affine, corners)).max() < 0.001
    assert found.mean < 0.001


def test_a_wrong_point_is_seen_with_four_and_in_any_system() -> None:
    pixels = [(0.0, 0.0), (2000.0, 0.0), (0.0, 2000.0), (2000.0, 2000.0)]
    metres = np.array([(1000 + x * 0.1, 2000 - y * 0.1) for x, y in pixels])
    degrees = transform(metres, 6677).points
    for epsg, ground in ((6677, metres), (6668, degrees)):
        points = [Point(*at, *where) for at, where in zip(pixels, ground, strict=True)]
        assert fit(points, epsg, "990019", (2000, 2000), NONE).mean < 0.001
    wrong = [*points[:3], Point(2000, 2000, *transform(metres[3:] + np.array([4, 0]), 6677).points[0])]
    found = fit(wrong, 6668, "990019", (2000, 2000), NONE)
    assert found.off == pytest.approx((1, 1, 1, 1), abs=0.01), "four metres, shared by the four corners"


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ([(0, 0, 0, 0), (1, 1, 1, 1)], "points"),
        ([(0, 0, 0.0, 0.0), (1000, 1000, 100, -100), (2000, 2000, 200, -200)], "points_line"),
        ([(0, 0, 0.0, 0.0), (1000, 0, -100, 0), (0, 1000, 0, -100)], "turned"),
        ([(0, 0, 9e6, 9e6), (1000, 0, 9e6, 9e6), (0, 1000, 9e6, 9e6)], "outside"),
    ],
)
def test_points_that_lay_it_nowhere_are_refused(points, code: str) -> None:
    with pytest.raises(Problem) as refused:
        fit([Point(*map(float, one)) for one in points], 6677, "990019", (2000, 2000), NONE)
    assert refused.value.code == code


def test_what_covers_too_much_ground_is_refused() -> None:
    with pytest.raises(Problem) as refused:
        lay((1e-6, 0, 139.0, 0, -0.01, 45.0), 6668, (2500, 2000), NONE)
    assert refused.value.code == "too_wide"
    with pytest.raises(Problem) as refused:
        lay((1.0, 0, 0.0, 0, -1.0, 0.0), 6668, (100, 100), NONE)
    assert refused.value.code == "outside"


@pytest.mark.parametrize(
    "numbers", [(1e-100, 0, 139.8, 0, -1e-100, 36.3), (1e-3, 0, 139.8, 0, -1e-100, 36.3)]
)
def test_what_lies_on_one_spot_is_refused(numbers: tuple[float, float, float, float, float, float]) -> None:
    with pytest.raises(Problem) as refused:
        lay(numbers, 6668, (900, 700), NONE)
    assert refused.value.code == "too_small"
