"""How what was decided enters the plan: figures with their status, the word of the body, the text of the result. Pure.

A value is never overwritten: another raw, status or day than the plan prints for that year becomes its next revision, whose reason names
the round and the body. Figures of March are 見込; those of the second round are 確定 (the books close on 31 May, 地方自治法235条の5).
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from yakuba.services.plan import labels, rules
from yakuba.services.plan.rows import Form
from yakuba.services.plan.setters import figures_of
from yakuba.services.plan.year import figures

RESULT: Final = "texts.result"


@dataclass(frozen=True, slots=True)
class Decided:
    """What of a review enters the plan. ``progress`` and ``result`` are empty in a round that asks for figures alone."""

    actuals: Mapping[int, Form]
    progress: str = ""
    meaning: str = ""
    result: str = ""
    next_targets: Mapping[int, Form] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entered:
    """One field that changed, as the trail tells it: its path, what stood there, what stands there now."""

    path: str
    before: str
    after: str


def target_of(name: str, year: int, raw: str) -> Form:
    """The next year's target as the plan keeps it; ``year`` is the judged one."""
    return value_of(name, year + 1, raw, "", None) | {"kind": "target"}


def value_of(
    name: str,
    year: int,
    raw: str,
    status: str,
    as_of: str | None,
    numerator: str | None = None,
    denominator: str | None = None,
) -> Form:
    """An actual as the plan keeps it. What is typed apart (分子・分母) goes before what is read from the print."""
    read = figures_of(raw, name)
    if numerator is not None:
        read["numerator"] = numerator
    if denominator is not None:
        read["denominator"] = denominator
    return {
        "kind": "actual",
        "year": year,
        "as_of": as_of,
        "raw": raw,
        **read,
        "status": status or None,
        "revision": 0,
        "reason": None,
    }


def entered(
    form: Form, decided: Decided, *, year: int, reason: str, by: str, on: str
) -> tuple[Form, list[Entered]]:
    """The initiative with what was decided in it, and what that changed; the given form stays as it is."""
    after = copy.deepcopy(form)
    told: list[Entered] = []
    for place, value in sorted(decided.actuals.items()):
        told += _value(after, place, {**value, "year": year}, reason, by, on)
    for place, value in sorted(decided.next_targets.items()):
        told += _value(after, place, {**value, "year": year + 1}, reason, by, on)
    if decided.progress and (decided.progress, decided.meaning or None) != (
        form["progress"],
        form["progress_meaning"],
    ):
        after["progress"], after["progress_meaning"] = decided.progress, decided.meaning or None
        told.append(_mark(after, "progress", form["progress"] or "", decided.progress, by, on))
    before = form["texts"].get("result", "")
    if decided.result and decided.result != before:
        after["texts"]["result"] = decided.result
        told.append(_mark(after, RESULT, before, decided.result, by, on))
    return after, told


def _value(after: Form, place: int, value: Form, reason: str, by: str, on: str) -> list[Entered]:
    indicator = after["indicators"][place]
    last = figures.newest(indicator, value["kind"], value["year"])
    if last is not None and _told(last) == _told(value):
        return []
    fresh = dict(value)
    if last is not None:
        fresh |= {"revision": last["revision"] + 1, "reason": reason}
    values: list[Form] = indicator["values"]
    values.append(fresh)
    path = f"indicators[{place}].values[{len(values) - 1}]"
    return [_mark(after, path, printed(last) if last else "", printed(fresh), by, on)]


def printed(value: Form) -> str:
    """A value as printed, with its status where it has one: 81手続（見込）."""
    status = labels.of(labels.STATUSES, value["status"])
    return f"{value['raw']}（{status}）" if status else str(value["raw"])


def _told(value: Form) -> tuple[object, ...]:
    return tuple(value[key] for key in ("raw", "status", "as_of", "numerator", "denominator"))


def _mark(after: Form, path: str, before: str, now: str, by: str, on: str) -> Entered:
    rules.settle(after, path, by, on)
    return Entered(path, before, now)
