"""The writers of figures. Callers are actions, which have asked for permission, the worker and the operator's commands.

store.measure(Period.month(day))                      # all metrics of all municipalities
store.freeze(ctx, "online_procedures_count", [Period.year(FiscalYear(2025))], "令和7年度の点検")
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from decimal import Decimal
from typing import Final, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from yakuba.engines.metrics import public_rows, queries
from yakuba.engines.metrics.declaring import METRICS, Measured, Metric, Scope, metrics
from yakuba.engines.metrics.models import FrozenFigure, PublicFigure, Snapshot
from yakuba.engines.metrics.once import told_once
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.rules import SAID, Given, columns
from yakuba.engines.metrics.sources import Figure
from yakuba.kernel.actions import ActorKind, Context, Problem
from yakuba.kernel.dates import clock, japan_date
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.plugins import crash
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.trail.labels import name_of

T = TypeVar("T")
_BATCH: Final = 500  # rows in one transaction: far below the two seconds that one may last
_SNAPSHOT_KEY: Final = ("municipality", "metric", "definition_version", "kind", "last")
_PUBLIC_KEY: Final = ("municipality", "source", "key", "definition_version", "kind", "last")
#: The ``source`` of public figures that are metrics'.
METRIC: Final = "metric"


# --- measuring ----------------------------------------------------------------------------------------------------------
def measure(
    period: Period,
    keys: Collection[str] | None = None,
    municipalities: frozenset[UUID] | None = None,
    *,
    again: bool = True,
) -> int:
    """Ask the metrics for a period and keep what they say; return how many figures were kept.

    Each metric takes as many statements for one municipality as for a thousand. Who is not in its answer has what it calls ``empty``;
    who lets it count only from a later day has nothing. Doing it again does no harm: each figure is one row, which is written over.
    ``again`` False leaves alone what is frozen. A metric that fails does not keep the others from being measured: what they raised
    comes out at the end, as an ExceptionGroup.
    """
    today = clock.today()
    asked = [one for one in _chosen(keys) if _may_measure(one, period, today)]
    if not asked:
        return 0
    names = [one.key for one in asked]
    left_out = queries.later_starts(period, names)
    if not again:
        left_out |= queries.frozen_in(period, names)
    towns = _towns(municipalities)
    scope = Scope(period, municipalities)
    written, failed = 0, list[Exception]()
    for one in asked:
        try:
            found = _measured(one, scope, [town for town in towns if (one.key, town) not in left_out])
        except Exception as error:  # noqa: BLE001 – a room's own function may raise anything
            error.add_note(f"metric {one.key}, {period.kind} to {period.last}")
            failed.append(error)
            continue
        written += _write_snapshots(one, period, found)
    if failed:
        raise ExceptionGroup("metrics that could not be measured", failed)
    return written


def _chosen(keys: Collection[str] | None) -> Iterator[Metric]:
    if keys is None:
        yield from metrics()
    else:
        yield from (METRICS.get(key) for key in sorted(set(keys)))


def _may_measure(one: Metric, period: Period, today: dt.date) -> bool:
    """Of a period that has not begun nothing is known; what rows do not tell of the past is asked until the night after."""
    if period.kind not in one.every or period.first > today:
        return False
    return one.recomputable or period.last >= today - dt.timedelta(days=1)


def _towns(municipalities: frozenset[UUID] | None) -> list[UUID]:
    rows = Municipality.unscoped.order_by("id")
    if municipalities is not None:
        rows = rows.filter(pk__in=municipalities)
    return list(rows.values_list("id", flat=True))


def _measured(one: Metric, scope: Scope, towns: Sequence[UUID]) -> list[Measured]:
    said: dict[UUID, Measured] = {}
    for found in one.measure(scope):
        if found.municipality in said:
            raise ValueError(f"{one.key} speaks twice of municipality {found.municipality}")
        said[found.municipality] = found
    nothing = Decimal(0) if one.empty == "zero" else None
    return [said.get(town) or Measured(town, nothing) for town in towns]


def _write_snapshots(one: Metric, period: Period, found: Sequence[Measured]) -> int:
    now = clock.now()
    rows = [
        Snapshot(
            municipality_id=each.municipality,
            metric=one.key,
            definition_version=one.version,
            kind=period.kind,
            first=period.first,
            last=period.last,
            measured_at=now,
            **columns(each),
        )
        for each in found
    ]
    for batch in _batches(rows):
        with transaction.atomic():
            Snapshot.unscoped.bulk_create(
                batch,
                update_conflicts=True,
                unique_fields=_SNAPSHOT_KEY,
                update_fields=("first", *SAID, "measured_at"),
            )
        crash.point("metrics.measured")
    return len(rows)


# --- freezing and correcting --------------------------------------------------------------------------------------------
def freeze(
    ctx: Context, key: str, periods: Sequence[Period], ground: str, *, unused: bool = False
) -> list[FrozenFigure]:
    """Keep the figures of these periods as they are now, for what rests on them; return those that stand, in the order of periods.

    What is frozen already stays as it is, under whatever definition. What was never measured, or before it was over, is measured first;
    of a period that nothing can be said of any more, or (but for ``unused``) from before its service was used, there is none. A period
    with days that have not come is measured, but not settled. Part of a running action. Raises :class:`Problem` for an unknown metric.
    """
    one = demand_metric(key)
    stands = {
        queries.period_of(row): row
        for row in _frozen_rows(ctx, key).filter(definition_version__gte=1)
        if queries.period_of(row) in set(periods)
    }
    missing = [period for period in dict.fromkeys(periods) if period not in stands]
    measured = {period: row for period in missing if (row := _snapshot_of(ctx, one, period)) is not None}
    today, begun = japan_date(ctx.now), queries.beginnings(ctx, [key])[key]
    measured = {
        period: row
        for period, row in measured.items()
        if period.last <= today and (unused or begun.counts(row))
    }
    made = [
        FrozenFigure(
            municipality_id=ctx.municipality.id,
            metric=key,
            definition_version=row.definition_version,
            kind=period.kind,
            first=period.first,
            last=period.last,
            origin="measured",
            number=row.number,
            numerator=row.numerator,
            denominator=row.denominator,
            parts=row.parts,
            ground=ground[:200],
            measured_at=row.measured_at,
            frozen_at=ctx.now,
            frozen_by=_by(ctx),
        )
        for period, row in measured.items()
    ]
    _write_frozen(made)
    stands.update(zip(measured, made, strict=True))
    return [stands[period] for period in dict.fromkeys(periods) if period in stands]


def keep(ctx: Context, key: str, figures: Sequence[Figure], ground: str) -> list[FrozenFigure]:
    """Keep figures of a source that is no metric, under a key of its own; return those that were written. Part of a running action.

    What is kept already stays as it is. Of days that have not come nothing is kept.
    """
    today = japan_date(ctx.now)
    stands = {queries.period_of(row) for row in _frozen_rows(ctx, key)}
    made = [
        FrozenFigure(
            municipality_id=ctx.municipality.id,
            metric=key,
            definition_version=one.version,
            kind=one.period.kind,
            first=one.period.first,
            last=one.period.last,
            origin="measured",
            ground=ground[:200],
            measured_at=one.at or ctx.now,
            frozen_at=ctx.now,
            frozen_by=_by(ctx),
            **columns(one),
        )
        for one in {one.period: one for one in figures if one.period not in stands}.values()
        if one.period.last <= today
    ]
    _write_frozen(made)
    return made


def correct(ctx: Context, key: str, period: Period, figure: Given, reason: str) -> FrozenFigure:
    """Say that a period's figure was another; what stood stays beside it. Part of a running action.

    It has the parts that are given with it, mostly none: how another number is split, the former parts do not tell.

    A figure that was not frozen yet is frozen first; where an older system's stands (version 0), that is followed. Raises :class:`Problem`: unknown metric, no reason, a figure that says the same,
    nothing to correct.
    """
    demand_metric(key)
    demand_reason(reason)
    rows = _frozen_rows(ctx, key).filter(kind=period.kind, last=period.last)
    before = rows.filter(definition_version__gte=1).last()
    if before is None:
        # What stands is corrected, and only where nothing does what was counted before the service was used.
        found = queries.figures(ctx, key, [period]).get(period)
        if found is not None and found.version == 0:
            before = rows.last()
        else:
            before = next(iter(freeze(ctx, key, [period], _("訂正の前の値"), unused=found is None)), None)
    if before is None:
        raise Problem("nothing", _("この期間の値は、まだありません。先に計測してください。"), field="period")
    said = columns(figure)
    # Who says a number alone says nothing of its parts.
    if all(getattr(before, name) == value for name, value in said.items() if name != "parts" or figure.parts):
        raise Problem("same", _("いまの値と同じです。訂正する値を入力してください。"), field="number")
    return _next(ctx, before, said, origin="corrected", reason=reason)


def load_earlier(
    ctx: Context,
    key: str,
    rows: Sequence[Given],
    file: StoredFile | None,
    reason: str,
    *,
    over_corrected: bool = False,
) -> list[FrozenFigure]:
    """Keep what an older system had, as version 0 of the definition; return what was written. Part of a running action.

    What stands as version 0 with the same numbers stays; with others it is followed by the next revision. So is a correction only with
    ``over_corrected``: the same file again has the number that was corrected. Raises :class:`Problem`: unknown metric, no reason, two
    rows of one period.
    """
    demand_metric(key)
    demand_reason(reason)
    if len({one.period for one in rows}) != len(rows):
        raise Problem("twice", _("同じ期間の行が2つあります。1つにしてください。"), field="period")
    stands = {queries.period_of(row): row for row in _frozen_rows(ctx, key).filter(definition_version=0)}
    made: list[FrozenFigure] = []
    for one in rows:
        said, before = columns(one), stands.get(one.period)
        if before is not None and before.origin == "corrected" and not over_corrected:
            continue
        if before is not None and all(getattr(before, name) == value for name, value in said.items()):
            continue
        made.append(
            FrozenFigure(
                municipality_id=ctx.municipality.id,
                metric=key,
                definition_version=0,
                kind=one.period.kind,
                first=one.period.first,
                last=one.period.last,
                revision=0 if before is None else before.revision + 1,
                origin="earlier",
                reason=reason.strip(),
                file=file,
                line=one.line,
                measured_at=ctx.now,
                frozen_at=ctx.now,
                frozen_by=_by(ctx),
                **said,
            )
        )
    _write_frozen(made)
    return made


def demand_metric(key: str) -> Metric:
    """The metric of a key. Raises :class:`Problem` on the field ``metric``."""
    if key not in METRICS:
        raise Problem(
            "metric", _("「%s」という計測値はありません。") % key[:80], field="metric", found=key[:80]
        )
    return METRICS.get(key)


def demand_reason(reason: str) -> None:
    """Raises :class:`Problem` on the field ``reason`` where there is none."""
    if not reason.strip():
        raise Problem(
            "required", _("「%(label)s」が空です。入力してください。") % {"label": _("理由")}, field="reason"
        )


def _frozen_rows(ctx: Context, key: str) -> QuerySet[FrozenFigure]:
    return FrozenFigure.unscoped.filter(municipality=ctx.municipality.id, metric=key).order_by(
        "last", "kind", "definition_version", "revision"
    )


def _snapshot_of(ctx: Context, one: Metric, period: Period) -> Snapshot | None:
    """What was measured under today's definition; measured now where it never was, or was before the period's end."""
    rows = Snapshot.unscoped.filter(
        municipality=ctx.municipality.id,
        metric=one.key,
        definition_version=one.version,
        kind=period.kind,
        last=period.last,
    )
    found = rows.first()
    early = found is not None and one.recomputable and found.measured_at < period.end
    if (found is None or early) and measure(period, [one.key], frozenset({ctx.municipality.id})):
        found = rows.first()
    return found


def _next(
    ctx: Context, before: FrozenFigure, said: Mapping[str, object], *, origin: str, reason: str
) -> FrozenFigure:
    last = FrozenFigure.unscoped.filter(
        municipality=ctx.municipality.id,
        metric=before.metric,
        definition_version=before.definition_version,
        kind=before.kind,
        last=before.last,
    ).aggregate(last=Max("revision"))["last"]
    made = FrozenFigure(
        municipality_id=ctx.municipality.id,
        metric=before.metric,
        definition_version=before.definition_version,
        kind=before.kind,
        first=before.first,
        last=before.last,
        revision=(last or 0) + 1,
        origin=origin,
        reason=reason.strip(),
        ground=before.ground,
        measured_at=ctx.now,
        frozen_at=ctx.now,
        frozen_by=_by(ctx),
    )
    for name, value in said.items():
        setattr(made, name, value)
    _write_frozen([made])
    return made


def _write_frozen(made: Sequence[FrozenFigure]) -> None:
    if made:
        with told_once():
            FrozenFigure.unscoped.bulk_create(made, batch_size=_BATCH)


# --- what the public reads ----------------------------------------------------------------------------------------------
def release(ctx: Context, keys: Collection[str] | None = None, since: dt.date | None = None) -> int:
    """Write what the public reads of metrics anew where it differs; return how many rows changed.

    Public is what is declared so and not switched off here: months, years and days that figures stand for, small counts of persons
    left out (:mod:`.small`). What is public no longer goes. ``since``: what ended before that day has not changed and is not looked
    at, but for counts of persons, of which one figure may tell what another keeps.
    """
    asked = list(_chosen(keys))
    off = {key for key, one in queries.settings(ctx, [one.key for one in asked]).items() if not one.public}
    changed = 0
    for persons in (False, True):
        mine = [one for one in asked if (one.least > 1) is persons]
        told = [one.key for one in mine if one.public and one.key not in off]
        first = None if persons else since
        figures = queries.public_kinds(ctx, told, first) if told else {}
        stand = _public_rows(ctx, METRIC, told, first)
        stand |= _public_rows(ctx, METRIC, [one.key for one in mine if one.key not in told])
        for one in mine:
            changed += _release(
                ctx, METRIC, one.key, figures.get(one.key, []), stand.get(one.key, []), one.least,
                one.aggregation, one.flows,
            )  # fmt: skip
    return changed


def release_figures(
    ctx: Context,
    source: str,
    key: str,
    figures: Iterable[Figure],
    *,
    least: int,
    aggregation: str,
    flows: bool,
) -> int:
    """The same for figures from elsewhere: all that the public may see of one series. None of them: what is public goes."""
    stand = _public_rows(ctx, source, [key]).get(key, [])
    return _release(ctx, source, key, list(figures), stand, least, aggregation, flows)


def _public_rows(
    ctx: Context, source: str, keys: Collection[str], since: dt.date | None = None
) -> dict[str, list[PublicFigure]]:
    found: dict[str, list[PublicFigure]] = {}
    if not keys:
        return found
    rows = PublicFigure.unscoped.filter(municipality=ctx.municipality.id, source=source, key__in=keys)
    for row in rows if since is None else rows.filter(last__gte=since):
        found.setdefault(row.key, []).append(row)
    return found


def _release(
    ctx: Context,
    source: str,
    key: str,
    figures: Sequence[Figure],
    stand: Sequence[PublicFigure],
    least: int,
    aggregation: str,
    flows: bool,
) -> int:
    shown = public_rows.shown(ctx, figures, stand, least, aggregation, flows=flows)
    fresh, gone = public_rows.differences(ctx, source, key, shown, stand)
    # Of persons all at once: half of it might tell what the whole keeps.
    with transaction.atomic() if least > 1 else nullcontext():
        for batch in _batches(fresh):
            PublicFigure.unscoped.bulk_create(
                batch,
                update_conflicts=True,
                unique_fields=_PUBLIC_KEY,
                update_fields=("first", *SAID, "hidden", "status", "revision", "note", "released_at"),
            )
        for ids in _batches(gone):
            PublicFigure.unscoped.filter(municipality=ctx.municipality.id, pk__in=ids).delete()
    return len(fresh) + len(gone)


# --- shared -------------------------------------------------------------------------------------------------------------
def _by(ctx: Context) -> str:
    """Who acts, and in which post, as it is written down."""
    who = name_of(ctx.actor.label) if ctx.actor.kind is ActorKind.SYSTEM else ctx.actor.label
    return (f"{who}（{ctx.acting_post}）" if ctx.acting_post else who)[:200]


def _batches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), _BATCH):
        yield rows[start : start + _BATCH]
