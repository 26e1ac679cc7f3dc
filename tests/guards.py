"""The triggers that guard the trail and publications, lifted where a test has to empty or to forge a table.

Only tests may do this. Django empties the tables after a test that commits (``transaction=True``): on SQLite with DELETE, which
the guards refuse.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

from yakuba.kernel.trail import guards

MADE_BY_MIGRATING = {"django_content_type", "auth_permission"}


@contextmanager
def suspended(using: str = "default") -> Iterator[None]:
    """No guards inside; all of them again afterwards."""
    guards.remove(using)
    try:
        yield
    finally:
        guards.install(using)


def lift_while_emptying() -> None:
    """Clear the tables after a committing test ourselves: Django's own way stops at the guards, and takes longer than most tests.

    It empties every table there is and announces a migration; few tables hold anything, and what a migration leaves need not go.
    """

    def emptied(case: TransactionTestCase) -> None:
        for alias in case._databases_names(include_mirrors=False):
            empty(connections[alias])

    TransactionTestCase._fixture_teardown = emptied


def empty(connection: BaseDatabaseWrapper) -> None:
    """Take all rows away but those that migrations made."""
    quote = connection.ops.quote_name
    asked = (
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {quote(name)})" for name in tables(connection.alias)
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        full = {name for (name,) in cursor.fetchall()}
        lifted = [one for one in guards.guards(connection.alias) if one.table in full]
        for one in lifted:
            cursor.execute(guards._drop(connection, one))
        try:
            # In one transaction, at whose end the foreign keys are looked at: the order does not matter.
            with transaction.atomic(connection.alias):
                for name in full:
                    cursor.execute(f"DELETE FROM {quote(name)}")
        finally:
            for one in lifted:
                cursor.execute(guards._create(connection, one))


@cache
def tables(alias: str) -> list[str]:
    """The models' tables that tests fill."""
    found = connections[alias].introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(set(found) - MADE_BY_MIGRATING)
