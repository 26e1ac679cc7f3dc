"""The two full-text engines behind one question: FTS5 on SQLite, a tsvector with GIN on PostgreSQL.

Both look for the same tokens (:mod:`yakuba.kernel.text.bigrams`). What Django's migrations cannot describe (a virtual table with
its triggers, an expression index) is installed after migrating, because SQLite drops triggers when it rebuilds a table.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import RawSQL

from yakuba.kernel.search.models import TABLES
from yakuba.kernel.text.bigrams import FTS5_OPTIONS, Term, to_fts5, to_tsquery


def matching(vendor: str, table: str, terms: Sequence[Term]) -> RawSQL:
    """The docids of a table's rows in which all terms occur, as a sub-query."""
    if vendor == "sqlite":
        return RawSQL(  # noqa: S611 – the table is ours, the question is a parameter
            f"SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH %s",  # noqa: S608
            [to_fts5(terms)],
        )
    return RawSQL(  # noqa: S611 – as above
        f"SELECT docid FROM {table} WHERE to_tsvector('simple', terms) @@ to_tsquery('simple', %s)",  # noqa: S608
        [to_tsquery(terms)],
    )


def after_migrate(sender: AppConfig, using: str, **_kwargs: object) -> None:
    """Receiver of post_migrate."""
    install(using)


def install(using: str = "default") -> None:
    """Put the full-text structures in place; where they stand already nothing changes."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    for model in TABLES.values():
        if model._meta.db_table in existing:
            for statement in statements(connection, model._meta.db_table):
                with connection.cursor() as cursor:
                    cursor.execute(statement)


def statements(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    """What installs the index of one table; each statement may be run again."""
    if connection.vendor == "postgresql":
        return [
            f"CREATE INDEX IF NOT EXISTS {table}_terms ON {table} USING gin (to_tsvector('simple', terms))",
            f"CREATE INDEX IF NOT EXISTS {table}_docid ON {table} (docid)",
        ]
    index = f"{table}_fts"
    fresh = not _stands(connection, index)
    insert = f"INSERT INTO {index}(rowid, terms) VALUES (new.docid, new.terms)"  # noqa: S608 – our own table names
    delete = f"INSERT INTO {index}({index}, rowid, terms) VALUES ('delete', old.docid, old.terms)"  # noqa: S608
    columns = f"terms, content='{table}', content_rowid='docid', {FTS5_OPTIONS}"
    made = [
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {index} USING fts5({columns})",
        f"CREATE INDEX IF NOT EXISTS {table}_docid ON {table} (docid)",
        f"CREATE TRIGGER IF NOT EXISTS {index}_insert AFTER INSERT ON {table} BEGIN {insert}; END",
        f"CREATE TRIGGER IF NOT EXISTS {index}_delete AFTER DELETE ON {table} BEGIN {delete}; END",
    ]
    if fresh:
        made.append(f"INSERT INTO {index}({index}) VALUES ('rebuild')")  # noqa: S608 – our own table names
    return made


def _stands(connection: BaseDatabaseWrapper, table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [table])
        return cursor.fetchone() is not None
