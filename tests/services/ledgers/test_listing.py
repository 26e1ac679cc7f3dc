"""Pages of a list in every order, on both databases."""

from __future__ import annotations

import pytest

from tests.services.ledgers.worlds import add, open_book, wifi
from tests.world import Town, make_town
from yakuba.engines.ledger.models import Book
from yakuba.services.ledgers import queries

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def town(module_db: None) -> Town:
    """みほん市."""
    made = make_town("990019", "みほん市")
    made.account("ledger_keeper")
    return made


@pytest.fixture(scope="module")
def book(town: Town) -> Book:
    """The book of its office."""
    return open_book(town)


@pytest.mark.parametrize("sort", ["number", "-number", "name", "renewal", "-renewal", "state"])
def test_pages_forth_and_back_show_each_entry_once(
    town: Town, book: Book, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr(queries, "PAGE", 3)
    keeper = town.ctx("ledger_keeper")
    for place in range(8):
        made = add(
            town, book, name=f"見本{place % 3}", renewal=None if place % 3 else f"2027-0{place + 1}-01"
        )
        if place % 2:
            model = wifi().ledger.model
            model.unscoped.filter(pk=made.pk).update(state="open")
    asked = queries.Asked(states=("planned", "open"), specs=wifi().ledger.fields, sort=sort)
    after, forth = "", []
    while True:
        found = queries.page(keeper, wifi().ledger, book, asked, after=after).found
        assert found.count == 8
        forth.append([row.number for row in found.rows])
        if not found.following:
            break
        after = found.following
    assert sorted(number for some in forth for number in some) == [f"W{n:04}" for n in range(1, 9)]
    before, back = found.previous, [forth[-1]]
    while before:
        found = queries.page(keeper, wifi().ledger, book, asked, before=before).found
        back.insert(0, [row.number for row in found.rows])
        before = found.previous
    assert back == forth


def test_too_many_rows_for_an_order_without_an_index_stand_by_number(
    town: Town, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SORTED", 2)
    for name in ("ろ", "は", "い"):
        add(town, book, name=name)
    keeper, specs = town.ctx("ledger_keeper"), wifi().ledger.fields
    found = queries.page(keeper, wifi().ledger, book, queries.Asked(("planned",), specs, sort="name"))
    assert found.unsorted
    assert [row.name for row in found.found.rows] == ["ろ", "は", "い"]
    narrow = queries.Asked(("planned",), specs, words="ろ", sort="name")
    assert not queries.page(keeper, wifi().ledger, book, narrow).unsorted


def test_counts_are_told_as_far_as_they_go(town: Town, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    monkeypatch.setattr(queries, "MOST", 3)
    for _more in range(4):
        add(town, book)
    asked = queries.Asked(("planned",), wifi().ledger.fields)
    found = queries.page(town.ctx("ledger_keeper"), wifi().ledger, book, asked).found
    assert (found.count, found.at_least, len(found.rows)) == (3, True, 2)
