"""Reads of the citizens' side. Every function says whom it answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from yakuba.engines.publishing.models import Publication
from yakuba.engines.visitors.visitor import Visitor
from yakuba.kernel.actions import Context, Missing
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

#: Answers that the desk gave back do not lie at the portal for longer.
COPY_LASTS: Final = dt.timedelta(days=1)


def offers(ctx: Context) -> QuerySet[Offer]:
    """What is offered, with its publication's number and stamp; for anybody."""
    return (
        Offer.objects.for_actor(ctx)
        .filter(listed=True)
        .select_related("publication")
        .defer("publication__head")
    )


def offer_of(ctx: Context, procedure: UUID) -> Offer:
    """The offer of a procedure. Raises :class:`Missing` where it is not offered to anybody."""
    found = offers(ctx).filter(procedure=procedure).first()
    if found is None:
        raise Missing
    return found


def unlisted(ctx: Context, procedure: UUID) -> Offer | None:
    """The offer of a procedure, also one that was never made public: for whoever holds a test link to it."""
    return (
        Offer.unscoped.filter(municipality=ctx.municipality.id, procedure=procedure)
        .select_related("publication")
        .defer("publication__head")
        .first()
    )


def filling(ctx: Context, filling_id: UUID) -> Filling | None:
    """Something that this visitor is filling in and that has not expired; None for anybody else's."""
    return (
        Filling.objects.for_actor(ctx)
        .filter(pk=filling_id, expires_at__gt=ctx.now)
        .select_related("offer", "release", "release__submission", "publication")
        .defer("publication__head")
        .first()
    )


def fillings(ctx: Context) -> list[Filling]:
    """What this visitor has begun and not sent, the newest first."""
    found = Filling.objects.for_actor(ctx).filter(expires_at__gt=ctx.now, release__isnull=True)
    return list(found.select_related("publication").defer("publication__head").order_by("-seen_at")[:20])


def correction_filling(ctx: Context, release: Release) -> Filling | None:
    """What this visitor has begun to write in answer to a correction request."""
    found = Filling.objects.for_actor(ctx).filter(release=release, expires_at__gt=ctx.now)
    return found.select_related("offer", "release", "publication").defer("publication__head").first()


def resumable(ctx: Context, digest: str) -> Filling | None:
    """What a resume link leads to; whoever opens it has yet to give the code."""
    found = Filling.unscoped.filter(
        municipality=ctx.municipality.id, resume_hash=digest, expires_at__gt=ctx.now
    )
    return found.first() if digest else None


def uploads(filling_of: Filling) -> list[Upload]:
    """The files of something that is being filled in, in the order in which they came; for whoever has it already."""
    return list(
        Upload.unscoped.filter(municipality=filling_of.municipality_id, filling=filling_of)
        .select_related("file")
        .order_by("id")
    )


def upload(ctx: Context, upload_id: UUID) -> Upload:
    """A file of this visitor's own. Raises :class:`Missing` for anybody else's."""
    found = Upload.objects.for_actor(ctx).filter(pk=upload_id).select_related("file").first()
    if found is None:
        raise Missing
    return found


def names_of(files: Iterable[Upload]) -> dict[str, str]:
    """Upload id → file name, as the definition's pages ask for it."""
    return {str(one.pk): one.file.name for one in files}


def submission(ctx: Context, submission_id: UUID) -> Submission:
    """A submission of this visitor's own. Raises :class:`Missing` for anybody else's."""
    found = (
        Submission.objects.for_actor(ctx)
        .filter(pk=submission_id)
        .select_related("offer", "publication")
        .defer("publication__head")
        .first()
    )
    if found is None:
        raise Missing
    return found


def sent_from(ctx: Context, filling_id: UUID) -> Submission | None:
    """What became of a form that this visitor filled in and sent."""
    return Submission.objects.for_actor(ctx).filter(filling=filling_id).first()


def reply_from(ctx: Context, filling_id: UUID) -> Reply | None:
    """What became of a correction that this visitor filled in and sent."""
    return Reply.objects.for_actor(ctx).filter(filling=filling_id).first()


def submissions(ctx: Context) -> list[Submission]:
    """What this visitor has sent, the newest first."""
    found = Submission.objects.for_actor(ctx).select_related("publication").defer("publication__head", "body")
    return list(found.order_by("-arrived_at")[:100])


def asked_back(ctx: Context, sent: Sequence[Submission]) -> Mapping[UUID, int]:
    """How many correction requests wait for an answer, by submission (one query)."""
    found = Release.objects.for_actor(ctx).filter(
        submission__in=[one.pk for one in sent],
        kind="correction",
        answered_at__isnull=True,
        closed_at__isnull=True,
    )
    counts: dict[UUID, int] = {}
    for submission_id in found.values_list("submission_id", flat=True):
        counts[submission_id] = counts.get(submission_id, 0) + 1
    return counts


def by_receipt(ctx: Context, receipt: str) -> Submission | None:
    """The submission with a receipt number; whoever typed it has yet to give the secret."""
    return Submission.unscoped.filter(municipality=ctx.municipality.id, receipt=receipt).first()


def releases(ctx: Context, sent: Submission) -> list[Release]:
    """What the desk released of a submission, in the order in which it came."""
    return list(
        Release.objects.for_actor(ctx).filter(submission=sent).select_related("file").order_by("at", "id")
    )


def release(ctx: Context, sent: Submission, release_id: UUID) -> Release:
    """One of them. Raises :class:`Missing`."""
    found = (
        Release.objects.for_actor(ctx)
        .filter(pk=release_id, submission=sent)
        .select_related("file", "submission")
        .first()
    )
    if found is None:
        raise Missing
    return found


def copy_of(ctx: Context, sent: Submission) -> Release | None:
    """The answers that the desk gave back, for a day; None where it was not asked. For whoever may ask for them."""
    found = sent.releases.filter(kind="copy", at__gt=ctx.now - COPY_LASTS)
    return found.order_by("-at", "-id").first()


def copy_on_the_way(sent: Submission) -> bool:
    """Whether the desk was asked and has not answered yet."""
    return sent.replies.filter(kind="copy", handed_over_at__isnull=True).exists()


def replies(ctx: Context, sent: Submission) -> list[Reply]:
    """What the applicant wrote after the sending, in the order in which it came."""
    return list(Reply.objects.for_actor(ctx).filter(submission=sent).order_by("at", "id"))


def earlier(ctx: Context, visitor: Visitor) -> list[EarlierAnswer]:
    """The earlier answers of whoever is signed in; none for anybody else, none that were forgotten."""
    if visitor.citizen is None:
        return []
    found = EarlierAnswer.objects.for_actor(ctx).filter(citizen=visitor.citizen).order_by("fact")
    return [one for one in found if one.value]


def earlier_answer(ctx: Context, answer_id: UUID) -> EarlierAnswer:
    """One of them. Raises :class:`Missing`."""
    found = EarlierAnswer.objects.for_actor(ctx).filter(pk=answer_id).first()
    if found is None:
        raise Missing
    return found


def reuses(ctx: Context) -> list[Reuse]:
    """When earlier answers were used again, the newest first."""
    return list(Reuse.objects.for_actor(ctx).order_by("-at")[:50])


def standing(ctx: Context, publication: Publication) -> bool:
    """Whether a version still stands: the office may have taken it back for good."""
    return Publication.objects.for_actor(ctx).filter(pk=publication.pk).exists()
