"""The series' line in the desk's navigation, and what of them waits for whom, with true counts."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.metrics.access import VIEW_SERIES
from yakuba.engines.metrics.series import queries
from yakuba.engines.metrics.series import source as _source  # noqa: F401 – offers series to indicators
from yakuba.kernel.access.desk import Door, Waiting, add_door, add_waiting
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date


def waiting(ctx: Context) -> list[Waiting]:
    """What the actor's own offices have to bring: periods that are over and have no value."""
    mine = [one for one in queries.mine(ctx) if one.owed]
    if not mine:
        return []
    today = japan_date(ctx.now)
    late = sum(len(one.late(today)) for one in mine)
    detail = _("期限を過ぎたものが%d件あります") % late if late else _("自分の課が届けるもの")
    code = ctx.municipality.code
    href = (
        reverse("metrics-series", args=[code, mine[0].series.pk])
        if len(mine) == 1
        else reverse("metrics-series-index", args=[code])
    )
    return [Waiting(_("外部の数値を届ける"), detail, href, sum(len(one.owed) for one in mine), "tray")]


add_door(
    Door(
        "plan",
        gettext_lazy("外部の数値"),
        "metrics-series-index",
        "tray",
        VIEW_SERIES.holds_anywhere,
        order=75,
    )
)
add_waiting(waiting)
