"""Reads behind the rules and the reports of vacant houses."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from uuid import UUID

from django.db.models import QuerySet

from yakuba.engines.ledger.models import Book, Move
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear
from yakuba.packs.vacant_houses.chains import STATES
from yakuba.packs.vacant_houses.models import Contact, House, Measure, Survey


def last_survey(house: House) -> Survey | None:
    """What was seen of a house last; one query, none for a house that is not stored yet."""
    if house.is_new:
        return None
    rows = Survey.unscoped.filter(municipality=house.municipality_id, entry=house)
    return rows.order_by("-day", "-pk").first()


def next_term(house: House) -> dt.date | None:
    """The earliest term of a measure that nobody has settled; one query."""
    if house.is_new:
        return None
    rows = Measure.unscoped.filter(
        municipality=house.municipality_id, entry=house, term__isnull=False, settled_on__isnull=True
    )
    return rows.order_by("term").values_list("term", flat=True).first()


def receiver(house: House) -> Contact | None:
    """To whom letters about a house go: the first of those who receive them; one query."""
    rows = Contact.unscoped.filter(municipality=house.municipality_id, entry=house, letters=True)
    return rows.exclude(address="").order_by("pk").first()


def reachable(ctx: Context) -> QuerySet[Contact, UUID]:
    """The houses about which somebody receives letters."""
    rows = Contact.objects.for_actor(ctx).filter(letters=True).exclude(address="")
    return rows.values_list("entry", flat=True)


def surveyed(ctx: Context, book: Book, until: dt.date) -> set[UUID]:
    """The houses that were surveyed in the fiscal year of a day, up to it."""
    rows = Survey.objects.for_actor(ctx).filter(
        entry__book=book, day__range=(FiscalYear.of(until).start, until)
    )
    return set(rows.values_list("entry", flat=True))


def conditions(ctx: Context, book: Book, until: dt.date) -> dict[UUID, str]:
    """What each house was judged to be last, by a day."""
    rows = Survey.objects.for_actor(ctx).filter(entry__book=book, day__lte=until).order_by("day", "pk")
    return dict(rows.values_list("entry", "condition"))


def told(ctx: Context, book: Book, until: dt.date) -> dict[UUID, tuple[str, dt.date, dt.date | None]]:
    """Of each house its last 勧告 up to a day: the document, its day, and when the tax office was told."""
    rows = Measure.objects.for_actor(ctx).filter(
        entry__book=book, kind__in=("neglect_urge", "urge"), day__lte=until
    )
    return {
        key: (document, day, at)
        for key, document, day, at in rows.order_by("day", "pk").values_list(
            "entry", "document", "day", "tax_told_on"
        )
    }


def moved(ctx: Context, book: Book, year: FiscalYear, until: dt.date) -> Counter[str]:
    """How many houses went into each state within a year."""
    rows = Move.objects.for_actor(ctx).filter(book=book, chain=STATES.column, day__range=(year.start, until))
    return Counter(rows.values_list("go_to", flat=True))


def names(ctx: Context, book: Book) -> dict[UUID, tuple[str, str]]:
    """The number of each house and the key by which numbers sort."""
    rows = House.objects.for_actor(ctx).filter(book=book)
    return {key: (number, order) for key, number, order in rows.values_list("pk", "number", "number_order")}
