"""Rows that were written at once go nowhere until their persons were compared with the register of 支援措置 (DESIGN §4 rule 13)."""

from __future__ import annotations

import pytest

from tests.engines.ledger.worlds import open_book
from tests.world import Town
from yakuba.engines.ledger import queries, showing, store, subscriptions
from yakuba.engines.ledger.exchange.table import table_of
from yakuba.engines.ledger.registering import installed_of
from yakuba.kernel.actions import Problem

pytestmark = pytest.mark.django_db


def test_nothing_goes_out_before_somebody_looked(mihon: Town) -> None:
    dogs = installed_of("dog_registry")
    assert dogs is not None
    book, keeper = open_book(mihon, "dog_registry"), mihon.ctx("ledger_keeper")
    worker = mihon.ctx("cli").begin()
    store.written_at_once(worker, dogs.ledger, book, 2100)
    book.refresh_from_db()
    with pytest.raises(Problem, match="照らし合わせて"):
        table_of(keeper, dogs, book, queries.entries(keeper, dogs.ledger))
    with pytest.raises(Problem, match="照らし合わせて"):
        showing.release(worker, {"book": str(book.pk)}, "")
    subscriptions.look_after_many(mihon.ctx("cli"), {"ledger": "dog_registry", "rows": 2100}, "")
    book.refresh_from_db()
    assert table_of(keeper, dogs, book, queries.entries(keeper, dogs.ledger)).table.columns


def test_a_ledger_without_persons_waits_for_nothing(mihon: Town) -> None:
    wifi = installed_of("public_wifi")
    assert wifi is not None
    book = open_book(mihon)
    store.written_at_once(mihon.ctx("cli").begin(), wifi.ledger, book, 2100)
    book.refresh_from_db()
    assert book.unlooked_since is None
