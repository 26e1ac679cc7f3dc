"""Wide plan tables: a head that names initiative, indicator and values by year, and a row per initiative.

The steps: heads → columns → rows on their columns → initiatives and the tree. Evidence is words of the head, vocabularies,
patterns and the looks of cells.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from . import model
from .alignment import CERTAIN, Aligned, align
from .blocks import Block, Paper
from .cells import FLAG_WORDS, NUMBER, is_total
from .columns import Column, Heading, Role, column_of, heading_at
from .details import read_family
from .facts import facts_of
from .families import Page, families_of, furniture, page_head, year_head
from .mentions import Found, Mention, Scope, Years
from .model import Unplaced
from .paired import Pairs
from .reports import reported
from .rows import Draft, RowReader, finished, printed_at
from .same_day import doubt_differences
from .scopes import scopes_of
from .shapes import LAST_YEAR
from .stages import spread
from .tree import Spellings, coded_nodes, complete, grow, placed
from .unreadable import Unreadable
from .wording import squeeze

RULE: Final = "wide-table"
MAX_ROWS: Final = 2_000
#: Heads are looked for only where a row names an indicator; this many such rows that are none are enough.
MAX_CANDIDATES: Final = 5_000
MAX_PAGE_CANDIDATES: Final = 600
#: A head is printed once a page.
MAX_HEADS: Final = 1_000
_HEAD_WORDS: Final = re.compile(r"[KkＫｋ]\s*[PpGgＰＧ]\s*[IiＩｉ]|指\s*標|数\s*値\s*目\s*標")
_PAGE_WORDS: Final = re.compile(
    r"取組|取り組|事業|施策|担当|所管|主管|課|番号|[Nn][Oo]|年度|計画|目標|内容|進捗|結果|指標"
)
_UNCLOSED: Final = re.compile(r"【[^】]*(?:】|$)")
_DIGIT: Final = re.compile(r"\d")
_OF_TITLES: Final = re.compile(
    r"推進|運用|取り?組み?|事業|施策|個別|実施|計画|結果|成果|実績|予定|進捗|達成|状況|状態|評価|報告|一覧|年度|令和|平成|表|版|詳細|概要"
)
#: Words long enough to say something.
_RUN: Final = re.compile(r"[^\W\d_]{3,}")


@dataclass(slots=True)
class _Section:
    """One printing of the head and the rows below it."""

    heading: Heading
    rows: list[Block] = field(default_factory=list)


def recognise(paper: Paper, before: Sequence[Found]) -> Found:
    """Tables whose head names initiatives and what is said of them: a row is an initiative.

    Tables of one kind whose heads all name an indicator and its values by year are read by their heads; tables of several
    families, years and kinds by what their cells look like (:mod:`.details`). Raises `Unreadable` only for a file that ends inside
    a table, or has too many rows.
    """
    taken = {at for each in before for at in each.claimed}
    found = _details(paper, taken, with_nodes=not any(each.nodes for each in before))
    sections = _cut(paper.blocks, taken | found.claimed)
    if sections:
        _join(found, _Table(paper, sections).found())
    return found


def _details(paper: Paper, taken: set[int], *, with_nodes: bool) -> Found:
    """What the families of pages say that are not read by their heads alone, and the furniture around them."""
    blocks = paper.blocks
    heads = _page_heads(blocks, taken)
    if not heads:
        return Found()
    scopes = scopes_of(blocks)
    pairs = Pairs()
    pages = {
        at: Page(own, scopes[at], rows)
        for at, heading in heads.items()
        for own, rows in [pairs.join(heading, _rows_below(blocks, at + len(heading.rows), heads, taken))]
    }
    # A head without rows below it decides nothing; kinds and years that only titles tell are read with their families.
    plain = {
        id(page)
        for at, page in pages.items()
        if not page.rows
        or (heading_at(blocks, at) is not None and page.scope.kind is None and not page.scope.result)
    }
    places = pairs.places({id(block): at for at, block in enumerate(blocks)})
    found = Found()
    read: set[int] = set()
    families = families_of(list(pages.values()))
    for number, family in enumerate(families, 1):
        if all(id(page) in plain for page in family.pages):
            continue
        own = read_family(paper, family, places, number, with_nodes=with_nodes and not found.nodes)
        if own.mentions:
            _join(found, own)
            read |= {places[id(page.heading.rows[0])] for page in family.pages}
    pairs.settle(found, places)
    doubt_differences(found.mentions)
    if read:
        # Heads of which only the years are left: their rows tell no initiative, their titles are furniture all the same.
        left = {at for at, block in enumerate(blocks) if at > min(read) and year_head(block)} - taken
        found.claimed |= left - found.claimed
        above = furniture(blocks, sorted(read | left), taken | found.claimed)
        found.claimed |= above
        found.unplaced += _printed_once(blocks, above)
        if with_nodes:
            _name_codes(found, [blocks[at] for at in sorted(above)])
    return found


def _printed_once(blocks: Sequence[Block], above: set[int]) -> list[Unplaced]:
    """Lines taken for titles of pages by their likeness alone: what only one of them prints is not lost."""
    runs = Counter(run for block in blocks for run in _own_words(block))
    return [
        Unplaced(blocks[at].line, blocks[at].text, blocks[at].part)
        for at in sorted(above)
        if not blocks[at].table and any(runs[run] == 1 for run in _own_words(blocks[at]))
    ]


def _own_words(block: Block) -> set[str]:
    """The words of a line beyond what every title of a table says."""
    return set(_RUN.findall(_OF_TITLES.sub(" ", block.text)))


def _name_codes(found: Found, legend: Sequence[Block]) -> None:
    """The tree of codes that rows print, where no other place of the document tells it."""
    known = {node.path for node in found.nodes}
    paths = {place.path for one in found.mentions for place in one.initiative.placements} - known
    if not paths:
        return
    found.nodes += coded_nodes(paths, [block.text for block in legend])
    depth = max(len(path) for path in paths)
    words = (
        tuple(cell for cell in block.cells if cell and column_of(cell, "").role is Role.LEVEL)
        for block in legend
    )
    found.levels = found.levels or next((one for one in words if len(one) == depth), ())


def _page_heads(blocks: Sequence[Block], taken: set[int]) -> dict[int, Heading]:
    """The heads of tables by the place of their first row. Raises `Unreadable` for too many."""
    heads: dict[int, Heading] = {}
    candidates = 0
    end = 0
    for place, row in enumerate(blocks):
        if place < end or place in taken or candidates >= MAX_PAGE_CANDIDATES or row.filled < 3:
            continue
        if sum(1 for cell in row.cells if len(cell) <= 40 and _PAGE_WORDS.search(cell)) < 2:
            continue
        heading = page_head(blocks, place)
        candidates += heading is None
        if heading:
            if len(heads) >= MAX_HEADS:
                raise Unreadable("too-many-rows", f"表の見出しが多すぎます。{MAX_HEADS:,}回までです。")
            heads[place] = heading
            end = place + len(heading.rows)
    return heads


def _rows_below(
    blocks: Sequence[Block], begin: int, heads: Mapping[int, Heading], taken: set[int]
) -> list[Block]:
    """The rows of the same printed table below a head."""
    rows: list[Block] = []
    table = blocks[begin - 1].table
    for place in range(begin, len(blocks)):
        block = blocks[place]
        if place in heads or place in taken or block.table != table:
            break
        rows.append(block)
    return rows


def _join(found: Found, other: Found) -> None:
    """Takes over what another table says."""
    found.mentions += other.mentions
    found.claimed |= other.claimed
    found.levels = found.levels or other.levels
    found.nodes += other.nodes
    found.years.add(other.years)
    found.warnings += other.warnings
    found.unplaced += other.unplaced


def _cut(rows: Sequence[Block], taken: set[int]) -> list[_Section]:
    """The sections below the heads that name an indicator and its values."""
    sections: list[_Section] = []
    candidates = 0
    skip = 0
    inside = False
    for place, row in enumerate(rows):
        if skip:
            skip -= 1
            continue
        if place in taken:
            # What another table has taken ends the section above it.
            inside = False
            continue
        heading = None
        if candidates < MAX_CANDIDATES and any(
            _HEAD_WORDS.search(cell) for cell in row.cells if len(cell) <= 40
        ):
            heading = heading_at(rows, place)
            candidates += heading is None
        if heading:
            if len(sections) >= MAX_HEADS:
                raise Unreadable("too-many-rows", f"表の見出しが多すぎます。{MAX_HEADS:,}回までです。")
            sections.append(_Section(heading))
            skip = len(heading.rows) - 1
            inside = True
        elif inside:
            sections[-1].rows.append(row)
    return sections


class _Table:
    """The reading of a document's wide table in the making."""

    def __init__(self, paper: Paper, sections: list[_Section]) -> None:
        self.paper = paper
        self.pairs = Pairs()
        self.sections = _alike(
            [_Section(*self.pairs.join(section.heading, section.rows)) for section in sections]
        )
        self.years = _years([section.heading for section in self.sections])
        first = _first_year(paper, self.years)
        self.sections = [replace_columns(section, _by_content(section, first)) for section in self.sections]
        self.certain = paper.container in CERTAIN
        self.reader = RowReader(paper.file)
        self.left: set[int] = set()
        self.unplaced: list[Unplaced] = []
        self.warnings: list[model.Warning] = []
        self.levels = list(
            dict.fromkeys(
                column.head
                for section in self.sections
                for column in section.heading.columns
                if column.role is Role.LEVEL
            )
        )

    def found(self) -> Found:
        """The rows as mentions. Raises `Unreadable` where the file ends inside a row."""
        self._refuse_cut_off()
        drafts = self._drafts(Spellings(self._level_titles()))
        found = Found(years=self.years)
        for level in complete(drafts, self.levels):
            text = f"「{level}」の空の欄が多いため、上の行と同じ(結合セル)としました。"
            found.warnings.append(model.Warning(None, "merged-cells", text))
        tree = grow(
            drafts,
            self.levels,
            Spellings((level, cell.title) for draft in drafts for level, cell in draft.levels.items()),
        )
        found.levels, found.nodes = tree.levels, list(tree.nodes)
        places = self.pairs.places({id(block): place for place, block in enumerate(self.paper.blocks)})
        for draft, path in zip(drafts, tree.paths, strict=True):
            placements, sources = placed(draft, path, self.paper.file)
            at = places[id(draft.row)]
            found.mentions.append(Mention(Scope(), finished(draft, 0, placements, sources), at, RULE))
        found.warnings += self.warnings
        found.unplaced = [*self.unplaced, *self.reader.unplaced]
        for section in self.sections:
            found.claimed |= {
                places[id(row)] for row in (*section.heading.rows, *section.rows) if id(row) not in self.left
            }
        self.pairs.settle(found, places)
        return found

    def _level_titles(self) -> Iterator[tuple[str, str]]:
        """What stands, by place, in the level columns; shifted rows add noise that no other row repeats."""
        for section in self.sections:
            columns = section.heading.columns
            places = section.heading.of(Role.LEVEL)
            for row in section.rows:
                if row.filled >= 3 and len(row.cells) <= len(columns) + 1:
                    for place in places:
                        if place < len(row.cells) and row.cells[place]:
                            yield columns[place].head, row.cells[place]

    def _drafts(self, spellings: Spellings) -> list[Draft]:
        known = self._known_titles()
        drafts: list[Draft] = []
        for section in self.sections:
            columns = section.heading.columns
            titles = [
                known.get(column.head, frozenset()) if column.role is Role.LEVEL else frozenset()
                for column in columns
            ]
            for row in section.rows:
                if row.blank:
                    continue
                if len(drafts) >= MAX_ROWS:
                    raise Unreadable(
                        "too-many-rows", f"取組の行が多すぎます。{MAX_ROWS:,}行までの表を指定してください。"
                    )
                if row.filled < 3 or len(row.cells) > 2 * len(columns) + 10:
                    self._leave(row)
                    continue
                aligned = align(row.cells, columns, titles, certain=self.certain)
                self._row(row, columns, aligned, drafts, spellings)
        return drafts

    def _row(
        self,
        row: Block,
        columns: Sequence[Column],
        aligned: Aligned,
        drafts: list[Draft],
        spellings: Spellings,
    ) -> None:
        def cell(role: Role) -> str:
            place = next((place for place, column in enumerate(columns) if column.role is role), None)
            at = aligned.places[place] if place is not None else None
            return row.cells[at] if at is not None and at < len(row.cells) else ""

        if not cell(Role.NUMBER) and is_total(cell(Role.TITLE)):
            self._leave(row)
        elif cell(Role.TITLE):
            joined = self._broken(row, columns, aligned, spellings)
            cells, origins = spread(row, columns)
            draft = self.reader.read(replace(row, cells=tuple(cells)), columns, aligned, joined=joined)
            draft.row = row
            draft.sources = printed_at(draft.sources, origins)
            drafts.append(draft)
        elif drafts and not cell(Role.NUMBER) and cell(Role.INDICATOR):
            # A second indicator of the initiative above takes a row of its own.
            self._goes_on(row, columns, aligned, drafts[-1])
        else:
            self._leave(row)

    def _goes_on(self, row: Block, columns: Sequence[Column], aligned: Aligned, above: Draft) -> None:
        self.reader.take_indicators(above, row, columns, aligned)
        taken = {
            place
            for column, place in zip(columns, aligned.places, strict=True)
            if column.role in {Role.INDICATOR, Role.UNIT, Role.VALUE}
        }
        for place, text in enumerate(row.cells):
            if text and place not in taken:
                self.unplaced.append(Unplaced(row.line, text, row.part))

    def _broken(self, row: Block, columns: Sequence[Column], aligned: Aligned, spellings: Spellings) -> bool:
        """Whether the blanks of this row are line ends inside words: its level titles show it."""
        return any(
            column.role is Role.LEVEL
            and place is not None
            and spellings.broken(column.head, row.cells[place])
            for column, place in zip(columns, aligned.places, strict=True)
        )

    def _known_titles(self) -> dict[str, frozenset[str]]:
        """Per level the titles that stand in its column more than once."""
        counts = Counter((level, squeeze(title)) for level, title in self._level_titles())
        known: dict[str, set[str]] = {level: set() for level in self.levels}
        best: dict[str, int] = {}
        for (_, title), count in counts.items():
            best[title] = max(count, best.get(title, 0))
        for (level, title), count in counts.items():
            # In shifted rows titles stand in their neighbour's column; most rows are not shifted.
            if 1 < count == best[title] and not NUMBER.fullmatch(title) and len(title) <= 60:
                known[level].add(title)
        return {level: frozenset(titles) for level, titles in known.items()}

    def _leave(self, row: Block) -> None:
        self.left.add(id(row))

    def _refuse_cut_off(self) -> None:
        """A file that ends inside its last row was cut off: no line end, and cells missing that no other row misses."""
        if not self.paper.ends_inside:
            return
        ending = self.paper.blocks[-1]
        heads = [row for section in self.sections for row in section.heading.rows]
        if any(_begins(head, ending) for head in heads):
            raise _cut_off(f"{ending.line}行目は見出しの途中です")
        section = self.sections[-1]
        if not section.rows:
            return
        last, columns = section.rows[-1], len(section.heading.columns)
        others = [row for part in self.sections for row in part.rows if row.filled >= 3 and row is not last]
        full = all(len(row.cells) >= columns for row in others)
        begins_row = (
            len(last.cells) > 1 or NUMBER.fullmatch(squeeze(_UNCLOSED.sub("", last.cells[0]))) is not None
        )
        if len(last.cells) < columns and full and begins_row:
            raise _cut_off(f"{last.line}行目は{columns}列のうち{len(last.cells)}列だけです")
        if last.cells[-1] and len(last.cells) >= columns:
            text = "最後の行が改行で終わっていません。最後の欄が切れていないか確かめてください。"
            self.warnings.append(model.Warning(last.line, "no-final-newline", text))


def _begins(head: Block, ending: Block) -> bool:
    """Whether a row prints the beginning of a head, and no more."""
    return "\t".join(head.cells).startswith("\t".join(ending.cells))


def _years(headings: Sequence[Heading]) -> Years:
    """The years that heads name."""
    columns = [column for heading in headings for column in heading.columns]
    schedules = [column for column in columns if column.role is Role.SCHEDULE]
    return Years(
        [column.span for column in schedules if column.detail == "schedule" and column.span],
        [column.year for column in columns if column.year and column.detail == "target"],
        [column.year for column in columns if column.year and column.detail != "target"],
    )


def _first_year(paper: Paper, years: Years) -> int:
    """The plan's first year; a year past all others where none is to be found."""
    try:
        return facts_of(paper, [Found(years=years)]).plan.first_year
    except Unreadable:
        return LAST_YEAR


def _cut_off(found: str) -> Unreadable:
    return Unreadable(
        "truncated",
        f"ファイルが表の途中で終わっています({found})。途中で切れていない、元のファイルを指定してください。",
    )


def _alike(sections: list[_Section]) -> list[_Section]:
    """Gives sections whose heads say the same the columns of the first of them, so that one judgement serves all."""
    groups: dict[tuple[tuple[str, ...], ...], _Section] = {}
    for section in sections:
        first = groups.setdefault(section.heading.wording, section)
        if first is not section and len(first.heading.columns) == len(section.heading.columns):
            section.heading = replace(section.heading, columns=first.heading.columns)
    return sections


def replace_columns(section: _Section, columns: tuple[Column, ...]) -> _Section:
    """The section with other columns."""
    return _Section(replace(section.heading, columns=columns), section.rows)


def _by_content(section: _Section, first_year: int) -> tuple[Column, ...]:
    """Corrects what heads leave open by what stands below them.

    A level column that holds flags only is a column of flags; an unknown one left of the title whose texts
    repeat is a level in the city's own words; a year without a kind is a target, an actual or a stage.
    """
    rows = [row for row in section.rows if row.filled >= 3]
    columns = list(reported(section.heading.columns, rows))
    title = section.heading.of(Role.TITLE)[0]
    for place, column in enumerate(columns):
        cells = [row.cells[place] for row in rows if place < len(row.cells) and row.cells[place]]
        if column.role in {Role.LEVEL, Role.UNKNOWN} and cells and all(_flag_word(cell) for cell in cells):
            columns[place] = replace(column, role=Role.FLAGS)
        elif column.role is Role.UNKNOWN and column.head and place < title and _repeats(cells):
            columns[place] = replace(column, role=Role.LEVEL)
        elif column.role is Role.VALUE and not column.detail and column.year is not None:
            if cells and column.year >= first_year and not any(_DIGIT.search(cell) for cell in cells):
                columns[place] = replace(column, role=Role.STAGE)
            else:
                columns[place] = replace(column, detail="target" if column.year >= first_year else "actual")
    return tuple(columns)


def _flag_word(cell: str) -> bool:
    words = re.split(r"[・、,/\s]+", cell.strip("【】[]()（） "))
    return all(squeeze(word) in FLAG_WORDS or word in {"継続", "-"} for word in words)


def _repeats(cells: Sequence[str]) -> bool:
    kinds = {squeeze(cell) for cell in cells}
    return len(cells) >= 4 and len(kinds) * 2 <= len(cells) and all(len(kind) <= 40 for kind in kinds)
