"""Reads of ledgers, for whoever may see them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from yakuba.engines.ledger.declaration import MERGED, VOID, Ledger, find_ledger
from yakuba.engines.ledger.folding import fold
from yakuba.engines.ledger.models import Amendment, Attachment, Book, Deadline, Distinct, Joint, Move, Note
from yakuba.engines.ledger.records import Entry, Line, parent
from yakuba.engines.ledger.released import ReleasedBook
from yakuba.engines.protection.rules import Party
from yakuba.kernel.actions import Context, Missing, Problem, SubjectRef
from yakuba.kernel.fields import JsonValue

_FEW = 20


def released_book(ctx: Context, ledger: Ledger[Entry]) -> ReleasedBook | None:
    """What the public knows of a ledger, None where it is not released."""
    return ReleasedBook.unscoped.filter(municipality=ctx.municipality.id, ledger=ledger.key).first()


def ids_in_chunks(ctx: Context, ledger: Ledger[Entry], size: int) -> Iterator[list[UUID]]:
    """The ids of all entries, whatever their state, so many at a time; for the worker."""
    rows = (
        ledger.model.unscoped.filter(municipality=ctx.municipality.id)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    last: UUID | None = None
    while ids := list((rows if last is None else rows.filter(pk__gt=last))[:size]):
        yield ids
        last = ids[-1]


def all_books(ctx: Context) -> list[Book]:
    """Every book of the municipality, for the same."""
    return list(Book.unscoped.filter(municipality=ctx.municipality.id).order_by("ledger"))


def demand_looked(book: Book) -> None:
    """Raises :class:`Problem` while persons of rows that came in at once are not compared with the register of 支援措置."""
    if book.unlooked_since is not None:
        raise Problem(
            "unlooked",
            _(
                "まとめて入れた行を、支援措置と照らし合わせています。1分ほど待って、もう一度操作してください。"
            ),
        )


def unlooked_since(ctx: Context, ledger: str) -> dt.datetime | None:
    """Since when rows of a ledger wait for that, None for none."""
    found = Book.unscoped.filter(municipality=ctx.municipality.id, ledger=ledger).first()
    return None if found is None else found.unlooked_since


def known_book(ctx: Context, book_id: UUID) -> Book | None:
    """A book of the municipality, for the worker."""
    return Book.unscoped.filter(municipality=ctx.municipality.id, pk=book_id).first()


def books(ctx: Context) -> list[Book]:
    """The ledgers that this actor may see, by key; those whose pack is not installed are left out."""
    return [one for one in Book.objects.for_actor(ctx).order_by("ledger") if find_ledger(one.ledger)]


def book_of(ctx: Context, ledger: Ledger[Entry]) -> Book:
    """The municipality's book of a ledger. Raises :class:`Missing` where it has none, or the actor may not see it."""
    found = Book.objects.for_actor(ctx).filter(ledger=ledger.key).first()
    if found is None:
        raise Missing
    return found


def entries(ctx: Context, ledger: Ledger[Entry]) -> QuerySet[Entry]:
    """The entries that this actor sees, without those that were made by mistake or went into another."""
    return ledger.model.objects.for_actor(ctx).exclude(state__in=(VOID, MERGED))


def entry_of(ctx: Context, ledger: Ledger[Entry], entry_id: UUID) -> Entry:
    """One entry, whatever its state. Raises :class:`Missing`."""
    found = ledger.model.objects.for_actor(ctx).select_related("book").filter(pk=entry_id).first()
    if found is None:
        raise Missing
    return found


def begin_with(ctx: Context, ledger: Ledger[Entry], text: str) -> QuerySet[Entry]:
    """Entries whose number or title begins with a text, in the order of numbers; nobody is found by a personal field here."""
    words = Q(number__startswith=text)
    for name in ledger.title:
        words |= Q(**{f"{name}__startswith": text})
    return entries(ctx, ledger).filter(words).order_by("number_order", "pk")


def in_force(ledger: Ledger[Entry]) -> Q:
    """Entries that count: neither ended, nor mistaken, nor merged."""
    return ~Q(state__in=[*ledger.chain.ended, VOID, MERGED])


def counts_by_state(ctx: Context, ledger: Ledger[Entry]) -> dict[str, int]:
    """How many entries stand in each state; one query."""
    rows = entries(ctx, ledger).values_list("state").annotate(many=Count("pk")).order_by()
    return {str(state): int(many) for state, many in rows}


def amendments(ctx: Context, entry: Entry) -> list[Amendment]:
    """What was written into an entry, the newest day first. For readers of everything alone: it holds personal values."""
    return list(
        Amendment.objects.for_actor(ctx)
        .filter(book=entry.book_id, entry=entry.pk)
        .order_by("-holds_from", "-written_at", "-pk")
    )


def changed_later(ctx: Context, entry: Entry, names: Collection[str], since: dt.date) -> dict[str, JsonValue]:
    """Of some fields those that an amendment changed again after a day, with what they are since."""
    later: dict[str, JsonValue] = {}
    rows = Amendment.unscoped.filter(
        municipality=ctx.municipality.id, book=entry.book_id, entry=entry.pk, holds_from__gt=since
    ).order_by("holds_from", "written_at", "pk")
    for one in rows:
        later.update({name: value for name, value in one.values.items() if name in names})
    return later


def as_of(
    ctx: Context, entry: Entry, day: dt.date, known_at: dt.datetime | None = None
) -> dict[str, JsonValue]:
    """What held of an entry on a day, as JSON by field, as known now or at ``known_at``; empty before its first day."""
    return fold(amendments(ctx, entry), day, known_at)


def all_as_of(
    ctx: Context, book: Book, day: dt.date, *, chunk: int = 1000
) -> Iterator[tuple[UUID, dict[str, JsonValue]]]:
    """Every entry of a book as it stood on a day, in the order of ids; one query for so many entries at a time."""
    rows = Amendment.objects.for_actor(ctx).filter(book=book, holds_from__lte=day)
    last: UUID | None = None
    while True:
        more = rows if last is None else rows.filter(entry__gt=last)
        ids = list(more.order_by("entry").values_list("entry", flat=True).distinct()[:chunk])
        if not ids:
            return
        found: dict[UUID, list[Amendment]] = defaultdict(list)
        for one in rows.filter(entry__in=ids):
            found[one.entry].append(one)
        for key in ids:
            yield key, fold(found[key], day)
        last = ids[-1]


def moves(ctx: Context, entry: Entry) -> list[Move]:
    """The moves of an entry along all its chains, the newest first. The reader may see the entry; moves hold nothing personal."""
    return list(
        Move.unscoped.filter(municipality=ctx.municipality.id, book=entry.book_id, entry=entry.pk).order_by(
            "-moved_at", "-seq"
        )
    )


def notes(ctx: Context, entry: Entry) -> list[Note]:
    """The journal, the newest day first; with that of the entries that went into this one. For readers of everything alone."""
    return list(
        Note.objects.for_actor(ctx)
        .filter(book=entry.book_id, entry__in=_with_merged(ctx, entry))
        .order_by("-day", "-written_at")
    )


def attachments(ctx: Context, entry: Entry) -> list[Attachment]:
    """Photos and papers, the newest first. For readers of everything alone."""
    return list(
        Attachment.objects.for_actor(ctx)
        .filter(book=entry.book_id, entry__in=_with_merged(ctx, entry))
        .select_related("file")
        .order_by("-added_at", "-pk")
    )


def joints(ctx: Context, entry: Entry) -> list[Joint]:
    """What an entry has to do with, said here."""
    return list(Joint.objects.for_actor(ctx).filter(book=entry.book_id, entry=entry.pk).order_by("made_at"))


def deadlines(ctx: Context, book: Book, until: dt.date) -> QuerySet[Deadline]:
    """What is due by a day and not settled, the oldest first."""
    return (
        Deadline.objects.for_actor(ctx)
        .filter(book=book, settled_on__isnull=True, due_on__lte=until)
        .order_by("due_on", "pk")
    )


def lines(ctx: Context, entry: Entry, model: type[Line], order: str = "") -> list[Line]:
    """The sub-rows of an entry, newest first by ``order``; ``+turn``: the smallest turn first."""
    found = model.objects.for_actor(ctx).filter(**parent(entry))
    by = [order.removeprefix("+") if order.startswith("+") else f"-{order}"] if order else []
    return list(found.order_by(*by, "pk" if order.startswith("+") else "-pk"))


def parties(ctx: Context, ledger: Ledger[Entry], entries: Sequence[Entry]) -> dict[UUID, list[Party]]:
    """The persons of entries and of their sub-rows, for comparing alone; one query for each sort of sub-rows."""
    found: dict[UUID, list[Party]] = defaultdict(list)
    for person in ledger.persons:
        rows: Iterable[tuple[UUID, Entry | Line]] = ((entry.pk, entry) for entry in entries)
        if (lines := ledger.lines_of(person.lines)) is not None:
            of = lines.model.unscoped.filter(municipality=ctx.municipality.id, entry__in=entries).order_by(
                "pk"
            )
            rows = ((row.entry_id, row) for row in of)
        for key, row in rows:
            name, kana, address, birth = (
                getattr(row, column) if column else None
                for column in (person.name, person.kana, person.address, person.birth)
            )
            found[key].append(Party(name or "", kana or "", birth, address or ""))
    return found


def with_persons(
    ctx: Context, ledger: Ledger[Entry], *, chunk: int = 500
) -> Iterator[tuple[SubjectRef, Sequence[Party]]]:
    """Every entry of the municipality with its persons: a new protection finds those that are here, ended ones too (they are exported)."""
    for ids in ids_in_chunks(ctx, ledger, chunk):
        rows = list(ledger.model.unscoped.filter(municipality=ctx.municipality.id, pk__in=ids).order_by("pk"))
        people = parties(ctx, ledger, rows)
        yield from ((SubjectRef(ledger.key, row.pk), people.get(row.pk, ())) for row in rows)


@dataclass(frozen=True, slots=True)
class Alike:
    """Two entries that share all values of a set of fields."""

    entry: Entry
    fields: tuple[str, ...]


def alike(ctx: Context, ledger: Ledger[Entry], entry: Entry) -> list[Alike]:
    """Entries that may be the same as this one, without those that somebody told apart; one query for each set of fields and one more."""
    found: dict[UUID, Alike] = {}
    for names in ledger.alike:
        values = {name: getattr(entry, name) for name in names}
        if any(value in (None, "") for value in values.values()):
            continue
        for other in entries(ctx, ledger).filter(**values).exclude(pk=entry.pk).order_by("pk")[:_FEW]:
            found.setdefault(other.pk, Alike(other, names))
    if not found:
        return []
    apart = Distinct.unscoped.filter(municipality=ctx.municipality.id, book=entry.book_id)
    told = set(apart.filter(Q(entry=entry.pk) | Q(other=entry.pk)).values_list("entry", "other"))
    return [one for key, one in found.items() if tuple(sorted((key, entry.pk))) not in told]


def _with_merged(ctx: Context, entry: Entry) -> Sequence[UUID]:
    """The entry itself and those that went into it, and into these before; one query for each turn of it."""
    found, last = [entry.pk], [entry.pk]
    while last:
        went = type(entry).unscoped.filter(municipality=ctx.municipality.id, merged_into__in=last)
        last = list(went.exclude(pk__in=found).order_by("pk").values_list("pk", flat=True))
        found += last
    return found
