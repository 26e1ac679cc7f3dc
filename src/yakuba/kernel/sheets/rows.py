"""From a grid to typed rows: heads are found by label or key, each cell is read by its column's kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.fields import Invalid
from yakuba.kernel.fields.kinds import Cell
from yakuba.kernel.sheets.cells import address
from yakuba.kernel.sheets.grid import Grid
from yakuba.kernel.sheets.table import ID, VERSION, Column
from yakuba.kernel.text import fold

# Titles and notes above the head are common; a head further down is no head.
_SEARCHED: Final = 20
_OWN: Final = {
    ID: ("id", "ID（変えない）"),
    VERSION: ("version", "更新番号", "更新番号（変えない）", "版", "版（変えない）"),
}


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong with one cell; ``address`` is empty for the file as a whole."""

    address: str
    problem: Problem

    @property
    def message(self) -> str:
        """With the place: 「B7：…」."""
        return f"{self.address}：{self.problem.message}" if self.address else self.problem.message


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row as read. ``number`` is the sheet's own, from 1; ``values`` has the columns that the sheet has, None for empty.

    ``id`` is None in a list that is only read, and in a new row.
    """

    number: int
    values: Mapping[str, object]
    addresses: Mapping[str, str]
    id: UUID | None = None
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """All rows without a problem, all problems, and the heads that belong to no column."""

    rows: Sequence[ReadRow]
    problems: Sequence[CellProblem]
    ignored: Sequence[str]


def read_rows(
    grid: Grid, columns: Sequence[Column], *, editable: bool = False, fresh: bool = False
) -> Reading:
    """The rows below the head; blank ones are skipped.

    With ``editable`` each row has to bring id and version, and columns may be missing: what is not there is not changed.
    Without, every required column has to be there and filled. With ``fresh`` a row whose id cell is empty is a new one.
    """
    heads = _heads(columns, editable=editable)
    at, places, ignored = _find_head(grid, heads)
    missing = [
        column.label
        for column in columns
        if column.key not in places and column.spec.required and not editable
    ]
    if editable:
        missing += [label for key, label in ((ID, "ID"), (VERSION, _("更新番号"))) if key not in places]
    if missing:
        heading = _("見出しに「%s」がありません。書き出した表の見出しを残してください。") % _("」「").join(
            missing
        )
        problem = Problem("head_missing", heading, expected="・".join(missing))
        return Reading((), (CellProblem("", problem),), tuple(ignored))
    rows: list[ReadRow] = []
    problems: list[CellProblem] = []
    for number in range(at + 1, len(grid.rows)):
        if all(cell is None or str(cell).strip() == "" for cell in grid.rows[number]):
            continue
        row, wrong = _read_row(grid, number, columns, places, editable=editable, fresh=fresh)
        problems += wrong
        if row is not None:
            rows.append(row)
    return Reading(rows, problems, tuple(ignored))


def _heads(columns: Sequence[Column], *, editable: bool) -> dict[str, str]:
    """Folded head → key. A label wins over a key that reads like it."""
    found = {fold(column.key): column.key for column in columns}
    for column in columns:
        found[fold(column.spec.label)] = found[fold(column.label)] = column.key
    if editable:
        for key, names in _OWN.items():
            found.update((fold(name), key) for name in names)
    return found


def _find_head(grid: Grid, heads: Mapping[str, str]) -> tuple[int, dict[str, int], list[str]]:
    """The row that names most columns: its index, key → column index, and the texts that name none."""
    best: tuple[int, dict[str, int], list[str]] = (0, {}, [])
    for number, cells in enumerate(grid.rows[:_SEARCHED]):
        places: dict[str, int] = {}
        ignored: list[str] = []
        for index, cell in enumerate(cells):
            text = "" if cell is None else str(cell).strip()
            key = heads.get(fold(text))
            if key is not None and key not in places:
                places[key] = index
            elif text:
                ignored.append(text)
        if len(places) > len(best[1]):
            best = (number, places, ignored)
    return best


def _read_row(
    grid: Grid,
    number: int,
    columns: Sequence[Column],
    places: Mapping[str, int],
    *,
    editable: bool,
    fresh: bool,
) -> tuple[ReadRow | None, list[CellProblem]]:
    problems: list[CellProblem] = []
    values: dict[str, object] = {}
    addresses: dict[str, str] = {}
    for column in columns:
        if column.key not in places:
            continue
        where = addresses[column.key] = address(number, places[column.key])
        try:
            values[column.key] = _value(grid, number, places[column.key], column, required=not editable)
        except Invalid as invalid:
            problems.append(CellProblem(where, Problem.of(column.key, column.label, invalid)))
    found: UUID | None = None
    stamp = ""
    if editable:
        where = address(number, places[ID])
        text = _as_text(grid.cell(number, places[ID]))
        stamp = _as_text(grid.cell(number, places[VERSION]))
        try:
            found = UUID(text) if text or not fresh else None
        except ValueError:
            problem = Problem(
                "id",
                _("IDがないか、書き出したIDと違います。新しい行はここからは加えられません。") if not text else
                _("ID「%s」は書き出したIDではありません。") % text[:40],
                field=ID,
                found=text[:40],
            )  # fmt: skip
            problems.append(CellProblem(where, problem))
    return (None if problems else ReadRow(number + 1, values, addresses, found, stamp)), problems


def _value(grid: Grid, row: int, place: int, column: Column, *, required: bool) -> object:
    fault = grid.faults.get(address(row, place))
    if fault is not None:
        raise Invalid("fault", fault, _("値"))
    return read_cell(column, grid.cell(row, place), required=required)


def _as_text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def read_cell(column: Column, cell: Cell, *, required: bool) -> object:
    """The value of one cell, None for an empty one. Raises :class:`Invalid`."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        if required and column.spec.required:
            raise Invalid("required", "", _("値"))
        return None
    return column.kind.from_cell(cell) if column.kind else _as_text(cell)
