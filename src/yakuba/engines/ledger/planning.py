"""What PostgreSQL has to know of a ledger to plan its list: the values that it is narrowed by depend on one another.

No mirror has a lamp. Who takes such values for independent expects many of them among the first entries, and reads the whole list to find
none. Statistics over the columns together, of which PostgreSQL's own ANALYZE keeps the values, tell which stand beside which.
"""

from __future__ import annotations

from typing import Final

from django.apps import AppConfig
from django.db import connections, models, transaction

from yakuba.engines.ledger.declaration import Ledger, ledgers
from yakuba.engines.ledger.records import Entry

#: Columns that PostgreSQL takes together at most (STATS_MAX_DIMENSIONS).
MOST: Final = 8
#: How many combinations are kept: with the usual hundred, what is not among them counts as if its values were independent.
COMBINATIONS: Final = 1000


def together(ledger: Ledger[Entry]) -> list[str]:
    """The columns that the list is narrowed by, chains first: choices that stand in a column as a word."""
    names = [chain.column for chain in ledger.all_chains]
    for name, spec in ledger.fields.items():
        field = ledger.model._meta.get_field(name)
        if isinstance(field, models.CharField) and spec.filterable and spec.kind and spec.kind.choices():
            names.append(name)
    columns = {one.name: one.column for one in ledger.model._meta.concrete_fields}
    return [columns[name] for name in names[:MOST]]


def after_migrate(sender: AppConfig, using: str, **_kwargs: object) -> None:
    """Receiver of post_migrate: the statistics of the migrated app's ledgers, those that were of other columns anew."""
    connection = connections[using]
    mine = [one for one in ledgers() if one.model._meta.app_label == sender.label]
    if connection.vendor != "postgresql" or not mine:
        return
    quote, there = connection.ops.quote_name, connection.introspection.table_names()
    for ledger in mine:
        table, columns = ledger.model._meta.db_table, together(ledger)
        if table not in there or len(columns) < 2 or columns_of(using, table) == set(columns):
            continue
        name, listed = quote(name_of(table)), ", ".join(map(quote, columns))
        with transaction.atomic(using), connection.cursor() as cursor:
            cursor.execute(f"DROP STATISTICS IF EXISTS {name}")
            cursor.execute(f"CREATE STATISTICS {name} (mcv) ON {listed} FROM {quote(table)}")
            cursor.execute(f"ALTER STATISTICS {name} SET STATISTICS {COMBINATIONS}")


def name_of(table: str) -> str:
    """What a table's statistics are called."""
    return f"{table}_filters"


def columns_of(using: str, table: str) -> set[str]:
    """The columns that a table's statistics are of; none where there are no statistics."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_statistic_ext JOIN pg_attribute ON attrelid = stxrelid AND attnum = ANY (stxkeys)"
            " WHERE stxname = %s AND stxrelid = to_regclass(%s)",
            [name_of(table), connections[using].ops.quote_name(table)],
        )
        return {name for (name,) in cursor.fetchall()}
