"""The two databases' full-text parts: what Django's models cannot say.

SQLite gets a virtual table ``search_fts`` (tokens of the row whose ``entry`` is its rowid) and PostgreSQL a column ``terms`` with a
GIN index. They are installed after every migration where they are missing, and verified by :func:`verify`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Protocol
from uuid import UUID

from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from yakuba.kernel.search.models import SearchRow
from yakuba.kernel.text import FTS5_OPTIONS, Term, to_fts5, to_tsquery

TABLE: Final = SearchRow._meta.db_table


class Engine(Protocol):
    """What both databases do, each in its own way. ``alias`` is the name of the row table in a statement."""

    def install(self) -> None: ...

    def verify(self) -> list[str]: ...

    def write(self, rows: Sequence[tuple[SearchRow, str]]) -> None:
        """Insert rows with their tokens."""
        ...

    def forget(self, entries: Sequence[int]) -> None:
        """Take tokens away, before their rows go."""
        ...

    def matches(self, alias: str, terms: Sequence[Term]) -> tuple[str, str]:
        """A condition on a row, and its parameter: all terms occur in it."""
        ...


class SQLite:
    """FTS5 beside the rows."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection

    def install(self) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS search_fts USING fts5(terms, {FTS5_OPTIONS})")
            cursor.execute(f"CREATE INDEX IF NOT EXISTS search_row_entry ON {TABLE} (entry)")

    def verify(self) -> list[str]:
        with self._connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE name IN ('search_fts', 'search_row_entry')")
            missing = {"search_fts", "search_row_entry"} - {name for (name,) in cursor.fetchall()}
            if missing:
                return [f"search: {name} is missing" for name in sorted(missing)]
            cursor.execute(
                f"SELECT count(*) FROM {TABLE} r LEFT JOIN search_fts f ON f.rowid = r.entry WHERE f.rowid IS NULL"
            )
            return _without(cursor.fetchone())

    def write(self, rows: Sequence[tuple[SearchRow, str]]) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute("SELECT rowid FROM search_fts ORDER BY rowid DESC LIMIT 1")
            last = cursor.fetchone()
            # Ever larger: FTS5 writes a segment of its own whenever a rowid goes back.
            entry = last[0] if last else 0
            for row, _tokens in rows:
                entry += 1
                row.entry = entry
            cursor.executemany(
                "INSERT INTO search_fts (rowid, terms) VALUES (%s, %s)",
                [(row.entry, tokens) for row, tokens in rows],
            )
        SearchRow.unscoped.bulk_create([row for row, _tokens in rows], batch_size=200)

    def forget(self, entries: Sequence[int]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany("DELETE FROM search_fts WHERE rowid = %s", [(entry,) for entry in entries])

    def matches(self, alias: str, terms: Sequence[Term]) -> tuple[str, str]:
        return f"{alias}.entry IN (SELECT rowid FROM search_fts WHERE search_fts MATCH %s)", to_fts5(terms)


class PostgreSQL:
    """A tsvector on the rows."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection

    def install(self) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS terms tsvector")
            cursor.execute(f"CREATE INDEX IF NOT EXISTS search_row_terms ON {TABLE} USING gin (terms)")

    def verify(self) -> list[str]:
        with self._connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('search_row_terms') IS NULL")
            if cursor.fetchone()[0]:
                return ["search: search_row_terms is missing"]
            cursor.execute(f"SELECT count(*) FROM {TABLE} WHERE terms IS NULL")
            return _without(cursor.fetchone())

    def write(self, rows: Sequence[tuple[SearchRow, str]]) -> None:
        SearchRow.unscoped.bulk_create([row for row, _tokens in rows], batch_size=200)
        with self._connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {TABLE} SET terms = to_tsvector('simple', %s) WHERE id = %s",
                [(tokens, row.pk) for row, tokens in rows],
            )

    def forget(self, entries: Sequence[int]) -> None:
        """The tokens go with their rows."""

    def matches(self, alias: str, terms: Sequence[Term]) -> tuple[str, str]:
        return f"{alias}.terms @@ to_tsquery('simple', %s)", to_tsquery(terms)


def _without(counted: tuple[Any, ...]) -> list[str]:  # Any: a database row
    return [f"search: {counted[0]} rows without tokens; run `yakuba search rebuild`"] if counted[0] else []


def connection() -> BaseDatabaseWrapper:
    """The database that holds the index."""
    return connections[router.db_for_write(SearchRow)]


def engine() -> Engine:
    """The engine of the index's database."""
    found = connection()
    return PostgreSQL(found) if found.vendor == "postgresql" else SQLite(found)


def identifier(value: UUID) -> Any:  # Any: a text on SQLite, a UUID on PostgreSQL
    """A UUID as a parameter of a statement of our own."""
    return SearchRow._meta.pk.get_db_prep_value(value, connection(), prepared=False)


def install_after_migrate(**_facts: object) -> None:
    """Install what is missing, when the index's own table is there."""
    found = connection()
    if TABLE in found.introspection.table_names():
        with transaction.atomic(using=found.alias):
            engine().install()


def verify() -> list[str]:
    """What is wrong with the index's parts, one line each; empty when all is well."""
    return engine().verify()
