"""Overview lists: number, title and office of every initiative, once or side by side, under the goals that they serve.

A list is known by its head: flags, number, title, office or level and nothing else. A table with texts, years or figures
is another recogniser's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from .blocks import Block, Paper
from .cells import is_total, without_flags
from .listing import (
    LEVEL_WORD,
    RELISTED,
    List,
    Part,
    Row,
    aligned,
    common,
    flags_of,
    kind_of,
    lists_of,
    number_and_title,
    numbered,
    numbers_in,
)
from .mentions import GUESSED, LIKELY, SURE, Found, Mention, Scope
from .model import Doubt, FieldSource, Initiative, Node, Office, Placement, Source, Unplaced
from .moves import moves_in
from .offices import cut
from .unreadable import Unreadable
from .wording import join_broken, plain, squeeze

RULE: Final = "overview"
#: A blank office that stands for the one above it.
FILLED: Final = "fill-down"
#: An office whose cell reaches over several rows.
MERGED: Final = "merged-cell"
#: Lists are printed once a page and goal.
MAX_LISTS: Final = 2_000
MAX_ROWS: Final = 2_000
_CODE: Final = r"(?:第?[0-9０-９]{1,2}(?:[-.‐－.][0-9０-９]{1,3})*|[(（][0-9０-９ア-ンa-zA-Z]{1,2}[)）]|[①-⑳]|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+|[ア-コA-Z])"
_CODED: Final = re.compile(
    rf"(?P<code>{_CODE})(?:(?<=[)）①-⑳])\s*|[.．)）、:：]?\s+|[.．、:：]\s*)(?P<title>\S.*)", re.DOTALL
)
_LABELLED: Final = re.compile(
    r"[【\[［〔《〈<＜](?P<label>[^】\]］〕》〉>＞]{1,12})[】\]］〕》〉>＞]\s*(?P<rest>[^【\[［〔《〈<＜]*)"
)
_SPOKEN: Final = re.compile(
    rf"(?P<label>{LEVEL_WORD})\s*(?P<rest>{_CODE}(?:\s*[.．:：、]\s*|\s+)\S.{{0,60}})"
)
_LABEL: Final = re.compile(rf"(?P<label>{LEVEL_WORD})(?P<code>{_CODE})?")
_NOTE: Final = re.compile(
    r"[(（※*＊\s]{0,3}[「『]?(?P<mark>[#＃◎○●◆◇★☆*＊※△▲□■]|[一-龠]{1,2})[」』]?(?:印)?\s*(?:[:：…]|は、?)\s*(?P<text>\S.{1,80})"
)
#: What a note says of the rows that bear its mark.
_MEANINGS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), flag)
    for pattern, flag in (
        (r"再掲", RELISTED),
        (r"移行|移管|移る|移った", "moved"),
        (r"統合", "merged"),
        (r"廃止|中止", "abolished"),
        (r"完了|達成", "completed"),
        (r"終了", "ended"),
        (r"変更|見直", "changed"),
        (r"新規|新たに|新しく", "new"),
        (r"重点|優先", "priority"),
    )
)
#: A list of what a former plan held is another recogniser's.
_FORMER: Final = re.compile(r"検証|前(?:計画|プラン)|旧(?:計画|プラン)|これまでの取|取組結果|取組実績")
#: So many blocks may stand between a heading and its list, a list and its note.
_NEAR: Final = 12


@dataclass(slots=True)
class _Table:
    """A printed table of lists: where its head stands, the rows, the kind of each list, the goals it stands under."""

    head: int
    lists: tuple[List, ...]
    kinds: list[str | None]
    path: tuple[tuple[str, str, str], ...]
    """The goals from the root: the level's word, code and title."""
    rows: list[int] = field(default_factory=list)


def recognise(paper: Paper, before: Sequence[Found]) -> Found:
    """The overview lists of a paper, and what it says of initiatives that go on under another title.

    Raises `Unreadable` for lists without end.
    """
    taken = {at for each in before for at in each.claimed}
    reader = _Reader(paper, taken)
    reader.find()
    reader.read()
    reader.moves()
    return reader.found


class _Reader:
    """The reading of a paper's lists in the making."""

    def __init__(self, paper: Paper, taken: set[int]) -> None:
        self.paper = paper
        self.blocks = paper.blocks
        self.taken = taken
        self.found = Found()
        self.tables: list[_Table] = []
        self.labels: list[str] = []
        self.path: dict[str, tuple[str, str]] = {}
        self.marks: dict[str, str] = {}
        self.nodes: set[tuple[str, ...]] = set()
        self.series = 0

    def find(self) -> None:
        """The tables with the goals and kinds above them, and the notes below them."""
        headings: list[int] = []
        last_heading = -_NEAR
        at = 0
        while at < len(self.blocks):
            block = self.blocks[at]
            lists = () if at in self.taken or len(self.tables) >= MAX_LISTS else lists_of(block)
            if lists and not self._former(at):
                table = _Table(at, lists, self._kinds(at, lists), self._path(at - last_heading))
                at = self._rows(table)
                if table.rows:
                    self.tables.append(table)
                    self.found.claimed |= {table.head, *table.rows, *headings}
                    self.found.claimed |= set(self._kind_block(table.head))
                    last_heading = at
                continue
            if not block.table and block.filled == 1 and self._heading(block.text):
                headings = [*headings, at] if at - last_heading <= _NEAR else [at]
                last_heading = at
            at += 1
        self._notes()

    def _former(self, at: int) -> bool:
        """Whether the nearest line above says that the list is about what was."""
        for before in range(at - 1, max(-1, at - _NEAR), -1):
            block = self.blocks[before]
            if not block.blank and not block.table and not kind_of(block.text):
                return bool(_FORMER.search(block.text)) and len(block.text) <= 60
        return False

    def _heading(self, text: str) -> bool:
        """Takes over the goals that a line names (【基本目標】ア …); whether it names any and nothing else."""
        named = list(_named(text))
        for label, code, title in named:
            if label not in self.labels:
                self.labels.append(label)
            place = self.labels.index(label)
            self.path = {
                word: node for word, node in self.path.items() if self.labels.index(word) < place
            } | {label: (code, title)}
        return bool(named)

    def _path(self, distance: int) -> tuple[tuple[str, str, str], ...]:
        if distance > 4 * _NEAR:
            return ()
        return tuple((label, *self.path[label]) for label in self.labels if label in self.path)

    def _kind_block(self, head: int) -> Iterator[int]:
        """The block above a head that names kinds: a row over its columns, or a line of its own."""
        for before in range(head - 1, max(-1, head - 3), -1):
            block = self.blocks[before]
            if block.blank:
                continue
            if all(kind_of(cell) for cell in block.cells if cell):
                yield before
            return

    def _kinds(self, head: int, lists: Sequence[List]) -> list[str | None]:
        kinds = [kind_of(self.blocks[head].cells[one.parts[Part.TITLE]]) for one in lists]
        for at in self._kind_block(head):
            labels = [(place, kind_of(cell)) for place, cell in enumerate(self.blocks[at].cells) if cell]
            own = [
                next((kind for place, kind in labels if one.begin <= place < one.end), None) for one in lists
            ]
            # One word over two lists stands for both.
            carried: str | None = None
            for number, kind in enumerate(own):
                carried = kind or carried
                kinds[number] = kinds[number] or carried
        return kinds

    def _rows(self, table: _Table) -> int:
        """Gathers the rows below a head; the place after them. A page's end inside the table is passed over."""
        at = table.head + 1
        blanks: list[int] = []
        while at < len(self.blocks):
            block = self.blocks[at]
            if block.blank:
                blanks.append(at)
            elif self._ends(table, at, after_gap=bool(blanks)):
                break
            else:
                table.rows.append(at)
                blanks = []
            if len(blanks) > 3:
                break
            at += 1
        return table.rows[-1] + 1 if table.rows else table.head + 1

    def _ends(self, table: _Table, at: int, *, after_gap: bool) -> bool:
        """Whether a block is no row of the table: text, another head, the kinds above another head."""
        block = self.blocks[at]
        if lists_of(block) or at in self.taken or not block.table:
            return True
        if block.filled <= len(table.lists) and all(kind_of(cell) for cell in block.cells if cell):
            return True
        gap = after_gap or block.table != self.blocks[table.head].table
        return gap and not self._goes_on(table, block)

    def _goes_on(self, table: _Table, block: Block) -> bool:
        """Whether a row after a gap is one more of the table: a number under its head, and a title."""
        return any(
            Part.NUMBER in one.parts
            and one.parts[Part.TITLE] < len(block.cells)
            and numbers_in(block.cells[one.parts[Part.NUMBER]])
            and bool(block.cells[one.parts[Part.TITLE]])
            for one in table.lists
        )

    def _notes(self) -> None:
        """What marks mean, from the lines that follow the tables."""
        notes: set[str] = set()
        for table in self.tables:
            end = table.rows[-1] + 1
            for at in range(end, min(end + 4, len(self.blocks))):
                block = self.blocks[at]
                if block.table:
                    break
                note = _NOTE.fullmatch(block.text)
                flag = _meaning(note["text"]) if note else None
                if note and flag:
                    self.marks.setdefault(plain(note["mark"]), flag)
                    notes.add(squeeze(block.text))
        # A note that the foot of other pages repeats says nothing more there.
        self.found.claimed |= {
            at for at, block in enumerate(self.blocks) if notes and squeeze(block.text) in notes
        }

    def read(self) -> None:
        """Every list of every table as mentions."""
        for table in self.tables:
            if self._tree_only(table):
                self._tree(table)
                continue
            columns = [self._rows_of(table, one) for one in table.lists]
            self._level_words(table)
            total = max(1, sum(len(rows) for rows in columns))
            if len(self.found.mentions) + total > MAX_ROWS:
                text = f"取組の行が多すぎます。{MAX_ROWS:,}行までの一覧を指定してください。"
                raise Unreadable("too-many-rows", text)
            done = 0
            for one, kind, rows in zip(table.lists, table.kinds, columns, strict=True):
                self.series += 1
                offices = _offices_of(one, rows, self._covered(table, one))
                fused = Part.NUMBER in one.parts or numbered(rows)
                path: dict[int, tuple[str, str]] = {}
                for row, said in zip(rows, offices, strict=True):
                    # Lists that stand side by side are read one after the other.
                    order = table.head + done * len(table.rows) // total
                    done += 1
                    self._initiative(
                        table, kind, row, said, self._placed(table, row, path), order, fused=fused
                    )
        self.found.levels = tuple(self.labels) if self.found.nodes else ()

    def _tree_only(self, table: _Table) -> bool:
        """Whether a table of levels names no initiatives: hardly a row has a title of its own (個別取組 as one merged cell)."""
        one = table.lists[0]
        if len(table.lists) > 1 or Part.NUMBER in one.parts or Part.OFFICE in one.parts:
            return False
        place = one.parts[Part.TITLE]
        titled = sum(1 for at in table.rows if self.blocks[at].cells[place : place + 1] > ("",))
        return titled < 2 or titled * 2 < len(table.rows)

    def _tree(self, table: _Table) -> None:
        """Takes the goals and strategies of a table that shows the plan's tree only."""
        one = table.lists[0]
        head = self.blocks[table.head]
        path: dict[int, tuple[str, str]] = {}
        for at in table.rows:
            cells = self.blocks[at].cells
            levels = tuple((place, cells[place] if place < len(cells) else "") for place in one.levels)
            self._placed(table, Row(at, {}, levels, ()), path)
            rest = [cell for place, cell in enumerate(cells) if cell and place not in one.levels]
            self.found.unplaced += [
                Unplaced(self.blocks[at].line, text, self.blocks[at].part) for text in rest
            ]
        self._level_words(table)
        self.found.claimed |= {at for at in range(table.head) if self.blocks[at].table == head.table}

    def _level_words(self, table: _Table) -> None:
        """The city's words for its levels, where the head names every level column."""
        head = self.blocks[table.head].cells
        for one in table.lists:
            words = ["".join(head[place].split()) for place in one.levels]
            if words and all(words) and not table.path:
                self.labels += [word for word in words if word not in self.labels]

    def _rows_of(self, table: _Table, one: List) -> list[Row]:
        rows = []
        for at in table.rows:
            row = aligned(at, self.blocks[at], one, self.marks)
            titled = bool(row.text(Part.TITLE))
            if not row.text(Part.NUMBER) and is_total(row.text(Part.TITLE)):
                titled = False
            if titled:
                rows.append(row)
            spare = [*row.spare, *(() if titled else row.cells.values())]
            self.found.unplaced += [
                Unplaced(self.blocks[at].line, text, self.blocks[at].part) for _, text in spare if text
            ]
        return rows

    def _covered(self, table: _Table, one: List) -> set[int]:
        """The rows whose office is a merged cell that begins further up."""
        place = one.parts.get(Part.OFFICE)
        return {
            at + further
            for at in table.rows
            for cell, span in self.blocks[at].spans
            if cell == place
            for further in range(1, min(span.rows, len(table.rows) + 1))
        }

    def _placed(self, table: _Table, row: Row, inner: dict[int, tuple[str, str]]) -> tuple[str, ...]:
        """The path that a row stands at: the goals above the table, then its own level cells, filled down."""
        nodes = [(code or title, title) for _, code, title in table.path]
        for depth, (_, text) in enumerate(row.levels):
            if text:
                code, title = coded(text)
                if inner.get(depth) != (code or title, title):
                    inner[depth] = (code or title, title)
                    for deeper in [one for one in inner if one > depth]:
                        del inner[deeper]
        nodes += [inner[depth] for depth in sorted(inner)]
        path = tuple(code for code, _ in nodes)
        for depth, (_, title) in enumerate(nodes, 1):
            if path[:depth] not in self.nodes:
                self.nodes.add(path[:depth])
                self.found.nodes.append(Node(path[:depth], title))
        return path

    def _initiative(
        self,
        table: _Table,
        kind: str | None,
        row: Row,
        said: _Said,
        path: tuple[str, ...],
        order: int,
        *,
        fused: bool,
    ) -> None:
        block = self.blocks[row.at]
        flags, left = flags_of(row, self.marks)
        self.found.unplaced += [Unplaced(block.line, word, block.part) for word in left]
        relisted = RELISTED in flags
        numbers, title = number_and_title(row, fused=fused)
        sources = {
            "title": block.source(self.paper.file, RULE, row.cells[Part.TITLE][0]),
        }
        if Part.NUMBER in row.cells and not numbers_in(without_flags(row.text(Part.NUMBER))):
            self.found.unplaced.append(Unplaced(block.line, row.text(Part.NUMBER), block.part))
        elif Part.NUMBER in row.cells:
            sources["number"] = block.source(self.paper.file, RULE, row.cells[Part.NUMBER][0])
        if path:
            own = [place for place, text in row.levels if text]
            sources["placements[0]"] = (
                block.source(self.paper.file, RULE, own[-1])
                if own
                else self.blocks[table.head].source(self.paper.file, RULE)
            )
        for place, number in enumerate(numbers or ("",)):
            offices, doubts = said.of(place, len(numbers))
            self.found.mentions.append(
                Mention(
                    scope=Scope(kind=kind),
                    initiative=Initiative(
                        year=0,
                        number=number,
                        title=title,
                        source=Source(self.paper.file, block.line, block.part),
                        kind=kind,
                        offices=offices,
                        flags=tuple(flag for flag in flags if flag != RELISTED),
                        group=common(numbers),
                        placements=(Placement(path),) if path else (),
                        sources=sources | _office_sources(self.paper.file, block, row, said, offices),
                        doubts=doubts,
                    ),
                    at=order,
                    rule=RULE,
                    weights={"offices": said.weight},
                    alone=not relisted,
                    series=self.series,
                )
            )

    def moves(self) -> None:
        """Statements that an initiative goes on under another title or kind."""
        for at, block in enumerate(self.blocks):
            if at in self.taken or at in self.found.claimed:
                continue
            for move in moves_in(block, at):
                self.found.moves.append(move)
                if block.table:
                    self.found.claimed |= {at, self._first_of(block.table, at)}

    def _first_of(self, table: int, at: int) -> int:
        while at and self.blocks[at - 1].table == table:
            at -= 1
        return at


def coded(text: str) -> tuple[str, str]:
    """A goal's code (empty where it has none) and its title, line ends inside words joined."""
    text = " ".join(text.split())
    found = _CODED.fullmatch(text)
    if not found:
        return "", join_broken(text)
    # Enclosed and roman numbers are kept as printed: folded they would look like others.
    code = found["code"] if re.search("[①-⑳Ⅰ-Ⅻ]", found["code"]) else plain(found["code"])
    return code, join_broken(found["title"])


def _named(text: str) -> Iterator[tuple[str, str, str]]:
    """The goals that a line names: the level's word, code, title. None where anything else stands in it."""
    text = " ".join(text.split())
    if len(text) > 160:
        return
    labelled = list(_LABELLED.finditer(text))
    if labelled and labelled[0].start() == 0:
        for found in labelled:
            label = _LABEL.fullmatch(plain(found["label"]))
            code, title = coded(found["rest"])
            if label and title and not title.endswith("。"):
                yield label["label"], code or label["code"] or "", title
        return
    spoken = _SPOKEN.fullmatch(text)
    if spoken and not text.endswith("。"):
        code, title = coded(spoken["rest"])
        yield spoken["label"], code, title


def _meaning(note: str) -> str | None:
    return next((flag for pattern, flag in _MEANINGS if pattern.search(note)), None)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a row says of its office: printed names, or those of its neighbours where the cell is blank."""

    names: tuple[str, ...]
    weight: float
    plain: bool
    merged: bool = False
    """Whether it stands in a merged cell that begins further up."""
    others: tuple[str, ...] = ()
    """What a blank cell may stand for besides: the office printed next below."""

    def of(self, place: int, count: int) -> tuple[tuple[Office, ...], tuple[Doubt, ...]]:
        """The offices of one of `count` numbers in a row: each its own where there are as many as numbers."""
        names = self.names
        if count > 1 and len(names) == count:
            names = (names[place],)
        offices = tuple(Office(name, "lead", self.weight < LIKELY or not self.plain) for name in names)
        if self.weight < LIKELY and names:
            candidates = tuple(dict.fromkeys(["、".join(names), *self.others]))
            note = "担当課の欄が空です。上の行と同じとしました。"
            return offices, (Doubt("offices[0].name", "blank-cell", candidates, note),)
        if names and not self.plain:
            return offices, (
                Doubt("offices[0].name", "odd-content", names, "課名に見えない文字があります。"),
            )
        return offices, ()


def _offices_of(one: List, rows: Sequence[Row], covered: set[int]) -> list[_Said]:
    """Per row what its office cell says. A blank cell may mean «as above», or its office may stand a few rows off.

    `covered` are the blocks over which a merged cell reaches: there the office above is printed.
    """
    if Part.OFFICE not in one.parts:
        return [_Said((), SURE, plain=True) for _ in rows]
    printed = [cut(row.text(Part.OFFICE)) for row in rows]
    # Beside blanks a printed office may have slipped, too.
    whole = all(names or row.at in covered for row, (names, _) in zip(rows, printed, strict=True))
    sure = SURE if whole else LIKELY
    said: list[_Said] = []
    for place, (row, (names, fits)) in enumerate(zip(rows, printed, strict=True)):
        above = said[-1].names if said else ()
        if names:
            said.append(_Said(names, sure, fits))
        elif row.at in covered and above:
            said.append(_Said(above, said[-1].weight, said[-1].plain, merged=True))
        else:
            below = next((names for names, _ in printed[place + 1 :] if names), ())
            others = ("、".join(below),) if below else ()
            said.append(_Said(above or below, GUESSED, plain=True, others=others))
    return said


def _office_sources(
    file: str, block: Block, row: Row, said: _Said, offices: Sequence[Office]
) -> dict[str, FieldSource]:
    rule = FILLED if said.weight < LIKELY else MERGED if said.merged else RULE
    place = row.cells[Part.OFFICE][0] if Part.OFFICE in row.cells else None
    return {f"offices[{n}].name": block.source(file, rule, place) for n in range(len(offices))}
