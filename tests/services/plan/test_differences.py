"""What differs: fields are found by what they are, editions are compared by which row continues which."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.services.plan.forms import Form, indicator, initiative, value
from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.services.plan.comparing import changed
from yakuba.services.plan.differences import SORTS, State, between, counts
from yakuba.services.plan.rows import public_form


def form(number: str = "1", title: str = "電子申請の拡大", **more: object) -> Form:
    return public_form(initiative(number, title, kind=more.pop("kind", "advance"), **more))  # type: ignore[arg-type]


def told(before: Form, after: Form) -> list[tuple[str, str, str, str]]:
    return [(one.sort, one.label, one.before, one.after) for one in changed(before, after)]


def test_nothing_differs_from_itself() -> None:
    one = form(
        stages={"2026": "運用"}, texts={"purpose": "目的"}, indicators=[indicator("件数", [value("3")])]
    )
    assert changed(one, one) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"title": "普及"}, {"title": "拡大"}, [("title", "取組名", "普及", "拡大")]),
        ({"number": "1"}, {"number": "2"}, [("renumbered", "番号", "1", "2")]),
        (
            {"progress": "順調", "progress_meaning": "on_track"},
            {"progress": "停滞", "progress_meaning": "stopped"},
            [("progress", "進捗状況", "順調", "停滞")],
        ),
        (
            {"progress": "順調", "progress_meaning": None},
            {"progress": "順調", "progress_meaning": "on_track"},
            [("progress", "進捗の意味", "", "順調")],
        ),
        (
            {"offices": [{"name": "総務課", "role": "lead", "doubtful": False}]},
            {"offices": [{"name": "市民課", "role": "lead", "doubtful": False}]},
            [("office", "担当（主管）", "総務課", "市民課")],
        ),
        ({"stages": {"2026": "検討"}}, {"stages": {"2026": "運用"}}, [("stage", "令和8年度", "検討", "運用")]),
        ({"texts": {"purpose": "甲"}}, {"texts": {"purpose": "乙"}}, [("text", "目的", "甲", "乙")]),
        ({}, {"flags": ["new"]}, [("mark", "印", "", "新規")]),
        ({"tags": {"SDGs": ["9"]}}, {"tags": {"SDGs": ["9", "11"]}}, [("mark", "SDGs", "9", "9、11")]),
        (
            {"placements": [{"path": ["1", "1-1"], "primary": True}]},
            {"placements": [{"path": ["2"], "primary": True}, {"path": ["1"], "primary": False}]},
            [("place", "位置", "1 ＞ 1-1", "2"), ("place", "再掲の位置", "", "1")],
        ),
        (
            {"items": [{"number": "①", "text": "見直し", "offices": []}]},
            {"items": [{"number": "①", "text": "見直し", "offices": ["総務課"]}]},
            [("item", "主な取組①", "見直し", "見直し、総務課")],
        ),
    ],
)  # fmt: skip
def test_a_field_that_differs(before: Form, after: Form, expected: list[tuple[str, str, str, str]]) -> None:
    assert told(form(**before), form(**after)) == expected


def test_a_value_that_came_in_before_another_changes_nothing_but_itself() -> None:
    before = form(indicators=[indicator("件数", [value("57手続", 2024), value("110手続", 2026, "target")])])
    after = form(
        indicators=[
            indicator("参加者", [value("5人", 2024)]),
            indicator(
                "件数", [value("57手続", 2024), value("81手続", 2025), value("110手続", 2026, "target")]
            ),
        ]
    )
    assert told(before, after) == [
        ("indicator", "指標名", "", "参加者"),
        ("actual", "参加者：令和6年度 実績値", "", "5人"),
        ("actual", "件数：令和7年度 実績値", "", "81手続"),
    ]


def test_a_revision_is_told_as_one_change_of_the_value() -> None:
    was = value("81手続", 2025, number="81")
    before = form(indicators=[indicator("件数", [was])])
    after = form(
        indicators=[indicator("件数", [was, value("84手続", 2025, number="84", revision=1, reason="確定")])]
    )
    assert told(before, after) == [("actual", "件数：令和7年度 実績値", "81手続", "84手続")]


def test_a_print_that_is_read_otherwise_says_how() -> None:
    before = form(indicators=[indicator("件数", [value("約150件", 2024)])])
    after = form(indicators=[indicator("件数", [value("約150件", 2024, number="150", approximate=True)])])
    assert told(before, after) == [
        ("actual", "件数：令和6年度 実績値", "約150件（値なし）", "約150件（約150）")
    ]


def test_an_indicator_keeps_its_values_when_its_name_changes() -> None:
    before = form(indicators=[indicator("件数", [value("3件", 2024)], unit="件", direction="increase")])
    after = form(indicators=[indicator("申請の件数", [value("3件", 2024)], unit="件", direction="decrease")])
    assert told(before, after) == [
        ("indicator", "指標名", "件数", "申請の件数"),
        ("indicator", "申請の件数：望ましい向き", "増やす", "減らす"),
    ]


def state(*forms: Form) -> State:
    return State({}, {UUID(int=hash(one["number"] + one["title"]) % 2**64): one for one in forms})


def lines(before: State, after: State) -> list[tuple[str, str, str, str]]:
    return [
        (line.sort, line.form["title"], line.change.before, line.change.after)
        for line in between(before, after, FiscalYear(2026))
    ]


def test_two_editions() -> None:
    before = state(
        form("1", "電子申請の普及", year=2025, progress="順調", progress_meaning="on_track"),
        form("9", "SNS運用", year=2025),
        form("8", "公式LINE", year=2025),
        form("14", "標準化", year=2025),
        form("16", "税証明", year=2025, progress="終了", progress_meaning="ended"),
        form("17", "ごみ分別アプリ", year=2025, flags=["abolished"]),
        form("18", "消えた取組", year=2025),
    )
    after = state(
        form("1", "電子申請の拡大", year=2026, progress="停滞", progress_meaning="stopped"),
        form("7", "公式LINE", year=2026, lineage=[
            {"event": "merged", "year": 2026, "from": {"year": 2025, "kind": "advance", "number": "9"}}]),
        form("3", "標準化", kind="operate", year=2026),
        form("20", "新しい監査", year=2026),
    )  # fmt: skip
    assert lines(before, after) == [
        ("title", "電子申請の拡大", "電子申請の普及", "電子申請の拡大"),
        ("progress", "電子申請の拡大", "順調", "停滞"),
        ("merged", "SNS運用", "推進 9 SNS運用", "推進 7 公式LINE"),
        ("renumbered", "公式LINE", "8", "7"),
        ("moved", "標準化", "推進 14", "運用 3"),
        ("new", "新しい監査", "", "推進 20 新しい監査"),
        ("ended", "税証明", "推進 16 税証明", ""),
        ("abolished", "ごみ分別アプリ", "推進 17 ごみ分別アプリ", ""),
        ("gone", "消えた取組", "推進 18 消えた取組", ""),
    ]
    assert counts(between(before, after, FiscalYear(2026))) == {
        "new": 1, "merged": 1, "ended": 1, "abolished": 1, "gone": 1, "moved": 1, "renumbered": 1,
        "title": 1, "progress": 1,
    }  # fmt: skip


def test_years_gone_by_that_are_no_longer_printed_are_no_change() -> None:
    before = form(
        indicators=[indicator("件数", [value("1", 2023), value("2", 2024), value("9", 2025, "target")])]
    )
    after = form(
        indicators=[indicator("件数", [value("2", 2024), value("4", 2025), value("11", 2027, "target")])]
    )
    found = lines(state(before), state(after))
    assert found == [("actual", "電子申請の拡大", "", "4"), ("target", "電子申請の拡大", "", "11")]


def test_every_sort_has_a_name() -> None:
    found = form(
        texts={"purpose": "甲"}, stages={"2026": "運用"}, items=[{"number": None, "text": "甲", "offices": []}],
        tags={"SDGs": ["1"]}, flags=["new"], placements=[{"path": ["1"], "primary": True}], progress="順調",
        indicators=[indicator("件数", [value("1"), value("2", 2026, "target")])],
        offices=[{"name": "甲課", "role": "related", "doubtful": False}],
    )  # fmt: skip
    sorts = {change.sort for change in changed(form("2", "別の題名", kind="operate"), found)}
    assert sorts <= set(SORTS)
    assert all(change.label for change in changed(form("2", "別の題名", kind="operate"), found))
