"""Signing in at the portal with a real browser: on a phone, without script, by the keyboard, and what axe says of every page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.cache import cache

from tests.browser.conftest import DESKTOP, NARROW, PHONE, Look, Visitor
from tests.browser.test_pages import check
from tests.services.identity.conftest import MAIL, PASSWORD, sent_code
from tests.world import Town
from yakuba.services.identity import demo

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.services.identity.demo_urls"),
]
PAGES = [
    "/990019/sign-in/",
    "/990019/sign-in/?level=account&next=/990019/my/",
    "/990019/sign-in/?level=signature&out=1&problem=lost",
    "/990019/sign-in/mail/",
    "/990019/sign-in/account/",
    "/990019/sign-in/account/new/",
    "/990019/sign-in/provider/",
    "/en/990019/sign-in/",
]
MINE = ["/990019/my/", "/990019/my/name/", "/990019/my/mail/", "/990019/my/password/", "/990019/my/close/"]


@pytest.fixture
def here(town: Town, settings, tmp_path: Path, live_server) -> Town:
    """A town with mail and with the demo's provider."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MAIL_URL, settings.MAIL_FROM = (tmp_path / "mail").as_uri(), "yakuba@example.jp"
    (tmp_path / "demo").touch()
    settings.HOME = tmp_path
    for name, value in demo.environment(live_server.url).items():
        setattr(settings, name.removeprefix("YAKUBA_"), value)
    cache.clear()
    return town


def open_account(visitor: Visitor) -> None:
    """From the first page to one's own, by what a page says."""
    page = visitor.open("/990019/sign-in/?next=/990019/my/")
    page.get_by_role("link", name=re.compile("アカウントでサインインする")).click()
    page.get_by_role("link", name="アカウントを作る・パスワードを決め直す").click()
    page.get_by_label("メールアドレス").fill(MAIL)
    page.get_by_role("button", name="確認コードを送る").click()
    page.get_by_label("確認コード").fill("12345")
    page.get_by_role("button", name="確かめる").click()
    assert (
        "コードが違います" in page.get_by_role("alert").or_(page.locator(".error-summary")).first.inner_text()
    )
    page.get_by_label("確認コード").fill(sent_code())
    page.get_by_role("button", name="確かめる").click()
    page.get_by_label("新しいパスワード", exact=False).first.fill(PASSWORD)
    page.get_by_label("新しいパスワード（もう一度）").fill(PASSWORD)
    page.get_by_role("button", name="このパスワードにする").click()
    assert page.get_by_role("heading", level=1).inner_text() == "マイページ"


LOOKS = (Look(PHONE), Look(NARROW), Look(DESKTOP), Look(DESKTOP, dark=True))


@pytest.mark.parametrize("visitor", [{"width": PHONE}], indirect=True, ids=["phone"])
def test_every_page(visitor: Visitor, here: Town) -> None:
    check(visitor, PAGES, LOOKS)
    open_account(visitor)
    visitor.errors.clear()  # the wrong code's 422 is told to the console
    check(visitor, MINE, LOOKS)


@pytest.mark.parametrize("visitor", [{"width": PHONE, "js": False}], indirect=True, ids=["no-script"])
def test_without_script(visitor: Visitor, here: Town) -> None:
    open_account(visitor)
    visitor.page.get_by_role("button", name="サインアウトする").click()
    assert "サインアウトしました" in visitor.page.locator("main").inner_text()


@pytest.mark.parametrize("visitor", [{"width": PHONE}], indirect=True, ids=["phone"])
def test_to_the_provider_and_back(visitor: Visitor, here: Town) -> None:
    page = visitor.open("/990019/sign-in/provider/?next=/990019/my/")
    page.get_by_role("button", name="本人確認に進む").click()
    page.wait_for_url("**/demo-identity/authorize**")
    assert visitor.axe() == []
    page.get_by_label("例示 はな", exact=False).check()
    page.get_by_role("button", name="この人として確認する").click()
    page.wait_for_url("**/990019/my/")
    assert "みほん市中央一丁目2番3号" in page.locator("main").inner_text()
    assert visitor.axe() == []
    assert visitor.errors == []


def test_by_the_keyboard(visitor: Visitor, here: Town) -> None:
    page = visitor.open("/990019/sign-in/mail/")
    for _step in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "id_mail":
            break
    page.keyboard.type(MAIL)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_role("heading", level=1).inner_text() == "確認コードを入力"
