"""App configuration of bodies."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BodiesConfig(AppConfig):
    """Bodies, their meetings, minutes and reports."""

    name = "yakuba.engines.bodies"
    label = "bodies"
    verbose_name = "会議体"

    def ready(self) -> None:
        from yakuba.engines.bodies import access, subjects  # noqa: F401 – registers what this room holds
        from yakuba.engines.bodies.checking import confirmed
        from yakuba.engines.bodies.models import MeetingMove, Minutes, Report
        from yakuba.kernel.trail.guards import guard
        from yakuba.kernel.trail.vouching import VOUCHED, Vouched

        guard(MeetingMove)
        guard(Report, but=("version",))
        # A draft changes; confirmed minutes never do.
        guard(Minutes, but=("version",), free=("confirmed_at", None))
        VOUCHED.register("minutes", Vouched(_("議事録"), confirmed))
