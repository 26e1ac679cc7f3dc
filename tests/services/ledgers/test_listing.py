"""Pages of a list in every order, on both databases."""

from __future__ import annotations

import pytest

from tests.services.ledgers.worlds import HERE, add, body, browser, open_book, wifi
from tests.world import Town, make_town
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.values import specs_of_book
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


OWN = {
    "format": 1,
    "fields": [
        {"key": key, "kind": kind, "label": f"独自{key}", "classification": "internal", "required": False}
        for key, kind in (
            ("n", "number"),
            ("i", "integer"),
            ("d", "date"),
            ("y", "fiscal_year"),
            ("t", "text"),
            ("b", "yes_no"),
        )
    ],
}
# As people would sort them, and not as texts do: 9.5 before 10 before 100, 9 before 10.
OWN_VALUES = [
    {"n": "9.5", "i": 9, "d": "2019-04-30", "y": 2018, "t": "あ", "b": False},
    {"n": "10", "i": 10, "d": "2019-05-01", "y": 2019, "t": "い", "b": True},
    {"n": "100", "i": 100, "d": "2026-01-01", "y": 2026, "t": "う", "b": True},
    {},
    {"n": "-3", "i": -3, "d": "1989-01-08", "y": 1989, "t": "ア", "b": False},
]


@pytest.fixture
def own(town: Town, book: Book) -> Book:
    """The book with fields of the city's own, and entries that fill them."""
    book.extra = OWN
    book.save()
    for values in OWN_VALUES:
        add(town, book, **{f"more.{key}": value for key, value in values.items()})
    return book


@pytest.mark.parametrize("key", ["n", "i", "d", "y", "t", "b"])
@pytest.mark.parametrize("down", [False, True])
def test_a_citys_own_field_sorts_as_its_kind_does_page_by_page(
    town: Town, own: Book, monkeypatch: pytest.MonkeyPatch, key: str, down: bool
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    keeper = town.ctx("ledger_keeper")
    specs = specs_of_book(wifi().ledger, own)
    asked = queries.Asked(states=("planned",), specs=specs, sort=f"{'-' if down else ''}more.{key}")
    after, forth, pages = "", [], []
    for _page in range(len(OWN_VALUES)):
        found = queries.page(keeper, wifi().ledger, own, asked, after=after).found
        pages.append([row.number for row in found.rows])
        forth += [row.more.get(key) for row in found.rows]
        if not found.following:
            break
        after = found.following
    kind = specs[f"more.{key}"].kind
    assert kind is not None
    filled = [values[key] for values in OWN_VALUES if key in values]
    if key != "t":  # how texts compare is the database's own
        filled.sort(key=kind.from_json, reverse=down)  # type: ignore[arg-type,return-value]  # of one kind
        assert [value for value in forth if value is not None] == filled
    assert forth[-1] is None
    assert len(forth) == len(OWN_VALUES)
    before, back = found.previous, [pages[-1]]
    while before and len(back) < len(OWN_VALUES):
        found = queries.page(keeper, wifi().ledger, own, asked, before=before).found
        back.insert(0, [row.number for row in found.rows])
        before = found.previous
    assert back == pages


@pytest.mark.parametrize(
    ("key", "bounds", "there"),
    [
        ("n", ("９．５", "10"), ["9.5", "10"]),
        ("i", ("", "9"), [9, -3]),
        ("d", ("R1.5.1", ""), ["2019-05-01", "2026-01-01"]),
        ("y", ("H30", "令和元年度"), [2018, 2019]),
        ("i", ("先月", ""), []),
    ],
)
def test_a_citys_own_field_narrows_from_and_until(
    town: Town, own: Book, key: str, bounds: tuple[str, str], there: list[object]
) -> None:
    asked = queries.Asked(
        states=("planned",), specs=specs_of_book(wifi().ledger, own), ranges={f"more.{key}": bounds}
    )
    found = queries.rows(town.ctx("ledger_keeper"), wifi().ledger, own, asked).order_by("number_order")
    assert [row.more[key] for row in found] == there


def test_the_list_offers_both_for_a_citys_own_field(town: Town, own: Book) -> None:
    own.listed = ["name", "more.n"]
    own.save()
    client = browser(town)
    page = body(client.get(f"{HERE}public_wifi/?sort=-more.n&from.more.i=0"))
    rows = page.partition("<table")[2]
    assert rows.index("100") < rows.index(">10<") < rows.index("9.5")
    assert ">-3<" not in rows
    assert 'name="from.more.d"' in page
