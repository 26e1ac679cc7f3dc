"""Word documents to blocks: what the pages print, numbers that Word counts itself, and what was changed."""

from __future__ import annotations

import io

import docx
import pytest

from tests.services.plan.reading import samples
from tests.services.plan.reading.containers import office
from tests.services.plan.reading.containers.facts import share_right
from tests.services.plan.reading.containers.office import paragraph
from tests.services.plan.reading.published import document, paper_of, readings
from yakuba.services.plan.reading import read_document
from yakuba.services.plan.reading.blocks import Block, Span
from yakuba.services.plan.reading.containers import open_paper
from yakuba.services.plan.reading.reader import readings_of


def blocks(body: str, **more: str) -> list[Block]:
    return list(open_paper(office.raw_document(body, **more), "計画.docx").blocks)


def texts(body: str, **more: str) -> list[str]:
    return [block.text for block in blocks(body, **more)]


def row(*cells: str) -> str:
    made = "".join(cell if cell.startswith("<w:tc>") else f"<w:tc>{paragraph(cell)}</w:tc>" for cell in cells)
    return f"<w:tr>{made}</w:tr>"


def test_headings_lists_and_tables_in_order():
    made = docx.Document()
    made.add_heading("第1章 目的", 1)
    made.add_heading("背景", 2)
    made.add_paragraph("本文です。")
    for text in ("一つ目", "二つ目"):
        made.add_paragraph(text, style="List Number")
    made.add_paragraph("点", style="List Bullet")
    table = made.add_table(3, 4)
    for y, line in enumerate(table.rows):
        for x, cell in enumerate(line.cells):
            cell.text = f"{y}{x}"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "実績"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "区分"
    made.add_paragraph("終わり")
    out = io.BytesIO()
    made.save(out)
    read = open_paper(out.getvalue(), "計画.docx").blocks
    assert [(block.line, block.cells, block.level, block.table) for block in read] == [
        (1, ("第1章 目的",), 1, 0),
        (2, ("背景",), 2, 0),
        (3, ("本文です。",), 0, 0),
        (4, ("1. 一つ目",), 0, 0),
        (5, ("2. 二つ目",), 0, 0),
        (6, ("・点",), 0, 0),
        (7, ("00", "実績", "", "03"), 0, 1),
        (8, ("区分", "11", "12", "13"), 0, 1),
        (9, ("", "21", "22", "23"), 0, 1),
        (10, ("終わり",), 0, 0),
    ]
    assert read[6].spans == ((1, Span(2, 1)),)
    assert read[7].spans == ((0, Span(1, 2)),)


def test_tracked_changes_are_new_and_old_words():
    read = blocks(
        paragraph(
            "対象を",
            "<w:del><w:r><w:delText>3</w:delText></w:r></w:del>",
            "<w:ins><w:r><w:t>5</w:t></w:r></w:ins>",
            "施設に",
            "<w:r><w:rPr><w:strike/></w:rPr><w:t>試行</w:t></w:r>",
            "<w:r><w:rPr><w:dstrike/></w:rPr><w:t>する</w:t></w:r>",
            '<w:r><w:rPr><w:strike w:val="0"/></w:rPr><w:t>広げる</w:t></w:r>',
        )
        + "<w:tbl>"
        + row("1", "予約")
        + f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{paragraph('2')}</w:tc><w:tc>{paragraph('廃止')}</w:tc></w:tr>"
        + "</w:tbl>"
    )
    assert read[0].text == "対象を5施設に広げる"
    assert read[0].struck == ((0, "3 試行する"),)
    assert (read[1].cells, read[1].struck) == (("1", "予約"), ())
    assert (read[2].cells, read[2].struck) == (("", ""), ((0, "2"), (1, "廃止")))


def test_a_style_may_strike_and_a_run_may_take_it_back():
    styles = '<w:style w:type="paragraph" w:styleId="S"><w:rPr><w:strike/></w:rPr></w:style>'
    (read,) = blocks(
        paragraph(
            "旧",
            '<w:r><w:rPr><w:strike w:val="false"/></w:rPr><w:t>新</w:t></w:r>',
            properties='<w:pStyle w:val="S"/>',
        ),
        styles=styles,
    )
    assert (read.text, read.struck) == ("新", ((0, "旧"),))


def numbered(text: str, depth: int = 0, number: str = "1") -> str:
    return paragraph(
        text, properties=f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    )


def levels(*said: tuple[str, str]) -> str:
    made = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(said)
    )
    return f'<w:abstractNum w:abstractNumId="0">{made}</w:abstractNum>'


def test_numbers_that_word_counts():
    lists = (
        levels(("decimalFullWidth", "第%1章"), ("decimal", "%1.%2"), ("aiueoFullWidth", "(%3)"))
        + '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    body = (
        numbered("目的")
        + numbered("背景", 1)
        + numbered("位置付け", 1)
        + numbered("市の", 2)
        + numbered("町の", 2)
        + numbered("取組")
        + numbered("窓口", 1)
        + numbered("", 1)
        + numbered("庁内", 1)
    )
    assert [text for text in texts(body, numbering=lists) if text] == [
        "第１章 目的",
        "１.1 背景",
        "１.2 位置付け",
        "(ア) 市の",
        "(イ) 町の",
        "第２章 取組",
        "２.1 窓口",
        "２.2 庁内",
    ]


@pytest.mark.parametrize(
    ("form", "printed"),
    [
        ("decimal", ["1", "2", "3"]),
        ("decimalEnclosedCircle", ["①", "②", "③"]),
        ("decimalZero", ["01", "02", "03"]),
        ("aiueo", ["ア", "イ", "ウ"]),
        ("irohaFullWidth", ["イ", "ロ", "ハ"]),
        ("upperRoman", ["I", "II", "III"]),
        ("lowerLetter", ["a", "b", "c"]),
        ("japaneseCounting", ["一", "二", "三"]),
        ("ideographTraditional", ["甲", "乙", "丙"]),
        ("unheardOf", ["1", "2", "3"]),
    ],
)
def test_ways_of_counting(form: str, printed: list[str]):
    lists = levels((form, "%1")) + '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    assert texts(numbered("x") * 3, numbering=lists) == [f"{one} x" for one in printed]


def test_lists_of_one_definition_go_on_unless_they_begin_anew():
    lists = (
        levels(("decimal", "(%1)"))
        + '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        + '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        "</w:lvlOverride></w:num>"
    )
    body = (
        numbered("a") + numbered("b") + numbered("c", 0, "2") + numbered("d", 0, "2") + numbered("e", 0, "9")
    )
    assert texts(body, numbering=lists) == ["(1) a", "(2) b", "(1) c", "(2) d", "e"]


def test_text_boxes_footnotes_and_comments():
    box = (
        '<w:r><mc:AlternateContent xmlns:mc="u:mc"><mc:Choice><w:drawing><wps:txbx xmlns:wps="u:w"><w:txbxContent>'
        f"{paragraph('囲みの文')}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>"
        f"<w:txbxContent>{paragraph('囲みの文')}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    said = '<w:r><w:commentReference w:id="7"/></w:r>'
    footnotes = (
        f'<w:footnote w:id="0" w:type="separator">{paragraph("――")}</w:footnote>'
        f'<w:footnote w:id="2">{paragraph("言葉の説明")}</w:footnote>'
    )
    cell = f"<w:tc>{paragraph('b', note)}</w:tc>"
    comments = f'<w:comment w:id="7">{paragraph("確かめる")}</w:comment>'
    read = blocks(
        paragraph("本文", note, said, box) + f"<w:tbl>{row('a', cell)}</w:tbl>",
        footnotes=footnotes,
        comments=comments,
    )
    assert [(block.line, block.cells) for block in read] == [
        (1, ("本文",)),
        (2, ("囲みの文",)),
        (3, ("(注) 言葉の説明",)),
        (4, ("a", "b")),
        (5, ("(注) 言葉の説明",)),
    ]
    assert read[0].notes == ((0, "確かめる"),)


def test_letters_as_printed():
    ruby = (
        "<w:r><w:ruby><w:rt><w:r><w:t>たんとう</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>担当</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    )
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDEAUTO c:\\cmd.exe "/k calc"</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>12</w:t></w:r>'
    )
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>控え</w:t></w:r>"
    read = blocks(
        paragraph(ruby, "課")
        + paragraph("計", field, "件")
        + paragraph("上", "<w:r><w:br/></w:r>", "下", '<w:r><w:br w:type="page"/></w:r>')
        + f"<w:sdt><w:sdtContent>{paragraph('欄の中')}</w:sdtContent></w:sdt>"
        + paragraph(hidden)
    )
    assert [block.text for block in read] == ["担当課", "計12件", "上\n下", "欄の中", "控え"]
    assert [block.hidden for block in read] == [False, False, False, False, True]


def test_columns_that_only_rule_are_no_columns_and_tables_in_cells_are_lines():
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="3"/></w:tcPr>%s</w:tc>'
    inner = f"<w:tc><w:tbl>{row('内1', '内2')}{row('内3', '内4')}</w:tbl>{paragraph('後')}</w:tc>"
    read = blocks(
        "<w:tbl>" + row("a", wide % paragraph("b"), "c") + row("1", wide % paragraph("2"), inner) + "</w:tbl>"
    )
    assert [block.cells for block in read] == [("a", "b", "c"), ("1", "2", "内1 内2\n内3 内4\n後")]
    assert all(block.spans == () for block in read)


def same(data: bytes, read: bytes) -> float:
    return share_right(read_document(data, "plan.txt"), read_document(read, "plan.docx"))


def test_the_wide_table_as_a_word_document_with_a_table_per_group():
    data = samples.TWO_PAGES.encode()
    before, rows = office.tables(data)
    assert same(data, office.as_word(before, office.by_level(rows, 1), (1, 2))) == 1.0


@pytest.mark.plans
def test_a_real_wide_table_as_a_word_document_with_a_table_per_group():
    data = document("shibata.txt")
    before, rows = office.tables(data)
    assert same(data, office.as_word(before, office.by_level(rows, 1), (1, 2))) >= 0.97


@pytest.mark.plans
@pytest.mark.parametrize("name", ["shibukawa", "shibata", "oyama", "ryugasaki", "fujioka"])
def test_real_documents_say_the_same_as_word_documents(name: str):
    printed = paper_of(f"{name}.txt")
    read = open_paper(office.word_of(printed), "plan.docx")
    expected, found = readings(f"{name}.txt"), readings_of(read)
    assert len(found) == len(expected)
    assert min(share_right(one, other) for one, other in zip(expected, found, strict=True)) >= 0.97
