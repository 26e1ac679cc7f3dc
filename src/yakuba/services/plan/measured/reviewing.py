"""What was measured, beside what offices answer in a round: while it runs from the sources, once it is closed as it was kept then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final
from uuid import UUID

from yakuba.engines.metrics.periods import Kind, Period
from yakuba.engines.metrics.sources import SOURCES, Figure, Ground
from yakuba.kernel.actions import Context
from yakuba.services.plan.measured import queries
from yakuba.services.plan.measured.beside import Beside, Outward
from yakuba.services.plan.measured.fitting import Measure
from yakuba.services.plan.measured.withheld import withheld
from yakuba.services.plan.models import Binding, MeasuredThen, Review

_KINDS: Final[Mapping[str, Kind]] = {"day": "day", "month": "month", "year": "year", "as_of": "as_of"}


@dataclass(frozen=True, slots=True)
class Rests:
    """What the figures of a review rest on, by the indicator's place: what was measured, and how the office counts the others."""

    measured: Mapping[int, Beside] = field(default_factory=dict)
    manual: Mapping[int, str] = field(default_factory=dict)


def rests_of(ctx: Context, reviews: Sequence[Review]) -> dict[UUID, Rests]:
    """What these reviews of one round rest on, by the review. Of a closed round what was kept then, and nothing else.

    A constant number of queries for each kind of source; of queries on ledgers one for each binding. The caller has scoped the reviews.
    """
    if not reviews:
        return {}
    round_ = reviews[0].item.round
    if round_.state == "closed":
        return {key: Rests(own) for key, own in kept(ctx, reviews).items()}
    found: dict[UUID, Rests] = {}
    period = queries.period_of(round_)
    by_edition: dict[UUID, list[Review]] = defaultdict(list)
    for one in reviews:
        by_edition[one.edition_id].append(one)
    for own in by_edition.values():
        ways = {one.initiative: one.pk for one in own}
        bound = {
            place: one for place, one in queries.bindings(ctx, own[0].edition).items() if place[0] in ways
        }
        measured = queries.figures_of(ctx, bound, [period])
        back = withheld(ctx, bound, {at: told[period] for at, told in measured.items() if period in told})
        for initiative, review in ways.items():
            places = {place: one for (of, place), one in bound.items() if of == initiative}
            found[review] = Rests(
                {
                    place: _beside(
                        ctx,
                        one,
                        measured[initiative, place][period],
                        back.get((initiative, place), Outward()),
                    )
                    for place, one in places.items()
                    if period in measured.get((initiative, place), {})
                },
                {place: one.definition for place, one in places.items() if one.source == queries.MANUAL},
            )
    return found


def _beside(ctx: Context, one: Binding, figure: Figure, out: Outward) -> Beside:
    href = SOURCES.get(one.source).href(ctx, one.said) if one.source in SOURCES else ""
    return Beside(
        one.title,
        Measure(one.unit, one.aggregation),
        out.instead or figure,
        href,
        withheld=out.why,
        published=out.instead is not None,
    )


def kept(ctx: Context, reviews: Sequence[Review]) -> dict[UUID, dict[int, Beside]]:
    """What was kept of a closed round, as it was then (one query)."""
    found: dict[UUID, dict[int, Beside]] = defaultdict(dict)
    rows = (
        MeasuredThen.objects.for_actor(ctx)
        .filter(review__in=[one.pk for one in reviews])
        .select_related("binding")
    )
    for row in rows.order_by("position"):
        found[row.review_id][row.position] = Beside(
            row.binding.title,
            Measure(row.binding.unit, row.binding.aggregation),
            figure_then(row),
            SOURCES.get(row.binding.source).href(ctx, row.binding.said)
            if row.binding.source in SOURCES
            else "",
            frozen=True,
        )
    return found


def figure_then(row: MeasuredThen) -> Figure:
    """What was kept, as a figure."""
    return Figure(
        Period(row.last, row.first, _KINDS[row.kind]),
        _number(row.number),
        row.state,
        _number(row.numerator),
        _number(row.denominator),
        version=row.definition_version,
        status=row.status,
        revision=row.figure_revision,
        at=row.measured_at,
        grounds=tuple(Ground(one["label"], one["value"], one["href"], one["note"]) for one in row.grounds),
    )


def _number(kept_: Decimal | None) -> Decimal | None:
    return None if kept_ is None else Decimal(kept_)
