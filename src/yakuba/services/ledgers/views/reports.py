"""Reports of a ledger as tables on a page and as files: figures as of a day, nothing about a person."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.ledger.declaration import Report
from yakuba.engines.ledger.reports import table_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.dates import FiscalYear, format_date, japan_date, parse_date
from yakuba.kernel.fields.kinds import Widget
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.ui.components import TableColumn, table
from yakuba.kernel.ui.drawing import Link
from yakuba.kernel.ui.lists import BadQuery, known
from yakuba.services.ledgers.views.frame import Opened, opened, show


def _report(one: Opened, key: str) -> Report:
    one.demand_reads()
    found = next((each for each in one.ledger.reports if each.key == key), None)
    if found is None:
        raise Missing
    return found


def _day(request: HttpRequest, ctx: Context) -> dt.date:
    known(request.GET, "on")
    typed = request.GET.get("on", "").strip()
    try:
        return parse_date(typed) if typed else japan_date(ctx.now)
    except ValueError as exc:
        raise BadQuery("on", typed, _("日付（例：令和8年3月31日、2026-03-31）")) from exc


@require_safe
@desk_page
def page(request: HttpRequest, ctx: Context, key: str, report: str) -> HttpResponseBase:
    """A report as of a day."""
    one = opened(ctx, key)
    found, day = _report(one, report), _day(request, ctx)
    sheet_table = table_of(ctx, one.ledger, one.book, found, day)
    columns = [
        TableColumn(each.label, number=each.kind is not None and each.kind.widget is Widget.NUMBER)
        for each in sheet_table.columns
    ]
    rows = [
        [each.shown(row.values.get(each.key)) for each in sheet_table.columns] for row in sheet_table.rows
    ]
    files = exports("ledgers-report-sheet", ctx.municipality.code, one.ledger.key, found.key)
    return show(
        request,
        ctx,
        "report",
        str(found.label),
        crumbs=one.crumbs(ctx),
        day=format_date(day),
        typed=request.GET.get("on", ""),
        table=table(sheet_table.name, columns, rows, hide_caption=True) if rows else "",
        files=[(label, f"{href}?on={day.isoformat()}") for label, href in files.items()],
        here=one.href(ctx, "ledgers-report", found.key),
        years=_year_ends(ctx, found, day, one.href(ctx, "ledgers-report", found.key)),
    )


def _year_ends(ctx: Context, report: Report, day: dt.date, here: str) -> list[Link]:
    """What the work of 1 April asks for: the report at the end of each of the last years."""
    if not report.yearly:
        return []
    last = FiscalYear.of(ctx.now) - 1
    return [
        Link(_("%s末") % year.label, f"{here}?on={year.end.isoformat()}", current=year.end == day)
        for year in (last, last - 1, last - 2)
    ]


@require_safe
@desk_page
def sheet(request: HttpRequest, ctx: Context, key: str, report: str, file_format: Format) -> HttpResponseBase:
    """The same as a file."""
    one = opened(ctx, key)
    found, day = _report(one, report), _day(request, ctx)
    made = table_of(ctx, one.ledger, one.book, found, day)
    return respond(made, file_format, f"{ctx.municipality.name}_{made.name}_{day.isoformat()}")
