"""What the public board rests on: the frozen edition, by what its figures are measured, and the released figures. Portal side alone."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from yakuba.engines.metrics.declaring import METRICS, Metric, metrics
from yakuba.engines.metrics.formula.reading import FormulaError, read
from yakuba.engines.metrics.formula.source import public_figures
from yakuba.engines.metrics.models import PublicFigure
from yakuba.engines.metrics.queries import period_of
from yakuba.engines.metrics.rules import read_parts
from yakuba.engines.metrics.sources import Figure
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date
from yakuba.services.plan.models import PublicBinding
from yakuba.services.plan.public_figures import IndicatorView
from yakuba.services.plan.rows import Form
from yakuba.services.plan.scoreboard import figures, standing
from yakuba.services.plan.scoreboard.drawing import Chart, chart
from yakuba.services.plan.shown import Row

Place = tuple[UUID, int]
"""An initiative and the place of one of its indicators, from 0."""


@dataclass(frozen=True)
class Measures:
    """By what the figures of a published edition are measured, and those figures.

    ``found`` by source and key; ``released`` are the metrics of which the public reads any figure; ``stamp`` changes with anything of it.
    """

    bindings: Mapping[Place, PublicBinding]
    found: Mapping[tuple[str, str], tuple[Figure, ...]]
    stamp: str
    released: frozenset[str] = frozenset()

    def all_of(self, place: Place) -> tuple[Figure, ...]:
        """Every released figure of an indicator, of whatever period; of a formula what the released figures come to."""
        bound = self.bindings.get(place)
        return self.found.get((bound.source, bound.key or bound.formula), ()) if bound is not None else ()

    def of(self, place: Place) -> dict[int, Figure]:
        """The figures of an indicator by fiscal year; nothing for one that is not measured."""
        bound = self.bindings.get(place)
        if bound is None:
            return {}
        return figures.by_year(self.all_of(place), bound.aggregation)

    def unit(self, place: Place) -> str:
        """In which unit an indicator's figures were measured; empty for one that is not measured."""
        bound = self.bindings.get(place)
        return bound.unit if bound is not None else ""

    def newest(self, rows: Iterable[Row]) -> dt.date | None:
        """The day as of which the figures of initiatives were measured: the newest release among them. None where none has any."""
        places = ((row.id, place) for row in rows for place in range(len(row.form["indicators"])))
        days = (
            japan_date(one.at) for place in places for one in self.of(place).values() if one.at is not None
        )
        return max(days, default=None)

    def chart(self, view: IndicatorView, indicator: Form, initiative: UUID) -> Chart:
        """The chart of an indicator with its measured course."""
        place = (initiative, view.number - 1)
        bound = self.bindings.get(place)
        said = definitions(declared(bound.source, bound.key)) if bound is not None else {}
        share = "ratio" in {indicator["aggregation"], bound.aggregation if bound is not None else None}
        return chart(view, indicator, self.of(place), said, share=share)


NOTHING: Final = Measures({}, {}, "")
"""What nothing measures."""


def measures(ctx: Context, publication: Publication, initiative: UUID | None = None) -> Measures:
    """The measures of an edition, or of one of its initiatives (three queries, however many there are)."""
    bound = PublicBinding.objects.for_actor(ctx).filter(edition=publication.subject)
    if initiative is not None:
        bound = bound.filter(initiative=initiative)
    bindings = list(bound.order_by("initiative", "position"))
    keys = {key for one in bindings for key in _keys(one)}
    wanted: dict[str, set[str]] = {}
    for source, key in keys:
        wanted.setdefault(source, set()).add(key)
    chosen = Q(pk__in=())
    for source, names in wanted.items():
        chosen |= Q(source=source, key__in=sorted(names))
    rows = list(PublicFigure.objects.for_actor(ctx).filter(chosen).order_by("last", "definition_version"))
    found: dict[tuple[str, str], list[Figure]] = {}
    for row in rows:
        found.setdefault((row.source, row.key), []).append(figure_of(row))
    digest = hashlib.sha256()
    stamps = [(one.pk, one.version, one.released_at) for one in bindings]
    stamps += [(one.pk, one.version, one.released_at) for one in rows]
    for one_key, version, at in stamps:
        digest.update(f"{one_key}:{version}:{at.isoformat()}\0".encode())
    released = frozenset(
        PublicFigure.objects.for_actor(ctx)
        .filter(source="metric")
        .order_by()
        .values_list("key", flat=True)
        .distinct()
    )
    digest.update("\0".join(sorted(released)).encode())
    for one in bindings:
        if one.formula:
            found["formula", one.formula] = _reckoned(ctx, one, rows)
    return Measures(
        {(one.initiative, one.position): one for one in bindings},
        {key: tuple(kept) for key, kept in found.items()},
        digest.hexdigest(),
        released,
    )


def _reckoned(ctx: Context, bound: PublicBinding, rows: Iterable[PublicFigure]) -> list[Figure]:
    """What a formula says of every period that one of its released figures is about; nothing where it can be read no more."""
    try:
        tree = read(bound.formula)
    except FormulaError:
        return []
    keys = set(_keys(bound))
    own = [row for row in rows if (row.source, row.key) in keys]
    periods = sorted({period_of(row) for row in own})
    told = public_figures(ctx, own, [tree])
    return [figure for period in periods if (figure := told(tree, period)) is not None]


def _keys(bound: PublicBinding) -> Iterable[tuple[str, str]]:
    """The released figures that a binding names: its own, or those it is made of."""
    if bound.key:
        yield bound.source, bound.key
    for operand in bound.operands:
        if operand.get("key"):
            yield str(operand.get("source", "")), str(operand["key"])


def figure_of(row: PublicFigure) -> Figure:
    """A released figure in the shape that all sources give theirs."""
    return Figure(
        period_of(row),
        row.number,
        numerator=row.numerator,
        denominator=row.denominator,
        parts=read_parts(row.parts),
        version=row.definition_version,
        status=row.status,
        revision=row.revision,
        note=_("人数が少ないため出しません") if row.hidden else row.note,
        at=row.released_at,
    )


def known(found: Measures) -> standing.Known:
    """What the board's rules have to know beside the plan's own words."""
    taken = {place: found.of(place) for place in found.bindings}
    return standing.Known(
        {place: figures.numbers(one) for place, one in taken.items()},
        services(found.released),
        {place: figures.breaks(one) for place, one in taken.items()},
    )


def declared(source: str, key: str) -> Metric | None:
    """The metric that a released figure is of; None for a series, and for one whose room was taken out."""
    return METRICS.get(key) if source == "metric" and key in METRICS else None


def definitions(of: Metric | None) -> dict[int, str]:
    """What a metric counts, by version of its definition."""
    if of is None:
        return {}
    return {one.version: str(one.definition) for one in of.earlier} | {of.version: str(of.definition)}


def services(released: Collection[str]) -> dict[str, tuple[str, ...]]:
    """By theme the metrics of which this municipality shows figures: what could measure an initiative."""
    return standing.services_by_theme(
        (one.systems, str(one.label)) for one in metrics() if one.key in released
    )
