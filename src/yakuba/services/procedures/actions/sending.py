"""The sending: the commit of it is the arrival. What goes with a form, and what stands against taking it."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.engines.delivery import store as delivery
from yakuba.engines.delivery.links import absolute
from yakuba.engines.visitors import queries as visits
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Denied, Missing, Problem, Problems, action
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.fields import INTERNAL, JsonValue
from yakuba.kernel.plugins import statements
from yakuba.services.procedures.access import portal as access
from yakuba.services.procedures.actions.applying import (
    NotTaken,
    acting_visit,
    demand_level,
    erase_uploads,
    identity,
)
from yakuba.services.procedures.citizens import forms, letters, numbers, opening, queries
from yakuba.services.procedures.definition import answers
from yakuba.services.procedures.definition.model import Definition
from yakuba.services.procedures.models import Filling, Offer, Submission, Upload
from yakuba.services.procedures.published.queries import definition_of


class AlreadySent(Problem):
    """It was sent before: a double press, a second tab, an answer that got lost.

    ``submission`` is what became of it, or of a ``correction`` the submission that it is about.
    """

    status = 409

    def __init__(self, submission: UUID, *, correction: bool) -> None:
        super().__init__("already_sent", _("この内容は、すでに届いています。"))
        self.submission, self.correction = submission, correction


@dataclass(frozen=True)
class Send:
    """Which form is sent."""

    filling: Annotated[str, fields.text(label="記入", classification=INTERNAL, max_length=36)]


@action("procedures.send", label="提出する", may=access.SEND, data=Send, ahead=True)
def send(ctx: Context, _nothing: None, data: Send) -> Submission:
    """The commit of this is the arrival (到達; 行政手続法7条・37条, デジタル手続法6条3項).

    Raises :class:`AlreadySent` for what was sent before, :class:`NotTaken` where it cannot be taken, :class:`Problems` for answers
    that are not right.
    """
    filling = own_filling(ctx, identity(data.filling), correction=False)
    visit = acting_visit(ctx)
    definition = definition_of(filling.publication_id)
    demand_level(visit, definition)
    _demand_open(ctx, filling)
    given = whole_answers(ctx, filling, definition)
    if filling.electronic not in definition.result:
        raise Problems([Problem("choice", _("「結果の受け取り方」を選んでください。"), field=letters.REACH)])
    attached = own_uploads(ctx, filling, definition, given)
    _take_place(filling)
    body: dict[str, JsonValue] = {
        "answers": given,
        "vouched": dict(visit.facts),
        "fee": answers.fee(definition, given),
        "began_at": filling.began_at.isoformat(),
    }
    submission = Submission(
        municipality_id=ctx.municipality.id,
        offer_id=filling.offer_id,
        publication_id=filling.publication_id,
        filling=filling.pk,
        receipt=numbers.new_receipt(),
        visit=visit.pk,
        # Of the same visit whose level and facts stand beside it.
        citizen=visit.citizen,
        arrived_at=ctx.now,
        body=body,
        body_digest=digest_of(given),
        level=visit.level,
        method=visit.method,
        electronic=filling.electronic,
        mail=filling.mail,
        language=filling.language,
        state="received",
        state_label=letters.RECEIVED,
        state_at=ctx.now,
        test=filling.test,
    )
    submission.secret_hash = numbers.proof(submission.receipt, numbers.secret_of(submission.pk))
    hand_in(ctx, attached, submission)
    ctx.write_last(submission)
    ctx.erase_last(filling)
    ctx.publish("procedures.sent", {"submission": str(submission.pk)}, key=str(submission.pk))
    if submission.mail:
        ctx.publish("procedures.mail_due", {"submission": str(submission.pk)}, key=str(submission.pk))
    return submission


def acknowledge(ctx: Context, submission: Submission) -> None:
    """Order the acknowledgement by mail; in the transaction of the worker's row, so once."""
    page = absolute(reverse("procedures-status", args=[ctx.municipality.code]))
    delivery.send(ctx, letters.acknowledgement(ctx, submission, submission.publication.title, page))


def _mine(
    blank: Mapping[str, Any],  # Any: values of several types
    *,
    correction: bool,
) -> QuerySet[Filling]:
    """A visitor's own form with all that the sending looks at."""
    return (
        Filling.objects.for_actor(visits.of_visit(blank["municipality"], blank["visit"]))
        .filter(pk=blank["filling"], release__isnull=not correction)
        .select_related("offer")
        .annotate(has_uploads=Exists(Upload.unscoped.filter(filling=OuterRef("pk"))))
    )


def _locked(blank: Mapping[str, Any], *, correction: bool) -> QuerySet[Filling]:  # Any: as above
    return _mine(blank, correction=correction).select_for_update(of=("self",))


def _ahead(blank: Mapping[str, Any]) -> QuerySet[Filling]:  # Any: as above
    """Without what no sending looks at unless something stands against it, and which is read then."""
    offer = ("municipality", "version", "procedure", "office", "listed", "note", "taken")
    unasked = ("release", "done", "resume_hash", "resume_code_hash", "seen_at", "citizen")
    return _mine(blank, correction=False).defer(*unasked, *(f"offer__{name}" for name in offer))


_BLANKS: Final = {"filling": UUID, "municipality": UUID, "visit": UUID}
_AHEAD = statements.Prepared(_ahead, **_BLANKS)
_APPLICATION = statements.Prepared(functools.partial(_locked, correction=False), **_BLANKS)
_CORRECTION = statements.Prepared(functools.partial(_locked, correction=True), **_BLANKS)


def own_filling(ctx: Context, filling_id: UUID, *, correction: bool) -> Filling:
    """The acting visitor's form, locked: of two that send it, the second waits here and then finds it gone.

    Not locked where the action works ahead: then its taking away finds out whether it is still the one that was read.
    """
    visit = visits.visit_of(ctx)
    if visit is None:
        raise Denied
    mine = _CORRECTION if correction else _AHEAD if statements.waiting() else _APPLICATION
    found = mine.first(filling=filling_id, municipality=ctx.municipality.id, visit=visit)
    if found is None:
        demand_unsent(ctx, filling_id)
        if Filling.unscoped.filter(pk=filling_id).exists():
            raise Denied
        raise Missing
    if found.expires_at <= ctx.now:
        raise NotTaken(
            "expired", _("保存の期限が過ぎたため、記入した内容は消えました。はじめからお願いします。")
        )
    return found


def demand_unsent(ctx: Context, filling_id: UUID) -> None:
    """Raises :class:`AlreadySent` for a form that this visitor has sent."""
    sent = queries.sent_from(ctx, filling_id)
    if sent is not None:
        raise AlreadySent(sent.pk, correction=False)
    reply = queries.reply_from(ctx, filling_id)
    if reply is not None:
        raise AlreadySent(reply.submission_id, correction=True)


def _demand_open(ctx: Context, filling: Filling) -> None:
    if filling.test:
        return
    state = opening.sendable(filling.offer, filling.began_at, ctx.now)
    if state != "open":
        raise NotTaken(state, opening.said_of(state, filling.offer))
    current = filling.publication_id == filling.offer.publication_id
    if not current and not queries.standing(ctx, filling.publication):
        raise NotTaken(
            "taken_back",
            _("記入していた様式は取り下げられました。お手数ですが、新しい様式ではじめからお願いします。"),
        )


def whole_answers(ctx: Context, filling: Filling, definition: Definition) -> dict[str, JsonValue]:
    """All answers, checked as a whole; hidden ones are gone. Raises :class:`Problems` that name their page as ``field``."""
    day = japan_date(ctx.now)
    if filling.whole_on == day and not filling.typed:
        given: dict[str, JsonValue] = filling.answers
        return given
    cleaned = answers.clean(definition, filling.answers, day)
    problems = [Problem("answer", message, field=section) for section, _question, message in cleaned.problems]
    if filling.typed:
        # What was typed last and could not be read is not what stands in the answers.
        shown = {one.section.key for one in answers.visible(definition, filling.answers, day)}
        known = {problem.field for problem in problems}
        problems += [
            Problem("unread", _("書きかけのところがあります。"), field=key)
            for key in filling.typed
            if key in shown and key not in known
        ]
    if problems:
        raise Problems(problems)
    return dict(cleaned.given)


_UPLOADS = statements.Prepared(
    lambda blank: Upload.unscoped.filter(
        municipality=blank["municipality"], filling=blank["filling"]
    ).select_related("file"),
    municipality=UUID,
    filling=UUID,
)


def own_uploads(
    ctx: Context, filling: Filling, definition: Definition, given: dict[str, JsonValue]
) -> list[Upload]:
    """The files that the answers name; what they do not name is erased, and what is not this form's own is refused."""
    wanted = forms.files_in(definition, given) if forms.takes_files(definition) else set()
    if not wanted and not getattr(filling, "has_uploads", True):
        return []
    mine = _UPLOADS.all(municipality=ctx.municipality.id, filling=filling.pk)
    there = {one.pk: one for one in mine}
    if not wanted <= there.keys():
        raise Problem("file_gone", _("付けたファイルがなくなりました。もう一度付けてください。"))
    erase_uploads(ctx, [one for key, one in there.items() if key not in wanted])
    return [there[key] for key in wanted]


def hand_in(ctx: Context, attached: list[Upload], submission: Submission) -> None:
    """From now on the files belong to the submission."""
    if attached:
        Upload.unscoped.filter(municipality=ctx.municipality.id, pk__in=[one.pk for one in attached]).update(
            filling=None, submission=submission
        )


def _take_place(filling: Filling) -> None:
    """One of the places, by one conditional UPDATE: the last one is given once. Without a limit nothing is counted here."""
    if filling.test or filling.offer.places is None:
        return
    free = Offer.unscoped.filter(pk=filling.offer_id, taken__lt=F("places"))
    if not free.update(taken=F("taken") + 1):
        raise NotTaken("full", opening.said_of("full", filling.offer))


def digest_of(given: dict[str, JsonValue]) -> str:
    """What stays of the answers at the portal when the desk has them."""
    text = json.dumps(given, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
