"""What several modules build on: parsers called without a child process, three editions that a module shares."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.services.plan.edition_pair import Found, publish_all
from tests.world import Town, make_town
from yakuba.kernel.files import sandbox, wire
from yakuba.kernel.files.wire import Wire
from yakuba.services.plan.models import Edition


@pytest.fixture
def parsed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """No child is started: reading the program takes it longer than the reading itself.

    Arguments and answer pass the wire as they do there. What the child is for, its bounds and its ends, has tests of its own.
    """

    def read(function: Callable[..., Wire], *args: Wire, **_bounds: Any) -> Wire:
        given: Any = wire.unpack(wire.pack(list(args)))
        return wire.unpack(wire.pack(function(*given)))

    monkeypatch.setattr(sandbox, "read", read)


@pytest.fixture(scope="module")
def three_editions(module_db: None) -> tuple[Town, Found]:
    """みほん市 with its editions of 2024, 2025 and 2026, for a module whose tests all begin with them."""
    town = make_town("990019", "みほん市")
    return town, publish_all(town)


@pytest.fixture
def found(three_editions: tuple[Town, Found], db: None) -> Found:
    """The three editions by their years."""
    return {year: Edition.unscoped.get(pk=one.pk) for year, one in three_editions[1].items()}


@pytest.fixture
def mihon(request: pytest.FixtureRequest, db: None) -> Town:
    """みほん市; where there are three editions, it is theirs."""
    if "three_editions" in request.fixturenames:
        return copy.deepcopy(request.getfixturevalue("three_editions")[0])
    return make_town("990019", "みほん市")
