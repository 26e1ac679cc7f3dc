"""App configuration of rounds."""

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    """Rounds, the parts of offices, the things asked for, and reminders."""

    name = "yakuba.engines.rounds"
    label = "rounds"
    verbose_name = "照会"

    def ready(self) -> None:
        from yakuba.engines.rounds import access, subjects  # noqa: F401 – they register what this room holds
        from yakuba.engines.rounds.models import ItemMove, Reminder, RoundMove
        from yakuba.kernel.trail.guards import guard

        guard(RoundMove)
        guard(ItemMove)
        guard(Reminder)
