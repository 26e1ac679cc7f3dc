"""Traces of another markup that text tools leave in lines and cells."""

from __future__ import annotations

import pytest

from yakuba.services.plan.reading.blocks import Block
from yakuba.services.plan.reading.containers.markup import cleaned, cleaned_cell
from yakuba.services.plan.reading.containers.text import read

_UL = '<ul style="list-style-type: none">'


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("<p>窓口を変える。</p> <p>なお、急がない。</p>", "窓口を変える。\nなお、急がない。"),
        ("一行目<br>二行目<br/>三行目", "一行目\n二行目\n三行目"),
        (f"{_UL} 予約を始める。 件数を増やす。 ", "・予約を始める。\n・件数を増やす。"),
        (f"{_UL} 地図の種類 写真の種類の数 ", "・地図の種類\n・写真の種類の数"),
        (f"{_UL} 予約 を 始める ", "予約 を 始める"),
        (f"{_UL} 予約の件数 ", "予約の件数"),
        (
            f"【主な取組】{_UL} ①予約の開始 ②件数の公開 ・ 毎月",
            "【主な取組】\n①予約の開始\n②件数の公開\n・ 毎月",
        ),
        ("<ul><li>予約の開始</li><li>②公開</li></ul>以上", "・予約の開始\n②公開\n以上"),
        ("<ol><li>予約</li><li>公開</li></ol>", "(1) 予約\n(2) 公開"),
        (
            f"<u>1.窓口</u> {_UL} ・予約 ・公開 <u>2.地図</u> {_UL} ・写真",
            "1.窓口\n・予約\n・公開\n2.地図\n・写真",
        ),
        ("ここは<u>大切</u>です", "ここは大切です"),
        ('<input checked="" type="checkbox"/> 市民 <input type="checkbox"/> 庁内', "■ 市民 □ 庁内"),
        ('<input type="checkbox" checked> 市民', "■ 市民"),
        ("情報^{※9}の見本^(*)と地図(*)、写真<sup>※2</sup>", "情報の見本と地図、写真"),
        ("職員の情報力 ^(*) 向上", "職員の情報力向上"),
        ("AED(*) の場所", "AED の場所"),
        ("面積は20km^{2}です", "面積は20km2です"),
        ("x^{n+1}", "x^{n+1}"),
        ("- ✓ **原則**を定める", "- ✓ 原則を定める"),
        ("開く**(地図を含む)", "開く(地図を含む)"),
        ("2**3", "2**3"),
        ("研究&amp;開発&nbsp;費", "研究&開発\xa0費"),
        ("R&D", "R&D"),
        ("&lt;p&gt;と書く", "<p>と書く"),
        ("<目指す姿>", "<目指す姿>"),
        ("<検討・実施事項> 5 < 6", "<検討・実施事項> 5 < 6"),
    ],
)
def test_traces_are_cleaned_and_nothing_else(printed: str, text: str):
    assert cleaned_cell(printed) == (text, "")


def test_struck_words_are_kept_apart():
    assert cleaned_cell("<del>令和5年</del>令和6年") == ("令和6年", "令和5年")
    row = cleaned([Block(3, ("1", "<s>旧</s>新", "他"), table=1)])[0]
    assert (row.cells, row.struck) == (("1", "新", "他"), ((1, "旧"),))


def test_lines_cells_and_their_numbers_stay():
    text = "見本\n番号\t<p>題名</p>\t\n1\t予約<br>公開\t○\n\n| 番号 | 題名 |\n|---|:--:|\n| 1 | **予約** |\n終わり\n"
    blocks = read(text.encode(), "mihon.txt").blocks
    assert [block.line for block in blocks] == list(range(1, 10))
    assert [block.cells for block in blocks[:4]] == [
        ("見本",),
        ("番号", "題名", ""),
        ("1", "予約\n公開", "○"),
        ("",),
    ]
    assert [block.cells for block in blocks[4:7]] == [("番号", "題名"), ("", ""), ("1", "予約")]
    assert [block.table for block in blocks] == [0, 1, 1, 0, 2, 2, 2, 0, 0]


def test_a_line_of_bars_that_is_no_table_stays():
    assert cleaned([Block(1, ("|x|",))])[0].cells == ("|x|",)
    assert cleaned([Block(1, ("a | b",))])[0].cells == ("a | b",)


@pytest.mark.parametrize("piece", ["<ul ", "<p>", "**", "^{", "&amp", "<s>", "<li>a ", "(*", " " * 50 + "^("])
def test_hostile_cells_take_time_in_proportion(piece: str):
    cleaned_cell(piece * (400_000 // len(piece)))
