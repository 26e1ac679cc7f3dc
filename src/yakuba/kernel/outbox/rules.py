"""Pure rules of the outbox: when to try again, which run of a schedule is due."""

from __future__ import annotations

import datetime as dt
from typing import Literal, assert_never

from yakuba.kernel.dates import clock

Every = Literal["hour", "day", "month", "fiscal_year"]

FIRST_DELAY = dt.timedelta(seconds=10)
LONGEST_DELAY = dt.timedelta(hours=1)


def backoff(attempts: int) -> dt.timedelta:
    """How long to wait after the given number of attempts (1, 2 …): 10 s, doubled each time, at most an hour."""
    # 10 s × 2^9 is already more than an hour; a larger power would only overflow.
    doublings = min(max(attempts, 1) - 1, 9)
    return min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)


def latest_period(every: Every, at: dt.time, now: dt.datetime) -> str:
    """The name of the latest period whose due time has come, by the clock of Japan (which knows no summer time).

    ``hour`` takes only the minutes of ``at``; ``month`` is due on its first day, ``fiscal_year`` on 1 April.
    """
    here = clock.japan_time(now).replace(tzinfo=None)
    if every == "hour":
        due = here.replace(minute=at.minute, second=0, microsecond=0)
        return f"{due if due <= here else due - dt.timedelta(hours=1):%Y-%m-%dT%H}"
    if every == "day":
        due = dt.datetime.combine(here.date(), at)
        return f"{due if due <= here else due - dt.timedelta(days=1):%Y-%m-%d}"
    if every == "month":
        due = dt.datetime.combine(here.date().replace(day=1), at)
        return f"{due if due <= here else due - dt.timedelta(days=1):%Y-%m}"
    if every == "fiscal_year":
        due = dt.datetime.combine(dt.date(here.year, 4, 1), at)
        return str(due.year if due <= here else due.year - 1)
    assert_never(every)
