"""Doubles: what was written of an entry is read where it went, however often that went on; two never go into each other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from tests.engines.ledger.worlds import open_book, site
from tests.world import Town, make_town
from yakuba.engines.ledger import queries
from yakuba.engines.ledger.actions.entries import AddEntry, MergeEntry, WriteNote
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.registering import installed_of
from yakuba.kernel.actions import Context, Problem

WIFI = installed_of("public_wifi")
assert WIFI is not None


def three(keeper: Context, book: Book) -> list[Entry]:
    return [WIFI.actions.add(keeper, book, AddEntry(site(name=f"見本{turn}"))) for turn in range(3)]


@pytest.mark.django_db
def test_notes_go_along_however_often_an_entry_goes_on(mihon: Town) -> None:
    keeper, book = mihon.ctx("ledger_keeper"), open_book(mihon)
    first, second, third = three(keeper, book)
    kind = WIFI.ledger.note_kinds[0][0]
    for turn, entry in enumerate((first, second, third)):
        WIFI.actions.note(keeper, entry, WriteNote(kind, f"{turn}回目の記録"))
    WIFI.actions.merge(keeper, first, MergeEntry(str(second.pk), True, "同じ施設"))
    WIFI.actions.merge(keeper, second, MergeEntry(str(third.pk), True, "同じ施設"))
    assert {one.text for one in queries.notes(keeper, third)} == {f"{turn}回目の記録" for turn in range(3)}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_that_go_into_each_other_at_once_leave_one() -> None:
    town = make_town("990019", "みほん市")
    keeper, book = town.ctx("ledger_keeper"), open_book(town)

    def pressed(together: Barrier, press: Callable[[], object]) -> bool:
        together.wait()
        try:
            press()
        except Problem:
            return False
        else:
            return True
        finally:
            connections.close_all()

    for _round in range(5):
        first, second, _third = three(keeper, book)
        ways = [(first, second), (second, first)]
        presses: list[Callable[[], object]] = [
            lambda goes=goes, stays=stays: WIFI.actions.merge(
                keeper, goes, MergeEntry(str(stays.pk), True, "同じ施設")
            )
            for goes, stays in ways
        ]
        together = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            done = [one.result() for one in [pool.submit(pressed, together, press) for press in presses]]
        assert done.count(True) == 1
        states = {WIFI.ledger.model.unscoped.get(pk=one.pk).state for one in (first, second)}
        assert len(states) == 2, "one stays in the book"
