"""Of which entries something is printed, and what was printed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from yakuba.engines.ledger.forms.declaring import Form
from yakuba.engines.ledger.models import Book, LetterRun
from yakuba.engines.ledger.queries import entries
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.registering import Installed
from yakuba.engines.protection.queries import stands_on
from yakuba.kernel.actions import Context, Missing


def form_of(installed: Installed[Entry], key: str) -> Form[Entry]:
    """A letter of a ledger. Raises :class:`Missing`."""
    found = next((form for form in installed.ledger.forms if form.key == key), None)
    if found is None:
        raise Missing
    return found


def free(ctx: Context, installed: Installed[Entry], found: QuerySet[Entry]) -> tuple[QuerySet[Entry], int]:
    """Entries of which something may be printed by themselves, and how many 支援措置 keeps back."""
    held = stands_on(installed.ledger.key, "pk")
    return found.exclude(held).order_by("number_order", "pk"), found.filter(held).count()


def candidates(
    ctx: Context, installed: Installed[Entry], book: Book, form: Form[Entry]
) -> tuple[QuerySet[Entry], int]:
    """The entries that a letter is for as things stand, and how many of them 支援措置 keeps back."""
    return free(ctx, installed, entries(ctx, installed.ledger).filter(form.candidates(ctx), book=book))


def runs(ctx: Context, book: Book) -> QuerySet[LetterRun]:
    """What was printed, the newest first."""
    return (
        LetterRun.objects.for_actor(ctx).filter(book=book).select_related("file").order_by("-made_at", "-pk")
    )


def run_of(ctx: Context, book: Book, run_id: UUID) -> LetterRun:
    """One run of letters. Raises :class:`Missing`."""
    found = runs(ctx, book).filter(pk=run_id).first()
    if found is None:
        raise Missing
    return found


def those(installed: Installed[Entry], book: Book, ids: Sequence[UUID]) -> list[Entry]:
    """Entries of a book by their ids, for its own actions."""
    return list(
        installed.ledger.model.unscoped.filter(
            municipality=book.municipality_id, book=book, pk__in=ids
        ).order_by("number_order", "pk")
    )
