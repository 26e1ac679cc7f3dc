"""Books: opened once, handed over, with fields of the city's own."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.engines.ledger.specimens import EXTRA, here
from tests.engines.ledger.worlds import open_book, site
from tests.world import Town
from yakuba.engines.ledger import queries
from yakuba.engines.ledger.actions.books import (
    ArrangeBook,
    OpenBook,
    SetExtra,
    arrange_book,
    set_extra,
)
from yakuba.engines.ledger.actions.books import open_book as begin
from yakuba.engines.ledger.actions.entries import AddEntry, ChangeEntry, ChangeMany
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.registering import installed_of
from yakuba.kernel.actions import Denied, Missing, Problem, Problems
from yakuba.kernel.dates import japan_date

pytestmark = pytest.mark.django_db
WIFI = installed_of("public_wifi")
assert WIFI is not None


def test_a_ledger_is_opened_once(mihon: Town) -> None:
    ctx = mihon.ctx("ledger_secretariat")
    begin(ctx, here(mihon), OpenBook("public_wifi", "own-1"))
    assert Book.unscoped.get().office_id == mihon.offices["own"].pk
    for wrong in (OpenBook("public_wifi", "own-1"), OpenBook("unknown", "own-1")):
        with pytest.raises(Problem) as told:
            begin(ctx, here(mihon), wrong)
        assert told.value.field == "ledger"


def test_who_keeps_it_reads_and_writes_and_loses_both_with_the_book(mihon: Town) -> None:
    book = open_book(mihon)
    keeper, other = mihon.ctx("ledger_keeper"), mihon.ctx("ledger_keeper", "other")
    entry = WIFI.actions.add(keeper, book, AddEntry(site()))
    assert queries.entry_of(keeper, WIFI.ledger, entry.pk) == entry
    with pytest.raises(Missing):
        queries.entry_of(other, WIFI.ledger, entry.pk)
    with pytest.raises(Denied):
        WIFI.actions.add(other, book, AddEntry(site(name="別の公民館")))
    arrange_book(mihon.ctx("ledger_secretariat"), book, ArrangeBook("other-1", False, False, "事務の移管"))
    assert queries.entry_of(other, WIFI.ledger, entry.pk) == entry
    with pytest.raises(Missing):
        queries.entry_of(keeper, WIFI.ledger, entry.pk)


def test_all_staff_read_an_open_book_and_nobody_else_s(mihon: Town, karina: Town) -> None:
    book = open_book(mihon, open_to_staff=True)
    entry = WIFI.actions.add(mihon.ctx("ledger_keeper"), book, AddEntry(site()))
    staff, neighbour = mihon.ctx("staff", "other"), mihon.ctx("staff", of=karina)
    assert list(queries.entries(staff, WIFI.ledger)) == [entry]
    assert not list(queries.entries(neighbour, WIFI.ledger))
    assert queries.notes(staff, entry) == []
    Book.unscoped.update(open_to_staff=False)
    assert not list(queries.entries(staff, WIFI.ledger))


def test_a_city_s_own_field_is_written_read_and_kept(mihon: Town) -> None:
    book, keeper = open_book(mihon), mihon.ctx("ledger_keeper")
    set_extra(mihon.ctx("ledger_secretariat"), book, SetExtra(EXTRA))
    book.refresh_from_db()
    entry = WIFI.actions.add(keeper, book, AddEntry(site(**{"more.sponsor": "見本商店会"})))
    assert entry.more == {"sponsor": "見本商店会"}
    WIFI.actions.change(keeper, entry, ChangeEntry({"more.sponsor": None}, {}))
    entry.refresh_from_db()
    assert entry.more == {}
    with pytest.raises(Problems) as told:
        WIFI.actions.change(keeper, entry, ChangeEntry({"more.other": "何か"}, {}))
    assert told.value.problems[0].field == "more.other"
    changed = {**EXTRA, "fields": [{**EXTRA["fields"][0], "kind": "integer"}]}
    for wrong in ({}, changed):
        with pytest.raises(Problem) as refused:
            set_extra(mihon.ctx("ledger_secretariat"), book, SetExtra(wrong))
        assert refused.value.code == "kept"


def test_numbers_go_on_and_pass_over_those_brought_along(mihon: Town) -> None:
    book, keeper = open_book(mihon), mihon.ctx("ledger_keeper")
    add = WIFI.actions.add
    assert add(keeper, book, AddEntry(site())).number == "W0001"
    assert add(keeper, book, AddEntry(site(), number="W0002")).number == "W0002"
    rows = [{"id": "", "version": 0, "values": site(name=f"見本{n}")} for n in range(3)]
    WIFI.actions.many(keeper, book, ChangeMany(rows))
    found = [one.number for one in queries.entries(keeper, WIFI.ledger).order_by("number_order")]
    assert found == ["W0001", "W0002", "W0003", "W0004", "W0005"]


def test_many_rows_come_and_change_or_none(mihon: Town) -> None:
    book, keeper = open_book(mihon), mihon.ctx("ledger_keeper")
    entry = WIFI.actions.add(keeper, book, AddEntry(site()))
    good = {"id": str(entry.pk), "version": entry.version, "values": {"name": "改めた公民館"}}
    bad = {"id": "", "version": 0, "values": {"name": "足りない"}}
    with pytest.raises(Problems) as told:
        WIFI.actions.many(keeper, book, ChangeMany([good, bad]))
    assert {one.field for one in told.value.problems} == {"1.use", "1.address", "1.ssid", "1.disaster"}
    entry.refresh_from_db()
    assert entry.name == "見本公民館"
    WIFI.actions.many(keeper, book, ChangeMany([good]))
    entry.refresh_from_db()
    assert (entry.name, entry.version) == ("改めた公民館", 2)


def test_what_is_known_later_of_an_earlier_day_leaves_today_alone(mihon: Town) -> None:
    book, keeper = open_book(mihon), mihon.ctx("ledger_keeper")
    today = japan_date(keeper.now)
    first, second = today - dt.timedelta(20), today - dt.timedelta(10)
    entry = WIFI.actions.add(keeper, book, AddEntry(site(ssid="A", area="館内"), holds_from=first))
    WIFI.actions.change(keeper, entry, ChangeEntry({"ssid": "C"}, {}, holds_from=today))
    WIFI.actions.change(keeper, entry, ChangeEntry({"ssid": "B", "area": "1階"}, {}, holds_from=second))
    entry.refresh_from_db()
    assert (entry.ssid, entry.area) == ("C", "1階")
    held = [queries.as_of(keeper, entry, day) for day in (first - dt.timedelta(1), first, second, today)]
    assert [one.get("ssid") for one in held] == [None, "A", "B", "C"]
    assert [one.get("area") for one in held] == [None, "館内", "1階", "1階"]
    assert dict(queries.all_as_of(keeper, book, second)) == {entry.pk: held[2]}


@pytest.mark.parametrize(
    "change",
    [
        {"classification": "internal"},
        {"options": {"options": [["a", "甲"]]}},
    ],
)
def test_a_field_of_the_city_keeps_what_was_promised_and_what_was_written(
    mihon: Town, change: dict[str, object]
) -> None:
    field = {
        "key": "kept",
        "kind": "choice",
        "label": "区分",
        "classification": "personal",
        "required": False,
        "options": {"options": [["a", "甲"], ["b", "乙"]]},
    }
    book, ctx = open_book(mihon), mihon.ctx("ledger_secretariat")
    set_extra(ctx, book, SetExtra({"format": 1, "fields": [field]}))
    entry = WIFI.actions.add(mihon.ctx("ledger_keeper"), book, AddEntry(site(**{"more.kept": "b"})))
    with pytest.raises(Problem) as told:
        set_extra(ctx, book, SetExtra({"format": 1, "fields": [{**field, **change}]}))
    assert told.value.found == "kept"
    wider = {**field, "options": {"options": [["a", "甲"], ["b", "乙（旧）"], ["c", "丙"]]}}
    set_extra(ctx, book, SetExtra({"format": 1, "fields": [wider]}))
    entry.refresh_from_db()
    assert entry.more == {"kept": "b"}
