"""What the public reads of a series is written in the action that changed it: its figures, and what they count in words."""

from __future__ import annotations

from dataclasses import replace

from yakuba.engines.metrics import small, store
from yakuba.engines.metrics.models import PublicSeries, Series
from yakuba.engines.metrics.series import queries
from yakuba.engines.metrics.series.source import KEY
from yakuba.engines.metrics.sources import Figure
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date
from yakuba.kernel.town.queries import office_name


def release_series(ctx: Context, series: Series) -> None:
    """Write what is public of it anew where it differs; of one that is not public nothing. Words are no public figures."""
    figures = _judged(ctx, series) if series.public and series.aggregation != "state" else []
    store.release_figures(
        ctx,
        KEY,
        series.key,
        figures,
        least=queries.least_of(series),
        aggregation=_manner(series.aggregation, queries.layout_of(series).fold),
        flows=series.aggregation != "at_date",
    )
    _tell(ctx, series, public=bool(figures))


def _manner(aggregation: str, fold: str) -> str:
    """How its figures are judged. Where the year is its last month, each month tells what came since 1 April: 100, 101, 102.

    The share of a level cannot be told from a running one and is judged as that, which hides more and never less.
    """
    return small.running(aggregation) if fold == "last" and aggregation != "cumulative" else aggregation


def _judged(ctx: Context, series: Series) -> list[Figure]:
    """Its figures; of persons those alone that today's aggregation can judge.

    Where a share of persons became a total, its percent is no count and its two numbers would go out unjudged. So what was brought under
    another aggregation is not released; nor where nobody noted under which.
    """
    figures = [_undivided(one) for one in queries.history(ctx, series)]
    if queries.least_of(series) <= 1:
        return figures
    same = {
        int(one["version"])
        for one in queries.earlier_of(series)
        if one.get("aggregation") == series.aggregation
    }
    same.add(series.definition_version)
    return [one for one in figures if one.version in same]


def _undivided(figure: Figure) -> Figure:
    """Without attendance by office: everybody knows who the one of an office of three is, and its cell is as somebody wrote it.

    No other share has parts, so this holds of what a list brought even where the series' file looks otherwise today.
    """
    return replace(figure, parts={}) if figure.denominator is not None else figure


def _tell(ctx: Context, series: Series, *, public: bool) -> None:
    """The words beside the figures."""
    here = PublicSeries.unscoped.filter(municipality=series.municipality_id, key=series.key)
    if not public:
        here.delete()
        return
    said = {
        "title": series.title,
        "unit": series.unit,
        "aggregation": series.aggregation,
        "definition": series.definition,
        "definition_version": series.definition_version,
        "supplier": series.supplier,
        "office": office_name(series.office_id, japan_date(ctx.now)),
        "least": queries.least_of(series),
    }
    stands = here.first()
    if stands is None:
        PublicSeries(
            municipality_id=series.municipality_id, key=series.key, released_at=ctx.now, **said
        ).save(force_insert=True)
    elif any(getattr(stands, name) != value for name, value in said.items()):
        here.update(released_at=ctx.now, **said)
