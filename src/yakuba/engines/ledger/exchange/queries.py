"""Reads of imports, for whoever keeps the book."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import Count, QuerySet

from yakuba.engines.ledger.declaration import Ledger, find_ledger
from yakuba.engines.ledger.models import Batch, Book, Matching, Staged
from yakuba.engines.ledger.records import Entry
from yakuba.kernel.actions import Context, Missing


def batch_of(ctx: Context, ledger: Ledger[Entry], batch_id: UUID) -> Batch:
    """One import of a ledger. Raises :class:`Missing`."""
    found = (
        Batch.objects.for_actor(ctx)
        .select_related("book", "file")
        .filter(pk=batch_id, book__ledger=ledger.key)
        .first()
    )
    if found is None:
        raise Missing
    return found


def batches(ctx: Context, book: Book) -> QuerySet[Batch]:
    """The imports into a book, the newest first."""
    return Batch.objects.for_actor(ctx).filter(book=book).order_by("-begun_at", "-pk")


def staged(ctx: Context, batch: Batch, *sorts: str) -> QuerySet[Staged]:
    """The rows of a batch in the order of its table."""
    found = Staged.objects.for_actor(ctx).filter(batch=batch).order_by("row")
    return found.filter(sort__in=sorts) if sorts else found


def twins(ctx: Context, batch: Batch) -> QuerySet[Staged]:
    """New rows that may be doubles."""
    return staged(ctx, batch, "new").exclude(twin="")


def noted(ctx: Context, batch: Batch) -> QuerySet[Staged]:
    """Rows that are taken in, of which a cell loses something."""
    return staged(ctx, batch, "new", "change", "conflict").exclude(notes=[])


def kept_matching(book: Book, heads: str) -> Matching | None:
    """What a person said of these heads before. The caller may write into the book."""
    return Matching.unscoped.filter(municipality=book.municipality_id, book=book, heads=heads).first()


def ledger_in(book: Book) -> Ledger[Entry]:
    """The ledger of a book. Raises :class:`Missing` where its pack is not installed any more."""
    found = find_ledger(book.ledger)
    if found is None:
        raise Missing
    return found


def ledger_of(batch: Batch) -> Ledger[Entry]:
    """The ledger of a batch. Raises :class:`Missing` where its pack is not installed any more."""
    return ledger_in(batch.book)


def counted(batch: Batch) -> dict[str, int]:
    """How many rows of each sort a batch has; one query."""
    rows = (
        Staged.unscoped.filter(municipality=batch.municipality_id, batch=batch)
        .order_by()
        .values_list("sort")
        .annotate(many=Count("pk"))
    )
    return {str(sort): int(many) for sort, many in rows}


def entries_of(ctx: Context, ledger: Ledger[Entry], rows: Sequence[Staged]) -> dict[UUID, Entry]:
    """The entries that rows are about, of those that are here."""
    ids = [row.entry for row in rows if row.entry is not None and row.sort in {"change", "conflict"}]
    return {
        one.pk: one for one in ledger.model.objects.for_actor(ctx).select_related("book").filter(pk__in=ids)
    }


def by_chunks(rows: QuerySet[Staged], size: int = 1000) -> Iterator[list[Staged]]:
    """All of them, so many at a time, by their place in the table."""
    last = 0
    while page := list(rows.filter(row__gt=last).order_by("row")[:size]):
        yield page
        last = page[-1].row


def waiting(ctx: Context, batch_id: UUID, *states: str) -> Batch | None:
    """An import that waits for the worker."""
    return (
        Batch.unscoped.select_related("book", "file")
        .filter(municipality=ctx.municipality.id, pk=batch_id, state__in=states)
        .first()
    )
