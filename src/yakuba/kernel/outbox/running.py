"""One leased row, run to its end."""

from __future__ import annotations

import logging

from django.db import transaction

from yakuba.kernel.access.pages import system_context
from yakuba.kernel.actions import Context, MunicipalityRef
from yakuba.kernel.outbox import store
from yakuba.kernel.outbox.handlers import HANDLERS, Handler, NotAccepted
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.kernel.outbox.schedules import SCHEDULES, Due, Schedule
from yakuba.kernel.plugins import crash

_log = logging.getLogger(__name__)


def run(message: OutboxMessage) -> None:
    """Do what a leased row says and write down how it went. Raises only when the database itself fails."""
    handler = HANDLERS.get(message.handler)
    rule = SCHEDULES.get(message.handler)
    if message.kind == "schedule" and rule is not None:
        _inside(message, rule)
    elif handler is not None and message.kind == handler.kind == "effect":
        _inside(message, handler)
    elif handler is not None and message.kind == handler.kind == "handover":
        _outside(message, handler)
    else:
        _note_failure(message, LookupError(f"no handler {message.handler} of kind {message.kind}"))


def _inside(message: OutboxMessage, work: Handler | Schedule) -> None:
    """Effect and completion in one transaction: both or neither."""
    try:
        with transaction.atomic():
            held = store.hold(message)
            if held is None:
                return
            ctx = _context(message)
            if isinstance(work, Schedule):
                work.run(Due(work.key, str(message.payload["period"]), ctx))
            elif work.effect is not None and ctx is not None:
                work.effect(ctx, work.current(message.payload, message.payload_version))
            store.finish(held)
            crash.point("outbox.before-commit")
    except Exception as error:  # noqa: BLE001 – a handler may raise anything, and its row has to say so
        _note_failure(message, error)
        return
    crash.point("outbox.after-commit")


def _outside(message: OutboxMessage, handler: Handler) -> None:
    """Begin (committed) → hand over → done (committed). In between lies the one gap that no database closes."""
    ctx = _context(message)
    if handler.handover is None or ctx is None or not store.begin(message, handler.lease_seconds):
        return
    key = message.idempotency_key.removeprefix(f"{handler.name}:")
    crash.point("outbox.before-effect")
    try:
        settle = handler.handover(ctx, handler.current(message.payload, message.payload_version), key)
    except NotAccepted as error:
        _note_failure(message, error, permanent=error.permanent)
        return
    except Exception as error:  # noqa: BLE001 – anything else may have happened after the other side took it
        if handler.deduplicates:
            _note_failure(message, error)
        else:
            _log.warning("outbox %s: %s unconfirmed (%s)", message.pk, message.handler, type(error).__name__)
            store.unconfirm(message, _words(error))
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
    except Exception as error:  # noqa: BLE001 – it was handed over, and that must not be forgotten
        _log.warning(
            "outbox %s: %s handed over, not noted (%s)", message.pk, message.handler, type(error).__name__
        )
        store.unconfirm(message, _words(error))
        return
    crash.point("outbox.after-done")


def _context(message: OutboxMessage) -> Context | None:
    """The context of the row's municipality, none for work of the whole installation."""
    town = message.municipality
    if town is None:
        return None
    return system_context(message.handler, MunicipalityRef(town.pk, town.code, town.name))


def _note_failure(message: OutboxMessage, error: Exception, *, permanent: bool = False) -> None:
    # The log goes to places that may not hold personal data: what the error says stands in the row alone.
    _log.warning("outbox %s: %s failed (%s)", message.pk, message.handler, type(error).__name__)
    store.fail(message, _words(error), permanent=permanent)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
