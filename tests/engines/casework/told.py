"""Histories of cases for metrics: drawn around the borders of days, months and years, and written without any action."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from hypothesis import strategies as st

from tests.world import Town
from yakuba.engines.casework import rules
from yakuba.engines.casework.models import CHANNELS, Case, Move
from yakuba.engines.casework.states import TABLES
from yakuba.engines.metrics.periods import Period
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.dates.clock import JAPAN
from yakuba.kernel.ids import uuid7

_BORDERS: Final = (
    dt.date(2025, 3, 31),
    dt.date(2025, 4, 1),
    dt.date(2026, 3, 1),
    dt.date(2026, 3, 2),
    dt.date(2026, 3, 31),
    dt.date(2026, 4, 1),
    dt.date(2026, 10, 31),
    dt.date(2026, 11, 1),
    dt.date(2026, 11, 20),
    dt.date(2026, 11, 21),
)
_LAST: Final = dt.timedelta(microseconds=1)
_TIMES: Final = (
    dt.timedelta(0),
    dt.timedelta(hours=9) - _LAST,  # in UTC it is the day before still
    dt.timedelta(hours=9),
    dt.timedelta(hours=15),
    dt.timedelta(days=1) - _LAST,
)

#: Periods that end on such borders, one of each kind and a running year.
PERIODS: Final = (
    Period.day(dt.date(2026, 11, 21)),
    Period.month(dt.date(2026, 10, 1)),
    Period.year(FiscalYear(2025)),
    Period.year(FiscalYear(2026)),
    Period.as_of(dt.date(2026, 3, 1)),
)


def moments(least: int = 0) -> st.SearchStrategy[dt.datetime]:
    """Moments next to borders, ``least`` days later."""
    return st.builds(
        lambda day, time: dt.datetime.combine(day, dt.time(), JAPAN) + time + dt.timedelta(days=least),
        st.sampled_from(_BORDERS),
        st.sampled_from(_TIMES),
    )


@dataclass(frozen=True)
class Told:
    """What became of a case: how it ended (``open``, ``decided``, ``completed``, ``withdrawn``), when, and by which day it was due."""

    kind: str
    channel: str
    arrived: dt.datetime
    end: str
    took: dt.timedelta
    due_after: int | None
    corrections: int
    test: bool
    topic: int = 0


def cases(**given: st.SearchStrategy[object]) -> st.SearchStrategy[Told]:
    """One case; a field's own strategy by its name."""
    whole = st.integers(0, 40).map(lambda days: dt.timedelta(days=days))
    own: dict[str, st.SearchStrategy[object]] = {
        "kind": st.sampled_from(sorted(TABLES)),
        "channel": st.sampled_from([key for key, _label in CHANNELS]),
        "arrived": moments(),
        "end": st.sampled_from(["open", "decided", "completed", "withdrawn"]),
        "took": st.builds(lambda days, time: days + time, whole, st.sampled_from(_TIMES)),
        "due_after": st.none() | st.integers(0, 20),
        "corrections": st.integers(0, 2),
        "test": st.sampled_from([False, False, False, True]),
        "topic": st.integers(0, 2),
    }
    return st.builds(Told, **{**own, **given})


def write(
    town: Town, told: list[Told], topics: tuple[UUID, ...] = (), topic_kind: str = "topic"
) -> list[Case]:
    """The rows of such cases, with the moves that ask for corrections."""
    made = [_row(town, one, topics, topic_kind) for one in told]
    Case.unscoped.bulk_create(made)
    Move.unscoped.bulk_create(
        Move(
            municipality_id=town.ref.id,
            case=case,
            seq=seq,
            kind=case.kind,
            step="ask_correction",
            from_state="checking",
            to_state="returned",
            at=case.arrived_at,
            by_label="見本",
        )
        for case, one in zip(made, told, strict=True)
        for seq in range(1, one.corrections + 1)
    )
    return made


def _row(town: Town, one: Told, topics: tuple[UUID, ...], topic_kind: str) -> Case:
    ended = one.arrived + one.took
    end = one.end
    if end == "decided" and not rules.has_decision(one.kind):
        end = "completed"
    decided = end in {"decided", "completed"} and rules.has_decision(one.kind)
    state = {"open": "checking", "decided": "decided"}.get(end, end)
    due = one.arrived.date() + dt.timedelta(days=one.due_after) if one.due_after is not None else None
    return Case(
        municipality_id=town.ref.id,
        kind=one.kind,
        state=state,
        number=uuid7().hex,
        title="見本",
        origin_kind="trying",
        origin_id=uuid7(),
        topic_kind=topic_kind,
        topic_id=topics[one.topic % len(topics)] if topics else uuid7(),
        office=town.offices["own"],
        authority="mayor",
        channel=one.channel,
        arrived_at=one.arrived,
        registered_at=one.arrived,
        clock={"amount": one.due_after} if one.due_after is not None else {},
        due_on=due,
        decided_at=ended if decided else None,
        completed_at=ended if state in {"completed", "withdrawn"} else None,
        test=one.test,
    )
