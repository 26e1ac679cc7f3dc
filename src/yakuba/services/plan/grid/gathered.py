"""What came back in a sheet, gathered by initiative: cells with their places, and the same as a person looks at them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.sheets.changes import CellChange, NewRow, Preview
from yakuba.kernel.sheets.rows import CellProblem
from yakuba.services.plan import cells as shown_cells
from yakuba.services.plan import labels, rules
from yakuba.services.plan.applying import Known, RowChange, is_new
from yakuba.services.plan.grid.tables import places, value_key
from yakuba.services.plan.rows import Form


@dataclass(frozen=True, slots=True)
class Wanted:
    """One cell that a sheet wants to change, for a person to look at."""

    number: str
    title: str
    address: str
    label: str
    before: str
    after: str
    reading: str
    """How a value is read, where the cell is one."""
    doubts: Sequence[str]
    fresh: bool


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a sheet would change: the cells to look at, the changes for the action, and what stands in their way."""

    wanted: Sequence[Wanted]
    changes: Sequence[RowChange]
    problems: Sequence[CellProblem]
    unchanged: int
    ignored: Sequence[str]
    rows: int
    added: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that came back; ``name`` is its sheet's, where the file has several."""

    preview: Preview
    name: str = ""

    def at(self, address: str) -> str:
        """A cell of it as a person finds it: 取組!B7."""
        return f"{self.name}!{address}" if self.name and address else address

    @property
    def problems(self) -> list[CellProblem]:
        """What could not be read in it."""
        return [CellProblem(self.at(one.address), one.problem) for one in self.preview.problems]

    def changed(self, cell: CellChange) -> SheetCell:
        """A changed cell."""
        text = text_of(cell.after)
        where = self.at(cell.address)
        return SheetCell(cell.column.key, text, where, cell.column.label, cell.before_text, cell.after_text)

    def added(self, row: NewRow) -> list[SheetCell]:
        """The filled cells of a new row."""
        return [
            SheetCell(
                key,
                text_of(value),
                self.at(row.addresses[key]),
                row.columns[key].label,
                "",
                row.columns[key].shown(value),
            )
            for key, value in row.values.items()
        ]


@dataclass(frozen=True, slots=True)
class Standing:
    """An initiative as it is now."""

    form: Form
    version: int


@dataclass(frozen=True, slots=True)
class Here:
    """What a sheet is tried on: the rows of the draft, where each indicator stands, the nodes, what changes are checked against."""

    rows: Mapping[str, Standing]
    indicators: Mapping[UUID, tuple[str, int]]
    nodes: Sequence[tuple[str, ...]]
    known: Known
    blank: Callable[[], Form]
    locked: Mapping[str, str] = field(default_factory=dict)
    """Rows that this actor may not change, each with the reason."""


@dataclass(slots=True)
class SheetCell:
    """One cell: its text, where it stands in the sheet, what it is called."""

    key: str
    text: str
    address: str
    label: str
    before: str
    after: str


@dataclass(slots=True)
class SheetIndicator:
    """What the sheet «指標» says of one indicator; ``index`` is None for a new one."""

    index: int | None
    cells: list[SheetCell]
    address: str


@dataclass(slots=True)
class SheetInitiative:
    """Everything that the sheets say of one initiative."""

    key: str
    version: int
    form: Form
    address: str
    cells: list[SheetCell] = field(default_factory=list)
    meaning: str = ""
    """What the sheet says in 進捗の意味, changed or not."""
    indicators: list[SheetIndicator] = field(default_factory=list)
    changes: list[RowChange] = field(default_factory=list)
    places: list[tuple[str, str]] = field(default_factory=list)
    """Path of a form → address of the cell that wants it."""

    def cell(self, path: str, text: str, address: str) -> None:
        """A cell that gets a text."""
        self.changes.append({"initiative": self.key, "version": self.version, "path": path, "value": text})
        self.places.append((path, address))

    def part(self, part: str, value: Any) -> None:  # Any: JSON of the part
        """A part that gets JSON."""
        self.changes.append({"initiative": self.key, "version": self.version, "part": part, "value": value})

    def address_of(self, path: str) -> str:
        """The cell that a path of the form comes from; the row where none does."""
        found = [
            one for one in self.places if path == one[0] or path.startswith((f"{one[0]}.", f"{one[0]}["))
        ]
        return max(found, key=lambda one: len(one[0]))[1] if found else self.address


def text_of(value: object) -> str:
    """A cell's value as text; nothing is the empty text."""
    if isinstance(value, FiscalYear):
        return value.wareki
    return "" if value is None else str(value)


def lines(row: SheetInitiative, after: Form) -> list[Wanted]:
    """The cells of a row as a person looks at them before they go in."""
    number, title = after["number"], after["title"]
    fresh = is_new(row.key)

    def line(cell: SheetCell, path: str = "", what: str = "") -> Wanted:
        label = f"{what} {cell.label}".strip()
        reading, doubts = _read_as(row.form, after, path) if path else ("", [])
        return Wanted(number, title, cell.address, label, cell.before, cell.after, reading, doubts, fresh)

    found = [
        replace(line(cell), reading=_meant(after)) if cell.key == "progress" else line(cell)
        for cell in row.cells
    ]
    counted = len(row.form["indicators"])
    for one in row.indicators:
        index = one.index
        if index is None:
            index, counted = counted, counted + 1
        what = after["indicators"][index]["name"]
        there = places(after["indicators"][index])
        for cell in one.cells:
            key = value_key(cell.key)
            path = f"indicators[{index}].values[{there[key]}].raw" if key in there else ""
            found.append(line(cell, path, "" if cell.key == "name" else what))
    return found


def _meant(after: Form) -> str:
    """What the progress word will mean: as the sheet says, or else as the word is known."""
    if not after["progress"]:
        return ""
    meaning = labels.of(labels.MEANINGS, after["progress_meaning"])
    return _("進捗の意味：%(meaning)s") % {"meaning": meaning or _("未定")}


def _read_as(before: Form, after: Form, path: str) -> tuple[str, list[str]]:
    """How a value will be read, and what is doubtful about it."""
    indicator = rules.get(after, path.split(".", maxsplit=1)[0])
    reading = shown_cells.read_as(rules.get(after, path.removesuffix(".raw")), indicator["unit"])
    if not rules.get(after, path):
        return reading, []
    try:
        was = rules.get(before, path)
    except LookupError:
        was = ""
    return reading, [doubt["note"] for doubt in rules.questions_of(after, path, was)]
