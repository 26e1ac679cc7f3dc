"""App configuration of visitors."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VisitorsConfig(AppConfig):
    """Who is at the portal."""

    name = "yakuba.engines.visitors"
    label = "visitors"
    verbose_name = "来訪者"

    def ready(self) -> None:
        from yakuba.engines.visitors import access, actions, subjects  # noqa: F401 – registers what this room holds
        from yakuba.kernel.trail.labels import register_name

        register_name("visitors.sweep", _("終わった来訪の記録を消す"))
