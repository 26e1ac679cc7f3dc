"""A measured value beside what an office typed: its print, the difference, whether it is one. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

from django.utils.translation import gettext as _

from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.sources import Figure
from yakuba.kernel.dates import FiscalYear, format_date
from yakuba.services.plan.measured.fitting import Measure, dimension_of_measure
from yakuba.services.plan.rows import Form

_SHARE_PLACES: Final = 1
"""Shares are printed with one decimal place, as plans do (97.1%)."""
_MEAN_PLACES: Final = 1
_ABOUT: Final = Decimal("0.05")
"""By what part a value that is printed with 約 may be away from the measured one."""


Withheld = Literal["", "small", "unpublished"]
"""Why the public does not get a measured value; empty: it may."""
SMALL: Final = "small"
UNPUBLISHED: Final = "unpublished"


@dataclass(frozen=True, slots=True)
class Outward:
    """What may leave the house of a measured value: nothing, for a reason; ``instead``, which the public reads; else the value itself."""

    why: Withheld = ""
    instead: Figure | None = None


def why_withheld(why: Withheld) -> str:
    """Why a measured value goes neither into the plan nor out of the house, in words; empty where it may."""
    if why == SMALL:
        return _("人数が少ないため公開できません。")
    return _("公開していない計測値です。") if why else ""


@dataclass(frozen=True, slots=True)
class Beside:
    """What was measured of an indicator, as it stands beside what is typed. ``source`` says where it is from, in a few words."""

    source: str
    measure: Measure
    figure: Figure
    href: str = ""
    frozen: bool = False
    withheld: Withheld = ""
    published: bool = False
    """Whether ``figure`` is what the public reads, in the place of what was measured."""

    @property
    def kept_back(self) -> str:
        """Why it is not taken over into an answer, which the plan prints, in words; empty where it may be."""
        return why_withheld(self.withheld)

    @property
    def why_published(self) -> str:
        """Why it is not what was measured, in words; empty where it is."""
        if not self.published:
            return ""
        return _("公開している値です。計測値との差から少人数が分かることがあるため、この値を使います。")

    @property
    def printed(self) -> str:
        """As a plan prints it: 84手続, 97.1%（134/138）, 実施."""
        return printed(self.figure, self.measure)

    @property
    def day(self) -> str:
        """What the figure stands for, in words: 3月1日現在, 令和7年度."""
        return period_words(self.figure.period)

    @property
    def note(self) -> str:
        """Where it is from and what it stands for: 手続台帳、令和8年3月1日現在. What is published in its place says so."""
        note = _("%(source)s、%(day)s") % {"source": self.source, "day": self.day}
        return _("%(note)s、公開している値") % {"note": note} if self.published else note


@dataclass(frozen=True, slots=True)
class Gap:
    """How a typed value stands to a measured one: the same, another by ``number``, or not to be compared."""

    kind: Literal["same", "differs", "incomparable"]
    number: Decimal | None = None

    def words(self, unit: str = "") -> str:
        """In words: 計測値と同じです, 計測値より3手続少ない値です."""
        if self.kind == "same":
            return _("計測値と同じです。")
        if self.number is None:
            return _("計測値と違います。") if self.kind == "differs" else _("数として比べられません。")
        amount = f"{plain(abs(self.number))}{unit}"
        if self.number < 0:
            return _("計測値より%(amount)s少ない値です。") % {"amount": amount}
        return _("計測値より%(amount)s多い値です。") % {"amount": amount}


def places_of(measure: Measure) -> int | None:
    """With how many decimal places figures are printed; None: as they are."""
    if dimension_of_measure(measure) == "share":
        return _SHARE_PLACES
    return _MEAN_PLACES if measure.aggregation == "average" else None


def printed(figure: Figure, measure: Measure) -> str:
    """A figure as a plan prints it; empty where there is nothing to say (no value is never 0)."""
    if figure.state:
        return figure.state
    if figure.number is None:
        return ""
    places = places_of(measure)
    number = figure.number if places is None else rounded(figure.number, places)
    text = f"{grouped(number)}{measure.unit}"
    if dimension_of_measure(measure) == "share" and figure.denominator is not None:
        top = grouped(figure.numerator or Decimal(0))
        return f"{text}（{top}/{grouped(figure.denominator)}）"
    return text


def rounded(number: Decimal, places: int) -> Decimal:
    """Half up, to decimal places (as a city rounds: 四捨五入)."""
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def plain(number: Decimal) -> str:
    """A number as somebody would type it, without the zeros that a column's scale adds."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def grouped(number: Decimal) -> str:
    """With thousands apart: 7,037,487."""
    whole, dot, rest = plain(number).partition(".")
    return f"{int(whole):,}{dot}{rest}" if whole.lstrip("-").isdecimal() else plain(number)


def gap_of(value: Form | None, figure: Figure) -> Gap | None:
    """How a typed value (in the plan's form) stands to the measured one; None where one of them says nothing.

    A typed value is compared with the decimal places that it was typed with: 97.1% and 97.1014… are the same. One that is printed
    with 約 may be a twentieth away.
    """
    if value is None or (figure.number is None and not figure.state):
        return None
    if value["number"] is None:
        if not value["state"]:
            return None
        if not figure.state:
            return Gap("incomparable")
        return Gap("same") if value["state"] == figure.state else Gap("differs")
    if figure.number is None:
        return Gap("incomparable")
    typed = Decimal(value["number"])
    exponent = typed.normalize().as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    # A whole number that was typed for a share was rounded as well; counts are whole anyway.
    measured = rounded(figure.number, places)
    away = typed - measured
    if not away:
        return Gap("same")
    if value["approximate"] and abs(typed - figure.number) <= abs(figure.number) * _ABOUT:
        return Gap("same")
    return Gap("differs", away)


def period_words(period: Period) -> str:
    """What a period is called beside a figure: 令和8年3月1日現在, 令和7年度."""
    if period.kind == "year":
        return FiscalYear.of(period.last).wareki
    if period.kind == "month":
        return _("%(day)sまでの1か月") % {"day": format_date(period.last)}
    return _("%(day)s現在") % {"day": format_date(period.last)}


def period_of_round(year: FiscalYear, phase: str, day: dt.date | None) -> Period:
    """What a round's figures stand for: the whole year once it is over, else the year up to the round's day (基準日).

    The day of a round that asks in the year after is the year's last: R060401 asks for what was known on R060331.
    """
    if phase == "final" or day is None:
        return Period.year(year)
    return Period.as_of(min(max(day, year.start), year.end))
