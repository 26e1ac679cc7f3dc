"""Many rows at once, in the bench's own database: what ``bulk_create`` would write, by the database's fastest way in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar, cast

from django.db import connection, models, transaction
from psycopg import Cursor

M = TypeVar("M", bound=models.Model)
CHUNK = 10_000


def fill(model: type[M], rows: Iterable[M], progress: Callable[[int], None] = lambda _count: None) -> int:
    """Write new rows, some thousands in a transaction; what the model's columns work out when a row is saved, they work out here."""
    count, rest = 0, iter(rows)
    while chunk := list(islice(rest, CHUNK)):
        with transaction.atomic():
            _write(model, _values(model, chunk))
        count += len(chunk)
        progress(count)
    return count


def _columns(model: type[models.Model]) -> list[models.Field[object, object]]:
    return list(model._meta.concrete_fields)


def _values(model: type[M], rows: Iterable[M]) -> Iterator[tuple[Any, ...]]:  # Any: as the database takes it
    columns = _columns(model)
    for row in rows:
        yield tuple(one.get_db_prep_save(one.pre_save(row, add=True), connection) for one in columns)


def _write(model: type[models.Model], values: Iterator[tuple[Any, ...]]) -> None:  # Any: as above
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns = _columns(model)
    names = ", ".join(quote(one.column) for one in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Django's cursor passes everything on to psycopg's, under it.
            raw = cast("Cursor[tuple[object, ...]]", cursor.cursor)
            with raw.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for one in values:
                    copy.write_row(one)
        else:
            marks = ", ".join(["%s"] * len(columns))
            # Names of our own tables and columns alone stand in the text.
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values))  # noqa: S608
