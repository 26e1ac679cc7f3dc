"""A clerk's walk over the internal map: find, choose, put right, share; with the map drawn, without a script, on a phone and at a desk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pyproj import Geod

from tests.browser.conftest import DESKTOP, PHONE, WIDTHS, Visitor
from tests.browser.test_ledger_walk import come_in
from tests.engines.places.specimens import layer as uploaded
from tests.services.maps.files import lamps, shapefile
from tests.services.maps.worlds import KEY, kept
from tests.world import Town
from yakuba.engines.ledger.records import Entry
from yakuba.packs.public_wifi.models import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HERE = "/990019/desk/maps/"
PICTURES = os.environ.get("YAKUBA_PICTURES", "")
DRAWN = "[data-map][data-drawn=yes]"


@pytest.fixture(scope="module")
def drawing(chromium: Browser) -> Iterator[Browser]:
    """A browser that draws in software what others draw with a graphics card."""
    program = chromium.browser_type
    found = program.launch(
        executable_path=os.environ.get("YAKUBA_CHROMIUM") or "/usr/bin/chromium",
        args=["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-first-run"],
    )
    yield found
    found.close()


@pytest.fixture
def seer(drawing: Browser, served: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """A visitor whose browser draws maps."""
    context = drawing.new_context(
        viewport={"width": request.param, "height": 900}, locale="ja-JP", reduced_motion="reduce"
    )
    someone = Visitor(context, served)
    yield someone
    context.close()
    assert someone.elsewhere == [], "a page loaded something from elsewhere"


def first() -> Entry:
    return Site.unscoped.order_by("number_order")[0]


def spot(page: Page) -> tuple[float, float]:
    """The middle of the map on the screen."""
    page.locator("[data-map]").evaluate("one => one.scrollIntoView({block: 'center'})")
    box = page.locator("[data-map] canvas").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def picture(visitor: Visitor, name: str) -> None:
    if PICTURES:
        visitor.page.screenshot(path=f"{PICTURES}/map-{name}.png", full_page=True)


@pytest.mark.parametrize("seer", [PHONE, DESKTOP], indirect=True, ids=["phone", "desk"])
def test_a_mark_is_chosen_dragged_and_saved(seer: Visitor, town: Town) -> None:
    kept(town)
    uploaded(town)
    come_in(seer, town)
    one = first()
    page = seer.open(f"{HERE}?layer={KEY}#17/36.4/139.101")
    page.wait_for_selector(DRAWN)
    x, y = spot(page)
    page.mouse.click(x, y)
    page.wait_for_selector("#map-panel h2:has-text('見本1番館')")
    assert f"one={KEY}%2F{one.pk}" in page.url
    assert page.locator("#map-address").input_value() == page.url
    page.locator("[data-map]").evaluate("one => { delete one.dataset.drawn }")
    page.get_by_role("button", name="名前を出す", pressed=False).click()
    page.wait_for_selector(DRAWN)
    assert page.get_by_role("button", name="名前を出す", pressed=True).is_visible()
    picture(seer, f"chosen-{seer.page.viewport_size['width']}")  # type: ignore[index]  # a window has a size
    page.get_by_text("位置を直す").click()
    page.get_by_role("button", name="印を動かす").click()
    x, y = spot(page)
    page.mouse.move(x, y - 10)
    page.mouse.down()
    page.mouse.move(x + 60, y - 10, steps=6)
    page.mouse.up()
    typed = page.locator("#id_place").input_value()
    lat, lon = (float(part) for part in typed.split(","))
    assert lon > 139.1011
    assert abs(lat - 36.4) < 0.0005
    page.get_by_role("button", name="この位置にする").click()
    page.wait_for_selector("#map-panel h2:has-text('見本1番館')")
    assert "#17" in page.url, "the same part of the town is in sight"
    moved = first()
    assert (moved.version, moved.place.bounds[:2]) == (one.version + 1, (lon, lat))  # type: ignore[attr-defined]  # a site has a place
    assert seer.faults(WIDTHS) == []
    assert seer.errors == []


@pytest.mark.parametrize("seer", [DESKTOP], indirect=True, ids=["desk"])
def test_a_line_is_measured_by_keys_and_a_place_drawn_anew(seer: Visitor, town: Town) -> None:
    kept(town)
    come_in(seer, town)
    page = seer.open(f"{HERE}?layer={KEY}&one={KEY}/{first().pk}#17/36.4/139.101")
    page.wait_for_selector(DRAWN)
    page.get_by_role("button", name="長さを測る").click()
    page.keyboard.press("Space")
    for _step in range(4):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    page.keyboard.press("Space")
    length = page.locator(".map-say p", has_text="長さ")
    assert length.inner_text().startswith("長さ（GRS80楕円体） ")
    page.keyboard.press("Enter")
    assert length.inner_text().endswith(" m"), "the length stays to be read"
    assert not page.get_by_role("button", name="1つ戻す").is_visible()
    picture(seer, "measured")
    page.get_by_role("button", name="閉じる").click()
    page.get_by_text("位置を直す").click()
    page.get_by_role("button", name="面を描く").click()
    x, y = spot(page)
    for dx, dy in ((-60, -60), (60, -60), (60, 60)):
        page.mouse.click(x + dx, y + dy)
        page.wait_for_timeout(350)  # two clicks in a row would be a double one
    page.get_by_role("button", name="終わる").click()
    assert page.locator("#id_place").input_value().startswith("POLYGON ((")
    picture(seer, "drawn-anew")
    assert seer.faults(WIDTHS) == []
    assert seer.errors == []


@pytest.mark.parametrize("visitor", [{"width": DESKTOP}], indirect=True, ids=["desk"])
def test_lengths_and_areas_are_those_of_the_ellipsoid(visitor: Visitor, town: Town) -> None:
    """Beside pyproj's geodesics (C. F. F. Karney) on GRS80: lines within a millimetre, areas within a millionth."""
    come_in(visitor, town)
    page = visitor.open(HERE)
    geod = Geod(ellps="GRS80")
    rings = [
        [(139.1, 36.4), (139.11, 36.4), (139.11, 36.41), (139.1, 36.41)],
        [(127.68, 26.21), (127.70, 26.20), (127.72, 26.24)],
        [(141.3, 43.0), (141.5, 43.05), (141.45, 43.2), (141.2, 43.15), (141.35, 43.1)],
        [(139.1, 36.4), (139.10001, 36.4), (139.10001, 36.40001)],
    ]
    for ring in rings:
        far, wide = page.evaluate(
            "async (ring) => { const own = await import('/static/maps/measure.js'); return [own.length(ring), own.area(ring)]; }",
            ring,
        )
        lons, lats = zip(*ring, strict=True)
        assert far == pytest.approx(geod.line_length(lons, lats), abs=0.001)
        assert wide == pytest.approx(abs(geod.polygon_area_perimeter(lons, lats)[0]), rel=2e-6, abs=0.001)


@pytest.mark.parametrize(
    "visitor", [{"width": PHONE, "js": False}, {"width": DESKTOP}], indirect=True, ids=["no-script", "desk"]
)
def test_a_file_becomes_a_layer_and_is_drawn_by_value(visitor: Visitor, town: Town, tmp_path: Path) -> None:
    come_in(visitor, town, "map_keeper")
    scripted = visitor.page.viewport_size["width"] == DESKTOP  # type: ignore[index]  # a window has a size
    file = tmp_path / "街路灯.zip"
    file.write_bytes(shapefile(lamps()))

    def look(name: str) -> None:
        picture(visitor, f"{name}-{'desk' if scripted else 'phone'}")
        assert visitor.overflowing() == [], name
        if scripted:
            assert visitor.faults(WIDTHS) == [], name

    page = visitor.open(f"{HERE}layers/")
    look("layers-empty")
    page.get_by_role("link", name="ファイルから層を加える").click()
    look("upload")
    page.locator("#id_file").set_input_files(file)
    page.get_by_role("button", name="内容を確かめる").click()
    page.get_by_label("この町の場所").fill("36.321, 139.807")
    page.get_by_role("button", name="近い順に並べる").click()
    assert page.get_by_role("radio").first.get_attribute("value") in {"6677-east", "2451-east"}
    page.get_by_label("属性の文字コード").select_option("cp932")
    page.get_by_text("第9系（JGD2011）、東・北の順").click()
    look("question")
    page.get_by_role("button", name="内容を確かめる").click()
    assert page.get_by_text("見本灯1号").is_visible()
    look("preview")
    page.get_by_label("名称").fill("街路灯")
    page.get_by_label("担当課").select_option(label="見本課")
    page.get_by_label("公開できる").check()
    page.get_by_label("出典").fill("みほん市")
    page.get_by_label("利用条件").fill("CC BY 4.0")
    page.get_by_role("button", name="地図に加える").click()
    assert page.get_by_text("3件を取り込みました").is_visible()
    look("done")
    page.get_by_role("link", name="描き方・公開").click()
    page.get_by_label("値で描き分ける項目").select_option("f2")
    page.get_by_role("button", name="この項目の値を出す").click()
    page.get_by_label("道路照明の凡例の言葉").fill("道の灯")
    look("style")
    page.get_by_role("button", name="この描き方にする").click()
    assert page.get_by_role("list", name="いまの凡例").get_by_text("道の灯").is_visible()
    page.get_by_role("button", name="この層を公開する").click()
    assert page.get_by_text("公開中です。").is_visible()
    visitor.open(f"{HERE}layers/")
    look("layers")
    visitor.open(f"{HERE}views/")
    look("views")
    page = visitor.open(f"{HERE}?q=見本灯2号")
    assert page.get_by_role("link", name="見本灯2号").is_visible()
    assert visitor.errors == []


@pytest.mark.parametrize("visitor", [{"width": PHONE, "js": False}], indirect=True, ids=["phone-no-script"])
def test_everything_works_as_a_list_without_a_script(visitor: Visitor, town: Town) -> None:
    kept(town, 12)
    come_in(visitor, town)
    page = visitor.open(HERE)
    page.get_by_label("住所・名前・番号で探す").fill("見本町１番地")
    page.get_by_role("button", name="表示する").click()
    page.get_by_role("link", name="見本1番館").click()
    assert page.locator("#map-panel").get_by_text("Mihon_FREE1").is_visible()
    page.get_by_text("位置を直す").click()
    page.locator("#id_place").fill("36.41, 139.12")
    page.get_by_role("button", name="この位置にする").click()
    assert page.get_by_text("北緯 36.410000度").is_visible()
    page.get_by_role("link", name="台帳で開く").click()
    assert "見本1番館" in page.title()
    visitor.page.go_back()
    picture(visitor, "no-script")
    assert visitor.overflowing() == []
