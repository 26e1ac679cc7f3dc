"""App configuration of casework."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseworkConfig(AppConfig):
    """Cases with their states, deadlines, correspondence, decisions and notices."""

    name = "yakuba.engines.casework"
    label = "casework"
    verbose_name = "案件"

    def ready(self) -> None:
        from yakuba.engines.approval.outcomes import OUTCOMES
        from yakuba.engines.casework import access, doors, subjects  # noqa: F401 – they register what this room holds
        from yakuba.engines.casework.checking import check, dispositions
        from yakuba.engines.casework.deciding import CaseOutcome
        from yakuba.engines.casework.models import Disposition, Move, Notice, Transfer
        from yakuba.engines.casework.queries.sweeps import with_persons
        from yakuba.engines.protection.sources import SOURCES
        from yakuba.kernel.trail.guards import guard
        from yakuba.kernel.trail.labels import register_name
        from yakuba.kernel.trail.verify import CHECKS
        from yakuba.kernel.trail.vouching import VOUCHED, Vouched

        OUTCOMES.register("case", CaseOutcome())
        SOURCES.register("case", with_persons)
        CHECKS.register("casework", check)
        VOUCHED.register("disposition", Vouched(_("決定"), dispositions))
        register_name("casework.list", _("案件の一覧を見る"))
        register_name("casework.page", _("案件を見る"))
        register_name("casework.save", _("案件の一覧を書き出す"))
        register_name("casework.notice", _("通知書を見る"))
        register_name("casework.notices", _("通知書の一覧を見る"))
        register_name("casework.save_notices", _("通知書の一覧を書き出す"))
        register_name("casework.print_notices", _("通知書をまとめて印刷する"))
        register_name("casework.batch", _("まとめて進める案件を見る"))
        guard(Move, but=("reason",))  # what a reason tells of a person goes with its retention
        guard(Transfer, but=("reason",))
        # The same of decisions: the trail vouches for their words (checking.vouch_for).
        guard(Disposition, but=("version", "content", "reasons", "conditions"), free=("decided_at", None))
        # A draft changes; what was issued never does, but for its way to the applicant. What tells of a person goes with its retention.
        guard(
            Notice,
            but=(
                "version",
                "state",
                "print_after",
                "released_at",
                "opened_at",
                "posted_at",
                "addressee",
                "address",
                "body",
                "file",
            ),
            free=("state", "draft"),
        )
