"""Layers: loading in chunks, putting them on the map, who sees what, and what is swept."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from tests.engines.places.specimens import COLUMNS, again, lamp, layer, loaded, released, told
from tests.world import Town
from yakuba.engines.places import layers, rules, store
from yakuba.engines.places.actions import (
    ChangeLayer,
    SetStyle,
    WithdrawLayer,
    change_layer,
    release_layer,
    replace_layer,
    set_style,
    upload_layer,
    withdraw_layer,
)
from yakuba.engines.places.columns import COMPANIONS
from yakuba.engines.places.mercator import tile_box
from yakuba.engines.places.models import LayerEdition, LayerState, UploadedFeature, UploadedLayer
from yakuba.engines.places.queries import in_box
from yakuba.engines.places.shapes import Shape
from yakuba.engines.places.tiles import tilejson
from yakuba.kernel.actions import Denied, Missing, NoData, Problem
from yakuba.kernel.dates import clock
from yakuba.kernel.fields import INTERNAL, PUBLIC, Invalid
from yakuba.kernel.plugins import statistics

pytestmark = pytest.mark.django_db

NOTHING = dict.fromkeys(COMPANIONS)


def companions(row: UploadedFeature) -> dict[str, object]:
    return UploadedFeature.unscoped.filter(pk=row.pk).values(*COMPANIONS).get()


def test_companions_follow_the_shape_however_it_is_written(mihon: Town) -> None:
    row = UploadedFeature.unscoped.filter(edition=loaded(mihon)).first()
    made = companions(row)
    assert (made["west"], made["south"]) == row.place.bounds[:2]
    row.place = Shape.point(140.0, 35.0)
    row.save(update_fields=["place"])
    moved = companions(row)
    assert (moved["west"], moved["north"]) == (140.0, 35.0)
    assert moved["cell"] != made["cell"]
    assert moved["rank"] == made["rank"]
    row.place = None
    row.save()
    assert companions(row) == NOTHING
    assert UploadedFeature.unscoped.get(pk=row.pk).place is None


def test_a_shape_without_its_companions_is_refused_by_the_database(mihon: Town) -> None:
    row = UploadedFeature.unscoped.filter(edition=loaded(mihon)).first()
    with pytest.raises(IntegrityError), transaction.atomic():
        UploadedFeature.unscoped.filter(pk=row.pk).update(cell=None)


def test_what_lies_in_a_box_is_found_and_nothing_else(mihon: Town) -> None:
    edition = loaded(mihon, [lamp(number, lat=36.3 + number * 0.0001) for number in range(30)])
    mine = UploadedFeature.unscoped.filter(edition=edition)
    west, south, east, north = 139.80045, 36.3, 139.80155, 36.30105
    found = {row.place.bounds for row in in_box(mine, west, south, east, north)}
    assert found == {
        row.place.bounds for row in mine if west <= row.west <= east and south <= row.south <= north
    }
    assert 3 < len(found) < 12


def test_a_layer_is_for_staff_until_it_is_released(mihon: Town, karina: Town) -> None:
    made = layer(mihon)
    staff, public = mihon.ctx("staff"), mihon.ctx("public")
    assert [one.label for one in layers.layers(staff)] == ["街路灯"]
    assert layers.layers(public) == []
    with pytest.raises(Missing):
        layers.find(public, made.state.key)
    release_layer(mihon.ctx("map_keeper"), made.state, NoData())
    found = layers.find(public, made.state.key)
    assert [one.key for one in found.properties(public)] == ["name", "f2", "height", "count", "lit"]
    assert found.features(public).count() == 3
    with pytest.raises(Missing):
        layers.find(karina.ctx("public"), made.state.key)
    withdraw_layer(mihon.ctx("map_keeper"), LayerState.unscoped.get(pk=made.state_id), WithdrawLayer("誤り"))
    with pytest.raises(Missing):
        layers.find(public, made.state.key)


def test_internal_properties_are_not_there_for_the_public(mihon: Town) -> None:
    definition = rules.definition(COLUMNS, PUBLIC)
    definition["fields"][2]["classification"] = INTERNAL.value
    edition = store.load(mihon.ctx("map_keeper"), [lamp(1)], definition, source="x")
    made = upload_layer(mihon.ctx("map_keeper"), None, told(mihon, edition))
    style = {"by": "height", "classes": [["1.5", "#0017c1", "低い"]], "label": "name"}
    set_style(mihon.ctx("map_keeper"), made.state, SetStyle(style))
    release_layer(mihon.ctx("map_keeper"), made.state, NoData())
    for role, hidden in (("public", {"height"}), ("staff", set())):
        ctx = mihon.ctx(role)
        found = layers.find(ctx, made.state.key)
        shown = {one.key for one in found.properties(ctx)}
        assert {key for key, _kind in COLUMNS if key.isascii()} - shown == hidden
        assert ("by" in tilejson(found, ctx, "")["yakuba:style"]) == (not hidden)


def said(mihon: Town, made: UploadedLayer, **facts: str) -> ChangeLayer:
    known = {
        "label": made.label,
        "office": str(made.office_id),
        "classification": made.classification,
        "attribution": made.attribution,
        "terms": made.terms,
    }
    return ChangeLayer(**{**known, **facts})


def test_what_is_said_of_a_layer_is_corrected_and_then_it_is_released(mihon: Town) -> None:
    keeper = mihon.ctx("map_keeper")
    made = layer(mihon, terms="")
    change_layer(keeper, made, said(mihon, made, terms="CC BY 4.0", office=str(mihon.offices["other"].pk)))
    before = LayerState.unscoped.get(pk=made.state_id)
    release_layer(keeper, before, NoData())
    found = layers.find(mihon.ctx("public"), before.key)
    assert found.terms == "CC BY 4.0"
    assert found.version(keeper) > before.changes


@pytest.mark.parametrize("facts", [{"classification": "internal"}, {"terms": ""}, {"attribution": " "}])
def test_a_released_layer_stays_fit_for_everybody(mihon: Town, facts: dict[str, str]) -> None:
    made = released(mihon)
    with pytest.raises(Problem):
        change_layer(mihon.ctx("map_keeper"), made, said(mihon, made, **facts))
    assert layers.find(mihon.ctx("public"), made.state.key).publishable


def test_whoever_makes_a_layer_public_says_which_properties_are(mihon: Town) -> None:
    """What was taken in for the office alone says nothing by itself; back at the office nothing stays public."""
    keeper = mihon.ctx("map_keeper")
    made = layer(mihon, classification="internal")
    key = made.state.key

    def public() -> set[str]:
        return {one.key for one in layers.find(mihon.ctx("public"), key).properties(mihon.ctx("public"))}

    change_layer(keeper, made, said(mihon, made))
    made.refresh_from_db()
    change_layer(keeper, made, said(mihon, made, classification="public"))
    release_layer(keeper, LayerState.unscoped.get(pk=made.state_id), NoData())
    assert public() == set()
    made.refresh_from_db()
    chosen = said(mihon, made)
    change_layer(keeper, made, replace(chosen, say_shown=True, shown=["name", "height"]))
    assert public() == {"name", "height"}
    made.refresh_from_db()
    with pytest.raises(Problem) as refused:
        change_layer(keeper, made, replace(said(mihon, made), say_shown=True, shown=["none"]))
    assert refused.value.field == "shown"
    assert public() == {"name", "height"}


def test_an_office_that_is_not_there_takes_no_layer(mihon: Town, karina: Town) -> None:
    made = layer(mihon)
    with pytest.raises(Problem) as refused:
        change_layer(mihon.ctx("map_keeper"), made, said(mihon, made, office=str(karina.offices["own"].pk)))
    assert refused.value.field == "office"


@pytest.mark.parametrize(
    ("facts", "code"), [({"classification": "internal"}, "internal_layer"), ({"terms": ""}, "empty")]
)
def test_what_is_not_for_everybody_is_not_released(mihon: Town, facts: dict[str, str], code: str) -> None:
    made = layer(mihon, **facts)
    with pytest.raises(Problem) as refused:
        release_layer(mihon.ctx("map_keeper"), made.state, NoData())
    assert refused.value.code == code


def test_replacing_keeps_the_address_and_drops_what_it_was_drawn_by(mihon: Town) -> None:
    keeper = mihon.ctx("map_keeper")
    made = released(mihon)
    set_style(
        keeper, made.state, SetStyle({"by": "lit", "classes": [[True, "#0017c1", "点灯"]], "label": "name"})
    )
    before = layers.find(keeper, made.state.key).version(keeper)
    edition = store.load(
        keeper,
        [(lamp(1)[0], {"name": "見本"})],
        rules.definition([("name", "text")], PUBLIC),
        source="新.csv",
    )
    replace_layer(keeper, made, type(again(mihon, None))(str(edition.pk)))
    found = layers.find(mihon.ctx("public"), made.state.key)
    assert found.features(keeper).count() == 1
    assert found.style == {"label": "name"}
    assert found.version(keeper) > before


def test_an_edition_is_used_once_and_only_when_complete(mihon: Town, karina: Town) -> None:
    made = layer(mihon)
    unfinished = loaded(mihon)
    LayerEdition.unscoped.filter(pk=unfinished.pk).update(state="loading")
    for edition in (made.edition, unfinished, loaded(karina)):
        with pytest.raises(Problem) as refused:
            upload_layer(mihon.ctx("map_keeper"), None, told(mihon, edition))
        assert refused.value.field == "edition"


@pytest.mark.parametrize(
    "style",
    [
        {"color": "#000000"},
        {"colour": "red"},
        {"colour": "#0017C1;x"},
        {"by": "nothing"},
        {"classes": [["a", "#000000", "A"]]},
        {"by": "name", "classes": [["a", "#000000"]]},
        {"by": "name", "classes": [[{}, "#000000", "A"]]},
        {"by": "name", "classes": "a"},
    ],
)
def test_a_style_that_no_map_draws_is_refused(style: dict[str, object]) -> None:
    with pytest.raises(Problem):
        rules.checked_style(style, ["name"])


@pytest.mark.django_db(transaction=True)
def test_others_write_between_two_chunks_of_a_load(mihon: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "CHUNK", 10)
    keeper, staff = mihon.ctx("map_keeper"), mihon.ctx("staff")
    seen: list[tuple[int, int]] = []

    def look(count: int) -> None:
        assert not connection.in_atomic_block  # so nobody waits for this load
        store.touched(staff, "ledger-dogs")
        seen.append((count, UploadedFeature.unscoped.count()))

    features = (lamp(number) for number in range(25))
    edition = store.load(
        keeper, features, rules.definition(COLUMNS, PUBLIC), source="見本.geojson", progress=look
    )
    assert seen == [(10, 10), (20, 20), (25, 25)]
    assert (edition.count, edition.state) == (25, "ready")
    assert edition.box[0] == pytest.approx(139.8)


def test_what_lies_in_a_box_is_found_by_its_cells_however_the_rows_came(
    mihon: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without statistics SQLite reads the whole layer for a tile."""
    if connection.vendor != "sqlite":
        return  # PostgreSQL sees to its statistics itself, and finds a tile by a spatial index
    monkeypatch.setattr(statistics, "MANY", 200)
    edition = loaded(mihon, [lamp(number) for number in range(400)])
    mine = UploadedFeature.unscoped.filter(municipality=mihon.ref.id, edition=edition)
    plan = in_box(mine, 139.8, 35.7, 139.80001, 35.70001).explain()
    assert "uploaded_feature_cell (municipality_id=? AND edition_id=? AND cell" in plan


def test_staff_load_nothing(mihon: Town) -> None:
    with pytest.raises(Denied):
        loaded(mihon, role="staff")
    assert not LayerEdition.unscoped.exists()


def test_a_value_that_is_not_as_declared_stops_the_load_and_says_where(mihon: Town) -> None:
    shape, values = lamp(3)
    with pytest.raises(Problem) as refused:
        loaded(mihon, [lamp(1), lamp(2), (shape, {**values, "count": "三"})])
    assert "3件目" in refused.value.message
    with pytest.raises(Problem):
        store.load(mihon.ctx("map_keeper"), [], rules.definition(COLUMNS, PUBLIC), source="x")


def test_what_is_on_no_map_is_swept_after_a_day(mihon: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "CHUNK", 2)
    made, left = layer(mihon), loaded(mihon)
    assert store.sweep(clock.now()) == 0
    assert store.sweep(clock.now() + dt.timedelta(hours=25)) == 3
    assert not LayerEdition.unscoped.filter(pk=left.pk).exists()
    assert UploadedFeature.unscoped.filter(edition=made.edition).count() == 3
    assert UploadedLayer.unscoped.filter(pk=made.pk).exists()


def test_a_layer_that_others_write_counts_its_changes(mihon: Town, karina: Town) -> None:
    for _time in range(3):
        store.touched(mihon.ctx("staff"), "ledger-dogs")
    store.touched(karina.ctx("staff"), "ledger-dogs")
    found = LayerState.unscoped.filter(key="ledger-dogs").order_by("-changes")
    assert list(found.values_list("municipality", "changes")) == [(mihon.ref.id, 3), (karina.ref.id, 1)]


def test_keys_of_properties_are_never_questions() -> None:
    names = ["name", "Name", "名称", "a__b", "contains", "id", "x" * 41, "", "f2", "tail_"]
    made = rules.definition([(name, "text") for name in names], PUBLIC)["fields"]
    keys = [one["key"] for one in made]
    assert keys[0] == "name"
    assert len(set(keys)) == len(names)
    assert not {"a__b", "contains", "id", "tail_"} & set(keys)
    assert [one["label"] for one in made][2] == "名称"
    with pytest.raises(Problem):
        rules.definition([("a", "text")] * 101, PUBLIC)
    with pytest.raises(Invalid):
        store.Definition.read(rules.definition([("a", "nonsense")], PUBLIC))


@pytest.mark.parametrize("count", [5_001, 40_000, 1_000_000])
def test_large_layers_are_thinned_so_that_a_tile_stays_readable(count: int) -> None:
    """A box of 2 by 1 tiles of zoom 12, wherever it lies between the seams."""
    west, south, east, north = tile_box(12, 3638, 1603)
    box = (west - (east - west) / 2, south, east + (east - west) / 2, north)
    full = rules.detail_zoom(count, box)
    assert count / (2 * 4 ** (full - 12)) <= rules.IN_A_TILE
    assert full <= 12 or count / (2 * 4 ** (full - 1 - 12)) > rules.IN_A_TILE
    assert rules.detail_zoom(rules.IN_A_TILE, box) == 0
    assert rules.detail_zoom(10**9, (west, south, west, south)) == rules.MAX_ZOOM
