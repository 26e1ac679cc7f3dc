"""The two databases' full-text parts: what Django's models cannot say.

Beside each table of rows stand the numbers of its objects (:mod:`.tokens`), under the rows' ``entry``: in SQLite a virtual table
``…_fts``, in PostgreSQL a table ``…_terms`` with a GIN index. They are installed after every migration where they are missing, and
checked by :func:`verify`. Table names in the statements are ours; everything that somebody typed is a parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol
from uuid import UUID

from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from yakuba.kernel.search.models import TABLES, PublicRow, Rows, SearchRow
from yakuba.kernel.search.tokens import Question, tokens_of

Parameters = list[Any]  # Any: parameters of a statement


class Engine(Protocol):
    """What both databases do, each in its own way, for one table of rows."""

    # The function that tells where one text stands in another: the first character is 1, 0 means nowhere.
    position: str

    def install(self) -> None:
        """Make what is missing."""
        ...

    def verify(self) -> list[str]:
        """What is wrong, one line each."""
        ...

    def entries(self, count: int) -> list[int]:
        """New numbers for that many rows, larger than all before."""
        ...

    def add(self, rows: Sequence[SearchRow]) -> None:
        """Insert the tokens of rows, which have their entries, in their order."""
        ...

    def forget(self, rows: Sequence[SearchRow]) -> None:
        """Take the tokens of rows away, as the rows are stored."""
        ...

    def clear(self) -> None:
        """Prepare for a rebuild, in which each row's tokens are forgotten and added again."""
        ...

    def matching(self, asked: Question) -> tuple[str, Parameters]:
        """A statement that gives the ``entry`` of every row that has the tokens, in the order of the index."""
        ...


class SQLite:
    """FTS5 beside the rows: which objects have a token, no more, so that the index stays small and a common word is streamed."""

    position = "instr"

    def __init__(self, connection: BaseDatabaseWrapper, model: Rows) -> None:
        self._connection = connection
        self._table = model._meta.db_table
        self._fts = f"{self._table}_fts"

    def install(self) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(
                f"CREATE VIRTUAL TABLE IF NOT EXISTS {self._fts}"
                " USING fts5(terms, content='', detail='none', tokenize='ascii')"
            )
            cursor.execute(f"CREATE UNIQUE INDEX IF NOT EXISTS {self._table}_entry ON {self._table} (entry)")

    def verify(self) -> list[str]:
        wanted = {self._fts, f"{self._table}_entry"}
        with self._connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE name IN (%s, %s)", sorted(wanted))
            missing = wanted - {name for (name,) in cursor.fetchall()}
        if missing:
            return [f"search: {name} is missing" for name in sorted(missing)]
        return _without_tokens(self._connection, self._table, self._fts, "rowid")

    def entries(self, count: int) -> list[int]:
        with self._connection.cursor() as cursor:
            # Ever larger: FTS5 writes a segment of its own whenever a rowid goes back.
            cursor.execute(f"SELECT rowid FROM {self._fts} ORDER BY rowid DESC LIMIT 1")  # noqa: S608
            last = cursor.fetchone()
        start = last[0] + 1 if last else 1
        return list(range(start, start + count))

    def add(self, rows: Sequence[SearchRow]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {self._fts} (rowid, terms) VALUES (%s, %s)",  # noqa: S608
                [(row.entry, _spaced(tokens_of(row))) for row in rows],
            )

    def forget(self, rows: Sequence[SearchRow]) -> None:
        with self._connection.cursor() as cursor:
            # The table keeps no copy of what it indexed and is told; of a row that it does not have it must not be told.
            cursor.executemany(
                f"INSERT INTO {self._fts} ({self._fts}, rowid, terms)"  # noqa: S608
                f" SELECT 'delete', rowid, %s FROM {self._fts} WHERE rowid = %s",
                [(_spaced(tokens_of(row)), row.entry) for row in rows],
            )

    def clear(self) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {self._fts} ({self._fts}) VALUES ('delete-all')")  # noqa: S608

    def matching(self, asked: Question) -> tuple[str, Parameters]:
        every = [_all(asked.wanted)] if asked.wanted else []
        every += [f"({' OR '.join(f'({_all(tokens)})' for tokens in choice)})" for choice in asked.choices]
        return (
            f"SELECT rowid AS entry FROM {self._fts} WHERE {self._fts} MATCH %s ORDER BY rowid",  # noqa: S608
            [" AND ".join(every)],
        )


class PostgreSQL:
    """A table of tokens with a GIN index."""

    position = "strpos"

    def __init__(self, connection: BaseDatabaseWrapper, model: Rows) -> None:
        self._connection = connection
        self._table = model._meta.db_table
        self._terms = f"{self._table}_terms"

    def install(self) -> None:
        if not self._missing():
            return  # asked first: even a statement that changes nothing locks the table
        with self._connection.cursor() as cursor:
            cursor.execute(f"CREATE SEQUENCE IF NOT EXISTS {self._table}_entries")
            cursor.execute(
                f"CREATE TABLE IF NOT EXISTS {self._terms} (entry bigint PRIMARY KEY, terms bigint[] NOT NULL)"
            )
            # Outside the rows' pages, which stay few. Without statistics the planner takes every question for a rare one
            # and asks the index; with them it would read all arrays to find a common word.
            cursor.execute(
                f"ALTER TABLE {self._terms} ALTER terms SET STORAGE EXTERNAL, ALTER terms SET STATISTICS 0"
            )
            cursor.execute(f"CREATE INDEX IF NOT EXISTS {self._terms}_gin ON {self._terms} USING gin (terms)")
            cursor.execute(f"CREATE UNIQUE INDEX IF NOT EXISTS {self._table}_entry ON {self._table} (entry)")

    def verify(self) -> list[str]:
        return [f"search: {name} is missing" for name in self._missing()] or _without_tokens(
            self._connection, self._table, self._terms, "entry"
        )

    def _missing(self) -> list[str]:
        wanted = [f"{self._table}_entries", self._terms, f"{self._terms}_gin", f"{self._table}_entry"]
        with self._connection.cursor() as cursor:
            cursor.execute(
                "SELECT name FROM unnest(%s::text[]) name WHERE to_regclass(name) IS NULL", [wanted]
            )
            return [name for (name,) in cursor.fetchall()]

    def entries(self, count: int) -> list[int]:
        with self._connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [f"{self._table}_entries", count]
            )
            return sorted(entry for (entry,) in cursor.fetchall())

    def add(self, rows: Sequence[SearchRow]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {self._terms} (entry, terms) VALUES (%s, %s::bigint[])",  # noqa: S608
                [(row.entry, _array(tokens_of(row))) for row in rows],
            )

    def forget(self, rows: Sequence[SearchRow]) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {self._terms} WHERE entry = ANY(%s)",  # noqa: S608
                [[row.entry for row in rows]],
            )

    def clear(self) -> None:
        """Nothing: a row's tokens are found by its entry, whatever they are."""

    def matching(self, asked: Question) -> tuple[str, Parameters]:
        conditions, parameters = [], []
        if asked.wanted:
            conditions.append("terms @> %s::bigint[]")
            parameters.append(_array(asked.wanted))
        for choice in asked.choices:
            if all(len(tokens) == 1 for tokens in choice):
                conditions.append("terms && %s::bigint[]")
                parameters.append(_array(frozenset().union(*choice)))
            else:
                conditions.append(f"({' OR '.join(['terms @> %s::bigint[]'] * len(choice))})")
                # With all that is wanted in each: the index then reads no list of common tokens to its end.
                parameters += [_array(asked.wanted | tokens) for tokens in choice]
        return (
            f"SELECT entry FROM {self._terms} WHERE {' AND '.join(conditions)} ORDER BY entry",  # noqa: S608
            parameters,
        )


def _spaced(tokens: Iterable[int]) -> str:
    return " ".join(map(str, tokens))


def _all(tokens: Iterable[int]) -> str:
    return " AND ".join(str(token) for token in sorted(tokens))


def _array(tokens: Iterable[int]) -> str:
    return f"{{{','.join(map(str, tokens))}}}"


def _without_tokens(connection: BaseDatabaseWrapper, table: str, beside: str, key: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {table} r LEFT JOIN {beside} t ON t.{key} = r.entry WHERE t.{key} IS NULL"  # noqa: S608
        )
        count = cursor.fetchone()[0]
    return [f"search: {table}: {count} rows without tokens; run `yakuba search rebuild`"] if count else []


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
