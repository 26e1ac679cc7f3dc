"""The deadline clock of a case. Pure.

標準処理期間 is each agency's own (行政手続法6条): unit, start and holiday rule come with the procedure. While a correction is asked for,
the clock stands: the days after the day of the request up to the day on which the correction arrives do not count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Final, Literal, cast

from django.utils.translation import gettext_noop

from yakuba.kernel.dates.business import business_day_on_or_after, is_business_day
from yakuba.kernel.fields import JsonValue

Unit = Literal["days", "business_days"]
Start = Literal["arrival", "next_day", "registration"]
Holiday = Literal["same", "next_open"]

UNITS: Final = (("days", gettext_noop("日")), ("business_days", gettext_noop("開庁日")))
STARTS: Final = (
    ("arrival", gettext_noop("到達した日から数える")),
    ("next_day", gettext_noop("到達した日の翌日から数える（初日不算入）")),
    ("registration", gettext_noop("収受した日の翌日から数える")),
)
HOLIDAYS: Final = (("same", "閉庁日でも動かさない"), ("next_open", "閉庁日なら次の開庁日"))
_DAY: Final = dt.timedelta(days=1)
_LONGEST: Final = dt.timedelta(days=20 * 366)


@dataclass(frozen=True, slots=True)
class ClockRule:
    """``amount`` of ``unit``, from ``start``; ``holiday`` says what becomes of an end on a closed day."""

    amount: int
    unit: Unit = "business_days"
    start: Start = "next_day"
    holiday: Holiday = "next_open"

    def as_json(self) -> dict[str, JsonValue]:
        """As kept with the case: a later change of the procedure does not move it."""
        return dict(asdict(self))

    @classmethod
    def of(cls, kept: Mapping[str, JsonValue]) -> ClockRule | None:
        """The inverse; None where the procedure has no term."""
        if not kept:
            return None
        return cls(
            int(cast("int", kept["amount"])),
            cast("Unit", kept["unit"]),
            cast("Start", kept["start"]),
            cast("Holiday", kept["holiday"]),
        )


@dataclass(frozen=True, slots=True)
class Stop:
    """The clock stood from the day after ``since`` to ``until`` (included); without ``until`` it stands still."""

    since: dt.date
    until: dt.date | None = None


def due_on(
    rule: ClockRule, *, arrived: dt.date, registered: dt.date, stops: Iterable[Stop] = ()
) -> dt.date | None:
    """The last day on which the decision is in time; None while the clock stands.

    ``arrived`` and ``registered`` are days in Japan. A term of 0 ends on the day on which it starts.
    """
    stood = tuple(stops)
    if any(stop.until is None for stop in stood):
        return None
    first = registered if rule.start == "registration" else arrived
    day = first - _DAY if rule.start == "arrival" else first
    left, end = rule.amount, day + _LONGEST
    while left > 0 and day < end:
        day += _DAY
        if _counts(day, rule.unit, stood):
            left -= 1
    return business_day_on_or_after(day) if rule.holiday == "next_open" else day


def _counts(day: dt.date, unit: Unit, stops: tuple[Stop, ...]) -> bool:
    if any(stop.since < day <= cast("dt.date", stop.until) for stop in stops):
        return False
    return unit == "days" or is_business_day(day)
