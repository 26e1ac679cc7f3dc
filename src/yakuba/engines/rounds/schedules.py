"""What rounds do by the clock: each morning whoever is due is reminded."""

from __future__ import annotations

from yakuba.engines.rounds.actions.reminding import remind
from yakuba.engines.rounds.queries.reminders import due_parts
from yakuba.kernel.actions import NoData
from yakuba.kernel.outbox.schedules import Due, schedule


@schedule("rounds.reminders", every="day", at="08:30", each_municipality=True)
def remind_offices(due: Due) -> None:
    """Each office in a transaction of its own; a second run, or one beside this, finds nothing left to do."""
    assert due.ctx is not None  # noqa: S101 – one for each municipality
    for part in due_parts(due.ctx):
        remind(due.ctx, part, NoData())
