"""The list of series with what each owes: who has not brought what; and the same as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from yakuba.engines.metrics.access import DEFINE_SERIES, VIEW_SERIES
from yakuba.engines.metrics.models import Series
from yakuba.engines.metrics.series import queries, reach
from yakuba.engines.metrics.series.queries import Owing, period_name
from yakuba.engines.metrics.series.views.frame import figure_text, late_badge, show
from yakuba.kernel import fields
from yakuba.kernel.access.desk import address, need
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.sheets.table import Column as SheetColumn
from yakuba.kernel.sheets.table import Row, Table, columns_of
from yakuba.kernel.town.queries import office_names
from yakuba.kernel.ui.components import badge
from yakuba.kernel.ui.formats import plain_day
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListView, slice_rows

_PAGE: Final = 50
_STANDINGS: Final = (
    ("late", gettext_lazy("遅れている")),
    ("due", gettext_lazy("期限が近い")),
    ("soft", gettext_lazy("確定を待つ")),
    ("done", gettext_lazy("そろっている")),
    ("ended", gettext_lazy("終了")),
)
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A series in the list."""

    owing: Owing
    office: str
    days: int
    standing: str
    missing: str
    due: str
    last: str

    @property
    def series(self) -> Series:
        return self.owing.series

    @property
    def title(self) -> str:
        return self.series.title

    @property
    def key(self) -> str:
        return self.series.key

    @property
    def supplier(self) -> str:
        return self.series.supplier


def lines(ctx: Context) -> list[Line]:
    """Every series as a line, those that are late first (three queries)."""
    found = queries.owing(ctx, list(queries.all_series(ctx)))
    today = japan_date(ctx.now)
    names = office_names({one.series.office_id for one in found}, today)
    made = []
    for one in found:
        days = one.days(today)
        made.append(
            Line(
                one,
                names.get(one.series.office_id, ""),
                days,
                _standing(one, days),
                _named(one),
                plain_day(one.owed[0].due) if one.owed else "",
                _last(one),
            )
        )
    return sorted(made, key=lambda line: (-line.days, line.standing != "due", line.key))


def _standing(one: Owing, days: int) -> str:
    if one.series.state == "ended":
        return "ended"
    if one.owed:
        return "late" if days else "due"
    return "soft" if one.soft else "done"


def _named(one: Owing) -> str:
    """The periods that are missing: the first ones, and how many more."""
    names = "、".join(period_name(each.period) for each in one.owed[:_NAMED])
    more = len(one.owed) - _NAMED
    return _("%(names)s、ほか%(more)d件") % {"names": names, "more": more} if more > 0 else names


def _last(one: Owing) -> str:
    if one.last is None:
        return ""
    return _("%(period)s　%(figure)s") % {
        "period": period_name(one.last.period),
        "figure": figure_text(one.series, one.last.number, one.last.state),
    }


def _spec(ctx: Context, found: list[Line]) -> ListSpec[Line]:
    offices = sorted({line.office for line in found})
    return ListSpec(
        columns=(
            Column(
                "title",
                _("名前"),
                main=True,
                link=lambda line: address("metrics-series", ctx, line.series.pk),
            ),
            Column("office", _("担当課"), narrow=True),
            Column("days", _("状況"), sortable=True, narrow=True, by_size=True, show=_mark),
            Column("missing", _("まだない期間")),
            Column("due", _("期限"), narrow=True),
            Column("last", _("いちばん新しい値"), narrow=True),
            Column("supplier", _("出所"), paper="only"),
        ),
        filters=(
            Filter("standing", _("状況"), tuple(Choice(key, label) for key, label in _STANDINGS)),
            *(
                [Filter("office", _("担当課"), tuple(Choice(one, one) for one in offices))]
                if len(offices) > 1
                else []
            ),
        ),
        search=_("名前・担当課・出所で探す"),
    )


def _mark(line: Line) -> SafeString:
    if line.standing == "late":
        return late_badge(line.days)
    label = str(dict(_STANDINGS)[line.standing])
    if line.standing == "due":
        return badge(label, tone="warn", mark="clock")
    if line.standing == "soft":
        return badge(label, tone="accent", mark="circle-half")
    return badge(label, tone="good" if line.standing == "done" else "neutral", mark="check")


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """All series; above them what the reader's own office owes."""
    need(VIEW_SERIES, ctx)
    found = lines(ctx)
    spec = _spec(ctx, found)
    state = spec.parse(request.GET)
    new_href = address("metrics-series-new", ctx) if DEFINE_SERIES.holds_anywhere(ctx) else ""
    view = ListView(
        key="series",
        caption=_("外部の数値"),
        spec=spec,
        state=state,
        page=slice_rows(spec, state, found, size=_PAGE),
        path=address("metrics-series-index", ctx),
        exports=exports("metrics-series-sheet", ctx.municipality.code),
        read_only=True,
        empty_title=_("外部の数値はまだありません"),
        empty_body=_("コンビニ交付やeLTAXなど、ほかで数えている数値を決めておくと、担当課が届けられます。"),
        empty_action=_("外部の数値を決める") if new_href else "",
        empty_href=new_href,
    )
    own = reach.own_offices(ctx)
    mine = [line for line in found if line.series.office_id in own and line.owing.owed]
    return show(
        request,
        ctx,
        "series_index",
        _("外部の数値"),
        list=view,
        new_href=new_href,
        late=sum(1 for line in found if line.standing == "late"),
        mine=[
            {
                "href": address("metrics-series", ctx, line.series.pk),
                "title": line.title,
                "missing": line.missing,
                "due": line.due,
                "late": late_badge(line.days) if line.days else "",
            }
            for line in mine
        ],
    )


@require_safe
@desk_page
def save(request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The list as a file to be read, as narrowed on the page."""
    need(VIEW_SERIES, ctx)
    found = lines(ctx)
    spec = _spec(ctx, found)
    rows = slice_rows(spec, spec.parse(request.GET), found, size=10_000).rows
    standings = {key: str(label) for key, label in _STANDINGS}
    name = _("外部の数値の一覧")
    table = Table(
        name=name,
        municipality=ctx.municipality.name,
        columns=(
            *columns_of(Series, "key", "title"),
            _text("office", _("担当課")),
            *columns_of(Series, "every", "unit", "aggregation", "definition", "supplier"),
            _text("standing", _("状況")),
            SheetColumn("days", fields.integer(label=_("遅れ"), classification=INTERNAL, unit="日").spec),
            _text("missing", _("まだない期間")),
            _text("due", _("期限")),
            _text("last", _("いちばん新しい値")),
        ),
        rows=[
            Row(
                {
                    **{
                        key: getattr(line.series, key)
                        for key in ("key", "title", "every", "unit", "aggregation", "definition", "supplier")
                    },
                    "office": line.office,
                    "standing": standings[line.standing],
                    "days": line.days or None,
                    "missing": line.missing,
                    "due": line.due,
                    "last": line.last,
                }
            )
            for line in rows
        ],
        as_of=ctx.now,
    )
    return respond(table, file_format, f"{ctx.municipality.name}_{name}")


def _text(key: str, label: str) -> SheetColumn:
    return SheetColumn(key, fields.text(label=label, classification=INTERNAL, required=False).spec)
