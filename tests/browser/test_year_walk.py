"""The plan's year in a browser: asked, answered by three offices, confirmed, checked, decided, minuted, reported, published; presses counted."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass, field

import pytest
from django.test import Client
from playwright.sync_api import Locator, Page

from tests.browser.conftest import DESKTOP, PHONE, WIDTHS, Visitor
from tests.services.plan.year.conftest import edition_of, open_year
from tests.signin import sign_in
from tests.world import SINCE, Town
from yakuba.engines.bodies import actions as bodies
from yakuba.kernel.access.models import StaffAccount
from yakuba.kernel.dates import clock, japan_date
from yakuba.kernel.town.models import Assignment, Office, OfficeName
from yakuba.services.plan.models import Edition, InitiativeOffice, Review
from yakuba.services.plan.year.actions import SaveReview, save_review

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
YEAR = 2025
# Presses and fields by who, as docs/year.md tells them.
COUNTED = {
    "事務局": (31, 14),
    "課1の担当": (3, 6),
    "課1の長": (3, 0),
    "課2の担当": (3, 2),
    "課2の長": (3, 0),
    "課3の担当": (3, 3),
    "課3の長": (3, 0),
    "本部長": (1, 0),
}


@dataclass
class Walk:
    """Somebody at the desk after somebody else; presses (links and buttons) and fields are counted by who."""

    visitor: Visitor
    town: Town
    who: str = ""
    presses: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)

    @property
    def page(self) -> Page:
        return self.visitor.page

    def come(self, who: str, account: StaffAccount, path: str = "/990019/desk/") -> None:
        """Signed in, as after password and second factor, on the desk's first page."""
        self.who = who
        client = Client()
        sign_in(client, account)
        cookie = client.cookies["yakuba_staff"]
        self.visitor.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": self.visitor.base}]
        )
        self.visitor.open(path)

    def press(self, name: str, *, sound: bool = False) -> None:
        """The first visible link or button of that name; then the question that it may ask."""
        self.presses[self.who] += 1
        self._click(self._named(name), or_asked=True)
        dialog = self.page.locator("dialog[open]")
        if dialog.count():
            self.presses[self.who] += 1
            self._click(dialog.get_by_role("button").last)
        assert not self.page.locator("main .wrong").count(), self.page.locator(
            "main .wrong"
        ).all_inner_texts()
        if sound:
            assert self.visitor.faults(WIDTHS) == [], name

    def _click(self, what: Locator, *, or_asked: bool = False) -> None:
        """Click, and wait until the next page is there (or the question that the click asks)."""
        before = self.page.evaluate("performance.timeOrigin")
        what.click()
        self.page.wait_for_function(
            "([before, asked]) => performance.timeOrigin !== before || (asked && document.querySelector('dialog[open]'))",
            arg=[before, or_asked],
        )
        self.page.wait_for_load_state()

    def _named(self, name: str) -> Locator:
        words = re.compile(re.escape(name))
        found = self.page.locator("main").get_by_role("button", name=words)
        found = found.or_(self.page.get_by_role("link", name=words))
        return found.locator("visible=true").first

    def fill(self, key: str, text: str) -> None:
        self.fields[self.who] += 1
        one = self.page.locator(f"[name='{key}']")
        if one.first.evaluate("e => e.tagName") == "SELECT":
            one.select_option(label=text)
        elif one.first.get_attribute("type") == "radio":
            self.page.get_by_label(text, exact=True).check()
        else:
            one.fill(text)


@pytest.fixture
def world(town: Town) -> Edition:
    """Three offices with an initiative each at least, a headquarters with a chair, and the edition of the judged year."""
    office = Office.unscoped.create(municipality_id=town.ref.id, authority="mayor")
    OfficeName.unscoped.create(
        municipality_id=town.ref.id,
        office=office,
        name="手本課",
        code="third-1",
        valid_from=SINCE,
        department="見本部",
    )
    town.offices["third"] = office
    for key in ("own", "other", "third"):
        town.account("plan_editor", key)
        town.account("office_head", key)
    edition_of(town, YEAR - 1)
    made = edition_of(town, YEAR)
    moved = InitiativeOffice.unscoped.filter(initiative__edition=made, initiative__number="2")
    moved.update(office=office)
    secretariat = town.ctx("plan_secretariat")
    body = bodies.establish(
        secretariat,
        None,
        bodies.BodyFacts("推進本部", "headquarters", str(town.offices["own"].pk), SINCE),
    )
    for role, account in (
        ("chair", town.account("staff", "other")),
        ("member", town.account("staff", "own")),
    ):
        post = Assignment.unscoped.get(person=account.person).post_id
        bodies.add_seat(secretariat, body, bodies.SeatFacts(role, SINCE, post=str(post)))
    return made


@pytest.mark.parametrize("visitor", [{"width": DESKTOP}], indirect=True, ids=["desktop"])
def test_a_whole_year(visitor: Visitor, town: Town, world: Edition) -> None:
    walk = Walk(visitor, town)
    secretariat = town.account("plan_secretariat")
    today = japan_date(clock.now())

    walk.come("事務局", secretariat, "/990019/desk/rounds/")
    walk.press("照会を作る")
    walk.fill("kind", "計画の年次評価")
    walk.fill("subject", str(world))
    walk.fill("year", "令和7年度")
    walk.fill("phase", "見込")
    walk.press("文と日程を決める")
    walk.fill("office", "見本部 見本課")
    walk.fill("office_due", (today + dt.timedelta(days=14)).isoformat())
    walk.press("照会を作る")
    walk.press("照会をはじめる")
    round_path = visitor.page.url.removeprefix(visitor.base)

    for place, (key, number) in enumerate((("own", "推1"), ("other", "運6"), ("third", "推2"))):
        walk.come(f"課{place + 1}の担当", town.account("plan_editor", key))
        walk.press("照会に答える")
        visitor.page.locator("th[scope=row] a").first.click()
        walk.presses[walk.who] += 1
        walk.fill("result", f"{number}の取組を進め、窓口での待ち時間が短くなりました。")
        if number == "推1":
            walk.fill("a0-raw", "81手続")
            walk.fill("a0-as_of", "R8.3.1")
            walk.fill("a0-evidence", "手続台帳の3月1日の数")
        if number != "運6":
            walk.fill("progress", "順調")
        walk.fill("next_action", "継続")
        walk.press("保存して入力を終える")
        walk.come(f"課{place + 1}の長", town.account("office_head", key))
        walk.press("確認")
        walk.press("回答をまとめて読む")
        assert "短くなりました" in visitor.page.content()
        walk.press("選んだものを確認する")

    walk.come("事務局", secretariat, round_path)
    walk.press("回答をまとめて読む", sound=True)
    assert "81手続（見込）" in visitor.page.content()
    walk.press("選んだものを受理する")
    assert Review.unscoped.filter(item__state="accepted").count() == 3

    visitor.open("/990019/desk/bodies/")
    walk.press("推進本部")
    walk.press("会議を予定する")
    walk.fill("way", "参集")
    walk.fill("starts_at", f"{(today - dt.timedelta(days=1)).isoformat()} 13:30")
    walk.fill("place", "庁議室")
    walk.press("予定して、議題へ進む")
    walk.press("議題に加える")
    walk.press("年度第1回")
    walk.press("招集する")
    meeting = visitor.page.url.removeprefix(visitor.base)
    walk.press("出欠を記録する")
    walk.press("出欠を記録して開催済みにする")
    walk.press("決定を記録する")
    walk.press("内訳を入力する", sound=True)
    visitor.page.locator("main details summary").first.click()
    walk.presses[walk.who] += 1
    changed = str(visitor.page.locator("select[name$='-progress']").first.get_attribute("name"))
    walk.fill(changed, "おおむね順調")
    walk.fill(changed.replace("-progress", "-reason"), "窓口の一部がまだのため")
    walk.press("決定の内訳を保存する")
    walk.fill("choice", "一部を改めて決定")
    walk.press("決定を記録する")
    words = list(Review.unscoped.order_by("item__number_sort").values_list("decided_progress", flat=True))
    assert sorted(words) == sorted(["おおむね順調", "順調", ""])

    walk.press("議事録を書く")
    walk.fill("opening", "本部長が開会を告げた。")
    walk.press("保存して、議長に確認を求める")
    walk.come("本部長", town.account("staff", "other"), f"{meeting}minutes/")
    walk.press("議事録を確定する")
    walk.come("事務局", secretariat, meeting)
    walk.press("結果を報告する")
    walk.fill("addressee", "市長")
    walk.press("報告書を作って、報告済みにする")

    visitor.open(round_path)
    walk.press("回答をまとめて読む")
    walk.press("進捗報告の公表", sound=True)
    walk.press("進捗報告を公表する")
    visitor.open(f"/990019/desk/plan/editions/{world.pk}/publish/")
    walk.press("公表する")

    visitor.context.clear_cookies()
    page = visitor.open(f"/990019/plan/{YEAR}/report/")
    assert visitor.faults(WIDTHS) == []
    assert "おおむね順調" in page.content()
    assert "81手続" in page.content()
    visitor.open("/990019/plan/record/")
    assert visitor.faults(WIDTHS) == []
    assert visitor.errors == []
    assert {who: (walk.presses[who], walk.fields[who]) for who in walk.presses} == COUNTED


@pytest.mark.parametrize("visitor", [{"width": PHONE}], indirect=True, ids=["phone"])
def test_an_office_answers_on_a_phone(visitor: Visitor, town: Town, world: Edition) -> None:
    """The form with what was said before, its questions, its files, and the sheet's page are sound and fit."""
    year = open_year(town, world, YEAR, "provisional")
    found = year.review("電子申請の拡大")
    said = SaveReview("進めた。", "順調", next_action="continue", actuals=[{"place": 0, "raw": "810手続"}])
    save_review(town.ctx("plan_editor"), found, said)
    walk = Walk(visitor, town)
    walk.come("担当", town.account("plan_editor"), f"/990019/desk/plan/reviews/{found.pk}/")
    assert visitor.faults(WIDTHS) == []
    for box in visitor.page.locator("#questions input[name^=reason]").all():
        box.fill("条例の一括改正のため")
    walk.press("このままでよいとして入力を終える")
    assert Review.unscoped.get(pk=found.pk).item.state == "entered"
    for path in (
        f"/990019/desk/plan/reviews/{found.pk}/",
        f"/990019/desk/plan/reviews/rounds/{year.round.pk}/sheet/",
        f"/990019/desk/plan/editions/{world.pk}/observations/",
        f"/990019/desk/plan/editions/{world.pk}/observations/new/?of={found.initiative}",
    ):
        visitor.open(path)
        assert visitor.faults(WIDTHS) == [], path
    assert visitor.errors == []
