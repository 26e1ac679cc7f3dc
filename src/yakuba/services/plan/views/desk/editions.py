"""Editions, and the list of a draft's initiatives."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TypedDict
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing.models import Publication
from yakuba.kernel import fields
from yakuba.kernel.access.desk import address
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear, format_date, japan_date
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.sheets.respond import Format, respond
from yakuba.kernel.sheets.table import Column as SheetColumn
from yakuba.kernel.sheets.table import Row as SheetRow
from yakuba.kernel.sheets.table import Table, columns_of
from yakuba.kernel.ui.components import Fact, badge
from yakuba.kernel.ui.formats import fiscal_year
from yakuba.kernel.ui.lists import Column, ListSpec, ListView, slice_rows
from yakuba.services.plan import access, asking, desk_list, grid, queries
from yakuba.services.plan.models import Edition, Plan
from yakuba.services.plan.published import EDITION
from yakuba.services.plan.views.desk import stood
from yakuba.services.plan.views.desk.frame import crumbs_of, name_of, rights, show, tabs_of


@dataclass(frozen=True, slots=True)
class Line:
    """One edition in the list."""

    id: UUID
    title: str
    year: FiscalYear
    state: str
    initiatives: int
    doubts: int
    publication: str
    published: bool


def _lines(ctx: Context) -> list[Line]:
    editions = list(queries.editions(ctx))
    standing = {one.subject: one for one in publishing.standing(ctx, EDITION)}
    return [_line(edition, standing.get(edition.pk)) for edition in editions]


def _line(edition: Edition, publication: Publication | None) -> Line:
    told = ""
    if publication is not None:
        told = _("第%(number)d号 %(day)s") % {
            "number": publication.number,
            "day": format_date(japan_date(publication.published_at)),
        }
    return Line(
        edition.pk,
        name_of(edition),
        edition.year,
        edition.state,
        edition.initiative_count,  # type: ignore[attr-defined]  # counted by queries.editions
        edition.doubt_count,  # type: ignore[attr-defined]  # counted by queries.editions
        told,
        publication is not None,
    )


def state_badge(state: str, *, published: bool) -> object:
    """Where an edition stands, in words: a draft may hide behind a publication."""
    if state == "published":
        return badge(_("公表中"), tone="good", mark="circle-check")
    if published:
        return badge(_("公表中（下書きに変更あり）"), tone="fair", mark="circle-half")
    return badge(_("下書き"), tone="accent")


def _spec(ctx: Context) -> ListSpec[Line]:
    return ListSpec(
        extra=frozenset({"day"}),
        columns=(
            Column(
                "title",
                _("計画の版"),
                sortable=True,
                main=True,
                link=lambda row: address("plan-desk-edition", ctx, row.id),
            ),
            Column("year", _("年度"), sortable=True, narrow=True, show=lambda row: fiscal_year(row.year)),
            Column(
                "state",
                _("状態"),
                narrow=True,
                show=lambda row: state_badge(row.state, published=row.published),
            ),
            Column("initiatives", _("取組"), kind="number", narrow=True, sortable=True),
            Column(
                "doubts",
                _("要確認"),
                kind="number",
                narrow=True,
                sortable=True,
                show=lambda row: row.doubts or "",
            ),
            Column("publication", _("最後の公表"), narrow=True),
        ),
        default_sort="-year",
    )


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """All editions of the municipality."""
    spec = _spec(ctx)
    state = spec.parse(request.GET)
    lines = _lines(ctx)
    may_import = access.IMPORT.holds_anywhere(ctx)
    asked = stood.ask(ctx, state.extra.get("day", ""))
    view = ListView(
        key="editions",
        caption=_("計画の版"),
        spec=spec,
        state=state,
        page=slice_rows(spec, state, lines),
        path=address("plan-desk-editions", ctx),
        exports={
            "XLSX": address("plan-desk-editions-sheet", ctx, "xlsx"),
            "CSV": address("plan-desk-editions-sheet", ctx, "csv"),
        }
        if lines
        else {},
        read_only=bool(lines),
        empty_title=_("まだ計画がありません"),
        empty_body=_("計画書を取り込むと、ここに下書きができます。")
        if may_import
        else _("事務局が計画書を取り込むと、ここに並びます。"),
        empty_action=_("計画書を取り込む") if may_import else "",
        empty_href=address("plan-desk-import-new", ctx) if may_import else "",
    )
    return show(
        request, ctx, "editions", _("計画の版"), status=422 if asked.error else 200,
        list=view, asked=asked, here=address("plan-desk-editions", ctx), import_href=address("plan-desk-import-new", ctx),
        plan_new_href=address("plan-desk-plan-new", ctx), has_editions=bool(lines), **rights(ctx),
    )  # fmt: skip


@require_safe
@desk_page
def index_sheet(request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The same list as a file."""
    spec = _spec(ctx)
    state = spec.parse(request.GET)
    lines = slice_rows(spec, state.first_page(), _lines(ctx), size=10_000).rows
    words = {"draft": _("下書き"), "published": _("公表中")}
    number = fields.integer(label=_("取組数"), classification=INTERNAL).spec
    text = fields.text(label=_("状態"), classification=INTERNAL).spec
    table = Table(
        name=_("計画の版"),
        municipality=ctx.municipality.name,
        columns=(
            *columns_of(Plan, "title"),
            *columns_of(Edition, "year"),
            SheetColumn("state", text),
            SheetColumn("initiatives", number),
            SheetColumn("doubts", dataclasses.replace(number, label=_("確認が要る取組"))),
            SheetColumn("publication", dataclasses.replace(text, label=_("最後の公表"))),
        ),
        rows=[
            SheetRow(
                {
                    "title": line.title,
                    "year": line.year,
                    "state": words[line.state],
                    "initiatives": line.initiatives,
                    "doubts": line.doubts,
                    "publication": line.publication,
                }
            )
            for line in lines
        ],
        as_of=ctx.now,
        notes=((_("編集"), _("読み取り専用")),),
    )
    return respond(table, file_format, f"{ctx.municipality.name}_{_('計画の版')}")


@require_safe
@desk_page
def edition(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """The draft of an edition: its initiatives."""
    found = queries.edition(ctx, edition_id)
    drafted = desk_list.of(ctx, found)
    spec = desk_list.spec(drafted, lambda row: address("plan-desk-initiative", ctx, row.id))
    state = spec.parse(request.GET)
    may_correct = desk_list.editable(ctx, drafted)
    view = ListView(
        key="initiatives",
        caption=_("%(edition)sの取組") % {"edition": name_of(found)},
        spec=spec,
        state=state,
        page=desk_list.page(drafted, spec, state),
        path=address("plan-desk-edition", ctx, found.pk),
        exports={
            "XLSX": address("plan-desk-sheet", ctx, found.pk, "xlsx"),
            "CSV": address("plan-desk-sheet", ctx, found.pk, "csv"),
            _("CSV（指標）"): address("plan-desk-indicator-sheet", ctx, found.pk, "csv"),
        },
        import_href=address("plan-desk-grid", ctx, found.pk) if may_correct else "",
        read_only=not may_correct,
        empty_title=_("取組がひとつもありません"),
        empty_body=_("計画書をもう一度取り込んでください。"),
    )
    publication = publishing.standing_of(ctx, EDITION, found.pk)
    return show(
        request,
        ctx,
        "edition",
        name_of(found),
        crumbs=crumbs_of(ctx, found)[:1],
        edition=found,
        list=view,
        tabs=tabs_of(ctx, found, "plan-desk-edition"),
        state_badge=state_badge(found.state, published=publication is not None),
        doubtful=sum(1 for row in drafted.rows if row.form["doubts"]),
        doubt_href=f"{address('plan-desk-edition', ctx, found.pk)}?filter.state=doubt",
        first_doubt=next(
            (address("plan-desk-initiative", ctx, row.id) for row in drafted.rows if row.form["doubts"]),
            "",
        ),
        publish_href=address("plan-desk-publish", ctx, found.pk),
        sheets_href=address("plan-desk-sheets", ctx, found.pk),
        **waiting_of(ctx, found, drafted),
        **rights(ctx),
    )


class Waits(TypedDict):
    """What of an edition waits for a person, and where it is done."""

    asked: int
    ask_href: str
    unthemed: int
    themes_href: str
    new_href: str


def waiting_of(ctx: Context, edition: Edition, drafted: desk_list.Draft) -> Waits:
    """What of an edition waits for a person: silent points, themes that nobody decided; and the way to a new initiative."""
    return {
        "asked": asking.total([(row.id, row.form) for row in drafted.rows]),
        "ask_href": address("plan-desk-ask", ctx, edition.pk),
        "unthemed": sum(
            not row.form.get("themes") and "themes" not in row.form["corrected"] for row in drafted.rows
        ),
        "themes_href": address("plan-desk-themes", ctx, edition.pk),
        "new_href": address("plan-desk-initiative-new", ctx, edition.pk)
        if access.ARRANGE.holds_anywhere(ctx)
        else "",
    }


@require_safe
@desk_page
def sheet(request: HttpRequest, ctx: Context, edition_id: UUID, file_format: Format) -> HttpResponseBase:
    """The list as a file, a workbook with its indicators as a second sheet; whoever may correct gets one that comes back in."""
    found = queries.edition(ctx, edition_id)
    initiatives, indicators = _tables(request, ctx, found)
    name = f"{ctx.municipality.name}_{name_of(found)}_{_('取組')}"
    if file_format == "csv":
        return respond(initiatives, file_format, name)
    return respond(initiatives, file_format, name, indicators)


@require_safe
@desk_page
def indicator_sheet(
    request: HttpRequest, ctx: Context, edition_id: UUID, file_format: Format
) -> HttpResponseBase:
    """The indicators of the list as a file of their own: CSV knows no second sheet."""
    found = queries.edition(ctx, edition_id)
    _initiatives, indicators = _tables(request, ctx, found)
    return respond(indicators, file_format, f"{ctx.municipality.name}_{name_of(found)}_{_('指標')}")


def _tables(request: HttpRequest, ctx: Context, edition: Edition) -> tuple[Table, Table]:
    """Both tables of the rows that the reader asked for."""
    drafted = desk_list.of(ctx, edition)
    spec = desk_list.spec(drafted)
    return grid.tables(
        drafted,
        desk_list.ordered(drafted, spec, spec.parse(request.GET)),
        dict(queries.initiatives(ctx, edition).values_list("pk", "version")),
        queries.indicator_ids(ctx, edition),
        municipality=ctx.municipality.name,
        as_of=ctx.now,
        editable=desk_list.editable(ctx, drafted),
    )


@require_safe
@desk_page
def notes(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """What the reading warned of, and what found no place."""
    found = queries.edition(ctx, edition_id)
    rows = [
        (row.number, row.title, address("plan-desk-initiative", ctx, row.pk), row.warnings)
        for row in queries.initiatives(ctx, found)
        if row.warnings
    ]
    facts = [Fact(_("元の文書"), found.file.name)] if found.file else []
    return show(
        request,
        ctx,
        "notes",
        _("読み取りの注意"),
        crumbs=crumbs_of(ctx, found),
        edition=found,
        facts=facts,
        rows=rows,
        tabs=tabs_of(ctx, found, "plan-desk-notes"),
    )
