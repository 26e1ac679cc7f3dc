"""Tables of initiatives without indicators, of several kinds and years, with heads of several lines: invented ones."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.services.plan.reading.samples import tsv
from yakuba.services.plan.reading import Reading, Unreadable, wide
from yakuba.services.plan.reading.blocks import Block, Paper
from yakuba.services.plan.reading.containers import open_paper
from yakuba.services.plan.reading.reader import read_documents
from yakuba.services.plan.reading.scopes import said_in, scopes_of

COVER = "みほん市デジタル計画\n計画期間 令和6年度～令和8年度\n\n"


def read(text: str) -> tuple[Reading, ...]:
    return read_documents(text.encode(), "mihon.txt")


def sheet(*lines: tuple[str | int | None, ...], merged: tuple[str, ...] = ()) -> Reading:
    """The reading of a workbook with a title, a blank line, and these rows from the third line on."""
    book = Workbook()
    page = book.worksheets[0]
    for line in (("みほん市デジタル計画（令和6年度～令和8年度）",), (), *lines):
        page.append(line)
    for area in merged:
        page.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return read_documents(out.getvalue(), "mihon.xlsx")[0]


def rows(reading: Reading) -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (one.number, one.title, tuple(office.name for office in one.offices)) for one in reading.initiatives
    ]


def test_a_table_without_indicators_has_stages_and_merged_levels():
    (reading,) = read(
        COVER
        + tsv(
            ("基本施策", "番号", "取組名", "担当課", "取組内容", "令和6年度", "令和7年度", "令和8年度"),
            ("便利な窓口", "1", "電子申請の拡大", "総務課", "申請を増やします。", "設計", "構築", "運用"),
            ("", "2", "窓口の予約", "市民課、税務課", "予約できるようにします。", "検討", "実施", "実施"),
            ("強い仕組み", "3", "職員の研修", "総務課", "毎年研修を行います。", "実施", "実施", "実施"),
        )
    )
    assert rows(reading) == [
        ("1", "電子申請の拡大", ("総務課",)),
        ("2", "窓口の予約", ("市民課", "税務課")),
        ("3", "職員の研修", ("総務課",)),
    ]
    assert reading.initiatives[0].stages == {
        "2024": "設計",
        "2025": "構築",
        "2026": "運用",
    }
    assert [one.placements[0].path for one in reading.initiatives] == [
        ("便利な窓口",),
        ("便利な窓口",),
        ("強い仕組み",),
    ]
    assert not any(one.indicators for one in reading.initiatives)


def test_of_two_titles_the_inner_one_is_the_initiative():
    (reading,) = read(
        COVER
        + tsv(
            ("No.", "施策名", "事業名", "事業内容", "現状と課題", "担当部署"),
            ("1", "窓口", "電子申請の拡大", "手続を増やす。", "手続が少ない。", "総務課"),
            ("2", "窓口", "窓口の予約", "予約を始める。", "待ち時間が長い。", "市民課"),
        )
    )
    assert [one.title for one in reading.initiatives] == ["電子申請の拡大", "窓口の予約"]
    assert [one.placements[0].path for one in reading.initiatives] == [("窓口",), ("窓口",)]
    assert reading.initiatives[0].texts == {"approach": "手続を増やす。", "issue": "手続が少ない。"}


THREE_LINES = tsv(
    ("基本目標", "取組", "", "", "令和6年度の取組", "", "評価"),
    ("", "番号", "取組名", "担当課", "計画", "結果", ""),
    ("ア", "1", "電子申請の拡大", "総務課", "申請を増やす。", "10手続を増やした。", "順調"),
    ("ア", "2", "窓口の予約", "市民課", "予約を始める。", "予約を始めた。", "遅れ"),
    ("イ", "3", "職員の研修", "総務課", "研修を行う。", "4回の研修を行った。", "順調"),
)


def test_a_head_of_groups_and_names_and_codes_for_levels():
    (reading,) = read(COVER + "取組結果（令和6年度）\n" + THREE_LINES)
    assert [one.progress for one in reading.initiatives] == ["順調", "遅れ", "順調"]
    assert reading.initiatives[0].texts == {"approach": "申請を増やす。", "result": "10手続を増やした。"}
    assert [one.placements[0].path for one in reading.initiatives] == [("ア",), ("ア",), ("イ",)]
    assert {node.path for node in reading.nodes} == {("ア",), ("イ",)}
    assert reading.unplaced == ()


TWO_KINDS = (
    COVER
    + "運用取組 取組結果（令和6年度）\n"
    + tsv(
        ("No", "取組名", "担当課", "取組の目的", "取組結果", "進捗状況"),
        ("1", "台帳の管理", "総務課", "便利にする。", "10手続を増やした。", "順調"),
        ("2", "窓口の予約", "市民課", "待ち時間を短くする。", "予約を始めた。", "ほぼ順調"),
    )
    + "\n推進取組 取組計画（令和7～8年度）\n"
    + tsv(
        ("No", "取組名", "担当課", "指標", "現状値(R070301)", "目標値(R080331)", "令和7年度", "令和8年度"),
        ("1", "電子申請の拡大", "総務課", "手続の数", "10件", "50件", "手続を増やす。", "見直す。"),
        ("2", "地図の公開", "建設課", "地図の数", "3枚", "8枚", "地図を作る。", "公開する。"),
    )
)


def test_each_part_of_an_indicator_may_have_a_row_of_its_own():
    found = wide.recognise(
        open_paper(
            (
                COVER
                + tsv(
                    ("番号", "取組名", "担当課", "指標", "令和6年度実績値", "令和7年度目標値"),
                    ("1", "電子申請の拡大", "総務課", "①手続の数", "10件", "50件"),
                    ("", "", "", "②申請の割合", "14%", "20%"),
                    ("2", "窓口の予約", "市民課", "予約の割合", "5%", "30%"),
                )
            ).encode(),
            "x.txt",
        ),
        (),
    )
    first, second = (one.initiative for one in found.mentions)
    assert [(one.number, one.name, [value.number for value in one.values]) for one in first.indicators] == [
        ("①", "手続の数", ["10", "50"]),
        ("②", "申請の割合", ["14", "20"]),
    ]
    assert [one.number for one in second.indicators] == [None]
    assert first.doubts == ()


def test_results_stand_for_their_year_and_plans_for_the_plans():
    found = wide.recognise(open_paper(TWO_KINDS.encode(), "mihon.txt"), ())
    assert [
        (one.scope.year, one.scope.kind, one.scope.result, one.initiative.number) for one in found.mentions
    ] == [
        (2024, "operate", True, "1"),
        (2024, "operate", True, "2"),
        (None, "advance", False, "1"),
        (None, "advance", False, "2"),
    ]
    assert len({one.rule for one in found.mentions}) == 2
    values = found.mentions[2].initiative.indicators[0].values
    assert [(one.kind, one.year, one.as_of, one.number) for one in values] == [
        ("baseline", 2024, "2025-03-01", "10"),
        ("target", 2025, "2026-03-31", "50"),
    ]
    assert found.mentions[2].initiative.stages == {"2025": "手続を増やす。", "2026": "見直す。"}
    assert found.years.spans == [(2025, 2026)]


def test_a_result_in_the_plans_column_is_told_by_its_tense():
    table = tsv(
        ("No", "取組名", "担当課", "取組の目的", "取組計画", "取組結果"),
        ("1", "台帳の管理", "総務課", "正しく保つ。", "台帳を直す。", "台帳を直した。"),
        ("2", "窓口の予約", "市民課", "待ち時間を短くする。", "予約を始めた。", ""),
    )
    found = wide.recognise(open_paper((COVER + "取組結果（令和6年度）\n" + table).encode(), "x.txt"), ())
    assert found.mentions[1].initiative.texts == {
        "purpose": "待ち時間を短くする。",
        "result": "予約を始めた。",
    }


def test_a_row_that_lost_its_office_keeps_its_figures():
    table = TWO_KINDS.replace("地図の公開\t建設課", "地図の公開 ・地図を見やすくする。")
    found = wide.recognise(open_paper(table.encode(), "x.txt"), ())
    row = found.mentions[3].initiative
    assert (row.number, row.offices) == ("2", ())
    assert [value.raw for value in row.indicators[0].values] == ["3枚", "8枚"]


def test_rows_of_years_alone_are_no_initiatives():
    text = (
        COVER
        + "推進取組 取組計画（令和7～8年度）\n"
        + TWO_KINDS.rpartition("推進取組 取組計画（令和7～8年度）\n")[2]
    )
    orphan = "\n推進取組 取組計画（令和7～8年度）\n" + tsv(
        ("令和7～8年度 取組予定", "", ""),
        ("令和7年度", "令和8年度", ""),
        ("ア", "機器を更新する。", "機器を管理する。"),
    )
    (reading,) = read(text + orphan)
    assert len(reading.initiatives) == 2
    assert [item.text for item in reading.unplaced] == ["ア", "機器を更新する。", "機器を管理する。"]


@pytest.mark.parametrize(
    ("text", "kind", "year", "result", "span"),
    [
        ("① みほん市情報化推進実施計画 推進取組", "advance", None, None, None),
        ("【取組中・取組結果】（令和5年度）", None, 2023, True, None),
        ("【取組計画・取組予定】（令和6～9年度）", None, None, False, (2024, 2027)),
        ("運用取組 (令和6～9年度)", "operate", None, None, (2024, 2027)),
        ("みほん市情報化推進実施計画", None, None, None, None),
        ("推進取組と運用取組", None, None, None, None),
        ("令和5年度から令和6年度への移行", None, None, None, (2023, 2024)),
    ],
)
def test_what_a_title_says(
    text: str, kind: str | None, year: int | None, result: bool | None, span: tuple[int, int] | None
):
    said = said_in(text)
    assert (said.kind, said.year, said.result, said.span) == (kind, year, result, span)


def test_prose_and_notes_say_nothing_and_a_chapter_begins_anew():
    lines = (
        "運用取組 取組結果（令和5年度）",
        "推進取組は26あります。",
        "※令和4年度は推進取組でした",
        "6 個別取組の取組計画",
    )
    scopes = scopes_of([Block(at, (line,)) for at, line in enumerate(lines, 1)])
    assert [(one.kind, one.year, one.result) for one in scopes] == [
        ("operate", 2023, True),
        ("operate", 2023, True),
        ("operate", 2023, True),
        (None, None, False),
    ]


HEADS = (
    ("基本目標", "新規", "取組No", "取組名", "担当部署", "取組の目的", "取組計画", "取組結果", "進捗状況"),
    ("番号", "取組名", "担当課", "指標", "現状値(R060301)", "目標値(R070331)", "令和7年度"),
    ("取組名", "担当課", "概要", "令和6年度", "令和7年度"),
)
CELLS = st.one_of(
    st.sampled_from(
        (
            "",
            "ア",
            "(ア)",
            "ア イ",
            "1",
            "2-1",
            "総務課",
            "順調",
            "10件",
            "①実施 ②検討",
            "申請を増やす。",
            "新規",
            "-",
        )
    ),
    st.text(max_size=12).map(lambda text: text.replace("\t", "").replace("\n", "").replace("\r", "")),
)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(
    head=st.sampled_from(HEADS),
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=14), max_size=8),
)
def test_any_blocks_below_a_head_are_read_or_left(head: tuple[str, ...], rows: list[list[str]]):
    blocks = [
        Block(at, tuple(cell.strip() for cell in cells), table=1) for at, cells in enumerate([head, *rows], 1)
    ]
    paper = Paper("x", "text", tuple(blocks))
    try:
        found = wide.recognise(paper, ())
    except Unreadable:
        return
    lines = [one.initiative.source.line for one in found.mentions if one.initiative.source]
    assert len(set(lines)) == len(lines) <= len(rows)
    for one in found.mentions:
        assert one.initiative.number or one.initiative.title
        for source in one.initiative.sources.values():
            assert source.cell is None or blocks[source.line - 1].cells[source.cell - 1]


@pytest.mark.parametrize(
    "cells",
    [
        lambda at: tuple(f"取組{at}" for _ in range(100)),
        lambda at: ("番号", "取組名", "担当課", *(f"{at}{place}年度" for place in range(100))),
        lambda at: ("番号", "取組名", "担当課", "取組内容", "取組結果"),
    ],
    ids=["names", "years", "heads"],
)
def test_papers_that_are_all_heads_end_soon(cells: Callable[[int], tuple[str, ...]]):
    blocks = tuple(Block(at, cells(at), table=1) for at in range(1, 4_000))
    with suppress(Unreadable):
        assert wide.recognise(Paper("x", "text", blocks), ()).mentions == []


def test_a_wide_table_of_noise_ends_soon():
    head = ("番号", "取組名", "担当課", "取組内容", *(f"令和{year}年度" for year in range(1, 25)))
    noise = ("実施", "10件", "申請を増やす。", "総務課", "順調", "①1件 ②2件", "")
    blocks = [Block(1, head, table=1)]
    for at in range(2, 150):
        cells = (str(at), *(f"{noise[(at * place) % 7]}{at % 3 or ''}" for place in range(1, 34)))
        blocks.append(Block(at, cells, table=1))
    found = wide.recognise(Paper("x", "text", tuple(blocks)), ())
    assert len(found.mentions) <= len(blocks)


@pytest.mark.parametrize(
    "numbers",
    [
        ("総-01", "総-02", "税-01"),
        ("A-1", "A-2", "B-1"),
        ("Ⅰ-1", "Ⅰ-2", "Ⅱ-1"),
        ("施策Ⅰ-1-(1)", "施策Ⅰ-1-(2)", "施策Ⅷ-1-(1)"),
        ("ア-1", "ア-2", "イ-1"),
        ("窓口その一", "窓口その二", "税その一"),
    ],
)
def test_a_sheets_cells_belong_to_their_heads_whatever_the_numbers(numbers: tuple[str, str, str]):
    reading = sheet(
        ("担当課", "整理番号", "取組名", "内容", "R6", "R7", "R8"),
        ("総務課", numbers[0], "文書の電子化", "紙を減らす", "検討", "実施", "→"),
        ("総務課", numbers[1], "機器の統合", "5台を2台にまとめる", "設計", "構築", "→"),
        ("税務課", numbers[2], "電子納付", "3税目で始める", "整備", "→", "廃止"),
    )
    assert rows(reading) == [
        (numbers[0], "文書の電子化", ("総務課",)),
        (numbers[1], "機器の統合", ("総務課",)),
        (numbers[2], "電子納付", ("税務課",)),
    ]
    assert [one.texts["approach"] for one in reading.initiatives] == [
        "紙を減らす",
        "5台を2台にまとめる",
        "3税目で始める",
    ]
    assert reading.initiatives[1].stages == {"2024": "設計", "2025": "構築", "2026": "→"}
    doubted = {doubt.field for one in reading.initiatives for doubt in one.doubts}
    assert doubted == ({"number"} if "その" in numbers[0] else set())


def test_rows_below_a_merged_office_are_initiatives_with_or_without_a_number():
    reading = sheet(
        ("担当課", "番号", "取組名", "内容", "R6", "R7", "R8"),
        ("総務課", "施策Ⅰ-1", "文書の電子化", "紙を減らす", "検討", "実施", "→"),
        (None, "施策Ⅰ-2", "機器の統合", "5台を2台にまとめる", "設計", "構築", "→"),
        (None, None, "通信の見直し", "費用を減らす", "検討", "検討", "実施"),
        ("税務課", "施策Ⅱ-1", "電子納付", "3税目で始める", "整備", "→", "廃止"),
        (None, None, "合計", "4件", None, None, "4"),
        merged=("A4:A6",),
    )
    assert rows(reading) == [
        ("施策Ⅰ-1", "文書の電子化", ("総務課",)),
        ("施策Ⅰ-2", "機器の統合", ("総務課",)),
        ("", "通信の見直し", ("総務課",)),
        ("施策Ⅱ-1", "電子納付", ("税務課",)),
    ]
    assert any("合計" in one.text for one in reading.unplaced)


PLANNED = ("総務課", 1, "電子決裁", "電子決裁の率", "計画", "30%", "45%", "60%")
DONE = (None, None, None, None, "実績", "28.4%", "47.0%", None)


@pytest.mark.parametrize("order", [(PLANNED, DONE), ((*PLANNED[:4], *DONE[4:]), (*DONE[:4], *PLANNED[4:]))])
def test_lines_of_plan_and_result_are_one_initiative(order: tuple[tuple[str | int | None, ...], ...]):
    reading = sheet(
        ("担当課", "番号", "取組名", "目標指標", "区分", "令和6年度", "令和7年度", "令和8年度"),
        *order,
        ("税務課", 2, "電子納付", "納付の率", "計画", "20%", "25%", "30%"),
        (None, None, None, None, "実績", "21.1%", "26.3%", None),
        merged=("A4:A5", "B4:B5", "C4:C5", "D4:D5", "A6:A7", "B6:B7", "C6:C7", "D6:D7"),
    )
    assert rows(reading) == [("1", "電子決裁", ("総務課",)), ("2", "電子納付", ("税務課",))]
    assert reading.levels == ()
    one = reading.initiatives[0]
    assert [(value.kind, value.year, value.number) for value in one.indicators[0].values] == [
        ("target", 2024, "30"),
        ("target", 2025, "45"),
        ("target", 2026, "60"),
        ("actual", 2024, "28.4"),
        ("actual", 2025, "47"),
    ]
    # Each value is shown where it is printed.
    plan, done = (4, 5) if order[0] is PLANNED else (5, 4)
    lines = [one.sources[f"indicators[0].values[{at}].raw"] for at in range(5)]
    assert [(source.line, source.cell) for source in lines] == [
        *((plan, cell) for cell in (6, 7, 8)),
        *((done, cell) for cell in (6, 7)),
    ]
    assert not any(each.doubts for each in reading.initiatives)
    assert not reading.unplaced


def test_lines_of_plan_and_result_in_words_are_stages_and_a_result():
    reading = sheet(
        ("担当課", "番号", "取組名", "内容", "区分", "令和6年度", "令和7年度", "令和8年度"),
        ("総務課", 1, "電子決裁", "紙を減らす。", "計画", "検討", "試行", "実施"),
        (None, None, None, "予算なし", "実績", "検討した。", "試行した。", None),
        ("税務課", 2, "電子納付", "納める方法を増やす。", "計画", "検討", "実施", "実施"),
        (None, None, None, None, "実績", "検討した。", None, None),
    )
    assert rows(reading) == [("1", "電子決裁", ("総務課",)), ("2", "電子納付", ("税務課",))]
    assert [one.stages["2025"] for one in reading.initiatives] == ["試行", "実施"]
    assert reading.initiatives[0].texts["result"] == "令和6年度: 検討した。\n令和7年度: 試行した。"
    assert [(one.text, one.line) for one in reading.unplaced] == [("予算なし", 5)]


def test_the_foot_of_a_list_is_no_initiative():
    (reading,) = read(
        COVER
        + tsv(
            ("番号", "取組", "担当課", "", "番号", "取組", "担当課"),
            ("1", "電子申請", "総務課", "", "3", "道路台帳", "建設課"),
            ("2", "電子納付", "税務課", "", "4", "図書の予約", "図書館"),
            ("", "計　2件", "", "", "", "計　2件", ""),
        )
    )
    assert [one.title for one in reading.initiatives] == ["電子申請", "電子納付", "道路台帳", "図書の予約"]
    assert [one.text for one in reading.unplaced] == ["計　2件", "計　2件"]


def test_a_cell_over_several_years_is_a_stage_of_each():
    reading = sheet(
        ("番号", "取組名", "担当課", "R6", "R7", "R8", "備考"),
        (1, "電子申請", "総務課", "準備", "拡大", "→", "全手続"),
        (2, "統計の公開", "総務課", "随時公開", None, None, "毎年"),
        (3, "地図の公開", "建設課", None, "構築", "公開", None),
        (4, "電子納付", "税務課", "検討", "実施", None, None),
        merged=("D5:F5", "E7:F7"),
    )
    assert [one.stages for one in reading.initiatives] == [
        {"2024": "準備", "2025": "拡大", "2026": "→"},
        {"2024": "随時公開", "2025": "随時公開", "2026": "随時公開"},
        {"2025": "構築", "2026": "公開"},
        {"2024": "検討", "2025": "実施", "2026": "実施"},
    ]
    sources = reading.initiatives[3].sources
    assert [sources[f"stages.{year}"].cell for year in (2024, 2025, 2026)] == [4, 5, 5]


def test_a_head_of_several_years_is_a_stage_of_each():
    reading = sheet(
        ("分野", "主管課", "主な事業", "年次計画", None, None, "概要"),
        (None, None, None, "R6", "R7～R8", "令和9～10年度", None),
        ("窓口", "総務課", "電子申請", "検討", "試行", "本格運用", "手続を増やす。"),
        ("窓口", "税務課", "電子納付", "実施", "継続", None, "税目を増やす。"),
        ("庁内", "総務課", "文書の電子化", "－", "構築", "運用", "紙を減らす。"),
        merged=("A3:A4", "B3:B4", "C3:C4", "D3:F3", "G3:G4"),
    )
    assert [one.stages for one in reading.initiatives] == [
        {"2024": "検討", "2025": "試行", "2026": "試行", "2027": "本格運用", "2028": "本格運用"},
        {"2024": "実施", "2025": "継続", "2026": "継続"},
        {"2024": "－", "2025": "構築", "2026": "構築", "2027": "運用", "2028": "運用"},
    ]
    assert not reading.unplaced


@pytest.mark.parametrize("numbers", [("総-01", "総-02", "税-01"), ("窓口その一", "窓口その二", "税その一")])
def test_a_text_is_read_by_its_heads_or_in_doubt(numbers: tuple[str, str, str]):
    (reading,) = read(
        COVER
        + tsv(
            ("担当課", "整理番号", "取組名", "内容", "R6", "R7", "R8"),
            ("総務課", numbers[0], "文書の電子化", "紙を減らす", "検討", "実施", "→"),
            ("総務課", numbers[1], "機器の統合", "5台を2台にまとめる", "設計", "構築", "→"),
            ("税務課", numbers[2], "電子納付", "3税目で始める", "整備", "→", "廃止"),
        )
    )
    right = [
        ("文書の電子化", "紙を減らす"),
        ("機器の統合", "5台を2台にまとめる"),
        ("電子納付", "3税目で始める"),
    ]
    for one, expected in zip(reading.initiatives, right, strict=True):
        if (one.title, one.texts.get("approach")) != expected:
            assert "title" in {doubt.field for doubt in one.doubts if doubt.code == "shifted-row"}
    if numbers[0] == "総-01":
        assert [one.title for one in reading.initiatives] == [title for title, _ in right]
        assert not any(one.doubts for one in reading.initiatives)
