"""Long tables of several kinds and years: the rows of one family of pages on the columns of its best head.

Cells get lost, melt together and change places, and so do the words of heads. What decides is what cells look like: a status word, an
office, figures, enumerated parts, tense. A row without number and title stays unplaced: nothing is made up.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final

from . import model
from .alignment import CERTAIN, Aligned, align
from .blocks import Block, Paper
from .cells import is_total, look
from .columns import Column, Role
from .families import Family, Page
from .fronts import Front, alphabet_of, cleaned, front_of, same_alphabet
from .judging import figures, judge, tells_results
from .mentions import GUESSED, LIKELY, Found, Mention, Scope
from .model import Doubt, FieldSource, Placement, Unplaced
from .rows import BY_CONTENT, BY_HEAD, Draft, RowReader, finished, printed_at
from .stages import long_stages, spread
from .tree import Spellings, complete, grow, placed
from .unreadable import Unreadable
from .values import split_parts
from .wording import plain, squeeze

RULE: Final = "detail-table"
MAX_ROWS: Final = 2_000
#: Heads and rows among which the best head is looked for.
_HEADS: Final = 12
_SAMPLE: Final = 80
#: A row with so many more cells than its head has columns is another table's.
_TOO_MANY: Final = 12
#: So much better a page's own head must fit than the family's best.
_CLEARLY: Final = 1.0
_FRONT: Final = frozenset({Role.LEVEL, Role.NUMBER, Role.FLAGS})
_ORDER: Final = ("purpose", "issue", "target_state", "approach", "effect", "result")
_TELLING: Final = frozenset({"purpose", "result"})
_TEXTS: Final = frozenset({Role.TEXT, Role.STAGE, Role.SCHEDULE})


@dataclass(slots=True)
class _Row:
    """A row in the making: its page, its front (empty where rows do not begin with codes), and the cells to be matched."""

    page: Page
    block: Block
    front: Front | None
    cells: list[str]
    origins: list[int]


class _Reader(RowReader):
    """A row reader that leaves doubts about places to the family, which knows all columns."""

    def _say_how(self, draft: Draft) -> None:
        for place in draft.aligned.odd:
            column, cell = draft.columns[place], draft.aligned.places[place]
            if column.role in {Role.VALUE, Role.INDICATOR} and cell is not None:
                path = "indicators[0].name"
                text = draft.row.cells[cell]
                draft.doubts.append(Doubt(path, "odd-content", (text,), "見出しの列に合わない内容です。"))


def read_family(
    paper: Paper, family: Family, places: Mapping[int, int], number: int, *, with_nodes: bool
) -> Found:
    """The rows of a family as mentions. `places` gives a block's index by its id; `number` names the family.

    `with_nodes` says that no other place of the document tells the tree. Raises `Unreadable` for too many rows.
    """
    return _Family(paper, family, places, number).found(with_nodes=with_nodes)


class _Family:
    def __init__(self, paper: Paper, family: Family, places: Mapping[int, int], number: int) -> None:
        self.paper = paper
        self.family = family
        self.places = places
        self.rule = f"{RULE}-{number}"
        self.scope: Scope = family.scope.scope
        blocks = [row for page in family.pages for row in page.rows]
        if len(blocks) > MAX_ROWS:
            raise Unreadable(
                "too-many-rows", f"取組の行が多すぎます。{MAX_ROWS:,}行までの表を指定してください。"
            )
        self.alphabet = alphabet_of([row.cells for row in blocks])
        self.coded = self.alphabet is not None
        self.own = {id(page): self._columns(page.heading.columns) for page in family.pages}
        self.rows = [
            self._cut(page, row)
            for page in family.pages
            for row in page.rows
            if row.filled >= 3 and len(row.cells) <= len(page.heading.columns) + _TOO_MANY
        ]
        if self.coded:
            same_alphabet([row.front for row in self.rows if row.front])
        # Codes melt with what stands beside them: rows that begin with them are read by content.
        self.certain = paper.container in CERTAIN and not self.coded
        self.best = self._best()
        self.reader = _Reader(paper.file)

    def _cut(self, page: Page, row: Block) -> _Row:
        if self.alphabet is not None:
            front = front_of(row.cells, self.alphabet)
            return _Row(page, row, front, front.cells, front.origins)
        cells, origins = spread(row, self.own[id(page)])
        return _Row(page, row, None, [cleaned(cell) for cell in cells], origins)

    def _columns(self, columns: Sequence[Column]) -> tuple[Column, ...]:
        """A head's columns for this family: without the front where that is read by itself; years by result and plan."""
        return tuple(
            self._dated(column) if column.role is Role.VALUE else column
            for column in columns
            if not self.coded or (column.role not in _FRONT and column.head)
        )

    def _dated(self, column: Column) -> Column:
        """A column of values by what the table is: figures of a result, stages of a plan where no kind is named."""
        if self.scope.result and column.detail in {"", "baseline"}:
            return replace(column, detail="actual", year=column.year or self.scope.year)
        if column.detail:
            return column
        return replace(column, role=Role.STAGE if column.year else Role.UNKNOWN)

    def _best(self) -> tuple[Column, ...]:
        """The columns of the head that explains the family's rows best."""
        heads = list(dict.fromkeys(self.own.values()))[:_HEADS]
        step = max(1, len(self.rows) // _SAMPLE)
        sample = self.rows[::step]
        return min(heads, key=lambda head: sum(self._aligned(row, head).cost for row in sample))

    def _aligned(self, row: _Row, columns: Sequence[Column]) -> Aligned:
        titles = [frozenset[str]()] * len(columns)
        return align(row.cells, columns, titles, judge, certain=self.certain)

    def _choice(self, row: _Row) -> tuple[tuple[Column, ...], Aligned]:
        """The columns of a row; a cell that repeats its title is a text of its own where the row fills its head only with it."""
        chosen = self._fitting(row)
        if row.front and row.front.again:
            cells, origins = row.front.whole
            own = self.own[id(row.page)]
            here = self._aligned(replace(row, cells=cells), own)
            if not here.moved and not here.odd and len(cells) == len(own) and here.cost < chosen[1].cost:
                row.cells, row.origins = cells, origins
                return own, here
        return chosen

    def _fitting(self, row: _Row) -> tuple[tuple[Column, ...], Aligned]:
        """The columns that a row fits best: its own page's where they fit cell by cell, else the family's."""
        own = self.own[id(row.page)]
        here = self._aligned(row, own)
        if not here.moved and (self.certain or (not here.odd and _filled(row.cells) == len(own))):
            return own, here
        best = self._wider(row, (self.best, here if own == self.best else self._aligned(row, self.best)))
        schedule = next((column for column in own if column.role is Role.SCHEDULE), None)
        if schedule is not None and not any(column.role is Role.STAGE for column in own):
            whole = (*(column for column in self.best if column.role is not Role.STAGE), schedule)
            other = self._wider(row, (whole, self._aligned(row, whole)))
            best = min(best, other, key=lambda one: one[1].cost)
        # A head that is broken on its page fits by chance: it must fit clearly better.
        return (own, here) if here.cost < best[1].cost - _CLEARLY else best

    def _wider(
        self, row: _Row, choice: tuple[tuple[Column, ...], Aligned]
    ) -> tuple[tuple[Column, ...], Aligned]:
        """A row with a cell that does not fit: perhaps its page's head lost a column that other pages or tables have."""
        columns, aligned = choice
        best = choice
        if not aligned.spare and not aligned.odd and not self._value_beside(row, columns, aligned):
            return choice
        for extra in self._extras(columns):
            other = self._aligned(row, extra)
            if other.cost < best[1].cost:
                best = (extra, other)
        return self._undoubled(row, best)

    def _value_beside(self, row: _Row, columns: Sequence[Column], aligned: Aligned) -> bool:
        """Whether figures stand where a text or a name should."""
        return any(
            cell is not None and row.cells[cell] and figures(look(row.cells[cell]))
            for column, cell in zip(columns, aligned.places, strict=True)
            if column.role in {Role.INDICATOR, Role.TEXT}
        )

    def _extras(self, columns: tuple[Column, ...]) -> list[tuple[Column, ...]]:
        """The columns with a text that other heads of the family name, with a target beside the only actual, and with both."""
        found: list[tuple[Column, ...]] = []
        own = {column.detail for column in columns if column.role is Role.TEXT}
        missing: dict[str, Column] = {}
        for head in self.own.values():
            for column in head:
                if column.role is Role.TEXT and column.detail not in own:
                    missing.setdefault(column.detail, column)
        wider = columns
        for column in missing.values():
            wider = _inserted(wider, column)
        if wider != columns:
            found.append(wider)
        values = [column for column in columns if column.role is Role.VALUE]
        if self.scope.result and len(values) == 1:
            target = Column(Role.VALUE, "", "target", self.scope.year)
            for each in (columns, wider):
                at = each.index(values[0])
                found.append((*each[:at], target, *each[at:]))
        return found

    def _undoubled(
        self, row: _Row, choice: tuple[tuple[Column, ...], Aligned]
    ) -> tuple[tuple[Column, ...], Aligned]:
        """A row with a cell too many that prints the same text twice side by side: a text tool doubled it."""
        columns, aligned = choice
        if not aligned.spare:
            return choice
        words = [squeeze(cell) for cell in row.cells]
        for at in range(len(words) - 1, 0, -1):
            if words[at] and words[at] == words[at - 1]:
                without = replace(
                    row,
                    cells=[*row.cells[:at], *row.cells[at + 1 :]],
                    origins=[*row.origins[:at], *row.origins[at + 1 :]],
                )
                other = self._aligned(without, columns)
                if not other.spare:
                    row.cells, row.origins = without.cells, without.origins
                    return columns, other
        return choice

    def found(self, *, with_nodes: bool) -> Found:
        """The family's mentions, claims and what found no field."""
        found = Found()
        if self.family.scope.span:
            found.years.spans.append(self.family.scope.span)
        drafts: list[tuple[_Row, Draft]] = []
        for row in self.rows:
            draft = self._draft(row, drafts[-1][1] if drafts else None)
            if draft is None:
                continue
            found.claimed.add(self.places[id(row.block)])
            if not drafts or draft is not drafts[-1][1]:
                drafts.append((row, draft))
        for page in self.family.pages:
            found.claimed |= {self.places[id(line)] for line in page.heading.rows}
        if self.coded:
            self._say_coded(drafts, found)
        else:
            self._say_levels([draft for _, draft in drafts], found, with_nodes=with_nodes)
        found.unplaced = self.reader.unplaced
        return found

    def _say_coded(self, drafts: Sequence[tuple[_Row, Draft]], found: Found) -> None:
        groups = _groups([draft.number for _, draft in drafts])
        for row, draft in drafts:
            front = row.front
            paths = front.paths if front else []
            placements = tuple(Placement(path, primary=not at) for at, path in enumerate(paths))
            sources: dict[str, FieldSource] = {}
            if placements and front:
                sources["placements[0]"] = row.block.source(self.paper.file, BY_CONTENT, front.code_place)
            initiative = replace(
                finished(draft, 0, placements, sources), group=groups.get(draft.number), kind=self.scope.kind
            )
            weights = {"placements": GUESSED}
            if front and front.split:
                weights["title"] = LIKELY
            found.mentions.append(
                Mention(self.scope, initiative, self.places[id(row.block)], self.rule, weights)
            )

    def _say_levels(self, drafts: list[Draft], found: Found, *, with_nodes: bool) -> None:
        levels = list(
            dict.fromkeys(
                column.head
                for page in self.family.pages
                for column in self.own[id(page)]
                if column.role is Role.LEVEL
            )
        )
        for level in complete(drafts, levels):
            text = f"「{level}」の空の欄が多いため、上の行と同じ(結合セル)としました。"
            found.warnings.append(model.Warning(None, "merged-cells", text))
        spellings = Spellings((level, cell.title) for draft in drafts for level, cell in draft.levels.items())
        tree = grow(drafts, levels, spellings)
        if with_nodes:
            found.levels, found.nodes = tree.levels, list(tree.nodes)
        for draft, path in zip(drafts, tree.paths, strict=True):
            placements, sources = placed(draft, path, self.paper.file)
            initiative = replace(finished(draft, 0, placements, sources), kind=self.scope.kind)
            found.mentions.append(Mention(self.scope, initiative, self.places[id(draft.row)], self.rule))

    def _draft(self, row: _Row, above: Draft | None) -> Draft | None:
        """The draft of a row; the one above where the row goes on with its indicators; None where it is no row."""
        columns, aligned = self._choice(row)
        if not self.certain:
            aligned = _moved_to_marks(row.cells, columns, aligned)
            aligned = _plan_beside_stages(row.cells, columns, aligned)
            aligned = _result_by_tense(row.cells, columns, aligned)
        seen = replace(row.block, cells=tuple(_numbered_names(row.cells, columns, aligned)))

        def text(role: Role) -> str:
            return next(
                (
                    row.cells[cell]
                    for column, cell in zip(columns, aligned.places, strict=True)
                    if column.role is role and cell is not None and cell < len(row.cells)
                ),
                "",
            )

        number = row.front.number if row.front else text(Role.NUMBER)
        title = text(Role.TITLE)
        if not number and not title and above is not None and text(Role.INDICATOR):
            return self._goes_on(above, seen, columns, aligned)
        named = number and (title or self.scope.kind)
        if not named and (is_total(title) or not (title and (text(Role.OFFICE) or self.certain))):
            return None
        draft = self.reader.read(seen, columns, aligned, joined=False)
        if any(column.role is Role.VALUE and not column.head for column in columns) and draft.indicators:
            note = "見出しにない値の欄があります。目標値としました。"
            raw = draft.indicators[0].values[0].raw if draft.indicators[0].values else ""
            draft.doubts.append(Doubt("indicators[0].values[0].raw", "odd-content", (raw,), note))
        if aligned.moved and not row.front:
            self._say_moved(draft, row)
        long_stages(draft)
        self._say_lost(draft, row, columns, aligned)
        draft.row = row.block
        draft.sources = printed_at(draft.sources, row.origins)
        if row.front:
            self._front(draft, row.front)
        return draft

    def _goes_on(
        self, above: Draft, seen: Block, columns: Sequence[Column], aligned: Aligned
    ) -> Draft | None:
        """The draft above with a row's further indicators; None where the row tells more than those."""
        own = {Role.INDICATOR, Role.UNIT, Role.VALUE}
        taken = {
            cell
            for column, cell in zip(columns, aligned.places, strict=True)
            if column.role in own and cell is not None
        }
        if any(cell for at, cell in enumerate(seen.cells) if at not in taken):
            return None
        self.reader.take_indicators(above, seen, columns, aligned)
        return above

    def _front(self, draft: Draft, front: Front) -> None:
        draft.number = front.number
        if front.number_place is not None:
            draft.sources["number"] = draft.row.source(self.paper.file, BY_HEAD, front.number_place)
        for flag, place in front.flags:
            if flag not in draft.flags:
                path = f"flags[{len(draft.flags)}]"
                draft.sources[path] = draft.row.source(self.paper.file, BY_CONTENT, place)
                draft.flags.append(flag)
        left = [mark for mark, _ in front.marks]
        used = {code for path in front.paths for code in path}
        left += [code for code in (*front.outer, *front.inner) if code not in used]
        self.reader.unplaced += [Unplaced(draft.row.line, text, draft.row.part) for text in left]

    def _say_moved(self, draft: Draft, row: _Row) -> None:
        """A doubt about the title of a row that is as wide as its head and yet was not read by place."""
        own = self.own[id(row.page)]
        title = next((at for at, column in enumerate(own) if column.role is Role.TITLE), None)
        if title is None or len(row.cells) != len(own) or squeeze(row.cells[title]) == squeeze(draft.title):
            return
        note = "欄の内容が見出しと合わないため、列をずらして読みました。"
        draft.doubts.append(Doubt("title", "shifted-row", (draft.title, row.cells[title]), note))

    def _say_lost(self, draft: Draft, row: _Row, columns: Sequence[Column], aligned: Aligned) -> None:
        """One doubt for a row that lost a text where its neighbour may be the one that was lost.

        A purpose comes first, and tense tells a result: those two are not mistaken for their neighbours.
        """
        texts = [place for place, column in enumerate(columns) if column.role in {Role.TEXT, Role.STAGE}]
        for number, place in enumerate(texts):
            if aligned.places[place] is not None or columns[place].detail in _TELLING:
                continue
            for beside in (*reversed(texts[:number]), *texts[number + 1 :]):
                cell, column = aligned.places[beside], columns[beside]
                if cell is None or column.detail in _TELLING or not row.cells[cell]:
                    continue
                head = plain(columns[place].head)
                path = f"texts.{column.detail}" if column.role is Role.TEXT else f"stages.{column.year}"
                note = f"見出しより欄の少ない行です。「{head}」の欄が失われたとしましたが、この欄かもしれません。"
                draft.doubts.append(Doubt(path, "shifted-row", (row.cells[cell],), note))
                return


def _inserted(columns: tuple[Column, ...], column: Column) -> tuple[Column, ...]:
    """The columns with one more text, in the order in which plans tell: purpose, goal, plan, result."""
    order = {detail: at for at, detail in enumerate(_ORDER)}
    own = order.get(column.detail, len(order))
    places = [
        at + 1
        for at, other in enumerate(columns)
        if other.role is Role.TEXT and order.get(other.detail, len(order)) < own
    ]
    at = max(
        places,
        default=next((at for at, other in enumerate(columns) if other.role is Role.TEXT), len(columns)),
    )
    return (*columns[:at], column, *columns[at:])


def _filled(cells: Sequence[str]) -> int:
    """How many cells a row has, without blank ones at its end."""
    return max((at for at, cell in enumerate(cells, 1) if cell), default=0)


def _groups(numbers: Sequence[str]) -> dict[str, str]:
    """The whole number of each divided one (2-1 and 2-2 are 2), where most numbers are whole."""
    whole = [number for number in numbers if number.isdecimal()]
    if len(whole) * 2 <= len(numbers):
        return {}
    parts = {number: number.split("-")[0] for number in numbers if re.fullmatch(r"[0-9]+-[0-9]+", number)}
    counts = Counter(parts.values())
    return {number: group for number, group in parts.items() if counts[group] > 1 and group not in whole}


def _moved_to_marks(cells: Sequence[str], columns: Sequence[Column], aligned: Aligned) -> Aligned:
    """Where values are enumerated ①②③ and the indicator is not, the text beside it that has as many parts is the indicator."""
    by_role: dict[Role, list[int]] = {}
    for place, column in enumerate(columns):
        if aligned.places[place] is not None:
            by_role.setdefault(column.role, []).append(place)
    parts = [len(split_parts(cells[aligned.places[place] or 0])[1]) for place in by_role.get(Role.VALUE, ())]
    names = by_role.get(Role.INDICATOR, [])
    if not parts or max(parts) < 2 or not names:
        return aligned
    own = aligned.places[names[0]]
    if own is None or split_parts(cells[own])[1]:
        return aligned
    for place in reversed(by_role.get(Role.TEXT, [])):
        cell = aligned.places[place]
        if cell is None or "。" in cells[cell] or len(split_parts(cells[cell])[1]) != max(parts):
            continue
        places = list(aligned.places)
        places[names[0]], places[place] = cell, None
        return replace(aligned, places=tuple(places), spare=tuple(sorted({*aligned.spare, own})), moved=True)
    return aligned


def _numbered_names(cells: Sequence[str], columns: Sequence[Column], aligned: Aligned) -> list[str]:
    """The cells with the marks ①② that a listed indicator lost, where its values have as many parts as it has points."""
    changed = list(cells)
    found = [
        (column.role, cell)
        for column, cell in zip(columns, aligned.places, strict=True)
        if cell is not None and column.role in {Role.INDICATOR, Role.VALUE}
    ]
    names = [cell for role, cell in found if role is Role.INDICATOR]
    parts = [split_parts(cells[cell])[1] for role, cell in found if role is Role.VALUE]
    most = max(parts, key=len, default=())
    if len(names) != 1 or len(most) < 2 or split_parts(cells[names[0]])[1]:
        return changed
    points = [point.strip() for point in re.split(r"(?:^|\s)・", cells[names[0]]) if point.strip()]
    if len(points) == len(most):
        changed[names[0]] = "\n".join(f"{part.mark}{point}" for part, point in zip(most, points, strict=True))
    return changed


def _plan_beside_stages(cells: Sequence[str], columns: tuple[Column, ...], aligned: Aligned) -> Aligned:
    """A row that lost its goal or its plan: what goes on in the coming years is the plan of this one."""
    places = {(column.role, column.detail): at for at, column in enumerate(columns)}
    goal = places.get((Role.TEXT, "target_state"))
    plan = places.get((Role.TEXT, "approach"))
    stage = next(
        (
            at
            for at, column in enumerate(columns)
            if column.role is Role.STAGE and aligned.places[at] is not None
        ),
        None,
    )
    if goal is None or plan is None or stage is None:
        return aligned
    text, coming = aligned.places[goal], aligned.places[stage]
    if aligned.places[plan] is not None or text is None or coming is None:
        return aligned
    share = SequenceMatcher(None, squeeze(cells[text])[:400], squeeze(cells[coming])[:400], autojunk=False)
    if share.ratio() < 0.6:
        return aligned
    moved = list(aligned.places)
    moved[plan], moved[goal] = text, None
    return replace(aligned, places=tuple(moved), moved=True)


def _result_by_tense(cells: Sequence[str], columns: tuple[Column, ...], aligned: Aligned) -> Aligned:
    """A text that tells what was done is the result, where the result is blank and the text stands in the plan's column."""
    places = {column.detail: at for at, column in enumerate(columns) if column.role is Role.TEXT}
    plan, result = places.get("approach"), places.get("result")
    if plan is None or result is None:
        return aligned
    text, own = aligned.places[plan], aligned.places[result]
    if text is None or (own is not None and cells[own]) or not tells_results(cells[text]):
        return aligned
    moved = list(aligned.places)
    moved[result], moved[plan] = text, None
    return replace(aligned, places=tuple(moved), moved=True)
