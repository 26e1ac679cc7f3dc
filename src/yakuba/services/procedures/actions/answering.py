"""What an applicant does after the sending: looks, corrects, writes, withdraws, opens a notice."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, cast
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.engines.delivery import store as delivery
from yakuba.engines.delivery.links import absolute
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Denied, NoData, Problem, action
from yakuba.kernel.fields import INTERNAL, PERSONAL, JsonValue
from yakuba.kernel.text.my_number import hide
from yakuba.services.procedures.access import portal as access
from yakuba.services.procedures.actions.applying import KEEP, NotTaken, acting_visit, identity
from yakuba.services.procedures.actions.sending import Send, hand_in, own_filling, own_uploads, whole_answers
from yakuba.services.procedures.citizens import forms, letters, queries
from yakuba.services.procedures.models import EarlierAnswer, Filling, Happening, Release, Reply, Submission
from yakuba.services.procedures.published.queries import definition_of

MOST_WORDS = 2000


@dataclass(frozen=True)
class OpenStatus:
    """``proof`` is the digest of receipt and secret."""

    submission: Annotated[str, fields.text(label="提出", classification=INTERNAL, max_length=36)]
    proof: Annotated[str, fields.digest(label="確認番号")]


@action("procedures.open_status", label="受付番号と確認番号で開く", may=access.OPEN_STATUS, data=OpenStatus)
def open_status(ctx: Context, _nothing: None, data: OpenStatus) -> Submission:
    """Give a submission to the acting visit, which holds its receipt and secret. Raises :class:`Denied` where it does not."""
    visit = acting_visit(ctx)
    found = (
        Submission.unscoped.select_for_update()
        .filter(municipality=ctx.municipality.id, pk=identity(data.submission))
        .first()
    )
    if found is None or not data.proof or found.secret_hash != data.proof:
        raise Denied(_("受付番号と確認番号の組み合わせが違います。"))
    if found.visit != visit.pk:
        found.visit = visit.pk
        found.save(update_fields=["visit"])
    return found


@action("procedures.begin_correction", label="補正をはじめる", may=access.CORRECT, data=NoData)
def begin_correction(ctx: Context, release: Release, _data: NoData) -> Release:
    """A form with the questions of a correction request, filled with the answers as they stood. Once: a second call changes nothing."""
    visit = acting_visit(ctx)
    there = (
        Filling.unscoped.select_for_update().filter(municipality=ctx.municipality.id, release=release).first()
    )
    if there is not None:
        there.visit, there.expires_at = visit.pk, ctx.now + KEEP
        there.save(update_fields=["visit", "expires_at"])
        there.uploads.update(visit=visit.pk)
        return release
    submission = release.submission
    Filling.unscoped.create(
        municipality_id=ctx.municipality.id,
        offer_id=submission.offer_id,
        publication_id=submission.publication_id,
        release=release,
        visit=visit.pk,
        citizen=submission.citizen,
        answers=_without_files(submission, release),
        typed={},
        done=[],
        language=submission.language,
        electronic=submission.electronic,
        test=submission.test,
        began_at=ctx.now,
        seen_at=ctx.now,
        expires_at=ctx.now + KEEP,
    )
    return release


def _without_files(submission: Submission, release: Release) -> dict[str, JsonValue]:
    """The answers as they stood. Files are the desk's by now: whoever is asked for one attaches it anew."""
    definition = forms.asked_again(definition_of(submission.publication_id), release)
    given = dict(release.body.get("answers") or {})
    files = {question.key for question in forms.top_questions(definition) if forms.is_file(question)}
    return {key: value for key, value in given.items() if key not in files}


@action("procedures.correct", label="補正を送る", may=access.SEND, data=Send)
def correct(ctx: Context, _nothing: None, data: Send) -> Reply:
    """Send the corrected answers. The day of this is the day on which the correction arrived.

    Raises :class:`AlreadySent` for what was sent before.
    """
    filling = own_filling(ctx, identity(data.filling), correction=True)
    release = Release.unscoped.select_for_update().get(
        municipality=ctx.municipality.id, pk=cast("UUID", filling.release_id)
    )
    verdict = access.CORRECT.may(ctx, release)
    if not verdict.allowed:
        raise NotTaken("closed", verdict.reason)
    filling.release = release
    definition = forms.asked_of(filling)
    given = whole_answers(ctx, filling, definition)
    attached = own_uploads(ctx, filling, definition, given)
    body: dict[str, JsonValue] = {"answers": given, "text": ""}
    reply = _reply(ctx, release.submission, "correction", body, release, filling.pk)
    hand_in(ctx, attached, release.submission)
    release.answered_at = ctx.now
    release.save(update_fields=["answered_at"])
    Filling.unscoped.filter(pk=filling.pk).delete()
    return reply


@dataclass(frozen=True)
class Words:
    """What somebody writes: ``{"text": …}``, kept out of the trail."""

    body: Annotated[dict[str, JsonValue], fields.document(label="本文", classification=PERSONAL)]


@action("procedures.write", label="担当課に連絡する", may=access.WRITE, data=Words)
def write(ctx: Context, submission: Submission, data: Words) -> Submission:
    """A message to the office. Raises :class:`Problem` for one that is empty or too long."""
    text = _text(data, "text")
    if not text:
        raise Problem("required", _("「連絡する内容」が空です。入力してください。"), field="text")
    _reply(ctx, submission, "message", {"text": text})
    return submission


@action("procedures.withdraw", label="取り下げる", may=access.WITHDRAW, data=Words)
def withdraw(ctx: Context, submission: Submission, data: Words) -> Submission:
    """Take a submission back. It is the office that ends the case; a second withdrawal changes nothing."""
    text = _text(data, "text")
    before = Reply.unscoped.filter(municipality=ctx.municipality.id, submission=submission, kind="withdrawal")
    if before.exists():
        return submission
    _reply(ctx, submission, "withdrawal", {"text": text})
    if submission.mail:
        page = absolute(reverse("procedures-status", args=[ctx.municipality.code]))
        delivery.send(ctx, letters.withdrawal(ctx, submission, page))
    return submission


@action("procedures.ask_copy", label="送った内容の写しを求める", may=access.ASK_COPY, data=NoData)
def ask_copy(ctx: Context, submission: Submission, _data: NoData) -> Submission:
    """Ask the desk for the answers, of which nothing is left here. Once: while one is on the way or lies here, nothing changes."""
    if queries.copy_of(ctx, submission) is None and not queries.copy_on_the_way(submission):
        _reply(ctx, submission, "copy", {})
    return submission


@action("procedures.open_notice", label="通知書を開く", may=access.OPEN_NOTICE, data=NoData)
def open_notice(ctx: Context, release: Release, _data: NoData) -> Release:
    """The first opening is noted, and the desk is told; the document can be read as often as one likes."""
    if release.opened_at is not None:
        return release
    release.opened_at = ctx.now
    release.save(update_fields=["opened_at"])
    submission = release.submission
    Happening.unscoped.create(
        municipality_id=ctx.municipality.id,
        procedure=submission.offer.procedure,
        number=submission.publication.number,
        kind="opened",
        channel="online",
        seconds=_seconds(release.at, ctx.now),
        test=submission.test,
        at=ctx.now,
    )
    ctx.publish("procedures.opened", {"release": str(release.pk)}, key=str(release.pk))
    return release


@action("procedures.forget_earlier", label="前の答えを消す", may=access.FORGET_EARLIER, data=NoData)
def forget_earlier(ctx: Context, answer: EarlierAnswer, _data: NoData) -> EarlierAnswer:
    """It is not offered any more; the next sending may bring it back."""
    answer.value, answer.receipt, answer.at = "", "", ctx.now
    answer.save(update_fields=["value", "receipt", "at"])
    return answer


def _text(data: Words, field: str) -> str:
    text = str(data.body.get("text") or "").strip()
    if len(text) > MOST_WORDS:
        raise Problem(
            "too_long",
            _("%(most)d文字までにしてください（今は%(found)d文字）。")
            % {"most": MOST_WORDS, "found": len(text)},
            field=field,
            found=str(len(text)),
            expected=str(MOST_WORDS),
        )
    if hide(text) != text:
        raise Problem(
            "my_number",
            _(
                "個人番号（マイナンバー）と思われる12桁の数字があります。ここでは受け取れないので、消してください。"
            ),
            field=field,
        )
    return text


def _reply(
    ctx: Context,
    submission: Submission,
    kind: str,
    body: dict[str, JsonValue],
    release: Release | None = None,
    filling: UUID | None = None,
) -> Reply:
    reply = Reply.unscoped.create(
        municipality_id=ctx.municipality.id,
        submission=submission,
        release=release,
        filling=filling,
        kind=kind,
        body=body,
        at=ctx.now,
    )
    ctx.publish("procedures.replied", {"reply": str(reply.pk)}, key=str(reply.pk))
    return reply


def _seconds(since: dt.datetime, until: dt.datetime) -> int:
    return max(0, int((until - since).total_seconds()))
