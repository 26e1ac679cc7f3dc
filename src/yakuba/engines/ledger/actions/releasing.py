"""The portal's copy of what is public, kept by the worker: an entry after its change, a whole book after it was arranged.

The change itself stands in the trail; the copy follows from it and is made anew as often as needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Min

from yakuba.engines.ledger import queries
from yakuba.engines.ledger.declaration import MERGED, VOID, Ledger, layer_key
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.released import ReleasedBook, ReleasedEntry
from yakuba.engines.ledger.values import specs_of_book, title_of, told
from yakuba.engines.places import rules
from yakuba.engines.places import store as places
from yakuba.engines.places.records import Placed
from yakuba.engines.protection import queries as protection
from yakuba.kernel.actions import Context, SubjectRef
from yakuba.kernel.dates import japan_date
from yakuba.kernel.town.queries import office_name

_CHUNK = 500


def release_some(ctx: Context, ledger: Ledger[Entry], book: Book, ids: Sequence[UUID]) -> None:
    """These entries as the public sees them from now on, those too that it no longer sees. In a transaction, some hundreds at most."""
    row = queries.released_book(ctx, ledger)
    if row is None:
        return
    gone, come = _copy(ctx, ledger, book, ids)
    if ledger.public_place in ledger.derived:
        # What was public before may not be any more: a box that was made of a true range must not outlive it.
        _measured(ctx, ledger, row)
        return
    row.count += len(come) - gone
    boxes = [tuple(row.box)] if row.box else []
    box = rules.joined([*boxes, *(one.place.bounds for one in come if one.place is not None)])
    row.box, row.full_detail_zoom = list(box or ()), rules.detail_zoom(row.count, box)
    _changed(ctx, ledger, row)


def release_all(ctx: Context, ledger: Ledger[Entry], book: Book) -> None:
    """The whole book as the public sees it, in short transactions; nothing of it where it is not released. May be begun anew at any time."""
    if not book.released:
        _withdraw(ctx, ledger)
        return
    with transaction.atomic():
        row = queries.released_book(ctx, ledger) or ReleasedBook(
            municipality_id=ctx.municipality.id, ledger=ledger.key, changed_at=ctx.now
        )
        row.office = office_name(book.office_id, japan_date(ctx.now))
        row.terms = book.terms
        row.save()
    for ids in queries.ids_in_chunks(ctx, ledger, _CHUNK):
        with transaction.atomic():
            _copy(ctx, ledger, book, ids)
    with transaction.atomic():
        _measured(ctx, ledger, row)


def _withdraw(ctx: Context, ledger: Ledger[Entry]) -> None:
    ReleasedBook.unscoped.filter(municipality=ctx.municipality.id, ledger=ledger.key).delete()
    own = ReleasedEntry.unscoped.filter(municipality=ctx.municipality.id, ledger=ledger.key)
    while ids := list(own.order_by("pk").values_list("pk", flat=True)[:_CHUNK]):
        own.filter(pk__in=ids).delete()


def _copy(
    ctx: Context, ledger: Ledger[Entry], book: Book, ids: Sequence[UUID]
) -> tuple[int, list[ReleasedEntry]]:
    """Exchange the copies of some entries: how many went, and those that came. Nobody under 支援措置 comes out."""
    specs = {name: spec for name, spec in specs_of_book(ledger, book).items() if name in ledger.public}
    where = ledger.public_place
    shown = [name for name in specs if name != where and ledger.kind_of(name).key != "shape"]
    found = ledger.model.unscoped.filter(municipality=ctx.municipality.id, pk__in=ids).exclude(
        state__in=(VOID, MERGED)
    )
    if ledger.public_when is not None:
        found = found.filter(ledger.public_when)
    entries = list(found)
    held = protection.held(ctx, [SubjectRef(ledger.key, entry.pk) for entry in entries])
    gone, _by_model = ReleasedEntry.unscoped.filter(
        municipality=ctx.municipality.id, ledger=ledger.key, pk__in=list(ids)
    ).delete()
    come = [
        ReleasedEntry(
            pk=entry.pk,
            municipality_id=ctx.municipality.id,
            ledger=ledger.key,
            number=entry.number if ledger.number_public else "",
            order=entry.number_order,
            title=_title(ledger, entry),
            properties={
                name: value for name, value in told(entry, specs, shown).items() if value is not None
            },
            place=getattr(entry, where) if where else None,
        )
        for entry in entries
        if SubjectRef(ledger.key, entry.pk) not in held
    ]
    ReleasedEntry.unscoped.bulk_create(come, batch_size=_CHUNK)
    return gone, come


def _title(ledger: Ledger[Entry], entry: Entry) -> str:
    """What the public calls an entry: its title where that is public."""
    if any(name in ledger.public and getattr(entry, name) for name in ledger.title):
        return title_of(ledger, entry)[:200]
    return entry.number if ledger.number_public else str(ledger.label)


def _measured(ctx: Context, ledger: Ledger[Entry], row: ReleasedBook) -> None:
    own = ReleasedEntry.unscoped.filter(municipality=ctx.municipality.id, ledger=ledger.key)
    row.count = own.count()
    edges = own.aggregate(west=Min("west"), south=Min("south"), east=Max("east"), north=Max("north"))
    row.box, row.full_detail_zoom = _extent(edges, row.count)
    _changed(ctx, ledger, row)


def _changed(ctx: Context, ledger: Ledger[Entry], row: ReleasedBook) -> None:
    row.changed_at = ctx.now
    row.changes += 1
    row.save()
    places.touched(ctx, layer_key(ledger.key))


def _extent(edges: dict[str, float | None], count: int) -> tuple[list[float], int]:
    if edges["west"] is None:
        return [], 0
    box = tuple(float(edges[side] or 0) for side in ("west", "south", "east", "north"))
    return list(box), rules.detail_zoom(count, box)  # type: ignore[arg-type]  # four sides, as listed


def measure(ctx: Context, ledger: Ledger[Entry], book: Book) -> None:
    """How much there is of a book and where, for the internal map: from which zoom on it is drawn whole."""
    if not ledger.placed:
        return
    model = cast("type[Placed]", ledger.model)  # as it says itself
    own = model.unscoped.filter(municipality=ctx.municipality.id, cell__isnull=False)
    edges = own.aggregate(west=Min("west"), south=Min("south"), east=Max("east"), north=Max("north"))
    book.box, book.full_detail_zoom = _extent(edges, own.count())
    Book.unscoped.filter(pk=book.pk).update(box=book.box, full_detail_zoom=book.full_detail_zoom)
