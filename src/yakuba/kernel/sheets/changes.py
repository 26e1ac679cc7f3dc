"""What a person changed in a sheet that left here and came back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem, Stale
from yakuba.kernel.fields import Invalid
from yakuba.kernel.sheets.grid import Grid
from yakuba.kernel.sheets.rows import CellProblem, ReadRow, read_rows
from yakuba.kernel.sheets.table import Column, Row, stamp


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell: what stands here now (``before``) and what the sheet says (``after``), None for empty."""

    column: Column
    address: str
    before: object
    after: object

    @property
    def before_text(self) -> str:
        """For a person."""
        return self.column.shown(self.before)

    @property
    def after_text(self) -> str:
        """For a person."""
        return self.column.shown(self.after)


@dataclass(frozen=True, slots=True)
class RowChange:
    """The changed cells of one record, which has to be at ``version`` when they are written."""

    id: UUID
    version: int
    number: int
    cells: Sequence[CellChange]
    said: Mapping[str, object] = field(default_factory=dict)
    """Key → value of every column that the sheet has, changed or not."""

    @property
    def values(self) -> dict[str, object]:
        """Key → new value."""
        return {cell.column.key: cell.after for cell in self.cells}


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row that somebody wrote under the others: no id yet.

    ``values`` and ``columns`` have the filled cells only, ``addresses`` has every cell.
    """

    number: int
    values: Mapping[str, object]
    addresses: Mapping[str, str]
    columns: Mapping[str, Column]

    @property
    def address(self) -> str:
        """Where the row begins."""
        return f"A{self.number}"


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do. Nothing is written while there are problems: a sheet goes in as a whole."""

    changes: Sequence[RowChange]
    problems: Sequence[CellProblem]
    unchanged: int
    ignored: Sequence[str]
    added: Sequence[NewRow] = ()

    @property
    def acceptable(self) -> bool:
        """Whether there is something to write and nothing in its way."""
        return bool(self.changes or self.added) and not self.problems


def compare(
    grid: Grid,
    columns: Sequence[Column],
    current: Iterable[Row],
    *,
    locked: Mapping[UUID, str] | None = None,
    fresh: bool = False,
    restated: Callable[[RowChange], bool] | None = None,
) -> Preview:
    """The changes that a sheet brings to the rows as they are now. ``current`` are the rows that the actor sees.

    ``locked`` names those of them that the actor may not edit, each with the reason as a sentence: they may stand in the sheet as
    long as nothing in them is changed.

    A row that nobody touched in the sheet is left alone, whatever happened to it here meanwhile. A touched row whose record
    changed here meanwhile is a problem (:class:`Stale`), unless the sheet says just what stands here; ``restated`` tells where it says
    that in other words. What only the product writes (fixed columns) is then not looked at: it is as old as the sheet.

    With ``fresh`` rows without an id are new ones; what they must have filled is what the columns require.
    """
    reading = read_rows(grid, columns, editable=True, fresh=fresh)
    by_id = {row.id: row for row in current}
    changes: list[RowChange] = []
    problems = list(reading.problems)
    unchanged = 0
    seen: dict[UUID, int] = {}
    added: list[NewRow] = []
    for row in reading.rows:
        if row.id is None:  # only where new rows may come; elsewhere it is a problem already
            missing = _missing(row, columns)
            problems += missing
            if not missing:
                filled = {key: value for key, value in row.values.items() if value is not None}
                heads = {column.key: column for column in columns if column.key in filled}
                added.append(NewRow(row.number, filled, row.addresses, heads))
            continue
        found, wrong = _compare_row(row, row.id, columns, by_id.get(row.id), seen, restated)
        if found is not None and locked and row.id in locked:
            denied = Problem("locked", locked[row.id], found=str(row.id))
            found, wrong = None, [CellProblem(f"A{row.number}", denied)]
        seen.setdefault(row.id, row.number)
        problems += wrong
        if found is not None:
            changes.append(found)
        elif not wrong:
            unchanged += 1
    return Preview(changes, problems, unchanged, reading.ignored, added)


def _missing(row: ReadRow, columns: Sequence[Column]) -> list[CellProblem]:
    """What a new row has to say and does not."""
    return [
        CellProblem(
            row.addresses.get(column.key, f"A{row.number}"),
            Problem.of(column.key, column.label, Invalid("required", "", "")),
        )
        for column in columns
        if column.spec.required and not column.fixed and row.values.get(column.key) is None
    ]


def _compare_row(
    row: ReadRow,
    found: UUID,
    columns: Sequence[Column],
    current: Row | None,
    seen: Mapping[UUID, int],
    restated: Callable[[RowChange], bool] | None,
) -> tuple[RowChange | None, list[CellProblem]]:
    where = f"A{row.number}"
    if found in seen:
        words = _("同じIDの行が%(first)d行目にもあります。どちらか一方にしてください。") % {
            "first": seen[found]
        }
        return None, [CellProblem(where, Problem("id_twice", words, found=str(found)))]
    if current is None or current.version is None:
        words = _("この行にあたるものが一覧にありません。消されたか、見る権限がないかのどちらかです。")
        return None, [CellProblem(where, Problem("id_unknown", words, found=str(found)))]
    version = row.stamp.partition("-")[0]
    if not (version.isascii() and version.isdecimal() and len(version) < 10):
        words = _("更新番号「%s」は、書き出した番号ではありません。") % row.stamp[:40]
        return None, [CellProblem(where, Problem("version", words, found=row.stamp[:40]))]
    if _untouched(row, columns, int(version)):
        return None, []
    cells = [
        CellChange(column, row.addresses[column.key], current.values.get(column.key), row.values[column.key])
        for column in columns
        if column.key in row.values
        and column.canonical(row.values[column.key]) != column.canonical(current.values.get(column.key))
    ]
    stale = int(version) != current.version
    if stale:
        cells = [cell for cell in cells if not cell.column.fixed]
    if not cells:
        return None, []
    change = RowChange(found, current.version, row.number, cells, row.values)
    if stale:
        if restated is not None and restated(change):
            return None, []
        late = Stale(current.version, int(version))
        late.message = _(
            "書き出した後に、ほかの人がこの行を変更しました。表を書き出し直して、もう一度直してください。"
        )
        return None, [CellProblem(where, late)]
    problems = [problem for cell in cells if (problem := _refused(cell)) is not None]
    return (None if problems else change), problems


def _untouched(row: ReadRow, columns: Sequence[Column], version: int) -> bool:
    """Whether the row is, cell for cell, what was exported; columns taken out of the sheet leave that open."""
    return len(row.values) == len(columns) and stamp(columns, version, row.values) == row.stamp


def _refused(cell: CellChange) -> CellProblem | None:
    if cell.column.fixed:
        words = _("「%s」の列は、この表からは変えられません。元の値に戻してください。") % cell.column.label
        problem = Problem(
            "fixed", words, field=cell.column.key, found=cell.after_text, expected=cell.before_text
        )
        return CellProblem(cell.address, problem)
    if cell.after is None and cell.column.spec.required:
        required = Problem.of(cell.column.key, cell.column.label, Invalid("required", "", ""))
        return CellProblem(cell.address, required)
    return None
