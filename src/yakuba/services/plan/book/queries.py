"""Reading templates and books."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet

from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context, Missing
from yakuba.services.plan.models import Book, BookTemplate, Edition, PublishedBook


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


def published(ctx: Context, of: Publication) -> list[PublishedBook]:
    """What the public may take of a publication, PDF first."""
    own = PublishedBook.objects.for_actor(ctx).filter(publication=of).select_related("file")
    return sorted(own, key=lambda one: ("pdf", "docx", "xlsx").index(one.format))
