"""What a row says of the years: cells that run over several of them, and texts that are too long for a stage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .blocks import Block
from .columns import Column, Role
from .rows import Draft

#: A stage is a few words or lines; a longer text is a schedule.
_STAGE_LENGTH: Final = 300


def spread(row: Block, columns: Sequence[Column]) -> tuple[list[str], list[int]]:
    """The row's cells, with what one cell says over several years' stages said under each of them.

    With each cell the place (from 0) where it is printed.
    """
    cells, origins = list(row.cells), list(range(len(row.cells)))
    for place, span in row.spans:
        end = min(place + span.columns, len(cells), len(columns))
        covered = range(place + 1, end)
        if all(columns[at].role is Role.STAGE for at in range(place, end)) and not any(
            cells[at] for at in covered
        ):
            for at in covered:
                cells[at], origins[at] = cells[place], place
    return cells, origins


def long_stages(draft: Draft) -> None:
    """Texts of years that are too long for stages become the schedule, with their years."""
    if all(len(text) <= _STAGE_LENGTH for text in draft.stages.values()):
        return
    heads = {
        str(year): column.head
        for column in draft.columns
        if column.role is Role.STAGE
        for year in column.years
    }
    lines = dict.fromkeys(f"{heads[year]}: {text}" for year, text in draft.stages.items())
    draft.texts["schedule"] = "\n".join(lines)
    sources = {path: source for path, source in draft.sources.items() if path.startswith("stages.")}
    for path in sources:
        del draft.sources[path]
    if sources:
        draft.sources["texts.schedule"] = next(iter(sources.values()))
    draft.stages.clear()
