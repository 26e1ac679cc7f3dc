"""Where a figure goes if it goes on as it did: a straight line through its last years, with the arithmetic told in words. Pure.

Simple on purpose: whoever reads it can redo it on paper (least squares: the line from which the values lie the least squares away). It
knows nothing of what is planned, and it is never drawn for words or across a changed definition.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yakuba.kernel.ui.charts import Point, Series, figure
from yakuba.kernel.ui.formats import year_name

FEWEST: Final = 3
"""Below three values every line fits and none says anything."""
YEARS: Final = 5
"""What lies further back says little of next year."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The values of the years ahead, by fiscal year, rounded like the values that they go on from.

    ``slope``: by how much a year; ``spread``: how far the farthest of the used values lies from the line; ``sentence``: all of this in
    words.
    """

    values: tuple[tuple[int, Decimal], ...]
    used: tuple[int, ...]
    slope: Decimal
    spread: Decimal
    sentence: str

    def series(self) -> Series:
        """For a chart: one point a year."""
        return Series(
            pgettext("series", "見通し"),
            tuple(Point(year, figure(value), number=value, status="expected") for year, value in self.values),
        )

    def reaches(self, year: int, goal: Decimal, direction: str) -> bool | None:
        """Whether the line reaches a target of a year that it covers; None where it does not, or nothing tells what reaching is."""
        found = dict(self.values).get(year)
        if found is None or direction not in ("increase", "decrease"):
            return None
        return found >= goal if direction == "increase" else found <= goal


def forecast(
    values: Sequence[tuple[int, Decimal]],
    until: int,
    *,
    unit: str = "",
    least: Decimal | None = None,
    most: Decimal | None = None,
    breaks: Collection[int] = (),
    after: int | None = None,
) -> Forecast | None:
    """The line through the values by fiscal year, from the year after the last one to ``until``; None where there are too few.

    Of the values it takes those of the last five years since the definition last changed (``breaks``: first years of a definition), at
    least three, and it looks no more years ahead than it takes values. ``least`` and ``most`` bound it (a share: 0 and 100).
    A definition that changed after the last of the values ends their line: None. Nothing is said of years up to ``after``: of those something is known already.
    ValueError when a year occurs twice.
    """
    known = dict(values)
    if len(known) != len(values):
        raise ValueError(f"a year occurs twice: {sorted(year for year, _value in values)}")
    if not known:
        return None
    last = max(known)
    if any(year > last for year in breaks):
        # What is known since then was counted in another way: the older line says nothing of it.
        return None
    since = max([last - YEARS + 1, *(year for year in breaks if year <= last)])
    used = sorted((year, value) for year, value in known.items() if year >= since)
    ahead = range(max(last, after or last) + 1, min(until, last + len(used)) + 1)
    if len(used) < FEWEST or not ahead:
        return None
    places = max(_places(value) for _year, value in used)
    slope, start = _line(used)

    def on_line(year: int) -> Decimal:
        found = _decimal(start + slope * year, places)
        found = found if least is None else max(found, least)
        return found if most is None else min(found, most)

    bounded = any(on_line(year) != _decimal(start + slope * year, places) for year in ahead)
    spread = max(abs(Fraction(value) - (start + slope * year)) for year, value in used)
    found = tuple((year, on_line(year)) for year in ahead)
    rate, off = _decimal(slope, max(places, 1)), _decimal(spread, max(places, 1))
    return Forecast(
        found,
        tuple(year for year, _value in used),
        rate,
        off,
        _told(used, found, rate, off, unit, bounded=bounded),
    )


def forecast_of(
    points: Sequence[Point],
    until: int,
    *,
    unit: str = "",
    least: Decimal | None = None,
    most: Decimal | None = None,
    breaks: Collection[int] = (),
) -> Forecast | None:
    """The same of a chart's points. A year that is not over says nothing yet, and where a word stands no line is drawn."""
    if any(point.word and point.number is None for point in points):
        return None
    values = [
        (point.year, point.number)
        for point in points
        if point.number is not None and point.status not in ("provisional", "expected")
    ]
    known = [point.year for point in points if point.number is not None and point.status != "expected"]
    after = max(known, default=None)
    return forecast(values, until, unit=unit, least=least, most=most, breaks=breaks, after=after)


def _line(values: Sequence[tuple[int, Decimal]]) -> tuple[Fraction, Fraction]:
    """Slope and value at year 0 of the least-squares line, exactly."""
    count = len(values)
    mean_x = Fraction(sum(year for year, _value in values), count)
    mean_y = sum((Fraction(value) for _year, value in values), Fraction(0)) / count
    across = sum(((year - mean_x) * (Fraction(value) - mean_y) for year, value in values), Fraction(0))
    along = sum(((year - mean_x) ** 2 for year, _value in values), Fraction(0))
    slope = across / along
    return slope, mean_y - slope * mean_x


def _places(value: Decimal) -> int:
    """How many places behind the point a value has, needless zeros not counted, at most two."""
    exponent = value.normalize().as_tuple().exponent
    return min(max(-exponent, 0), 2) if isinstance(exponent, int) else 0


def _decimal(value: Fraction, places: int) -> Decimal:
    """Rounded half up, like the town hall rounds."""
    scaled = value * 10**places
    whole = (Decimal(scaled.numerator) / Decimal(scaled.denominator)).quantize(Decimal(1), ROUND_HALF_UP)
    return whole.scaleb(-places)


def _told(
    used: Sequence[tuple[int, Decimal]],
    found: Sequence[tuple[int, Decimal]],
    rate: Decimal,
    spread: Decimal,
    unit: str,
    *,
    bounded: bool,
) -> str:
    year, value = found[-1]
    said = [
        _("%(first)sから%(last)sまでの%(count)d年の値を直線で延ばすと、%(year)sは約%(value)s%(unit)sです。")
        % {
            "first": year_name(used[0][0]), "last": year_name(used[-1][0]), "count": len(used),
            "year": year_name(year), "value": figure(value), "unit": unit,
        }
    ]  # fmt: skip
    if rate > 0:
        said.append(_("1年に平均%(rate)s%(unit)s増えています。") % {"rate": figure(rate), "unit": unit})
    elif rate < 0:
        said.append(_("1年に平均%(rate)s%(unit)s減っています。") % {"rate": figure(-rate), "unit": unit})
    else:
        said.append(_("増えも減りもしていません。"))
    if spread:
        said.append(
            _("これまでの値は、この直線から最も離れた年で%(spread)s%(unit)s離れています。")
            % {"spread": figure(spread), "unit": unit}
        )
    if bounded:
        said.append(_("あり得ない値になる年は、限度の値で止めています。"))
    said.append(_("これからの取組の効果は入っていません。"))
    return "".join(said)
