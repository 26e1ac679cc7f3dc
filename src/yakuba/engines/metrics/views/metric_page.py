"""A metric on the desk: what it counts, how it went, from where to where its definition changed, what was frozen and corrected, and why."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.metrics import drawn, queries
from yakuba.engines.metrics.access import VIEW_SNAPSHOT
from yakuba.engines.metrics.counted import room_name
from yakuba.engines.metrics.declaring import METRICS, Metric
from yakuba.engines.metrics.forecast import forecast_of
from yakuba.engines.metrics.models import ORIGINS, FrozenFigure, MetricSetting, Snapshot
from yakuba.engines.metrics.queries import period_of
from yakuba.engines.metrics.sources import Figure, Operand
from yakuba.engines.metrics.uses import uses
from yakuba.engines.metrics.views.deciding import links
from yakuba.engines.metrics.views.dictionary import PAGES, text
from yakuba.engines.metrics.wording import (
    aggregation_name,
    kind_name,
    number_text,
    period_name,
    status_name,
    value_text,
)
from yakuba.kernel.access.desk import address, need
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.dates import FiscalYear, japan_date
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.sheets.table import Column as SheetColumn
from yakuba.kernel.sheets.table import Row, Table, field_spec
from yakuba.kernel.town.queries import office_names
from yakuba.kernel.ui.charts import NOTHING
from yakuba.kernel.ui.components import Fact, Link
from yakuba.kernel.ui.components.content import TableColumn, table
from yakuba.kernel.ui.formats import moment, plain_day
from yakuba.kernel.ui.lists import known

YEARS_AHEAD: Final = 2
_KINDS: Final = ("year", "as_of", "month")
_FROZEN: Final = 200


def found(key: str) -> Metric:
    """The metric of an address. Raises :class:`Missing` for none."""
    if key not in METRICS:
        raise Missing
    return METRICS.get(key)


@require_safe
@desk_page
def show_metric(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """Everything about one metric."""
    need(VIEW_SNAPSHOT, ctx)
    known(request.GET)
    one = found(key)
    figures = queries.public_kinds(ctx, [key]).get(key, [])
    setting = queries.settings(ctx, [key]).get(key)
    frozen = queries.all_revisions(ctx, key, _FROZEN)
    years = [each for each in figures if each.period.kind == "year"]
    breaks = drawn.breaks(figures, one.version)
    actual = drawn.series(figures)
    ahead = None
    if not drawn.is_replaced(figures):
        ahead = forecast_of(
            actual.points,
            FiscalYear.of(ctx.now).year + YEARS_AHEAD,
            unit=one.unit,
            least=bound(one, "least"),
            most=bound(one, "most"),
            breaks=breaks,
        )
    latest = drawn.newest(figures)
    context: dict[str, object] = {
        "metric": one,
        "key": key,
        "now": latest,
        "now_value": value_text(latest.number, one.unit) if latest else "",
        "now_period": period_name(latest.period) if latest else "",
        "now_status": status_name(latest.status) if latest else "",
        "facts": _facts(ctx, one, setting),
        "definition": str(one.definition),
        "versions": _versions(one, figures),
        "actual": actual,
        "nothing": NOTHING,
        "beside": [ahead.series()] if ahead else [],
        "breaks": breaks,
        "ahead": ahead,
        "tables": drawn.tables(str(one.label), figures, one.unit, _KINDS),
        "parts": drawn.parts_table(
            _("内訳"), years or drawn.months(figures), _names(ctx, one, figures), one.unit
        ),
        "frozen": _frozen_table(frozen, one),
        "uses": uses(ctx, Operand("metric", key)),
        "decides": links(ctx, one),
        "exports": exports("metrics-metric-sheet", ctx.municipality.code, key),
        "formula_href": address("metrics-formula", ctx) + f"?formula=[{key}]",
    }
    return PAGES.show(request, ctx, "metric", str(one.label), crumbs=_crumbs(ctx), status=200, **context)


def _crumbs(ctx: Context) -> list[Link]:
    return [Link(_("計測値"), address("metrics-index", ctx))]


def bound(one: Metric, end: str) -> Decimal | None:
    """What a metric's figures cannot pass: a count is never below 0, a share in percent neither above 100."""
    if end == "least":
        return Decimal(0)
    return Decimal(100) if one.aggregation == "ratio" else None


def _facts(ctx: Context, one: Metric, setting: MetricSetting | None) -> list[Fact]:
    rows = [
        Fact(_("サービス"), room_name(one)),
        Fact(_("単位"), one.unit),
        Fact(_("集計"), aggregation_name(one.aggregation)),
        Fact(_("計測する期間"), "・".join(kind_name(kind) for kind in one.every)),
        Fact(_("公開"), _audience(one, setting)),
    ]
    if one.least > 1:
        rows.append(
            Fact(
                _("少ない人数"),
                _("1人から%(most)d人までの値は、市民に見せません。") % {"most": one.least - 1},
            )
        )
    if not one.recomputable:
        rows.append(Fact(_("計測し直し"), _("過去の日の値は、あとからは数えられません。")))
    if setting is not None and setting.office_id is not None:
        names = office_names([setting.office_id], japan_date(ctx.now))
        rows.append(Fact(_("担当"), names.get(setting.office_id, "")))
    if setting is not None and setting.since is not None:
        rows.append(Fact(_("計測を始めた日"), plain_day(setting.since)))
    if setting is not None and setting.note:
        rows.append(Fact(_("説明"), setting.note))
    rows.append(Fact(_("記号"), one.key))
    return rows


def _audience(one: Metric, setting: MetricSetting | None) -> str:
    if not one.public:
        return _("庁内だけで使う値です。")
    if setting is not None and not setting.public:
        return _("公開を止めています。")
    return _("市民のページに出しています。")


def _versions(one: Metric, figures: Sequence[Figure]) -> list[tuple[str, str, str]]:
    """The definitions that held: which, what it counted, until when. The newest first."""
    rows = [(drawn.version_name(one.version), str(one.definition), _("今の定義"))]
    rows += [
        (drawn.version_name(each.version), str(each.definition), _("%(until)sまで") % {"until": each.until})
        for each in sorted(one.earlier, key=lambda each: -each.version)
    ]
    if any(each.version == 0 for each in figures):
        rows.append((drawn.version_name(0), _("以前のシステムの値を、そのまま取り込みました。"), ""))
    return rows


def _names(ctx: Context, one: Metric, figures: Sequence[Figure]) -> dict[str, str]:
    return one.names_of(ctx.municipality.id, {part for each in figures for part in each.parts})


def _frozen_table(rows: Sequence[FrozenFigure], one: Metric) -> object:
    """What was frozen, loaded and corrected: every revision with who, when and why."""
    if not rows:
        return ""
    origins = dict(ORIGINS)
    files = any(row.file_id for row in rows)
    told: list[list[object]] = []
    for row in rows:
        origin = origins[row.origin]
        source = row.file.name if row.file is not None else ""
        if source and row.line is not None:
            source = _("%(file)s の%(line)d行目") % {"file": source, "line": row.line}
        told.append(
            [
                period_name(period_of(row)),
                number_text(row.number),
                drawn.version_name(row.definition_version),
                _(origin) + (_("（%(times)d回目）") % {"times": row.revision} if row.revision else ""),
                f"{moment(row.frozen_at)}　{row.frozen_by}",
                row.reason or row.ground,
                *([source] if files else []),
            ]
        )
    head = _("値（%(unit)s）") % {"unit": one.unit} if one.unit else _("値")
    columns = [
        TableColumn(_("期間")),
        TableColumn(head, number=True),
        TableColumn(_("定義"), narrow=True),
        TableColumn(_("由来"), narrow=True),
        TableColumn(_("確定した日時と人")),
        TableColumn(_("理由・何のために")),
        *([TableColumn(_("元のファイル"))] if files else []),
    ]
    return table(_("確定と訂正の記録"), columns, told, hide_caption=True)


@require_safe
@desk_page
def save(request: HttpRequest, ctx: Context, key: str, file_format: Format) -> HttpResponseBase:
    """Every figure of the metric as a file, the newest first."""
    need(VIEW_SNAPSHOT, ctx)
    known(request.GET)
    one = found(key)
    figures = queries.public_kinds(ctx, [key]).get(key, [])
    names = _names(ctx, one, figures)
    table_ = Table(
        name=str(one.label),
        municipality=ctx.municipality.name,
        columns=(
            text("kind", _("期間の種類")),
            text("period", _("期間")),
            SheetColumn("first", field_spec(Snapshot, "first")),
            SheetColumn("last", field_spec(Snapshot, "last")),
            SheetColumn(
                "number", field_spec(Snapshot, "number", f"{_('値')}（{one.unit}）" if one.unit else "")
            ),
            SheetColumn("numerator", field_spec(Snapshot, "numerator")),
            SheetColumn("denominator", field_spec(Snapshot, "denominator")),
            text("parts", _("内訳")),
            text("status", _("確度")),
            SheetColumn("version", field_spec(FrozenFigure, "definition_version")),
            text("when", _("計測・確定")),
            text("note", _("訂正の理由")),
        ),
        rows=[
            Row(
                {
                    "kind": kind_name(each.period.kind),
                    "period": period_name(each.period),
                    "first": each.period.first,
                    "last": each.period.last,
                    "number": each.number,
                    "numerator": each.numerator,
                    "denominator": each.denominator,
                    "parts": "、".join(f"{names.get(k, k)} {number_text(v)}" for k, v in each.parts.items()),
                    "status": status_name(each.status),
                    "version": each.version,
                    "when": drawn.when(each),
                    "note": each.note,
                }
            )
            for each in reversed(figures)
        ],
        as_of=ctx.now,
        notes=((_("数え方"), str(one.definition)), (_("編集"), _("読み取り専用"))),
    )
    return respond(table_, file_format, f"{ctx.municipality.name}_{one.key}")
