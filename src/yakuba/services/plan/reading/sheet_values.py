"""The indicators of a fact sheet: in a labelled cell with their values, or in a small table of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from .columns import Column, Role
from .indicators import ValueCell
from .sheet_rows import Cell, Entry, Measures
from .sheet_words import MAX_LABEL, Kind, label_of
from .wording import mentioned_years, plain, squeeze

_KINDS: Final = (
    ("実績", "actual"),
    ("現状", "baseline"),
    ("基準", "baseline"),
    ("策定時", "baseline"),
    ("目標", "target"),
)
_HEAD: Final = re.compile(
    r"(?:(?:令和|平成|R|H)?\s*(?:元|[0-9０-９]{1,4})\s*年?度?末?の?\s*)?(?:実績|現状|基準|目標)(?:値)?\s*"
    r"(?:[(（][^()（）]{1,12}[)）])?"
)
_UNIT: Final = re.compile(r"単位")
_NAME: Final = re.compile(r"(?:指標|項目|kpi|k[pg]i|名称|指標名).*")


@dataclass(frozen=True, slots=True)
class SaidValue:
    """A value and the block in which it stands."""

    cell: ValueCell
    at: int


@dataclass(frozen=True, slots=True)
class Said:
    """What a sheet says of an indicator: its name, unit, values, and the cell of its name."""

    name: str
    unit: str
    values: list[SaidValue]
    cell: Cell
    left: list[Cell] = field(default_factory=list)
    """Cells of its row under a head that is none of an indicator's."""


def kind_and_year(head: str) -> tuple[str, int | None]:
    """The kind of value that a head names (empty where none), and its fiscal year."""
    words = squeeze(head)
    years = [one.year for one in mentioned_years(plain(head))]
    return next((kind for word, kind in _KINDS if word in words), ""), years[0] if years else None


def in_cell(entry: Entry) -> Said:
    """The indicator of labelled cells: its name, then values in cells behind their kinds (現状値（R5） | 12件)."""
    first = entry.cells[0]
    names: list[str] = []
    values: list[SaidValue] = []
    pending: str | None = None
    for cell in entry.cells:
        if pending is not None:
            kind, year = kind_and_year(pending)
            values.append(_value(cell, pending, kind, year, cell.text))
            pending = None
        elif len(cell.text) <= MAX_LABEL and _HEAD.fullmatch(cell.text.strip()):
            # The kind in one cell, the value in the next.
            pending = cell.text
        else:
            names.append(cell.text)
    name = " ".join(" ".join(names).split()).strip("：:、 ")
    return Said(name, "", values, first)


def _value(cell: Cell, head: str, kind: str, year: int | None, raw: str) -> SaidValue:
    return SaidValue(ValueCell(Column(Role.VALUE, head, kind, year=year), cell.place, raw), cell.at)


def in_table(table: Measures) -> list[Said]:
    """The indicators of a small table: values under heads by kind and year, or in rows by kind under years."""
    years = {place: year for place, year, _ in table.years}
    columns: dict[int, tuple[str, str, int | None]] = {}
    unit_place: int | None = None
    for cell in table.head:
        kind, year = kind_and_year(cell.text)
        if cell.place in years:
            columns[cell.place] = (cell.text, kind, years[cell.place])
        elif _UNIT.fullmatch(squeeze(cell.text)):
            unit_place = cell.place
        elif kind and not _NAME.fullmatch(squeeze(cell.text)):
            columns[cell.place] = (cell.text, kind, year)
    first = min(columns, default=0)
    said: list[Said] = []
    for row in table.rows:
        front = [cell for cell in row if cell.place < first and cell.place != unit_place]
        row_kind = ""
        names: list[Cell] = []
        for cell in front:
            label = label_of(cell.text)
            kind = kind_and_year(cell.text)[0] if len(cell.text) <= 6 else ""
            if kind and (label is None or label.kind is not Kind.INDICATOR):
                row_kind = kind
            else:
                names.append(cell)
        unit = next((cell.text for cell in row if cell.place == unit_place), "")
        left = [
            cell
            for cell in row
            if cell.place > first and cell.place not in columns and cell.place != unit_place
        ]
        values = [
            _value(
                cell,
                columns[cell.place][0],
                row_kind or columns[cell.place][1] or "target",
                columns[cell.place][2],
                cell.text,
            )
            for cell in row
            if cell.place in columns
        ]
        if names or not said:
            name = " ".join(" ".join(cell.text for cell in names).split())
            said.append(Said(name, unit, values, names[0] if names else row[0], left))
        else:
            # A further row of the indicator above: its actuals below its targets.
            said[-1].values.extend(values)
            said[-1].left.extend(left)
    return said
