"""Cases on the desk: every page type in axe's eyes, on a phone and at 400 %; one case by keyboard, and one without JavaScript."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence

import pytest
from django.test import Client

from tests.browser.conftest import DESKTOP, PHONE, WIDTHS, Look, Visitor
from tests.engines.casework import specimens
from tests.engines.casework.trying import HEARD, a_case, opening
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.casework import actions
from yakuba.engines.casework.models import Case
from yakuba.engines.casework.store import open_case
from yakuba.engines.protection.models import Protected
from yakuba.engines.protection.rules import Party

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("YAKUBA_PICTURES", "")


def come_in(visitor: Visitor, town: Town, role: str = "case_worker") -> None:
    """Signed in, as after password and second factor."""
    client = Client()
    sign_in(client, town.account(role))
    cookie = client.cookies["yakuba_staff"]
    visitor.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": visitor.base}])


def held(town: Town) -> Case:
    """A case of somebody under 支援措置."""
    born = dt.date(1980, 1, 2)
    Protected.unscoped.create(
        municipality_id=town.ref.id, name="例示 月子", birth=born, valid_from=dt.date(2020, 1, 1)
    )
    given = opening(town, applicant="例示 月子")
    HEARD.people[given.origin.id] = (Party(name="例示 月子", birth=born),)
    from django.db import transaction

    with transaction.atomic():
        return open_case(town.ctx("cli").begin(), given)


def look_at(visitor: Visitor, name: str, looks: Sequence[Look] = WIDTHS) -> None:
    """No fault in axe's eyes, nothing wider than the screen, no error of a script."""
    if PICTURES:
        size = visitor.page.viewport_size
        assert size is not None
        visitor.page.screenshot(path=f"{PICTURES}/{name}-{size['width']}.png", full_page=True)
    assert visitor.faults(looks) == [], name
    assert visitor.errors == []


@pytest.mark.parametrize("visitor", [{"width": PHONE}], indirect=True, ids=["phone"])
def test_every_page_is_sound(visitor: Visitor, town: Town) -> None:
    come_in(visitor, town)
    told = specimens.notified(town)
    worker = town.ctx("case_worker")
    actions.hear(worker, told, actions.Hear("phone", "question", "いつ取りに行けますか。"))
    stands = [
        ("held", held(town)),
        ("examining", specimens.examining(town)),
        ("drafted", specimens.drafted(town)),
        ("returned", specimens.returned(town)),
        ("notified", told),
    ]
    Case.unscoped.filter(pk=stands[1][1].pk).update(due_on=dt.date(2026, 1, 5))
    visitor.open("/990019/desk/cases/")
    look_at(visitor, "inbox")
    for name, case in stands:
        visitor.open(f"/990019/desk/cases/{case.pk}/")
        assert visitor.overflowing() == [], name
        for fold in visitor.page.locator("main details").all():
            fold.evaluate("one => { one.open = true }")
        look_at(visitor, f"{name}-open")
    visitor.open("/990019/desk/cases/")
    for box in visitor.page.get_by_role("checkbox", name="を選ぶ").all():
        box.check()
    visitor.page.get_by_label("選んだ案件を").select_option("start")
    visitor.page.get_by_role("button", name="確かめる画面へ").click()
    look_at(visitor, "batch")
    visitor.page.get_by_role("button", name="この内容で行う").click()
    look_at(visitor, "batch-done")


@pytest.mark.parametrize("visitor", [{"width": PHONE}], indirect=True, ids=["phone"])
def test_the_mailboxes_are_sound(visitor: Visitor, town: Town) -> None:
    come_in(visitor, town, "municipality_admin")
    visitor.open("/990019/desk/case-mailboxes/")
    look_at(visitor, "mailboxes", (Look(PHONE), Look(DESKTOP)))


@pytest.mark.parametrize("visitor", [{"width": PHONE, "js": False}], indirect=True, ids=["phone-no-script"])
def test_a_case_from_arrival_to_decision_without_a_script(visitor: Visitor, town: Town) -> None:
    come_in(visitor, town)
    case = a_case(town, "own")
    page = visitor.open("/990019/desk/cases/")
    page.get_by_role("link", name=case.number).click()
    page.get_by_role("button", name="形式の確認をはじめる").click()
    page.get_by_role("button", name="形式は整っている").click()
    page.get_by_label("不承認").check()
    page.get_by_label("決定の内容").fill("登録しない。")
    page.get_by_role("button", name="決定の案を保存する").click()
    assert page.get_by_role("alert").get_by_text("理由が要ります").is_visible()
    assert page.get_by_label("決定の内容").input_value() == "登録しない。"
    page.get_by_label("理由", exact=False).first.fill("要件を満たさない。")
    page.get_by_role("button", name="決定の案を保存する").click()
    assert page.get_by_text("案を書いた人のほかの職員が行います").is_visible()
    drafter = town.accounts.pop(("case_worker", "own"))
    drafter.username = "drafter"
    drafter.save()
    town.accounts[("drafter", "own")] = drafter
    come_in(visitor, town)
    page = visitor.open(f"/990019/desk/cases/{case.pk}/")
    page.get_by_role("button", name="この案のとおり決定する").click()
    assert page.get_by_text("決定：不承認").is_visible()
    case.refresh_from_db()
    assert case.state == "decided"


def test_a_case_is_found_and_moved_by_keyboard(visitor: Visitor, town: Town) -> None:
    come_in(visitor, town)
    first, second = a_case(town), a_case(town)
    page = visitor.open("/990019/desk/cases/")
    page.keyboard.press("j")
    assert page.locator(":focus").inner_text() == first.number
    page.keyboard.press("j")
    assert page.locator(":focus").inner_text() == second.number
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/cases/{second.pk}/")
    page.get_by_role("button", name="形式の確認をはじめる").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="形式は整っている").wait_for()
    second.refresh_from_db()
    assert second.state == "checking"
