"""Text files (TXT, TSV, CSV): lines, and rows where a delimiter cuts them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from yakuba.services.plan.reading.blocks import Paper, bounded

from .decoding import decode
from .grid import lines_of, rows_of
from .markup import cleaned

_DELIMITERS: Final = ("\t", ",", ";")
#: A line with so many delimiters is a row of a table.
_ROW: Final = 3


def read(data: bytes, file: str) -> Paper:
    """The paper of a text file. Raises `Unreadable`."""
    lines = lines_of(decode(data))
    blocks = cleaned(rows_of(lines, _delimiter(lines)))
    return Paper(file, "text", bounded(blocks), ends_inside=bool(lines[-1]))


def _delimiter(lines: Sequence[str]) -> str:
    """The delimiter that cuts most lines into rows; the tab where none does."""
    counts = {mark: sum(line.count(mark) >= _ROW for line in lines) for mark in _DELIMITERS}
    return max(_DELIMITERS, key=lambda mark: counts[mark])
