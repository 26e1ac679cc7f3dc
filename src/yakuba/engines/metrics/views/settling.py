"""What the municipality decides on a metric: whether the public sees it, which office answers for it, from when it counts."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.engines.metrics import queries
from yakuba.engines.metrics.access import SETTLE
from yakuba.engines.metrics.actions.settling import settle_metric
from yakuba.engines.metrics.declaring import Metric
from yakuba.engines.metrics.models import MetricSetting
from yakuba.engines.metrics.series.views.frame import offices
from yakuba.engines.metrics.views.frame import found, show
from yakuba.kernel.access.desk import need, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Denied, Problem
from yakuba.kernel.dates import format_date
from yakuba.kernel.ui.lists import known

_FIELDS: Final = ("public", "office", "since", "note")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def settle(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """The form, and what comes of it."""
    need(SETTLE, ctx)
    one = found(key)
    setting = queries.settings(ctx, [key]).get(key)
    if request.method != "POST":
        known(request.GET)
        return _page(request, ctx, one, setting, _stands(one, setting))
    typed = {name: request.POST.get(name, "") for name in _FIELDS}
    try:
        data = settle_metric.read_text({**typed, "metric": key})
        version = version_of(request) if setting is not None else None
        settle_metric(ctx, setting, data, expected_version=version)
    except Denied:
        raise
    except Problem as problem:
        return _page(request, ctx, one, setting, typed, problem)
    return see("metrics-metric", ctx, key)


def _stands(one: Metric, setting: MetricSetting | None) -> dict[str, str]:
    if setting is None:
        return {"public": "1" if one.public else "", "office": "", "since": "", "note": ""}
    return {
        "public": "1" if setting.public else "",
        "office": str(setting.office_id) if setting.office_id else "",
        "since": format_date(setting.since) if setting.since else "",
        "note": setting.note,
    }


def _page(
    request: HttpRequest,
    ctx: Context,
    one: Metric,
    setting: MetricSetting | None,
    typed: dict[str, str],
    problem: Problem | None = None,
) -> HttpResponse:
    return show(
        request,
        ctx,
        "settings",
        one,
        _("%(metric)sの設定") % {"metric": one.label},
        problem=problem,
        typed=typed,
        version=setting.version if setting else 0,
        offices=[("", _("決めない")), *offices(ctx)],
    )
