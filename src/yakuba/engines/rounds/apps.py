"""App configuration of rounds."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoundsConfig(AppConfig):
    """Rounds, the parts of offices, the things asked for, and reminders."""

    name = "yakuba.engines.rounds"
    label = "rounds"
    verbose_name = "照会"

    def ready(self) -> None:
        from yakuba.engines.rounds import access, doors, subjects  # noqa: F401 – they register what this room holds
        from yakuba.engines.rounds.checking import check
        from yakuba.engines.rounds.models import ItemMove, Reminder, RoundMove
        from yakuba.kernel.trail.guards import guard
        from yakuba.kernel.trail.labels import register_name
        from yakuba.kernel.trail.verify import CHECKS

        CHECKS.register("rounds", check)
        register_name("rounds.reminders", _("期限の督促"))
        register_name("rounds.save_board", _("照会の各課の状況を書き出す"))
        guard(RoundMove)
        guard(ItemMove)
        guard(Reminder)
