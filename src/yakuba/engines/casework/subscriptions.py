"""What casework listens to: a hold of 支援措置 that was released."""

from __future__ import annotations

from uuid import UUID

from yakuba.engines.casework.actions.notices import release_notice
from yakuba.engines.casework.notices import queries
from yakuba.engines.protection.actions.holds import RELEASED
from yakuba.kernel.actions import Context, NoData
from yakuba.kernel.outbox.handlers import Payload, subscribe


@subscribe(RELEASED, name="casework.go_on")
def go_on(ctx: Context, payload: Payload) -> None:
    """Notices that a hold had stopped are handed over, where the keeper of 支援措置 said that what was stopped goes on."""
    if payload.get("resume") is not True or payload.get("kind") != "case":
        return
    for notice in queries.stopped(ctx, UUID(str(payload["id"]))):
        release_notice(ctx, notice, NoData())
