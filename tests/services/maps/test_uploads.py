"""A file becomes a layer: the question about its coordinates, the look at it, the layer, its style and release, the file of next year."""

from __future__ import annotations

import re

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.services.maps.files import WHERE, areas, geojson, lamps, shapefile, two_shapefiles
from tests.services.maps.specimens import begun, confirmed
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.places.actions import SetStyle, set_style
from yakuba.engines.places.models import LayerEdition, UploadedFeature, UploadedLayer
from yakuba.kernel.dates import clock
from yakuba.kernel.files.models import StoredFile
from yakuba.services.maps.actions import drafts
from yakuba.services.maps.models import LayerDraft
from yakuba.services.maps.subscriptions import load_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(mihon: Town, client: Client) -> Client:
    sign_in(client, mihon.account("map_keeper"))
    return client


def here(town: Town, more: str = "") -> str:
    return f"/{town.ref.code}/desk/maps/{more}"


def sent(client: Client, town: Town, data: bytes, name: str = "街路灯.zip", more: str = "layers/new/") -> str:
    answer = client.post(here(town, more), {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 303, answer.content.decode()[:3000]
    return str(answer["Location"])


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.content.decode()


def hidden(html: str) -> dict[str, str]:
    """What the confirming form of a page sends by itself."""
    form = next(part for part in re.findall(r"<form.*?</form>", html, re.DOTALL) if 'name="many"' in part)
    tags = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', form)
    return {name: value for name, value in tags if name != "csrfmiddlewaretoken"}


def words(town: Town, **more: str) -> dict[str, str]:
    return {
        "label": "街路灯",
        "office": str(town.offices["own"].pk),
        "classification": "public",
        "attribution": "みほん市",
        "terms": "CC BY 4.0",
        **more,
    }


def added(client: Client, town: Town, data: bytes | None = None, **more: str) -> UploadedLayer:
    """A layer that was made of a file through its pages."""
    address = sent(client, town, data or geojson(lamps()), "街路灯.geojson")
    answer = client.post(address, hidden(page(client, address)) | words(town, **more))
    assert answer.status_code == 303, answer.content.decode()[:3000]
    return UploadedLayer.unscoped.select_related("state", "edition").get()


def test_a_shapefile_without_prj_is_asked_about_shown_and_kept(mihon: Town, keeper: Client) -> None:
    address = sent(keeper, mihon, shapefile(lamps()))
    html = page(keeper, address)
    assert "座標系が分かりません" in html
    assert "平面直角座標系 第9系（JGD2011）" in html
    near = page(keeper, f"{address}?near=36.321,139.807")
    first = re.findall(r'name="reading" value="(\d+-\w+)"', near)[0]
    assert first in {"6677-east", "2451-east"}, "the nearest to the place that was typed comes first"
    assert "入力した場所から" in near
    html = page(keeper, f"{address}?reading=6677-east&encoding=cp932")
    assert "見本灯1号" in html
    assert "道路照明" in html
    assert "3件" in html
    assert "平面直角座標系 第9系" in html
    assert "北緯36.32100" in html
    assert UploadedFeature.unscoped.count() == 0, "nothing is kept before somebody says so"
    answer = keeper.post(address, hidden(html) | words(mihon))
    assert answer.status_code == 303
    assert "3件を取り込みました" in page(keeper, address)
    layer = UploadedLayer.unscoped.select_related("edition").get()
    assert "第9系" in layer.edition.note
    places = [one.place.bounds[:2] for one in UploadedFeature.unscoped.filter(edition=layer.edition)]
    assert min(places) == pytest.approx((WHERE[0] + 0.001, WHERE[1]), abs=1e-8)
    draft = LayerDraft.unscoped.get()
    assert (draft.state, draft.file_id) == ("done", None)
    assert not StoredFile.unscoped.exists(), "the file goes when it has become a layer"


def test_old_data_of_the_region_that_moved_is_warned_about(mihon: Town, keeper: Client) -> None:
    address = sent(keeper, mihon, shapefile(lamps()))
    assert '<option value="2451-east"' in page(keeper, address), (
        "what is not among the likely ones can be chosen"
    )
    html = page(keeper, f"{address}?other=2451-east")
    assert "座標に注意してください" in html


def test_crossings_are_drawn_told_and_mended_only_when_somebody_says_so(mihon: Town, keeper: Client) -> None:
    x, y = WHERE
    bow = shapely.Polygon([(x, y), (x + 0.01, y + 0.01), (x + 0.01, y), (x, y + 0.01)])
    data = geojson(areas(shapely.box(x, y, x + 0.002, y + 0.002), bow))
    for mend, many in (("", 1), ("1", 2)):
        address = sent(keeper, mihon, data, "区画.geojson")
        html = page(keeper, address)
        assert "図形1件のうち、1件を直して取り込む" in html
        assert re.search(r'<path class="bad" d="M[^"]+"/>', html)
        assert keeper.post(address, hidden(html) | words(mihon, mend=mend)).status_code == 303
        edition = LayerEdition.unscoped.order_by("-made_at", "-pk")[0]
        assert edition.count == many


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("壊れ.zip", b"PK\x03\x04broken", "ファイル"),
        ("写真.png", b"\x89PNG\r\n\x1a\n" + b"0" * 40, "地図の図形として読める"),
    ],
)
def test_a_file_that_cannot_be_followed_is_refused_and_not_kept(
    mihon: Town, keeper: Client, name: str, data: bytes, words: str
) -> None:
    answer = keeper.post(here(mihon, "layers/new/"), {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not StoredFile.unscoped.exists()


def test_of_several_shapefiles_one_is_chosen(mihon: Town, keeper: Client) -> None:
    address = sent(keeper, mihon, two_shapefiles())
    html = page(keeper, address)
    assert "1つを選んでください" in html
    assert "昨年.shp" in html
    assert 'name="many"' not in html, "there is nothing to confirm yet"
    chosen = page(keeper, f"{address}?inner=昨年&encoding=cp932")
    assert "見本灯3号" in chosen
    assert keeper.post(address, hidden(chosen) | words(mihon)).status_code == 303
    assert UploadedLayer.unscoped.get().edition.count == 3


def test_a_table_without_coordinates_is_refused_with_words(mihon: Town, keeper: Client) -> None:
    file = SimpleUploadedFile("表.csv", "名前,種別\n見本,防犯灯\n".encode())
    answer = keeper.post(here(mihon, "layers/new/"), {"file": file})
    assert answer.status_code == 422
    assert "座標の列が見つかりません" in answer.content.decode()
    assert not StoredFile.unscoped.exists()


def test_what_is_missing_is_told_and_what_was_typed_stays(mihon: Town, keeper: Client) -> None:
    address = sent(keeper, mihon, geojson(lamps()), "街路灯.geojson")
    posted = hidden(page(keeper, address)) | words(mihon, label=" ")
    answer = keeper.post(address, posted)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'href="#id_label"' in html
    assert "CC BY 4.0" in html
    assert LayerDraft.unscoped.get().state == "asking"


def test_columns_that_stay_inside_are_nobodys_else(mihon: Town, keeper: Client, client: Client) -> None:
    address = sent(keeper, mihon, geojson(lamps()), "街路灯.geojson")
    answer = keeper.post(address, hidden(page(keeper, address)) | words(mihon) | {"keep_inside": ["種別"]})  # type: ignore[operator]  # a list among texts
    assert answer.status_code == 303
    layer = UploadedLayer.unscoped.select_related("state").get()
    manage = here(mihon, f"layers/one/{layer.state.key}/")
    assert keeper.post(manage, {"do": "release"}).status_code == 303
    public = Client().get(f"/{mihon.ref.code}/maps/layer/{layer.state.key}/").content.decode()
    one = UploadedFeature.unscoped.order_by("pk")[0]
    known = Client().get(f"/{mihon.ref.code}/maps/layer/{layer.state.key}/{one.pk}/").content.decode()
    assert "見本灯1号" in public
    assert "道路照明" not in known
    assert "道路照明" in page(keeper, here(mihon, f"panel/{layer.state.key}/{one.pk}/"))


def test_a_layer_is_drawn_by_value_released_and_replaced_next_year(mihon: Town, keeper: Client) -> None:
    layer = added(keeper, mihon)
    key = layer.state.key
    manage = here(mihon, f"layers/one/{key}/")
    html = page(keeper, f"{manage}?by=f2")
    assert re.findall(r'name="value-\d" value="([^"]+)"', html) == ["防犯灯", "道路照明"], (
        "the commonest first"
    )
    style = {
        "do": "style", "version": str(layer.state.version), "by": "f2", "label": "f1", "colour": "#555555",
        "value-0": "防犯灯", "use-0": "1", "colour-0": "#0072b2", "name-0": "防犯の灯",
        "value-1": "道路照明", "colour-1": "#d55e00", "name-1": "道の灯",
    }  # fmt: skip
    assert keeper.post(manage, style).status_code == 303
    layer.state.refresh_from_db()
    assert layer.state.style == {
        "colour": "#555555",
        "label": "f1",
        "by": "f2",
        "classes": [["防犯灯", "#0072b2", "防犯の灯"]],
    }
    assert keeper.post(manage, style).status_code == 409, "somebody else drew it meanwhile"
    assert keeper.post(manage, {"do": "release"}).status_code == 303
    assert "防犯の灯" in Client().get(f"/{mihon.ref.code}/maps/?layer={key}").content.decode()
    again = here(mihon, f"layers/replace/{layer.pk}/")
    address = sent(keeper, mihon, geojson(lamps(5)), "街路灯R9.geojson", again.removeprefix(here(mihon)))
    html = page(keeper, address)
    assert "内容を、このファイルの内容に入れ替えます" in html
    assert keeper.post(address, hidden(html)).status_code == 303
    layer = UploadedLayer.unscoped.select_related("state", "edition").get()
    assert (layer.edition.count, layer.state.released, layer.label) == (5, True, "街路灯")
    assert layer.state.style["by"] == "f2"
    public = Client().get(f"/{mihon.ref.code}/maps/layer/{key}/").content.decode()
    assert "見本灯5号" in public, "what was public before is public after"
    refused = keeper.post(manage, {"do": "withdraw", "reason": ""})
    assert refused.status_code == 422
    assert keeper.post(manage, {"do": "withdraw", "reason": "確認のため"}).status_code == 303
    assert Client().get(f"/{mihon.ref.code}/maps/layer/{key}/").status_code == 404


def test_words_are_changed_and_a_layer_without_terms_is_not_released(mihon: Town, keeper: Client) -> None:
    layer = added(keeper, mihon, terms="")
    manage = here(mihon, f"layers/one/{layer.state.key}/")
    refused = keeper.post(manage, {"do": "release"})
    assert refused.status_code == 422
    assert "「利用条件」が空です" in refused.content.decode()
    said = words(mihon, label="街灯", terms="出典を示せば自由に使えます。")
    assert keeper.post(manage, said | {"do": "describe", "version": str(layer.version)}).status_code == 303
    assert keeper.post(manage, {"do": "release"}).status_code == 303
    assert "街灯" in page(keeper, here(mihon, "layers/"))
    assert 'name="shown"' in page(keeper, manage)
    layer.refresh_from_db()
    own = layer.edition.definition["fields"][0]["key"]
    chosen = said | {"do": "describe", "version": str(layer.version), "say_shown": "1", "shown": [own]}
    assert keeper.post(manage, chosen).status_code == 303
    shown = page(keeper, manage).partition('name="shown"')[2].partition("</fieldset>")[0]
    assert shown.count(" checked") == 1


def test_one_feature_is_put_right_on_the_map(mihon: Town, keeper: Client) -> None:
    """Where it is and what is said of it; what was typed stays when it is refused, and an old page changes nothing."""
    layer = added(keeper, mihon)
    first = UploadedFeature.unscoped.filter(edition=layer.edition).order_by("pk")[0]
    one = f"{layer.state.key}/{first.pk}/"
    page_of = page(keeper, here(mihon, f"panel/{one}"))
    own = str(layer.edition.definition["fields"][0]["key"])
    assert f'name="f-{own}"' in page_of
    assert "位置と内容を直す" in page_of
    address, before = here(mihon, f"correct/{one}"), layer.state.changes
    said = {"place": "36.31, 139.82", f"f-{own}": "改めた灯", "version": str(layer.version), "reason": "現地"}
    wrong = keeper.post(address, said | {"place": "139.82, 36.31", f"f-{own}": "本人 123456789018"})
    assert wrong.status_code == 422
    told = wrong.content.decode()
    assert "139.82, 36.31" in told
    assert keeper.post(address, said | {f"f-{own}": "本人 123456789018"}).status_code == 422
    assert keeper.post(address, said | {"place": "10, 10"}).status_code == 422
    assert keeper.post(address, said | {"place": ""}).status_code == 422
    assert keeper.post(address, said).status_code == 303
    first.refresh_from_db()
    layer.refresh_from_db()
    layer.state.refresh_from_db()
    assert first.place is not None
    assert first.place.bounds[:2] == (139.82, 36.31)
    assert (first.properties[own], layer.state.changes > before) == ("改めた灯", True)
    assert "改めた灯" in page(keeper, here(mihon, f"panel/{one}"))
    assert keeper.post(address, said | {"place": "36.5, 139.5"}).status_code == 409
    assert keeper.post(here(mihon, f"correct/{layer.state.key}/{layer.pk}/"), said).status_code == 404


def test_a_large_file_is_left_to_the_worker_and_a_second_run_changes_nothing(
    mihon: Town, keeper: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yakuba.services.maps.actions.drafts.AT_ONCE", 2)
    monkeypatch.setattr("yakuba.services.maps.views.desk.uploads.AT_ONCE", 2)
    address = sent(keeper, mihon, geojson(lamps()), "街路灯.geojson")
    assert keeper.post(address, hidden(page(keeper, address)) | words(mihon)).status_code == 303
    answer = keeper.get(address)
    assert "地図に読み込んでいます" in answer.content.decode()
    assert answer["Refresh"] == "5"
    draft = LayerDraft.unscoped.get()
    for _run in range(2):
        load_draft(mihon.ctx("cli"), {"draft": str(draft.pk)}, "key")
    assert UploadedLayer.unscoped.count() == 1
    assert "3件を取り込みました" in page(keeper, address)


def test_what_cannot_be_loaded_leads_back_with_words(mihon: Town) -> None:
    draft = confirmed(mihon)
    LayerDraft.unscoped.filter(pk=draft.pk).update(said={**draft.said, "office": str(mihon.ref.id)})
    draft.refresh_from_db()
    done = drafts.load(mihon.ctx("cli"), draft)
    assert done.state == "asking"
    assert "その課は、今はありません" in done.trouble
    assert not UploadedLayer.unscoped.exists()


def test_what_nobody_finished_is_swept(mihon: Town) -> None:
    draft = begun(mihon)
    drafts.sweep(mihon.ctx("cli"), clock.now())
    assert LayerDraft.unscoped.get().state == "asking"
    drafts.sweep(mihon.ctx("cli"), draft.begun_at + drafts.KEPT * 2)
    assert LayerDraft.unscoped.get().state == "stopped"
    assert not StoredFile.unscoped.exists()


def test_staff_see_the_layers_and_change_none(mihon: Town, keeper: Client) -> None:
    layer = added(keeper, mihon)
    set_style(mihon.ctx("map_keeper"), layer.state, SetStyle({"colour": "#d55e00"}))
    client = Client()
    sign_in(client, mihon.account("staff"))
    html = page(client, here(mihon, "layers/"))
    assert "街路灯" in html
    assert "描き方・公開" not in html
    for more in (f"layers/one/{layer.state.key}/", "layers/new/", f"layers/replace/{layer.pk}/"):
        assert client.get(here(mihon, more)).status_code == 403
