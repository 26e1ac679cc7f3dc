"""Reviewing a reading with the keyboard alone: how many keys a doubt takes, on a desk and on a phone's width."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, Visitor
from tests.services.plan.reading.published import document as published_document
from tests.services.plan.readings import ready
from tests.signin import sign_in
from tests.world import Town
from yakuba.kernel.files import store as files
from yakuba.services.plan import actions
from yakuba.services.plan.actions.staging import decisions_of, staged_of
from yakuba.services.plan.models import Import
from yakuba.services.plan.parsing import read_bytes
from yakuba.services.plan.staging import Question, questions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Keyboard:
    """Presses keys, waits for the page that follows, and counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0

    def press(self, key: str) -> None:
        """A key that stays on the page."""
        self.page.keyboard.press(key)
        self.pressed += 1

    def go(self, key: str) -> None:
        """A key that leads to another page."""
        with self.page.expect_navigation():
            self.press(key)

    def write(self, text: str) -> None:
        """A text, key by key."""
        self.page.keyboard.type(text)
        self.pressed += len(text)


def secretary(visitor: Visitor, town: Town) -> None:
    client = Client()
    sign_in(client, town.account("plan_secretariat"))
    cookie = client.cookies["yakuba_staff"]
    visitor.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": visitor.base}])


def check(job: Import) -> str:
    return f"/990019/desk/plan/imports/{job.pk}/check/"


def opened(job: Import) -> list[Question]:
    job = Import.unscoped.get(pk=job.pk)
    return [one for one in questions(job.reading["documents"], staged_of(job), {}) if one.state == "open"]


def left(job: Import) -> int:
    return len(opened(job))


def test_every_doubt_takes_one_key_where_the_reading_is_right(visitor: Visitor, town: Town) -> None:
    secretary(visitor, town)
    job = ready(town, 12)
    keys = Keyboard(visitor.open(check(job)))
    for _n in range(12):
        keys.go("Enter")
    assert left(job) == 0
    print(f"12 doubts, {keys.pressed} keys: {keys.pressed / 12:.1f} a doubt")
    assert keys.pressed / 12 <= 2
    assert visitor.page.get_by_role("heading", name="すべて確かめました").is_visible()


def test_all_keys(visitor: Visitor, town: Town) -> None:
    secretary(visitor, town)
    job = ready(town, 8)
    page = visitor.open(check(job))
    keys = Keyboard(page)
    keys.go("2")
    assert decisions_of(job)[-1].value == "-"
    assert page.evaluate("document.activeElement.id") == "question", "the next question has the focus"
    keys.go("u")
    assert left(job) == 8
    keys.go("j")
    keys.go("j")
    keys.go("k")
    assert "0.1.texts.schedule_past" in page.url.replace("%5B", "[")
    keys.press("e")
    keys.write("令和5年度に検討")
    keys.go("Control+Enter")
    assert (
        staged_of(Import.unscoped.get(pk=job.pk)).form((0, 1))["texts"]["schedule_past"] == "令和5年度に検討"
    )
    keys.go("a")
    keys.go("Enter")
    assert left(job) == 2, "all of one reason at once; years are another"
    keys.go("0")
    keys.go("1")
    assert left(job) == 0
    keys.go("u")
    keys.press("e")
    keys.press("Escape")
    assert page.locator(".stage-edit").get_attribute("open") is None


def test_keys_can_be_turned_off(visitor: Visitor, town: Town) -> None:
    secretary(visitor, town)
    job = ready(town, 4)
    page = visitor.open(check(job))
    page.keyboard.press("?")
    page.get_by_label("これらのキーを使う").uncheck()
    page.locator("h1").click()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert left(job) == 4
    page.reload()
    page.keyboard.press("1")
    page.wait_for_timeout(300)
    assert left(job) == 4, "and stay off"


@pytest.mark.parametrize("visitor", [{"width": PHONE}], indirect=True, ids=["phone"])
def test_pages_of_the_review(visitor: Visitor, town: Town) -> None:
    secretary(visitor, town)
    job = ready(town, 12)
    first: list[actions.StagedAnswer] = [
        {"document": 0, "row": 0, "path": "texts.schedule_past", "verdict": "keep"},
        {"document": 0, "piece": 1, "row": 12, "path": "title", "verdict": "make", "value": "もれた取組"},
        {"document": 0, "row": 5, "verdict": "omit"},
    ]
    actions.settle_reading(town.ctx("plan_secretariat"), job, actions.SettleReading(first))
    for address in (
        check(job),
        f"{check(job)}?at=0.0.texts.schedule_past",
        f"{check(job)}?at=0.3.indicators[0].values[0].year",
        f"{check(job)}many/?at=0.1.texts.schedule_past&take=0",
        f"{check(job)}rows/",
        f"{check(job)}rows/0/3/?edit=title",
        f"{check(job)}rows/0/5/",
        f"{check(job)}rows/0/12/",
        f"{check(job)}pieces/?piece=0.0",
        f"{check(job)}pieces/?piece=0.0&do=make",
        f"/990019/desk/plan/imports/{job.pk}/",
    ):
        visitor.open(address)
        assert visitor.faults() == [], address
    assert visitor.errors == []


@pytest.mark.plans
@pytest.mark.parametrize("name", ["shibukawa.txt"])
def test_a_citys_document_with_the_keyboard_alone(visitor: Visitor, town: Town, name: str) -> None:
    """Of each kind of doubt in the document one: the others of its kind were decided before."""
    data = published_document(name)
    ctx = town.ctx("cli")
    job = actions.receive_file(ctx, None, actions.ReceiveFile(name, "0" * 32))
    documents = read_bytes(data, name, "990019", "みほん市")
    job = actions.record_reading(ctx, job, actions.RecordReading(documents, files.put(data)))
    alike: dict[object, list[Question]] = {}
    for one in opened(job):
        kind = one.codes, len(one.candidates), re.sub(r"\d+", "0", one.path)
        alike.setdefault(kind, []).append(one)
    assert len(alike) > 10
    seen: list[actions.StagedAnswer] = [
        {"document": one.document, "row": one.row, "path": one.path, "verdict": "keep"}
        for kind in alike.values()
        for one in kind[1:]
    ]
    actions.settle_reading(town.ctx("plan_secretariat"), job, actions.SettleReading(seen))
    secretary(visitor, town)
    doubts = left(job)
    assert doubts == len(alike)
    keys = Keyboard(visitor.open(check(job)))
    while visitor.page.locator("[data-key~='Enter'][type=submit]").count():
        keys.go("Enter")
        assert keys.pressed <= doubts * 2, "a key leads nowhere"
    assert left(job) == 0
    print(f"{name}: {doubts} doubts, {keys.pressed} keys: {keys.pressed / doubts:.1f} a doubt")
    assert keys.pressed / doubts <= 2
