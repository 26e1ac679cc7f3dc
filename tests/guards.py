"""The triggers that guard the trail and publications, lifted where a test has to empty or to forge a table.

Only tests may do this. Django empties the tables after a test that commits (``transaction=True``): on SQLite with DELETE, which
the guards refuse.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.test import TransactionTestCase

from yakuba.kernel.trail import guards


@contextmanager
def suspended(using: str = "default") -> Iterator[None]:
    """No guards inside; all of them again afterwards."""
    guards.remove(using)
    try:
        yield
    finally:
        guards.install(using)


def lift_while_emptying() -> None:
    """Make Django's own clearing of tables after a committing test possible."""
    empty = TransactionTestCase._fixture_teardown

    def emptied(case: TransactionTestCase) -> None:
        with suspended():
            empty(case)

    TransactionTestCase._fixture_teardown = emptied
