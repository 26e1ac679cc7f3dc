"""What metrics do by the clock: each night they are asked."""

from __future__ import annotations

import datetime as dt
from typing import Final

from yakuba.engines.metrics import measuring
from yakuba.kernel.outbox.schedules import Due, schedule

NIGHT: Final = "metrics.night"


@schedule(NIGHT, every="day", at="01:30", lease_seconds=7200)
def measure_night(due: Due) -> None:
    """For all municipalities together: each metric takes as many statements for one of them as for a thousand."""
    measuring.night(dt.date.fromisoformat(due.period) - dt.timedelta(days=1))
