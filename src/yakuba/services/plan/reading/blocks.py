"""The one model of what is printed, whatever container it came in: a document as a run of blocks.

A block is a line of text, or one row of a table. Container readers make blocks; recognisers read them and never ask what
the file was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from .model import FieldSource
from .unreadable import Unreadable

#: Bounds that no container passes, whatever a file claims of itself.
#: Lines and rows: every recogniser looks at each of them; the longest plan known has 5,000.
MAX_BLOCKS: Final = 50_000
MAX_COLUMNS: Final = 500
MAX_CELLS: Final = 2_000_000
MAX_CELL: Final = 1_000_000

Container = Literal["text", "table", "xlsx", "docx", "pdf"]


@dataclass(frozen=True, slots=True)
class Span:
    """A merged cell, printed at its first column and row: how many columns and rows it takes."""

    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class Block:
    """A line of text (one cell) or a table's row: its cells without surrounding blanks.

    `line` (from 1) counts within `part`: the lines of a text, the rows of a sheet, the paragraphs and rows of a Word
    document, the lines of a page. `part` is the sheet's name or the page's number; empty where the file has one part.
    Rows of one printed table share a `table` number (from 1); 0 is text. Blanks of a merged cell are blank cells.
    """

    line: int
    cells: tuple[str, ...]
    part: str = ""
    table: int = 0
    level: int = 0
    """The heading's level from 1 where the container says so (a Word style); 0: it does not."""
    spans: tuple[tuple[int, Span], ...] = ()
    """Merged cells by the place (from 0) of their first cell."""
    struck: tuple[tuple[int, str], ...] = ()
    """Text that is struck through (見え消し): the old words of a cell, by place; `cells` holds the new ones."""
    notes: tuple[tuple[int, str], ...] = ()
    """Comments on cells, by place."""
    hidden: bool = False
    """Whether the row, its columns or its sheet are hidden: not printed, but there."""

    @property
    def blank(self) -> bool:
        """Whether nothing is printed in it."""
        return not any(self.cells)

    @property
    def filled(self) -> int:
        """How many cells hold something."""
        return sum(1 for cell in self.cells if cell)

    @property
    def text(self) -> str:
        """What is printed, cells joined by one blank."""
        return " ".join(cell for cell in self.cells if cell)

    def source(self, file: str, rule: str, cell: int | None = None) -> FieldSource:
        """Where a field was read: this block, and the place of the cell (from 0) if one is meant."""
        return FieldSource(file, self.line, None if cell is None else cell + 1, rule, self.part)


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as printed: its file's name, its container, its blocks in reading order."""

    file: str
    container: Container
    blocks: tuple[Block, ...]
    remarks: tuple[str, ...] = field(default=())
    """What a person should know of the container (Japanese): hidden sheets, pages without text, comments."""
    ends_inside: bool = False
    """Whether the file ends without the mark that ends every other line: it may have been cut off."""


def bounded(blocks: list[Block]) -> tuple[Block, ...]:
    """The blocks, once they are within the bounds. Raises `Unreadable`."""
    if len(blocks) > MAX_BLOCKS:
        raise Unreadable(
            "too-many-lines",
            f"行が多すぎます({len(blocks):,}行)。{MAX_BLOCKS:,}行までのファイルを指定してください。",
        )
    cells = 0
    for block in blocks:
        cells += len(block.cells)
        if len(block.cells) > MAX_COLUMNS:
            raise Unreadable(
                "too-many-columns",
                f"{block.line}行目の列が多すぎます({len(block.cells):,}列)。{MAX_COLUMNS}列までの表を指定してください。",
            )
    if cells > MAX_CELLS:
        raise Unreadable("too-many-cells", f"表が大きすぎます({cells:,}セル)。{MAX_CELLS:,}セルまでです。")
    return tuple(blocks)
