"""Reading templates and books."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context, Missing
from yakuba.services.plan.models import BOOK_FORMATS, Book, BookTemplate, Edition, PublishedBook
from yakuba.services.plan.published import EDITION


def templates(ctx: Context) -> QuerySet[BookTemplate]:
    """The city's own templates and forms that are in use, by name."""
    return BookTemplate.objects.for_actor(ctx).filter(retired_at__isnull=True).select_related("file")


def template(ctx: Context, template_id: UUID) -> BookTemplate:
    """One of them. Raises :class:`Missing`."""
    found = templates(ctx).filter(pk=template_id).first()
    if found is None:
        raise Missing
    return found


def books(ctx: Context, of: Edition) -> QuerySet[Book]:
    """The books of an edition that are there or on their way, newest first."""
    own = Book.objects.for_actor(ctx).filter(edition=of).exclude(state="gone")
    return own.select_related("file").order_by("-asked_at", "-pk")


def book(ctx: Context, book_id: UUID) -> Book:
    """One book with its edition. Raises :class:`Missing`."""
    found = (
        Book.objects.for_actor(ctx)
        .select_related("file", "edition", "edition__plan")
        .filter(pk=book_id)
        .first()
    )
    if found is None:
        raise Missing
    return found


def kept(ctx: Context, stamp: str) -> Book | None:
    """The book that was made, or is being made, from exactly this."""
    own = Book.objects.for_actor(ctx).filter(stamp=stamp, state__in=("waiting", "made"))
    return own.select_related("file").order_by("-asked_at", "-pk").first()


def edition_of(ctx: Context, edition_id: UUID) -> Edition:
    """An edition that the worker is to print. Raises :class:`Missing`."""
    found = (
        Edition.unscoped.filter(municipality=ctx.municipality.id, pk=edition_id)
        .select_related("plan")
        .first()
    )
    if found is None:
        raise Missing
    return found


def ordered(ctx: Context, book_id: UUID) -> Book | None:
    """A book that waits for the worker."""
    waiting = Book.unscoped.filter(municipality=ctx.municipality.id, pk=book_id, state="waiting")
    return waiting.select_related("edition", "edition__plan", "publication").first()


def old(ctx: Context, before: dt.datetime) -> list[Book]:
    """Books that were asked for before a moment and are still there."""
    here = Book.unscoped.filter(municipality=ctx.municipality.id, asked_at__lt=before)
    return list(here.exclude(state="gone").select_related("file"))


def standing(ctx: Context) -> list[Publication]:
    """The standing editions, oldest year first, without what they say, each with the sizes of its books (one query).

    A size is an attribute of the publication: ``book_pdf``, None where there is no such book.
    """
    sizes = {
        f"book_{form}": Subquery(
            PublishedBook.unscoped.filter(
                municipality=OuterRef("municipality"), publication=OuterRef("pk"), format=form
            ).values("file__size")[:1]
        )
        for form, _label in BOOK_FORMATS
    }
    found = publishing.standing(ctx, EDITION).annotate(**sizes)
    return list(found.defer("head").order_by("year", "title", "id"))


def sizes(of: Publication) -> list[tuple[str, int]]:
    """Format and bytes of each book of a publication that :func:`standing` gave, PDF first."""
    found = [(form, getattr(of, f"book_{form}", None)) for form, _label in BOOK_FORMATS]
    return [(form, size) for form, size in found if size is not None]


def published(ctx: Context, of: Publication) -> list[PublishedBook]:
    """What the public may take of a publication, PDF first."""
    own = PublishedBook.objects.for_actor(ctx).filter(publication=of).select_related("file")
    return sorted(own, key=lambda one: ("pdf", "docx", "xlsx").index(one.format))
