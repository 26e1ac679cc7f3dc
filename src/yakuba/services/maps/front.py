"""The map's way in at the municipality's front page."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.places import layers
from yakuba.engines.publishing.fronts import Door, Entrance, register_entrance
from yakuba.kernel.actions import Context


def _home(ctx: Context) -> str:
    return reverse("maps-home", args=[ctx.municipality.code])


def doors(ctx: Context) -> Sequence[Door]:
    """All layers at once, and each by itself; none where nothing is released."""
    found = layers.layers(ctx)
    if not found:
        return ()
    each = [Door(one.label, f"{_home(ctx)}?{urlencode({'layer': one.key})}") for one in found]
    return (Door(_("地図をひらく"), _home(ctx), len(found)), *each)


register_entrance(Entrance(gettext_lazy("地図でさがす"), _home, doors))
