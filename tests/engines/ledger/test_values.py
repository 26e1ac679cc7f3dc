"""Days that old programs write for «no end» and «not known» are told, on every way into a ledger; no term can be counted from them."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.engines.ledger.worlds import open_book, site
from tests.world import Town
from yakuba.engines.ledger.actions.books import SetExtra, set_extra
from yakuba.engines.ledger.actions.entries import AddEntry, ChangeEntry, ChangeMany, WriteNote
from yakuba.engines.ledger.registering import installed_of
from yakuba.engines.ledger.values import cleaned
from yakuba.kernel.actions import Problem, Problems
from yakuba.kernel.fields import INTERNAL, Spec
from yakuba.kernel.fields.kinds import Date, Moment, Year

pytestmark = pytest.mark.django_db
WIFI = installed_of("public_wifi")
assert WIFI is not None


@pytest.mark.parametrize("day", ["9999-12-31", "3000-01-01", "0001-01-01", "1886-03-31"])
def test_a_day_that_stands_for_none_is_told_at_its_field(mihon: Town, day: str) -> None:
    book, keeper = open_book(mihon), mihon.ctx("ledger_keeper")
    entry = WIFI.actions.add(keeper, book, AddEntry(site()))
    said = {"renewal": day}
    for press in (
        lambda: WIFI.actions.add(keeper, book, AddEntry(site(**said))),
        lambda: WIFI.actions.change(keeper, entry, ChangeEntry(dict(said), {})),
        lambda: WIFI.actions.many(
            keeper, book, ChangeMany([{"id": str(entry.pk), "version": 1, "values": dict(said)}])
        ),
    ):
        with pytest.raises(Problems) as told:
            press()
        assert [one.field.rpartition(".")[2] for one in told.value.problems] == ["renewal"]


def test_years_and_moments_too_and_the_edges_are_days() -> None:
    specs = {
        "day": Spec("日", INTERNAL, Date()),
        "at": Spec("時", INTERNAL, Moment()),
        "year": Spec("年度", INTERNAL, Year()),
    }
    with pytest.raises(Problems) as told:
        cleaned(specs, {"day": "9999-12-31", "at": "9999-12-30T00:00:00+00:00", "year": 9998}, whole=True)
    assert {one.field for one in told.value.problems} == set(specs)
    good = cleaned(specs, {"day": "2999-12-31", "at": "1886-04-01T12:00:00+00:00", "year": 2999}, whole=True)
    assert good["day"] == dt.date(2999, 12, 31)


# Made up, with the check digit of 平成26年総務省令第85号 5条.
NUMBER = "123456789018"


@pytest.mark.parametrize("text", [NUMBER, "1234-5678-9018", "個人番号は１２３４５６７８９０１８です"])
def test_a_my_number_comes_into_no_field_no_row_of_a_table_and_no_journal(mihon: Town, text: str) -> None:
    book, keeper = open_book(mihon), mihon.ctx("ledger_keeper")
    entry = WIFI.actions.add(keeper, book, AddEntry(site()))
    for press in (
        lambda: WIFI.actions.add(keeper, book, AddEntry(site(hours=text))),
        lambda: WIFI.actions.change(keeper, entry, ChangeEntry({"hours": text}, {})),
        lambda: WIFI.actions.many(
            keeper, book, ChangeMany([{"id": "", "version": 0, "values": site(hours=text)}])
        ),
        lambda: WIFI.actions.note(keeper, entry, WriteNote(WIFI.ledger.note_kinds[0][0], text)),
    ):
        with pytest.raises(Problem) as told:
            press()
        problems = told.value.problems if isinstance(told.value, Problems) else [told.value]
        assert [one.code for one in problems] == ["my_number"]
        assert text not in "".join(one.message + one.found for one in problems)
    for other in ("123456789012", "090-0000-0000", f"許可番号：{NUMBER}"):
        WIFI.actions.change(keeper, entry, ChangeEntry({"hours": other}, {}))


def test_no_field_is_made_for_it(mihon: Town) -> None:
    own = {
        "key": "mine",
        "kind": "text",
        "label": "個人番号",
        "classification": "personal",
        "required": False,
    }
    with pytest.raises(Problem) as told:
        set_extra(mihon.ctx("ledger_secretariat"), open_book(mihon), SetExtra({"format": 1, "fields": [own]}))
    assert told.value.code == "my_number"
