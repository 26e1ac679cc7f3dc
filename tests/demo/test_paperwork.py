"""The towns' plans as documents of five shapes in five containers: what is read from them is what was printed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import cache

import pytest

from yakuba.demo.paperwork import SHAPES, WRITERS, forms
from yakuba.demo.paperwork.elements import Element
from yakuba.demo.paperwork.kept import kept
from yakuba.services.plan.reading import Reading, from_document, read_documents

#: What part of the facts has to be right, as for altered copies of real documents.
FLOOR = 0.93


@cache
def plans(shape: str) -> tuple[Reading, ...]:
    """The data that a shape prints."""
    return tuple(from_document(one) for one in forms(SHAPES[shape]))


@cache
def elements(shape: str) -> Sequence[Element]:
    return SHAPES[shape].compose(forms(SHAPES[shape]))


@cache
def read(shape: str, container: str) -> tuple[Reading, ...]:
    data = WRITERS[container](elements(shape), plans(shape)[0].plan.title)
    return read_documents(data, f"{shape}.{container}")


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def rows(reading: Reading, kinds: bool) -> dict[tuple[str | None, str], tuple[str, frozenset[str]]]:
    """Per number (and kind) the title and the offices."""
    return {
        (one.kind if kinds else None, squeezed(one.number)): (
            squeezed(one.title),
            frozenset(squeezed(office.name) for office in one.offices),
        )
        for one in reading.initiatives
    }


def share(expected: Iterable[bool]) -> float:
    facts = list(expected)
    return sum(facts) / len(facts)


def right(expected: Reading, found: Reading, *, kinds: bool = False, offices: bool = True) -> float:
    """The share of titles and office sets that are right; an initiative that was not printed counts as one wrong."""
    known, seen = rows(expected, kinds), rows(found, kinds)
    facts = [key in known for key in seen if key not in known]
    for key, (title, names) in known.items():
        title_read, names_read = seen.get(key, ("", frozenset()))
        facts.append(SequenceMatcher(None, title, title_read, autojunk=False).ratio() >= 0.9)
        if offices:
            facts.append(names == names_read)
    return share(facts)


def newest(shape: str) -> Reading:
    return max(plans(shape), key=lambda one: (one.plan.first_year, one.initiatives[0].year))


CONTAINERS = pytest.mark.parametrize("container", WRITERS)


@CONTAINERS
def test_a_wide_table(container: str) -> None:
    expected, (found, *_) = newest("wide"), read("wide", container)
    assert right(expected, found) >= FLOOR
    assert (found.plan.first_year, found.plan.last_year) == (2024, 2026)
    assert share(values(expected, found)) >= FLOOR


def values(expected: Reading, found: Reading) -> Iterable[bool]:
    """Per printed value whether its number was read under its initiative, kind and year."""
    seen = {
        (one.number, value.kind, value.year, value.number, value.state)
        for one in found.initiatives
        for indicator in one.indicators
        for value in indicator.values
    }
    for one in expected.initiatives:
        for indicator in one.indicators:
            for value in indicator.values:
                yield (one.number, value.kind, value.year, value.number, value.state) in seen


@CONTAINERS
def test_an_overview_and_its_details_of_two_years(container: str) -> None:
    former, current = sorted(plans("details"), key=lambda one: one.initiatives[0].year)
    by_year = {one.initiatives[0].year: one for one in read("details", container)}
    assert set(by_year) == {2025, 2026}
    assert right(current, by_year[2026], kinds=True) >= FLOOR
    assert right(former, by_year[2025], kinds=True) >= FLOOR
    advance = {one.number: one.progress for one in former.initiatives if one.kind == "advance"}
    seen = {one.number: one.progress for one in by_year[2025].initiatives if one.kind == "advance"}
    assert share(seen.get(number) == word for number, word in advance.items()) >= FLOOR


@CONTAINERS
def test_fact_sheets(container: str) -> None:
    expected, (found, *_) = newest("sheets"), read("sheets", container)
    assert right(expected, found) >= FLOOR
    stages = {one.number: dict(one.stages) for one in found.initiatives}
    assert (
        share(
            stages.get(one.number, {}).get(year) == word
            for one in expected.initiatives
            for year, word in one.stages.items()
        )
        >= FLOOR
    )
    items = {one.number: len(one.items) for one in found.initiatives}
    assert share(items.get(one.number) == len(one.items) for one in expected.initiatives) >= FLOOR


@CONTAINERS
def test_an_outline_with_its_rules(container: str) -> None:
    expected, (found, *_) = newest("outline"), read("outline", container)
    assert right(expected, found) >= FLOOR
    priority = {one.number for one in found.initiatives if "priority" in one.flags}
    assert (
        share(("priority" in one.flags) == (one.number in priority) for one in expected.initiatives) >= FLOOR
    )
    items = {one.number: len(one.items) for one in found.initiatives}
    assert share(items.get(one.number) == len(one.items) for one in expected.initiatives) >= FLOOR
    posts = {(member.role, member.post) for body in expected.bodies for member in body.members}
    seen = {(member.role, member.post) for body in found.bodies for member in body.members}
    assert share(post in seen for post in posts) >= FLOOR


@CONTAINERS
def test_measures_and_what_the_former_plan_came_to(container: str) -> None:
    former, current = sorted(plans("measures"), key=lambda one: one.plan.first_year)
    found, *others = read("measures", container)
    assert right(current, found) >= FLOOR
    assert len(others) == 1
    assert squeezed(others[0].plan.title) == squeezed(former.plan.title)
    assert right(former, others[0], offices=False) >= FLOOR
    progress = {one.number: one.progress for one in others[0].initiatives}
    assert share(progress.get(one.number) == one.progress for one in former.initiatives) >= FLOOR


def test_a_workbook_as_offices_keep_it() -> None:
    """Visible rows are the plan's; hidden ones are read and say so; struck words are the other candidate of a doubt."""
    expected = newest("details")
    advance = replace(
        expected, initiatives=tuple(one for one in expected.initiatives if one.kind == "advance")
    )
    found, *_ = read_documents(kept(forms(SHAPES["details"])), "課別.xlsx")
    hidden = [
        one
        for one in found.initiatives
        if any("隠れ" in text or "表示されて" in text for text in one.warnings)
    ]
    visible = replace(found, initiatives=tuple(one for one in found.initiatives if one not in hidden))
    assert right(advance, visible) >= FLOOR
    former = {squeezed(one.title) for plan in plans("details") for one in plan.initiatives}
    assert hidden
    assert {squeezed(one.title) for one in hidden} <= former - {
        squeezed(one.title) for one in advance.initiatives
    }
    struck = [doubt for one in found.initiatives for doubt in one.doubts if doubt.code == "struck"]
    old = {
        squeezed(str(text))
        for plan in plans("details")
        for row in plan.initiatives
        for text in row.texts.values()
    }
    assert len(struck) >= 10
    assert all(squeezed(doubt.candidates[-1]) in old for doubt in struck if doubt.field.startswith("texts."))
