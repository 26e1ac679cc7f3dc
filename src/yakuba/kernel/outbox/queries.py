"""Reading what became of work that was asked for."""

from __future__ import annotations

from yakuba.kernel.actions import Context
from yakuba.kernel.outbox.models import OutboxMessage


def given_up(ctx: Context, handler: str) -> frozenset[str]:
    """The event keys of a handler's rows in this municipality that were tried as often as allowed, and failed."""
    dead = OutboxMessage.unscoped.filter(municipality=ctx.municipality.id, handler=handler, state="dead")
    keys = dead.values_list("idempotency_key", flat=True)
    return frozenset(key.removeprefix(f"{handler}:") for key in keys)
