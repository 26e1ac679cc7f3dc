"""Foreign files: what people and programs do to a sheet."""

from __future__ import annotations

import codecs
import datetime as dt
import io
import zipfile

import pytest
from openpyxl import Workbook

from tests.kernel.sheets.conftest import COLUMNS, grid_of, saved
from yakuba.kernel.actions import Problem
from yakuba.kernel.sheets.grid import Grid
from yakuba.kernel.sheets.rows import read_rows

SOME = COLUMNS[:5]


def refused(data: bytes) -> Problem:
    with pytest.raises(Problem) as caught:
        grid_of(data)
    return caught.value


@pytest.mark.parametrize(
    "data",
    [
        "番号,取組名\r\n1,髙橋\r\n".encode("cp932"),
        "番号,取組名\r\n1,髙橋\r\n".encode(),
        "番号,取組名\r\n1,髙橋\r\n".encode("utf-8-sig"),
        codecs.BOM_UTF16_LE + "番号\t取組名\r\n1\t髙橋\r\n".encode("utf-16-le"),
        "番号,取組名,,\n1,髙橋,\n,,\n".encode(),
        '"番号","取組名"\n"1","髙橋"'.encode(),
    ],
)
def test_csv_as_programs_write_it(data: bytes) -> None:
    assert [list(row) for row in grid_of(data).rows] == [["番号", "取組名"], ["1", "髙橋"]]


def test_a_quoted_cell_may_hold_commas_quotes_and_lines() -> None:
    assert grid_of(b'a\n"x,""y""\nz"\n').rows == [["a"], ['x,"y"\nz']]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"%PDF-1.7", "sheet_type"),
        (b"a,b\x00c\n", "sheet_type"),
        (b"a" * 5000 + b"\x00", "csv_binary"),
        (b'a,"b\n', "csv_broken"),
        ("番号,取組名\n".encode() + b"x" * 5000 + b"\x81\xff\xff", "csv_encoding"),
        (b"PK\x03\x04 no archive", "file_broken"),
        (b"a\n" * 200_001, "sheet_too_large"),
        (b"," * 501, "sheet_too_large"),
    ],
)
def test_what_is_no_table_is_refused_with_a_message(data: bytes, code: str) -> None:
    problem = refused(data)
    assert problem.code == code
    assert problem.message


def test_an_archive_that_only_looks_like_a_workbook_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert refused(target.getvalue()).code in {"workbook_broken", "workbook_empty"}


def test_a_truncated_workbook_is_refused() -> None:
    book = Workbook()
    assert refused(saved(book)[:-200]).code == "file_broken"


def test_the_first_visible_sheet_is_read() -> None:
    book = Workbook()
    book.worksheets[0].sheet_state = "hidden"
    book.worksheets[0].append(["隠れた"])
    book.create_sheet("見える").append(["見える"])
    assert grid_of(saved(book)).rows == [["見える"]]


def test_merged_cells_give_their_value_everywhere() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (["番号", "取組名"], ["1", "共通"], ["2", None]):
        sheet.append(row)
    sheet.merge_cells("B2:B3")
    assert grid_of(saved(book)).rows == [["番号", "取組名"], ["1", "共通"], ["2", "共通"]]


def test_errors_and_formulas_without_a_value_are_problems_not_empty_cells() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["番号", "取組名", "内容"])
    sheet.append(["1", "=A2&A3", "#REF!"])
    grid = grid_of(saved(book))
    assert grid.faults == {"B2": "計算されていない式", "C2": "#REF!"}
    reading = read_rows(grid, SOME)
    assert [(one.address, one.problem.code) for one in reading.problems] == [("B2", "fault"), ("C2", "fault")]
    assert not reading.rows


def test_real_cells_of_a_clerk() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["取組一覧"])
    sheet.append([None, "番号", "取組名", "件数", "開始日", "目標年度", "備考"])
    sheet.append([None, 3, " 電子申請 ", 12.0, dt.date(2024, 4, 1), "R6", "メモ"])
    sheet.append([None, "４", "地図", "１，２３４", "令和6年4月1日", 2024, None])
    reading = read_rows(grid_of(saved(book)), COLUMNS)
    assert not reading.problems
    assert list(reading.ignored) == ["備考"]
    first, second = reading.rows
    assert (first.number, first.values["number"], first.values["title"]) == (3, "3", "電子申請")
    assert (first.values["count"], second.values["count"]) == (12, 1234)
    assert first.values["day"] == second.values["day"] == dt.date(2024, 4, 1)
    assert first.values["year"] == second.values["year"]


def test_every_bad_cell_is_named_with_what_is_expected() -> None:
    grid = Grid([["番号", "取組名", "件数"], ["1", None, "多数"], ["2", "良い", 2.5], ["3", "良い", 4.0]])
    reading = read_rows(grid, COLUMNS)
    assert [(one.address, one.problem.field) for one in reading.problems] == [
        ("B2", "title"),
        ("C2", "count"),
        ("C3", "count"),
    ]
    assert reading.problems[1].message.startswith("C2：「件数（件）」に「多数」")
    assert [row.number for row in reading.rows] == [4]


def test_a_missing_head_is_named() -> None:
    reading = read_rows(Grid([["番号"], ["1"]]), COLUMNS)
    assert not reading.rows
    assert "取組名" in reading.problems[0].message
    assert reading.problems[0].address == ""


def test_heads_are_found_by_key_label_and_label_with_unit() -> None:
    for head in ("count", "件数", "件数（件）", "件数(件)", "COUNT"):
        reading = read_rows(Grid([["番号", "取組名", head], ["1", "a", "5"]]), COLUMNS)
        assert reading.rows[0].values["count"] == 5
