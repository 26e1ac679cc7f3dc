"""Parts of fact sheets that stand apart or say something else than they seem to: sums under years, values, heads, offices."""

from __future__ import annotations

import pytest

from tests.services.plan.reading.test_sheets import only, paper
from yakuba.services.plan.reading.blocks import Block, Paper
from yakuba.services.plan.reading.sheet_words import head_of, label_of, offices_in
from yakuba.services.plan.reading.sheets import recognise

FRONT = (
    ("取組番号", "1-1", "取組名", "窓口の予約"),
    ("担当課", "市民課", "", ""),
    ("現状と課題", "待ち時間が長い。", "", ""),
    ("スケジュール", "R6", "R7", "R8"),
    ("", "設計", "構築", "運用"),
)


@pytest.mark.parametrize("label", ["概算事業費（千円）", "予算額", "決算額（千円）", "人件費"])
def test_sums_under_the_years_of_a_schedule_are_no_stages(label: str):
    found = recognise(paper(*FRONT, (label, "1000", "2500", "800")), ())
    one = only(found)
    assert one.stages == {"2024": "設計", "2025": "構築", "2026": "運用"}
    assert [(left.line, left.text) for left in found.unplaced] == [
        (6, f"{label} 2024年度：1000、2025年度：2500、2026年度：800")
    ]


def test_stages_go_on_below_the_sums():
    rows = (
        *FRONT[:4],
        ("①画面", "設計", "構築", "運用"),
        ("事業費", "10", "", "30"),
        ("②広報", "", "案内", "案内"),
    )
    found = recognise(paper(*rows), ())
    assert only(found).stages == {
        "2024": "①画面：設計",
        "2025": "①画面：構築\n②広報：案内",
        "2026": "①画面：運用\n②広報：案内",
    }
    assert [left.text for left in found.unplaced] == ["事業費 2024年度：10、2026年度：30"]


def test_results_under_years_are_no_stages():
    found = recognise(paper(*FRONT, ("実績", "済", "済", "")), ())
    assert only(found).stages == {"2024": "設計", "2025": "構築", "2026": "運用"}
    assert [left.text for left in found.unplaced] == ["実績 2024年度：済、2025年度：済"]


def tables(*rows: tuple[int, tuple[str, ...]]) -> Paper:
    """Rows with the number of their table; 0 is a line of text."""
    return Paper(
        "mihon.pdf", "pdf", tuple(Block(line, row, "1", table) for line, (table, row) in enumerate(rows, 1))
    )


def test_a_table_of_values_below_a_sheet_is_no_schedule():
    found = recognise(
        tables(
            (0, ("取組1　窓口の予約",)),
            (1, ("担当", "市民課")),
            (1, ("目的", "来庁を減らす。")),
            (1, ("取組内容", "予約を始める。")),
            (0, ("【KPI】",)),
            (2, ("指標", "2023実績", "2024", "2025")),
            (2, ("予約の件数", "10件", "50件", "90件")),
            (2, ("満足度", "－", "70%", "80%")),
            (0, ("【工程】",)),
            (3, ("", "2024", "2025")),
            (3, ("実施", "準備", "運用")),
        ),
        (),
    )
    one = only(found)
    assert one.stages == {"2024": "準備", "2025": "運用"}
    assert [
        (each.name, [(value.kind, value.year, value.raw) for value in each.values]) for each in one.indicators
    ] == [
        ("予約の件数", [("actual", 2023, "10件"), ("target", 2024, "50件"), ("target", 2025, "90件")]),
        ("満足度", [("actual", 2023, "－"), ("target", 2024, "70%"), ("target", 2025, "80%")]),
    ]
    assert [left.text for left in found.unplaced] == ["実施"]


def measure(mark: str, title: str, *rows: tuple[str, ...]) -> list[tuple[str, ...]]:
    """A sheet of labelled rows below a heading with a level's word."""
    return [
        ("",),
        (f"施策{mark}　{title}",),
        ("担当課", "総務課"),
        ("内容", "手続を増やす。"),
        ("課題", "人手が足りない。"),
        *rows,
    ]


def test_sheets_headed_by_measures_of_every_form_of_number():
    rows = [*measure("Ⅰ-1-(1)", "窓口の予約"), *measure("Ⅰ-1-(2)", "地図の公開")]
    found = recognise(paper(*rows), ())
    assert [(one.initiative.number, one.initiative.title) for one in found.mentions] == [
        ("Ⅰ-1-(1)", "窓口の予約"),
        ("Ⅰ-1-(2)", "地図の公開"),
    ]
    assert found.nodes == []


def test_a_measures_own_table_among_those_of_its_initiatives_is_no_initiative():
    rows = [
        *measure("1", "便利な窓口"),
        ("",),
        ("取組1　窓口の予約",),
        *measure("", "")[2:],
        ("",),
        ("取組2　地図の公開",),
        *measure("", "")[2:],
    ]
    found = recognise(paper(*rows), ())
    assert [one.initiative.title for one in found.mentions] == ["窓口の予約", "地図の公開"]


def test_a_row_under_a_word_of_nobodys_vocabulary_ends_no_sheet():
    rows = [
        *measure("1-1", "窓口の予約", ("連れ立つ先", "県"), ("SDGs", "9、11")),
        *measure("1-2", "地図の公開", ("連れ立つ先", "民間")),
    ]
    found = recognise(paper(*rows), ())
    assert [one.initiative.tags for one in found.mentions] == [{"SDGs": ("9", "11")}, {}]
    assert [left.text for left in found.unplaced] == ["連れ立つ先 県", "連れ立つ先 民間"]


@pytest.mark.parametrize(
    ("text", "number", "title"),
    [
        ("施策Ⅰ-1-(1)　窓口の予約", "Ⅰ-1-(1)", "窓口の予約"),
        ("Ⅱ－３　窓口の予約", "Ⅱ-3", "窓口の予約"),
        ("A-1 窓口の予約", "A-1", "窓口の予約"),
        ("総-01　窓口の予約", "総-01", "窓口の予約"),
        ("1-(2)　窓口の予約", "1-(2)", "窓口の予約"),
        ("K-1大会の開催", "", "K-1大会の開催"),
        ("第-1 回", "", "第-1 回"),
        ("公共-1 施設", "", "公共-1 施設"),
    ],
)
def test_numbers_with_letters(text: str, number: str, title: str):
    head = head_of(text)
    assert (head.number, head.title) == (number, title)


def test_what_a_bracket_says_of_offices_is_about_those_it_holds():
    label = label_of("所管課")
    assert label is not None
    assert [(one.name, one.role, one.odd) for one in offices_in("情報課（関係課：全庁）", label)] == [
        ("情報課", "lead", False),
        ("全庁", "group", False),
    ]
    assert [(one.name, one.role) for one in offices_in("市民課（関係課：福祉課、税務課）", label)] == [
        ("市民課", "lead"),
        ("福祉課", "related"),
        ("税務課", "related"),
    ]


def test_a_second_cell_under_a_label_that_has_its_own_is_kept():
    rows = (*FRONT[:3], ("進捗状況", "A"), ("取組内容", "始める。"), ("評価", "B"))
    found = recognise(paper(*rows), ())
    assert only(found).progress == "A"
    assert [left.text for left in found.unplaced] == ["評価 B"]
