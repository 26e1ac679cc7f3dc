"""Shapes: what is taken, what is refused and why, and that nothing is lost on the way."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

import jsonschema
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from yakuba.engines.places.columns import HIGHEST_RANK, rank_of
from yakuba.engines.places.shapes import Shape, ShapeKind
from yakuba.kernel.fields import Invalid

KIND = ShapeKind()
LON, LAT = st.floats(-180, 180), st.floats(-90, 90)


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    """Points, lines and areas of any size, anywhere."""
    lon, lat = draw(st.floats(-179, 178)), draw(st.floats(-89, 88))
    size = draw(st.floats(1e-6, 1))
    sort = draw(st.sampled_from(["point", "points", "line", "area", "holed", "areas"]))
    square = shapely.box(lon, lat, lon + size, lat + size)
    return Shape.of(
        {
            "point": shapely.Point(lon, lat),
            "points": shapely.MultiPoint([(lon, lat), (lon + size, lat)]),
            "line": shapely.LineString([(lon, lat), (lon + size, lat + size / 2)]),
            "area": square,
            "holed": square.difference(square.centroid.buffer(size / 4, quad_segs=2)),
            "areas": shapely.MultiPolygon(
                [square.buffer(-size / 3), square.buffer(-size / 4).boundary.buffer(0.01)][:1]
            ),
        }[sort]
    )


@given(shapes())
def test_text_json_and_bytes_give_the_same_shape_again(shape: Shape) -> None:
    assert KIND.parse(KIND.to_text(shape)) == shape
    data = KIND.to_json(shape)
    assert KIND.from_json(data) == shape
    jsonschema.validate(data, KIND.schema())
    assert KIND.from_cell(KIND.to_cell(shape)) == shape
    assert Shape.from_wkb(shape.wkb) == shape
    assert Shape.of(shape.geometry) == shape


@given(shapes())
def test_bounds_are_those_of_the_geometry(shape: Shape) -> None:
    assert shape.bounds == shape.geometry.bounds
    assert shape.kind == {0: "point", 1: "line", 2: "area"}[shapely.get_dimensions(shape.geometry)]


@given(LON, LAT)
def test_a_point_is_written_latitude_first(lon: float, lat: float) -> None:
    first, second = (float(part) for part in KIND.to_text(Shape.point(lon, lat)).split(", "))
    assert (first, second) == (pytest.approx(lat, abs=1e-9), pytest.approx(lon, abs=1e-9))


def test_outer_rings_run_against_the_clock_and_holes_with_it() -> None:
    shape = KIND.parse(
        "POLYGON ((139 36, 139 37, 140 37, 140 36, 139 36), (139.2 36.2, 139.4 36.2, 139.4 36.4, 139.2 36.2))"
    )
    outer, hole = shape.geojson()["coordinates"]
    assert shapely.LinearRing(outer).is_ccw
    assert not shapely.LinearRing(hole).is_ccw


def test_heights_are_left_out() -> None:
    assert KIND.parse("POINT Z (139.8 36.3 52)") == Shape.point(139.8, 36.3)
    assert Shape.from_geojson({"type": "Point", "coordinates": [139.8, 36.3, 52]}) == Shape.point(139.8, 36.3)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("139.805678, 36.321456", "shape_order"),
        ("POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))", "shape_invalid"),
        ("LINESTRING (139 36, 139 36)", "shape_invalid"),
        ("POINT (400 36)", "shape_range"),
        ("POINT (139 1e400)", "shape_number"),
        ("POINT EMPTY", "shape_empty"),
        ("GEOMETRYCOLLECTION (POINT (1 2))", "shape_text"),
        ("みほん市本町1-1", "shape_text"),
        ("POLYGON ((0 0, 1 1))", "shape_text"),
        ("POINT (", "shape_text"),
    ],
)
def test_what_is_no_shape_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        KIND.parse(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "data",
    [
        None,
        "POINT (139 36)",
        {"type": "Point"},
        {"type": "Point", "coordinates": [139]},
        {"type": "Point", "coordinates": ["139", "36"]},
        {"type": "Point", "coordinates": [True, False]},
        {"type": "Point", "coordinates": [[139, 36]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]},
        {"type": "Polygon", "coordinates": []},
        {"type": "LineString", "coordinates": [[139, 36]]},
        {"type": "GeometryCollection", "geometries": []},
        {"type": ["Point"], "coordinates": [139, 36]},
    ],
)
def test_what_is_no_geojson_is_refused(data: object) -> None:
    with pytest.raises(Invalid):
        KIND.from_json(data)


@given(st.binary(max_size=200))
def test_bytes_that_are_no_shape_are_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        Shape.from_wkb(data)


@given(st.text(max_size=80))
def test_any_text_is_a_shape_or_is_refused(text: str) -> None:
    with suppress(Invalid):  # anything else that is raised fails
        shape = KIND.parse(text)
        assert KIND.parse(KIND.to_text(shape)) == shape


def test_a_quarter_of_all_reaches_the_next_rank() -> None:
    # Ids that are the same in every run: one of 300 runs with ids of its own would miss the third rank's bound by chance.
    ranks = [rank_of(UUID(int=number)) for number in range(4000)]
    assert all(0 <= rank <= HIGHEST_RANK for rank in ranks)
    for rank in (1, 2, 3):
        assert sum(found >= rank for found in ranks) == pytest.approx(4000 / 4**rank, rel=0.35)


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_a_point_that_is_written_by_hand_is_the_one_that_shapely_writes(lon: float, lat: float) -> None:
    made, known = Shape.point(lon, lat), Shape.of(shapely.Point(lon, lat))
    assert made == known
    assert made.geojson(9) == {
        "type": "Point",
        "coordinates": [round(known.geometry.x, 9), round(known.geometry.y, 9)],
    }
