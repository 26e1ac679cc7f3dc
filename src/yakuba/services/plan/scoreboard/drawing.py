"""An indicator as a chart draws it: what the plan prints, what was measured, where a definition changed, where it would go. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, cast

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yakuba.engines.metrics.forecast import Forecast, forecast_of
from yakuba.engines.metrics.sources import Figure
from yakuba.kernel.ui.charts import Point, Series, Status, figure
from yakuba.kernel.ui.charts.values import year_of
from yakuba.services.plan import public_overview
from yakuba.services.plan.public_figures import IndicatorView
from yakuba.services.plan.rows import Form
from yakuba.services.plan.scoreboard.figures import breaks

_PLACES: Final = Decimal("0.1")


def rounded(number: Decimal) -> Decimal:
    """A measured number as one reads it: whole numbers as they are, others to one place."""
    return number if number == number.to_integral_value() else number.quantize(_PLACES, ROUND_HALF_UP)


def raw(found: Figure, unit: str = "") -> str:
    """A measured figure as it is written: 1,204件, 97.1％; a word as it is; nothing where there is none."""
    if found.number is not None:
        return f"{figure(rounded(found.number))}{unit}"
    return found.state


def point(year: int, found: Figure, unit: str = "") -> Point:
    """A measured figure as a value of its fiscal year; nothing to say is a gap."""
    return Point(
        year,
        raw(found, unit) or "―",
        number=rounded(found.number) if found.number is not None else None,
        word=found.state,
        status=cast("Status", found.status),
        numerator=found.numerator,
        denominator=found.denominator,
        as_of=found.period.last,
        revision=found.revision,
        note=found.note,
    )


def course(indicator: Form, taken: Mapping[int, Figure]) -> list[Point]:
    """How a figure went: as printed, and as measured in the years for which the plan prints nothing."""
    printed = {one.year: one for one in public_overview.measured(indicator) if one.is_drawn}
    found = {year: point(year, one) for year, one in taken.items()} | printed
    return [found[year] for year in sorted(found)]


@dataclass(frozen=True, slots=True)
class Chart:
    """An indicator with its measured course beside what the plan prints, and where it would go if it went on like this.

    ``actual`` are the bars: as printed, for words also as measured. ``beside`` are further numbers: measured and expected ones.
    """

    view: IndicatorView
    actual: Series
    beside: tuple[Series, ...]
    breaks: Mapping[int, str]
    forecast: Forecast | None
    reaches: bool | None
    """Whether the line reaches the last target; None where nothing tells."""

    @property
    def sentence(self) -> str:
        """How the forecast was reckoned, and whether it reaches the target. Empty where there is none."""
        if self.forecast is None:
            return ""
        end = {
            True: _("このまま進めば、目標に届く見通しです。"),
            False: _("このままでは、目標に届かない見通しです。"),
        }
        return self.forecast.sentence + (end[self.reaches] if self.reaches is not None else "")


def chart(
    view: IndicatorView,
    indicator: Form,
    taken: Mapping[int, Figure],
    definitions: Mapping[int, str],
    *,
    share: bool,
) -> Chart:
    """Put a chart together. ``definitions``: by version what it counts, in words; ``share``: the figure is a share in percent."""
    changed = {
        year: definitions.get(taken[year].version, "")
        or _("定義の第%(n)d版から") % {"n": taken[year].version}
        for year in breaks(taken)
    }
    cuts = {**changed, **view.breaks}
    measured = Series(pgettext("series", "計測"), tuple(point(year, one) for year, one in taken.items()))
    actual = view.actual
    if not any(one.number is not None for one in (*actual.points, *measured.points)):
        known = {one.year for one in actual.points if one.is_drawn}
        words = [one for one in measured.points if one.is_drawn and one.year not in known]
        kept = [one for one in actual.points if one.year not in {word.year for word in words}]
        actual = Series(actual.label, tuple(sorted((*kept, *words), key=year_of)))
    points = _going_on(view, measured)
    goal = _goal(view)
    found = forecast_of(
        points,
        max((one.year for one in view.target.points), default=0),
        unit=view.unit,
        least=Decimal(0) if all((one.number or 0) >= 0 for one in points) else None,
        most=Decimal(100) if share else None,
        breaks=list(cuts),
    )
    reaches = None
    if found is not None and goal is not None and goal.number is not None:
        way = {"reach": "increase"}.get(view.direction, view.direction) or _way(points, goal.number)
        reaches = found.reaches(goal.year, goal.number, way)
    beside = [measured] if measured.points else []
    if found is not None:
        beside.append(expected(found))
    return Chart(view, actual, tuple(beside), cuts, found, reaches)


def _way(points: list[Point], goal: Decimal) -> str:
    """Which way is better where the plan does not say it: towards the target."""
    first = next((one.number for one in points if one.number is not None), goal)
    return "increase" if goal > first else "decrease" if goal < first else ""


def _goal(view: IndicatorView) -> Point | None:
    return next((one for one in reversed(view.target.drawn()) if one.number is not None), None)


def _going_on(view: IndicatorView, measured: Series) -> list[Point]:
    """What a forecast goes on from: printed actuals and the baseline, measured figures in the other years."""
    found: dict[int, Point] = {}
    for series in (measured, view.baseline, view.actual):
        found.update({one.year: one for one in series.drawn()})
    return [found[year] for year in sorted(found)]


def expected(found: Forecast) -> Series:
    """A forecast as a series of a chart."""
    return Series(
        pgettext("series", "見通し"),
        tuple(Point(year, figure(value), number=value, status="expected") for year, value in found.values),
    )
