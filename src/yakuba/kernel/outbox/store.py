"""The only writer of the outbox."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from typing import TypeVar
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, Model, OuterRef, QuerySet
from django.utils.translation import gettext as _

from yakuba.kernel.actions import Context, Problem, SubjectRef
from yakuba.kernel.actions.context import Event
from yakuba.kernel.dates import clock
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.ids import uuid7
from yakuba.kernel.outbox.handlers import HANDLERS, Handler, Payload, Zone, subscribers
from yakuba.kernel.outbox.models import WAITING, OutboxMessage, Replay, ScheduleRun
from yakuba.kernel.outbox.rules import backoff
from yakuba.kernel.plugins import statements
from yakuba.kernel.town.models import Municipality

LEASE_SECONDS = 60
SCHEDULE_ATTEMPTS = 8
KEEP_DONE = dt.timedelta(days=30)
KEEP_REPLAYS = dt.timedelta(days=30)
# Longer than the longest period of a schedule: a run whose row is gone is never the latest one, and is not put again.
KEEP_RUNS = dt.timedelta(days=400)
SWEEP_PAGE = 1000
_ERROR_LIMIT = 2000
_Message = dict[str, object]
"""A new row by the names of its attributes; the rest of its columns are as their declaration says."""
_Row = TypeVar("_Row", bound=Model)


# --- writing, in the transaction of an action -------------------------------------------------------------------------


class OutboxStore:
    """The outbox as the actions below see it (``ports.OutboxPort``)."""

    def events(self, ctx: Context, events: Sequence[Event]) -> None:
        """One row per subscriber of each event. An event whose key was published before is left out."""
        rows = [
            _row(ctx, handler, event.payload, f"{handler.name}:{event.key}", None, ctx.now, 50)
            for event in events
            for handler in subscribers(event.topic)
        ]
        _add(rows)


def hand_over(
    ctx: Context,
    name: str,
    payload: Payload,
    *,
    key: str,
    subject: SubjectRef | None = None,
    not_before: dt.datetime | None = None,
    priority: int = 50,
) -> None:
    """Have something handed to another system by the handler ``name``, from the running action's transaction.

    ``key`` is what the other system sees again on a second attempt; asking twice under one key hands over once. Raises
    LookupError for a name that nobody registered, RuntimeError outside of a transaction.
    """
    handler = HANDLERS[name]
    if handler.handover is None:
        raise LookupError(f"{name} is no hand-over")
    if not connection.in_atomic_block:
        raise RuntimeError("a hand-over is ordered in the transaction of its action")
    _add([_row(ctx, handler, payload, f"{name}:{key}", subject, not_before or ctx.now, priority)])


def _row(
    ctx: Context,
    handler: Handler,
    payload: Payload,
    key: str,
    subject: SubjectRef | None,
    not_before: dt.datetime,
    priority: int,
) -> _Message:
    if len(key) > 300:
        raise ValueError(f"{handler.name}: the idempotency key is longer than 300 characters")
    return {
        "id": uuid7(),  # here, for they are worked off in the order in which they were published
        "municipality_id": ctx.municipality.id,
        "kind": handler.kind,
        "topic": handler.topic,
        "handler": handler.name,
        "subject_kind": subject.kind if subject else "",
        "subject_id": subject.id if subject else None,
        "payload": payload,
        "payload_version": handler.version,
        "idempotency_key": key,
        "zone": handler.zone,
        "not_before": not_before,
        "priority": priority,
        "state": "queued",
        "created_at": ctx.now,
    }


def _add(rows: Sequence[_Message]) -> None:
    """Insert what is new. Of two actions with one key at the same moment the second waits for the first, and leaves its row out."""
    fresh = {row["idempotency_key"]: row for row in reversed(rows)}
    statements.insert_values(OutboxMessage, list(fresh.values()), unless=("municipality", "idempotency_key"))


class ReplayStore:
    """First results by idempotency key (``ports.ReplayPort``)."""

    def find(self, ctx: Context, action: str, fingerprint: str) -> dict[str, JsonValue] | None:
        """The first result of this call, None when it was not made yet. Another content under the key is a Problem.

        On PostgreSQL a second call with the same key waits here until the first one has committed; SQLite has one writer anyway.
        """
        if connection.vendor == "postgresql":
            name = f"{ctx.municipality.id}|{ctx.actor.id}|{action}|{ctx.idempotency_key}"
            number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
        kept = Replay.unscoped.filter(
            municipality=ctx.municipality.id, actor=ctx.actor.id, action=action, key=ctx.idempotency_key or ""
        ).first()
        if kept is None:
            return None
        if kept.fingerprint != fingerprint:
            raise Problem(
                "idempotency",
                _("同じ送信番号で、ちがう内容が送られました。画面を開き直して、もう一度送ってください。"),
                field="idempotency_key",
                found=kept.key,
            )
        result: dict[str, JsonValue] = kept.result
        return result

    def keep(self, ctx: Context, action: str, fingerprint: str, result: dict[str, JsonValue]) -> None:
        """Keep the first result, in the action's transaction."""
        Replay(
            municipality_id=ctx.municipality.id,
            actor=ctx.actor.id,
            action=action,
            key=ctx.idempotency_key or "",
            fingerprint=fingerprint,
            result=result,
            at=clock.now(),  # when it was kept, whatever moment the action is of: the sweep counts from here
        ).save(force_insert=True)


# --- working it off ---------------------------------------------------------------------------------------------------


def claim(limit: int, zones: Iterable[Zone], *, seconds: int = LEASE_SECONDS) -> list[OutboxMessage]:
    """Lease what is due, and return it in the order in which it is to run: up to ``limit`` effects, or one row of another kind.

    Effects are short, so one lease is long enough for all of them. Anything else may take as long as its own lease: whatever waited
    behind it would lose its lease while waiting.

    One conditional UPDATE writes the lease token. Two workers that choose the same row: the second waits for the first one's
    commit, looks at the state again and leaves the row alone (PostgreSQL, READ COMMITTED), or chooses after it (SQLite).
    """
    while True:
        now = clock.now()
        due = OutboxMessage.unscoped.filter(
            state__in=WAITING, not_before__lte=now, zone__in=list(zones)
        ).order_by("priority", "not_before", "pk")
        head = due.values_list("pk", "kind").first()
        if head is None:
            return []  # nothing to do must not take SQLite's write lock
        chosen = [head[0]]
        if head[1] == "effect":
            chosen = list(due.filter(kind="effect").values_list("pk", flat=True)[:limit])
        token = uuid4()
        OutboxMessage.unscoped.filter(pk__in=chosen, state__in=WAITING).update(
            state="leased",
            lease_token=token,
            lease_until=now + dt.timedelta(seconds=seconds),
            attempts=F("attempts") + 1,
            begun_at=None,
        )
        held = OutboxMessage.unscoped.filter(lease_token=token, state="leased").select_related("municipality")
        if found := list(held.order_by("priority", "not_before", "pk")):
            return found
        # Another worker took all of them in between; there may be more.


def hold(message: OutboxMessage, *states: str) -> OutboxMessage | None:
    """The row, locked until the transaction ends; None when its lease is no longer this one's."""
    rows = OutboxMessage.unscoped.select_for_update().filter(
        pk=message.pk, lease_token=message.lease_token, state__in=states or ("leased",)
    )
    return rows.first()


def begin(message: OutboxMessage, seconds: int) -> bool:
    """Note, before anything happens outside a transaction, that it is about to, with a lease of ``seconds`` from now.

    False when the lease is no longer this one's, or ran out: whoever takes it back may have read the row as not begun.
    """
    now = clock.now()
    return bool(
        _leased(message)
        .filter(lease_until__gte=now)
        .update(begun_at=now, lease_until=now + dt.timedelta(seconds=seconds))
    )


def finish(held: OutboxMessage) -> None:
    """Done, in the transaction that holds the row."""
    held.state, held.done_at = "done", clock.now()
    held.lease_token = held.lease_until = None
    held.last_error = ""
    held.save(update_fields=["state", "done_at", "lease_token", "lease_until", "last_error"])


def fail(message: OutboxMessage, error: str, *, permanent: bool = False) -> None:
    """Try again later, or give up when it is of no use or was tried often enough. Nothing when the lease is lost."""
    _fail(_leased(message), message, error, permanent=permanent)


def unconfirm(message: OutboxMessage, error: str) -> None:
    """Nobody knows whether the other system took it. The token stays: a late answer may still settle it."""
    _unconfirm(_leased(message), error)


def _leased(message: OutboxMessage) -> QuerySet[OutboxMessage]:
    """The row, as long as its lease is this one's."""
    return OutboxMessage.unscoped.filter(pk=message.pk, lease_token=message.lease_token, state="leased")


def _fail(rows: QuerySet[OutboxMessage], message: OutboxMessage, error: str, *, permanent: bool) -> int:
    dead = permanent or message.attempts >= attempts_allowed(message.handler)
    return rows.update(
        state="dead" if dead else "retry",
        not_before=clock.now() + backoff(message.attempts),
        lease_token=None,
        lease_until=None,
        begun_at=None,
        last_error=_short(error),
    )


def _unconfirm(rows: QuerySet[OutboxMessage], error: str) -> int:
    return rows.update(state="unconfirmed", lease_until=None, last_error=_short(error))


def _short(error: str) -> str:
    return error[:_ERROR_LIMIT].replace("\x00", "")  # PostgreSQL keeps no NUL


def release(messages: Iterable[OutboxMessage]) -> None:
    """Give back rows that were leased and not begun: a worker that is told to stop leaves at once."""
    for message in messages:
        _leased(message).filter(begun_at__isnull=True).update(
            state="queued", lease_token=None, lease_until=None, attempts=F("attempts") - 1
        )


def attempts_allowed(handler: str) -> int:
    """How often a row is tried; a handler that this program does not know may come with its next version."""
    known = HANDLERS.get(handler)
    return SCHEDULE_ATTEMPTS if known is None else known.max_attempts


def reap(*, all_leases: bool = False) -> int:
    """Take back leases that ran out (their worker died or hangs); return how many.

    An effect goes back to be tried again: what it did was rolled back. So do schedules and work, which may be repeated, and a hand-over
    that had not begun, or whose channel refuses repeats; any other hand-over becomes ``unconfirmed``. ``all_leases`` is for a worker
    that knows it is alone.

    A row may move between the reading and the taking back: its worker begins the hand-over, or comes to its end. What is decided here
    holds only for a row that still stands as it was read.
    """
    now = clock.now()
    overdue = OutboxMessage.unscoped.filter(state="leased")
    if not all_leases:
        overdue = overdue.filter(lease_until__lt=now)
    count = 0
    for message in overdue:
        as_read = _leased(message).filter(begun_at=message.begun_at)
        if not all_leases:
            as_read = as_read.filter(lease_until__lt=now)
        handler = HANDLERS.get(message.handler)
        repeatable = message.begun_at is None or (handler is not None and handler.repeatable)
        if message.kind != "handover" or repeatable:
            count += _fail(as_read, message, _("処理の途中で止まりました。"), permanent=False)
        else:
            count += _unconfirm(
                as_read, _("引渡しの途中で止まりました。相手に届いたかどうか確かめてください。")
            )
    return count


# --- schedules --------------------------------------------------------------------------------------------------------


def towns_without_run(rule: str, period: str) -> list[UUID]:
    """The municipalities in which this run was not put yet."""
    runs = ScheduleRun.unscoped.filter(municipality=OuterRef("pk"), rule=rule, period=period)
    return list(Municipality.unscoped.filter(~Exists(runs)).order_by("code").values_list("pk", flat=True))


def put_run(rule: str, period: str, zone: Zone, municipality_id: UUID | None) -> bool:
    """Put one due run, with its row of work; False when it was put before, by whomever."""
    if municipality_id is None and was_run(rule, period):
        return False
    now = clock.now()
    try:
        with transaction.atomic():
            ScheduleRun(municipality_id=municipality_id, rule=rule, period=period, at=now).save(
                force_insert=True
            )
            OutboxMessage(
                id=uuid7(),
                municipality_id=municipality_id,
                kind="schedule",
                topic="",
                handler=rule,
                payload={"period": period},
                idempotency_key=f"{rule}:{period}",
                zone=zone,
                not_before=now,
                state="queued",
                created_at=now,
            ).save(force_insert=True)
    except IntegrityError:
        if ScheduleRun.unscoped.filter(municipality=municipality_id, rule=rule, period=period).exists():
            return False
        raise
    return True


def was_run(rule: str, period: str) -> bool:
    """Whether a run of the whole installation was put already."""
    return ScheduleRun.unscoped.filter(municipality__isnull=True, rule=rule, period=period).exists()


def note_run(rule: str, period: str) -> None:
    """A run of the whole installation that was done elsewhere than by a worker: it is not due any more."""
    try:
        with transaction.atomic():
            ScheduleRun(municipality_id=None, rule=rule, period=period, at=clock.now()).save(
                force_insert=True
            )
    except IntegrityError:
        if not was_run(rule, period):
            raise


def sweep() -> int:
    """Delete finished work and repeat keys that are a month old, and runs of more than a year ago; return how many rows went.

    All of them, a page at a time, each in a transaction of its own: other writers get their turn in between. What failed or is
    unconfirmed stays until a person has looked at it.
    """
    now = clock.now()
    done = OutboxMessage.unscoped.filter(state__in=("done", "cancelled"), created_at__lt=now - KEEP_DONE)
    return sum(
        _delete_in_pages(rows)
        for rows in (
            done,
            Replay.unscoped.filter(at__lt=now - KEEP_REPLAYS),
            ScheduleRun.unscoped.filter(at__lt=now - KEEP_RUNS),
        )
    )


def _delete_in_pages(rows: QuerySet[_Row]) -> int:
    count = 0
    last: UUID | None = None
    while True:
        rest = rows if last is None else rows.filter(pk__gt=last)
        page = list(rest.order_by("pk").values_list("pk", flat=True)[:SWEEP_PAGE])
        count += rows.filter(pk__in=page).delete()[0] if page else 0
        if len(page) < SWEEP_PAGE:
            return count
        last = page[-1]


# --- by a person ------------------------------------------------------------------------------------------------------


def requeue(message: OutboxMessage) -> None:
    """Start over, with all attempts."""
    message.state, message.attempts, message.not_before = "queued", 0, clock.now()
    _unlease(message)


def settle(message: OutboxMessage) -> None:
    """A person found out that the other system has it."""
    message.state, message.done_at = "done", clock.now()
    _unlease(message)


def cancel(message: OutboxMessage) -> None:
    """It is not to be done any more."""
    message.state = "cancelled"
    _unlease(message)


def _unlease(message: OutboxMessage) -> None:
    message.lease_token = message.lease_until = message.begun_at = None
    message.save(
        update_fields=["state", "attempts", "not_before", "done_at", "lease_token", "lease_until", "begun_at"]
    )
