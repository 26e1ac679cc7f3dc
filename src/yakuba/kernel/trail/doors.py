"""The trail's line in the desk's navigation."""

from django.utils.translation import gettext_lazy as _

from yakuba.kernel.access.desk import Door, add_door
from yakuba.kernel.trail.access import VIEW

add_door(Door("settings", _("証跡"), "trail-entries", "clock", VIEW.holds_anywhere))
