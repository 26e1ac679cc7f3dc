"""Stretches of time that figures are about: a day, a month, a fiscal year, and a fiscal year up to a day (基準日). Pure."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.dates.clock import JAPAN

Kind = Literal["day", "month", "year", "as_of"]
KINDS: Final = (("day", "日"), ("month", "月"), ("year", "年度"), ("as_of", "基準日"))


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from ``first`` to ``last``, both included, in Japan. What is counted «at a date» is counted at the end of ``last``.

    ``as_of`` runs from 1 April to the day (R060301: what is known of R5 on 1 March 2024).
    """

    last: dt.date
    first: dt.date
    kind: Kind

    @classmethod
    def day(cls, day: dt.date) -> Period:
        """One day."""
        return cls(day, day, "day")

    @classmethod
    def month(cls, day: dt.date) -> Period:
        """The calendar month in which a day falls."""
        last = calendar.monthrange(day.year, day.month)[1]
        return cls(day.replace(day=last), day.replace(day=1), "month")

    @classmethod
    def year(cls, year: FiscalYear) -> Period:
        """A whole fiscal year (年度)."""
        return cls(year.end, year.start, "year")

    @classmethod
    def as_of(cls, day: dt.date) -> Period:
        """The fiscal year of a day, up to that day (基準日)."""
        return cls(day, FiscalYear.of(day).start, "as_of")

    @classmethod
    def of(cls, kind: Kind, day: dt.date) -> Period:
        """The period of a kind in which a day falls; for ``as_of`` the one that ends with it."""
        if kind == "year":
            return cls.year(FiscalYear.of(day))
        if kind == "month":
            return cls.month(day)
        return cls.day(day) if kind == "day" else cls.as_of(day)

    @property
    def begin(self) -> dt.datetime:
        """Its first moment, aware."""
        return dt.datetime.combine(self.first, dt.time(), JAPAN)

    @property
    def end(self) -> dt.datetime:
        """The first moment after it, aware: what happened in it is ``begin <= at < end``."""
        return dt.datetime.combine(self.last + dt.timedelta(days=1), dt.time(), JAPAN)

    @property
    def fiscal_year(self) -> FiscalYear:
        """The fiscal year that it ends in."""
        return FiscalYear.of(self.last)

    @property
    def before(self) -> Period:
        """The period of its kind that ends where this begins; for ``as_of`` the same day a year earlier."""
        if self.kind == "as_of":
            day = self.last
            leap = (day.month, day.day) == (2, 29)
            return Period.as_of(day.replace(year=day.year - 1, day=28 if leap else day.day))
        return Period.of(self.kind, self.first - dt.timedelta(days=1))

    def over(self, today: dt.date) -> bool:
        """Whether nothing can come in any more by the clock."""
        return self.last < today

    def settles(self, today: dt.date) -> bool:
        """Whether its figure may be settled (確定): once it is over, a 基準日 on its day already."""
        return self.over(today) or (self.kind == "as_of" and self.last == today)
