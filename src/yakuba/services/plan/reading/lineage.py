"""What became of an initiative from one year to the next, as marks, printed statements and equal titles show it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from .grouping import ALIKE, Group, likeness
from .mentions import Move
from .merging import same_title
from .model import Ancestor, Doubt, Initiative, Lineage
from .wording import squeeze

#: What ends a title by saying how far a thing is: the same thing goes on under another of them.
_STAGE: Final = re.compile(
    r"(?:の|に向けた|について)?(?:導入(?:推進|検討)?|構築|整備|運用(?:開始)?|活用|実施|推進|検討|調査・?研究|更新|充実|拡充)+(?:事業|事務)?$"
)
#: How far the titles of rows must agree whose neighbour is a pair, and whose neighbours on both sides are.
_BESIDE: Final = 0.6
_BETWEEN: Final = 0.5
#: So many titles are compared letter by letter.
_MAX_COMPARED: Final = 100_000


def paired(groups: Sequence[Group], moves: Sequence[Move]) -> dict[int, Group]:
    """Per group (by identity) the group of the same initiative in the nearest other year of the same plan.

    Printed statements first, then equal titles of the same kind, then of the other kind, then titles read twice.
    """
    years: dict[str | None, dict[int, list[Group]]] = defaultdict(lambda: defaultdict(list))
    for group in groups:
        years[group.plan][group.year].append(group)
    found: dict[int, Group] = {}
    for own in years.values():
        ordered = sorted(own)
        for earlier, later in pairwise(ordered):
            pairs = _Pairs(own[earlier], own[later], found)
            pairs.stated(moves)
            pairs.equal(same_kind=True)
            pairs.equal(same_kind=False)
            pairs.alike()
            pairs.beside()
    return found


class _Pairs:
    """The pairs of two years in the making; each row is in one of them at most."""

    def __init__(self, earlier: Sequence[Group], later: Sequence[Group], found: dict[int, Group]) -> None:
        self.earlier = earlier
        self.later = later
        self.found = found
        self.taken: set[int] = set()

    def take(self, old: Group, new: Group) -> None:
        """Two rows are one initiative."""
        self.found[id(new)] = old
        self.found.setdefault(id(old), new)
        self.taken |= {id(old), id(new)}

    def stated(self, moves: Sequence[Move]) -> None:
        """What the document says in so many words."""
        for move in moves:
            old, new = _titled(move.old, self.earlier, None), _titled(move.new, self.later, move.kind)
            if old and new:
                self.take(old, new)

    def equal(self, *, same_kind: bool) -> None:
        """Rows under equal titles."""
        exact: dict[str, list[Group]] = defaultdict(list)
        for group in self.earlier:
            for title in _titles(group):
                exact[title].append(group)
        for new in self.later:
            for old in (one for title in _titles(new) for one in exact.get(title, ())):
                if {id(old), id(new)} & self.taken or not _same_part(old, new):
                    continue
                if old.kind == new.kind or not same_kind:
                    self.take(old, new)

    def beside(self) -> None:
        """Rows whose neighbours are pairs, under titles that may be one: a list keeps its order from year to year."""
        here = {id(group): at for at, group in enumerate(self.later)}
        there = {id(group): at for at, group in enumerate(self.earlier)}
        # Down the list and up again, so that a pair helps the next one.
        for order in (list(self.later), list(reversed(self.later))):
            for new in order:
                if id(new) not in self.taken:
                    old = self._beside(new, here, there)
                    if old:
                        self.take(old, new)

    def _beside(self, new: Group, here: Mapping[int, int], there: Mapping[int, int]) -> Group | None:
        votes: dict[int, int] = defaultdict(int)
        for step in (-1, 1):
            at = here[id(new)] + step
            near = self.later[at] if 0 <= at < len(self.later) else None
            partner = self.found.get(id(near)) if near else None
            if near is None or partner is None or near.kind != new.kind or id(partner) not in there:
                continue
            place = there[id(partner)] - step
            if 0 <= place < len(self.earlier) and id(self.earlier[place]) not in self.taken:
                votes[place] += 1
        for place, count in sorted(votes.items(), key=lambda vote: -vote[1]):
            old = self.earlier[place]
            least = _BETWEEN if count > 1 else _BESIDE
            if old.kind == new.kind and _likeness(old, new) >= least:
                return old
        return None

    def alike(self) -> None:
        """Rows of one kind under titles that are one, read twice."""
        left = [group for group in self.earlier if id(group) not in self.taken]
        open_ = [group for group in self.later if id(group) not in self.taken]
        if len(left) * len(open_) > _MAX_COMPARED:
            return
        pairs = [
            (_likeness(old, new, ALIKE), old, new) for new in open_ for old in left if old.kind == new.kind
        ]
        for share, old, new in sorted(pairs, key=lambda pair: -pair[0]):
            if share >= ALIKE and not {id(old), id(new)} & self.taken:
                self.take(old, new)


def _titles(group: Group) -> list[str]:
    return list(
        dict.fromkeys(squeeze(one.initiative.title) for one in group.mentions if one.initiative.title)
    )


def _same_part(old: Group, new: Group) -> bool:
    """Of initiatives that share a title (2-1, 2-2) the one with the same part of the number."""
    first, second = old.number.partition("-")[2], new.number.partition("-")[2]
    return not (first and second) or first == second


def _likeness(old: Group, new: Group, least: float = _BETWEEN) -> float:
    if not _same_part(old, new):
        return 0.0
    return max(
        (same_title(one, other, least) for one in _titles(old) for other in _titles(new)),
        default=0.0,
    )


def _titled(title: str, groups: Sequence[Group], kind: str | None) -> Group | None:
    """The group of a title that a statement names."""
    scored = [
        (max((likeness(title, own, ALIKE) for own in _titles(group)), default=0.0), group)
        for group in groups
        if kind is None or group.kind in {kind, None}
    ]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= ALIKE else None


def told(
    group: Group,
    own: Initiative,
    others: Mapping[int, Group],
    earlier: Sequence[Group],
    moves: Sequence[Move],
) -> Initiative:
    """The initiative with what is known of where it came from. `earlier` are the rows of the year before, if it is there."""
    if own.lineage:
        return own
    old = others.get(id(group))
    if old is not None and old.year >= group.year:
        old = None
    said = [move for move in moves if old and _said(move, old, group)]
    if old is not None:
        moved = bool(said) or (old.kind or own.kind) != own.kind
        lineage = Lineage("moved" if moved else "continued", group.year, _ancestor(old))
        flags = own.flags
        warnings = own.warnings
        if moved and "moved" not in flags:
            flags = (*flags, "moved")
        elif not moved and "moved" in flags:
            # The mark stands beside another row than the one it means.
            flags = tuple(flag for flag in flags if flag != "moved")
            text = "移行の印がありますが、前の年度も同じ区分の取組です。印の行がずれていると見て、移行とはしませんでした。"
            warnings = (*warnings, text)
        own = _with_flags(own, flags, lineage, warnings)
        if not said and _likeness(old, group) < ALIKE:
            note = f"取組名は違いますが、並びから前の年度の「{old.title}」の続きとしました。"
            own = replace(own, doubts=(*own.doubts, Doubt("lineage[0]", "likely-origin", (old.title,), note)))
        return own
    if "moved" in own.flags:
        return _by_stem(group, own, earlier)
    if "new" in own.flags:
        return replace(own, lineage=(Lineage("new", group.year, None),))
    return own


def _by_stem(group: Group, own: Initiative, earlier: Sequence[Group]) -> Initiative:
    """A row that is marked as moved and whose title names the same thing as one of the year before (…の導入, …の運用)."""
    stem = _STAGE.sub("", squeeze(own.title))
    near = [
        old
        for old in earlier
        if len(stem) >= 3 and any(_STAGE.sub("", title) == stem for title in _titles(old))
    ]
    if len(near) != 1:
        return replace(own, lineage=(Lineage("moved", group.year, None),))
    lineage = Lineage("moved", group.year, _ancestor(near[0]))
    note = f"移行の印と取組名から、前の年度の「{near[0].title}」から移行したものとしました。"
    doubt = Doubt("lineage[0]", "likely-origin", (near[0].title,), note)
    return replace(own, lineage=(lineage,), doubts=(*own.doubts, doubt))


def _with_flags(
    own: Initiative, flags: tuple[str, ...], lineage: Lineage, warnings: tuple[str, ...]
) -> Initiative:
    printed = {flag: own.sources.get(f"flags[{at}]") for at, flag in enumerate(own.flags)}
    sources = {path: source for path, source in own.sources.items() if not path.startswith("flags[")}
    for at, flag in enumerate(flags):
        source = printed.get(flag)
        if source:
            sources[f"flags[{at}]"] = source
    return replace(own, flags=flags, lineage=(lineage,), sources=sources, warnings=warnings)


def _said(move: Move, old: Group, new: Group) -> bool:
    return any(likeness(move.old, title, ALIKE) >= ALIKE for title in _titles(old)) and any(
        likeness(move.new, title, ALIKE) >= ALIKE for title in _titles(new)
    )


def _ancestor(old: Group) -> Ancestor:
    return Ancestor(old.year, old.kind, old.number or None)
