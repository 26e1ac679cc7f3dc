"""Excel workbooks to blocks: what an office sees on the sheet, and what it struck, hid and remarked."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from tests.services.plan.reading import samples
from tests.services.plan.reading.containers import office
from tests.services.plan.reading.containers.facts import share_right
from tests.services.plan.reading.published import document, paper_of, readings
from yakuba.services.plan.reading import read_document
from yakuba.services.plan.reading.blocks import Block, Paper, Span
from yakuba.services.plan.reading.containers import open_paper
from yakuba.services.plan.reading.containers.formats import shown, shown_text
from yakuba.services.plan.reading.reader import readings_of

STRIKE = InlineFont(strike=True)


def sheet() -> Worksheet:
    made = Workbook().active
    assert isinstance(made, Worksheet)
    made.title = "情報課"
    return made


def paper(made: Worksheet) -> Paper:
    out = io.BytesIO()
    assert made.parent is not None
    made.parent.save(out)
    return open_paper(out.getvalue(), "計画.xlsx")


def printed(made: Worksheet) -> list[tuple[int, tuple[str, ...]]]:
    return [(block.line, block.cells) for block in paper(made).blocks]


@pytest.mark.parametrize(
    ("raw", "code", "text"),
    [
        ("12", "General", "12"),
        ("0.1", "General", "0.1"),
        ("0.30000000000000004", "General", "0.3"),
        ("1E3", "General", "1000"),
        ("123456789012", "General", "123456789012"),
        ("0.3333333333333333", "General", "0.33333333333"),
        ("-5", "General", "-5"),
        ("1234567.5", "#,##0", "1,234,568"),
        ("999", "#,##0", "999"),
        ("-1234.5", "#,##0.0;[Red]△#,##0.0", "△1,234.5"),
        ("-3", "0", "-3"),
        ("-0.2", "0", "0"),
        ("0", '0;-0;"―"', "―"),
        ("0.995", "0.0%", "99.5%"),
        ("0.5", "0%", "50%"),
        ("1045", '#,##0"件"', "1,045件"),
        ("30", '"約"0"人"', "約30人"),
        ("12", "0件", "12件"),
        ("7", "000", "007"),
        ("2.50", "0.##", "2.5"),
        ("1234567", '#,##0,"千円"', "1,235千円"),
        ("12345", "0.00E+00", "1.23E+04"),
        ("1200", '"¥"#,##0_ ', "¥1,200"),
        ("1200", "[$¥-411]#,##0", "¥1,200"),
        ("50", '[>=100]"多い";"少ない"', "少ない"),
        ("45380", "yyyy/m/d", "2024/3/29"),
        ("45380", '[$-411]ggge"年"m"月"d"日"', "令和6年3月29日"),
        ("45380", "[$-411]ge.m.d", "R6.3.29"),
        ("43585", 'ggge"年"', "平成31年"),
        ("43586", 'ggge"年"', "令和1年"),
        ("45380", "[$-F800]yyyy年mm月dd日(aaa)", "2024年03月29日(金)"),
        ("45380.5", "yyyy/m/d h:mm", "2024/3/29 12:00"),
        ("0.75", "h:mm AM/PM", "6:00 PM"),
        ("1.5", "[h]:mm", "36:00"),
        ("0.0125", "mm:ss", "18:00"),
        ("59", "yyyy/m/d", "1900/2/28"),
        ("61", "yyyy/m/d", "1900/3/1"),
        ("-1", "yyyy/m/d", "-1"),
        ("99999999999", "yyyy/m/d", "99999999999"),
        ("1e300", "0", "1e300"),
        ("NaN", "0", "NaN"),
        ("4", "@", "4"),
        ("0.25", "# ?/?", "0.25"),
        ("5", "", "5"),
    ],
)
def test_numbers_are_read_as_shown(raw: str, code: str, text: str):
    assert shown(raw, code) == text


def test_days_may_count_from_1904():
    assert shown("43918", "yyyy/m/d", from_1904=True) == "2024/3/29"


@pytest.mark.parametrize("raw", ["9e40", "-1", "1e-400000", "sNaN", "1E+999999999999999999", "7"])
def test_a_format_of_hundreds_of_digits_refuses_no_book(raw: str) -> None:
    assert shown(raw, f"{'0' * 100}.{'0' * 150}%%%%")
    assert shown("7", f"0.{'0' * 100}") == "7"


def test_texts_may_be_dressed_by_their_format():
    assert shown_text("市民課", '@"ほか"') == "市民課ほか"
    assert shown_text("市民課", "#,##0") == "市民課"


def test_cells_with_formats():
    made = sheet()
    for column, (value, code) in enumerate(
        [
            (0.415, "0.0%"),
            (21345, '#,##0"件"'),
            (dt.date(2024, 3, 29), '[$-411]ggge"年"m"月"d"日"'),
            (True, "General"),
            ("実施", "General"),
        ],
        1,
    ):
        made.cell(4, column, value).number_format = code
    assert printed(made) == [(4, ("41.5%", "21,345件", "令和6年3月29日", "TRUE", "実施"))]


def test_merged_heads_keep_what_they_span():
    made = sheet()
    for row in (["番号", "取組", "実績", None], [None, None, "R4", "R5"], [1, "予約", "3件", "5件"]):
        made.append(row)
    for area in ("A1:A2", "B1:B2", "C1:D1"):
        made.merge_cells(area)
    first, second, third = paper(made).blocks
    assert first.cells == ("番号", "取組", "実績", "")
    assert dict(first.spans) == {0: Span(1, 2), 1: Span(1, 2), 2: Span(2, 1)}
    assert second.cells == ("", "", "R4", "R5")
    assert third.cells == ("1", "予約", "3件", "5件")
    assert {block.table for block in (first, second, third)} == {1}


def test_squared_paper_is_read_in_its_printed_columns():
    made = sheet()
    for row, texts in enumerate(
        (["番号", "取組", "担当課"], ["1", "予約", "市民課"], ["2", "地図", "建設課"]), 3
    ):
        for column, text in zip((2, 5, 20), texts, strict=True):
            made.cell(row, column, text)
            end = {2: 4, 5: 19, 20: 26}[column]
            made.merge_cells(start_row=row, start_column=column, end_row=row, end_column=end)
    assert printed(made) == [
        (3, ("番号", "取組", "担当課")),
        (4, ("1", "予約", "市民課")),
        (5, ("2", "地図", "建設課")),
    ]
    assert all(block.spans == () for block in paper(made).blocks)


def test_a_blank_row_ends_a_table_and_one_cell_is_text():
    made = sheet()
    made["A1"] = "取組一覧"
    made["A3"], made["B3"] = "a", "b"
    made["A4"] = "注"
    made["A5"], made["B5"] = "c", "d"
    made["A8"], made["B8"] = "e", "f"
    assert [(block.line, block.cells, block.table) for block in paper(made).blocks] == [
        (1, ("取組一覧",), 0),
        (2, ("",), 0),
        (3, ("a", "b"), 1),
        (4, ("注",), 0),
        (5, ("c", "d"), 1),
        (6, ("",), 0),
        (8, ("e", "f"), 2),
    ]


def test_one_cell_beside_merged_cells_or_below_a_later_head_is_a_row():
    made = sheet()
    for row in (
        ["分野", "施策"],
        ["窓口", "1 予約"],
        [None, "2 交付"],
        ["庁内", "3 研修"],
        [None, "4 会議"],
        ["以上"],
    ):
        made.append(row)
    made.merge_cells("A2:A3")
    assert [(block.cells, block.table) for block in paper(made).blocks] == [
        (("分野", "施策"), 1),
        (("窓口", "1 予約"), 1),
        (("", "2 交付"), 1),
        (("庁内", "3 研修"), 1),
        (("", "4 会議"), 1),
        (("以上",), 0),
    ]


def test_one_cell_among_ruled_blank_ones_is_a_row_unless_it_lies_across():
    made = sheet()
    line = Border(bottom=Side(style="thin"))
    for row in (
        ["番号", "取組"],
        ["1", "予約"],
        ["2", None],
        ["庁内の取組", None],
        ["3", "研修"],
        ["※注", None],
    ):
        made.append(row)
    for cell in (cell for row in made["A1:B5"] for cell in row):
        cell.border = line
    made.merge_cells("A4:B4")
    assert [(block.cells, block.table) for block in paper(made).blocks] == [
        (("番号", "取組"), 1),
        (("1", "予約"), 1),
        (("2", ""), 1),
        (("庁内の取組",), 0),
        (("3", "研修"), 1),
        (("※注",), 0),
    ]


def test_struck_runs_are_the_old_words():
    made = sheet()
    made["A1"] = CellRichText(TextBlock(STRIKE, "令和5年度"), "令和6年度に試行する")
    made["B1"] = CellRichText(
        "対象を", TextBlock(STRIKE, "3"), "5施設に", TextBlock(STRIKE, "する"), "広げる"
    )
    made["C1"] = "廃止した取組"
    made["C1"].font = Font(strike=True)
    made["D1"] = CellRichText("元の字", TextBlock(InlineFont(b=True), "新しい字"))
    made["D1"].font = Font(strike=True)
    made["E1"] = CellRichText(TextBlock(InlineFont(strike=False), "残る字"))
    (block,) = paper(made).blocks
    assert block.cells == ("令和6年度に試行する", "対象を5施設に広げる", "", "新しい字", "残る字")
    # A run without properties of its own is written in its cell's font.
    assert dict(block.struck) == {0: "令和5年度", 1: "3 する", 2: "廃止した取組", 3: "元の字"}
    assert any("取り消し線" in remark and "4か所" in remark for remark in paper(made).remarks)


def test_comments_hidden_rows_columns_and_sheets():
    made = sheet()
    made["A1"], made["B1"], made["C1"] = "番号", "取組", "内部メモ"
    made["A2"], made["B2"], made["C2"] = "1", "予約", "予算未定"
    made["A3"], made["B3"] = "2", "地図"
    made["B2"].comment = Comment("名前を確かめる", "見本")
    made["E2"].comment = Comment("表の外", "見本")
    made.row_dimensions[3].hidden = True
    made.column_dimensions["C"].hidden = True
    assert made.parent is not None
    other = made.parent.create_sheet("市民課")
    other["A1"] = "x"
    other.sheet_state = "veryHidden"
    read = paper(made)
    assert [(block.part, block.line, block.hidden) for block in read.blocks] == [
        ("情報課", 1, False),
        ("情報課", 2, False),
        ("情報課", 3, True),
        ("市民課", 1, True),
    ]
    assert read.blocks[1].notes == ((1, "名前を確かめる"), (2, "表の外"))
    said = "\n".join(read.remarks)
    assert "1枚あります(「市民課」)" in said
    assert "情報課の3行目" in said
    assert "情報課のC列" in said
    assert "コメントが2件" in said


def test_formulas_give_what_was_calculated():
    data = office.raw_workbook(
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>"a"</f><v>済</v></c>'
        '<c r="C2"><f>[1]Sheet1!A1</f></c><c r="D2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>',
    )
    read = open_paper(data, "a.xlsx")
    assert [block.cells for block in read.blocks] == [("2", "済", "#DIV/0!")]
    assert any("計算結果のない式が1か所" in one and "表のC2" in one for one in read.remarks)
    assert any("エラー" in one and "表のD2" in one for one in read.remarks)


def test_readings_of_kanji_and_escaped_letters_are_no_words():
    data = office.raw_workbook(
        '<row><c t="s"><v>0</v></c><c t="inlineStr"><is><t>a_x000D_\nb_x005F_</t></is></c></row>',
        strings="<si><t>担当</t><rPh sb='0' eb='2'><t>タントウ</t></rPh></si>",
    )
    assert [block.cells for block in open_paper(data, "a.xlsx").blocks] == [("担当", "a\nb_")]


def test_threaded_comments_stand_for_their_copy_and_text_boxes_are_read():
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    data = office.raw_workbook(
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
        '<row r="2"><c r="A2"><v>3</v></c><c r="B2"><v>4</v></c></row>',
        **{
            "xl/worksheets/_rels/sheet1.xml.rels": office.relations(
                c="comments:../comments1.xml",
                t="threadedComment:../threadedComments/threadedComment1.xml",
                d="drawing:../drawings/drawing1.xml",
            ),
            "xl/comments1.xml": f'<comments xmlns="{space}"><commentList><comment ref="B1"><text>'
            "<t>[Threaded comment] 写し</t></text></comment></commentList></comments>",
            "xl/threadedComments/threadedComment1.xml": '<ThreadedComments xmlns="u:t">'
            '<threadedComment ref="B1"><text>これでよいか</text></threadedComment>'
            '<threadedComment ref="B1"><text>よい</text></threadedComment></ThreadedComments>',
            "xl/drawings/drawing1.xml": '<wsDr xmlns="u:x" xmlns:a="u:a"><twoCellAnchor><from><row>1</row></from>'
            "<sp><txBody><a:p><a:r><a:t>図の</a:t></a:r><a:r><a:t>文字</a:t></a:r></a:p></txBody></sp>"
            "</twoCellAnchor><oneCellAnchor><from><row>0</row></from><pic/></oneCellAnchor></wsDr>",
        },
    )
    read = open_paper(data, "a.xlsx")
    assert [(block.line, block.cells) for block in read.blocks] == [
        (1, ("1", "2")),
        (2, ("図の文字",)),
        (2, ("3", "4")),
    ]
    assert read.blocks[0].notes == ((1, "これでよいか\nよい"),)
    assert any("画像" in one and "1点" in one for one in read.remarks)


def test_values_that_a_merged_area_covers_are_not_printed():
    data = office.raw_workbook(
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c></row>',
        after='<mergeCells><mergeCell ref="A1:B1"/></mergeCells>',
    )
    read = open_paper(data, "a.xlsx")
    assert [block.cells for block in read.blocks] == [("1", "3")]
    assert any("表のB1" in one for one in read.remarks)


def same(data: bytes, read: bytes) -> float:
    return share_right(read_document(data, "plan.txt"), read_document(read, "plan.xlsx"))


def test_the_wide_table_as_a_workbook_with_a_sheet_per_group():
    data = samples.TWO_PAGES.encode()
    before, rows = office.tables(data)
    sheets = office.by_level(rows, 1)
    assert len(sheets) == 2
    assert same(data, office.as_workbook(before, sheets, (1, 2))) == 1.0


@pytest.mark.plans
def test_a_real_wide_table_as_a_workbook_with_a_sheet_per_group():
    data = document("shibata.txt")
    before, rows = office.tables(data)
    sheets = office.by_level(rows, 1)
    assert len(sheets) == 3
    assert same(data, office.as_workbook(before, sheets, (1, 2))) >= 0.97


def test_lines_and_places_lead_back_to_the_sheet():
    before, rows = office.tables(samples.TWO_PAGES.encode())
    data = office.as_workbook(before, office.by_level(rows, 1), (1, 2))
    blocks: dict[tuple[str, int], Block] = {
        (block.part, block.line): block for block in open_paper(data, "plan.xlsx").blocks
    }
    for one in read_document(data, "plan.xlsx").initiatives:
        source = one.sources["title"]
        assert source.cell is not None
        assert blocks[source.part, source.line].cells[source.cell - 1] == one.title


@pytest.mark.plans
@pytest.mark.parametrize("name", ["shibukawa", "shibata", "oyama", "ryugasaki", "fujioka"])
def test_real_documents_say_the_same_as_a_sheet(name: str):
    printed = paper_of(f"{name}.txt")
    read = open_paper(office.workbook_of(printed), "plan.xlsx")
    expected, found = readings(f"{name}.txt"), readings_of(read)
    assert len(found) == len(expected)
    assert min(share_right(one, other) for one, other in zip(expected, found, strict=True)) >= 0.97
