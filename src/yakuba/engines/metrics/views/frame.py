"""What the pages on which a metric is decided share."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from yakuba.engines.metrics.declaring import Metric
from yakuba.engines.metrics.series.views.frame import show as shown
from yakuba.engines.metrics.views.metric_page import found
from yakuba.kernel.access.desk import address
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.ui.components import FieldError, Link

__all__ = ["found", "show"]


def show(
    request: HttpRequest,
    ctx: Context,
    template: str,
    one: Metric,
    title: str,
    *,
    problem: Problem | None = None,
    faults: Sequence[FieldError] = (),
    **context: object,
) -> HttpResponse:
    """A page under the metric's own."""
    answer = shown(
        request,
        ctx,
        template,
        title,
        crumbs=[
            Link(_("計測値"), address("metrics-index", ctx)),
            Link(str(one.label), address("metrics-metric", ctx, one.key)),
        ],
        problem=problem,
        metric=one,
        faults=faults,
        back=address("metrics-metric", ctx, one.key),
        **context,
    )
    if faults and problem is None:
        answer.status_code = 422
    return answer
