from __future__ import annotations

import pytest

from tests.kernel.town.people import CLI, Remembered, context
from yakuba.kernel.actions import ports
from yakuba.kernel.town.actions import ensure_municipality


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
