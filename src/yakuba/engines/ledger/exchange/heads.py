"""Where the head of an office's table is, and what it says. Pure.

Titles and notes above the head are common, and so are heads of two rows (「所有者」 over 「氏名」 and 「住所」), which are read as one:
「所有者 氏名」. A sheet whose cells are merged to look like a paper form (Excel方眼紙) is read where each column is merged alike all the
way down, and refused where it is not: which value belongs to which column would be a guess.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from yakuba.engines.ledger.exchange.opening import Area, Opened
from yakuba.kernel.actions import Problem
from yakuba.kernel.fields.kinds import Cell
from yakuba.kernel.sheets.cells import address
from yakuba.kernel.sheets.grid import Grid
from yakuba.kernel.text import fold

#: Titles, dates and notes above a head; a head further down is none.
SEARCHED: Final = 30
_MOST: Final = 200
_LONG: Final = 60


@dataclass(frozen=True, slots=True)
class Head:
    """The head: its first row, the first row below it, and of each column that says something its place and its words."""

    top: int
    below: int
    places: tuple[int, ...]
    labels: tuple[str, ...]

    def rows_of(self, opened: Opened) -> list[list[Cell]]:
        """The rows below it, as far as they were opened, with a cell for each of its labels."""
        grid = opened.grid
        return [[grid.cell(row, place) for place in self.places] for row in range(self.below, len(grid.rows))]


def find(opened: Opened, names: Collection[str]) -> Head:
    """The head of a table. ``names`` are labels and keys that are known, folded.

    The row that names most of what is known; in a table of which nothing is known, the first row that fills most columns. Raises
    :class:`Problem` for a table without a head, without a row below it, and for one whose cells are merged as a layout.
    """
    grid = opened.grid
    top = _best(grid, opened.merged, names)
    if top is None:
        raise Problem(
            "head",
            _(
                "見出しの行が見つかりません。1行目に項目の名前を書き、その下に1行1件で並べた表にしてください。"
            ),
            field="file",
            expected=_("見出しの行"),
        )
    rows = 2 if _two_rows(grid, opened.merged, top) else 1
    head = _read(grid, opened.merged, top, rows)
    _demand_clear(opened.merged, head)
    if opened.rows <= head.below:
        raise Problem("empty", _("見出しの下に行がありません。"), field="file", found=_text(grid, top, 0))
    return head


def _text(grid: Grid, row: int, column: int) -> str:
    cell = grid.cell(row, column)
    return "" if cell is None else " ".join(str(cell).split())


def _width(grid: Grid, row: int) -> int:
    return len(grid.rows[row]) if row < len(grid.rows) else 0


def _best(grid: Grid, merged: Sequence[Area], names: Collection[str]) -> int | None:
    """A row that is one merged cell is a title, however many cells it covers."""
    best: tuple[int, int] | None = None
    at: int | None = None
    for row in range(min(SEARCHED, len(grid.rows))):
        texts = {
            text
            for column in range(_width(grid, row))
            if (text := _text(grid, row, column)) and len(text) <= _LONG and not _is_number(text)
        }
        known = sum(fold(text) in names for text in texts)
        lower = (
            {_text(grid, row + 1, column) for column in range(_width(grid, row + 1))}
            if _two_rows(grid, merged, row)
            else set()
        )
        score = (known + sum(fold(text) in names for text in lower - texts), len(texts | lower))
        if len(texts) > 1 and (best is None or score > best):
            best, at = score, row
    return at


def _is_number(text: str) -> bool:
    return text.replace(",", "").replace(".", "").replace("-", "").replace("/", "").isdigit()


def _two_rows(grid: Grid, merged: Sequence[Area], top: int) -> bool:
    """Whether a head goes on in the next row: some of its cells cover several columns, below which there are words of their own."""
    wide = [one for one in merged if one.top == one.bottom == top and one.right > one.left]
    return any(
        len(
            {
                text
                for column in range(one.left, one.right + 1)
                if (text := _text(grid, top + 1, column)) and not _is_number(text)
            }
        )
        > 1
        for one in wide
    ) and not any(one.top == top + 1 and one.right > one.left and one.bottom == top + 1 for one in merged)


def _read(grid: Grid, merged: Sequence[Area], top: int, rows: int) -> Head:
    width = min(max((_width(grid, row) for row in range(top, top + rows)), default=0), _MOST)
    # Of a head cell that covers several columns, the first one is the column.
    covered = {
        column
        for one in merged
        if one.top <= top + rows - 1 <= one.bottom
        for column in range(one.left + 1, one.right + 1)
    }
    places: list[int] = []
    labels: list[str] = []
    for column in range(width):
        words = [
            text for text in dict.fromkeys(_text(grid, row, column) for row in range(top, top + rows)) if text
        ]
        if not words or column in covered:
            continue
        places.append(column)
        labels.append(" ".join(words)[:_LONG])
    return Head(top, top + rows, tuple(places), tuple(labels))


def _demand_clear(merged: Sequence[Area], head: Head) -> None:
    """Below the head an area covers the columns of one head cell, or a row is no record. Raises :class:`Problem`."""
    starts = [*head.places, _MOST * 10]
    spans = dict(zip(starts, (end - 1 for end in starts[1:]), strict=False))
    for one in merged:
        if one.bottom < head.below:
            continue
        end = spans.get(one.left)
        across = one.right > one.left and (end is None or one.right > end)
        down = one.bottom > one.top and one.left == head.places[0]
        if across or down:
            place = f"{address(one.top, one.left)}:{address(one.bottom, one.right)}"
            raise Problem(
                "layout",
                _(
                    "セルを結合して紙の様式のように作った表（Excel方眼紙）のため、どの値がどの項目か決められません（%(place)s）。"
                    "結合を解除して、1行に1件、1列に1項目の表にしてください。"
                    "新しいシートに必要な列だけを写すか、様式の元になった一覧があれば、そちらを選んでください。"
                )
                % {"place": place},
                field="file",
                found=place,
                expected=_("1行に1件、1列に1項目の表"),
            )
