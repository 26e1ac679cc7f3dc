"""Entries as of a day in the database: the same rule as :func:`..reports.in_force_on`, for all municipalities in one statement.

What held of a field on a day is told by the last amendment that says something of it (:mod:`..folding`); the database looks it up
under the index of amendments, so that nothing of the entries travels but the count.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from django.db.models import (
    Count,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, NullIf

from yakuba.engines.ledger.access import VIEW_ENTRIES
from yakuba.engines.ledger.counted.asked import Asked, Condition
from yakuba.engines.ledger.declaration import MERGED, VOID, Ledger
from yakuba.engines.ledger.models import Amendment, Book
from yakuba.engines.ledger.records import Entry
from yakuba.engines.metrics.declaring import Measured, Scope
from yakuba.kernel.actions import ActorKind, Context


def was(name: str) -> str:
    """What an entry's value of a field on the day is called in the rows of :func:`standing`; text, dates in ISO 8601."""
    return "was_" + name.replace(".", "_of_")  # the city's own fields have a dot


def on_day(name: str, day: dt.date) -> Subquery:
    """What held of a field on a day, as text: true and false, whole numbers and dates as in JSON; NULL for nothing."""
    rows = Amendment.unscoped.filter(
        municipality=OuterRef("municipality"),
        book=OuterRef("book"),
        entry=OuterRef("pk"),
        holds_from__lte=day,
        values__has_key=name,
    ).order_by("-holds_from", "-written_at", "-pk")
    # SQLite gives an emptied value as the word null.
    said = NullIf(Cast(KT(f"values__{name}"), TextField()), Value("null", TextField()))
    return Subquery(rows.annotate(said=said).values("said")[:1])


def standing(
    ledger: Ledger[Entry],
    day: dt.date,
    names: Iterable[str] = (),
    which: Q | None = None,
    states: Collection[str] | None = None,
) -> QuerySet[Entry]:
    """The entries that counted on a day, of all municipalities that ``which`` leaves, with :func:`was` of the named fields.

    What is known today to be a mistake or a double never counted; neither did what was entered as of a later day. ``states``: those
    that count instead of all that are not ended.
    """
    rows = ledger.model.unscoped.exclude(state__in=(VOID, MERGED))
    if which is not None:
        rows = rows.filter(which)
    rows = rows.annotate(**{was("state"): on_day("state", day)})
    # NULL, of an entry that was not there yet, is in neither.
    if states is None:
        rows = rows.exclude(**{f"{was('state')}__in": [*ledger.chain.ended, VOID, MERGED]})
    else:
        rows = rows.filter(**{f"{was('state')}__in": sorted(states)})
    more = {was(name): on_day(name, day) for name in names if name != "state"}
    return rows.annotate(**more).order_by()


def counts(rows: QuerySet[Entry], *by: str) -> Iterator[tuple[UUID, tuple[str, ...], int]]:
    """(municipality, values of the named fields, how many) of rows of :func:`standing`; one statement. No value is the empty text."""
    told = rows.values_list("municipality", *(was(name) for name in by)).annotate(many=Count("pk"))
    for municipality, *values, many in told.order_by():
        yield municipality, tuple("" if value is None else str(value) for value in values), int(many)


def measured(
    scope: Scope, ledger: Ledger[Entry], by: str = "", *, without: Collection[str] = ()
) -> Iterator[Measured]:
    """How many entries counted at the end of a period, by a field where one is named. ``without``: states that do not count either."""
    own = {key for key, _label in ledger.chain.states} - ledger.chain.ended - set(without)
    rows = standing(ledger, scope.period.last, (by,) if by else (), scope.where(), own if without else None)
    found: dict[UUID, dict[str, Decimal]] = {}
    for municipality, values, many in counts(rows, *((by,) if by else ())):
        parts = found.setdefault(municipality, {})
        key = values[0] if values else ""
        parts[key] = parts.get(key, Decimal(0)) + many
    for municipality, parts in found.items():
        yield Measured(municipality, sum(parts.values(), Decimal(0)), parts=parts if by else {})


# --- the query of a binding ---------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Told:
    """What a query found on a day: how many entries, how many of them in its part, and what its field comes to.

    ``unknown``: entries in which the field that is added up says nothing. ``rest``: entries in force that the query leaves out,
    ``beyond``: those that it counts although they are not in force; both of a ledger that tells of persons, where it narrows at all.
    """

    many: int = 0
    part: int = 0
    total: Decimal = Decimal(0)
    unknown: int = 0
    rest: int = 0
    beyond: int = 0


def opened_on(ctx: Context, ledgers: Collection[str]) -> dict[str, dt.date]:
    """Since when the municipality has these ledgers; for figures, whoever reads them."""
    rows = Book.unscoped.filter(municipality=ctx.municipality.id, ledger__in=list(ledgers))
    return dict(rows.values_list("ledger", "opened_on"))


def readable(ctx: Context, ledger: str) -> bool:
    """Whether this person sees the entries of a ledger's book (one query); the operator's commands see to all of them."""
    if ctx.actor.kind is ActorKind.CLI:
        return True
    return Book.unscoped.filter(VIEW_ENTRIES.q(ctx), municipality=ctx.municipality.id, ledger=ledger).exists()


def told(ctx: Context, asked: Asked, days: Sequence[dt.date]) -> list[Told]:
    """What a query found on each of several days; one statement. It counts all entries, whoever asks: nobody is found from counts."""
    if not days:
        return []
    rows = [_of_day(ctx, asked, day, place) for place, day in enumerate(days)]
    if asked.persons and asked.filters:
        rows += [_whole(ctx, asked, day, place) for place, day in enumerate(days, len(days))]
    first, *more = rows
    found: dict[int, Told] = {}
    summed: dict[int, list[tuple[str | None, int, int]]] = defaultdict(list)
    for place, value, many, part in first.union(*more, all=True) if more else first:
        summed[int(place)].append((value, int(many), int(part)))
    for place, several in summed.items():
        total = sum((Decimal(value) * many for value, many, _part in several if value), Decimal(0))
        found[place] = Told(
            sum(many for _value, many, _part in several),
            sum(part for _value, _many, part in several),
            total if asked.summed else Decimal(0),
            sum(many for value, many, _part in several if not value) if asked.summed else 0,
        )
    return [_beside(found.get(place, Told()), found.get(place + len(days))) for place in range(len(days))]


def _beside(one: Told, whole: Told | None) -> Told:
    """With what it and the ledger's whole leave of one another: who knows both knows that too."""
    if whole is None:
        return one
    return replace(one, rest=whole.many - whole.part, beyond=one.many - whole.part)


Rows = QuerySet[Entry, tuple[int, str | None, int, int]]


def _of_day(ctx: Context, asked: Asked, day: dt.date, place: int) -> Rows:
    """(place, value that is added up, entries, entries of the part), by that value."""
    rows = standing(asked.ledger, day, asked.names, Q(municipality=ctx.municipality.id), asked.states)
    rows, meets = _meeting_all(rows, [one for one in asked.filters if one.name != "state"])
    rows, inside = _meeting_all(rows.filter(meets), asked.part)
    value = F(was(asked.summed)) if asked.summed else Value(None, TextField())
    return _counted(rows, place, value, inside)


def _whole(ctx: Context, asked: Asked, day: dt.date, place: int) -> Rows:
    """(place, nothing, entries in force, those of them that the query counts)."""
    rows = standing(asked.ledger, day, asked.names, Q(municipality=ctx.municipality.id))
    rows, meets = _meeting_all(rows, asked.filters)
    return _counted(rows, place, Value(None, TextField()), meets)


def _counted(rows: QuerySet[Entry], place: int, value: F | Value, inside: Q) -> Rows:
    rows = rows.annotate(was_nth=Value(place, IntegerField()), was_summed=Cast(value, TextField()))
    return (
        rows.values_list("was_nth", "was_summed")
        .annotate(many=Count("pk"), part=Count("pk", filter=inside) if inside else Count("pk"))
        .order_by()
    )


def _meeting_all(rows: QuerySet[Entry], conditions: Iterable[Condition]) -> tuple[QuerySet[Entry], Q]:
    """As :func:`_meeting`, of several conditions."""
    every = Q()
    for one in conditions:
        rows, meets = _meeting(rows, one)
        every &= meets
    return rows, every


def _meeting(rows: QuerySet[Entry], one: Condition) -> tuple[QuerySet[Entry], Q]:
    """The rows with what has to be worked out for a condition, and the condition."""
    name = was(one.name)
    if one.any_of:
        return rows, Q(**{f"{name}__in": list(one.any_of)})
    if one.kind != "date":  # days are text that sorts; numbers are not
        rows = rows.annotate(**{f"{name}_n": Cast(F(name), FloatField())})
    bounds: dict[str, str | float] = {}
    for lookup, text in (("gte", one.since), ("lte", one.until)):
        if text:
            key = f"{name}__{lookup}" if one.kind == "date" else f"{name}_n__{lookup}"
            bounds[key] = text if one.kind == "date" else float(text)
    return rows, Q(**bounds)
