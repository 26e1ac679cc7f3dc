"""Fact sheets: a small table per initiative in which labels stand beside their cells (施策シート, 事業調書, 個票).

The steps: rows → sheets (:mod:`.sheet_rows`) → the tree that headings between them spell out (:mod:`.goals`) → mentions
(:mod:`.sheet_fields`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from . import model
from .blocks import Paper
from .goals import Goals, goals_of, leaves_of
from .mentions import Found
from .prefixes import numbered_goals
from .sheet_fields import mention_of
from .sheet_model import Entry, Sheet
from .sheet_rows import Cutter
from .sheet_words import Kind, head_of, options_in

#: So many initiatives are named in a warning.
_NAMED: Final = 5


def recognise(paper: Paper, before: Sequence[Found]) -> Found:
    """Fact sheets: each is a mention, the headings between them are nodes."""
    taken = {at for found in before for at in found.claimed}
    sheets = list(Cutter(paper.blocks, taken, paged=paper.container == "pdf").sheets())
    found = Found()
    own = [sheet for sheet in sheets if not sheet.under_measure]
    if own or len(sheets) < 2:
        # A measure's own table among those of its initiatives.
        sheets = own
    if not sheets:
        return found
    taken |= {at for one in sheets for at in one.rows}
    goals = goals_of(paper.blocks, [sheet.at for sheet in sheets], taken)
    if not goals.nodes:
        goals = numbered_goals(paper, [(sheet.at, sheet.title.number) for sheet in sheets], taken)
    _levels_that_are_texts(sheets, goals)
    _place(paper, sheets, goals, taken)
    _levels_of_sheets(sheets, goals)
    nowhere = [sheet for sheet in sheets if not sheet.path]
    if nowhere and goals.path_at(nowhere[0].at):
        names = "、".join(one.title.number or one.title.title for one in nowhere[:_NAMED])
        more = f"ほか{len(nowhere) - _NAMED}件" if len(nowhere) > _NAMED else ""
        text = f"体系のどこに属するかを読み取れない取組があります({names}{more})。見出しは体系の一覧とみて、当てていません。"
        block = paper.blocks[nowhere[0].at]
        found.warnings.append(model.Warning(block.line, "place-unknown", text, block.part))
    found.levels, found.nodes = goals.levels, list(goals.nodes.values())
    found.claimed |= goals.claimed
    spans: Counter[tuple[int, int]] = Counter()
    last = ""
    for sheet in sheets:
        mention, unplaced = mention_of(sheet, paper, goals, last)
        last = mention.initiative.number
        found.mentions.append(mention)
        found.unplaced += unplaced
        found.claimed |= set(sheet.rows)
        years = [int(year) for year in mention.initiative.stages]
        if years:
            spans[min(years), max(years)] += 1
        found.related += mention.initiative.tags.get("関連計画", ())
    found.years.spans = [span for span, _ in spans.most_common()]
    return found


def _levels_that_are_texts(sheets: Sequence[Sheet], goals: Goals) -> None:
    """Labels with a level's word that hold each sheet's own text (取組の方向性): they name no node."""
    labels: dict[str, list[Entry]] = {}
    for sheet in sheets:
        for entry in sheet.of(Kind.LEVEL):
            if entry.cells and not options_in(entry.text) and not _CODE.fullmatch(entry.label.name):
                labels.setdefault(entry.label.name, []).append(entry)
    for name, entries in labels.items():
        values = [entry.text for entry in entries]
        if any(head_of(text).number or goals.titled(text, name) for text in values):
            continue
        direction, different = "方向" in name, len(set(values))
        prose = sum("。" in text for text in values) * 2 >= len(values)
        # A sentence that several sheets share, beside others that others share, is the name of a level after all.
        own = direction or different == 1 or different * 2 > len(values)
        if (prose and own) or (direction and different == len(values) > 1):
            for entry in entries:
                detail = "target_state" if _AIM.search(name) else "approach"
                entry.label = replace(entry.label, kind=Kind.TEXT, detail=detail)


#: Words of levels whose text says what is to be reached.
_AIM: Final = re.compile(r"目標|ビジョン|理念")


def _place(paper: Paper, sheets: Sequence[Sheet], goals: Goals, taken: set[int]) -> None:
    """The node of each sheet: the heading above it, or the line of a printed tree that lists it; none where neither is clear."""
    leaves = leaves_of(paper.blocks, [(one.title.number, one.title.title) for one in sheets], goals, taken)
    if len(leaves) * 2 < len(sheets):
        leaves = {}
    starts = [sheet.at for sheet in sheets]
    first = min(starts)
    listed = max((leaf.at for leaf in leaves.values() if leaf.at < first), default=-1)
    nothing = not leaves and goals.only_listed(starts)
    for turn, sheet in enumerate(sheets):
        heading = goals.path_at(sheet.at)
        leaf = leaves.get(turn)
        if nothing or (listed >= 0 and not goals.heads(sheet.at, first, listed)):
            # The last line of the tree is no heading of what follows it.
            heading = ()
        if leaf and leaf.path[: len(heading)] == heading:
            sheet.path, sheet.leaf = leaf.path, leaf.at
            goals.claimed.add(leaf.at)
        else:
            sheet.path = heading


def _levels_of_sheets(sheets: Sequence[Sheet], goals: Goals) -> None:
    """Where no headings stand between the sheets: levels that every sheet names in one cell."""
    if goals.nodes:
        for sheet in sheets:
            _named_nodes(sheet, goals)
    if goals.nodes or any(sheet.path for sheet in sheets):
        return
    levels = [
        {_code_of(entry.label.name)[0]: entry for entry in sheet.of(Kind.LEVEL) if entry.cells}
        for sheet in sheets
    ]
    names = [
        name
        for name in dict.fromkeys(name for own in levels for name in own)
        if sum(name in own for own in levels) * 2 > len(sheets)
    ]
    if not names:
        return
    goals.levels = tuple(names)
    for sheet, own in zip(sheets, levels, strict=True):
        path: tuple[str, ...] = ()
        for name in names:
            if name not in own:
                break
            head = head_of(own[name].cells[0].text)
            title = " ".join(own[name].cells[0].text.split())
            code = _code_of(own[name].label.name)[1] or head.number
            path = (*path, code or title)
            goals.nodes.setdefault(path, model.Node(path, (head.number == code and head.title) or title))
        sheet.path, sheet.levels = path, frozenset(own[name].label.name for name in names[: len(path)])


def _named_nodes(sheet: Sheet, goals: Goals) -> None:
    """Nodes of the headings that a sheet's own cells name: they may say where below its heading it stands."""
    for entry in sheet.of(Kind.LEVEL):
        path = (
            goals.titled(entry.text, entry.label.name) if entry.cells and not options_in(entry.text) else ()
        )
        if path and (path[: len(sheet.path)] == sheet.path or sheet.path[: len(path)] == path):
            sheet.path = max(path, sheet.path, key=len)
            sheet.levels |= {entry.label.name}


def _code_of(label: str) -> tuple[str, str]:
    """A level's word and the code behind it (基本目標①)."""
    found = _CODE.fullmatch(label)
    return (found["word"], found["code"]) if found else (label, "")


_CODE: Final = re.compile(r"(?P<word>.*?[^0-9０-９①-⑳])(?P<code>[①-⑳]|[0-9０-９]{1,2})")
