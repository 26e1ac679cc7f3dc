"""The numbers of entries. Called in a transaction that holds the book."""

from __future__ import annotations

from collections.abc import Iterator

from yakuba.engines.ledger.declaration import Ledger
from yakuba.engines.ledger.models import Book, Counter
from yakuba.engines.ledger.records import Entry
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear


def next_numbers(ctx: Context, ledger: Ledger[Entry], book: Book, many: int = 1) -> Iterator[str]:
    """So many free numbers, in their order; numbers that somebody brought along are passed over."""
    numbering = ledger.numbering
    year = FiscalYear.of(ctx.now).short
    counter = counter_of(ctx, ledger, book)
    count = counter.last
    while many:
        batch = [numbering.written(year, count + step) for step in range(1, many + 1)]
        taken = set(
            ledger.model.unscoped.filter(municipality=ctx.municipality.id, number__in=batch).values_list(
                "number", flat=True
            )
        )
        count += many
        free = [number for number in batch if number not in taken]
        many -= len(free)
        yield from free
    counter.last = count
    counter.save()


def counter_of(ctx: Context, ledger: Ledger[Entry], book: Book) -> Counter:
    """Where a book's numbers stand today; not stored yet where none was given."""
    scope = FiscalYear.of(ctx.now).short if ledger.numbering.by_year else ""
    found = Counter.unscoped.filter(municipality=ctx.municipality.id, book=book, scope=scope).first()
    return found or Counter(municipality_id=ctx.municipality.id, book=book, scope=scope, last=0)
