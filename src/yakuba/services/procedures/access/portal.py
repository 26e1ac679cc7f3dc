"""Permissions of the portal: everybody sees what is offered, a visitor what is their own."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from yakuba.engines.visitors import queries
from yakuba.engines.visitors.access import VISITOR, OwnedByVisitor
from yakuba.kernel.actions import Context, Everywhere, Permission, viewed_by
from yakuba.services.procedures.models import (
    EarlierAnswer,
    Filling,
    Offer,
    Release,
    Reply,
    Reuse,
    Submission,
    Upload,
)

# What was never made public is shown to staff, and at the portal to whoever holds a test link (:mod:`..trial`).
_LISTED = Everywhere(Q(listed=True))
VIEW_OFFER = viewed_by(
    Permission(
        "procedures.view_offer",
        Offer,
        {"public": _LISTED, "visitor": _LISTED, "staff": Everywhere(), "cli": Everywhere()},
    )
)
VIEW_FILLING = viewed_by(OwnedByVisitor("procedures.view_filling", Filling, VISITOR))
VIEW_UPLOAD = viewed_by(OwnedByVisitor("procedures.view_upload", Upload, VISITOR))
VIEW_SUBMISSION = viewed_by(OwnedByVisitor("procedures.view_submission", Submission, VISITOR))
_VISIT, _CITIZEN = "submission__visit", "submission__citizen"
VIEW_RELEASE = viewed_by(
    OwnedByVisitor("procedures.view_release", Release, VISITOR, visit_path=_VISIT, citizen_path=_CITIZEN)
)
VIEW_REPLY = viewed_by(
    OwnedByVisitor("procedures.view_reply", Reply, VISITOR, visit_path=_VISIT, citizen_path=_CITIZEN)
)
VIEW_EARLIER = viewed_by(OwnedByVisitor("procedures.view_earlier", EarlierAnswer, VISITOR, visit_path=""))
VIEW_REUSE = viewed_by(OwnedByVisitor("procedures.view_reuse", Reuse, VISITOR, visit_path=""))


def _still_asked(release: Release) -> str:
    if release.kind != "correction":
        return _("これは補正のお願いではありません。")
    if release.closed_at is not None or release.answered_at is not None:
        return _("この補正のお願いは終わっています。")
    return ""


def _has_document(release: Release) -> str:
    if release.kind != "notice" or not release.file_id:
        return _("書類がありません。")
    return ask_at_counter() if release.closed_at is not None else ""


def ask_at_counter() -> str:
    """What is said of a notice that the office has taken back from here, whatever the reason."""
    return _("この書類については、窓口へお問い合わせください。")


def unwritable(submission: Submission) -> str:
    """Why nothing can be written to the office any more; empty where something can. A closed case lies in nobody's work."""
    if submission.state in {"completed", "withdrawn"}:
        return _("この手続は終わっています。おたずねは、担当課に直接お願いします。")
    return ""


def unwithdrawable(submission: Submission) -> str:
    """Why it cannot be taken back any more; empty where it can."""
    if submission.state == "notified":
        return _("結果をお知らせしたあとは、取り下げられません。担当課に連絡してください。")
    return _("この手続は終わっています。") if submission.state in {"completed", "withdrawn"} else ""


@dataclass(frozen=True)
class _OwnAnswers(OwnedByVisitor[Submission]):
    """A visitor's own submission with what was written in it.

    Number and secret stand on one sheet of paper. They open the answers of what anybody may send, or whoever has a mail address;
    what was sent by somebody who had signed in is shown to that person alone.
    """

    def q(self, ctx: Context) -> Q:
        """The visitor's own, as far as its answers are theirs to see."""
        visit = queries.visit_of(ctx)
        return super().q(ctx) & (
            Q(level__in=("none", "mail")) | Q(citizen__in=queries.signed_in_as(visit) if visit else ())
        )


ASK_COPY = _OwnAnswers("procedures.ask_copy", Submission, VISITOR)
BEGIN = OwnedByVisitor("procedures.begin", Filling, VISITOR)
FILL_IN = OwnedByVisitor("procedures.fill_in", Filling, VISITOR)
SEND = OwnedByVisitor("procedures.send", Filling, VISITOR)
OPEN_STATUS = OwnedByVisitor("procedures.open_status", Submission, VISITOR)
WRITE = OwnedByVisitor("procedures.write", Submission, VISITOR, when=unwritable)
WITHDRAW = OwnedByVisitor("procedures.withdraw", Submission, VISITOR, when=unwithdrawable)
CORRECT = OwnedByVisitor(
    "procedures.correct", Release, VISITOR, when=_still_asked, visit_path=_VISIT, citizen_path=_CITIZEN
)
OPEN_NOTICE = OwnedByVisitor(
    "procedures.open_notice", Release, VISITOR, when=_has_document, visit_path=_VISIT, citizen_path=_CITIZEN
)
FORGET_EARLIER = OwnedByVisitor("procedures.forget_earlier", EarlierAnswer, VISITOR, visit_path="")
