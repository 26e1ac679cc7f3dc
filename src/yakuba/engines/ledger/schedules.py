"""What ledgers do by the clock: each night what falls due is written down, and what no more does is settled."""

from __future__ import annotations

from yakuba.engines.ledger.actions.deadlines import keep_deadlines
from yakuba.kernel.outbox.schedules import Due, schedule


@schedule("ledger.deadlines", every="day", at="04:40", each_municipality=True)
def remind(due: Due) -> None:
    """In short transactions; a second run the same day writes nothing."""
    assert due.ctx is not None  # noqa: S101 – one for each municipality
    keep_deadlines(due.ctx)
