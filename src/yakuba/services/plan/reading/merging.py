"""All places of one initiative to one initiative: per field what most of them say, the rest as candidates of a doubt."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Any, Final

from .blocks import Paper
from .grouping import Group, likeness
from .mentions import LIKELY, SURE, Mention
from .model import Doubt, FieldSource, Indicator, Initiative, Item, Node, Placement
from .offices import SUPPORT, Offices, lost_letters, where
from .wording import squeeze

Path = tuple[str, ...]

#: Fields of which the place with the most weight behind it is believed as a whole.
_WHOLE: Final = ("number", "progress", "items", "indicators", "lineage")
_WORDS: Final = {
    "number": "番号",
    "title": "取組名",
    "progress": "進捗",
    "items": "項目",
    "indicators": "指標",
    "lineage": "経緯",
}
_KEYED: Final = ("texts", "tags", "stages")
#: A letter of another alphabet inside a Japanese word is a misread one (й for イ).
_FOREIGN: Final = re.compile(r"[\u0370-\u03ff\u0400-\u052f]")
_WORD: Final = re.compile(r"[ァ-ンヴーｦ-ﾟ\u0370-\u052f]{3,30}")
#: Titles less alike than this are not one title read twice.
_OTHER_THING: Final = 0.7
#: … unless so much of the shorter one stands in the longer one.
_PART_OF: Final = 0.85
#: So much of a text is shown in a note.
_SHOWN: Final = 60
_MARKS: Final = re.compile(r"[\s「」『』()（）・、,，。．.\-‐－ー―~〜～:：;；/／\"'“”]+")


@dataclass(slots=True)
class Knowledge:
    """What the whole document knows beyond the places of one initiative."""

    paper: Paper
    offices: Offices
    others: Mapping[int, Group]
    """By a group's identity the group of the same title in another year."""
    trees: Mapping[str | None, Mapping[Path, Node]]
    """The nodes of each plan (None: the document's own) by path."""
    words: dict[str, str] = field(default_factory=dict)
    """Words with a misread letter, and the words that the document prints instead."""


def merged(group: Group, known: Knowledge) -> Initiative:
    """The initiative that a group's places tell of."""
    base = max(group.mentions, key=lambda one: (one.alone, len(one.initiative.sources)))
    own = replace(
        base.initiative, year=group.year, kind=base.initiative.kind or group.kind, number=group.number
    )
    merge = _Merge(group, base, own, known)
    for name in _WHOLE:
        merge.whole(name)
    merge.title()
    merge.flags()
    merge.offices()
    merge.placements()
    for name in _KEYED:
        merge.keyed(name)
    return merge.done()


class _Merge:
    """One initiative in the making."""

    def __init__(self, group: Group, base: Mention, own: Initiative, known: Knowledge) -> None:
        self.group = group
        self.base = base
        self.own = own
        self.known = known
        self.changes: dict[str, Any] = {}  # Any: fields of several types
        self.told: list[str] = []
        self.doubts = list(base.initiative.doubts)
        self.sources = dict(base.initiative.sources)

    def whole(self, name: str) -> None:
        """A field that one place is believed for as a whole."""
        said = [(getattr(one.initiative, name), one) for one in self.group.mentions]
        said = [(value, one) for value, one in said if value]
        if not said:
            return
        value, chosen, others = _chosen(name, said)
        self._take(name, value, chosen)
        if others:
            candidates = (str(value), *others)
            self.doubts.append(Doubt(name, "places-differ", candidates, _differ(name, said)))
        kept = squeeze(" ".join([*_texts(value), *others]))
        for other, one in said:
            for text in _texts(other):
                if squeeze(text) not in kept:
                    self._tell(_WORDS[name], one, text)

    def title(self) -> None:
        """The title that most places print; the other year's row of the same title speaks for it, too."""
        votes: dict[str, float] = defaultdict(float)
        places: dict[str, list[Mention]] = defaultdict(list)
        for one in self.group.mentions:
            title = one.initiative.title
            if title:
                # A row that is listed again copies the list.
                votes[squeeze(title)] += one.weight("title") * (1.0 if one.alone else 0.4)
                places[squeeze(title)].append(one)
        if not votes:
            return
        for title in self._titles_elsewhere():
            if title in votes:
                votes[title] += SUPPORT
        most = max(votes.values())
        tied = [key for key, weight in votes.items() if weight == most]
        # Text tools lose letters, they do not add them: of titles that stand one to one the fuller one.
        best = next(
            (key for key in tied if all(lost_letters(other, key) for other in tied if other != key)), tied[0]
        )
        chosen = next((one for one in places[best] if one.alone), places[best][0])
        self._take("title", chosen.initiative.title, chosen)
        rivals = [
            places[key][0]
            for key, weight in votes.items()
            if key != best
            and places[key][0].weight("title") >= LIKELY
            and any(one.alone for one in places[key])
            and _MARKS.sub("", key) != _MARKS.sub("", best)
            # What a third place bears out is decided, unless the other title is about another thing.
            and (weight > votes[best] - SUPPORT or _other_thing(key, best))
        ]
        printed = chosen.initiative.title
        mended = self._mended(printed)
        self.changes["title"] = mended
        if mended != printed:
            note = "仮名のあいだに別の文字があります。文書のほかの箇所の書き方に合わせました。"
            candidates = (mended, *(one.initiative.title for one in rivals), printed)
            self.doubts.append(Doubt("title", "odd-letter", tuple(dict.fromkeys(candidates)), note))
        elif rivals:
            said = [(one.initiative.title, one) for one in (chosen, *rivals)]
            candidates = tuple(dict.fromkeys(title for title, _ in said))
            self.doubts.append(Doubt("title", "places-differ", candidates, _differ("title", said)))
        for key, there in places.items():
            if key != best and there[0] not in rivals and _MARKS.sub("", key) != _MARKS.sub("", best):
                self._tell("取組名", there[0], there[0].initiative.title)

    def _titles_elsewhere(self) -> list[str]:
        other = self.known.others.get(id(self.group))
        return [squeeze(one.initiative.title) for one in other.mentions if one.alone] if other else []

    def _mended(self, title: str) -> str:
        """The title with words as the document prints them elsewhere, where a letter of another alphabet stands in one."""
        return _WORD.sub(lambda found: self._word(found[0]), title) if _FOREIGN.search(title) else title

    def _word(self, word: str) -> str:
        if not _FOREIGN.search(word):
            return word
        if word not in self.known.words:
            inner = _FOREIGN.sub("[ァ-ンー]", re.escape(word))
            pattern = re.compile(f"(?<![ァ-ンー]){inner}(?![ァ-ンー])")
            found = Counter(
                hit
                for block in self.known.paper.blocks
                for cell in block.cells
                for hit in pattern.findall(cell)
            )
            self.known.words[word] = found.most_common(1)[0][0] if found else word
        return self.known.words[word]

    def flags(self) -> None:
        """Every mark that a place prints."""
        flags: list[str] = []
        sources = {path: source for path, source in self.sources.items() if not _under(path, "flags")}
        for one in self.group.mentions:
            for at, flag in enumerate(one.initiative.flags):
                if flag not in flags:
                    source = one.initiative.sources.get(f"flags[{at}]")
                    if source:
                        sources[f"flags[{len(flags)}]"] = source
                    flags.append(flag)
        self.sources = sources
        self.changes["flags"] = tuple(flags)

    def offices(self) -> None:
        """The offices that the document as a whole decides for."""
        decision = self.known.offices.of(self.group)
        self._drop("offices")
        self.changes["offices"] = decision.offices
        self.sources |= decision.sources
        self.doubts += decision.doubts
        kept = squeeze(
            " ".join(
                [
                    *(office.name for office in decision.offices),
                    *(candidate for doubt in decision.doubts for candidate in doubt.candidates),
                ]
            )
        )
        for one in self.group.mentions:
            for office in one.initiative.offices:
                # What stands for a blank cell was not printed there.
                if (
                    one.weight("offices") >= LIKELY
                    and squeeze(self.known.offices.spell(office.name)) not in kept
                ):
                    self._tell("担当課", one, office.name)

    def placements(self) -> None:
        """Every place in the tree, the first primary, the others cross-listings (再掲).

        Codes that are misread where they are repeated beside every row count only where no place says better.
        """
        strong, weak = self._paths(LIKELY, SURE + 1), self._paths(0, LIKELY)
        nodes = self._nodes()
        self._drop("placements")
        if strong:
            self._place(list(strong), strong)
            return
        other = self.known.others.get(id(self.group))
        there = _primary(other) if other else ()
        fits = [path for path in weak if not nodes or path in nodes]
        if there and there in nodes:
            agree = [path for path in weak if path == there[: len(path)]]
            if not agree and fits:
                candidates = tuple(dict.fromkeys(self._spoken(path) for path in (there, *fits)))
                note = "取組の欄の記号と、ほかの年度の同じ取組の位置づけが違います。"
                self.doubts.append(Doubt("placements[0]", "places-differ", candidates, note))
            more = [path for path in fits if path != there and len(path) == len(there)] if agree else []
            self._place([there, *more], weak)
            return
        self._place(fits, weak)
        if weak and not fits:
            printed = tuple(" ".join(path) for path in weak)
            note = "体系のどこに当たるか読み取れませんでした。"
            self.doubts.append(Doubt("placements[0]", "unknown-node", printed, note))

    def _paths(self, least: float, below: float) -> dict[Path, Mention]:
        found: dict[Path, Mention] = {}
        # Where a row stands is said before where it is listed again.
        for one in sorted(self.group.mentions, key=lambda one: not one.alone):
            if least <= one.weight("placements") < below:
                for place in one.initiative.placements:
                    found.setdefault(place.path, one)
        return found

    def _place(self, paths: Sequence[Path], said: Mapping[Path, Mention]) -> None:
        self.changes["placements"] = tuple(Placement(path, primary=not at) for at, path in enumerate(paths))
        for at, path in enumerate(paths):
            own = said[path].initiative if path in said else None
            for number, place in enumerate(own.placements if own else ()):
                source = own.sources.get(f"placements[{number}]") if own else None
                if place.path == path and source:
                    self.sources[f"placements[{at}]"] = source
            if own:
                self.doubts += [
                    replace(doubt, field=f"placements[{at}]")
                    for doubt in own.doubts
                    if doubt.field == "placements[0]" and own.placements[0].path == path
                ]

    def _nodes(self) -> Mapping[Path, Node]:
        return self.known.trees.get(self.group.plan, {})

    def _spoken(self, path: Path) -> str:
        node = self._nodes().get(path)
        return " ".join(path) + (f" {node.title}" if node and node.title != path[-1] else "")

    def keyed(self, name: str) -> None:
        """Texts, tags and stages: of each key the surest place, the first among equals."""
        values: dict[str, Any] = {}  # Any: texts, lists of texts
        chosen: dict[str, Mention] = {}
        for one in [self.base, *(one for one in self.group.mentions if one is not self.base)]:
            for key, value in getattr(one.initiative, name).items():
                path = f"{name}.{key}"
                surer = key in chosen and _weight(one, path) > _weight(chosen[key], path)
                if key not in chosen or surer:
                    values[key], chosen[key] = value, one
                elif name == "tags":
                    # Every place may add to a tag.
                    values[key] = tuple(dict.fromkeys((*values[key], *value)))
        for key, one in chosen.items():
            if one is not self.base:
                self._drop(f"{name}.{key}")
                self._bring(f"{name}.{key}", one)
        self.changes[name] = values
        if name != "tags":
            self._others_say(name, values, chosen)

    def _others_say(
        self, name: str, values: Mapping[str, Any], chosen: Mapping[str, Mention]
    ) -> None:  # Any: texts of several shapes
        """What other places print under a key: a candidate where it may as well be right, else a word beside the row."""
        for one in self.group.mentions:
            for key, value in getattr(one.initiative, name).items():
                path, kept = f"{name}.{key}", squeeze(" ".join(_texts(values[key])))
                if one is chosen[key] or all(squeeze(text) in kept for text in _texts(value)):
                    continue
                if isinstance(value, str) and isinstance(values[key], str) and _weight(one, path) >= LIKELY:
                    said = [(values[key], chosen[key]), (value, one)]
                    self.doubts.append(
                        Doubt(path, "places-differ", (values[key], value), _differ(path, said))
                    )
                else:
                    for text in _texts(value):
                        self._tell(key, one, text)

    def done(self) -> Initiative:
        """The initiative with everything that was decided."""
        warnings = [text for one in self.group.mentions for text in one.initiative.warnings]
        group = next((one.initiative.group for one in self.group.mentions if one.initiative.group), None)
        return replace(
            self.own,
            **self.changes,
            group=group,
            sources=self.sources,
            doubts=tuple(dict.fromkeys(self.doubts)),
            warnings=tuple(dict.fromkeys([*warnings, *self.told])),
        )

    def _tell(self, words: str, one: Mention, text: str) -> None:
        """Keeps what a place prints and others outvoted, so that nothing read is lost."""
        self.told.append(f"{words}は、{where(one)}では「{text}」です。")

    def _take(self, name: str, value: object, chosen: Mention) -> None:
        self.changes[name] = value
        if chosen is not self.base:
            self._drop(name)
            self._bring(name, chosen)

    def _drop(self, name: str) -> None:
        self.doubts = [one for one in self.doubts if not _under(one.field, name)]
        self.sources = {path: source for path, source in self.sources.items() if not _under(path, name)}

    def _bring(self, name: str, one: Mention) -> None:
        self.doubts += [doubt for doubt in one.initiative.doubts if _under(doubt.field, name)]
        found: Mapping[str, FieldSource] = one.initiative.sources
        self.sources |= {path: source for path, source in found.items() if _under(path, name)}


def _primary(group: Group) -> Path:
    """Where a group's initiative stands, as its surest place says."""
    best = max(
        group.mentions, key=lambda one: (bool(one.initiative.placements), one.weight("placements"), one.alone)
    )
    return best.initiative.placements[0].path if best.initiative.placements else ()


def _chosen(name: str, said: Sequence[tuple[Any, Mention]]) -> tuple[Any, Mention, tuple[str, ...]]:
    """The value with the most weight behind it, who says it best, and what others say of texts that may as well be right."""
    weights: dict[Hashable, float] = defaultdict(float)
    for value, one in said:
        weights[_compared(value)] += one.weight(name)
    best = max(weights, key=lambda key: weights[key])
    value, chosen = max(
        ((value, one) for value, one in said if _compared(value) == best),
        key=lambda pair: pair[1].weight(name),
    )
    others = tuple(
        dict.fromkeys(
            str(other)
            for other, one in said
            if isinstance(other, str)
            and _compared(other) != best
            and one.weight(name) >= LIKELY
            and weights[_compared(other)] * 2 > weights[best]
        )
    )
    return value, chosen, others


def _differ(name: str, said: Sequence[tuple[Any, Mention]]) -> str:
    """Which place prints what, in words."""
    words = _WORDS.get(name, "内容")
    told: dict[str, str] = {}
    for value, one in said:
        told.setdefault(str(value), where(one))
    listed = "、".join(
        f"{place}は「{value if len(value) <= _SHOWN else value[:_SHOWN] + '…'}」"
        for value, place in list(told.items())[:4]
    )
    return f"文書の中で、{words}の書かれ方が違います({listed})。"


def _other_thing(one: str, other: str) -> bool:
    """Whether two titles are about different things: not alike, and the shorter one is no part of the longer one."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    shared = sum(block.size for block in matcher.get_matching_blocks())
    return matcher.ratio() < _OTHER_THING and shared < _PART_OF * min(len(one), len(other))


def _weight(one: Mention, path: str) -> float:
    """The weight of a key: its own, else that of all keys of its kind."""
    head = path.partition(".")[0]
    return one.weights.get(path, one.weights.get(head, SURE))


def _compared(value: object) -> Hashable:
    return squeeze(value) if isinstance(value, str) else repr(value)


def _texts(value: object) -> list[str]:
    """The printed texts of a value: of a list of points, actions or indicators each by itself."""
    if isinstance(value, str):
        return [value]
    found: list[str] = []
    for one in value if isinstance(value, tuple) else ():
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, Item):
            found.append(one.text)
        elif isinstance(one, Indicator):
            found += [one.name, *(each.raw for each in one.values)]
    return [text for text in found if text]


def _under(path: str, name: str) -> bool:
    return path == name or path.startswith((f"{name}[", f"{name}."))


def same_title(one: str, other: str, least: float) -> float:
    """How far two titles of different years are one; marks do not count. Less than `least` may be told as 0."""
    return likeness(_MARKS.sub("", one), _MARKS.sub("", other), least)
