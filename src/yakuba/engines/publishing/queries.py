"""Reading what stands published."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from yakuba.engines.publishing.models import Publication, PublishedPart
from yakuba.kernel.actions import Context
from yakuba.kernel.dates.fiscal import FiscalYear


def standing(ctx: Context, kind: str) -> QuerySet[Publication]:
    """The newest publication of each subject of one kind, without those taken back; newest year first."""
    newer = Publication.unscoped.filter(
        municipality=OuterRef("municipality"), kind=OuterRef("kind"), subject=OuterRef("subject")
    ).filter(number__gt=OuterRef("number"))
    return (
        Publication.objects.for_actor(ctx)
        .filter(kind=kind, withdrawn=False)
        .filter(~Exists(newer))
        .order_by("-year", "title", "id")
    )


def standing_of(ctx: Context, kind: str, subject: UUID) -> Publication | None:
    """The standing publication of one subject."""
    return standing(ctx, kind).filter(subject=subject).first()


def standing_in(ctx: Context, kind: str, year: FiscalYear) -> Publication | None:
    """The standing publication of one year."""
    return standing(ctx, kind).filter(year=year.year).first()


def history(ctx: Context, kind: str, subject: UUID) -> QuerySet[Publication]:
    """Every publication of a subject that the actor may see, newest first."""
    return Publication.objects.for_actor(ctx).filter(kind=kind, subject=subject).order_by("-number")


def parts(ctx: Context, publication: Publication) -> QuerySet[PublishedPart]:
    """The parts of a publication in their order."""
    return PublishedPart.objects.for_actor(ctx).filter(publication=publication).order_by("position")
