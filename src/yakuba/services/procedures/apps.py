"""App configuration of procedures."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProceduresConfig(AppConfig):
    """Procedures, applications, and the inventory of procedures."""

    name = "yakuba.services.procedures"
    label = "procedures"
    verbose_name = "手続"

    def ready(self) -> None:
        from yakuba.kernel.trail.guards import guard
        from yakuba.kernel.trail.labels import register_name
        from yakuba.kernel.trail.vouching import VOUCHED, Vouched
        from yakuba.services.procedures import access, checking, doors, origin, subjects  # noqa: F401 – they register what this room holds
        from yakuba.services.procedures.citizens import fronts, sections  # noqa: F401 – the front door, one's own page
        from yakuba.services.procedures.models import FilingRevision, Happening, Reuse

        guard(Happening)
        guard(Reuse, delete=False)
        guard(
            FilingRevision, but=("version", "answers", "reason")
        )  # what tells of a person goes with its retention
        VOUCHED.register("filing", Vouched(_("提出されたもの"), checking.filings))
        VOUCHED.register("filing_revision", Vouched(_("提出内容の版"), checking.revisions))
        VOUCHED.register("submission", Vouched(_("提出"), checking.submissions))
        for key, label in (
            ("procedures.intake", _("受付簿を見る")),
            ("procedures.bundle", _("一日分の書類を束ねる")),
            ("procedures.export", _("提出を書き出す")),
            ("procedures.hand_over", _("提出をほかのシステムに引き渡す")),
        ):
            register_name(key, label)
