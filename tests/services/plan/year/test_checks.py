"""What the rules ask of a review: each question once where its case holds, and not where it does not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.plan.forms import Form, indicator, initiative, value
from yakuba.services.plan.setters import figures_of
from yakuba.services.plan.year import checks, flow
from yakuba.services.plan.year.checks import Answer

YEAR = 2025
SAID = {"result": "窓口を改めました。", "progress": "順調", "meaning": "on_track", "next_action": "continue"}


def told(raw: str, year: int, kind: str = "actual", **more: Any) -> Form:
    return value(raw, year, kind, **{**figures_of(raw, "指標"), **more})


def with_figures(*values: Form, **more: Any) -> Form:
    return initiative(
        "1", "電子申請", kind="advance", year=YEAR, indicators=[indicator("指標", list(values), **more)]
    )


def answered(raw: str = "", status: str = "provisional", **more: Any) -> Answer:
    actuals = {0: flow.value_of("指標", YEAR, raw, status, None)} if raw else {}
    return Answer(**{**SAID, "actuals": actuals, **more})


def codes(form: Form, answer: Answer, phase: str = "provisional", last: str = "") -> list[str]:
    return [one.code for one in checks.questions(form, answer, year=YEAR, phase=phase, last_result=last)]


GOAL = told("110件", 2026, "target")
OWN_GOAL = told("80件", YEAR, "target")
WAS = told("57件", 2024)


@pytest.mark.parametrize(
    ("form", "answer", "expected"),
    [
        (with_figures(WAS, GOAL, direction="increase"), answered("81件"), []),
        (with_figures(WAS, GOAL), answered(), ["no_actual"]),
        # «0% ※計画を令和6年度としているため» is no value.
        (with_figures(WAS, GOAL), answered("0% ※計画を令和8年度としているため"), ["no_actual"]),
        (with_figures(WAS, OWN_GOAL, direction="increase"), answered("81件"), ["not_renewed"]),
        (with_figures(WAS, OWN_GOAL, GOAL, direction="increase"), answered("81件"), []),
        (with_figures(WAS, OWN_GOAL, direction="increase"), answered("81件", next_action="complete"), []),
        (with_figures(WAS, OWN_GOAL, direction="increase"), answered("79件", meaning="behind"), ["deadline"]),
        (with_figures(WAS, OWN_GOAL, GOAL, direction="increase"), answered("79件"), ["contradicts"]),
        (with_figures(WAS, OWN_GOAL, GOAL, direction="increase"), answered("81件", meaning="stopped"), ["contradicts"]),
        # A wanted fall is no contradiction; an unwanted one is.
        (with_figures(told("9,870件", 2024), told("8,000件", 2026, "target"), direction="decrease"), answered("8,530件"), []),
        (with_figures(WAS, GOAL, direction="increase"), answered("40件"), ["contradicts"]),
        (with_figures(WAS, GOAL, aggregation="cumulative"), answered("40件"), ["cumulative"]),
        (with_figures(told("100件", 2023), told("110件", 2024), aggregation="year_total"), answered("320件"), ["cumulative"]),
        (with_figures(told("100件", 2023), told("110件", 2024), aggregation="year_total"), answered("120件"), []),
        (with_figures(WAS, GOAL), answered("570件"), ["tenfold"]),
        (with_figures(told("96% (105/109)", 2024)), answered("97% (134/138)"), ["denominator"]),
        (with_figures(told("96% (105/109)", 2024)), answered("97% (116/120)"), []),
        (with_figures(told("96% (105/109)", 2024)), answered("97%"), ["denominator"]),
        (with_figures(told("57件", 2024, status="provisional"), GOAL), answered("81件"), ["not_final"]),
        # Words in the plan's order.
        (
            with_figures(told("検討", 2024), told("実施", YEAR, "target"), direction="reach", states=["検討", "試行", "実施"]),
            answered("試行", meaning="behind"),
            ["deadline"],
        ),
    ],
)  # fmt: skip
def test_each_case_asks_its_own_question(form: Form, answer: Answer, expected: list[str]) -> None:
    assert codes(form, answer) == expected


def test_a_target_for_the_next_year_answers_what_would_be_asked() -> None:
    form = with_figures(WAS, OWN_GOAL, direction="increase")
    ahead = flow.target_of("指標", YEAR, "110件")
    assert codes(form, answered("81件", next_targets={0: ahead})) == []
    assert codes(form, answered("79件", meaning="behind", next_targets={0: ahead})) == []
    reached = flow.target_of("指標", YEAR, "80件")
    assert codes(form, answered("81件", next_targets={0: reached})) == ["not_renewed"]
    after, entered = flow.entered(
        form, flow.Decided({}, next_targets={0: ahead}), year=YEAR, reason="本部", by="雛形", on="2026-03-24"
    )
    made = after["indicators"][0]["values"][-1]
    assert (made["kind"], made["year"], made["raw"], made["revision"]) == ("target", 2026, "110件", 0)
    assert len(entered) == 1


def test_the_same_text_is_asked_about_however_it_is_broken_into_lines() -> None:
    form = initiative("6", "道路台帳", kind="operate")
    again = Answer(**{**SAID, "result": "適正に\n管理した。"})
    assert codes(form, again, last="適正に管理した。") == ["same_text"]
    assert codes(form, again, last="適正に管理し、点検した。") == []


def test_final_figures_are_asked_whether_they_are_final() -> None:
    form = with_figures(told("81件", YEAR, status="provisional"), OWN_GOAL)
    assert codes(form, answered("84件", "preliminary"), "final") == ["not_final"]
    assert codes(form, answered("84件", "final"), "final") == []


def test_an_answer_holds_for_the_facts_that_were_asked_about() -> None:
    form = with_figures(WAS, GOAL)
    (asked,) = checks.questions(form, answered("570件"), year=YEAR, phase="provisional")
    given = frozenset({(asked.code, asked.about, asked.mark)})
    assert checks.unanswered([asked], given) == []
    (other,) = checks.questions(form, answered("580件"), year=YEAR, phase="provisional")
    assert checks.unanswered([other], given) == [other]


@pytest.mark.parametrize(
    ("more", "lacking"),
    [
        ({}, 0),
        ({"result": " "}, 1),
        ({"progress": ""}, 1),
        ({"meaning": "stopped"}, 1),
        ({"meaning": "stopped", "progress_reason": "部品が届かない"}, 0),
        ({"next_action": ""}, 1),
        ({"next_action": "abolish"}, 1),
        ({"next_action": "merge", "next_reason": "重なるため"}, 1),
    ],
)
def test_what_has_to_be_filled_in(more: dict[str, str], lacking: int) -> None:
    form = with_figures(WAS)
    assert len(checks.missing(form, Answer(**{**SAID, **more}), "provisional")) == lacking


def test_an_initiative_in_operation_has_a_shorter_form() -> None:
    running = initiative("6", "道路台帳", kind="operate")
    assert checks.shape_of(running, "provisional") == "operate"
    assert checks.missing(running, Answer(result="管理した。", next_action="continue"), "provisional") == []
    assert checks.shape_of(initiative("1", "研究", kind="advance"), "provisional") == "plain"
    assert checks.missing(with_figures(WAS), Answer(), "final") == []


def test_what_was_decided_enters_as_a_revision_with_its_reason() -> None:
    form = with_figures(told("81件", YEAR, status="provisional"), progress=None)
    final = flow.value_of("指標", YEAR, "84件", "final", "2026-05-31")
    after, entered = flow.entered(
        form, flow.Decided({0: final}), year=YEAR, reason="確定値の照会", by="雛形", on="2026-06-01"
    )
    assert [one["raw"] for one in after["indicators"][0]["values"]] == ["81件", "84件"]
    assert (
        after["indicators"][0]["values"][1]
        | {"revision": 1, "reason": "確定値の照会", "status": "final", "number": "84"}
        == after["indicators"][0]["values"][1]
    )
    assert [(one.before, one.after) for one in entered] == [("81件（見込）", "84件（確定）")]
    assert form["indicators"][0]["values"][0]["raw"] == "81件"
    assert len(form["indicators"][0]["values"]) == 1
    again, nothing = flow.entered(
        after, flow.Decided({0: final}), year=YEAR, reason="x", by="x", on="2026-06-02"
    )
    assert (again, nothing) == (after, [])


def test_a_denominator_is_asked_about_as_people_write_it() -> None:
    now = {**told("97%", YEAR), "denominator": "2600.000000"}
    form = with_figures(told("96% (105/109)", 2024))
    asked = checks.questions(
        form, answered("97%", actuals={0: now}), year=YEAR, phase="provisional", last_result=""
    )
    assert ["109から2,600に" in one.text for one in asked if one.code == "denominator"] == [True]
