"""The two databases' full-text parts: what Django's models cannot say.

For each table of rows SQLite gets a virtual table ``…_fts`` (the tokens of the row whose ``entry`` is its rowid) and PostgreSQL a
column ``terms`` with a GIN index. They are installed after every migration where they are missing, and checked by :func:`verify`.
Table and alias names in the statements are ours; everything that somebody typed is a parameter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from yakuba.kernel.search.models import TABLES, PublicRow, Rows, SearchRow
from yakuba.kernel.text import FTS5_OPTIONS, Term, to_fts5, to_tsquery

_BATCH = 200


class Engine(Protocol):
    """What both databases do, each in its own way, for one table of rows."""

    def install(self) -> None:
        """Make what is missing."""
        ...

    def verify(self) -> list[str]:
        """What is wrong, one line each."""
        ...

    def write(self, rows: Sequence[tuple[SearchRow, str]]) -> None:
        """Insert rows with their tokens."""
        ...

    def forget(self, entries: Sequence[int]) -> None:
        """Take tokens away, before their rows go."""
        ...

    def matches(self, alias: str, terms: Sequence[Term]) -> tuple[str, str]:
        """A condition on a row, and its parameter: all terms occur in it. ``alias`` is the table's name in the statement."""
        ...


class SQLite:
    """FTS5 beside the rows."""

    def __init__(self, connection: BaseDatabaseWrapper, model: Rows) -> None:
        self._connection = connection
        self._model = model
        self._table = model._meta.db_table
        self._fts = f"{self._table}_fts"

    def install(self) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(
                f"CREATE VIRTUAL TABLE IF NOT EXISTS {self._fts} USING fts5(terms, {FTS5_OPTIONS})"
            )
            cursor.execute(f"CREATE INDEX IF NOT EXISTS {self._table}_entry ON {self._table} (entry)")

    def verify(self) -> list[str]:
        wanted = {self._fts, f"{self._table}_entry"}
        with self._connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE name IN (%s, %s)", sorted(wanted))
            missing = wanted - {name for (name,) in cursor.fetchall()}
            if missing:
                return [f"search: {name} is missing" for name in sorted(missing)]
            cursor.execute(
                f"SELECT count(*) FROM {self._table} r LEFT JOIN {self._fts} f ON f.rowid = r.entry"  # noqa: S608
                " WHERE f.rowid IS NULL"
            )
            return _without(self._table, cursor.fetchone())

    def write(self, rows: Sequence[tuple[SearchRow, str]]) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(f"SELECT rowid FROM {self._fts} ORDER BY rowid DESC LIMIT 1")  # noqa: S608
            last = cursor.fetchone()
            # Ever larger: FTS5 writes a segment of its own whenever a rowid goes back.
            entry = last[0] if last else 0
            for row, _tokens in rows:
                entry += 1
                row.entry = entry
            cursor.executemany(
                f"INSERT INTO {self._fts} (rowid, terms) VALUES (%s, %s)",  # noqa: S608
                [(row.entry, tokens) for row, tokens in rows],
            )
        _insert(self._model, rows)

    def forget(self, entries: Sequence[int]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(
                f"DELETE FROM {self._fts} WHERE rowid = %s",  # noqa: S608
                [(entry,) for entry in entries],
            )

    def matches(self, alias: str, terms: Sequence[Term]) -> tuple[str, str]:
        found = f"SELECT rowid FROM {self._fts} WHERE {self._fts} MATCH %s"  # noqa: S608
        return f"{alias}.entry IN ({found})", to_fts5(terms)


class PostgreSQL:
    """A tsvector on the rows."""

    def __init__(self, connection: BaseDatabaseWrapper, model: Rows) -> None:
        self._connection = connection
        self._model = model
        self._table = model._meta.db_table

    def install(self) -> None:
        with self._connection.cursor() as cursor:
            # Asked first: even an ALTER that changes nothing locks the table.
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = %s::regclass AND attname = 'terms'),"
                " to_regclass(%s) IS NOT NULL",
                [self._table, f"{self._table}_terms"],
            )
            column, index = cursor.fetchone()
            if not column:
                cursor.execute(f"ALTER TABLE {self._table} ADD COLUMN terms tsvector")
            if not index:
                cursor.execute(f"CREATE INDEX {self._table}_terms ON {self._table} USING gin (terms)")

    def verify(self) -> list[str]:
        with self._connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s) IS NULL", [f"{self._table}_terms"])
            if cursor.fetchone()[0]:
                return [f"search: {self._table}_terms is missing"]
            cursor.execute(f"SELECT count(*) FROM {self._table} WHERE terms IS NULL")  # noqa: S608
            return _without(self._table, cursor.fetchone())

    def write(self, rows: Sequence[tuple[SearchRow, str]]) -> None:
        _insert(self._model, rows)
        with self._connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {self._table} SET terms = to_tsvector('simple', %s) WHERE id = %s",  # noqa: S608
                [(tokens, row.pk) for row, tokens in rows],
            )

    def forget(self, entries: Sequence[int]) -> None:
        """The tokens go with their rows."""

    def matches(self, alias: str, terms: Sequence[Term]) -> tuple[str, str]:
        return f"{alias}.terms @@ to_tsquery('simple', %s)", to_tsquery(terms)


def _insert(model: Rows, rows: Sequence[tuple[SearchRow, str]]) -> None:
    model.unscoped.bulk_create([row for row, _tokens in rows], batch_size=_BATCH)


def _without(table: str, counted: tuple[Any, ...]) -> list[str]:  # Any: a database row
    return (
        [f"search: {table}: {counted[0]} rows without tokens; run `yakuba search rebuild`"]
        if counted[0]
        else []
    )


def connection() -> BaseDatabaseWrapper:
    """The database that holds the index."""
    return connections[router.db_for_write(PublicRow)]


def engine(model: Rows) -> Engine:
    """The engine for one table of rows."""
    found = connection()
    return PostgreSQL(found, model) if found.vendor == "postgresql" else SQLite(found, model)


def identifier(value: UUID) -> Any:  # Any: a text on SQLite, a UUID on PostgreSQL
    """A UUID as a parameter of a statement of our own."""
    return PublicRow._meta.pk.get_db_prep_value(value, connection(), prepared=False)


def install_after_migrate(**_facts: object) -> None:
    """Install what is missing beside the tables that are there. Receiver of post_migrate."""
    found = connection()
    tables = set(found.introspection.table_names())
    with transaction.atomic(using=found.alias):
        for model in TABLES.values():
            if model._meta.db_table in tables:
                engine(model).install()


def verify() -> list[str]:
    """What is wrong with the index's parts, one line each; empty when all is well."""
    return [line for model in TABLES.values() for line in engine(model).verify()]
