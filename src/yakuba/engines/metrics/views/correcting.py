"""A figure is measured now, kept for what rests on it, or corrected with a reason."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.engines.metrics import loading, queries
from yakuba.engines.metrics.access import FREEZE
from yakuba.engines.metrics.actions.correcting import correct_figure, freeze_figure, measure_now
from yakuba.engines.metrics.declaring import Metric
from yakuba.engines.metrics.metric_source import anchor
from yakuba.engines.metrics.models import ORIGINS
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.series.spelled import Unread
from yakuba.engines.metrics.views.frame import found, show
from yakuba.engines.metrics.wording import (
    figure_text,
    kind_name,
    period_name,
    share_text,
    status_name,
    value_text,
)
from yakuba.kernel.access.desk import need, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Denied, Problem
from yakuba.kernel.dates import FiscalYear, format_date, japan_date
from yakuba.kernel.ui.formats import moment
from yakuba.kernel.ui.lists import known

_FIELDS: Final = ("period", "ground", "number", "numerator", "denominator", "reason", "seen")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def correct(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """One period of a metric (``?period=令和7年度``): its figure, everything that was frozen of it, and what can be done."""
    need(FREEZE, ctx)
    one = found(key)
    if request.method != "POST":
        known(request.GET, "period")
        return _page(request, ctx, one, {"period": request.GET.get("period", _running(ctx, one))})
    typed = {name: request.POST.get(name, "") for name in _FIELDS} | {"do": request.POST.get("do", "")}
    try:
        period = _period(one, typed["period"])
        _do(ctx, one, period, typed)
    except Denied:
        raise
    except Problem as problem:
        return _page(request, ctx, one, typed, problem)
    return see("metrics-metric", ctx, key, fragment=anchor(period))


def _running(ctx: Context, one: Metric) -> str:
    """The running year, which most ask about first."""
    return FiscalYear.of(japan_date(ctx.now)).wareki if "year" in one.every else ""


def _do(ctx: Context, one: Metric, period: Period, typed: dict[str, str]) -> None:
    which = {"metric": one.key, "kind": period.kind, "day": period.last.isoformat()}
    if typed["do"] == "measure":
        measure_now(ctx, None, measure_now.read_text(which))
    elif typed["do"] == "freeze":
        freeze_figure(ctx, None, freeze_figure.read_text({**which, "ground": typed["ground"]}))
    else:
        said = {name: typed[name] for name in ("number", "numerator", "denominator", "reason")}
        seen = typed["seen"] or "0"
        correct_figure(ctx, None, correct_figure.read_text({**which, **said, "seen": seen}))


def _period(one: Metric, text: str) -> Period:
    try:
        return loading.named(text, one.every)
    except Unread as unread:
        raise Problem(
            "period",
            _("「期間」に「%(found)s」は使えません。%(expected)s にしてください。")
            % {"found": text[:40], "expected": unread.expected},
            field="period",
            found=text[:40],
        ) from None


def _page(
    request: HttpRequest, ctx: Context, one: Metric, typed: dict[str, str], problem: Problem | None = None
) -> HttpResponse:
    period = None
    if typed["period"]:
        try:
            period = _period(one, typed["period"])
        except Problem as wrong:
            problem = problem or wrong
    figure = queries.figures(ctx, one.key, [period]).get(period) if period else None
    rows = queries.revisions(ctx, one.key, period) if period else []
    origins = dict(ORIGINS)
    return show(
        request,
        ctx,
        "correct",
        one,
        _("%(metric)sの計測・確定・訂正") % {"metric": one.label},
        problem=problem,
        typed=typed,
        period=period_name(period) if period else "",
        spelled=_spelled(period) if period else "",
        value=figure_text(figure, one.unit) if figure else "",
        share=share_text(figure) if figure else "",
        firm=status_name(figure.status) if figure else "",
        # What stands now is on the page, whatever was looked at before.
        seen=figure.revision if figure else 0,
        frozen=bool(figure and figure.status == "final"),
        parts=bool(figure and figure.parts),
        revisions=[
            (
                value_text(row.number, one.unit),
                _(origins[row.origin]),
                f"{moment(row.frozen_at)}　{row.frozen_by}",
                row.reason or row.ground,
            )
            for row in rows
        ],
        two_numbers=one.aggregation in {"ratio", "average"},
        kinds="・".join(kind_name(kind) for kind in one.every if kind != "day"),
    )


def _spelled(period: Period) -> str:
    """As somebody would type it."""
    return format_date(period.last) if period.kind in {"as_of", "day"} else period_name(period)
