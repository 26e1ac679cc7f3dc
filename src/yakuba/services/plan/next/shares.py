"""Progress in figures: counted from the rows and as the document states it, each with its denominator. Pure.

渋川市 §5 states 「順調」10, 「ほぼ順調」11 of 22 and their share of 95.5 %; the rows of the same document count otherwise. Both are kept apart,
and each share says what it is a share of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.services.plan import labels, shown
from yakuba.services.plan.lateness import LATE
from yakuba.services.plan.next.tallying import Tallies, order, tallies
from yakuba.services.plan.next.verification import measure
from yakuba.services.plan.paths import Form
from yakuba.services.plan.public_overview import ON_TRACK, OVER, claimed_percentages
from yakuba.services.plan.shown import Edition, Row

OUTCOMES: Final = OVER | {"changed"}
"""Meanings that say what became of an initiative, not how far it is."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole; the whole is never 0."""

    part: int
    whole: int

    @property
    def number(self) -> Decimal:
        """In percent, to one decimal place."""
        return (Decimal(self.part * 100) / self.whole).quantize(Decimal("0.1"))

    @property
    def percent(self) -> str:
        """As it is printed: 95.5, 100."""
        return f"{self.number}".removesuffix(".0")


def share(part: int, whole: int) -> Share | None:
    """A share, or None of nothing."""
    return Share(part, whole) if whole else None


@dataclass(frozen=True)
class Counted:
    """Initiatives counted by their progress words; a group (2-1, 2-2) counts once per word."""

    whole: int
    """How many initiatives there are."""
    tallies: Tallies
    goals: int
    """How many indicators have a target."""
    judged: int
    """Of how many it can be told whether the target was reached."""
    met: int

    @property
    def told(self) -> int:
        """How many say how far they are."""
        return sum(number for _word, _meaning, number in self.tallies)

    def meaning(self, wanted: Iterable[str]) -> int:
        """How many have a progress word of one of these meanings."""
        return sum(number for _word, meaning, number in self.tallies if meaning in set(wanted))

    @property
    def good(self) -> int:
        """How many are on track, or mostly."""
        return self.meaning(ON_TRACK)

    @property
    def late(self) -> int:
        """How many are behind or have stopped."""
        return self.meaning(LATE)

    @property
    def done(self) -> Share | None:
        """Completed among all that say how far they are; None where none is."""
        completed = self.meaning(["completed"])
        return share(completed, self.told) if completed else None

    @property
    def known(self) -> bool:
        """Whether the words tell who is on track."""
        return scaled(self.tallies)

    @property
    def of_told(self) -> Share | None:
        """On track among all that say how far they are."""
        return share(self.good, self.told) if self.known else None

    @property
    def of_going(self) -> Share | None:
        """On track among those that are still under way."""
        return share(self.good, self.told - self.meaning(OVER)) if self.known else None

    @property
    def of_goals(self) -> Share | None:
        """Targets that were reached, among those of which it can be told."""
        return share(self.met, self.judged)


def scaled(words: Tallies) -> bool:
    """Whether words tell who is on track: each has a fixed meaning, and one at least is a degree and no outcome.

    推進中 and 検討中 are neither good nor bad: a share of 順調 among them would be 0 % and say nothing.
    """
    degrees = any(meaning and meaning not in OUTCOMES for _word, meaning, _number in words)
    return degrees and all(meaning for _word, meaning, _number in words)


def counted(rows: Sequence[Row], year: int) -> Counted:
    """Count rows of an edition of a year."""
    measures = [measure(one, year) for row in rows for one in row.form.get("indicators", ())]
    aimed = [one for one in measures if one.goal is not None]
    return Counted(
        shown.count(rows),
        tallies(rows),
        len(aimed),
        sum(one.met is not None for one in aimed),
        sum(one.met is True for one in aimed),
    )


@dataclass(frozen=True, slots=True)
class Stated:
    """What the document itself claims of its progress."""

    tallies: Tallies
    share: Share | None
    printed: bool
    """Whether the plan's own text, or that of the next edition, prints this very percentage."""


def stated(head: Form, later: Form | None = None) -> Stated | None:
    """The claims of a document's head; None where it makes none. ``later``: the head of the edition that looks back on it."""
    claimed: dict[str, int] = head["stated"]["progress"]
    if not claimed:
        return None
    words = tuple(
        sorted(
            ((word, labels.meaning_of(word) or "", number) for word, number in claimed.items()),
            key=lambda one: order((one[0], one[1])),
        )
    )
    good = sum(number for _word, meaning, number in words if meaning in ON_TRACK)
    found = share(good, sum(claimed.values())) if scaled(words) else None
    texts = [*claimed_percentages(head), *(claimed_percentages(later) if later is not None else ())]
    return Stated(words, found, found is not None and found.percent in texts)


@dataclass(frozen=True)
class Figures:
    """An edition in figures."""

    edition: Edition
    year: FiscalYear
    claims: Stated | None

    @cached_property
    def all(self) -> Counted:
        """All its initiatives."""
        return counted(self.edition.rows, self.year.year)

    @cached_property
    def goals(self) -> list[tuple[str, Counted]]:
        """By the first level of the tree, each initiative at its primary place alone; what stands nowhere comes last."""
        by_goal: dict[tuple[str, ...], list[Row]] = {}
        for row in self.edition.rows:
            by_goal.setdefault(row.home[:1], []).append(row)
        found = [
            (node.label, counted(by_goal.pop(node.path, []), self.year.year))
            for node in self.edition.outline
            if node.depth == 1
        ]
        rest = [row for rows in by_goal.values() for row in rows]
        return [*found, ("", counted(rest, self.year.year))] if rest else found

    @cached_property
    def offices(self) -> list[tuple[str, Counted]]:
        """By leading office, in the order in which the plan names them; an initiative of two counts with both."""
        by_office: dict[str, list[Row]] = {}
        for row in self.edition.rows:
            for name in row.leads or ("",):
                by_office.setdefault(name, []).append(row)
        ordered = sorted(by_office.items(), key=lambda one: not one[0])
        return [(name, counted(rows, self.year.year)) for name, rows in ordered]
