"""Cross tables: initiatives known from elsewhere beside goals, fields or SDGs (○ under a head), or under a programme's points.

A table is one where most rows name initiatives that other places of the document are about. What it says is added to them (tags,
further places in the tree); it makes no initiative.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final

from . import model
from .blocks import Block, Paper
from .goals import named
from .mentions import GUESSED, LIKELY, Found, Mention
from .model import FieldSource, Placement, Unplaced
from .sheet_words import goals_in, head_of, words_in
from .wording import squeeze

MATRIX: Final = "cross-table"
LISTED: Final = "cross-list"
#: So many rows, and so much of a table, must name known initiatives.
MIN_ROWS: Final = 3
_SHARE: Final = 0.5
#: Titles under one number are the same initiative from here on, and titles alone from there.
_NUMBERED_ALIKE: Final = 0.5
_ALIKE: Final = 0.9
_MAX_HEAD: Final = 40
#: Comparing a cell with every known title costs their product; this many comparisons are enough for any plan.
MAX_COMPARED: Final = 10_000
_GOALS: Final = 17
_MARK: Final = re.compile(r"[○◯〇●◎■✓✔☑*＊レ]|該当|有|あり")
_PAGE: Final = re.compile(r"[-‐―ー−—(\s]*(?:p\.?)?\s*[0-9]{1,4}\s*(?:/\s*[0-9]{1,4})?[-‐―ー−—)\s]*")
_CAPTION: Final = re.compile(
    r"\s*[【〔(（]?(?:表|図表)\s*[0-9０-９]{1,3}(?:[-－ー.．][0-9０-９]{1,3})?\s*[】〕)）]?[.．:：\s]?.{0,80}"
)
_AGAIN: Final = re.compile(r"\s*[(（【〔](?:再掲|再)[)）】〕]\s*$")
_POINT: Final = re.compile(r"\s*[・•*＊◆◇●○■\-]\s*")


@dataclass(slots=True)
class _Table:
    """Rows of one printed table, blanks and page numbers between them left out."""

    rows: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Named:
    """A row that names an initiative: the place of the title's cell, of the first cell of the name, and who it is."""

    at: int
    first: int
    title: int
    mention: Mention


class _Known:
    """The initiatives that other places are about."""

    def __init__(self, found: Sequence[Found]) -> None:
        self.mentions = [
            one for each in found for one in each.mentions if one.alone and one.scope.plan is None
        ]
        self.by_number: dict[str, list[Mention]] = {}
        self.by_title: dict[str, Mention] = {}
        #: Titles by their first and their last two letters: one of the ends of a title is read right.
        self.by_end: dict[tuple[bool, str], list[str]] = {}
        for one in self.mentions:
            self.by_number.setdefault(squeeze(one.initiative.number), []).append(one)
            self.by_title.setdefault(squeeze(one.initiative.title), one)
        for title in self.by_title:
            self.by_end.setdefault((True, title[:2]), []).append(title)
            self.by_end.setdefault((False, title[-2:]), []).append(title)
        self.compared = 0

    def named(self, number: str, title: str) -> Mention | None:
        """The initiative of that number and a like title, or of that very title; None where there is none."""
        bare = squeeze(_AGAIN.sub("", title))
        if not 2 <= len(bare) <= 120:
            return None
        best: tuple[float, Mention] | None = None
        for one in self.by_number.get(squeeze(number), []) if number else []:
            share = self._share(bare, squeeze(one.initiative.title))
            if share >= _NUMBERED_ALIKE and (best is None or share > best[0]):
                best = share, one
        if best:
            return best[1]
        if number and self.by_number.keys() - {""}:
            return None
        if bare in self.by_title:
            return self.by_title[bare]
        for end in ((True, bare[:2]), (False, bare[-2:])):
            for known in self.by_end.get(end, ()):
                if self.compared > MAX_COMPARED:
                    break
                share = self._share(bare, known, _ALIKE) if abs(len(known) - len(bare)) <= 4 else 0.0
                if share >= _ALIKE and (best is None or share > best[0]):
                    best = share, self.by_title[known]
        return best[1] if best else None

    def _share(self, one: str, other: str, least: float = 0.0) -> float:
        """How alike two titles are; 0 below the least, which the letters alone may tell."""
        self.compared += 1
        if self.compared > MAX_COMPARED:
            return 0.0
        if other.startswith(one) and len(one) >= 4:
            return 1.0
        pair = SequenceMatcher(None, one, other, autojunk=False)
        if pair.real_quick_ratio() < least or pair.quick_ratio() < least:
            return 0.0
        return pair.ratio()


def recognise(paper: Paper, before: Sequence[Found]) -> Found:
    """Tables most of whose rows name initiatives that the recognisers before it have found."""
    found = Found()
    known = _Known(before)
    if len(known.mentions) < MIN_ROWS:
        return found
    nodes = [node for each in before for node in each.nodes]
    taken = {at for each in before for at in each.claimed}
    for table in _tables(paper.blocks, taken):
        rows = [row for at in table.rows if (row := _named_row(paper.blocks, at, known))]
        if len({id(row.mention) for row in rows}) >= MIN_ROWS and len(rows) >= _SHARE * len(table.rows):
            _Matrix(paper, table, rows, nodes, found).read()
            _caption(paper.blocks, table, taken, found)
            continue
        lists = {at: pieces for at in table.rows if (pieces := _listed(paper.blocks[at], known))}
        listed = {id(mention) for pieces in lists.values() for _, mention, _ in pieces}
        if len(listed) >= MIN_ROWS and len(lists) >= _SHARE * len(table.rows):
            _list(paper, table, lists, known, found)
            _caption(paper.blocks, table, taken, found)
    return found


def _tables(blocks: Sequence[Block], taken: set[int]) -> Iterator[_Table]:
    """Runs of unclaimed rows with several cells; lines of text other than page numbers end them."""
    now = _Table()
    part = None
    for at, block in enumerate(blocks):
        if block.part != part and not block.part.isdigit():
            # Sheets end a table; the pages of a document do not.
            if now.rows:
                yield now
            now = _Table()
        part = block.part
        if block.blank or (len(block.cells) == 1 and len(block.text) <= 24 and _PAGE.fullmatch(block.text)):
            continue
        if at in taken or len(block.cells) < 2:
            if now.rows:
                yield now
            now = _Table()
            continue
        now.rows.append(at)
    if now.rows:
        yield now


def _named_row(blocks: Sequence[Block], at: int, known: _Known) -> _Named | None:
    """The initiative that a row names in one cell, or in a number's and a title's; None for none and for several."""
    cells = [(place, text) for place, text in enumerate(blocks[at].cells) if text]
    found: list[_Named] = []
    for index, (place, text) in enumerate(cells):
        if len(text) > 120 or "\n" in text:
            continue
        head = head_of(text)
        number = head.number
        if head.title and (mention := known.named(number, head.title)):
            first = place
            if not number and index and (before := head_of(cells[index - 1][1])).number and not before.title:
                first = cells[index - 1][0]
            found.append(_Named(at, first, place, mention))
        elif head.title and not number and index:
            before = head_of(cells[index - 1][1])
            if before.number and not before.title and (mention := known.named(before.number, head.title)):
                found.append(_Named(at, cells[index - 1][0], place, mention))
    return found[0] if len(found) == 1 else None


def _listed(block: Block, known: _Known) -> list[tuple[int, Mention, list[str]]]:
    """The initiatives that the lines of a row's cells name, each with the place of its cell and the lines below it."""
    found: list[tuple[int, Mention, list[str]]] = []
    for place, text in enumerate(block.cells):
        begun = False
        for line in text.split("\n") if len(text) <= 20_000 else []:
            head = head_of(_AGAIN.sub("", line)) if len(line) <= 120 else None
            mention = known.named(head.number, head.title) if head and not _POINT.match(line) else None
            if mention:
                found.append((place, mention, []))
                begun = True
            elif begun and line.strip():
                found[-1][2].append(line.strip())
    return found


class _Matrix:
    """A table with a row per initiative: marks under heads, or words under them."""

    def __init__(
        self, paper: Paper, table: _Table, rows: Sequence[_Named], nodes: Sequence[model.Node], found: Found
    ) -> None:
        self.paper = paper
        self.blocks = paper.blocks
        self.table = table
        self.rows = rows
        self.nodes = nodes
        self.found = found
        #: A head has three lines at most.
        self.heads = [at for at in table.rows if at < rows[0].at][-3:]
        #: Heads by place, from the outer line to the inner one.
        self.words: dict[int, list[str]] = {}
        for at in self.heads:
            for place, text in enumerate(self.blocks[at].cells):
                if text and len(text) <= _MAX_HEAD:
                    self.words.setdefault(place, []).append("".join(text.split()))
        self.title = self._title_place()
        self.skipped: list[_Named] = []

    def read(self) -> None:
        """Adds what each row says."""
        self.found.claimed |= {*self.heads, *(row.at for row in self.rows)}
        left = self._marked_columns()
        for row in self.rows:
            self._row(row, left)
        if self.skipped:
            numbers = "、".join(
                row.mention.initiative.number or row.mention.initiative.title for row in self.skipped
            )
            text = f"印の欄の数が見出しと合わない行では、印を読みませんでした(番号: {numbers})。"
            block = self.blocks[self.skipped[0].at]
            self.found.warnings.append(model.Warning(block.line, "shifted-marks", text, block.part))

    def _title_place(self) -> int:
        """The place of the title's head: where most rows have their title, if a head stands there."""
        places = [row.first for row in self.rows]
        usual = max(set(places), key=lambda place: (places.count(place), -place))
        named_head = [
            place for place, words in self.words.items() if re.search(r"名$|取組|施策$|事業$", words[-1])
        ]
        return min(named_head, key=lambda place: abs(place - usual)) if named_head else usual

    def _marked_columns(self) -> list[int]:
        """The places left of the title that hold marks."""
        return [place for place in range(self.title) if place in self.words]

    def _row(self, row: _Named, left: Sequence[int]) -> None:
        block = self.blocks[row.at]
        tags: dict[str, tuple[str, ...]] = {}
        placements: list[Placement] = []
        sources: dict[str, FieldSource] = {}

        def say(key: str, values: tuple[str, ...], cell: int) -> None:
            tags[key] = tuple(dict.fromkeys((*tags.get(key, ()), *values)))
            sources.setdefault(f"tags.{key}", block.source(self.paper.file, MATRIX, cell))

        if row.first == self.title or not left:
            marks = [(place, place) for place in left if place < row.first]
        else:
            # The row has fewer cells before its title than the head: which of them is lost cannot be seen.
            marks = []
            if any(_MARK.fullmatch(cell) for cell in block.cells[: row.first]):
                self.skipped.append(row)
        right = [
            (place, place - row.title + self.title)
            for place in range(row.title + 1, len(block.cells))
            if block.cells[place]
        ]
        for cell, head in [*marks, *right]:
            text, words = block.cells[cell], self._words(head)
            if not text or not words:
                if text:
                    self.found.unplaced.append(Unplaced(block.line, text, block.part))
                continue
            if not _MARK.fullmatch(text):
                key = words[-1] if len(words) == 1 or not words[0] else words[0]
                values = goals_in(text) if "sdg" in squeeze(key) else words_in(text)
                self._odd_goals(key, values, block)
                say(_short(key), values, cell)
            elif path := named(words[-1], self.nodes):
                sources[f"placements[{len(placements)}]"] = block.source(self.paper.file, MATRIX, cell)
                placements.append(Placement(path, primary=False))
            else:
                group = words[0] if len(words) > 1 else ""
                value = goals_in(words[-1]) if "sdg" in squeeze(group or words[-1]) else (words[-1],)
                say(_short(group) or "区分", value, cell)
        self.found.mentions.append(
            _added(row.mention, block, row.at, MATRIX, self.paper.file, tags, placements, sources)
        )

    def _words(self, place: int) -> list[str]:
        """The heads of a column, a group's head reaching to the right until the next one."""
        own = self.words.get(place, [])
        if len(own) > 1 or len(self.heads) < 2:
            return own
        outer = self.blocks[self.heads[-2]].cells
        if own and place < len(outer) and outer[place]:
            return own
        group = next((outer[at] for at in range(min(place, len(outer) - 1), -1, -1) if outer[at]), "")
        return ["".join(group.split()), *own] if own and group else own

    def _odd_goals(self, key: str, values: Sequence[str], block: Block) -> None:
        odd = [
            one for one in values if one.isdigit() and "sdg" in squeeze(key) and not 1 <= int(one) <= _GOALS
        ]
        if odd:
            text = f"SDGsの目標に{'、'.join(odd)}番はありません。原本を確かめてください。"
            self.found.warnings.append(model.Warning(block.line, "odd-content", text, block.part))


def _short(head: str) -> str:
    """A head without what stands in brackets."""
    return re.sub(r"[(（][^()（）]*[)）]", "", head) or head


def _added(
    known: Mention,
    block: Block,
    at: int,
    rule: str,
    file: str,
    tags: dict[str, tuple[str, ...]],
    placements: Sequence[Placement],
    sources: dict[str, FieldSource],
    title: str = "",
) -> Mention:
    """What a row adds to a known initiative."""
    initiative = model.Initiative(
        year=0,
        number=known.initiative.number,
        title=title or known.initiative.title,
        source=model.Source(file, block.line, block.part),
        placements=tuple(placements),
        tags=tags,
        sources=sources,
    )
    weights = {"title": GUESSED, "number": GUESSED, "placements": LIKELY}
    return Mention(known.scope, initiative, at, rule, weights, alone=False)


def _list(
    paper: Paper,
    table: _Table,
    lists: dict[int, list[tuple[int, Mention, list[str]]]],
    known: _Known,
    found: Found,
) -> None:
    """A programme's points and the initiatives under each: a tag whose values are the points."""
    heads = [at for at in table.rows if at < min(lists) and paper.blocks[at].filled > 1]
    key = _key(paper.blocks, heads, lists, known)
    point = ""
    for at in table.rows:
        block = paper.blocks[at]
        if at in heads[-1:]:
            found.claimed.add(at)
        if at not in lists:
            continue
        found.claimed.add(at)
        first = min(place for place, _, _ in lists[at])
        before = [cell for cell in block.cells[:first] if cell]
        point = " ".join(before[-1].split()) if before else point
        for place, mention, lines in lists[at]:
            path = f"tags.{key}"
            sources = {path: block.source(paper.file, LISTED, place)}
            tags: dict[str, tuple[str, ...]] = {key: (point,) if point else ()}
            found.mentions.append(_added(mention, block, at, LISTED, paper.file, tags, (), sources))
            items = [
                squeeze(piece)
                for item in mention.initiative.items
                for piece in re.split(r"\n|\s[・《]", item.text)
            ]
            for line in lines:
                words = squeeze(_POINT.sub("", line, count=1))
                if not any(
                    words in item or SequenceMatcher(None, words, item).ratio() >= _NUMBERED_ALIKE
                    for item in items
                ):
                    found.unplaced.append(Unplaced(block.line, line, block.part))


def _key(
    blocks: Sequence[Block],
    heads: Sequence[int],
    lists: dict[int, list[tuple[int, Mention, list[str]]]],
    known: _Known,
) -> str:
    """The tag's name: the one that the same initiatives carry already, else the head of the points."""
    listed = {id(mention) for pieces in lists.values() for _, mention, _ in pieces}
    for tag in dict.fromkeys(
        tag for one in known.mentions for tag, values in one.initiative.tags.items() if not values
    ):
        carry = {id(one) for one in known.mentions if tag in one.initiative.tags}
        if len(carry & listed) >= 0.8 * len(carry | listed):
            return tag
    first = next(
        (cell for at in heads for cell in blocks[at].cells if cell and not cell.startswith("【")), ""
    )
    return _short("".join(first.split())) or "分類"


def _caption(blocks: Sequence[Block], table: _Table, taken: set[int], found: Found) -> None:
    """Claims the caption right above a table."""
    above = [at for at in range(max(0, table.rows[0] - 3), table.rows[0]) if not blocks[at].blank]
    if above and above[-1] not in taken and _CAPTION.fullmatch(blocks[above[-1]].text):
        found.claimed.add(above[-1])
