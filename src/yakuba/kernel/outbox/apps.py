"""App configuration of the outbox."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """Fills the outbox's ports, and gathers what rooms listen to and run by the clock."""

    name = "yakuba.kernel.outbox"
    label = "outbox"
    verbose_name = "送り出し"

    def ready(self) -> None:
        from yakuba.kernel.actions import ports
        from yakuba.kernel.outbox import access, actions, checking, subjects  # noqa: F401 – they register
        from yakuba.kernel.outbox.store import OutboxStore, ReplayStore
        from yakuba.kernel.trail.labels import register_name
        from yakuba.kernel.trail.verify import CHECKS

        ports.fill(outbox=OutboxStore(), replay=ReplayStore())
        register_name("trail.head", _("証跡の先頭の控え"))
        register_name("outbox.sweep", _("終わった処理の片付け"))
        register_name("access.forget_sign_ins", _("古いサインイン記録の片付け"))
        CHECKS.register("outbox", checking.check)
        autodiscover_modules("subscriptions", "schedules")
