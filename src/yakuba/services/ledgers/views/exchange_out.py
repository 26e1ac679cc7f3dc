"""A ledger as a file: as filtered in the list, or as the whole book stood on a day."""

from __future__ import annotations

import datetime as dt
from typing import Final, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.ledger.exchange.cp932 import encoded
from yakuba.engines.ledger.exchange.drawing import written
from yakuba.engines.ledger.exchange.table import Leaving, table_of
from yakuba.engines.places.crs.systems import SYSTEMS, TRUTH, ZONES, plane
from yakuba.engines.places.formats.writing import Format as Drawing
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Missing, Problem
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.dates.wareki import parse_date
from yakuba.kernel.sheets.respond import Format, respond
from yakuba.kernel.ui.components import Link
from yakuba.services.ledgers import queries
from yakuba.services.ledgers.views import listed
from yakuba.services.ledgers.views.frame import Opened, opened, show

_SORTS: Final = {"geojson": "GeoJSON", "shapefile": "Shapefile", "kml": "KML"}


@require_safe
@desk_page
def sheet(request: HttpRequest, ctx: Context, key: str, file_format: Format) -> HttpResponseBase:
    """The list as XLSX, or as CSV in UTF-8."""
    one = opened(ctx, key)
    leaving, name = _leaving(request.GET, ctx, one)
    return respond(leaving.table, file_format, name)


@require_safe
@desk_page
def old_csv(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """The list as CSV in CP932; what CP932 has no character for is told instead of a file with other characters."""
    one = opened(ctx, key)
    leaving, name = _leaving(request.GET, ctx, one)
    data, lacking = encoded(leaving.table)
    if lacking:
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return show(
            request,
            ctx,
            "exchange_cp932",
            _("Shift_JIS（CP932）にできない文字があります"),
            crumbs=one.crumbs(ctx),
            status=422,
            lacking=lacking,
            utf8_href=one.href(ctx, "ledgers-export", "csv") + query,
            xlsx_href=one.href(ctx, "ledgers-export", "xlsx") + query,
            back=one.href(ctx) + query,
        )
    return _file(data, "text/csv; charset=Shift_JIS", f"{name}.csv")


def _file(data: bytes, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=content_type)
    answer["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
@desk_page
def places(request: HttpRequest, ctx: Context, key: str, sort: str) -> HttpResponseBase:
    """The places of the list as a file for maps, in a system of choice; what the file cannot hold is told first."""
    one = opened(ctx, key)
    if not one.ledger.placed or sort not in _SORTS:
        raise Missing
    given = request.GET.copy()
    known = given.pop("known", [""])[-1]
    epsg = given.pop("system", [str(TRUTH)])[-1]
    leaving, name = _leaving(given, ctx, one)
    made = written(
        leaving.table, cast("Drawing", sort), int(epsg) if epsg.isdecimal() and len(epsg) < 6 else 0
    )
    if made.notes and not known:
        given["known"], given["system"] = "1", epsg
        return show(
            request,
            ctx,
            "exchange_places",
            _("地図のデータについて"),
            crumbs=one.crumbs(ctx),
            notes=made.notes,
            href=one.href(ctx, "ledgers-export-places", sort) + f"?{given.urlencode()}",
            back=one.href(ctx, "ledgers-export-ways"),
        )
    return _file(made.data, made.content_type, f"{name}.{made.ending.lstrip('.')}")


@require_safe
@desk_page
def ways(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """In which forms a ledger leaves, and as of which day."""
    one = opened(ctx, key)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return show(
        request,
        ctx,
        "exchange_out",
        _("%sを書き出す") % one.label,
        crumbs=one.crumbs(ctx),
        one=one,
        links=[
            Link("XLSX", one.href(ctx, "ledgers-export", "xlsx") + query),
            Link(_("CSV（UTF-8）"), one.href(ctx, "ledgers-export", "csv") + query),
            Link(_("CSV（Shift_JIS）"), one.href(ctx, "ledgers-export-old") + query),
            Link("PDF", one.href(ctx, "ledgers-print-list") + query),
        ],
        sorts=[(label, one.href(ctx, "ledgers-export-places", sort)) for sort, label in _SORTS.items()]
        if one.ledger.placed
        else [],
        systems=[(str(TRUTH), SYSTEMS[TRUTH].label)]
        + [(str(plane(zone.number).epsg), plane(zone.number).label) for zone in ZONES],
        query=[(name, value) for name, values in request.GET.lists() for value in values],
        day_href=one.href(ctx, "ledgers-export", "xlsx"),
        day=format_date(japan_date(ctx.now)),
        forms_href=one.href(ctx, "ledgers-forms"),
        back=one.href(ctx) + query,
    )


def _leaving(query: QueryDict, ctx: Context, one: Opened) -> tuple[Leaving, str]:
    """What the address asks for, and what its file is called. Raises :class:`Problem` for a day that is none or not yet."""
    given = query.copy()
    on = _day(ctx, given.pop("on", [""])[-1])
    state = listed.spec(ctx, one).parse(given)
    found = queries.rows(ctx, one.ledger, one.book, listed.asked(one, state))
    name = f"{ctx.municipality.name}_{one.label}" + (f"_{on.isoformat()}" if on else "")
    return table_of(ctx, one.installed, one.book, found, on=on), name


def _day(ctx: Context, text: str) -> dt.date | None:
    if not text.strip():
        return None
    try:
        found = parse_date(text)
    except ValueError as exc:
        raise Problem("date", _("「基準日」は、令和8年4月1日やR8.4.1のように入れてください。"), found=text[:40]) from exc  # fmt: skip
    if found > japan_date(ctx.now):
        raise Problem("future", _("これから先の日の台帳は書き出せません。"), found=text[:40])
    return found
