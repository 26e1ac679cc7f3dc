"""One leased row, run to its end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from yakuba.kernel.access.pages import system_context
from yakuba.kernel.actions import Context
from yakuba.kernel.outbox import store
from yakuba.kernel.outbox.handlers import HANDLERS, NotAccepted, Settle
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.kernel.outbox.schedules import SCHEDULES, Due
from yakuba.kernel.plugins import crash

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Outside:
    """What runs outside a transaction. ``repeatable``: after a failure of unknown outcome it is simply tried again."""

    call: Callable[[], Settle | None]
    lease_seconds: int
    repeatable: bool


def run(message: OutboxMessage) -> None:
    """Do what a leased row says and write down how it went. Raises only when the database itself fails."""
    try:
        work = _work(message)
    except Exception as error:  # noqa: BLE001 – nothing has happened yet, whatever is wrong with the row
        _note_failure(message, error)
        return
    if isinstance(work, _Outside):
        _run_outside(message, work)
    else:
        _run_inside(message, work)


def _work(message: OutboxMessage) -> _Outside | Callable[[], None]:
    """What a row says is to be done. LookupError when this program knows no such handler or version."""
    rule = SCHEDULES.get(message.handler)
    if message.kind == "schedule" and rule is not None:
        due = Due(rule.key, str(message.payload["period"]), _context(message))
        return _Outside(lambda: rule.run(due), rule.lease_seconds, repeatable=True)
    handler = HANDLERS.get(message.handler)
    ctx = _context(message)
    if handler is None or message.kind != handler.kind or ctx is None:
        raise LookupError(f"no handler {message.handler} of kind {message.kind}")
    payload = handler.current(message.payload, message.payload_version)
    if (effect := handler.effect) is not None:
        return lambda: effect(ctx, payload)
    outside = handler.work or handler.handover
    if outside is None:
        raise LookupError(f"{message.handler} does nothing")
    key = message.idempotency_key.removeprefix(f"{handler.name}:")
    return _Outside(lambda: outside(ctx, payload, key), handler.lease_seconds, handler.repeatable)


def _run_inside(message: OutboxMessage, effect: Callable[[], None]) -> None:
    """Effect and completion in one transaction: both or neither."""
    try:
        with transaction.atomic():
            held = store.hold(message)
            if held is None:
                return
            effect()
            store.finish(held)
            crash.point("outbox.before-commit")
    except Exception as error:  # noqa: BLE001 – a handler may raise anything, and its row has to say so
        _note_failure(message, error)
        return
    crash.point("outbox.after-commit")


def _run_outside(message: OutboxMessage, work: _Outside) -> None:
    """Begin (committed) → do it → done (committed). For a hand-over, in between lies the one gap that no database closes."""
    if not store.begin(message, work.lease_seconds):
        return
    crash.point("outbox.before-effect")
    try:
        settle = work.call()
    except NotAccepted as error:
        _note_failure(message, error, permanent=error.permanent)
        return
    except Exception as error:  # noqa: BLE001 – it may have happened after the other side took it
        _note_doubt(message, error, work)
        return
    crash.point("outbox.after-effect")
    try:
        with transaction.atomic():
            held = store.hold(message, "leased", "unconfirmed")
            if held is None:
                return
            if settle is not None:
                settle()
            store.finish(held)
            crash.point("outbox.before-done")
    except Exception as error:  # noqa: BLE001 – it was done, and that must not be forgotten
        _note_doubt(message, error, work)
        return
    crash.point("outbox.after-done")


def _context(message: OutboxMessage) -> Context | None:
    """The context of the row's municipality, none for work of the whole installation."""
    town = message.municipality
    if town is None:
        return None
    return system_context(message.handler, town.ref)


def _note_failure(message: OutboxMessage, error: Exception, *, permanent: bool = False) -> None:
    # The log goes to places that may not hold personal data: what the error says stands in the row alone.
    _log.warning("outbox %s: %s failed (%s)", message.pk, message.handler, type(error).__name__)
    store.fail(message, _words(error), permanent=permanent)


def _note_doubt(message: OutboxMessage, error: Exception, work: _Outside) -> None:
    """It was done, or may have been, and could not be noted."""
    if work.repeatable:
        _note_failure(message, error)
        return
    _log.warning("outbox %s: %s unconfirmed (%s)", message.pk, message.handler, type(error).__name__)
    store.unconfirm(message, _words(error))


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
