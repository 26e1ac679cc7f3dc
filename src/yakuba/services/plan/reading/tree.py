"""The tree of goals and fields that the level columns of all rows spell out, with its paths."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from .model import Doubt, FieldSource, Node, Placement
from .rows import BY_CONTENT, BY_HEAD, FILLED_DOWN, JOINED, Draft, LevelCell
from .wording import spelling, squeeze

_CODED: Final = re.compile(
    r"(?P<code>(?:第?[0-9０-９]{1,2}(?:[-.‐－][0-9０-９]{1,2})*[.．)）]?|[(（][0-9０-９ア-ン]{1,2}[)）]|[①-⑳]|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+|[ア-オ]))"
    r"[\s.．、:：]+(?P<title>\S.*)"
)


#: A code and its title in the legend above a table.
_LEGEND: Final = re.compile(r"(?:^|\s)(?P<code>[ア-ンA-ZⅠ-Ⅻ①-⑳])\s+(?P<title>[^\s()（）]{3,40})")
#: So many blank cells of a level, and half of its rows, are merged cells rather than lost ones.
MERGED_CELLS: Final = 4


@dataclass(frozen=True, slots=True)
class Tree:
    """The plan's levels from the root, its nodes in the order in which they first appear, and the titles' spellings."""

    levels: tuple[str, ...]
    nodes: tuple[Node, ...]
    paths: tuple[tuple[str, ...], ...]
    """Per draft the path it stands at; empty where it prints no level."""


def coded_nodes(paths: Iterable[tuple[str, ...]], legends: Sequence[str]) -> list[Node]:
    """The nodes of paths of codes, with the titles that most legends print beside the codes of the outermost level.

    A legend is misread differently on each page, and inner codes begin anew under each outer one: those keep their codes as titles.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    spellings: dict[str, list[str]] = defaultdict(list)
    for line in legends:
        for found in _LEGEND.finditer(line):
            title = found["title"]
            votes[found["code"]][squeeze(title)] += 1
            spellings[squeeze(title)].append(title)
    nodes: dict[tuple[str, ...], Node] = {}
    for path in sorted(set(paths)):
        for depth in range(1, len(path) + 1):
            title = path[depth - 1]
            if depth == 1 and votes[title]:
                best, count = votes[title].most_common(1)[0]
                if count * 2 > votes[title].total():
                    title = spelling(spellings[best])
            nodes.setdefault(path[:depth], Node(path[:depth], title))
    return list(nodes.values())


class Spellings:
    """The most common spelling of each node title of each level; blanks do not tell titles apart."""

    def __init__(self, printed: Iterable[tuple[str, str]]) -> None:
        variants: dict[tuple[str, str], list[str]] = defaultdict(list)
        for level, title in printed:
            variants[level, squeeze(title)].append(title)
        self._chosen = {key: spelling(titles) for key, titles in variants.items()}

    def __call__(self, level: str, title: str) -> str:
        return self._chosen.get((level, squeeze(title)), title)

    def broken(self, level: str, title: str) -> bool:
        """Whether this printing has blanks that the common spelling has not: a line broke inside its words."""
        common = self(level, title)
        return common != title and len(title.split()) > len(common.split())


def grow(drafts: Sequence[Draft], levels: Sequence[str], spellings: Spellings) -> Tree:
    """The tree of all drafts' level cells."""
    ordered = _outer_first(drafts, levels)
    codes = _codes(drafts, ordered, spellings)
    nodes: dict[tuple[str, ...], Node] = {}
    paths: list[tuple[str, ...]] = []
    for draft in drafts:
        path: tuple[str, ...] = ()
        for level in ordered:
            cell = draft.levels.get(level)
            if cell is None:
                continue
            title = spellings(level, cell.title)
            code, bare = codes.get(level, {}).get(title, (title, title))
            path = (*path, code)
            nodes.setdefault(path, Node(path, bare))
        paths.append(path)
    return Tree(tuple(ordered), tuple(nodes.values()), tuple(paths))


def placed(
    draft: Draft, path: tuple[str, ...], file: str
) -> tuple[tuple[Placement, ...], dict[str, FieldSource]]:
    """The placement of a draft, and where it was read: the cell of its innermost level."""
    if not path:
        return (), {}
    own = [cell for cell in draft.levels.values() if cell.place is not None]
    inner: LevelCell | None = max(own, key=lambda cell: cell.place or 0, default=None)
    rule = BY_CONTENT if draft.aligned.moved else JOINED if draft.joined else BY_HEAD
    if any(cell.filled_down for cell in draft.levels.values()):
        rule = FILLED_DOWN
    place = inner.place if inner is not None else None
    return (Placement(path),), {"placements[0]": draft.row.source(file, rule, place)}


def complete(drafts: Sequence[Draft], levels: Sequence[str]) -> list[str]:
    """Gives blank level cells their titles, each in doubt; the levels whose cells are merged over their rows.

    A title further in that stands under one title everywhere else decides. Otherwise a blank may mean «as
    above» or may have been lost: the row above is taken as far as the titles left of it agree. Where most
    cells of a level are blank they are merged cells, and nothing is in doubt.
    """
    blanks = {level: sum(level not in draft.levels for draft in drafts) for level in levels}
    merged = [level for level in levels if blanks[level] >= MERGED_CELLS and blanks[level] * 2 >= len(drafts)]
    for level, inner in pairwise(levels):
        if level not in merged:
            _from_others(drafts, level, inner)
    for above, draft in pairwise(drafts):
        _from_above(draft, above, levels, merged)
    return merged


def _from_others(drafts: Sequence[Draft], level: str, inner: str) -> None:
    parents: dict[str, set[str]] = defaultdict(set)
    for draft in drafts:
        if level in draft.levels and inner in draft.levels:
            parents[squeeze(draft.levels[inner].title)].add(draft.levels[level].title)
    for draft in drafts:
        if level in draft.levels or inner not in draft.levels:
            continue
        found = parents[squeeze(draft.levels[inner].title)]
        if len({squeeze(title) for title in found}) == 1:
            _fill(draft, level, min(found), f"「{level}」の欄が空です。同じ「{inner}」の行に合わせました。")


def _from_above(draft: Draft, above: Draft, levels: Sequence[str], merged: Sequence[str]) -> None:
    for level in levels:
        own, theirs = draft.levels.get(level), above.levels.get(level)
        if own is None and theirs is not None:
            note = "" if level in merged else f"「{level}」の欄が空です。上の行と同じとしました。"
            _fill(draft, level, theirs.title, note)
        elif own is not None and (theirs is None or squeeze(own.title) != squeeze(theirs.title)):
            # Under another title the levels further in cannot be those of the row above.
            return


def _fill(draft: Draft, level: str, title: str, note: str) -> None:
    draft.levels[level] = LevelCell(title, None, filled_down=True)
    if note:
        draft.doubts.append(Doubt("placements[0]", "blank-cell", (title,), note))


def _outer_first(drafts: Sequence[Draft], levels: Sequence[str]) -> list[str]:
    """Levels from the root: in the order of their columns, unless the titles say clearly that it is the other way.

    A title of an inner level stands under one title of the outer one only; an outer one has several inside.
    """
    ordered = list(levels)
    for outer, inner in pairwise(levels):
        here, there = ordered.index(outer), ordered.index(inner)
        if here < there and not _inside(drafts, inner, outer) and _inside(drafts, outer, inner):
            ordered[here], ordered[there] = inner, outer
    return ordered


def _inside(drafts: Sequence[Draft], inner: str, outer: str) -> bool:
    """Whether every title of one level stands under exactly one title of the other."""
    parents: dict[str, set[str]] = defaultdict(set)
    for draft in drafts:
        if inner in draft.levels and outer in draft.levels:
            parents[squeeze(draft.levels[inner].title)].add(squeeze(draft.levels[outer].title))
    return bool(parents) and all(len(found) == 1 for found in parents.values())


def _codes(
    drafts: Sequence[Draft], levels: Sequence[str], spellings: Spellings
) -> dict[str, dict[str, tuple[str, str]]]:
    """Per level the code and bare title of each printed title, where all of its titles begin with a code."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for level in levels:
        titles = {spellings(level, draft.levels[level].title) for draft in drafts if level in draft.levels}
        matches = {title: _CODED.fullmatch(title) for title in titles}
        if titles and all(matches.values()):
            found[level] = {
                title: (match["code"], match["title"]) for title, match in matches.items() if match
            }
    # Equal codes for different titles would melt two nodes into one.
    return {level: own for level, own in found.items() if len({code for code, _ in own.values()}) == len(own)}
