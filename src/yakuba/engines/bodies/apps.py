"""App configuration of bodies."""

from django.apps import AppConfig


class BodiesConfig(AppConfig):
    """Bodies, their meetings, minutes and reports."""

    name = "yakuba.engines.bodies"
    label = "bodies"
    verbose_name = "会議体"

    def ready(self) -> None:
        from yakuba.engines.bodies import access, subjects  # noqa: F401 – registers what this room holds
        from yakuba.engines.bodies.models import MeetingMove
        from yakuba.kernel.trail.guards import guard

        guard(MeetingMove)
