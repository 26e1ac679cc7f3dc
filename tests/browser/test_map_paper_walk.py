"""A keeper's walk: a drawing is laid by its corners and becomes a background; a map is printed to scale."""

from __future__ import annotations

import os

import pytest

from tests.browser.conftest import DESKTOP, Visitor
from tests.browser.test_ledger_walk import come_in
from tests.engines.places.specimens import released as shown
from tests.services.maps.rasters.pictures import PLANE, picture
from tests.services.maps.rasters.specimens import points
from tests.world import Town
from yakuba.kernel.outbox.worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RASTERS = "/990019/desk/maps/rasters/"
PICTURES = os.environ.get("YAKUBA_PICTURES", "")


def look(visitor: Visitor, name: str) -> None:
    if PICTURES:
        visitor.page.screenshot(path=f"{PICTURES}/paper-{name}.png", full_page=True)
    assert visitor.faults() == [], name


@pytest.mark.parametrize("visitor", [{"width": DESKTOP}], indirect=True)
def test_a_drawing_is_laid_by_its_corners(visitor: Visitor, town: Town) -> None:
    come_in(visitor, town, "map_keeper")
    page = visitor.open(RASTERS)
    look(visitor, "none")
    page.get_by_role("link", name="画像を重ねる").click()
    look(visitor, "new")
    page.get_by_label("画像").first.set_input_files(
        {"name": "見本図.png", "mimeType": "image/png", "buffer": picture()}
    )
    page.get_by_label("名称").fill("見本の図面")
    page.get_by_label("担当課").select_option(label="見本課")
    page.get_by_label("図面").check()
    page.get_by_label("庁内のみ").check()
    page.get_by_role("button", name="位置を確かめる").click()
    page.wait_for_selector("h2:has-text('位置')")
    page.get_by_label("座標系").select_option(str(PLANE))
    for name, value in points().items():
        page.locator(f"input[name={name}]").fill(value)
    page.get_by_role("button", name="ずれを確かめる").click()
    page.wait_for_selector("text=平均のずれは0.00m")
    look(visitor, "tried")
    page.get_by_role("button", name="この位置で地図にする").click()
    page.wait_for_selector("progress")
    look(visitor, "cutting")
    Worker().run(once=True)
    page.reload()
    page.wait_for_selector("text=地図で使えます")
    look(visitor, "ready")
    visitor.open(RASTERS)
    look(visitor, "list")
    assert visitor.errors == []


@pytest.mark.parametrize("visitor", [{"width": DESKTOP, "js": False}], indirect=True)
def test_a_map_is_asked_for_on_paper_without_a_script(visitor: Visitor, town: Town) -> None:
    key = shown(town).state.key
    page = visitor.open(f"/990019/maps/print/?layer={key}")
    assert page.get_by_label("街路灯").is_checked()
    page.get_by_label("縮尺 1:").fill("十")
    page.get_by_role("button", name="PDFを作る").click()
    page.wait_for_selector("#id_scale-error")
    # A browser shows the sheet itself; what it was given is looked at here.
    answer = page.request.get(page.url.replace("scale=%E5%8D%81", "scale=2500"))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")


@pytest.mark.parametrize("visitor", [{"width": DESKTOP}], indirect=True)
def test_the_form_for_paper_reads_well(visitor: Visitor, town: Town) -> None:
    shown(town)
    visitor.open("/990019/maps/print/")
    look(visitor, "form")
    come_in(visitor, town, "staff")
    visitor.open("/990019/desk/maps/print/?scale=1")
    look(visitor, "desk-form")
