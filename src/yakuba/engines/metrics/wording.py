"""Figures in words: their period, their value with its unit, how firm they are."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.utils.translation import gettext as _

from yakuba.engines.metrics.declaring import AGGREGATIONS
from yakuba.engines.metrics.models import STATUSES
from yakuba.engines.metrics.periods import KINDS, Period
from yakuba.engines.metrics.sources import Figure
from yakuba.kernel.ui.charts import figure as grouped
from yakuba.kernel.ui.formats import month_name, plain_day, year_name

_PLACES: Final = 1
"""Shares and averages are shown with so many places behind the point; what is kept is unrounded."""


def period_name(period: Period) -> str:
    """令和6年度, 令和6年4月, 令和6年4月1日, 令和6年度（令和7年3月1日現在）."""
    match period.kind:
        case "year":
            return year_name(period.fiscal_year)
        case "month":
            return month_name(period.first)
        case "day":
            return plain_day(period.last)
        case "as_of":
            return _("%(year)s（%(day)s現在）") % {
                "year": year_name(period.fiscal_year),
                "day": plain_day(period.last),
            }


def number_text(number: Decimal | None) -> str:
    """1,234 or 31.3: grouped, at most one place, no needless zeros; ― for no value, which is never 0."""
    if number is None:
        return "―"
    return grouped(number.quantize(Decimal(1).scaleb(-_PLACES), ROUND_HALF_UP))


def value_text(number: Decimal | None, unit: str) -> str:
    """A number with its unit; ― alone for no value."""
    return number_text(number) if number is None else f"{number_text(number)}{unit}"


def figure_text(figure: Figure, unit: str) -> str:
    """A figure's number with its unit, or its word."""
    return figure.state if figure.number is None and figure.state else value_text(figure.number, unit)


def share_text(figure: Figure) -> str:
    """12／48 of a figure that keeps its two numbers; empty for others."""
    if figure.numerator is None or figure.denominator is None:
        return ""
    return f"{number_text(figure.numerator)}／{number_text(figure.denominator)}"


def status_name(status: str) -> str:
    """見込, 速報, 確定."""
    found = dict(STATUSES).get(status, "")
    return _(found) if found else ""


def kind_name(kind: str) -> str:
    """日, 月, 年度, 基準日."""
    found = dict(KINDS)[kind]
    return _(found)


def aggregation_name(aggregation: str) -> str:
    """期間の計, 累計, 時点値, 率, 平均, 語."""
    found = dict(AGGREGATIONS).get(aggregation, "")
    return _(found) if found else ""


def aggregation_told(aggregation: str) -> str:
    """How a figure is made of a period, in a sentence for everybody."""
    return {
        "year_total": _("その期間に起きたことの合計です。"),
        "cumulative": _("始めてからその期間の終わりまでの合計です。"),
        "at_date": _("その期間の最後の日の数です。"),
        "ratio": _("割合です。分子÷分母×100で計算しています。"),
        "average": _("平均です。合計を件数で割っています。"),
        "state": _("その期間の最後の日の状態です。"),
    }.get(aggregation, "")
