"""Deadlines written each night, reminders, what settles itself; rules tried on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.services.ledgers.worlds import add, open_book, wifi
from tests.world import Town, make_town
from yakuba.engines.ledger.actions import deadlines
from yakuba.engines.ledger.actions.deadlines import BY_ITSELF, SettleDeadline, keep_deadlines, settle
from yakuba.engines.ledger.actions.entries import ChangeEntry, MoveEntry
from yakuba.engines.ledger.models import Book, Deadline
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.schedules import remind
from yakuba.kernel.access.pages import system_context
from yakuba.kernel.actions import Problem
from yakuba.kernel.dates import JAPAN, clock
from yakuba.kernel.outbox.schedules import Due

pytestmark = pytest.mark.django_db
DUE = dt.date(2027, 3, 31)


@pytest.fixture(scope="module")
def town(module_db: None) -> Town:
    """みほん市."""
    made = make_town("990019", "みほん市")
    made.account("ledger_keeper")
    return made


@pytest.fixture(scope="module")
def book(town: Town) -> Book:
    """The book of its office."""
    return open_book(town)


@pytest.fixture
def entry(town: Town, book: Book) -> Entry:
    """An entry that falls due at the end of the fiscal year; reminded of 90 and 30 days before."""
    return add(town, book, renewal=DUE.isoformat())


@contextmanager
def days_before(town: Town, days: int) -> Iterator[int]:
    """So many days before it falls due, in the night: what the run writes."""
    day = DUE - dt.timedelta(days=days)
    with clock.frozen(dt.datetime.combine(day, dt.time(4, 40), JAPAN)):
        yield keep_deadlines(system_context("worker", town.ref))


def rows() -> list[tuple[dt.date, dt.date | None, dt.date | None, str]]:
    return list(Deadline.unscoped.values_list("due_on", "reminded_on", "settled_on", "outcome"))


def test_a_row_comes_with_the_first_reminder_and_once(town: Town, entry: Entry) -> None:
    with days_before(town, 91) as written:
        assert (written, rows()) == (0, [])
    for days, many, reminded in ((90, 1, 90), (90, 0, 90), (60, 0, 90), (30, 1, 30), (1, 0, 30), (-2, 1, -2)):
        with days_before(town, days) as written:
            assert written == many, days
        assert rows() == [(DUE, DUE - dt.timedelta(days=reminded), None, "")]


def test_what_is_gone_settles_itself_and_comes_back(town: Town, entry: Entry) -> None:
    with days_before(town, 20):
        pass
    keeper = town.ctx("ledger_keeper")
    wifi().actions.change(keeper, entry, ChangeEntry({"renewal": "2032-03-31"}, {}))
    with days_before(town, 19) as written:
        assert written == 1
    assert rows() == [(DUE, DUE - dt.timedelta(20), DUE - dt.timedelta(19), BY_ITSELF)]
    wifi().actions.change(keeper, entry, ChangeEntry({"renewal": DUE.isoformat()}, {}))
    with days_before(town, 18):
        assert rows() == [(DUE, DUE - dt.timedelta(18), None, "")]
    wifi().actions.move(keeper, entry, MoveEntry("drop", reason="計画の変更"))
    with days_before(town, 17):
        assert rows()[0][3] == BY_ITSELF


def test_what_somebody_settled_stays_settled(town: Town, book: Book, entry: Entry) -> None:
    with days_before(town, 20):
        pass
    keeper, data = town.ctx("ledger_keeper"), SettleDeadline(str(Deadline.unscoped.get().pk), "更新した")
    settle(keeper, book, data)
    with pytest.raises(Problem, match="もう済んでいます"):
        settle(keeper, book, data)
    with days_before(town, 10) as written:
        assert written == 0
    assert Deadline.unscoped.get().outcome == "更新した"


def test_many_entries_go_in_pieces(town: Town, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "_CHUNK", 2)
    for _more in range(5):
        add(town, book, renewal=DUE.isoformat())
    Deadline.unscoped.create(
        municipality_id=town.ref.id, book=book, entry=book.pk, rule="renewal", due_on=DUE
    )
    with days_before(town, 10) as written:
        assert written == 6
    assert Deadline.unscoped.filter(settled_on__isnull=True).count() == 5


def test_the_clock_runs_it(town: Town, entry: Entry) -> None:
    with clock.frozen(dt.datetime.combine(DUE, dt.time(4, 40), JAPAN)):
        remind(Due("ledger.deadlines", DUE.isoformat(), system_context("worker", town.ref)))
    assert Deadline.unscoped.get().entry == entry.pk
