"""Reads of figures: the newest of each period, a row of them through time, and what the public reads. A constant number of queries each."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet

from yakuba.engines.metrics.declaring import Metric, metrics
from yakuba.engines.metrics.models import (
    FrozenFigure,
    MetricSetting,
    PublicFigure,
    PublicSeries,
    Snapshot,
)
from yakuba.engines.metrics.periods import Kind, Period
from yakuba.engines.metrics.rules import read_parts
from yakuba.engines.metrics.sources import Figure
from yakuba.kernel.actions import Context
from yakuba.kernel.town.models import Municipality

_KINDS: Final[Mapping[str, Kind]] = {"day": "day", "month": "month", "year": "year", "as_of": "as_of"}
#: What shows that a room is in use. Days are many, and their months tell the same.
_USED: Final = Q(kind__in=("month", "year", "as_of"), number__isnull=False) & ~Q(number=0)
_ASKED: Final = 5


# --- one metric ---------------------------------------------------------------------------------------------------------
def figures(ctx: Context, key: str, periods: Sequence[Period]) -> dict[Period, Figure]:
    """The figure that counts for each period that has one.

    That is the newest revision of the one that was frozen, else what was measured last under the newest definition, else what an older
    system had (version 0). Nothing from before its service was used (:func:`beginnings`). Four queries.
    """
    return figures_of(ctx, [key], periods).get(key, {})


def figures_of(
    ctx: Context, keys: Iterable[str], periods: Sequence[Period]
) -> dict[str, dict[Period, Figure]]:
    """As :func:`figures`, of several metrics in as many queries as of one."""
    wanted = _of_periods(periods)
    return {} if wanted is None else _newest(ctx, list(keys), wanted)


def history(ctx: Context, key: str, kind: Kind, first: dt.date, last: dt.date) -> list[Figure]:
    """The figures of the periods of a kind that end from ``first`` to ``last``, in order. Where ``version`` changes, the line breaks."""
    return histories(ctx, [key], kind, first, last).get(key, [])


def histories(
    ctx: Context, keys: Iterable[str], kind: Kind, first: dt.date, last: dt.date
) -> dict[str, list[Figure]]:
    """As :func:`history`, of several metrics in as many queries as of one."""
    found = _newest(ctx, list(keys), Q(kind=kind, last__gte=first, last__lte=last))
    return {key: [of[period] for period in sorted(of)] for key, of in found.items()}


def public_kinds(ctx: Context, keys: Iterable[str], since: dt.date | None = None) -> dict[str, list[Figure]]:
    """The figures of months, years and days that figures stand for, of several metrics in three queries.

    ``since``: only of periods that end on that day or later.
    """
    wanted = Q(kind__in=("month", "year", "as_of"))
    found = _newest(ctx, list(keys), wanted if since is None else wanted & Q(last__gte=since))
    return {key: [of[period] for period in sorted(of)] for key, of in found.items()}


def by_version(ctx: Context, key: str, kind: Kind) -> dict[int, dict[Period, Figure]]:
    """What each definition says of each period: the newest frozen revision under it, else what was measured under it. Two queries."""
    found: dict[int, dict[Period, Figure]] = defaultdict(dict)
    for row in _snapshots(ctx, [key], Q(kind=kind)):
        found[row.definition_version][period_of(row)] = of_snapshot(row)
    for frozen in _frozen(ctx, [key], Q(kind=kind)):
        found[frozen.definition_version][period_of(frozen)] = of_frozen(frozen)
    return {version: found[version] for version in sorted(found)}


def revisions(ctx: Context, key: str, period: Period) -> list[FrozenFigure]:
    """Everything that was frozen, loaded or corrected for a period, in the order of versions and revisions."""
    return list(
        FrozenFigure.objects.for_actor(ctx)
        .filter(metric=key, kind=period.kind, last=period.last)
        .select_related("file")
        .order_by("definition_version", "revision")
    )


def all_revisions(ctx: Context, key: str, most: int) -> list[FrozenFigure]:
    """The same of every period, the newest period and revision first, at most so many."""
    return list(
        FrozenFigure.objects.for_actor(ctx)
        .filter(metric=key)
        .select_related("file")
        .order_by("-last", "kind", "-definition_version", "-revision")[:most]
    )


def corrected_earlier(ctx: Context, key: str) -> set[Period]:
    """The periods of which what stands of an older system (version 0) is a correction."""
    rows = FrozenFigure.objects.for_actor(ctx).filter(metric=key, definition_version=0).order_by("revision")
    newest = {period_of(row): row.origin for row in rows}
    return {period for period, origin in newest.items() if origin == "corrected"}


def snapshot(ctx: Context, one: Metric, period: Period) -> Snapshot:
    """What was measured of a period under today's definition. ObjectDoesNotExist where nothing was."""
    return Snapshot.objects.for_actor(ctx).get(
        metric=one.key, definition_version=one.version, kind=period.kind, last=period.last
    )


def _newest(ctx: Context, keys: list[str], wanted: Q) -> dict[str, dict[Period, Figure]]:
    found: dict[str, dict[Period, Figure]] = defaultdict(dict)
    earlier: dict[tuple[str, Period], Figure] = {}
    # Later versions and revisions come after those that they take the place of.
    for frozen in _frozen(ctx, keys, wanted):
        period = period_of(frozen)
        if frozen.definition_version == 0:
            earlier[frozen.metric, period] = of_frozen(frozen)
        else:
            found[frozen.metric][period] = of_frozen(frozen)
    stands = {(key, period) for key, of in found.items() for period in of}
    begun = beginnings(ctx, keys)
    for row in _snapshots(ctx, keys, wanted):
        period = period_of(row)
        if (row.metric, period) not in stands and begun[row.metric].counts(row):
            found[row.metric][period] = of_snapshot(row)
    for (key, period), figure in earlier.items():
        found[key].setdefault(period, figure)
    return dict(found)


def _frozen(ctx: Context, keys: list[str], wanted: Q) -> QuerySet[FrozenFigure]:
    return (
        FrozenFigure.objects.for_actor(ctx)
        .filter(wanted, metric__in=keys)
        .order_by("metric", "definition_version", "revision")
    )


def _snapshots(ctx: Context, keys: list[str], wanted: Q) -> QuerySet[Snapshot]:
    return (
        Snapshot.objects.for_actor(ctx)
        .filter(wanted, metric__in=keys)
        .order_by("metric", "definition_version")
    )


def _of_periods(periods: Iterable[Period]) -> Q | None:
    days: dict[str, set[dt.date]] = defaultdict(set)
    for period in periods:
        days[period.kind].add(period.last)
    found: Q | None = None
    for kind, lasts in days.items():
        one = Q(kind=kind, last__in=lasts)
        found = one if found is None else found | one
    return found


# --- rows as figures ----------------------------------------------------------------------------------------------------
def period_of(row: Snapshot | FrozenFigure | PublicFigure) -> Period:
    """The period that a row is about."""
    return Period(row.last, row.first, _KINDS[row.kind])


def of_snapshot(row: Snapshot) -> Figure:
    """What was measured; provisional where its period was not over then: what came in afterwards it does not know."""
    period = period_of(row)
    return Figure(
        period,
        row.number,
        numerator=row.numerator,
        denominator=row.denominator,
        parts=read_parts(row.parts),
        version=row.definition_version,
        status="preliminary" if row.measured_at >= period.end else "provisional",
        at=row.measured_at,
    )


def of_frozen(row: FrozenFigure) -> Figure:
    """What something rests on. A correction says why."""
    return Figure(
        period_of(row),
        row.number,
        numerator=row.numerator,
        denominator=row.denominator,
        parts=read_parts(row.parts),
        version=row.definition_version,
        status="final",
        revision=row.revision,
        note=row.reason,
        at=row.frozen_at,
        by=row.frozen_by,
    )


# --- what a municipality decided ----------------------------------------------------------------------------------------
def settings(ctx: Context, keys: Iterable[str] | None = None) -> dict[str, MetricSetting]:
    """What the municipality decided on metrics, by key; what it decided nothing on is not there."""
    rows = MetricSetting.objects.for_actor(ctx).select_related("office")
    if keys is not None:
        rows = rows.filter(metric__in=list(keys))
    return {row.metric: row for row in rows}


def starts(ctx: Context, keys: Iterable[str]) -> dict[str, dt.date]:
    """From which day the municipality lets metrics count, where it named one."""
    rows = MetricSetting.objects.for_actor(ctx).filter(metric__in=list(keys), since__isnull=False)
    return {row.metric: row.since for row in rows if row.since is not None}


@dataclass(frozen=True, slots=True)
class Beginning:
    """The day from which on a metric's figures mean something; ``named``: the municipality said so."""

    day: dt.date
    named: bool = False

    def counts(self, row: Snapshot) -> bool:
        """Whether what was measured is a figure. A number that is not 0 always is one, but for a day that was named."""
        return self.day <= row.last or (not self.named and bool(row.number))


def beginnings(ctx: Context, keys: Iterable[str]) -> dict[str, Beginning]:
    """From when on each metric's figures mean something: the day that was named, else the start of its room's first period in use.

    Before a service is used it counts nothing, and that is no 0: a room is in use from the first period of which any of its metrics has
    a number that is not 0, measured or frozen as it was measured (what somebody corrected is no use); one that was never used has no day
    (``date.max``). A metric that is gone keeps its figures. Two queries.
    """
    wanted = set(keys)
    room_of = {one.key: one.room for one in metrics()}
    rooms = {room_of[key] for key in wanted if key in room_of}
    mine = [key for key, room in room_of.items() if room in rooms]
    measured = Snapshot.objects.for_actor(ctx).filter(_USED, metric__in=mine)
    frozen = FrozenFigure.objects.for_actor(ctx).filter(
        _USED, metric__in=mine, definition_version__gte=1, origin="measured"
    )
    told = [
        one.order_by().values_list("metric", "kind").annotate(earliest=Min("last"))
        for one in (measured, frozen)
    ]
    used: dict[str, dict[str, dt.date]] = defaultdict(dict)
    for key, kind, last in told[0].union(told[1]):
        of = used[room_of[key]]
        of[kind] = min(last, of.get(kind, last))
    found = {key: Beginning(_begun(used[room_of[key]]) if key in room_of else dt.date.min) for key in wanted}
    return found | {key: Beginning(day, named=True) for key, day in starts(ctx, wanted).items()}


def _begun(earliest: Mapping[str, dt.date]) -> dt.date:
    """The first day of a room in use, from the end of the first period of each kind that tells of it.

    That is when the shortest began of those that run at the first of these ends: a month within its year. What a 基準日 tells of may be
    as old as its year, but is known of its month alone.
    """
    if not earliest:
        return dt.date.max
    known = min(earliest.values())
    firsts = [
        Period.of("month" if kind == "as_of" else _KINDS[kind], last).first for kind, last in earliest.items()
    ]
    return max(first for first in firsts if first <= known)


# --- the public ---------------------------------------------------------------------------------------------------------
def public_history(ctx: Context, source: str, key: str, kind: Kind | None = None) -> list[PublicFigure]:
    """What the public reads of a metric or series, in the order of the periods' ends; without ``kind`` all kinds."""
    rows = PublicFigure.objects.for_actor(ctx).filter(source=source, key=key)
    if kind is not None:
        rows = rows.filter(kind=kind)
    return list(rows.order_by("last", "kind", "definition_version"))


@dataclass(frozen=True, slots=True)
class PublicStamp:
    """When what the public reads was last changed, and how many rows there are: both together tell one state from another."""

    at: dt.datetime | None
    rows: int


def public_stamp(ctx: Context) -> PublicStamp:
    """The stamp of everything that the public reads of figures here."""
    rows = PublicFigure.objects.for_actor(ctx)
    words = PublicSeries.objects.for_actor(ctx)
    days = [
        one.order_by("-released_at").values_list("released_at", flat=True).first() for one in (rows, words)
    ]
    return PublicStamp(max((day for day in days if day is not None), default=None), rows.count())


# --- for the mechanism itself: everybody's rows -------------------------------------------------------------------------
def later_starts(period: Period, keys: Iterable[str]) -> set[tuple[str, UUID]]:
    """(metric, municipality) pairs that count only from a day after the period."""
    return set(
        MetricSetting.unscoped.filter(metric__in=list(keys), since__gt=period.last).values_list(
            "metric", "municipality_id"
        )
    )


def frozen_in(period: Period, keys: Iterable[str]) -> set[tuple[str, UUID]]:
    """(metric, municipality) pairs whose figure of the period is frozen under a definition of ours."""
    return set(
        FrozenFigure.unscoped.filter(
            metric__in=list(keys), kind=period.kind, last=period.last, definition_version__gte=1
        ).values_list("metric", "municipality_id")
    )


def last_measured() -> dict[Kind, dt.date]:
    """Of each kind the last day of the newest period that was measured; one that runs counts as well.

    Asked of the oldest municipalities, which are measured first: of all of them it would be a look at every row.
    """
    found: dict[Kind, dt.date] = {}
    for town in Municipality.unscoped.order_by("id").values_list("id", flat=True)[:_ASKED]:
        rows = Snapshot.unscoped.filter(municipality=town).order_by().values_list("kind")
        for kind, newest in rows.annotate(newest=Max("last")):
            found[_KINDS[kind]] = max(newest, found.get(_KINDS[kind], newest))
    return found


def days_asked(since: dt.date) -> set[tuple[UUID, dt.date]]:
    """(municipality, day) pairs that a figure was measured as of, from a day on."""
    return set(
        Snapshot.unscoped.filter(kind="as_of", last__gte=since)
        .order_by()
        .values_list("municipality_id", "last")
        .distinct()
    )


def gaps() -> list[tuple[str, str, dt.date]]:
    """(municipality's code, metric, last day) of frozen figures whose revisions do not count from 0 without a gap."""
    rows = (
        FrozenFigure.unscoped.order_by()
        .values("municipality__code", "metric", "definition_version", "kind", "last")
        .annotate(many=Count("id"), newest=Max("revision"))
        .exclude(many=F("newest") + 1)
        .order_by("municipality__code", "metric", "last")
    )
    return list(rows.values_list("municipality__code", "metric", "last"))


def public_though_off(internal: Iterable[str]) -> list[tuple[str, str]]:
    """(municipality's code, metric) of public figures whose metric is the desk's own, or was switched off there."""
    off = MetricSetting.unscoped.filter(
        municipality=OuterRef("municipality"), metric=OuterRef("key"), public=False
    )
    rows = PublicFigure.unscoped.filter(Q(Exists(off)) | Q(key__in=list(internal)), source="metric")
    return list(
        rows.order_by("municipality__code", "key").values_list("municipality__code", "key").distinct()
    )
