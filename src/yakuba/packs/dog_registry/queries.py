"""Reads behind the rules and the reports of the register."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q, QuerySet

from yakuba.engines.ledger.declaration import ledger_of
from yakuba.engines.ledger.models import Book, Move
from yakuba.engines.ledger.reports import in_force_on
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.text import display_number_sort_key
from yakuba.packs.dog_registry.models import STATES, Dog, Vaccination


def last_year(dog: Dog) -> FiscalYear | None:
    """The last year for which a dog was vaccinated or excused; one query, none for a dog that is not stored yet."""
    if dog.is_new:
        return None
    rows = Vaccination.unscoped.filter(municipality=dog.municipality_id, entry=dog)
    return rows.order_by("-year").values_list("year", flat=True).first()


def same_tag(row: Vaccination) -> bool:
    """Whether another vaccination of the year has the tag of this one."""
    rows = Vaccination.unscoped.filter(municipality=row.municipality_id, year=row.year.year, tag=row.tag)
    return rows.exclude(pk=row.pk).exists()


def done_already(row: Vaccination) -> bool:
    """Whether the dog has another row of the same year that is none of an excuse."""
    rows = Vaccination.unscoped.filter(
        municipality=row.municipality_id, entry=row.entry_id, year=row.year.year, excused=False
    )
    return rows.exclude(pk=row.pk).exists()


@dataclass
class Standing:
    """The register as of a day: the dogs in force with what held of them, and what became of the year's vaccination."""

    year: FiscalYear
    dogs: dict[UUID, Mapping[str, JsonValue]]
    vaccinated: set[UUID] = field(default_factory=set)
    excused: set[UUID] = field(default_factory=set)
    tags: int = 0

    @property
    def open(self) -> set[UUID]:
        """The dogs of which nothing is known for the year."""
        return set(self.dogs) - self.vaccinated - self.excused


def standing(ctx: Context, book: Book, day: dt.date) -> Standing:
    """The register on a day and the vaccinations of its fiscal year that were given by then."""
    found = Standing(FiscalYear.of(day), dict(in_force_on(ctx, ledger_of(Dog), book, day)))
    rows = Vaccination.objects.for_actor(ctx).filter(entry__book=book, year=found.year.year)
    for key, given, excused in rows.values_list("entry", "day", "excused"):
        if not excused and given is not None and given <= day:
            found.tags += 1
            if key in found.dogs:
                found.vaccinated.add(key)
        elif excused and key in found.dogs:
            found.excused.add(key)
    found.excused -= found.vaccinated
    return found


def last_before(ctx: Context, book: Book, year: FiscalYear) -> dict[UUID, FiscalYear]:
    """Of each dog the last year before this one for which it was vaccinated or excused."""
    rows = Vaccination.objects.for_actor(ctx).filter(entry__book=book, year__lt=year.year).order_by("year")
    return dict(rows.values_list("entry", "year"))


def undone(ctx: Context, year: FiscalYear) -> QuerySet[Dog]:
    """The dogs in force of which nothing is known for a year or any later one."""
    return Dog.objects.for_actor(ctx).filter(
        Q(last_year__isnull=True) | Q(last_year__lt=year.year), state__in=("registered", "missing")
    )


def moved(ctx: Context, book: Book, year: FiscalYear) -> Counter[tuple[str, str]]:
    """How often dogs went from one state to another within a year, by (from, to)."""
    rows = Move.objects.for_actor(ctx).filter(
        book=book, chain=STATES.column, day__gte=year.start, day__lte=year.end
    )
    return Counter(rows.values_list("come_from", "go_to"))


def numbers(ctx: Context, book: Book) -> dict[UUID, tuple[str, str]]:
    """The number of each dog and the key by which numbers sort."""
    rows = Dog.objects.for_actor(ctx).filter(book=book)
    return {key: (number, order) for key, number, order in rows.values_list("pk", "number", "number_order")}


@dataclass(frozen=True, slots=True)
class Given:
    """What was given on a day at a place: how many dogs, and the first and last tag as people count them."""

    day: dt.date
    venue: str
    dogs: int
    first: str
    last: str


def by_venue(ctx: Context, book: Book, year: FiscalYear, until: dt.date) -> list[Given]:
    """The vaccinations of a year that were given by a day, by day and place; one query."""
    rows = Vaccination.objects.for_actor(ctx).filter(
        entry__book=book, year=year.year, excused=False, day__lte=until
    )
    tags: dict[tuple[dt.date, str], list[str]] = defaultdict(list)
    for day, venue, tag in rows.order_by("day", "venue", "pk").values_list("day", "venue", "tag"):
        if day is not None:
            tags[day, venue].append(tag)
    found = []
    for (day, venue), mine in tags.items():
        mine.sort(key=display_number_sort_key)
        found.append(Given(day, venue, len(mine), mine[0], mine[-1]))
    return found
