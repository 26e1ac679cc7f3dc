"""Between what the places of a document say: one reading per plan and year, fields decided, what stays open in doubt."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any, Final

from yakuba.kernel.dates import FiscalYear

from . import model
from .blocks import Block, Paper
from .facts import Facts, facts_of
from .mentions import Found, Mention
from .model import Doubt, Initiative, Placement, Reading, Unplaced
from .unreadable import Unreadable
from .wording import squeeze

#: Titles that agree so far are one title, read twice.
ALIKE: Final = 0.9
#: … and so far, where the numbers agree.
NUMBERED_ALIKE: Final = 0.5
EXPECTED: Final = "番号・取組・担当課などを見出しにもつ表か、取組ごとの見出しと欄のある文書(TXT、CSV、Excel、Word、PDF)が必要です。"
#: So much of a document without a place is said first of all.
_UNPLACED_SHARE: Final = 0.4
_PAGE_NUMBER: Final = re.compile(
    r"[-‐―ー−—(]*(?:p\.?|page)?[0-9]{1,4}(?:/[0-9]{1,4})?(?:ページ|頁)?[-‐―ー−—)]*"
)
_ENCLOSED: Final = re.compile("[①-⑳㉑-㉟⑴-⒇⒈-⒛]")
_LEADING: Final = re.compile(r"([0-9]{1,5})(?:[-－][0-9]{1,3})?$")


def resolve(paper: Paper, found: Sequence[Found]) -> tuple[Reading, ...]:
    """The readings of a paper: its own plan first, then other plans that it tells of. Raises `Unreadable`."""
    mentions = sorted((one for each in found for one in each.mentions), key=lambda one: one.at)
    claimed = {at for each in found for at in each.claimed}
    if not any(one.alone for one in mentions):
        raise _nothing(paper, claimed)
    facts = facts_of(paper, found)
    groups = _grouped(mentions, facts.year)
    readings = [
        _reading(
            paper, found, facts, plan, year, [one for one in groups if (one.plan, one.year) == (plan, year)]
        )
        for plan, year in dict.fromkeys((one.plan, one.year) for one in groups)
    ]
    readings.sort(key=lambda one: (one.plan.title != facts.plan.title, -one.initiatives[0].year))
    own = readings[0]
    unplaced = _unplaced(paper, found, claimed, facts)
    warnings = [*own.warnings, *_mostly_unplaced(paper, unplaced)]
    readings[0] = replace(own, unplaced=tuple(unplaced), warnings=tuple(warnings))
    return tuple(readings)


@dataclass(slots=True)
class _Group:
    """The places that tell of one initiative."""

    plan: str | None
    year: int
    mentions: list[Mention] = field(default_factory=list)

    @property
    def kind(self) -> str | None:
        return next((one.scope.kind for one in self.mentions if one.scope.kind), None)


def _grouped(mentions: Sequence[Mention], year: int) -> list[_Group]:
    """Mentions of one initiative together, in the order of their first place."""
    groups: list[_Group] = []
    for one in mentions:
        if one.alone:
            match = _match(one, groups, year)
            if match is None:
                match = _Group(one.scope.plan, one.scope.year or year)
                groups.append(match)
            match.mentions.append(one)
    for one in mentions:
        if not one.alone and (found := _match(one, groups, year)):
            found.mentions.append(one)
    return groups


def _match(one: Mention, groups: Iterable[_Group], year: int) -> _Group | None:
    """The group that a mention belongs to: the same number under a title that may be the same, else the same title."""
    best: tuple[float, _Group] | None = None
    for group in groups:
        if (group.plan, group.year) != (one.scope.plan, one.scope.year or year):
            continue
        if one.scope.kind and group.kind and one.scope.kind != group.kind:
            continue
        # Two rows of one table are two initiatives.
        if one.alone and any(other.rule == one.rule for other in group.mentions):
            continue
        likeness = _likeness(one.initiative, group.mentions[0].initiative)
        if likeness and (best is None or likeness > best[0]):
            best = (likeness, group)
    return best[1] if best else None


def _likeness(one: Initiative, other: Initiative) -> float:
    """How far two places may be about one initiative; 0: they are not."""
    numbers = squeeze(one.number), squeeze(other.number)
    share = SequenceMatcher(None, squeeze(one.title), squeeze(other.title), autojunk=False).ratio()
    if all(numbers) and numbers[0] == numbers[1]:
        return 1 + share if share >= NUMBERED_ALIKE or not (one.title and other.title) else 0.0
    if all(numbers):
        return 0.0
    return share if share >= ALIKE else 0.0


def _merged(group: _Group) -> Initiative:
    """What all places of one initiative say together: per field the surest, the others as candidates of a doubt."""
    first = group.mentions[0]
    own = replace(first.initiative, year=group.year, kind=first.initiative.kind or group.kind)
    if len(group.mentions) == 1:
        return own
    changes: dict[str, Any] = {"placements": _placements(group.mentions)}  # Any: fields of several types
    doubts = list(own.doubts)
    sources = dict(own.sources)
    for name in ("number", "title", "progress", "offices", "flags", "items", "indicators", "lineage"):
        said = [(getattr(one.initiative, name), one) for one in group.mentions]
        said = [(value, one) for value, one in said if value]
        if not said:
            continue
        value, chosen, others = _chosen(name, said)
        if chosen is not first:
            changes[name] = value
            doubts = [one for one in doubts if not _under(one.field, name)]
            doubts += [one for one in chosen.initiative.doubts if _under(one.field, name)]
            sources = {path: source for path, source in sources.items() if not _under(path, name)}
            sources |= {
                path: source for path, source in chosen.initiative.sources.items() if _under(path, name)
            }
        if others:
            doubts.append(Doubt(name, "places-differ", others, "文書の中で、書かれ方が違います。"))
    for name in ("texts", "tags", "stages"):
        values = dict(getattr(own, name))
        for one in group.mentions[1:]:
            for key, value in getattr(one.initiative, name).items():
                if key not in values:
                    values[key] = value
                    path = f"{name}.{key}"
                    sources |= {
                        at: source for at, source in one.initiative.sources.items() if _under(at, path)
                    }
                    doubts += [doubt for doubt in one.initiative.doubts if _under(doubt.field, path)]
        changes[name] = values
    warnings = tuple(dict.fromkeys(text for one in group.mentions for text in one.initiative.warnings))
    return replace(own, **changes, sources=sources, doubts=tuple(doubts), warnings=warnings)


def _chosen(name: str, said: Sequence[tuple[object, Mention]]) -> tuple[object, Mention, tuple[str, ...]]:
    """The value with the most weight behind it, who says it first, and what the others say of texts."""
    weights: dict[Hashable, float] = defaultdict(float)
    for value, one in said:
        weights[_compared(value)] += one.weight(name)
    best = max(weights, key=lambda key: weights[key])
    value, chosen = next((value, one) for value, one in said if _compared(value) == best)
    others = tuple(
        dict.fromkeys(str(other) for other, _ in said if isinstance(other, str) and _compared(other) != best)
    )
    return value, chosen, others


def _compared(value: object) -> Hashable:
    return squeeze(value) if isinstance(value, str) else repr(value)


def _under(path: str, name: str) -> bool:
    return path == name or path.startswith((f"{name}[", f"{name}."))


def _placements(mentions: Sequence[Mention]) -> tuple[Placement, ...]:
    """Every place in the tree, the first primary, the others cross-listings (再掲)."""
    paths = dict.fromkeys(place.path for one in mentions for place in one.initiative.placements)
    return tuple(Placement(path, primary=not at) for at, path in enumerate(paths))


def _reading(
    paper: Paper, found: Sequence[Found], facts: Facts, plan: str | None, year: int, groups: Sequence[_Group]
) -> Reading:
    initiatives = tuple(_merged(group) for group in groups)
    main = plan is None and year == facts.year
    about = facts.plan if main else _other_plan(facts, plan, year)
    used = {place.path[:depth] for one in initiatives for place in one.placements for depth in range(1, 20)}
    nodes: dict[tuple[str, ...], model.Node] = {}
    for each in found:
        for node in each.nodes:
            if node.path in used or main:
                nodes.setdefault(node.path, node)
    warnings = list(_numbers(initiatives))
    if main:
        warnings = [
            *facts.warnings,
            *(model.Warning(None, "container", text) for text in paper.remarks),
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
    return Reading(
        plan=about,
        levels=next((each.levels for each in found if each.levels), ()),
        nodes=tuple(nodes.values()),
        initiatives=initiatives,
        bodies=tuple(one for each in found for one in each.bodies) if main else (),
        stated=_stated(found) if main else model.Stated(),
        warnings=tuple(warnings),
    )


def _other_plan(facts: Facts, plan: str | None, year: int) -> model.Plan:
    """The plan block of a former plan, or of another year's edition of the same plan."""
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


def _unplaced(paper: Paper, found: Sequence[Found], claimed: set[int], facts: Facts) -> list[Unplaced]:
    left = [one for each in found for one in each.unplaced]
    for at, block in enumerate(paper.blocks):
        if at not in claimed and at not in facts.used and not _furniture(block, facts.plan.title):
            left += [Unplaced(block.line, cell, block.part) for cell in block.cells if cell]
    order = {(block.part, block.line): at for at, block in reversed(list(enumerate(paper.blocks)))}
    return sorted(left, key=lambda one: order.get((one.part, one.line or 0), -1))


def _furniture(block: Block, title: str) -> bool:
    """Page numbers, and the title repeated at the head of a page."""
    if block.filled != 1:
        return False
    cell = next(cell for cell in block.cells if cell)
    text = squeeze(cell)
    # ① folds to 1, but numbers a part, not a page.
    page = _PAGE_NUMBER.fullmatch(text) and not _ENCLOSED.search(cell)
    return bool(page) or text == squeeze(title)


def _mostly_unplaced(paper: Paper, unplaced: Sequence[Unplaced]) -> list[model.Warning]:
    total = sum(len(cell) for block in paper.blocks for cell in block.cells)
    left = sum(len(one.text) for one in unplaced)
    if left <= total * _UNPLACED_SHARE:
        return []
    text = f"文書の{left * 100 // total}%は、置き場所が分かりませんでした。読み取れた取組が足りているか確かめてください。"
    return [model.Warning(None, "mostly-unplaced", text)]


def _numbers(initiatives: Sequence[Initiative]) -> list[model.Warning]:
    """Numbers that stand twice, and holes in a run of plain numbers, are said, not mended; each kind counts for itself."""
    warnings: list[model.Warning] = []
    for kind in dict.fromkeys(one.kind for one in initiatives):
        warnings += _numbers_of([one for one in initiatives if one.kind == kind])
    return warnings


def _numbers_of(initiatives: Sequence[Initiative]) -> list[model.Warning]:
    warnings = []
    counts = Counter(one.number for one in initiatives if one.number)
    for number, count in counts.items():
        if count > 1:
            source = next(one.source for one in initiatives if one.number == number)
            text = f"番号「{number}」の行が{count}行あります。"
            warnings.append(
                model.Warning(
                    source.line if source else None, "duplicate-number", text, source.part if source else ""
                )
            )
    plain = sorted(
        # 2-1 and 2-2 stand for 2.
        {int(found[1]) for number in counts if (found := _LEADING.match(number))}
    )
    gaps = [number for before, after in pairwise(plain) for number in range(before + 1, after)]
    if 0 < len(gaps) <= len(plain):
        listed = "、".join(str(number) for number in gaps[:20])
        text = f"番号が続いていません。見当たらない番号: {listed}"
        warnings.append(model.Warning(None, "number-gap", text))
    if counts:
        for one in initiatives:
            if not one.number:
                text = f"「{one.title[:40]}」に番号がありません。"
                line, part = (one.source.line, one.source.part) if one.source else (None, "")
                warnings.append(model.Warning(line, "number-missing", text, part))
    return warnings


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
