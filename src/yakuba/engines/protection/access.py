"""Who keeps the register and releases holds: the keeper of 支援措置 alone.

Neither the municipality's administration nor the operator of the machine reads it; the machine itself only compares with it.
"""

from django.utils.translation import gettext as _

from yakuba.engines.protection.models import Hold, Protected
from yakuba.kernel.actions import Everywhere, Permission, viewed_by
from yakuba.kernel.town.models import Municipality

_KEEPER = {"protection_keeper": Everywhere()}


def _standing(hold: Hold) -> str:
    return "" if hold.state == "standing" else _("この停止は、もう解除されています。")


VIEW_PROTECTED = viewed_by(Permission("protection.view", Protected, roles=_KEEPER))
VIEW_HOLD = viewed_by(Permission("protection.view_hold", Hold, roles=_KEEPER))
CHANGE = Permission("protection.change", Municipality, roles=_KEEPER, municipality="pk")
LOOK_AGAIN = Permission(
    "protection.look_again", Municipality, roles={**_KEEPER, "cli": Everywhere()}, municipality="pk"
)
RELEASE = Permission("protection.release", Hold, roles=_KEEPER, when=_standing)
