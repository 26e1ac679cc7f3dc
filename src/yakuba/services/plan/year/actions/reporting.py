"""The yearly report: frozen when it is published, corrected by the next number, taken back with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext as _

from yakuba.engines.publishing import queries as published
from yakuba.engines.publishing import store
from yakuba.engines.rounds.models import Round
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, action
from yakuba.kernel.fields import PUBLIC
from yakuba.kernel.town.models import Municipality
from yakuba.services.plan.year import access, reporting
from yakuba.services.plan.year.report import REPORT


@dataclass(frozen=True)
class PublishReport:
    """What the public is told about this publication (正誤, 確定値の反映 …)."""

    note: Annotated[str, fields.prose(label="変更の説明", classification=PUBLIC)] = ""


@dataclass(frozen=True)
class WithdrawReport:
    """Why a report is taken back; the public reads it."""

    note: Annotated[str, fields.prose(label="取り下げる理由", classification=PUBLIC, required=True)]


@action("plan.publish_report", label="進捗報告を公表する", may=access.REPORT, data=PublishReport)
def publish_report(ctx: Context, round_: Round, data: PublishReport) -> Round:
    """Freeze what was decided of a round's initiatives. Raises :class:`Problem` where nothing is decided, and for a taken year."""
    Municipality.unscoped.select_for_update().get(pk=ctx.municipality.id)
    other = published.standing_in(ctx, REPORT, round_.year)
    if other is not None and other.subject != round_.pk:
        raise Problem(
            "address_taken",
            _("%(year)sの進捗報告は、「%(title)s」がすでに公表されています。")
            % {"year": round_.year.wareki, "title": other.title},
            found=other.title,
        )
    copy = reporting.copy_of(ctx, round_, data.note)
    if not copy.parts:
        raise Problem("empty", _("決定した取組がひとつもない進捗報告は、公表できません。"))
    made = store.freeze(ctx, copy)
    ctx.publish(
        "plan.report_published",
        {"round": str(round_.pk), "publication": str(made.pk), "number": made.number},
        key=f"plan.report_published:{made.pk}",
    )
    return round_


@action("plan.withdraw_report", label="進捗報告を取り下げる", may=access.REPORT, data=WithdrawReport)
def withdraw_report(ctx: Context, round_: Round, data: WithdrawReport) -> Round:
    """Take the standing report of a round back; a tombstone stays."""
    before = published.standing_of(ctx, REPORT, round_.pk)
    if before is None:
        raise Problem("not_published", _("公表されていない進捗報告です。"))
    store.withdraw(ctx, before, data.note)
    ctx.because(data.note)
    return round_
