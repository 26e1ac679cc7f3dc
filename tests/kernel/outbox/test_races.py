"""Two connections at the same moment. SQLite lets one writer in at a time, so only PostgreSQL can show these."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import connection, connections, transaction

from tests.kernel.outbox.test_store import Stage, order, publish, stage, take
from tests.world import Town
from yakuba.kernel.actions import Action, Context, Everywhere, NoData, Permission
from yakuba.kernel.dates import clock
from yakuba.kernel.outbox import handlers, running, store
from yakuba.kernel.outbox.handlers import Payload
from yakuba.kernel.outbox.models import OutboxMessage, Replay
from yakuba.kernel.town.models import Office
from yakuba.kernel.trail.models import TrailEntry

__all__ = ["stage"]  # the fixture

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PATIENCE = 20
T = TypeVar("T")


class Beside:
    """A second thread with a connection of its own."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(1)
        self.waiting = self.pool.submit(self._connect).result(PATIENCE)

    def _connect(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return int(cursor.fetchone()[0])

    def start(self, work: Callable[[], T]) -> Future[T]:
        return self.pool.submit(work)

    def stops_at_a_lock(self, started: Future[T]) -> None:
        """Wait until the other connection waits for this one; it must not get through."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            assert not started.done(), f"it did not wait: {started.exception() or started.result()}"
            with connection.cursor() as cursor:
                cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [self.waiting])
                if cursor.fetchone()[0]:
                    return
            time.sleep(0.01)
        raise AssertionError("it neither waited nor came to its end")

    def close(self) -> None:
        self.pool.submit(connections.close_all).result(PATIENCE)
        self.pool.shutdown()


@pytest.fixture
def beside() -> Iterator[Beside]:
    other = Beside()
    yield other
    other.close()


def test_two_claims_at_once_share_nothing(stage: Stage, mihon: Town, beside: Beside) -> None:
    for key in ("one", "two", "three"):
        publish(mihon.ctx("cli"), key=key)
    with transaction.atomic():
        mine = store.claim(2, ("desk",))
        theirs = beside.start(lambda: store.claim(2, ("desk",)))
        beside.stops_at_a_lock(theirs)
    found = theirs.result(PATIENCE)
    assert len(mine) == 2
    assert [row.idempotency_key for row in found] == ["b.second:three"], "it looked again for what is left"
    for row in mine:
        assert OutboxMessage.unscoped.get(pk=row.pk).lease_token == row.lease_token


def test_two_claims_of_one_hand_over_take_it_once(stage: Stage, mihon: Town, beside: Beside) -> None:
    order(mihon.ctx("cli"))
    with transaction.atomic():
        mine = take()
        theirs = beside.start(lambda: store.claim(9, ("desk",)))
        beside.stops_at_a_lock(theirs)
    assert theirs.result(PATIENCE) == []
    assert store.begin(mine, 300)


def test_an_effect_that_ends_while_its_lease_is_taken_back_stays_done(
    stage: Stage, mihon: Town, beside: Beside
) -> None:
    publish(mihon.ctx("cli"))
    message = take()

    def reap() -> int:
        with clock.frozen(clock.now() + dt.timedelta(hours=1)):
            return store.reap()

    reaper: list[Future[int]] = []

    def effect(_ctx: Context) -> None:
        reaper.append(beside.start(reap))
        beside.stops_at_a_lock(reaper[0])

    stage.work = effect
    running.run(message)
    assert reaper[0].result(PATIENCE) == 0
    row = OutboxMessage.unscoped.get(pk=message.pk)
    assert (row.state, row.attempts, len(stage.seen)) == ("done", 1, 1)


def test_two_workers_hand_over_once_although_the_first_is_late(
    stage: Stage, mihon: Town, beside: Beside
) -> None:
    """The first waits so long between claim and hand-over that the second takes the row back and does it."""
    row = order(mihon.ctx("cli"), "api.send")
    late = take()
    now = clock.now()

    def second() -> None:
        with clock.frozen(now + dt.timedelta(hours=1)):
            assert store.reap() == 1
        with clock.frozen(now + dt.timedelta(hours=2)):
            running.run(take())

    beside.start(second).result(PATIENCE)
    running.run(late)
    row.refresh_from_db()
    assert (row.state, row.attempts, len(stage.seen)) == ("done", 2, 1)


def test_a_lost_lease_that_ends_late_changes_nothing(stage: Stage, mihon: Town, beside: Beside) -> None:
    """The other system knows its keys, so a second worker hands over again; the first one's answer comes after that."""
    noted: list[str] = []
    row = order(mihon.ctx("cli"), "api.send")
    now = clock.now()
    first = threading.Event()

    def second() -> None:
        with clock.frozen(now + dt.timedelta(hours=1)):
            assert store.reap() == 1
        with clock.frozen(now + dt.timedelta(hours=2)):
            running.run(take())

    def send(_ctx: Context, _payload: Payload, _key: str) -> Callable[[], None]:
        if first.is_set():
            return lambda: noted.append("second")
        first.set()
        beside.start(second).result(PATIENCE)
        return lambda: noted.append("first, late")

    handlers.HANDLERS["api.send"] = dataclasses.replace(handlers.HANDLERS["api.send"], handover=send)
    running.run(take())
    row.refresh_from_db()
    assert (noted, row.state, row.attempts) == (["second"], "done", 2)


OPEN = Permission("race.open", Office, roles={"cli": Everywhere()})


def test_one_key_sent_twice_at_once_acts_once(mihon: Town, beside: Beside) -> None:
    second: list[Future[Office]] = []

    def create(ctx: Context, _subject: None, _data: NoData) -> Office:
        made = Office.unscoped.create(municipality_id=ctx.municipality.id, authority="mayor")
        if not second:
            # The same form, sent by an impatient person while the first one is still at work.
            second.append(beside.start(call))
            beside.stops_at_a_lock(second[0])
        return made

    act = Action("race.open", "開く", create, OPEN, NoData)  # by hand: not in the register of the house
    ctx = mihon.ctx("cli", key="form-1")

    def call() -> Office:
        return act(ctx, None, NoData())

    before = Office.unscoped.count()
    first = call()
    assert second[0].result(PATIENCE).pk == first.pk
    assert Office.unscoped.count() == before + 1
    assert Replay.unscoped.count() == 1
    assert TrailEntry.unscoped.filter(action="race.open").count() == 1
