"""The ledger of sites: what every ledger does, and that the true range of a site stays in the office."""

from __future__ import annotations

import datetime as dt
import json
from typing import ClassVar

import pytest

from tests.packs.buried_heritage.rows import LINES, RING, ROWS
from tests.packs.inherited import LedgerTests, World, refused
from yakuba.engines.ledger import queries
from yakuba.engines.ledger.actions.entries import ChangeEntry, ChangeMany
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.values import told
from yakuba.kernel.search.models import DeskRow
from yakuba.packs.buried_heritage.ledger import HERITAGE
from yakuba.packs.buried_heritage.models import Inquiry, Notice, Remains
from yakuba.packs.buried_heritage.reports import REPORTS

SITES, NOTICES, INQUIRIES = REPORTS


def with_lines(world: World, entry: Entry, **lines: object) -> None:
    changes = {key: [{"id": "", "version": 0, "entry": one} for one in rows] for key, rows in lines.items()}  # type: ignore[attr-defined]  # lists
    HERITAGE.actions.change(world.keeper, entry, ChangeEntry({}, changes))  # type: ignore[arg-type]  # JSON


def known_to_all(world: World, entry: Entry) -> str:
    """Everything that may be released of a site, as text."""
    return json.dumps(told(world.fresh(entry), HERITAGE.ledger.fields, HERITAGE.ledger.public))


class TestHeritage(LedgerTests):
    """Sites."""

    installed = HERITAGE
    rows = ROWS
    lines: ClassVar = LINES

    def test_what_has_not_gone_to_the_prefecture_goes_with_a_letter(self, world: World) -> None:
        (form,) = HERITAGE.ledger.forms
        waits, quiet = world.add(ROWS[0]), world.add({**ROWS[0], "name": "例示塚"})
        notice = {**LINES["notices"][0], "filer": "例示建設", "work": "宅地造成"}
        went = dict.fromkeys(("forwarded_on", "instructed_on", "instruction", "document"))
        with_lines(world, waits, notices=[{**notice, **went}])
        with_lines(world, quiet, notices=[notice])
        found = Remains.unscoped.filter(form.candidates(world.keeper))
        assert [one.pk for one in found] == [waits.pk]
        body = form.body(found[0], self.today)
        assert "例示建設" in body
        assert "宅地造成" in body

    def test_where_a_site_is_is_no_public_field(self) -> None:
        ledger = HERITAGE.ledger
        assert ledger.public_place == "public_place"
        assert not {"place", "location", "looting", "west", "south", "east", "north", "cell"} & set(
            ledger.public
        )

    def test_the_public_gets_a_cell_where_looting_is_feared(self, world: World) -> None:
        feared, free = world.add(ROWS[0]), world.add({**ROWS[0], "looting": False, "name": "例示塚"})
        text = known_to_all(world, feared)
        for lon, lat in RING:
            assert str(lon) not in text
            assert str(lat) not in text
        assert str(RING[0][0]) in known_to_all(world, free)
        shown = Remains.unscoped.get(pk=feared.pk).public_place
        assert shown is not None
        west, south, east, north = shown.bounds
        assert (round(north - south, 6), round(east - west, 6)) == (round(15 / 3600, 6), 0.00625)

    def test_the_coarse_place_follows_every_change(self, world: World) -> None:
        """The fear comes and goes, the range moves: whatever way it is written, the public place is never older than the true one."""
        entry = world.add({**ROWS[0], "looting": False})
        world.change(entry, {"looting": True})
        assert str(RING[0][0]) not in known_to_all(world, entry)
        moved = [[lon + 0.02, lat + 0.02] for lon, lat in RING]
        before = Remains.unscoped.get(pk=entry.pk).public_place
        world.change(entry, {"place": {"type": "Polygon", "coordinates": [moved]}})
        after = Remains.unscoped.get(pk=entry.pk).public_place
        assert before != after
        change = {
            "id": str(entry.pk),
            "version": world.fresh(entry).version,
            "values": {"place": ROWS[0]["place"]},
        }
        HERITAGE.actions.many(world.keeper, world.book, ChangeMany([change]))
        assert Remains.unscoped.get(pk=entry.pk).public_place == before

    def test_nobody_types_the_public_place(self, world: World) -> None:
        entry = world.add(ROWS[0])
        with refused() as found:
            world.change(entry, {"public_place": ROWS[0]["place"]})
        assert [one.field for one in found] == ["public_place"]

    def test_search_does_not_know_the_place(self, world: World) -> None:
        entry = world.add(ROWS[0])
        row = DeskRow.unscoped.get(subject_id=entry.pk)
        assert not any(str(lon) in text for lon, _lat in RING for _key, text in row.pairs())

    @pytest.mark.parametrize(
        ("lines", "change", "field"),
        [
            ("inquiries", {"answered_on": "2026-04-05"}, "answered_on"),
            ("inquiries", {"answer": None}, "answer"),
            ("notices", {"forwarded_on": "2026-05-10"}, "forwarded_on"),
            ("notices", {"instructed_on": "2026-05-12"}, "forwarded_on"),
            ("notices", {"instruction": None}, "instruction"),
            ("notices", {"filed_on": "1975-09-30"}, "filed_on"),
            ("digs", {"reported_year": 2018}, "reported_year"),
        ],
    )
    def test_what_cannot_have_been(
        self, world: World, lines: str, change: dict[str, object], field: str
    ) -> None:
        entry = world.add(ROWS[0])
        wrong = {**LINES[lines][0], **change}
        with refused() as found:
            with_lines(world, entry, **{lines: (wrong,)})
        assert [one.field for one in found] == [f"{lines}.0.{field}"]

    def test_a_line_is_no_range(self, world: World) -> None:
        with refused() as found:
            world.add({**ROWS[1], "place": {"type": "LineString", "coordinates": RING[:2]}})
        assert [one.field for one in found] == ["place"]

    def test_work_that_nobody_was_instructed_about_falls_due(self, world: World) -> None:
        (due,) = HERITAGE.ledger.dues
        entry = world.add(ROWS[0])
        with_lines(world, entry, notices=LINES["notices"])
        assert due.on(Remains.unscoped.get()) == dt.date(2026, 12, 20)
        waiting = Notice.unscoped.get(instructed_on=None)
        said = {"instructed_on": "2026-11-20", "instruction": "careful"}
        changes = {"notices": [{"id": str(waiting.pk), "version": waiting.version, "entry": said}]}
        HERITAGE.actions.change(world.keeper, world.fresh(entry), ChangeEntry({}, changes))
        assert due.on(Remains.unscoped.get()) is None

    def test_who_asked_is_for_the_keeping_office_alone(self, world: World) -> None:
        entry = world.add(ROWS[0])
        with_lines(world, entry, inquiries=LINES["inquiries"])
        assert len(queries.lines(world.keeper, entry, Inquiry, "day")) == 2
        assert not queries.lines(world.town.ctx("staff"), entry, Inquiry, "day")

    def test_what_a_fiscal_year_brought(self, world: World) -> None:
        entry = world.add(ROWS[0])
        with_lines(world, entry, notices=LINES["notices"], inquiries=LINES["inquiries"])
        told_of = {
            row["article"]: row for row in NOTICES.rows(world.keeper, world.book, dt.date(2027, 3, 31))
        }
        (ours,) = [row for row in told_of.values() if row["filed"]]
        assert (ours["filed"], ours["late"], ours["watch"], ours["waiting"]) == (2, 1, 1, 1)
        rows = list(INQUIRIES.rows(world.keeper, world.book, dt.date(2027, 3, 31)))
        assert [row["count"] for row in rows] == [1, 0, 0, 1]
        earlier = NOTICES.rows(world.keeper, world.book, dt.date(2026, 3, 31))
        assert {row["filed"] for row in earlier} == {0}

    def test_listed_sites_are_counted(self, world: World) -> None:
        rows = [{**ROWS[0], "state": "listed"}, {**ROWS[1], "state": "listed"}, {**ROWS[2], "state": "lost"}]
        changes = [{"id": "", "version": 0, "values": one} for one in (*rows, ROWS[2])]
        HERITAGE.actions.many(world.keeper, world.book, ChangeMany(changes))  # type: ignore[arg-type]  # JSON
        told_of = {
            row["kind"]: (row["count"], row["feared"])
            for row in SITES.rows(world.keeper, world.book, self.today)
        }
        assert told_of["古墳"] == (1, 1)
        assert told_of["集落跡"] == (1, 0)
        assert told_of["窯跡"] == (0, 0)
