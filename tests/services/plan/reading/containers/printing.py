"""Papers printed again as PDF, for the tests of the PDF container."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from yakuba.kernel.pdf import escape, render
from yakuba.services.plan.reading.blocks import Block, Paper

_SMALL = "#set text(size: 6.5pt)\n#set table(inset: 2.5pt)\n"


def printed(paper: Paper, *, wide: bool = True, merged: int = 0) -> bytes:
    """The paper as a PDF: text as paragraphs, tables ruled; blank cells below a filled one in the first `merged` columns merge."""
    parts = ["#set page(flipped: true, margin: 8mm)\n", _SMALL] if wide else []
    for table, blocks in groupby(
        (block for block in paper.blocks if not block.blank), key=lambda one: one.table
    ):
        rows = list(blocks)
        if table:
            parts.append(_table(rows, merged))
        else:
            parts += [f"{escape(block.text)}\n\n" for block in rows]
    return render("".join(parts), title="印刷した計画")


def _table(rows: Sequence[Block], merged: int) -> str:
    columns = max(len(row.cells) for row in rows)
    grid = [[*row.cells, *[""] * (columns - len(row.cells))] for row in rows]
    weights = [
        max(5, min(sum(len(row[column]) for row in grid) // len(grid), 40)) for column in range(columns)
    ]
    cells: list[str] = []
    for number, row in enumerate(grid):
        for column, text in enumerate(row):
            if column < merged and not text and number and any(above[column] for above in grid[:number]):
                continue
            rows_down = 1
            while column < merged and number + rows_down < len(grid) and not grid[number + rows_down][column]:
                rows_down += 1
            cells.append(
                f"table.cell(rowspan: {rows_down})[{escape(text)}]" if rows_down > 1 else f"[{escape(text)}]"
            )
    widths = ", ".join(f"{weight}fr" for weight in weights)
    return f"#table(columns: ({widths},), {', '.join(cells)})\n\n"
