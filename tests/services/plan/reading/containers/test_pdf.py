"""PDF with a text layer: lines, paragraphs, columns, ruled tables, what stands at the edge of pages."""

from __future__ import annotations

import pytest

from tests.services.plan.reading import samples
from tests.services.plan.reading.containers.printing import printed
from tests.services.plan.reading.containers.test_hostile_pdf import pdf, simple, stream
from tests.services.plan.reading.published import paper_of, readings
from yakuba.kernel.pdf import render
from yakuba.services.plan.reading import Reading
from yakuba.services.plan.reading.blocks import Block, Paper, Span
from yakuba.services.plan.reading.containers import open_paper
from yakuba.services.plan.reading.reader import readings_of
from yakuba.services.plan.reading.wording import squeeze


def read(source: str) -> Paper:
    return open_paper(render(source, title="題"), "計画.pdf")


def texts(paper: Paper) -> list[str]:
    return [block.text for block in paper.blocks if not block.table]


def rows(paper: Paper) -> list[tuple[str, ...]]:
    return [block.cells for block in paper.blocks if block.table]


LONG = "この文章は長いので一行には収まらず、次の行へ続けて印刷されますが、読むときにはひと続きの文章でなければなりません。"


# --- text ---------------------------------------------------------------------------------------------------------


def test_a_wrapped_paragraph_is_one_block() -> None:
    assert texts(read(f"{LONG}{LONG}\n\n次の段落です。")) == [LONG + LONG, "次の段落です。"]


def test_an_indented_paragraph_begins_anew() -> None:
    full = "あ" * 46 * 2  # two full lines, so that only the indent tells
    paper = read(f"#set par(spacing: 0.8em, first-line-indent: (amount: 1em, all: true))\n{full}\n\n{full}")
    assert texts(paper) == [full, full]


@pytest.mark.parametrize(
    "mark", ["・", "●", "◆", "①", "(1)", "（１）", "ア ", "第2章 ", "1-1 ", "2-3-2", "【重点】", "※"]
)
def test_a_list_mark_begins_anew(mark: str) -> None:
    from yakuba.kernel.pdf import escape

    full = "い" * 46
    paper = read(f"{full}#linebreak(){escape(mark + '次の項目です。')}")
    assert texts(paper) == [full, f"{mark}次の項目です。"]


def test_a_heading_stands_alone_and_keeps_its_level() -> None:
    paper = read(f"= 第1章 計画の目的\n{LONG}\n== 背景\n{LONG}")
    assert [(block.text, block.level) for block in paper.blocks] == [
        ("第1章 計画の目的", 1),
        (LONG, 0),
        ("背景", 2),
        (LONG, 0),
    ]


def test_letters_spread_over_a_cell_are_one_word() -> None:
    paper = read(
        "#table(columns: 2, [担#h(1.5em)当#h(1.5em)課], [企#h(1em)画#h(1em)課], [氏名 住所], [い ろ])"
    )
    assert rows(paper) == [("担当課", "企画課"), ("氏名 住所", "いろ")]


def test_latin_words_keep_their_blanks() -> None:
    assert texts(read("DX 推進の KPI は Web site の 12.5 % です。")) == [
        "DX 推進の KPI は Web site の 12.5 % です。"
    ]


def test_two_columns_are_read_one_after_the_other() -> None:
    left, right = LONG * 2, "右の段の文章です。" * 14
    paper = read(f"= 見出し\n#columns(2)[{left} #colbreak() {right}]\n\n#v(2em)全幅の文章。")
    assert texts(paper) == ["見出し", left, right, "全幅の文章。"]


def test_labels_before_values_are_no_columns() -> None:
    lines = ["目的", "期間", "担当", "予算", "効果"]
    source = (
        "#grid(columns: (7cm, 1fr), row-gutter: 1em, "
        + ", ".join(f"[{one}], [{one}の説明]" for one in lines)
        + ")"
    )
    assert texts(read(source)) == [f"{one} {one}の説明" for one in lines]


def test_furigana_is_left_out_with_a_remark() -> None:
    paper = read(
        "#box(stack(dir: ttb, spacing: 1pt, align(center, text(size: 5pt)[やくば]), [役場]))#box[で手続をします。]"
    )
    assert texts(paper) == ["役場で手続をします。"]
    assert any("ふりがな" in remark for remark in paper.remarks)


def test_turned_text_is_not_garbled() -> None:
    paper = read("横の文章です。\n\n#rotate(90deg, reflow: true)[縦に回した文章です。]")
    assert set(texts(paper)) == {"横の文章です。", "縦に回した文章です。"}


def test_a_page_on_its_side_is_read_upright() -> None:
    whole = render("= 計画\n横向きのページです。", title="題")
    assert b"/MediaBox[" in whole or b"/MediaBox [" in whole
    turned = whole.replace(b"/Type/Page/", b"/Type/Page/Rotate 90/", 1)
    if turned == whole:
        turned = whole.replace(b"/Type /Page\n", b"/Type /Page /Rotate 90\n", 1)
    assert turned != whole
    paper = open_paper(turned, "a.pdf")
    assert {"計画", "横向きのページです。"} <= set(texts(paper))


# --- tables -------------------------------------------------------------------------------------------------------


def test_a_ruled_table_with_merged_cells() -> None:
    paper = read(
        """
        #table(columns: (1fr, 3cm, 1fr, 3cm),
          [区分], [取組], [内容], [担当課],
          table.cell(rowspan: 2)[窓口], [予約], [待ち時間を減らします。], [市民課],
          table.cell(colspan: 2)[決済], table.cell(rowspan: 2)[会計課],
          [内部], [自動化], [作業を減らします。])
        """
    )
    assert rows(paper) == [
        ("区分", "取組", "内容", "担当課"),
        ("窓口", "予約", "待ち時間を減らします。", "市民課"),
        ("", "決済", "", "会計課"),
        ("内部", "自動化", "作業を減らします。", ""),
    ]
    assert [block.spans for block in paper.blocks] == [
        (),
        ((0, Span(1, 2)),),
        ((1, Span(2, 1)), (3, Span(1, 2))),
        (),
    ]
    assert {block.table for block in paper.blocks} == {1}


def test_wrapped_cells_are_joined_and_ended_lines_kept() -> None:
    cell = "申請書を書かずに手続ができる窓口を設け、待つ時間を減らします。"
    paper = read(
        f"#table(columns: (4cm, 2.2cm, 4cm), [{cell}], [DX推進課 #linebreak() 市民課], [・受付 #linebreak() ・案内])"
    )
    assert rows(paper) == [(cell, "DX推進課\n市民課", "・受付\n・案内")]


def test_a_table_without_sides_keeps_its_outer_columns() -> None:
    source = "#table(columns: 3, stroke: (x, y) => (top: 0.5pt, bottom: 0.5pt, left: if x > 0 { 0.5pt }), [指標], [現状], [目標], [利用率], [20%], [50%])"
    assert rows(read(source)) == [("指標", "現状", "目標"), ("利用率", "20%", "50%")]


def test_dotted_lines_rule_a_table() -> None:
    dots = [(x, y) for y in (500, 540, 580) for x in range(100, 301, 3)]
    dots += [(x, y) for x in (100, 200, 300) for y in range(500, 581, 3)]
    content = b"".join(b"%d %d 1 1 re f\n" % dot for dot in dots)
    for x, y, word in ((110, 560, b"year"), (210, 560, b"goal"), (110, 520, b"2024"), (210, 520, b"30")):
        content += b"BT /F 10 Tf %d %d Td (%s) Tj ET\n" % (x, y, word)
    paper = open_paper(pdf(simple(stream(content))), "a.pdf")
    assert rows(paper) == [("year", "goal"), ("2024", "30")]


def test_a_word_set_down_a_cell_is_one_word() -> None:
    paper = read("#table(columns: (3cm, 3cm), [基#linebreak()本#linebreak()目#linebreak()標], [窓口])")
    assert rows(paper) == [("基本目標", "窓口")]


def test_raised_and_lowered_letters_stay_in_their_line() -> None:
    assert texts(read("CO#sub[2]の削減#super[※1]を進めます。")) == ["CO2の削減※1を進めます。"]
    assert texts(read("削減#super[※1]とCO#sub[2]を進めます。")) == ["削減※1とCO2を進めます。"]


def test_a_frame_is_no_table() -> None:
    paper = read("#rect(width: 8cm)[囲みの中の文章です。]\n\n#underline[下線のある文章]です。")
    assert texts(paper) == ["囲みの中の文章です。", "下線のある文章です。"]


def test_text_and_tables_come_in_their_order() -> None:
    paper = read(
        "前の文章。\n#table(columns: 2, [一], [二])\n間の文章。\n#table(columns: 2, [三], [四])\n後の文章。"
    )
    assert [block.cells for block in paper.blocks] == [
        ("前の文章。",), ("一", "二"), ("間の文章。",), ("三", "四"), ("後の文章。",),
    ]  # fmt: skip
    assert [block.table for block in paper.blocks] == [0, 1, 0, 2, 0]
    assert [block.line for block in paper.blocks] == [1, 2, 3, 4, 5]


def test_text_that_runs_over_its_cell_stays_in_it() -> None:
    paper = read("#table(columns: (1.8cm, 3cm), [148,250.25], [次の列です])")
    assert rows(paper) == [("148,250.25", "次の列です")]


def test_a_table_goes_on_over_the_page() -> None:
    cells = ", ".join(f"[{number}], [取組{number}の内容です。]" for number in range(60))
    paper = read(f"#table(columns: (2cm, 1fr), {cells})")
    assert len({block.part for block in paper.blocks}) > 1
    assert {block.table for block in paper.blocks} == {1}
    assert [cells[0] for cells in rows(paper)] == [str(number) for number in range(60)]


def test_another_table_on_the_next_page_is_another() -> None:
    paper = read(
        "#table(columns: (2cm, 1fr), [一], [二])\n#pagebreak()\n#table(columns: (5cm, 1fr), [三], [四])"
    )
    assert [block.table for block in paper.blocks] == [1, 2]


def test_a_row_that_the_page_cuts_is_one_row() -> None:
    paper = read(f"#v(22cm)\n#table(columns: (1cm, 3cm, 6cm), [7], [取組], [{LONG * 3}])")
    assert [block.part for block in paper.blocks] == ["1"]
    assert rows(paper) == [("7", "取組", LONG * 3)]


def test_a_cut_row_is_one_row_though_the_rows_below_have_more_columns() -> None:
    points = " #linebreak() ".join(f"・取組の{number}番目の内容" for number in range(9))
    paper = read(
        f"""
        #v(20.5cm)
        #table(columns: (2cm, 1fr, 1fr, 1fr), [番号], table.cell(colspan: 3)[1],
          [内容], table.cell(colspan: 3)[施策の内容を次に並べます #linebreak() {points}],
          [年度], [令和6年度], [令和7年度], [令和8年度])
        """
    )
    assert {block.part for block in paper.blocks} == {"1", "2"}
    assert len({block.table for block in paper.blocks}) == 1
    filled = [tuple(cell for cell in cells if cell) for cells in rows(paper)]
    assert [cells[0] for cells in filled] == ["番号", "内容", "年度"]
    assert filled[1][1].split("\n") == [
        "施策の内容を次に並べます",
        *[f"・取組の{n}番目の内容" for n in range(9)],
    ]


# --- pages --------------------------------------------------------------------------------------------------------


def test_what_repeats_at_the_edge_is_left_out_with_a_remark() -> None:
    source = "#set page(header: [みほん市 情報化推進計画], numbering: none, footer: context align(center)[- #counter(page).display() -])\n"
    paper = read(source + "#pagebreak()\n".join(f"= 章{number}\n本文{number}です。" for number in range(4)))
    assert texts(paper) == [text for number in range(4) for text in (f"章{number}", f"本文{number}です。")]
    assert any("みほん市" in remark for remark in paper.remarks)
    assert [block.part for block in paper.blocks] == ["1", "1", "2", "2", "3", "3", "4", "4"]


def test_a_title_on_two_pages_stays() -> None:
    paper = read(
        "#set page(numbering: none)\n" + "#pagebreak()\n".join(["みほん市計画\n\n#v(1cm)\n本文です。"] * 2)
    )
    assert texts(paper).count("みほん市計画") == 2


def test_the_kind_is_told_by_the_bytes() -> None:
    whole = render("計画です。", title="題")
    assert open_paper(whole, "計画.txt").container == "pdf"
    assert open_paper(b"\r\n\r\n" + whole, "計画.pdf").blocks[0].text == "計画です。"


def test_the_same_bytes_give_the_same_paper() -> None:
    whole = render(f"= 計画\n{LONG}\n#table(columns: 2, [一], [二])", title="題")
    assert open_paper(whole, "a.pdf") == open_paper(whole, "a.pdf")


# --- plans --------------------------------------------------------------------------------------------------------


def facts(reading: Reading) -> list[tuple[object, ...]]:
    """What a reading says of each initiative, compared without blanks."""
    found: list[tuple[object, ...]] = []
    for one in reading.initiatives:
        found += [
            (one.year, one.kind, one.number, squeeze(one.title), one.flags),
            *((one.number, "placement", placement.path) for placement in one.placements),
            *((one.number, "office", office.name) for office in one.offices),
            *(
                (one.number, name, squeeze(text if isinstance(text, str) else "".join(text)))
                for name, text in sorted(one.texts.items())
            ),
        ]
        for indicator in one.indicators:
            found.append((one.number, squeeze(indicator.name)))
            found += [(one.number, value.kind, value.year, squeeze(value.raw)) for value in indicator.values]
    return found


@pytest.mark.parametrize("merged", [0, 2])
@pytest.mark.parametrize("text", [samples.TWO_PAGES, samples.REORDERED, samples.MERGED])
def test_an_invented_plan_reads_as_its_text_does(text: str, merged: int) -> None:
    paper = open_paper(text.encode(), "計画.txt")
    again = open_paper(printed(paper, merged=merged), "計画.pdf")
    assert facts(readings_of(again)[0]) == facts(readings_of(paper)[0])


@pytest.mark.slow
@pytest.mark.plans
@pytest.mark.parametrize(
    ("name", "merged"),
    [("shibata.txt", 2), ("fujioka.txt", 0), ("oyama.txt", 0), ("ryugasaki.txt", 0)],
)
def test_a_real_plan_reads_as_its_text_does(name: str, merged: int) -> None:
    paper = paper_of(name)
    again = open_paper(printed(paper, merged=merged), "計画.pdf")
    expected = [fact for reading in readings(name) for fact in facts(reading)]
    found = [fact for reading in readings_of(again) for fact in facts(reading)]
    wrong = [fact for fact in expected if fact not in found] + [
        fact for fact in found if fact not in expected
    ]
    print(len(expected), "facts,", len(wrong), "differ:", *wrong[:20], sep="\n")
    assert len(expected) > 100
    assert len(wrong) <= 0.03 * len(expected)


def test_blocks_have_no_blank_texts() -> None:
    paper = read("= 計画\n#table(columns: 2, [一], [], [二], [三])")
    assert Block(2, ("一", ""), "1", 1) in paper.blocks
    assert all(block.table or block.text for block in paper.blocks)
