"""How each action of series is tried in the permission matrix: on a series of the own office."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpResponse
from django.test import Client

from tests.engines.metrics.series.sample import COUNT, count, data, fresh, typed
from tests.matrix import Specimen
from tests.world import Town
from yakuba.engines.metrics.models import Series
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.series import actions
from yakuba.engines.metrics.series.actions.bringing import sent
from yakuba.engines.metrics.series.reading import Brought
from yakuba.engines.metrics.series.views.defining import layout_typed
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import FiscalYear, clock, japan_date

WHY = "理由の文です。"
SAID = {
    "title": "改めた名前",
    "due_days": "20",
    "least": "0",
    "first": "R7.4.1",
    **layout_typed(COUNT),
}


def years_ago(number: int) -> Period:
    """A fiscal year that is over, whatever today is."""
    return Period.year(FiscalYear.of(japan_date(clock.now())) - number)


def of_town(town: Town) -> Series:
    return count(town, f"specimen{Series.unscoped.count()}")


def with_value(town: Town) -> Series:
    """A series with a value, so that there is something that its definition meant."""
    found = of_town(town)
    return typed(town.ctx("plan_editor"), found, years_ago(2).fiscal_year.year, None, "5")


def ended(town: Town) -> Series:
    found = of_town(town)
    end = actions.EndSeries(japan_date(clock.now()), WHY)
    actions.end_series(town.ctx("plan_secretariat", "other"), found, end)
    return fresh(found)


def post(client: Client, town: Town, found: Series, way: str, **given: str) -> HttpResponse:
    return client.post(f"/{town.ref.code}/desk/metrics/series/{found.pk}/{way}/", given)


def defines(client: Client, town: Town, _subject: None) -> HttpResponse:
    given = {
        **SAID,
        "key": "page",
        "unit": "件",
        "aggregation": "year_total",
        "definition": "数える。",
        "every": "month",
    }
    return client.post(
        f"/{town.ref.code}/desk/metrics/series/new/", {**given, "office": str(town.offices["own"].pk)}
    )


def describes(client: Client, town: Town, found: Series) -> HttpResponse:
    office = str(town.offices["own"].pk)
    return post(client, town, found, "edit", do="describe", version=str(found.version), office=office, **SAID)


def redefines(client: Client, town: Town, found: Series) -> HttpResponse:
    given = {
        "do": "redefine",
        "definition": "別のものを数える。",
        "aggregation": "year_total",
        "unit": "件",
        "reason": WHY,
    }
    return post(client, town, found, "edit", version=str(found.version), **given)


def described(town: Town, _subject: Series) -> actions.DescribeSeries:
    whole = data(town, layout=COUNT.to_json())
    keys = ("supplier", "office", "due_days", "first", "least", "public", "layout")
    return actions.DescribeSeries(title="改めた名前", **{key: getattr(whole, key) for key in keys})


def types(client: Client, town: Town, found: Series) -> HttpResponse:
    year = str(years_ago(1).fiscal_year.year)
    return post(client, town, found, "type", year=year, value="7", status="preliminary", month="")


SPECIMENS_SERIES = {
    "metrics.define_series": Specimen(
        lambda _town: None, lambda town, _subject: data(town, "function"), defines
    ),
    "metrics.describe_series": Specimen(of_town, described, describes),
    "metrics.redefine_series": Specimen(
        with_value,
        lambda _town, _subject: actions.RedefineSeries(
            unit="件", aggregation="year_total", definition="別のものを数える。", reason=WHY
        ),
        redefines,
    ),
    "metrics.end_series": Specimen(
        of_town,
        lambda _town, _subject: actions.EndSeries(japan_date(clock.now()), WHY),
        lambda client, town, found: post(client, town, found, "act", ended_on="R20.3.31", reason=WHY),
    ),
    "metrics.resume_series": Specimen(
        ended,
        lambda _town, _subject: NoData(),
        lambda client, town, found: post(client, town, found, "act", do="resume"),
    ),
    "metrics.bring_values": Specimen(
        of_town,
        lambda _town, _subject: actions.BringValues(
            values=[sent(Brought(years_ago(1), raw="7", number=Decimal(7)))], status="final"
        ),
    ),
    "metrics.type_value": Specimen(
        of_town,
        lambda _town, _subject: actions.TypeValue(
            year=years_ago(1).fiscal_year, value="7", status="preliminary"
        ),
        types,
    ),
}
