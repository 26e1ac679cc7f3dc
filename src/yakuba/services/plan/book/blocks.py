"""What a book is made of, as data: every writer prints the same headings, paragraphs, rows and figures from it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

Paper = Literal["a4", "a4-wide", "a3-wide"]
PAPERS: Final[tuple[Paper, ...]] = ("a4", "a4-wide", "a3-wide")


@dataclass(frozen=True, slots=True)
class Cover:
    """The first page. ``lines`` stand below the title: the edition, the years."""

    title: str
    lines: tuple[str, ...]
    municipality: str
    day: str


@dataclass(frozen=True, slots=True)
class Contents:
    """Where the list of headings stands, and what it is called."""

    title: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4. ``fresh``: it begins a page."""

    level: int
    text: str
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Prose:
    """Paragraphs, in their order. ``remark``: small, below what it explains."""

    paragraphs: tuple[str, ...]
    remark: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column. Those beside one another of one ``group`` stand under it. ``width`` is a share; 0 follows from what stands there."""

    label: str
    group: str = ""
    width: float = 0
    number: bool = False
    """Whether figures stand there, set to the right."""
    head: bool = False
    """Whether its cells say what their row is about."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text, as many cells as columns; ``title`` names its sheet in a workbook and is its caption elsewhere."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: bool = False
    """Whether the title is printed above it: it has no heading of its own."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Counted things as bars; the table beside it says the same. ``alt`` says it in words."""

    title: str
    alt: str
    bars: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Glossary:
    """Terms with their explanation; writers that have pages add where each occurs first."""

    entries: tuple[tuple[str, str], ...]


Block = Cover | Contents | Heading | Prose | Table | Bars | Glossary


@dataclass(frozen=True, slots=True)
class Chapter:
    """What one part of the template became. ``name`` is what its sheet is called in a workbook."""

    kind: str
    name: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Chapters on one kind of paper."""

    paper: Paper
    chapters: tuple[Chapter, ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What stands in its chapters."""
        return tuple(block for chapter in self.chapters for block in chapter.blocks)


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A whole book. ``draft``: it was made from what is not published; every page says so."""

    title: str
    municipality: str
    draft: bool
    sections: tuple[Section, ...]
    large: bool = False
    left_out: tuple[str, ...] = ()
    """Parts of the template for which the plan has nothing: what they are called, and why."""

    def blocks(self) -> Iterator[Block]:
        """All blocks in their order."""
        for section in self.sections:
            yield from section.blocks

    def tables(self) -> Iterator[Table]:
        """All tables in their order."""
        return (one for one in self.blocks() if isinstance(one, Table))
