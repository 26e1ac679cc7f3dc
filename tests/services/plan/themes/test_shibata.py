"""Proposals for a real plan against themes that a person gave its rows (`expected.csv`)."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

from tests.services.plan.reading.published import document
from yakuba.services.plan.reading import read_document, to_document
from yakuba.services.plan.themes import THEMES, Proposal, propose

pytestmark = pytest.mark.plans
EXPECTED = Path(__file__).parent / "expected.csv"

Form = dict[str, Any]


def expected() -> dict[str, set[str]]:
    """The right themes by the number of the row; some are only touched in a row's text."""
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        return {row["number"]: set(row["themes"].split()) for row in csv.DictReader(file)}


@cache
def initiatives() -> tuple[Form, ...]:
    reading = read_document(document("shibata.txt"), "shibata.txt")
    return tuple(cast("list[Form]", to_document(reading, "152064", "新発田市")["initiatives"]))


@cache
def proposals() -> dict[str, list[Proposal]]:
    return {one["number"]: propose(one) for one in initiatives()}


def test_every_row_has_expected_themes():
    assert set(expected()) == set(proposals())
    assert set().union(*expected().values()) <= set(THEMES)


def test_nearly_all_right_themes_are_proposed():
    right = [(number, theme) for number, themes in expected().items() for theme in themes]
    found = [(n, theme) for n, theme in right if theme in {one.theme for one in proposals()[n]}]
    assert len(found) / len(right) >= 0.9


def test_the_first_proposal_is_nearly_always_right():
    right = [number for number, themes in expected().items() if proposals()[number][0].theme in themes]
    assert len(right) / len(expected()) >= 0.9


def test_what_scores_high_is_mostly_right():
    high = [(number, one.theme) for number, found in proposals().items() for one in found if one.score >= 60]
    right = [theme in expected()[number] for number, theme in high]
    assert sum(right) / len(right) >= 0.75


def test_evidence_stands_where_it_says():
    for form in initiatives():
        for proposal in proposals()[form["number"]]:
            for path, word in proposal.evidence:
                place: Any = form
                for step in path.replace("[", ".[").split("."):
                    place = place[int(step[1:-1])] if step.startswith("[") else place[step]
                assert word in place, (form["number"], path, word)
