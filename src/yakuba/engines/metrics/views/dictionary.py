"""The dictionary: everything that services measure of themselves, with its newest figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from yakuba.engines.metrics import drawn, queries
from yakuba.engines.metrics.access import VIEW_SNAPSHOT
from yakuba.engines.metrics.counted import room_name
from yakuba.engines.metrics.declaring import AGGREGATIONS, Metric, metrics
from yakuba.engines.metrics.models import MetricSetting, Snapshot
from yakuba.engines.metrics.sources import Figure
from yakuba.engines.metrics.wording import aggregation_name, figure_text, period_name
from yakuba.kernel import fields
from yakuba.kernel.access.desk import Pages, address, need
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.sheets.table import Column as SheetColumn
from yakuba.kernel.sheets.table import Row, Table, field_spec
from yakuba.kernel.town.queries import office_names
from yakuba.kernel.ui.components import badge
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListView, slice_rows

PAGES: Final = Pages("metrics")
_PAGE: Final = 100
_YEARS: Final = 5
AUDIENCES: Final = (
    ("public", gettext_lazy("公開")),
    ("off", gettext_lazy("公開を止めている")),
    ("desk", gettext_lazy("庁内だけ")),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A metric in the list; what is searched, sorted and filtered stands under the keys of the columns."""

    metric: Metric
    figures: tuple[Figure, ...]
    setting: MetricSetting | None
    office: str

    @property
    def key(self) -> str:
        return self.metric.key

    @property
    def label(self) -> str:
        return str(self.metric.label)

    @property
    def service(self) -> str:
        return room_name(self.metric)

    @property
    def aggregation(self) -> str:
        return self.metric.aggregation

    @property
    def definition(self) -> str:
        return str(self.metric.definition)

    @property
    def searched(self) -> str:
        """What the search finds it by beside what is seen; its column is a drawing."""
        return " ".join([self.key, self.definition, *self.metric.words])

    @property
    def version(self) -> int:
        return self.metric.version

    @property
    def now(self) -> Figure | None:
        return drawn.newest(self.figures)

    @property
    def value(self) -> str:
        return figure_text(self.now, self.metric.unit) if self.now else "―"

    @property
    def period(self) -> str:
        return period_name(self.now.period) if self.now else ""

    @property
    def audience(self) -> str:
        """A key of :data:`AUDIENCES`."""
        if not self.metric.public:
            return "desk"
        return "off" if self.setting is not None and not self.setting.public else "public"


def lines(ctx: Context) -> list[Line]:
    """Every metric with its figures of the last years: a constant number of queries."""
    today = japan_date(ctx.now)
    declared = list(metrics())
    keys = [one.key for one in declared]
    first, last = drawn.since(today, _YEARS), drawn.since(today, -1)
    years = queries.histories(ctx, keys, "year", first, last)
    months = queries.histories(ctx, keys, "month", drawn.since(today, 1), last)
    settings = queries.settings(ctx)
    offices = office_names({one.office_id for one in settings.values() if one.office_id is not None}, today)
    return [
        Line(
            one,
            tuple(years.get(one.key, [])) or tuple(months.get(one.key, [])),
            setting := settings.get(one.key),
            offices.get(setting.office_id, "") if setting and setting.office_id else "",
        )
        for one in declared
    ]


def _spec(ctx: Context) -> ListSpec[Line]:
    audiences = dict(AUDIENCES)
    services = sorted({room_name(one) for one in metrics()})
    return ListSpec(
        columns=(
            Column(
                "label",
                _("計測値"),
                main=True,
                link=lambda one: address("metrics-metric", ctx, one.key),
            ),
            Column("value", _("新しい値"), kind="number", show=lambda one: one.value),
            Column("period", _("期間")),
            Column("searched", _("移り変わり"), narrow=True, paper="drop", show=_course),
            Column("aggregation", _("集計"), narrow=True, show=lambda one: aggregation_name(one.aggregation)),
            Column("version", _("定義"), narrow=True, show=lambda one: drawn.version_name(one.version)),
            Column("audience", _("公開"), narrow=True, show=lambda one: badge(audiences[one.audience])),
            Column("office", _("担当")),
        ),
        filters=(
            Filter("service", _("サービス"), tuple(Choice(one, one) for one in services)),
            Filter("audience", _("公開"), tuple(Choice(key, label) for key, label in AUDIENCES)),
            Filter("aggregation", _("集計"), tuple(Choice(key, _(label)) for key, label in AGGREGATIONS)),
        ),
        search=_("名前・数え方・記号で探す"),
    )


def _course(one: Line) -> object:
    kind = one.figures[-1].period.kind if one.figures else "year"
    return drawn.spark(one.figures, kind, one.metric.unit)


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """All metrics, by key."""
    need(VIEW_SNAPSHOT, ctx)
    spec = _spec(ctx)
    state = spec.parse(request.GET)
    view = ListView(
        key="metrics",
        caption=_("計測値"),
        spec=spec,
        state=state,
        page=slice_rows(spec, state, lines(ctx), size=_PAGE),
        path=address("metrics-index", ctx),
        exports=exports("metrics-sheet", ctx.municipality.code),
        read_only=True,
        empty_title=_("計測値はまだありません"),
        empty_body=_("手続や地図などのサービスを入れると、そのサービスが数える値がここに並びます。"),
    )
    return PAGES.show(
        request,
        ctx,
        "dictionary",
        _("計測値"),
        list=view,
        formula_href=address("metrics-formula", ctx),
    )


@require_safe
@desk_page
def save(request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The dictionary as a file, as narrowed on the page."""
    need(VIEW_SNAPSHOT, ctx)
    spec = _spec(ctx)
    found = slice_rows(spec, spec.parse(request.GET), lines(ctx), size=10_000).rows
    audiences = dict(AUDIENCES)
    name = _("計測値の一覧")
    table = Table(
        name=name,
        municipality=ctx.municipality.name,
        columns=(
            text("key", _("記号")),
            text("label", _("計測値")),
            text("service", _("サービス")),
            text("unit", _("単位")),
            text("aggregation", _("集計")),
            text("definition", _("数え方")),
            SheetColumn("version", field_spec(Snapshot, "definition_version")),
            text("period", _("期間")),
            SheetColumn("number", field_spec(Snapshot, "number", _("新しい値"))),
            text("audience", _("公開")),
            text("office", _("担当")),
        ),
        rows=[
            Row(
                {
                    "key": one.key,
                    "label": one.label,
                    "service": one.service,
                    "unit": one.metric.unit,
                    "aggregation": aggregation_name(one.aggregation),
                    "definition": one.definition,
                    "version": one.version,
                    "period": one.period,
                    "number": one.now.number if one.now else None,
                    "audience": str(audiences[one.audience]),
                    "office": one.office,
                }
            )
            for one in found
        ],
        as_of=ctx.now,
        notes=((_("編集"), _("読み取り専用")),),
    )
    return respond(table, file_format, f"{ctx.municipality.name}_{name}")


def text(key: str, label: str) -> SheetColumn:
    """A column of plain text."""
    return SheetColumn(key, fields.prose(label=label, classification=INTERNAL, required=False).spec)
