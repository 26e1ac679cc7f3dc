"""Outlines and labelled parts in invented documents: which headings are initiatives, what their parts say, what is none."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from yakuba.services.plan.reading import outline, read_documents
from yakuba.services.plan.reading.blocks import Block, Paper, Span
from yakuba.services.plan.reading.containers import open_paper
from yakuba.services.plan.reading.figures import read_line
from yakuba.services.plan.reading.headings import outline as outline_of
from yakuba.services.plan.reading.labelled import kind_of, label_of
from yakuba.services.plan.reading.mentions import Found
from yakuba.services.plan.reading.model import Initiative
from yakuba.services.plan.reading.office_words import office_names


def paper(text: str) -> Paper:
    return open_paper(text.encode(), "plan.txt")


def found(text: str) -> Found:
    return outline.recognise(paper(text), [])


def read(text: str) -> list[Initiative]:
    return [one.initiative for one in found(text).mentions]


def headings(text: str) -> list[tuple[str, str, int]]:
    return [(one.number, one.title, len(one.parents)) for one in outline_of(paper(text)).headings]


# The outline.


def test_enumerations_nest_in_the_order_in_which_they_come():
    text = "第1章 みちすじ\n1 道路\n(1) 点検\nア 橋\n(ア) 長い橋\n(イ) 短い橋\n(2) 補修\n2 公園\n第2章 まちなみ\n1 屋根\n"
    assert headings(text) == [
        ("第1章", "みちすじ", 0),
        ("1", "道路", 1),
        ("(1)", "点検", 2),
        ("ア", "橋", 3),
        ("(ア)", "長い橋", 4),
        ("(イ)", "短い橋", 4),
        ("(2)", "補修", 2),
        ("2", "公園", 1),
        ("第2章", "まちなみ", 0),
        ("1", "屋根", 1),
    ]


def test_codes_of_several_numbers_nest_by_their_depth():
    text = "1 窓口\n1-1 予約\n1-1-1 電話の予約\n1-1-2 網の予約\n1-2 案内\n2 税\n2-1 納付\n"
    assert [depth for _, _, depth in headings(text)] == [0, 1, 2, 2, 1, 0, 1]


def test_wide_digits_and_blanks_do_not_matter():
    assert headings("（１）　あさひ号\n（２）ゆうひ号\n") == [("(1)", "あさひ号", 0), ("(2)", "ゆうひ号", 0)]
    assert headings("１道路の点検\n２公園の手入れ\n") == [("1", "道路の点検", 0), ("2", "公園の手入れ", 0)]


@pytest.mark.parametrize(
    "line",
    [
        "3年度までに終えます",
        "2回目の点検",
        "3つの柱",
        "- (1) 道路の点検",
        "・点検をする",
        "1 道路を点検し、橋も点検します。",
        "令和7年度の予算",
        "1.5倍",
    ],
)
def test_running_text_and_listed_points_are_no_headings(line: str):
    assert headings(f"{line}\n") == []


def test_a_list_of_contents_is_evidence_and_no_heading():
    text = (
        "目次\n第1章 みちすじ……1\n道のこれから\t2\n(1) 点検.....3\n(2) 補修 ・・・・ 4\n\n"
        "第1章 みちすじ\n道のこれから\n(1) 点検\n(2) 補修\n"
    )
    found = outline_of(paper(text))
    assert [one.text for one in found.headings] == ["第1章 みちすじ", "道のこれから", "(1) 点検", "(2) 補修"]
    assert all(one.listed for one in found.headings)
    assert found.contents == frozenset({1, 2, 3, 4})


def test_a_number_alone_takes_the_title_below_it():
    assert headings("1-1\n\n●道路の点検\n1-2\n公園の手入れ\n") == [
        ("1-1", "道路の点検", 0),
        ("1-2", "公園の手入れ", 0),
    ]


def test_levels_of_a_container_come_before_marks():
    lines = [
        ("窓口の改善", 1),
        ("予約の仕組み", 2),
        ("本文です。", 0),
        ("1 案内の仕組み", 2),
        ("税の納付", 1),
    ]
    blocks = tuple(Block(at, (text,), level=level) for at, (text, level) in enumerate(lines, 1))
    found = outline_of(Paper("plan.docx", "docx", blocks)).headings
    assert [(one.title, one.parents) for one in found] == [
        ("窓口の改善", ()),
        ("予約の仕組み", (0,)),
        ("案内の仕組み", (0,)),
        ("税の納付", ()),
    ]


def test_marks_in_brackets_before_a_title():
    text = "【基本目標１】窓口\n［1-1］予約\n［1-2］案内\n【基本目標２】税\n【新規】納付\n"
    assert headings(text) == [
        ("基本目標1", "窓口", 0),
        ("1-1", "予約", 1),
        ("1-2", "案内", 1),
        ("基本目標2", "税", 0),
    ]


# Labels.


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("現状と課題", "issue"),
        ("これまでの取組と課題", "issue"),
        ("目指す姿", "target_state"),
        ("めざすべき将来像", "target_state"),
        ("検討・実施事項", "items"),
        ("主な取組", "items"),
        ("具体的な取り組み内容", "items"),
        ("事業の概要", "approach"),
        ("期待される効果", "effect"),
        ("事業の目的", "purpose"),
        ("担当課", "lead"),
        ("所管部署", "lead"),
        ("関係課", "related"),
        ("担当課・関係課", "both"),
        ("主管課(関係課)", "both"),
        ("実施スケジュール", "schedule"),
        ("道路の点検", None),
        ("電子申請", None),
        ("", None),
    ],
)
def test_words_of_labels(words: str, kind: str | None):
    assert kind_of(words) == kind


@pytest.mark.parametrize(
    ("cells", "label"),
    [
        (("【現状と課題】",), ("issue", "")),
        (("≪目指す姿≫",), ("target_state", "")),
        (("■ 事業概要",), ("approach", "")),
        (("(2) 課題",), ("issue", "")),
        (("担当課：総務課",), ("lead", "総務課")),
        (("【担当課】 総務課、市民課",), ("lead", "総務課、市民課")),
        (("現状と課題", "紙の台帳が多い。"), ("issue", "紙の台帳が多い。")),
    ],
)
def test_labels_in_any_dress(cells: tuple[str, ...], label: tuple[str, str]):
    found = label_of(Block(1, cells, table=len(cells) - 1))
    assert found is not None
    assert (found.kind, found.rest) == label


@pytest.mark.parametrize(
    "text", ["課題は多い。", "市の現状と課題を、次の表で見ます。", "10時:開始", "備考：なし"]
)
def test_what_is_no_label(text: str):
    assert label_of(Block(1, (text,))) is None


@pytest.mark.parametrize(
    ("text", "kind", "names"),
    [
        ("総務課", "lead", [("総務課", "lead")]),
        ("総務課、市民課", "lead", [("総務課", "lead"), ("市民課", "lead")]),
        ("総務課 市民課", "both", [("総務課", "lead"), ("市民課", "related")]),
        (
            "総務課（市民課・税務課）",
            "lead",
            [("総務課", "lead"), ("市民課", "related"), ("税務課", "related")],
        ),
        ("関係各課", "lead", [("関係各課", "group")]),
        (
            "税務課、市民課（主）、福祉課",
            "lead",
            [("税務課", "related"), ("市民課", "lead"), ("福祉課", "related")],
        ),
        ("情報課（関係課：全庁）", "lead", [("情報課", "lead"), ("全庁", "group")]),
        ("総務課 施設所管課", "both", [("総務課", "lead"), ("施設所管課", "group")]),
        ("市立病院", "lead", [("市立病院", "lead")]),
    ],
)
def test_offices_and_their_roles(text: str, kind: str, names: list[tuple[str, str]]):
    assert office_names(text, kind) == names


def test_a_sentence_names_no_offices():
    assert office_names("総務課が進めます。", "lead") is None


# Initiatives.

MEASURES = """みほん市デジタル計画
計画期間 令和6年度～令和8年度
基本目標1 窓口
施策1-1 予約の仕組み【新規】
予約して来られるようにします。
【現状と課題】
電話が混みます。
窓口も混みます。
※1 予約:前もって決めること。
【取組内容】
・網で予約を受けます。
・電話の予約も、窓口が空いている時間を伝えながら、
続けて受けます。
予約とは何かを、ここで説明します。
【担当課】市民課、税務課
施策1-2 案内の仕組み
【取組内容】
①案内板を置きます。
②案内の声を流します。
【現状と課題】
案内が足りません。
担当課：総務課
基本目標2 税
施策2-1 納付の仕組み
【現状と課題】
納める場所が少ないです。
【取組内容】
店で納められるようにします。
【担当課】
税務課
"""


def test_measures_of_an_invented_town():
    first, second, third = read(MEASURES)
    assert (first.number, first.title, first.flags) == ("1-1", "予約の仕組み", ("new",))
    assert first.texts == {
        "approach": "予約して来られるようにします。",
        "issue": "電話が混みます。\n窓口も混みます。",
    }
    assert [item.text for item in first.items] == [
        "網で予約を受けます。",
        "電話の予約も、窓口が空いている時間を伝えながら、続けて受けます。",
    ]
    assert [(office.name, office.role) for office in first.offices] == [
        ("市民課", "lead"),
        ("税務課", "lead"),
    ]
    assert [(item.number, item.text) for item in second.items] == [
        ("①", "案内板を置きます。"),
        ("②", "案内の声を流します。"),
    ]
    assert second.texts == {"issue": "案内が足りません。"}
    assert third.texts["approach"] == "店で納められるようにします。"
    assert [one.placements[0].path for one in (first, second, third)] == [
        ("基本目標1",),
        ("基本目標1",),
        ("基本目標2",),
    ]


def test_the_tree_and_its_words():
    result = found(MEASURES)
    assert result.levels == ("基本目標",)
    assert [(node.path, node.title) for node in result.nodes] == [
        (("基本目標1",), "窓口"),
        (("基本目標2",), "税"),
    ]


def test_fields_know_where_they_were_read():
    first = read(MEASURES)[0]
    lines = MEASURES.split("\n")
    assert {path: lines[source.line - 1] for path, source in first.sources.items()} == {
        "title": "施策1-1 予約の仕組み【新規】",
        "number": "施策1-1 予約の仕組み【新規】",
        "flags[0]": "施策1-1 予約の仕組み【新規】",
        "placements[0]": "基本目標1 窓口",
        "texts.approach": "予約して来られるようにします。",
        "texts.issue": "電話が混みます。",
        "items[0].text": "・網で予約を受けます。",
        "items[1].text": "・電話の予約も、窓口が空いている時間を伝えながら、",
        "offices[0].name": "【担当課】市民課、税務課",
        "offices[1].name": "【担当課】市民課、税務課",
    }


def test_footnotes_and_explanations_stay_for_others():
    result = found(MEASURES)
    lines = MEASURES.split("\n")
    left = [line for at, line in enumerate(lines) if line and at not in result.claimed]
    assert left[2:] == ["※1 予約:前もって決めること。", "予約とは何かを、ここで説明します。"]


def test_headings_without_any_mark_that_the_container_calls_headings():
    lines = [
        ("予約の仕組み", 2),
        ("現状と課題", 3),
        ("混みます。", 0),
        ("案内の仕組み", 2),
        ("現状と課題", 3),
        ("足りません。", 0),
    ]
    blocks = tuple(Block(at, (text,), level=level) for at, (text, level) in enumerate(lines, 1))
    result = outline.recognise(Paper("plan.docx", "docx", blocks), [])
    assert [(one.initiative.title, one.initiative.texts) for one in result.mentions] == [
        ("予約の仕組み", {"issue": "混みます。"}),
        ("案内の仕組み", {"issue": "足りません。"}),
    ]


def scheduled(*rows: Sequence[str], spans: dict[int, Span] | None = None) -> Initiative:
    """The first of two measures, with such a small table under a label."""
    blocks = [Block(1, ("1-1 予約の仕組み",)), Block(2, ("【取組内容】",))]
    for at, cells in enumerate(rows, 3):
        last = at == 2 + len(rows)
        blocks.append(Block(at, tuple(cells), table=1, spans=tuple((spans or {}).items()) if last else ()))
    blocks += [Block(20, ("1-2 案内の仕組み",)), Block(21, ("【取組内容】",)), Block(22, ("案内します。",))]
    return outline.recognise(Paper("plan.docx", "docx", tuple(blocks)), []).mentions[0].initiative


YEARS = ("年度", "令和6年度", "令和7年度", "令和8年度", "担当課")


def test_words_by_year_are_stages():
    one = scheduled(YEARS, ("取組内容", "検討", "", "実施", "市民課"))
    assert (one.stages, one.texts) == ({"2024": "検討", "2026": "実施"}, {})
    assert [(office.name, office.role) for office in one.offices] == [("市民課", "lead")]


def test_a_merged_cell_holds_for_all_its_years():
    one = scheduled(YEARS, ("取組内容", "検討", "", "実施", "市民課"), spans={1: Span(2, 1)})
    assert one.stages == {"2024": "検討", "2025": "検討", "2026": "実施"}


def test_one_sentence_over_all_years_is_the_schedule():
    one = scheduled(YEARS, ("取組内容", "予約を受ける窓口を、順に広げていきます。", "", "", "市民課"))
    assert (one.stages, one.texts) == ({}, {"schedule": "予約を受ける窓口を、順に広げていきます。"})


def test_eras_run_past_their_end():
    one = scheduled(
        ("", "平成31年度", "32年度", "33年度", "担当課"), ("取組内容", "検討", "試行", "実施", "市民課")
    )
    assert one.stages == {"2019": "検討", "2020": "試行", "2021": "実施"}


def test_titles_that_a_label_announces():
    part = "現状と課題：混みます。\n担当課：市民課\n"
    text = (
        f"1 窓口\n施策名：予約の仕組み\n{part}施策名：案内の仕組み\n{part}2 税\n施策名：納付の仕組み\n{part}"
    )
    assert [(one.title, one.texts["issue"], one.placements[0].path) for one in read(text)] == [
        ("予約の仕組み", "混みます。", ("1",)),
        ("案内の仕組み", "混みます。", ("1",)),
        ("納付の仕組み", "混みます。", ("2",)),
    ]


def test_repeated_marks_are_numbered_with_the_codes_above():
    part = "【現状と課題】\n混みます。\n"
    text = f"1) 窓口\n(1) 予約\n{part}(2) 案内\n{part}2) 税\n(1) 納付\n{part}"
    assert [one.number for one in read(text)] == ["1)-(1)", "1)-(2)", "2)-(1)"]


@pytest.mark.parametrize(
    "text",
    [
        "第1章 現状と課題\n1 国の動き\n2 県の動き\n",
        "1 計画の目的\n書きます。\n2 計画の期間\n書きます。\n3 課題\n書きます。\n",
        "(1) 予約\n(2) 案内\n(3) 納付\n",
        "【現状と課題】\n混みます。\n【現状と課題】\n足りません。\n",
        "番号\t取組\t課題\t担当課\n1\t予約\t混む\t市民課\n2\t案内\t足りない\t総務課\n",
    ],
)
def test_prose_and_tables_hold_no_measures(text: str):
    assert read(text) == []


def test_points_below_a_label_are_no_measures():
    text = "".join(
        f"{word}\n＜目指す姿＞\n◆よい町\n＜取組内容＞\n・進めます。\n"
        for word in ("予約のこと", "案内のこと", "納付のこと")
    )
    assert [one.title for one in read(text)] != ["よい町"] * 3
    assert not any(one.title == "よい町" for one in read(text))


def test_long_documents_take_their_time_only_once():
    text = "".join(f"1-{at % 90} 取組\n【課題】\n多い。\n" for at in range(3000))
    assert len(outline.recognise(paper(text), []).mentions) <= outline.MAX_INITIATIVES


# Indicators in a line.


@pytest.mark.parametrize(
    ("line", "name", "values"),
    [
        (
            "指標① 申請件数 令和5年度実績 11件、令和8年度目標 30件以上",
            ("①", "申請件数", "件"),
            [("actual", 2023, "11"), ("target", 2026, "30")],
        ),
        (
            "KPI：受講率 現状値（令和5年度）94.1% (32/34) → 目標値（令和8年度）100%",
            (None, "受講率", "%"),
            [("baseline", 2023, "94.1"), ("target", 2026, "100")],
        ),
        ("【数値目標】登録者数 2023年度実績：1,640人", (None, "登録者数", "人"), [("actual", 2023, "1640")]),
        (
            "指標 監査の有無 R5実績 ―、R8目標 実施",
            (None, "監査の有無", None),
            [("actual", 2023, None), ("target", 2026, None)],
        ),
    ],
)
def test_a_line_that_tells_an_indicator(
    line: str, name: tuple[str | None, str, str | None], values: list[tuple[str, int, str | None]]
):
    read = read_line(line)
    assert read is not None
    (one,) = read.indicators
    assert (one.number, one.name, one.unit) == name
    assert [(value.kind, value.year, value.number) for value in one.values] == values


@pytest.mark.parametrize(
    "line",
    [
        "指標は、令和5年度実績を見て決めます。",
        "申請件数 令和5年度実績 11件",
        "指標 申請件数",
        "目標は高いです。",
    ],
)
def test_a_line_that_tells_none(line: str):
    assert read_line(line) is None


def test_indicators_of_a_measure():
    part = "【課題】\n混みます。\n指標① 件数 R5実績 3件、R8目標 9件\n指標② 率 R5実績 約8%\n【指標】\n・満足度 R8目標 80%\n"
    first, second = read(f"1-1 予約\n{part}1-2 案内\n{part}")
    assert first.texts == second.texts == {"issue": "混みます。"}
    assert [(one.number, one.name, len(one.values)) for one in first.indicators] == [
        ("①", "件数", 2),
        ("②", "率", 1),
        (None, "満足度", 1),
    ]
    assert first.indicators[1].values[0].approximate
    assert first.sources["indicators[2].values[0].raw"].line == 7


# Small tables of indicators.


def measured(*tables: str) -> list[Initiative]:
    """An outline of measures, each with a small table below its own labels."""
    heads = "".join(
        f"1-{place} 施策その{place}\n\n<目指す姿>\n使えます。\n\n担当課：総務課\n\n{table}\n\n"
        for place, table in enumerate(tables, 1)
    )
    return read(f"計画期間 令和7年度から令和11年度まで\n\n第2章 施策\n\n1 手続\n\n{heads}")


def values(one: Initiative) -> list[tuple[str, str | None, list[tuple[str, int | None, str]]]]:
    return [
        (each.name, each.unit, [(value.kind, value.year, value.raw) for value in each.values])
        for each in one.indicators
    ]


PLAIN = "KPI\t現状値(R5)\t目標値(R11)\n申請の数\t35件\t120件"


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (PLAIN, [("申請の数", "件", [("baseline", 2023, "35件"), ("target", 2029, "120件")])]),
        (
            "No\t目標値(令和11年度)\t令和5年度実績\t単位\t指標名\n1\t90\t80\t人\t受講者\n2\t100\t70\t%\t受講率",
            [
                ("受講者", "人", [("target", 2029, "90"), ("actual", 2023, "80")]),
                ("受講率", "%", [("target", 2029, "100"), ("actual", 2023, "70")]),
            ],
        ),
        (
            "指標\t単位\t基準値\t実績\t目標\t\n\t\tR5\tR6\tR7\tR11\n利用率\t%\t1.5\t2\t3\t10",
            [
                (
                    "利用率",
                    "%",
                    [
                        ("baseline", 2023, "1.5"),
                        ("actual", 2024, "2"),
                        ("target", 2025, "3"),
                        ("target", 2029, "10"),
                    ],
                )
            ],
        ),
        (
            "指標\t令和6年度\t\t令和7年度\t\n\t目標\t実績\t目標\t実績\n公開数\t3\t2\t5\t-",
            [
                (
                    "公開数",
                    None,
                    [
                        ("target", 2024, "3"),
                        ("actual", 2024, "2"),
                        ("target", 2025, "5"),
                        ("actual", 2025, "-"),
                    ],
                )
            ],
        ),
        (
            "指標\t待ち時間\n年度\tR6\tR7\n目標\t25分\t20分\n実績\t33分\t-",
            [
                (
                    "待ち時間",
                    "分",
                    [
                        ("target", 2024, "25分"),
                        ("target", 2025, "20分"),
                        ("actual", 2024, "33分"),
                        ("actual", 2025, "-"),
                    ],
                )
            ],
        ),
        (
            "KPI\t端末\t満足度\n単位\t台\t%\n現状値（R5）\t30\t50\n目標値（R11）\t60\t80",
            [
                ("端末", "台", [("baseline", 2023, "30"), ("target", 2029, "60")]),
                ("満足度", "%", [("baseline", 2023, "50"), ("target", 2029, "80")]),
            ],
        ),
        (
            "KPI\t障害\n現状\t3件（R5）\n目標\t0件（R11）",
            [("障害", "件", [("baseline", 2023, "3件（R5）"), ("target", 2029, "0件（R11）")])],
        ),
    ],
    ids=[
        "heads above",
        "other order",
        "years below kinds",
        "kinds below years",
        "rows by kind",
        "labels at the left",
        "years in cells",
    ],
)
def test_small_tables_of_indicators_are_read_below_a_measure(
    table: str, expected: list[tuple[str, str | None, list[tuple[str, int | None, str]]]]
):
    first, second = measured(table, table)
    assert values(first) == values(second) == expected
    assert [office.name for office in first.offices] == ["総務課"]
    assert first.texts == {"target_state": ("使えます。",)}


def test_each_value_of_a_small_table_knows_its_cell():
    (first, _) = measured(PLAIN, PLAIN)
    places = [first.sources[f"indicators[0].{leaf}"] for leaf in ("name", "values[0].raw", "values[1].raw")]
    assert [place.cell for place in places] == [1, 2, 3]
    assert len({place.line for place in places}) == 1


def test_cells_of_a_small_table_that_are_no_values_are_kept():
    text = "KPI\t目標値(R11)\t備考\n申請の数\t120件\t年の合計"
    sections = "".join(
        f"1-{place} 施策その{place}\n\n<目指す姿>\n使えます。\n\n担当課：総務課\n\n{text}\n\n"
        for place in (1, 2)
    )
    assert [one.text for one in found(f"第1章 施策\n\n1 手続\n\n{sections}").unplaced] == ["年の合計"] * 2


def test_a_table_of_steps_is_no_indicator_and_keeps_its_marks():
    table = "スケジュール\n内容\tR7\tR8\tR9\n様式\t■\t→\t→\n公開\t\t■\t計画"
    for one in measured(table, table):
        assert one.indicators == ()
        assert one.stages == {"2025": "様式：■", "2026": "様式：→\n公開：■", "2027": "様式：→\n公開：計画"}


def test_a_single_row_of_steps_stands_as_printed():
    table = "スケジュール\n令和7年度\t令和8年度\t令和9年度\n検討\t■\t→"
    for one in measured(table, table):
        assert one.stages == {"2025": "検討", "2026": "■", "2027": "→"}


def test_a_label_whose_words_are_no_office_keeps_them():
    text = "".join(
        f"1-{place} 施策その{place}\n\n<目指す姿>\n使えます。\n\n担当課：これから庁内で話し合って決めるため、まだ書けません。\n\n"
        for place in (1, 2)
    )
    result = found(f"第1章 施策\n\n1 手続\n\n{text}")
    told = [
        at
        for at, block in enumerate(paper(f"第1章 施策\n\n1 手続\n\n{text}").blocks)
        if "話し合って" in block.text
    ]
    assert told
    assert not result.claimed & set(told)


def test_offices_may_follow_their_label_behind_a_blank():
    label = label_of(Block(1, ("担当課　総務課、市民課",)))
    assert label is not None
    assert (label.kind, label.rest) == ("lead", "総務課、市民課")
    assert label_of(Block(1, ("担当課 が集まって話し合います",))) is None


def test_offices_and_flags_behind_the_titles_of_headings():
    text = (
        "みなと町計画\n計画期間 令和4年度～令和7年度\n\n１　くらし\n"
        "（１）放送の更新　【担当：総務課】\n　順に更新します。\n"
        "（２）通知の開設（第二期）　【担当：企画課、総務課】　＜新規＞\n　知らせます。\n"
        "２　しごと\n（１）わなの見守り　【担当：産業課】\n　見守ります。\n"
    )
    rows = read(text)
    assert [(one.number, one.title) for one in rows] == [
        ("1-(1)", "放送の更新"),
        ("1-(2)", "通知の開設（第二期）"),
        ("2-(1)", "わなの見守り"),
    ]
    assert [[office.name for office in one.offices] for one in rows] == [
        ["総務課"],
        ["企画課", "総務課"],
        ["産業課"],
    ]
    assert [one.flags for one in rows] == [(), ("new",), ()]
    assert rows[1].texts == {"approach": "知らせます。"}
    assert rows[1].sources["offices[1].name"].line == 7


ROADMAP = (
    "いりえ町ロードマップ（令和5年度〜令和8年度）\n\n担当課\t取組事項\t内容\tR5\tR6\tR7\tR8\n"
    "総務課\t（１）端末の更新\t端末を替えます。\t■\t→\t→\t→\n"
    "町民課\t（２）窓口の予約\t予約を始めます。\t検討\t■\t→\t→\n※■：実施　→：継続　―：実施なし\n"
)


def test_a_list_whose_numbers_stand_before_its_titles():
    (reading,) = read_documents(ROADMAP.encode(), "plan.txt")
    assert [(one.number, one.title) for one in reading.initiatives] == [
        ("(1)", "端末の更新"),
        ("(2)", "窓口の予約"),
    ]
    assert reading.initiatives[1].stages == {"2023": "検討", "2024": "■", "2025": "→", "2026": "→"}
    assert reading.plan.terms == ()
    assert [one.text for one in reading.unplaced] == ["※■：実施　→：継続　―：実施なし"]


def test_digits_of_some_titles_are_no_numbers():
    text = ROADMAP.replace("（１）端末", "端末")
    (reading,) = read_documents(text.encode(), "plan.txt")
    assert [(one.number, one.title) for one in reading.initiatives] == [
        ("", "端末の更新"),
        ("", "（２）窓口の予約"),
    ]
