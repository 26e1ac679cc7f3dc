"""Outline pages: an initiative is a heading with labelled parts beneath it (<目指す姿>, 【施策の内容】, 担当課: …).

Which headings are initiatives is told by the labels: of all styles of heading, the one under which each label stands once. The
headings above them are the tree; chapters that all initiatives share are not. Labels are the field's vocabulary.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from . import model
from .blocks import Paper
from .cells import flags_in, without_flags
from .headings import Heading, Outline, is_footnote, outline, without_footnotes
from .labelled import Label, Reader, kind_of, label_of
from .mentions import LIKELY, SURE, Found, Mention, Scope
from .titles import title_of
from .wording import plain, squeeze, whole_number

RULE: Final = "outline"
#: Fewer headings with labels are no list of initiatives.
_FEWEST: Final = 2
#: Labels that name an indicator's value as well, and so many rows of values an indicator has at most.
_OF_VALUES: Final = frozenset({"issue", "target_state", "result"})
_VALUE_ROWS: Final = 8
MAX_INITIATIVES: Final = 2_000
_DIGITS: Final = re.compile(r"[0-9０-９].*")
_COUNTED: Final = re.compile(
    r"(?P<count>[0-9]{1,2}|[一二三四五六七八九十])つの(?:本?(?:計画|プラン|ビジョン|市|町|村)の)?(?:を)?(?P<word>[一-龠ァ-ヶー]{1,8}?)"
    r"(?=[をがはにのと、。,)」]|で|$)"
)
_COUNTED_AS: Final = re.compile(
    r"(?P<count>[0-9]{1,2}|[一二三四五六七八九十])つを[^。]{0,20}?(?P<word>柱|目標|方針|基本目標|基本方針|基本施策|戦略|施策)(?=[をとにで])"
)
_LEVEL_WORD: Final = re.compile(r".{0,6}(?:目標|方針|施策|戦略|柱|分野|方向性?|政策|視点|テーマ|ビジョン)")


@dataclass(slots=True)
class _Section:
    """An initiative's heading, the labels beneath it, and where it ends."""

    place: int
    end: int
    labels: list[tuple[int, Label]] = field(default_factory=list)


def recognise(paper: Paper, before: Sequence[Found]) -> Found:
    """Headings with labelled parts beneath them: each is an initiative."""
    taken = {at for found in before for at in found.claimed}
    lines = outline(paper)
    labels = _labels(paper, lines, taken)
    inline = {place for place, one in enumerate(lines.headings) if title_of(one.title).offices}
    if len(labels) + len(inline) < _FEWEST:
        return Found()
    sections = _initiatives(paper, lines, labels, inline)
    if len(sections) < _FEWEST:
        return Found()
    return _Pages(paper, lines, sections[:MAX_INITIATIVES], taken).found()


def _labels(paper: Paper, lines: Outline, taken: set[int]) -> dict[int, Label]:
    """The labels of a paper by block: lines that are nothing but a label, or begin with one."""
    listed = {one.at for one in lines.headings if one.listed or one.style.startswith("第")}
    found = {}
    for at, block in enumerate(paper.blocks):
        if at in taken or at in listed or at in lines.contents:
            continue
        label = label_of(block)
        if label and not (label.kind in _OF_VALUES and _beside_values(paper, at)):
            found[at] = label
    # A word that is a label once only is as well the title of a chapter.
    counts = Counter(label.word for label in found.values())
    return {at: label for at, label in found.items() if counts[label.word] > 1}


def _beside_values(paper: Paper, at: int) -> bool:
    """Whether a row of a table stands below the name of an indicator in the same table: 目標 there labels its value."""
    table = paper.blocks[at].table
    if not table or paper.blocks[at].filled < 2:
        return False
    for above in range(at - 1, max(-1, at - _VALUE_ROWS), -1):
        block = paper.blocks[above]
        if block.table != table or block.filled < 2:
            return False
        if any(kind_of(cell) == "indicator" for cell in block.cells[:2] if cell):
            return True
    return False


def _initiatives(paper: Paper, lines: Outline, labels: dict[int, Label], inline: set[int]) -> list[_Section]:
    """The sections of the style of heading that owns the labels: each label once in a section, most sections with labels.

    `inline` are the places of headings that name their office themselves, which is as good as a label.
    """
    best: tuple[tuple[float, float], list[_Section]] | None = None
    labelled = {place for place, one in enumerate(lines.headings) if one.at in labels}
    for style in dict.fromkeys(one.style for one in lines.headings if one.at not in labels):
        sections = _sections(paper, lines, labels, style)
        with_labels = [one for one in sections if one.labels or one.place in inline]
        # What stands below a label is a point of its part, whatever its mark.
        points = sum(1 for one in with_labels if labelled & set(lines.headings[one.place].parents))
        good = sum(1 for one in with_labels if _once(one))
        if good < _FEWEST or good * 2 <= len(with_labels) or points * 2 > len(with_labels):
            continue
        # Points that look like headings stand between labels too; most of them own none.
        region = [one for one in sections if with_labels[0].place <= one.place <= with_labels[-1].place]
        score = good * good / max(1, len(region)) - (len(with_labels) - good)
        key = (round(score, 3), -lines.headings[with_labels[0].place].at)
        if best is None or key > best[0]:
            best = key, with_labels
    return best[1] if best else []


def _once(section: _Section) -> bool:
    counts = Counter(label.word for _, label in section.labels if label.kind != "indicator")
    return max(counts.values(), default=0) <= 1


def _sections(paper: Paper, lines: Outline, labels: dict[int, Label], style: str) -> list[_Section]:
    heads = lines.headings
    places = [place for place, one in enumerate(heads) if one.style == style and one.at not in labels]
    order = sorted(labels)
    found = []
    for place in places:
        end = next(
            (
                other.at
                for other in heads[place + 1 :]
                if place not in other.parents and other.at not in labels and not _inner(heads[place], other)
            ),
            len(paper.blocks),
        )
        first, last = bisect_right(order, heads[place].at), bisect_left(order, end)
        found.append(_Section(place, end, [(at, labels[at]) for at in order[first:last]]))
    return found


def _inner(head: Heading, other: Heading) -> bool:
    """Whether a heading that ends a section by its nesting is only a point inside it: a bullet below a number."""
    return bool(head.number) and not other.number and not other.level and other.style != head.style


class _Pages:
    """The reading of a document's outline pages in the making."""

    def __init__(self, paper: Paper, lines: Outline, sections: list[_Section], taken: set[int]) -> None:
        self.paper = paper
        self.heads = lines.headings
        self.sections = sections
        self.taken = taken
        self.claimed: set[int] = set()
        self.kept = self._tree_styles()
        self.numbers = self._numbers()

    def found(self) -> Found:
        """The sections as mentions, and the tree above them."""
        found = Found()
        nodes: dict[tuple[str, ...], model.Node] = {}
        for section, number in zip(self.sections, self.numbers, strict=True):
            above = self._above(section)
            path: tuple[str, ...] = ()
            for one in above:
                path = (*path, _code(one))
                if path not in nodes:
                    nodes[path] = model.Node(path, one.title or one.number, self._text_of(one))
                self._claim(one)
            found.mentions.append(self._mention(section, number, path, above, found))
        found.nodes = list(nodes.values())
        found.levels = self._levels(found.nodes)
        found.claimed = self.claimed - self.taken
        return found

    def _mention(
        self, section: _Section, number: str, path: tuple[str, ...], above: Sequence[Heading], found: Found
    ) -> Mention:
        head = self.heads[section.place]
        self._claim(head)
        block = self.paper.blocks[head.title_at if head.title_at >= 0 else head.at]
        reader = Reader(self.paper, head, dict(section.labels), section.end, self.taken)
        title = title_of(head.title)
        reader.offices_of(title.offices, head.title_at if head.title_at >= 0 else head.at)
        parts = reader.read()
        self.claimed |= parts.claimed
        found.unplaced += parts.unplaced
        if parts.span:
            found.years.spans.append(parts.span)
        own = self.paper.blocks[head.at]
        sources = {"title": block.source(self.paper.file, RULE), **parts.sources}
        if number:
            sources["number"] = own.source(self.paper.file, RULE)
        flags = list(dict.fromkeys([*(flag for flag, _ in flags_in(title.text)), *title.flags, *parts.flags]))
        for place in range(len(flags)):
            sources[f"flags[{place}]"] = block.source(self.paper.file, RULE)
        if above:
            sources["placements[0]"] = self.paper.blocks[above[-1].at].source(self.paper.file, RULE)
        initiative = model.Initiative(
            year=0,
            number=number,
            title=without_footnotes(_bare(title.text)),
            source=model.Source(self.paper.file, own.line, own.part),
            offices=tuple(parts.offices),
            flags=tuple(flags),
            placements=(model.Placement(path),) if path else (),
            texts=parts.texts,
            items=tuple(parts.items),
            stages=parts.stages,
            indicators=tuple(parts.indicators),
            sources=sources,
            doubts=tuple(parts.doubts),
        )
        return Mention(Scope(), initiative, head.at, RULE, {"offices": LIKELY if parts.unsure else SURE})

    def _claim(self, one: Heading) -> None:
        self.claimed.add(one.at)
        if one.title_at >= 0:
            self.claimed.add(one.title_at)

    def _tree_styles(self) -> frozenset[str]:
        """The styles of headings that tell initiatives apart.

        There are several of them above the initiatives, or they begin their numbers (1 and 1-1). Bullets and brackets count only
        where all initiatives stand below one.
        """
        above: dict[str, set[int]] = {}
        under: Counter[str] = Counter()
        prefixes: Counter[str] = Counter()
        for section in self.sections:
            one = self.heads[section.place]
            for place in one.parents:
                parent = self.heads[place]
                above.setdefault(parent.style, set()).add(place)
                under[parent.style] += 1
                prefixes[parent.style] += _prefix(parent, one)
        total = len(self.sections)
        numbered = {
            style for style, places in above.items() if any(self.heads[place].number for place in places)
        }
        return frozenset(
            style
            for style, places in above.items()
            if prefixes[style] * 2 > total
            or (
                len(places) > 1
                and (style in numbered or style[:5] == "level" or under[style] * 10 >= total * 9)
            )
        )

    def _above(self, section: _Section) -> list[Heading]:
        return [
            self.heads[place]
            for place in self.heads[section.place].parents
            if self.heads[place].style in self.kept
        ]

    def _numbers(self) -> list[str]:
        """Each initiative's number: its own mark, with the codes above it where marks repeat (1)-(1)."""
        own = [_number(self.heads[section.place]) for section in self.sections]
        if len(set(own)) == len(own) or not all(own):
            return own
        codes = [[_code(one) for one in self._above(section) if one.number] for section in self.sections]
        for depth in range(1, 1 + max(map(len, codes), default=0)):
            joined = ["-".join([*above[-depth:], number]) for above, number in zip(codes, own, strict=True)]
            if len(set(joined)) == len(joined):
                return joined
        return own

    def _text_of(self, node: Heading) -> str | None:
        """The running text directly below a node's heading, or below another heading with its title."""
        for one in self.heads:
            if one is not node and (not node.title or squeeze(one.title) != squeeze(node.title)):
                continue
            below = list(self._paragraphs(one))
            if below:
                self._claim(one)
                self.claimed |= {at for at, _ in below}
                return "\n".join(text for _, text in below)
        return None

    def _paragraphs(self, one: Heading) -> Iterator[tuple[int, str]]:
        start = max(one.at, one.title_at) + 1
        for at in range(start, min(start + 60, len(self.paper.blocks))):
            block = self.paper.blocks[at]
            if block.blank:
                continue
            text = block.text
            if (
                at in self.taken
                or block.filled != 1
                or not text.endswith("。")
                or label_of(block)
                or is_footnote(text)
            ):
                return
            yield at, text

    def _levels(self, nodes: Sequence[model.Node]) -> tuple[str, ...]:
        """The document's words for the levels, where it says them: in the marks (基本目標1), or counted (3つの基本施策)."""
        depth = max((len(node.path) for node in nodes), default=0)
        words = []
        for level in range(1, depth + 1):
            here = [node for node in nodes if len(node.path) == level]
            word = self._marked_word(level) or self._counted_word(len(here))
            if not word or word in words:
                return ()
            words.append(word)
        return tuple(words)

    def _marked_word(self, level: int) -> str:
        words = Counter(
            above[level - 1].word for section in self.sections if len(above := self._above(section)) >= level
        )
        return words.most_common(1)[0][0] if words else ""

    def _counted_word(self, count: int) -> str:
        for block in self.paper.blocks:
            if block.filled != 1 or "つ" not in block.text:
                continue
            text = plain(block.text)
            for found in (*_COUNTED.finditer(text), *_COUNTED_AS.finditer(text)):
                if whole_number(found["count"]) == count and _LEVEL_WORD.fullmatch(found["word"]):
                    return str(found["word"])
        return ""


def _bare(title: str) -> str:
    """The title without flags in brackets."""
    return " ".join(without_flags(title).split())


def _code(one: Heading) -> str:
    """What stands for a node in a path: its mark, else its title."""
    return one.number or one.title


def _number(one: Heading) -> str:
    """The number of an initiative: the digits of a worded mark (施策1-1), else the mark."""
    found = _DIGITS.search(one.number) if one.word else None
    return found[0] if found else one.number


def _prefix(parent: Heading, one: Heading) -> bool:
    """Whether a parent's mark begins the heading's (1 and 1-1, 1-1 and 1-1-1)."""
    own, above = squeeze(_number(one)).strip("()"), squeeze(_number(parent)).strip("().")
    return bool(above) and own.startswith((f"{above}-", f"{above}."))
