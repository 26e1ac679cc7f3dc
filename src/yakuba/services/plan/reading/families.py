"""Heads of tables that run over many pages, and which of them are one table.

A head is printed on every page, and a text tool breaks it differently on each: groups above, names below, shifted by a column or
two, words dropped. The pages of one table share what their titles say; the head that explains their rows best serves for all.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from .blocks import Block
from .columns import (
    MAX_COLUMNS,
    MONEY,
    Column,
    Heading,
    Role,
    column_of,
    head_of,
    one_title,
    spread,
    told_apart,
)
from .fronts import coded
from .reports import reported
from .scopes import PageScope, said_in
from .wording import squeeze

#: Heads of tables that are read by content are no wider: matching rows to columns costs their product.
MAX_WIDTH: Final = 30
#: Lines that a head may take.
MAX_LINES: Final = 3
_LENGTH: Final = 40
#: A head with an office, and one without, names at least so many columns.
_WITH_OFFICE: Final = 4
_WITHOUT: Final = 5
#: Tables whose heads share so much are one table, where no title tells them apart.
_ALIKE: Final = 0.5
#: Lines that share so much of the shorter one's pairs of letters, and so many, are one line, misread differently.
_SHARED: Final = 0.5
_MIN_SHARED: Final = 4
#: … where they stand above so many other heads.
_ELSEWHERE: Final = 2
#: So many different lines are compared with each other.
MAX_SHAPES: Final = 300
#: So many lines above a head may be furniture.
MAX_FURNITURE: Final = 40
#: Rows with fewer cells are notes between the others.
_FULL: Final = 3
_NOTE: Final = re.compile(r"[※#＃*＊]")
_CODE: Final = re.compile(r"[0-9ア-ン()①-⑳.・、【】:~-]")
#: Words of the outer level, where an inner one names the initiative.
_OUTER: Final = re.compile(r"(?:基本|個別|主要)?(?:施策|政策|目標|方針)")
_RIGHT_OF_TITLE: Final = {
    **dict.fromkeys(("目標", "目標等", "達成目標"), "target_state"),
    **dict.fromkeys(("計画", "予定", "今年度計画", "計画内容"), "approach"),
    **dict.fromkeys(("結果", "実績", "成果", "取組実績", "結果・成果"), "result"),
    **dict.fromkeys(("内容", "概要", "説明"), "approach"),
}
_YEARS: Final = re.compile(r"[0-9０-９元]年度?(?:\s*\S{0,4}(?:予定|計画|スケジュール))?$")
_YEAR: Final = re.compile(r"[0-9０-９元]年度?$")
_SPAN: Final = re.compile(
    r"(?:(?:令和|平成|r|h)\.?)?[0-9元]{1,4}(?:年度?)?[~〜～\-‐–—―](?:(?:令和|平成|r|h)\.?)?[0-9]{1,4}(?:年度?)?"
)
_CONTENT: Final = frozenset({Role.TEXT, Role.VALUE, Role.STAGE, Role.SCHEDULE, Role.PROGRESS, Role.INDICATOR})


@dataclass(slots=True)
class Page:
    """One printing of a table: its head, its rows, and what the lines above say of it."""

    heading: Heading
    scope: PageScope
    rows: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class Family:
    """The pages of one table."""

    scope: PageScope
    pages: list[Page]


def page_head(rows: Sequence[Block], place: int) -> Heading | None:
    """The head that begins at a row, or None: it names initiatives, and their offices or numbers, and what is said of them.

    It takes up to `MAX_LINES` rows, of which the lower ones refine those above.
    """
    if not _head_like(rows[place]):
        return None
    lines = [rows[place]]
    for row in rows[place + 1 : place + MAX_LINES]:
        if row.table != lines[0].table or not _head_like(row):
            break
        lines.append(row)
    for count in range(len(lines), 0, -1):
        columns = _columns(lines[:count])
        if _names_initiatives(columns):
            return Heading(tuple(columns), tuple(lines[:count]))
    return None


def _head_like(row: Block) -> bool:
    """Whether most of a row's cells are words of heads."""
    filled = [cell for cell in row.cells if cell]
    if (
        not 2 <= len(filled) <= MAX_WIDTH
        or len(row.cells) > MAX_WIDTH
        or any(len(cell) > _LENGTH for cell in filled)
    ):
        return False
    known = sum(
        _YEAR.search(cell) is not None
        or (column := column_of(cell, "")).role is not Role.UNKNOWN
        or column.detail == MONEY
        for cell in filled
    )
    return known >= 2 and known * 5 >= len(filled) * 3


def _columns(lines: Sequence[Block]) -> list[Column]:
    """The columns of a head: the lowest word that stands in each, with what stands above it."""
    width = max(len(line.cells) for line in lines)
    above = spread(lines[0], lines[1] if len(lines) > 1 else None)
    columns: list[Column] = []
    for place in range(width):
        words = [line.cells[place] for line in lines if place < len(line.cells) and line.cells[place]]
        columns.append(
            head_of(words, above[place] if place < len(above) else "") if words else Column(Role.UNKNOWN, "")
        )
    while columns and not columns[-1].head:
        columns.pop()
    columns = _of_several_years(columns)
    return told_apart(one_title(_beside_title(columns)))


def _of_several_years(columns: list[Column]) -> list[Column]:
    """Beside years without a kind, a head that names several of them (R6～R7) is one as well: a stage that holds for each."""
    single = any(column.role is Role.VALUE and column.year and not column.detail for column in columns)
    several = [
        place
        for place, column in enumerate(columns)
        if column.role is Role.UNKNOWN and column.span and _SPAN.fullmatch(squeeze(column.head))
    ]
    changed = list(columns)
    if single or len(several) > 1:
        for place in several:
            changed[place] = replace(columns[place], role=Role.STAGE)
    return changed


def _beside_title(columns: list[Column]) -> list[Column]:
    """What short words mean by their place: of two titles the outer is a level; right of the title 目標, 計画 and 結果 are texts."""
    titles = [place for place, column in enumerate(columns) if column.role is Role.TITLE]
    changed = list(columns)
    inner = [place for place in titles if not _OUTER.match(squeeze(columns[place].head))]
    if inner and len(inner) < len(titles):
        for place in titles:
            if place < min(inner) and place not in inner:
                changed[place] = replace(columns[place], role=Role.LEVEL)
    if titles:
        for place, column in enumerate(columns):
            detail = _RIGHT_OF_TITLE.get(squeeze(column.head))
            if detail and place > titles[0] and column.role in {Role.LEVEL, Role.UNKNOWN}:
                changed[place] = replace(column, role=Role.TEXT, detail=detail)
    return changed


def _names_initiatives(columns: Sequence[Column]) -> bool:
    roles = [column.role for column in columns]
    sums = sum(column.detail == MONEY for column in columns)
    known = sum(role is not Role.UNKNOWN for role in roles) + sums
    if roles.count(Role.TITLE) > 1:
        return False
    named = Role.TITLE in roles or Role.NUMBER in roles
    content = sum(role in _CONTENT for role in roles) + sums
    if not named or not content:
        return False
    if Role.OFFICE in roles:
        return known >= _WITH_OFFICE and Role.TITLE in roles
    # Without an office the head must say more: numbers and titles with several columns, or indicators.
    return known >= _WITHOUT and Role.NUMBER in roles and content >= 3


def families_of(pages: Sequence[Page]) -> list[Family]:
    """Pages with the same titles together; pages without any by their heads. In the order of their first pages."""
    families: list[Family] = []
    words: list[set[tuple[Role, str]]] = []
    for page in pages:
        own = _vocabulary(page.heading)
        for family, others in zip(families, words, strict=True):
            if _same(family, page, others, own):
                family.pages.append(page)
                break
        else:
            families.append(Family(page.scope, [page]))
            words.append(own)
    for family in families:
        _by_rows(family)
    return families


def _by_rows(family: Family) -> None:
    """Gives the heads of a family's pages what its rows say of results and plans, where cells stand on their columns."""
    rows = [row for page in family.pages for row in page.rows if row.filled >= _FULL]
    if coded([row.cells for row in rows]):
        return
    for page in family.pages:
        wording = [column.head for column in page.heading.columns]
        alike = [
            row
            for other in family.pages
            if [column.head for column in other.heading.columns] == wording
            for row in other.rows
            if row.filled >= _FULL
        ]
        page.heading = replace(page.heading, columns=reported(page.heading.columns, alike))


def _same(family: Family, page: Page, one: set[tuple[Role, str]], two: set[tuple[Role, str]]) -> bool:
    key, other = (
        (scope.kind, bool(scope.result), scope.year if scope.result else None)
        for scope in (family.scope, page.scope)
    )
    if key != other:
        return False
    if page.scope.kind is not None or page.scope.result:
        return True
    return len(one & two) >= _ALIKE * len(one | two)


def _vocabulary(heading: Heading) -> set[tuple[Role, str]]:
    return {(column.role, column.detail) for column in heading.columns if column.role is not Role.UNKNOWN}


def furniture(blocks: Sequence[Block], heads: Sequence[int], taken: set[int]) -> set[int]:
    """The indexes of the blocks above heads that repeat from page to page: titles and legends, by nearness and likeness.

    `heads` are the first blocks of the heads, `taken` those that have found their place. A legend that is printed on every page is
    misread differently on each: a line is furniture where one like it stands above another head. What has no like is left.
    """
    zones = [_zone(blocks, head, taken) for head in heads]
    lines = [[(at, _shape(blocks[at].text)) for at in zone if not blocks[at].blank] for zone in zones]
    homes: dict[str, set[int]] = defaultdict(set)
    for number, own in enumerate(lines):
        for _, shape in own:
            homes[shape].add(number)
    pairs = {shape: _pairs(shape) for shape in list(homes)[:MAX_SHAPES]}
    found: set[int] = set()
    for number, own in enumerate(lines):
        # A text tool that stutters prints one line of a legend again and again.
        again = Counter(shape for _, shape in own)
        for at, shape in own:
            if (
                _titles(blocks[at])
                or len(homes[shape]) > 1
                or again[shape] > _ELSEWHERE
                or _like(shape, number, homes, pairs)
            ):
                found.add(at)
    for own in lines:
        # A table is a legend when nearly all of its rows are.
        tables = Counter(blocks[at].table for at, _ in own)
        like = Counter(blocks[at].table for at, _ in own if at in found)
        legends = {table for table, count in tables.items() if table and like[table] >= max(3, count * 2 / 3)}
        found |= {at for at, _ in own if blocks[at].table in legends}
    return found


def _like(shape: str, zone: int, homes: Mapping[str, set[int]], pairs: Mapping[str, set[str]]) -> bool:
    """Whether lines above several other heads share much of a line's words: two lines alike may well be two statements."""
    own = _pairs(shape)
    where: set[int] = set()
    for other, others in pairs.items():
        if others and (
            not own or len(own & others) >= max(_MIN_SHARED, _SHARED * min(len(own), len(others)))
        ):
            where |= homes[other]
    return len(where - {zone}) >= _ELSEWHERE


def _pairs(shape: str) -> set[str]:
    return {shape[at : at + 2] for at in range(len(shape) - 1)}


def _zone(blocks: Sequence[Block], head: int, taken: set[int]) -> list[int]:
    """The short lines right above a head."""
    zone: list[int] = []
    for at in range(head - 1, max(-1, head - 1 - MAX_FURNITURE), -1):
        block = blocks[at]
        if at in taken or _NOTE.match(block.text) or any(len(cell) > _LENGTH for cell in block.cells):
            break
        zone.append(at)
    return zone


def _titles(block: Block) -> bool:
    """Whether a line is the title of the table below: it tells its kind, or that it is of results or plans."""
    said = said_in(block.text) if block.filled == 1 else PageScope()
    return said.kind is not None or said.result is not None


def year_head(block: Block) -> bool:
    """Whether a row is what is left of a head: names of years and spans of years, and nothing else."""
    filled = [cell for cell in block.cells if cell]
    return (
        0 < len(filled) <= MAX_COLUMNS
        and block.table > 0
        and all(len(cell) <= _LENGTH and _YEARS.search(cell) for cell in filled)
    )


def _shape(text: str) -> str:
    """The words of a line without its codes and marks: a text tool misreads those first."""
    return _CODE.sub("", squeeze(text))
