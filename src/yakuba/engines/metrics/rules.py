"""What holds of figures without a database: how they are kept, which periods the clock asks for, how two definitions compare. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final, Protocol, TypedDict

from yakuba.engines.metrics.periods import Kind, Period
from yakuba.kernel.fields.kinds import DECIMAL_PLACES, MAX_DIGITS, plain_decimal

#: A changed definition whose figures differ by more than this share of the old ones asks for a reason.
TOLERANCE: Final = Decimal("0.2")
#: Months and fiscal years before the running one that are measured again: what is written down late still finds its period.
MONTHS_AGAIN: Final = 2
YEARS_AGAIN: Final = 1
_CONTEXT: Final = Context(prec=MAX_DIGITS, rounding=ROUND_HALF_UP)
_STEP: Final = Decimal(1).scaleb(-DECIMAL_PLACES)
_WIDE: Final = Context(prec=60, rounding=ROUND_HALF_UP)
_WHOLE: Final = 100  # percent
_TOO_LARGE: Final = Decimal(10) ** MAX_DIGITS


@dataclass(frozen=True, slots=True)
class Given:
    """A figure that somebody brings: of a correction, or a row of an older system's history. ``line`` is its row in the file."""

    period: Period
    number: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    line: int | None = None


def kept(number: Decimal | None) -> Decimal | None:
    """A number as the columns keep it: at most 15 significant digits (DESIGN §3) and six decimal places, rounded half up.

    ValueError for what no column holds: 10^15 and more, or no number at all.
    """
    if number is None:
        return None
    if not number.is_finite() or abs(number) >= _TOO_LARGE:
        raise ValueError(f"no figure: {number}")
    rounded = _CONTEXT.plus(number.quantize(_STEP, context=_WIDE))
    if abs(rounded) >= _TOO_LARGE:
        raise ValueError(f"no figure: {number}")
    return Decimal(plain_decimal(rounded))


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a figure that somebody brings cannot be: a word for it, the field, and the number that would fit."""

    code: str
    field: str
    number: Decimal | None = None


def fitted(aggregation: str, given: Given) -> Given | Unfit:
    """A figure that somebody brings as it is kept: of a share or an average with the number that its two numbers make."""
    try:
        found = replace(
            given,
            number=kept(given.number),
            numerator=kept(given.numerator),
            denominator=kept(given.denominator),
            parts={key: kept(one) or Decimal(0) for key, one in given.parts.items()},
        )
    except ValueError:
        return Unfit("large", "number")
    top, bottom = found.numerator, found.denominator
    if top is not None and bottom is not None:
        return _quotient(aggregation, found, top, bottom)
    if top is not None or bottom is not None:
        return Unfit("both", "numerator" if top is None else "denominator")
    if beyond(aggregation, found.number):
        return Unfit("range", "number")
    return Unfit("number", "number") if found.number is None else found


def beyond(
    aggregation: str,
    number: Decimal | None,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
) -> bool:
    """Whether a figure cannot be a share: below 0 % or above 100 %, or of more than there is. Other figures have no such bounds.

    A share above 100 % is nearly always its two numbers the wrong way round.
    """
    if aggregation != "ratio":
        return False
    if numerator is not None and denominator is not None and not 0 <= numerator <= denominator:
        return True
    return number is not None and not 0 <= number <= _WHOLE


def _quotient(aggregation: str, found: Given, top: Decimal, bottom: Decimal) -> Given | Unfit:
    if aggregation not in {"ratio", "average"}:
        return Unfit("plain", "numerator")
    if bottom <= 0:
        return Unfit("denominator", "denominator")
    if beyond(aggregation, None, top, bottom):
        return Unfit("numerator", "numerator")
    made = kept(_WIDE.divide(top * (100 if aggregation == "ratio" else 1), bottom))
    if found.number is not None and made is not None:
        # What a sheet rounded to a place says the same.
        places = max(-int(found.number.as_tuple().exponent), 0)
        if made.quantize(Decimal(1).scaleb(-places), context=_WIDE) != found.number:
            return Unfit("differs", "number", made)
    return replace(found, number=made)


def write_parts(parts: Mapping[str, Decimal]) -> dict[str, str]:
    """Parts as JSON keeps them: plain decimal text by key, in the order of the keys."""
    return {key: plain_decimal(kept(parts[key]) or Decimal(0)) for key in sorted(parts)}


def read_parts(stored: Mapping[str, object]) -> dict[str, Decimal]:
    """The reverse of :func:`write_parts`."""
    return {key: Decimal(str(value)) for key, value in stored.items()}


class Told(Protocol):
    """Whatever says a figure: measured, given, or read."""

    @property
    def number(self) -> Decimal | None:
        """Its number."""

    @property
    def numerator(self) -> Decimal | None:
        """Of a share or an average."""

    @property
    def denominator(self) -> Decimal | None:
        """Of a share or an average."""

    @property
    def parts(self) -> Mapping[str, Decimal]:
        """What its number is split into."""


class Columns(TypedDict):
    """What the columns of figures' tables keep of a figure."""

    number: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    parts: dict[str, str]


SAID: Final = ("number", "numerator", "denominator", "parts")


def columns(said: Told) -> Columns:
    """A figure as its columns keep it. ValueError for a number that none holds."""
    return {
        "number": kept(said.number),
        "numerator": kept(said.numerator),
        "denominator": kept(said.denominator),
        "parts": write_parts(said.parts),
    }


# --- which periods the clock asks for -----------------------------------------------------------------------------------
def nightly(yesterday: dt.date) -> list[Period]:
    """What the night after a day measures: the day, the running month and year, and those before that late entries still change.

    Running means: as of that day. In the night to 1 April it is the year that just ended.
    """
    found = [Period.day(yesterday)]
    for kind, again in (("month", MONTHS_AGAIN), ("year", YEARS_AGAIN)):
        period = Period.of(_kind(kind), yesterday)
        for _step in range(again + 1):
            found.append(period)
            period = period.before
    return found


def missed(kind: Kind, last: dt.date, yesterday: dt.date, most: int) -> list[Period]:
    """The periods of a kind from the one that ended on ``last``, the newest that was measured, up to the running one.

    That one too: it may have been measured in part. No more than ``most`` days back.
    """
    first = max(last, yesterday - dt.timedelta(days=most))
    return list(between(kind, first, yesterday)) if first <= yesterday else []


def between(kind: Kind, first: dt.date, last: dt.date) -> Iterator[Period]:
    """The periods of a kind from the one in which ``first`` falls to the one in which ``last`` does, in order. Not of ``as_of``."""
    if kind == "as_of":
        raise ValueError("a day that figures stand for is named, not counted")
    period = Period.of(kind, first)
    while period.first <= last:
        yield period
        period = Period.of(kind, period.last + dt.timedelta(days=1))


def _kind(text: str) -> Kind:
    if text == "month":
        return "month"
    return "year"


# --- one definition beside another --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Break:
    """Two definitions side by side: the old one's figure and the new one's, of one period or of neighbouring ones."""

    old: Decimal
    new: Decimal
    old_period: Period
    new_period: Period

    @property
    def same_period(self) -> bool:
        """Both say something of the same period: what differs is the definition alone."""
        return self.old_period == self.new_period

    @property
    def change(self) -> Decimal | None:
        """The difference as a share of the old figure; None where the old one is 0 and the new one is not."""
        if self.old == 0:
            return Decimal(0) if self.new == 0 else None
        return (self.new - self.old) / abs(self.old)

    @property
    def asks_for_reason(self) -> bool:
        """Whether the difference is more than ±20 %."""
        change = self.change
        return change is None or abs(change) > TOLERANCE


def compare(old: Mapping[Period, Decimal | None], new: Mapping[Period, Decimal | None]) -> Break | None:
    """Where an older definition's figures meet the newer one's: the latest period that both know, else the two that are nearest.

    None where they never meet: no figure on one side, or none of the same kind of period.
    """
    left = {period: number for period, number in old.items() if number is not None}
    right = {period: number for period, number in new.items() if number is not None}
    both = sorted(left.keys() & right.keys(), key=_by_end)
    if both:
        return Break(left[both[-1]], right[both[-1]], both[-1], both[-1])
    pairs = [
        (abs((after.last - before.last).days), before, after)
        for before in left
        for after in right
        if before.kind == after.kind and before.last < after.last
    ]
    if not pairs:
        return None
    _days, before, after = min(pairs, key=lambda one: (one[0], one[1].last))
    return Break(left[before], right[after], before, after)


def _by_end(period: Period) -> tuple[dt.date, str]:
    return period.last, period.kind


def rebased(target: Decimal, found: Break) -> Decimal | None:
    """A target that asks as much under the new definition as it did under the old one: target × new ÷ old. None where old is 0."""
    if found.old == 0:
        return None
    return kept(_WIDE.divide(_WIDE.multiply(target, found.new), found.old))
