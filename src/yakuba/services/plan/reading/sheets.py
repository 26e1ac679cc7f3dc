"""Fact sheets: a small table per initiative in which labels stand beside their cells (施策シート, 事業調書, 個票).

The steps: rows → sheets (:mod:`.sheet_rows`) → the tree that headings between them spell out (:mod:`.goals`) → mentions
(:mod:`.sheet_fields`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from . import model
from .blocks import Paper
from .goals import Goals, goals_of
from .mentions import Found
from .sheet_fields import mention_of
from .sheet_rows import Cutter, Sheet
from .sheet_words import Kind, head_of


def recognise(paper: Paper, before: Sequence[Found]) -> Found:
    """Fact sheets: each is a mention, the headings between them are nodes."""
    taken = {at for found in before for at in found.claimed}
    sheets = list(Cutter(paper.blocks, taken, paged=paper.container == "pdf").sheets())
    found = Found()
    if not sheets:
        return found
    goals = goals_of(
        paper.blocks, [sheet.at for sheet in sheets], taken | {at for one in sheets for at in one.rows}
    )
    _levels_of_sheets(sheets, goals)
    found.levels, found.nodes = goals.levels, list(goals.nodes.values())
    found.claimed |= goals.claimed
    spans: Counter[tuple[int, int]] = Counter()
    last = ""
    for sheet in sheets:
        sheet.path = goals.path_at(sheet.at) or sheet.path
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


def _levels_of_sheets(sheets: Sequence[Sheet], goals: Goals) -> None:
    """Where no headings stand between the sheets: levels that every sheet names in one cell."""
    if any(goals.path_at(sheet.at) for sheet in sheets):
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
            goals.nodes.setdefault(path, model.Node(path, head.title if head.number == code else title))
        sheet.path, sheet.levels = path, frozenset(own[name].label.name for name in names[: len(path)])


def _code_of(label: str) -> tuple[str, str]:
    """A level's word and the code behind it (基本目標①)."""
    found = _CODE.fullmatch(label)
    return (found["word"], found["code"]) if found else (label, "")


_CODE: Final = re.compile(r"(?P<word>.*?[^0-9０-９①-⑳])(?P<code>[①-⑳]|[0-9０-９]{1,2})")
