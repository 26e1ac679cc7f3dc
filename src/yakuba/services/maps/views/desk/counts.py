"""How often the public map was opened with a layer on it, month by month of a fiscal year: a page and a sheet. Nobody is counted."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.kernel.access.desk import address, need
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.fields import INTERNAL, Spec
from yakuba.kernel.fields.kinds import Integer, Text
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.sheets.table import Column, Row, Table
from yakuba.kernel.ui.components import Link, TableColumn, table
from yakuba.kernel.ui.lists import BadQuery, known
from yakuba.services.maps import queries
from yakuba.services.maps.access import VIEW_VIEWS
from yakuba.services.maps.views.desk.frame import every_layer, home, show

_MONTHS = 12


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The counts of a year."""
    year = _year(request, ctx)
    made = _table(ctx, year)
    heads = [TableColumn(one.label, number=one.key != "layer") for one in made.columns]
    rows = [[one.shown(row.values.get(one.key)) for one in made.columns] for row in made.rows]
    files = exports("maps-desk-views-sheet", ctx.municipality.code)
    here = address("maps-desk-views", ctx)
    return show(
        request,
        ctx,
        "views",
        _("地図の閲覧数（%s）") % year.label,
        crumbs=[home(ctx), Link(_("地図の層"), address("maps-desk-layers", ctx))],
        table=table(made.name, heads, rows, hide_caption=True) if rows else "",
        files=[(label, f"{href}?year={year.start.year}") for label, href in files.items()],
        before=(f"{here}?year={year.start.year - 1}", (year - 1).label),
        after=(f"{here}?year={year.start.year + 1}", (year + 1).label)
        if year < FiscalYear.of(ctx.now)
        else None,
    )


@require_safe
@desk_page
def sheet(request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The same as a file."""
    year = _year(request, ctx)
    return respond(
        _table(ctx, year), file_format, f"{ctx.municipality.name}_{_('地図の閲覧数')}_{year.short}"
    )


def _year(request: HttpRequest, ctx: Context) -> FiscalYear:
    need(VIEW_VIEWS, ctx)
    known(request.GET, "year")
    said = request.GET.get("year", "")
    if not said:
        return FiscalYear.of(ctx.now)
    if not (said.isascii() and said.isdecimal() and 2000 <= int(said[:5]) <= 2200):
        raise BadQuery("year", said, "2026")
    return FiscalYear(int(said))


def _months(year: FiscalYear) -> list[dt.date]:
    """The first days of its months."""
    first = year.start
    return [
        dt.date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1)
        for n in range(_MONTHS)
    ]


def _table(ctx: Context, year: FiscalYear) -> Table:
    """A row for each layer that is here or was looked at; a month that has not begun is empty, one without openings is 0."""
    months = _months(year)
    counted = queries.views_by_month(ctx, year.start, year.end + dt.timedelta(days=1))
    labels = {one.key: one.label for one in every_layer(ctx)}
    begun = [month for month in months if month <= ctx.now.date()]
    rows = []
    for key in sorted({*labels, *counted}, key=lambda one: (labels.get(one, one), one)):
        values: dict[str, object] = {"layer": labels.get(key, _("なくなった層（%s）") % key)}
        values |= {f"m{month.month}": counted.get(key, {}).get(month, 0) for month in begun}
        values["sum"] = sum(counted.get(key, {}).values())
        rows.append(Row(values))
    columns = [Column("layer", Spec(_("層"), INTERNAL, Text()), fixed=True)]
    columns += [
        Column(f"m{month.month}", Spec(_("%d月") % month.month, INTERNAL, Integer()), fixed=True)
        for month in months
    ]
    columns.append(Column("sum", Spec(_("計"), INTERNAL, Integer()), fixed=True))
    return Table(
        name=_("地図の閲覧数"),
        municipality=ctx.municipality.name,
        columns=columns,
        rows=rows,
        as_of=ctx.now,
        notes=(
            (_("年度"), year.label),
            (_("数え方"), _("公開地図をその層とともに開いた回数。人は数えません。")),
        ),
    )
