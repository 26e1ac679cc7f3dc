"""What an initiative's public page shows, made from its frozen form: figures as chart and table, texts, stages, facts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.ui.charts import Point, Series, Status
from yakuba.kernel.ui.components import Fact
from yakuba.kernel.ui.drawing import Text
from yakuba.kernel.ui.formats import fiscal_year, japanese, plain_day, year_name
from yakuba.services.plan import labels, rows
from yakuba.services.plan.reading.schema import TEXTS
from yakuba.services.plan.rows import Form
from yakuba.services.plan.shown import Edition, NodeView, Row

# Words by which a printed value says itself that it is not exact.
_ABOUT = re.compile("約|およそ|おおよそ|おおむね|概ね|程度|ほど|ほぼ")


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """One indicator: two series for the chart, and what no chart can hold as lines below it."""

    key: str
    name: str
    unit: str
    actual: Series
    target: Series
    traits: tuple[str, ...]
    """What kind of figure it is: which way is better, how it is counted."""
    notes: tuple[Fact, ...]
    """Values that no chart can hold, and what the number alone does not tell."""
    words: tuple[str, ...] = labels.STATES


@dataclass(frozen=True, slots=True)
class TextView:
    """One text under its heading: running text, or a list of points."""

    key: str
    label: str
    text: str = ""
    points: tuple[str, ...] = ()


def indicators(form: Form) -> list[IndicatorView]:
    """The indicators in the document's order. Every printed value stands in the chart's table or below it."""
    return [
        _indicator(f"indicator-{place}", found) for place, found in enumerate(form["indicators"], start=1)
    ]


def _indicator(key: str, found: Form) -> IndicatorView:
    name = " ".join(part for part in (found["number"], found["name"]) if part) or _("指標")
    actual, spare_actual = _series(found, ("actual", "baseline"))
    target, spare_target = _series(found, ("target",))
    return IndicatorView(
        key,
        name,
        found["unit"] or "",
        Series(_measured_label(found), actual),
        Series(pgettext("series", "目標"), target),
        tuple(_traits(found)),
        tuple(_remarks(found, (*spare_actual, *spare_target))),
    )


def _measured_label(found: Form) -> str:
    kinds = {value["kind"] for value in found["values"]}
    if "actual" not in kinds:
        return pgettext("series", "現状")
    return pgettext("series", "実績（現状を含む）") if "baseline" in kinds else pgettext("series", "実績")


def _series(found: Form, kinds: Sequence[str]) -> tuple[tuple[Point, ...], tuple[Form, ...]]:
    """The points by year, and the values that have no year or are not the newest of theirs."""
    by_year: dict[int, Form] = {}
    spare: list[Form] = []
    for value in found["values"]:
        if value["kind"] not in kinds:
            continue
        year = value["year"]
        if year is None:
            spare.append(value)
            continue
        other = by_year.get(year)
        if other is not None and _order(value) < _order(other):
            spare.append(value)
            continue
        by_year[year] = value
        if other is not None:
            spare.append(other)
    return tuple(_point(year, by_year[year]) for year in sorted(by_year)), tuple(spare)


def _order(value: Form) -> tuple[bool, int, str]:
    return value["kind"] != "baseline", value["revision"], value["as_of"] or ""


def _point(year: int, value: Form) -> Point:
    return Point(
        year,
        value["raw"] or "―",
        number=Decimal(value["number"]) if value["number"] else None,
        word=value["state"] or "",
        status=cast("Status", value["status"] or "final"),
    )


def _traits(found: Form) -> Iterator[str]:
    direction = labels.of(labels.DIRECTIONS, found["direction"])
    if direction and found["direction"] != "none":
        yield _("望ましい向き：%(direction)s") % {"direction": direction}
    if found["bound"]:
        yield _("目標の範囲：%(bound)s") % {"bound": labels.of(labels.BOUNDS, found["bound"])}
    if found["aggregation"]:
        yield _("数え方：%(aggregation)s") % {
            "aggregation": labels.of(labels.AGGREGATIONS, found["aggregation"])
        }


def _remarks(found: Form, spare: Sequence[Form]) -> Iterator[Fact]:
    for value in found["values"]:
        note = pgettext("between two remarks", "・").join(_notes(value))
        if note or value in spare:
            yield Fact(_head(value), value["raw"] or "―", note)


def _head(value: Form) -> str:
    kind = labels.of(labels.VALUE_KINDS, value["kind"])
    if value["year"] is None:
        return _("%(kind)s（年度の記載なし）") % {"kind": kind}
    return _("%(year)sの%(kind)s") % {"year": year_name(value["year"]), "kind": kind}


def _notes(value: Form) -> Iterator[str]:
    """What the number alone does not tell."""
    if value["approximate"] and not _ABOUT.search(value["raw"]):
        yield _("およその数")
    if value["numerator"] and value["denominator"] and not _says(value):
        yield _("内訳 %(part)s／%(whole)s") % {
            "part": f"{Decimal(value['numerator']):,}",
            "whole": f"{Decimal(value['denominator']):,}",
        }
    if value["as_of"] and (
        value["year"] is None or value["as_of"] != FiscalYear(value["year"]).end.isoformat()
    ):
        yield _("%(day)s時点") % {"day": _day(value["as_of"])}
    if value["revision"]:
        yield _("改訂%(number)d回目") % {"number": value["revision"]}
    if value["reason"]:
        yield str(value["reason"])


def _says(value: Form) -> bool:
    """Whether the printed value names its parts already: 6.2% (1,930/31,128)."""
    digits = re.sub(r"[^0-9/／]", "", value["raw"])
    return value["numerator"] in digits and value["denominator"] in digits


def _day(iso: str) -> str:
    return plain_day(dt.date.fromisoformat(iso))


def texts(form: Form) -> list[TextView]:
    """The texts in the order in which one reads them; what is not printed has no heading."""
    found = []
    for key in TEXTS:
        text = form["texts"].get(key)
        if not text:
            continue
        label = labels.of(labels.TEXTS, key)
        if isinstance(text, str):
            found.append(TextView(key, label, text=text))
        else:
            found.append(TextView(key, label, points=tuple(text)))
    return found


def stages(form: Form) -> dict[int, str]:
    """What is planned in each fiscal year."""
    return {int(year): text for year, text in form["stages"].items()}


def way(edition: Edition, row: Row) -> list[NodeView]:
    """The nodes from the root to the primary place."""
    steps = (edition.node(row.home[:depth]) for depth in range(1, len(row.home) + 1))
    return [node for node in steps if node]


def cross_listings(edition: Edition, row: Row) -> list[NodeView]:
    """Where else it is printed (再掲)."""
    found = [edition.node(place["path"]) for place in row.form["placements"] if not place["primary"]]
    return [node for node in found if node]


def facts(row: Row) -> list[Fact]:
    """Office, number and what else names it, for the head of the page."""
    found = [Fact(_("担当"), *_offices(row.form))]
    if row.number:
        found.append(Fact(_("番号"), row.number))
    found += [
        Fact(japanese(name), japanese("、".join(words))) for name, words in row.form["tags"].items() if words
    ]
    found += [
        Fact(label, japanese(text)) for _key, label, text in rows.more_shown(row.form, public=True) if text
    ]
    found += [_event(event) for event in row.form["lineage"]]
    return found


def _offices(form: Form) -> tuple[Text, str]:
    lead = [office["name"] for office in form["offices"] if office["role"] == "lead" and office["name"]]
    others = [
        office["name"] or labels.of(labels.OFFICE_ROLES, office["role"])
        for office in form["offices"]
        if office["role"] in {"related", "group"}
    ]
    related = _("関係：%(names)s") % {"names": "、".join(others)} if others else ""
    return japanese("、".join(lead)), related


def _event(event: Form) -> Fact:
    year = fiscal_year(event["year"])
    origin = event["from"]
    note = ""
    if origin:
        parts = [
            year_name(origin["year"]),
            labels.of(labels.KINDS, origin["kind"]),
            origin["number"] or "",
        ]
        note = _("もとは %(origin)s") % {"origin": " ".join(part for part in parts if part)}
    return Fact(
        _("経緯"), " ".join(part for part in (year, labels.of(labels.EVENTS, event["event"])) if part), note
    )
