"""Reads of number books and seals, for those who keep them."""

from __future__ import annotations

from uuid import UUID

from yakuba.engines.casework.models import Notice, NumberBook, Seal
from yakuba.kernel.actions import Context, Missing


def books(ctx: Context) -> list[NumberBook]:
    """All books, the newest year first."""
    return list(NumberBook.objects.for_actor(ctx).order_by("-year", "book", "authority", "pattern", "pk"))


def book(ctx: Context, book_id: UUID) -> NumberBook:
    """One book. Raises :class:`Missing`."""
    found = NumberBook.objects.for_actor(ctx).filter(pk=book_id).first()
    if found is None:
        raise Missing
    return found


def seals(ctx: Context) -> list[Seal]:
    """All seals, by authority and name."""
    return list(
        Seal.objects.for_actor(ctx).select_related("file").order_by("authority", "title", "valid_from", "pk")
    )


def seal(ctx: Context, seal_id: UUID) -> Seal:
    """One seal. Raises :class:`Missing`."""
    found = Seal.objects.for_actor(ctx).filter(pk=seal_id).select_related("file").first()
    if found is None:
        raise Missing
    return found


def used(seal: Seal) -> int:
    """How many notices were issued under a seal, for whoever has the seal already."""
    return Notice.unscoped.filter(seal=seal).count()
