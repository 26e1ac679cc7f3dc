"""A clerk's walk through a ledger: every page in axe's eyes on a phone and on a desk, once by keyboard, once without JavaScript."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence

import pytest
from django.test import Client
from PIL import Image

from tests.browser.conftest import DESKTOP, PHONE, WIDTHS, Look, Visitor
from tests.services.ledgers.worlds import HERE, add, open_book, wifi
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.ledger.actions.entries import ChangeEntry, WriteNote
from yakuba.engines.ledger.records import Entry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("YAKUBA_PICTURES", "")
LIST = f"{HERE}public_wifi/"


def come_in(visitor: Visitor, town: Town, role: str = "ledger_keeper") -> None:
    """Signed in, as after password and second factor."""
    client = Client()
    sign_in(client, town.account(role))
    cookie = client.cookies["yakuba_staff"]
    visitor.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": visitor.base}])


def filled(town: Town) -> Entry:
    """A book with some sites; the first has a line, a note and a double."""
    book = open_book(town)
    first = add(town, book, renewal="2027-03-31", kana="ミホンコウミンカン")
    for name, use in (("例示駅前広場", "public"), ("架空観光案内所", "tourism"), ("手本図書館", "public")):
        add(town, book, name=name, use=use, ssid=f"Free_{use}", address=f"みほん市{name}")
    add(town, book, address="みほん市見本町1番地")
    keeper, actions = town.ctx("ledger_keeper"), wifi().actions
    lines = {"outages": [{"id": "", "version": 0, "entry": {"day": "2026-05-01", "cause": "落雷"}}]}
    actions.change(keeper, first, ChangeEntry({"hours": "9時から17時"}, lines))  # type: ignore[arg-type]  # JSON
    actions.note(keeper, first, WriteNote("visit", "電波の届く範囲を歩いて確かめた。"))
    return first


def look_at(visitor: Visitor, name: str, looks: Sequence[Look] = WIDTHS) -> None:
    """No fault in axe's eyes, nothing wider than the screen, no error of a script."""
    if PICTURES:
        for width in (PHONE, DESKTOP):
            visitor.page.set_viewport_size({"width": width, "height": 900})
            visitor.page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)
    assert visitor.faults(looks) == [], name
    assert visitor.errors == []


@pytest.mark.parametrize("visitor", [{"width": PHONE}], indirect=True, ids=["phone"])
def test_every_page_is_sound(visitor: Visitor, town: Town) -> None:
    come_in(visitor, town)
    first = filled(town)
    here = f"{LIST}{first.pk}/"
    pages = {
        "home": HERE,
        "list": LIST,
        "entry": here,
        "edit": f"{here}edit/",
        "new": f"{LIST}new/",
        "move": f"{here}move/?step=drop",
        "as-of": f"{here}?on=R8.1.1",
        "dictionary": f"{LIST}dictionary/",
    }
    for name, path in pages.items():
        visitor.open(path)
        assert visitor.overflowing() == [], name
        for fold in visitor.page.locator("main details").all():
            fold.evaluate("one => { one.open = true }")
        look_at(visitor, name)
    visitor.open(here)
    visitor.page.get_by_role("link", name="と比べる").first.click()
    look_at(visitor, "compare")
    visitor.open(LIST)
    for box in visitor.page.get_by_role("checkbox", name="を選ぶ").all():
        box.check()
    visitor.page.locator("#id_what").select_option("hours")
    visitor.page.get_by_role("button", name="値を入れる画面へ").click()
    visitor.page.locator("#id_value-hours").fill("終日")
    visitor.page.get_by_role("button", name="どう変わるか確かめる").click()
    look_at(visitor, "bulk")
    visitor.open(f"{here}files/")
    look_at(visitor, "file")
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(data, "JPEG")
    paper = {"name": "現地.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}
    visitor.page.locator("#id_file").set_input_files(paper)  # type: ignore[arg-type]  # as a file's three facts
    visitor.page.get_by_role("button", name="次の画面で確かめる").click()
    look_at(visitor, "file-confirm")
    visitor.page.get_by_role("button", name="この行に付ける").click()
    assert visitor.page.get_by_role("link", name="現地.jpg").is_visible()


@pytest.mark.parametrize("visitor", [{"width": DESKTOP}], indirect=True, ids=["desk"])
def test_the_books_are_arranged(visitor: Visitor, town: Town) -> None:
    come_in(visitor, town, "ledger_secretariat")
    page = visitor.open(HERE)
    look_at(visitor, "arranging")
    page.locator("#id_ledger").select_option("public_wifi")
    page.get_by_label("所管課").select_option("own-1")
    page.get_by_role("button", name="この台帳を始める").click()
    page.get_by_role("link", name="公衆無線LAN").click()
    look_at(visitor, "book")
    visitor.open(f"{LIST}dictionary/")
    look_at(visitor, "own-fields")


@pytest.mark.parametrize("visitor", [{"width": PHONE, "js": False}], indirect=True, ids=["phone-no-script"])
def test_find_read_correct_note_and_move_without_a_script(visitor: Visitor, town: Town) -> None:
    come_in(visitor, town)
    first = filled(town)
    page = visitor.open(LIST)
    page.get_by_label("番号・名称").fill("見本公民館")
    page.get_by_role("button", name="絞り込む").click()
    page.get_by_role("link", name=first.number).click()
    page.get_by_role("link", name="直す").click()
    page.get_by_label("SSID").fill("Mihon_Neo")
    page.get_by_label("位置の緯度").fill("公民館の前")
    page.get_by_label("位置の経度").fill("139.11")
    page.get_by_role("button", name="保存する").click()
    assert page.get_by_role("link", name="「位置」に「公民館の前, 139.11」は使えません").is_visible()
    assert page.get_by_label("SSID").input_value() == "Mihon_Neo"
    page.get_by_label("位置の緯度").fill("36.41")
    page.get_by_role("button", name="保存する").click()
    assert page.get_by_text("Mihon_Neo").first.is_visible()
    page.get_by_text("経過を書く").click()
    page.get_by_label("電話").check()
    page.locator("#id_text").fill("名前を変えたことを知らせた。")
    page.get_by_role("button", name="記録する").click()
    assert page.get_by_text("名前を変えたことを知らせた。").is_visible()
    page.locator("summary", has_text="提供をはじめる").click()
    page.get_by_role("button", name="提供をはじめる").click()
    assert page.locator(".page-head").get_by_text("提供中").is_visible()


@pytest.mark.parametrize("visitor", [{"width": DESKTOP}], indirect=True, ids=["desk"])
def test_the_list_by_keyboard(visitor: Visitor, town: Town) -> None:
    come_in(visitor, town)
    filled(town)
    page = visitor.open(LIST)
    page.keyboard.press("/")
    page.keyboard.type("例示駅前")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('例示駅前広場')")
    assert visitor.errors == []
