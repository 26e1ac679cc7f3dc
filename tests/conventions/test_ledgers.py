"""What every ledger has (docs/add-a-ledger.md). A pack that lacks something fails here, by name."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import models

from tests.conventions.house import SOURCE, TESTS
from tests.matrix import cells, specimens
from yakuba.engines.ledger.declaration import Ledger
from yakuba.engines.ledger.records import Entry, Line
from yakuba.engines.ledger.registering import Installed, installed
from yakuba.engines.places.records import Placed
from yakuba.kernel.fields import PERSONAL, Classification, spec_of
from yakuba.kernel.fields.kinds import Choice, Date

LEDGERS = pytest.mark.parametrize("found", installed(), ids=lambda one: one.ledger.key)
Found = Installed[Any]  # Any: of whatever model
PACKS = sorted(path.parent.name for path in (SOURCE / "packs").glob("*/apps.py"))


def own_columns(model: type[models.Model], *bases: type[models.Model]) -> dict[str, Classification]:
    """The columns that a model declares itself, with what they are classified as."""
    of_bases = {field.name for base in bases for field in base._meta.get_fields()} - {"place"}
    found = {}
    for field in model._meta.concrete_fields:
        spec = spec_of(field)
        if field.name not in of_bases and spec is not None and spec.kind is not None:
            found[field.name] = spec.classification
    return found


def columns_of(ledger: Ledger[Any]) -> dict[str, Classification]:
    """The columns of a ledger's entries without those of its chains."""
    bases = [base for base in (Entry, Placed) if issubclass(ledger.model, base)]
    chains = {chain.column for chain in ledger.all_chains}
    return {key: value for key, value in own_columns(ledger.model, *bases).items() if key not in chains}


def test_every_pack_is_a_ledger() -> None:
    """The key is the pack's name: folder, table prefix, tests and addresses are found by it."""
    assert [one.ledger.key for one in installed()] == PACKS
    for one in installed():
        assert one.ledger.model._meta.app_label == one.ledger.key
        assert one.ledger.model.__module__ == f"yakuba.packs.{one.ledger.key}.models"
        assert (SOURCE / "packs" / one.ledger.key / "migrations" / "0001_initial.py").exists()


@LEDGERS
def test_every_column_stands_in_one_section(found: Found) -> None:
    ledger = found.ledger
    shown = [name for section in ledger.sections for name in section.fields]
    assert len(set(shown)) == len(shown), "a field stands in two sections"
    assert set(columns_of(ledger)) == set(shown)
    assert all(str(section.label) and section.fields for section in ledger.sections)
    assert str(ledger.label)
    assert str(ledger.number_label)


@LEDGERS
def test_labels_tell_fields_apart(found: Found) -> None:
    ledger = found.ledger
    labels = [spec.label for spec in ledger.fields.values()]
    labels += [str(chain.label) for chain in ledger.all_chains]
    assert all(labels)
    assert len(set(labels)) == len(labels), "two columns of a sheet would have one head"


@LEDGERS
def test_what_everybody_sees_first_tells_of_nobody(found: Found) -> None:
    """Titles stand in links, the trail and the search index, lists are read by all staff of an open book."""
    ledger = found.ledger
    assert ledger.title
    assert ledger.listed
    assert not {*ledger.title, *ledger.listed, *ledger.derived, ledger.style_by} & set(ledger.personal)


@LEDGERS
def test_persons_are_named(found: Found) -> None:
    """Where a person's address or reading is kept, 支援措置 finds them by it and by their name. By a name alone nobody is found."""
    ledger = found.ledger
    hosts = {"": columns_of(ledger)} | {one.key: own_columns(one.model, Line) for one in ledger.lines}
    findable = {
        host
        for host, columns in hosts.items()
        for name, classification in columns.items()
        if classification is PERSONAL and re.search(r"(^|_)(address|kana)$", name)
    }
    assert {person.lines for person in ledger.persons} == findable
    for person in ledger.persons:
        known = [name for name in (person.kana, person.address, person.birth) if name]
        assert known
        assert {person.name, *known} <= set(hosts[person.lines])


@LEDGERS
def test_public_fields_are_released_by_a_rule(found: Found) -> None:
    assert (found.ledger.public_when is not None) == bool(found.ledger.public)


@LEDGERS
def test_states_are_checked_by_the_database(found: Found) -> None:
    ledger = found.ledger
    held = [
        one.condition for one in ledger.model._meta.constraints if isinstance(one, models.CheckConstraint)
    ]
    for chain in ledger.all_chains:
        assert chain.check("asked").condition in held, chain.column
        assert len({(step.key, step.come_from) for step in chain.steps}) == len(chain.steps)
        assert all(str(step.label) for step in chain.steps)


@LEDGERS
def test_lists_and_maps_have_an_index(found: Found) -> None:
    model = found.ledger.model
    indexed = [tuple(index.fields) for index in model._meta.indexes]
    assert ("municipality", "state", "number_order", "id") in indexed
    if found.ledger.placed:
        assert issubclass(model, Placed)
        assert ("municipality", "cell") in indexed, "what lies in a box"
        assert ("municipality", "rank", "cell") in indexed, "the thinned tiles of a large ledger"
    for lines in found.ledger.lines:
        starts = [tuple(index.fields)[:2] for index in lines.model._meta.indexes]
        starts += [
            tuple(one.fields)[:2]
            for one in lines.model._meta.constraints
            if isinstance(one, models.UniqueConstraint)
        ]
        assert ("municipality", "entry") in starts, lines.key


@LEDGERS
def test_sub_rows_belong_to_an_entry(found: Found) -> None:
    for lines in found.ledger.lines:
        assert issubclass(lines.model, Line)
        assert lines.model._meta.get_field("entry").related_model is found.ledger.model
        assert not lines.order or lines.order.removeprefix("+") in own_columns(lines.model, Line)
        assert str(lines.label)
    keys = [lines.key for lines in found.ledger.lines]
    assert len(set(keys)) == len(keys)


@LEDGERS
def test_rules_name_their_ground(found: Found) -> None:
    ledger = found.ledger
    assert ledger.sources
    for source in ledger.sources:
        assert str(source.what)
        assert source.ground
        assert source.since is None or source.until is None or source.since <= source.until


@LEDGERS
def test_doubles_dues_and_reports_are_whole(found: Found) -> None:
    ledger = found.ledger
    assert ledger.alike
    assert all(names and set(names) <= set(ledger.fields) for names in ledger.alike)
    for due in ledger.dues:
        assert str(due.label)
        assert all(days >= 0 for days in due.days_before)
    for report in ledger.reports:
        assert str(report.label)
        assert report.columns
    for form in ledger.forms:
        assert str(form.label)
        assert str(form.title)
        assert not form.sets or isinstance(ledger.kind_of(form.sets), Date)
    assert set(ledger.derived) >= ledger.from_lines
    assert ledger.lines or not ledger.from_lines
    for things in (ledger.dues, ledger.reports, ledger.forms):
        keys = [thing.key for thing in things]
        assert len(set(keys)) == len(keys)


@LEDGERS
def test_a_map_can_tell_them_apart(found: Found) -> None:
    name = found.ledger.style_by
    assert not name or isinstance(found.ledger.kind_of(name), Choice)


@LEDGERS
def test_there_is_a_matrix_with_specimens(found: Found) -> None:
    """In the pack's own folder, for each of the actions that were made with the ledger."""
    room = f"packs.{found.ledger.key}"
    keys = {action.key for action in vars(found.actions).values()}
    assert keys <= {cell.action for cell in cells() if cell.room == room}
    assert keys <= set(specimens())


@LEDGERS
def test_the_inherited_tests_are_run(found: Found) -> None:
    folder = TESTS / "packs" / found.ledger.key
    texts = [path.read_text("utf-8") for path in sorted(folder.glob("test_*.py"))]
    assert any(re.search(r"^class Test\w+\(LedgerTests\):", text, re.MULTILINE) for text in texts)
