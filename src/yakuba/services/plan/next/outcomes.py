"""What an edition says of the initiatives of the one before that do not simply go on: ``plan.outcomes`` of the format. Pure.

An initiative that goes on, or that took another one in, says so itself by its ``lineage``. Of one that ended nothing stands in the
later edition; what became of it, and why, is kept here (渋川市 令和6年度版 §5: 運用取組へ移行, 延期).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from yakuba.kernel.text import compact
from yakuba.services.plan.paths import Form

KEY: Final = "outcomes"
"""Its key in the plan's block of the format."""
GOING: Final = ("continued", "moved")
"""What says that an initiative goes on as itself."""
OVER: Final = ("merged", "completed", "ended", "abolished", "postponed")
"""What says that it does not."""

Origin = tuple[int | None, str | None, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one initiative of the edition before."""

    origin: Form
    """Year, kind and number that it had there."""
    title: str
    event: str
    reason: str

    def form(self) -> Form:
        """As the format writes it."""
        return {
            "from": self.origin,
            "title": self.title,
            "event": self.event,
            "reason": self.reason or None,
        }


def read(form: Form) -> Outcome:
    """One entry of the format."""
    return Outcome(form["from"], form["title"], form["event"], form["reason"] or "")


def ancestor(form: Form) -> Form:
    """An initiative as lineage and outcomes name it."""
    return {"year": form["year"], "kind": form["kind"], "number": form["number"] or None}


def key(origin: Form) -> Origin:
    """What tells initiatives of one municipality apart: year, kind and number as people read them."""
    return origin["year"], origin["kind"], compact(origin["number"] or "")


def by_origin(found: Iterable[Form]) -> dict[Origin, Outcome]:
    """Outcomes by what they are said of."""
    return {key(one["from"]): read(one) for one in found}


def of(told: Mapping[Origin, Outcome], form: Form) -> Outcome | None:
    """What is said of an initiative; one without a number is found by its title."""
    found = told.get(key(ancestor(form)))
    if found is None or form["number"]:
        return found
    same = (one for one in told.values() if compact(one.title) == compact(form["title"]))
    return next(same, None)


def said_of(head: Form) -> Sequence[Form]:
    """The outcomes that a document (or its head) tells."""
    found: Sequence[Form] = head["plan"].get(KEY, ())
    return found
