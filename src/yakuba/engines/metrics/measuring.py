"""What is measured by the clock: the day that is over, the running month and year and those before it, and days that figures stand for.

A night that is killed half way is simply done again: each figure is one row, which is written over. Nights that were missed are made up:
days from the last one that was measured, months and years likewise, as far as the rooms' rows tell of the past.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final
from uuid import UUID

from yakuba.engines.metrics import queries, store
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.rules import missed, nightly
from yakuba.kernel.access.pages import system_context
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.plugins import Registry, crash
from yakuba.kernel.town.queries import all_municipalities

#: Rooms above name the days that figures stand for (基準日 of an open review): (municipality, day) pairs, asked each night.
DAYS: Registry[Callable[[], Iterable[tuple[UUID, dt.date]]]] = Registry("days that figures stand for")
#: How long after its day a figure «as of» is measured again, for what is written down late.
AGAIN_DAYS: Final = 92
#: How many missed days are made up. Who was away for longer asks by command (``yakuba metrics measure``).
MOST_DAYS: Final = 400


def night(yesterday: dt.date) -> int:
    """Measure what the night after a day measures, and write what the public reads; return how many figures were kept.

    What single metrics raised comes out at the end, as an ExceptionGroup: the others are measured and released first.
    """
    written, failed = 0, list[Exception]()
    for period in periods(yesterday):
        try:
            written += store.measure(period, again=False)
        except ExceptionGroup as group:
            failed.extend(group.exceptions)
    for day, towns in sorted(_days(yesterday).items()):
        try:
            written += store.measure(Period.as_of(day), None, frozenset(towns), again=False)
        except ExceptionGroup as group:
            failed.extend(group.exceptions)
    crash.point("metrics.before-release")
    since = Period.year(FiscalYear.of(yesterday) - 2).first
    release_all(since=since)
    if failed:
        raise ExceptionGroup("metrics that could not be measured", failed)
    return written


def release_all(municipalities: frozenset[UUID] | None = None, since: dt.date | None = None) -> None:
    """Write what the public reads of all metrics, of all municipalities or of some; see :func:`.store.release`."""
    for town in all_municipalities():
        if municipalities is None or town.id in municipalities:
            store.release(system_context("metrics.night", town), since=since)
            crash.point("metrics.released")


def periods(yesterday: dt.date) -> list[Period]:
    """All that the night after a day asks for, the missed ones first: so a night that is killed goes on where it was."""
    again = nightly(yesterday)
    behind = {
        period
        for kind, last in queries.last_measured().items()
        if kind != "as_of"
        for period in missed(kind, last, yesterday, MOST_DAYS)
    }
    return [*sorted(behind - set(again), key=lambda one: (one.kind, one.last)), *reversed(again)]


def _days(yesterday: dt.date) -> dict[dt.date, set[UUID]]:
    """Days that figures stand for, with the municipalities whose figures do: those that rooms name, and those asked for before."""
    found: dict[dt.date, set[UUID]] = defaultdict(set)
    for named in DAYS.values():
        for town, day in named():
            found[day].add(town)
    for town, day in queries.days_asked(yesterday - dt.timedelta(days=AGAIN_DAYS)):
        found[day].add(town)
    return found
