"""Invented fact sheets in shapes that cities print, and tables that are none."""

from __future__ import annotations

import pytest

from tests.services.plan.reading import samples
from yakuba.services.plan.reading import Reading, Unreadable, read_document
from yakuba.services.plan.reading.blocks import Block, Paper, Span
from yakuba.services.plan.reading.mentions import Found
from yakuba.services.plan.reading.model import Initiative
from yakuba.services.plan.reading.sheet_words import (
    Kind,
    head_of,
    label_of,
    offices_in,
    options_in,
    split_actions,
    years_in,
)
from yakuba.services.plan.reading.sheets import recognise


def paper(
    *rows: tuple[str, ...], part: str = "", spans: tuple[tuple[int, tuple[tuple[int, Span], ...]], ...] = ()
) -> Paper:
    """Rows as blocks; a row of one cell is a line of text."""
    merged = dict(spans)
    table = 0
    blocks: list[Block] = []
    for line, row in enumerate(rows, 1):
        if len(row) > 1 and not (blocks and blocks[-1].table):
            table += 1
        blocks.append(Block(line, row, part, table if len(row) > 1 else 0, spans=merged.get(line, ())))
    return Paper("mihon.txt", "text", tuple(blocks))


def only(found: Found) -> Initiative:
    assert len(found.mentions) == 1
    return found.mentions[0].initiative


PLAIN = (
    ("1. 窓口の予約【重点】", "担当課", "市民課", ""),
    ("現状・課題", "待ち時間が長い。", "", ""),
    (
        "取組内容",
        "予約を始める。\n【主な取組】\n①予約の画面を作る【市民課・情報課】\n②待ち人数を知らせる",
        "",
        "",
    ),
    ("スケジュール", "令和6年度", "令和7年度", "令和8年度"),
    ("", "検討", "導入", "運用"),
)


def test_a_plain_sheet():
    one = only(recognise(paper(*PLAIN), ()))
    assert (one.number, one.title, one.flags) == ("1", "窓口の予約", ("priority",))
    assert [(office.name, office.role) for office in one.offices] == [("市民課", "lead")]
    assert one.texts == {"issue": "待ち時間が長い。", "approach": "予約を始める。"}
    assert [(item.number, item.text, item.offices) for item in one.items] == [
        ("①", "予約の画面を作る", ("市民課", "情報課")),
        ("②", "待ち人数を知らせる", ()),
    ]
    assert one.stages == {"2024": "検討", "2025": "導入", "2026": "運用"}
    assert (one.sources["stages.2025"].line, one.sources["stages.2025"].cell) == (5, 3)
    assert (one.sources["texts.issue"].line, one.sources["texts.issue"].cell) == (2, 2)


def test_the_plans_years_are_those_that_most_sheets_show():
    longer = (*PLAIN[:3], ("スケジュール", "令和6年度", "令和7年度"), ("", "検討", "導入"))
    rows: list[tuple[str, ...]] = []
    for number in range(1, 4):
        sheet = longer if number == 2 else PLAIN
        rows += [("",), (f"{number}. 窓口の予約{number}", *sheet[0][1:]), *sheet[1:]]
    found = recognise(paper(*rows), ())
    assert len(found.mentions) == 3
    assert found.years.spans[0] == (2024, 2026)


def test_labels_above_their_cells():
    one = only(
        recognise(
            paper(
                ("施策番号", "施策名", "担当課", "関係課"),
                ("2-1", "地図の公開", "都市計画課", "道路課、関係各課"),
                ("目的", "家で見られるようにする。", "", ""),
                ("期待される効果", "来庁が減る。", "", ""),
            ),
            (),
        )
    )
    assert (one.number, one.title) == ("2-1", "地図の公開")
    assert [(office.name, office.role) for office in one.offices] == [
        ("都市計画課", "lead"),
        ("道路課", "related"),
        ("関係各課", "group"),
    ]
    assert one.texts == {"purpose": "家で見られるようにする。", "effect": "来庁が減る。"}


def test_indicators_in_a_small_table_and_in_cells():
    head = ("3 電子申請", "所管課", "情報課", "", "")
    text = ("事業概要", "申請を電子化する。", "", "", "")
    table = (
        ("成果指標", "単位", "現状値（R5）", "目標値（R7）", "目標値（R8）"),
        ("申請の件数", "件", "10", "200", "約300"),
        ("手続の数", "手続", "3", "8", "12"),
        ("効果", "待たずに済む。", "", "", ""),
    )
    one = only(recognise(paper(head, text, *table), ()))
    assert [(indicator.name, indicator.unit) for indicator in one.indicators] == [
        ("申請の件数", "件"),
        ("手続の数", "手続"),
    ]
    assert [
        (value.kind, value.year, value.number, value.approximate) for value in one.indicators[0].values
    ] == [
        ("baseline", 2023, "10", False),
        ("target", 2025, "200", False),
        ("target", 2026, "300", True),
    ]
    assert one.sources["indicators[1].values[2].raw"].line == 5
    cells = (
        ("成果指標", "申請の件数", "現状値（R5）", "10件", ""),
        ("数値目標", "手続の数 令和6年度実績 3手続、令和8年度目標 1,200手続", "", "", ""),
    )
    one = only(recognise(paper(head, text, *cells, ("効果", "待たずに済む。", "", "", "")), ()))
    assert [
        [(value.kind, value.year, value.number) for value in indicator.values] for indicator in one.indicators
    ] == [[("baseline", 2023, "10")], [("actual", 2024, "3"), ("target", 2026, "1200")]]
    assert [indicator.name for indicator in one.indicators] == ["申請の件数", "手続の数"]


def test_targets_and_actuals_in_rows_under_years():
    one = only(
        recognise(
            paper(
                ("3 電子申請", "所管課", "情報課", "", ""),
                ("事業概要", "申請を電子化する。", "", "", ""),
                ("目的", "待たせない。", "", "", ""),
                ("指標", "", "令和5年度", "令和6年度", "令和7年度"),
                ("申請の件数", "目標", "10", "20", "30"),
                ("", "実績", "8", "25", "-"),
            ),
            (),
        )
    )
    assert one.stages == {}
    values = [(value.kind, value.year, value.number) for value in one.indicators[0].values]
    assert values[:3] == [("target", 2023, "10"), ("target", 2024, "20"), ("target", 2025, "30")]
    assert values[3:5] == [("actual", 2023, "8"), ("actual", 2024, "25")]
    assert one.indicators[0].name == "申請の件数"


def test_words_of_merged_cells_stand_for_each_of_their_years():
    rows = (*PLAIN[:4], ("", "検討", "運用", ""))
    one = only(recognise(paper(*rows, spans=((5, ((2, Span(2, 1)),)),)), ()))
    assert one.stages == {"2024": "検討", "2025": "運用", "2026": "運用"}
    # Without merged cells a blank is a blank, and in doubt.
    one = only(recognise(paper(*rows), ()))
    assert one.stages == {"2024": "検討", "2025": "運用"}
    assert [(doubt.field, doubt.code) for doubt in one.doubts] == [("stages.2026", "blank-cell")]


def test_a_schedule_with_a_row_per_action_says_which():
    rows = (
        ("4 地図", "担当課", "情報課", "", ""),
        ("目的", "見せる。", "", "", ""),
        ("内容", "公開する。", "", "", ""),
        ("工程表", "", "R6", "R7", "R8"),
        ("", "画面", "検討", "導入", "運用"),
        ("", "印刷", "", "検討", "導入"),
    )
    one = only(recognise(paper(*rows), ()))
    assert one.stages == {
        "2024": "画面：検討",
        "2025": "画面：導入\n印刷：検討",
        "2026": "画面：運用\n印刷：導入",
    }


def test_ticked_options_are_tags_and_further_goals():
    found = recognise(
        paper(
            ("【基本目標1】 便利な窓口",),
            *PLAIN[:3],
            ("区分", "☑便利な窓口 ☐支える職員 ☑ 安全なまち", "", ""),
            ("【基本目標2】 支える職員",),
            ("2. 研修", *PLAIN[0][1:]),
            *PLAIN[1:3],
            ("区分", "☐便利な窓口 ☐支える職員 ☐ 安全なまち", "", ""),
            ("【基本目標3】 安全なまちの基盤",),
            ("3. 訓練", *PLAIN[0][1:]),
            *PLAIN[1:3],
        ),
        (),
    )
    first, second, third = (mention.initiative for mention in found.mentions)
    assert first.tags["区分"] == ("便利な窓口", "安全なまち")
    assert [(place.path, place.primary) for place in first.placements] == [(("1",), True), (("3",), False)]
    assert "区分" not in second.tags
    assert [doubt.code for doubt in second.doubts] == ["nothing-ticked"]
    assert [place.path for place in third.placements] == [("3",)]
    assert [(node.path, node.title) for node in found.nodes] == [
        (("1",), "便利な窓口"),
        (("2",), "支える職員"),
        (("3",), "安全なまちの基盤"),
    ]


def test_levels_that_sheets_name_themselves_are_the_tree():
    def sheet(number: int, goal: str, policy: str) -> list[tuple[str, ...]]:
        return [
            (f"{number}. 取組{number}の名", "担当課", "市民課", ""),
            ("基本目標", goal, "基本施策", policy),
            *PLAIN[1:3],
            ("",),
        ]

    found = recognise(
        paper(
            *sheet(1, "1 便利な窓口", "1-1 予約"),
            *sheet(2, "1 便利な窓口", "1-2 公開"),
            *sheet(3, "2 職員", "2-1 研修"),
        ),
        (),
    )
    assert found.levels == ("基本目標", "基本施策")
    assert [node.path for node in found.nodes] == [("1",), ("1", "1-1"), ("1", "1-2"), ("2",), ("2", "2-1")]
    assert [mention.initiative.placements[0].path for mention in found.mentions] == [
        ("1", "1-1"),
        ("1", "1-2"),
        ("2", "2-1"),
    ]
    assert not any(mention.initiative.tags for mention in found.mentions)


def test_a_sheet_per_worksheet_and_one_over_two_pages():
    rows = [Block(line, row, part, 1) for part in ("窓口", "地図") for line, row in enumerate(PLAIN, 1)]
    found = recognise(Paper("mihon.xlsx", "xlsx", tuple(rows)), ())
    assert [
        (one.initiative.source.part, one.initiative.source.line)
        for one in found.mentions
        if one.initiative.source
    ] == [
        ("窓口", 1),
        ("地図", 1),
    ]
    pages = (
        *(Block(line, row, "1", 1) for line, row in enumerate(PLAIN[:3], 1)),
        Block(4, ("- 1 -",), "1"),
        *(Block(line, row, "2", 2) for line, row in enumerate((("", "③閉める", "", ""), *PLAIN[3:]), 1)),
    )
    one = only(recognise(Paper("mihon.pdf", "pdf", pages), ()))
    assert [item.number for item in one.items] == ["①", "②", "③"]
    assert one.stages == {"2024": "検討", "2025": "導入", "2026": "運用"}


def test_offices_away_from_their_label_are_taken_in_doubt():
    found = recognise(
        paper(
            ("5 地図", "担当課", "", ""),
            ("目的", "見せる。", "", "都市計画課"),
            ("内容", "公開する。", "", ""),
        ),
        (),
    )
    one = only(found)
    assert [office.name for office in one.offices] == ["都市計画課"]
    assert [doubt.code for doubt in one.doubts] == ["displaced-cell"]
    assert found.mentions[0].weight("offices") < 1
    assert one.texts["purpose"] == "見せる。"


@pytest.mark.parametrize(
    ("label", "text", "expected"),
    [
        ("担当課", "市民課、税務課", [("市民課", "lead", False), ("税務課", "lead", False)]),
        (
            "主管課（関係課）",
            "市民課（税務課、会計課）",
            [("市民課", "lead", False), ("税務課", "related", False), ("会計課", "related", False)],
        ),
        ("主管課（関係課）", "市民課 税務課", [("市民課", "lead", True), ("税務課", "related", True)]),
        (
            "担当課・関係課",
            "主管：市民課 関係：税務課",
            [("市民課", "lead", False), ("税務課", "related", False)],
        ),
        ("担当課", "◎市民課 ○税務課", [("市民課", "lead", False), ("税務課", "related", False)]),
        ("担当課", "税務課、市民課（主）", [("税務課", "related", False), ("市民課", "lead", False)]),
        ("関係課", "関係各課", [("関係各課", "group", False)]),
        ("担当課", "DX 推進課", [("DX推進課", "lead", False)]),
        ("担当課", "こども・子育て課", [("こども・子育て課", "lead", False)]),
        ("担当課", "情報課 統計係", [("情報課 統計係", "lead", False)]),
    ],
)
def test_office_cells(label: str, text: str, expected: list[tuple[str, str, bool]]):
    found = label_of(label)
    assert found is not None
    assert [(one.name, one.role, one.assumed) for one in offices_in(text, found)] == expected


@pytest.mark.parametrize(
    ("text", "number", "title", "words"),
    [
        ("1 4. 基盤の整備【自治体 DX】", "14", "基盤の整備", ("自治体DX",)),
        ("1 4K放送の開始", "1", "4K放送の開始", ()),
        ("２－１　地図", "2-1", "地図", ()),
        ("施策3：予約", "3", "予約", ()),
        ("No.12 予約", "12", "予約", ()),
        ("⑤ 予約", "⑤", "予約", ()),
        ("(3) 予約", "(3)", "予約", ()),
        ("予約の電子化", "", "予約の電子化", ()),
        ("5G環境の整備", "", "5G環境の整備", ()),
    ],
)
def test_head_cells(text: str, number: str, title: str, words: tuple[str, ...]):
    head = head_of(text)
    assert (head.number, head.title, head.words) == (number, title, words)


@pytest.mark.parametrize(
    ("cell", "kind", "detail"),
    [
        ("現状・課題", Kind.TEXT, "issue"),
        ("【背景及び現状】", Kind.TEXT, "issue"),
        ("事業の概要", Kind.TEXT, "approach"),
        ("期待される効果", Kind.TEXT, "effect"),
        ("目指す姿", Kind.TEXT, "target_state"),
        ("■ 担当部署", Kind.OFFICE, "lead"),
        ("関係課等", Kind.OFFICE, "related"),
        ("年次計画", Kind.SCHEDULE, ""),
        ("実施スケジュール", Kind.SCHEDULE, ""),
        ("主な取組", Kind.ITEMS, ""),
        ("関連するSDGsのゴール", Kind.TAGS, ""),
        ("施策分野", Kind.TAGS, ""),
        ("数値目標", Kind.INDICATOR, ""),
    ],
)
def test_labels(cell: str, kind: Kind, detail: str):
    found = label_of(cell)
    assert found is not None
    assert (found.kind, found.detail) == (kind, detail)


@pytest.mark.parametrize(
    "cell", ["市民課", "待ち時間が長い。", "令和6年度", "①市民参加", "運用", "検討・導入", ""]
)
def test_what_is_no_label(cell: str):
    assert label_of(cell) is None


def test_options_need_boxes():
    assert options_in("■ 窓口 □ 職員") == (("窓口", True), ("職員", False))
    assert options_in("☑窓口、☐職員") == (("窓口", True), ("職員", False))
    assert options_in("窓口、職員") == ()
    assert options_in("窓口は ■ の印") == ()
    assert options_in("○窓口") == ()


def test_actions_are_listed_in_their_turn():
    text, actions = split_actions("前の文。【主な取組】①開く②閉める③知らせる（②の後）④見直す")
    assert text == "前の文。"
    assert [(one.number, one.text) for one in actions] == [
        ("①", "開く"),
        ("②", "閉める"),
        ("③", "知らせる（②の後）"),
        ("④", "見直す"),
    ]
    assert split_actions("①と②のどちらかを選ぶ。") == ("①と②のどちらかを選ぶ。", ())
    assert [one.text for one in split_actions("前。\n主な取組：\n・開く\n・閉める")[1]] == ["開く", "閉める"]
    assert [one.number for one in split_actions("前。\n(1) 開く\n(2) 閉める")[1]] == ["(1)", "(2)"]


def test_years_of_a_row():
    assert [year for _, year, _ in years_in(("", "令和3年度", "4年度", "5年度"))] == [2021, 2022, 2023]
    assert [year for _, year, _ in years_in(("2024", "2025年度", "R8"))] == [2024, 2025, 2026]
    assert [year for _, year, _ in years_in(("平成31年度（2019）", "令和2年度"))] == [2019, 2020]
    assert years_in(("10", "20", "30")) == ()
    assert years_in(("令和5年度", "令和4年度")) == ()
    assert years_in(("令和6年度",)) == ()


@pytest.mark.parametrize(
    "text", [samples.TWO_PAGES, samples.REORDERED, samples.MERGED], ids=["two pages", "reordered", "merged"]
)
def test_tables_with_a_row_per_initiative_are_no_sheets(text: str):
    reading: Reading = read_document(text.encode(), "mihon.txt")
    assert {source.rule for item in reading.initiatives for source in item.sources.values()}.isdisjoint(
        {"sheet-label", "sheet-head", "sheet-years"}
    )


@pytest.mark.parametrize(
    "rows",
    [
        (("年度", "出来事"), ("令和3年度", "計画を定める"), ("令和4年度", "見直す")),
        (("役職", "担当課"), ("委員長", "市民課"), ("副委員長", "税務課")),
        (("目的", "窓口を変える。"), ("期間", "5年")),
        (("1 窓口", "担当課", "市民課"), ("電話", "123", "")),
    ],
)
def test_small_tables_are_no_sheets(rows: tuple[tuple[str, ...], ...]):
    assert recognise(paper(*rows), ()).mentions == []


def test_nothing_that_is_printed_is_lost():
    text = "みほん市計画\n" + "".join(
        "\t".join(cell.replace("\n", " ") for cell in row) + "\n"
        for row in (*PLAIN, ("備考", "続ける", "", ""))
    )
    reading = read_document(text.encode(), "mihon.txt")
    one = reading.initiatives[0]
    kept = repr((one, reading.plan, reading.unplaced))
    for word in (
        "予約の画面",
        "待ち人数",
        "待ち時間",
        "続ける",
        "市民課",
        "情報課",
        "検討",
        "導入",
        "運用",
        "窓口の予約",
    ):
        assert word in kept


@pytest.mark.parametrize(
    "cell",
    [
        "\n" * 40_000,
        " ・" * 20_000,
        "①" * 20_000,
        "【主な取組】" * 5_000,
        "■" * 30_000,
        "（" * 30_000,
        "課、" * 20_000,
    ],
)
def test_hostile_cells_take_bounded_time(cell: str):
    rows = [(f"{number}. 題名{number}", "担当課", cell, "") for number in range(3)]
    blocks: list[tuple[str, ...]] = []
    for row in rows:
        blocks += [
            row,
            ("内容", cell, "", ""),
            ("区分", cell, "", ""),
            ("目標", cell, "", ""),
            ("指標", cell, "", ""),
            ("",),
        ]
    recognise(paper(*blocks), ())


def test_many_sheets_and_headings_take_time_in_proportion():
    rows: list[tuple[str, ...]] = []
    for number in range(1, 600):
        rows += [
            (f"【基本目標{number % 90}】 目標{number}",),
            (f"{number}. 題名{number}", *PLAIN[0][1:]),
            *PLAIN[1:],
            ("",),
        ]
    found = recognise(paper(*rows), ())
    assert len(found.mentions) == 599


def test_a_document_without_years_says_so():
    rows = ("みほん市計画", "\t".join(PLAIN[0]), "\t".join(PLAIN[1]), "内容\t始める。\t\t")
    with pytest.raises(Unreadable) as refused:
        read_document(("\n".join(rows) + "\n").encode(), "mihon.txt")
    assert refused.value.code == "no-years"
