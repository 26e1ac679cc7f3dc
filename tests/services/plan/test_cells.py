"""Cells: what a person is shown of an initiative, what differs, and what may be corrected."""

from __future__ import annotations

import pytest

from tests.services.plan.forms import indicator, initiative, value
from yakuba.kernel.actions import Problem
from yakuba.services.plan import rules
from yakuba.services.plan.cells import cell, cells, changes


def sample(raw: str = "約38%", **read: object) -> dict[str, object]:
    figure = value(raw, 2024, number="38", approximate=True, **read)
    return initiative(
        "1", "電子申請の拡大", indicators=[indicator("①割合", [figure], unit="%", direction="increase")]
    )


def test_every_cell_has_its_own_path_and_that_path_its_value() -> None:
    form = sample()
    form["texts"] = {"approach": "広げる", "target_state": ["ひとつ", "ふたつ"]}
    found = cells(form)
    assert len({one.path for one in found}) == len(found)
    assert cell(form, "texts.target_state").text == "ひとつ\nふたつ"
    assert cell(form, "indicators[0].values[0].number").text == "38"
    with pytest.raises(LookupError):
        cell(form, "indicators[3].name")


def test_the_same_number_written_otherwise_is_no_change() -> None:
    one, other = sample("38.0%"), sample("38.0%")
    other["indicators"][0]["values"][0]["number"] = "38.0"
    assert changes(one, other) == []


def test_another_reading_of_the_same_print_is_a_change() -> None:
    one, other = sample("38か39"), sample("38か39")
    other["indicators"][0]["values"][0]["number"] = "39"
    (found,) = changes(one, other)
    assert found.path == "indicators[0].values[0].raw"
    assert "38" in found.before
    assert "39" in found.after


def test_what_came_and_what_went_are_changes() -> None:
    before, after = sample(), sample()
    before["texts"] = {"approach": "古い"}
    after["flags"] = ["new"]
    assert {(one.path, one.before, one.after) for one in changes(before, after)} == {
        ("texts.approach", "古い", ""),
        ("flags[0]", "", "新規"),
    }


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("indicators[0].values[0].number", "1,234.50", "1234.5"),
        ("indicators[0].values[0].number", " ", None),
        ("indicators[0].values[0].year", "令和5年度", 2023),
        ("indicators[0].values[0].state", "実施", "実施"),
    ],
)
def test_figures_are_corrected_beside_their_print(path: str, text: str, found: object) -> None:
    form = rules.correct(sample(), path, text)
    assert rules.get(form, path) == found
    assert form["indicators"][0]["values"][0]["raw"] == "約38%"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("indicators[0].values[0].number", "たくさん"),
        ("indicators[0].values[0].year", "そのうち"),
        ("indicators[0].name", ""),
        ("placements[0]", "x"),
        ("corrected", "x"),
    ],
)
def test_what_cannot_be_is_refused(path: str, text: str) -> None:
    with pytest.raises(Problem) as told:
        rules.correct(sample(), path, text)
    assert told.value.field == path


def test_deciding_a_cell_answers_the_doubts_about_its_figures() -> None:
    form = sample()
    form["doubts"] = [
        {"field": f"indicators[0].values[0].{leaf}", "code": "x", "candidates": [], "note": ""}
        for leaf in ("number", "year")
    ] + [{"field": "title", "code": "x", "candidates": [], "note": ""}]
    rules.settle(form, "indicators[0].values[0].raw", "雛形いつき", "2026-04-01")
    assert [doubt["field"] for doubt in form["doubts"]] == ["title"]
    assert form["corrected"] == {"indicators[0].values[0].raw": {"by": "雛形いつき", "on": "2026-04-01"}}
