"""What the public reads of figures: what is counted, how much it is, how it went, where it comes from. From tables of the portal alone."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from yakuba.engines.metrics import drawn, queries
from yakuba.engines.metrics.counted import Counted, counted, counted_one, newest
from yakuba.engines.metrics.models import PublicFigure
from yakuba.engines.metrics.queries import period_of
from yakuba.engines.metrics.rules import read_parts
from yakuba.engines.metrics.sources import Figure, Operand
from yakuba.engines.metrics.uses import public_uses
from yakuba.engines.metrics.wording import (
    aggregation_told,
    period_name,
    value_text,
)
from yakuba.engines.publishing import serving
from yakuba.kernel.access.pages import portal_page
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.fields.kinds import plain_decimal
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.sheets.table import Column, Row, Table, field_spec
from yakuba.kernel.ui.charts import NOTHING
from yakuba.kernel.ui.components import Fact, Link, language_prefix
from yakuba.kernel.ui.lists import known
from yakuba.kernel.ui.shells import PortalPage

_BESIDE: Final = ("as_of", "month")


def shell(ctx: Context, title: str, crumbs: Sequence[Link] = ()) -> PortalPage:
    """The citizens' page, with the way to all figures at its foot."""
    code = ctx.municipality.code
    return PortalPage(
        title=title,
        municipality=ctx.municipality,
        crumbs=(Link(ctx.municipality.name, f"{language_prefix()}/{code}/", lang="ja"), *crumbs),
        footer=(
            Link(_("役場の数字"), reverse("metrics-public", args=[code])),
            Link(_("データの使い方（API）"), f"{language_prefix()}/api/"),
        ),
    )


def tag_of(ctx: Context, name: str, *more: object) -> str:
    """The ETag of what is drawn from all public figures of a municipality."""
    stamp = queries.public_stamp(ctx)
    return serving.page_etag(ctx, "metrics", name, stamp.at, stamp.rows, *more)


# --- the list -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the list."""

    label: str
    href: str
    value: str
    period: str
    spark: object
    hidden: bool
    """There are values, but of so few persons that none is shown."""


@require_safe
@portal_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Every figure that is public, by what it is about."""
    known(request.GET)
    tag = tag_of(ctx, "index")
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    groups: dict[str, list[Line]] = defaultdict(list)
    for one, rows in sorted(newest(ctx), key=lambda each: (each[0].place, each[0].group, each[0].label)):
        groups[one.group].append(_line(ctx, one, rows))
    context = {
        "page": shell(ctx, _("役場の数字")),
        "groups": list(groups.items()),
        "exports": exports("metrics-public-sheet", ctx.municipality.code),
        "json_href": reverse("metrics-public-data", args=[ctx.municipality.code]),
    }
    return serving.keepable(render(request, "metrics/portal_list.html", context), tag)


def _line(ctx: Context, one: Counted, rows: Sequence[PublicFigure]) -> Line:
    figures, hidden = drawn.of_public(rows)
    now = drawn.newest(figures)
    kind = now.period.kind if now else "year"
    return Line(
        one.label,
        one.href(ctx),
        value_text(now.number, one.unit) if now else "",
        period_name(now.period) if now else "",
        drawn.spark(figures, kind, one.unit),
        bool(hidden),
    )


# --- one figure ---------------------------------------------------------------------------------------------------------


@require_safe
@portal_page
def show_metric(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """A metric of this system."""
    return _show(request, ctx, "metric", key)


@require_safe
@portal_page
def show_series(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """A figure that is measured elsewhere."""
    return _show(request, ctx, "series", key)


def _show(
    request: HttpRequest, ctx: Context, source: Literal["metric", "series"], key: str
) -> HttpResponseBase:
    known(request.GET)
    uses = public_uses(ctx, Operand(source, key))
    tag = tag_of(ctx, f"{source} {key}", *(f"{use.label} {use.within} {use.href}" for use in uses))
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    one, rows = _one(ctx, source, key)
    figures, hidden = drawn.of_public(rows)
    years = [each for each in figures if each.period.kind == "year"]
    now = drawn.newest(figures)
    names = one.names(ctx, {part for each in figures for part in each.parts})
    context = {
        "page": shell(
            ctx, one.label, [Link(_("役場の数字"), reverse("metrics-public", args=[ctx.municipality.code]))]
        ),
        "one": one,
        "now": now,
        "now_value": value_text(now.number, one.unit) if now else "",
        "now_period": period_name(now.period) if now else "",
        "now_status": _status(now),
        "actual": drawn.series(figures, hidden),
        "nothing": NOTHING,
        "breaks": drawn.breaks(figures, one.version),
        # The years stand under the chart already.
        "tables": drawn.tables(one.label, figures, one.unit, _BESIDE, hidden=hidden, face="portal"),
        "parts": drawn.parts_table(_("内訳"), years or drawn.months(figures), names, one.unit),
        "facts": _facts(one, figures, rows),
        "hidden": bool(hidden),
        "corrected": [
            (period_name(each.period), each.note) for each in figures if each.revision and each.note
        ],
        "uses": uses,
        "exports": exports(one.sheet_url, ctx.municipality.code, key),
        "json_href": reverse(one.data_url, args=[ctx.municipality.code, key]),
    }
    return serving.keepable(render(request, "metrics/portal_metric.html", context), tag)


def _one(ctx: Context, source: str, key: str) -> tuple[Counted, list[PublicFigure]]:
    """What an address names, with its figures. Raises :class:`Missing` for what the public does not see."""
    rows = queries.public_history(ctx, source, key)
    one = counted_one(ctx, source, key) if rows else None
    if one is None:
        raise Missing
    return one, rows


def _status(now: Figure | None) -> str:
    """What a reader has to know of the newest figure: that it still moves."""
    if now is None:
        return ""
    return {
        "provisional": _("期間の途中の値です。"),
        "preliminary": _("速報値です。後で変わることがあります。"),
        "final": _("確定した値です。"),
    }[now.status]


def _facts(one: Counted, figures: Sequence[Figure], rows: Sequence[PublicFigure]) -> list[Fact]:
    earlier = sorted(each.period for each in figures if not each.version)
    span = {"first": period_name(earlier[0]), "last": period_name(earlier[-1])} if earlier else {}
    return [
        Fact(_("しくみ"), one.origin),
        *(
            [
                Fact(
                    _("以前の値"),
                    _(
                        "%(first)sから%(last)sまでは、以前のシステムの値を取り込みました。数え方が違うことがあります。"
                    )
                    % span,
                )
            ]
            if earlier
            else []
        ),
        Fact(_("このページの更新"), format_date(japan_date(max(row.released_at for row in rows)))),
        Fact(_("まとめ方"), aggregation_told(one.aggregation)),
        *([Fact(_("単位"), one.unit)] if one.unit else []),
        *([Fact(_("担当"), one.office)] if one.office else []),
    ]


# --- data ---------------------------------------------------------------------------------------------------------------

_COLUMNS: Final = (
    ("label", "key", gettext_lazy("項目")),
    ("key", "key", gettext_lazy("記号")),
    ("kind", "kind", gettext_lazy("期間の種類")),
    ("first", "first", ""),
    ("last", "last", ""),
    ("number", "number", ""),
    ("unit", "key", gettext_lazy("単位")),
    ("numerator", "numerator", ""),
    ("denominator", "denominator", ""),
    ("hidden", "hidden", ""),
    ("status", "status", ""),
    ("definition_version", "definition_version", ""),
    ("note", "note", ""),
    ("definition", "note", gettext_lazy("数え方")),
)


@require_safe
@portal_page
def save_all(request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """Every public figure as one file."""
    known(request.GET)
    return _file(request, ctx, "all", file_format, lambda: counted(ctx), _("役場の数字"), "figures")


@require_safe
@portal_page
def save_metric(request: HttpRequest, ctx: Context, key: str, file_format: Format) -> HttpResponseBase:
    """All figures of a metric as a file."""
    known(request.GET)
    return _file(request, ctx, f"metric {key}", file_format, lambda: [_one(ctx, "metric", key)], key, key)


@require_safe
@portal_page
def save_series(request: HttpRequest, ctx: Context, key: str, file_format: Format) -> HttpResponseBase:
    """All figures of a series as a file."""
    known(request.GET)
    return _file(request, ctx, f"series {key}", file_format, lambda: [_one(ctx, "series", key)], key, key)


def _file(
    request: HttpRequest,
    ctx: Context,
    what: str,
    file_format: Format,
    read: Callable[[], Iterable[tuple[Counted, Sequence[PublicFigure]]]],
    name: str,
    filename: str,
) -> HttpResponseBase:
    tag = tag_of(ctx, f"{what}.{file_format}")
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    table = Table(
        name=name[:31],
        municipality=ctx.municipality.name,
        columns=[Column(key, field_spec(PublicFigure, field, str(label))) for key, field, label in _COLUMNS],
        rows=[
            Row(
                {
                    "label": one.label, "key": one.key, "kind": row.kind, "first": row.first, "last": row.last,
                    "number": row.number, "unit": one.unit, "numerator": row.numerator,
                    "denominator": row.denominator, "hidden": row.hidden, "status": row.status,
                    "definition_version": row.definition_version, "note": row.note, "definition": one.definition if row.definition_version else _("以前のシステムの値"),
                }
            )
            for one, rows in read()
            for row in reversed(rows)
        ],
        as_of=ctx.now,
        notes=((_("編集"), _("読み取り専用")),),
    )  # fmt: skip
    return serving.keepable(
        respond(table, file_format, f"{ctx.municipality.name}_{filename}", public=True), tag
    )


@require_safe
@portal_page
def data_all(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Every public figure as JSON: what is counted, and its newest value."""
    known(request.GET)
    tag = tag_of(ctx, "all.json")
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    return _json(
        {"municipality": _place(ctx), "items": [head_json(request, ctx, *one) for one in newest(ctx)]}, tag
    )


@require_safe
@portal_page
def data_metric(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """All figures of a metric as JSON. Numbers are decimals in text."""
    return _data(request, ctx, "metric", key)


@require_safe
@portal_page
def data_series(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """All figures of a series as JSON. Numbers are decimals in text."""
    return _data(request, ctx, "series", key)


def _data(request: HttpRequest, ctx: Context, source: str, key: str) -> HttpResponseBase:
    known(request.GET)
    tag = tag_of(ctx, f"{source} {key}.json")
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    return _json(body_json(request, ctx, source, key), tag)


def body_json(request: HttpRequest, ctx: Context, source: str, key: str) -> dict[str, JsonValue]:
    """What is counted with all its public figures. Raises :class:`Missing` for what the public does not see."""
    one, rows = _one(ctx, source, key)
    return {
        "municipality": _place(ctx),
        **head_json(request, ctx, one, rows),
        "parts": one.names(ctx, {part for row in rows for part in row.parts}),
        "figures": [figure_json(row) for row in rows],
    }


def _place(ctx: Context) -> dict[str, JsonValue]:
    return {"code": ctx.municipality.code, "name": ctx.municipality.name}


def head_json(
    request: HttpRequest, ctx: Context, one: Counted, rows: Sequence[PublicFigure]
) -> dict[str, JsonValue]:
    """What is counted, and its newest figure."""
    figures, _hidden = drawn.of_public(rows)
    now = drawn.newest(figures)
    row = next((each for each in reversed(rows) if now and period_of(each) == now.period), None)
    return {
        "source": one.source,
        "key": one.key,
        "label": one.label,
        "unit": one.unit,
        "aggregation": one.aggregation,
        "definition": one.definition,
        "definition_version": one.version,
        "page": request.build_absolute_uri(one.href(ctx)),
        "newest": figure_json(row) if row is not None else None,
    }


def figure_json(row: PublicFigure) -> dict[str, JsonValue]:
    """One figure: numbers as decimals in text, null for no value and for what is kept from the public (``hidden``)."""
    return {
        "kind": row.kind,
        "first": row.first.isoformat(),
        "last": row.last.isoformat(),
        "number": None if row.number is None else plain_decimal(row.number),
        "numerator": None if row.numerator is None else plain_decimal(row.numerator),
        "denominator": None if row.denominator is None else plain_decimal(row.denominator),
        "parts": {key: plain_decimal(value) for key, value in read_parts(row.parts).items()},
        "hidden": row.hidden,
        "status": row.status,
        "definition_version": row.definition_version,
        "revision": row.revision,
        "note": row.note,
        "released_at": row.released_at.isoformat(),
    }


def _json(body: dict[str, JsonValue], tag: str) -> HttpResponseBase:
    text = json.dumps(body, ensure_ascii=False, indent=1) + "\n"
    return serving.keepable(HttpResponse(text, content_type="application/json; charset=utf-8"), tag)
