"""A text document with a wide plan table to a reading.

The steps: bytes → text → rows of cells → heads → columns → rows on their columns → initiatives, the tree,
the plan's years; what finds no place is listed. Evidence is words of the head, vocabularies, patterns and
the looks of cells; nothing is known about any one document.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import PureWindowsPath
from typing import Final

from . import model
from .alignment import Aligned, align
from .cells import FLAG_WORDS, NUMBER
from .columns import Column, Heading, Role, heading_at
from .decoding import decode
from .facts import Facts, facts_of
from .grid import Row, lines_of, rows_of
from .model import Initiative, Reading, Unplaced
from .rows import Draft, RowReader, finished
from .tree import Spellings, complete, grow, placed
from .unreadable import Unreadable
from .wording import squeeze

MAX_ROWS: Final = 2_000
#: Heads are looked for only where a row names an indicator; this many such rows that are none are enough.
MAX_CANDIDATES: Final = 5_000
#: A head is printed once a page.
MAX_HEADS: Final = 1_000
_DELIMITERS: Final = ("\t", ",", ";")
_HEAD_WORDS: Final = re.compile(r"[KkＫｋ]\s*[PpGgＰＧ]\s*[IiＩｉ]|指\s*標|数\s*値\s*目\s*標")
_PAGE_NUMBER: Final = re.compile(
    r"[-‐―ー−—(]*(?:p\.?|page)?[0-9]{1,4}(?:/[0-9]{1,4})?(?:ページ|頁)?[-‐―ー−—)]*"
)
_ENCLOSED: Final = re.compile("[①-⑳㉑-㉟⑴-⒇⒈-⒛]")
_UNCLOSED: Final = re.compile(r"【[^】]*(?:】|$)")
_DIGIT: Final = re.compile(r"\d")
_LEADING: Final = re.compile(r"([0-9]{1,5})(?:[-－][0-9]{1,3})?$")
_EXPECTED: Final = (
    "番号・取組・指標(KPI)・年度別の実績値などを見出しにもつ、タブかコンマ区切りの表が必要です。"
)
#: A document that is mostly something else than the table would lose most of what it says.
_UNPLACED_SHARE: Final = 0.4


@dataclass(slots=True)
class _Section:
    """One printing of the head and the rows below it."""

    heading: Heading
    rows: list[Row] = field(default_factory=list)


def read_document(data: bytes, name: str) -> Reading:
    """Reads the bytes of a text document (TXT, TSV, CSV) that holds one wide plan table.

    `name` is the file's name, kept in every source. The same bytes give the same reading. Raises `Unreadable`
    with a Japanese message for anything else; time and memory are bounded by the limits of the steps.
    """
    # Browsers and operators may hand over a whole path; only the name is the document's.
    file = PureWindowsPath(name).name or "document"
    text = decode(data)
    lines = lines_of(text)
    preface, sections = _sections(lines)
    return _Document(file, lines, preface, sections).reading()


def _sections(lines: list[str]) -> tuple[list[Row], list[_Section]]:
    """The rows before the first head, and the sections below the heads, for the delimiter that shows heads."""
    for delimiter in _DELIMITERS:
        if not any(line.count(delimiter) >= 3 and _HEAD_WORDS.search(line) for line in lines):
            continue
        rows = rows_of(lines, delimiter)
        preface, sections = _cut(rows)
        if sections:
            return preface, sections
    wide = sum(1 for line in lines if any(line.count(delimiter) >= 3 for delimiter in _DELIMITERS))
    found = (
        f"4列以上の行は{wide:,}行ありますが、見出しに当たる行がありません。"
        if wide
        else "4列以上の表がありません。"
    )
    raise Unreadable("no-table", f"読める形の表が見当たりません。{found}{_EXPECTED}")


def _cut(rows: list[Row]) -> tuple[list[Row], list[_Section]]:
    preface: list[Row] = []
    sections: list[_Section] = []
    candidates = 0
    skip = 0
    for place, row in enumerate(rows):
        if skip:
            skip -= 1
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
        elif sections:
            sections[-1].rows.append(row)
        else:
            preface.append(row)
    return preface, sections


class _Document:
    """The reading of one document in the making."""

    def __init__(self, file: str, lines: list[str], preface: list[Row], sections: list[_Section]) -> None:
        self.file = file
        self.lines = lines
        self.preface = preface
        self.facts: Facts = facts_of(preface, [section.heading for section in sections], file)
        self.sections = [
            replace_columns(section, _by_content(section, self.facts.plan.first_year))
            for section in _alike(sections)
        ]
        self.reader = RowReader(file)
        self.unplaced: list[tuple[int, str]] = []
        self.warnings: list[model.Warning] = list(self.facts.warnings)
        self.levels = list(
            dict.fromkeys(
                column.head
                for section in self.sections
                for column in section.heading.columns
                if column.role is Role.LEVEL
            )
        )

    def reading(self) -> Reading:
        """The whole reading. Raises `Unreadable` where nothing, or hardly anything, could be read."""
        self._refuse_cut_off()
        spellings = Spellings(self._level_titles())
        drafts = self._drafts(spellings)
        if not drafts:
            raise Unreadable(
                "no-rows",
                f"{self.sections[0].heading.rows[0].line}行目に表の見出しがありますが、取組の行がありません。{_EXPECTED}",
            )
        for level in complete(drafts, self.levels):
            text = f"「{level}」の空の欄が多いため、上の行と同じ(結合セル)としました。"
            self.warnings.append(model.Warning(None, "merged-cells", text))
        tree = grow(
            drafts,
            self.levels,
            Spellings((level, cell.title) for draft in drafts for level, cell in draft.levels.items()),
        )
        initiatives: list[Initiative] = []
        for draft, path in zip(drafts, tree.paths, strict=True):
            placements, sources = placed(draft, path, self.file)
            initiatives.append(finished(draft, self.facts.year, placements, sources))
        self._list_preface()
        self._say_numbers(initiatives)
        unplaced = sorted([*self.unplaced, *self.reader.unplaced], key=lambda item: item[0])
        self._refuse_mostly_other(unplaced)
        return Reading(
            plan=self.facts.plan,
            levels=tree.levels,
            nodes=tree.nodes,
            initiatives=tuple(initiatives),
            warnings=tuple(self.warnings),
            unplaced=tuple(Unplaced(line, text) for line, text in unplaced),
        )

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
                if row.blank or self._furniture(row):
                    continue
                if len(drafts) >= MAX_ROWS:
                    raise Unreadable(
                        "too-many-rows", f"取組の行が多すぎます。{MAX_ROWS:,}行までの表を指定してください。"
                    )
                if row.filled < 3 or len(row.cells) > 2 * len(columns) + 10:
                    self._leave(row)
                    continue
                aligned = align(row.cells, columns, titles)
                self._row(row, columns, aligned, drafts, spellings)
        return drafts

    def _row(
        self, row: Row, columns: Sequence[Column], aligned: Aligned, drafts: list[Draft], spellings: Spellings
    ) -> None:
        def cell(role: Role) -> str:
            place = next((place for place, column in enumerate(columns) if column.role is role), None)
            at = aligned.places[place] if place is not None else None
            return row.cells[at] if at is not None and at < len(row.cells) else ""

        if cell(Role.TITLE):
            joined = self._broken(row, columns, aligned, spellings)
            draft = self.reader.read(row, columns, aligned, joined=joined)
            drafts.append(draft)
        elif drafts and not cell(Role.NUMBER) and cell(Role.INDICATOR):
            # A second indicator of the initiative above takes a row of its own.
            self._goes_on(row, columns, aligned, drafts[-1])
        else:
            self._leave(row)

    def _goes_on(self, row: Row, columns: Sequence[Column], aligned: Aligned, above: Draft) -> None:
        self.reader.take_indicators(above, row, columns, aligned)
        taken = {
            place
            for column, place in zip(columns, aligned.places, strict=True)
            if column.role in {Role.INDICATOR, Role.UNIT, Role.VALUE}
        }
        for place, text in enumerate(row.cells):
            if text and place not in taken:
                self.unplaced.append((row.line, text))

    def _broken(self, row: Row, columns: Sequence[Column], aligned: Aligned, spellings: Spellings) -> bool:
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

    def _furniture(self, row: Row) -> bool:
        """Page numbers, and the title repeated at the head of a page."""
        if row.filled != 1:
            return False
        cell = next(cell for cell in row.cells if cell)
        text = squeeze(cell)
        # ① folds to 1, but numbers a part, not a page.
        page = _PAGE_NUMBER.fullmatch(text) and not _ENCLOSED.search(cell)
        return bool(page) or text == squeeze(self.facts.plan.title)

    def _leave(self, row: Row) -> None:
        self.unplaced += [(row.line, cell) for cell in row.cells if cell]

    def _list_preface(self) -> None:
        for row in self.preface:
            if row.line not in self.facts.lines and not row.blank and not self._furniture(row):
                self._leave(row)

    def _say_numbers(self, initiatives: Sequence[Initiative]) -> None:
        """Numbers that stand twice, and holes in a run of plain numbers, are said, not mended."""
        counts = Counter(item.number for item in initiatives if item.number)
        for number, count in counts.items():
            if count > 1:
                first = next(item.source for item in initiatives if item.number == number)
                line = first.line if first else None
                self.warnings.append(
                    model.Warning(line, "duplicate-number", f"番号「{number}」の行が{count}行あります。")
                )
        plain = sorted(
            # 2-1 and 2-2 stand for 2.
            {int(found[1]) for number in counts if (found := _LEADING.match(number))}
        )
        gaps = [number for before, after in pairwise(plain) for number in range(before + 1, after)]
        if 0 < len(gaps) <= len(plain):
            listed = "、".join(str(number) for number in gaps[:20])
            self.warnings.append(
                model.Warning(None, "number-gap", f"番号が続いていません。見当たらない番号: {listed}")
            )
        unnumbered = [item for item in initiatives if not item.number]
        if counts and unnumbered:
            for item in unnumbered:
                place = item.source.line if item.source else None
                self.warnings.append(
                    model.Warning(place, "number-missing", f"「{item.title[:40]}」に番号がありません。")
                )

    def _refuse_cut_off(self) -> None:
        """A file that ends inside its last row was cut off: no line end, and cells missing that no other row misses."""
        ending = self.lines[-1]
        if ending == "":
            return
        heads = [self.lines[row.line - 1] for section in self.sections for row in section.heading.rows]
        if any(head.startswith(ending) for head in heads):
            raise _cut_off(f"{len(self.lines)}行目は見出しの途中です")
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

    def _refuse_mostly_other(self, unplaced: Sequence[tuple[int, str]]) -> None:
        total = sum(len(line) for line in self.lines)
        left = sum(len(text) for _, text in unplaced)
        if left > total * _UNPLACED_SHARE:
            raise Unreadable(
                "mostly-unplaced",
                f"文書の{left * 100 // total}%が表の外にあり、読めるのは一部だけです"
                f"(表の見出しは{self.sections[0].heading.rows[0].line}行目)。{_EXPECTED}表だけのファイルを指定してください。",
            )


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
    columns = list(section.heading.columns)
    rows = [row for row in section.rows if row.filled >= 3]
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
