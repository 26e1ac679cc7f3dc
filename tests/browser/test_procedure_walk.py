"""The whole way: an office publishes a procedure, a citizen applies on a phone, corrects it, and receives the decision.

Every press is counted. ``docs/procedures.md`` names the numbers, and the last test compares.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Locator

from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.services.identity.conftest import sent_code
from tests.services.procedures.portal.sheets import picture
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.casework.models import Case, Notice
from yakuba.kernel.outbox.worker import Worker
from yakuba.services.procedures.models import Submission

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("YAKUBA_PICTURES", "")
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "procedures.md"


@dataclass
class Walker:
    """Somebody on the way, with the number of presses: links and buttons, boxes ticked, fields filled in."""

    visitor: Visitor
    name: str
    presses: int = 0
    fields: int = 0

    def press(self, way: Locator) -> None:
        """A link or a button; where it asks before it does it, that is one press more."""
        self.presses += 1
        if way.get_attribute("data-question"):
            name = way.inner_text().strip()
            way.click()
            way = self.visitor.page.get_by_role("dialog").get_by_role("button", name=name)
            self.presses += 1
        with self.visitor.page.expect_navigation():
            way.click()

    def button(self, name: str) -> None:
        self.press(
            self.visitor.page.get_by_role("button", name=name, exact=True).locator("visible=true").last
        )

    def link(self, name: str | re.Pattern[str]) -> None:
        self.press(self.visitor.page.get_by_role("link", name=name).first)

    def fill(self, name: str, text: str) -> None:
        self.fields += 1
        self.visitor.page.locator(f"[name='{name}']").fill(text)

    def choose(self, label: str) -> None:
        self.fields += 1
        self.visitor.page.get_by_label(label, exact=True).check()

    def look(self, name: str) -> None:
        """Nothing hangs over, axe is content, no script failed."""
        assert self.visitor.overflow() <= 0, name
        assert self.visitor.axe() == [], name
        if PICTURES:
            self.visitor.page.screenshot(path=f"{PICTURES}/walk-{name}.png", full_page=True)


@pytest.fixture
def browsers(chromium: Browser, served: str) -> Iterator[Any]:  # Any: a maker of visitors
    made = []

    def make(width: int) -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, locale="ja-JP", reduced_motion="reduce"
        )
        made.append(context)
        return Visitor(context, served)

    yield make
    for context in made:
        context.close()


def at_the_desk(visitor: Visitor, town: Town, role: str) -> None:
    client = Client()
    sign_in(client, town.account(role))
    cookie = client.cookies["yakuba_staff"]
    visitor.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": visitor.base}])


def work() -> None:
    """What the worker does within a second."""
    Worker().run(once=True)


def publish(clerk: Walker) -> None:
    """From the list of procedures to one that takes applications."""
    page = clerk.visitor.open("/990019/desk/procedures/")
    clerk.link("手続を作る")
    page.locator("[name=office]").select_option(label="見本課")
    page.get_by_label("ひな形", exact=False).first.check()
    page.locator("[name=ready]").select_option(label="埋蔵文化財の照会")
    clerk.fields += 3
    clerk.button("下書きを作る")
    clerk.look("1-outline")
    clerk.link(re.compile("確かめて公開"))
    clerk.look("2-checks")
    clerk.button("公開して受付をはじめる")


def apply(citizen: Walker, tmp_path: Path) -> None:
    """From the front page to the acknowledgement."""
    photo = tmp_path / "地図.png"
    photo.write_bytes(picture().getvalue())
    page = citizen.visitor.open("/990019/")
    citizen.fill("q", "家を建てる 遺跡")
    citizen.button("さがす")
    if not page.get_by_role("link", name="埋蔵文化財の照会").count():
        page = citizen.visitor.open("/990019/procedures/")
    citizen.link("埋蔵文化財の照会")
    citizen.look("3-procedure")
    citizen.link("手続をはじめる")
    citizen.link("本人の確認に進む")
    citizen.link(re.compile("メールで確認する"))
    citizen.fill("mail", "tehon@example.jp")
    citizen.button("確認コードを送る")
    work()
    citizen.fill("code", sent_code())
    citizen.button("確かめる")
    citizen.button("記入をはじめる")
    citizen.look("4-first-page")
    citizen.fill("q.place", "みほん市見本町一丁目12番3")
    citizen.fill("q.area", "300")
    citizen.fields += 1
    page.locator("input[type=file]").set_input_files(photo)
    citizen.button("このファイルを付ける")
    answer_the_rest(citizen)
    citizen.look("5-check")
    citizen.button("提出する")
    citizen.look("6-acknowledgement")


#: What is written where it is asked; a page at a time, as the form leads.
ANSWERS = {
    "q.begins": "令和9年3月1日",
    "q.depth": "1.2",
    "q.name.family": "手本",
    "q.name.given": "くみこ",
    "q.name.family_kana": "てほん",
    "q.name.given_kana": "くみこ",
    "q.phone": "0000-00-0000",
}


def answer_the_rest(citizen: Walker) -> None:
    """Page by page to the check page: choices, then what is written, then on."""
    page = citizen.visitor.page
    for _page in range(8):
        if page.get_by_role("button", name="提出する", exact=True).count():
            return
        for name in dict.fromkeys(
            one.get_attribute("name") or "" for one in page.locator("main input[type=radio]").all()
        ):
            group = page.locator(f"main input[type=radio][name='{name}']")
            if not any(one.is_checked() for one in group.all()):
                group.first.check()
                citizen.fields += 1
        for name, text in ANSWERS.items():
            asked = page.locator(f"[name='{name}']")
            if asked.count() and asked.input_value() == "":
                citizen.fill(name, text)
        citizen.button("次へ")
    pytest.fail("the form has no end")


def ask_correction(clerk: Walker, case: Case) -> None:
    """The office finds the area missing its sense, and asks again."""
    page = clerk.visitor.open("/990019/desk/cases/")
    clerk.link(case.number)
    clerk.button("形式の確認をはじめる")
    page.get_by_text("補正を求める", exact=True).first.click()
    clerk.presses += 1
    page.locator("input[name=asked][value=area]").check()
    page.locator("form:has(input[name=asked]) textarea").first.fill("工事をする広さだけを書いてください。")
    clerk.fields += 2
    clerk.press(page.locator("form:has(input[name=asked]) button").last)
    clerk.look("7-asked")


def correct(citizen: Walker, made: Submission) -> None:
    """The citizen comes back by the acknowledgement's page and changes what was asked."""
    citizen.visitor.open(f"/990019/procedures/applications/{made.pk}/")
    citizen.link("補正のお願いを開く")
    citizen.button("直しはじめる")
    citizen.fill("q.area", "120")
    citizen.button("次へ")
    citizen.look("8-correction")
    citizen.button("補正を送る")


def decide(clerk: Walker, case: Case) -> None:
    """Formally right, answered, and the notice issued."""
    page = clerk.visitor.open(f"/990019/desk/cases/{case.pk}/")
    clerk.button("形式は整っている")
    page.get_by_label("回答", exact=True).check()
    page.get_by_label("決定の内容").fill("照会の場所は包蔵地に含まれません。")
    clerk.fields += 2
    clerk.button("決定の案を保存する")
    clerk.button("この案のとおり決定する")
    clerk.look("9-decided")
    clerk.link(re.compile("通知書"))
    clerk.look("10-notice")
    clerk.button("保存して印刷の姿を見る")
    clerk.button("施行する")
    clerk.look("11-issued")


def read_notice(citizen: Walker, made: Submission) -> bytes:
    """Opened by a press, then downloaded."""
    page = citizen.visitor.open(f"/990019/procedures/applications/{made.pk}/")
    citizen.link("通知書のページへ")
    citizen.button("開いて確認する")
    citizen.look("12-opened")
    citizen.presses += 1
    with page.expect_download() as taken:
        page.get_by_role("link", name="通知書をダウンロードする").click()
    return Path(taken.value.path()).read_bytes()


def test_from_publishing_to_the_notice(browsers: Any, town: Town, settings: Any, tmp_path: Path) -> None:
    settings.MAIL_URL, settings.MAIL_FROM = (tmp_path / "mail").as_uri(), "yakuba@example.jp"
    settings.HOME = tmp_path
    editor, clerk = Walker(browsers(DESKTOP), "手続の担当"), Walker(browsers(DESKTOP), "審査の担当")
    citizen = Walker(browsers(PHONE), "申請者")
    at_the_desk(editor.visitor, town, "procedure_editor")
    at_the_desk(clerk.visitor, town, "case_worker")
    publish(editor)
    apply(citizen, tmp_path)
    work()
    made, case = Submission.unscoped.get(), Case.unscoped.get()
    assert case.receipt == made.receipt
    ask_correction(clerk, case)
    work()
    correct(citizen, made)
    work()
    decide(clerk, case)
    work()
    assert read_notice(citizen, made).startswith(b"%PDF")
    work()
    assert Notice.unscoped.get().opened_at is not None
    walkers = (editor, clerk, citizen)
    assert [one.visitor.elsewhere for one in walkers] == [[], [], []]
    rows = re.findall(r"^\| (\S+) \| (\d+) \| (\d+) \|$", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    told = {who: (int(presses), int(fields)) for who, presses, fields in rows}
    assert told == {one.name: (one.presses, one.fields) for one in walkers}, "docs/procedures.md"
