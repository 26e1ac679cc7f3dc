"""Schedules: declared rules whose due runs are rows, so that a restart catches up once and never repeats.

A room declares its own in its ``schedules.py``, which is imported at start-up. A machine that was off for a week makes up the
latest run alone: six old daily heads would say nothing that the seventh does not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from yakuba.kernel.access.actions import forget_sign_ins
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import clock
from yakuba.kernel.outbox import store
from yakuba.kernel.outbox.handlers import Zone
from yakuba.kernel.outbox.rules import Every, latest_period
from yakuba.kernel.plugins import statistics
from yakuba.kernel.trail import heads
from yakuba.kernel.trail.store import anything, seal


@dataclass(frozen=True)
class Due:
    """One run: its period (``2026-11-20``, ``2026-11-20T03``, ``2026-11``, fiscal year ``2026``) and, per municipality, where."""

    rule: str
    period: str
    ctx: Context | None


Run = Callable[[Due], None]
When = Callable[[], bool]
LEASE_SECONDS = 900
HEAD = "trail.head"


def _always() -> bool:
    return True


@dataclass(frozen=True)
class Schedule:
    """A declared rule."""

    key: str
    every: Every
    at: dt.time
    zone: Zone
    each: bool
    run: Run
    lease_seconds: int = LEASE_SECONDS
    when: When = _always


SCHEDULES: dict[str, Schedule] = {}


def schedule(
    key: str,
    *,
    every: Every,
    at: str = "00:00",
    zone: Zone = "desk",
    each_municipality: bool = False,
    lease_seconds: int = LEASE_SECONDS,
    when: When = _always,
) -> Callable[[Run], Run]:
    """Run a function in each period until it once came to its end.

    It runs outside a transaction and may run again after a crash, or beside itself when it takes longer than ``lease_seconds``: it does
    no harm the second time, and writes in short transactions of its own (MECHANISMS §9).

    ``at`` is Japan time (``03:00``). With ``each_municipality`` there is a run, and a context, for each; without it one for the whole
    installation, without a context. Nothing is due while ``when`` says no. ``key`` is ``room.noun`` and stands in stored rows for ever.
    """

    def wrap(function: Run) -> Run:
        if key in SCHEDULES:
            raise RuntimeError(f"schedule {key} is registered already")
        SCHEDULES[key] = Schedule(
            key, every, dt.time.fromisoformat(at), zone, each_municipality, function, lease_seconds, when
        )
        return function

    return wrap


def put_due(zones: Iterable[Zone], now: dt.datetime | None = None) -> int:
    """Write a row for every run that is due and has none yet; return how many. Asking again writes nothing."""
    allowed = frozenset(zones)
    made = 0
    for rule in SCHEDULES.values():
        if rule.zone not in allowed or not rule.when():
            continue
        period = latest_period(rule.every, rule.at, now or clock.now())
        where: list[UUID | None] = [*store.towns_without_run(rule.key, period)] if rule.each else [None]
        made += sum(store.put_run(rule.key, period, rule.zone, town) for town in where)
    return made


@schedule(HEAD, every="day", at="03:00", when=anything)
def write_heads(due: Due) -> None:
    """The newest block of each municipality, outside the database. The trail is below this room and cannot ask for it itself.

    Every run that came to its end has left a file: ``yakuba trail verify`` misses one that is gone (:mod:`outbox.checking`).
    """
    seal()
    if heads.write(dt.date.fromisoformat(due.period)) is None:
        raise RuntimeError("the trail has entries and no block")


@schedule("outbox.statistics", every="day", at="03:20", when=statistics.needed)
def renew_statistics(due: Due) -> None:
    """What the database plans its queries by, where it does not see to it itself."""
    statistics.renew()


def write_heads_of_today() -> None:
    """The same at the end of a command, where no worker runs: once a day, and never again for a day whose file is gone."""
    day = clock.today()
    if not store.was_run(HEAD, day.isoformat()) and heads.write(day) is not None:
        store.note_run(HEAD, day.isoformat())


@schedule("outbox.sweep", every="day", at="03:30")
def sweep(_due: Due) -> None:
    """Finished work, old repeat keys and old runs go: their payloads hold what has its own retention elsewhere."""
    store.sweep()


@schedule("access.forget_sign_ins", every="day", at="03:40")
def forget_old_sign_ins(_due: Due) -> None:
    """Old attempts to sign in go. The rooms below cannot ask for it themselves."""
    forget_sign_ins(clock.now())
