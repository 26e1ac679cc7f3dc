"""Reading what stands published, and what stood on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from yakuba.engines.publishing.fronts import presenters
from yakuba.engines.publishing.models import Publication, PublishedPart
from yakuba.kernel.actions import Context
from yakuba.kernel.dates.clock import JAPAN
from yakuba.kernel.dates.fiscal import FiscalYear


def standing(ctx: Context, kind: str = "") -> QuerySet[Publication]:
    """The newest publication of each subject of one kind (or of all), without those taken back; newest year first."""
    found = Publication.objects.for_actor(ctx).filter(_newest(), withdrawn=False)
    return (found.filter(kind=kind) if kind else found).order_by("-year", "title", "id")


def _newest(until: dt.datetime | None = None) -> Q:
    """The newest of its subject; with ``until``, of those published until that moment."""
    later = Publication.unscoped.filter(
        municipality=OuterRef("municipality"), kind=OuterRef("kind"), subject=OuterRef("subject")
    ).filter(number__gt=OuterRef("number"))
    return ~Q(Exists(later if until is None else later.filter(published_at__lte=until)))


def standing_of(ctx: Context, kind: str, subject: UUID) -> Publication | None:
    """The standing publication of one subject."""
    return standing(ctx, kind).filter(subject=subject).first()


def ever_published(ctx: Context, kind: str = "") -> dict[UUID, bool]:
    """Every subject of one kind (or of all) that was published at some time, and whether it still stands."""
    found = Publication.unscoped.filter(municipality_id=ctx.municipality.id).order_by("number")
    words = (found.filter(kind=kind) if kind else found).values_list("subject", "withdrawn")
    return {subject: not withdrawn for subject, withdrawn in words}


def standing_in(ctx: Context, kind: str, year: FiscalYear) -> Publication | None:
    """The standing publication of one year."""
    return standing(ctx, kind).filter(year=year.year).first()


def history(ctx: Context, kind: str, subject: UUID) -> QuerySet[Publication]:
    """Every publication of a subject that the actor may see, newest first."""
    return Publication.objects.for_actor(ctx).filter(kind=kind, subject=subject).order_by("-number")


def told(ctx: Context, kind: str) -> QuerySet[Publication]:
    """Every publication and every tombstone of one kind, newest first, without what they say.

    Title, day, number and note of each are public for good, also of what was taken back; its content is not, and is not here.
    """
    return (
        Publication.unscoped.filter(municipality_id=ctx.municipality.id, kind=kind)
        .defer("head")
        .order_by("-published_at", "-number", "-id")
    )


def numbered(ctx: Context, kind: str, subject: UUID, number: int) -> Publication | None:
    """One publication of a subject by its number, a tombstone as well, where the actor may see it."""
    return history(ctx, kind, subject).filter(number=number).first()


def stood_on(ctx: Context, kind: str, day: dt.date) -> QuerySet[Publication]:
    """What stood published of one kind when a day ended in Japan; newest year first.

    What the actor may see of it: the public is not shown again what was taken back since.
    """
    end = dt.datetime.combine(day, dt.time.max, JAPAN)
    return (
        Publication.objects.for_actor(ctx)
        .filter(_newest(end), kind=kind, withdrawn=False, published_at__lte=end)
        .order_by("-year", "title", "id")
    )


def standing_on(ctx: Context, kind: str, subject: UUID, day: dt.date) -> Publication | None:
    """The publication of one subject that stood when a day ended in Japan."""
    return stood_on(ctx, kind, day).filter(subject=subject).first()


def parts(ctx: Context, publication: Publication) -> QuerySet[PublishedPart]:
    """The parts of a publication in their order."""
    return PublishedPart.objects.for_actor(ctx).filter(publication=publication).order_by("position")


def parts_of(ctx: Context, publications: Iterable[Publication]) -> QuerySet[PublishedPart]:
    """The parts of several publications in their order."""
    return (
        PublishedPart.objects.for_actor(ctx).filter(publication__in=list(publications)).order_by("position")
    )


def standing_subjects(ctx: Context, kinds: Iterable[str], subjects: Iterable[UUID]) -> QuerySet[Publication]:
    """Those of the subjects that stand published as one of the kinds, without what they say."""
    return standing(ctx).filter(kind__in=list(kinds), subject__in=list(subjects)).defer("head")


def standing_parts(ctx: Context, objects: Iterable[UUID]) -> QuerySet[PublishedPart]:
    """Those of the objects that stand published, each with its publication."""
    newest = Publication.unscoped.filter(_newest(), municipality_id=ctx.municipality.id, withdrawn=False)
    return (
        PublishedPart.objects.for_actor(ctx)
        .filter(object__in=list(objects), publication__in=newest.values("pk"))
        .select_related("publication")
        .defer("publication__head")
        .order_by("-publication__year", "position")
    )


def standing_everywhere(kind: str) -> QuerySet[Publication]:
    """What stands published of one kind in all municipalities; within each the newest year first."""
    return Publication.unscoped.filter(_newest(), kind=kind, withdrawn=False).order_by(
        "municipality", "-year", "title", "id"
    )


def taken_back(ctx: Context, kind: str, year: FiscalYear) -> Publication | None:
    """The tombstone that stands for a year, if its newest word is that it was taken back. Its note is public."""
    return (
        Publication.unscoped.filter(_newest(), municipality_id=ctx.municipality.id, kind=kind, year=year.year)
        .filter(withdrawn=True)
        .order_by("-published_at", "-id")
        .first()
    )


def last_word(ctx: Context, part: UUID) -> tuple[Publication, PublishedPart] | None:
    """Where an object was published last, and the newest publication of that whole: another one, or a tombstone.

    None when the object was never public. For answering that it is gone, not for showing it.
    """
    found = (
        PublishedPart.unscoped.filter(municipality_id=ctx.municipality.id, object=part)
        .select_related("publication")
        .defer("body")
        .order_by("-publication__published_at", "-publication__number")
        .first()
    )
    if found is None:
        return None
    newest = (
        Publication.unscoped.filter(
            municipality_id=ctx.municipality.id,
            kind=found.publication.kind,
            subject=found.publication.subject,
        )
        .order_by("-number")
        .first()
    )
    return None if newest is None else (newest, found)


def stood_everywhere(kind: str, end: dt.datetime) -> QuerySet[Publication]:
    """What stood published of one kind in all municipalities just before a moment, also what was taken back since; for counting alone.

    Within each municipality the newest year first, in the order of :func:`standing`.
    """
    until = end - dt.timedelta(microseconds=1)
    found = Publication.unscoped.filter(_newest(until), kind=kind, withdrawn=False, published_at__lte=until)
    return found.order_by("municipality", "-year", "title", "id")


def bodies_everywhere(publications: Iterable[UUID]) -> QuerySet[PublishedPart]:
    """The parts of several publications of any municipalities; for counting alone."""
    return PublishedPart.unscoped.filter(publication__in=list(publications)).order_by()


@dataclass(frozen=True, slots=True)
class Hall:
    """A municipality with something public: how many things stand, and when the newest came."""

    code: str
    name: str
    kana: str
    prefecture: str
    things: int
    newest: dt.datetime


def halls() -> list[Hall]:
    """The municipalities with something standing published that the front door presents, by code (one query).

    What was frozen for another use (a procedure for trying out) is no thing of the public.
    """
    found = (
        Publication.unscoped.filter(_newest(), withdrawn=False, kind__in=[one.kind for one in presenters()])
        .values_list(
            "municipality__code", "municipality__name", "municipality__kana", "municipality__prefecture"
        )
        .annotate(things=Count("pk"), newest=Max("published_at"))
        .order_by("municipality__code")
    )
    return [Hall(*row) for row in found]
