"""Where a figure comes from: what it means, the numbers behind it, who said it and when, and what was corrected. Pure.

Desk and public draw the same lines; the desk's have persons, the public's the day of release.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yakuba.engines.metrics import wording
from yakuba.engines.metrics.sources import Figure, Ground
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.ui.charts import figure
from yakuba.kernel.ui.formats import plain_day, year_name
from yakuba.services.plan import labels
from yakuba.services.plan.rows import Form
from yakuba.services.plan.scoreboard.drawing import raw, rounded


@dataclass(frozen=True, slots=True)
class Measured:
    """A measured figure in a line of the table."""

    period: str
    value: str
    behind: str
    """What it was reckoned from: 84／120; empty for a plain count."""
    parts: tuple[tuple[str, str], ...]
    status: str
    definition: str
    corrected: str
    """How often, and the reason of the last correction."""
    told: str
    """When, and by whom where that is to be seen."""
    grounds: tuple[Grounds, ...] = ()


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a figure rests on, under the name that they share (empty for one that stands alone): of a series its months."""

    name: str
    rows: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """A value of the plan in a line of the table, the newest revision last."""

    year: str
    kind: str
    value: str
    status: str
    corrected: str


def measured(found: Iterable[Figure], unit: str, names: Mapping[str, str]) -> list[Measured]:
    """The lines of measured figures, the newest period first. ``names`` of their parts.

    Where fiscal years or days of them (基準日) are known, months are left to the page of what was measured.
    """
    ordered = sorted(found, key=lambda one: (one.period, one.version, one.revision), reverse=True)
    whole = [one for one in ordered if one.period.kind in ("year", "as_of")]
    return [_line(one, unit, names) for one in whole or ordered]


def _line(one: Figure, unit: str, names: Mapping[str, str]) -> Measured:
    return Measured(
        wording.period_name(one.period),
        raw(one, unit) or "―",
        behind(one),
        tuple((names.get(key, key), f"{figure(rounded(number))}") for key, number in one.parts.items()),
        labels.of(labels.STATUSES, one.status),
        _("以前のシステム") if one.version == 0 else _("第%(n)d版") % {"n": one.version},
        _corrected(one),
        pgettext("between two remarks", "・").join(_told(one)),
        tuple(_together(one.grounds)),
    )


def _together(found: Iterable[Ground]) -> Iterator[Grounds]:
    """Neighbours whose labels differ in the last word alone (a month, 分子 and 分母) stand under one name."""
    for name, several in groupby(found, key=lambda one: one.label.rpartition(" ")[0]):
        rows = tuple(several)
        if name and len(rows) > 1:
            yield Grounds(name, tuple(replace(one, label=one.label.rpartition(" ")[2]) for one in rows))
        else:
            yield from (Grounds("", (one,)) for one in rows)


def behind(one: Figure) -> str:
    """Numerator and denominator of a share or an average."""
    if one.numerator is None or one.denominator is None:
        return ""
    return f"{figure(rounded(one.numerator))}／{figure(rounded(one.denominator))}"


def _corrected(one: Figure) -> str:
    if not one.revision:
        return one.note
    return _("%(times)d回訂正：%(reason)s") % {"times": one.revision, "reason": one.note or "―"}


def _told(one: Figure) -> Iterator[str]:
    if one.at is not None:
        yield plain_day(japan_date(one.at))
    if one.by:
        yield one.by


def printed(indicator: Form) -> list[Printed]:
    """Every value that the plan prints of an indicator: by year, then kind, each revision with its reason."""
    order = {kind: n for n, kind in enumerate(labels.VALUE_KINDS)}
    values = sorted(
        indicator["values"],
        key=lambda one: (-(one["year"] or 0), order[one["kind"]], int(one["revision"])),
    )
    return [
        Printed(
            year_name(one["year"]) if one["year"] else _("年度の記載なし"),
            labels.of(labels.VALUE_KINDS, one["kind"]),
            one["raw"] or "―",
            labels.of(labels.STATUSES, one["status"]),
            _revised(one),
        )
        for one in values
    ]


def _revised(value: Form) -> str:
    if not value["revision"]:
        return str(value["reason"] or "")
    return _("%(times)d回目の改訂：%(reason)s") % {
        "times": int(value["revision"]),
        "reason": value["reason"] or "―",
    }
