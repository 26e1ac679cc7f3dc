"""Labelled parts below a heading: what <目指す姿>, 【施策の内容】, 担当課: … stand for, and what stands beneath them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from . import model
from .blocks import Block, Paper
from .cells import FLAG_WORDS
from .figures import read_line, year_columns
from .headings import Heading, heading_in, is_footnote, list_point
from .office_words import is_office, office_names
from .sheet_rows import Cell
from .sheet_values import SmallTables, read_said, small_tables
from .vocabulary import OFFICE_LEAD, OFFICE_RELATED
from .wording import squeeze

RULE: Final = "labelled-part"
_LABEL_LENGTH: Final = 24
_THING: Final = r"(?:取組|取り組み|取組み|施策|事業|実施|検討|計画|プロジェクト)"
_WORDS: Final[tuple[tuple[str, str], ...]] = (
    ("both", rf"{OFFICE_LEAD}[・、,/と及びび]*\(?{OFFICE_RELATED}\)?"),
    ("lead", OFFICE_LEAD),
    ("related", OFFICE_RELATED),
    (
        "issue",
        (
            r"(?:これまでの)?(?:取組|取り組み|取組み)(?:状況)?(?:と|・|及び|や|から見える)課題|(?:現状|現況|背景|問題)(?:と|・|及び|や)?(?:課題|問題点)"
            r"|課題(?:と|・|及び)現状|(?:本市の|現在の)?(?:現状|現況|課題|問題点|背景)(?:認識|分析)?|課題等"
        ),
    ),
    (
        "target_state",
        (
            r"(?:目指す|めざす|目指すべき|あるべき|実現したい|ありたい|将来の?)(?:べき)?(?:姿|将来像|像|状態|方向性?|まちの?姿)|将来像"
            r"|(?:達成|到達|実現)?目標|ゴール|到達点|達成イメージ"
        ),
    ),
    ("purpose", rf"(?:{_THING}の?)?(?:目的|ねらい|狙い|趣旨)"),
    (
        "effect",
        rf"(?:{_THING}の?|(?:期待|見込ま?)(?:される|できる|する|れる)?|導入の?|想定)?(?:効果|メリット)",
    ),
    (
        "items",
        (
            rf"(?:主な|主要な?|具体的な?|具体|今後の|個別の?|重点的?な?|本市の|検討・|取組・|実施・|実施)*{_THING}(?:の)?(?:内容|事項|項目|例)"
            r"|(?:主な|主要な?|具体的な?|今後の|個別の?)(?:取組|取り組み|取組み|施策|事業)|アクション(?:プラン)?|実施すること"
        ),
    ),
    (
        "approach",
        rf"(?:{_THING}の?)?(?:概要|方針|方向性?|考え方|説明)|基本的な考え方|(?:今後の)?(?:対応|方向)(?:方針|性|策)?|内容",
    ),
    (
        "result",
        rf"(?:これまでの)?{_THING}?の?(?:結果|実績|成果|進捗状況|達成状況|実施状況)|これまでの(?:取組|取り組み|取組み)",
    ),
    ("indicator", r"(?:成果|活動|評価|管理|達成|重要業績評価)?指標|k[pg]i|数値目標"),
    (
        "schedule",
        r"(?:年次|年度別|実施|推進|今後の)?(?:スケジュール|工程表?|計画|予定)|ロードマップ|実施(?:時期|年度|期間)|取組(?:時期|年度|期間)",
    ),
)
_COMPILED: Final = tuple((kind, re.compile(pattern)) for kind, pattern in _WORDS)
_BRACKETED: Final = re.compile(
    r"[●■◆◇○◎□▼▽★☆▶►・]?\s*[【<〈《≪\[〔«](?P<word>[^【】<>〈〉《》≪≫\[\]〔〕«»]{1,24})[】>〉》≫\]〕»]\s*[:：]?\s*(?P<rest>.*)",
    re.DOTALL,
)
_COLON: Final = re.compile(
    r"(?:[●■◆◇○◎□▼▽★☆▶►・]|[(（]?[0-9０-９ア-ンa-z]{1,2}[)）.．]|[①-⑳])?\s*(?P<word>[^\s:：。、]{2,24}?)\s*[:：]\s*(?P<rest>.*)",
    re.DOTALL,
)
_SPACED: Final = re.compile(r"[●■◆◇○・]?\s*(?P<word>[^\s:：。、]{2,12})\s+(?P<rest>\S.{0,80})")
_MARK: Final = re.compile(
    r"(?P<mark>[●■◆◇○◎□▼▽★☆▶►・]|[①-⑳]|[(（][0-9０-９ア-ン]{1,2}[)）]|[0-9０-９ア-ン]{1,2}[.．)）、])\s*"
)
_NUMBERED: Final = re.compile(r"[①-⑳0-9０-９ア-ン(（]")
_SENTENCE: Final = re.compile(r"[。．）)」]$|(?:ます|ました|です|でした)$")
#: A line that wraps reaches so far.
_FULL_LINE: Final = 20
_LIST_FIELDS: Final = frozenset({"items", "target_state"})


@dataclass(frozen=True, slots=True)
class Label:
    """A label: what it stands for, its word without blanks, and what is printed behind it in the same line."""

    kind: str
    word: str
    rest: str = ""


def kind_of(words: str) -> str | None:
    """What a label's words stand for: a text's key, `items`, or whose office (`lead`, `related`, `both`); None: no label."""
    folded = squeeze(words).strip("()・:")
    if not folded or len(folded) > _LABEL_LENGTH:
        return None
    return next((kind for kind, pattern in _COMPILED if pattern.fullmatch(folded)), None)


def label_of(block: Block) -> Label | None:
    """The label that a line prints, alone or before its text; a row of two cells is a label and its text."""
    filled = [cell for cell in block.cells if cell]
    if not filled or len(filled) > 2 or (len(filled) == 2 and len(block.cells) > 3):
        return None
    if len(filled) == 2:
        found = _alone(filled[0])
        return Label(found.kind, found.word, filled[1]) if found else None
    return _alone(filled[0]) or _leading(filled[0])


def _alone(text: str) -> Label | None:
    if len(text) > _LABEL_LENGTH + 10:
        return None
    heading = heading_in(text)
    for words in (text, heading.title if heading and not heading.word else ""):
        kind = kind_of(words)
        if kind:
            return Label(kind, squeeze(words).strip("()・:"))
    return None


def _leading(text: str) -> Label | None:
    for pattern in (_BRACKETED, _COLON):
        found = pattern.fullmatch(text)
        kind = kind_of(found["word"]) if found else None
        if found and kind and (found["rest"] or pattern is _COLON):
            return Label(kind, squeeze(found["word"]), found["rest"].strip())
    spaced = _SPACED.fullmatch(text)
    kind = kind_of(spaced["word"]) if spaced else None
    # Behind a blank only the names of offices are told from the rest of a sentence.
    if spaced and kind in {"lead", "related", "both"} and office_names(spaced["rest"], kind):
        return Label(kind, squeeze(spaced["word"]), spaced["rest"].strip())
    return None


@dataclass(slots=True)
class Parts:
    """What the parts of one section say, and the blocks that they took."""

    texts: dict[str, model.Text] = field(default_factory=dict)
    items: list[model.Item] = field(default_factory=list)
    offices: list[model.Office] = field(default_factory=list)
    stages: dict[str, str] = field(default_factory=dict)
    indicators: list[model.Indicator] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    sources: dict[str, model.FieldSource] = field(default_factory=dict)
    doubts: list[model.Doubt] = field(default_factory=list)
    claimed: set[int] = field(default_factory=set)
    unplaced: list[model.Unplaced] = field(default_factory=list)
    """Cells of claimed rows that found no field."""
    span: tuple[int, int] | None = None
    """First and last year of a schedule's columns."""
    unsure: bool = False
    """Whether the offices' roles were told by their order only."""


@dataclass(slots=True)
class _Line:
    at: int
    text: str


class Reader:
    """Reads one section: its parts in whatever order they stand."""

    def __init__(
        self, paper: Paper, head: Heading, labels: Mapping[int, Label], end: int, taken: set[int]
    ) -> None:
        self.paper = paper
        self.start = max(head.at, head.title_at) + 1
        self.labels = labels
        self.end = end
        self.taken = taken
        self.parts = Parts()

    def offices_of(self, names: Sequence[tuple[str, str]], at: int) -> None:
        """Takes the offices that stand behind the title."""
        self._offices(names, at, None, unsure=False)

    def read(self) -> Parts:
        """All parts of the section."""
        cuts = [at for at in self.labels if self.start <= at < self.end]
        self._before_labels(min(cuts, default=self.end))
        for begin, end in pairwise([*sorted(cuts), self.end]):
            self._part(self.labels[begin], begin, end)
        return self.parts

    def _before_labels(self, end: int) -> None:
        """Between the heading and the first label: flags, and text that says what the initiative is."""
        lines = []
        rows: list[int] = []
        for at in range(self.start, end):
            block = self.paper.blocks[at]
            if block.blank or at in self.taken:
                continue
            if block.table and block.filled > 1:
                rows.append(at)
                continue
            word = FLAG_WORDS.get(squeeze(block.text.strip("【】[]<>()（）〈〉《》〔〕 ")))
            if word:
                self.parts.flags.append(word)
                self.parts.claimed.add(at)
            elif self._figures(at, block.text):
                continue
            elif block.filled == 1 and _SENTENCE.search(block.text) and not is_footnote(block.text):
                lines.append(_Line(at, block.text))
        self._text("approach", lines)
        self._measured(rows)

    def _part(self, label: Label, begin: int, end: int) -> None:
        told = label.kind == "indicator"
        rest = label.rest
        if not rest:
            self.parts.claimed.add(begin)
        first = bool(rest) and not (told and self._figures(begin, rest, labelled=True))
        lines = [_Line(begin, rest)] if first else []
        # A label in a row of a table may be the head of that table.
        rows: list[int] = [begin] if told and first and self.paper.blocks[begin].filled > 1 else []
        for at in range(begin + 1, end):
            block = self.paper.blocks[at]
            if block.blank or at in self.taken:
                continue
            if block.table and len(block.cells) > 1:
                rows.append(at)
            elif rows in ([], [begin]) and not self._figures(at, block.text, labelled=told):
                lines.append(_Line(at, block.text))
        name = Cell(begin, 0, rest) if told and first else None
        measured = self._measured(rows, told, name)
        rows = [at for at in rows if at not in measured]
        if rows and rows != [begin]:
            self._table(label, rows, alone=not lines)
        if told:
            return
        if label.kind in {"lead", "related", "both"}:
            self._offices_below(label, lines)
        elif label.kind in _LIST_FIELDS and self._listed(label, lines):
            return
        else:
            self._text("approach" if label.kind == "items" else label.kind, self._running(lines))

    def _figures(self, at: int, text: str, labelled: bool = False) -> bool:
        """Takes a line that tells an indicator and its values."""
        parts = self.parts
        read = read_line(text, len(parts.indicators), labelled)
        if read is None:
            return False
        for index, one in enumerate(read.indicators, len(parts.indicators)):
            self._source(f"indicators[{index}].name", at, None)
            for place in range(len(one.values)):
                self._source(f"indicators[{index}].values[{place}].raw", at, None)
        parts.indicators += read.indicators
        parts.doubts += read.doubts
        parts.claimed.add(at)
        return True

    def _measured(self, rows: Sequence[int], told: bool = False, name: Cell | None = None) -> set[int]:
        """Takes the indicators that stand in small tables of their own; the rows that they take."""
        parts = self.parts
        taken: set[int] = set()
        for run in small_tables(self.paper.blocks, rows):
            found = SmallTables(self.paper.blocks, run, told, name)
            for one in found.said:
                first = len(parts.indicators)
                read = read_said(one, first)
                taken.add(one.cell.at)
                for index, turns in enumerate(read.places, first):
                    for leaf, cell in (("name", one.cell), ("definition", one.meaning)):
                        if cell:
                            self._source(f"indicators[{index}].{leaf}", cell.at, cell.place)
                    for place, turn in enumerate(turns):
                        value = one.values[turn]
                        self._source(f"indicators[{index}].values[{place}].raw", value.at, value.cell.place)
                parts.indicators += read.indicators
                parts.doubts += read.doubts
                for spare in one.left:
                    self._leave(spare.at, spare.text)
            taken |= found.rows
        parts.claimed |= taken
        return taken

    def _leave(self, at: int, text: str) -> None:
        block = self.paper.blocks[at]
        self.parts.unplaced.append(model.Unplaced(block.line, text, block.part))

    def _offices_below(self, label: Label, lines: Sequence[_Line]) -> None:
        for line in lines:
            text = list_point(line.text) or line.text
            # Only the first line stands for certain under the label.
            names = office_names(text, label.kind, known=line is lines[0] and len(text) <= 60)
            if names is None:
                return
            self._offices(names, line.at, None, unsure=label.kind == "both")

    def _offices(self, names: Sequence[tuple[str, str]], at: int, cell: int | None, unsure: bool) -> None:
        parts = self.parts
        for name, role in names:
            if any(one.name == name for one in parts.offices):
                continue
            here = f"offices[{len(parts.offices)}].name"
            doubtful = not is_office(name)
            parts.offices.append(model.Office(name, role, doubtful))
            self._source(here, at, cell)
            if doubtful:
                parts.doubts.append(
                    model.Doubt(here, "odd-content", (name,), "課名に見えない文字があります。")
                )
        parts.unsure = parts.unsure or (unsure and len(names) > 1)
        parts.claimed |= {at} if names else set()

    def _listed(self, label: Label, lines: Sequence[_Line]) -> bool:
        """Takes a part's listed points; False where it has none. Text behind the last point is not the part's."""
        first = self._point(lines[0].text) if lines else None
        if first is None:
            return False
        points: list[tuple[str | None, list[_Line]]] = []
        above: _Line | None = None
        for line in lines:
            point = self._point(line.text)
            if point is not None and (point[0] == first[0] or (point[0] and first[0] == "-")):
                _, text, number = point
                points.append((number, [_Line(line.at, text)]))
            elif point is not None:
                points[-1][1].append(_Line(line.at, f"・{point[1]}"))
            elif above is not None and self._wraps(above, line):
                last = points[-1][1][-1]
                points[-1][1][-1] = _Line(last.at, last.text + line.text)
                self.parts.claimed.add(line.at)
            else:
                break
            above = line
        for number, texts in points:
            self.parts.claimed |= {one.at for one in texts}
            self._point_taken(label.kind, number, "\n".join(one.text for one in texts), texts[0].at)
        return True

    def _point_taken(self, kind: str, number: str | None, text: str, at: int) -> None:
        parts = self.parts
        if kind == "items":
            self._source(f"items[{len(parts.items)}].text", at, None)
            parts.items.append(model.Item(number, text))
        else:
            said = parts.texts.get(kind, ())
            parts.texts[kind] = (*(said if isinstance(said, tuple) else (said,)), text)
            parts.sources.setdefault(f"texts.{kind}", self.paper.blocks[at].source(self.paper.file, RULE))

    @staticmethod
    def _point(text: str) -> tuple[str, str, str | None] | None:
        """A listed point's kind of mark, its text and its number, if it has one; None: no point."""
        dashed = re.match(r"[-*‐–—―•]\s+", text)
        rest = text[dashed.end() :] if dashed else text
        found = _MARK.match(rest)
        if found:
            mark = found["mark"]
            numbered = bool(_NUMBERED.match(mark))
            return ("#" if numbered else mark), rest[found.end() :].strip(), mark if numbered else None
        inner = list_point(text)
        return ("-", inner, None) if inner else None

    @staticmethod
    def _wraps(above: _Line, line: _Line) -> bool:
        """Whether a line only continues the one above: nothing between them, and that one not ended."""
        return (
            line.at == above.at + 1
            and len(above.text) >= _FULL_LINE
            and not _SENTENCE.search(above.text)
            and not is_footnote(line.text)
        )

    def _running(self, lines: Sequence[_Line]) -> list[_Line]:
        """A part's running text, up to where something else begins: an unknown label, a caption behind a full sentence."""
        taken: list[_Line] = []
        for line in lines:
            if is_footnote(line.text):
                continue
            heading = heading_in(line.text)
            ended = not taken or bool(_SENTENCE.search(taken[-1].text))
            if heading and not heading.number and taken:
                break
            if (
                taken
                and ended
                and len(line.text) <= 30
                and not _SENTENCE.search(line.text)
                and not self._point(line.text)
            ):
                break
            taken.append(line)
        return taken

    def _text(self, kind: str, lines: Sequence[_Line], cell: int | None = None) -> None:
        if not lines:
            return
        parts = self.parts
        said = parts.texts.get(kind)
        own = [line.text for line in lines]
        if kind == "target_state":
            parts.texts[kind] = (*(said or ()), *own)
        else:
            parts.texts[kind] = "\n".join([*([str(said)] if said else []), *own])
        parts.sources.setdefault(f"texts.{kind}", self._at(lines[0].at, cell))
        parts.claimed |= {line.at for line in lines}

    def _at(self, at: int, cell: int | None) -> model.FieldSource:
        return self.paper.blocks[at].source(self.paper.file, RULE, cell)

    def _source(self, path: str, at: int, cell: int | None) -> None:
        self.parts.sources[path] = self._at(at, cell)

    # Small tables: years beside each other, what is done below them, the offices at the end.

    def _table(self, label: Label, rows: Sequence[int], alone: bool) -> None:
        table = [at for at in rows if self.paper.blocks[at].table == self.paper.blocks[rows[0]].table]
        years: dict[int, int] = {}
        office_kind, office_column = "", -1
        for at in table:
            block = self.paper.blocks[at]
            named = year_columns(block)
            if len(named) > 1:
                years = named
                self.parts.span = (min(named.values()), max(named.values()))
                self.parts.claimed.add(at)
            for place, cell in enumerate(block.cells):
                kind = kind_of(cell)
                if kind in {"lead", "related", "both"}:
                    office_kind, office_column = kind, place
                    self.parts.claimed.add(at)
        if not years and not office_kind:
            # Behind a part's own lines a table is an illustration.
            if alone:
                self._pairs(label, table)
            return
        below = [at for at in table if not self._is_head(at)]
        self.parts.claimed |= set(table)
        for at in below:
            self._row(at, years, office_kind, office_column, len(below) > 1)

    def _is_head(self, at: int) -> bool:
        block = self.paper.blocks[at]
        return len(year_columns(block)) > 1 or all(
            not cell or kind_of(cell) or squeeze(cell) in {"年度", "区分", "項目"} for cell in block.cells
        )

    def _row(
        self, at: int, years: Mapping[int, int], office_kind: str, office_column: int, several: bool
    ) -> None:
        """A row below the years: words by year, or one sentence for them all; and its offices."""
        block = self.paper.blocks[at]
        spans = dict(block.spans)
        staged: list[tuple[int, int, str]] = []
        for place, cell in enumerate(block.cells):
            if not cell or (place == 0 and kind_of(cell)):
                continue
            under = place == office_column or (years and place > max(years))
            names = office_names(cell, office_kind, known=bool(under)) if office_kind else None
            if names is not None and (under or not years):
                self._offices(names, at, place, unsure=office_kind == "both")
            elif place in years or kind_of(cell) is None or len(cell) > _LABEL_LENGTH:
                staged.append((place, spans[place].columns if place in spans else 1, cell))
        if len(staged) == 1 and (
            staged[0][0] not in years or len(staged[0][2]) > 12 or staged[0][1] >= len(years)
        ):
            place, _, text = staged[0]
            self._text("schedule", [_Line(at, text)], place)
            return
        # What stands in front of the years is what they are about; several such rows share the years.
        before = several and len(staged) > 1 and staged[0][0] < min(years, default=0)
        front = staged[0][2] if before else ""
        for place, wide, text in staged[1:] if front else staged:
            covered = [years[column] for column in range(place, place + wide) if column in years]
            if not covered:
                self._text("schedule", [_Line(at, text)], place)
            for year in covered:
                said = self.parts.stages.get(str(year))
                words = f"{front}：{text}" if front else text
                self.parts.stages[str(year)] = f"{said}\n{words}" if said else words
                self.parts.sources.setdefault(f"stages.{year}", self._at(at, place))

    def _pairs(self, label: Label, rows: Sequence[int]) -> None:
        """Rows of a table without years: each row's words are one point of the part."""
        if label.kind not in _LIST_FIELDS:
            return
        for at in rows:
            texts = [cell for cell in self.paper.blocks[at].cells if cell]
            if texts and not all(kind_of(cell) for cell in texts):
                self._point_taken(label.kind, None, " ".join(texts), at)
                self.parts.claimed.add(at)
