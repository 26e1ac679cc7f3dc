"""What holds for every test: the database it runs on, and that nothing is skipped unseen."""

from __future__ import annotations

import gc
import os
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import TransactionTestCase
from hypothesis import settings as properties

from tests import nights
from tests.guards import lift_while_emptying
from tests.world import Town, make_town
from yakuba.kernel.outbox.schedules import SCHEDULES

DATABASE_FIXTURES = frozenset({"db", "transactional_db", "django_db_serialized_rollback", "live_server"})
DRAWS = re.compile(r"^test_(desk|portal|pages|print)$|_(desk|portal|pages)$|^test_(desk|portal)_")
STRICT = os.environ.get("CI", "").lower() in {"1", "true", "yes", "on"}
ONLY_DATABASE = bool(os.environ.get("YAKUBA_TEST_ONLY_DB"))

# No test asserts how long something takes: an example of a property may be slow on a machine that has other things to do. Thirty examples
# a property: those that look for rare things say so themselves.
properties.register_profile("house", deadline=None, max_examples=30)
properties.load_profile("house")
_left_out: list[str] = []

lift_while_emptying()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Gives the PostgreSQL database the name that the runner removes after a kill, and what a browser asks an SQLite file.

    Nothing here pulls the server's plug, so that no commit has to wait for the disk; the processes that tests start and kill connect
    as the product does. A browser asks for several pages at once: in memory they would share one connection and lock one another out,
    which no file's do.
    """
    for connection in connections.all():
        if connection.vendor == "postgresql":
            name = os.environ.get("YAKUBA_TEST_DATABASE") or f"yakuba_test_{os.getpid()}"
            connection.settings_dict["TEST"]["NAME"] = name
            connection.settings_dict["OPTIONS"].setdefault("options", "-c synchronous_commit=off")
        elif any("browser" in item.path.parts for item in request.session.items):
            connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("browser") / "db.sqlite3")
            asked = connection.settings_dict["OPTIONS"]
            asked["init_command"] = asked["init_command"].replace("synchronous=FULL", "synchronous=OFF")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On the second database only the tests run that touch one."""
    if not ONLY_DATABASE:
        return
    kept = {item for item in items if touches_database(item)}
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = [item for item in items if item in kept]


def touches_database(item: pytest.Item) -> bool:
    """By mark, by fixture (a fixture's own fixtures too) or by Django's test class.

    What the whole house agrees on (conventions, the permission matrix, query budgets) is the code's, and is tried once. The demo
    keeps its town in SQLite. How pages are drawn is tried once too: the actions and the queries behind them are tried on both. Of what
    every ledger inherits, each tries what it says to the database itself (tests/packs/inherited.py).
    """
    if any(item.get_closest_marker(name) for name in ("postgres", "crash")):
        return True
    if {"conventions", "demo"} & set(item.path.parts) or DRAWS.search(item.path.stem):
        return False
    cls = getattr(item, "cls", None)
    if hasattr(cls, "on_every_database") and not cls.on_every_database(item.originalname):
        return False
    if item.get_closest_marker("django_db"):
        return True
    if DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
        return True
    return cls is not None and issubclass(cls, TransactionTestCase)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What collecting made stays to the end: the collector of garbage need not look at it again and again.

    Nor need it look as often as Python lets it: a tenth of the tests' time went there, for eight megabytes.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remembers what was skipped or failed as expected."""
    report = yield
    if report.skipped:
        _left_out.append(
            f"{item.nodeid}: {report.longrepr[2] if isinstance(report.longrepr, tuple) else 'xfail'}"
        )
    return report


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Remembers modules that skip themselves."""
    if report.skipped:
        _left_out.append(f"{report.nodeid}: {report.longrepr}")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CI=true a skipped test fails the run."""
    if STRICT and _left_out and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Lists what made the run fail."""
    if STRICT and _left_out:
        terminalreporter.section("skipped, and CI=true allows none")
        for line in _left_out:
            terminalreporter.line(line)


@pytest.fixture(autouse=True)
def own_heads(settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each test's commands write the heads of its own trail; another test's would tell of a trail that is gone."""
    settings.TRAIL_HEADS = tmp_path_factory.getbasetemp() / f"heads-{uuid.uuid4().hex}"


@pytest.fixture(autouse=True)
def short_nights(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker here leaves alone what is counted each night, but where a test says that it wants it."""
    if request.node.get_closest_marker("nights") is None:
        for key in nights.LONG:
            monkeypatch.delitem(SCHEDULES, key, raising=False)


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A transaction around a whole module, for a world that its tests share: each of them is a savepoint in it.

    Not for modules with tests that commit.
    """
    with django_db_blocker.unblock():
        # Django hangs up after each test, which would end the transaction.
        hanging_up, kept = connections["default"].close, connections["default"]
        kept.close = lambda: None
        try:
            with transaction.atomic():
                yield
                transaction.set_rollback(True)
        finally:
            kept.close = hanging_up


@pytest.fixture
def mihon(db: None) -> Town:
    """みほん市."""
    return make_town("990019", "みほん市")


@pytest.fixture
def karina(db: None) -> Town:
    """かりな市, the neighbour who must see nothing."""
    return make_town("990027", "かりな市")
