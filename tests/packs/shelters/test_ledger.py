"""The ledger of evacuation sites and shelters: what every ledger does, and its own rules."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

import pytest

from tests.packs.inherited import LedgerTests, World, refused
from tests.packs.shelters.rows import LINES, NOT_FOR, ROWS
from yakuba.engines.ledger import queries
from yakuba.engines.ledger.actions.entries import ChangeEntry, MoveEntry
from yakuba.engines.ledger.values import told
from yakuba.kernel.dates import clock, japan_date
from yakuba.packs.shelters.ledger import SHELTERS
from yakuba.packs.shelters.models import Facility, KeyHolder
from yakuba.packs.shelters.reports import REPORTS
from yakuba.packs.shelters.rules import HAZARDS

DESIGNATIONS, WITHDRAWN = REPORTS
TOMORROW = japan_date(clock.now()) + dt.timedelta(days=1)


class TestShelters(LedgerTests):
    """Facilities."""

    installed = SHELTERS
    rows = ROWS
    lines: ClassVar = LINES

    @pytest.mark.parametrize(
        ("row", "change", "field"),
        [
            (1, {"earthquake": False, "fire": False}, "flood"),
            (2, {"flood": True}, "site_on"),
            (1, {"site_on": "2014-03-31"}, "site_on"),
            (1, {"site_notice": None}, "site_notice"),
            (1, {"site_off": "2014-05-31"}, "site_off"),
            (1, {"shelter_off": "2020-01-01"}, "shelter_off"),
            (1, {"site_off": TOMORROW.isoformat()}, "site_off"),
            (1, {"welfare": True}, "shelter_on"),
            (0, {"welfare_for": None}, "welfare_for"),
        ],
    )
    def test_what_a_designation_has_to_say(
        self, world: World, row: int, change: dict[str, object], field: str
    ) -> None:
        entry = world.add(self.rows[row])
        with refused() as found:
            world.change(entry, change)  # type: ignore[arg-type]  # JSON
        assert [one.field for one in found] == [field]

    def test_both_either_or_none(self, world: World) -> None:
        """災害対策基本法49条の8: the designations stand side by side."""
        entry = world.add({**ROWS[0], "site_off": None, "shelter_off": None})
        roles = []
        for change in ({}, {"site_off": "2025-03-31"}, {"shelter_off": "2026-03-31"}, {"site_off": None}):
            world.change(entry, change)  # type: ignore[arg-type]  # JSON
            roles.append(Facility.unscoped.get().role)
        assert roles == ["both", "shelter", "none", "site"]
        entry = world.fresh(entry)
        facts = queries.as_of(world.keeper, entry, self.today)
        assert facts["role"] == "site"

    def test_nobody_is_sent_where_nothing_is_designated(self, world: World) -> None:
        withdrawn = world.add(ROWS[0])
        open_one = world.add(ROWS[1])
        shut = world.add(ROWS[2])
        SHELTERS.actions.move(world.keeper, shut, MoveEntry("suspend", reason="耐震工事"))
        assert SHELTERS.ledger.public_when is not None
        found = set(Facility.unscoped.filter(SHELTERS.ledger.public_when).values_list("pk", flat=True))
        assert found == {open_one.pk}
        assert withdrawn.pk not in found

    def test_the_newest_word_is_what_the_public_reads(self, world: World) -> None:
        entry = world.add(ROWS[1])
        for line in LINES["openings"]:  # the later moment is written first
            changes = {"openings": [{"id": "", "version": 0, "entry": line}]}
            SHELTERS.actions.change(world.keeper, entry, ChangeEntry({}, changes))  # type: ignore[arg-type]  # JSON
        shown = Facility.unscoped.get()
        assert (shown.opening, shown.crowding) == ("open", "some")
        assert shown.told_at == dt.datetime(2026, 9, 8, 9, 30, tzinfo=dt.UTC)

    def test_who_has_the_keys_is_for_the_keeping_office_alone(self, world: World) -> None:
        entry = world.add(ROWS[1])
        changes = {"key_holders": [{"id": "", "version": 0, "entry": one} for one in LINES["key_holders"]]}
        SHELTERS.actions.change(world.keeper, entry, ChangeEntry({}, changes))  # type: ignore[arg-type]  # JSON
        order = next(one.order for one in SHELTERS.ledger.lines if one.key == "key_holders")
        called = queries.lines(world.keeper, entry, KeyHolder, order)
        assert [one.turn for one in called] == [1, 2], "who is called first stands first"
        staff = world.town.ctx("staff")
        assert queries.entry_of(staff, SHELTERS.ledger, entry.pk)  # type: ignore[arg-type]  # a ledger is one of entries
        assert not queries.lines(staff, entry, KeyHolder, "turn")
        assert "例示かぎお" not in str(told(world.fresh(entry), SHELTERS.ledger.fields))

    def test_sites_are_counted_for_each_hazard(self, world: World) -> None:
        for row in ROWS:
            world.add(row)
        told_on = {
            str(row["what"]).strip("　 "): (row["count"], row["people"])
            for row in DESIGNATIONS.rows(world.keeper, world.book, self.today)
        }
        assert told_on["指定緊急避難場所"] == told_on["地震"] == told_on["大規模な火事"] == (1, 3000)
        assert told_on["洪水"] == told_on["崖崩れ、土石流及び地滑り"] == (0, 0)
        assert told_on["指定避難所"] == told_on["うち福祉避難所"] == (1, 60)
        assert told_on["両方の指定（兼用）"] == (0, 0)
        (first, second) = (
            list(WITHDRAWN.rows(world.keeper, world.book, day))
            for day in (dt.date(2025, 3, 31), dt.date(2026, 3, 31))
        )
        assert [(row["name"], row["what"]) for row in first] == [("見本小学校", "指定緊急避難場所")]
        assert [(row["name"], row["what"]) for row in second] == [("見本小学校", "指定避難所")]

    def test_a_designation_stands_until_the_day_before_it_is_withdrawn(self, world: World) -> None:
        world.add(ROWS[0], holds_from=dt.date(2021, 6, 1))
        counts = []
        for day in (dt.date(2021, 6, 1), dt.date(2025, 3, 30), dt.date(2025, 3, 31), dt.date(2026, 3, 31)):
            rows = {row["what"]: row["count"] for row in DESIGNATIONS.rows(world.keeper, world.book, day)}
            counts.append((rows["指定緊急避難場所"], rows["指定避難所"]))
        assert counts == [(1, 1), (1, 1), (0, 1), (0, 0)]

    def test_the_governor_is_told_of_a_designation_once(self, world: World) -> None:
        """災害対策基本法49条の4第3項."""
        (form,) = SHELTERS.ledger.forms
        told_already, waits = (
            world.add({**ROWS[0], "site_off": None, "shelter_off": None}),
            world.add(ROWS[1]),
        )
        withdrawn = world.add({**ROWS[1], "name": "見本跡地", "site_off": "2025-03-31"})
        found = set(Facility.unscoped.filter(form.candidates(world.keeper)).values_list("pk", flat=True))
        assert told_already.pk not in found
        assert withdrawn.pk not in found
        assert waits.pk in found
        assert isinstance(waits, Facility)
        body = form.body(waits, self.today)
        assert "第49条の4第1項" in body
        assert "地震、大規模な火事" in body
        assert form.addressee(waits).name.endswith("知事")

    def test_each_kind_of_phenomenon_has_its_own_field(self) -> None:
        """災害対策基本法施行令20条の4: six kinds, and two by order of the Cabinet Office."""
        assert set(HAZARDS) == set(NOT_FOR) - {"welfare"}
        assert len(HAZARDS) == 8
        assert set(HAZARDS) <= set(SHELTERS.ledger.public)
