"""Lists of a ledger's entries: narrowed, in an order, a page at a time, as fast at 500,000 rows as at five.

The usual order is that of numbers. An index holds each state's entries in it, so each state is asked for its next few and the page is
the first of all of them; asking for several states at once would sort every row of the ledger.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from django.db.models import BigIntegerField, Count, Expression, F, FloatField, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Replace
from django.db.models.lookups import Contains
from django.utils.translation import gettext as _

from yakuba.engines.ledger.access import READ_BOOK
from yakuba.engines.ledger.declaration import Ledger
from yakuba.engines.ledger.models import Book, Deadline, Joint
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.values import EXTRA, specs_of_line
from yakuba.kernel.actions import Context
from yakuba.kernel.fields import PERSONAL, Invalid, JsonValue, Spec
from yakuba.kernel.fields.kinds import Kana, Kind
from yakuba.kernel.search.queries import MOST, search
from yakuba.kernel.text import compact
from yakuba.kernel.ui.lists import BadQuery, Slice

PAGE: Final = 50
#: So many rows are sorted at most, where no index holds them in the order that is asked for.
SORTED: Final = 10_000
_WORDS: Final = 5
#: The kinds of field of which a list may be narrowed from and until a value.
RANGED: Final = frozenset({"date", "fiscal_year", "integer", "number"})
_WHOLE: Final = frozenset({"integer", "fiscal_year"})
_WRITTEN: Final = frozenset({"text", "prose", "kana"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader wants to see. ``specs`` are the fields that he may read, and by which alone he may narrow, search and sort.

    ``ranges``: field → from and until, both included, as typed; a text that cannot be read leaves no row. ``filters``: field or chain → texts of their kind, any of which; ``sort`` is a field, ``number`` or a chain, with a leading ``-`` for
    the greatest first. ``due_by``: of entries with a deadline until that day alone.
    """

    states: tuple[str, ...]
    specs: Mapping[str, Spec]
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: str = ""
    sort: str = "number"
    due: bool = False
    ranges: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What the list is sorted by."""
        return self.sort.removeprefix("-")

    @property
    def descending(self) -> bool:
        """Whether the greatest comes first."""
        return self.sort.startswith("-")


@dataclass(frozen=True, slots=True)
class Page:
    """One page. ``unsorted``: there are too many rows for the order that was asked for, they stand by number."""

    found: Slice[Entry]
    unsorted: bool = False


def rows(ctx: Context, ledger: Ledger[Entry], book: Book, asked: Asked) -> QuerySet[Entry]:
    """What the actor sees of what he asked for, in no order."""
    found = ledger.model.objects.for_actor(ctx).filter(
        municipality=ctx.municipality.id, book=book, state__in=asked.states
    )
    for name, texts in asked.filters.items():
        found = found.filter(_any_of(ledger, asked.specs, name, texts))
    for name, bounds in asked.ranges.items():
        found, column = _with_column(found, asked.specs, name)
        found = found.filter(_between(asked.specs, name, column, bounds))
    if asked.due:
        open_ones = Deadline.objects.for_actor(ctx).filter(book=book, settled_on__isnull=True)
        found = found.filter(pk__in=open_ones.values("entry"))
    if asked.words.strip():
        found = found.filter(_said(ctx, ledger, book, asked))
    return found


def page(
    ctx: Context, ledger: Ledger[Entry], book: Book, asked: Asked, *, after: str = "", before: str = ""
) -> Page:
    """One page. ``after`` and ``before`` name the entry at its edge; raises :class:`BadQuery` for one that is not there."""
    found = rows(ctx, ledger, book, asked)
    many = -1  # not counted
    if asked.key != "number" and not _indexed(ledger, asked.key):
        many = found[: max(SORTED, MOST) + 1].count()
    unsorted = many > SORTED
    if unsorted:
        asked = replace(asked, sort="number")
    edge = _edge(ctx, ledger, book, after or before, "after" if after else "before")
    back = bool(before)
    some = (
        _by_number(found, asked, edge, back=back)
        if asked.key == "number"
        else _by_column(found, asked, edge, back=back)
    )
    shown = some[:PAGE]
    if back:
        shown.reverse()
    more = len(some) > PAGE
    has_previous, has_following = (more, True) if back else (bool(after), more)
    whole = not has_previous and not has_following
    count = len(shown) if whole else many if many >= 0 else found[: MOST + 1].count()
    return Page(
        Slice(
            shown,
            min(count, MOST),
            previous=str(shown[0].pk) if shown and has_previous else "",
            following=str(shown[-1].pk) if shown and has_following else "",
            at_least=count > MOST,
        ),
        unsorted,
    )


def some(ctx: Context, ledger: Ledger[Entry], book: Book, asked: Asked, most: int) -> list[Entry]:
    """The first so many by their numbers."""
    return list(rows(ctx, ledger, book, asked).order_by("number_order", "pk")[:most])


def those(ctx: Context, ledger: Ledger[Entry], book: Book, ids: Sequence[UUID]) -> list[Entry]:
    """Entries by their ids, of those that the actor may see, by their numbers."""
    found = ledger.model.objects.for_actor(ctx).filter(book=book, pk__in=ids)
    return list(found.order_by("number_order", "pk"))


def _edge(ctx: Context, ledger: Ledger[Entry], book: Book, cursor: str, name: str) -> Entry | None:
    if not cursor:
        return None
    try:
        found = ledger.model.objects.for_actor(ctx).filter(book=book, pk=UUID(cursor)).first()
    except ValueError:
        found = None
    if found is None:
        raise BadQuery(name, cursor, _("一覧の「前へ」「次へ」が示す値"))
    return found


def _by_number(found: QuerySet[Entry], asked: Asked, edge: Entry | None, *, back: bool) -> list[Entry]:
    down = asked.descending != back
    order = ("-number_order", "-pk") if down else ("number_order", "pk")
    if edge is not None:
        found = found.filter(**{f"number_order__{'lt' if down else 'gt'}": edge.number_order})
    if len(asked.states) == 1:
        return list(found.order_by(*order)[: PAGE + 1])
    near: list[UUID] = []
    for state in asked.states:
        near += found.filter(state=state).order_by(*order).values_list("pk", flat=True)[: PAGE + 1]
    # The database orders once more: how texts compare is its own.
    return list(found.filter(pk__in=near).order_by(*order)[: PAGE + 1])


def _by_column(found: QuerySet[Entry], asked: Asked, edge: Entry | None, *, back: bool) -> list[Entry]:
    """Sorted by a column, entries without a value last in both directions, equal ones by their numbers.

    Those with a value and those without are asked for apart: an index gives either in this order, and no index gives both.
    """
    found, key = _with_column(found, asked.specs, asked.key)
    down = asked.descending != back
    value = None if edge is None else _value_in_column(edge, asked.specs, asked.key)
    number = "-number_order" if back else "number_order"
    beside = Q() if edge is None else Q(**{f"number_order__{'lt' if back else 'gt'}": edge.number_order})
    valued, empty = found.filter(**{f"{key}__isnull": False}), found.filter(**{f"{key}__isnull": True})
    way = "lt" if down else "gt"
    if value is not None:
        # The bound alone, so that an index is entered there.
        valued = valued.filter(**{f"{key}__{way}e": value}).filter(
            Q(**{f"{key}__{way}": value}) | Q(**{key: value}) & beside
        )
    else:
        empty = empty.filter(beside)
    parts = [valued.order_by(f"-{key}" if down else key, number), empty.order_by(number)]
    if back:
        parts.reverse()
    if edge is not None and (value is None) != back:
        del parts[0]  # the edge lies beyond all of them
    shown: list[Entry] = []
    for part in parts:
        if len(shown) <= PAGE:
            shown += part[: PAGE + 1 - len(shown)]
    return shown


def _indexed(ledger: Ledger[Entry], key: str) -> bool:
    """Whether an index begins with the municipality and this column."""
    return any(tuple(one.fields[:2]) == ("municipality", key) for one in ledger.model._meta.indexes)


def _any_of(ledger: Ledger[Entry], specs: Mapping[str, Spec], name: str, texts: Sequence[str]) -> Q:
    """The condition that a field has one of these values, each a text of its kind."""
    kind = ledger.kind_of(name) if ledger.chain_of(name) else specs[name].kind
    assert kind is not None  # filters are made of fields with a kind  # noqa: S101
    values = [kind.from_json(kind.to_json(kind.parse(text))) for text in texts]
    if name.startswith(EXTRA):
        return Q(**{f"more__{name.removeprefix(EXTRA)}__in": [kind.to_json(value) for value in values]})
    return Q(**{f"{name}__in": values})


def _with_column(found: QuerySet[Entry], specs: Mapping[str, Spec], name: str) -> tuple[QuerySet[Entry], str]:
    """The rows with something that a field is compared and sorted by, and what it is called.

    A city's own field is no column: its value is taken out of the JSON that holds them all. Days stand in it as texts that sort as days,
    decimals as texts that do not sort as numbers.
    """
    if not name.startswith(EXTRA):
        return found, name
    key, kind = name.removeprefix(EXTRA), specs[name].kind
    text = KeyTextTransform(key, "more")
    # As a plain text: what compares a key of a document would read the other side as JSON.
    value: Expression = Cast(text, TextField())
    if kind is not None and kind.key in _WHOLE:
        value = Cast(text, BigIntegerField())
    elif kind is not None and kind.key == "number":
        value = Cast(text, FloatField())  # exact: a decimal has at most 15 digits
    return found.alias(**{f"own_{key}": value}), f"own_{key}"


def _value_in_column(entry: Entry, specs: Mapping[str, Spec], name: str) -> object:
    """A value of an entry as the database compares it; None for none."""
    if not name.startswith(EXTRA):
        return getattr(entry, name)
    return _compared(specs[name].kind, entry.more.get(name.removeprefix(EXTRA)))


def _compared(kind: Kind[object] | None, value: JsonValue) -> object:
    """A value of a city's own field, from its JSON, as the database compares it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return float(value) if kind is not None and kind.key == "number" and isinstance(value, str) else value


def _between(specs: Mapping[str, Spec], name: str, column: str, bounds: tuple[str, str]) -> Q:
    """The condition that a field lies between two values, each a text of its kind; empty for no bound."""
    kind = specs[name].kind
    assert kind is not None  # ranges are made of fields with a kind  # noqa: S101
    found = Q()
    for text, way in zip(bounds, ("gte", "lte"), strict=True):
        if text:
            try:
                json = kind.to_json(kind.parse(text))
                value = _compared(kind, json) if name.startswith(EXTRA) else kind.from_json(json)
            except Invalid:
                return Q(pk__in=[])
            found &= Q(**{f"{column}__{way}": value})
    return found


def _said(ctx: Context, ledger: Ledger[Entry], book: Book, asked: Asked) -> Q:
    """Entries that the index finds, and, for a reader of everything, those whose personal fields or persons hold each word."""
    hits = search(
        ctx.municipality.id, asked.words, visibility="internal", kinds=[ledger.key], limit=MOST
    ).hits
    found = Q(pk__in=[one.id for one in hits])
    words = asked.words.split()[:_WORDS]
    if not words:
        return found
    told = _told_of_persons(ledger, "")
    personal = {
        name: spec
        for name, spec in asked.specs.items()
        if spec.classification is PERSONAL
        and (spec.searchable or name in told)
        and spec.kind is not None
        and spec.kind.key in _WRITTEN
        and not name.startswith(EXTRA)
    }
    if personal:
        found |= _each(words, personal)
    if not READ_BOOK.may(ctx, book).allowed:
        return found
    for lines in ledger.lines:
        specs = specs_of_line(lines.model)
        if told := _told_of_persons(ledger, lines.key):
            rows = lines.model.objects.for_actor(ctx).filter(
                _each(words, {name: specs[name] for name in told})
            )
            found |= Q(pk__in=rows.values("entry"))
    return found


def _told_of_persons(ledger: Ledger[Entry], lines: str) -> set[str]:
    """The fields by which somebody asks for a person: of the entry, or of its sub-rows of one sort."""
    of = [one for one in ledger.persons if one.lines == lines]
    return {name for one in of for name in (one.name, one.kana, one.address) if name}


def _each(words: Sequence[str], specs: Mapping[str, Spec]) -> Q:
    """Each word stands in one of the fields. Blanks play no role: 見本　太郎 is found as 見本太郎 too."""
    every = Q()
    for word in words:
        either = Q()
        for name, spec in specs.items():
            bare: Expression | F = F(name)
            for blank in (" ", "\u3000"):
                bare = Replace(bare, Value(blank), Value(""), output_field=TextField())
            for text in _spellings(spec, word):
                either |= Q(Contains(bare, text))
        every &= either
    return every


def _spellings(spec: Spec, word: str) -> set[str]:
    """A word as it may stand in a field: as typed, with usual widths, and as a reading where the field holds one."""
    found = {word, compact(word)}
    if isinstance(spec.kind, Kana):
        try:
            found.add(spec.kind.parse(word))
        except Invalid:
            return found
    return found


def due_counts(ctx: Context, books: Sequence[Book]) -> dict[UUID, int]:
    """How many entries of each book have a deadline that is near or past and open; for readers of everything alone. One query."""
    found = (
        Deadline.objects.for_actor(ctx)
        .filter(book__in=[one.pk for one in books], settled_on__isnull=True)
        .order_by()
        .values_list("book")
        .annotate(many=Count("entry", distinct=True))
    )
    return dict(found)


def joints_to(ctx: Context, ledger: str, entry: UUID) -> list[Joint]:
    """The links that entries of other books said of this one, with their books; of books that the actor reads."""
    found = Joint.objects.for_actor(ctx).filter(other_kind=ledger, other_id=entry)
    return list(found.select_related("book").order_by("made_at", "pk")[:50])


def waiting_deadlines(ctx: Context, today: dt.date) -> list[tuple[str, int, int]]:
    """Of each of the actor's books (its ledger's key) how many entries have an open deadline, and how many one that is past; one query."""
    found = Deadline.objects.for_actor(ctx).filter(settled_on__isnull=True).order_by("book__ledger")
    counted = found.values_list("book__ledger").annotate(
        many=Count("entry", distinct=True), past=Count("entry", distinct=True, filter=Q(due_on__lt=today))
    )
    return [(str(ledger), int(many), int(past)) for ledger, many, past in counted]
