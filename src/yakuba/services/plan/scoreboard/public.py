"""What the public board rests on: the frozen edition, by what its figures are measured, and the released figures. Portal side alone."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from yakuba.engines.metrics.declaring import METRICS, Metric, metrics
from yakuba.engines.metrics.formula.reading import FormulaError, read
from yakuba.engines.metrics.formula.source import Released, public_figures
from yakuba.engines.metrics.formula.tree import Tree
from yakuba.engines.metrics.models import PublicFigure
from yakuba.engines.metrics.periods import Period
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
Key = tuple[str, str]
"""Whose figures: metric or series, and its key."""


@dataclass(frozen=True)
class Measures:
    """By what the figures of a published edition are measured, and those figures.

    ``found`` by source and key; ``released`` are the metrics of which the public reads any number; ``stamp`` changes with anything of it.
    ``formulas`` are reckoned when somebody asks, not for who has the page already.
    """

    bindings: Mapping[Place, PublicBinding]
    found: Mapping[Key, tuple[Figure, ...]]
    stamp: str
    released: frozenset[str] = frozenset()
    formulas: Formulas | None = None
    _years: dict[Place, dict[int, Figure]] = field(default_factory=dict, repr=False, compare=False)

    def all_of(self, place: Place) -> tuple[Figure, ...]:
        """Every released figure of an indicator, of whatever period; of a formula what the released figures come to."""
        bound = self.bindings.get(place)
        if bound is None:
            return ()
        if bound.formula and self.formulas is not None:
            return self.formulas.whole(bound.formula)
        return self.found.get((bound.source, bound.key), ())

    def of(self, place: Place) -> dict[int, Figure]:
        """The figures of an indicator by fiscal year; nothing for one that is not measured."""
        if place not in self._years:
            self._years[place] = self._by_year(place)
        return self._years[place]

    def _by_year(self, place: Place) -> dict[int, Figure]:
        bound = self.bindings.get(place)
        if bound is None:
            return {}
        if bound.formula and self.formulas is not None:
            return self.formulas.by_year(bound.formula, bound.aggregation)
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


class Formulas:
    """What formulas come to of what the public reads. Each is reckoned once, of the periods that somebody asks for and no others.

    ``rows`` by source and key, ``operands`` by the formula's text.
    """

    def __init__(
        self,
        ctx: Context,
        rows: Mapping[Key, Sequence[PublicFigure]],
        operands: Mapping[str, Collection[Key]],
    ) -> None:
        self._ctx = ctx
        self._rows = rows
        self._operands = operands
        self._known: dict[tuple[str, Period], Figure | None] = {}

    def whole(self, text: str) -> tuple[Figure, ...]:
        """Of every period that one of its released figures is about."""
        found = (self._figure(text, period) for period in self._periods(text))
        return tuple(one for one in found if one is not None)

    def by_year(self, text: str, aggregation: str) -> dict[int, Figure]:
        """As :func:`.figures.by_year`; months only of a year that says nothing itself."""
        found: list[Figure] = []
        for several in figures.best_first(self._periods(text), aggregation).values():
            for periods in several:
                told = [one for period in periods if (one := self._figure(text, period)) is not None]
                found += told
                if told:
                    break
        return figures.by_year(found, aggregation)

    @cached_property
    def _told(self) -> tuple[Mapping[str, Tree], Released]:
        trees = {text: tree for text in self._operands if (tree := _tree(text)) is not None}
        every = {key for text in trees for key in self._operands[text]}
        rows = (row for key in every for row in self._rows.get(key, ()))
        return trees, public_figures(self._ctx, rows, trees.values())

    def _periods(self, text: str) -> list[Period]:
        keys = self._operands.get(text, ())
        return sorted({period_of(row) for key in keys for row in self._rows.get(key, ())})

    def _figure(self, text: str, period: Period) -> Figure | None:
        if (text, period) not in self._known:
            trees, told = self._told
            self._known[text, period] = told(trees[text], period) if text in trees else None
        return self._known[text, period]


def _tree(text: str) -> Tree | None:
    """Nothing for a formula that can be read no more."""
    try:
        return read(text)
    except FormulaError:
        return None


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
    rows: dict[Key, list[PublicFigure]] = {}
    digest = hashlib.sha256()
    for one in bindings:
        digest.update(_stamp(one))
    for row in PublicFigure.objects.for_actor(ctx).filter(chosen).order_by("last", "definition_version"):
        rows.setdefault((row.source, row.key), []).append(row)
        digest.update(_stamp(row))
    released = frozenset(
        PublicFigure.objects.for_actor(ctx)
        .filter(source="metric", hidden=False, number__isnull=False)
        .order_by()
        .values_list("key", flat=True)
        .distinct()
    )
    digest.update("\0".join(sorted(released)).encode())
    return Measures(
        {(one.initiative, one.position): one for one in bindings},
        {key: tuple(map(figure_of, several)) for key, several in rows.items()},
        digest.hexdigest(),
        released,
        Formulas(ctx, rows, {one.formula: set(_keys(one)) for one in bindings if one.formula}),
    )


def _stamp(row: PublicBinding | PublicFigure) -> bytes:
    return f"{row.pk}:{row.version}:{row.released_at.isoformat()}\0".encode()


def _keys(bound: PublicBinding) -> Iterable[Key]:
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
