from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from yakuba.engines.delivery.models import Delivery

PASSWORD = "ひみつの ことば 1234"
MAIL = "rei@example.jp"


@pytest.fixture(autouse=True)
def quick_and_clean(settings, tmp_path: Path) -> None:
    """A cheap hash, nothing kept from another test, and mail that stays in a folder."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MAIL_URL = (tmp_path / "mail").as_uri()
    settings.MAIL_FROM = "yakuba@example.jp"
    cache.clear()


class Citizenry(Client):
    """A browser of somebody at the portal of みほん市."""

    def ask_code(self, page: str = "mail", mail: str = MAIL, **more: str):
        """Have a code sent."""
        return self.post(f"/990019/sign-in/{page}/", {"mail": mail, **more})

    def enter(self, code: str | None = None):
        """Type a code; the one that was sent when left out."""
        return self.post("/990019/sign-in/code/", {"code": code or sent_code()})

    def confirm(self, mail: str = MAIL, **more: str):
        """The whole way by mail."""
        assert self.ask_code(mail=mail, **more).status_code == 302
        return self.enter()

    def open_account(self, mail: str = MAIL, password: str = PASSWORD):
        """Make an account, or set its password anew."""
        assert self.ask_code("account/new", mail).status_code == 302
        assert self.enter().url == "/990019/sign-in/account/password/"
        return self.post("/990019/sign-in/account/password/", {"wanted": password, "again": password})

    def sign_in(self, mail: str = MAIL, password: str = PASSWORD, **more: str):
        """By password."""
        return self.post("/990019/sign-in/account/", {"mail": mail, "password": password, **more})

    @property
    def my(self) -> str:
        """One's own page, empty for nobody."""
        answer = self.get("/990019/my/")
        return answer.content.decode() if answer.status_code == 200 else ""


def sent_code() -> str:
    """The code in the newest mail."""
    newest = Delivery.unscoped.filter(purpose="code").order_by("-created_at", "-id").first()
    assert newest is not None
    return re.search(r"\b([0-9]{6})\b", newest.body)[1]


@pytest.fixture
def browser(mihon) -> Citizenry:
    return Citizenry()


@pytest.fixture
def other_browser(mihon) -> Citizenry:
    return Citizenry()
