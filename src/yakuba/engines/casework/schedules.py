"""What casework does by the clock: notices that nobody opened are printed and posted."""

from __future__ import annotations

from yakuba.engines.casework.actions.notices import print_unopened
from yakuba.engines.casework.notices import queries
from yakuba.kernel.actions import NoData
from yakuba.kernel.outbox.schedules import Due, schedule


@schedule("casework.print_unopened", every="day", at="06:10", each_municipality=True)
def have_printed(due: Due) -> None:
    """Each in a transaction of its own; a second run finds nothing left to do."""
    assert due.ctx is not None  # noqa: S101 – one for each municipality
    for notice in queries.unopened(due.ctx):
        print_unopened(due.ctx, notice, NoData())
