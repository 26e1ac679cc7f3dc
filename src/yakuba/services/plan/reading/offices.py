"""Who is in charge: offices as cells print them, and what the whole document knows of them.

An office printed beside its row is sure. A blank cell may mean «as above», or the names of a whole list may have slipped: then
other places decide (the detail row, the other year's row), and a list that they contradict again and again is not believed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from yakuba.kernel.dates import FiscalYear

from .cells import look
from .grouping import Group, likeness
from .mentions import GUESSED, LIKELY, SURE, Mention
from .model import Doubt, FieldSource, Office
from .sheet_words import Kind, Label, NamedOffice, offices_in
from .wording import spelling, squeeze

#: What the other year's row of the same title adds: more than a guess, less than what is printed for the row.
SUPPORT: Final = 0.5
#: A list whose printed offices other places contradict so often is displaced, and counts so much less.
_DISPLACED: Final = 0.25
_LITTLE: Final = 0.4
_ENOUGH: Final = 3
_BREAK: Final = re.compile(r"[、,，・/／;；\n\s]+")
_STRICTER: Final = (re.compile(r"[、,，/／;；\n]+"), re.compile(r"[、,，]+"))
_BLANKS: Final = re.compile(r"\s+")
_ROLE_IN_BRACKETS: Final = re.compile(
    r"(?P<first>[^()（）]+)[(（]\s*(?P<rest>(?:関係|関連|連携|協力|副担当|副)[^()（）:：]{0,4}[:：][^()（）]+)[)）]"
)

Names = tuple[str, ...]


def cut(cell: str) -> tuple[Names, bool]:
    """The offices of a cell, and whether every one looks like an office.

    広報・統計課 is one office, 市民課・税務課 are two: a mark parts names only where each of them looks like an office.
    """
    text = cell.strip()
    if not text:
        return (), True
    for pattern in (_BREAK, *_STRICTER):
        names = [_BLANKS.sub("", name) for name in pattern.split(text) if name.strip()]
        if names and all(look(name).office for name in names):
            return tuple(dict.fromkeys(names)), True
    whole = _BLANKS.sub("", text)
    return (whole,), look(whole).office


def named(cell: str, role: str) -> tuple[NamedOffice, ...]:
    """The offices of a column's cell with their roles, in order; `role` is what the column's head says of them.

    In brackets behind a name, or after 関係課：, stand others that are related; 全庁 and its like are groups. A cell that can be no
    list of offices is one odd name.
    """
    # 総務課（関係課：全庁） is what 総務課 関係課：全庁 is: the word tells the role.
    bracket = _ROLE_IN_BRACKETS.fullmatch(cell.strip())
    text = f"{bracket['first']}\n{bracket['rest']}" if bracket else cell
    for one in (text, " ".join(text.split())):
        found = offices_in(one, Label(Kind.OFFICE, role, ""))
        if found and not any(office.odd for office in found):
            return found
    return (NamedOffice(" ".join(cell.split()), role, odd=True),)


@dataclass(slots=True)
class Decision:
    """The offices of one initiative: from which place, how the fields were read, what stays open."""

    offices: tuple[Office, ...] = ()
    chosen: Mention | None = None
    sources: dict[str, FieldSource] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()


@dataclass(slots=True)
class _Said:
    """What speaks for one set of offices."""

    names: Names
    weight: float = 0.0
    places: list[tuple[float, Mention]] = field(default_factory=list)
    supported: bool = False


class Offices:
    """What a document knows of its offices, and the decision for each initiative."""

    def __init__(self, groups: Sequence[Group], others: Mapping[int, Group]) -> None:
        """`others` holds, by a group's identity, the group of the same title in another year."""
        self.groups = groups
        self.others = others
        self.spelled = _spellings(groups)
        self.renamed = self._renames()
        self.displaced = self._displaced()
        self.decisions = {id(group): self._decided(group) for group in groups}
        self._follow_above()
        self._fill_displaced()

    def of(self, group: Group) -> Decision:
        """The decision for a group."""
        return self.decisions[id(group)]

    def spell(self, name: str) -> str:
        """The name as the document mostly prints it: I T推進課 is IT推進課."""
        return self.spelled.get(squeeze(name), name)

    def _sure(self, group: Group, besides: int = -1) -> Names:
        """The offices that a sure place prints for a row, outside one list."""
        for one in group.mentions:
            if one.weight("offices") >= SURE and one.series != besides and one.initiative.offices:
                return _names(one)
        return ()

    def _renames(self) -> dict[tuple[int, str], str]:
        """Offices that took another name from one year to the next: the same rows, the old name gone."""
        pairs: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
        years: dict[int, set[str]] = defaultdict(set)
        for group in self.groups:
            for one in group.mentions:
                if one.weight("offices") >= LIKELY:
                    years[group.year] |= set(map(squeeze, _names(one)))
            other = self.others.get(id(group))
            if other:
                here, there = self._printed(group), self._printed(other)
                if len(here) == len(there) == 1:
                    pairs[group.year, squeeze(there[0])][here[0]] += 1
        found = {}
        for (year, old), names in pairs.items():
            name, count = names.most_common(1)[0]
            if old != squeeze(name) and old not in years[year] and count >= 2 and count * 2 > names.total():
                found[year, old] = name
        return found

    def _printed(self, group: Group) -> Names:
        return self._sure(group) or next(
            (_names(one) for one in group.mentions if one.weight("offices") >= LIKELY and _names(one)), ()
        )

    def _support(self, group: Group) -> Names:
        """What the other year's row prints, under this year's names; an office that is gone says nothing."""
        other = self.others.get(id(group))
        if other is None:
            return ()
        return tuple(
            self.renamed.get((group.year, squeeze(name)), self.spell(name)) for name in self._sure(other)
        )

    def _displaced(self) -> frozenset[int]:
        """The lists whose printed offices are not those of their rows, as other places show."""
        told: dict[int, list[bool]] = defaultdict(list)
        for group in self.groups:
            for one in group.mentions:
                printed = _names(one)
                if not one.series or one.weight("offices") < LIKELY or not printed:
                    continue
                witness = self._sure(group, besides=one.series) or self._support(group)
                if witness:
                    told[one.series].append(any(_same(name, other) for name in printed for other in witness))
        return frozenset(
            series
            for series, agreed in told.items()
            if len(agreed) >= _ENOUGH and agreed.count(False) >= max(2, _DISPLACED * len(agreed))
        )

    def _decided(self, group: Group) -> Decision:
        said = self._votes(group)
        if not said:
            return Decision()
        best = max(said, key=lambda one: one.weight)
        # Text tools lose letters, they do not add them: 企画課 may be what was left of 企画財政課.
        best = next((one for one in said if _printed(one) and _lost_letters(best.names, one.names)), best)
        rest = [one for one in said if one is not best]
        chosen = max(best.places, key=lambda place: place[0])[1] if best.places else None
        doubts = self._doubts(group, best, rest)
        return self._made(group, best.names, chosen, doubts)

    def _made(
        self, group: Group, names: Names, chosen: Mention | None, doubts: tuple[Doubt, ...]
    ) -> Decision:
        open_ = bool(doubts)
        if chosen is None:
            offices = tuple(Office(name, "lead", doubtful=open_) for name in names)
            source = self._source_of_support(group)
            return Decision(
                offices,
                None,
                {f"offices[{n}].name": source for n in range(len(names))} if source else {},
                doubts,
            )
        own = chosen.initiative
        resolved = any(doubt not in own.doubts for doubt in doubts)
        weak = chosen.weight("offices") < LIKELY
        offices = tuple(
            # A guess that others bear out is none any more.
            replace(
                one, name=self.spell(one.name), doubtful=resolved or (one.doubtful and (open_ or not weak))
            )
            for one in own.offices
        )
        sources = {path: source for path, source in own.sources.items() if path.startswith("offices[")}
        return Decision(offices, chosen, sources, doubts)

    def _source_of_support(self, group: Group) -> FieldSource | None:
        other = self.others.get(id(group))
        for one in other.mentions if other else ():
            source = one.initiative.sources.get("offices[0].name")
            if source and one.weight("offices") >= SURE:
                return replace(source, rule="other-year")
        return None

    def _votes(self, group: Group) -> list[_Said]:
        found: dict[Names, _Said] = {}
        for one in group.mentions:
            names = tuple(self.spell(name) for name in _names(one))
            if not names:
                continue
            weight = one.weight("offices") * (_LITTLE if one.series in self.displaced else 1.0)
            # A row that is listed again copies the list: it says less than a place of its own.
            weight *= 0.5 if one.series and not one.alone else 1.0
            said = found.setdefault(_key(names), _Said(names))
            said.weight += weight
            said.places.append((weight, one))
        support = self._support(group)
        if support:
            said = found.setdefault(_key(support), _Said(support))
            said.weight += SUPPORT
            said.supported = True
        return list(found.values())

    def _doubts(self, group: Group, best: _Said, rest: Sequence[_Said]) -> tuple[Doubt, ...]:
        printed = max((weight for weight, _ in best.places), default=0.0)
        rivals = [
            one
            for one in rest
            if any(weight >= LIKELY for weight, _ in one.places) and one.weight * 2 > best.weight
        ]
        candidates = tuple(dict.fromkeys(_joined(one.names) for one in (best, *rest)))
        if rivals:
            note = "文書の中で、担当課の書かれ方が違います。" + _told((best, *rivals))
            return (Doubt("offices[0].name", "places-differ", candidates, note),)
        if printed >= LIKELY:
            return tuple(
                doubt
                for doubt in max(best.places, key=lambda place: place[0])[1].initiative.doubts
                if doubt.field.startswith("offices")
            )
        if best.supported and best.places:
            return ()
        if best.supported:
            note = f"{_wareki(self.others[id(group)].year)}の同じ取組の担当課にしました。" + _told(rest)
            return (Doubt("offices[0].name", "other-year", candidates, note),)
        weakest = max(best.places, key=lambda place: place[0])[1]
        own = [doubt for doubt in weakest.initiative.doubts if doubt.field.startswith("offices")]
        more = tuple(dict.fromkeys([*candidates, *(name for doubt in own for name in doubt.candidates)]))
        note = own[0].note if own else "担当課の欄がずれている一覧です。確かめてください。"
        return (Doubt("offices[0].name", own[0].code if own else "displaced-list", more, note),)

    def _follow_above(self) -> None:
        """A blank cell below a name that was set right: the same broken name beside it is set right with it."""
        above: dict[int, Group] = {}
        for group in self.groups:
            for one in group.mentions:
                if not one.series or not one.alone:
                    continue
                before = above.get(one.series)
                above[one.series] = group
                if before is None or one.weight("offices") >= LIKELY or one.series in self.displaced:
                    continue
                names, set_right = (
                    _names(one),
                    [doubt for doubt in self.of(before).doubts if doubt.code == "places-differ"],
                )
                own = tuple(office.name for office in self.of(group).offices)
                if set_right and _lost_letters(own, names) and own[0] in set_right[0].candidates:
                    note = "上の行と同じ課名の書かれ方の違いと見ました。"
                    doubt = Doubt("offices[0].name", "places-differ", (*names, *own), note)
                    self.decisions[id(group)] = self._made(group, names, one, (doubt,))

    def _fill_displaced(self) -> None:
        """Rows of a displaced list that nothing else decides: a name that no other row of the list has is the likeliest."""
        for series in sorted(self.displaced):
            rows = [
                (group, one)
                for group in self.groups
                for one in group.mentions
                if one.series == series and one.alone
            ]
            undecided = [(group, one) for group, one in rows if self._open(group)]
            taken = {
                name
                for group, _ in rows
                if not self._open(group)
                for name in (office.name for office in self.of(group).offices)
            }
            printed = dict.fromkeys(
                name for _, one in rows if one.weight("offices") >= LIKELY for name in _names(one)
            )
            free = [name for name in printed if not any(_same(name, other) for other in taken)]
            for group, one in undecided:
                beside = _beside(rows, group, self)
                names = list(dict.fromkeys([*free, *beside, *_names(one)]))
                if not names:
                    continue
                note = "この一覧は担当課の欄がずれていて、この取組の担当課がほかに書かれていません。"
                doubt = Doubt("offices[0].name", "displaced-list", tuple(names), note)
                sources = {
                    path: source
                    for path, source in one.initiative.sources.items()
                    if path == "offices[0].name"
                }
                self.decisions[id(group)] = Decision(
                    (Office(names[0], "lead", doubtful=True),), one, sources, (doubt,)
                )

    def _open(self, group: Group) -> bool:
        return any(doubt.code in {"displaced-list", "blank-cell"} for doubt in self.of(group).doubts)


def _beside(rows: Sequence[tuple[Group, Mention]], group: Group, offices: Offices) -> list[str]:
    """The offices of the nearest decided rows below and above."""
    place = next(at for at, (one, _) in enumerate(rows) if one is group)
    found = []
    for near in (range(place + 1, len(rows)), range(place - 1, -1, -1)):
        for at in near:
            decision = offices.of(rows[at][0])
            if decision.offices and not decision.doubts:
                found += [office.name for office in decision.offices]
                break
    return found


def _printed(said: _Said) -> bool:
    """Whether a place prints it, by itself and not in a list that is not believed."""
    return any(weight >= LIKELY for weight, _ in said.places)


def lost_letters(one: str, other: str) -> bool:
    """Whether a text is another one with letters missing inside."""
    short, long = squeeze(one), squeeze(other)
    letters = iter(long)
    inside = short[:1] == long[:1] and short[-1:] == long[-1:]
    return len(short) < len(long) and inside and all(letter in letters for letter in short)


def _lost_letters(one: Names, other: Names) -> bool:
    return len(one) == len(other) == 1 and lost_letters(one[0], other[0])


def _names(one: Mention) -> Names:
    return tuple(office.name for office in one.initiative.offices)


def _key(names: Iterable[str]) -> Names:
    return tuple(sorted(map(squeeze, names)))


def _same(name: str, other: str) -> bool:
    """Whether two names may be one office: equal, or one the other's beginning (農業委員会, 農業委員会事務局)."""
    one, two = sorted((squeeze(name), squeeze(other)), key=len)
    return one == two or (len(one) >= 4 and two.startswith(one))


def _spellings(groups: Sequence[Group]) -> dict[str, str]:
    """Per name the spelling that the document prints most, and for a broken name the one it stands for."""
    variants: dict[str, list[str]] = defaultdict(list)
    for group in groups:
        for one in group.mentions:
            if one.weight("offices") > GUESSED:
                for name in _names(one):
                    variants[squeeze(name)].append(_BLANKS.sub("", name))
    chosen = {key: spelling(names) for key, names in variants.items()}
    often = [key for key, names in variants.items() if len(names) >= _ENOUGH]
    for key, names in variants.items():
        if len(names) == 1 and not look(chosen[key]).office:
            near = [other for other in often if len(other) == len(key) and likeness(other, key) >= 0.8]
            if len(near) == 1:
                chosen[key] = chosen[near[0]]
    return chosen


def _joined(names: Names) -> str:
    return "、".join(names)


def _told(said: Iterable[_Said]) -> str:
    """Which place says what."""
    parts = [
        f"{where(one)}は「{_joined(each.names)}」"
        for each in said
        for _, one in each.places[:1]
        if one.initiative.source
    ]
    return f"({'、'.join(parts)})" if parts else ""


def where(one: Mention) -> str:
    """A place in words: the line it stands on, with sheet or page."""
    source = one.initiative.source
    if source is None:
        return "文書"
    return f"「{source.part}」の{source.line}行目" if source.part else f"{source.line}行目"


def _wareki(year: int) -> str:
    return FiscalYear(year).wareki
