"""One sheet or table per office: the office stands once above the table (課名：総務課) or in the sheet's name, not in a column.

What is said above a table holds for its rows, as long as no row of the sheet names an office in charge. A sheet's name alone is
weaker: 総務課 may be where the file came from.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from .blocks import Block, Paper
from .cells import look
from .model import Doubt, FieldSource, Initiative, Office, Reading, Unplaced
from .offices import named
from .wording import plain, squeeze

#: The rules of an office that a line above the table gave, and of one that only the sheet's name gives.
ABOVE: Final = "office-above"
BY_NAME: Final = "sheet-name"
_LABEL: Final = re.compile(
    r"(?:(?:主管|担当|所管|実施|推進|回答|作成|記入|提出)(?:課|室|部|部署|部局|所属|係|課等)?|部署|部局|所属|課室?|部課)(?:名称?)?"
)
#: What a sheet's name prints beside the office: a running number, a count in brackets.
_AROUND: Final = re.compile(r"^[0-9①-⑳]{1,3}[\s._\-・、.]*|[\s_\-]*[(（][^()（）]*[)）]$|[\s_\-]*[0-9]{1,3}$")
#: A line above a table prints little more than the office and perhaps a legend or a date.
_CELLS: Final = 4
_LENGTH: Final = 40


@dataclass(frozen=True, slots=True)
class _Home:
    """An office printed above a table: the block's place in the paper and the cells that say it."""

    at: int
    block: Block
    cell: int
    text: str
    printed: frozenset[str]


def housed(paper: Paper, readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """The readings, with the office of its table or sheet for each row that names none; what was used is no longer unplaced."""
    homes: dict[str, list[_Home]] = defaultdict(list)
    places: dict[tuple[str, int], int] = {}
    for at, block in enumerate(paper.blocks):
        places.setdefault((block.part, block.line), at)
        home = _home(at, block)
        if home is not None:
            homes[block.part].append(home)
    sheets = paper.container == "xlsx"
    if not homes and not sheets:
        return tuple(readings)
    told = _told(readings)
    used: dict[int, _Home] = {}
    found: list[Reading] = []
    for reading in readings:
        initiatives = [
            _given(one, paper, homes, places, used, sheets=sheets) if _part(one) not in told else one
            for one in reading.initiatives
        ]
        found.append(replace(reading, initiatives=tuple(initiatives)))
    spent = {(home.block.part, home.block.line): home.printed for home in used.values()}
    return tuple(
        replace(one, unplaced=tuple(piece for piece in one.unplaced if not _spent(piece, spent)))
        if one.unplaced
        else one
        for one in found
    )


def _part(one: Initiative) -> str:
    return one.source.part if one.source else ""


def _told(readings: Sequence[Reading]) -> set[str]:
    """The sheets (or the whole text) of which some row names the office in charge: there a blank is no silence."""
    return {
        source.part
        for reading in readings
        for one in reading.initiatives
        for number, office in enumerate(one.offices)
        if office.role == "lead" and (source := one.sources.get(f"offices[{number}].name"))
    }


def _home(at: int, block: Block) -> _Home | None:
    """The office that a line states, with its label in the same cell or in the one left of it."""
    if not 0 < block.filled <= _CELLS:
        return None
    cells = [(place, cell) for place, cell in enumerate(block.cells) if cell]
    for number, (place, cell) in enumerate(cells):
        if len(cell) > _LENGTH:
            continue
        text = plain(cell)
        label, mark, rest = text.partition(":")
        if not mark:
            label, mark, rest = text.partition(" ")
        if mark and _LABEL.fullmatch(squeeze(label)) and _is_office(rest):
            return _Home(at, block, place, rest, frozenset({squeeze(cell)}))
        if not rest and _LABEL.fullmatch(squeeze(label)) and number + 1 < len(cells):
            beside, other = cells[number + 1]
            if len(other) <= _LENGTH and _is_office(other):
                return _Home(at, block, beside, other, frozenset({squeeze(cell), squeeze(other)}))
    return None


def _is_office(text: str) -> bool:
    return bool(text.strip()) and all(not one.odd and look(one.name).office for one in named(text, "lead"))


def _given(
    one: Initiative,
    paper: Paper,
    homes: Mapping[str, Sequence[_Home]],
    places: Mapping[tuple[str, int], int],
    used: dict[int, _Home],
    *,
    sheets: bool,
) -> Initiative:
    """The initiative with the office of its table, or of its sheet by name."""
    if one.source is None or one.source.file != paper.file:
        return one
    at = places.get((one.source.part, one.source.line))
    if at is None or not paper.blocks[at].table:
        return one
    above = [home for home in homes.get(one.source.part, ()) if home.at < at]
    if above:
        home = above[-1]
        used[home.at] = home
        return _with(one, home.text, home.block.source(paper.file, ABOVE, home.cell), doubtful=False)
    name = _AROUND.sub("", plain(one.source.part))
    if sheets and _is_office(name):
        source = FieldSource(paper.file, one.source.line, None, BY_NAME, one.source.part)
        return _with(one, name, source, doubtful=True)
    return one


def _with(one: Initiative, text: str, source: FieldSource, *, doubtful: bool) -> Initiative:
    offices, sources, doubts = list(one.offices), dict(one.sources), list(one.doubts)
    for office in named(text, "lead"):
        if any(squeeze(office.name) == squeeze(other.name) for other in offices):
            continue
        path = f"offices[{len(offices)}].name"
        offices.append(Office(office.name, office.role, doubtful))
        sources[path] = source
        if doubtful:
            note = "担当課の欄がないため、シートの名前を担当課としました。"
            doubts.append(Doubt(path, "sheet-name", (office.name,), note))
    return replace(one, offices=tuple(offices), sources=sources, doubts=tuple(doubts))


def _spent(piece: Unplaced, spent: Mapping[tuple[str, int], frozenset[str]]) -> bool:
    """Whether a piece is the label or the office of a line that gave its office."""
    if piece.line is None:
        return False
    printed = spent.get((piece.part, piece.line), frozenset())
    return squeeze(piece.text) in printed
