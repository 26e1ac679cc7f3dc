"""What the plan service does by the clock."""

from __future__ import annotations

from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import clock
from yakuba.kernel.outbox.schedules import Due, schedule
from yakuba.services.plan import uploads
from yakuba.services.plan.measured import working
from yakuba.services.plan.measured.actions import release_bindings
from yakuba.services.plan.measured.actions.store import stale
from yakuba.services.plan.nation.queries import municipality_of
from yakuba.services.plan.overdue.actions import due_series, remind_series


@schedule("plan.uploads", every="day", at="03:30")
def sweep_uploads(_due: Due) -> None:
    """Delete received documents that were never taken."""
    uploads.sweep(clock.now())


# After the night's own measuring (metrics), before anybody opens a form.
@schedule("plan.measure_rounds", every="day", at="05:30", each_municipality=True)
def measure_rounds(due: Due) -> None:
    """What offices are asked about now is measured for the day that the round's figures stand for."""
    assert due.ctx is not None  # noqa: S101 – one for each municipality
    working.measure_running(due.ctx)


@schedule("plan.release_bindings", every="day", at="05:40", each_municipality=True)
def release_of_bindings(due: Due) -> None:
    """A metric or a series became public, or is so no more: what the public reads of published figures follows."""
    assert due.ctx is not None  # noqa: S101 – one for each municipality
    if stale(due.ctx):
        release_bindings(due.ctx, municipality_of(due.ctx.municipality), NoData())


@schedule("plan.series_reminders", every="day", at="08:20", each_municipality=True)
def remind_of_series(due: Due) -> None:
    """Each series in a transaction of its own; a second run, or one beside this, finds nothing left to do."""
    assert due.ctx is not None  # noqa: S101 – one for each municipality
    for series in due_series(due.ctx):
        remind_series(due.ctx, series, NoData())
