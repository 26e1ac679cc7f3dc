from __future__ import annotations

import pytest
from django.core.cache import cache

from tests.kernel.town.people import CLI, Remembered, context
from yakuba.kernel.access import actions as access
from yakuba.kernel.actions import ports
from yakuba.kernel.town.actions import ensure_municipality

PASSWORD = "ひみつの ことば 1234"


@pytest.fixture(autouse=True)
def quick_and_clean(settings):
    """A cheap hash, and no counts left over from another test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def remembered(monkeypatch):
    """What the trail was told."""
    kept = Remembered()
    for port in ("_trail", "_outbox", "_replay"):
        monkeypatch.setattr(ports, port, kept)
    return kept


@pytest.fixture
def mihon(db, remembered):
    """みほん市."""
    return ensure_municipality(CLI, "990019", name="みほん市", kana="ミホンシ")


@pytest.fixture
def karina(db, remembered):
    """かりな市, the other municipality."""
    return ensure_municipality(CLI, "990027", name="かりな市")


@pytest.fixture
def cli(mihon):
    return context(mihon, actor=CLI)


@pytest.fixture
def admin(cli):
    """The administrator of みほん市."""
    made = access.create_account(cli, None, access.CreateAccount("kanri", "", PASSWORD))
    access.grant_account_role(cli, made, access.AccountRoleData("municipality_admin"))
    return made
