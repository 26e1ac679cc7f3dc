"""The register of dogs: what every ledger does, vaccinations, and the figures of the year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import ClassVar

import pytest

from tests.packs.dog_registry.rows import ROWS
from tests.packs.inherited import LedgerTests, Values, World, refused
from yakuba.engines.ledger.actions.entries import ChangeEntry, MoveEntry
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.reports import table_of
from yakuba.kernel.dates import FiscalYear, clock
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.sheets.table import Table
from yakuba.packs.dog_registry.ledger import DOGS, due
from yakuba.packs.dog_registry.models import Dog

GIVEN = {
    "year": 2026,
    "day": "2026-04-20",
    "tag": "26-0001",
    "venue": "見本公民館",
    "excused": False,
    "again": False,
}
EXCUSED = {"year": 2025, "excused": True, "reason": "治療中（獣医師の診断）", "again": False}


@pytest.fixture(autouse=True)
def _autumn() -> Iterator[None]:
    """21 November 2026."""
    with clock.frozen(dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC)):
        yield


def write(world: World, dog: Entry, *rows: Values) -> Entry:
    """New vaccinations of a dog."""
    changes = [{"id": "", "version": 0, "entry": dict(row)} for row in rows]
    return world.installed.actions.change(world.keeper, dog, ChangeEntry({}, {"vaccinations": changes}))  # type: ignore[dict-item]  # JSON


def report(world: World, key: str, day: dt.date) -> list[Mapping[str, object]]:
    """The rows of a report."""
    declared = next(one for one in DOGS.ledger.reports if one.key == key)
    table: Table = table_of(world.keeper, world.installed.ledger, world.book, declared, day)
    return [row.values for row in table.rows]


class TestDogs(LedgerTests):
    """Dogs."""

    installed = DOGS
    rows = ROWS
    lines: ClassVar = {
        "vaccinations": (GIVEN, EXCUSED),
    }

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"chip": None}, "chip"),
            ({"notified_on": None}, "notified_on"),
            ({"notified_on": "2022-05-31"}, "notified_on"),
            ({"former_town": None}, "former_town"),
            ({"born": "2024-06"}, "acquired_on"),
        ],
    )
    def test_contradictions(self, world: World, change: dict[str, JsonValue], field: str) -> None:
        with refused() as found:
            world.add({**ROWS[0], **change})
        assert [one.field for one in found] == [field]

    def test_a_dog_that_has_no_tag_yet_waits_for_one(self, world: World) -> None:
        """Not one whose chip counts as its tag."""
        waiting, special = world.add({**ROWS[1], "tag": None}), world.add({**ROWS[0], "tag": None})
        (due_tag,) = (one for one in DOGS.ledger.dues if one.key == "tag")
        assert isinstance(waiting, Dog)
        assert isinstance(special, Dog)
        assert due_tag.on(waiting) == dt.date(2025, 6, 2)
        assert due_tag.on(special) is None
        assert list(Dog.unscoped.filter(due_tag.candidates(world.keeper))) == [waiting]

    @pytest.mark.parametrize(
        ("row", "field"),
        [
            ({**GIVEN, "year": 2025}, "year"),
            ({**GIVEN, "day": "2027-03-02"}, "year"),
            ({**GIVEN, "day": None}, "day"),
            ({**GIVEN, "tag": None}, "tag"),
            ({**EXCUSED, "reason": None}, "reason"),
            ({**EXCUSED, "tag": "26-0009"}, "tag"),
            ({**EXCUSED, "day": "2025-05-05"}, "day"),
        ],
    )
    def test_contradictions_of_a_vaccination(
        self, world: World, row: dict[str, JsonValue], field: str
    ) -> None:
        dog = world.add(ROWS[0])
        with refused() as found:
            write(world, dog, row)
        assert [one.field for one in found] == [f"vaccinations.0.{field}"]

    def test_a_second_vaccination_in_one_year_is_asked(self, world: World) -> None:
        dog = world.add(ROWS[0])
        write(world, dog, GIVEN)
        with refused() as found:
            write(world, dog, {**GIVEN, "tag": "26-0002", "day": "2026-06-01"})
        assert [one.code for one in found] == ["again"]
        write(world, dog, {**GIVEN, "tag": "26-0002", "day": "2026-06-01", "again": True})
        with refused() as found:
            write(world, world.add(ROWS[1]), {**GIVEN, "tag": "26-3"}, {**GIVEN, "tag": "26-4"})
        assert [(one.field, one.code) for one in found] == [("vaccinations.1.again", "again")]

    def test_tags_are_unique_within_a_year(self, world: World) -> None:
        write(world, world.add(ROWS[0]), GIVEN)
        other = world.add(ROWS[1])
        with refused() as found:
            write(world, other, GIVEN)
        assert [(one.field, one.code) for one in found] == [("vaccinations.0.tag", "taken")]
        write(world, other, {**GIVEN, "year": 2025, "day": "2025-05-01"})

    def test_the_last_year_follows_from_the_vaccinations(self, world: World) -> None:
        dog = world.add(ROWS[0])
        assert isinstance(dog, Dog)
        assert dog.last_year is None
        assert due(dog) == dt.date(2024, 6, 30)
        write(world, dog, EXCUSED)
        write(world, dog, GIVEN)
        fresh = world.fresh(dog)
        assert isinstance(fresh, Dog)
        assert fresh.last_year == FiscalYear(2026)
        assert due(fresh) == dt.date(2027, 6, 30)

    def test_the_rate_of_a_year(self, world: World) -> None:
        """Of the dogs in force at the year's end, those that were vaccinated in the year; one that died is in neither."""
        dogs = [world.add(ROWS[2], holds_from=dt.date(2026, 4, 1)) for _ in range(5)]
        for place, dog in enumerate(dogs[:4]):
            write(world, dog, {**GIVEN, "tag": f"26-{place}"} if place < 3 else {**EXCUSED, "year": 2026})
        DOGS.actions.move(world.keeper, dogs[0], MoveEntry("die", day=dt.date(2026, 7, 1)))
        DOGS.actions.move(world.keeper, world.add(ROWS[1]), MoveEntry("void", reason="二度写した"))
        (end,) = report(world, "rate", dt.date(2027, 3, 31))
        assert (end["vaccinated"], end["dogs"], end["rate"]) == (2, 4, Decimal("50.0"))
        assert (end["excused"], end["open"], end["tags"]) == (1, 1, 3)
        (before,) = report(world, "rate", dt.date(2026, 6, 30))
        assert (before["vaccinated"], before["dogs"]) == (3, 5)
        (none,) = report(world, "rate", dt.date(2025, 3, 31))
        assert (none["dogs"], none["rate"]) == (0, None)

    def test_who_is_reminded(self, world: World) -> None:
        long_ago = dt.date(2026, 4, 1)
        late, done, excused = (world.add(ROWS[2], holds_from=long_ago) for _ in range(3))
        write(world, late, {**GIVEN, "year": 2025, "day": "2025-04-20"})
        write(world, done, {**GIVEN, "tag": "26-0002"})
        write(world, excused, {**EXCUSED, "year": 2026})
        world.change(late, {"reminded_on": "2026-09-01"}, holds_from=dt.date(2026, 9, 1))
        rows = report(world, "unvaccinated", dt.date(2026, 11, 21))
        assert [row["number"] for row in rows] == [late.number]
        assert (rows[0]["due"], rows[0]["reminded"]) == ("令和8年6月30日", "令和8年9月1日")
        assert rows[0]["last"] == "令和7年度"
        (then,) = report(world, "unvaccinated", dt.date(2026, 8, 31))
        assert not then["reminded"], "nobody was reminded yet"
        assert not report(world, "unvaccinated", dt.date(2026, 6, 30)), "the season ends today"
        DOGS.actions.move(world.keeper, late, MoveEntry("die"))
        assert not report(world, "unvaccinated", dt.date(2026, 11, 21))

    def test_the_letter_goes_to_who_is_late(self, world: World) -> None:
        late, done, young = (
            world.add(row) for row in (ROWS[2], ROWS[2], {**ROWS[1], "acquired_on": "2026-11-01"})
        )
        write(world, done, GIVEN)
        (form,) = DOGS.ledger.forms
        assert list(Dog.unscoped.filter(form.candidates(world.keeper))) == [late]
        assert young.pk != late.pk
        assert isinstance(late, Dog)
        assert form.addressee(late).name == "手本 くみこ"
        body = form.body(late, dt.date(2026, 11, 21))
        assert all(word in body for word in (late.number, "令和8年度", "令和8年6月30日"))
        assert form.sets in DOGS.ledger.fields

    def test_the_year_adds_up(self, world: World) -> None:
        """What was there, what came and what went come to what is there."""
        spring, autumn = dt.date(2025, 5, 1), dt.date(2026, 10, 1)
        old = [world.add(ROWS[2], holds_from=spring) for _ in range(3)]
        world.add(ROWS[0], holds_from=autumn)
        world.add({**ROWS[1], "registered_on": "2026-09-01", "acquired_on": "2026-06-01"}, holds_from=autumn)
        DOGS.actions.move(world.keeper, old[0], MoveEntry("die", day=autumn))
        DOGS.actions.move(world.keeper, old[1], MoveEntry("move_out", day=autumn))
        counted = [row["dogs"] for row in report(world, "year", dt.date(2027, 3, 31))]
        begin, came, late, moved_in, gone, end = counted[:6]
        assert (begin, came, late, moved_in, gone, end) == (3, 1, 1, 1, 2, 3)
        assert counted[6:] == [1, 1, 0]

    def test_small_neighbourhoods_are_hidden(self, world: World) -> None:
        for town, many in (("見本町", 8), ("例示町", 2), ("手本町", 9)):
            for _ in range(many):
                world.add({**ROWS[2], "town": town})
        shown = {row["town"]: row["dogs"] for row in report(world, "towns", self.today)}
        assert shown == {"見本町": None, "例示町": None, "手本町": 9, "計": 19}

    def test_reports_tell_of_no_person(self, world: World) -> None:
        dog = world.add(ROWS[0], holds_from=dt.date(2026, 4, 1))
        assert dog.number in str(report(world, "unvaccinated", self.today))
        told = str([report(world, one.key, self.today) for one in DOGS.ledger.reports])
        assert not [name for name in DOGS.ledger.personal if str(ROWS[0][name]) in told]
