"""What a formula says of a period. A figure that is not there makes no value, and so does a division by zero: no value is never 0."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from typing import Final

from yakuba.engines.metrics.formula.tree import (
    Binary,
    Cumulative,
    Name,
    Negative,
    Number,
    Share,
    States,
    Tree,
    parts_of,
)
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.rules import kept
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.text import fold

EXACTLY: Final = Context(prec=34, rounding=ROUND_HALF_EVEN)
"""34 digits: sums and products of figures of 15 digits are exact, quotients are rounded far behind what is shown."""


@dataclass(frozen=True, slots=True)
class Operand:
    """The figure of a name in a period. ``labels`` are what its parts are called, so that a formula may name either."""

    number: Decimal | None
    state: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Value:
    """A number, unrounded. A share, and a figure that is taken as it is, keep their two numbers; of nothing there is no share."""

    number: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Lacking:
    """What there is no figure of."""

    name: Name
    period: Period


@dataclass(frozen=True, slots=True)
class Answer:
    """A value, or why there is none."""

    value: Value | None
    lacking: tuple[Lacking, ...] = ()
    by_zero: bool = False
    too_large: bool = False
    """Whether what came out is more than a figure can be (10^15, :func:`~yakuba.engines.metrics.rules.kept`)."""


Resolve = Callable[[Name, Period], Operand | None]


def spans(since: FiscalYear, period: Period) -> tuple[Period, ...]:
    """The periods whose sum is everything from a fiscal year to a period's end; none where the year begins after it.

    Whole fiscal years, and of the last one its months or what is known on the day.
    """
    last = period.fiscal_year
    if since > last:
        return ()
    years = tuple(Period.year(FiscalYear(year)) for year in range(since.year, last.year))
    if period.kind == "year":
        return (*years, period)
    if period.kind == "month":
        months = [period]
        while months[0].first != last.start:
            months.insert(0, months[0].before)
        return (*years, *months)
    return (*years, Period.as_of(period.last))


def needs(tree: Tree, period: Period) -> frozenset[tuple[Name, Period]]:
    """Which figures of which periods a formula asks for, so that they can be read at once."""
    return frozenset(_needs(tree, period))


def _needs(tree: Tree, period: Period) -> Iterator[tuple[Name, Period]]:
    if isinstance(tree, Name):
        yield tree, period
    periods = spans(tree.since, period) if isinstance(tree, Cumulative) else (period,)
    for part in parts_of(tree):
        for one in periods:
            yield from _needs(part, one)


def reckon(tree: Tree, period: Period, resolve: Resolve) -> Answer:
    """A formula's figure of a period. ``resolve`` gives the figure of a name, None where there is none."""
    run = _Run(resolve)
    with localcontext(EXACTLY):
        found = run.of(tree, period)
    if found is not None and found.number is None and found.numerator is None:
        found = None
    too_large = found is not None and not _fits(found)
    return Answer(None if too_large else found, tuple(run.lacking), run.by_zero, too_large)


def _fits(value: Value) -> bool:
    """Whether all its numbers can be kept: what rests on a formula (a closed round) must not fail over it."""
    try:
        for number in (value.number, value.numerator, value.denominator):
            kept(number)
    except ValueError:
        return False
    return True


class _Run:
    """One reckoning. Every operand is looked at, so that all that lacks is told at once."""

    def __init__(self, resolve: Resolve) -> None:
        self.resolve = resolve
        self.lacking: dict[Lacking, None] = {}
        self.by_zero = False

    def of(self, tree: Tree, period: Period) -> Value | None:
        match tree:
            case Number(value):
                return Value(value)
            case Name():
                return self._named(tree, period)
            case Negative(inner):
                number = self._number(inner, period)
                return None if number is None else Value(-number)
            case Binary():
                return self._both(tree, period)
            case Share(top, bottom):
                return self._share(self._number(top, period), self._number(bottom, period))
            case Cumulative(inner, since):
                found = [self._number(inner, one) for one in spans(since, period)]
                numbers = [number for number in found if number is not None]
                return Value(sum(numbers, Decimal(0))) if found and len(numbers) == len(found) else None
            case States():
                return self._states(tree, period)

    def _number(self, tree: Tree, period: Period) -> Decimal | None:
        found = self.of(tree, period)
        return None if found is None else found.number

    def _named(self, name: Name, period: Period) -> Value | None:
        found = self.resolve(name, period)
        if found is None or found.number is None:
            self.lacking[Lacking(name, period)] = None
            return None
        return Value(found.number, found.numerator, found.denominator)

    def _both(self, tree: Binary, period: Period) -> Value | None:
        left, right = self._number(tree.left, period), self._number(tree.right, period)
        if left is None or right is None:
            return None
        match tree.sign:
            case "+":
                return Value(left + right)
            case "-":
                return Value(left - right)
            case "*":
                return Value(left * right)
            case "/":
                if not right:
                    self.by_zero = True
                    return None
                return Value(left / right)

    def _share(self, top: Decimal | None, bottom: Decimal | None) -> Value | None:
        if top is None or bottom is None:
            return None
        if not bottom:
            self.by_zero = True
            return Value(None, top, bottom)
        return Value(top * 100 / bottom, top, bottom)

    def _states(self, tree: States, period: Period) -> Value | None:
        found = self.resolve(tree.of, period)
        wanted = {fold(word) for word in tree.words}
        if found is not None and found.state:
            return Value(Decimal(fold(found.state) in wanted))
        if found is not None and (found.parts or found.number == 0):
            return Value(
                sum(
                    (
                        count
                        for key, count in found.parts.items()
                        if fold(key) in wanted or fold(found.labels.get(key, key)) in wanted
                    ),
                    Decimal(0),
                )
            )
        self.lacking[Lacking(tree.of, period)] = None
        return None
