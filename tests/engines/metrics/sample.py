"""A metric of the tests' own: it says what a table in Python tells it to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.world import Town
from yakuba.engines.metrics.declaring import METRICS, Measured, Metric, Scope
from yakuba.engines.metrics.models import Snapshot
from yakuba.engines.metrics.periods import Period

KEY = "test_said"


@dataclass
class Said:
    """What is answered, and what was asked."""

    answers: dict[tuple[UUID, Period], Measured] = field(default_factory=dict)
    asked: list[Scope] = field(default_factory=list)
    fails: bool = False

    def __call__(self, scope: Scope) -> Iterable[Measured]:
        self.asked.append(scope)
        if self.fails:
            raise RuntimeError("no answer")
        for (town, period), one in self.answers.items():
            if period == scope.period and (scope.municipalities is None or town in scope.municipalities):
                yield one

    def say(self, town: UUID, period: Period, number: int | str | None, **parts: int) -> None:
        """A figure of a municipality."""
        told = {key: Decimal(count) for key, count in parts.items()}
        self.answers[town, period] = Measured(town, None if number is None else Decimal(number), parts=told)

    def share(self, town: UUID, period: Period, top: int, bottom: int) -> None:
        """A share of a municipality."""
        self.answers[town, period] = Measured.share(town, top, bottom)


@contextmanager
def said(key: str = KEY, **facts: Any) -> Iterator[Said]:  # Any: as Metric takes them
    """A metric that says what it is told to."""
    answers = Said()
    one = Metric(
        key, "試しの値", "件", "year_total", ("day", "month", "year", "as_of"), "試しの数え方。", answers,
        "yakuba.tests",
    )  # fmt: skip
    with METRICS.temporarily(key, replace(one, **facts)):
        yield answers


def in_use(*towns: Town) -> None:
    """The metric's service is used since long ago: what it counts nothing of is 0."""
    for town in towns:
        Snapshot.unscoped.create(
            municipality_id=town.ref.id, metric=KEY, definition_version=1, kind="as_of", first=day("1990-01-01"),
            last=day("1990-01-01"), number=1, measured_at=dt.datetime(1990, 1, 1, tzinfo=dt.UTC),
        )  # fmt: skip


@contextmanager
def only(*keys: str) -> Iterator[None]:
    """No metrics but these: what others cost and say is theirs to try."""
    before = dict(METRICS.items())
    METRICS._plugins = {key: one for key, one in before.items() if key in keys}
    try:
        yield
    finally:
        METRICS._plugins = before


def day(text: str) -> dt.date:
    """2026-11-22."""
    return dt.date.fromisoformat(text)
