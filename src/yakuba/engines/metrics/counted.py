"""What the public reads figures of: metrics as rooms declare them, and series as the desk released them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from django.apps import apps
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.engines.metrics.declaring import METRICS, Metric
from yakuba.engines.metrics.models import PublicFigure, PublicSeries
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date

_URLS: Final = {
    "metric": ("metrics-public-metric", "metrics-public-metric-sheet", "metrics-public-metric-data"),
    "series": ("metrics-public-series", "metrics-public-series-sheet", "metrics-public-series-data"),
}
_RECENT: Final = 2
_FLOORS: Final = ("services", "packs", "engines")


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing that is counted: ``group`` is what it stands under, ``origin`` who counts it in a sentence."""

    source: str
    key: str
    label: str
    unit: str
    aggregation: str
    definition: str
    version: int
    group: str
    origin: str
    office: str = ""
    place: int = 0
    """Where its group stands: services that people come for, departments' systems, what goes on inside, figures from elsewhere."""

    def href(self, ctx: Context) -> str:
        """Its public page."""
        return reverse(_URLS[self.source][0], args=[ctx.municipality.code, self.key])

    @property
    def sheet_url(self) -> str:
        """The name of the address of its file."""
        return _URLS[self.source][1]

    @property
    def data_url(self) -> str:
        """The name of the address of its JSON."""
        return _URLS[self.source][2]

    def names(self, ctx: Context, parts: Collection[str]) -> dict[str, str]:
        """What its parts are called."""
        if self.source == "metric" and self.key in METRICS:
            return METRICS.get(self.key).names_of(ctx.municipality.id, parts)
        return {part: part for part in parts}


def room_name(one: Metric) -> str:
    """The service that measures it: 手続, 地図."""
    found = apps.get_containing_app_config(one.room)
    return str(found.verbose_name) if found else one.room


def _floor_of(one: Metric) -> int:
    floor = one.room.split(".")[1:2]
    return next((place for place, name in enumerate(_FLOORS) if [name] == floor), len(_FLOORS))


def of_metric(one: Metric) -> Counted:
    """A metric of this system."""
    room = room_name(one)
    return Counted(
        "metric",
        one.key,
        str(one.label),
        one.unit,
        one.aggregation,
        str(one.definition),
        one.version,
        room,
        _("役場のシステム（%(room)s）が、毎晩自動で数えています。") % {"room": room},
        place=_floor_of(one),
    )


def of_series(one: PublicSeries) -> Counted:
    """A figure that is measured elsewhere and brought by an office."""
    origin = (
        _("%(supplier)sの数字を、%(office)sが届けています。")
        % {"supplier": one.supplier, "office": one.office}
        if one.supplier
        else _("%(office)sが届けている数字です。") % {"office": one.office}
    )
    return Counted(
        "series",
        one.key,
        one.title,
        one.unit or ("%" if one.aggregation == "ratio" else ""),
        one.aggregation,
        one.definition,
        one.definition_version,
        _("ほかで数えている数字"),
        origin,
        office=one.office,
        place=len(_FLOORS),
    )


def counted_one(ctx: Context, source: str, key: str) -> Counted | None:
    """What a public figure counts; None where nobody knows any more."""
    if source == "metric" and key in METRICS:
        return of_metric(METRICS.get(key))
    if source == "series":
        found = PublicSeries.objects.for_actor(ctx).filter(key=key).first()
        return of_series(found) if found else None
    return None


def counted(ctx: Context, *, since: dt.date | None = None) -> Iterator[tuple[Counted, list[PublicFigure]]]:
    """Everything that the public reads, with its figures in the order of their periods; two queries.

    ``since``: of other periods than fiscal years those that end on that day or later, which is what a list of newest figures needs.
    """
    series = {one.key: of_series(one) for one in PublicSeries.objects.for_actor(ctx)}
    asked = PublicFigure.objects.for_actor(ctx)
    if since is not None:
        asked = asked.filter(Q(kind="year") | Q(last__gte=since))
    rows: dict[tuple[str, str], list[PublicFigure]] = defaultdict(list)
    for row in asked.order_by("source", "key", "last", "kind", "definition_version"):
        rows[row.source, row.key].append(row)
    for (source, key), found in rows.items():
        one = series.get(key) if source == "series" else counted_one(ctx, source, key)
        if one is not None:
            yield one, found


def newest(ctx: Context) -> Iterator[tuple[Counted, list[PublicFigure]]]:
    """The same with what tells the newest figure of each, and how it went lately."""
    today = japan_date(ctx.now)
    return counted(ctx, since=today.replace(year=today.year - _RECENT, day=1))


def how_many(ctx: Context) -> int:
    """How many things are counted in public; one query."""
    return PublicFigure.objects.for_actor(ctx).order_by().values("source", "key").distinct().count()
