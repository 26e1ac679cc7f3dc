"""Reads of filings and of what belongs to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet

from yakuba.engines.casework.models import Case
from yakuba.engines.protection.rules import Party
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context, Missing
from yakuba.services.procedures.access.desk import ENTER_INTO
from yakuba.services.procedures.definition.model import Definition
from yakuba.services.procedures.models import (
    Attachment,
    Filing,
    FilingRevision,
    Procedure,
    Release,
    Reply,
    Submission,
)
from yakuba.services.procedures.published.queries import KIND, definition_of


def of_case(case: Case) -> Filing:
    """The filing that a case is about, for whoever has the case already."""
    return Filing.unscoped.get(municipality=case.municipality_id, pk=case.origin_id)


def demand(ctx: Context, filing_id: UUID) -> Filing:
    """A filing that this actor may see. Raises :class:`Missing`."""
    found = Filing.objects.for_actor(ctx).filter(pk=filing_id).select_related("case", "publication").first()
    if found is None:
        raise Missing
    return found


def attachments(filing: Filing, *, dropped: bool = False) -> list[Attachment]:
    """The files of a filing that still count, in the order in which they came; with ``dropped`` the replaced ones too."""
    found = Attachment.unscoped.filter(municipality=filing.municipality_id, filing=filing)
    if not dropped:
        found = found.filter(dropped_at__isnull=True)
    return list(found.select_related("file").order_by("id"))


def revisions(filing: Filing) -> list[FilingRevision]:
    """Every state of the answers, the first one first."""
    return list(FilingRevision.unscoped.filter(municipality=filing.municipality_id, filing=filing))


def people(ctx: Context, filing_ids: Sequence[UUID]) -> dict[UUID, list[Party]]:
    """Applicant, person concerned and agent of filings of this municipality, as the alarm of protective measures compares them."""
    kept = Filing.unscoped.filter(municipality=ctx.municipality.id, pk__in=filing_ids)
    return {
        pk: [_party(one) for one in parties.values()] for pk, parties in kept.values_list("pk", "parties")
    }


def _party(kept: Mapping[str, str | None]) -> Party:
    birth = kept.get("birth")
    texts = {key: kept.get(key) or "" for key in ("name", "kana", "address")}
    return Party(**texts, birth=dt.date.fromisoformat(birth) if birth else None)


def submission(ctx: Context, submission_id: UUID) -> Submission | None:
    """A submission of this municipality, for the worker that carries it to the desk."""
    return (
        Submission.unscoped.filter(municipality=ctx.municipality.id, pk=submission_id)
        .select_related("offer", "publication")
        .first()
    )


def reply(ctx: Context, reply_id: UUID) -> Reply | None:
    """A reply of this municipality, for the same."""
    return (
        Reply.unscoped.filter(municipality=ctx.municipality.id, pk=reply_id)
        .select_related("submission", "release")
        .first()
    )


def release(ctx: Context, release_id: UUID) -> Release | None:
    """Something released to an applicant of this municipality, for the same."""
    return Release.unscoped.filter(municipality=ctx.municipality.id, pk=release_id).first()


def enterable(ctx: Context) -> QuerySet[Procedure]:
    """Published procedures of the offices for which this actor works on cases."""
    return Procedure.objects.for_actor(ctx).filter(ENTER_INTO.q(ctx), published__gt=0).order_by("title", "id")


def published(ctx: Context) -> list[Procedure]:
    """Every procedure of the municipality that was ever published, by title: its name is no secret to any office."""
    return list(
        Procedure.unscoped.filter(municipality=ctx.municipality.id, published__gt=0).order_by("title", "id")
    )


def newest_definition(ctx: Context, procedure_id: UUID) -> Definition | None:
    """What a procedure's newest publication says, also of one that is closed online: paper may still come."""
    newest = (
        Publication.unscoped.filter(
            municipality=ctx.municipality.id, kind=KIND, subject=procedure_id, withdrawn=False
        )
        .order_by("-number")
        .values_list("pk", flat=True)
        .first()
    )
    return None if newest is None else definition_of(newest)


def attachment(ctx: Context, filing_id: UUID, attachment_id: UUID) -> Attachment | None:
    """One attachment that this actor may see."""
    return (
        Attachment.objects.for_actor(ctx)
        .filter(filing=filing_id, pk=attachment_id)
        .select_related("file")
        .first()
    )


def arrived(ctx: Context, procedure_id: UUID, at: dt.datetime) -> bool:
    """Whether something arrived for a procedure at that very moment: a loader that goes on asks before it sends again."""
    return Submission.unscoped.filter(
        municipality=ctx.municipality.id, offer__procedure=procedure_id, arrived_at=at
    ).exists()


# --- for the trail's check: rows of this installation by their ids ---------------------------------------------------


def filings_in(ids: Sequence[UUID]) -> QuerySet[Filing]:
    """Filings."""
    return Filing.unscoped.filter(pk__in=ids)


def revisions_in(ids: Sequence[UUID]) -> QuerySet[FilingRevision]:
    """States of their answers."""
    return FilingRevision.unscoped.filter(pk__in=ids)


def submissions_in(ids: Sequence[UUID]) -> QuerySet[Submission]:
    """What arrived at the portal."""
    return Submission.unscoped.filter(pk__in=ids)
