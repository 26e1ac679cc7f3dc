"""Proposing themes for an initiative by the words that stand in it. A person confirms; nothing here decides.

How the score comes about, for the one who reads it on a screen:

* A word of a theme counts by the place where it stands: 60 points in the title, 30 in the name of an indicator, 24 in an item, 12 in a
  text, 6 in the titles of the goals above and in the tags. A word counts once in each of these five.
* A weak word, one that only hints at a theme, counts half; a word that several themes share is divided by their number.
* Where one word holds another (電子納付の拡大 and 電子納付), only the longer one counts.
* Long texts mention much: all words in the texts together count 36 points at most, all in the items 48, all in the goals and tags 6.
* The points are added up to 100 at most. Below 12 nothing is proposed, and never more than five themes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from yakuba.kernel.text import fold

from .spellings import spellings
from .vocabulary import THEMES

MOST: Final = 5
THRESHOLD: Final = 12

# Points that one word has in each place, and that all words of a long place have together at most.
_POINTS: Final = {"title": 60, "indicator": 30, "item": 24, "text": 12, "around": 6}
_AT_MOST: Final = {"item": 48, "text": 36, "around": 6}
# Points are halved and divided in whole numbers of this part of a point.
_PARTS: Final = 60
# Common words that hold a theme's word by chance, or name somebody else's body: they hide it.
_HIDING: Final = (
    "協議会",
    "審議会",
    "本部会議",
    "議会事務局",
    "国土強靱化",
    "国保連合会",
    "観光協会",
    "面積算定",
    "面積算出",
)
_ORDER: Final = {theme: number for number, theme in enumerate(THEMES)}


@dataclass(frozen=True)
class Proposal:
    """A theme that an initiative may be about.

    ``score`` is 12–100. ``evidence`` holds pairs of a place in the form (``indicators[0].name``) and the word as it stands there, the
    weightiest first. Every word that counted is there.
    """

    theme: str
    score: int
    evidence: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Field:
    place: str
    path: str
    text: str


@dataclass(frozen=True)
class _Sense:
    """What a spelling stands for: a word of a theme, and how much of a word in parts of a point (weak and shared words less)."""

    theme: str
    word: str
    parts: int


@dataclass(frozen=True)
class _Matcher:
    """``starts`` gives all spellings, longest first, by their first two characters."""

    starts: Mapping[str, tuple[str, ...]]
    senses: Mapping[str, tuple[_Sense, ...]]


@dataclass(frozen=True)
class _Hit:
    field: _Field
    points: int
    spelling: str
    start: int


def propose(form: Mapping[str, object]) -> list[Proposal]:
    """Up to five themes for an initiative in the `yakuba-plan/1` form, best first. The same form always gives the same list."""
    found: dict[str, dict[tuple[str, str], _Hit]] = defaultdict(dict)
    matcher = _matcher()
    for field in _fields(form):
        for spelling, start in _longest(fold(field.text), matcher.starts):
            for sense in matcher.senses[spelling]:
                hit = _Hit(field, _POINTS[field.place] * sense.parts, spelling, start)
                found[sense.theme].setdefault((field.place, sense.word), hit)
    ranked = sorted(_rank(theme, hits.values()) for theme, hits in found.items())
    return [
        Proposal(theme, min(100, -minus // _PARTS), _evidence(found[theme].values()))
        for minus, _, _, theme in ranked[:MOST]
        if -minus >= THRESHOLD * _PARTS
    ]


def _rank(theme: str, hits: Collection[_Hit]) -> tuple[int, int, int, str]:
    """Most points first; among equals the theme whose longest word is longer, then the order of the vocabulary."""
    by_place: dict[str, int] = defaultdict(int)
    for hit in hits:
        by_place[hit.field.place] += hit.points
    points = sum(min(points, _AT_MOST.get(place, points) * _PARTS) for place, points in by_place.items())
    return -points, -max(len(hit.spelling) for hit in hits), _ORDER[theme], theme


def _evidence(hits: Iterable[_Hit]) -> tuple[tuple[str, str], ...]:
    by_weight = sorted(hits, key=lambda hit: -hit.points)
    return tuple((hit.field.path, _as_found(hit)) for hit in by_weight)


def _as_found(hit: _Hit) -> str:
    """The word as the field has it; folded if it cannot be told which characters became it."""
    text, end = hit.field.text, hit.start + len(hit.spelling)
    if fold(text[hit.start : end]) == hit.spelling:
        return text[hit.start : end]
    # Folding has dropped or widened something before the word. The shortest beginning that folds as far ends with the word, but for
    # a half-width voice mark that may follow.
    reached = bisect_left(range(len(text)), end, key=lambda at: len(fold(text[: at + 1]))) + 1
    for stop in (reached, reached + 1):
        for begin in range(stop - 1, -1, -1):
            folded = fold(text[begin:stop])
            if folded == hit.spelling:
                return text[begin:stop]
            if len(folded) > len(hit.spelling):
                break
    return hit.spelling


def _longest(text: str, starts: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, int]]:
    """Every spelling in a folded text with its place, but for those inside a longer one."""
    reached = 0
    for start in range(len(text) - 1):
        for spelling in starts.get(text[start : start + 2], ()):
            end = start + len(spelling)
            if end <= reached:
                break
            if text.startswith(spelling, start) and _stands_alone(text, start, end):
                reached = end
                yield spelling, start
                break


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a latin word is not part of another: LINE is not in ONLINE."""
    return not (
        (start > 0 and _is_latin(text[start - 1]) and _is_latin(text[start]))
        or (end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end]))
    )


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _fields(form: Mapping[str, object]) -> Iterator[_Field]:
    """The texts of an initiative that say what it is about. Keys that are missing or null have no fields."""
    yield from _texts("title", "title", form.get("title"))
    for path, one in _each("indicators", form.get("indicators")):
        yield from _texts("indicator", f"{path}.name", _get(one, "name"))
    for path, one in _each("items", form.get("items")):
        yield from _texts("item", f"{path}.text", _get(one, "text"))
    for key, text in _pairs(form.get("texts")):
        yield from _texts("text", f"texts.{key}", text)
    for path, one in _each("placements", form.get("placements")):
        yield from _texts("around", f"{path}.path", _get(one, "path"))
    for key, values in _pairs(form.get("tags")):
        yield from _texts("around", f"tags.{key}", values)


def _texts(place: str, path: str, value: object) -> Iterator[_Field]:
    if isinstance(value, str):
        yield _Field(place, path, value)
    for inner, one in _each(path, value):
        yield from _texts(place, inner, one)


def _each(path: str, values: object) -> Iterator[tuple[str, object]]:
    if isinstance(values, (list, tuple)):
        for number, one in enumerate(values):
            yield f"{path}[{number}]", one


def _pairs(values: object) -> Iterator[tuple[str, object]]:
    if isinstance(values, Mapping):
        yield from values.items()


def _get(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, Mapping) else None


@cache
def _matcher() -> _Matcher:
    senses: dict[str, list[_Sense]] = defaultdict(list)
    for theme in THEMES.values():
        own: dict[str, _Sense] = {}
        for word in theme.weak_words:
            own |= {spelling: _Sense(theme.id, word, _PARTS // 2) for spelling in spellings(word)}
        for word in theme.words:
            own |= {spelling: _Sense(theme.id, word, _PARTS) for spelling in spellings(word)}
        for spelling, sense in own.items():
            senses[spelling].append(sense)
    for word in _HIDING:
        senses.setdefault(fold(word), [])
    starts: dict[str, list[str]] = defaultdict(list)
    for spelling in sorted(senses, key=lambda one: (-len(one), one)):
        starts[spelling[:2]].append(spelling)
    return _Matcher(
        starts={key: tuple(found) for key, found in starts.items()},
        senses={
            spelling: tuple(replace(sense, parts=sense.parts // len(shared)) for sense in shared)
            for spelling, shared in senses.items()
        },
    )
