"""Somebody decides at the desk: with the keyboard, and on a phone without JavaScript."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.browser.conftest import DESKTOP, PHONE, WIDTHS, Visitor
from tests.browser.test_applying import go
from tests.engines.approval.sample import drafted, rule, titled
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.approval.models import DecisionRule, Proposal
from yakuba.kernel.access.models import StaffAccount

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOME = "/990019/desk/approvals/"


def enter(visitor: Visitor, account: StaffAccount) -> None:
    """The browser of somebody who is signed in."""
    client = Client()
    sign_in(client, account)
    cookie = client.cookies["yakuba_staff"]
    visitor.context.clear_cookies()
    visitor.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": visitor.base}])


@pytest.fixture
def made(town: Town) -> Proposal:
    """The staff approves, the head decides."""
    chief = titled(town, "係長", holder=town.account("staff"))
    titled(town, "課長", holder=town.account("office_head"))
    rule(town, "課長", ground="見本市事務決裁規程別表")
    return drafted(town, town.ctx("case_worker"), route=[("approve", chief)])


@pytest.mark.parametrize("visitor", [{"width": PHONE, "js": False}], indirect=True, ids=["phone-no-script"])
def test_returned_changed_sent_again_and_decided(visitor: Visitor, made: Proposal, town: Town) -> None:
    enter(visitor, town.account("staff"))
    page = visitor.open(HOME)
    page.get_by_role("link", name="見本の件").click()
    page.get_by_text("差し戻す", exact=False).first.click()
    page.get_by_label("差し戻す理由").fill("根拠の条を書き足してください。")
    go(page.get_by_role("button", name="起案者に差し戻す"))

    enter(visitor, town.account("case_worker"))
    page = visitor.open(f"{HOME}?box=drafted")
    page.get_by_role("link", name="見本の件").click()
    page.get_by_text("1回目の経路").click()
    assert page.get_by_text("根拠の条を書き足してください。").first.is_visible()
    page.get_by_role("link", name="起案を直す").click()
    page.get_by_label("伺い文").fill("根拠は第3条です。")
    go(page.get_by_role("button", name="保存して決裁に回す"))

    enter(visitor, town.account("staff"))
    page = visitor.open(f"{HOME}{made.pk}/")
    go(page.get_by_role("button", name="承認する"))
    enter(visitor, town.account("office_head"))
    page = visitor.open(f"{HOME}{made.pk}/")
    go(page.get_by_role("button", name="このとおり決裁する"))
    assert page.get_by_text("決裁済み").first.is_visible()
    assert Proposal.unscoped.get(pk=made.pk).state == "decided"


@pytest.mark.parametrize("visitor", [{"width": DESKTOP}], indirect=True, ids=["desktop"])
def test_with_the_keyboard_alone(visitor: Visitor, made: Proposal, town: Town) -> None:
    enter(visitor, town.account("staff"))
    page = visitor.open(f"{HOME}{made.pk}/")
    page.keyboard.press("r")
    assert page.get_by_label("差し戻す理由").is_visible()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("a")
    page.wait_for_url(f"**{HOME}{made.pk}/")
    page.get_by_text("済み").first.wait_for()
    assert Proposal.unscoped.get(pk=made.pk).state == "circulating"
    assert made.steps.get(kind="approve").state == "done"
    assert visitor.errors == []


@pytest.mark.parametrize("visitor", [{"width": PHONE}], indirect=True, ids=["phone"])
def test_pages_are_accessible_and_fit(visitor: Visitor, made: Proposal, town: Town) -> None:
    keeper = DecisionRule.unscoped.get()
    draft = drafted(town, town.ctx("records_keeper"), submit=False)
    for role, paths in {
        "staff": [HOME, f"{HOME}{made.pk}/", f"{HOME}absences/", f"{HOME}?box=all"],
        "records_keeper": [
            f"{HOME}rules/",
            f"{HOME}rules/{keeper.pk}/",
            f"{HOME}rules/import/",
            f"{HOME}{draft.pk}/",
            f"{HOME}{draft.pk}/draft/",
        ],
    }.items():
        enter(visitor, town.account(role))
        for path in paths:
            visitor.open(path)
            assert visitor.faults(WIDTHS) == [], path
    assert visitor.errors == []
    assert visitor.elsewhere == []
