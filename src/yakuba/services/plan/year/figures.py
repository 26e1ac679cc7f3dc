"""Figures of an initiative as a review looks at them: the value of a year, the target that it is held against. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from yakuba.services.plan import labels
from yakuba.services.plan.rows import Form

# Which way is better where the plan names no direction but a bound.
_BY_BOUND: Final = {"at_least": "increase", "at_most": "decrease", "exactly": "exactly"}


def newest(indicator: Form, kind: str, year: int) -> Form | None:
    """The newest revision of an indicator's value of one kind and fiscal year; None where there is none."""
    found = [one for one in indicator["values"] if (one["kind"], one["year"]) == (kind, year)]
    return max(found, key=lambda one: int(one["revision"]), default=None)


def target_for(indicator: Form, year: int) -> Form | None:
    """The target that a year is held against: the year's own, else the next one to come, else the last there is."""
    years = sorted({one["year"] for one in indicator["values"] if one["kind"] == "target" and one["year"]})
    chosen = next((one for one in years if one >= year), years[-1] if years else None)
    return None if chosen is None else newest(indicator, "target", chosen)


def actual_before(indicator: Form, year: int) -> Form | None:
    """The newest actual (or 現状値) of a year before ``year`` that is a number or a word; None where there is none."""
    years = {
        one["year"]
        for one in indicator["values"]
        if one["kind"] in ("actual", "baseline") and one["year"] and one["year"] < year and says(one)
    }
    if not years:
        return None
    last = max(years)
    return newest(indicator, "actual", last) or newest(indicator, "baseline", last)


def says(value: Form | None) -> bool:
    """Whether a value is one: a number or a word (DESIGN §3: no value is never 0)."""
    return value is not None and (value["number"] is not None or bool(value["state"]))


def number(value: Form | None) -> Decimal | None:
    """The number that was read from a value, if any."""
    return None if value is None or value["number"] is None else Decimal(value["number"])


def share(value: Form | None) -> Decimal | None:
    """The denominator of a value, if it has one."""
    return None if value is None or value["denominator"] is None else Decimal(value["denominator"])


def plain(number: Decimal | None) -> str | None:
    """A number as somebody would type it (``2700``, ``97.1``), without the zeros that a column's scale adds; None stays None."""
    return None if number is None else f"{number.normalize():f}"


def rank(state: str, order: Sequence[str]) -> int | None:
    """How far along a word is; None for a word that the order does not know."""
    return order.index(state) if state in order else None


def reached(indicator: Form, actual: Form | None, target: Form | None) -> bool | None:
    """Whether a value reaches a target, by the indicator's direction and bound. None where the plan does not let it be told."""
    if actual is None or target is None:
        return None
    here, goal = number(actual), number(target)
    if here is not None and goal is not None:
        return _compared(indicator, here, goal)
    if actual["state"] and target["state"]:
        if actual["state"] == target["state"]:
            return True
        order = tuple(indicator.get("states", ())) or labels.STATES
        one, other = rank(actual["state"], order), rank(target["state"], order)
        return None if one is None or other is None else one >= other
    return None


def _compared(indicator: Form, here: Decimal, goal: Decimal) -> bool | None:
    way = indicator["direction"]
    if way == "none":
        return None
    if way in (None, "maintain"):
        way = _BY_BOUND.get(indicator["bound"] or "", "increase" if way == "maintain" else None)
    if way == "exactly":
        return here == goal
    if way == "decrease":
        return here <= goal
    return here >= goal if way in ("increase", "reach") else None


def worse(indicator: Form, actual: Form | None, before: Form | None) -> bool:
    """Whether a value moved away from what is wanted since the value before it."""
    here, was = number(actual), number(before)
    if here is None or was is None:
        return False
    if indicator["direction"] == "increase":
        return here < was
    return indicator["direction"] == "decrease" and here > was
