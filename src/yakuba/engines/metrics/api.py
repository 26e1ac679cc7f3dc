"""Figures over HTTP: for anybody what the public reads, for staff everything that is measured. Numbers are decimals in text."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.translation import gettext_noop
from ninja import Field, Query, Router, Schema
from pydantic import ConfigDict

from yakuba.engines.metrics import drawn, queries
from yakuba.engines.metrics.access import VIEW_SERIES, VIEW_SNAPSHOT
from yakuba.engines.metrics.counted import newest
from yakuba.engines.metrics.declaring import METRICS, Metric
from yakuba.engines.metrics.series import queries as series_queries
from yakuba.engines.metrics.series.queries import Owing
from yakuba.engines.metrics.sources import Figure
from yakuba.engines.metrics.views.dictionary import Line, lines
from yakuba.engines.metrics.views.portal import body_json, head_json, tag_of
from yakuba.engines.publishing import serving
from yakuba.kernel.access.desk import need
from yakuba.kernel.access.pages import desk_context, public_context
from yakuba.kernel.access.staff_key import Staff
from yakuba.kernel.actions import Missing
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.fields.kinds import plain_decimal
from yakuba.kernel.town.queries import office_names
from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6
from yakuba.kernel.ui.lists import known

portal = Router(tags=[gettext_noop("役場の数字（公開）")])
desk = Router(tags=[gettext_noop("計測値（職員）")], auth=Staff())
_YEARS = 10


class FigureOut(Schema):
    """A figure of a period."""

    kind: Literal["day", "month", "year", "as_of"]
    first: dt.date = Field(description=gettext_noop("期間の初日。"))
    last: dt.date = Field(description=gettext_noop("期間の末日。"))
    number: str | None = Field(description=gettext_noop("値。値がないときと、出していないときはnull。"))
    numerator: str | None = Field(description=gettext_noop("割合の分子。"))
    denominator: str | None = Field(description=gettext_noop("割合の分母。"))
    parts: dict[str, str] = Field(description=gettext_noop("内訳の値。"))
    status: Literal["provisional", "preliminary", "final"] = Field(
        description=gettext_noop("provisionalは見込、preliminaryは速報、finalは確定。")
    )
    definition_version: int = Field(description=gettext_noop("定義の版。0は以前のシステムの値。"))
    revision: int = Field(description=gettext_noop("訂正の回数。"))
    note: str = Field(description=gettext_noop("訂正の理由。"))


class PublicFigureOut(FigureOut):
    """A figure as the public reads it."""

    hidden: bool = Field(description=gettext_noop("人数が少ないため出していないときはtrue。"))
    released_at: dt.datetime


class MunicipalityOut(Schema):
    """A municipality by its six-digit code."""

    code: str
    name: str


class CountedOut(Schema):
    """What is counted, and its newest figure."""

    source: str = Field(description=gettext_noop("metricはこのシステムの計測値、seriesは外部の数値。"))
    key: str
    label: str
    unit: str
    aggregation: str
    definition: str = Field(description=gettext_noop("何を数えるか。"))
    definition_version: int = Field(description=gettext_noop("今の定義の版。"))
    page: str = Field(description=gettext_noop("この数字のページ。"))
    newest: PublicFigureOut | None = Field(description=gettext_noop("いちばん新しい値。"))


class CountedList(Schema):
    """Everything that is counted in public."""

    items: list[CountedOut]
    count: int


class CountedOne(CountedOut):
    """One of them with all its figures."""

    municipality: MunicipalityOut
    parts: dict[str, str] = Field(description=gettext_noop("内訳の記号と名前。"))
    figures: list[PublicFigureOut]


class MeasuredFigure(FigureOut):
    """A figure as staff read it."""

    measured_at: dt.datetime | None = Field(description=gettext_noop("計測または確定した日時。"))
    by: str = Field(description=gettext_noop("確定した人。"))


class MetricOut(Schema):
    """A metric of the dictionary."""

    key: str
    label: str
    service: str = Field(description=gettext_noop("数えているサービス。"))
    unit: str
    aggregation: str
    definition: str
    definition_version: int
    kinds: list[str] = Field(description=gettext_noop("計測する期間の種類。"))
    audience: Literal["public", "off", "desk"] = Field(
        description=gettext_noop("publicは公開、offは公開を止めている、deskは庁内だけ。")
    )
    office: str
    newest: MeasuredFigure | None


class MetricList(Schema):
    """The dictionary."""

    items: list[MetricOut]
    count: int


class MetricFigures(Schema):
    """The figures of a metric, in the order of their periods."""

    key: str
    label: str
    unit: str
    figures: list[MeasuredFigure]


class SeriesOut(Schema):
    """A figure that is measured elsewhere: who brings it, and what is still to come."""

    key: str
    title: str
    unit: str
    aggregation: str
    definition: str
    definition_version: int
    supplier: str = Field(description=gettext_noop("どこで数えているか。"))
    office: str = Field(description=gettext_noop("届ける課。"))
    every: Literal["month", "year"] = Field(description=gettext_noop("周期。"))
    due_days: int = Field(description=gettext_noop("期間が終わってから届けるまでの日数。"))
    public: bool
    state: Literal["active", "ended"]
    owed: list[dt.date] = Field(description=gettext_noop("まだ届いていない期間の末日。"))
    late_days: int = Field(description=gettext_noop("いちばん古いものが何日遅れているか。"))


class SeriesList(Schema):
    """All series."""

    items: list[SeriesOut]
    count: int


class Between(Schema):
    """Which figures are asked for."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["day", "month", "year", "as_of"] = Field("year", description=gettext_noop("期間の種類。"))
    first: dt.date | None = Field(
        None, description=gettext_noop("この日以後に終わる期間。省略すると10年前。")
    )
    last: dt.date | None = Field(
        None, description=gettext_noop("この日以前に終わる期間。省略すると今年度末。")
    )


# --- anybody ------------------------------------------------------------------------------------------------------------


@portal.get(
    "/{code6:code}/metrics",
    response=CountedList,
    summary=gettext_noop("公開している数字の一覧"),
    description=gettext_noop("それぞれの数え方と、いちばん新しい値。"),
    operation_id="metrics",
    url_name="metrics",
)
def public_metrics(request: HttpRequest, code: str) -> HttpResponseBase:
    """Everything that is counted in public."""
    ctx = public_context(request, code)
    known(request.GET)
    tag = tag_of(ctx, "api")
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    items: list[JsonValue] = [head_json(request, ctx, *one) for one in newest(ctx)]
    return _kept({"items": items, "count": len(items)}, tag)


@portal.get(
    "/{code6:code}/metrics/series/{str:key}",
    response=CountedOne,
    summary=gettext_noop("外部の数値のすべての値"),
    description=gettext_noop("ほかで数えて、担当の課が届けた値を、古い順に並べます。"),
    operation_id="metric_series",
    url_name="metric-series",
)
def public_series(request: HttpRequest, code: str, key: str) -> HttpResponseBase:
    """One series with its public figures."""
    return _one(request, code, "series", key)


@portal.get(
    "/{code6:code}/metrics/{slug:key}",
    response=CountedOne,
    summary=gettext_noop("1つの数字のすべての値"),
    description=gettext_noop("月、年度、基準日の値を、古い順に並べます。"),
    operation_id="metric",
    url_name="metric",
)
def public_metric(request: HttpRequest, code: str, key: str) -> HttpResponseBase:
    """One metric with its public figures."""
    return _one(request, code, "metric", key)


def _one(request: HttpRequest, code: str, source: str, key: str) -> HttpResponseBase:
    ctx = public_context(request, code)
    known(request.GET)
    tag = tag_of(ctx, f"api {source} {key}")
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    return _kept(body_json(request, ctx, source, key), tag)


def _kept(found: dict[str, JsonValue], tag: str) -> HttpResponseBase:
    return serving.keepable(JsonResponse(found, json_dumps_params={"ensure_ascii": False}), tag)


# --- staff --------------------------------------------------------------------------------------------------------------


@desk.get(
    "/{code6:code}/desk/metrics",
    response=MetricList,
    summary=gettext_noop("計測値の一覧"),
    description=gettext_noop("このシステムのサービスが数える値のすべて。"),
    operation_id="desk_metrics",
)
def desk_metrics(request: HttpRequest, code: str) -> HttpResponseBase:
    """The dictionary with the newest figure of each."""
    ctx = desk_context(request, code)
    need(VIEW_SNAPSHOT, ctx)
    known(request.GET)
    items: list[JsonValue] = [_line_json(one) for one in lines(ctx)]
    return _private({"items": items, "count": len(items)})


@desk.get(
    "/{code6:code}/desk/metrics/series",
    response=SeriesList,
    summary=gettext_noop("外部の数値の一覧"),
    description=gettext_noop("だれが届けるか、まだ届いていない期間はどれか。"),
    operation_id="desk_series",
)
def desk_series(request: HttpRequest, code: str) -> HttpResponseBase:
    """Every series with what it owes."""
    ctx = desk_context(request, code)
    need(VIEW_SERIES, ctx)
    known(request.GET)
    today = japan_date(ctx.now)
    found = series_queries.owing(ctx, list(series_queries.all_series(ctx)))
    offices = office_names({one.series.office_id for one in found}, today)
    items: list[JsonValue] = [
        _series_json(one, offices.get(one.series.office_id, ""), today) for one in found
    ]
    return _private({"items": items, "count": len(items)})


@desk.get(
    "/{code6:code}/desk/metrics/series/{str:key}",
    response=MetricFigures,
    summary=gettext_noop("外部の数値の値"),
    description=gettext_noop("月、年度、基準日の値を、古い順に並べます。"),
    operation_id="desk_series_values",
)
def desk_series_values(request: HttpRequest, code: str, key: str) -> HttpResponseBase:
    """The figures of a series as they stand."""
    ctx = desk_context(request, code)
    need(VIEW_SERIES, ctx)
    known(request.GET)
    one = series_queries.by_keys(ctx, [key]).get(key)
    if one is None:
        raise Missing
    figures: list[JsonValue] = [_figure_json(each) for each in series_queries.history(ctx, one)]
    return _private({"key": key, "label": one.title, "unit": one.unit, "figures": figures})


@desk.get(
    "/{code6:code}/desk/metrics/{slug:key}",
    response=MetricFigures,
    summary=gettext_noop("計測値の値"),
    description=gettext_noop("1つの種類の期間の値を、古い順に並べます。"),
    operation_id="desk_metric",
)
def desk_metric(request: HttpRequest, code: str, key: str, query: Query[Between]) -> HttpResponseBase:
    """The figures of one kind of period."""
    ctx = desk_context(request, code)
    need(VIEW_SNAPSHOT, ctx)
    known(request.GET, "kind", "first", "last")
    if key not in METRICS:
        raise Missing
    one: Metric = METRICS.get(key)
    today = japan_date(ctx.now)
    first = query.first or drawn.since(today, _YEARS)
    last = query.last or drawn.since(today, -1)
    figures: list[JsonValue] = [
        _figure_json(each) for each in queries.history(ctx, key, query.kind, first, last)
    ]
    return _private({"key": key, "label": str(one.label), "unit": one.unit, "figures": figures})


def _line_json(one: Line) -> dict[str, JsonValue]:
    return {
        "key": one.key,
        "label": one.label,
        "service": one.service,
        "unit": one.metric.unit,
        "aggregation": one.aggregation,
        "definition": one.definition,
        "definition_version": one.version,
        "kinds": list(one.metric.every),
        "audience": one.audience,
        "office": one.office,
        "newest": _figure_json(one.now) if one.now else None,
    }


def _series_json(found: Owing, office: str, today: dt.date) -> dict[str, JsonValue]:
    one = found.series
    return {
        "key": one.key,
        "title": one.title,
        "unit": one.unit,
        "aggregation": one.aggregation,
        "definition": one.definition,
        "definition_version": one.definition_version,
        "supplier": one.supplier,
        "office": office,
        "every": one.every,
        "due_days": one.due_days,
        "public": one.public,
        "state": one.state,
        "owed": [each.period.last.isoformat() for each in found.owed],
        "late_days": found.days(today),
    }


def _figure_json(one: Figure) -> dict[str, JsonValue]:
    return {
        "kind": one.period.kind,
        "first": one.period.first.isoformat(),
        "last": one.period.last.isoformat(),
        "number": None if one.number is None else plain_decimal(one.number),
        "numerator": None if one.numerator is None else plain_decimal(one.numerator),
        "denominator": None if one.denominator is None else plain_decimal(one.denominator),
        "parts": {key: plain_decimal(value) for key, value in one.parts.items()},
        "status": one.status,
        "definition_version": one.version,
        "revision": one.revision,
        "note": one.note,
        "measured_at": one.at.isoformat() if one.at else None,
        "by": one.by,
    }


def _private(found: dict[str, JsonValue]) -> HttpResponseBase:
    response = JsonResponse(found, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response
