"""One initiative on one page for the assembly: three years in figures, why, what was done, what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.ui.components import progress_badge, spark_line
from yakuba.kernel.ui.drawing import Text
from yakuba.kernel.ui.formats import year_name
from yakuba.services.plan import labels, public_figures, public_initiative, public_overview
from yakuba.services.plan.rows import Form
from yakuba.services.plan.shown import Row, newest

YEARS: Final = 3
_LONGEST: Final = 420
"""Characters of one text: so much of each leaves the whole on one sheet."""
_RELATED: Final = 5
_WHY: Final = ("issue", "purpose")
_DONE: Final = ("result", "schedule_past", "approach")
_NEXT: Final = ("schedule", "target_state")


@dataclass(frozen=True, slots=True)
class YearFigures:
    """What was aimed at and reached in one year, as printed."""

    target: str
    actual: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One indicator through the years of the page."""

    name: str
    unit: str
    line: SafeString
    years: tuple[YearFigures, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """The progress word of one edition."""

    edition: str
    badge: SafeString


@dataclass(frozen=True, slots=True)
class Passage:
    """A text under its heading."""

    label: str
    text: str
    cut: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """The page."""

    who: Text
    related_offices: str
    years: tuple[str, ...]
    measures: tuple[Measure, ...]
    steps: tuple[Step, ...]
    why: tuple[Passage, ...]
    reasons: tuple[str, ...]
    done: tuple[Passage, ...]
    items: tuple[str, ...]
    next: tuple[Passage, ...]
    stages: Mapping[int, str]
    related: tuple[str, ...]
    related_more: int

    @property
    def cut(self) -> bool:
        """Whether a text is longer than the page shows."""
        return any(one.cut for one in (*self.why, *self.done, *self.next))


def answer(lives: Sequence[tuple[FiscalYear, Row]], siblings: Sequence[Row]) -> Answer:
    """The page of an initiative.

    ``lives`` is what it was in each edition up to this one, the oldest first, itself the last; ``siblings`` are the initiatives of its edition, of which those at its own place in the plan are named.
    """
    year, row = lives[-1]
    form = row.form
    years = range(year.year - YEARS + 1, year.year + 1)
    who, others = public_initiative.offices(form)
    near = [one for one in siblings if row.home and one.home == row.home and one.id != row.id]
    return Answer(
        who=who,
        related_offices=others,
        years=tuple(year_name(one) for one in years),
        measures=tuple(
            _measure(place, one, [past.form for _year, past in lives], years)
            for place, one in enumerate(form["indicators"])
        ),
        steps=tuple(
            Step(year_name(edition), progress_badge(past.progress, past.meaning))
            for edition, past in lives[-YEARS:]
            if past.progress
        ),
        why=tuple(_passages(form, _WHY)),
        reasons=tuple(_reasons(form)),
        done=tuple(_passages(form, _DONE)),
        items=tuple(f"{one['number'] or ''} {one['text']}".strip() for one in form["items"]),
        next=tuple(_passages(form, _NEXT)),
        stages=public_initiative.stages(form),
        related=tuple(f"{one.number} {one.title}".strip() for one in near[:_RELATED]),
        related_more=max(len(near) - _RELATED, 0),
    )


def _measure(place: int, indicator: Form, lives: Sequence[Form], years: Sequence[int]) -> Measure:
    """What this edition prints of a year; where it prints nothing, what the newest earlier edition printed of it."""
    editions = [indicator, *(found for form in lives[-2::-1] if (found := _same(indicator, form, place)))]
    known = public_overview.measured(indicator)
    drawn = [point for point in known if point.is_drawn]
    target = newest(indicator, ("target",))
    goal: Decimal | str | None = None
    if target is not None:
        goal = Decimal(target["number"]) if target["number"] else target["state"]
    line = (
        spark_line(drawn, goal=goal, levels=public_figures.levels(indicator))
        if len(drawn) > 1
        else SafeString("")
    )
    return Measure(
        public_figures.name_of(indicator),
        indicator["unit"] or "",
        line,
        tuple(
            YearFigures(
                _printed(editions, "target", year),
                _printed(editions, "actual", year) or _printed(editions, "baseline", year),
            )
            for year in years
        ),
    )


def _same(indicator: Form, form: Form, place: int) -> Form | None:
    """The same indicator of an earlier form: by its name, else the only one of both."""
    for one in form["indicators"]:
        if "".join(one["name"].split()) == "".join(indicator["name"].split()):
            found: Form = one
            return found
    return (
        form["indicators"][0]
        if place == 0 and len(form["indicators"]) == 1 and not indicator["name"]
        else None
    )


def _printed(editions: Sequence[Form], kind: str, year: int) -> str:
    for indicator in editions:
        found = [
            one for one in indicator["values"] if one["kind"] == kind and one["year"] == year and one["raw"]
        ]
        if found:
            last = max(found, key=lambda one: int(one["revision"]))
            unsure = (
                labels.of(labels.STATUSES, last["status"])
                if last["status"] in {"provisional", "preliminary"}
                else ""
            )
            return f"{last['raw']}（{unsure}）" if unsure else str(last["raw"])
    return ""


def _reasons(form: Form) -> Iterator[str]:
    """Why figures were revised."""
    for indicator in form["indicators"]:
        for value in indicator["values"]:
            if value["reason"]:
                when = year_name(value["year"]) if value["year"] else ""
                kind = labels.of(labels.VALUE_KINDS, value["kind"])
                yield _("%(figure)s：%(reason)s") % {
                    "figure": f"{when} {kind}".strip(),
                    "reason": value["reason"],
                }


def _passages(form: Form, keys: Sequence[str]) -> Iterator[Passage]:
    """The texts of these keys; of the last key only where the others say nothing."""
    found = [(key, _flat(form["texts"].get(key))) for key in keys]
    said = [(key, text) for key, text in found[:-1] if text] or [
        (key, text) for key, text in found[-1:] if text
    ]
    for key, text in said:
        short = Truncator(text).chars(_LONGEST)
        yield Passage(labels.of(labels.TEXTS, key), short, short != text)


def _flat(text: str | Sequence[str] | None) -> str:
    if not text:
        return ""
    return text if isinstance(text, str) else "\n".join(f"・{point}" for point in text)
