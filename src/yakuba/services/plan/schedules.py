"""What the plan service does by the clock."""

from __future__ import annotations

from yakuba.kernel.dates import clock
from yakuba.kernel.outbox.schedules import Due, schedule
from yakuba.services.plan import uploads


@schedule("plan.uploads", every="day", at="03:30")
def sweep_uploads(_due: Due) -> None:
    """Delete received documents that were never taken."""
    uploads.sweep(clock.now())
