"""The small document by which answers become values."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.intake.worlds import RULE, WIFI
from yakuba.engines.casework.origins import Answer
from yakuba.engines.intake import rules
from yakuba.kernel.actions import Problem

TODAY = dt.date(2026, 4, 1)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["format", "find", "branches", "answer", "field", "when", "do", "fields", "is", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_anything_is_read_or_refused(document: Any) -> None:
    with contextlib.suppress(Problem):
        rules.read(document if not isinstance(document, dict) else {**document, "format": rules.FORMAT})


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({**RULE, "format": "yakuba-intake/2"}, "format"),
        ({**RULE, "more": 1}, "document"),
        ({**RULE, "find": {"answer": "site"}}, "find"),
        ({"format": rules.FORMAT, "branches": RULE["branches"]}, "find"),
        ({**RULE, "branches": []}, "branches"),
        ({**RULE, "branches": [{"do": "drop", "fields": {"a": "b"}}]}, "branches.0.do"),
        ({**RULE, "branches": [{"do": "change"}]}, "branches.0.fields"),
        ({**RULE, "branches": [{"do": "move"}]}, "branches.0.step"),
        ({**RULE, "branches": [{"do": "add", "step": "open", "fields": {"a": "b"}}]}, "branches.0.step"),
        ({**RULE, "branches": [{"do": "add", "when": {"a": "b"}, "fields": {"a": "b"}}]}, "branches.0.when"),
    ],
)
def test_what_is_wrong_is_named(document: dict[str, Any], field: str) -> None:
    with pytest.raises(Problem) as told:
        rules.read(document)
    assert told.value.field == field


def said(**answers: object) -> dict[str, Answer]:
    return {
        key: Answer(key, key, value, str(value) if key == "what" else "")  # type: ignore[arg-type]  # cells of the test
        for key, value in answers.items()
    }


def test_the_first_branch_that_fits_counts() -> None:
    rule = rules.read(RULE)
    assert [
        found.do if (found := rule.branch(said(what=code))) else None
        for code in ("hours", "stop", "new", "x")
    ] == ["change", "move", "add", None]
    assert rule.branch({}) is None
    assert rule.answers == {"site", "what", "hours", "day", "title"}


def test_an_answer_that_was_not_given_leaves_its_field_alone_and_a_wrong_one_is_told() -> None:
    branch = rules.read(RULE).branches[2]
    specs = WIFI.ledger.fields
    values, problems = rules.values_of(branch, said(title=None), specs, TODAY)
    assert "name" not in values
    assert values["disaster"] is False
    assert not problems
    long = rules.values_of(branch, said(title="長" * 300), specs, TODAY)
    assert [one.field for one in long[1]] == ["name"]


def test_parts_are_joined_codes_are_taken_over_and_today_is_the_day_of_taking_over() -> None:
    document = {
        "format": rules.FORMAT,
        "branches": [
            {
                "do": "add",
                "fields": {
                    "name": {"join": ["town", "kind", "more"], "with": "・"},
                    "use": "use",
                    "renewal": {"today": True},
                },
            }
        ],
    }
    given = {
        "town": Answer("town", "町", "見本町"),
        "kind": Answer("kind", "種類", "公民館"),
        "more": Answer("more", "ほか", None),
        "use": Answer("use", "区分", "別の言い方", "shelter"),
    }
    values, problems = rules.values_of(rules.read(document).branches[0], given, WIFI.ledger.fields, TODAY)
    assert not problems
    assert values == {"name": "見本町・公民館", "use": "shelter", "renewal": "2026-04-01"}
