"""Every procedure of the city, online or where else: the public's copy of the inventory. No session is read, no cookie set."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.casework.states import KINDS
from yakuba.engines.publishing import serving
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.access.pages import portal_page
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.dates import InvalidDateError, parse_date
from yakuba.kernel.fields import read_json
from yakuba.kernel.sheets.respond import FORMATS, exports, respond
from yakuba.kernel.sheets.table import Row, Table
from yakuba.kernel.ui.lists import BadQuery, Choice, Column, Filter, ListSpec, ListView, slice_rows
from yakuba.services.procedures.inventory import queries, rules, sheet
from yakuba.services.procedures.inventory.queries import PublicRow
from yakuba.services.procedures.inventory.row import RowData
from yakuba.services.procedures.models import ONLINE_STATES
from yakuba.services.procedures.views.portal.frame import list_crumbs, procedure_href, shell


def _href(ctx: Context, row: PublicRow) -> str:
    """Where a procedure is taken online; empty where it is not."""
    if row.procedure is not None:
        return procedure_href(ctx, row.procedure)
    return row.url if row.online in rules.CHANNELS else ""


def _spec(ctx: Context, rows: list[PublicRow]) -> ListSpec[PublicRow]:
    kinds, online = dict(KINDS), dict(ONLINE_STATES)
    offices = sorted({row.office for row in rows if row.office})
    return ListSpec(
        columns=(
            Column("title", _("手続名"), sortable=True, main=True, link=lambda row: _href(ctx, row)),
            Column("office", _("担当課"), sortable=True),
            Column("kind", _("種類"), narrow=True, show=lambda row: _(kinds[row.kind])),
            Column("online", _("オンライン"), narrow=True, show=lambda row: _(online[row.online])),
            Column("why_not", _("オンライン化しない理由")),
        ),
        filters=(
            Filter("online", _("オンライン"), tuple(Choice(code, _(label)) for code, label in ONLINE_STATES)),
            Filter("office", _("担当課"), tuple(Choice(name, name) for name in offices)),
        ),
        search=_("手続をさがす"),
        extra=frozenset({"on"}),
    )


def _copy(request: HttpRequest, ctx: Context) -> Publication:
    """The copy that stands, or the one that stood when the day in the address ended. Raises :class:`Missing` where there is none."""
    typed = request.GET.get("on", "")
    try:
        copy = queries.public_copy(ctx, parse_date(typed) if typed else None)
    except InvalidDateError as error:
        raise BadQuery("on", typed, _("日付（例：令和8年3月31日、2026-03-31）")) from error
    if copy is None:
        raise Missing
    return copy


@require_safe
@portal_page
def listed(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The list, as it stands or as it stood on a day. 404 where the city had published none."""
    copy = _copy(request, ctx)
    tag = serving.page_etag(ctx, copy.stamp)
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    rows = queries.public_rows(ctx, copy)
    spec = _spec(ctx, rows)
    state = spec.parse(request.GET)
    view = ListView(
        key="everything",
        caption=_("すべての手続"),
        spec=spec,
        state=state,
        page=slice_rows(spec, state, rows, size=100),
        path=reverse("procedures-all", args=[ctx.municipality.code]),
        exports=exports("procedures-all-sheet", ctx.municipality.code),
        empty_title=_("当てはまる手続がありません"),
        empty_body=_("ほかの言葉でさがすか、窓口におたずねください。"),
    )
    context = {
        "page": shell(ctx, _("市のすべての手続"), list_crumbs(ctx)),
        "list": view,
        "copy": copy,
        "on": state.extra.get("on", ""),
        "now_href": reverse("procedures-all", args=[ctx.municipality.code]),
        "online": sum(1 for row in rows if row.online in rules.CHANNELS),
        "count": len(rows),
    }
    return serving.keepable(render(request, "procedures/portal/everything.html", context), tag)


@require_safe
@portal_page
def listed_sheet(request: HttpRequest, ctx: Context, name: str) -> HttpResponseBase:
    """The list as it is narrowed, as a file with every public field."""
    copy = _copy(request, ctx)
    rows = queries.public_rows(ctx, copy)
    spec = _spec(ctx, rows)
    shown = slice_rows(spec, spec.parse(request.GET), rows, size=max(len(rows), 1)).rows
    table = Table(
        name=_("すべての手続"),
        municipality=ctx.municipality.name,
        columns=sheet.columns(),
        rows=[Row(_values(row)) for row in shown],
        as_of=copy.published_at,
    )
    file_format = next(one for one in FORMATS if one == name)
    return respond(table, file_format, f"{ctx.municipality.name}_{_('すべての手続')}", public=True)


def _values(row: PublicRow) -> dict[str, object]:
    body = {key: value for key, value in row.body.items() if key != "procedure"}
    data = read_json(RowData, body)
    return {key: getattr(data, key) for key in sheet.ORDER}
