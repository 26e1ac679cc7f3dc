"""One printed value of the register, and why two of them may not say the same. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.text import fold


@dataclass(frozen=True, slots=True)
class Figure:
    """A value as printed, with what was read from it. ``number``, ``numerator`` and ``denominator`` are decimals in text."""

    raw: str
    kind: str
    year: FiscalYear | None
    as_of: str
    number: str
    state: str
    approximate: bool
    numerator: str
    denominator: str
    status: str

    @classmethod
    def read(cls, form: dict[str, Any]) -> Figure | None:  # Any: JSON of the register
        """From the register's JSON; None for nothing."""
        if not form:
            return None
        return cls(
            raw=form["raw"],
            kind=form["kind"],
            year=FiscalYear(form["year"]) if form["year"] else None,
            as_of=form["as_of"] or "",
            number=form["number"] or "",
            state=form["state"] or "",
            approximate=form["approximate"],
            numerator=form["numerator"] or "",
            denominator=form["denominator"] or "",
            status=form["status"] or "",
        )


@dataclass(frozen=True, slots=True)
class Basis:
    """The basis of one figure, for :func:`cautions`."""

    unit: str
    aggregation: str
    definition: str
    year: FiscalYear | None
    status: str
    as_of: str = ""
    direction: str = ""
    bound: str = ""


# Why figures may not be compared, in the order in which a reader wants to know it.
CAUTIONS: Final = {
    "unit": _("単位が違います"),
    "aggregation": _("集計のしかたが違います"),
    "definition": _("数え方が違います"),
    "undefined": _("数え方の説明がない自治体があります"),
    "year": _("年度が違います"),
    "as_of": _("いつの時点の値かが違います"),
    "status": _("見込・速報・確定がまざっています"),
    "direction": _("望ましい向きが違います"),
    "bound": _("目標の範囲（以上・以内など）が違います"),
}


def cautions(figures: Sequence[Basis]) -> tuple[str, ...]:
    """Keys of :data:`CAUTIONS` that hold among figures of one name, in its order; none for a single figure.

    What a document does not say (unit, aggregation, status, direction, bound) differs from nothing; only a missing definition is told of its own,
    because without it nobody knows what was counted.
    """
    if len(figures) < 2:
        return ()
    as_of: dict[FiscalYear | None, set[str]] = defaultdict(set)
    for one in figures:
        if one.as_of:
            as_of[one.year].add(one.as_of)
    definitions = _folded(one.definition for one in figures)
    found = {
        "unit": len(_folded(one.unit for one in figures) - {""}) > 1,
        "aggregation": len({one.aggregation for one in figures} - {""}) > 1,
        "definition": len(definitions - {""}) > 1,
        "undefined": "" in definitions,
        "year": len({one.year for one in figures}) > 1,
        "as_of": any(len(days) > 1 for days in as_of.values()),
        "status": len({one.status for one in figures} - {""}) > 1,
        "direction": len({one.direction for one in figures} - {""}) > 1,
        "bound": len({one.bound for one in figures} - {""}) > 1,
    }
    return tuple(key for key in CAUTIONS if found[key])


def _folded(texts: Iterable[str]) -> set[str]:
    return {"".join(fold(text).split()) for text in set(texts)}
