"""The sample is loaded step by step, so that an interrupted load goes on where it stopped."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from yakuba.kernel.access import prepare
from yakuba.kernel.access.actors import staff_actor
from yakuba.kernel.access.queries import account_by_name
from yakuba.kernel.actions import Actor, Context, Face, MunicipalityRef
from yakuba.kernel.dates import clock


@dataclass(frozen=True)
class Steps:
    """Contexts for the actions of a load. Each action bears a key of its own, and a repeat of it changes nothing.

    ``at`` is when a step of the sample's history was done: its trail entry and its publication bear that moment. A moment that
    is still to come is now.
    """

    ref: MunicipalityRef

    def ctx(self, key: str, *, actor: Actor | None = None, at: dt.datetime | None = None) -> Context:
        """The operator's context, or that of another actor, for the step ``key``."""
        ctx = replace(prepare.operator(self.ref), idempotency_key=f"sample:{key}")
        if at is not None:
            ctx = replace(ctx, now=min(at, ctx.now))
        return replace(ctx, actor=actor) if actor else ctx

    def staff(self, key: str, username: str, *, at: dt.datetime | None = None) -> Context:
        """The same as a member of staff at the desk: what people do in the sample, they do themselves, in their post of that day."""
        ctx = self.ctx(key, at=at)
        actor, acting = staff_actor(account_by_name(ctx, username), ctx.now)
        return replace(ctx, actor=actor, face=Face.DESK, acting_post=acting)


def japan(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> dt.datetime:
    """A moment by Japan's clock."""
    return dt.datetime(year, month, day, hour, minute, tzinfo=clock.JAPAN)
