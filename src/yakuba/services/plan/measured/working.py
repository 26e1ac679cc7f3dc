"""What the worker does for reviews: measures the day that a round's figures stand for, and keeps what was measured when it closes."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from yakuba.engines.metrics.store import measure, release
from yakuba.engines.rounds.models import Round
from yakuba.engines.rounds.store import CLOSED, OPENED
from yakuba.kernel.actions import Context, NoData
from yakuba.kernel.outbox.handlers import Payload, Settle, work
from yakuba.services.plan.measured import queries
from yakuba.services.plan.measured.actions import keep_measured

KIND: Final = "plan_review"


@work(topic=OPENED, name="plan.measure_round")
def measure_round(ctx: Context, payload: Payload, _key: str) -> Settle | None:
    """The offices that are asked find what was measured beside their form at once."""
    round_ = _round(ctx, payload)
    if round_ is not None:
        _measure(ctx, round_)
    return None


@work(topic=CLOSED, name="plan.keep_measured", lease_seconds=300)
def keep_of_round(ctx: Context, payload: Payload, _key: str) -> Settle | None:
    """What the answers were held against stays as it was. Measured before, outside of the transaction that keeps it."""
    round_ = _round(ctx, payload)
    if round_ is None or round_.state != "closed":
        return None
    _measure(ctx, round_)
    return lambda: _keep(ctx, round_.pk)


def _keep(ctx: Context, round_id: UUID) -> None:
    round_ = queries.round_of(ctx, round_id, KIND)
    if round_ is not None:
        keep_measured(ctx, round_, NoData())


def _round(ctx: Context, payload: Payload) -> Round | None:
    if payload.get("kind") != KIND:
        return None
    return queries.round_of(ctx, UUID(str(payload["round"])), KIND)


def _measure(ctx: Context, round_: Round) -> None:
    keys = queries.metrics_of_round(ctx, round_)
    if not keys:
        return
    period = queries.period_of(round_)
    try:
        measure(period, keys, frozenset((ctx.municipality.id,)), again=False)
    finally:
        # Of persons only what is released may be taken over: at once, not after the night.
        release(ctx, keys, since=period.last)


def measure_running(ctx: Context) -> None:
    """The days of all rounds that are asked now, once more: what is entered late still finds them."""
    for round_ in queries.running_rounds(ctx, KIND):
        _measure(ctx, round_)
