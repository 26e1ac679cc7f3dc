"""The indicators of an initiative as charts draw them: series by fiscal year, and below them what no chart can hold."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, cast

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.ui.charts import Point, Series, Status
from yakuba.kernel.ui.components import Fact
from yakuba.kernel.ui.formats import plain_day, year_name
from yakuba.services.plan import labels
from yakuba.services.plan.rows import Form

# Words by which a printed value says itself that it is not exact.
_ABOUT: Final = re.compile("約|およそ|おおよそ|おおむね|概ね|程度|ほど|ほぼ")
# By what the reason of a value says that from its year on something else is counted.
_REDEFINED: Final = re.compile("(?:定義|対象|数え方|集計|算定|範囲).{0,12}(?:変|改|見直|広げ|加え|含め)")


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """One indicator: three series for the chart, and what no chart can hold as lines below it."""

    key: str
    number: int
    """Its place among the initiative's indicators, from 1: its address."""
    name: str
    unit: str
    direction: str
    actual: Series
    target: Series
    baseline: Series
    levels: tuple[str, ...]
    """Words from the lowest to the highest; empty where the plan does not order them."""
    breaks: Mapping[int, str]
    """First years of another definition, and why."""
    definition: str
    traits: tuple[str, ...]
    """What kind of figure it is: which way is better, how it is counted."""
    notes: tuple[Fact, ...]
    """Values that no chart can hold."""


def indicators(form: Form, earlier: Sequence[tuple[FiscalYear, Form]] = ()) -> list[IndicatorView]:
    """The indicators in the document's order. Every printed value stands in the chart's table or below it.

    ``earlier``: the initiative in earlier editions with their years, the newest first. A target of a year that this edition prints
    no more stands in the table too, with the edition that it comes from.
    """
    return [_indicator(place, found, earlier) for place, found in enumerate(form["indicators"], start=1)]


def indicator(form: Form, number: int) -> IndicatorView | None:
    """One indicator by its place from 1; None where there is none."""
    found = form["indicators"]
    return _indicator(number, found[number - 1]) if 0 < number <= len(found) else None


def name_of(found: Form) -> str:
    """Its mark and its name: ① オンライン化手続数."""
    return " ".join(part for part in (found["number"], found["name"]) if part) or _("指標")


def levels(found: Form) -> tuple[str, ...]:
    """The order of its words: as the plan gives it, else as such words usually follow one another."""
    return tuple(found.get("states", ())) or labels.STATES


def _dropped(found: Form, earlier: Sequence[tuple[FiscalYear, Form]]) -> Iterator[Point]:
    """Targets of years for which this edition prints none, from the newest edition that does. They are told and not drawn."""
    known = {value["year"] for value in found["values"] if value["kind"] == "target"}
    same = (
        (year, one)
        for year, form in earlier
        for one in form["indicators"]
        if (one["name"], one["unit"]) == (found["name"], found["unit"])
    )
    for year, one in same:
        note = _("%(year)s版の目標") % {"year": year_name(year)}
        points, _spare = _points([value for value in one["values"] if value["kind"] == "target"])
        for point in points:
            if point.year not in known:
                known.add(point.year)
                yield Point(point.year, point.raw, note=note)


def _indicator(number: int, found: Form, earlier: Sequence[tuple[FiscalYear, Form]] = ()) -> IndicatorView:
    series: dict[str, Series] = {}
    spare: list[Form] = []
    for kind, label in (
        ("actual", pgettext("series", "実績")),
        ("target", pgettext("series", "目標")),
        ("baseline", pgettext("series", "現状")),
    ):
        points, left = _points([value for value in found["values"] if value["kind"] == kind])
        if kind == "target":
            points = tuple(sorted((*points, *_dropped(found, earlier)), key=lambda one: one.year))
        series[kind] = Series(label, points)
        spare += left
    return IndicatorView(
        f"indicator-{number}",
        number,
        name_of(found),
        found["unit"] or "",
        found["direction"] or "",
        series["actual"],
        series["target"],
        series["baseline"],
        levels(found),
        {
            value["year"]: value["reason"]
            for value in found["values"]
            if value["year"] and value["kind"] != "target" and _REDEFINED.search(value["reason"] or "")
        },
        found.get("definition") or "",
        tuple(_traits(found)),
        tuple(_remark(value) for value in spare),
    )


def _points(values: Sequence[Form]) -> tuple[tuple[Point, ...], list[Form]]:
    """The newest revision of each year with what stood before it; and the values that have no place in a year."""
    by_year: dict[int, list[Form]] = {}
    spare: list[Form] = []
    for value in values:
        if value["year"] is None:
            spare.append(value)
        else:
            by_year.setdefault(value["year"], []).append(value)
    points = []
    for year, found in sorted(by_year.items()):
        newest = max(found, key=lambda value: (value["revision"], value["as_of"] or ""))
        former = [value for value in found if value["revision"] < newest["revision"]]
        spare += [value for value in found if value is not newest and value not in former]
        points.append(_point(year, newest, sorted(former, key=lambda value: int(value["revision"]))))
    return tuple(points), spare


def _point(year: int, value: Form, former: Sequence[Form]) -> Point:
    return Point(
        year,
        value["raw"] or "―",
        number=_decimal(value["number"]),
        word=value["state"] or "",
        status=cast("Status", value["status"] or "final"),
        numerator=_decimal(value["numerator"]),
        denominator=_decimal(value["denominator"]),
        as_of=dt.date.fromisoformat(value["as_of"]) if value["as_of"] else None,
        approximate=value["approximate"],
        revision=value["revision"],
        former=tuple(one["raw"] for one in former),
        note=_note(value),
    )


def _note(value: Form) -> str:
    """What the printed value does not say itself."""
    about = _("およその数") if value["approximate"] and not _ABOUT.search(value["raw"]) else ""
    return pgettext("between two remarks", "・").join(
        part for part in (about, str(value["reason"] or "")) if part
    )


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def _traits(found: Form) -> Iterator[str]:
    direction = labels.of(labels.DIRECTIONS, found["direction"])
    if direction and found["direction"] != "none":
        yield _("望ましい向き：%(direction)s") % {"direction": direction}
    if found["bound"]:
        yield _("目標の範囲：%(bound)s") % {"bound": labels.of(labels.BOUNDS, found["bound"])}
    if found["aggregation"]:
        yield _("集計：%(aggregation)s") % {
            "aggregation": labels.of(labels.AGGREGATIONS, found["aggregation"])
        }


def _remark(value: Form) -> Fact:
    kind = labels.of(labels.VALUE_KINDS, value["kind"])
    label = (
        _("%(year)sの%(kind)s") % {"year": year_name(value["year"]), "kind": kind}
        if value["year"]
        else _("%(kind)s（年度の記載なし）") % {"kind": kind}
    )
    parts = [_note(value)]
    if value["as_of"]:
        parts.insert(0, _("%(day)s時点") % {"day": plain_day(dt.date.fromisoformat(value["as_of"]))})
    return Fact(
        label, value["raw"] or "―", pgettext("between two remarks", "・").join(part for part in parts if part)
    )
