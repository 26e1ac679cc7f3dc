"""Overview lists of invented towns, and the published one under other words, marks and orders."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.plan.reading.published import document
from tests.services.plan.reading.samples import tsv
from yakuba.services.plan.reading.blocks import Block, Paper, Span
from yakuba.services.plan.reading.containers import open_paper
from yakuba.services.plan.reading.document import dumps, to_document
from yakuba.services.plan.reading.mentions import GUESSED, LIKELY, SURE, Found, Mention
from yakuba.services.plan.reading.overview import coded, recognise
from yakuba.services.plan.reading.resolving import resolve
from yakuba.services.plan.reading.unreadable import Unreadable
from yakuba.services.plan.reading.wording import squeeze

HEAD = ("新規再掲", "取組No.", "取組名", "担当部署")
KINDS = ("推進取組", "", "", "", "運用取組", "", "", "")
GOALS = "【基本目標】ア 便利な窓口 【基本施策】(イ) 手続の電子化\n\n"


def find(text: str) -> Found:
    paper = open_paper(text.encode(), "plan.txt")
    return recognise(paper, [])


def by_key(found: Found) -> dict[tuple[str | None, str], Mention]:
    return {(one.scope.kind, one.initiative.number): one for one in found.mentions if one.alone}


def offices(one: Mention) -> list[str]:
    return [office.name for office in one.initiative.offices]


def test_two_lists_side_by_side():
    found = find(
        GOALS
        + tsv(
            KINDS,
            (*HEAD, *HEAD),
            ("", "1", "窓口の予約", "市民課", "新規", "1", "住民記録の運用", "情報課"),
            ("", "2", "証明書の申請", "税務課", "", "2", "庁内網の運用", "総務課"),
            ("", "", "", "", "", "3", "研修の実施", "人事課"),
        )
    )
    read = by_key(found)
    assert list(read) == [
        ("advance", "1"),
        ("advance", "2"),
        ("operate", "1"),
        ("operate", "2"),
        ("operate", "3"),
    ]
    assert read["operate", "1"].initiative.flags == ("new",)
    assert offices(read["operate", "3"]) == ["人事課"]
    assert {place.path for one in found.mentions for place in one.initiative.placements} == {("ア", "(イ)")}
    assert found.levels == ("基本目標", "基本施策")
    assert [(node.path, node.title) for node in found.nodes] == [
        (("ア",), "便利な窓口"),
        (("ア", "(イ)"), "手続の電子化"),
    ]
    assert [one.at for one in found.mentions] == sorted(one.at for one in found.mentions)
    assert {one.series for one in found.mentions} == {1, 2}
    # Nothing of it is left to others: headings, kinds, heads and rows.
    assert found.claimed == {0, *range(2, 7)}


def test_one_kind_over_both_halves():
    found = find(
        tsv(
            ("運用取組", *[""] * 7),
            (*HEAD, *HEAD),
            ("", "1", "帳票の運用", "市民課", "", "2", "回線の更新", "情報課"),
        )
    )
    assert set(by_key(found)) == {("operate", "1"), ("operate", "2")}


def test_a_kind_in_a_line_of_its_own():
    found = find("■推進取組一覧\n" + tsv(HEAD, ("", "1", "窓口の予約", "市民課")))
    assert set(by_key(found)) == {("advance", "1")}


def test_blank_offices_are_guesses_with_all_candidates():
    found = find(
        tsv(HEAD, ("", "1", "甲の作成", "市民課"), ("", "2", "乙の作成", ""), ("", "3", "丙の作成", "税務課"))
    )
    first, second, third = found.mentions
    assert [one.weight("offices") for one in (first, second, third)] == [LIKELY, GUESSED, LIKELY]
    assert offices(second) == ["市民課"]
    assert second.initiative.offices[0].doubtful
    (doubt,) = second.initiative.doubts
    assert (doubt.field, doubt.code, doubt.candidates) == (
        "offices[0].name",
        "blank-cell",
        ("市民課", "税務課"),
    )


def test_without_blanks_offices_are_sure():
    found = find(tsv(HEAD, ("", "1", "甲の作成", "市民課"), ("", "2", "乙の作成", "D X推進課")))
    assert {one.weight("offices") for one in found.mentions} == {SURE}
    assert offices(found.mentions[1]) == ["DX推進課"]


@pytest.mark.parametrize("numbers", ["2-1 2-2", "2-1、2-2", "２－１　２－２"])
def test_two_numbers_in_one_cell(numbers: str):
    found = find(tsv(HEAD, ("", numbers, "カードの活用", "情報課、市民課"), ("", "3", "丙の作成", "税務課")))
    assert [(one.initiative.number, one.initiative.group, offices(one)) for one in found.mentions] == [
        ("2-1", "2", ["情報課"]),
        ("2-2", "2", ["市民課"]),
        ("3", None, ["税務課"]),
    ]


def test_a_merged_office_cell_counts_for_every_row():
    rows = (HEAD, ("", "1", "甲の作成", "市民課"), ("", "2", "乙の作成", ""), ("", "3", "丙の作成", "税務課"))
    blocks = tuple(
        Block(n, cells, table=1, spans=((3, Span(1, 2)),) if n == 2 else ())
        for n, cells in enumerate(rows, 1)
    )
    found = recognise(Paper("plan.xlsx", "xlsx", blocks), [])
    assert [(offices(one), one.weight("offices")) for one in found.mentions] == [
        (["市民課"], SURE),
        (["市民課"], SURE),
        (["税務課"], SURE),
    ]
    assert not any(one.initiative.doubts for one in found.mentions)
    assert found.mentions[1].initiative.sources["offices[0].name"].rule == "merged-cell"


def test_two_offices_of_one_number():
    found = find(tsv(HEAD, ("", "1", "甲の作成", "情報課・市民課"), ("", "2", "乙の作成", "DX・行政管理課")))
    assert [offices(one) for one in found.mentions] == [["情報課", "市民課"], ["DX・行政管理課"]]


def test_rows_listed_again_add_a_place():
    text = (
        GOALS
        + tsv(HEAD, ("", "1", "甲の作成", "市民課"), ("", "2", "乙の作成", "税務課"))
        + "\n【基本目標】イ 支える職員 【基本施策】(ア) 仕事の電子化\n\n"
        + tsv(HEAD, ("再掲", "1", "甲の作成", "市民課"), ("", "3", "丙の作成(再掲)", "人事課"))
        + "計画期間：令和6年度～令和8年度\n"
    )
    found = find(text)
    assert [one.alone for one in found.mentions] == [True, True, False, False]
    paper = open_paper(text.encode(), "plan.txt")
    reading = resolve(paper, [found])[0]
    assert [(row.number, [place.path for place in row.placements]) for row in reading.initiatives] == [
        ("1", [("ア", "(イ)"), ("イ", "(ア)")]),
        ("2", [("ア", "(イ)")]),
    ]
    # Listed again, but never listed: nothing is invented, nothing lost.
    assert [piece.text for piece in reading.unplaced] == ["3 丙の作成(再掲)", "人事課"]


@pytest.mark.parametrize(
    ("note", "flag"),
    [
        ("#：前の年度に推進取組であったが運用取組に移行するもの", "moved"),
        ("※「#」は、今年度から新たに始める取組", "new"),
        ("# … 重点的に進める取組", "priority"),
    ],
)
def test_marks_are_explained_below_the_table(note: str, flag: str):
    found = find(tsv(HEAD, ("#", "1", "甲の作成", "市民課"), ("", "2", "乙の作成", "税務課")) + f"\n{note}\n")
    assert [one.initiative.flags for one in found.mentions] == [(flag,), ()]
    assert not found.unplaced


def test_a_mark_that_nothing_explains_is_kept_as_a_piece():
    found = find(tsv(HEAD, ("★", "1", "甲の作成", "市民課")))
    assert found.mentions[0].initiative.flags == ()
    assert [piece.text for piece in found.unplaced] == ["★"]


@pytest.mark.parametrize(
    "heading",
    [
        "[基本目標]ア 便利な窓口 [基本施策](イ) 手続の電子化\n",
        "〈基本目標〉ア　便利な窓口\n\n〈基本施策〉（イ）手続の電子化\n",
        "【基本目標ア】便利な窓口\n【基本施策(イ)】手続の電子化\n",
        "基本目標ア：便利な窓口\n基本施策(イ)　手続の電子化\n",
    ],
)
def test_headings_in_other_dress(heading: str):
    found = find(heading + "\n" + tsv(HEAD, ("", "1", "甲の作成", "市民課")))
    assert [place.path for place in found.mentions[0].initiative.placements] == [("ア", "(イ)")]
    assert [node.title for node in found.nodes] == ["便利な窓口", "手続の電子化"]


def test_an_inner_goal_ends_with_the_outer_one():
    found = find(
        "【柱】1 暮らし\n【施策の方向】1-1 窓口\n"
        + tsv(HEAD, ("", "1", "甲の作成", "市民課"))
        + "\n【柱】2 仕事\n"
        + tsv(HEAD, ("", "2", "乙の作成", "人事課"))
    )
    assert [one.initiative.placements[0].path for one in found.mentions] == [("1", "1-1"), ("2",)]


def test_an_office_one_column_over():
    found = find(
        tsv(
            (*HEAD, *HEAD, ""),
            ("", "1", "甲の作成", "市民課", "", "2", "乙の作成", "", "農業委員会事務局"),
        )
    )
    assert offices(found.mentions[1]) == ["農業委員会事務局"]


def test_a_row_one_column_over():
    found = find(tsv(HEAD, ("", "1", "甲の作成", "市民課"), ("2", "乙の作成", "税務課", "")))
    assert [(one.initiative.number, one.initiative.title, offices(one)) for one in found.mentions] == [
        ("1", "甲の作成", ["市民課"]),
        ("2", "乙の作成", ["税務課"]),
    ]


def test_a_list_goes_on_over_the_page():
    found = find(
        tsv(HEAD, ("", "1", "甲の作成", "市民課")) + "\n- 7 -\n\n" + tsv(("", "2", "乙の作成", "税務課"))
    )
    assert [one.initiative.number for one in found.mentions] == ["1"]
    gap = find(tsv(HEAD, ("", "1", "甲の作成", "市民課")) + "\n" + tsv(("", "2", "乙の作成", "税務課")))
    assert [one.initiative.number for one in gap.mentions] == ["1", "2"]


def test_merged_levels_and_numbers_inside_titles():
    found = find(
        tsv(
            ("基本施策", "", "具体的な取組内容"),
            ("1 情報発信 力の向上", "1-1 交流の推進", "1-1-1 広報の充実"),
            ("", "", "1-1-2 講習の実施"),
            ("", "1-2 内容の充実", "1-2-1 2次元コードの活用"),
            ("2 快適な 町", "2-1 基盤", "2-1-1 先端技術の調査"),
        )
    )
    assert [
        (one.initiative.number, one.initiative.title, one.initiative.placements[0].path)
        for one in found.mentions
    ] == [
        ("1-1-1", "広報の充実", ("1", "1-1")),
        ("1-1-2", "講習の実施", ("1", "1-1")),
        ("1-2-1", "2次元コードの活用", ("1", "1-2")),
        ("2-1-1", "先端技術の調査", ("2", "2-1")),
    ]
    assert found.nodes[0].title == "情報発信力の向上"


def test_a_tree_is_no_list():
    found = find(
        tsv(
            ("基本目標", "基本施策", "個別取組"),
            ("ア 便利な窓口", "(ア)手続の電子化", "具体的な取組"),
            ("", "(イ)情報の発信", ""),
            ("イ 支える職員", "(ア)仕事の電子化", ""),
        )
    )
    assert not found.mentions
    assert [node.path for node in found.nodes] == [
        ("ア",),
        ("ア", "(ア)"),
        ("ア", "(イ)"),
        ("イ",),
        ("イ", "(ア)"),
    ]


@pytest.mark.parametrize(
    "table",
    [
        tsv(("取組No.", "取組名", "取組の目的", "担当課"), ("1", "甲", "市民の便利のため。", "市民課")),
        tsv(("取組名", "担当部署", "令和6年度計画での位置づけ"), ("甲", "市民課", "運用取組へ移行")),
        tsv(("用語", "ページ", "解説"), ("RPA", "4", "くりかえしの仕事を任せるもの。")),
        tsv(("番号", "担当課"), ("1", "市民課")),
        "前計画の検証\n" + tsv(("番号", "取組名", "担当課"), ("1", "甲", "市民課")),
    ],
)
def test_other_tables_are_left_to_others(table: str):
    assert not find(table).mentions
    assert not find(table).claimed or "位置づけ" in table


def test_claimed_blocks_are_left():
    paper = open_paper(tsv(HEAD, ("", "1", "甲の作成", "市民課")).encode(), "plan.txt")
    assert not recognise(paper, [Found(claimed={0, 1})]).mentions


def test_what_became_of_an_initiative():
    found = find(
        tsv(
            ("取組名", "担当部署", "位置づけ"),
            ("①文書の仕組みの導入", "総務課", "運用取組へ移行 移行後の取組名： 文書の仕組みの運用"),
        )
        + "「窓口の試行」は、本年度から「窓口の予約」に名称を変更しました。\n"
    )
    assert [(move.old, move.new, move.kind) for move in found.moves] == [
        ("文書の仕組みの導入", "文書の仕組みの運用", "operate"),
        ("窓口の試行", "窓口の予約", None),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ア 便利な窓口", ("ア", "便利な窓口")),
        ("（ア）便利な窓口", ("(ア)", "便利な窓口")),
        ("１－１ 便利な窓口", ("1-1", "便利な窓口")),
        ("① 便利な窓口", ("①", "便利な窓口")),
        ("Ⅱ 便利な窓口", ("Ⅱ", "便利な窓口")),
        ("5年計画の策定", ("", "5年計画の策定")),
        ("便利な窓口", ("", "便利な窓口")),
    ],
)
def test_codes(text: str, expected: tuple[str, str]):
    assert coded(text) == expected


CELLS = st.one_of(
    st.just(""),
    st.integers(1, 30).map(str),
    st.sampled_from(["2-1 2-2", "新規", "再掲", "#", "★", "-", "推進取組", "運用取組", "【新規】"]),
    st.text("甲乙丙丁戊己庚辛", min_size=2, max_size=6).map(lambda word: f"{word}の運用"),
    st.text("松竹梅桜椿", min_size=1, max_size=3).map(lambda word: f"{word}課"),
)
LINES = st.sampled_from(
    [
        "",
        "#：移行するもの",
        "【基本目標】ア 便利な窓口 【基本施策】(イ) 手続",
        "推進取組",
        "計画期間：令和6年度～令和8年度",
    ]
)


@settings(max_examples=75, deadline=None)
@given(
    st.lists(
        st.tuples(
            LINES,
            st.integers(1, 2),
            st.lists(st.lists(CELLS, min_size=2, max_size=9), min_size=1, max_size=6),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_list_is_read_whole_or_refused(parts: list[tuple[str, int, list[list[str]]]]):
    text = "みほん市計画\n計画期間：令和6年度～令和8年度\n"
    for line, lists, rows in parts:
        text += f"{line}\n" + tsv(HEAD * lists, *map(tuple, rows)) + "\n"
    paper = open_paper(text.encode(), "plan.txt")
    found = recognise(paper, [])
    try:
        readings = resolve(paper, [found])
    except Unreadable:
        assert not any(one.alone for one in found.mentions)
        return
    kept = squeeze("".join(dumps(to_document(one, "152064", "みほん市")) for one in readings))
    titles = {
        cell for _, _, rows in parts for row in rows for cell in row if cell.endswith(("の運用", "課", "★"))
    }
    assert {title for title in titles if title not in kept} == set()
    # Whatever is asserted of an office was printed beside its row.
    for one in found.mentions:
        assert all(office.doubtful for office in one.initiative.offices) or one.weight("offices") > GUESSED


def _words(text: str) -> str:
    for old, new in (
        ("取組No.", "事業番号"),
        ("取組 No.", "No"),
        ("取組名", "事業名"),
        ("担当部署", "所管課"),
    ):
        text = text.replace(old, new)
    return text


def _order(text: str) -> str:
    """Office before title in every list."""
    lines = []
    for line in text.split("\n"):
        cells = line.split("\t")
        if len(cells) >= 4 and "推進取組" not in cells and "運用取組" not in cells:
            for at in range(0, len(cells) - 3, 4):
                cells[at + 2], cells[at + 3] = cells[at + 3], cells[at + 2]
        lines.append("\t".join(cells))
    return "\n".join(lines)


def _wide_digits(text: str) -> str:
    return re.sub(
        r"(?<=\t)[0-9]{1,2}(?=\t)",
        lambda hit: hit[0].translate({48 + n: 0xFF10 + n for n in range(10)}),
        text,
    )


def _brackets(text: str) -> str:
    return (
        text.replace("【", "〔")
        .replace("】", "〕")
        .replace("再掲\t", "(再掲)\t")
        .replace("新規\t", "【新規】\t")
    )


def _no_flags(text: str) -> str:
    return text.replace("新規再掲\t", "\t").replace("新規 再掲\t", "\t")


@pytest.mark.plans
@pytest.mark.parametrize("altered", [_words, _order, _wide_digits, _brackets])
def test_altered_copies_of_a_published_overview(altered: Callable[[str], str]):
    text = document("shibukawa.txt").decode()
    begin, end = text.index("4 実施計画\n\n(1)"), text.index("5 個別取組の取組結果（令和5年度）\n\n令和")
    text = text[:begin] + altered(text[begin:end]) + text[end:]
    paper = open_paper(text.encode(), "plan.txt")
    reading = resolve(paper, [recognise(paper, [])])[0]
    read = {(row.kind or "", row.number): row.title for row in reading.initiatives}
    with (Path(__file__).parent / "expected" / "shibukawa_rows.csv").open(encoding="utf-8") as file:
        expected = {(row["kind"], row["number"]): row["title"] for row in csv.DictReader(file)}
    right = sum(_alike(read.get(key, ""), title) for key, title in expected.items())
    invented = len(reading.initiatives) - len(set(read) & set(expected))
    assert right - invented >= 0.93 * len(expected), (right, invented)
    assert sum(len(row.placements) > 1 for row in reading.initiatives) == 10


def _alike(one: str, other: str) -> bool:
    first, second = ("".join(unicodedata.normalize("NFKC", text).split()) for text in (one, other))
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= 0.9
