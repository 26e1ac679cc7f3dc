"""Cells merged over several rows: what such a cell says, it says of every row that it spans.

Recognisers see a row's own cells; a blank below a merged cell is no missing answer where the container tells of the area.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from .blocks import Block, Paper
from .model import FieldSource, Initiative, Office, Reading
from .wording import squeeze

#: The rule of a field that a merged cell beside it gave.
RULE: Final = "merged-cell"
#: Rows that merged areas may span, all together; beyond, areas claim more than anyone prints.
_MOST: Final = 1_000_000

#: Covered places of a row, each with the block in which its area begins.
_Covers = Mapping[tuple[str, int], Mapping[int, Block]]


def inherited(paper: Paper, readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """The readings, with offices, texts, stages, tags and progress of merged cells given to all rows that they span.

    A field that the row itself prints stays; a doubt about a blank that a merged cell explains goes.
    """
    covers = _covers(paper)
    if not covers:
        return tuple(readings)
    return tuple(_completed(paper, reading, covers) for reading in readings)


def _covers(paper: Paper) -> _Covers:
    found: dict[tuple[str, int], dict[int, Block]] = defaultdict(dict)
    left = _MOST
    for at, block in enumerate(paper.blocks):
        for place, span in block.spans:
            for below in range(at + 1, len(paper.blocks)):
                other = paper.blocks[below]
                left -= 1
                if left < 0 or other.part != block.part or other.line >= block.line + span.rows:
                    break
                # An area that begins further down covers the place anew.
                if other.table == block.table and not (place < len(other.cells) and other.cells[place]):
                    found[other.part, other.line][place] = block
    return found


def _completed(paper: Paper, reading: Reading, covers: _Covers) -> Reading:
    givers: dict[tuple[str, int, int], tuple[Initiative, list[str]]] = {}
    for one in reading.initiatives:
        for path, source in one.sources.items():
            if source.cell is not None and source.file == paper.file:
                givers.setdefault((source.part, source.line, source.cell - 1), (one, []))[1].append(path)
    completed = []
    for one in reading.initiatives:
        areas = covers.get((one.source.part, one.source.line), {}) if one.source else {}
        whole = one
        for place, block in areas.items():
            giver, paths = givers.get((block.part, block.line, place), (None, []))
            whole = _settled(whole, block.cells[place])
            if giver is not None and giver is not one:
                whole = _given(whole, giver, paths, block.source(paper.file, RULE, place))
        completed.append(whole)
    return replace(reading, initiatives=tuple(completed))


def _settled(one: Initiative, text: str) -> Initiative:
    """The initiative without the doubts about a blank level cell that the area's words fill."""
    doubts = tuple(
        doubt
        for doubt in one.doubts
        if not (
            doubt.code == "blank-cell"
            and doubt.field.startswith("placements")
            and [squeeze(candidate) for candidate in doubt.candidates] == [squeeze(text)]
        )
    )
    return one if len(doubts) == len(one.doubts) else replace(one, doubts=doubts)


def _given(one: Initiative, giver: Initiative, paths: Sequence[str], source: FieldSource) -> Initiative:
    """The initiative with the fields that the giver read from the merged cell, unless its own row prints them."""
    line = one.source.line if one.source else 0
    own = {path for path, other in one.sources.items() if (other.line, other.part) == (line, source.part)}
    offices: list[Office] = []
    for path in paths:
        head, _, key = path.partition(".")
        if head.startswith("offices["):
            offices += giver.offices[int(head[8:-1]) :][:1]
        elif head in {"texts", "stages", "tags"} and path not in own:
            values = dict(getattr(one, head))
            if key in getattr(giver, head):
                values[key] = getattr(giver, head)[key]
                one = _with(one, path, source, **{head: values})
        elif path == "progress" and path not in own:
            one = _with(one, path, source, progress=giver.progress)
    if offices and not any(path.startswith("offices[") for path in own):
        sources = {path: at for path, at in one.sources.items() if not path.startswith("offices[")}
        sources |= {f"offices[{number}].name": source for number in range(len(offices))}
        doubts = tuple(doubt for doubt in one.doubts if not doubt.field.startswith("offices"))
        one = replace(one, offices=tuple(offices), sources=sources, doubts=doubts)
    return one


def _with(one: Initiative, path: str, source: FieldSource, **values: object) -> Initiative:
    doubts = tuple(doubt for doubt in one.doubts if doubt.field != path)
    sources = {**one.sources, path: source}
    return replace(one, sources=sources, doubts=doubts, **values)  # type: ignore[arg-type]  # fields by their names
