"""The mechanism's own rows, written in the transaction of whoever changes an entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext

from yakuba.engines.ledger.declaration import Ledger, layer_key
from yakuba.engines.ledger.models import Amendment, Book, Move
from yakuba.engines.ledger.queries import parties
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.values import title_of
from yakuba.engines.places import store as places
from yakuba.engines.protection import store as protection
from yakuba.kernel.actions import Context, SubjectRef
from yakuba.kernel.fields import PERSONAL, JsonValue
from yakuba.kernel.search import store as search

#: A book is kept by somebody else, read by others or released; with its id.
ARRANGED: Final = "ledger.arranged"
#: Entries of a book changed: its id, and their ids, none where there are too many to name.
SHOWN: Final = "ledger.shown"
#: Many rows of a ledger were written at once: its key, and how many.
MANY: Final = "ledger.changed_many"
_FEW: Final = 200


def reason_in_japanese(words: str, **names: object) -> str:
    """A reason that the house itself gives, as the record keeps it: in Japanese, in whatever language its clerk reads the desk."""
    with translation.override("ja"):
        return (gettext(words) % names)[:400]


def written_at_once(ctx: Context, ledger: Ledger[Entry], book: Book, rows: int) -> None:
    """Many rows were written at once: nothing of the book goes out by itself until their persons were looked at (DESIGN §4 rule 13)."""
    if ledger.persons:
        book.unlooked_since = ctx.now
        book.save(update_fields=["unlooked_since"])
    ctx.publish(MANY, {"ledger": ledger.key, "rows": rows})


def looked_after(ctx: Context, ledger: str, since: dt.datetime | None) -> None:
    """They were; not those that came meanwhile."""
    own = Book.unscoped.filter(municipality=ctx.municipality.id, ledger=ledger, unlooked_since=since)
    own.update(unlooked_since=None)


def shown(ctx: Context, ledger: Ledger[Entry], book: Book, entries: Sequence[Entry]) -> None:
    """Entries changed, so that maps and the public's copy do too."""
    if ledger.placed:
        places.touched(ctx, layer_key(ledger.key))
    if ledger.placed or book.released:
        ids: list[JsonValue] = [str(entry.pk) for entry in entries] if len(entries) <= _FEW else []
        ctx.publish(SHOWN, {"book": str(book.pk), "ids": ids})


def amended(
    ctx: Context,
    book: Book,
    rows: Sequence[tuple[Entry, Mapping[str, JsonValue]]],
    *,
    holds_from: dt.date,
    reason: str,
) -> None:
    """What was written into entries, from a day on. Rows without a value are left out."""
    Amendment.unscoped.bulk_create(
        [
            Amendment(
                municipality_id=ctx.municipality.id,
                book=book,
                entry=entry.pk,
                holds_from=holds_from,
                written_at=ctx.now,
                values=dict(values),
                reason=reason,
                by=ctx.actor.label[:200],
            )
            for entry, values in rows
            if values
        ],
        batch_size=500,
    )


def moved(ctx: Context, entry: Entry, move: Move) -> None:
    """One move of an entry, after those that it made before."""
    last = (
        Move.unscoped.filter(
            municipality=ctx.municipality.id, book=entry.book_id, entry=entry.pk, chain=move.chain
        )
        .order_by("-seq")
        .values_list("seq", flat=True)
        .first()
    )
    move.municipality_id, move.book_id, move.entry = ctx.municipality.id, entry.book_id, entry.pk
    move.seq = 0 if last is None else last + 1
    move.moved_at, move.by = ctx.now, ctx.actor.label[:200]
    move.save()


def moved_together(ctx: Context, moves: Sequence[tuple[Entry, Move]]) -> None:
    """One move of each of many entries, after those that they made before along the same chain."""
    if not moves:
        return
    chain, book = moves[0][1].chain, moves[0][0].book_id
    last = dict(
        Move.unscoped.filter(
            municipality=ctx.municipality.id,
            book=book,
            chain=chain,
            entry__in=[entry.pk for entry, _move in moves],
        )
        .order_by()
        .values_list("entry")
        .annotate(last=Max("seq"))
    )
    for entry, move in moves:
        move.municipality_id, move.book_id, move.entry = ctx.municipality.id, entry.book_id, entry.pk
        move.seq = last[entry.pk] + 1 if entry.pk in last else 0
        move.moved_at, move.by = ctx.now, ctx.actor.label[:200]
    Move.unscoped.bulk_create([move for _entry, move in moves], batch_size=500)


def looked(ctx: Context, ledger: Ledger[Entry], entries: Sequence[Entry]) -> None:
    """Compare the persons of entries with the register of 支援措置, before anything of them can be output."""
    if not ledger.persons:
        return
    known = protection.register(ctx)
    if not known.entries:
        return
    people = parties(ctx, ledger, entries)
    for entry in entries:
        protection.look(ctx, SubjectRef(ledger.key, entry.pk), people.get(entry.pk, ()), against=known)


def indexed(ctx: Context, ledger: Ledger[Entry], entries: Sequence[Entry]) -> None:
    """The entries as the desk finds them. Personal fields never get into the index."""
    searchable = [
        (name, spec)
        for name, spec in ledger.fields.items()
        if spec.searchable and spec.classification is not PERSONAL
    ]
    search.index_many(
        ctx,
        [
            search.Entry(
                SubjectRef(ledger.key, entry.pk),
                f"{entry.number} {title_of(ledger, entry)}",
                {
                    name: str(getattr(entry, name))
                    for name, _spec in searchable
                    if getattr(entry, name) not in (None, "")
                },
                entry.number_order,
            )
            for entry in entries
        ],
        visibility="internal",
    )
