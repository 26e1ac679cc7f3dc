"""The plan's own prose: chapters and sections with their text, the plans that went before, the plans beside and above it.

Runs last: only what no other recogniser took is prose. A section's table is part of its text; in chapters that list initiatives only
sentences are prose, so that a row that nobody could read stays visible as unplaced.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from . import facts
from .blocks import Block, Paper
from .headings import Heading, outline
from .mentions import Found
from .model import Section
from .naming import NAMED, municipality, names_other, ordinal, set_name
from .rules import cut, folded, sentences
from .unreadable import Unreadable
from .vocabulary import PLAN
from .wording import plain, squeeze

#: Styles that begin a chapter; what stands under them carries their number in front of its own.
_CHAPTERS: Final = re.compile(r"第\s*[0-9一二三四五六七八九十]+\s*[章編部]")
_DIGITS: Final = re.compile(r"[0-9]{1,2}|[Ⅰ-Ⅻ]")
_COMPOUND: Final = re.compile(r"[0-9]{1,2}(?:[-.‐−ー－][0-9]{1,2})+")
_POINTS: Final = re.compile("[①-⑳㉑-㉟❶-❿]")
_CONTENTS: Final = re.compile(r"目次|もくじ|contents")
_SENTENCE: Final = re.compile(r"[。．](?:[)）」』])?$")
#: Heads of lists of initiatives: rows below such a head that nobody read are no prose.
_LISTS: Final = re.compile(
    r"(?:担当|所管|主管)(?:課|部署|部|所属)?|取組(?:no|番号|名|内容)|施策名|事業名|指標|進捗状況|実績値|目標値"
)
_PLAN_HEAD: Final = re.compile(r"計画(?:の)?名称?|計画等の?名称?|名称|プラン名")
_WHEN_HEAD: Final = re.compile(r"策定(?:年度?|時期|年月)?|年度?|期間|計画期間|時期")
_PERIOD: Final = re.compile(r"[\s、,]*(?:計画|実施|対象)の?期間\s*[:：は]?\s*(?P<span>[^\s、。]{4,30})")
_WORDS: Final = PLAN
_QUOTED: Final = re.compile(
    rf"[「『](?P<name>[^「」『』]{{1,40}}?(?:{_WORDS})(?:\s?[A-Za-z]{{0,4}}\s?[0-9]{{2,4}})?)[」』]"
)
_ABOVE: Final = re.compile(
    r"上位計画|最上位|関連計画|関連する計画|分野別計画|個別計画|部門計画|位置づけ|位置付け|整合|即して|整合性"
)
_OWN_PARTS: Final = re.compile(r"本計画|本プラン|前計画|前プラン|実施計画|基本方針$|全体方針|実行計画")
_BESIDE: Final = re.compile(r"(?:主な)?(?:関連|関係|上位|個別)(?:する)?計画(?:等|など)?(?:名)?")
_ORDINAL: Final = r"第\s?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})\s?次"
_NUMBERED: Final = rf"{_ORDINAL}[\u3005\u3400-\u9fff\u30a1-\u30ffA-Za-z0-9・]{{2,30}}?(?:{_WORDS})"
_TOWN: Final = r"[\u3005\u3400-\u9fff\u30a1-\u30ff]{1,6}[市町村区]"
_STEM: Final = re.compile(rf"^[^\s]{{1,6}}?[市町村区](?=.)|{_ORDINAL}|^[^\s]{{1,6}}?[市町村区](?=.)")
_FORMER: Final = re.compile(
    r"[「『](?P<name>[^「」『』]{2,40})[」』]\s*[(（]以下、?\s*[「『]?(?:前|旧)(?:計画|プラン|ビジョン|構想|期計画)"
)


def recognise(paper: Paper, before: Sequence[Found]) -> Found:
    """Sections, former and related plans; see :data:`.mentions.Recogniser`."""
    found = Found()
    reader = _Reader(paper, before)
    found.sections = reader.sections()
    found.claimed = reader.claimed
    found.predecessors = list(dict.fromkeys(_predecessors(paper, before, reader.title)))
    former = {_stem(name) + str(ordinal(name)) for name in found.predecessors} | {_stem(reader.title)}
    found.related = [
        name
        for name in dict.fromkeys(_related(paper, before))
        if _stem(name) + str(ordinal(name)) not in former and _stem(name) not in former
    ]
    return found


@dataclass(slots=True)
class _Part:
    """A section in the making: its heading, the blocks under it."""

    heading: Heading | None
    number: str | None
    blocks: list[int] = field(default_factory=list)
    lists: bool = False
    """Whether initiatives stand in it."""


class _Reader:
    """Reads the sections of one paper."""

    def __init__(self, paper: Paper, before: Sequence[Found]) -> None:
        self.paper = paper
        self.taken = {at for each in before for at in each.claimed}
        self.mentioned = {one.at for each in before for one in each.mentions}
        self.claimed: set[int] = set()
        self.outline = outline(paper)
        self.title = ""
        self.cover: frozenset[int] = frozenset()
        try:
            known = facts.facts_of(paper, before)
        except Unreadable:
            pass
        else:
            self.title, self.cover = known.plan.title, known.used
        counts = Counter(squeeze(one.text) for one in self.outline.headings)
        all_heads = self.outline.headings
        self.heads = [
            one
            for one in all_heads
            if one.number
            and counts[squeeze(one.text)] < 3
            and one.at not in self.outline.contents
            # A row of a table that others read is no heading of a text.
            and not (paper.blocks[one.at].table and one.at in self.taken)
            # ① and what stands under a bracketed line are points of a text, unless the contents list them.
            and (one.listed or not _POINTS.fullmatch(one.number))
            and (one.listed or not any(_loose(all_heads[parent]) for parent in one.parents))
        ]
        self.listed = {
            squeeze(block.cells[1]): block.cells[0]
            for at in self.outline.contents
            if len((block := paper.blocks[at]).cells) > 2 and block.cells[0]
        }

    def sections(self) -> list[Section]:
        """The sections in the order of the document; headings that only lead to others are kept without text.

        A document without headings has no sections: what stands around its table is a note of the table.
        """
        if not self.heads:
            return []
        parts = list(self._parts())
        texts = [self._text(part) for part in parts]
        self.claimed |= {at for at in self.outline.contents if at not in self.taken}
        self._claim_contents()
        found: list[Section] = []
        for place, (part, text) in enumerate(zip(parts, texts, strict=True)):
            if part.heading is None:
                if text:
                    found.append(Section(None, None, text))
                continue
            free = part.heading.at not in self.taken
            if text or (free and self._leads(parts, texts, place)):
                found.append(Section(part.number, part.heading.title or None, text or None))
                if free:
                    self.claimed.add(part.heading.at)
                    if part.heading.title_at >= 0:
                        self.claimed.add(part.heading.title_at)
        return found

    def _leads(self, parts: Sequence[_Part], texts: Sequence[str], place: int) -> bool:
        """Whether a heading without text of its own belongs to the plan's outline."""
        heading = parts[place].heading
        if heading is None:
            return False
        if heading.listed or _CHAPTERS.match(heading.number):
            return True
        for later, text in zip(parts[place + 1 :], texts[place + 1 :], strict=True):
            if later.heading is None or later.heading.style == heading.style:
                return False
            if text:
                return True
        return False

    def _parts(self) -> Iterator[_Part]:
        """The paper cut at its numbered headings."""
        starts = [one.at for one in self.heads]
        yield _Part(None, None, list(range(starts[0] if starts else len(self.paper.blocks))))
        path: list[tuple[str, str]] = []
        for place, heading in enumerate(self.heads):
            end = starts[place + 1] if place + 1 < len(starts) else len(self.paper.blocks)
            number = " ".join(plain(self._number(heading)).split())
            path = _path(path, heading.style, number)
            part = _Part(
                heading, _whole(path), [at for at in range(heading.at + 1, end) if at != heading.title_at]
            )
            # A heading that is itself an initiative leads its own text; rows of a table that nobody read do not.
            part.lists = any(at in self.mentioned for at in part.blocks)
            yield part

    def _number(self, heading: Heading) -> str:
        """A heading's number; the contents' where the heading is listed under another (Ⅰ for 1)."""
        return heading.number if heading.listed else self.listed.get(squeeze(heading.title), heading.number)

    def _text(self, part: _Part) -> str:
        """The text of a section from the blocks that nobody else took."""
        lines: list[str] = []
        below_list = 0
        first = next((at for at in part.blocks if at in self.mentioned), len(self.paper.blocks))
        for at in part.blocks:
            block = self.paper.blocks[at]
            if block.blank or at in self.taken or at in self.cover or at in self.outline.contents:
                continue
            if _page_number(block) or _is_contents(block):
                continue
            if block.table and block.filled > 1:
                if _heads_list(block):
                    below_list = block.table
                if part.lists or part.heading is None or block.table == below_list:
                    continue
                lines.append("\t".join(block.cells).strip("\t"))
            elif (part.lists and at > first) or part.heading is None:
                # Below the first initiative a line that is no sentence may be a piece of a row.
                if not (_SENTENCE.search(block.text) or block.text.startswith("※")):
                    continue
                lines.append(block.text)
            else:
                lines.append(block.text)
            self.claimed.add(at)
        return "\n".join(lines)

    def _claim_contents(self) -> None:
        """The words «目次» above the list of contents, and the entries after it that have no number."""
        if not self.outline.contents:
            return
        first, last = min(self.outline.contents), max(self.outline.contents)
        end = self.heads[0].at if self.heads else last
        near = [*range(max(0, first - 4), first), *range(first, min(end, last + 20))]
        for at in near:
            block = self.paper.blocks[at]
            if at in self.taken or at in self.cover or block.blank:
                continue
            page = block.table and re.fullmatch(
                r"[0-9]{1,3}", squeeze(next(c for c in reversed(block.cells) if c))
            )
            title = block.table and at >= first and not _SENTENCE.search(block.text)
            if _is_contents(block) or page or title:
                self.claimed.add(at)


def _loose(heading: Heading) -> bool:
    """Whether a heading has no number and is not the word above the list of contents."""
    return not heading.number and not _CONTENTS.search(squeeze(heading.title))


def _path(path: list[tuple[str, str]], style: str, number: str) -> list[tuple[str, str]]:
    """The styles and numbers from the chapter down to a heading; a style seen before takes its place again."""
    if _CHAPTERS.match(number):
        return [("chapter", number)]
    if _COMPOUND.fullmatch(number):
        return [("compound", number)]
    if _DIGITS.fullmatch(number):
        return [*(one for one in path if one[0] == "chapter"), ("digits", number)]
    styles = [one[0] for one in path]
    return [*path[: styles.index(style) if style in styles else len(path)], (style, number)]


def _whole(path: Sequence[tuple[str, str]]) -> str:
    """The number of a section with those above it: 第2章 1(1)."""
    whole = ""
    for style, number in path:
        parted = whole and (whole.endswith(" ") or not number[0].isdigit())
        whole += f"{'' if parted or not whole else ' '}{number}{' ' if style == 'chapter' else ''}"
    return whole.strip()


def _is_contents(block: Block) -> bool:
    return block.filled == 1 and bool(_CONTENTS.fullmatch(re.sub(r"[\W_]", "", squeeze(block.text))))


def _page_number(block: Block) -> bool:
    return block.filled == 1 and bool(re.fullmatch(r"[-‐―ー−—\s]*[0-9]{1,3}[-‐―ー−—\s]*", plain(block.text)))


def _heads_list(block: Block) -> bool:
    return sum(1 for cell in block.cells if _LISTS.fullmatch(squeeze(cell))) >= 2


def _stem(name: str) -> str:
    """A plan's name without its ordinal and the municipality's name."""
    return squeeze(_STEM.sub("", _STEM.sub("", plain(name).replace(" ", ""))))


def _predecessors(paper: Paper, before: Sequence[Found], title: str) -> Iterator[str]:
    """Former plans: from the table of the plan's history, from «前計画», from names with a lower ordinal."""
    history = list(_history(paper))
    yield from history
    told = {_key(re.sub(r"\s*\([^()]*\)$", "", name)) for name in history}
    own, stem = ordinal(title), _stem(title)
    town = municipality(title)
    # A town's name in hiragana is known by the title alone: in a sentence it runs into the particles before it.
    numbered = re.compile(
        rf"(?P<name>(?:{re.escape(town)}|{_TOWN})?{_NUMBERED})"
        if town
        else rf"(?P<name>(?:{_TOWN})?{_NUMBERED})"
    )
    taken = {at for each in before for at in each.claimed}
    named: dict[str, tuple[int, str]] = {}
    for at, block in enumerate(paper.blocks):
        # The name of a former plan also stands in headings that others took; lists of initiatives are no place for it.
        if block.blank or (block.table and at in taken):
            continue
        text = plain(block.text)
        for found in _FORMER.finditer(text):
            named.setdefault(_key(found["name"]), (0, set_name(found["name"])))
        for found in numbered.finditer(text):
            name = set_name(found["name"])
            nth = ordinal(name)
            if nth is None or (own is not None and nth >= own) or names_other(name, ""):
                continue
            if stem and _stem(name) == stem:
                named.setdefault(_key(name), (nth, name))
    for key, (_, name) in sorted(named.items(), key=lambda one: one[1]):
        if key not in told:
            yield name


def _key(name: str) -> str:
    return f"{ordinal(name)}{_stem(name)}"


def _history(paper: Paper) -> Iterator[str]:
    """The plans in a table whose head names when and which plan."""
    columns: tuple[int, int] | None = None
    for block in paper.blocks:
        if not block.table:
            if not block.blank:
                columns = None
            continue
        heads = [squeeze(cell) for cell in block.cells]
        names = [place for place, head in enumerate(heads) if _PLAN_HEAD.fullmatch(head)]
        times = [place for place, head in enumerate(heads) if _WHEN_HEAD.fullmatch(head)]
        if names and times:
            columns = names[0], times[0]
        elif columns and len(block.cells) > max(columns) and block.cells[columns[0]]:
            name = " ".join(block.cells[columns[0]].split())
            period = _PERIOD.search(name)
            if period:
                name = f"{name[: period.start()].strip()} ({period['span']})"
            if re.search(_WORDS, name):
                yield name


def _related(paper: Paper, before: Sequence[Found]) -> Iterator[str]:
    """Plans above and beside: in sentences that place this plan among others, in cells with their label."""
    for block in paper.blocks:
        if block.blank:
            continue
        if block.table:
            yield from _labelled(block)
            continue
        for sentence in sentences(block.text):
            same = folded(sentence)
            places = _ABOVE.search(same)
            for found in _QUOTED.finditer(same):
                name = set_name(" ".join(cut(sentence, found, "name").split()))
                overall = "総合計画" in name and not re.search(r"[^\s]県", name)
                # What this plan itself counts as (…計画としても位置付ける) stands beside no other.
                itself = same[found.end() :].startswith("として")
                if (places or overall) and not itself and not _OWN_PARTS.search(name):
                    yield name


def _labelled(block: Block) -> Iterator[str]:
    """The plans in the cell after a label 関連計画."""
    for place, cell in enumerate(block.cells[:-1]):
        if not _BESIDE.fullmatch(squeeze(cell)):
            continue
        value = block.cells[place + 1]
        for name in re.split(r"[、,\n]|\s{2,}|(?<=計画)\s", value):
            bare = name.strip(" 　「」『』・")
            if NAMED.search(squeeze(bare)) and len(bare) > 2:
                yield bare
