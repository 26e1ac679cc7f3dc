"""One series: what it counts, its values as chart and table, what is owed, and the place where its file is dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.metrics.access import BRING, DEFINE_SERIES, VIEW_SERIES, VIEW_SERIES_VALUE
from yakuba.engines.metrics.declaring import AGGREGATIONS
from yakuba.engines.metrics.models import RHYTHMS, STATUSES, Series, SeriesValue
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.series import queries, spelled
from yakuba.engines.metrics.series.queries import period_name
from yakuba.engines.metrics.series.rules import Standing
from yakuba.engines.metrics.series.source import KEY
from yakuba.engines.metrics.series.views import values_sheet
from yakuba.engines.metrics.series.views.frame import figure_text, late_badge, show, status_badge, top
from yakuba.engines.metrics.sources import Figure, Operand
from yakuba.engines.metrics.uses import uses
from yakuba.kernel.access.desk import address, need
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Missing, Problem
from yakuba.kernel.dates import FiscalYear, fiscal_years, japan_date
from yakuba.kernel.files import limits
from yakuba.kernel.files.archives import LIMITS
from yakuba.kernel.files.serving import serve
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.town.queries import office_names
from yakuba.kernel.ui.charts import NOTHING, Point
from yakuba.kernel.ui.charts import Series as Drawn
from yakuba.kernel.ui.charts.numbers import figure
from yakuba.kernel.ui.components import Fact, indicator_chart
from yakuba.kernel.ui.formats import moment, plain_day, year_name

_SHOWN: Final = 120  # values in the table; the file has all
_YEARS: Final = 15
_NAMED: Final = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A value in the table: when and by whom it came, with which file, and why it followed the one before.

    ``anchor`` is the row's id, of a period's newest value only: those before it stand under it.
    """

    anchor: str
    period: str
    figure: str
    parts: str
    detail: str
    status: SafeString
    came: str
    file: str
    file_href: str
    reason: str


def lines(ctx: Context, series: Series, rows: Sequence[SeriesValue]) -> list[Line]:
    """The newest period first; under its value those that stood before it, the newest of them first."""
    by_period: dict[Period, list[tuple[Standing, SeriesValue]]] = {}
    for row in rows:
        one = queries.standing(row)
        by_period.setdefault(one.period, []).append((one, row))
    return [
        Line(
            "" if place else queries.anchor(period),
            period_name(period),
            figure_text(series, one.number, one.state),
            parts_text(series, one.parts),
            _detail(one),
            status_badge(one.status),
            f"{moment(row.at)} {row.by_label}",
            row.file_name,
            address("metrics-series-file", ctx, series.pk, row.pk) if row.file_id else "",
            one.reason,
        )
        for period in sorted(by_period, reverse=True)
        for place, (one, row) in enumerate(reversed(by_period[period]))
    ]


def _detail(one: Standing) -> str:
    """The two numbers of a share."""
    if one.numerator is None or one.denominator is None:
        return ""
    return f"{figure(one.numerator)}／{figure(one.denominator)}"


def parts_text(series: Series, parts: Mapping[str, Decimal]) -> str:
    """税目別などの内訳: 法人 120件、個人 30件."""
    unit = "" if series.aggregation in {"ratio", "average"} else series.unit
    return "、".join(f"{key} {spelled.text_of(number)}{unit}" for key, number in parts.items())


# --- the chart --------------------------------------------------------------------------------------------------------
def chart(series: Series, figures: Sequence[Figure]) -> SafeString:
    """The fiscal years as chart and table in one; the break of a definition is drawn."""
    years = queries.year_figures(figures)
    last = max(years, default=None)
    if last is None or len(years) < 2:
        return SafeString("")
    kept = {year: years[year] for year in fiscal_years(last - _YEARS, last) if year in years}
    return indicator_chart(
        "series",
        _("%sの年度ごとの値") % series.title,
        Drawn(_("届いた値"), tuple(_point(series, year, one) for year, one in kept.items())),
        NOTHING,
        unit=series.unit or ("%" if series.aggregation == "ratio" else ""),
        breaks=_breaks(kept),
        lang="ja",
    )


def _point(series: Series, year: FiscalYear, one: Figure) -> Point:
    number = one.number
    if number is not None and series.aggregation in {"ratio", "average"}:
        number = number.quantize(Decimal("0.01"))
    return Point(
        year.year,
        figure_text(series, one.number, one.state),
        number,
        one.state,
        "final" if one.status == "final" else "preliminary" if one.status == "preliminary" else "provisional",
        one.numerator,
        one.denominator,
        revision=one.revision if one.note else 0,
        note=one.note,
    )


def _breaks(years: Mapping[FiscalYear, Figure]) -> dict[int, str]:
    found: dict[int, str] = {}
    before: Figure | None = None
    for year in sorted(years):
        if before is not None and before.version != years[year].version:
            found[year.year] = _("定義の第%d版") % years[year].version
        before = years[year]
    return found


# --- the page ---------------------------------------------------------------------------------------------------------
@require_safe
@desk_page
def show_series(request: HttpRequest, ctx: Context, series_id: UUID) -> HttpResponseBase:
    """A series."""
    need(VIEW_SERIES, ctx)
    return page(request, ctx, queries.series_of(ctx, series_id))


def page(
    request: HttpRequest,
    ctx: Context,
    series: Series,
    problem: Problem | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The page, also as the answer to a form of it that was refused."""
    today = japan_date(ctx.now)
    owed = queries.owing(ctx, [series])[0]
    rows = lines(ctx, series, queries.values(ctx, series))
    brings = series.state == "active" and BRING.may(ctx, series).allowed
    defines = DEFINE_SERIES.may(ctx, series).allowed
    layout = queries.layout_of(series)
    now = FiscalYear.of(ctx.now)
    return show(
        request,
        ctx,
        "series_page",
        series.title,
        crumbs=[top(ctx)],
        problem=problem,
        series=series,
        facts=facts(ctx, series),
        late=late_badge(days) if (days := owed.days(today)) else "",
        owed=[
            (period_name(one.period), plain_day(one.due), bool(one.late(today))) for one in owed.owed[:_NAMED]
        ],
        owed_more=max(len(owed.owed) - _NAMED, 0),
        brings=brings,
        defines=defines,
        asks=layout.asks,
        people=layout.shape == "people",
        needed="、".join(layout.needed),
        chart=chart(series, queries.history(ctx, series)),
        lines=rows[:_SHOWN],
        more=max(len(rows) - _SHOWN, 0),
        has_parts=any(one.parts for one in rows),
        has_detail=any(one.detail for one in rows),
        has_reason=any(one.reason for one in rows),
        typed=typed or first_typed(series, owed, now),
        years=[(str(one.year), year_name(one)) for one in reversed(fiscal_years(now - 9, now))],
        months=[(str(one), _("%d月") % one) for one in (*range(4, 13), *range(1, 4))]
        if series.every == "month"
        else [],
        statuses=[(key, _(label)) for key, label in STATUSES],
        shares=series.aggregation in {"ratio", "average"},
        limit=limits.in_mb(LIMITS.size),
        uses=uses(ctx, Operand(KEY, series.key)),
        exports=exports("metrics-series-values", ctx.municipality.code, series.pk) if rows else {},
    )


def first_typed(series: Series, owed: queries.Owing, now: FiscalYear) -> dict[str, str]:
    """The likeliest period: the oldest that is owed, else the one before today's."""
    period = owed.owed[0].period if owed.owed else None
    year = period.fiscal_year if period else now - 1
    month = str(period.first.month) if period and series.every == "month" else ""
    return {"year": str(year.year), "month": month, "status": "preliminary"}


def facts(ctx: Context, series: Series) -> list[Fact]:
    """What a series is, in the words of its definition."""
    names = office_names({series.office_id}, japan_date(ctx.now))
    every = _(dict(RHYTHMS)[series.every])
    when = _("%(every)s、期間の終わりから%(days)d日まで") % {"every": every, "days": series.due_days}
    aggregation = _(dict(AGGREGATIONS)[series.aggregation])
    public = _("公開する") if series.public else _("公開しない")
    least = queries.least_of(series)
    if series.public and least > 1:
        public = _("公開する（%d人より少ない人数は出さない）") % least
    found = [
        Fact(_("数え方"), series.definition),
        Fact(_("集計・単位"), f"{aggregation}{f'（{series.unit}）' if series.unit else ''}"),
        Fact(_("出所"), series.supplier),
        Fact(_("担当課"), names.get(series.office_id, "")),
        Fact(_("届ける時期"), when),
        Fact(_("公開"), public),
        Fact(_("記号"), series.key, _("計算式では［外部:%s］と書きます。") % series.key),
    ]
    if series.definition_version > 1:
        found.append(Fact(_("定義の版"), _("第%d版") % series.definition_version))
    if series.state == "ended":
        found.append(Fact(_("状態"), _("%sで終了") % plain_day(series.ended_on)))
    found += [
        Fact(
            _("第%s版の数え方") % one.get("version", ""),
            one.get("definition", ""),
            _("%(until)sまで。%(reason)s") % {"until": one.get("until", ""), "reason": one.get("reason", "")},
        )
        for one in queries.earlier_of(series)
    ]
    return found


@require_safe
@desk_page
def save(request: HttpRequest, ctx: Context, series_id: UUID, file_format: Format) -> HttpResponseBase:
    """Every value as a file, revisions too."""
    need(VIEW_SERIES_VALUE, ctx)
    series = queries.series_of(ctx, series_id)
    table = values_sheet.table(ctx, series, queries.values(ctx, series))
    return respond(table, file_format, f"{ctx.municipality.name}_{series.title}")


@require_safe
@desk_page
def source_file(request: HttpRequest, ctx: Context, series_id: UUID, value_id: UUID) -> HttpResponseBase:
    """The file that a value came with, as it came."""
    need(VIEW_SERIES_VALUE, ctx)
    found = queries.value_of(ctx, queries.series_of(ctx, series_id), value_id)
    if found.file is None:
        raise Missing
    return serve(request, ctx, found.file, owner=found, permission=VIEW_SERIES_VALUE)


@require_safe
@desk_page
def example(request: HttpRequest, ctx: Context, series_id: UUID) -> HttpResponseBase:
    """An example of the file that this series expects, to be filled in."""
    need(VIEW_SERIES, ctx)
    series = queries.series_of(ctx, series_id)
    return respond(values_sheet.example(ctx, series), "csv", _("%sの様式") % series.title)
