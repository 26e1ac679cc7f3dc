"""What could measure an indicator in this municipality: its metrics and its series, with what they measured in the years of the plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from yakuba.engines.metrics.declaring import metrics
from yakuba.engines.metrics.models import Series
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.sources import SOURCES
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear
from yakuba.services.plan.measured.actions.store import mark_of
from yakuba.services.plan.measured.fitting import Measure
from yakuba.services.plan.measured.proposals import Offer, Proposal, propose_all
from yakuba.services.plan.measured.queries import Place
from yakuba.services.plan.rows import Form

METRIC: Final = "metric"
SERIES: Final = "series"


def declared() -> list[Offer]:
    """An offer of each metric that this installation's rooms declare. No database."""
    return [
        Offer(
            METRIC,
            {"metric": one.key},
            str(one.label),
            Measure(one.unit, one.aggregation),
            str(one.definition),
            one.systems,
            one.words,
            one.direction,
        )
        for one in metrics()
    ]


def offers(ctx: Context, forms: Iterable[Form] = ()) -> list[Offer]:
    """Metrics and the series in use, each with what it measured in the years that these initiatives' values are of.

    A constant number of queries for the metrics, and one more for each series.
    """
    found = declared()
    if SERIES in SOURCES:
        rows = Series.objects.for_actor(ctx).filter(state="active").order_by("key")
        found += [
            Offer(
                SERIES,
                {"series": one.key},
                one.title,
                Measure(one.unit, one.aggregation),
                one.definition,
            )
            for one in rows
        ]
    years = sorted(
        {
            value["year"]
            for form in forms
            for indicator in form["indicators"]
            for value in indicator["values"]
            if value["year"] and value["kind"] in ("actual", "baseline")
        }
    )
    return measured(ctx, found, [FiscalYear(year) for year in years]) if years else found


def measured(ctx: Context, found: Sequence[Offer], years: Sequence[FiscalYear]) -> list[Offer]:
    """The same offers with the numbers of these years."""
    periods = [Period.year(year) for year in years]
    made = list(found)
    for key in sorted({one.source for one in found} & set(SOURCES)):
        places = [nth for nth, one in enumerate(found) if one.source == key]
        many = SOURCES.get(key).figures_of_many(ctx, [found[nth].said for nth in places], periods)
        for nth, figures in zip(places, many, strict=True):
            own = {
                period.fiscal_year.year: figure.number
                for period, figure in figures.items()
                if figure.number is not None
            }
            made[nth] = replace(found[nth], numbers=own)
    return made


def proposed(
    rows: Iterable[tuple[UUID, Form]],
    found: Sequence[Offer],
    bound: Iterable[Place],
    declined: dict[UUID, set[str]],
) -> dict[Place, list[Proposal]]:
    """What is proposed for each indicator that is bound to nothing, without what somebody declined."""
    taken = set(bound)
    told: dict[Place, list[Proposal]] = {}
    for key, form in rows:
        marks = declined.get(key, set())
        for place, own in propose_all(form, found).items():
            name = form["indicators"][place]["name"]
            left = [one for one in own if one.offer is None or _mark(name, one.offer) not in marks]
            if left and (key, place) not in taken:
                told[key, place] = left
    return told


def _mark(name: str, offer: Offer) -> str:
    return mark_of(name, offer.source, offer.said)
