"""Intake's line in the desk's navigation, and what waits for the keepers of ledgers."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.intake import queries
from yakuba.engines.intake.access import VIEW
from yakuba.kernel.access.desk import Door, Waiting, add_door, add_waiting
from yakuba.kernel.actions import Context


def _count(ctx: Context) -> int:
    return queries.waiting(ctx).count()


def waiting(ctx: Context) -> list[Waiting]:
    """Completed cases that are to be taken over."""
    count = _count(ctx) if VIEW.holds_anywhere(ctx) else 0
    if not count:
        return []
    return [
        Waiting(
            _("手続の内容を台帳に反映する"),
            _("完了した手続が待っています"),
            reverse("intake-desk", args=[ctx.municipality.code]),
            count,
        )
    ]


add_door(
    Door("cases", gettext_lazy("台帳への反映"), "intake-desk", "tray", VIEW.holds_anywhere, _count, order=60)
)
add_waiting(waiting)
