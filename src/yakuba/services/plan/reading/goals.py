"""The tree that headings with a level's word spell out: 【基本目標①】 …, 基本施策2-1 …, 戦略Ⅲ：….

The words are the city's own; their order in the document gives the levels. A heading that stands twice (in the chapter on goals, and
above its initiatives) is one node, whose text is what follows either of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from .blocks import Block
from .model import Node
from .sheet_words import head_of, likeness
from .wording import squeeze

_WORD: Final = r"(?:基本|重点|政策|施策|戦略|個別|推進|取組)?(?:目標|方針|施策|政策|戦略|方向性?|理念|テーマ)|(?:施策の|取組の)?(?:柱|方向性?|大綱)"
_CODE: Final = (
    r"[①-⑳]|[0-9０-９]{1,2}(?:[-－‐.．][0-9０-９]{1,2})*(?![0-9０-９年月つ個件])|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+|[IVX]{1,4}(?![A-Za-z])"
    r"|[A-ZＡ-Ｚ](?![A-Za-z])|[ア-オ](?![ァ-ヶー])|[一二三四五六七八九十]{1,2}(?=[】〕］\]》\s:：、])"
)
_HEADING: Final = re.compile(
    rf"\s*(?P<open>[【〔［\[《<＜])?[■◆●◇○▼]?\s*(?P<word>{_WORD})\s*[-:：]?\s*(?P<code>{_CODE})?\s*(?P<close>[】〕］\]》>＞])?"
    r"\s*[:：.．、]?\s*(?P<title>[^。]{0,100})"
)
#: A numbered heading ends the text of a goal.
_NUMBERED: Final = re.compile(
    r"\s*(?:第[0-9０-９一二三四五六七八九十]{1,3}[章節部編]|[0-9０-９]{1,2}[.．、\s]|[(（][0-9０-９]{1,2}[)）])[^。]{1,50}"
)
_MAX_TEXT_LINES: Final = 60
_MAX_NAME: Final = 120
#: Headings of a printed tree follow each other within so many lines, and so many of them stand again above initiatives.
_NEAR: Final = 12
_FEWEST: Final = 2
#: So much of a name must stand in a goal's title, and so much more than in the next one's.
_NAMED: Final = 0.75
_CLEARER: Final = 0.2


@dataclass(slots=True)
class Goals:
    """The levels from the root, the nodes by path, where headings stand, and the indexes of the blocks they were read from."""

    levels: tuple[str, ...] = ()
    nodes: dict[tuple[str, ...], Node] = field(default_factory=dict)
    marks: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    claimed: set[int] = field(default_factory=set)
    _meant: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _firsts: dict[tuple[str, ...], int] = field(default_factory=dict)
    _titles: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)

    def heads(self, at: int, first: int, listed: int) -> bool:
        """Whether the heading above a block heads it, in a document whose tree is printed before the first initiative.

        It stands between initiatives, or below the tree's leaves (the last of which is `listed`) for a second time.
        """
        turn = bisect_left(self.marks, at, key=lambda mark: mark[0]) - 1
        if turn < 0:
            return False
        mark = self.marks[turn][0]
        return mark > first or (mark > listed and self.printed_again(turn))

    def path_at(self, at: int) -> tuple[str, ...]:
        """The path of the heading above a block; empty where none stands above it."""
        above = bisect_left(self.marks, at, key=lambda mark: mark[0])
        return self.marks[above - 1][1] if above else ()

    def titled(self, text: str, word: str = "") -> tuple[str, ...]:
        """The path of the one node that a cell names; empty where there is none.

        Named by its title, with its code or without, or by the level's word (the cell's label) and its code.
        """
        if not self._titles:
            for path, node in self.nodes.items():
                level = self.levels[len(path) - 1] if len(path) <= len(self.levels) else ""
                for name in (node.title, f"{path[-1]}{node.title}", f"{level}{path[-1]}" if level else ""):
                    self._titles.setdefault(squeeze(name), set()).add(path)
        found: set[tuple[str, ...]] = set()
        if len(text) <= _MAX_NAME:
            heading = _HEADING.fullmatch(text)
            names = [
                text,
                heading["title"] if heading else head_of(text).title,
                f"{word}{text}" if word else "",
            ]
            for name in {squeeze(name) for name in names} - {""}:
                found |= self._titles.get(name, set())
        return found.pop() if len(found) == 1 else ()

    def only_listed(self, starts: Sequence[int]) -> bool:
        """Whether the headings are a tree printed before all initiatives: its last line is no heading of theirs."""
        above = [path for at, path in self.marks if at < min(starts, default=0)]
        if not above or any(min(starts) < at < max(starts) for at, _ in self.marks):
            return False
        inner = {path[:depth] for path in above for depth in range(len(path))}
        ends = set(above) - inner
        return len(ends) > 1 and not self.printed_again(len(above) - 1)

    def printed_again(self, turn: int) -> bool:
        """Whether a heading (by its turn in `marks`) was printed before: what is printed again heads what follows it."""
        if not self._firsts:
            for place, (_, path) in enumerate(self.marks):
                self._firsts.setdefault(path, place)
        return self._firsts[self.marks[turn][1]] < turn

    def named(self, word: str) -> tuple[str, ...]:
        """The path of the root goal that a short name means (a tick box, a column's head); empty where it is not clear."""
        if word not in self._meant:
            self._meant[word] = named(word, self.nodes.values())
        return self._meant[word]


def named(word: str, nodes: Iterable[Node]) -> tuple[str, ...]:
    """The path of the root node that a short name means; empty where it is not clear."""
    scores = sorted(
        (
            (likeness(word, f"{'' if node.path[0] == node.title else node.path[0]}{node.title}"), node.path)
            for node in nodes
            if len(node.path) == 1
        ),
        reverse=True,
    )
    if not scores or scores[0][0] < _NAMED:
        return ()
    return scores[0][1] if len(scores) == 1 or scores[0][0] - scores[1][0] >= _CLEARER else ()


def heads_goal(text: str) -> bool:
    """Whether a line is the heading of a goal (基本目標1 …), with its title or without."""
    return len(text) <= 120 and bool(_CODED.match(text)) and bool(_HEADING.fullmatch(text))


def heads_measure(text: str) -> bool:
    """Whether the heading of a goal may as well be an initiative's own (施策Ⅰ-1-(1) …, 個別施策3 …)."""
    found = _HEADING.fullmatch(text) if len(text) <= 120 else None
    return found is not None and bool(_MEASURE.fullmatch(found["word"])) and bool(found["code"])


_MEASURE: Final = re.compile(r"(?:個別|推進|取組)?施策")


@dataclass(frozen=True, slots=True)
class _Mark:
    at: int
    word: str
    code: str
    title: str
    lines: tuple[int, ...]


def goals_of(blocks: Sequence[Block], starts: Sequence[int], taken: set[int]) -> Goals:
    """The tree of the headings above the initiatives that begin at `starts`; blocks that are `taken` are none."""
    marks = [mark for at in range(len(blocks)) if at not in taken and (mark := _mark(blocks, at, taken))]
    words = _words(marks, starts)
    goals = Goals(levels=tuple(words))
    now: dict[str, str] = {}
    texts: dict[tuple[str, ...], str] = {}
    used = [mark for mark in marks if mark.word in words]
    last = 0
    places: dict[tuple[int, str, str], set[tuple[str, ...]]] = {}
    begun, heads = set(starts), {mark.at for mark in used}
    order = sorted(starts)
    ends = [*(mark.at for mark in used[1:]), len(blocks)]
    headed: set[tuple[str, ...]] = set()
    for mark, end in zip(used, ends, strict=False):
        depth = words.index(mark.word)
        now = {word: code for word, code in now.items() if words.index(word) < depth}
        now[mark.word] = mark.code or mark.title
        path = tuple(now[word] for word in words if word in now)
        heads_sheets = bisect_left(order, mark.at) < bisect_left(order, end)
        if heads_sheets and path not in goals.nodes and last == depth:
            # A tree has passed: headings go back to its nodes without those above them being printed again.
            again = places.get((len(path), path[-1], squeeze(mark.title)), set()) - headed
            if len(again) == 1:
                path = next(iter(again))
                now = dict(zip([word for word in words if word in now], path, strict=True))
        last = depth
        headed |= {path} if heads_sheets else set()
        places.setdefault((len(path), path[-1], squeeze(mark.title)), set()).add(path)
        goals.marks.append((mark.at, path))
        known = goals.nodes.setdefault(path, Node(path, mark.title))
        # Another title under the same code is left for a person to see.
        if squeeze(known.title) == squeeze(mark.title):
            goals.claimed |= {mark.at, *mark.lines}
        if path not in texts:
            lines = _text(blocks, mark, heads, taken, begun)
            if lines:
                texts[path] = "\n".join(blocks[at].text for at in lines)
                goals.claimed |= set(lines)
    goals.nodes = {
        path: Node(path, node.title or path[-1], texts.get(path)) for path, node in goals.nodes.items()
    }
    return goals


@dataclass(frozen=True, slots=True)
class Leaf:
    """A line of a printed tree that names an initiative, and the node below which it stands."""

    at: int
    path: tuple[str, ...]


def leaves_of(
    blocks: Sequence[Block], names: Sequence[tuple[str, str]], goals: Goals, taken: set[int]
) -> dict[int, Leaf]:
    """Where a printed tree lists initiatives, by their turn in `names` (number and title).

    Lines count that stand below a heading with nothing but such lines between; an initiative that is listed below several
    nodes has no leaf.
    """
    turns: dict[str, list[int]] = {}
    for turn, (_, title) in enumerate(names):
        turns.setdefault(squeeze(title), []).append(turn)
    headings = dict(goals.marks)
    found: dict[int, dict[tuple[str, ...], int]] = {}
    now: tuple[str, ...] = ()
    for at, block in enumerate(blocks):
        if at in headings:
            now = headings[at]
        elif not now or block.blank:
            continue
        elif at in taken or len(block.text) > 120:
            now = ()
        else:
            head = head_of(_POINT.sub("", _PAGES.sub("", block.text), count=1))
            meant = [
                turn
                for turn in turns.get(squeeze(head.title), ())
                if not (names[turn][0] and head.number) or squeeze(names[turn][0]) == squeeze(head.number)
            ]
            if len(meant) == 1:
                found.setdefault(meant[0], {}).setdefault(now, at)
            else:
                now = ()
    return {
        turn: Leaf(at, path)
        for turn, places in found.items()
        if len(places) == 1
        for path, at in places.items()
    }


#: What stands before an entry of a list, and the page's number behind it with its dots.
_POINT: Final = re.compile(r"^[・•○●◆◇■□▪└├│┗┣┃─━ー\-\s]+")
_PAGES: Final = re.compile(r"\s*[.．…‥・･\s]{2,}[0-9０-９]{1,3}\s*$")


def _mark(blocks: Sequence[Block], at: int, taken: set[int]) -> _Mark | None:
    """The heading that a line is, or None."""
    block = blocks[at]
    if block.filled != 1 or len(block.text) > 120:
        return None
    found = _HEADING.fullmatch(block.text)
    if not found or not (found["code"] or (found["open"] and found["close"] and found["title"])):
        return None
    if bool(found["open"]) != bool(found["close"]):
        return None
    title = " ".join(found["title"].split())
    lines: tuple[int, ...] = ()
    if not title:
        below = next(
            (place for place in range(at + 1, min(at + 4, len(blocks))) if not blocks[place].blank), None
        )
        if below is None or below in taken or blocks[below].filled != 1:
            return None
        text = blocks[below].text
        if len(text) > 100 or text.endswith("。") or (_HEADING.fullmatch(text) and _CODED.match(text)):
            return None
        title, lines = " ".join(text.split()), (below,)
    elif not found["close"] and not _apart(found):
        # 目標2の達成に向けて: words that go on are a sentence.
        return None
    return _Mark(at, found["word"], found["code"] or "", title, lines)


_CODED: Final = re.compile(rf"\s*[【〔［\[《<＜]?\s*(?:{_WORD})\s*(?:{_CODE})")


def _apart(found: re.Match[str]) -> bool:
    """Whether a blank or a mark stands between a heading's code and its title."""
    between = found.string[found.end("code") : found.start("title")]
    return bool(between) and not re.match(r"[をがはにのとで]", found["title"])


def _words(marks: Sequence[_Mark], starts: Sequence[int]) -> list[str]:
    """The level words, from the root: of the headings between initiatives, and of the last ones before the first."""
    if not starts:
        return []
    words = {mark.word for mark in marks if min(starts) < mark.at < max(starts)}
    between, below = bool(words), min(starts)
    for mark in reversed([mark for mark in marks if mark.at < min(starts)]):
        if mark.word in words and len(words) > 1:
            break
        if mark.word not in words:
            words.add(mark.word)
        elif between or below - mark.at > _NEAR:
            break
        # No heading stands between the initiatives: those above them are a tree with siblings.
        below = mark.at
    words |= _tree_words(marks, starts)
    return [word for word in dict.fromkeys(mark.word for mark in marks) if word in words]


def _tree_words(marks: Sequence[_Mark], starts: Sequence[int]) -> set[str]:
    """The words of a tree printed before the initiatives, if their headings are printed there first."""
    ahead = [turn for turn, mark in enumerate(marks) if mark.at < min(starts)]
    if not ahead:
        return set()
    own = {(mark.word, mark.code, squeeze(mark.title)) for mark in marks[ahead[-1] :]}
    tree = [
        turn for turn in ahead[:-1] if (marks[turn].word, marks[turn].code, squeeze(marks[turn].title)) in own
    ]
    if len(tree) < _FEWEST:
        return set()
    first, last = tree[0], tree[-1]
    while first and marks[first].at - marks[first - 1].at <= _NEAR:
        first -= 1
    run = marks[first : last + 1]
    if any(after.at - before.at > _NEAR for before, after in pairwise(run)):
        return set()
    return {mark.word for mark in run}


def _text(
    blocks: Sequence[Block], mark: _Mark, heads: set[int], taken: set[int], begun: set[int]
) -> list[int]:
    """The lines of running text below a heading."""
    lines: list[int] = []
    start = max([mark.at, *mark.lines]) + 1
    for at in range(start, min(start + _MAX_TEXT_LINES, len(blocks))):
        block = blocks[at]
        if at in heads or at in taken or at in begun or block.level or block.filled > 1:
            break
        if block.blank:
            continue
        if _NUMBERED.fullmatch(block.text) and not re.search(r"[ますだ]$", block.text):
            break
        lines.append(at)
    prose = any("。" in blocks[at].text or re.match(r"\s*[-・✓]", blocks[at].text) for at in lines)
    # A short line alone may be anything: a table's caption, the next heading.
    return lines if prose and squeeze("".join(blocks[at].text for at in lines)) else []
