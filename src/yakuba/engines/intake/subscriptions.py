"""What intake listens to: a case was completed."""

from __future__ import annotations

from uuid import UUID

from yakuba.engines.casework.store import COMPLETED
from yakuba.engines.intake import queries
from yakuba.engines.intake.actions import Take, take
from yakuba.kernel.actions import Context
from yakuba.kernel.outbox.handlers import Payload, subscribe


@subscribe(COMPLETED, name="intake.take")
def take_in(ctx: Context, payload: Payload) -> None:
    """Put it before the keepers of the book that its procedure changes; most cases change none, and leave nothing behind."""
    case = queries.case(ctx, UUID(str(payload["case"])))
    if case is not None and queries.binding_of(case) is not None:
        take(ctx, queries.municipality(ctx), Take(str(case.pk)))
