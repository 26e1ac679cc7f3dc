"""Series and their values as the actor sees them. A constant number of queries however many there are."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.engines.metrics.models import STATUSES, Series, SeriesValue
from yakuba.engines.metrics.periods import Kind, Period
from yakuba.engines.metrics.rules import read_parts
from yakuba.engines.metrics.series import layout as layouts
from yakuba.engines.metrics.series import people, reach, rules
from yakuba.engines.metrics.series.rules import Folded, Owed, Plan, Standing
from yakuba.engines.metrics.series.spelled import text_of
from yakuba.engines.metrics.sources import Figure, Ground
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.dates import FiscalYear, japan_date
from yakuba.kernel.ui.formats import month_name, plain_day, year_name

_KINDS: Final[Mapping[str, Kind]] = {"month": "month", "year": "year", "as_of": "as_of", "day": "day"}
_OLDEST: Final = 60  # months that are looked through for what is owed


# --- series -----------------------------------------------------------------------------------------------------------
def all_series(ctx: Context) -> QuerySet[Series]:
    """The series that the actor sees, by key."""
    return Series.objects.for_actor(ctx).order_by("key")


def series_of(ctx: Context, series_id: UUID) -> Series:
    """One of them. Raises :class:`Missing`."""
    found = all_series(ctx).filter(pk=series_id).first()
    if found is None:
        raise Missing
    return found


def by_keys(ctx: Context, keys: Collection[str]) -> dict[str, Series]:
    """Those of these keys (one query)."""
    return {one.key: one for one in all_series(ctx).filter(key__in=set(keys))}


def plan_of(series: Series) -> Plan:
    """When it is due."""
    return Plan(_KINDS[series.every], series.first, series.due_days, series.ended_on)


def layout_of(series: Series) -> layouts.Layout:
    """How its file looks."""
    return layouts.stored(series.layout)


def listed(series: Series) -> bool:
    """Whether its figures are counted from attendance lists, or once were: what such a list brought stays when its file looks otherwise."""
    return layout_of(series).shape == "people" or bool(series.layout.get("listed"))


def least_of(series: Series) -> int:
    """The smallest number of persons that the public is shown. Of an attendance list never fewer than its own, whatever was once written."""
    return max(series.least, people.FEWEST) if listed(series) else series.least


def earlier_of(series: Series) -> list[dict[str, str]]:
    """Definitions that held before: ``version``, ``definition``, ``unit``, ``aggregation``, ``until`` (a day), ``reason``, the oldest first."""
    found = series.layout.get("earlier", [])
    return [{key: str(text) for key, text in one.items()} for one in found if isinstance(one, dict)]


def period_name(period: Period) -> str:
    """令和6年4月, 令和6年度, 令和7年3月1日現在."""
    if period.kind == "month":
        return month_name(period.first)
    if period.kind == "year":
        return year_name(period.fiscal_year)
    return _("%s現在") % plain_day(period.last)


# --- values -----------------------------------------------------------------------------------------------------------
def standing(row: SeriesValue) -> Standing:
    """A stored value as the rules have it."""
    return Standing(
        Period(row.last, row.first, _KINDS[row.kind]),
        row.raw,
        row.number,
        row.state,
        row.numerator,
        row.denominator,
        read_parts(row.parts),
        row.status,
        row.revision,
        row.definition_version,
        row.reason,
        row.at,
        row.by_label,
    )


def values(ctx: Context, series: Series) -> list[SeriesValue]:
    """Every value of a series, revisions too: by period, the oldest first."""
    rows = SeriesValue.objects.for_actor(ctx).filter(series=series).select_related("file")
    return list(rows.order_by("last", "kind", "definition_version", "revision"))


def value_of(ctx: Context, series: Series, value_id: UUID) -> SeriesValue:
    """One value. Raises :class:`Missing`."""
    found = (
        SeriesValue.objects.for_actor(ctx).filter(series=series, pk=value_id).select_related("file").first()
    )
    if found is None:
        raise Missing
    return found


def came_before(ctx: Context, series: Series, digest: str) -> SeriesValue | None:
    """The first value that came with a file of just these bytes."""
    rows = SeriesValue.objects.for_actor(ctx).filter(series=series, file_digest=digest)
    return rows.order_by("at").first()


def newest(ctx: Context, series: Iterable[UUID]) -> dict[UUID, dict[Period, Standing]]:
    """The newest value of each period, of each of these series (one query): of the newest definition, its last revision."""
    found: dict[UUID, dict[Period, Standing]] = defaultdict(dict)
    rows = SeriesValue.objects.for_actor(ctx).filter(series__in=list(series))
    for row in rows.order_by("series", "last", "definition_version", "revision"):
        one = standing(row)
        found[row.series_id][one.period] = one
    return dict(found)


def of_version(ctx: Context, series: Series) -> dict[Period, Standing]:
    """What stands under the definition that holds now: what a file is laid beside."""
    rows = SeriesValue.objects.for_actor(ctx).filter(
        series=series, definition_version=series.definition_version
    )
    return {(one := standing(row)).period: one for row in rows.order_by("last", "revision")}


# --- what is owed -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Owing:
    """A series with what it owes, the oldest period first, and the periods whose value is not 確定 yet."""

    series: Series
    owed: Sequence[Owed]
    soft: Sequence[Period]
    last: Standing | None

    def late(self, today: dt.date) -> Sequence[Owed]:
        """What is past its day."""
        return [one for one in self.owed if one.late(today)]

    def days(self, today: dt.date) -> int:
        """By how many days the oldest is late."""
        return max((one.late(today) for one in self.owed), default=0)


def owing(ctx: Context, series: Sequence[Series]) -> list[Owing]:
    """What each of these series owes (one query)."""
    there = newest(ctx, [one.pk for one in series])
    today = japan_date(ctx.now)
    made = []
    for one in series:
        mine = there.get(one.pk, {})
        # A 見込 of the running period is no answer any more once the period is over.
        here = frozenset(period for period, value in mine.items() if value.status != "provisional")
        due = rules.owed(plan_of(one), here, today) if one.state == "active" else []
        soft = [period for period, value in mine.items() if value.status != "final" and period.over(today)]
        last = mine[max(mine)] if mine else None
        made.append(Owing(one, due[-_OLDEST:], sorted(soft), last))
    return made


def of_offices(ctx: Context, offices: Collection[UUID]) -> list[Series]:
    """The series in use of these offices."""
    if not offices:
        return []
    return list(all_series(ctx).filter(state="active", office__in=list(offices)))


def mine(ctx: Context) -> list[Owing]:
    """What the actor's own offices owe; none for one who has no series."""
    found = of_offices(ctx, reach.own_offices(ctx))
    return owing(ctx, found) if found else []


# --- figures ----------------------------------------------------------------------------------------------------------
def figures(
    ctx: Context, keys: Collection[str], periods: Sequence[Period]
) -> dict[str, dict[Period, Figure]]:
    """The newest figure of each period, of each of these series (two queries); a period without one is not there."""
    found = by_keys(ctx, keys)
    there = newest(ctx, [one.pk for one in found.values()])
    return {
        key: {
            period: figure
            for period in periods
            if (figure := figure_of(ctx, one, there.get(one.pk, {}), period)) is not None
        }
        for key, one in found.items()
    }


def figure_of(
    ctx: Context, series: Series, there: Mapping[Period, Standing], period: Period
) -> Figure | None:
    """The figure of a period: the value that somebody brought for it, or what its months come to.

    Of a day that figures stand for (``as_of``) it is what the months come to that end by it; a yearly series says what it knows of the year.
    """
    if period in there:
        return _of_value(ctx, series, there[period])
    if period.kind in {"month", "day"}:
        return None
    year = Period.year(period.fiscal_year)
    folded = _folded(series, there, period)
    if period.kind == "as_of" and folded is None and year in there:
        return _of_value(ctx, series, there[year], period)
    return _of_months(ctx, series, folded, period) if folded else None


def rests_on(series: Series, there: Mapping[Period, Standing], period: Period) -> Sequence[Standing]:
    """The values that a period's figure (:func:`figure_of`) is made of; none where there is no figure."""
    if period in there:
        return (there[period],)
    if period.kind in {"month", "day"}:
        return ()
    folded, year = _folded(series, there, period), Period.year(period.fiscal_year)
    if folded is not None:
        return folded.months
    return (there[year],) if period.kind == "as_of" and year in there else ()


def _folded(series: Series, there: Mapping[Period, Standing], period: Period) -> Folded | None:
    if series.every != "month":
        return None
    until = period.last if period.kind == "as_of" else None
    months = rules.months_of(period.fiscal_year, until)
    kept = [there[one] for one in months if one in there]
    start = Period.month(series.first)
    expected = [one for one in months if one >= start or (kept and one > kept[0].period)]
    return rules.folded(kept, expected, aggregation=series.aggregation, fold=layout_of(series).fold)


def _page(ctx: Context, series: Series) -> str:
    return reverse("metrics-series", args=[ctx.municipality.code, series.pk])


def _ground(ctx: Context, series: Series, one: Standing, href: str) -> Ground:
    status = str(dict(STATUSES)[one.status])
    told = [_("%(status)s、%(by)s") % {"status": status, "by": one.by}, one.reason]
    return Ground(
        f"{series.title} {period_name(one.period)}",
        one.raw or text_of(one.number),
        href,
        "。".join(part for part in told if part),
    )


def _of_value(ctx: Context, series: Series, one: Standing, period: Period | None = None) -> Figure:
    href = f"{_page(ctx, series)}#{anchor(one.period)}"
    return Figure(
        period or one.period,
        one.number,
        one.state,
        one.numerator,
        one.denominator,
        one.parts,
        one.version,
        one.status,
        one.revision,
        one.reason,
        one.at,
        one.by,
        (_ground(ctx, series, one, href),),
    )


def _of_months(ctx: Context, series: Series, found: Folded, period: Period) -> Figure:
    page = _page(ctx, series)
    grounds = [_ground(ctx, series, one, f"{page}#{anchor(one.period)}") for one in found.months]
    if found.missing:
        names = "、".join(period_name(one) for one in found.missing)
        grounds.append(Ground(_("まだない月"), _("%d か月") % len(found.missing), page, names))
    last = max((one.at for one in found.months if one.at is not None), default=None)
    return Figure(
        period,
        found.number,
        found.state,
        found.numerator,
        found.denominator,
        found.parts,
        found.version,
        found.status,
        found.revision,
        found.note,
        last,
        "、".join(dict.fromkeys(one.by for one in found.months if one.by))[:200],
        tuple(grounds),
    )


def anchor(period: Period) -> str:
    """The id of a period's row on the series' page."""
    return f"{period.kind}-{period.last:%Y%m%d}"


def all_periods(series: Series, there: Mapping[Period, Standing]) -> list[Period]:
    """The periods that a series has a figure of: those of its values, and the years of its months."""
    years = {Period.year(one.fiscal_year) for one in there} if series.every == "month" else set()
    return sorted({*there, *years})


def history(ctx: Context, series: Series) -> list[Figure]:
    """Every figure of a series as it stands, in the order of the periods' ends."""
    there = newest(ctx, [series.pk]).get(series.pk, {})
    found = [figure_of(ctx, series, there, one) for one in all_periods(series, there)]
    return [one for one in found if one is not None]


def year_figures(figures: Iterable[Figure]) -> dict[FiscalYear, Figure]:
    """Those of whole years."""
    return {one.period.fiscal_year: one for one in figures if one.period.kind == "year"}
