"""App configuration of the desk's front door."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """The staff's first page."""

    name = "yakuba.desk"
    label = "desk"
    verbose_name = "職員の机"

    def ready(self) -> None:
        from yakuba.kernel.access.desk import Door, add_door

        add_door(Door("work", _("自分の仕事"), "desk-home", "work", lambda _ctx: True, order=0))
