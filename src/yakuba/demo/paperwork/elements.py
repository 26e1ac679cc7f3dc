"""What a document prints, whatever file it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Form = dict[str, Any]  # Any: one object of a yakuba-plan/1 document


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is a chapter (and a sheet of its own in a workbook), 0 the title."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Line:
    """A paragraph, or one point of a list."""

    text: str


@dataclass(frozen=True)
class Grid:
    """A ruled table of equally long rows.

    In the columns `merged` a blank cell belongs to the cell above it; in the first `heads` rows a blank cell belongs to its left
    neighbour. A table without heads is a form: the last printed cell of a row takes the blank ones to its right.
    """

    rows: tuple[tuple[str, ...], ...]
    heads: int = 1
    merged: tuple[int, ...] = ()


Element = Heading | Line | Grid
