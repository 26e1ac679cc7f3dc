"""The internal map: layers by group, words over all of them, the panel of one feature, its place put right, and who may."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.engines.places.specimens import layer as uploaded
from tests.services.maps.rasters.specimens import ready
from tests.services.maps.test_portal import canvas
from tests.services.maps.worlds import KEY, kept
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.ledger.records import Entry
from yakuba.packs.public_wifi.models import Site

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(mihon: Town, client: Client) -> Client:
    sign_in(client, mihon.account("ledger_keeper"))
    return client


def here(town: Town, more: str = "") -> str:
    return f"/{town.ref.code}/desk/maps/{more}"


def first(town: Town) -> Entry:
    return Site.unscoped.filter(municipality=town.ref.id).order_by("number_order")[0]


def html(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def test_an_empty_map_says_what_to_do(mihon: Town, keeper: Client) -> None:
    assert "地図に出せる層が、まだありません" in html(keeper, here(mihon))


def test_layers_stand_in_groups_and_those_of_the_address_are_drawn(mihon: Town, keeper: Client) -> None:
    kept(mihon)
    up = uploaded(mihon).state.key
    page = html(keeper, here(mihon))
    assert page.index("<legend>台帳</legend>") < page.index("<legend>取り込んだ層</legend>")
    assert "見本2番館" in page
    assert "街路灯" in page
    told = canvas(html(keeper, here(mihon, f"?layer=&layer={up}")))
    assert [one["key"] for one in told["layers"]] == [up]  # type: ignore[attr-defined, union-attr]  # JSON
    assert "/desk/maps/tiles/" in told["layers"][0]["tiles"]  # type: ignore[index]  # JSON
    assert canvas(html(keeper, here(mihon, "?layer=")))["layers"] == []


@pytest.mark.parametrize("words", ["見本町２番地", "見本町2番地", "見本2番館", "FREE2"])
def test_addresses_names_and_numbers_are_found_on_all_layers(mihon: Town, keeper: Client, words: str) -> None:
    kept(mihon)
    page = html(keeper, here(mihon, f"?q={words}"))
    assert page.count("data-feature=") == 1
    assert "見本2番館" in page
    assert "この言葉を含むものはありません" in html(keeper, here(mihon, "?q=どこにもない"))


def test_a_number_is_found(mihon: Town, keeper: Client) -> None:
    kept(mihon)
    assert html(keeper, here(mihon, f"layer/{KEY}/?q={first(mihon).number}")).count("data-feature=") == 1


def test_a_long_layer_has_pages(mihon: Town, keeper: Client) -> None:
    kept(mihon, 52)
    assert html(keeper, here(mihon, f"layer/{KEY}/?after=50")).count("data-feature=") == 2


def test_a_link_shows_one_feature_with_the_way_to_its_entry(mihon: Town, keeper: Client) -> None:
    kept(mihon)
    one = first(mihon)
    page = html(keeper, here(mihon, f"?one={KEY}/{one.pk}"))
    assert f"/desk/ledgers/public_wifi/{one.pk}/" in page
    assert "FREE1" in page
    assert "この位置にする" in page
    assert canvas(page)["at"] == [139.101, 36.4]
    assert f"one=ledger-public-wifi%2F{one.pk}" in page, "the link to a colleague names it"
    part = html(keeper, here(mihon, f"panel/{KEY}/{one.pk}/"))
    assert "<html" not in part
    assert "FREE1" in part
    assert "もう、ありません" in html(keeper, here(mihon, f"?one={KEY}/{mihon.ref.id}")).replace(
        "もうありません", "もう、ありません"
    )


def test_a_new_entry_begins_on_the_map_or_with_two_plain_numbers(mihon: Town, keeper: Client) -> None:
    kept(mihon)
    page = keeper.get(here(mihon, f"?layer={KEY}")).content.decode()
    new = f"/{mihon.ref.code}/desk/ledgers/public_wifi/new/"
    assert f'href="{new}"' in page
    assert page.count(new) == 2  # the link, and what the script is told
    form = keeper.get(f"{new}?place=36.4%2C%20139.1").content.decode()
    assert 'name="place.north"' in form
    assert 'value="36.4"' in form
    assert 'value="139.1"' in form
    assert f'href="{here(mihon, f"?layer={KEY}")}"' in form
    said = {
        "name": "見本新館",
        "use": "public",
        "address": "みほん市1",
        "ssid": "New",
        "disaster": "0",
        "place": "",
    }
    half = keeper.post(new, {**said, "place.north": "36.41", "place.east": ""})
    assert half.status_code == 422
    assert 'value="36.41"' in half.content.decode()
    assert keeper.post(new, {**said, "place.north": "36.41", "place.east": "139.12"}).status_code == 303
    made = Site.unscoped.get(name="見本新館")
    assert made.place.bounds[:2] == (139.12, 36.41)


def test_a_place_is_put_right_with_the_version_that_was_read(mihon: Town, keeper: Client) -> None:
    kept(mihon)
    one = first(mihon)
    address = here(mihon, f"move/{KEY}/{one.pk}/?layer={KEY}")
    said = {"place": "36.5, 139.2", "version": str(one.version), "reason": "現地で確かめた"}
    answer = keeper.post(address, said)
    assert answer.status_code == 303
    assert answer["Location"] == here(mihon, f"?layer={KEY}&one=ledger-public-wifi%2F{one.pk}")
    moved = first(mihon)
    assert moved.place.bounds[:2] == (139.2, 36.5)  # type: ignore[attr-defined]  # a site has a place
    stale = keeper.post(address, said | {"place": "36.6, 139.3"})
    assert stale.status_code == 409
    assert "36.6, 139.3" in stale.content.decode(), "what was typed stays"
    wrong = keeper.post(address, said | {"place": "駅の前", "version": str(moved.version)})
    assert wrong.status_code == 422
    assert "駅の前" in wrong.content.decode()
    assert 'href="#id_place"' in wrong.content.decode()
    assert first(mihon).place == moved.place  # type: ignore[attr-defined]  # as above


def test_who_does_not_keep_the_ledger_sees_and_does_not_move(
    mihon: Town, karina: Town, client: Client
) -> None:
    book = kept(mihon)
    one = first(mihon)
    sign_in(client, mihon.account("staff", "other"))
    assert client.get(here(mihon, f"panel/{KEY}/{one.pk}/")).status_code == 404, "a closed book is no layer"
    book.open_to_staff = True
    book.save()
    part = html(client, here(mihon, f"panel/{KEY}/{one.pk}/"))
    assert "FREE1" in part
    assert "この位置にする" not in part
    said = {"place": "36.5, 139.2", "version": str(one.version)}
    assert client.post(here(mihon, f"move/{KEY}/{one.pk}/"), said).status_code == 403
    assert first(mihon).version == one.version
    client.logout()
    sign_in(client, karina.account("staff"))
    assert client.get(here(mihon)).status_code == 404


def test_photographs_lie_below_the_layers(mihon: Town, keeper: Client) -> None:
    raster = ready(mihon)
    page = html(keeper, here(mihon))
    assert "見本の空中写真" in page
    assert canvas(page)["pictures"] == []
    told = canvas(html(keeper, here(mihon, f"?layer=raster-{raster.pk.hex}")))
    assert told["layers"] == []
    assert told["box"] == [139.8, 36.29, 139.81, 36.3]
    (below,) = told["pictures"]  # type: ignore[misc]  # JSON
    assert "/desk/maps/raster/" in below["tiles"]


@pytest.mark.parametrize("query", ["?nothing=1", "?q=a&q=b", "?one=x", "?base=maybe", f"?q={'長' * 300}"])
def test_what_an_address_does_not_know_is_refused(mihon: Town, keeper: Client, query: str) -> None:
    assert keeper.get(here(mihon, query)).status_code == 400


def test_more_features_ask_no_more_queries(mihon: Town, keeper: Client, django_assert_num_queries) -> None:
    kept(mihon, 12)
    keeper.get(here(mihon))
    with django_assert_num_queries(BUDGET):
        keeper.get(here(mihon))
    kept(mihon, 30, begin=20)
    with django_assert_num_queries(BUDGET):
        keeper.get(here(mihon))


BUDGET = 19
