"""Tables that give an initiative two lines under the heads of years: what was planned, and what came of it.

A column of its own says which line is which (計画, 実績). Both lines become one row before the table is read: under each year stands
the plan, and what came of it has columns of its own behind the last one. Afterwards sources point to the printed cells again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from .blocks import Block
from .columns import Column, Heading, Role
from .mentions import Found
from .model import FieldSource, Unplaced
from .wording import squeeze

_PLAN: Final = re.compile(r"(?:当初|年次)?(?:計画|目標|予定)(?:値|内容)?")
_RESULT: Final = re.compile(r"(?:取組)?(?:実績|結果)(?:値|内容)?|実施(?:状況|内容|結果)")
_DIGIT: Final = re.compile(r"[0-9０-９]")
#: What tells whose line it is: a second line leaves these blank or repeats them.
_OWN: Final = frozenset({Role.TITLE, Role.NUMBER, Role.INDICATOR})


@dataclass(slots=True)
class _Group:
    """The lines of one initiative, or of one of its indicators: the first of them, the planned one, the one of results."""

    first: Block
    plan: Block | None = None
    result: Block | None = None


@dataclass(frozen=True, slots=True)
class _Joined:
    """One row made of two: for each of its cells the line and the place it was printed at, and what found no cell in it."""

    row: Block
    lines: tuple[Block, ...]
    printed: Mapping[int, tuple[Block, int]]
    left: tuple[Unplaced, ...]


@dataclass(slots=True)
class Pairs:
    """The rows that were made of two lines."""

    joined: list[_Joined] = field(default_factory=list)

    def join(self, heading: Heading, rows: Sequence[Block]) -> tuple[Heading, list[Block]]:
        """The head and the rows below it with two lines made one; as they are where no column tells lines apart."""
        told = _told_by(heading, rows)
        years = [
            at
            for at, column in enumerate(heading.columns)
            if column.role is Role.VALUE and column.year and not column.detail and at != told
        ]
        if told is None or not years:
            return heading, list(rows)
        groups = _groups(heading.columns, rows, told)
        lines = [line for one in groups if isinstance(one, _Group) for line in (one.plan, one.result) if line]
        counted = any(_DIGIT.search(_cell(line, at)) for line in lines for at in years)
        results = [one.result for one in groups if isinstance(one, _Group) and one.result]
        # A year of which nothing has come yet is no year of results.
        told_years = [at for at in years if any(_cell(line, at) for line in results)]
        columns = _columns(heading.columns, told, years, told_years, counted=counted)
        made: list[Block] = []
        for one in groups:
            if isinstance(one, Block):
                made.append(one)
                continue
            joined = _join(heading.columns, one, told, years, told_years if counted else None)
            self.joined.append(joined)
            made.append(joined.row)
        return replace(heading, columns=columns), made

    def places(self, places: Mapping[int, int]) -> dict[int, int]:
        """The places of blocks by their ids, with those of the rows made here: the first of their lines."""
        return {**places, **{id(one.row): places[id(one.lines[0])] for one in self.joined}}

    def settle(self, found: Found, places: Mapping[int, int]) -> None:
        """Points sources to the printed lines, and claims them where their row was read."""
        by_line: dict[tuple[str, int], _Joined] = {}
        for one in self.joined:
            if places[id(one.lines[0])] in found.claimed:
                found.claimed |= {places[id(line)] for line in one.lines}
                found.unplaced += one.left
            by_line[one.row.part, one.row.line] = one
        if not by_line:
            return
        for mention in found.mentions:
            sources = {
                path: _printed(source, by_line.get((source.part, source.line)))
                for path, source in mention.initiative.sources.items()
            }
            if sources != mention.initiative.sources:
                mention.initiative = replace(mention.initiative, sources=sources)


def _printed(source: FieldSource, joined: _Joined | None) -> FieldSource:
    if joined is None or not source.cell or source.cell - 1 not in joined.printed:
        return source
    line, place = joined.printed[source.cell - 1]
    return replace(source, line=line.line, cell=place + 1)


def _told_by(heading: Heading, rows: Sequence[Block]) -> int | None:
    """The column that says of each line whether it tells a plan or a result, or None."""
    for at, column in enumerate(heading.columns):
        if column.role in {Role.TITLE, Role.NUMBER, Role.OFFICE}:
            continue
        words = [squeeze(_cell(row, at)) for row in rows if _cell(row, at)]
        plans = sum(_PLAN.fullmatch(word) is not None for word in words)
        results = sum(_RESULT.fullmatch(word) is not None for word in words)
        if plans and results and plans + results == len(words):
            return at
    return None


def _groups(columns: Sequence[Column], rows: Sequence[Block], told: int) -> list[_Group | Block]:
    """The lines that belong together, and the rows that are no such lines, in order."""
    own = [at for at, column in enumerate(columns) if column.role in _OWN and at != told]
    groups: list[_Group | Block] = []
    for row in rows:
        word = squeeze(_cell(row, told))
        if not word:
            groups.append(row)
            continue
        result = _RESULT.fullmatch(word) is not None
        above = groups[-1] if groups else None
        if not isinstance(above, _Group) or not _goes_on(above, row, own, result=result):
            above = _Group(row)
            groups.append(above)
        if result:
            above.result = row
        else:
            above.plan = row
    return groups


def _goes_on(above: _Group, row: Block, own: Sequence[int], *, result: bool) -> bool:
    if (above.result if result else above.plan) is not None:
        return False
    return all(not _cell(row, at) or squeeze(_cell(row, at)) == squeeze(_cell(above.first, at)) for at in own)


def _columns(
    columns: Sequence[Column], told: int, years: Sequence[int], results: Sequence[int], *, counted: bool
) -> tuple[Column, ...]:
    """The head's columns for joined rows: the planned years, and behind the last column what came of them."""
    changed = list(columns)
    changed[told] = Column(Role.UNKNOWN, "")
    for at in years:
        column = columns[at]
        changed[at] = replace(column, detail="target") if counted else replace(column, role=Role.STAGE)
    if counted:
        return (*changed, *(replace(columns[at], detail="actual") for at in results))
    return (*changed, Column(Role.TEXT, "実績", "result")) if results else tuple(changed)


def _join(
    columns: Sequence[Column], group: _Group, told: int, years: Sequence[int], results: Sequence[int] | None
) -> _Joined:
    """One row of a group's lines; `results` are the years whose results have columns, None where they are told in words."""
    lines = tuple(line for line in (group.plan, group.result) if line is not None)
    lines = tuple(sorted(lines, key=lambda line: line is not group.first))
    width = max(len(columns), *(len(line.cells) for line in lines))
    cells = [_cell(group.first, at) for at in range(width)]
    printed: dict[int, tuple[Block, int]] = {}
    cells[told] = ""
    for at in years:
        cells[at] = _cell(group.plan, at)
        if group.plan is not None:
            printed[at] = (group.plan, at)
    left = tuple(
        Unplaced(line.line, text, line.part)
        for line in lines
        if line is not group.first
        for at, text in enumerate(line.cells)
        if text and at != told and at not in years and squeeze(text) != squeeze(_cell(group.first, at))
    )
    if results is None:
        heads = [(at, columns[at].head) for at in years if _cell(group.result, at)]
        if heads and group.result is not None:
            printed[len(columns)] = (group.result, heads[0][0])
        said = [f"{head}: {_cell(group.result, at)}" for at, head in heads]
        behind = ["\n".join(said)]
    else:
        behind = [_cell(group.result, at) for at in results]
        if group.result is not None:
            printed |= {len(columns) + place: (group.result, at) for place, at in enumerate(results)}
    # What stands behind the last column of the head has no head.
    left += tuple(
        Unplaced(group.first.line, text, group.first.part) for text in cells[len(columns) :] if text
    )
    row = replace(group.first, cells=(*cells[: len(columns)], *behind))
    return _Joined(row, lines, printed, left)


def _cell(row: Block | None, at: int) -> str:
    return row.cells[at] if row is not None and at < len(row.cells) else ""
