"""The form of a series: what it counts, who brings it by when, how its file looks; and its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.engines.metrics.access import DEFINE_SERIES
from yakuba.engines.metrics.declaring import AGGREGATIONS
from yakuba.engines.metrics.models import RHYTHMS, Series
from yakuba.engines.metrics.series import actions, queries
from yakuba.engines.metrics.series import layout as layouts
from yakuba.engines.metrics.series.views.frame import of_series, offices, show, top
from yakuba.kernel.access.desk import address, need, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Action, Context, Denied, NoData, Problem, Problems
from yakuba.kernel.dates import FiscalYear, format_date
from yakuba.kernel.fields import JsonValue, specs_of

D = TypeVar("D")
_NEW: Final = ("key", "unit", "aggregation", "definition", "every")
_DESCRIBED: Final = ("title", "supplier", "office", "due_days", "first", "least", "public")
_CHOICES: Final = ("shape", "period", "several", "share", "fold")
_ONLY: Final = 3
_AGAIN: Final = ("unit", "aggregation", "definition", "rewording", "reason")
"""The fields of another definition."""


def _columns() -> tuple[str, ...]:
    return tuple(key for key, _label in layouts.COLUMNS)


def _flat() -> tuple[str, ...]:
    """The fields of the layout in the form."""
    return (
        *_CHOICES,
        *(f"col-{key}" for key in _columns()),
        *(f"only-{part}-{n}" for n in range(1, _ONLY + 1) for part in ("column", "word")),
        "attended",
        "absent",
    )


def layout_json(typed: Mapping[str, str]) -> dict[str, JsonValue]:
    """The layout that a form says."""
    only: list[JsonValue] = []
    for n in range(1, _ONLY + 1):
        column, word = (typed.get(f"only-{part}-{n}", "").strip() for part in ("column", "word"))
        if column or word:
            only.append([column, word])
    return {
        **{key: typed.get(key, "") for key in _CHOICES},
        "columns": {key: typed.get(f"col-{key}", "").strip() for key in _columns()},
        "only": only,
        "attended": _words(typed.get("attended", "")),
        "absent": _words(typed.get("absent", "")),
    }


def _words(text: str) -> list[JsonValue]:
    return [one.strip() for one in text.replace(",", "、").split("、") if one.strip()]


def layout_typed(layout: layouts.Layout) -> dict[str, str]:
    """A layout as its form shows it."""
    typed = {
        "shape": layout.shape,
        "period": layout.period,
        "several": layout.several,
        "share": layout.share,
        "fold": layout.fold,
        **{f"col-{key}": layout.columns.get(key, "") for key in _columns()},
        "attended": "、".join(layout.attended),
        "absent": "、".join(layout.absent),
    }
    for n, one in enumerate(layout.only[:_ONLY], start=1):
        typed |= {f"only-column-{n}": one.column, f"only-word-{n}": one.word}
    return typed


def _sent(request: HttpRequest) -> dict[str, str]:
    """What the form says, a box without a mark as no."""
    typed = {key: request.POST.get(key, "") for key in (*_NEW, *_DESCRIBED, *_flat(), *_AGAIN)}
    return {**typed, **{key: request.POST.get(key, "0") or "0" for key in ("public", "rewording")}}


def _read(data: Action[Any, D, Any], typed: Mapping[str, str]) -> D:  # Any: subject and result of an action
    """The action's data. Its layout is a document, which text passes through as it is."""
    given: dict[str, Any] = {**typed, "layout": layout_json(typed)}  # Any: as said
    return data.read_text(given)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """A new series."""
    need(DEFINE_SERIES, ctx)
    if request.method != "POST":
        typed = {
            **layout_typed(layouts.Layout()),
            "aggregation": "year_total",
            "every": "month",
            "due_days": "30",
            "least": "0",
            "public": "1",
            "first": format_date(FiscalYear.of(ctx.now).start),
        }
        return _form(request, ctx, None, typed)
    typed = _sent(request)
    try:
        made = actions.define_series(ctx, None, _read(actions.define_series, typed))
    except Problem as problem:
        return _form(request, ctx, None, _guarded(typed, problem), problem)
    return see("metrics-series", ctx, made.pk)


def _guarded(typed: Mapping[str, str], problem: Problem) -> Mapping[str, str]:
    """What was typed; the smallest number that will do is offered where another was refused."""
    return {**typed, "least": problem.expected} if problem.code == "least" else typed


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def edit(request: HttpRequest, ctx: Context, series_id: UUID) -> HttpResponseBase:
    """How it is brought; what it counts; its end: three forms, for they are three things."""
    series = queries.series_of(ctx, series_id)
    if not DEFINE_SERIES.may(ctx, series).allowed:
        raise Denied
    standing = _standing(series)
    if request.method != "POST":
        return _form(request, ctx, series, standing)
    typed = {**standing, **_sent(request), "do": request.POST.get("do", "")}
    if typed["do"] == "redefine":
        typed = {**standing, **{key: typed[key] for key in _AGAIN}, "do": "redefine"}
    try:
        version = version_of(request)
        if typed["do"] == "redefine":
            actions.redefine_series(
                ctx, series, actions.redefine_series.read_text(typed), expected_version=version
            )
        else:
            actions.describe_series(
                ctx, series, _read(actions.describe_series, typed), expected_version=version
            )
    except Problem as problem:
        return _form(request, ctx, queries.series_of(ctx, series_id), _guarded(typed, problem), problem)
    return see("metrics-series", ctx, series.pk)


@require_POST
@desk_page
def act(request: HttpRequest, ctx: Context, series_id: UUID) -> HttpResponseBase:
    """End a series, or take it up again."""
    series = queries.series_of(ctx, series_id)
    try:
        if request.POST.get("do") == "resume":
            actions.resume_series(ctx, series, NoData())
        else:
            data = {key: request.POST.get(key, "") for key in ("ended_on", "reason")}
            actions.end_series(ctx, series, actions.end_series.read_text(data))
    except Problem as problem:
        typed = {**_standing(series), "do": "end", "ended_on": request.POST.get("ended_on", "")}
        typed["end_reason"] = request.POST.get("reason", "")
        return _form(request, ctx, series, typed, problem)
    return see("metrics-series", ctx, series.pk)


def _standing(series: Series) -> dict[str, str]:
    """A series as its form shows it."""
    return {
        **layout_typed(queries.layout_of(series)),
        "title": series.title,
        "supplier": series.supplier,
        "office": str(series.office_id),
        "due_days": str(series.due_days),
        "first": format_date(series.first),
        "least": str(series.least),
        "public": "1" if series.public else "0",
        "unit": series.unit,
        "aggregation": series.aggregation,
        "definition": series.definition,
    }


def _form(
    request: HttpRequest,
    ctx: Context,
    series: Series | None,
    typed: Mapping[str, str],
    problem: Problem | None = None,
) -> HttpResponse:
    return show(
        request,
        ctx,
        "series_form",
        _("外部の数値を直す") if series else _("外部の数値を決める"),
        crumbs=[top(ctx), *([of_series(ctx, series)] if series else [])],
        problem=problem,
        series=series,
        typed={key.replace("-", "_"): value for key, value in typed.items()},
        specs=specs_of(actions.DefineSeries),
        again=specs_of(actions.RedefineSeries),
        offices=offices(ctx),
        aggregations=[(key, _(label)) for key, label in AGGREGATIONS],
        rhythms=[(key, _(label)) for key, label in RHYTHMS],
        choices={
            "shape": layouts.SHAPES,
            "period": layouts.PERIODS,
            "several": layouts.SEVERAL,
            "share": layouts.SHARES,
            "fold": layouts.FOLDS,
        },
        columns=[
            (f"col-{key}", label, typed.get(f"col-{key}", ""), _said(problem, f"col-{key}"))
            for key, label in layouts.COLUMNS
        ],
        only=[
            (n, typed.get(f"only-column-{n}", ""), typed.get(f"only-word-{n}", ""))
            for n in range(1, _ONLY + 1)
        ],
        back=address("metrics-series", ctx, series.pk) if series else address("metrics-series-index", ctx),
    )


def _said(problem: Problem | None, key: str) -> str:
    """What is wrong with one field."""
    several = problem.problems if isinstance(problem, Problems) else (problem,) if problem else ()
    return next((one.message for one in several if one.field == key), "")
