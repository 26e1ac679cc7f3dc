"""The ledger of lights and mirrors: what every ledger does, and its own rules."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

import pytest

from tests.packs.inherited import LedgerTests, World, refused
from tests.packs.street_lights_mirrors.rows import LINES, ROWS
from yakuba.engines.ledger.actions.entries import ChangeEntry, ChangeMany, MoveEntry
from yakuba.engines.ledger.models import Amendment
from yakuba.engines.ledger.records import Entry
from yakuba.packs.street_lights_mirrors.ledger import STREET
from yakuba.packs.street_lights_mirrors.models import Fixture
from yakuba.packs.street_lights_mirrors.reports import REPORTS

STANDING, COSTS, LAMPS = REPORTS


def with_lines(world: World, entry: Entry, **lines: list[dict[str, object]]) -> Fixture:
    changes = {key: [{"id": "", "version": 0, "entry": one} for one in rows] for key, rows in lines.items()}
    STREET.actions.change(world.keeper, entry, ChangeEntry({}, changes))  # type: ignore[arg-type]  # JSON
    return Fixture.unscoped.get(pk=entry.pk)


class TestStreet(LedgerTests):
    """Lights and mirrors."""

    installed = STREET
    rows = ROWS
    lines: ClassVar = LINES

    def test_rows_are_samples(self) -> None:
        """No row fills every field: a mirror has no lamp, and a lamp no mirror. The first two together do."""
        filled = {name for place in (0, 1) for name, value in self.whole(place).items() if value is not None}
        assert filled == set(self.specs)

    @pytest.mark.parametrize(
        ("row", "change", "field"),
        [
            (0, {"faces": 1}, "faces"),
            (0, {"kind": "mirror"}, "lamp"),
            (1, {"watts": "10"}, "watts"),
            (1, {"kind": "road_lamp", "faces": None, "diameter": None}, "lamp"),
            (0, {"lamp": "sodium"}, "led_year"),
            (0, {"association": None}, "association"),
        ],
    )
    def test_what_contradicts_itself(
        self, world: World, row: int, change: dict[str, object], field: str
    ) -> None:
        entry = world.add(self.rows[row])
        with refused() as found:
            world.change(entry, change)  # type: ignore[arg-type]  # JSON
        assert field in {one.field for one in found}
        assert world.told(entry) == self.whole(row)

    def test_the_next_inspection_follows_from_the_last_one(self, world: World) -> None:
        entry = world.add(self.rows[0])
        assert world.fresh(entry).next_inspection == dt.date(2020, 6, 1)  # type: ignore[attr-defined]  # a Fixture
        looked = with_lines(world, entry, inspections=[{"day": "2026-06-01", "grade": "D"}])
        assert (looked.grade, looked.next_inspection) == ("D", dt.date(2026, 6, 1))
        mended = with_lines(world, entry, repairs=[{"day": "2026-06-20", "work": "取替え"}])
        assert (mended.grade, mended.next_inspection) == ("D", dt.date(2027, 6, 20))
        kept = Amendment.unscoped.filter(entry=entry.pk).order_by("written_at", "pk").last()
        assert kept is not None
        assert kept.values == {"next_inspection": "2027-06-20"}
        older = with_lines(world, entry, inspections=[{"day": "2024-06-01", "grade": "A"}])
        assert older.grade == "D", "an older round that is written later does not count"

    def test_what_is_known_of_a_kind_and_a_manager_on_a_day(self, world: World) -> None:
        rows = [
            {**ROWS[0], "state": "in_use"},
            {**ROWS[0], "lamp": "mercury", "led_year": None, "state": "in_use"},
        ]
        rows += [{**ROWS[0], "state": "removed"}, {**ROWS[0]}, {**ROWS[1], "state": "broken"}]
        changes = [{"id": "", "version": 0, "values": one} for one in rows]
        STREET.actions.many(
            world.keeper,
            world.book,
            ChangeMany(changes, holds_from=dt.date(2026, 4, 1)),  # type: ignore[arg-type]  # JSON
        )
        told = {
            (row["kind"], row["manager"]): row for row in STANDING.rows(world.keeper, world.book, self.today)
        }
        lamps, mirrors = told["防犯灯", "自治会"], told["カーブミラー", "市"]
        assert (lamps["count"], lamps["led"], str(lamps["share"])) == (2, 1, "50.0")
        assert (mirrors["count"], mirrors["led"], mirrors["share"]) == (1, None, None)
        assert sum(int(str(row["count"])) for row in told.values()) == 3
        before = STANDING.rows(world.keeper, world.book, dt.date(2026, 3, 31))
        assert {row["count"] for row in before} == {0}
        left = {row["lamp"]: row["count"] for row in LAMPS.rows(world.keeper, world.book, self.today)}
        assert left["水銀灯"] == 1
        mistaken = Fixture.unscoped.filter(state="in_use", lamp="mercury").get()
        STREET.actions.move(world.keeper, mistaken, MoveEntry("void", reason="二重に写した"))
        again = STANDING.rows(world.keeper, world.book, self.today - dt.timedelta(days=1))
        assert sum(int(str(row["count"])) for row in again) == 2, "a mistake never counted"

    def test_repairs_of_a_fiscal_year(self, world: World) -> None:
        entry = world.add(self.rows[0])
        days = (("2026-03-31", 1), ("2026-04-01", 18_700), ("2027-03-31", 300), ("2026-05-01", None))
        with_lines(world, entry, repairs=[{"day": day, "work": "修繕", "cost": cost} for day, cost in days])
        (lamp, *others) = COSTS.rows(world.keeper, world.book, dt.date(2027, 3, 31))
        assert (lamp["count"], lamp["yen"], lamp["unknown"]) == (3, 19_000, 1)
        assert {row["count"] for row in others} == {0}
