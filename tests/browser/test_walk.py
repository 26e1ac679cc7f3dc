"""The whole thread as people go it: a clerk signs in, hands a document over, corrects it, publishes it; a citizen reads it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.services.plan.test_cli import TABLE
from tests.world import Town
from yakuba.kernel.access.models import StaffAccount
from yakuba.kernel.access.totp import totp_code
from yakuba.kernel.dates import clock
from yakuba.kernel.outbox.worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PASSWORD = "mihon no aikotoba 2026"


def with_password(account: StaffAccount) -> StaffAccount:
    """An account that can sign in."""
    account.set_password(PASSWORD)
    account.save()
    return account


def sign_in(page: Page, account: StaffAccount) -> None:
    """Password, then the second factor is set up as on the first day."""
    page.get_by_label("利用者ID").fill(account.username)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="サインインする").click()
    secret = re.sub(r"\s", "", page.locator("code").inner_text())
    page.get_by_label("確認コード").fill(totp_code(secret, clock.now()))
    page.get_by_role("button", name="登録する").click()
    page.get_by_role("link", name="進む").click()


def answer(page: Page) -> None:
    """Say yes to a clear question, where the page asks one (without script it does not)."""
    dialog = page.locator("dialog[open]")
    if dialog.count():
        dialog.get_by_role("button").last.click()


@pytest.mark.parametrize(
    "visitor",
    [{"width": DESKTOP}, {"width": PHONE, "js": False}],
    indirect=True,
    ids=["desktop", "phone-no-script"],
)
def test_from_the_document_to_the_citizen(visitor: Visitor, town: Town, tmp_path: Path) -> None:
    account = with_password(town.account("plan_secretariat"))
    source = tmp_path / "みほん市計画.txt"
    source.write_text(TABLE + "\n", "utf-8")

    page = visitor.open("/990019/desk/plan/imports/new/")
    assert "/desk/sign-in/" in page.url
    sign_in(page, account)
    assert page.url.endswith("/990019/desk/plan/imports/new/"), "back to where one was going"

    page.get_by_label("計画書のファイル").set_input_files(source)
    page.get_by_role("button", name="読み取りをはじめる").click()
    assert "画面を離れても" in page.content()
    Worker().run(once=True)
    page.reload()
    page.get_by_role("button", name="下書きに反映する").click()
    page.get_by_role("link", name=re.compile("下書き")).first.click()

    page.get_by_role("link", name="見本の取組3", exact=False).first.click()
    edit = page.locator("a", has_text="直す").filter(has_text="取組名").first
    edit.click()
    page.get_by_label("取組名").fill("直した見本の取組3")
    page.get_by_label("訂正の理由").fill("転記の誤り")
    page.get_by_role("button", name="保存する").click()
    assert "直した見本の取組3" in page.get_by_role("heading", level=1).inner_text()

    edition = page.url.split("/desk/plan/")[0]
    page.goto(f"{edition}/desk/plan/")
    page.get_by_role("link", name="みほん市情報化推進計画", exact=False).first.click()
    page.get_by_role("link", name="公表").last.click()
    page.get_by_label("変更の説明（正誤）").fill("はじめての公表です。")
    page.get_by_role("button", name="公表する", exact=True).first.click()
    answer(page)
    page.wait_for_selector("text=第1号")

    visitor.context.clear_cookies()
    page = visitor.open("/990019/plan/2024/")
    page.get_by_role("link", name="直した見本の取組3").first.click()
    assert "直した見本の取組3" in page.get_by_role("heading", level=1).inner_text()
    assert not visitor.context.cookies(), "public pages set no cookie"
    shown = json.loads(visitor.context.request.get(f"{visitor.base}/990019/plan/2024/plan.json").text())
    assert shown["initiatives"][2]["title"] == "直した見本の取組3"
    assert visitor.errors == []


@pytest.mark.parametrize("visitor", [{"width": DESKTOP}], indirect=True, ids=["desktop"])
def test_a_refused_document_is_told_in_words(visitor: Visitor, town: Town, tmp_path: Path) -> None:
    source = tmp_path / "scan.pdf"
    source.write_bytes(b"%PDF-1.7 no table in here")
    page = visitor.open("/990019/desk/plan/imports/new/")
    sign_in(page, with_password(town.account("plan_secretariat")))
    page.get_by_label("計画書のファイル").set_input_files(source)
    page.get_by_role("button", name="読み取りをはじめる").click()
    Worker().run(once=True)
    page.reload()
    assert "PDF" in page.locator("main").inner_text()
    assert "読み取れませんでした" in page.locator("main").inner_text()
