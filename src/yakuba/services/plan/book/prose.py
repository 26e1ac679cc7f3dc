"""The plan's own text as blocks: headings by their numbers, paragraphs, and the tables that stand in it as lines with tabs. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from yakuba.services.plan.book.blocks import Block, Column, Heading, Prose, Table
from yakuba.services.plan.rows import Form

DEEPEST: Final = 4
#: One step of a section's number: 第3章 · 第5条 · (1) · 2 · 1) · ア · ①.
_STEP: Final = re.compile(
    r"第\s*[0-9〇一二三四五六七八九十]+\s*[編章節条]|[(（][^()（）]*[)）]|[0-9]+(?:[-.][0-9]+)*\)?|[ァ-ヶ]+\)?|[①-⑳]"
)
_GLOSSARY: Final = frozenset({"用語集", "用語解説", "用語の解説", "用語の説明", "用語説明"})


def level_of(number: str | None) -> int:
    """How deep a section stands, by its number: 1 → 1, 1(1) → 2, 3(2)ア → 3; an article (第5条) never on top."""
    steps = _STEP.findall(number or "")
    if not steps:
        return 1
    depth = len(steps) + (1 if steps[0].endswith("条") else 0)
    return min(depth, DEEPEST)


def is_glossary(section: Form) -> bool:
    """Whether a section is the one in which the terms are explained."""
    return (section["title"] or "").strip() in _GLOSSARY


def blocks_of(sections: Iterable[Form]) -> list[Block]:
    """Sections in their order. No heading is more than one level below the one before it."""
    found: list[Block] = []
    last = 0
    for section in sections:
        name = " ".join(filter(None, (section["number"], section["title"])))
        if name:
            last = min(level_of(section["number"]), last + 1)
            found.append(Heading(last, name, fresh=not any(isinstance(one, Heading) for one in found)))
        found += text_blocks(section["text"] or "", section["title"] or name or "本文")
    return found


def text_blocks(text: str, title: str) -> list[Block]:
    """A text: lines with tabs that follow one another are a table, the others paragraphs."""
    found: list[Block] = []
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    for tabbed, group in groupby(lines, lambda line: "\t" in line):
        own = list(group)
        if tabbed and len(own) > 1:
            found.append(_table([line.split("\t") for line in own], title))
        else:
            found.append(Prose(tuple(line.replace("\t", "　") for line in own)))
    return found


def _table(rows: Sequence[Sequence[str]], title: str) -> Table:
    """The first line is the head; a column whose head is blank goes with the one before it."""
    wide = max(len(row) for row in rows)
    cells = [(*(cell.strip() for cell in row), *[""] * (wide - len(row))) for row in rows]
    heads: list[str] = []
    for cell in cells[0]:
        heads.append(cell or (heads[-1] if heads else title))
    return Table(title, tuple(Column(head) for head in heads), tuple(cells[1:]))
