"""計画の歩み: every standing edition of every plan in the order of years, what each took over, and plans known by name alone. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.text import compact
from yakuba.services.plan import shown
from yakuba.services.plan.next.contrast import OVER, Contrast, contrast
from yakuba.services.plan.shown import Edition

CHANGES: Final = ("new", "listed", "moved", *OVER)
"""What of an edition is told in the list: what came, what moved, what ended."""


@dataclass(frozen=True)
class Step:
    """An edition, and how it hangs together with the one before it; None for the first."""

    place: int
    edition: Edition
    year: FiscalYear
    before: Contrast | None

    @property
    def changes(self) -> list[tuple[str, int]]:
        """What came, moved and ended since the edition before, each word with its count."""
        counts = self.before.counts if self.before is not None else {}
        return [(word, counts[word]) for word in CHANGES if word in counts]

    @property
    def count(self) -> int:
        """How many initiatives it has."""
        return shown.count(self.edition.rows)


@dataclass(frozen=True)
class Stage:
    """A plan with its editions, newest first. Re-issues under one title are one plan, whatever their spans (渋川市: every year)."""

    title: str
    steps: tuple[Step, ...]

    @property
    def span(self) -> tuple[FiscalYear, FiscalYear]:
        """From the first to the last year that any edition names."""
        spans = [step.edition.span for step in self.steps]
        return min(first for first, _last in spans), max(last for _first, last in spans)

    @property
    def newest(self) -> Step:
        """Its newest edition."""
        return self.steps[0]

    @property
    def oldest(self) -> Step:
        """Its first edition."""
        return self.steps[-1]

    @property
    def goals(self) -> tuple[str, ...]:
        """The first level of its tree, in the newest edition."""
        return tuple(node.label for node in self.newest.edition.outline if node.depth == 1)

    @property
    def goals_kept(self) -> bool:
        """Whether all editions have the same goals."""
        return (
            len(
                {
                    tuple(compact(node.title) for node in step.edition.outline if node.depth == 1)
                    for step in self.steps
                }
            )
            == 1
        )


def stages(editions: Sequence[tuple[FiscalYear, Edition]]) -> list[Stage]:
    """Plans from the newest to the oldest; ``editions`` from the oldest to the newest."""
    steps = [Step(0, editions[0][1], editions[0][0], None)] if editions else []
    for place, ((_was, before), (year, after)) in enumerate(pairwise(editions), start=1):
        steps.append(Step(place, after, year, contrast(before, after)))
    found: list[tuple[str, list[Step]]] = []
    for step in reversed(steps):
        title = str(step.edition.plan["title"])
        if found and compact(found[-1][0]) == compact(title):
            found[-1][1].append(step)
        else:
            found.append((title, [step]))
    return [Stage(title, tuple(own)) for title, own in found]


def named_only(found: Sequence[Stage]) -> list[str]:
    """Plans that an edition names as its predecessors and of which there is no data, in the order in which they are printed first."""
    have = {
        compact(name)
        for stage in found
        for step in stage.steps
        for name in (stage.title, f"{stage.title}{step.edition.plan['edition'] or ''}")
    }
    names = (name for stage in found for step in stage.steps for name in step.edition.plan["predecessors"])
    return [name for name in dict.fromkeys(names) if not _known(compact(name), have)]


def _known(name: str, have: set[str]) -> bool:
    """Whether a printed name means a plan that there is: with or without the city's name before it, brackets or not."""
    bare = name.translate(_BRACKETS)
    return any(bare == one.translate(_BRACKETS) or one.translate(_BRACKETS).endswith(bare) for one in have)


_BRACKETS: Final = dict.fromkeys(map(ord, "()（）「」『』[]"), None)
