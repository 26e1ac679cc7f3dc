"""Which initiative of a later edition continues which of an earlier one. Pure: two lists of forms in, pairs out.

What a document says itself (経緯) comes first; then an equal title; then an equal number with a title that is nearly the same.
Nothing is guessed beyond that: what finds no partner has ended, or is new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any, Literal

from yakuba.kernel.text import compact

Form = Mapping[str, Any]  # Any: one object of a yakuba-plan/1 document
How = Literal["stated", "title", "number"]

_ALIKE = 0.6
"""How alike two titles of one number are, at least, to be the same initiative (1 is equal)."""


@dataclass(frozen=True, slots=True)
class Link:
    """The row ``after`` (its index in the later edition) continues the row ``before``; ``event`` is the word stated, if any."""

    before: int
    after: int
    how: How
    event: str | None = None

    @property
    def merged(self) -> bool:
        """Whether the earlier row went into another one (統合) rather than on as itself."""
        return self.event == "merged"


@dataclass(frozen=True, slots=True)
class Succession:
    """How two editions hang together."""

    links: tuple[Link, ...]
    ended: tuple[int, ...]
    """Rows of the earlier edition that nothing continues."""
    fresh: tuple[int, ...]
    """Rows of the later edition that continue nothing."""

    def before(self, after: int) -> int | None:
        """The row that a later row continues as itself."""
        return next((link.before for link in self.links if link.after == after and not link.merged), None)

    def after(self, before: int) -> int | None:
        """The row that continues an earlier one, itself or the one it went into."""
        return next((link.after for link in self.links if link.before == before), None)

    def merged_into(self, after: int) -> tuple[int, ...]:
        """The earlier rows that went into a later one."""
        return tuple(link.before for link in self.links if link.after == after and link.merged)


def trace(before: Sequence[Form], after: Sequence[Form]) -> Succession:
    """Pair the rows of an earlier and a later edition. Each earlier row goes on at most once."""
    links: list[Link] = []
    open_before = set(range(len(before)))
    open_after = set(range(len(after)))
    said_new = {index for index, row in enumerate(after) if _begins(row)}
    for pairs in (_stated, _titled, _numbered):
        for link in pairs(_Rows(before, open_before), _Rows(after, open_after)):
            if link.before not in open_before or (not link.merged and link.after not in open_after):
                continue
            if link.how != "stated" and link.after in said_new:
                continue
            links.append(link)
            open_before.discard(link.before)
            if not link.merged:
                open_after.discard(link.after)
    links.sort(key=lambda link: (link.after, link.before))
    continued = {link.after for link in links}
    return Succession(
        tuple(links), tuple(sorted(open_before)), tuple(sorted(set(range(len(after))) - continued))
    )


def _begins(row: Form) -> bool:
    """Whether a row says itself that it began in its year: nobody guesses where it came from."""
    return any(
        event["event"] == "new" and event["from"] is None and event["year"] == row["year"]
        for event in row["lineage"]
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of an edition, and which of them are not paired yet."""

    forms: Sequence[Form]
    open: set[int]


def _stated(before: _Rows, after: _Rows) -> Iterator[Link]:
    numbered = _unique(
        ((row["year"], row["kind"], _folded(row["number"])), index) for index, row in enumerate(before.forms)
    )
    loose = _unique(((row["kind"], _folded(row["number"])), index) for index, row in enumerate(before.forms))
    for index, row in enumerate(after.forms):
        for event in row["lineage"]:
            origin = event["from"]
            if origin is None or not origin["number"]:
                continue
            number = _folded(origin["number"])
            found = numbered.get((origin["year"], origin["kind"], number))
            if found is None and origin["year"] is None:
                found = loose.get((origin["kind"], number))
            if found is not None:
                yield Link(found, index, "stated", event["event"])


def _titled(before: _Rows, after: _Rows) -> Iterator[Link]:
    """From the strictest likeness to the loosest: an equal title that occurs twice is told apart by its number."""
    for key in (_kind_number_title, _kind_title, _title):
        there = _unique((key(row), index) for index, row in enumerate(before.forms))
        here = _unique((key(row), index) for index, row in enumerate(after.forms))
        for title, index in here.items():
            if title in there:
                yield Link(there[title], index, "title")


def _numbered(before: _Rows, after: _Rows) -> Iterator[Link]:
    """Only among rows that are still open: likeness is dear to measure."""
    there = _unique((_kind_number(row), index) for index, row in enumerate(before.forms) if row["number"])
    here = _unique((_kind_number(row), index) for index, row in enumerate(after.forms) if row["number"])
    for key, index in here.items():
        other = there.get(key)
        if other is None or other not in before.open or index not in after.open:
            continue
        likeness = SequenceMatcher(
            None, _folded(before.forms[other]["title"]), _folded(after.forms[index]["title"]), autojunk=False
        )
        if likeness.ratio() >= _ALIKE:
            yield Link(other, index, "number")


def _kind_number(row: Form) -> tuple[object, ...]:
    return (row["kind"], _folded(row["number"]))


def _kind_number_title(row: Form) -> tuple[object, ...]:
    return (row["kind"], _folded(row["number"]), _folded(row["title"]))


def _kind_title(row: Form) -> tuple[object, ...]:
    return (row["kind"], _folded(row["title"]))


def _title(row: Form) -> tuple[object, ...]:
    return (_folded(row["title"]),)


def _unique(keys: Iterable[tuple[tuple[object, ...], int]]) -> dict[tuple[object, ...], int]:
    """Key → index, without the keys that occur twice: two of one name are not told apart by it."""
    found: dict[tuple[object, ...], int] = {}
    twice: set[tuple[object, ...]] = set()
    for key, index in keys:
        if key in found:
            twice.add(key)
        found[key] = index
    return {key: index for key, index in found.items() if key not in twice}


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    return compact(text)


# --- through many editions --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """An initiative in one edition. ``edition`` and ``row`` are indexes; ``link`` leads to it from the edition before."""

    edition: int
    row: int
    link: Link | None
    merged: tuple[int, ...] = ()
    """Rows of the edition before that went into it."""


class Chain:
    """Editions from the oldest to the newest, each hanging together with the next. Pairs are made when they are asked for."""

    def __init__(self, editions: Sequence[Sequence[Form]]) -> None:
        self.editions = editions
        self._pairs: dict[int, Succession] = {}

    def between(self, edition: int) -> Succession:
        """How an edition hangs together with the one after it."""
        if edition not in self._pairs:
            self._pairs[edition] = trace(self.editions[edition], self.editions[edition + 1])
        return self._pairs[edition]

    def back(self, edition: int, row: int) -> Iterator[Step]:
        """The row itself, then what it was in each edition before, as far back as it goes without a gap."""
        place: int | None = row
        while place is not None:
            if edition == 0:
                yield Step(edition, place, None)
                return
            pairs = self.between(edition - 1)
            link = next((one for one in pairs.links if one.after == place and not one.merged), None)
            yield Step(edition, place, link, pairs.merged_into(place))
            place = link.before if link else None
            edition -= 1

    def onward(self, edition: int, row: int) -> Iterator[Step]:
        """What became of the row in each edition after its own."""
        place: int | None = row
        while place is not None and edition + 1 < len(self.editions):
            pairs = self.between(edition)
            link = next((one for one in pairs.links if one.before == place), None)
            edition += 1
            if link is not None:
                yield Step(edition, link.after, link, pairs.merged_into(link.after))
            place = link.after if link else None
