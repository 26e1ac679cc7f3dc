"""Small counts of persons: what the public may see of a figure, so that nobody is found from it. Pure.

A figure is a set of *counts of persons*: of a plain figure its number; of a share the numerator and denominator − numerator; of an
average how many it is of; and each of its parts. A count from 1 to ``least`` − 1 is small. Three things are kept from the public:

1. a figure one of whose counts is small, with everything that it consists of;
2. the parts of a figure one of whose parts is small – all of them, because what is left out would be the total less the rest;
3. a figure by which a small count could be *worked out* from others that are shown. Figures of flows are sums over days, so what is
   shown of R6 and of R6 up to 1 March tells of the days between. Each figure joins its two ends in time; between any two moments that
   shown figures join, directly or by detours, the counts must be 0 or not small (:func:`shown_all`).

What the public has read cannot be taken back. So figures that stand public are looked at first, and a new one – the year, once its last
month is over – stays hidden where it would tell with them what is hidden. All definitions of a metric are looked at together: months of
an older system's count and a year of ours are subtracted from one another just as well.

What remains unprotected:

- the net change of a level (a count «at a date»): somebody came or somebody else did not go;
- what a correction shows beside what was shown before it, and what came in late between two countings where each by itself is large (few
  who did are in no figure that is new);
- a number that was shown and is hidden since (a correction made it small): who has kept the former page can still subtract it;
- what two different metrics tell together: each is looked at by itself, so of those that count the same persons one alone is declared
  public (docs/procedures.md);
- what an average's or a share's own number tells of extremes, and whatever somebody knows already from elsewhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.rules import kept
from yakuba.engines.metrics.sources import Figure

Counts = tuple[Decimal, ...]
#: Whole years come first: where not everything can be shown they say most. Then months, then days that somebody asked for.
_ORDER: Final = {"year": 0, "month": 1, "as_of": 2, "day": 3}
_ONE_DAY: Final = dt.timedelta(days=1)
# A running total is known from its beginning: all of them start at one moment before everything.
_BEGINNING: Final = dt.date.min
_RUNNING: Final = "running "


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as the public may see it. ``hidden``: its numbers were left out; without its ``parts`` alone it is not hidden."""

    figure: Figure
    hidden: bool


def running(aggregation: str) -> str:
    """As ``aggregation``: the same counts, of which each tells what came from 1 April up to its period's end (a month's, too)."""
    return f"{_RUNNING}{aggregation}"


def is_small(count: Decimal, least: int) -> bool:
    """Whether a count tells of so few persons that they may be found: from 1 to ``least`` − 1 (a half person is one, too)."""
    return 0 < abs(count) < least


def counts_of(aggregation: str, figure: Figure) -> Counts:
    """The counts of persons that a figure tells; none where it says nothing."""
    if figure.number is None and figure.denominator is None:
        return ()
    aggregation = aggregation.removeprefix(_RUNNING)
    if aggregation == "ratio":
        if figure.numerator is None or figure.denominator is None:
            return ()
        return figure.numerator, figure.denominator - figure.numerator
    if aggregation == "average":
        return () if figure.denominator is None else (figure.denominator,)
    return () if figure.number is None else (figure.number,)


def shown(metric_least: int, figure: Figure, aggregation: str = "year_total") -> Shown:
    """What the public may see of one figure by itself. Of several use :func:`shown_all`: one may tell what another keeps."""
    return next(iter(shown_all(metric_least, [figure], aggregation, flows=False)))


def shown_all(
    least: int,
    figures: Iterable[Figure],
    aggregation: str,
    *,
    flows: bool,
    stood: Collection[Period] = (),
    split: Collection[Period] = (),
) -> list[Shown]:
    """What the public may see of all figures of one metric, of whatever definitions, in their order.

    ``flows``: a longer period's counts are the sums of its days' (not so of levels «at a date»). ``least`` 0 or 1 shows everything.
    ``stood``: periods whose numbers the public reads already, ``split``: whose parts; what else is shown must keep their secrets, too.
    """
    found = list(figures)
    if least <= 1:
        return [Shown(one, hidden=False) for one in found]
    told: dict[int, Shown] = {}
    # Totals that run on tell of one moment at several places: where two of them disagree (a year that was brought, and its March), the
    # second stands beside the month before it as well.
    exact = aggregation == "cumulative" or aggregation.startswith(_RUNNING)
    numbers = _Joined(least, exact=exact)
    for place in _order(found, stood):
        figure = found[place]
        counts = counts_of(aggregation, figure)
        if not counts:
            # A share without its two numbers tells of persons that nobody can count here.
            told[place] = _told(figure, hidden=figure.number is not None)
            continue
        ends = _ends(figure.period, aggregation) if flows else None
        if figure.period not in stood and not (figure.revision and figure.status == "final"):
            figure = numbers.agreed(figure, counts, ends, aggregation)
            counts = counts_of(aggregation, figure)
        shows = bool(counts) and numbers.take(counts, ends)
        told[place] = Shown(figure, hidden=False) if shows else _told(figure, hidden=True)
    parts = _Joined(least, exact=exact)
    keys = sorted({key for one in found for key in one.parts})
    for place in _order(found, split):
        figure = told[place].figure
        if not figure.parts:
            continue
        counts = tuple(figure.parts.get(key, Decimal(0)) for key in keys)
        if not parts.take(counts, _ends(figure.period, aggregation) if flows else None):
            told[place] = _told(figure, hidden=False)
    return [told[place] for place in range(len(found))]


def _order(figures: list[Figure], stood: Collection[Period]) -> list[int]:
    """The places of figures: what the public reads already, then what says most."""
    before = set(stood)
    return sorted(
        range(len(figures)), key=lambda at: (figures[at].period not in before, *_rank(figures[at].period))
    )


def _told(figure: Figure, *, hidden: bool) -> Shown:
    if not hidden:
        return Shown(replace(figure, parts={}), hidden=False)
    return Shown(replace(figure, number=None, numerator=None, denominator=None, parts={}), hidden=True)


def _rank(period: Period) -> tuple[int, dt.date]:
    return _ORDER[period.kind], period.last


def _ends(period: Period, aggregation: str) -> tuple[dt.date, dt.date]:
    """The two moments that a figure joins, each as the day that begins with it."""
    first = period.first
    if aggregation == "cumulative":
        first = _BEGINNING
    elif aggregation.startswith(_RUNNING):
        first = period.fiscal_year.start
    return first, period.last + _ONE_DAY


class _Joined:
    """Moments that shown figures join, by group, each with what was counted from the group's own zero up to it."""

    def __init__(self, least: int, *, exact: bool) -> None:
        self._least = least
        self._exact = exact
        self._groups: list[dict[dt.date, Counts]] = []

    def take(self, counts: Counts, ends: tuple[dt.date, dt.date] | None) -> bool:
        """Show a figure too, if nothing small can be worked out then; say whether it is shown."""
        if any(is_small(count, self._least) for count in counts):
            return False
        if ends is None:
            return True
        first, last = ends
        left, right = self._group(first, len(counts)), self._group(last, len(counts))
        if left is right:
            # Its ends are joined already, so it says nothing new (but for what came in late between two countings).
            return not self._exact or all(
                b - a == c for a, b, c in zip(left[first], left[last], counts, strict=True)
            )
        shift = tuple(a + c - b for a, b, c in zip(left[first], right[last], counts, strict=True))
        joined = {**left, **{at: _plus(one, shift) for at, one in right.items()}}
        if not self._may_be_told(joined):
            return False
        self._groups = [one for one in self._groups if one is not left and one is not right]
        self._groups.append(joined)
        return True

    def agreed(
        self, figure: Figure, counts: Counts, ends: tuple[dt.date, dt.date] | None, aggregation: str
    ) -> Figure:
        """A figure that says what those that are shown come to between its ends, where it differs by a few: they came in late.

        So a year is the sum of its months that stood public, not of the few more who do not show in them. A mean cannot be told so.
        """
        if ends is None or self._exact:
            return figure
        group = self._group(ends[0], len(counts))
        if ends[1] not in group:
            return figure
        known = tuple(b - a for a, b in zip(group[ends[0]], group[ends[1]], strict=True))
        if not any(is_small(a - b, self._least) for a, b in zip(known, counts, strict=True)):
            return figure
        if aggregation == "average" or any(count < 0 for count in known):
            return _told(figure, hidden=True).figure
        if aggregation != "ratio":
            return replace(figure, number=known[0], parts={})
        top, bottom = known[0], sum(known, Decimal(0))
        number = kept(top * 100 / bottom) if bottom else None
        return replace(figure, number=number, numerator=top, denominator=bottom, parts={})

    def _group(self, moment: dt.date, width: int) -> dict[dt.date, Counts]:
        found = next((one for one in self._groups if moment in one), None)
        return {moment: (Decimal(0),) * width} if found is None else found

    def _may_be_told(self, group: dict[dt.date, Counts]) -> bool:
        """Between neighbours nothing is small; nothing is, then, between any two, for counts of persons are sums without minus."""
        moments = sorted(group)
        return not any(
            is_small(b - a, self._least)
            for before, after in pairwise(moments)
            for a, b in zip(group[before], group[after], strict=True)
        )


def _plus(left: Counts, right: Counts) -> Counts:
    return tuple(a + b for a, b in zip(left, right, strict=True))
