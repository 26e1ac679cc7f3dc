"""Rows on a grid, as Excel and Word keep tables, to the table rows of blocks: merged cells, and columns that print nothing.

Offices rule sheets like squared paper and merge a dozen narrow columns into one printed column; Word splits a table's columns wherever
any row has a line. A column in which no row of the table prints anything is no printed column, so blocks leave it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from yakuba.services.plan.reading.blocks import MAX_CELLS, MAX_COLUMNS, Block, Span
from yakuba.services.plan.reading.unreadable import Unreadable

#: A group of rows that prints less of the columns above is a table of its own.
_SHARED: Final = 0.75
#: So many printed cells make a row of a table; one alone is text.
ROW: Final = 2


@dataclass(slots=True)
class Cell:
    """One printed cell of a row: its new words, its old ones (struck through), its comment."""

    text: str = ""
    struck: str = ""
    note: str = ""


@dataclass(slots=True)
class Row:
    """One row of the grid: its number in the file, its cells by column from 0, the areas that begin in it by their first column."""

    line: int
    cells: dict[int, Cell] = field(default_factory=dict)
    spans: dict[int, Span] = field(default_factory=dict)
    hidden: bool = False
    covered: bool = False
    """Whether a merged area that begins above reaches into the row."""
    ruled: bool = False
    """Whether several cells of the row, printed or blank, have lines around them."""

    @property
    def filled(self) -> int:
        """How many cells print something, be it old words alone."""
        return sum(1 for cell in self.cells.values() if cell.text or cell.struck)


class Tables:
    """Numbers the tables of a paper, so that each keeps a number of its own over sheets and pages."""

    def __init__(self) -> None:
        self.last = 0
        self._cells = 0

    def blocks(self, rows: Sequence[Row], part: str, *, sheet: bool) -> Iterator[Block]:
        """The blocks of rows in order.

        On a `sheet` a row with one printed cell is text, and a row number that is left out (a blank row) ends a table; otherwise
        all rows are one table.
        """
        grids = _grids(rows) if sheet else [list(rows)]
        tabled = False
        before: int | None = None
        for grid in grids:
            columns = _columns(grid, ROW if sheet else 1) or [0]
            if len(columns) > MAX_COLUMNS:
                raise Unreadable(
                    "too-many-columns",
                    f"{_place(grid[0], part)}からの表の列が多すぎます({len(columns):,}列)。{MAX_COLUMNS}列までの表を指定してください。",
                )
            places = {column: place for place, column in enumerate(columns)}
            tabled = False
            for row in grid:
                gap = sheet and before is not None and row.line > before + 1
                if gap and before is not None:
                    tabled = False
                    yield Block(before + 1, ("",), part)
                before = row.line
                if sheet and row.filled < ROW and not _is_row(row, columns, tabled=tabled):
                    # Text inside a table (a note, a heading over a group of rows) does not end it: a blank row does.
                    yield _text(row, part)
                    continue
                if not tabled:
                    self.last += 1
                tabled = True
                self._cells += len(columns)
                if self._cells > MAX_CELLS:
                    raise Unreadable(
                        "too-many-cells", f"表が大きすぎます。{MAX_CELLS:,}セルまでのファイルにしてください。"
                    )
                yield _row(row, columns, places, part, self.last)


def _place(row: Row, part: str) -> str:
    return f"「{part}」の{row.line}行目" if part else f"{row.line}行目"


def _is_row(row: Row, columns: Sequence[int], *, tabled: bool) -> bool:
    """Whether the one printed cell of a row stands in a table.

    Lines around the blank cells beside it show it; below a table (`tabled`) merged cells beside it, or a column in which no line of
    text begins, show that the table goes on.
    """
    across = any(span.columns > 1 for span in row.spans.values())
    if row.ruled and not across and len(columns) > 1:
        return True
    printed = [column for column, cell in row.cells.items() if cell.text or cell.struck]
    return tabled and (row.covered or any(column in columns[1:] for column in printed))


def _text(row: Row, part: str) -> Block:
    """A row with one printed cell: a line of text. Comments on blank cells of the row stay with it."""
    cell = next((one for one in row.cells.values() if one.text or one.struck), Cell())
    notes = [one.note for one in row.cells.values() if one.note]
    return Block(
        row.line,
        (cell.text,),
        part,
        struck=((0, cell.struck),) if cell.struck else (),
        notes=((0, "\n".join(notes)),) if notes else (),
        hidden=row.hidden,
    )


def _row(row: Row, columns: Sequence[int], places: dict[int, int], part: str, table: int) -> Block:
    texts = [""] * len(columns)
    struck: dict[int, str] = {}
    notes: dict[int, list[str]] = {}
    for column, cell in sorted(row.cells.items()):
        place = places.get(column)
        if place is None:
            # A comment on a cell of a column that prints nothing belongs to the column left of it.
            place = max((at for one, at in places.items() if one < column), default=0)
        if cell.text:
            texts[place] = cell.text
        if cell.struck:
            struck[place] = cell.struck
        if cell.note:
            notes.setdefault(place, []).append(cell.note)
    return Block(
        row.line,
        tuple(texts),
        part,
        table,
        spans=tuple(_spans(row, columns, places)),
        struck=tuple(struck.items()),
        notes=tuple((place, "\n".join(texts)) for place, texts in sorted(notes.items())),
        hidden=row.hidden,
    )


def _spans(row: Row, columns: Sequence[int], places: dict[int, int]) -> Iterator[tuple[int, Span]]:
    """The merged areas of a row in printed columns; those that are one cell as printed are none."""
    for column, span in sorted(row.spans.items()):
        if column in places:
            wide = sum(1 for one in columns if column <= one < column + span.columns)
            if wide > 1 or span.rows > 1:
                yield places[column], Span(wide, span.rows)


def _columns(rows: Iterable[Row], least: int) -> list[int]:
    """The columns in which some row of a table prints something; a row of a table has at least so many printed cells."""
    return sorted(
        {
            column
            for row in rows
            if row.filled >= (1 if row.covered else least)
            for column, cell in row.cells.items()
            if cell.text or cell.struck
        }
    )


def _grids(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows that stand on the same columns: blank rows cut, unless what comes below stands on nearly all columns of what is above.

    Offices leave blank rows between the groups of one table; a column may then be blank all over a group.
    """
    grids: list[list[Row]] = []
    stands: set[int] = set()
    for group in _groups(rows):
        columns = set(_columns(group, ROW))
        if grids and columns <= stands and len(columns) >= len(stands) * _SHARED:
            grids[-1] += group
        else:
            grids.append(group)
            stands = columns
    return grids


def _groups(rows: Sequence[Row]) -> list[list[Row]]:
    groups: list[list[Row]] = []
    for row in rows:
        if groups and row.line == groups[-1][-1].line + 1:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups
