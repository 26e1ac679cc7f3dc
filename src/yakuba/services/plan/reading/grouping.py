"""Which places of a document tell of the same initiative."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final

from .mentions import Mention
from .model import Initiative
from .wording import squeeze

#: Titles that agree so far are one title, read twice.
ALIKE: Final = 0.9
#: … and so far, where the numbers agree.
NUMBERED_ALIKE: Final = 0.5
#: … and so far, where their place among their neighbours agrees.
PLACED_ALIKE: Final = 0.4
#: So many titles are compared with each other letter by letter in one document; beyond it only equal ones are found.
MAX_COMPARED: Final = 100_000


@dataclass(eq=False, slots=True)
class Group:
    """The places that tell of one initiative."""

    plan: str | None
    year: int
    mentions: list[Mention] = field(default_factory=list)

    @property
    def kind(self) -> str | None:
        """What the places say: advance, operate, or nothing."""
        return next((one.scope.kind for one in self.mentions if one.scope.kind), None)

    @property
    def number(self) -> str:
        """The number of the first place that prints one."""
        return next((one.initiative.number for one in self.mentions if one.initiative.number), "")

    @property
    def title(self) -> str:
        """The title of the first place that prints one."""
        return next((one.initiative.title for one in self.mentions if one.initiative.title), "")


def likeness(one: str, other: str, least: float = PLACED_ALIKE) -> float:
    """How far two titles are one, from 0 to 1; blanks, width and case do not count. Less than `least` may be told as 0."""
    first, second = squeeze(one), squeeze(other)
    if first == second:
        return 1.0 if first else 0.0
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
        return 0.0
    return matcher.ratio()


def grouped(mentions: Sequence[Mention], year: int, former: int) -> tuple[list[Group], list[Mention]]:
    """Mentions of one initiative together, in the order of their first place, and those that tell of none found.

    `year` is that of places that name none, `former` that of such places of another plan. Two rows of one table (one `rule`) are two initiatives.
    """

    def year_of(one: Mention) -> int:
        return one.scope.year or (year if one.scope.plan is None else former)

    groups: list[Group] = []
    tables: dict[tuple[str | None, int, str], list[Mention]] = defaultdict(list)
    for one in mentions:
        if one.alone:
            tables[one.scope.plan, year_of(one), one.rule].append(one)
    for (plan, own, _), members in tables.items():
        there = [group for group in groups if (group.plan, group.year) == (plan, own)]
        matches = _Matching(members, there).matches() if there else {}
        for one in members:
            group = matches.get(id(one))
            if group is None:
                group = Group(plan, own)
                groups.append(group)
            group.mentions.append(one)
    near = _Nearest(groups)
    left = []
    for one in mentions:
        if not one.alone:
            group = near.of(one, year_of(one))
            if group:
                group.mentions.append(one)
            else:
                left.append(one)
    return groups, left


class _Nearest:
    """Finds the initiative that a place adds to: its number under a title that may be the same, else its title."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self.numbers: dict[tuple[str | None, int, str], list[Group]] = defaultdict(list)
        self.titles: dict[tuple[str | None, int, str], list[Group]] = defaultdict(list)
        self.all: dict[tuple[str | None, int], list[Group]] = defaultdict(list)
        self.compared = 0
        for group in groups:
            self.numbers[group.plan, group.year, squeeze(group.number)].append(group)
            self.titles[group.plan, group.year, squeeze(group.title)].append(group)
            self.all[group.plan, group.year].append(group)

    def of(self, one: Mention, year: int) -> Group | None:
        """The group, or None where no initiative is meant."""
        plan, own = one.scope.plan, one.initiative
        number, title = squeeze(own.number), squeeze(own.title)
        near = [
            *(self.numbers.get((plan, year, number), ()) if number else ()),
            *(self.titles.get((plan, year, title), ()) if title else ()),
        ]
        best = self._best(one, near)
        if best is None and title and self.compared <= MAX_COMPARED:
            everyone = self.all.get((plan, year), [])
            self.compared += len(everyone)
            best = self._best(one, everyone)
        return best

    def _best(self, one: Mention, groups: Sequence[Group]) -> Group | None:
        scored = [(_likeness(one.initiative, group), group) for group in groups if _same_kind(one, group)]
        best = max(scored, key=lambda pair: pair[0], default=None)
        return best[1] if best and best[0] else None


def _same_kind(one: Mention, group: Group) -> bool:
    return not one.scope.kind or not group.kind or one.scope.kind == group.kind


def _likeness(one: Initiative, group: Group) -> float:
    """How far a place may be about a group's initiative by number and title; 0: it is not."""
    number, there = squeeze(one.number), squeeze(group.number)
    if number and there and number != there:
        return 0.0
    if number and number == there:
        share = likeness(one.title, group.title)
        return 1 + share if share >= NUMBERED_ALIKE or not (one.title and group.title) else 0.0
    share = likeness(one.title, group.title, ALIKE)
    return share if share >= ALIKE else 0.0


class _Matching:
    """The rows of one table on the initiatives that other tables have named, each on at most one."""

    def __init__(self, members: Sequence[Mention], groups: Sequence[Group]) -> None:
        self.members = members
        self.groups = groups
        self.found: dict[int, Group] = {}
        self.taken: dict[int, Mention] = {}
        self.compared = 0

    def matches(self) -> dict[int, Group]:
        """Per mention (by identity) the group that it belongs to."""
        for _, one, group in sorted(self._pairs(), key=lambda pair: -pair[0]):
            if id(one) not in self.found and id(group) not in self.taken:
                self._take(one, group)
        for find in (self._swapped, self._between, self._numbered):
            for place, one in enumerate(self.members):
                if id(one) not in self.found:
                    other = find(place, one)
                    if other is not None:
                        self._take(one, other)
        return self.found

    def _take(self, one: Mention, group: Group) -> None:
        self.found[id(one)] = group
        self.taken[id(group)] = one

    def _pairs(self) -> Iterator[tuple[float, Mention, Group]]:
        """Rows and initiatives that may be one: by number first, by title, by title against the number."""
        numbers: dict[str, list[Group]] = defaultdict(list)
        titles: dict[str, list[Group]] = defaultdict(list)
        for group in self.groups:
            numbers[squeeze(group.number)].append(group)
            titles[squeeze(group.title)].append(group)
        for one in self.members:
            number, title = squeeze(one.initiative.number), squeeze(one.initiative.title)
            certain = False
            for group in numbers.get(number, ()) if number else ():
                score = _likeness(one.initiative, group) if _same_kind(one, group) else 0.0
                if score:
                    certain = certain or score > 1 + ALIKE
                    yield score, one, group
            if certain or not title:
                continue
            for group in titles[title] if title in titles else self._alike(one):
                if _same_kind(one, group):
                    share = likeness(title, group.title, ALIKE)
                    differ = bool(number and squeeze(group.number))
                    if share >= ALIKE:
                        # Against the number a title counts less than with it.
                        yield share - (0.5 if differ else 0.0), one, group

    def _alike(self, one: Mention) -> Sequence[Group]:
        self.compared += len(self.groups)
        return self.groups if self.compared <= MAX_COMPARED else ()

    def _free(self, one: Mention, number: str) -> Group | None:
        return next(
            (
                group
                for group in self.groups
                if squeeze(group.number) == squeeze(number)
                and id(group) not in self.taken
                and _same_kind(one, group)
            ),
            None,
        )

    def _swapped(self, _place: int, one: Mention) -> Group | None:
        """Two rows that took each other's number: the other one went where this one's number says."""
        number = squeeze(one.initiative.number)
        for group in self.groups if number else ():
            other = self.taken.get(id(group))
            if other is None or squeeze(group.number) != number or not _same_kind(one, group):
                continue
            if squeeze(other.initiative.number) != number:
                free = self._free(one, other.initiative.number)
                if free and likeness(one.initiative.title, free.title) >= PLACED_ALIKE:
                    return free
        return None

    def _between(self, place: int, one: Mention) -> Group | None:
        """The only initiative left between those of the rows above and below."""
        order = {id(group): at for at, group in enumerate(self.groups)}
        beside = [
            self.found[id(self.members[near])]
            for near in (place - 1, place + 1)
            if 0 <= near < len(self.members) and id(self.members[near]) in self.found
        ]
        if len(beside) < 2:
            return None
        first, last = sorted(order[id(group)] for group in beside)
        if last - first > 4:
            return None
        left = [
            group
            for group in self.groups[first + 1 : last]
            if id(group) not in self.taken and _same_kind(one, group)
        ]
        if len(left) == 1 and likeness(one.initiative.title, left[0].title) >= PLACED_ALIKE:
            return left[0]
        return None

    def _numbered(self, _place: int, one: Mention) -> Group | None:
        """The initiative of the same number, whatever its title: a plan gives a number once."""
        if not one.initiative.number or not one.scope.kind:
            return None
        return self._free(one, one.initiative.number)
