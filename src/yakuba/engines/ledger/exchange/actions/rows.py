"""Whole rows of a ledger's own table as JSON, and from there into the table by one statement, on both databases.

Values stand in JSON as the database takes them from a text: dates in ISO 8601, bytes in hexadecimal, decimals as text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.db import connection, models

from yakuba.engines.ledger.models import Batch, Staged
from yakuba.engines.ledger.records import Entry
from yakuba.kernel.fields import JsonValue

_AS_IT_IS: Final = frozenset({str, int, float, bool, type(None)})
# What every row of a batch has in common, and what staged rows have in columns of their own, stands in no cell.
_APART: Final = frozenset({"id", "municipality", "book", "number", "number_order", "version"})


def cells_of(entry: Entry) -> dict[str, JsonValue]:
    """An entry as its table would hold it, by column; with what the columns work out by themselves (a place's box and cell)."""
    found: dict[str, JsonValue] = {}
    for column in _columns(type(entry)):
        value = column.pre_save(entry, add=True)
        # Nearly all of them: what a column of texts, numbers or yes and no holds stands in JSON as it is.
        found[column.column] = value if value.__class__ in _AS_IT_IS else _plain(column, value)
    return found


@cache
def _columns(model: type[Entry]) -> tuple[models.Field[Any, Any], ...]:  # Any: columns of any sort
    """The columns that a staged row holds."""
    return tuple(column for column in model._meta.concrete_fields if column.name not in _APART)


def _plain(column: models.Field[Any, Any], value: object) -> JsonValue:  # Any: columns of any sort
    prepared = value if isinstance(column, models.JSONField) else column.get_prep_value(value)
    if isinstance(prepared, UUID):
        return prepared.hex if connection.vendor == "sqlite" else str(prepared)
    if isinstance(prepared, bytes | memoryview):
        return bytes(prepared).hex()
    if isinstance(prepared, dt.datetime):
        return str(connection.ops.adapt_datetimefield_value(prepared))
    if isinstance(prepared, dt.date):
        return prepared.isoformat()
    if isinstance(prepared, Decimal):
        return str(prepared)
    return prepared  # type: ignore[return-value]  # a text, a number, a yes or no, or JSON


@contextmanager
def ready(batch: Batch, model: type[Entry], names: Collection[str]) -> Iterator[None]:
    """Read the new rows out of their JSON before the transaction that writes them, so that it only writes (SQLite has one writer at a time).

    They stand in a temporary table of this connection, which holds nobody up and goes with it; PostgreSQL needs none.
    """
    if connection.vendor != "sqlite":
        yield
        return
    table = _ready(batch)
    selected = _selected(batch, model, names)
    drop = f"DROP TABLE IF EXISTS temp.{table}"
    _run(drop, [])
    if selected is not None:
        text, parameters = selected
        _run(f"CREATE TEMP TABLE {table} AS {text}", parameters)
    try:
        yield
    finally:
        _run(drop, [])


def _ready(batch: Batch) -> str:
    return _quoted(f"ledger_ready_{batch.pk.hex}")


def _is_ready(batch: Batch) -> bool:
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM sqlite_temp_master WHERE type = 'table' AND name = %s", [_ready(batch).strip('"')]
        )
        return cursor.fetchone() is not None


def insert_new(batch: Batch, model: type[Entry], names: Collection[str]) -> int:
    """The new rows of a batch into their ledger's table, in one statement; how many. ``names``: fields in which they differ."""
    listed = ", ".join(_quoted(column.column) for column in model._meta.concrete_fields)
    into = f"INSERT INTO {_table(model)} ({listed}) "  # names are those of our own tables and columns
    if _is_ready(batch):
        return _run(f"{into} SELECT {listed} FROM temp.{_ready(batch)} ORDER BY rowid", [])  # noqa: S608 – as above
    selected = _selected(batch, model, names)
    if selected is None:
        return 0
    text, parameters = selected
    return _run(f"{into} {text}", parameters)


def _selected(
    batch: Batch, model: type[Entry], names: Collection[str]
) -> tuple[str, list[str | int | float | bool | None]] | None:
    """The statement that reads the new rows of a batch, under the columns of their ledger's table; None where there are none.

    What all of them have in common is said once: reading a cell takes longer than writing it.
    """
    first = (
        Staged.unscoped.filter(municipality=batch.municipality_id, batch=batch, sort="new")
        .order_by("row")
        .values_list("cells", flat=True)
        .first()
    )
    if first is None:
        return None
    columns = model._meta.concrete_fields
    apart = {
        "id": "s.entry",
        "municipality": "s.municipality_id",
        "book": _id(batch.book_id),
        "number": "s.number",
        "number_order": "s.number_order",
        "version": "1",
    }
    constants = {
        column.name: first.get(column.column)
        for column in columns
        if column.name not in apart and column.name not in names and _is_plain(first.get(column.column))
    }
    values = [
        apart.get(column.name) or (_constant(column) if column.name in constants else _cell(column))
        for column in columns
    ]
    shown = ", ".join(
        f"{value} AS {_quoted(column.column)}" for value, column in zip(values, columns, strict=True)
    )
    # Names are those of our own tables and columns; values are parameters or ids of our own.
    text = (
        f"SELECT {shown} FROM {_table(Staged)} s {_record(model)} "  # noqa: S608
        "WHERE s.municipality_id = %s AND s.batch_id = %s AND s.sort = 'new' ORDER BY s.row"
    )
    return text, [*constants.values(), _value(batch.municipality_id), _value(batch.pk)]


def update_changed(batch: Batch, model: type[Entry], names: Collection[str]) -> int:
    """The changed rows of a batch, of which nobody changed anything since they were read; how many. ``names``: fields that change."""
    columns = [column for column in model._meta.concrete_fields if column.name in names]
    sets = [f"{_quoted(column.column)} = {_cell(column)}" for column in columns]
    table = _table(model)
    return _run(
        f"UPDATE {table} SET {', '.join([*sets, 'version = s.known + 1'])} FROM {_table(Staged)} s {_record(model)} "  # noqa: S608 – as above
        "WHERE s.municipality_id = %s AND s.batch_id = %s AND s.sort = 'change' "
        f"AND {table}.id = s.entry AND {table}.version = s.known",
        [_value(batch.municipality_id), _value(batch.pk)],
    )


def insert_amendments(
    batch: Batch,
    amendment: type[models.Model],
    *,
    holds_from: dt.date,
    now: dt.datetime,
    by: str,
    reason: str,
) -> int:
    """What was written into the rows of a batch, in one statement; an amendment takes the id of its staged row."""
    values = {
        "id": "s.id",
        "municipality": "s.municipality_id",
        "version": "1",
        "book": _id(batch.book_id),
        "entry": "s.entry",
        "values": 's."values"',
    }
    given = {
        "holds_from": holds_from.isoformat(),
        "written_at": str(connection.ops.adapt_datetimefield_value(now)),
        "reason": reason,
        "by": by[:200],
    }
    casts = {"holds_from": "date", "written_at": "timestamptz", "reason": "varchar", "by": "varchar"}
    columns = amendment._meta.concrete_fields
    shown = [
        values.get(column.name)
        or (f"%s::{casts[column.name]}" if connection.vendor == "postgresql" else "%s")
        for column in columns
    ]
    parameters = [given[column.name] for column in columns if column.name in given]
    names = ", ".join(_quoted(column.column) for column in columns)
    return _run(
        f"INSERT INTO {_table(amendment)} ({names}) SELECT {', '.join(shown)} FROM {_table(Staged)} s "  # noqa: S608 – as above
        "WHERE s.municipality_id = %s AND s.batch_id = %s AND s.sort IN ('new', 'change')",
        [*parameters, _value(batch.municipality_id), _value(batch.pk)],
    )


def _cell(column: models.Field[Any, Any]) -> str:  # Any: columns of any sort
    """The value of a staged row's cell for a column."""
    if connection.vendor == "postgresql":
        return f"r.{_quoted(column.column)}"
    found = f"json_extract(s.cells, '$.{_quoted(column.column)}')"
    return f"yakuba_bytes({found})" if isinstance(column, models.BinaryField) else found


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def _constant(column: models.Field[Any, Any]) -> str:  # Any: columns of any sort
    """A parameter of a column's type."""
    return f"%s::{column.db_type(connection)}" if connection.vendor == "postgresql" else "%s"


def number_rows(rows: Sequence[Staged]) -> None:
    """Write the numbers that new rows were given; the caller has a transaction."""
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {_table(Staged)} SET number = %s, number_order = %s WHERE id = %s",  # noqa: S608 – as above
            [(row.number, row.number_order, _value(row.pk)) for row in rows],
        )


def _record(model: type[Entry]) -> str:
    """On PostgreSQL the cells become a record of the table, each of its column's type."""
    if connection.vendor != "postgresql":
        return ""
    return f"CROSS JOIN LATERAL jsonb_populate_record(NULL::{_table(model)}, {_bytes_marked(model)}) r"


def _bytes_marked(model: type[Entry]) -> str:
    r"""PostgreSQL reads bytes in hexadecimal behind ``\x``."""
    found = "s.cells"
    for column in model._meta.concrete_fields:
        if isinstance(column, models.BinaryField):
            name = column.column
            found = f"jsonb_set({found}, '{{{name}}}', COALESCE(to_jsonb('\\x' || (s.cells->>'{name}')), 'null'::jsonb))"
    return found


def _run(text: str, parameters: Sequence[str | int | float | bool | None]) -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            connection.connection.create_function("yakuba_bytes", 1, _bytes, deterministic=True)
        cursor.execute(text, parameters)
        return int(cursor.rowcount)


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else bytes.fromhex(text)


def _table(model: type[models.Model]) -> str:
    return _quoted(model._meta.db_table)


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def _id(value: UUID) -> str:
    """An id of our own as it stands in a statement."""
    return f"'{_value(value)}'" + ("::uuid" if connection.vendor == "postgresql" else "")


def _value(value: UUID) -> str:
    return value.hex if connection.vendor == "sqlite" else str(value)
