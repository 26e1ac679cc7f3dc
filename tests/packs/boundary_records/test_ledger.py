"""The ledger of boundary decisions: what every ledger does, and its own rules."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import ClassVar

import pytest

from tests.packs.boundary_records.rows import LINES, ROWS
from tests.packs.inherited import LedgerTests, World, refused
from yakuba.engines.ledger import queries
from yakuba.engines.ledger.actions.entries import ChangeEntry, ChangeMany, MoveEntry
from yakuba.kernel.actions import Problem
from yakuba.packs.boundary_records.ledger import BOUNDARIES
from yakuba.packs.boundary_records.models import Boundary, Neighbour
from yakuba.packs.boundary_records.reports import REPORTS

YEAR, SETBACKS = REPORTS
LINE = ROWS[0]["place"]


def lines(**of: object) -> ChangeEntry:
    changes = {key: [{"id": "", "version": 0, "entry": one} for one in rows] for key, rows in of.items()}  # type: ignore[attr-defined]  # lists
    return ChangeEntry({}, changes)  # type: ignore[arg-type]  # JSON


class TestBoundaries(LedgerTests):
    """Decisions."""

    installed = BOUNDARIES
    rows = ROWS
    lines: ClassVar = LINES

    @pytest.mark.parametrize(
        ("row", "change", "field"),
        [
            (0, {"place": {"type": "Point", "coordinates": [139.8, 36.3]}}, "place"),
            (0, {"met_on": "2025-05-07"}, "decided_on"),
            (0, {"decided_on": "2025-06-02"}, "decided_on"),
            (0, {"notified_on": "2025-06-30"}, "decided_on"),
            (1, {"met_on": None, "decided_on": "1996-04-14"}, "decided_on"),
            (2, {"zone": 9}, "zone"),
            (1, {"datum": "jgd2000", "zone": 9}, "datum"),
            (1, {"datum": "jgd2011"}, "datum"),
            (2, {"setback": None, "setback_area": "3.2"}, "setback"),
            (2, {"setback": "lent", "setback_area": "0"}, "setback_area"),
        ],
    )
    def test_what_contradicts_itself(
        self, world: World, row: int, change: dict[str, object], field: str
    ) -> None:
        entry = world.add(self.rows[row])
        with refused() as found:
            world.change(entry, change)  # type: ignore[arg-type]  # JSON
        assert [one.field for one in found] == [field]

    def test_in_what_it_was_measured_is_kept_beside_where_it_is(self, world: World) -> None:
        """The line is in JGD2011 like every shape; that of 1996 says that it was measured before."""
        entry = world.add({**ROWS[1], "place": LINE})
        kept = Boundary.unscoped.get(pk=entry.pk)
        assert kept.place is not None
        assert kept.place.geojson()["type"] == "LineString"
        assert (kept.datum, kept.zone, kept.cell is None) == ("tokyo", None, False)

    def test_a_decision_is_made_after_a_meeting_under_a_number(self, world: World) -> None:
        entry = world.add(ROWS[0])
        with pytest.raises(Problem):
            BOUNDARIES.actions.move(world.keeper, entry, MoveEntry("decide", document="みほん建第1号"))
        BOUNDARIES.actions.move(world.keeper, entry, MoveEntry("meet"))
        met = Boundary.unscoped.get()
        with refused() as found:
            BOUNDARIES.actions.move(world.keeper, met, MoveEntry("decide"))
        assert found[0].field == "document"
        BOUNDARIES.actions.move(world.keeper, met, MoveEntry("decide", document="みほん建第1号"))
        assert Boundary.unscoped.get().state == "decided"

    def test_neighbours_are_for_the_keeping_office_alone(self, world: World) -> None:
        entry = world.add(ROWS[0])
        BOUNDARIES.actions.change(world.keeper, entry, lines(neighbours=LINES["neighbours"]))
        assert len(queries.lines(world.keeper, entry, Neighbour)) == 2
        assert not queries.lines(world.town.ctx("staff"), entry, Neighbour)
        assert {"applicant", "agent"} <= set(BOUNDARIES.ledger.personal)
        assert not BOUNDARIES.ledger.public

    def test_nobody_agrees_before_they_met(self, world: World) -> None:
        entry = world.add(ROWS[0])
        wrong = {**LINES["neighbours"][0], "agreed_on": "2025-06-02"}
        with refused() as found:
            BOUNDARIES.actions.change(world.keeper, entry, lines(neighbours=(LINES["neighbours"][1], wrong)))
        assert [one.field for one in found] == ["neighbours.1.agreed_on"]
        assert not Neighbour.unscoped.exists()

    def test_an_application_is_due_until_it_is_decided(self, world: World) -> None:
        (due,) = BOUNDARIES.ledger.dues
        entry = world.add(ROWS[2])
        assert due.on(Boundary.unscoped.get()) == dt.date(2026, 11, 30)
        BOUNDARIES.actions.move(world.keeper, entry, MoveEntry("withdraw", reason="申請者の都合"))
        assert due.on(Boundary.unscoped.get()) is None
        assert not Boundary.unscoped.filter(due.candidates(world.keeper)).exists()

    def test_what_a_fiscal_year_brought(self, world: World) -> None:
        entry = world.add(ROWS[0])
        world.add(ROWS[1])
        world.add(ROWS[2])
        mistaken = world.add({**ROWS[0], "drawing": "R7-013"})
        BOUNDARIES.actions.move(world.keeper, mistaken, MoveEntry("void", reason="二重に写した"))
        BOUNDARIES.actions.change(world.keeper, entry, lines(copies=LINES["copies"]))
        ends = {name: dt.date(year, 3, 31) for name, year in (("R7", 2026), ("R8", 2027))}
        told = {
            name: {row["kind"]: row for row in YEAR.rows(world.keeper, world.book, day)}
            for name, day in ends.items()
        }
        both = "境界確定と狭あい道路の協議"
        assert [told["R7"][both][key] for key in ("applied", "decided", "sheets")] == [1, 1, 0]
        assert [told["R8"][both][key] for key in ("applied", "decided", "sheets", "yen")] == [0, 0, 3, 600]
        assert told["R8"]["狭あい道路の協議"]["applied"] == 1
        areas = {row["what"]: row for row in SETBACKS.rows(world.keeper, world.book, ends["R7"])}
        assert (areas["寄附"]["count"], areas["寄附"]["area"]) == (1, Decimal("6.25"))
        assert areas["協議中"]["area"] is None

    def test_an_applicant_is_told_once(self, world: World) -> None:
        (form,) = BOUNDARIES.ledger.forms
        values = {**ROWS[0], "notified_on": None, "state": "decided"}
        rows = [
            values,
            {**values, "applicant_address": None},
            {**values, "state": "met"},
            {**values, "notified_on": "2025-07-04"},
        ]
        changes = [{"id": "", "version": 0, "values": one} for one in rows]
        BOUNDARIES.actions.many(world.keeper, world.book, ChangeMany(changes))  # type: ignore[arg-type]  # JSON
        told = Boundary.unscoped.get(form.candidates(world.keeper))
        to = form.addressee(told)
        assert (to.name, to.address) == ("例示さかい", "みほん市見本町一丁目2番3号")
        text = form.body(told, self.today)
        assert "令和7年5月8日付けで申請" in text
        assert "令和7年7月1日に確定" in text
        assert told.number in text
        world.change(told, {form.sets: self.today.isoformat()})
        assert not Boundary.unscoped.filter(form.candidates(world.keeper)).exists()
