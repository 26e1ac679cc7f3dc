"""Addresses of tiles: who gets what, what is kept, what is asked in vain."""

from __future__ import annotations

import gzip

import mapbox_vector_tile
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.engines.places.specimens import lamp, layer, released
from tests.signin import sign_in
from tests.world import Town, make_town
from yakuba.engines.places.models import UploadedFeature, UploadedLayer
from yakuba.engines.places.store import touched
from yakuba.engines.places.tiles import keeping

pytestmark = pytest.mark.django_db

GZIP = {"Accept-Encoding": "gzip, br"}


@pytest.fixture(scope="module")
def town(module_db: None) -> Town:
    made = make_town("990019", "みほん市")
    for role in ("map_keeper", "staff"):
        made.account(role)
    return made


@pytest.fixture(scope="module")
def lamps(town: Town) -> UploadedLayer:
    return released(town, [lamp(number) for number in range(5)])


def at(found: UploadedLayer, rest: str = "/14/14550/6414.mvt", face: str = "") -> str:
    return f"/990019/{face}maps/tiles/{found.state.key}{rest}"


def test_everybody_gets_a_released_layer(town: Town, lamps: UploadedLayer) -> None:
    told = Client().get(at(lamps, ".json")).json()
    assert told["tilejson"] == "3.0.0"
    assert told["attribution"] == "みほん市"
    assert told["bounds"] == pytest.approx([139.8, 36.3, 139.8004, 36.3])
    assert told["yakuba:fullDetailZoom"] == 0
    address = told["tiles"][0].removeprefix("http://testserver")
    assert address == at(lamps, "/{z}/{x}/{y}.mvt")
    x, y = int((139.8 / 360 + 0.5) * 2**10), 401
    answer = Client().get(address.format(z=10, x=x, y=y), headers=GZIP)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
    assert "Cookie" not in answer["Vary"]
    found = mapbox_vector_tile.decode(gzip.decompress(answer.content))
    assert list(found) == [told["vector_layers"][0]["id"]]
    assert len(found[lamps.state.key]["features"]) == 5
    plain = Client().get(address.format(z=10, x=x, y=y))
    assert "Content-Encoding" not in plain
    assert plain.content == gzip.decompress(answer.content)
    assert plain["ETag"] != answer["ETag"]


def test_a_layer_that_is_not_released_is_not_there_for_the_public(town: Town) -> None:
    hidden = layer(town)
    for rest in (".json", "/0/0/0.mvt"):
        assert Client().get(at(hidden, rest)).status_code == 404
        assert Client().get(at(hidden, rest, "desk/")).status_code == 302
    client = Client()
    sign_in(client, town.account("staff"))
    for rest in (".json", "/0/0/0.mvt"):
        answer = client.get(at(hidden, rest, "desk/"))
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store, private"


def test_staff_of_another_municipality_find_nothing(lamps: UploadedLayer) -> None:
    karina = make_town("990027", "かりな市")
    client = Client()
    sign_in(client, karina.account("staff"))
    assert client.get(at(lamps, "/0/0/0.mvt", "desk/")).status_code == 404
    assert client.get(at(lamps, "/0/0/0.mvt").replace("990019", "990027")).status_code == 404


def test_who_has_a_tile_is_answered_without_a_look_at_the_features(town: Town, lamps: UploadedLayer) -> None:
    first = Client().get(at(lamps))
    assert first["Cache-Control"] == "public, max-age=60, must-revalidate"
    keeping.TILES.put("room", b"")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        again = Client().get(at(lamps), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    table = UploadedFeature._meta.db_table
    assert not [one for one in asked.captured_queries if table in one["sql"]]
    assert len(asked) <= 2
    touched(town.ctx("map_keeper"), lamps.state.key)
    assert Client().get(at(lamps), headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("rest", ["/0/0/0.mvt?v=1", ".json?x", "/0/0/0.mvt?z=0&z=0"])
def test_what_follows_a_question_mark_is_refused(lamps: UploadedLayer, rest: str) -> None:
    assert Client().get(at(lamps, rest)).status_code == 400


@pytest.mark.parametrize(
    "rest",
    [
        "/19/0/0.mvt",
        "/1/2/0.mvt",
        "/1/0/-1.mvt",
        "/a/0/0.mvt",
        "/99999999999/0/0.mvt",
        "/0/0/0.pbf",
        ".json/",
    ],
)
def test_what_is_no_tile_is_not_there(lamps: UploadedLayer, rest: str) -> None:
    assert Client().get(at(lamps, rest)).status_code == 404


def test_a_tile_is_read_and_nothing_else(lamps: UploadedLayer) -> None:
    assert Client().post(at(lamps)).status_code == 405
    assert Client().head(at(lamps)).status_code == 200
