"""Answer sheets: what another survey asks of what bears its codes, filled with the figures that the plan holds already.

Of a fiscal year the plan's own actual counts first (a body decided it), then what the office reported in the year's round, then what
was measured. What is not final stays open in a sheet of final figures; so does, in any, what was measured and is kept from the public:
the sheet leaves the house.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.sources import Figure
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.ui.drawing import Text
from yakuba.services.plan import labels, public_figures
from yakuba.services.plan.measured import queries as measured
from yakuba.services.plan.measured.beside import Outward, why_withheld
from yakuba.services.plan.measured.queries import Place
from yakuba.services.plan.measured.withheld import withheld
from yakuba.services.plan.models import Edition, Review, ReviewActual
from yakuba.services.plan.outside import queries
from yakuba.services.plan.outside.codes import Item, coded
from yakuba.services.plan.rows import Form
from yakuba.services.plan.scoreboard.drawing import raw, rounded
from yakuba.services.plan.shown import Row
from yakuba.services.plan.year import figures

Phase = Literal["provisional", "final"]
PHASES: Final[dict[Phase, Text]] = {"provisional": gettext_lazy("見込"), "final": gettext_lazy("確定")}

COLUMNS: Final[dict[str, Text]] = {
    "code": gettext_lazy("コード"),
    "number": gettext_lazy("取組の番号"),
    "title": gettext_lazy("取組"),
    "leads": gettext_lazy("担当"),
    "indicator": gettext_lazy("指標"),
    "unit": gettext_lazy("単位"),
    "baseline": gettext_lazy("基準値"),
    "target": gettext_lazy("目標値"),
    "actual": gettext_lazy("実績値"),
    "rate": gettext_lazy("達成率（％）"),
    "status": gettext_lazy("確度"),
    "last_target": gettext_lazy("最終年度の目標値"),
    "progress": gettext_lazy("進捗状況"),
    "result": gettext_lazy("取組の結果"),
    "source": gettext_lazy("出所"),
}
#: Columns of values: right-aligned, numbers as numbers.
NUMBERS: Final = frozenset({"baseline", "target", "actual", "rate", "last_target"})
#: What each survey asks, in its order.
LAYOUTS: Final[dict[str, tuple[str, ...]]] = {
    "project": ("code", "title", "leads", "indicator", "unit", "target", "actual", "rate", "status", "progress", "result", "source"),
    "master_plan": ("code", "title", "leads", "indicator", "unit", "baseline", "target", "actual", "status", "source"),
    "strategy": ("code", "indicator", "unit", "baseline", "target", "actual", "rate", "status", "last_target", "leads", "source"),
    "other": tuple(COLUMNS),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an answer sheet by the column's key: texts, and numbers in the unit of its column ``unit``."""

    cells: Mapping[str, str | Decimal]
    open: bool
    """Whether it has no figure of the year and phase that is asked for."""


@dataclass(frozen=True, slots=True)
class Said:
    """The figure of a year: as it is written, how sure it is, where it is from, its number."""

    raw: str
    status: str
    source: str
    number: Decimal | None = None


def answers(ctx: Context, of: Edition, system: str, year: FiscalYear, phase: Phase) -> list[Line]:
    """The lines of a survey in the order of its codes; a fixed number of queries for each kind of source."""
    rows = queries.rows(ctx, of)
    by_id = {row.id: row for row in rows}
    wanted = [
        (code, by_id[item.initiative], place)
        for code, item in coded(queries.items(ctx, of, rows), system)
        for place in _places(by_id[item.initiative], item)
    ]
    bound = measured.bindings(ctx, of)
    period = Period.year(year)
    found = measured.figures_of(ctx, bound, [period])
    taken = {place: of_one[period] for place, of_one in found.items() if period in of_one}
    out = withheld(ctx, bound, taken)
    taken |= {place: one.instead for place, one in out.items() if one.instead is not None}
    reported = _reported(ctx, by_id, year)
    words = _words(ctx, of, rows, year, phase)
    units = {place: one.unit for place, one in bound.items()}
    return [
        _line(code, row, place, year.year, phase, taken, units, out, reported, words)
        for code, row, place in wanted
    ]


def _places(row: Row, item: Item) -> Iterator[int | None]:
    """The indicators that a code asks for: one, or all of its initiative; an initiative without any has a line of its own."""
    if item.position:
        yield item.position - 1
    elif row.form["indicators"]:
        yield from range(len(row.form["indicators"]))
    else:
        yield None


def _reported(
    ctx: Context, rows: Mapping[UUID, Row], year: FiscalYear
) -> dict[tuple[UUID, str], ReviewActual]:
    """What the offices answered of a year, by initiative and the indicator's name; of two rounds the later one."""
    found = (
        ReviewActual.objects.for_actor(ctx)
        .filter(review__initiative__in=list(rows), review__year=year.year)
        .exclude(raw="")
        .select_related("review")
        .order_by("review__written_at", "id")
    )
    return {(one.review.initiative, one.name): one for one in found}


def _words(
    ctx: Context, of: Edition, rows: Sequence[Row], year: FiscalYear, phase: Phase
) -> dict[UUID, tuple[str, str]]:
    """Progress word and result of a year: as this edition says them where it is the year's, else as the year's last round did.

    What an edition says of its own year says nothing of another one.
    """
    if of.year.year == year.year:
        return {row.id: (row.progress, _flat(row.form["texts"].get("result"))) for row in rows}
    found = Review.objects.for_actor(ctx).filter(initiative__in=[row.id for row in rows], year=year.year)
    if phase == "final":
        found = found.filter(phase="final")
    told = found.exclude(written_at=None).order_by("written_at", "id")
    return {one.initiative: (one.decided_progress or one.progress or "", one.result) for one in told}


def _line(
    code: str,
    row: Row,
    place: int | None,
    year: int,
    phase: Phase,
    taken: Mapping[Place, Figure],
    units: Mapping[Place, str],
    out: Mapping[Place, Outward],
    reported: Mapping[tuple[UUID, str], ReviewActual],
    words: Mapping[UUID, tuple[str, str]],
) -> Line:
    progress, result = words.get(row.id, ("", ""))
    cells: dict[str, str | Decimal] = {
        "code": code,
        "number": row.number,
        "title": row.title,
        "leads": "、".join(row.leads),
        "progress": progress,
        "result": result,
    }
    if place is None:
        return Line(cells, open=not progress)
    indicator: Form = row.form["indicators"][place]
    unit = indicator["unit"] or ""
    told, found = taken.get((row.id, place)), reported.get((row.id, indicator["name"]))
    leaves = out.get((row.id, place), Outward())
    why = why_withheld(leaves.why) if _fits(told, phase) else ""
    said = figure(
        indicator, year, phase, None if why else told, found, units.get((row.id, place), ""),
        published=leaves.instead is not None,
    )  # fmt: skip
    target = figures.newest(indicator, "target", year)
    last = max(
        (one["year"] for one in indicator["values"] if one["kind"] == "target" and one["year"]), default=None
    )
    cells |= {
        "indicator": public_figures.name_of(indicator),
        "unit": unit,
        "baseline": bare(_raw(_baseline(indicator)), unit),
        "target": bare(_raw(target), unit),
        "actual": bare(said.raw, unit) if said else "",
        "rate": _rate(indicator, said, target) if said else "",
        "status": said.status if said else "",
        "last_target": bare(_raw(figures.newest(indicator, "target", last)), unit) if last else "",
        "source": said.source if said else why or _("まだありません"),
    }
    return Line(cells, open=said is None)


def figure(
    indicator: Form,
    year: int,
    phase: Phase,
    taken: Figure | None,
    reported: ReviewActual | None,
    measured_in: str,
    *,
    published: bool = False,
) -> Said | None:
    """The figure of a year that answers: the plan's own, else what was reported, else what was measured. None where none fits the phase.

    ``measured_in``: the unit of what was measured, which is not always the indicator's. ``published``: ``taken`` is what the public
    reads, in the place of what was measured.
    """
    own = figures.newest(indicator, "actual", year)
    found: list[tuple[str, Said]] = []
    if own is not None and figures.says(own):
        status = own["status"] or "final"
        found.append(
            (status, Said(own["raw"], labels.of(labels.STATUSES, status), _("計画"), figures.number(own)))
        )
    if reported is not None:
        status = reported.status or ("final" if reported.review.phase == "final" else "provisional")
        found.append((status, Said(reported.raw, labels.of(labels.STATUSES, status), _("課の報告"))))
    if taken is not None and (text := raw(taken, measured_in)):
        source = _("計測（公開している値）") if published else _("計測")
        found.append(
            (taken.status, Said(text, labels.of(labels.STATUSES, taken.status), source, taken.number))
        )
    return next((said for status, said in found if phase == "provisional" or status == "final"), None)


def _fits(taken: Figure | None, phase: Phase) -> bool:
    return taken is not None and (phase == "provisional" or taken.status == "final")


def _baseline(indicator: Form) -> Form | None:
    years = [one["year"] for one in indicator["values"] if one["kind"] == "baseline" and one["year"]]
    return figures.newest(indicator, "baseline", min(years)) if years else None


def _raw(value: Form | None) -> str:
    return str(value["raw"]) if value is not None else ""


def bare(text: str, unit: str) -> str | Decimal:
    """A written value as a number where it is nothing but one with its unit (1,204件); else as it is written (80以上, 検討中)."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    plain = plain.removesuffix(unicodedata.normalize("NFKC", unit).strip()).strip()
    return Decimal(plain) if re.fullmatch(r"[+-]?[0-9]{1,15}(\.[0-9]{1,6})?", plain, re.ASCII) else text


def _rate(indicator: Form, said: Said, target: Form | None) -> str | Decimal:
    """What part of the year's target was reached, in percent to one place; nothing where either is no number, and where a fall is wanted."""
    goal = figures.number(target)
    if said.number is None or not goal or indicator["direction"] in ("decrease", "none"):
        return ""
    return rounded(said.number * 100 / goal)


def _flat(text: str | Sequence[str] | None) -> str:
    if not text:
        return ""
    return text if isinstance(text, str) else "\n".join(text)
