"""Rules that change on a day: rows with their ground and the days between which they hold, never an ``if`` in a page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from yakuba.engines.ledger.declaration import Source
from yakuba.kernel.ui.drawing import Text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row(Generic[T]):
    """What holds, on which ground, from its first day on; the next row of the rule ends it."""

    value: T
    ground: str
    since: dt.date | None = None


@dataclass(frozen=True)
class Dated(Generic[T]):
    """A rule as it held and holds; the rows in the order of their days. Only the first may hold since ever."""

    what: Text
    rows: tuple[Row[T], ...]

    def __post_init__(self) -> None:
        days = [row.since or dt.date.min for row in self.rows]
        if not days or any(before >= after for before, after in pairwise(days)):
            raise ValueError("the rows of a rule stand in the order of their days, each on a day of its own")

    def on(self, day: dt.date) -> Row[T] | None:
        """What held on a day; None before the rule's first day."""
        return next((row for row in reversed(self.rows) if row.since is None or row.since <= day), None)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The rows as grounds of a ledger, the last one without an end."""
        ends = [*(row.since for row in self.rows[1:]), None]
        return tuple(
            Source(self.what, row.ground, row.since, None if end is None else end - dt.timedelta(days=1))
            for row, end in zip(self.rows, ends, strict=True)
        )
