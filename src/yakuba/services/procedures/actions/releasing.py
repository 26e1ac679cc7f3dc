"""What the desk releases to the applicant: called by casework in the transaction of its own action.

A case that came on paper has nobody at the portal to release to; everything here then does nothing.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yakuba.engines.casework.models import Case, CaseMessage, Move, Notice
from yakuba.engines.delivery import store as delivery
from yakuba.engines.delivery.links import absolute
from yakuba.engines.protection.queries import held
from yakuba.kernel.actions import Context, SubjectRef
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.text.codes import grouped
from yakuba.services.procedures.models import Filing, Release, Submission

#: What the applicant is told of a state. A decision shows only with its notice; routes inside the town hall never do.
PUBLIC_STATES: Final = {
    "arrived": ("received", gettext_noop("受け付けました")),
    "checking": ("checking", gettext_noop("確認しています")),
    "returned": ("correction", gettext_noop("直していただくことがあります")),
    "examining": ("examining", gettext_noop("審査しています")),
    "deciding": ("examining", gettext_noop("審査しています")),
    "decided": ("examining", gettext_noop("審査しています")),
    "notified": ("notified", gettext_noop("結果をお知らせしました")),
    "completed": ("completed", gettext_noop("完了しました")),
    "withdrawn": ("withdrawn", gettext_noop("取り下げられました")),
}
_MAILED: Final = frozenset({"completed"})


def submission_of(case: Case) -> Submission | None:
    """The portal's side of a case, None for one that came on paper, by telephone or at the counter."""
    if not case.receipt:
        return None
    return (
        Submission.unscoped.select_for_update()
        .filter(municipality=case.municipality_id, receipt=case.receipt)
        .first()
    )


def moved(ctx: Context, case: Case, move: Move) -> None:
    """The applicant sees the new state, where it is a new one for them; other systems may hear of a decision."""
    if move.to_state == "decided":
        ctx.publish("procedures.decided", {"filing": str(case.origin_id)}, key=f"{case.origin_id}:{move.seq}")
    submission = submission_of(case)
    if submission is None:
        return
    state, label = PUBLIC_STATES[move.to_state]
    if submission.state == state:
        return
    submission.state, submission.state_label, submission.state_at = state, label, ctx.now
    submission.save(update_fields=["state", "state_label", "state_at"])
    _release(ctx, submission, kind="state", title=label)
    if move.from_state == "returned":
        # However the correction ended, nobody is asked for it any more.
        submission.releases.filter(kind="correction", closed_at__isnull=True).update(closed_at=ctx.now)
    if move.to_state in _MAILED:
        _mail(ctx, case, submission, "result", label, "")


def told(ctx: Context, case: Case, message: CaseMessage) -> None:
    """A message or a correction request goes to the applicant's page, and a mail says that it is there."""
    submission = submission_of(case)
    if submission is None:
        return
    correction = message.kind == "correction_request"
    title = gettext_noop("補正のお願い") if correction else gettext_noop("担当課からの連絡")
    body: dict[str, JsonValue] = {}
    if correction:
        answers = Filing.unscoped.get(pk=case.origin_id).answers
        asked = [str(key) for key in message.asked]
        body = {"questions": asked, "answers": {key: answers[key] for key in asked if key in answers}}
    release = _release(ctx, submission, kind="correction" if correction else "message", title=title)
    release.text, release.body, release.source = message.body, body, message.pk
    release.answer_by = message.answer_by
    release.save(update_fields=["text", "body", "source", "answer_by"])
    _mail(ctx, case, submission, "correction" if correction else "message", title, "")


def issued(ctx: Context, case: Case, notice: Notice) -> bool:
    """The notice lies ready for download where the applicant wished so; whether it does. Who fetches it is told that it lies there.

    Casework asks for it only where no hold of 支援措置 stands on the case.
    """
    submission = submission_of(case)
    if submission is None or notice.file_id is None:
        return False
    if submission.electronic == "counter":
        title = gettext_noop("通知書を窓口でお渡しできます")
        _release(ctx, submission, kind="message", title=title)
        _mail(ctx, case, submission, "result", title, "")
    if submission.electronic != "download":
        return False
    release = _release(ctx, submission, kind="notice", title=notice.title)
    release.source, release.file = notice.pk, notice.file
    release.save(update_fields=["source", "file"])
    _mail(ctx, case, submission, "result", gettext_noop("通知書の準備ができました"), "")
    return True


def copied(ctx: Context, case: Case, filing: Filing) -> None:
    """The answers as they stand now, with the names of the files, lie at the portal for a day. The counter is named while 支援措置 stands."""
    submission = submission_of(case)
    if submission is None:
        return
    submission.releases.filter(kind="copy").delete()
    release = _release(ctx, submission, kind="copy", title=gettext_noop("送った内容の写し"))
    if held(ctx, [SubjectRef("case", case.pk)]):
        release.closed_at = ctx.now
    else:
        attached = filing.attachments.filter(dropped_at__isnull=True, upload__isnull=False)
        names = {str(one.upload): one.file.name for one in attached.select_related("file")}
        release.body = {"answers": filing.answers, "files": names}
    release.save(update_fields=["closed_at", "body"])


def settle_notices(ctx: Context, case_id: UUID) -> None:
    """Notices that lie ready are closed while a hold of 支援措置 stands on the case, and open when none does any more.

    The portal hears nothing of the hold. Whoever issues a notice holds the same row as this: none slips through between the two.
    """
    case = Case.unscoped.filter(municipality=ctx.municipality.id, pk=case_id).first()
    submission = submission_of(case) if case is not None else None
    if submission is None:
        return
    stands = bool(held(ctx, [SubjectRef("case", case_id)]))
    submission.releases.filter(kind="copy").delete()  # whoever asks again is answered as it is now
    submission.releases.filter(kind="notice", closed_at__isnull=stands).update(
        closed_at=ctx.now if stands else None
    )


def _release(ctx: Context, submission: Submission, *, kind: str, title: str) -> Release:
    return Release.unscoped.create(
        municipality_id=ctx.municipality.id, submission=submission, kind=kind, title=title, at=ctx.now
    )


def _mail(ctx: Context, case: Case, submission: Submission, purpose: str, title: str, more: str) -> None:
    """A mail that says where to look, and nothing of what stands there."""
    if not submission.mail:
        return
    with translation.override(submission.language):
        page = absolute(reverse("procedures-status", args=[ctx.municipality.code]))
        lines = [
            _("受付番号 %(receipt)s の手続について、お知らせがあります。")
            % {"receipt": grouped(submission.receipt)},
            _(title),
            more,
            _("内容は「申請の状況を見る」のページで確かめてください。受付番号と確認番号が必要です。"),
            page,
            _("このメールには返信できません。"),
        ]
        message = delivery.Message(
            purpose=purpose,
            address=submission.mail,
            subject=_("【%(town)s】%(title)s") % {"town": ctx.municipality.name, "title": _(title)},
            body="\n\n".join(line for line in lines if line) + "\n",
            language=submission.language,
            about=SubjectRef("case", case.pk),
            zone="desk",
        )
    delivery.send(ctx, message)
