"""The internal map's line in the desk's navigation."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from yakuba.engines.ledger.declaration import layer_key
from yakuba.engines.ledger.links import picked_at
from yakuba.engines.places.access import VIEW_STATE
from yakuba.kernel.access.desk import Door, add_door
from yakuba.kernel.actions import Context


def pick(ctx: Context, ledger: str) -> str:
    """The internal map with a ledger on it."""
    query = urlencode({"layer": layer_key(ledger)})
    return f"{reverse('maps-desk', args=[ctx.municipality.code])}?{query}"


picked_at(pick)
add_door(Door("ledgers", _("地図"), "maps-desk", "flag", VIEW_STATE.holds_anywhere, order=20))
