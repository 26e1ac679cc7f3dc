"""Protection's line in the desk's navigation, and what waits for its keeper."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.protection import queries
from yakuba.engines.protection.access import VIEW_HOLD
from yakuba.kernel.access.desk import Door, Waiting, add_door, add_waiting
from yakuba.kernel.actions import Context


def waiting(ctx: Context) -> list[Waiting]:
    """Holds to look at."""
    count = queries.standing_count(ctx) if VIEW_HOLD.holds_anywhere(ctx) else 0
    if not count:
        return []
    return [
        Waiting(
            _("支援措置で止めたものを確かめる"),
            _("確かめるまで、自動の出力は止まったままです"),
            reverse("protection-desk-holds", args=[ctx.municipality.code]),
            count,
            "stop",
        )
    ]


add_door(
    Door(
        "cases",
        gettext_lazy("支援措置"),
        "protection-desk",
        "lock",
        VIEW_HOLD.holds_anywhere,
        queries.standing_count,
    )
)
add_waiting(waiting)
