"""App configuration of bodies."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BodiesConfig(AppConfig):
    """Bodies, their meetings, minutes and reports."""

    name = "yakuba.engines.bodies"
    label = "bodies"
    verbose_name = "会議体"

    def ready(self) -> None:
        from yakuba.engines.bodies import access, public, subjects, work  # noqa: F401 – they register what this room holds
        from yakuba.engines.bodies.checking import check, confirmed
        from yakuba.engines.bodies.models import MeetingMove, Minutes, Report
        from yakuba.kernel.trail.guards import guard
        from yakuba.kernel.trail.labels import register_name
        from yakuba.kernel.trail.verify import CHECKS
        from yakuba.kernel.trail.vouching import VOUCHED, Vouched

        CHECKS.register("bodies", check)
        guard(MeetingMove)
        guard(Report, but=("version",))
        # A draft changes; confirmed minutes never do.
        guard(Minutes, but=("version",), free=("confirmed_at", None))
        VOUCHED.register("minutes", Vouched(_("議事録"), confirmed))
        register_name("bodies.body", _("会議体を見る"))
        register_name("bodies.seat_form", _("会議体の席の欄で職員を見る"))
        register_name("bodies.meeting", _("会議を見る"))
        register_name("bodies.enter", _("持ち回りの回答の欄を見る"))
        register_name("bodies.minutes", _("議事録を見る"))
        register_name("bodies.papers", _("会議の資料を見る"))
        register_name("bodies.letter", _("会議の通知を見る"))
