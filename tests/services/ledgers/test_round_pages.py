"""A day of 集合注射 typed in one after another: numbers and names, tags that count on, looked at and written at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client

from tests.packs.dog_registry.rows import ROWS
from tests.services.ledgers.test_beside_pages import value
from tests.services.ledgers.worlds import HERE, body, browser, open_book
from tests.world import Town, make_town
from yakuba.engines.ledger.actions.entries import AddEntry
from yakuba.engines.ledger.actions.rounds import counted_on
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.records import Entry
from yakuba.kernel.dates import clock
from yakuba.packs.dog_registry.ledger import DOGS
from yakuba.packs.dog_registry.models import Vaccination

pytestmark = pytest.mark.django_db
LIST = f"{HERE}dog_registry/"
ROUND = f"{LIST}round/vaccinations/"


@pytest.fixture(autouse=True)
def _autumn() -> Iterator[None]:
    """21 November 2026."""
    with clock.frozen(dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC)):
        yield


@pytest.fixture(scope="module")
def town(module_db: None) -> Town:
    """みほん市, with those who come into it."""
    made = make_town("990019", "みほん市")
    for role in ("ledger_keeper", "ledger_reader"):
        made.account(role)
    return made


@pytest.fixture(scope="module")
def book(town: Town) -> Book:
    """The book of dogs."""
    return open_book(town, "dog_registry")


@pytest.fixture
def dogs(town: Town, book: Book) -> list[Entry]:
    """Four dogs; two of them have one name."""
    keeper, more = town.ctx("ledger_keeper"), ({}, {}, {}, {"owner_name": "仮名 次郎", "tag": "H31-8"})
    rows = [{**row, **told} for row, told in zip((*ROWS, ROWS[2]), more, strict=True)]
    return [DOGS.actions.add(keeper, book, AddEntry(row, f"R6-{at}")) for at, row in enumerate(rows, 1)]  # type: ignore[arg-type]  # JSON


@pytest.fixture
def client(town: Town, book: Book) -> Client:
    """Its keeper's browser."""
    return browser(town)


@pytest.mark.parametrize(
    ("number", "following"), [("26-0099", "26-0100"), ("9", "10"), ("第26号", "第27号"), ("なし", "なし")]
)
def test_numbers_count_on(number: str, following: str) -> None:
    assert counted_on(number) == following


def test_a_day_is_written_at_once(client: Client, dogs: list[Entry]) -> None:
    assert "集合注射をまとめて記録する" in body(client.get(LIST))
    assert "最初の注射済票番号" in body(client.get(ROUND))
    sent = {"day": "R8.4.20", "venue": "見本公民館", "first": "26-0099", "do": "preview"}
    sent["entries"] = "R6-1\n例示 太郎\n\nてほん号 =26-0200\n手本\n"
    page = body(client.post(ROUND, sent))
    assert "いくつもあてはまります" in page
    assert "26-0100" in page
    assert "26-0201" in page
    assert 'value="apply"' not in page
    assert not Vaccination.unscoped.exists()
    page = body(client.post(ROUND, {**sent, "pick-2": str(dogs[2].pk), "pick-3": str(dogs[2].pk)}))
    assert "同じ行が上にもあります" in page
    picked = {**sent, "entries": sent["entries"].replace("手本", "いない犬"), "pick-2": str(dogs[2].pk)}
    assert "見つかりません" in body(client.post(ROUND, picked))
    picked["entries"] = sent["entries"].replace("手本", "仮名")
    page = body(client.post(ROUND, picked))
    assert "4行を記録する" in page
    done = {**picked, "do": "apply", "shown": value(page, "shown")}
    other_day = body(client.post(ROUND, {**done, "day": "R8.4.21"}))
    assert "4行を記録する" in other_day  # what was not looked at is shown first
    assert not Vaccination.unscoped.exists()
    assert client.post(ROUND, done).status_code == 303
    rows = {(row.entry_id, row.tag, row.year.year, row.venue) for row in Vaccination.unscoped.all()}
    tags = ("26-0099", "26-0100", "26-0200", "26-0201")
    assert rows == {(dog.pk, tag, 2026, "見本公民館") for dog, tag in zip(dogs, tags, strict=True)}
    dogs[0].refresh_from_db()
    assert dogs[0].last_year.year == 2026  # type: ignore[attr-defined]  # a dog's
    page = body(client.get(f"{LIST}reports/venues/"))
    assert "26-0099～26-0201" in page
    assert 'value="26-0202"' in body(client.get(ROUND))

    again = {**sent, "first": "26-0300", "entries": "R6-1"}
    refused = body(client.post(ROUND, again), 422)  # told in the preview, before anybody presses
    assert "2回目に間違いなければ" in refused
    assert 'value="apply"' not in refused
    assert Vaccination.unscoped.count() == 4


def test_what_is_missing_is_told_and_a_reader_writes_nothing(
    client: Client, town: Town, dogs: list[Entry]
) -> None:
    sent = {"day": "R8.4.20", "venue": "", "first": "", "entries": "R6-1", "do": "preview"}
    assert "最初の注射済票番号を入れてください" in body(client.post(ROUND, sent), 422)
    assert "1行に1つ入れてください" in body(client.post(ROUND, {**sent, "first": "1", "entries": " "}), 422)
    assert browser(town, "ledger_reader").get(ROUND).status_code == 403
    assert client.get(f"{LIST}round/none/").status_code == 404
