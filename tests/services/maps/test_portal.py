"""The public map: the page says without a script what the map shows, and counts openings, not people."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from tests.engines.ledger.test_releasing import release
from tests.services.maps.worlds import KEY, WIFI, kept, released
from tests.world import Town
from yakuba.engines.ledger.actions.entries import ChangeEntry
from yakuba.engines.ledger.released import ReleasedEntry
from yakuba.engines.places.ogc import patience
from yakuba.services.maps.models import LayerViews
from yakuba.services.maps.views import portal

pytestmark = pytest.mark.django_db


def canvas(html: str) -> dict[str, object]:
    found = re.search(r'<script id="map-canvas" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    loaded: dict[str, object] = json.loads(found[1])
    return loaded


def test_an_empty_map_says_so(mihon: Town, client: Client) -> None:
    page = client.get(f"/{mihon.ref.code}/maps/")
    assert "公開している地図は、まだありません" in page.content.decode()
    assert "/maps/" not in client.get(f"/{mihon.ref.code}/").content.decode()


def test_the_list_says_what_the_map_shows(mihon: Town, client: Client) -> None:
    released(mihon)
    page = client.get(f"/{mihon.ref.code}/maps/")
    html = page.content.decode()
    assert all(f"見本{n}番館" in html for n in (1, 2, 3))
    assert "証明ではありません" in html
    assert "出典を示せば自由に使えます。" in html
    told = canvas(html)
    assert [one["key"] for one in told["layers"]] == [KEY]  # type: ignore[attr-defined, union-attr]  # JSON
    assert told["box"] == [139.101, 36.4, 139.103, 36.4]
    assert not page.cookies
    tiles = told["layers"][0]["tiles"]  # type: ignore[index]  # JSON
    assert client.get(tiles.replace("{z}/{x}/{y}", "0/0/0")).status_code == 200
    assert f'href="/{mihon.ref.code}/maps/"' in client.get(f"/{mihon.ref.code}/").content.decode()


def test_the_nearest_come_first_from_a_place_that_is_typed(mihon: Town, client: Client) -> None:
    """The sites lie a thousandth of a degree apart, from west to east: about ninety metres."""
    released(mihon)

    def listed(query: str) -> tuple[list[str], str]:
        html = client.get(f"/{mihon.ref.code}/maps/layer/{KEY}/?{query}").content.decode()
        return re.findall(r"見本\d番館(?=</a>)", html.partition("map-rows")[2]), html

    assert listed("near=36.4,139.2")[0] == ["見本3番館", "見本2番館", "見本1番館"]
    names, html = listed("near=見本1番館")
    assert names == ["見本1番館", "見本2番館", "見本3番館"]
    assert "約90m" in html
    assert "「見本1番館」にあたる1件の位置" in html
    assert "data-near hidden" in html
    names, html = listed("near=月の裏")
    assert names == ["見本1番館", "見本2番館", "見本3番館"]
    assert "この地図からは分かりませんでした" in html
    assert 'value="月の裏"' in html
    assert listed("near=999,999")[0]  # two numbers that are no place


def test_what_the_city_wrote_is_marked_as_japanese_on_an_english_page(mihon: Town, client: Client) -> None:
    released(mihon)
    one = ReleasedEntry.unscoped.get(title="見本1番館")
    html = client.get(f"/en/{mihon.ref.code}/maps/layer/{KEY}/{one.pk}/").content.decode()
    main = html.partition("<main")[2].partition("</main>")[0]
    assert '<h1 lang="ja">' in main
    assert '<dt><span lang="ja">SSID</span></dt>' in main
    bare = re.sub(r"<(\w+)[^>]*lang=\"ja\"[^>]*>.*?</\1>|<script.*?</script>", "", main, flags=re.DOTALL)
    assert not re.findall(r">[^<]*見本[^<]*<", bare)


def test_whoever_looks_for_words_does_not_hold_the_database_up(
    mihon: Town, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    released(mihon)
    monkeypatch.setattr(portal, "_LOOKED", -1.0)
    monkeypatch.setattr(patience, "_STEPS", 1)
    for address in (f"maps/layer/{KEY}/?q=館", "maps/?q=館"):
        told = client.get(f"/{mihon.ref.code}/{address}")
        assert told.status_code == 503
        assert "時間内に探し終わりませんでした" in told.content.decode()


def test_one_feature_has_a_page_of_its_own(mihon: Town, client: Client) -> None:
    released(mihon)
    one = ReleasedEntry.unscoped.get(title="見本1番館")
    html = client.get(f"/{mihon.ref.code}/maps/layer/{KEY}/{one.pk}/").content.decode()
    assert "Mihon_FREE1" in html
    assert "&lt;b&gt;終日" in html, "what somebody typed is text"
    assert "null" not in html.replace('"base": null', "")
    assert canvas(html)["at"] == [139.101, 36.4]
    assert client.get(f"/{mihon.ref.code}/maps/layer/{KEY}/{mihon.ref.id}/").status_code == 404
    assert client.get(f"/990027/maps/layer/{KEY}/{one.pk}/").status_code == 404


def test_a_layer_has_all_its_features_on_pages_and_by_name(mihon: Town, client: Client) -> None:
    released(mihon, 52)
    address = f"/{mihon.ref.code}/maps/layer/{KEY}/"
    first, second = client.get(address).content.decode(), client.get(f"{address}?after=50").content.decode()
    assert first.count("data-feature=") == 50
    assert second.count("data-feature=") == 2
    assert "一覧（52件）" in first
    found = client.get(f"{address}?q=見本52番").content.decode()
    assert found.count("data-feature=") == 1
    assert "この名前のものはありません" in client.get(f"{address}?q=ない名前").content.decode()


def test_a_list_is_narrowed_to_what_is_yes(mihon: Town, client: Client) -> None:
    """Which of them are open in a disaster: without a script, and without reading every page."""
    book = kept(mihon)
    assert WIFI is not None
    second = WIFI.ledger.model.unscoped.get(book=book, name="見本2番館")
    shut = not second.disaster  # type: ignore[attr-defined]  # of a site
    WIFI.actions.change(mihon.ctx("ledger_keeper"), second, ChangeEntry({"disaster": shut}, {}))
    release(mihon, book)
    address = f"/{mihon.ref.code}/maps/layer/{KEY}/"
    html = client.get(f"{address}?only=disaster").content.decode()
    assert re.search(r'name="only" value="disaster" checked', html)
    assert ("見本2番館" in html, "見本1番館" in html) == (shut, not shut)
    assert "条件を外してください" in client.get(f"{address}?only=disaster&q=ない名前").content.decode()
    assert client.get(f"{address}?only=ssid").status_code == 400


@pytest.mark.parametrize("query", ["?nothing=1", "?after=x", "?q=a&q=b", f"?q={'長' * 300}"])
def test_what_an_address_does_not_know_is_refused(mihon: Town, client: Client, query: str) -> None:
    released(mihon, 1)
    assert client.get(f"/{mihon.ref.code}/maps/layer/{KEY}/{query}").status_code == 400


def test_openings_are_counted_by_layer_and_day(mihon: Town, client: Client) -> None:
    released(mihon, 1)
    address = f"/{mihon.ref.code}/maps/"
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    client.get(f"{address}embed/")
    client.get(address, headers={"Sec-Purpose": "prefetch"})
    client.head(address)
    assert [(one.layer, one.views) for one in LayerViews.unscoped.all()] == [(KEY, 3)]


def test_a_layer_that_is_released_no_more_is_left_out_of_old_links(mihon: Town, client: Client) -> None:
    released(mihon, 1)
    page = client.get(f"/{mihon.ref.code}/maps/?layer=up-gone&layer={KEY}")
    assert page.status_code == 200
    assert client.get(f"/{mihon.ref.code}/maps/layer/up-gone/").status_code == 404


def test_the_embedded_map_may_stand_in_a_frame_and_nothing_else(mihon: Town, client: Client) -> None:
    released(mihon, 1)
    frame, page = (client.get(f"/{mihon.ref.code}/maps/{part}") for part in ("embed/", ""))
    assert "frame-ancestors *" in frame["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
