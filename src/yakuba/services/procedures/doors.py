"""What the desk's navigation shows of designing and of the inventory."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yakuba.engines.casework.access import WORK
from yakuba.kernel.access.desk import Door, add_door
from yakuba.services.procedures.access import desk as access
from yakuba.services.procedures.webhooks import queries as webhooks

add_door(
    Door("cases", _("手続"), "procedures-designs", "document", access.VIEW_PROCEDURE.holds_anywhere, order=60)
)
add_door(
    Door("cases", _("手続台帳"), "procedures-inventory", "tray", access.VIEW_ROW.holds_anywhere, order=61)
)
add_door(
    Door(
        "cases", _("紙・窓口の受付"), "procedures-enter", "upload", access.ENTER_INTO.holds_anywhere, order=55
    )
)
add_door(Door("cases", _("受付簿・書類の束"), "procedures-bundle", "print", WORK.holds_anywhere, order=56))
add_door(Door("cases", _("提出の書き出し"), "procedures-export", "download", WORK.holds_anywhere, order=57))
add_door(
    Door(
        "cases",
        _("引渡しの記録"),
        "procedures-handovers",
        "moved",
        access.KEEP_WEBHOOKS.holds_anywhere,
        webhooks.open_count,
        order=62,
    )
)
