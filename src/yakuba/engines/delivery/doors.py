"""The deliveries' line in the desk's navigation, and what of them waits for a person."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.delivery import queries
from yakuba.engines.delivery.access import VIEW
from yakuba.kernel.access.desk import Door, Waiting, add_door, add_waiting
from yakuba.kernel.actions import Context


def waiting(ctx: Context) -> list[Waiting]:
    """What did not go through."""
    count = queries.open_count(ctx) if VIEW.holds_anywhere(ctx) else 0
    if not count:
        return []
    here = reverse("delivery-desk", args=[ctx.municipality.code])
    return [
        Waiting(
            _("送れなかったメールを確かめる"),
            _("送れなかったもの、未確認のもの、支援措置で止めたもの"),
            f"{here}?{urlencode([('filter.state', state) for state in queries.OPEN])}",
            count,
            "error",
        )
    ]


add_door(
    Door(
        "settings",
        gettext_lazy("送信の記録"),
        "delivery-desk",
        "moved",
        VIEW.holds_anywhere,
        queries.open_count,
    )
)
add_waiting(waiting)
