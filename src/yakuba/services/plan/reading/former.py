"""What a former plan came to: its verification (検証, 達成状況) or the list of past efforts (これまでの取組), as tables.

A table belongs to a former plan where the heading above it, or the line that leads in, looks back (検証, これまでの取組) and names
another plan than the document's own: by its ordinal (第2次 in a 第3次 plan) or by a word that the document defines
(「…」(以下「前プラン」という。)). Its codes may repeat those of the new plan; the scope keeps them apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from . import model
from .blocks import Block, Paper
from .headings import Heading, Outline, outline
from .labelled import kind_of
from .mentions import Found, Mention, Scope
from .office_words import office_names
from .predecessors import NamedPlans, OtherPlan, squeeze_words
from .vocabulary import STATUS, STATUS_WORD, THING
from .wording import join_broken, plain, squeeze

RULE: Final = "former-plan"
MAX_ROWS: Final = 2_000
MAX_TABLES: Final = 300

_STATUS_CELL: Final = re.compile(rf"(?P<status>{STATUS})(?:$|[\s。、:：(（]+(?P<rest>.*))", re.DOTALL)
_STATUS_INSIDE: Final = re.compile(rf"\s(?P<status>{STATUS_WORD})(?:$|[\s。]+(?P<rest>.*))", re.DOTALL)
_CODED: Final = re.compile(
    r"(?P<code>[0-9]{1,2}(?:\s?[-－.‐–−]\s?[0-9]{1,2}){0,4})(?![0-9年月日件人%])[\s.．、:：]*(?P<title>\D.*)",
    re.DOTALL,
)
_PLAIN_NUMBER: Final = re.compile(r"(?:no\.?)?[(\[]?[0-9]{1,4}[)\].]?")
_RULE_LINE: Final = re.compile(r"[-=:|\s]*")
_MERGED: Final = re.compile(
    r"「(?P<title>[^「」]{2,60})」(?:の)?(?:施策|取組|事業)?(?:に|へ)(?:施策|取組|事業)?(?:を|は)?(?P<how>統合|集約|移行|引き継)"
)
_HEAD_LENGTH: Final = 24

_NUMBER_HEAD: Final = re.compile(r"(?:.{0,4})?(?:no\.?|番号|#|項番|連番)")
_STATUS_HEAD: Final = re.compile(
    r"(?:達成|進捗|実施|取組|推進)(?:の)?(?:状況|度|区分)|進捗|状況|(?:達成|自己|総合)?(?:評価|判定)|結果区分|区分結果"
)
_RESULT_HEAD: Final = re.compile(
    r".{0,8}(?:実績|成果|結果|検証|説明|理由|状況)(?:内容|等)?|内容|備考|(?:評価|達成状況)の?(?:内容|理由|説明)|これまでの取組"
)
_TITLE_RANKS: Final = (
    (5, re.compile(r".{0,10}(?:名|名称)")),
    (4, re.compile(r".{0,8}(?:項目|事項)")),
    (3, re.compile(rf"(?:具体的な?|個別|主な)?{THING}")),
    (2, re.compile(rf"(?:具体的な?|個別|主な)?{THING}の?内容")),
)
_LEVEL_HEAD: Final = re.compile(
    r"(?:基本|重点|個別|大|中|小)?(?:目標|施策|方針|戦略|政策|項目|区分|分類)|.{0,6}(?:柱|分野|体系|方向性?|区分)"
)


@dataclass(slots=True)
class _Table:
    """One printing of a head and the rows below it."""

    head: int
    roles: list[str]
    other: OtherPlan
    above: list[Heading]
    """The headings between the one that looks back and the table: levels of the former plan."""
    rows: list[int] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)
    """Rows that only draw a line."""


@dataclass(slots=True)
class _Row:
    """One row on its columns; places in the row's block by what they hold."""

    at: int
    number: str = ""
    title: str = ""
    status: str = ""
    levels: list[tuple[str, str, int]] = field(default_factory=list)
    """Code (or title), title and place of each level that the row prints or inherits."""
    texts: dict[str, str] = field(default_factory=dict)
    offices: list[tuple[str, str]] = field(default_factory=list)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    doubts: list[model.Doubt] = field(default_factory=list)


def recognise(paper: Paper, before: Sequence[Found]) -> Found:
    """Tables of what a former plan came to: a row is one of its initiatives, with its status and result."""
    taken = {at for found in before for at in found.claimed}
    heads = [at for at, block in enumerate(paper.blocks) if at not in taken and _roles(block)]
    if not heads:
        return Found()
    lines = outline(paper)
    plans = NamedPlans(paper)
    tables: list[_Table] = []
    for at in heads[:MAX_TABLES]:
        table = _table_at(paper, lines, plans, at, taken)
        if table and sum(len(one.rows) for one in tables) < MAX_ROWS:
            tables.append(table)
    return _Former(paper, tables).found() if tables else Found()


def _role(word: str) -> str:
    """What a head's word says for certain; empty: nothing."""
    office = kind_of(word)
    if _NUMBER_HEAD.fullmatch(word):
        return "number"
    if office in {"lead", "related", "both"}:
        return office
    return "status" if _STATUS_HEAD.fullmatch(word) else ""


def _title_rank(word: str) -> int:
    """How well a head's word says that the titles stand below it; 0: not at all."""
    return next((rank for rank, pattern in _TITLE_RANKS if pattern.fullmatch(word)), 0)


def _loose_role(word: str) -> str:
    return "result" if _RESULT_HEAD.fullmatch(word) else "level" if _LEVEL_HEAD.fullmatch(word) else ""


def _roles(block: Block) -> list[str] | None:
    """The roles of a head's columns, or None: it names what was planned, and how it stands or what came of it."""
    if not block.table or block.filled < 3 or len(block.cells) > 20:
        return None
    words = [squeeze(cell) for cell in block.cells]
    if any(len(word) > _HEAD_LENGTH for word in words):
        return None
    roles = [_role(word) for word in words]
    ranked = [
        (rank, -place) for place, word in enumerate(words) if not roles[place] and (rank := _title_rank(word))
    ]
    for place, word in enumerate(words):
        roles[place] = roles[place] or _loose_role(word) * (not _title_rank(word))
    if not ranked or not any(role in {"status", "result"} for role in roles):
        return None
    title = -max(ranked)[1]
    for _, place in ranked:
        # What could be the title too stands for a level before it, and tells what was done after it.
        roles[-place] = "title" if -place == title else "level" if -place < title else "approach"
    for place, word in enumerate(words):
        if not word:
            left = roles[place - 1] if place else ""
            roles[place] = left if left == "level" else ("result" if left == "status" else "")
    return roles


def _table_at(paper: Paper, lines: Outline, plans: NamedPlans, at: int, taken: set[int]) -> _Table | None:
    """The table whose head stands at a block, if it is about a former plan."""
    place = lines.before(at)
    chain = [*(lines.headings[place].parents if place >= 0 else ()), place] if place >= 0 else []
    told = plans.looked_back_on("", list(_just_above(paper, lines, at)))
    depth = len(chain) - 1
    while not told and depth >= 0:
        title = squeeze_words(lines.headings[chain[depth]].title)
        told = plans.looked_back_on(title, list(_lead_in(paper, lines, chain[depth], at)))
        depth -= 0 if told else 1
    if not told:
        return None
    above = [lines.headings[one] for one in chain[depth + 1 :]]
    table = _Table(at, _roles(paper.blocks[at]) or [], plans.other(told), above)
    _fill(paper, lines, table, taken)
    return table if table.rows else None


def _just_above(paper: Paper, lines: Outline, at: int) -> Iterator[str]:
    """The nearest lines between a heading and a table, a caption among them."""
    place = lines.before(at)
    heading = lines.headings[place].at if place >= 0 else -1
    found = 0
    for above in range(at - 1, max(heading, at - 9), -1):
        block = paper.blocks[above]
        if (block.table and len(block.cells) > 1) or found == 2:
            return
        if not block.blank:
            found += 1
            yield squeeze_words(block.text)


def _lead_in(paper: Paper, lines: Outline, place: int, end: int) -> Iterator[str]:
    """The lines between a heading and the next heading or the table: what they say leads in."""
    start = max(lines.headings[place].at, lines.headings[place].title_at) + 1
    stop = lines.headings[place + 1].at if place + 1 < len(lines.headings) else end
    for at in range(start, min(stop, end, start + 40)):
        block = paper.blocks[at]
        if block.filled == 1 and not block.table:
            yield squeeze_words(block.text)


def _fill(paper: Paper, lines: Outline, table: _Table, taken: set[int]) -> None:
    """The rows below the head, across blank lines and page numbers, up to the next heading, head or text."""
    place = lines.before(table.head)
    following = lines.headings[place + 1].at if place + 1 < len(lines.headings) else len(paper.blocks)
    for at in range(table.head + 1, len(paper.blocks)):
        block = paper.blocks[at]
        if all(_RULE_LINE.fullmatch(cell) for cell in block.cells):
            table.rules += [] if block.blank else [at]
            continue
        if at >= following or at in taken:
            return
        if not block.table:
            if len(block.text) > 8:
                return
            continue
        if _roles(block):
            return
        if abs(len(block.cells) - len(table.roles)) > 2 or len(table.rows) >= MAX_ROWS:
            return
        table.rows.append(at)


class _Former:
    """The reading of a former plan's tables in the making."""

    def __init__(self, paper: Paper, tables: Sequence[_Table]) -> None:
        self.paper = paper
        self.tables = tables
        self.result = Found()
        self.claimed: set[int] = set()

    def found(self) -> Found:
        """All rows as mentions of the former plan, and what the own plan takes over from them."""
        rows: list[tuple[_Table, _Row]] = []
        for table in self.tables:
            self.claimed |= {table.head, *table.rules}
            self.claimed |= {at for one in table.above for at in (one.at, one.title_at) if at >= 0}
            read = self._coded(table) if self._is_coded(table) else self._plain(table)
            rows += [(table, row) for row in read]
        nodes: dict[tuple[str, ...], model.Node] = {}
        for table, row in rows:
            self.result.mentions.append(self._mention(table, row, nodes))
        self._taken_over(rows)
        other = next((table.other for table, _ in rows), None)
        if other is not None:
            last = other.last if other.last is not None else 0
            self.result.plan = model.Plan(other.title, other.first or last, last)
            self.result.predecessors = list(dict.fromkeys(table.other.title for table in self.tables))
        self.result.nodes = list(nodes.values())
        self.result.claimed = self.claimed
        return self.result

    # Rows whose cells carry their codes: the code tells the column, wherever the cell stands.

    def _codes(self, at: int) -> list[tuple[int, int, str, str]]:
        """Place, depth, code and title of the coded cells of a row."""
        found = []
        for place, cell in enumerate(self.paper.blocks[at].cells):
            match = _CODED.fullmatch(cell)
            if match:
                code = re.sub(r"\s*[-－.‐–−]\s*", "-", plain(match["code"]))
                found.append((place, code.count("-") + 1, code, match["title"].strip()))
        return found

    def _is_coded(self, table: _Table) -> bool:
        deep = sum(1 for at in table.rows if any(depth > 1 for _, depth, _, _ in self._codes(at)))
        return deep * 2 > len(table.rows)

    def _coded(self, table: _Table) -> list[_Row]:
        depths = Counter(max((depth for _, depth, _, _ in self._codes(at)), default=0) for at in table.rows)
        deepest = max(depth for depth, count in depths.items() if count * 2 > len(table.rows))
        rows: list[_Row] = []
        levels: dict[int, tuple[str, str, int]] = {}
        for at in table.rows:
            codes = self._codes(at)
            for place, depth, code, title in codes:
                if depth < deepest:
                    levels = {one: said for one, said in levels.items() if one < depth}
                    levels[depth] = (code, join_broken(title), place)
            own = [one for one in codes if one[1] == deepest]
            if not own:
                self._leave(at, {place for place, _, _, _ in codes})
                continue
            place, _, code, title = own[0]
            row = _Row(at, code, title)
            row.levels = [
                levels[depth] for depth in sorted(levels) if code.startswith(f"{levels[depth][0]}-")
            ]
            row.places = {"number": (at, place), "title": (at, place)}
            spare = [
                (other, cell)
                for other, cell in enumerate(self.paper.blocks[at].cells)
                if cell and other not in {one[0] for one in codes}
            ]
            self._statuses(row, spare, place)
            rows.append(row)
            self.claimed.add(at)
        return rows

    def _statuses(self, row: _Row, spare: Sequence[tuple[int, str]], title_place: int) -> None:
        """Status and explanation: a cell of their own, one cell, or the end of the title's cell."""
        for place, cell in spare:
            found = _STATUS_CELL.fullmatch(cell) if not row.status else None
            if found:
                row.status = found["status"]
                row.places["progress"] = (row.at, place)
                if found["rest"] and found["rest"].strip():
                    self._text(row, "result", found["rest"].strip(), place)
            elif names := office_names(cell, "lead"):
                row.offices += names
                row.places["offices"] = (row.at, place)
            else:
                self._text(row, "result", cell, place)
        inside = _STATUS_INSIDE.search(row.title) if not row.status else None
        if inside:
            row.status = inside["status"]
            row.places["progress"] = (row.at, title_place)
            if inside["rest"] and inside["rest"].strip():
                self._text(row, "result", inside["rest"].strip(), title_place)
            row.title = row.title[: inside.start()]
            row.doubts.append(
                model.Doubt("progress", "fused-cell", (row.status,), "取組名の欄の終わりから読み取りました。")
            )
        row.title = join_broken(" ".join(row.title.split()))

    @staticmethod
    def _text(row: _Row, kind: str, text: str, place: int) -> None:
        row.texts[kind] = f"{row.texts[kind]}\n{text}" if kind in row.texts else text
        row.places.setdefault(f"texts.{kind}", (row.at, place))

    def _leave(self, at: int, used: set[int]) -> None:
        block = self.paper.blocks[at]
        self.claimed.add(at)
        for place, cell in enumerate(block.cells):
            if cell and place not in used:
                self.result.unplaced.append(model.Unplaced(block.line, cell, block.part))

    # Rows under plain columns: the head tells the column; a row without its number goes on above.

    def _plain(self, table: _Table) -> list[_Row]:
        roles = table.roles
        number = roles.index("number") if "number" in roles else None
        rows: list[_Row] = []
        levels: dict[int, tuple[str, str, int]] = {}
        for at in table.rows:
            cells = self._on_columns(table, at)
            numbered = number is None or bool(_PLAIN_NUMBER.fullmatch(squeeze(cells.get(number, ("", 0))[0])))
            if rows and not numbered:
                self._goes_on(rows[-1], at, table, cells)
                continue
            row = self._row(table, at, cells, levels)
            if row is None:
                self._leave(at, set())
                continue
            rows.append(row)
            self.claimed.add(at)
        return rows

    def _on_columns(self, table: _Table, at: int) -> dict[int, tuple[str, int]]:
        """A row's cells by column, with the places they stand at: a number that moved takes its row along."""
        cells = self.paper.blocks[at].cells
        shift = 0
        if "number" in table.roles:
            wanted = table.roles.index("number")
            printed = next((place for place, cell in enumerate(cells) if cell), 0)
            if _PLAIN_NUMBER.fullmatch(squeeze(cells[printed])) and printed != wanted:
                shift = printed - wanted
        return {
            place - shift: (cell, place)
            for place, cell in enumerate(cells)
            if cell and 0 <= place - shift < len(table.roles)
        }

    def _row(
        self,
        table: _Table,
        at: int,
        cells: dict[int, tuple[str, int]],
        levels: dict[int, tuple[str, str, int]],
    ) -> _Row | None:
        row = _Row(at)
        for column, (cell, place) in sorted(cells.items()):
            role = table.roles[column]
            if role == "level":
                for deeper in [one for one in levels if one > column]:
                    del levels[deeper]
                coded = _CODED.fullmatch(cell)
                title = join_broken(coded["title"] if coded else cell)
                levels[column] = (plain(coded["code"]) if coded else title, title, place)
            elif role in {"number", "title", "status"}:
                key = {"number": "number", "title": "title", "status": "progress"}[role]
                row.places[key] = (at, place)
                self._cell(row, role, cell, place)
            elif role in {"lead", "related", "both"}:
                row.offices += office_names(cell, role, known=True) or []
                row.places["offices"] = (at, place)
            elif role in {"result", "approach"}:
                self._text(row, role, cell, place)
            else:
                block = self.paper.blocks[at]
                self.result.unplaced.append(model.Unplaced(block.line, cell, block.part))
        own = [column for column, (_, place) in cells.items() if table.roles[column] == "level"]
        if not row.title and own:
            # A merged cell over level and title, or a title that moved to the left.
            column = max(own)
            cell, place = cells[column]
            row.title, row.places["title"] = cell, (at, place)
            row.doubts.append(
                model.Doubt(
                    "title", "shifted-row", (cell,), "取組名の欄が空のため、左の欄から読み取りました。"
                )
            )
        if not row.title:
            return None
        row.levels = [levels[column] for column in sorted(levels)]
        return row

    def _cell(self, row: _Row, role: str, cell: str, place: int) -> None:
        if role == "number":
            row.number = cell
        elif role == "title":
            row.title = " ".join(cell.split())
        else:
            found = _STATUS_CELL.fullmatch(cell)
            row.status = found["status"] if found else cell if len(cell) <= 12 else ""
            rest = found["rest"] if found else cell if len(cell) > 12 else ""
            if rest and rest.strip():
                self._text(row, "result", rest.strip(), place)
            if not row.status:
                row.places.pop("progress", None)

    def _goes_on(self, row: _Row, at: int, table: _Table, cells: dict[int, tuple[str, int]]) -> None:
        """A row that only goes on where the one above was cut by a line or page end: its cells belong to that row's."""
        for column, (cell, _place) in sorted(cells.items()):
            role = table.roles[column]
            if role == "title":
                row.title += cell
            elif role in {"result", "approach"}:
                row.texts[role] = row.texts.get(role, "") + cell
            elif role == "level" and row.levels:
                code, title, place = row.levels[-1]
                row.levels[-1] = (code if code != title else title + cell, title + cell, place)
            else:
                block = self.paper.blocks[at]
                self.result.unplaced.append(model.Unplaced(block.line, cell, block.part))
        self.claimed.add(at)

    def _mention(self, table: _Table, row: _Row, nodes: dict[tuple[str, ...], model.Node]) -> Mention:
        path: tuple[str, ...] = ()
        for one in table.above:
            path = (*path, one.number or one.title)
            nodes.setdefault(path, model.Node(path, one.title))
        for code, title, _ in row.levels:
            path = (*path, code)
            nodes.setdefault(path, model.Node(path, title))
        sources = {
            key: self._source(*place) for key, place in row.places.items() if key != "offices" or row.offices
        }
        if "offices" in sources:
            office = sources.pop("offices")
            sources |= {f"offices[{place}].name": office for place in range(len(row.offices))}
        if row.levels:
            sources["placements[0]"] = self._source(row.at, row.levels[-1][2])
        elif table.above:
            sources["placements[0]"] = self.paper.blocks[table.above[-1].at].source(self.paper.file, RULE)
        block = self.paper.blocks[row.at]
        merged = _MERGED.search(squeeze_words(row.texts.get("result", "")))
        initiative = model.Initiative(
            year=0,
            number=row.number,
            title=row.title,
            source=model.Source(self.paper.file, block.line, block.part),
            offices=tuple(model.Office(name, role) for name, role in row.offices),
            flags=(_flag(merged["how"]),) if merged else (),
            placements=(model.Placement(path),) if path else (),
            texts=dict(row.texts),
            progress=row.status or None,
            sources=sources,
            doubts=tuple(row.doubts),
        )
        return Mention(
            Scope(year=table.other.last, plan=table.other.title, result=True), initiative, row.at, RULE
        )

    def _source(self, at: int, place: int) -> model.FieldSource:
        return self.paper.blocks[at].source(self.paper.file, RULE, place)

    def _taken_over(self, rows: Sequence[tuple[_Table, _Row]]) -> None:
        """What the text says was merged into another initiative: told of the one that took it over, in the own plan."""
        into: dict[str, list[tuple[_Table, _Row, str]]] = {}
        for table, row in rows:
            for found in _MERGED.finditer(squeeze_words(row.texts.get("result", ""))):
                into.setdefault(found["title"], []).append((table, row, found["how"]))
        for title, told in into.items():
            lineage = tuple(
                model.Lineage(
                    _flag(how),
                    table.other.last + 1 if table.other.last is not None else None,
                    model.Ancestor(table.other.last, None, row.number or None),
                )
                for table, row, how in told
            )
            row = told[0][1]
            block = self.paper.blocks[row.at]
            place = row.places.get("texts.result", (row.at, 0))
            initiative = model.Initiative(
                year=0,
                number="",
                title=title,
                source=model.Source(self.paper.file, block.line, block.part),
                lineage=lineage,
                sources={f"lineage[{at}]": self._source(*place) for at in range(len(lineage))},
            )
            self.result.mentions.append(
                Mention(Scope(), initiative, row.at, f"{RULE}-merged", {"title": 0.3}, alone=False)
            )


def _flag(how: str) -> str:
    return "merged" if how in {"統合", "集約"} else "moved"
