"""Tiles, read as others read them: the same features by PostGIS and by hand, nothing lost at a seam, thinned always alike."""

from __future__ import annotations

import gzip
from typing import Any
from uuid import UUID

import mapbox_vector_tile
import pytest
import shapely
from django.db import connection

from tests.engines.places.specimens import COLUMNS, lamp, layer, loaded, released
from tests.world import Town, make_town
from yakuba.engines.places import layers, postgis, rules, store
from yakuba.engines.places.actions import SetStyle, set_style
from yakuba.engines.places.columns import rank_of
from yakuba.engines.places.layers import Property
from yakuba.engines.places.mercator import tile_box, to_world
from yakuba.engines.places.models import LayerEdition, LayerState, UploadedFeature, UploadedLayer
from yakuba.engines.places.shapes import Shape
from yakuba.engines.places.tiles import by_hand, keeping, mvt, tile
from yakuba.engines.places.tiles.making import BUFFER, within
from yakuba.engines.places.uploads import Upload
from yakuba.engines.places.values import values
from yakuba.kernel import fields
from yakuba.kernel.actions import Missing
from yakuba.kernel.fields import PUBLIC

pytestmark = pytest.mark.django_db

Z, X, Y = 14, 14552, 6413
WEST, SOUTH, EAST, NORTH = tile_box(Z, X, Y)
# Ten metres, in degrees of longitude at this latitude.
TEN = 10 / 111_320 / 0.8


@pytest.fixture(scope="module")
def town(module_db: None) -> Town:
    made = make_town("990019", "みほん市")
    for role in ("map_keeper", "staff"):
        made.account(role)
    return made


def read(data: bytes) -> list[dict[str, Any]]:
    """The features of a tile's one layer, y growing upwards."""
    found = mapbox_vector_tile.decode(data)
    assert len(found) <= 1
    return [one for whole in found.values() for one in whole["features"]]


def ids(data: bytes) -> set[str]:
    return {one["properties"]["id"] for one in read(data)}


def upload(town: Town, features: list[store.Given]) -> Upload:
    made = released(town, features)
    set_style(town.ctx("map_keeper"), made.state, SetStyle({"by": "name", "label": "f2"}))
    return Upload(UploadedLayer.unscoped.select_related("state", "edition").get(pk=made.pk))


def whole(town: Town, found: Upload, z: int, x: int, y: int) -> bytes:
    return gzip.decompress(tile(found, town.ctx("public"), z, x, y))


def sorts() -> list[store.Given]:
    """Of every sort, within the tile, across its edges and far from it."""
    middle_x, middle_y = (WEST + EAST) / 2, (SOUTH + NORTH) / 2
    size = (EAST - WEST) / 3
    shapes: list[shapely.Geometry] = [
        shapely.Point(middle_x, middle_y),
        shapely.MultiPoint([(middle_x, middle_y), (EAST + 1, middle_y)]),
        shapely.LineString([(WEST - size, middle_y), (EAST + size, middle_y + size / 2)]),
        shapely.MultiLineString([[(WEST, SOUTH), (EAST, NORTH)], [(WEST, NORTH), (EAST, SOUTH)]]),
        shapely.box(middle_x - size, middle_y - size, middle_x + size, middle_y + size),
        shapely.Point(middle_x, middle_y)
        .buffer(size)
        .difference(shapely.Point(middle_x, middle_y).buffer(size / 2)),
        shapely.box(WEST - 5 * size, SOUTH - 5 * size, EAST + 5 * size, NORTH + 5 * size),
        shapely.MultiPolygon(
            [
                shapely.box(WEST, SOUTH, WEST + size / 3, SOUTH + size / 3),
                shapely.box(EAST, NORTH, EAST + size, NORTH + size),
            ]
        ),
        shapely.Point(EAST + 3 * size, middle_y),
        # Its box meets the tile, itself it does not.
        shapely.LineString(
            [(WEST - 9 * size, middle_y), (WEST - 9 * size, NORTH + 9 * size), (EAST, NORTH + 9 * size)]
        ),
    ]
    unit = (EAST - WEST) / mvt.EXTENT
    shapes += [  # too small, or too thin, for this zoom
        shapely.box(middle_x, middle_y, middle_x + unit / 10, middle_y + unit / 10),
        shapely.box(middle_x + unit / 10, middle_y, middle_x + unit / 5, middle_y + 9 * unit),
        shapely.LineString([(middle_x, middle_y), (middle_x + unit / 10, middle_y)]),
    ]
    return [(Shape.of(shape), lamp(number)[1]) for number, shape in enumerate(shapes)]


def test_features_of_every_sort_arrive_with_what_they_are_drawn_by(town: Town) -> None:
    found = upload(town, sorts())
    features = read(whole(town, found, Z, X, Y))
    rows = list(UploadedFeature.unscoped.filter(edition=found.row.edition).order_by("pk"))
    by_id = {one["properties"]["id"]: one for one in features}
    assert set(by_id) == {str(row.pk) for row in rows[:8]}
    for row in rows[:8]:
        told = by_id[str(row.pk)]
        assert told["id"] == row.pk.int & (2**53 - 1)
        assert told["properties"] == {"id": str(row.pk), "name": row.properties["name"], "f2": "街路灯"}
        sort = told["geometry"]["type"].removeprefix("Multi")
        assert sort == {"point": "Point", "line": "LineString", "area": "Polygon"}[row.place.kind]
        shape = shapely.geometry.shape(told["geometry"])
        assert shape.is_valid
        low_x, low_y, high_x, high_y = shape.bounds
        assert min(low_x, low_y) >= -BUFFER
        assert max(high_x, high_y) <= mvt.EXTENT + BUFFER


def test_places_are_right_to_a_unit(town: Town) -> None:
    found = upload(town, sorts())
    drawn = {
        one["properties"]["id"]: shapely.geometry.shape(one["geometry"])
        for one in read(whole(town, found, Z, X, Y))
    }
    box = shapely.box(-BUFFER, -BUFFER, mvt.EXTENT + BUFFER, mvt.EXTENT + BUFFER)
    for row in UploadedFeature.unscoped.filter(edition=found.row.edition):
        if str(row.pk) not in drawn:
            continue
        exact = shapely.transform(
            row.place.geometry,
            lambda pairs: [
                ((x * 2**Z - X) * mvt.EXTENT, (1 - (y * 2**Z - Y)) * mvt.EXTENT)
                for x, y in (to_world(*pair) for pair in pairs)
            ],
        ).intersection(box)
        assert shapely.hausdorff_distance(drawn[str(row.pk)], exact) < 1.5


@pytest.mark.postgres
def test_postgis_and_our_own_hand_give_the_same(town: Town) -> None:
    found = upload(
        town, [*sorts(), *(lamp(number, WEST, SOUTH + number * 0.0002) for number in range(10, 60))]
    )
    assert postgis.usable(connection, UploadedFeature)
    assert postgis.indexed(connection, UploadedFeature)
    ctx = town.ctx("public")
    shown = values(one for one in found.properties(ctx))
    from yakuba.engines.places.tiles import by_postgis

    def drawn(data: bytes) -> dict[int, dict[str, Any]]:
        return {feature["id"]: feature for feature in read(data)}

    for where in (
        (Z, X, Y),
        (Z, X + 1, Y),
        (Z - 2, X // 4, Y // 4),
        (Z - 6, X >> 6, Y >> 6),
        (Z + 2, X * 4, Y * 4 + 3),
    ):
        rows = within(found, ctx, *where)
        other = drawn(by_hand.make(rows, shown, found.key, where, BUFFER))
        # By cells, and by the spatial index.
        for mine in (rows, by_postgis.around(found.features(ctx), BUFFER)):
            one = drawn(by_postgis.statement(mine, shown, found.key, BUFFER).make(where))
            assert one.keys() == other.keys()
            for number, feature in one.items():
                assert feature["properties"] == other[number]["properties"]
                shapes = [shapely.geometry.shape(both["geometry"]) for both in (feature, other[number])]
                assert shapely.hausdorff_distance(*shapes) <= 3
        if where == (Z, X, Y):
            assert len(one) > 20


def test_what_stands_ten_metres_outside_is_in_both_tiles(town: Town) -> None:
    found = upload(town, [(Shape.point(EAST + TEN, (SOUTH + NORTH) / 2), {"name": "境"})])
    assert len(ids(whole(town, found, Z, X, Y))) == len(ids(whole(town, found, Z, X + 1, Y))) == 1
    assert not ids(whole(town, found, Z, X + 2, Y))


def test_below_full_detail_tiles_hold_those_of_high_rank_and_together_they_hold_all(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "IN_A_TILE", 20)
    found = upload(
        town,
        [
            lamp(
                0,
                WEST + (EAST - WEST) * (number % 20 + 0.5) / 20,
                SOUTH + (NORTH - SOUTH) * (number // 20 + 0.5) / 20,
            )
            for number in range(400)
        ],
    )
    full = found.full_detail_zoom
    keys = [
        UUID(str(pk))
        for pk in UploadedFeature.unscoped.filter(edition=found.row.edition).values_list("pk", flat=True)
    ]
    counts = []
    for z in range(Z - 1, full + 1):
        seen: set[str] = set()
        edge = max(0, z - Z)
        for dx in range(2**edge):
            for dy in range(2**edge):
                x, y = (X << edge if z >= Z else X >> 1), (Y << edge if z >= Z else Y >> 1)
                seen |= ids(whole(town, found, z, x + dx, y + dy))
        assert seen == {str(key) for key in keys if rank_of(key) >= full - z}
        counts.append(len(seen))
    assert counts == sorted(counts)
    assert counts[-1] == 400
    assert counts[0] < 100
    kept = whole(town, found, Z, X, Y)
    keeping.TILES.put(("other",), b"")
    assert kept == whole(town, found, Z, X, Y)


def test_a_change_makes_new_tiles_and_nothing_else_does(town: Town) -> None:
    found = upload(town, [(Shape.point((WEST + EAST) / 2, (SOUTH + NORTH) / 2), {"name": "前"})])
    ctx = town.ctx("public")
    first = tile(found, ctx, Z, X, Y)
    UploadedFeature.unscoped.filter(edition=found.row.edition).update(properties={"name": "後"})
    assert tile(found, ctx, Z, X, Y) == first
    store.touched(ctx, found.key)
    again = layers.find(ctx, found.key)
    assert read(gzip.decompress(tile(again, ctx, Z, X, Y)))[0]["properties"]["name"] == "後"


def test_there_are_only_the_tiles_of_the_scheme(town: Town) -> None:
    found = upload(town, [lamp(1)])
    for z, x, y in ((rules.MAX_ZOOM + 1, 0, 0), (1, 2, 0), (1, 0, 2), (0, 1, 0)):
        with pytest.raises(Missing):
            tile(found, town.ctx("public"), z, x, y)
    assert whole(town, found, 0, 0, 0)


def test_every_kind_of_property_has_its_type(town: Town) -> None:
    columns = [*COLUMNS, ("day", "date"), ("at", "moment"), ("year", "fiscal_year")]
    given = {
        **lamp(7)[1],
        "height": "1.25",
        "lit": False,
        "day": "2026-04-01",
        "at": "2026-04-01T09:00:00+09:00",
    }
    edition = store.load(
        town.ctx("map_keeper"),
        [(lamp(7)[0], given), (lamp(8)[0], {})],
        rules.definition(columns, PUBLIC),
        source="x",
    )
    state = LayerState.unscoped.create(municipality_id=town.ref.id, key="up-kinds")
    row = UploadedLayer(
        label="型", edition=LayerEdition.unscoped.get(pk=edition.pk), state=state, municipality_id=town.ref.id
    )
    found = Upload(row)
    ctx = town.ctx("staff")
    shown = values(one for one in found.properties(ctx))
    rows = found.features(ctx).annotate(**{f"p_{key}": one for key, one in shown.items()}).order_by("pk")
    first, second = rows.values_list(*(f"p_{key}" for key in shown))
    assert dict(zip(shown, first, strict=True)) == {
        "name": "見本7",
        "f2": "街路灯",
        "height": 1.25,
        "count": 7,
        "lit": False,
        "day": "2026-04-01",
        "at": "2026-04-01T00:00:00+00:00",
        "year": None,
    }
    assert [type(one) for one in first] == [str, str, float, int, bool, str, str, type(None)]
    assert set(second) == {None}


def test_layers_of_others_have_no_part_in_a_tile(town: Town) -> None:
    found, _other, _loose = upload(town, [lamp(1)]), layer(town, [lamp(1)]), loaded(town, [lamp(1)])
    assert len(ids(whole(town, found, 3, 7, 3))) == 1


def test_columns_of_a_table_give_the_same_types_as_a_document(town: Town) -> None:
    """A ledger's properties are columns: here those of the editions, which have a moment, a number and words."""
    made = loaded(town)
    LayerEdition.unscoped.filter(pk=made.pk).update(made_at="2026-04-01T00:00:00.25+00:00")
    shown = [
        Property(key, key, fields.spec_of(LayerEdition._meta.get_field(key)))
        for key in ("made_at", "count", "source")
    ]
    rows = LayerEdition.unscoped.filter(pk=made.pk)
    found = rows.annotate(**{f"p_{key}": one for key, one in values(shown).items()})
    assert found.values_list("p_made_at", "p_count", "p_source").get() == (
        "2026-04-01T00:00:00+00:00",
        3,
        "見本.geojson",
    )
