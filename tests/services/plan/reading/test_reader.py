from __future__ import annotations

import re

import pytest

from tests.services.plan.reading import samples
from tests.services.plan.reading.samples import row, tsv
from yakuba.services.plan.reading import Reading, Unreadable, dumps, from_document, read_document, to_document
from yakuba.services.plan.reading.model import Initiative, Value


def read(text: str, name: str = "plan.txt") -> Reading:
    return read_document(text.encode(), name)


def numbers(initiative: Initiative) -> list[list[str | None]]:
    return [[value.number for value in indicator.values] for indicator in initiative.indicators]


def test_two_pages_with_a_shifted_second_header_line():
    reading = read(samples.TWO_PAGES)
    assert reading.plan.title == "みほん市情報化推進計画（取組一覧）"
    assert (reading.plan.first_year, reading.plan.last_year) == (2024, 2026)
    assert reading.levels == ("区分", "施策分野")
    assert [item.number for item in reading.initiatives] == ["1", "2", "3", "4", "5"]
    assert [item.flags for item in reading.initiatives] == [(), ("new",), ("new", "completed"), (), ()]
    assert [node.path for node in reading.nodes] == [
        ("暮らしの窓口",),
        ("暮らしの窓口", "届出の電子化"),
        ("暮らしの窓口", "公共施設"),
        ("庁内の仕事",),
        ("庁内の仕事", "通信"),
        ("庁内の仕事", "人材"),
    ]
    assert reading.unplaced == ()
    assert reading.warnings == ()
    assert all(item.doubts == () for item in reading.initiatives)


def test_values_keep_what_is_printed_beside_what_was_read():
    first, _, third, fourth, fifth = read(samples.TWO_PAGES).initiatives
    assert first.indicators[0].values[1] == Value(
        "actual", 2022, "約30件", as_of="2023-03-31", number="30", approximate=True
    )
    assert numbers(first) == [["12", "30", "1045"]]
    assert [value.state for value in third.indicators[0].values] == ["未実施", "検討中", "実施"]
    assert [(item.number, item.name, item.unit) for item in fourth.indicators] == [
        ("①", "受講者数", "人"),
        ("②", "満足度", "%"),
    ]
    assert numbers(fourth) == [["10", "12", "9"], ["80", "81.5", "79"]]
    assert [(value.raw, value.number, value.state) for value in fifth.indicators[0].values] == [
        ("3回線", "3", None),
        ("数値なし", None, None),
        ("―", None, None),
    ]


def test_every_field_says_where_it_was_read():
    initiative = read(samples.TWO_PAGES, "C:\\plans\\table.txt").initiatives[1]
    assert initiative.source is not None
    assert (initiative.source.file, initiative.source.line) == ("table.txt", 8)
    assert {path: source.cell for path, source in initiative.sources.items()} == {
        "number": 1,
        "flags[0]": 1,
        "placements[0]": 3,
        "title": 4,
        "texts.approach": 5,
        "indicators[0].name": 6,
        "texts.schedule_past": 7,
        "indicators[0].values[0].raw": 8,
        "indicators[0].values[1].raw": 9,
        "indicators[0].values[2].raw": 10,
        "texts.schedule": 11,
    }
    assert {source.line for source in initiative.sources.values()} == {8}


def test_other_order_and_other_words():
    reading = read(samples.REORDERED)
    assert (reading.plan.title, reading.plan.first_year, reading.plan.last_year) == (
        "みほん市デジタル化プラン",
        2023,
        2025,
    )
    assert reading.levels == ("基本目標",)
    assert [item.number for item in reading.initiatives] == ["1-1", "1-2", "2-1", "2-2"]
    assert [item.placements[0].path for item in reading.initiatives] == [("便利な窓口",)] * 2 + [
        ("支える職員",)
    ] * 2
    assert numbers(reading.initiatives[1]) == [["3.5", "4.25"]]
    assert reading.initiatives[1].indicators[0].unit == "%"
    assert [value.year for value in reading.initiatives[0].indicators[0].values] == [2021, 2022]
    # 令和3年度 without 末 names no day.
    assert reading.initiatives[0].indicators[0].values[0].as_of is None
    assert [[office.name for office in item.offices] for item in reading.initiatives] == [
        ["市民課"],
        ["税務課", "会計課"],
        ["総務課"],
        ["関係各課"],
    ]
    assert reading.initiatives[3].offices[0].role == "group"
    assert reading.initiatives[0].texts == {
        "approach": "証明書を家から申請できるようにします。",
        "schedule": "対象の証明書を増やす。",
    }
    assert reading.unplaced == ()


def test_comma_separated_with_one_header_line():
    reading = read(samples.COMMAS, "みほん市計画.csv")
    assert (reading.plan.first_year, reading.plan.last_year) == (2024, 2025)
    assert {warning.code for warning in reading.warnings} == {"title-from-file-name", "plan-years-assumed"}
    assert reading.plan.title == "みほん市計画"
    assert reading.levels == ("施策の柱",)
    assert [(node.path, node.title) for node in reading.nodes] == [
        (("1",), "つながる町"),
        (("2",), "安全な町"),
    ]
    first = reading.initiatives[0]
    assert first.texts["purpose"] == "地図を見て、\n自分で確かめられる町にする"
    assert [(value.kind, value.year, value.number) for value in first.indicators[0].values] == [
        ("actual", 2022, "1200"),
        ("actual", 2023, "1500"),
        ("target", 2024, "1800"),
        ("target", 2025, "2000"),
    ]
    assert (first.indicators[0].unit, first.indicators[0].bound) == ("枚", "at_least")
    # The record of the first initiative takes two lines.
    assert [item.source.line for item in reading.initiatives if item.source] == [2, 4, 5, 6]
    rate = reading.initiatives[2].indicators[0].values[0]
    assert (rate.number, rate.numerator, rate.denominator) == ("38", "5700", "15000")
    assert [value.state for value in reading.initiatives[3].indicators[0].values] == ["無", "有", "有", "有"]
    assert [item.progress for item in reading.initiatives] == ["順調", "やや遅れ", "順調", "順調"]
    assert [(item.line, item.text) for item in reading.unplaced] == [(4, "備考: 県と共同")]


def test_blank_level_cells_flags_in_a_column_and_a_second_indicator_row():
    reading = read(samples.MERGED)
    assert (reading.plan.edition, reading.plan.first_year, reading.plan.last_year) == (
        "令和6年度版",
        2024,
        2027,
    )
    assert reading.levels == ("分野",)
    first, second, third = reading.initiatives
    assert [item.placements[0].path for item in (first, second, third)] == [
        ("暮らし",),
        ("暮らし",),
        ("仕事",),
    ]
    assert [(doubt.field, doubt.code) for doubt in second.doubts] == [("placements[0]", "blank-cell")]
    assert [item.flags for item in (first, second, third)] == [("new",), (), ("priority",)]
    assert [indicator.name for indicator in second.indicators] == ["登録者数", "満足度"]
    assert numbers(second) == [["450", "500", "600"], ["80", "82", "85"]]
    assert second.sources["indicators[1].name"].line == 6
    assert [(value.kind, value.year) for value in first.indicators[0].values] == [
        ("baseline", 2023),
        ("target", 2024),
        ("target", 2027),
    ]
    assert first.texts == {"approach": "窓口の時間を予約できるようにする。", "issue": "人手が足りない。"}
    assert [(item.line, item.text) for item in reading.unplaced] == [(5, "継続")]


@pytest.mark.parametrize("text", [samples.TWO_PAGES, samples.REORDERED, samples.COMMAS, samples.MERGED])
def test_a_reading_survives_its_export(text: str):
    reading = read(text)
    document = to_document(reading, "990019", "みほん市")
    assert from_document(document) == reading
    assert dumps(to_document(from_document(document), "990019", "みほん市")) == dumps(document)


def shifted(cells: tuple[str, ...], without: int) -> tuple[str, ...]:
    """The row with one cell lost and a blank at its end, as text tools leave it."""
    return (*cells[:without], *cells[without + 1 :], "")


def table(*rows: tuple[str, ...]) -> str:
    return "みほん市計画\n" + tsv(samples.HEAD, samples.SECOND_LINE_SHIFTED, *rows)


NEIGHBOURS = (
    row("1", "転入届の予約", "予約の件数", ("12件", "30件", "45件")),
    row("2", "転居届の予約", "予約の件数", ("12件", "30件", "45件")),
)


def test_a_lost_cell_is_found_by_content_and_doubted():
    whole = row("3", "庁舎の無線", "設置した箇所の数", ("-", "-", "2"), past="-")
    reading = read(table(*NEIGHBOURS, shifted(whole, 6)))
    initiative = reading.initiatives[2]
    assert [value.raw for value in initiative.indicators[0].values] == ["-", "-", "2"]
    assert initiative.texts["schedule"] == "令和8年度までに対象を広げる"
    assert "schedule_past" not in initiative.texts
    assert initiative.sources["texts.schedule"].cell == 10
    assert {source.rule for source in initiative.sources.values()} >= {"realigned"}
    doubts = {doubt.field: doubt for doubt in initiative.doubts}
    assert set(doubts) == {"indicators[0].values[1].raw", "indicators[0].values[2].raw"}
    assert doubts["indicators[0].values[2].raw"].candidates[0] == "2"
    assert "2" in doubts["indicators[0].values[1].raw"].candidates
    assert initiative.warnings


def test_a_lost_cell_that_changes_no_meaning_names_the_column_it_left_blank():
    whole = row("3", "庁舎の無線", "設置した箇所の数", ("-", "-", "-"), past="-")
    initiative = read(table(*NEIGHBOURS, shifted(whole, 6))).initiatives[2]
    assert [(doubt.field, doubt.candidates) for doubt in initiative.doubts] == [
        ("texts.schedule_past", ("", "-"))
    ]


@pytest.mark.parametrize("lost", [1, 2, 4])
def test_a_lost_cell_further_left_moves_nothing_else(lost: int):
    whole = row("3", "庁舎の無線", "設置した箇所の数", ("1か所", "2か所", "3か所"))
    initiative = read(table(*NEIGHBOURS, shifted(whole, lost))).initiatives[2]
    assert initiative.title == "庁舎の無線"
    assert initiative.indicators[0].name == "設置した箇所の数"
    assert [value.number for value in initiative.indicators[0].values] == ["1", "2", "3"]
    assert initiative.texts["schedule"] == "令和8年度までに対象を広げる"
    assert ("approach" in initiative.texts) == (lost != 4)


def test_a_cell_too_many_is_listed_or_placed_but_never_dropped():
    whole = row("3", "庁舎の無線", "設置した箇所の数", ("1か所", "2か所", "3か所"))
    reading = read(table(*NEIGHBOURS, (*whole[:5], "", *whole[5:])))
    initiative = reading.initiatives[2]
    assert initiative.indicators[0].name == "設置した箇所の数"
    assert [value.number for value in initiative.indicators[0].values] == ["1", "2", "3"]


def test_broken_words_lead_to_the_same_node():
    broken = row(
        "3",
        "庁舎の無 線の整備",
        "設置した 箇所の数",
        ("1か所", "2か所", "3か 所"),
        field="届出の 電子化",
        group="暮らし の窓口",
    )
    reading = read(table(*NEIGHBOURS, broken))
    assert [node.path for node in reading.nodes] == [("暮らしの窓口",), ("暮らしの窓口", "届出の電子化")]
    initiative = reading.initiatives[2]
    assert initiative.title == "庁舎の無線の整備"
    assert initiative.indicators[0].name == "設置した箇所の数"
    assert initiative.indicators[0].values[2].raw == "3か 所"
    assert initiative.indicators[0].unit == "か所"
    assert initiative.sources["title"].rule == "joined-spaces"
    assert any("title" in warning for warning in initiative.warnings)


def test_blanks_stay_where_nothing_shows_that_a_line_broke():
    spaced = row("3", "市民 ポータル", "件数", ("1件", "2件", "3件"))
    assert read(table(*NEIGHBOURS, spaced)).initiatives[2].title == "市民 ポータル"


def test_the_inner_level_may_stand_left_of_the_outer_one():
    head = ("NO", "施策分野", "区分", *samples.HEAD[3:])
    rows = [
        row("1", "転入届の予約", "件数", ("1件", "2件", "3件"), group="届出", field="暮らし"),
        row("2", "転居届の予約", "件数", ("1件", "2件", "3件"), group="図書", field="暮らし"),
        row("3", "文書の電子化", "件数", ("1件", "2件", "3件"), group="文書", field="仕事"),
    ]
    reading = read("みほん市計画\n" + tsv(head, samples.SECOND_LINE_SHIFTED, *rows))
    assert reading.levels == ("区分", "施策分野")
    assert reading.initiatives[0].placements[0].path == ("暮らし", "届出")


@pytest.mark.parametrize(
    "head",
    [
        ("番号", "分野", "個別施策", "目標（KPI）", "R5実績", "R6見込", "R7計画値"),
        (
            "№",
            "柱",
            "施策・事業名",
            "ＫＰＩ",
            "２０２３年度実績値",
            "令和６年度（見込）",
            "目標値（令和７年度末）",
        ),
        ("項番", "基本目標", "取組項目", "成果指標名", "実績(令和5年度)", "見込値(FY2024)", "目標(2025年度)"),
        (
            "取組番号",
            "重点分野",
            "主な取組",
            "重要業績評価指標（KPI）",
            "令和5(2023)年度実績",
            "令和6(2024)年度見込",
            "令和7(2025)年度目標",
        ),
    ],
)
def test_heads_in_other_words(head: tuple[str, ...]):
    text = "みほん市計画\n計画期間 R6～R8\n" + tsv(
        head,
        ("1", "暮らし", "窓口の予約", "予約の件数", "10件", "20件", "30件以上"),
        ("2", "仕事", "文書の電子化", "電子決裁の率", "40%", "50%", "60%以上"),
    )
    reading = read(text)
    assert (reading.plan.first_year, reading.plan.last_year) == (2024, 2026)
    assert reading.levels == (head[1],)
    assert [item.title for item in reading.initiatives] == ["窓口の予約", "文書の電子化"]
    assert [
        (value.kind, value.year, value.number, value.status)
        for value in reading.initiatives[0].indicators[0].values
    ] == [("actual", 2023, "10", None), ("actual", 2024, "20", "provisional"), ("target", 2025, "30", None)]
    assert reading.unplaced == ()


@pytest.mark.parametrize(
    "second",
    [
        ("", "", "", "", "", "これまで", "R6～R8", "R4", "R5"),
        ("", "", "", "", "", "", "これまで", "R6～R8", "R4", "R5"),
    ],
)
def test_a_second_line_may_refine_several_heads(second: tuple[str, ...]):
    head = ("NO", "区分", "取組", "方針", "KPI", "スケジュール", "", "実績値")
    text = "みほん市計画\n" + tsv(
        head, second, ("1", "窓口", "予約", "予約できるようにする。", "件数", "試す", "広げる", "1件", "2件")
    )
    initiative = read(text).initiatives[0]
    assert initiative.texts == {
        "approach": "予約できるようにする。",
        "schedule_past": "試す",
        "schedule": "広げる",
    }
    assert [(value.year, value.number) for value in initiative.indicators[0].values] == [
        (2022, "1"),
        (2023, "2"),
    ]


def test_many_blank_level_cells_are_merged_cells_and_in_no_doubt():
    rows = [
        row(str(number), f"取組{number}", "件数", ("1件", "2件", "3件"), group="", field="")
        for number in range(2, 8)
    ]
    reading = read(table(row("1", "転入届の予約", "件数", ("1件", "2件", "3件")), *rows))
    assert {item.placements[0].path for item in reading.initiatives} == {("暮らしの窓口", "届出の電子化")}
    assert all(item.doubts == () for item in reading.initiatives)
    assert {warning.code for warning in reading.warnings} == {"merged-cells"}
    assert reading.initiatives[3].sources["placements[0]"].rule == "fill-down"


def test_a_lost_title_of_the_outer_level_is_known_from_other_rows():
    lost = row("3", "庁舎の無線", "件数", ("1件", "2件", "3件"), group="", field="届出の電子化")
    before = row("2", "図書の予約", "件数", ("1件", "2件", "3件"), group="学び", field="図書館")
    reading = read(table(NEIGHBOURS[0], before, lost))
    assert reading.initiatives[2].placements[0].path == ("暮らしの窓口", "届出の電子化")
    assert [doubt.candidates for doubt in reading.initiatives[2].doubts] == [("暮らしの窓口",)]


def test_years_without_a_kind_and_with_words_are_stages():
    text = "みほん市計画\n計画期間 令和6年度～令和7年度\n" + tsv(
        ("番号", "取組名", "指標", "令和5年度実績値", "令和6年度", "令和7年度"),
        ("1", "電子申請", "申請の件数", "10件", "構築", "運用"),
        ("2", "電子納付", "納付の件数", "20件", "検証・構築", "運用"),
    )
    first = read(text).initiatives[0]
    assert first.stages == {"2024": "構築", "2025": "運用"}
    assert [value.year for value in first.indicators[0].values] == [2023]


def test_duplicate_and_missing_numbers_are_said():
    rows = [row(number, f"取組{number}", "件数", ("1件", "2件", "3件")) for number in ("1", "2", "2", "5")]
    codes = {warning.code for warning in read(table(*rows)).warnings}
    assert codes == {"duplicate-number", "number-gap"}


def test_lines_between_the_rows_are_listed_with_their_line():
    text = table(*NEIGHBOURS) + "※ 実績値は各年度末の値。\n"
    reading = read(text)
    assert [(item.line, item.text) for item in reading.unplaced] == [(6, "※ 実績値は各年度末の値。")]


def runs(text: str) -> set[str]:
    """The runs of a text between blanks, marks of parts, and brackets of flags."""
    return {run for run in re.split(r"[\s①-⑳【】]+", text) if run}


def test_nothing_of_a_table_is_lost():
    furniture = runs(tsv(samples.HEAD, samples.SECOND_LINE_SHIFTED))
    rows = [
        row(
            "1 【見直し中】",
            "転入届の予約",
            "①予約の件数 ②満足度 ※②は隔年。",
            ("①12件 ②80%", "0% ※計画を令和6年度としているため。", "調査中(年度末)"),
        ),
        row(
            "2", "研修", "研修の受講者", ("研修の受講者 甲研修:28人 乙研修:43人", "見込:3 計:4", "約束の通り")
        ),
        row("3", "地図", "枚数", ("あわせて ①甲3枚 ②乙4枚 計7枚", "10 20", "約 5 枚 ほか")),
        ("合計", "", "", "", "", "", "", "1", "2", "3", ""),
        ("", "", "", "名前だけの行", "", "", "", "", "", "", ""),
    ]
    text = table(*rows)
    found = dumps(to_document(read(text), "990019", "みほん市"))
    assert {run for run in runs(text) - furniture if run not in found} == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("計画の文章だけです。\nこれは表ではありません。\n", "no-table"),
        ("一\t二\t三\t四\n1\t2\t3\t4\n", "no-table"),
        ("みほん市計画\n" + tsv(samples.HEAD, samples.SECOND_LINE_SHIFTED), "no-rows"),
        (table(*NEIGHBOURS)[:-30], "truncated"),
        (table(*NEIGHBOURS) + "3", "truncated"),
        (table(*NEIGHBOURS) + "3 【新", "truncated"),
        (table(*NEIGHBOURS) + "NO\t区分", "truncated"),
        (table(*NEIGHBOURS) + "\t".join(samples.HEAD), "truncated"),
    ],
)
def test_documents_of_another_shape_are_refused_in_japanese(text: str, code: str):
    with pytest.raises(Unreadable) as refused:
        read(text)
    assert refused.value.code == code
    assert any("ぁ" <= letter <= "ん" for letter in refused.value.message)


def test_a_last_row_without_line_end_is_read_with_a_warning():
    reading = read(table(*NEIGHBOURS).rstrip("\n"))
    assert [warning.code for warning in reading.warnings] == ["no-final-newline"]
    assert len(reading.initiatives) == 2


def test_a_document_that_is_mostly_something_else_says_so():
    reading = read(table(*NEIGHBOURS) + "長い文章です。" * 400 + "\n")
    assert len(reading.initiatives) == len(NEIGHBOURS)
    assert "mostly-unplaced" in {warning.code for warning in reading.warnings}
