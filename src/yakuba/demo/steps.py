"""The sample is loaded step by step, so that an interrupted load goes on where it stopped."""

from __future__ import annotations

from dataclasses import dataclass, replace

from yakuba.kernel.access import prepare
from yakuba.kernel.access.actors import staff_actor
from yakuba.kernel.access.queries import account_by_name
from yakuba.kernel.actions import Actor, Context, Face, MunicipalityRef


@dataclass(frozen=True)
class Steps:
    """Contexts for the actions of a load. Each action bears a key of its own, and a repeat of it changes nothing."""

    ref: MunicipalityRef

    def ctx(self, key: str, actor: Actor | None = None) -> Context:
        """The operator's context, or that of another actor, for the step ``key``."""
        ctx = replace(prepare.operator(self.ref), idempotency_key=f"sample:{key}")
        return replace(ctx, actor=actor) if actor else ctx

    def staff(self, key: str, username: str) -> Context:
        """The same as a member of staff at the desk: what people do in the sample, they do themselves."""
        ctx = prepare.operator(self.ref)
        actor, acting = staff_actor(account_by_name(ctx, username), ctx.now)
        return replace(self.ctx(key, actor), face=Face.DESK, acting_post=acting)
