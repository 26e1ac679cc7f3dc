"""Rows of work: how they come, who takes them, what becomes of them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.world import Town
from yakuba.kernel.actions import Context, Problem, SubjectRef, ports
from yakuba.kernel.actions.context import Event
from yakuba.kernel.dates import clock
from yakuba.kernel.outbox import handlers, running, store
from yakuba.kernel.outbox.handlers import NotAccepted, Payload, Settle
from yakuba.kernel.outbox.models import OutboxMessage, Replay, ScheduleRun
from yakuba.kernel.town.models import Post

pytestmark = pytest.mark.django_db
BOTH = ("portal", "desk")


class Stage:
    """Handlers that do what a test tells them."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Payload, str]] = []
        self.fail: Exception | None = None
        self.work: Callable[[Context], None] = lambda _ctx: None
        self.settle: Settle | None = None

    def effect(self, ctx: Context, payload: Payload) -> None:
        self.seen.append((ctx.actor.id, payload, ""))
        self.work(ctx)
        if self.fail:
            raise self.fail

    def post(self, ctx: Context, payload: Payload, key: str) -> Settle | None:
        self.seen.append((ctx.actor.id, payload, key))
        if self.fail:
            raise self.fail
        return self.settle


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(handlers, "HANDLERS", {})
    for module in (store, running):
        monkeypatch.setattr(module, "HANDLERS", handlers.HANDLERS)
    one = Stage()
    handlers.subscribe("plan.published", name="b.second")(one.effect)
    handlers.subscribe("plan.published", name="a.first", zone="portal")(one.effect)
    handlers.handover(name="mail.send", zone="desk", max_attempts=3)(one.post)
    handlers.handover(name="api.send", zone="desk", deduplicates=True)(one.post)
    return one


def publish(ctx: Context, key: str = "k", **payload: str) -> None:
    with transaction.atomic():
        ports.outbox().events(ctx, [Event("plan.published", dict(payload), key)])


def only() -> OutboxMessage:
    return OutboxMessage.unscoped.get()


def order(ctx: Context, name: str = "mail.send", key: str = "k") -> OutboxMessage:
    with transaction.atomic():
        store.hand_over(ctx, name, {"to": "例示課"}, key=key)
    return OutboxMessage.unscoped.get(idempotency_key=f"{name}:{key}")


# --- how they come ----------------------------------------------------------------------------------------------------


def test_an_event_is_one_row_per_subscriber(stage: Stage, mihon: Town) -> None:
    ctx = mihon.ctx("cli")
    publish(ctx, edition="1")
    rows = {row.handler: row for row in OutboxMessage.unscoped.all()}
    assert set(rows) == {"a.first", "b.second"}
    first = rows["a.first"]
    assert (first.kind, first.topic, first.state, first.zone) == (
        "effect",
        "plan.published",
        "queued",
        "portal",
    )
    assert (first.payload, first.payload_version, first.attempts) == ({"edition": "1"}, 1, 0)
    assert (first.municipality_id, first.not_before, first.created_at) == (mihon.ref.id, ctx.now, ctx.now)


def test_an_event_with_a_known_key_is_written_once(stage: Stage, mihon: Town, karina: Town) -> None:
    publish(mihon.ctx("cli"))
    publish(mihon.ctx("cli"))
    assert OutboxMessage.unscoped.count() == 2
    publish(karina.ctx("cli"))
    assert OutboxMessage.unscoped.count() == 4


def test_an_event_without_subscribers_leaves_nothing(stage: Stage, mihon: Town) -> None:
    ports.outbox().events(mihon.ctx("cli"), [Event("nobody.listens", {}, "k"), Event("", {}, "k")])
    assert not OutboxMessage.unscoped.exists()


@pytest.mark.django_db(transaction=True)
def test_rows_go_with_a_rolled_back_action(stage: Stage, mihon: Town) -> None:
    with transaction.atomic():
        publish(mihon.ctx("cli"))
        order(mihon.ctx("cli"))
        transaction.set_rollback(True)
    assert not OutboxMessage.unscoped.exists()
    with pytest.raises(RuntimeError, match="transaction"):
        store.hand_over(mihon.ctx("cli"), "mail.send", {}, key="k")


def test_a_hand_over_is_ordered_once_under_its_key(stage: Stage, mihon: Town) -> None:
    ctx, about = mihon.ctx("cli"), SubjectRef("office", mihon.offices["own"].pk)
    later = ctx.now + dt.timedelta(days=1)
    for _ in range(2):
        store.hand_over(ctx, "mail.send", {}, key="k", subject=about, not_before=later, priority=10)
    row = only()
    assert (row.subject_kind, row.subject_id, row.not_before, row.priority) == ("office", about.id, later, 10)
    for wrong in ("nobody.knows", "a.first"):
        with pytest.raises(LookupError):
            store.hand_over(ctx, wrong, {}, key="k")


def test_work_of_the_whole_installation_is_unique_too(stage: Stage) -> None:
    assert store.put_run("trail.head", "2026-04-01", "desk", None)
    row = only()
    row.pk, row._state.adding = uuid4(), True
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


# --- who takes them ---------------------------------------------------------------------------------------------------


def test_claiming_writes_a_lease_on_what_is_due_and_in_its_order(stage: Stage, mihon: Town) -> None:
    ctx = mihon.ctx("cli")
    for key, later, priority in (
        ("late", 0, 60),
        ("early", -60, 60),
        ("first", 0, 5),
        ("tomorrow", 86400, 1),
    ):
        when = ctx.now + dt.timedelta(seconds=later)
        store.hand_over(ctx, "mail.send", {}, key=key, not_before=when, priority=priority)
    OutboxMessage.unscoped.update(kind="effect")
    rows = store.claim(2, BOTH)
    assert [row.idempotency_key for row in rows] == ["mail.send:first", "mail.send:early"]
    assert {row.state for row in rows} == {"leased"}
    assert len({row.lease_token for row in rows}) == 1
    assert all(row.attempts == 1 and row.lease_until is not None for row in rows)
    assert [row.idempotency_key for row in store.claim(9, BOTH)] == ["mail.send:late"]
    assert store.claim(9, BOTH) == []
    with clock.frozen(ctx.now + dt.timedelta(days=2)):
        assert [row.idempotency_key for row in store.claim(9, BOTH)] == ["mail.send:tomorrow"]


def test_only_effects_are_claimed_together(stage: Stage, mihon: Town) -> None:
    for number, kind in enumerate(("effect", "handover", "effect", "work", "schedule", "effect")):
        row = order(mihon.ctx("cli"), key=str(number))
        OutboxMessage.unscoped.filter(pk=row.pk).update(kind=kind, priority=number)
    claims = [[row.priority for row in store.claim(2, BOTH)] for _ in range(6)]
    assert claims == [[0, 2], [1], [3], [4], [5], []], "whatever waits behind something long loses its lease"


def test_a_worker_takes_the_rows_of_its_zones(stage: Stage, mihon: Town) -> None:
    publish(mihon.ctx("cli"))
    assert [row.handler for row in store.claim(9, ("portal",))] == ["a.first"]
    assert [row.handler for row in store.claim(9, ("desk",))] == ["b.second"]


def test_claiming_nothing_takes_no_write_lock(stage: Stage, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert store.claim(9, BOTH) == []


# --- effects ----------------------------------------------------------------------------------------------------------


def take(zone: str = "desk") -> OutboxMessage:
    (row,) = store.claim(1, (zone,))
    return row


def post_of(town: Town) -> Callable[[Context], None]:
    """A handler's work that leaves a row."""
    return lambda ctx: Post(
        municipality_id=ctx.municipality.id, office=town.offices["own"], title="例"
    ).save()


def test_an_effect_runs_in_its_municipality_and_is_done(stage: Stage, mihon: Town) -> None:
    publish(mihon.ctx("cli"), edition="1")
    stage.work = post_of(mihon)
    running.run(take())
    row = OutboxMessage.unscoped.get(handler="b.second")
    assert (row.state, row.lease_token, row.lease_until) == ("done", None, None)
    assert row.done_at is not None
    assert stage.seen == [("system:b.second", {"edition": "1"}, "")]
    assert Post.unscoped.filter(municipality=mihon.ref.id, title="例").count() == 1


def test_a_failed_effect_leaves_nothing_but_its_retry(stage: Stage, mihon: Town) -> None:
    publish(mihon.ctx("cli"))
    stage.work, stage.fail = post_of(mihon), ValueError("途中で")
    running.run(take())
    row = OutboxMessage.unscoped.get(handler="b.second")
    assert (row.state, row.attempts, row.last_error) == ("retry", 1, "ValueError: 途中で")
    assert row.not_before > clock.now()
    assert not Post.unscoped.filter(title="例").exists()
    stage.fail = None
    with clock.frozen(row.not_before):
        running.run(take())
    row.refresh_from_db()
    assert (row.state, row.attempts, row.last_error) == ("done", 2, "")
    assert Post.unscoped.filter(title="例").count() == 1


def test_a_lost_lease_does_nothing(stage: Stage, mihon: Town) -> None:
    publish(mihon.ctx("cli"))
    slow = take()
    with clock.frozen(clock.now() + dt.timedelta(minutes=5)):
        assert store.reap() == 1
    with clock.frozen(clock.now() + dt.timedelta(hours=1)):
        running.run(take())
    assert len(stage.seen) == 1
    running.run(slow)
    assert len(stage.seen) == 1
    assert OutboxMessage.unscoped.get(handler="b.second").state == "done"


def test_enough_failures_are_the_end(stage: Stage, mihon: Town) -> None:
    publish(mihon.ctx("cli"))
    stage.fail = RuntimeError("いつも")
    now = clock.now()
    for _ in range(handlers.HANDLERS["b.second"].max_attempts):
        now += dt.timedelta(hours=2)
        with clock.frozen(now):
            running.run(take())
    row = OutboxMessage.unscoped.get(handler="b.second")
    assert row.state == "dead"
    with clock.frozen(now + dt.timedelta(days=9)):
        assert store.claim(9, ("desk",)) == []


def test_a_worker_that_dies_again_and_again_over_one_row_ends_too(stage: Stage, mihon: Town) -> None:
    publish(mihon.ctx("cli"))
    now = clock.now()
    for _ in range(handlers.HANDLERS["b.second"].max_attempts):
        now += dt.timedelta(hours=2)
        with clock.frozen(now):
            take()
        with clock.frozen(now + dt.timedelta(minutes=10)):
            store.reap()
    assert OutboxMessage.unscoped.get(handler="b.second").state == "dead"


def test_a_handler_that_nobody_knows_waits_for_a_program_that_does(stage: Stage, mihon: Town) -> None:
    publish(mihon.ctx("cli"))
    del handlers.HANDLERS["b.second"]
    running.run(take())
    row = OutboxMessage.unscoped.get(handler="b.second")
    assert row.state == "retry"
    assert "b.second" in row.last_error


def test_an_old_payload_is_upgraded_and_a_newer_one_waits(stage: Stage, mihon: Town) -> None:
    publish(mihon.ctx("cli"), edition="1")
    old = handlers.HANDLERS["b.second"]
    handlers.HANDLERS["b.second"] = dataclasses.replace(
        old, version=3, upgrades={1: lambda p: {**p, "two": True}, 2: lambda p: {**p, "three": True}}
    )
    running.run(take())
    assert stage.seen[0][1] == {"edition": "1", "two": True, "three": True}
    publish(mihon.ctx("cli"), key="next")
    assert OutboxMessage.unscoped.get(idempotency_key="b.second:next").payload_version == 3
    handlers.HANDLERS["b.second"] = old
    running.run(take())
    assert OutboxMessage.unscoped.get(idempotency_key="b.second:next").state == "retry"
    assert len(stage.seen) == 1


# --- hand-overs -------------------------------------------------------------------------------------------------------


def test_a_hand_over_gets_its_key_and_settles_with_its_note(stage: Stage, mihon: Town) -> None:
    row = order(mihon.ctx("cli"))
    stage.settle = lambda: post_of(mihon)(mihon.ctx("cli"))
    running.run(take())
    row.refresh_from_db()
    assert row.state == "done"
    assert stage.seen == [("system:mail.send", {"to": "例示課"}, "k")]
    assert Post.unscoped.filter(title="例").exists()


@pytest.mark.parametrize(
    ("name", "failure", "state"),
    [
        ("mail.send", NotAccepted("つながらない"), "retry"),
        ("mail.send", NotAccepted("宛先がない", permanent=True), "dead"),
        ("mail.send", TimeoutError("返事がない"), "unconfirmed"),
        ("api.send", TimeoutError("返事がない"), "retry"),
        ("api.send", NotAccepted("宛先がない", permanent=True), "dead"),
    ],
)
def test_how_a_hand_over_fails(stage: Stage, mihon: Town, name: str, failure: Exception, state: str) -> None:
    row = order(mihon.ctx("cli"), name)
    stage.fail = failure
    running.run(take())
    row.refresh_from_db()
    assert row.state == state
    assert str(failure) in row.last_error


def test_what_was_handed_over_and_cannot_be_noted_is_not_repeated(stage: Stage, mihon: Town) -> None:
    row = order(mihon.ctx("cli"))

    def broken() -> None:
        post_of(mihon)(mihon.ctx("cli"))
        raise ValueError("書けない")

    stage.settle = broken
    running.run(take())
    row.refresh_from_db()
    assert (row.state, row.last_error) == ("unconfirmed", "ValueError: 書けない")
    assert not Post.unscoped.filter(title="例").exists()


def test_a_run_out_lease_before_the_beginning_is_repeated_and_after_it_is_not(
    stage: Stage, mihon: Town
) -> None:
    row = order(mihon.ctx("cli"))
    taken = take()
    with clock.frozen(clock.now() + dt.timedelta(minutes=2)):
        store.reap()
    row.refresh_from_db()
    assert row.state == "retry"
    assert not store.begin(taken, 300)
    with clock.frozen(clock.now() + dt.timedelta(hours=1)):
        assert store.begin(take(), 300)
        assert store.reap() == 0, "the hand-over has its own, longer lease"
    with clock.frozen(clock.now() + dt.timedelta(hours=2)):
        assert store.reap() == 1
    row.refresh_from_db()
    assert row.state == "unconfirmed"


def test_a_late_answer_settles_what_was_unconfirmed(stage: Stage, mihon: Town) -> None:
    row = order(mihon.ctx("cli"))

    def meanwhile() -> None:
        with clock.frozen(clock.now() + dt.timedelta(hours=1)):
            assert store.reap() == 1

    def late(_ctx: Context, _payload: Payload, _key: str) -> None:
        meanwhile()

    handlers.HANDLERS["mail.send"] = dataclasses.replace(handlers.HANDLERS["mail.send"], handover=late)
    running.run(take())
    row.refresh_from_db()
    assert row.state == "done"


def test_a_worker_that_stops_gives_back_what_it_did_not_begin(stage: Stage, mihon: Town) -> None:
    order(mihon.ctx("cli"), key="one")
    order(mihon.ctx("cli"), key="two")
    rows = [take(), take()]
    store.begin(rows[0], 60)
    store.release(rows)
    found = {row.idempotency_key: (row.state, row.attempts) for row in OutboxMessage.unscoped.all()}
    assert found == {"mail.send:one": ("leased", 1), "mail.send:two": ("queued", 0)}


def lose_and_take_again(now: dt.datetime) -> OutboxMessage:
    """The reaper took the row back, and another worker leased it."""
    with clock.frozen(now + dt.timedelta(hours=1)):
        assert store.reap() == 1
    with clock.frozen(now + dt.timedelta(hours=3)):
        return take()


def test_an_effect_whose_lease_another_worker_has_is_left_to_it(stage: Stage, mihon: Town) -> None:
    publish(mihon.ctx("cli"))
    slow = take()
    quick = lose_and_take_again(clock.now())
    running.run(slow)
    assert stage.seen == []
    running.run(quick)
    assert len(stage.seen) == 1
    assert OutboxMessage.unscoped.get(handler="b.second").state == "done"


def test_a_hand_over_whose_lease_ran_out_is_not_begun(stage: Stage, mihon: Town) -> None:
    """Whoever takes it back may have read it as not begun, and give it to another worker."""
    row = order(mihon.ctx("cli"))
    slow = take()
    with clock.frozen(clock.now() + dt.timedelta(seconds=store.LEASE_SECONDS + 1)):
        running.run(slow)
    row.refresh_from_db()
    assert (stage.seen, row.state, row.begun_at) == ([], "leased", None)


@pytest.mark.parametrize(("seconds", "state"), [(300, "leased"), (1, "unconfirmed")])
def test_a_hand_over_that_begins_while_leases_are_taken_back_is_not_repeated(
    stage: Stage, mihon: Town, monkeypatch: pytest.MonkeyPatch, seconds: int, state: str
) -> None:
    row = order(mihon.ctx("cli"))
    taken = take()
    start, real = clock.now(), store._leased

    def meanwhile(message: OutboxMessage) -> object:
        """The row was read; before it is written, its worker, whose clock is behind, begins."""
        with clock.frozen(start), monkeypatch.context() as patch:
            patch.setattr(store, "_leased", real)
            assert store.begin(taken, seconds)
        return real(message)

    with clock.frozen(start + dt.timedelta(seconds=store.LEASE_SECONDS + 1)):
        with monkeypatch.context() as patch:
            patch.setattr(store, "_leased", meanwhile)
            assert store.reap() == 0
        store.reap()
    row.refresh_from_db()
    assert row.state == state


def test_a_payload_that_cannot_be_read_was_surely_not_handed_over(stage: Stage, mihon: Town) -> None:
    row = order(mihon.ctx("cli"))
    OutboxMessage.unscoped.update(payload_version=2)
    running.run(take())
    row.refresh_from_db()
    assert (row.state, stage.seen) == ("retry", [])


# --- long work --------------------------------------------------------------------------------------------------------


def start_long(ctx: Context) -> OutboxMessage:
    with transaction.atomic():
        ports.outbox().events(ctx, [Event("file.received", {"file": "1"}, "k")])
    return only()


@pytest.mark.django_db(transaction=True)
def test_long_work_runs_outside_a_transaction_and_its_note_inside_one(stage: Stage, mihon: Town) -> None:
    inside: list[bool] = []

    def read(_ctx: Context, _payload: Payload, key: str) -> Settle:
        inside.append(connection.in_atomic_block)
        return lambda: inside.append(connection.in_atomic_block)

    handlers.work(topic="file.received", name="file.read")(read)
    row = start_long(mihon.ctx("cli"))
    assert row.kind == "work"
    running.run(take())
    row.refresh_from_db()
    assert (row.state, inside) == ("done", [False, True])


@pytest.mark.parametrize(
    ("failure", "state"),
    [(OSError("満杯"), "retry"), (NotAccepted("読めない", permanent=True), "dead")],
)
@pytest.mark.parametrize("when", ["doing", "noting"])
def test_long_work_that_fails_is_tried_again(
    stage: Stage, mihon: Town, failure: Exception, state: str, when: str
) -> None:
    def fail() -> None:
        raise failure

    handlers.work(topic="file.received", name="file.read")(stage.post)
    row = start_long(mihon.ctx("cli"))
    stage.settle = fail
    stage.fail = failure if when == "doing" else None
    running.run(take())
    row.refresh_from_db()
    assert row.state == (state if when == "doing" else "retry")


def test_long_work_that_lost_its_lease_is_not_noted_twice(stage: Stage, mihon: Town) -> None:
    noted: list[str] = []
    again: list[OutboxMessage] = []

    def slow(_ctx: Context, _payload: Payload, _key: str) -> Settle:
        if not again:
            again.append(lose_and_take_again(clock.now()))
            return lambda: noted.append("late")
        return lambda: noted.append("second")

    handlers.work(topic="file.received", name="file.read")(slow)
    row = start_long(mihon.ctx("cli"))
    running.run(take())
    row.refresh_from_db()
    assert (noted, row.state, row.lease_token) == ([], "leased", again[0].lease_token)
    with clock.frozen(clock.now() + dt.timedelta(hours=3)):
        running.run(again[0])
    row.refresh_from_db()
    assert (noted, row.state) == (["second"], "done")


@pytest.mark.parametrize("name", ["mail.send", "api.send"])
def test_a_failure_that_comes_after_the_lease_was_lost_changes_nothing(
    stage: Stage, mihon: Town, name: str
) -> None:
    row = order(mihon.ctx("cli"), name)
    late = take()
    second = lose_and_take_again(clock.now())
    store.fail(late, "late")
    store.unconfirm(late, "late")
    store.release([late])
    assert not store.begin(late, 300)
    row.refresh_from_db()
    assert (row.state, row.lease_token, row.attempts) == ("leased", second.lease_token, 2)
    assert "late" not in row.last_error


# --- replay -----------------------------------------------------------------------------------------------------------


def test_a_repeat_gets_the_first_result_and_another_content_is_refused(mihon: Town, karina: Town) -> None:
    ctx = mihon.ctx("cli", key="form-1")
    replay = ports.replay()
    with transaction.atomic():
        assert replay.find(ctx, "plan.correct", "f" * 64) is None
        replay.keep(ctx, "plan.correct", "f" * 64, {"id": "1"})
    with transaction.atomic():
        assert replay.find(ctx, "plan.correct", "f" * 64) == {"id": "1"}
        assert replay.find(ctx, "plan.publish", "f" * 64) is None
        assert replay.find(karina.ctx("cli", key="form-1"), "plan.correct", "f" * 64) is None
        assert replay.find(mihon.ctx("staff", key="form-1"), "plan.correct", "f" * 64) is None
        with pytest.raises(Problem) as refused:
            replay.find(ctx, "plan.correct", "e" * 64)
    assert (refused.value.code, refused.value.status) == ("idempotency", 422)


def test_the_sweep_takes_what_is_old_and_finished(stage: Stage, mihon: Town) -> None:
    ctx = mihon.ctx("cli", key="old")
    publish(ctx)
    OutboxMessage.unscoped.filter(handler="a.first").update(state="done")
    OutboxMessage.unscoped.filter(handler="b.second").update(state="dead")
    ports.replay().keep(ctx, "plan.correct", "f" * 64, {})
    assert store.sweep() == 0
    with clock.frozen(clock.now() + dt.timedelta(days=31)):
        assert store.sweep() == 2
    assert only().state == "dead"
    assert not Replay.unscoped.exists()


@pytest.mark.django_db(transaction=True)
def test_the_sweep_takes_all_of_it_in_short_transactions(
    mihon: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "SWEEP_PAGE", 3)
    ctx = mihon.ctx("cli", key="old")
    for number in range(8):
        ports.replay().keep(
            dataclasses.replace(ctx, idempotency_key=str(number)), "plan.correct", "f" * 64, {}
        )
    with clock.frozen(clock.now() + dt.timedelta(days=31)), CaptureQueriesContext(connection) as queries:
        assert store.sweep() == 8
    words = [query["sql"].split()[0] for query in queries]
    assert words.count("DELETE") == words.count("COMMIT") == 3


def test_the_sweep_keeps_the_runs_that_could_be_put_again(mihon: Town) -> None:
    assert store.put_run("test.yearly", "2026", "desk", None)
    OutboxMessage.unscoped.all().delete()
    with clock.frozen(clock.now() + dt.timedelta(days=380)):
        assert store.sweep() == 0
        assert not store.put_run("test.yearly", "2026", "desk", None)
    with clock.frozen(clock.now() + dt.timedelta(days=401)):
        assert store.sweep() == 1
    assert not ScheduleRun.unscoped.exists()
