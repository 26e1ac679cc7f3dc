"""A list that comes back: only what was changed, nothing that is stale, and everything that is wrong by its cell."""

from __future__ import annotations

import dataclasses
import io
from typing import Any

import pytest

from tests.kernel.sheets.conftest import (
    COLUMNS,
    FULL,
    SPARSE,
    WRITERS,
    as_csv,
    as_xlsx,
    edited,
    grid_of,
    table,
)
from yakuba.kernel.ids import uuid7
from yakuba.kernel.sheets import xlsx
from yakuba.kernel.sheets.changes import Preview, compare
from yakuba.kernel.sheets.reading import read_all
from yakuba.kernel.sheets.table import Row


def codes(preview: Preview) -> list[tuple[str, str]]:
    return [(one.address, one.problem.code) for one in preview.problems]


def replaced(row: Row, **values: object) -> Row:
    return dataclasses.replace(row, values={**row.values, **values}, version=(row.version or 0) + 1)


def test_one_edited_cell_is_one_change(rows: list[Row]) -> None:
    def edit(sheet: Any) -> None:
        sheet["D2"] = "電子申請の拡充"
        sheet["G3"] = 5

    preview = compare(grid_of(edited(as_xlsx(table(rows)), edit)), COLUMNS, rows)
    assert preview.acceptable
    first, second = preview.changes
    assert (first.id, first.version, first.number) == (rows[0].id, 3, 2)
    assert first.values == {"title": "電子申請の拡充"}
    assert [(c.address, c.before_text, c.after_text) for c in first.cells] == [
        ("D2", "=電子申請の拡充", "電子申請の拡充")
    ]
    assert [(c.address, c.before_text, c.after_text) for c in second.cells] == [("G3", "", "5")]


@pytest.mark.parametrize("head", ["更新番号（変えない）", "版（変えない）"])
def test_rows_and_columns_may_be_taken_out_and_moved(rows: list[Row], head: str) -> None:
    stamped = table(rows).lead(rows[1])
    sheet = f"取組名,{head},ID（変えない）\n新しい名,{stamped[1]},{stamped[0]}\n".encode()
    preview = compare(grid_of(sheet), COLUMNS, rows)
    assert [(change.id, change.values) for change in preview.changes] == [(rows[1].id, {"title": "新しい名"})]
    assert not preview.problems


@pytest.mark.parametrize("writer", WRITERS)
def test_a_colleagues_change_to_a_row_that_nobody_touched_is_no_conflict(
    writer: str, rows: list[Row]
) -> None:
    sheet = WRITERS[writer](table(rows))
    now = [replaced(rows[0], title="同僚が変えた"), rows[1]]
    preview = compare(grid_of(sheet), COLUMNS, now)
    assert (preview.changes, preview.problems, preview.unchanged) == ([], [], 2)


def test_a_colleagues_change_to_a_touched_row_is_told(rows: list[Row]) -> None:
    def edit(sheet: Any) -> None:
        sheet["D2"] = "わたしが変えた"
        sheet["D3"] = "これも変えた"

    sheet = edited(as_xlsx(table(rows)), edit)
    now = [replaced(rows[0], title="同僚が変えた"), rows[1]]
    preview = compare(grid_of(sheet), COLUMNS, now)
    assert codes(preview) == [("A2", "stale")]
    assert [change.id for change in preview.changes] == [rows[1].id]
    assert not preview.acceptable


def test_both_wrote_the_same(rows: list[Row]) -> None:
    def edit(sheet: Any) -> None:
        sheet["D2"] = "同じ名"

    sheet = edited(as_xlsx(table(rows)), edit)
    preview = compare(grid_of(sheet), COLUMNS, [replaced(rows[0], title="同じ名"), rows[1]])
    assert (preview.changes, preview.problems) == ([], [])


def test_what_may_not_be_changed_or_emptied(rows: list[Row]) -> None:
    def edit(sheet: Any) -> None:
        sheet["C2"] = "9-9"
        sheet["D3"] = None
        sheet["E2"] = None

    preview = compare(grid_of(edited(as_xlsx(table(rows)), edit)), COLUMNS, rows)
    assert codes(preview) == [("C2", "fixed"), ("D3", "required")]


def test_an_emptied_cell_that_may_be_empty_is_a_change(rows: list[Row]) -> None:
    def edit(sheet: Any) -> None:
        sheet["E2"] = None

    preview = compare(grid_of(edited(as_xlsx(table(rows)), edit)), COLUMNS, rows)
    assert [change.values for change in preview.changes] == [{"text": None}]


def test_a_locked_row_may_stand_in_the_sheet_as_it_is(rows: list[Row]) -> None:
    locked = {rows[0].id: "ほかの課の行です。"}
    sheet = as_xlsx(table(rows))
    now = [replaced(rows[0], title="同僚が変えた"), rows[1]]
    preview = compare(grid_of(sheet), COLUMNS, now, locked=locked)
    assert (preview.changes, preview.problems, preview.unchanged) == ([], [], 2)

    def edit(opened: Any) -> None:
        opened["D2"] = "わたしが変えた"
        opened["D3"] = "これはわたしの行"

    preview = compare(grid_of(edited(sheet, edit)), COLUMNS, rows, locked=locked)
    assert [(one.address, one.message) for one in preview.problems] == [("A2", "A2：ほかの課の行です。")]
    assert [change.id for change in preview.changes] == [rows[1].id]


def test_ids_and_versions_that_are_none_of_ours(rows: list[Row]) -> None:
    stranger = Row(FULL, uuid7(), 1)

    def edit(sheet: Any) -> None:
        values = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        sheet["A5"] = "新規"
        sheet["D5"] = "新しい取組"
        sheet["D6"] = "IDのない行"
        for index, value in enumerate(values[0]):
            sheet.cell(7, index + 1, value)
        sheet["B3"] = "x"
        sheet["D7"] = "二度目"

    preview = compare(grid_of(edited(as_xlsx(table([*rows, stranger])), edit)), COLUMNS, rows)
    assert sorted(codes(preview)) == [
        ("A3", "version"),
        ("A4", "id_unknown"),
        ("A5", "id"),
        ("A6", "id"),
        ("A7", "id_twice"),
    ]


def test_without_id_and_version_there_is_no_import(rows: list[Row]) -> None:
    preview = compare(grid_of(as_csv(table(rows, editable=False))), COLUMNS, rows)
    assert codes(preview) == [("", "head_missing")]
    assert "ID" in preview.problems[0].message


def test_rows_without_an_id_are_new_ones_where_they_may_come(rows: list[Row]) -> None:
    def write_under(sheet: Any) -> None:
        for row in (2, 3):
            for column, cell in enumerate(sheet[row][2:], 3):
                sheet.cell(row + 2, column, cell.value).number_format = cell.number_format
        sheet["D4"] = "新しい取組"

    sheet = grid_of(edited(as_xlsx(table(rows)), write_under))
    assert codes(compare(sheet, COLUMNS, rows)) == [("A4", "id"), ("A5", "id")]
    found = compare(sheet, COLUMNS, rows, fresh=True)
    assert not found.problems
    assert [(row.number, row.address) for row in found.added] == [(4, "A4"), (5, "A5")]
    assert found.acceptable
    assert found.added[0].values == {**FULL, "title": "新しい取組"}
    assert found.added[1].values == SPARSE
    assert found.unchanged == len(rows)


def test_a_new_row_says_what_it_must(rows: list[Row]) -> None:
    def write_under(sheet: Any) -> None:
        sheet["E4"] = "題名のない行"

    found = compare(grid_of(edited(as_xlsx(table(rows)), write_under)), COLUMNS, rows, fresh=True)
    assert not found.added
    assert codes(found) == [("D4", "required")], "a fixed cell of a new row may stay empty"


def test_several_sheets_of_a_workbook_are_read_with_their_names(rows: list[Row]) -> None:
    target = io.BytesIO()
    second = dataclasses.replace(table(rows[:1]), name="指標")
    xlsx.write_all([table(rows), second], target)
    found = read_all(io.BytesIO(target.getvalue()))
    assert [name for name, _grid in found] == ["個別取組", "指標", "この表について"]
    for name, grid in found[:2]:
        assert compare(grid, COLUMNS, rows).unchanged == (2 if name == "個別取組" else 1)
    assert [name for name, _grid in read_all(io.BytesIO(as_csv(table(rows))))] == [""]
