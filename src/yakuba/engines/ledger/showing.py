"""What the worker does after entries changed: the public's copy follows, and the map learns how much there is."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from yakuba.engines.ledger import queries
from yakuba.engines.ledger.actions import releasing
from yakuba.engines.ledger.declaration import Ledger, find_ledger
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.store import ARRANGED, SHOWN
from yakuba.kernel.actions import Context
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.outbox.handlers import Payload, work
from yakuba.kernel.outbox.schedules import Due, schedule


@work(topic=SHOWN, name="ledger.show")
def show(ctx: Context, payload: Payload, _key: str) -> None:
    """Copies of a few entries, or of all; done again it comes to the same."""
    found = _found(ctx, payload)
    if found is None:
        return
    ledger, book = found
    queries.demand_looked(book)  # tried again until somebody looked
    given: JsonValue = payload.get("ids")
    ids = [UUID(str(one)) for one in given] if isinstance(given, list) else []
    if book.released and ids:
        with transaction.atomic():
            releasing.release_some(ctx, ledger, book, ids)
    elif book.released:
        releasing.release_all(ctx, ledger, book)
    if not (ids and book.box):  # a single change moves neither; every night all of it is measured
        releasing.measure(ctx, ledger, book)


@schedule("ledger.measure", every="day", at="03:40", each_municipality=True)
def have_measured(due: Due) -> None:
    """Every ledger with places."""
    assert due.ctx is not None  # noqa: S101 – one for each municipality
    for book in queries.all_books(due.ctx):
        ledger = find_ledger(book.ledger)
        if ledger is not None:
            releasing.measure(due.ctx, ledger, book)


@work(topic=ARRANGED, name="ledger.release", lease_seconds=900)
def release(ctx: Context, payload: Payload, _key: str) -> None:
    """The whole copy, or none any more."""
    found = _found(ctx, payload)
    if found is not None:
        queries.demand_looked(found[1])
        releasing.release_all(ctx, *found)


def _found(ctx: Context, payload: Payload) -> tuple[Ledger[Entry], Book] | None:
    book = queries.known_book(ctx, UUID(str(payload["book"])))
    ledger = find_ledger(book.ledger) if book is not None else None
    return None if book is None or ledger is None else (ledger, book)
