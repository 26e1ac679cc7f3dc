"""From a file to places, and the questions on the way."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from tests.engines.places.formats.samples import ZONE_9, here, point, shapefile
from yakuba.engines.places.crs.guessing import Landmark
from yakuba.engines.places.crs.systems import Axis
from yakuba.engines.places.formats import geojson, tables
from yakuba.engines.places.formats import shapefile as shapefiles
from yakuba.engines.places.formats.drawn import Drawn, Feature, Field, Hints, told
from yakuba.engines.places.formats.settling import Question, Settled, settle

HALL = Landmark("見本市役所", 140.08, 36.10)
# A point of zone 9 that 国土地理院 publishes: X (north), Y (east).
NORTH, EAST = 11543.6883, 22916.2436
TRUE = shapely.Point(140.08785504166664, 36.103774791666666)


def settled(drawn: Drawn, hints: Hints = Hints()) -> Settled:  # noqa: B008 – frozen
    got = settle(told(drawn, hints), [HALL], hints=hints)
    assert isinstance(got, Settled)
    return got


def asked(drawn: Drawn, hints: Hints = Hints()) -> Question:  # noqa: B008 – frozen
    got = settle(told(drawn, hints), [HALL], hints=hints)
    assert isinstance(got, Question)
    return got


def near(shape: object) -> bool:
    return isinstance(shape, shapely.Point) and shape.distance(TRUE) < 1e-8


def test_a_shapefile_that_says_all() -> None:
    got = settled(here(shapefiles.read, shapefile([point(EAST, NORTH)]), "", ""))
    assert near(got.features[0].geometry)
    assert (got.how.operation.key, got.warnings, got.faults) == ("plane", (), [])
    assert any("第9系" in note and "東・北" in note for note in got.notes)


def test_a_system_that_a_person_chose_above_the_file_s_is_told() -> None:
    drawn = here(shapefiles.read, shapefile([point(EAST, NORTH)]), "", "")
    assert any("JGD2011））ではなく、選ばれた" in note for note in settled(drawn, Hints(crs=2451)).notes)
    assert not any("選ばれた" in note for note in settled(drawn, Hints(crs=6677)).notes)


def test_a_shapefile_whose_numbers_are_turned_is_asked_about_with_both_readings() -> None:
    drawn = here(shapefiles.read, shapefile([point(NORTH, EAST)]), "", "")
    question = asked(drawn)
    assert "見本市役所" in question.why
    assert [one.axis for one in question.readings] == ["east", "north"]
    assert "見本市役所から0.8km" in question.readings[1].label
    assert near(settled(drawn, Hints(axis="north")).features[0].geometry)


@pytest.mark.parametrize(("first", "second", "axis"), [(EAST, NORTH, "east"), (NORTH, EAST, "north")])
def test_a_shapefile_without_prj_offers_systems_by_their_distance(
    first: float, second: float, axis: Axis
) -> None:
    drawn = here(shapefiles.read, shapefile([point(first, second)], prj=None), "", "")
    best = asked(drawn).readings[0]
    assert best.system.zone is not None
    assert (best.system.zone.number, best.axis) == (9, axis)
    assert near(settled(drawn, Hints(crs=best.system.epsg, axis=best.axis)).features[0].geometry)


def test_an_old_datum_is_named_with_its_accuracy_and_warned_about() -> None:
    old = ZONE_9.replace("D_JGD_2011", "D_JGD_2000").replace("JGD_2011", "JGD_2000")
    got = settled(here(shapefiles.read, shapefile([point(EAST, NORTH)], prj=old), "", ""))
    assert near(got.features[0].geometry)
    assert got.how.operation.source == 2451
    assert "読み替え" in got.how.operation.label
    assert got.how.operation.exactness == "精度は分かりません"
    assert "2011年" in got.warnings[0]


def test_tables_are_read_in_the_surveyors_order_and_a_swap_is_asked_about() -> None:
    survey = here(tables.read, f"X座標,Y座標\n{NORTH},{EAST}\n".encode(), "csv", "", "")
    assert near(settled(survey, Hints(crs=6677)).features[0].geometry)
    turned = here(tables.read, b"lat,lon\n140.0878550,36.1037748\n", "csv", "", "")
    question = asked(turned, Hints(crs=6668))
    assert [one.axis for one in question.readings if one.inside] == ["north"]
    assert settled(turned, Hints(crs=6668, axis="north")).features[0].geometry is not None


def test_rows_outside_japan_are_told_and_the_others_stay() -> None:
    points = [shapely.Point(140.0, 36.0), None, shapely.Point(0.0, 0.0), shapely.Point(140.1, 36.1)]
    rows = [Feature(n, one, {"a": n}) for n, one in enumerate(points, 1)]
    got = settled(Drawn("geojson", rows, 4326, "east", [Field("a", "integer")], "utf-8"))
    assert [(one.row, one.code, one.found) for one in got.faults] == [(3, "shape_outside", "0, 0")]
    assert [one.geometry is None for one in got.features] == [False, True, True, False]
    assert [one.properties["a"] for one in got.features] == [1, 2, 3, 4]
    far = [Feature(1, shapely.Point(1e30, 1e30), {}), Feature(2, shapely.Point(EAST, NORTH), {})]
    lost = settled(Drawn("csv", far, 6677, "east", [], "utf-8"), Hints(axis="east"))
    assert [(one.row, one.code) for one in lost.faults] == [(1, "shape_outside")]
    assert near(lost.features[1].geometry)


def test_a_file_without_any_place() -> None:
    empty = here(geojson.read, b'{"type":"FeatureCollection","features":[]}')
    assert settled(empty).features == []
    none = Drawn("csv", [Feature(1, None, {})], 6668, "east", [], "utf-8")
    assert settled(none).features[0].geometry is None


def test_many_points() -> None:
    many = shapely.points(np.random.default_rng(1).uniform((139, 35), (141, 37), (100_000, 2)))
    rows = [Feature(n, one, {}) for n, one in enumerate(many, 1)]
    got = settled(Drawn("csv", rows, 4612, "east", [], "utf-8"))
    assert len(got.features) == sum(use.count for use in got.how.uses) == 100_000
