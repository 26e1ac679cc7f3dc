"""The tests that every ledger inherits, and how its actions are tried in the permission matrix.

``class TestDogs(LedgerTests): installed = DOGS; rows = (…)`` is all that a pack writes. ``rows`` are at least three sets of values as
JSON, each valid by itself and all of them different; the first fills every field. ``lines`` has two rows of each sort of sub-row.

On PostgreSQL one ledger tries them all (``everywhere``). The others try there what their own columns, constraints and conditions say to the
database (:data:`OWN_SQL`); the rest asks the engine's tables, and those in the same way.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
from django.db import transaction

from tests.matrix import Specimen
from tests.world import Town, make_town
from yakuba.engines.ledger import queries
from yakuba.engines.ledger.actions.books import SetExtra, set_extra
from yakuba.engines.ledger.actions.entries import (
    AddEntry,
    ChangeEntry,
    ChangeMany,
    MergeEntry,
    MoveEntry,
    MoveMany,
    WriteNote,
)
from yakuba.engines.ledger.declaration import COMMON_STATES, MERGED, VOID, Chain, Person
from yakuba.engines.ledger.models import Amendment, Book, Move, Note
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.registering import Installed
from yakuba.engines.ledger.subscriptions import look_after_many
from yakuba.engines.ledger.values import (
    cleaned,
    derive,
    from_text,
    put,
    specs_of_line,
    title_of,
    told,
    typed_specs,
)
from yakuba.engines.protection.models import Protected
from yakuba.engines.protection.queries import held
from yakuba.kernel.actions import Context, Denied, Missing, Problem, Problems, Stale, SubjectRef
from yakuba.kernel.dates import clock, japan_date
from yakuba.kernel.fields import JsonValue, Spec
from yakuba.kernel.search.models import DeskRow, PublicRow
from yakuba.kernel.search.queries import search
from yakuba.kernel.trail.models import TrailEntry, TrailPayload

Values = Mapping[str, JsonValue]
Any_ = Installed[Any]  # Any: of whatever model the ledger has

EXTRA = {
    "format": 1,
    "fields": [
        {"key": "shelf", "kind": "text", "label": "棚番号", "classification": "internal", "required": False}
    ],
}


def book_in(town: Town, installed: Any_, *, open_to_staff: bool = True) -> Book:
    """The town's book of a ledger, kept by its office ``own``; made on first use."""
    return Book.unscoped.get_or_create(
        municipality_id=town.ref.id,
        ledger=installed.ledger.key,
        defaults={
            "office": town.offices["own"],
            "open_to_staff": open_to_staff,
            "released": False,
            "opened_on": japan_date(clock.now()),
        },
    )[0]


def entry_in(town: Town, installed: Any_, values: Values) -> Entry:
    """A new entry of the town's book, with the next number."""
    ctx = town.ctx("ledger_keeper")
    return installed.actions.add(ctx, book_in(town, installed), AddEntry(dict(values)))


def ledger_specimens(installed: Any_, values: Values) -> dict[str, Specimen]:
    """How the seven actions of a ledger are tried; ``values`` are one valid entry's."""
    first = installed.ledger.chain.steps_from(installed.ledger.chain.first)[0]

    def book(town: Town) -> Book:
        return book_in(town, installed)

    def entry(town: Town) -> Entry:
        return entry_in(town, installed, values)

    moving = MoveEntry(first.key, reason="見本の理由", document="見本第1号")
    change = {"id": "", "version": 0, "values": dict(values)}
    return {
        installed.actions.add.key: Specimen(book, lambda _town, _book: AddEntry(dict(values))),
        installed.actions.many.key: Specimen(book, lambda _town, _book: ChangeMany([change])),
        installed.actions.move_many.key: Specimen(
            book,
            lambda town, _book: MoveMany(
                [{"id": str((moving_one := entry(town)).pk), "version": moving_one.version}],
                first.key,
                reason="見本の理由",
                document="見本第1号",
            ),
        ),
        installed.actions.change.key: Specimen(entry, lambda _town, _entry: ChangeEntry(dict(values), {})),
        installed.actions.move.key: Specimen(entry, lambda _town, _entry: moving),
        installed.actions.merge.key: Specimen(
            entry,
            lambda town, _entry: MergeEntry(str(entry(town).pk), same=True, reason="同じもの"),
        ),
        installed.actions.note.key: Specimen(
            entry, lambda _town, _entry: WriteNote(installed.ledger.note_kinds[0][0], "見本の経過")
        ),
    }


@dataclass
class World:
    """Two towns, the first with a book."""

    town: Town
    neighbour: Town
    book: Book
    installed: Any_

    @property
    def keeper(self) -> Context:
        """Somebody of the keeping office, now."""
        return self.town.ctx("ledger_keeper")

    def add(self, values: Values, **how: Any) -> Entry:  # Any: as AddEntry takes it
        """A new entry."""
        return self.installed.actions.add(self.keeper, self.book, AddEntry(dict(values), **how))

    def change(self, entry: Entry, values: Values, **how: Any) -> Entry:  # Any: as ChangeEntry takes it
        """A change of fields."""
        return self.installed.actions.change(self.keeper, entry, ChangeEntry(dict(values), {}, **how))

    def fresh(self, entry: Entry) -> Entry:
        """As it stands now."""
        return type(entry).unscoped.get(pk=entry.pk)

    def told(self, entry: Entry) -> dict[str, JsonValue]:
        """What was said of it as it stands now, as JSON."""
        return told(self.fresh(entry), self.specs)

    @property
    def specs(self) -> dict[str, Spec]:
        """The fields that somebody says."""
        return typed_specs(self.installed.ledger, None)


@contextlib.contextmanager
def refused() -> Iterator[list[Problem]]:
    """What is refused inside; the list is filled when it is over."""
    found: list[Problem] = []
    with pytest.raises(Problem) as caught, transaction.atomic():
        yield found
    found += caught.value.problems if isinstance(caught.value, Problems) else [caught.value]
    assert all(problem.message for problem in found)


def vars_of(person: Person) -> dict[str, str]:
    """Which field says what of a person."""
    return {name: getattr(person, name) for name in ("name", "kana", "address", "birth")}


def protect(town: Town, **known: JsonValue) -> Protected:
    """A person under 支援措置."""
    return Protected.unscoped.create(
        municipality_id=town.ref.id, valid_from=japan_date(clock.now()), **{"name": "", **known}
    )


def told_by_trail(ctx: Context, key: str) -> dict[str, Any]:  # Any: JSON as it was kept
    """The payload of what was done last under a key."""
    entry = TrailEntry.unscoped.filter(action=key, kind="done", request_id=ctx.request_id).get()
    return json.loads(TrailPayload.unscoped.get(entry=entry).text)  # type: ignore[no-any-return]  # as above


OWN_SQL = frozenset(
    {
        "test_add",
        "test_numbers",
        "test_change",
        "test_lines",
        "test_derived_fields",
        "test_every_step",
        "test_void",
        "test_merge",
        "test_told_apart",
        "test_many",
        "test_many_or_none",
        "test_who_sees_what",
        "test_protected_persons_are_found",
        "test_search_finds_no_personal_field",
        "test_dues",
    }
)


@pytest.mark.django_db
class LedgerTests:
    """What holds of every ledger."""

    everywhere: ClassVar[bool] = False
    installed: ClassVar[Any_]
    rows: ClassVar[Sequence[Values]]
    lines: ClassVar[Mapping[str, Sequence[Values]]] = {}

    @pytest.fixture(scope="class")
    @classmethod
    def made(cls, module_db: None) -> Iterator[World]:
        """The world that the tests of a class share; each of them is undone."""
        with transaction.atomic():
            town = make_town("990019", "みほん市")
            town.account("ledger_keeper")
            yield World(town, make_town("990027", "かりな市"), book_in(town, cls.installed), cls.installed)
            transaction.set_rollback(True)

    @pytest.fixture
    def world(self, made: World, db: None) -> World:
        """The same, as it was made."""
        town = Town(made.town.ref, dict(made.town.offices), dict(made.town.accounts), dict(made.town.visits))
        return World(town, made.neighbour, Book.unscoped.get(pk=made.book.pk), made.installed)

    @classmethod
    def on_every_database(cls, name: str) -> bool:
        """Whether a test of this ledger says more on a second database; a ledger's own tests all do."""
        return cls.everywhere or name in OWN_SQL or name not in vars(LedgerTests)

    @property
    def specs(self) -> dict[str, Spec]:
        """The fields that somebody says: without those that follow from others."""
        return typed_specs(self.installed.ledger, None)

    @property
    def today(self) -> dt.date:
        """Today in Japan."""
        return japan_date(clock.now())

    def whole(self, place: int) -> dict[str, JsonValue]:
        """One of the rows with every field, None for those without a value."""
        return dict.fromkeys(self.specs) | dict(self.rows[place])

    # What a pack hands over

    def test_rows_are_samples(self) -> None:
        assert len(self.rows) >= 3
        empty = [name for name, value in self.whole(0).items() if value is None]
        assert not empty, "the first row fills every field"
        assert len({json.dumps(self.whole(place), sort_keys=True) for place in range(len(self.rows))}) == len(
            self.rows
        )
        assert set(self.lines) == {one.key for one in self.installed.ledger.lines}
        assert all(len(some) >= 2 for some in self.lines.values())

    # Coming

    def test_add(self, world: World) -> None:
        for place in range(len(self.rows)):
            entry = world.add(self.rows[place], reason="紙から写した")
            fresh = world.fresh(entry)
            assert world.told(entry) == self.whole(place)
            assert fresh.number
            assert fresh.number_order
            assert fresh.book_id == world.book.pk
            for chain in self.installed.ledger.all_chains:
                assert getattr(fresh, chain.column) == chain.first
            kept = Amendment.unscoped.get(entry=entry.pk)
            assert (kept.holds_from, kept.reason) == (self.today, "紙から写した")
            assert kept.values["state"] == self.installed.ledger.chain.first
        assert queries.entries(world.keeper, self.installed.ledger).count() == len(self.rows)

    def test_required_fields(self, world: World) -> None:
        needed = [name for name, spec in self.specs.items() if spec.required]
        for name in needed:
            for without in (
                {**self.rows[0], name: None},
                {key: value for key, value in self.rows[0].items() if key != name},
            ):
                with refused() as found:
                    world.add(without)
                assert [(one.field, one.code) for one in found] == [(name, "required")]
        with refused() as found:
            world.add({})
        assert {one.field for one in found if one.code == "required"} == set(needed) or not needed
        with contextlib.suppress(Problem):  # what contradicts itself is told by ``check``
            only = world.add({name: self.rows[0][name] for name in needed})
            assert {name for name, value in world.told(only).items() if value is not None} == set(needed)

    def test_unknown_field(self, world: World) -> None:
        entry = world.add(self.rows[0])
        derived = self.installed.ledger.derived
        for name in ("no_such_field", "state", "number", "version", "more.shelf", *derived):
            with refused() as found:
                world.add({**self.rows[1], name: "1"})
            assert [(one.field, one.code) for one in found] == [(name, "unknown")]
            with refused() as found:
                world.change(entry, {name: "1"})
            assert [(one.field, one.code) for one in found] == [(name, "unknown")]

    def test_wrong_kind(self, world: World) -> None:
        for name, spec in self.specs.items():
            for wrong in ([], {"value": 1}):
                with refused() as found:
                    world.add({**self.rows[0], name: wrong})
                assert [one.field for one in found] == [name]
                assert spec.label in found[0].message
                assert found[0].expected

    def test_numbers(self, world: World) -> None:
        first = world.add(self.rows[0]).number
        second = world.add(self.rows[1]).number
        assert first != second
        assert world.add(self.rows[2], number=" 紙-17 ").number == "紙-17"
        for taken in (first, "紙-17"):
            with refused() as found:
                world.add(self.rows[2], number=taken)
            assert (found[0].field, found[0].found) == ("number", taken)

    def test_a_number_brought_along_is_passed_over(self, world: World) -> None:
        with transaction.atomic():
            world.add(self.rows[0])
            coming = world.add(self.rows[1]).number
            transaction.set_rollback(True)
        assert world.add(self.rows[2], number=coming).number == coming
        given = [world.add(self.rows[place]).number for place in (0, 1)]
        assert len({coming, *given}) == 3

    def test_many_numbers_sort_as_people_would(self, world: World) -> None:
        changes: list[dict[str, JsonValue]] = [
            {"id": "", "version": 0, "values": dict(self.rows[0])} for _ in range(12)
        ]
        self.installed.actions.many(world.keeper, world.book, ChangeMany(changes))
        model = self.installed.ledger.model
        order = model.unscoped.order_by("number_order").values_list("pk", flat=True)
        assert list(order) == list(model.unscoped.order_by("pk").values_list("pk", flat=True))

    # Changing

    def test_change(self, world: World) -> None:
        entry = world.add(self.rows[0])
        changed = self.installed.actions.change(
            world.keeper, entry, ChangeEntry(self.whole(1), {}), expected_version=entry.version
        )
        assert world.told(entry) == self.whole(1)
        assert changed.version == entry.version + 1
        kept = Amendment.unscoped.filter(entry=entry.pk).order_by("written_at", "pk").last()
        assert kept is not None
        assert {name: value for name, value in kept.values.items() if name in self.specs} == {
            name: value for name, value in self.whole(1).items() if value != self.whole(0)[name]
        }

    def test_a_change_says_only_what_it_says(self, world: World) -> None:
        entry = world.add(self.rows[0])
        world.change(entry, {})
        assert world.told(entry) == self.whole(0)
        assert Amendment.unscoped.filter(entry=entry.pk).count() == 1, "nothing changed, nothing is kept"

    def test_stale(self, world: World) -> None:
        entry = world.add(self.rows[0])
        world.change(entry, self.whole(1))
        with pytest.raises(Stale), transaction.atomic():
            self.installed.actions.change(
                world.keeper, entry, ChangeEntry(self.whole(2), {}), expected_version=entry.version
            )
        assert world.told(entry) == self.whole(1)

    def test_as_of(self, world: World) -> None:
        long_ago, lately = self.today - dt.timedelta(days=400), self.today - dt.timedelta(days=30)
        entry = world.add(self.rows[0], holds_from=long_ago)
        world.change(entry, self.whole(1), holds_from=lately)
        world.change(entry, self.whole(2))

        def held(day: dt.date) -> dict[str, JsonValue]:
            values = queries.as_of(world.keeper, world.fresh(entry), day)
            return {name: values.get(name) for name in self.specs} if values else {}

        assert held(long_ago - dt.timedelta(days=1)) == {}
        assert held(long_ago) == held(lately - dt.timedelta(days=1)) == self.whole(0)
        assert held(lately) == held(self.today - dt.timedelta(days=1)) == self.whole(1)
        assert held(self.today) == self.whole(2) == world.told(entry)
        of_all = dict(queries.all_as_of(world.keeper, world.book, lately))
        assert of_all == {entry.pk: queries.as_of(world.keeper, entry, lately)}

    def test_later_knowledge_of_an_earlier_day(self, world: World) -> None:
        day = self.today - dt.timedelta(days=60)
        entry = world.add(self.rows[0], holds_from=day)
        world.change(entry, self.whole(1), holds_from=self.today - dt.timedelta(days=20))
        world.change(entry, self.whole(2), holds_from=self.today - dt.timedelta(days=40))
        # What changed on the 20th day before today stays; in between, the later word holds.
        first, second, third = (self.whole(place) for place in range(3))
        then = queries.as_of(world.keeper, entry, self.today - dt.timedelta(days=30))
        for name in [name for name in first if third[name] != second[name]]:
            assert then.get(name) == third[name], name
            if first[name] != second[name]:
                assert world.told(entry)[name] == second[name], name

    def test_no_day_to_come(self, world: World) -> None:
        tomorrow = self.today + dt.timedelta(days=1)
        with refused() as found:
            world.add(self.rows[0], holds_from=tomorrow)
        assert found[0].code == "future"
        entry = world.add(self.rows[0])
        with refused() as found:
            world.change(entry, self.whole(1), holds_from=tomorrow)
        assert found[0].code == "future"

    def test_lines(self, world: World) -> None:
        entry = world.add(self.rows[0])
        for lines in self.installed.ledger.lines:
            specs, rows = specs_of_line(lines.model), self.lines[lines.key]

            def write(key: str, *changes: object) -> None:
                self.installed.actions.change(
                    world.keeper,
                    entry,
                    ChangeEntry({}, {key: list(changes)}),  # type: ignore[list-item]  # as a sheet sends it
                )

            write(lines.key, *({"id": "", "version": 0, "entry": dict(one)} for one in rows))
            there = queries.lines(world.keeper, entry, lines.model, lines.order)
            assert len(there) == len(rows)
            for one in rows:
                assert dict.fromkeys(specs) | dict(one) in [told(row, specs) for row in there]
            row = there[0]
            with pytest.raises(Problem), transaction.atomic():
                write(lines.key, {"id": str(row.pk), "version": row.version + 1, "remove": True})
            with pytest.raises(Problem), transaction.atomic():
                write(lines.key, {"id": "", "version": 0, "entry": {"no_such_field": "1"}})
            write(lines.key, {"id": str(row.pk), "version": row.version, "remove": True})
            assert len(queries.lines(world.keeper, entry, lines.model)) == len(rows) - 1
        with refused() as found:
            self.installed.actions.change(world.keeper, entry, ChangeEntry({}, {"no_such_lines": []}))
        assert found[0].code == "lines"

    def test_extra_fields(self, world: World) -> None:
        set_extra(world.town.ctx("ledger_secretariat"), world.book, SetExtra(EXTRA))
        world.book.refresh_from_db()
        entry = world.add({**self.rows[0], "more.shelf": "い-3"})
        world.change(entry, {"more.shelf": "ろ-1"})
        fresh = world.fresh(entry)
        assert fresh.more == {"shelf": "ろ-1"}
        assert told(fresh, typed_specs(self.installed.ledger, world.book)) == {
            **self.whole(0),
            "more.shelf": "ろ-1",
        }

    def test_derived_fields(self, world: World) -> None:
        """What follows from the others is worked out when they come and when they change, and kept by the day."""
        ledger = self.installed.ledger
        specs = {name: ledger.fields[name] for name in ledger.derived}
        entry = world.add(self.rows[0])
        for place in (0, 1, 2):
            if place:
                world.change(entry, self.whole(place))
            fresh = world.fresh(entry)
            follows = type(entry)(pk=fresh.pk, municipality_id=fresh.municipality_id, book_id=fresh.book_id)
            put(follows, self.specs, cleaned(self.specs, self.whole(place), whole=True))
            derive(ledger, follows, lines=True)
            assert told(fresh, specs) == told(follows, specs)
            held = queries.as_of(world.keeper, fresh, self.today)
            assert {name: held.get(name) for name in specs} == told(fresh, specs)

    # Moving

    def test_every_step(self, world: World) -> None:
        """Every step of every chain leads where it says, from nowhere else, and not without what it needs."""
        entry = world.add(self.rows[0])
        for chain in self.installed.ledger.all_chains:
            keys = sorted({step.key for step in chain.steps})
            for state in dict(chain.states):
                allowed = {step.key: step for step in chain.steps_from(state)}
                for key in ["no_such_step", *[key for key in keys if key not in allowed][:1]]:
                    self.put_into(entry, chain, state)
                    with refused() as found:
                        self.move(world, entry, key, chain)
                    assert found[0].field == "step"
                for key, step in allowed.items():
                    for need in step.needs:
                        with refused() as found:
                            self.move(world, entry, key, chain, **{need: " "})
                        assert found[0].field == need
                    self.move(world, entry, key, chain)
                    assert getattr(world.fresh(entry), chain.column) == step.go_to
                    done = Move.unscoped.filter(entry=entry.pk, chain=chain.column).latest("seq")
                    assert (done.come_from, done.go_to, done.day) == (state, step.go_to, self.today)
                    self.put_into(entry, chain, state)
            self.put_into(entry, chain, chain.first)

    @staticmethod
    def put_into(entry: Entry, chain: Chain, state: str) -> None:
        """Let an entry stand in a state, however it came there."""
        type(entry).unscoped.filter(pk=entry.pk).update(**{chain.column: state})

    def move(self, world: World, entry: Entry, key: str, chain: Chain, **how: str) -> Entry:
        """One step with all that it may need."""
        given = {"reason": "見本の理由", "document": "見本第1号", **how}
        return self.installed.actions.move(world.keeper, entry, MoveEntry(key, chain=chain.column, **given))

    def test_ended_entries_count_no_more(self, world: World) -> None:
        chain = self.installed.ledger.chain
        for state in dict(chain.states):
            self.put_into(world.add(self.rows[0]), chain, state)
        counting = self.installed.ledger.model.unscoped.filter(queries.in_force(self.installed.ledger))
        assert {one.state for one in counting} == {*dict(chain.states)} - chain.ended
        counts = queries.counts_by_state(world.keeper, self.installed.ledger)
        assert counts == dict.fromkeys(dict(chain.states), 1)

    def test_unknown_chain(self, world: World) -> None:
        entry = world.add(self.rows[0])
        with refused() as found:
            self.installed.actions.move(world.keeper, entry, MoveEntry("void", chain="number", reason="見本"))
        assert found[0].field == "chain"

    def test_void(self, world: World) -> None:
        entry = world.add(self.rows[0])
        with refused() as found:
            self.installed.actions.move(world.keeper, entry, MoveEntry(VOID))
        assert found[0].field == "reason"
        self.installed.actions.move(world.keeper, entry, MoveEntry(VOID, reason="二度写した"))
        assert world.fresh(entry).state == VOID
        assert not queries.entries(world.keeper, self.installed.ledger).exists()
        assert queries.entry_of(world.keeper, self.installed.ledger, entry.pk).pk == entry.pk, "a tombstone"
        with pytest.raises(Denied, match="誤登録"), transaction.atomic():
            world.change(entry, self.whole(1))

    # Doubles

    def test_merge(self, world: World) -> None:
        double, other = world.add(self.rows[0]), world.add(self.rows[0])
        self.note(world, double)
        merge = self.installed.actions.merge
        with refused() as found:
            merge(world.keeper, double, MergeEntry(str(other.pk), same=True))
        assert found[0].field == "reason"
        for nowhere in (str(double.pk), str(world.book.pk), "x"):
            with pytest.raises(Missing), transaction.atomic():
                merge(world.keeper, double, MergeEntry(nowhere, same=True, reason="同じもの"))
        merge(world.keeper, double, MergeEntry(str(other.pk), same=True, reason="同じもの"))
        fresh = world.fresh(double)
        assert (fresh.state, fresh.merged_into) == (MERGED, other.pk)
        assert list(queries.entries(world.keeper, self.installed.ledger)) == [other]
        assert [one.text for one in queries.notes(world.keeper, other)] == ["見本の経過"]
        with pytest.raises(Denied, match="統合"), transaction.atomic():
            world.change(double, self.whole(1))

    def test_told_apart(self, world: World) -> None:
        one, other = world.add(self.rows[0]), world.add(self.rows[0])
        third = world.add(self.rows[1])
        ledger = self.installed.ledger
        found = queries.alike(world.keeper, ledger, one)
        if not ledger.alike:
            assert not found
            return
        assert [alike.entry.pk for alike in found] == [other.pk]
        assert third.pk not in {alike.entry.pk for alike in found}
        self.installed.actions.merge(world.keeper, other, MergeEntry(str(one.pk), same=False))
        assert queries.alike(world.keeper, ledger, one) == queries.alike(world.keeper, ledger, other) == []

    # The journal

    def note(self, world: World, entry: Entry, **how: Any) -> Entry:  # Any: as WriteNote takes it
        """A line of the journal."""
        kind = self.installed.ledger.note_kinds[0][0]
        return self.installed.actions.note(world.keeper, entry, WriteNote(kind, "見本の経過", **how))

    def test_notes(self, world: World) -> None:
        entry = world.add(self.rows[0])
        self.note(world, entry)
        self.note(world, entry, day=self.today - dt.timedelta(days=3))
        found = queries.notes(world.keeper, entry)
        assert [one.day for one in found] == [self.today, self.today - dt.timedelta(days=3)]
        with refused() as problems:
            self.note(world, entry, day=self.today + dt.timedelta(days=1))
        assert problems[0].code == "future"
        with refused() as problems:
            self.installed.actions.note(world.keeper, entry, WriteNote("no_such_kind", "見本"))
        assert problems[0].field == "kind"
        assert Note.unscoped.filter(entry=entry.pk).count() == 2

    # Many at once

    def test_many(self, world: World) -> None:
        there = world.add(self.rows[0])
        changes: list[dict[str, JsonValue]] = [
            {"id": str(there.pk), "version": there.version, "values": self.whole(1)},
            {"id": "", "version": 0, "values": dict(self.rows[2])},
            {"id": "", "version": 0, "values": {**self.rows[0], "number": "紙-3"}},
        ]
        self.installed.actions.many(world.keeper, world.book, ChangeMany(changes))
        model = self.installed.ledger.model
        found = [told(one, self.specs) for one in model.unscoped.order_by("pk")]
        assert sorted(map(str, found)) == sorted(map(str, (self.whole(1), self.whole(2), self.whole(0))))
        assert model.unscoped.filter(number="紙-3").count() == 1
        assert world.fresh(there).version == there.version + 1

    def test_many_or_none(self, world: World) -> None:
        there = world.add(self.rows[0])
        name, spec = next(iter(self.specs.items()))
        changes: list[dict[str, JsonValue]] = [
            {"id": str(there.pk), "version": there.version, "values": self.whole(1)},
            {"id": "", "version": 0, "values": {**self.rows[2], name: [spec.label]}},
        ]
        with refused() as found:
            self.installed.actions.many(world.keeper, world.book, ChangeMany(changes))
        assert [one.field for one in found] == [f"1.{name}"]
        assert world.told(there) == self.whole(0)
        assert self.installed.ledger.model.unscoped.count() == 1
        stale = {**changes[0], "version": there.version + 7}
        with refused() as found:
            self.installed.actions.many(world.keeper, world.book, ChangeMany([stale]))
        assert found[0].code == "stale"
        with refused() as found:
            twice = {"id": "", "version": 0, "values": {**self.rows[1], "number": "紙-3"}}
            self.installed.actions.many(world.keeper, world.book, ChangeMany([twice, dict(twice)]))
        assert found[0].field == "number"

    # Who

    @pytest.mark.parametrize("open_to_staff", [False, True])
    def test_who_sees_what(self, world: World, open_to_staff: bool) -> None:
        """Visible in the list ⇔ may view; personal fields are for the keeping office and its readers alone."""
        entry = world.add(self.rows[0])
        Book.unscoped.filter(pk=world.book.pk).update(open_to_staff=open_to_staff)
        ledger, may = self.installed.ledger, self.installed.access
        full = {("ledger_keeper", "own"), ("ledger_reader", "own")}
        staff = {"ledger_keeper", "ledger_reader", "ledger_secretariat", "staff", "auditor", "office_head"}
        for role in (*sorted(staff), "municipality_admin", "platform_admin", "public", "cli"):
            for office in ("own", "other"):
                ctx = world.town.ctx(role, office)
                sees = (role, office) in full or (open_to_staff and role in staff)
                listed = queries.entries(ctx, ledger).filter(pk=entry.pk).exists()
                assert listed == may.view.may(ctx, entry).allowed == sees, (role, office)
                assert may.read_all.may(ctx, entry).allowed == ((role, office) in full), (role, office)
                assert may.change.may(ctx, entry).allowed == ((role, office) == ("ledger_keeper", "own"))
                if (role, office) not in full:
                    assert not queries.amendments(ctx, entry), "values are told to readers of everything"
                    assert not queries.notes(ctx, entry)
                    for lines in ledger.lines:
                        assert not queries.lines(ctx, entry, lines.model)

    def test_another_office(self, world: World) -> None:
        entry = world.add(self.rows[0])
        ctx = world.town.ctx("ledger_keeper", "other")
        with pytest.raises(Denied), transaction.atomic():
            self.installed.actions.change(ctx, entry, ChangeEntry(self.whole(1), {}))
        with pytest.raises(Denied), transaction.atomic():
            self.installed.actions.add(ctx, world.book, AddEntry(dict(self.rows[0])))
        Book.unscoped.filter(pk=world.book.pk).update(office=world.town.offices["other"])
        changed = self.installed.actions.change(ctx, entry, ChangeEntry(self.whole(1), {}))
        assert changed.pk == entry.pk, "the book went to that office, and all of it with it"

    def test_another_municipality(self, world: World) -> None:
        entry = world.add(self.rows[0])
        for of in (world.neighbour, world.town):
            ctx = world.neighbour.ctx("ledger_keeper", of=of)
            for key in ("change", "note"):
                data = ChangeEntry(self.whole(1), {}) if key == "change" else WriteNote("call", "見本")
                with pytest.raises(Missing), transaction.atomic():
                    getattr(self.installed.actions, key)(ctx, entry, data)
            assert not queries.entries(ctx, self.installed.ledger).exists()
        assert world.told(entry) == self.whole(0)
        own = book_in(world.neighbour, self.installed)
        there = self.installed.actions.add(
            world.neighbour.ctx("ledger_keeper"), own, AddEntry(dict(self.rows[1]), number=entry.number)
        )
        assert there.number == entry.number, "each municipality has its own numbers"
        with pytest.raises(Missing), transaction.atomic():
            self.installed.actions.merge(
                world.keeper, entry, MergeEntry(str(there.pk), same=True, reason="同じもの")
            )

    def test_protected_persons_are_found(self, world: World) -> None:
        """Whoever is under 支援措置 stops the output of their entry: when it is written, and when the protection comes later."""
        ledger = self.installed.ledger
        for person in ledger.persons:
            row = self.lines[person.lines][0] if person.lines else self.rows[0]
            known = {
                column: row.get(field, "")
                for column, field in vars_of(person).items()
                if field and column != "birth"
            }
            with transaction.atomic():
                protect(world.town, **known)
                self.holds(world, self.entry_with(world, person), standing=True)
                self.holds(world, world.add(self.rows[1]), standing=False)
                transaction.set_rollback(True)
            with transaction.atomic():
                entry = self.entry_with(world, person)
                self.holds(world, entry, standing=False)
                protect(world.town, **known)
                look_after_many(world.town.ctx("cli"), {"ledger": ledger.key}, "")
                self.holds(world, entry, standing=True)
                transaction.set_rollback(True)

    def entry_with(self, world: World, person: Person) -> Entry:
        """An entry in which the person stands."""
        entry = world.add(self.rows[0])
        if not person.lines:
            return entry
        change = {"id": "", "version": 0, "entry": dict(self.lines[person.lines][0])}
        return self.installed.actions.change(
            world.keeper,
            entry,
            ChangeEntry({}, {person.lines: [change]}),  # type: ignore[dict-item]  # as a sheet sends it
        )

    def holds(self, world: World, entry: Entry, *, standing: bool) -> None:
        """Whether the automatic output of an entry stops."""
        subject = SubjectRef(self.installed.ledger.key, entry.pk)
        assert bool(held(world.keeper, [subject])) == standing

    # What remains and what is found

    def test_trail(self, world: World) -> None:
        ctx = world.keeper
        entry = self.installed.actions.add(ctx, world.book, AddEntry(dict(self.rows[0]), reason="紙から"))
        added = told_by_trail(ctx, self.installed.actions.add.key)["notes"]
        assert (added["entry"], added["number"]) == (str(entry.pk), entry.number)
        assert {name: added["after"][name] for name in self.specs} == self.whole(0)
        ctx = world.keeper
        self.installed.actions.change(ctx, entry, ChangeEntry(self.whole(1), {}, reason="聞き違い"))
        payload = told_by_trail(ctx, self.installed.actions.change.key)
        for name in self.specs:
            before, after = self.whole(0)[name], self.whole(1)[name]
            if before != after:
                assert payload["before"][name] == ("" if before is None else before) or before is None
                assert payload["after"][name] == after or after is None
        kept = TrailEntry.unscoped.get(request_id=ctx.request_id, kind="done")
        assert (kept.reason, kept.subject_kind, kept.subject_id) == (
            "聞き違い",
            self.installed.ledger.key,
            entry.pk,
        )

    def test_search_finds_no_personal_field(self, world: World) -> None:
        ledger, entry = self.installed.ledger, world.add(self.rows[0])
        row = DeskRow.unscoped.get(subject_kind=ledger.key, subject_id=entry.pk)
        assert not {key for key, _text in row.pairs()} & set(ledger.personal)
        assert title_of(ledger, entry) in row.title
        assert entry.number in row.title
        assert not PublicRow.unscoped.filter(subject_id=entry.pk).exists(), "what is public is released first"
        hits = search(world.town.ref.id, entry.number, visibility="internal", kinds=[ledger.key]).hits
        assert [hit.id for hit in hits] == [entry.pk]
        others = " ".join(str(value) for name, value in self.rows[0].items() if name not in ledger.personal)
        texts = [self.rows[0][name] for name in ledger.personal]
        for text in (one for one in texts if isinstance(one, str) and one not in others):
            assert not search(world.town.ref.id, text, visibility="internal", kinds=[ledger.key]).hits

    def test_every_field_goes_through_text_cell_and_json(self) -> None:
        specs = self.specs
        for place in range(len(self.rows)):
            row, texts = self.whole(place), {}
            for name, spec in specs.items():
                kind, value = spec.kind, row[name]
                assert kind is not None
                if value is None:
                    texts[name] = ""
                    continue
                read = kind.from_json(value)
                assert kind.to_json(read) == value
                assert kind.to_json(kind.from_cell(kind.to_cell(read))) == value
                assert kind.format(read)
                texts[name] = kind.to_text(read)
            assert from_text(specs, texts) == row

    def test_dues(self, world: World) -> None:
        """What the database picks out holds everything that falls due."""
        entries = [world.add(row) for row in self.rows]
        for due in self.installed.ledger.dues:
            picked = set(
                self.installed.ledger.model.unscoped.filter(due.candidates(world.keeper)).values_list(
                    "pk", flat=True
                )
            )
            falling = {entry.pk for entry in map(world.fresh, entries) if due.on(entry) is not None}
            assert falling <= picked, due.key

    def test_states_of_every_ledger(self) -> None:
        states = [key for key, _label in self.installed.ledger.chain.all_states]
        assert len(set(states)) == len(states)
        assert {key for key, _label in COMMON_STATES} <= set(states)


__all__ = ["LedgerTests", "Values", "World", "book_in", "entry_in", "ledger_specimens", "refused"]
