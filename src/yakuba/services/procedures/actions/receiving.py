"""From the portal to the desk: a submission becomes a filing and a case, a reply becomes part of them.

Each runs once, in the transaction that completes its outbox row; the portal's copy of the content goes in the same transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import cast
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.casework import states
from yakuba.engines.casework import store as casework
from yakuba.engines.casework.models import Case
from yakuba.engines.protection import queries as protection
from yakuba.kernel.actions import Context, NoData, Problem, SubjectRef, action
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.files import store as files
from yakuba.services.procedures.access.desk import RECEIVE, TAKE_REPLY
from yakuba.services.procedures.actions import releasing
from yakuba.services.procedures.checking import vouch_for, vouch_for_arrival
from yakuba.services.procedures.definition import showing
from yakuba.services.procedures.definition.model import Definition, Question
from yakuba.services.procedures.definition.showing import PartyAnswers
from yakuba.services.procedures.models import (
    Attachment,
    EarlierAnswer,
    Filing,
    FilingRevision,
    Happening,
    Procedure,
    Reply,
    Submission,
    Upload,
)
from yakuba.services.procedures.published.queries import definition_of

Given = Mapping[str, JsonValue]


@action("procedures.receive", label="提出を庁内で受け付ける", may=RECEIVE, data=NoData)
def receive(ctx: Context, submission: Submission, data: NoData) -> Submission:
    """Make the desk's filing and case of a submission. A second time it changes nothing."""
    if submission.handed_over_at is not None:
        return submission
    body = submission.body
    definition = definition_of(submission.publication_id)
    procedure = Procedure.unscoped.get(municipality=ctx.municipality.id, pk=submission.offer.procedure)
    given = cast("dict[str, JsonValue]", body["answers"])
    # First of all: what follows may move the case on, and the applicant's page with it.
    submission.state, submission.state_label = releasing.PUBLIC_STATES["arrived"]
    submission.state_at = ctx.now
    submission.save(update_fields=["state", "state_label", "state_at"])
    filing = file(
        ctx,
        Filing(
            municipality_id=ctx.municipality.id,
            procedure=procedure,
            publication_id=submission.publication_id,
            receipt=submission.receipt,
            arrived_at=submission.arrived_at,
            answers=given,
            level=submission.level,
            method=submission.method,
            vouched=body.get("vouched") or {},
            language=submission.language,
            fee=body.get("fee"),
        ),
        definition,
        channel="online",
        result=submission.electronic,
        test=submission.test,
    )
    attach(ctx, filing, definition, given, owner=submission)
    held = protection.held(ctx, [SubjectRef("case", cast("UUID", filing.case_id))])
    # Earlier answers are a pre-fill: nothing is offered of somebody under 支援措置 (the portal cannot ask by itself).
    if submission.citizen is not None and not held and not submission.test:
        _remember(ctx, submission, definition, given)
    vouch_for_arrival(ctx, submission)
    _happened(ctx, submission, procedure, "sent", began_at=str(body.get("began_at") or ""))
    submission.body, submission.handed_over_at = {}, ctx.now
    submission.save(update_fields=["body", "handed_over_at"])
    ctx.publish("procedures.received", {"filing": str(filing.pk)}, key=str(filing.pk))
    return submission


def file(
    ctx: Context,
    filing: Filing,
    definition: Definition,
    *,
    channel: str,
    result: str,
    test: bool,
) -> Filing:
    """Write a filing with its first revision and open its case; the same for what came online, on paper or by telephone."""
    parties = showing.parties(definition, filing.answers)
    name, kana = _called(parties)
    filing.parties = _kept(parties)
    filing.retention = definition.retention
    filing.save(force_insert=True)
    revise(ctx, filing, reason="")
    case = casework.open_case(
        ctx,
        casework.Opening(
            kind=definition.kind,
            title=filing.procedure.title,
            origin=SubjectRef("filing", filing.pk),
            topic=SubjectRef("procedure", filing.procedure_id),
            office_id=filing.procedure.office_id,
            authority=definition.authority,
            matter=definition.matter,
            channel=channel,
            applicant=name,
            applicant_kana=kana,
            receipt=filing.receipt,
            arrived_at=filing.arrived_at,
            clock=definition.term,
            routed=definition.routed,
            result=result,
            test=test,
            checks=definition.checks,
            accept=definition.accept_on_arrival and definition.kind == "notification",
        ),
    )
    filing.case = case
    filing.save(update_fields=["case"])
    ctx.note(
        case=case.number,
        opened=f"case/{case.pk}",
        procedure=filing.procedure.title,
        version=filing.publication.number,
    )
    return filing


def _called(parties: Mapping[str, PartyAnswers]) -> tuple[str, str]:
    """(name, reading) under which the case stands in lists."""
    one = parties.get("applicant") or PartyAnswers()
    return (one.organisation or one.name, one.kana if not one.organisation else "")


def _kept(parties: Mapping[str, PartyAnswers]) -> dict[str, JsonValue]:
    return {
        key: {**asdict(one), "birth": one.birth.isoformat() if one.birth else None}
        for key, one in parties.items()
    }


def revise(ctx: Context, filing: Filing, *, reason: str) -> FilingRevision:
    """Keep the answers as they stand now."""
    made = FilingRevision.unscoped.create(
        municipality_id=filing.municipality_id,
        filing=filing,
        number=filing.revisions.count() + 1,
        answers=filing.answers,
        at=ctx.now,
        by_label=ctx.actor.label,
        reason=reason,
    )
    vouch_for(ctx, made)
    return made


def attach(ctx: Context, filing: Filing, definition: Definition, given: Given, *, owner: Submission) -> None:
    """Turn the uploads that the answers name into attachments; uploads of anybody else are no answer."""
    wanted = dict(_uploads(definition.questions(), given))
    found = Upload.unscoped.filter(municipality=ctx.municipality.id, submission=owner, pk__in=wanted)
    for upload in found.select_related("file").order_by("id"):
        Attachment.unscoped.create(
            municipality_id=ctx.municipality.id,
            filing=filing,
            question=wanted[upload.pk],
            file=upload.file,
            upload=upload.pk,
            pages=upload.pages,
        )
        files.retain(upload.file, filing.retention)  # a paper of the case from here
        upload.delete()


def _uploads(questions: Iterable[Question], given: Given) -> Iterable[tuple[UUID, str]]:
    """(upload, question key) of every file that the answers name, those inside groups too."""
    for question in questions:
        value = given.get(question.key)
        if question.kind == "group" and isinstance(value, list):
            for row in value:
                yield from _uploads(question.questions, cast("Given", row))
        elif question.kind in {"file", "photo"} and isinstance(value, list):
            for one in value:
                yield UUID(str(one)), question.key


def _remember(ctx: Context, submission: Submission, definition: Definition, given: Given) -> None:
    """Keep what a signed-in applicant said of themselves, to offer it the next time.

    Only the applicant's own facts: what they wrote of somebody else is not theirs to be offered.
    """
    for question in definition.questions():
        if not question.stands_for.startswith("applicant.") or given.get(question.key) in (None, "", {}):
            continue
        EarlierAnswer.unscoped.update_or_create(
            municipality_id=ctx.municipality.id,
            citizen=submission.citizen,
            fact=question.stands_for,
            defaults={"value": given[question.key], "receipt": submission.receipt, "at": ctx.now},
        )


@action("procedures.take_reply", label="申請者からの返事を受け取る", may=TAKE_REPLY, data=NoData)
def take_reply(ctx: Context, reply: Reply, data: NoData) -> Reply:
    """A correction, a message or a withdrawal reaches the case, or a copy is asked for. A second time it changes nothing."""
    if reply.handed_over_at is not None:
        return reply
    submission = reply.submission
    if submission.handed_over_at is None:
        raise Problem("order", _("提出がまだ庁内に届いていません。"))  # the worker tries again
    filing = Filing.unscoped.get(municipality=ctx.municipality.id, receipt=submission.receipt)
    case = _case(filing)
    text = str(reply.body.get("text") or "")
    if reply.kind == "correction":
        _correct(ctx, reply, filing, case, text)
    elif reply.kind == "withdrawal":
        _withdraw(ctx, reply, filing, case, text)
    elif reply.kind == "copy":
        releasing.copied(ctx, case, filing)
    else:
        casework.hear(ctx, case, "question", text, at=reply.at)
    reply.body, reply.handed_over_at = {}, ctx.now
    reply.save(update_fields=["body", "handed_over_at"])
    return reply


def _withdraw(ctx: Context, reply: Reply, filing: Filing, case: Case, text: str) -> None:
    """End the case. Where it was decided meanwhile, the wish is told to the office as a message: a decision is not undone by it."""
    if states.step(case.kind, case.state, "withdraw", routed=case.routed) is None:
        casework.hear(ctx, case, "question", _("取下げの申し出：%(text)s") % {"text": text}, at=reply.at)
        return
    casework.move(ctx, case, "withdraw", reason=text, at=reply.at)
    _happened(ctx, reply.submission, filing.procedure, "withdrawn")


def _correct(ctx: Context, reply: Reply, filing: Filing, case: Case, text: str) -> None:
    """The asked answers as they are now; everything else stands as it stood."""
    definition = definition_of(filing.publication_id)
    asked = {str(key) for key in (reply.release.body.get("questions") if reply.release else None) or ()}
    new = {key: value for key, value in cast("Given", reply.body["answers"]).items() if key in asked}
    before = filing.answers
    filing.answers = {**before, **new}
    attach(ctx, filing, definition, new, owner=reply.submission)
    _drop_replaced(ctx, filing, definition)
    parties = showing.parties(definition, filing.answers)
    filing.parties = _kept(parties)
    filing.save(update_fields=["answers", "parties"])
    revised = revise(ctx, filing, reason=text)
    ctx.publish("procedures.received", {"filing": str(filing.pk)}, key=f"{filing.pk}:{revised.number}")
    applicant = _called(parties)
    if applicant != (case.applicant, case.applicant_kana):
        casework.rename(ctx, case, *applicant)
    casework.hear(ctx, case, "correction", text, asked=sorted(new), at=reply.at)
    if case.state == "returned":
        casework.move(ctx, case, "corrected", at=reply.at)
    _happened(ctx, reply.submission, filing.procedure, "corrected")


def _drop_replaced(ctx: Context, filing: Filing, definition: Definition) -> None:
    """Files that the answers no longer name stay as evidence, and count no more."""
    named = {upload for upload, _key in _uploads(definition.questions(), filing.answers)}
    rows = filing.attachments.filter(dropped_at__isnull=True, upload__isnull=False)
    rows.exclude(upload__in=named).update(dropped_at=ctx.now)


def _case(filing: Filing) -> Case:
    return Case.unscoped.select_for_update().get(pk=cast("UUID", filing.case_id))


def _happened(
    ctx: Context, submission: Submission, procedure: Procedure, kind: str, *, began_at: str = ""
) -> None:
    """Count it, with nothing in it that tells of a person."""
    seconds = None
    if began_at:
        seconds = max(0, int((submission.arrived_at - dt.datetime.fromisoformat(began_at)).total_seconds()))
    Happening.unscoped.create(
        municipality_id=ctx.municipality.id,
        procedure=procedure.pk,
        number=submission.publication.number,
        kind=kind,
        channel="online",
        seconds=seconds,
        test=submission.test,
        at=submission.arrived_at if kind == "sent" else ctx.now,
    )
