"""Lines of access in the desk's navigation."""

from django.utils.translation import gettext_lazy as _

from yakuba.kernel.access.access import VIEW_ACCOUNT
from yakuba.kernel.access.desk import Door, add_door
from yakuba.kernel.town.access import VIEW_PERSON

add_door(Door("settings", _("職員"), "access-people", "person", VIEW_PERSON.holds_anywhere))
add_door(Door("settings", _("利用者ID"), "access-accounts", "lock", VIEW_ACCOUNT.holds_anywhere))
