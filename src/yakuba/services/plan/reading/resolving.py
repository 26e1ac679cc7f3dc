"""Between what the places of a document say: one reading per plan and year, fields decided, what stays open in doubt.

The steps: places of one initiative together (:mod:`.grouping`), the same initiative of neighbouring years (:mod:`.lineage`), what
the whole document knows of offices (:mod:`.offices`), each initiative's fields (:mod:`.merging`), what a person should know of the
reading as a whole (:mod:`.checks`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from yakuba.kernel.dates import FiscalYear

from . import model
from .blocks import Paper
from .checks import differing, mostly_unplaced, numbers, told_of, unfound, unplaced_in
from .facts import Facts, facts_of
from .grouping import Group, grouped
from .lineage import paired, told
from .mentions import Found, Mention
from .merging import Knowledge, Path, merged
from .model import Initiative, Node, Reading
from .offices import Offices
from .predecessors import unprinted
from .titles import numbered
from .unreadable import Unreadable
from .wording import squeeze

EXPECTED: Final = "番号・取組・担当課などを見出しにもつ表か、取組ごとの見出しと欄のある文書(TXT、CSV、Excel、Word、PDF)が必要です。"
_PART_OF_NUMBER: Final = re.compile(r"(?P<stem>[0-9]{1,4})-[0-9]{1,2}")


def resolve(paper: Paper, found: Sequence[Found]) -> tuple[Reading, ...]:
    """The readings of a paper: its own plan first, its earlier years, then other plans. Raises `Unreadable`."""
    mentions = sorted((one for each in found for one in each.mentions), key=lambda one: one.at)
    claimed = {at for each in found for at in each.claimed}
    # Prose, terms and rules are no rows of a table.
    framed = [one for one in found if one.sections or one.terms or one.bodies or one.counts or one.progress]
    bare = claimed - {at for each in framed for at in each.claimed if not each.mentions}
    if not any(one.alone for one in mentions):
        raise _nothing(paper, claimed - {at for each in framed for at in each.claimed})
    numbered(mentions)
    facts = facts_of(paper, found)
    trees: dict[str | None, dict[Path, Node]] = {}
    for title in dict.fromkeys([None, *map(_plan_of, found)]):
        trees[title], same = _tree([each for each in found if _plan_of(each) == title])
        _replaced([one for one in mentions if one.scope.plan == title], same)
    groups, left = grouped(mentions, facts.year, facts.plan.first_year - 1)
    document = _Document(paper, found, facts, groups, trees)
    readings = [
        document.reading(plan, year) for plan, year in dict.fromkeys((one.plan, one.year) for one in groups)
    ]
    readings.sort(key=lambda one: (one.plan.title != facts.plan.title, -one.initiatives[0].year))
    readings = [
        replace(one, stated=stated)
        for one, stated in zip(readings, told_of(_stated(found), readings), strict=True)
    ]
    readings = [replace(one, warnings=(*one.warnings, *differing(one))) for one in readings]
    own = readings[0]
    if own.plan.title != facts.plan.title:
        # What the document says of its own plan has no reading to stand in.
        own, claimed = replace(own, warnings=(*_not_own(paper, facts, own), *own.warnings)), bare
    unplaced = unplaced_in(paper, found, claimed, facts, unfound(left))
    warnings = (*own.warnings, *mostly_unplaced(paper, unplaced))
    return (replace(own, unplaced=tuple(unplaced), warnings=warnings), *readings[1:])


def _not_own(paper: Paper, facts: Facts, former: Reading) -> list[model.Warning]:
    """What a person should know where only another plan's initiatives were found: the first reading is not the document's own."""
    line = former.initiatives[0].source
    text = (
        f"読み取れた取組は、別の計画「{former.plan.title}」のものだけです。文書の計画「{facts.plan.title}」の取組は"
        "見つかりませんでした。取り込む計画が正しいか確かめてください。"
    )
    return [
        model.Warning(line.line if line else None, "other-plan-only", text, line.part if line else ""),
        *(model.Warning(None, "container", remark) for remark in paper.remarks),
    ]


def _plan_of(found: Found) -> str | None:
    """The plan that a recogniser's nodes and levels belong to; None: the document's own."""
    return found.plan.title if found.plan else None


def _levels(found: Sequence[Found], plan: str | None) -> tuple[str, ...]:
    """The city's words for its levels, from the place that shows most of the tree."""
    told = [each for each in found if each.levels and _plan_of(each) == plan]
    return max(told, key=lambda each: len(each.nodes)).levels if told else ()


def _tree(found: Sequence[Found]) -> tuple[dict[Path, Node], dict[Path, Path]]:
    """The nodes of all recognisers, and paths that name the same goals by title as others do by code."""
    nodes: dict[Path, Node] = {}
    titles: dict[tuple[str, ...], Path] = {}
    same: dict[Path, Path] = {}
    for each in found:
        own = {node.path: node for node in each.nodes}
        chains: dict[tuple[str, ...], Path] = {}
        for node in each.nodes:
            chain = tuple(
                squeeze(own[node.path[:depth]].title) if node.path[:depth] in own else node.path[depth - 1]
                for depth in range(1, len(node.path) + 1)
            )
            # One recogniser's nodes are all different; another's may be the same under another code.
            path = node.path if node.path in nodes else titles.get(chain, node.path)
            chains[chain] = path
            if path != node.path:
                same[node.path] = path
            kept = nodes.get(path)
            if kept is None:
                nodes[path] = node
            elif node.text and not kept.text:
                nodes[path] = replace(kept, text=node.text)
        titles |= {chain: path for chain, path in chains.items() if chain not in titles}
    return nodes, same


def _replaced(mentions: Iterable[Mention], same: Mapping[Path, Path]) -> None:
    """Gives mentions the paths under which the tree knows their goals."""
    for one in mentions if same else ():
        placements = one.initiative.placements
        if any(place.path in same for place in placements):
            moved = tuple(replace(place, path=same.get(place.path, place.path)) for place in placements)
            one.initiative = replace(one.initiative, placements=moved)


class _Document:
    """A document whose places have been brought together."""

    def __init__(
        self,
        paper: Paper,
        found: Sequence[Found],
        facts: Facts,
        groups: Sequence[Group],
        trees: Mapping[str | None, Mapping[Path, Node]],
    ) -> None:
        self.paper = paper
        self.found = found
        self.facts = facts
        self.groups = groups
        self.trees = trees
        self.moves = [move for each in found for move in each.moves]
        self.others = paired(groups, self.moves)
        self.known = Knowledge(paper, Offices(groups, self.others), self.others, trees)

    def reading(self, plan: str | None, year: int) -> Reading:
        """The reading of one plan and year."""
        facts, found = self.facts, self.found
        initiatives = self._initiatives(plan, year)
        main = plan is None and year == facts.year
        about = facts.plan if main else _other_plan(facts, found, plan, year)
        used = {
            place.path[:depth]
            for one in initiatives
            for place in one.placements
            for depth in range(1, len(place.path) + 1)
        }
        nodes = [node for node in self.trees.get(plan, {}).values() if main or node.path in used]
        warnings = list(numbers(initiatives))
        if main:
            warnings = [
                *facts.warnings,
                *(model.Warning(None, "container", text) for text in self.paper.remarks),
                *(one for each in found for one in each.warnings),
                *warnings,
            ]
            about = replace(
                about,
                sections=tuple(one for each in found for one in each.sections),
                terms=tuple(one for each in found for one in each.terms),
                predecessors=tuple(dict.fromkeys(one for each in found for one in each.predecessors)),
                related=tuple(dict.fromkeys(one for each in found for one in each.related)),
            )
        if plan is not None:
            warnings += unprinted(self.paper, about)
        return Reading(
            plan=about,
            levels=_levels(found, plan),
            nodes=tuple(nodes),
            initiatives=tuple(initiatives),
            bodies=tuple(one for each in found for one in each.bodies) if main else (),
            warnings=tuple(warnings),
        )

    def _initiatives(self, plan: str | None, year: int) -> list[Initiative]:
        own = [one for one in self.groups if (one.plan, one.year) == (plan, year)]
        before = [one.year for one in self.groups if one.plan == plan and one.year < year]
        earlier = [one for one in self.groups if before and (one.plan, one.year) == (plan, max(before))]
        kinds = list(dict.fromkeys(one.kind for one in own))
        # The kinds are two lists, wherever their tables stand.
        own.sort(key=lambda one: kinds.index(one.kind))
        return _parted([told(one, merged(one, self.known), self.others, earlier, self.moves) for one in own])


def _parted(initiatives: Sequence[Initiative]) -> list[Initiative]:
    """Rows that share a title and the number before the hyphen (2-1, 2-2) are parts of one initiative."""
    parts: dict[tuple[str | None, str, str], list[int]] = defaultdict(list)
    found = list(initiatives)
    for at, one in enumerate(found):
        number = _PART_OF_NUMBER.fullmatch(one.number)
        if number and not one.group:
            parts[one.kind, number["stem"], squeeze(one.title)].append(at)
    for (_, stem, _), places in parts.items():
        for at in places if len(places) > 1 else ():
            found[at] = replace(found[at], group=stem)
    return found


def _other_plan(facts: Facts, found: Sequence[Found], plan: str | None, year: int) -> model.Plan:
    """The plan block of a former plan, or of another year's edition of the same plan."""
    about = next((each.plan for each in found if each.plan and each.plan.title == plan), None)
    if about is not None:
        return about
    if plan is not None:
        return model.Plan(plan, min(year, facts.plan.first_year - 1), facts.plan.first_year - 1)
    return model.Plan(
        facts.plan.title,
        min(year, facts.plan.first_year),
        max(year, facts.plan.last_year),
        edition=edition_of(year),
    )


def edition_of(year: int) -> str:
    """The label of a year's edition (令和5年度版)."""
    return f"{FiscalYear(year).wareki}版"


def _stated(found: Sequence[Found]) -> model.Stated:
    progress: dict[str, int] = {}
    counts: dict[str, int] = {}
    for each in found:
        progress |= each.progress
        counts |= each.counts
    return model.Stated(progress, counts)


def _nothing(paper: Paper, claimed: set[int]) -> Unreadable:
    """Why no initiative was found: no head of a table, or nothing below it."""
    if claimed:
        line = paper.blocks[min(claimed)].line
        return Unreadable("no-rows", f"{line}行目に表の見出しがありますが、取組の行がありません。{EXPECTED}")
    wide = sum(1 for block in paper.blocks if len(block.cells) >= 4)
    text = (
        f"4列以上の行は{wide:,}行ありますが、見出しに当たる行がありません。"
        if wide
        else "4列以上の表がありません。"
    )
    return Unreadable("no-table", f"取組を読み取れる形が見当たりません。{text}{EXPECTED}")
