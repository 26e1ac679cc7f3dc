"""Texts that slid into a neighbour's row: a text tool that reads a page row by row loses where one cell ends.

Evidence is a sentence that a neighbouring row prints in the same column too, that fits the neighbour's title and not its own, or that
the neighbour's row of another year prints. Nothing is moved: the field is put in doubt, in both rows where nothing decides.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from .alignment import CERTAIN
from .blocks import Paper
from .model import Doubt, Initiative, Reading
from .wording import squeeze

CODE: Final = "neighbour-text"
REPEATED: Final = "odd-content"
#: Shorter sentences are what many initiatives say; so are those that more rows than two print.
_LONG: Final = 12
_ROWS: Final = 2
#: Where nothing tells whose the same words are, only so long ones are put in doubt, in both rows.
_UNDECIDED: Final = 20
#: Between rows whose column slid, so many others slid with them.
_BETWEEN: Final = 2
#: So much of a title's rare letters a sentence holds that fits it, and at most so much one that does not.
_FITS: Final = 0.45
_FOREIGN: Final = 0.1
#: So many pairs of letters two sentences share that say the same, and fewer two that do not.
_SAME: Final = 0.75
_OTHER: Final = 0.4
#: A longer text is compared by its beginning.
_COMPARED: Final = 1_500
_MARKS: Final = re.compile(r"^(?:[・○●◆■※\-‐–]|[①-⑳]|[(（]?[0-9]{1,2}[)）.])+")
_ENDS: Final = re.compile(r"。|\n|(?:^|\s)(?=[・○●◆■①-⑳])")
_WORDS: Final = re.compile(r"[\u3005\u3400-\u9fff]{2,}|[\u30a1-\u30faー]{2,}|[a-z0-9]{2,}")


@dataclass(slots=True, eq=False)
class _Row:
    """An initiative with its texts as sentences, by the path of the field."""

    one: Initiative
    line: int
    letters: frozenset[str]
    texts: dict[str, list[str]] = field(default_factory=dict)
    other: _Row | None = None
    """The same initiative of another year."""

    def said(self, sentence: str) -> bool:
        """Whether a text of this row says the same."""
        return any(_alike(sentence, own) >= _SAME for texts in self.texts.values() for own in texts)


def doubted(paper: Paper, readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """The readings with a doubt on each text that a neighbouring row may have lent, or that only repeats its title.

    Files whose cells stand in columns and rows of their own are left alone. Takes time in proportion to the texts.
    """
    if paper.container in CERTAIN:
        return tuple(readings)
    rows = [[_row(one) for one in reading.initiatives] for reading in readings]
    _pair(rows)
    weights = _weights({row.one.title: row.letters for reading in rows for row in reading})
    doubts: dict[int, list[Doubt]] = defaultdict(list)
    for own in rows:
        for row in own:
            doubts[id(row)] += _repeating(row.one)
        _compare(own, weights, doubts)
    return tuple(
        replace(
            reading,
            initiatives=tuple(
                replace(row.one, doubts=(*row.one.doubts, *doubts[id(row)])) if doubts[id(row)] else row.one
                for row in own
            ),
        )
        for reading, own in zip(readings, rows, strict=True)
    )


def _row(one: Initiative) -> _Row:
    row = _Row(one, one.source.line if one.source else 0, frozenset(_pairs(one.title)))
    for path, text in _texts(one):
        sentences = [part for part in _sentences(text[:_COMPARED]) if len(part) >= _LONG]
        if sentences:
            row.texts[path] = sentences
    return row


def _texts(one: Initiative) -> Iterator[tuple[str, str]]:
    """The texts that the initiative's own row prints, by the path of their field."""
    line = one.source.line if one.source else None
    for name, text in one.texts.items():
        path = f"texts.{name}"
        source = one.sources.get(path)
        if source is not None and source.line == line:
            yield path, text if isinstance(text, str) else "\n".join(text)


def _sentences(text: str) -> list[str]:
    return [words for part in _ENDS.split(text) if (words := _MARKS.sub("", squeeze(part)))]


def _pairs(text: str) -> Iterator[str]:
    """The pairs of letters inside a text's words, without the kana between them."""
    for word in _WORDS.findall(squeeze(text).lower()):
        yield from (word[at : at + 2] for at in range(len(word) - 1))


def _alike(one: str, other: str) -> float:
    """The share of pairs of letters that two sentences have in common."""
    if one == other:
        return 1.0
    mine, theirs = ({text[at : at + 2] for at in range(len(text) - 1)} for text in (one, other))
    return 2 * len(mine & theirs) / (len(mine) + len(theirs)) if mine and theirs else 0.0


def _weights(titles: dict[str, frozenset[str]]) -> dict[str, float]:
    """How much a pair of letters tells of a title: the fewer titles print it, the more."""
    told = titles.values()
    counts = Counter(pair for title in told for pair in title)
    return {pair: math.log((len(told) + 1) / count) for pair, count in counts.items()}


def _fit(sentence: str, row: _Row, weights: dict[str, float]) -> float:
    """How much of a row's title, by weight, a sentence holds."""
    whole = sum(weights[pair] for pair in row.letters)
    here = set(_pairs(sentence))
    return sum(weights[pair] for pair in row.letters & here) / whole if whole else 0.0


def _pair(rows: Sequence[Sequence[_Row]]) -> None:
    """Tells each row its initiative of the nearest other year, by kind and title."""
    known: dict[tuple[str | None, str], list[_Row]] = defaultdict(list)
    for reading in rows:
        for row in reading:
            known[row.one.kind, squeeze(row.one.title)].append(row)
    for reading in rows:
        for row in reading:
            others = [
                other
                for other in known[row.one.kind, squeeze(row.one.title)]
                if other.one.year != row.one.year
                and (not row.one.group or other.one.number == row.one.number)
            ]
            row.other = min(others, key=lambda other: abs(other.one.year - row.one.year), default=None)


def _compare(rows: Sequence[_Row], weights: dict[str, float], doubts: dict[int, list[Doubt]]) -> None:
    """Puts the sentences in doubt that rows of one reading may have from the row above or below."""
    counts = Counter(
        (path, sentence)
        for row in rows
        for path, sentences in row.texts.items()
        for sentence in dict.fromkeys(sentences)
    )
    ordered = sorted((row for row in rows if row.texts), key=lambda row: row.line)
    below: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(ordered):
        for path, sentences in row.texts.items():
            foreign: dict[str, _Row] = {}
            for beside in (*ordered[max(0, at - 1) : at], *ordered[at + 1 : at + 2]):
                if _parts_of_one(row, beside):
                    continue
                for sentence in sentences:
                    if counts[path, sentence] <= _ROWS and _lent(sentence, path, row, beside, weights):
                        foreign.setdefault(sentence, beside)
            if foreign:
                doubts[id(row)].append(_doubt(row, path, foreign))
                if len(foreign) == len(sentences) and ordered[at + 1 : at + 2] == [*foreign.values()][:1]:
                    below[path].append(at)
    _slid(ordered, below, doubts)


def _slid(ordered: Sequence[_Row], below: dict[str, list[int]], doubts: dict[int, list[Doubt]]) -> None:
    """Rows between others that all print the text of the row below slid with them, if nothing else is known of them."""
    for path, places in below.items():
        for first, last in pairwise(places):
            for at in range(first + 1, last) if last - first - 1 <= _BETWEEN else ():
                row, beside = ordered[at], ordered[at + 1]
                known = any(doubt.field == path for doubt in doubts[id(row)])
                if path in row.texts and not known and not _parts_of_one(row, beside):
                    foreign = dict.fromkeys(row.texts[path], beside)
                    doubts[id(row)].append(_doubt(row, path, foreign))


def _parts_of_one(row: _Row, beside: _Row) -> bool:
    """Whether two rows are parts of one initiative, or stand in other tables; those may say the same."""
    one, other = row.one, beside.one
    same = squeeze(one.title) == squeeze(other.title) or (one.group is not None and one.group == other.group)
    here = one.source is not None and other.source is not None and one.source.part == other.source.part
    return same or one.kind != other.kind or not here


def _lent(sentence: str, path: str, row: _Row, beside: _Row, weights: dict[str, float]) -> bool:
    """Whether a sentence may be the neighbour's: by where else it stands, and whose title or other year it fits."""
    own, theirs = _fit(sentence, row, weights), _fit(sentence, beside, weights)
    if row.other is not None and row.other.said(sentence):
        return False
    told = beside.other is not None and beside.other.said(sentence)
    if sentence in beside.texts.get(path, ()):
        # The same words in both rows: whose they are, titles and the other year tell; else nobody knows.
        return told or theirs > own or (theirs == own and len(sentence) >= _UNDECIDED)
    if told and own < min(theirs, _FITS):
        return True
    return theirs >= _FITS and own <= _FOREIGN


def _doubt(row: _Row, path: str, foreign: dict[str, _Row]) -> Doubt:
    text = next(text for own, text in _texts(row.one) if own == path)
    candidates = [text]
    parts = [part.strip() for part in _ENDS.split(text) if part.strip()]
    left = [part for part in parts if _MARKS.sub("", squeeze(part)) not in foreign]
    if left and len(left) < len(parts):
        mark = "。" if "。" in text else ""
        candidates.append("\n".join(part + mark for part in left))
    other = dict(_texts(row.other.one)).get(path) if row.other is not None else None
    if other and not any(sentence in _sentences(other) for sentence in foreign):
        candidates.append(other)
    beside = next(iter(foreign.values())).one
    place = f"{beside.number} " if beside.number else ""
    note = f"隣の取組「{place}{beside.title}」の文が入っているかもしれません。"
    return Doubt(path, CODE, tuple(dict.fromkeys(candidates)), note)


def _repeating(one: Initiative) -> Iterator[Doubt]:
    """A text that is the title again, as the row or another place prints it."""
    titles = {squeeze(one.title)} | {
        squeeze(title) for doubt in one.doubts if doubt.field == "title" for title in doubt.candidates
    }
    for path, text in _texts(one):
        if squeeze(text) in titles:
            note = "取組名と同じ文です。この欄の文が失われたのかもしれません。"
            yield Doubt(path, REPEATED, (text, ""), note)
