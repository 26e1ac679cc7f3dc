"""What leaves comes back: both formats, every kind."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.http import HttpResponseBase
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.kernel.sheets.conftest import COLUMNS, FULL, WRITERS, as_csv, as_xlsx, grid_of, table
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.fields import PERSONAL, Spec, kinds
from yakuba.kernel.ids import uuid7
from yakuba.kernel.sheets import csv_out, grid
from yakuba.kernel.sheets.cells import letters
from yakuba.kernel.sheets.changes import compare
from yakuba.kernel.sheets.respond import respond
from yakuba.kernel.sheets.rows import read_rows
from yakuba.kernel.sheets.table import Column, Row

BY_KEY = {column.key: column for column in COLUMNS}


@pytest.mark.parametrize("writer", WRITERS)
def test_every_value_comes_back(writer: str, rows: list[Row]) -> None:
    reading = read_rows(grid_of(WRITERS[writer](table(rows))), COLUMNS, editable=True)
    assert not reading.problems
    assert not reading.ignored
    assert [row.id for row in reading.rows] == [row.id for row in rows]
    for read, given_ in zip(reading.rows, rows, strict=True):
        assert read.values == {key: given_.values.get(key) for key in BY_KEY}


@pytest.mark.parametrize("writer", WRITERS)
def test_a_sheet_that_nobody_edited_changes_nothing(writer: str, rows: list[Row]) -> None:
    preview = compare(grid_of(WRITERS[writer](table(rows))), COLUMNS, rows)
    assert (preview.changes, preview.problems, preview.unchanged) == ([], [], 2)


texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=8
) | st.text(alphabet="'=+-@_x0041 ", max_size=9)


@given(pairs=st.lists(st.tuples(texts, texts), min_size=1, max_size=20))
@settings(max_examples=40, deadline=None)
def test_any_text_comes_back_through_csv(
    pairs: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    made = [Row({"number": "1", "title": a.strip() or "a", "text": b.strip()}) for a, b in pairs]
    path = tmp_path_factory.mktemp("csv") / "sheet.csv"
    path.write_bytes(as_csv(table(made, editable=False)))
    check(grid.read_csv(str(path)), made)


@given(pairs=st.lists(st.tuples(texts, texts), min_size=1, max_size=20))
@settings(max_examples=40, deadline=None)
def test_any_text_comes_back_through_a_workbook(
    pairs: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    made = [Row({"number": "1", "title": a.strip() or "a", "text": b.strip()}) for a, b in pairs]
    path = tmp_path_factory.mktemp("xlsx") / "sheet.xlsx"
    path.write_bytes(as_xlsx(table(made, editable=False)))
    kept = grid.read_workbook(str(path))
    assert kept["faults"] == {}
    check(kept["rows"], made)  # type: ignore[arg-type]  # rows of cells


def check(cells: list[list[kinds.Cell]], made: list[Row]) -> None:
    columns = [BY_KEY["number"], BY_KEY["title"], BY_KEY["text"]]
    reading = read_rows(grid.Grid(cells), columns)
    assert not reading.problems
    for read, given_ in zip(reading.rows, made, strict=True):
        for column in columns:
            assert column.canonical(read.values[column.key]) == column.canonical(given_.values[column.key])


@given(
    ratio=st.decimals(
        allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9) + 1, max_value=10**9 - 1
    ),
    count=st.integers(-(2**31), 2**31 - 1),
    day=st.dates(dt.date(1873, 1, 1), dt.date(2999, 12, 31)),
    year=st.integers(1886, kinds.LAST_YEAR),
)
@settings(max_examples=30, deadline=None)
def test_any_number_and_date_comes_back_through_a_workbook(
    ratio: Decimal, count: int, day: dt.date, year: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    values = {"ratio": ratio, "count": count, "day": day, "year": FiscalYear(year)}
    columns = tuple(BY_KEY[key] for key in values)
    path = tmp_path_factory.mktemp("xlsx") / "sheet.xlsx"
    path.write_bytes(as_xlsx(table([Row(values)], editable=False, columns=columns)))
    reading = read_rows(grid.Grid(grid.read_workbook(str(path))["rows"]), columns)  # type: ignore[arg-type]
    assert not reading.problems
    assert reading.rows[0].values == values


def test_a_column_is_as_wide_as_what_stands_in_it() -> None:
    def made(*texts: str, editable: bool = False) -> tuple[float, list[bool]]:
        rows = [Row({"title": text}, uuid7(), 1) for text in texts]
        book = load_workbook(io.BytesIO(as_xlsx(table(rows, editable=editable, columns=(BY_KEY["title"],)))))
        sheet = book.worksheets[0]
        at = sheet.max_column
        wrapped = [bool(sheet.cell(row, at).alignment.wrap_text) for row in range(2, sheet.max_row + 1)]
        return sheet.column_dimensions[letters(at - 1)].width, wrapped

    assert made("短い") == (10, [False]), "no narrower than its head"
    assert made("短い", "八文字の見出し行") == (18, [False, False])
    assert made("長い" * 20) == (32, [True])
    assert made("", editable=True)[0] == 32, "there is to be room for writing"


def test_a_workbook_is_shaped_for_people(rows: list[Row]) -> None:
    book = load_workbook(io.BytesIO(as_xlsx(table(rows))))
    sheet, about = book.worksheets
    assert (sheet.title, about.title) == ("個別取組", "この表について")
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:M3"
    heads = [cell.value for cell in sheet[1]]
    assert heads[:3] == ["ID（変えない）", "更新番号（変えない）", "番号"]
    assert heads[6] == "件数（件）"
    assert all(cell.font.bold for cell in sheet[1])
    by_head = dict(zip(heads, sheet[2], strict=True))
    assert (by_head["取組名"].value, by_head["取組名"].data_type) == ("=電子申請の拡充", "s")
    assert by_head["取組名"].quotePrefix
    assert (by_head["件数（件）"].value, by_head["割合（%）"].value) == (-1234, 75.5)
    assert by_head["開始日"].value == dt.datetime(2024, 4, 1)  # noqa: DTZ001 – sheets know no zone
    assert by_head["更新"].value == dt.datetime(2024, 4, 1, 13, 5, 6)  # noqa: DTZ001 – Japan time
    assert (by_head["目標年度"].value, by_head["目標年度"].number_format) == (2019, '0"年度"')
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
        "landscape",
        1,
        0,
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$1", "the heads stand on every page"
    words = {row[0].value: row[1].value for row in about.iter_rows()}
    assert words["自治体"] == "みほん市"
    assert words["見てよい人"] == "庁内の職員"
    assert words["行数"] == "2"
    assert "変えた行だけ" in words["取り込み"]


def test_a_list_that_may_not_be_edited_says_so(rows: list[Row]) -> None:
    book = load_workbook(io.BytesIO(as_xlsx(table(rows, editable=False))))
    assert book.worksheets[0]["A1"].value == "番号"
    assert any("読み取り専用" in str(row[1].value) for row in book.worksheets[1].iter_rows())


def test_csv_is_what_spreadsheet_programs_expect(rows: list[Row]) -> None:
    data = as_csv(table(rows, editable=False))
    assert data.startswith(b"\xef\xbb\xbf")
    lines = data.decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith("番号,取組名,内容")
    assert lines[1].startswith("2-1,'=電子申請の拡充,\"一行目\n@二行目")
    assert ",-1234,75.5,いいえ,運用,2024-04-01,2024-04-01 13:05:06,令和元年度" in data.decode()


def test_rows_are_written_as_they_come() -> None:
    made = 0

    def produce() -> object:
        nonlocal made
        for made in range(1, 6):  # noqa: B007 – read below
            yield Row(FULL)

    lines = csv_out.lines(table(produce(), editable=False))  # type: ignore[arg-type]
    for _ in range(3):
        next(lines)
    assert made == 1


def body(response: HttpResponseBase) -> bytes:
    return b"".join(response)  # type: ignore[call-overload]  # a streaming answer


def test_answers_name_the_file_and_stay_in_no_cache(rows: list[Row]) -> None:
    response = respond(table(rows), "xlsx", "個別取組 一覧")
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E5%80%8B%E5%88%A5%E5%8F%96%E7%B5%84%20%E4%B8%80%E8%A6%A7.xlsx"
    )
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert grid_of(body(response)).rows
    response.file_to_stream.close()  # type: ignore[attr-defined]  # a FileResponse
    response = respond(table(rows), "csv", "list")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="list.csv"'
    assert body(response) == as_csv(table(rows))


def test_a_public_file_holds_public_columns_alone(rows: list[Row]) -> None:
    public = tuple(column for column in COLUMNS if column.key != "at")
    assert "Cache-Control" not in respond(table(rows, columns=public), "csv", "list", public=True)
    with pytest.raises(ValueError, match="public"):
        respond(table(rows), "csv", "list", public=True)
    private = (*public, Column("name", Spec("氏名", PERSONAL, kinds.Text())))
    assert "個人情報" in table(rows, columns=private).readers
