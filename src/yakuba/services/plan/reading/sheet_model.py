"""What a fact sheet is made of: cells, labels with theirs, the schedule, small tables of values, and the sheet itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from .goals import heads_measure
from .sheet_words import Head, Kind, Label, head_of, tidied

#: A sheet has at least so many labels; fewer are any small table.
MIN_LABELS: Final = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed cell: its block's index, its place in the row (from 0) and its text."""

    at: int
    place: int
    text: str


@dataclass(slots=True)
class Entry:
    """A label and the cells that belong to it."""

    label: Label
    at: int
    place: int
    cells: list[Cell] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The cells' texts, a line each, without blank lines and long blanks."""
        return tidied("\n".join(cell.text for cell in self.cells))


@dataclass(slots=True)
class Schedule:
    """A row of years and the rows of words below it."""

    years: tuple[tuple[int, int, str], ...]
    at: int
    rows: list[list[Cell]] = field(default_factory=list)
    asides: list[tuple[Cell, list[Cell]]] = field(default_factory=list)
    """Rows under the same years that tell no stages (事業費): what stands in front, and the cells."""
    last: int = 0
    """The last row's index: the head's, where there is none."""


@dataclass(slots=True)
class Measures:
    """A small table of indicators within a sheet: its head, and a row per indicator or per kind of its values."""

    head: list[Cell]
    years: tuple[tuple[int, int, str], ...]
    rows: list[list[Cell]] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """One sheet in the making."""

    at: int
    head: list[Cell] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    schedule: Schedule | None = None
    measures: list[Measures] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    spare: list[Cell] = field(default_factory=list)
    above: bool = False
    """Whether the head stands in a line above the table."""

    path: tuple[str, ...] = ()
    levels: frozenset[str] = frozenset()
    """The labels from whose cells the path was taken."""
    leaf: int | None = None
    """The line of a printed tree that gave the path."""

    @property
    def under_measure(self) -> bool:
        """Whether the head has a level's word: the sheet tells of an initiative only if all sheets begin so."""
        return self.above and bool(self.head) and heads_measure(self.head[0].text)

    @property
    def named(self) -> Entry | None:
        """The entry of a label for the title, if there is one."""
        return next((one for one in self.of(Kind.TITLE) if one.cells), None)

    @property
    def numbered(self) -> Entry | None:
        """The entry of a label for the number, if there is one."""
        return next((one for one in self.of(Kind.NUMBER) if one.cells), None)

    def of(self, kind: Kind) -> list[Entry]:
        """The entries of one kind, in order."""
        return [entry for entry in self.entries if entry.label.kind is kind]

    @property
    def title(self) -> Head:
        """Number, title and bracketed words, by labels or by the head."""
        head = head_of(" ".join(cell.text for cell in self.head))
        if self.named:
            head = head_of(" ".join(cell.text for cell in self.named.cells))
        number = self.numbered
        return Head(" ".join(number.text.split()), head.title, head.words) if number else head

    @property
    def complete(self) -> bool:
        """Whether there is enough to call it a sheet: a title, labels with their cells, and among them one for a text."""
        told = {entry.label.name: entry.label.kind for entry in self.entries if entry.cells}
        labels = len(
            {
                entry.label.name
                for entry in self.entries
                if entry.label.kind is not Kind.SCHEDULE or entry.cells
            }
        )
        staged = self.schedule is not None and bool(self.schedule.rows)
        texts = {Kind.TEXT, Kind.ITEMS} & set(told.values())
        enough = labels + staged >= MIN_LABELS and len(told) + staged >= MIN_LABELS - 1
        return bool(self.title.title) and enough and bool(texts)
