"""The internal map's line in the desk's navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yakuba.engines.places.access import VIEW_STATE
from yakuba.kernel.access.desk import Door, add_door

add_door(Door("ledgers", _("地図"), "maps-desk", "flag", VIEW_STATE.holds_anywhere, order=20))
