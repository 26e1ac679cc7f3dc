"""A book as a table that leaves the house: as filtered, as far as its reader may read, today or as it stood on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yakuba.engines.ledger import queries
from yakuba.engines.ledger.access import READ_BOOK
from yakuba.engines.ledger.declaration import MERGED, VOID
from yakuba.engines.ledger.exchange.access import IMPORT
from yakuba.engines.ledger.exchange.matching import NUMBER, columns_of
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.registering import Installed
from yakuba.engines.ledger.values import value_of
from yakuba.engines.protection.queries import held, stands_on
from yakuba.kernel.actions import Context, Denied, Problem, SubjectRef, ports
from yakuba.kernel.dates import format_date
from yakuba.kernel.fields import PERSONAL, JsonValue
from yakuba.kernel.sheets.table import Column, Row, Table

#: A sheet of a spreadsheet program holds a million rows; reading one back is bounded by this (``kernel.sheets.grid``).
MOST: Final = 200_000
_PAGE: Final = 1000
_GONE: Final = frozenset({VOID, MERGED})


@dataclass(frozen=True, slots=True)
class Leaving:
    """A table, and of what: the ids in it where something of it is about persons, and how many 支援措置 keeps back."""

    table: Table
    held: int


def table_of(
    ctx: Context,
    installed: Installed[Entry],
    book: Book,
    found: QuerySet[Entry],
    *,
    on: dt.date | None = None,
) -> Leaving:
    """The entries of ``found`` as they are, or, with ``on``, all of the book as it stood on that day (for readers of everything alone).

    What is about persons is logged as read before a row leaves; entries under 支援措置 are left out, and the table says how many.
    Raises :class:`Problem` for more than :data:`MOST` rows and a day to come, :class:`Denied`.
    """
    ledger = installed.ledger
    queries.demand_looked(book)
    reads = READ_BOOK.may(ctx, book).allowed
    writes = on is None and reads and IMPORT.may(ctx, book).allowed
    columns = columns_of(ledger, book, personal=reads, changes=writes)
    if on is not None and not reads:
        raise Denied
    if on is None:
        free = found.exclude(stands_on(ledger.key, "pk"))
        ids = list(free.order_by("number_order", "pk").values_list("pk", flat=True)[: MOST + 1])
        kept_back = found.filter(stands_on(ledger.key, "pk")).count()
        rows: Callable[[], Iterator[Row]] = lambda: _today(ctx, installed, columns, ids)  # noqa: E731 – one of two
    else:
        stood = _stood(ctx, book, on)
        stopped = {one.id for one in held(ctx, [SubjectRef(ledger.key, pk) for pk in stood])}
        kept_back = len(stopped)
        ids = [pk for pk in stood if pk not in stopped]
        rows = lambda: _then(ctx, installed, columns, ids, stood)  # noqa: E731 – as above
    if len(ids) > MOST:
        raise Problem(
            "many",
            _("%s行より多いため、一度に書き出せません。状態や条件で絞り込んでください。") % f"{MOST:,}",
            found=str(len(ids)),
            expected=str(MOST),
        )
    if reads and any(column.spec.classification is PERSONAL for column in columns):
        ports.trail().read(
            ctx, f"{ledger.key}.read", ledger.key, ids, how="export", on=on.isoformat() if on else ""
        )
    table = Table(
        name=str(ledger.label),
        municipality=ctx.municipality.name,
        columns=columns,
        rows=rows(),
        as_of=ctx.now,
        editable=writes,
        fresh=writes,
        notes=_notes(on, kept_back),
    )
    return Leaving(table, kept_back)


def _notes(on: dt.date | None, kept_back: int) -> list[tuple[str, str]]:
    found = []
    if on is not None:
        found.append((_("基準日"), format_date(on)))
    if kept_back:
        words = _("支援措置の確認が済んでいない%d件を除いています。") % kept_back
        found.append((_("除いた行"), words))
    return found


def _today(
    ctx: Context, installed: Installed[Entry], columns: tuple[Column, ...], ids: list[UUID]
) -> Iterator[Row]:
    """Rows as they are, so many read at a time."""
    ledger = installed.ledger
    specs = {column.key: column.spec for column in columns}
    for start in range(0, len(ids), _PAGE):
        page = ids[start : start + _PAGE]
        here = {one.pk: one for one in ledger.model.objects.for_actor(ctx).filter(pk__in=page)}
        for pk in page:
            entry = here.get(pk)
            if entry is not None:  # gone in this very moment
                values = {
                    key: value_of(entry, key, specs) if key in ledger.fields or "." in key else getattr(entry, key)
                    for key in specs
                }  # fmt: skip
                yield Row(values, entry.pk, entry.version)


def _stood(ctx: Context, book: Book, on: dt.date) -> dict[UUID, dict[str, JsonValue]]:
    """What held of each entry on a day; those that were mistakes or double then are left out."""
    return {
        pk: values
        for pk, values in queries.all_as_of(ctx, book, on)
        if values and values.get("state") not in _GONE
    }


def _then(
    ctx: Context,
    installed: Installed[Entry],
    columns: tuple[Column, ...],
    ids: list[UUID],
    stood: dict[UUID, dict[str, JsonValue]],
) -> Iterator[Row]:
    """Rows as they stood. A number never changes and is no amendment."""
    ledger = installed.ledger
    for start in range(0, len(ids), _PAGE):
        page = ids[start : start + _PAGE]
        numbers = dict(ledger.model.objects.for_actor(ctx).filter(pk__in=page).values_list("pk", NUMBER))
        for pk in page:
            if pk not in numbers:
                continue
            values: dict[str, object] = {NUMBER: numbers[pk]}
            for column in columns:
                given = stood[pk].get(column.key)
                if column.key != NUMBER and given not in (None, "") and column.kind is not None:
                    values[column.key] = column.kind.from_json(given)
            yield Row(values)
