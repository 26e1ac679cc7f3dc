"""The ledger of vacant houses: what every ledger does, surveys, measures with their terms, and the figures of the year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import ClassVar

import pytest

from tests.packs.inherited import LedgerTests, Values, World, refused
from tests.packs.vacant_houses.rows import ROWS
from yakuba.engines.ledger.actions.entries import ChangeEntry, MoveEntry
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.reports import table_of
from yakuba.kernel.dates import clock
from yakuba.kernel.fields import JsonValue
from yakuba.packs.vacant_houses.ledger import HOUSES
from yakuba.packs.vacant_houses.models import House

OWNER = {
    "role": "owner",
    "name": "架空 よつば",
    "kana": "カクウ ヨツバ",
    "address": "かりな市仮名町1番地",
    "phone": "0000-33-4444",
    "share": "2分の1",
    "known_from": "tax",
    "used_on": "2025-02-01",
    "letters": True,
    "note": "遠方に住む",
}
HEIR = {"role": "heir", "name": "架空 いつき", "known_from": "registry", "letters": False}
SEEN = {
    "day": "2026-05-10",
    "kind": "outside",
    "untold": False,
    "condition": "C",
    "finding": "屋根の一部が落ちている",
}
ENTERED = {"day": "2026-06-20", "kind": "entry", "told_on": "2026-06-15", "untold": False, "condition": "D"}
URGE = {
    "kind": "neglect_urge",
    "day": "2026-07-01",
    "document": "建第45号",
    "told_on": "2026-07-03",
    "term": "2026-12-28",
    "demanded": "屋根の修繕",
    "tax_told_on": "2026-07-05",
}
NOTICE = {
    "kind": "notice",
    "day": "2026-08-01",
    "document": "建第60号",
    "told_on": "2026-08-03",
    "term": "2026-08-20",
    "asked_on": "2026-08-08",
}
HEARING = {"kind": "hearing", "day": "2026-09-01", "told_on": "2026-08-29"}


@pytest.fixture(autouse=True)
def _autumn() -> Iterator[None]:
    """21 November 2026."""
    with clock.frozen(dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC)):
        yield


def write(world: World, house: Entry, lines: str, *rows: Values) -> Entry:
    """New sub-rows of a house."""
    changes = [{"id": "", "version": 0, "entry": dict(row)} for row in rows]
    return world.installed.actions.change(world.keeper, house, ChangeEntry({}, {lines: changes}))  # type: ignore[dict-item]  # JSON


def go(world: World, house: Entry, chain: str, *steps: str) -> None:
    """Steps of a chain, each on paper and with a reason."""
    for step in steps:
        data = MoveEntry(step, chain=chain, document="建第1号", reason="見本の理由")
        HOUSES.actions.move(world.keeper, house, data)


def report(world: World, key: str, day: dt.date) -> list[Mapping[str, object]]:
    """The rows of a report."""
    declared = next(one for one in HOUSES.ledger.reports if one.key == key)
    table = table_of(world.keeper, world.installed.ledger, world.book, declared, day)
    return [row.values for row in table.rows]


class TestHouses(LedgerTests):
    """Vacant houses."""

    everywhere = True
    installed = HOUSES
    rows = ROWS
    lines: ClassVar = {
        "contacts": (OWNER, HEIR),
        "surveys": (SEEN, ENTERED),
        "measures": (URGE, NOTICE, HEARING),
    }

    @pytest.mark.parametrize("field", ["bank_number", "bank_deal", "agreed_on"])
    def test_the_bank_lists_what_its_owner_agreed_to(self, world: World, field: str) -> None:
        with refused() as found:
            world.add({**ROWS[0], field: None})
        assert [one.field for one in found] == [field]
        world.add({**ROWS[0], field: None, "bank": "no"})

    @pytest.mark.parametrize(
        ("lines", "row", "field"),
        [
            ("contacts", {**OWNER, "used_on": None}, "used_on"),
            ("contacts", {**OWNER, "address": None}, "address"),
            ("surveys", {**ENTERED, "told_on": None}, "told_on"),
            ("surveys", {**ENTERED, "told_on": "2026-06-16"}, "told_on"),
            ("measures", {**URGE, "day": "2023-12-12", "term": "2024-01-31"}, "day"),
            ("measures", {**URGE, "term": None}, "term"),
            ("measures", {**URGE, "document": None}, "document"),
            ("measures", {**URGE, "term": "2026-07-01"}, "term"),
            ("measures", {**NOTICE, "asked_on": "2026-08-09"}, "asked_on"),
            ("measures", {**NOTICE, "told_on": None}, "told_on"),
            ("measures", {**URGE, "asked_on": "2026-07-05"}, "asked_on"),
            ("measures", {**HEARING, "told_on": "2026-08-30"}, "told_on"),
            ("measures", {**HEARING, "told_on": None}, "told_on"),
        ],
    )
    def test_contradictions_of_sub_rows(
        self, world: World, lines: str, row: dict[str, JsonValue], field: str
    ) -> None:
        house = world.add(ROWS[0])
        with refused() as found:
            write(world, house, lines, row)
        assert [one.field for one in found] == [f"{lines}.0.{field}"]

    def test_nobody_could_be_told(self, world: World) -> None:
        house = world.add(ROWS[0])
        write(world, house, "surveys", {**ENTERED, "told_on": None, "untold": True})
        assert isinstance(fresh := world.fresh(house), House)
        assert fresh.condition == "D"

    def test_condition_and_term_follow_from_the_sub_rows(self, world: World) -> None:
        house = world.add(ROWS[0])
        write(world, house, "surveys", ENTERED, SEEN)
        write(world, house, "measures", URGE, {**NOTICE, "settled_on": "2026-08-21"})
        assert isinstance(fresh := world.fresh(house), House)
        assert (fresh.condition, fresh.surveyed_on, fresh.term) == (
            "D",
            dt.date(2026, 6, 20),
            dt.date(2026, 12, 28),
        )
        (due,) = HOUSES.ledger.dues
        assert due.on(fresh) == dt.date(2026, 12, 28)

    def test_the_rate_of_a_year(self, world: World) -> None:
        """Of the houses that are known, those that were surveyed in the year; one that was demolished is in neither."""
        houses = [world.add(ROWS[1], holds_from=dt.date(2026, 4, 1)) for _ in range(4)]
        for house in houses[:3]:
            write(world, house, "surveys", SEEN)
        write(world, houses[0], "surveys", {**SEEN, "day": "2026-05-11"})
        write(world, houses[3], "surveys", {**SEEN, "day": "2026-03-31"})
        HOUSES.actions.move(world.keeper, houses[0], MoveEntry("demolish", day=dt.date(2026, 7, 1)))
        (end,) = report(world, "rate", dt.date(2027, 3, 31))
        assert (end["surveyed"], end["known"], end["rate"]) == (2, 3, Decimal("66.7"))
        (spring,) = report(world, "rate", dt.date(2026, 6, 1))
        assert (spring["surveyed"], spring["known"]) == (3, 4)

    def test_stages(self, world: World) -> None:
        neglected, dangerous = world.add(ROWS[0]), world.add(ROWS[1])
        go(world, neglected, "neglected", "find", "guide", "urge")
        go(
            world,
            dangerous,
            "dangerous",
            "find",
            "advise",
            "urge",
            "notice",
            "hear",
            "order",
            "warn",
            "execute",
        )
        write(world, neglected, "surveys", SEEN, ENTERED)
        before = report(world, "stages", dt.date(2026, 6, 19))
        assert not sum(int(str(row["houses"])) for row in before), "nobody knew of them"
        rows = report(world, "stages", self.today)
        stages = {(row["group"], row["stage"]): row["houses"] for row in rows if row["houses"]}
        assert stages["管理不全空家等（13条）", "勧告"] == 1
        assert stages["特定空家等（22条）", "代執行"] == 1
        assert stages["状態判定", "D 著しい損傷・危険"] == stages["状態判定", "判定なし"] == 1
        groups = [
            sum(int(str(row["houses"])) for row in rows if row["group"] == group)
            for group in {row["group"] for row in rows}
        ]
        assert groups == [2, 2, 2]

    def test_the_condition_of_a_day_is_what_was_seen_by_then(self, world: World) -> None:
        """However late somebody wrote it down."""
        write(world, world.add(ROWS[0], holds_from=dt.date(2026, 4, 1)), "surveys", SEEN, ENTERED)
        for day, condition in (
            (dt.date(2026, 5, 9), "判定なし"),
            (dt.date(2026, 6, 19), "C 損傷・管理不全のおそれ"),
        ):
            found = [row["stage"] for row in report(world, "stages", day)[:5] if row["houses"]]
            assert found == [condition]

    def test_what_the_tax_office_is_told(self, world: World) -> None:
        """An 勧告 that stands on the day, under either way; none that was taken back, none before the law."""
        told, silent, mended = world.add(ROWS[0]), world.add(ROWS[1]), world.add(ROWS[2])
        write(world, told, "measures", URGE)
        for house in (told, mended):
            go(world, house, "neglected", "find", "guide", "urge")
        go(world, mended, "neglected", "mend")
        go(world, silent, "dangerous", "find", "advise", "urge", "notice")
        rows = report(world, "tax", self.today)
        assert [(row["number"], row["told"]) for row in rows] == [
            (told.number, "令和8年7月5日"),
            (silent.number, "未通知"),
        ]
        assert rows[0]["document"] == "建第45号"
        assert not report(world, "tax", self.today - dt.timedelta(days=1))

    def test_the_letter_goes_to_who_receives_letters(self, world: World) -> None:
        house, other, gone = (world.add(row) for row in ROWS)
        write(world, house, "contacts", HEIR, OWNER)
        write(world, other, "contacts", HEIR)
        write(world, gone, "contacts", OWNER)
        HOUSES.actions.move(world.keeper, gone, MoveEntry("demolish"))
        (form,) = HOUSES.ledger.forms
        assert list(House.unscoped.filter(form.candidates(world.keeper))) == [house]
        assert isinstance(house, House)
        assert form.addressee(house).name == OWNER["name"]
        assert house.address in form.body(house, self.today)

    def test_the_year_adds_up(self, world: World) -> None:
        old = [world.add(ROWS[1], holds_from=dt.date(2025, 5, 1)) for _ in range(4)]
        world.add(ROWS[0], holds_from=dt.date(2026, 5, 1))
        for house, step in ((old[0], "demolish"), (old[1], "use")):
            HOUSES.actions.move(world.keeper, house, MoveEntry(step, day=dt.date(2026, 8, 1)))
        counted = [row["houses"] for row in report(world, "year", dt.date(2027, 3, 31))]
        assert counted == [4, 1, 2, 3, 1, 1]

    def test_small_neighbourhoods_are_hidden(self, world: World) -> None:
        for town, many in (("見本町", 8), ("例示町", 1), ("手本町", 9)):
            for _ in range(many):
                world.add({**ROWS[1], "town": town})
        shown = {row["town"]: row["houses"] for row in report(world, "towns", self.today)}
        assert shown == {"見本町": None, "例示町": None, "手本町": 9, "計": 18}

    def test_what_is_public(self, world: World) -> None:
        """The bank's own fields of what is in the bank: no address, no place, nobody's name."""
        listed = world.add(ROWS[0])
        for row in ROWS[1:]:
            world.add(row)
        public = HOUSES.ledger.public_when
        assert public is not None
        assert [one.pk for one in House.unscoped.filter(public)] == [listed.pk]
        assert all(name.startswith("bank_") for name in HOUSES.ledger.public)
        assert HOUSES.ledger.public_place is None
        HOUSES.actions.move(world.keeper, listed, MoveEntry("demolish"))
        assert not House.unscoped.filter(public).exists()

    def test_reports_tell_of_no_person(self, world: World) -> None:
        house = world.add(ROWS[0])
        write(world, house, "contacts", OWNER)
        go(world, house, "neglected", "find", "guide", "urge")
        told = str([report(world, one.key, self.today) for one in HOUSES.ledger.reports])
        assert house.number in told
        assert not [name for name in ("name", "kana", "address", "phone", "note") if str(OWNER[name]) in told]
