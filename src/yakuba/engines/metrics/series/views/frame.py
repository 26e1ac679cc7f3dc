"""What the pages of series share."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yakuba.engines.metrics.models import STATUSES, Series
from yakuba.engines.metrics.series import queries
from yakuba.kernel.access.desk import Pages, address
from yakuba.kernel.access.refusals import errors_of, several
from yakuba.kernel.actions import Context, Problem, Stale
from yakuba.kernel.dates import japan_date
from yakuba.kernel.town.queries import offices_on
from yakuba.kernel.ui.components import Link, badge
from yakuba.kernel.ui.components.marks import Tone

_STATUS: Final[dict[str, tuple[Tone, str]]] = {
    "provisional": ("neutral", "circle"),
    "preliminary": ("accent", "circle-half"),
    "final": ("good", "circle-check"),
}


def show(
    request: HttpRequest,
    ctx: Context,
    template: str,
    title: str,
    *,
    crumbs: Sequence[Link] = (),
    problem: Problem | None = None,
    **context: object,
) -> HttpResponse:
    """A page of the desk; a problem's errors stand above it."""
    errors = errors_of(problem)
    return Pages("metrics").show(
        request,
        ctx,
        template,
        title,
        crumbs=crumbs,
        status=status_of(problem),
        errors=errors,
        said={error.key: error.message for error in errors},
        **context,
    )


def status_of(problem: Problem | None) -> int:
    """The status of a page that tells a problem; that somebody else was faster is a conflict."""
    if problem is None:
        return 200
    return Stale.status if any(isinstance(one, Stale) for one in several(problem)) else problem.status


def top(ctx: Context) -> Link:
    """The first step of the way: the list of series."""
    return Link(_("外部の数値"), address("metrics-series-index", ctx))


def of_series(ctx: Context, series: Series) -> Link:
    """The second: one of them."""
    return Link(series.title, address("metrics-series", ctx, series.pk), lang="ja")


def status_badge(status: str) -> SafeString:
    """見込, 速報, 確定 as a mark."""
    tone, mark = _STATUS[status]
    return badge(_(dict(STATUSES)[status]), tone=tone, mark=mark)


def late_badge(days: int) -> SafeString:
    """By how many days something is late."""
    return badge(_("%(days)d日遅れ") % {"days": days}, tone="bad", mark="triangle")


def figure_text(series: Series, number: Decimal | None, state: str = "") -> str:
    """A figure with its unit: 24.9%, 1,180時間, 実施."""
    if state:
        return state
    if number is None:
        return ""
    shown = f"{_rounded(number, series.aggregation):,f}"
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    unit = series.unit or ("%" if series.aggregation == "ratio" else "")
    return f"{shown}{unit}"


def _rounded(number: Decimal, aggregation: str) -> Decimal:
    """Quotients are shown with two places; their numbers stand beside them."""
    return number.quantize(Decimal("0.01")) if aggregation in {"ratio", "average"} else number


def offices(ctx: Context) -> list[tuple[str, str]]:
    """The offices of today, to choose from."""
    return [
        (str(one.id), f"{one.department} {one.name}".strip())
        for one in offices_on(ctx.municipality.id, japan_date(ctx.now))
    ]


def series_of(ctx: Context, series_id: UUID) -> Series:
    """One series. Raises :class:`Missing`."""
    return queries.series_of(ctx, series_id)
