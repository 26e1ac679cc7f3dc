"""The line of figures in the desk's navigation, and their way in at the municipality's front page."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.metrics import access
from yakuba.engines.metrics.counted import how_many
from yakuba.engines.publishing.fronts import Door as PublicDoor
from yakuba.engines.publishing.fronts import Entrance, register_entrance
from yakuba.kernel.access.desk import Door, add_door
from yakuba.kernel.actions import Context

add_door(
    Door(
        "plan", gettext_lazy("計測値"), "metrics-index", "plan", access.VIEW_SNAPSHOT.holds_anywhere, order=70
    )
)


def _home(ctx: Context) -> str:
    return reverse("metrics-public", args=[ctx.municipality.code])


def doors(ctx: Context) -> Sequence[PublicDoor]:
    """All figures together; none where nothing is public."""
    count = how_many(ctx)
    return (PublicDoor(_("数字を見る"), _home(ctx), count),) if count else ()


register_entrance(Entrance(gettext_lazy("役場の数字"), _home, doors))
