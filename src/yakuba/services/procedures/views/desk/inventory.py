"""The inventory at the desk: list and figures, one row, sheets in and out, the public's copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.engines.casework.states import KINDS
from yakuba.kernel.access.desk import address, need, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of, several
from yakuba.kernel.actions import Context, Denied, Missing, Problem, Problems
from yakuba.kernel.dates import format_date, japan_date, parse_date
from yakuba.kernel.fields import as_json, specs_of
from yakuba.kernel.files import limits
from yakuba.kernel.files.archives import LIMITS
from yakuba.kernel.files.receiving import received
from yakuba.kernel.sheets import previewing
from yakuba.kernel.sheets.changes import compare
from yakuba.kernel.sheets.reading import read
from yakuba.kernel.sheets.rehearsal import rehearsed
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.town.queries import offices_on
from yakuba.kernel.ui.components import Fact, FieldError, Link, badge
from yakuba.kernel.ui.lists import BadQuery, Choice, Column, Filter, ListSpec, ListView, slice_rows
from yakuba.services.procedures.access import desk as access
from yakuba.services.procedures.actions.inventory import (
    ChangeInventory,
    RowChange,
    change_inventory,
    change_row,
    publish_inventory,
)
from yakuba.services.procedures.inventory import queries, rules
from yakuba.services.procedures.inventory import sheet as sheets
from yakuba.services.procedures.inventory.row import KEYS, RowData, office_of, row_data
from yakuba.services.procedures.models import ONLINE_STATES, InventoryCount, InventoryRow
from yakuba.services.procedures.views.desk.designing_frame import by_key, show, version_of

_LEFT_OPEN = (
    ("no_count", "年間件数がない"),
    ("no_year", "件数の年度がない"),
    ("no_reason", "しない理由がない"),
    ("no_day", "開始日がない"),
    ("no_office", "担当課がない"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A row in the list."""

    id: UUID
    number: str
    title: str
    office: str
    kind: str
    online: str
    yearly_count: int | None
    yearly_online: int | None
    ground: str
    open: tuple[str, ...]


def _lines(ctx: Context, found: list[InventoryRow]) -> list[Line]:
    names = queries.offices(ctx, found)
    return [
        Line(
            one.pk,
            one.number,
            one.title,
            office_of(one, names),
            one.kind,
            one.online,
            one.yearly_count,
            one.yearly_online,
            one.ground,
            _left_open(one),
        )
        for one in found
    ]


def _left_open(one: InventoryRow) -> tuple[str, ...]:
    wanting = {
        "no_count": one.yearly_count is None,
        "no_year": one.yearly_count is not None and one.counted_year is None,
        "no_reason": one.online == "no" and not one.why_not.strip(),
        "no_day": one.online in rules.CHANNELS and one.since is None,
        "no_office": one.office_id is None,
    }
    return tuple(key for key, holds in wanting.items() if holds)


def online_badge(online: str) -> object:
    """Whether and where a procedure is online, in words."""
    label = _(dict(ONLINE_STATES)[online])
    if online in rules.CHANNELS:
        return badge(label, tone="good", mark="circle-check")
    return badge(
        label,
        tone="fair" if online == "planned" else "neutral",
        mark="circle-half" if online == "planned" else "circle",
    )


def _spec(ctx: Context, lines: list[Line]) -> ListSpec[Line]:
    kinds = dict(KINDS)
    offices = sorted({line.office for line in lines if line.office})
    return ListSpec(
        columns=(
            Column("number", _("番号"), narrow=True, by_size=True),
            Column(
                "title",
                _("手続名"),
                sortable=True,
                main=True,
                link=lambda row: address("procedures-inventory-row", ctx, row.id),
            ),
            Column("office", _("担当課"), sortable=True),
            Column("kind", _("種類"), narrow=True, show=lambda row: _(kinds[row.kind])),
            Column("online", _("オンライン"), narrow=True, show=lambda row: online_badge(row.online)),
            Column(
                "yearly_count",
                _("年間件数"),
                kind="number",
                narrow=True,
                sortable=True,
                show=lambda row: _figure(row.yearly_count),
            ),
            Column(
                "yearly_online",
                _("うちオンライン"),
                kind="number",
                narrow=True,
                sortable=True,
                show=lambda row: _figure(row.yearly_online),
            ),
            Column("ground", _("根拠"), paper="keep"),
        ),
        filters=(
            Filter("online", _("オンライン"), tuple(Choice(code, _(label)) for code, label in ONLINE_STATES)),
            Filter("office", _("担当課"), tuple(Choice(name, name) for name in offices)),
            Filter("kind", _("種類"), tuple(Choice(code, _(label)) for code, label in KINDS)),
            Filter(
                "open", _("まだ分からないこと"), tuple(Choice(code, _(label)) for code, label in _LEFT_OPEN)
            ),
        ),
        search=_("台帳をさがす"),
        extra=frozenset({"on"}),
    )


def _figure(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Every procedure of the city, and what is counted from it."""
    found = list(queries.rows(ctx))
    lines = _lines(ctx, found)
    spec = _spec(ctx, lines)
    state = spec.parse(request.GET)
    keeps = access.KEEP_INVENTORY.holds_anywhere(ctx)
    typed = state.extra.get("on", "")
    try:
        day = parse_date(typed) if typed else japan_date(ctx.now)
    except ValueError as exc:
        raise BadQuery("on", typed, _("日付（例：令和8年3月31日、2026-03-31）")) from exc
    new_href, import_href = (
        address(name, ctx) for name in ("procedures-inventory-new", "procedures-inventory-import")
    )
    view = ListView(
        key="inventory",
        caption=_("手続台帳"),
        spec=spec,
        state=state,
        page=slice_rows(spec, state, lines),
        path=address("procedures-inventory", ctx),
        exports=exports("procedures-inventory-sheet", ctx.municipality.code) if lines else {},
        import_href=import_href if keeps else "",
        read_only=not keeps and bool(lines),
        empty_title=_("台帳にまだ行がありません"),
        empty_body=_("表で取り込むか、1件ずつ加えます。手続を公開すると、その行は自分でできます。")
        if keeps
        else _("事務局が台帳を作ると、ここに並びます。"),
        empty_action=_("行を加える") if keeps else "",
        empty_href=new_href if keeps else "",
    )
    counted = rules.figures(found, day, queries.online_earlier(ctx, found, day))
    return show(
        request,
        ctx,
        "inventory",
        _("手続台帳"),
        list=view,
        figures=_on_day(counted) if lines else [],
        standing=_standing(counted) if lines else [],
        day=format_date(day),
        typed_day=typed,
        here=address("procedures-inventory", ctx),
        new_href=new_href if keeps and lines else "",
        import_href=import_href if keeps else "",
        publish_href=address("procedures-inventory-publish", ctx) if keeps and lines else "",
        public=queries.public_copy(ctx),
        public_href=_public_href(ctx),
        stale=_stale(ctx, found),
    )  # fmt: skip


def _on_day(counted: rules.Figures) -> list[Fact]:
    """What is known of a day: the rows say since when and until when they are online, and nothing else of the past."""
    named = dict(ONLINE_STATES)
    channels = "、".join(f"{_(named[key])} {count}" for key, count in counted.by_channel.items() if count)
    return [
        Fact(_("オンラインの手続"), f"{counted.online:,}", channels),
        Fact(_("開始日がまだない"), f"{counted.without_day:,}", _("ずっとオンラインとして数えています") if counted.without_day else ""),
    ]  # fmt: skip


def _standing(counted: rules.Figures) -> list[Fact]:
    """What the rows say now, whatever the day."""
    share, notes = "", []
    if counted.share is not None:
        share = f"{counted.share * 100:.1f}%（{counted.online_filings:,}／{counted.filings:,}件）"
        if counted.years:
            notes.append(_("%sの件数") % "・".join(year.label for year in counted.years))
        if counted.without_year:
            notes.append(_("年度の分からない手続 %(n)d を含む") % {"n": counted.without_year})
    if counted.uncounted:
        notes.append(_("年間件数のない手続 %(n)d を除く") % {"n": counted.uncounted})
    return [
        Fact(_("手続の数"), f"{counted.rows:,}"),
        Fact(_("年間件数のうちオンライン"), share, "。".join(notes)),
        Fact(_("予定あり"), f"{counted.planned:,}"),
        Fact(_("しない理由がまだない"), f"{counted.without_reason:,}"),
    ]  # fmt: skip


def _public_href(ctx: Context) -> str:
    try:
        return address("procedures-all", ctx)
    except NoReverseMatch:
        return ""  # a process that serves no citizens' pages


def _stale(ctx: Context, found: list[InventoryRow]) -> bool:
    """Whether the public reads something else than what stands here."""
    copy = queries.public_copy(ctx)
    return copy is not None and queries.differs(ctx, copy, found)


@require_safe
@desk_page
def sheet(request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The list as a file, as it is seen; whoever keeps the inventory gets one that comes back in."""
    found = list(queries.rows(ctx))
    lines = _lines(ctx, found)
    spec = _spec(ctx, lines)
    shown = [
        line.id for line in slice_rows(spec, spec.parse(request.GET), lines, size=max(len(lines), 1)).rows
    ]
    by_id = {one.pk: one for one in found}
    table = sheets.table(
        [by_id[one] for one in shown],
        queries.offices(ctx, found),
        municipality=ctx.municipality.name,
        as_of=ctx.now,
        editable=access.KEEP_INVENTORY.holds_anywhere(ctx),
    )
    return respond(table, file_format, f"{ctx.municipality.name}_{_('手続台帳')}")


# --- one row ----------------------------------------------------------------------------------------------------------


def _typed(data: RowData) -> dict[str, str]:
    """What stands in the form of a row."""
    found: dict[str, str] = {}
    for key, spec in specs_of(RowData).items():
        value = getattr(data, key)
        if value is None or spec.kind is None:
            found[key] = ""
        elif isinstance(value, bool | str):
            found[key] = spec.kind.to_text(value)
        else:
            found[key] = spec.kind.format(value)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def row(request: HttpRequest, ctx: Context, row_id: UUID) -> HttpResponseBase:
    """One row: read, change, remove."""
    found = queries.row(ctx, row_id)
    may = access.CHANGE_ROW.may(ctx, found).allowed
    names = queries.offices(ctx, [found])
    typed = _typed(row_data(found, names))
    if request.method != "POST":
        return _row(request, ctx, found, typed, may=may)
    try:
        if request.POST.get("do") == "remove":
            change: RowChange = {"id": str(found.pk), "version": version_of(request), "remove": True}
            _change(ctx, [change], request.POST.get("reason", ""))
            return see("procedures-inventory", ctx)
        typed = {key: request.POST.get(key, "") for key in KEYS}
        change_row(ctx, found, change_row.read_text(typed), expected_version=version_of(request))
    except Problem as problem:
        return _row(request, ctx, found, typed, problem, may=may)
    return see("procedures-inventory-row", ctx, found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """One more row."""
    need(access.KEEP_INVENTORY, ctx)
    typed = dict.fromkeys(KEYS, "") | {"by_paper": "1", "by_phone": "0", "seal_needed": "0", "online": "no"}
    if request.method != "POST":
        return _row(request, ctx, None, typed, may=True)
    typed = {key: request.POST.get(key, "") for key in KEYS}
    try:
        data = change_row.read_text(typed)
        said = as_json(data)
        _change(ctx, [{"id": "", "version": 0, "row": said}], "")
    except Problem as problem:
        placed = [
            Problem(one.code, one.message, field=one.field.removeprefix("0."), found=one.found)
            for one in several(problem)
        ]
        return _row(request, ctx, None, typed, Problems(placed), may=True)
    return see("procedures-inventory", ctx)


def _row(
    request: HttpRequest,
    ctx: Context,
    found: InventoryRow | None,
    typed: dict[str, str],
    problem: Problem | None = None,
    *,
    may: bool,
) -> HttpResponse:
    errors = errors_of(problem, [*KEYS, "reason"]) if problem else []
    said = by_key(errors)
    specs = specs_of(RowData)
    return show(
        request,
        ctx,
        "inventory_row",
        found.title if found else _("台帳に行を加える"),
        crumbs=[Link(_("手続台帳"), address("procedures-inventory", ctx))],
        status=problem.status if problem else 200,
        row=found,
        may=may,
        may_remove=bool(found) and access.KEEP_INVENTORY.holds_anywhere(ctx),
        errors=errors,
        fields=[(key, specs[key], typed.get(key, ""), said.get(key, "")) for key in sheets.ORDER],
        facts=[Fact(_(specs[key].label), _shown(key, found)) for key in sheets.ORDER if key != "office"] if found else [],
        past=_past(ctx, found) if found else [],
        office=typed.get("office", ""),
        offices=[one.name for one in offices_on(ctx.municipality.id, japan_date(ctx.now))],
        reason=request.POST.get("reason", ""),
        reason_error=said.get("reason", ""),
        design_href=address("procedures-design", ctx, found.procedure_id) if found and found.procedure_id else "",
        back=address("procedures-inventory", ctx),
    )  # fmt: skip


def _past(ctx: Context, found: InventoryRow) -> list[Fact]:
    """What is known of earlier years and days, which figures of the past rest on."""
    spans, counts = queries.past_of(ctx, found)
    return [
        *(Fact(_("オンラインだった期間"), f"{format_date(one.since)}～{format_date(one.until)}") for one in spans),
        *(Fact(_("%sの件数") % one.year.label, _counted(one)) for one in counts if one.year != found.counted_year),
    ]  # fmt: skip


def _counted(one: InventoryCount) -> str:
    if one.online is None:
        return _("%(n)s件") % {"n": f"{one.filings:,}"}
    return _("%(n)s件（うちオンライン%(online)s件）") % {"n": f"{one.filings:,}", "online": f"{one.online:,}"}


def _shown(key: str, found: InventoryRow) -> str:
    value, kind = getattr(found, key), specs_of(RowData)[key].kind
    return "" if value is None or value == "" or kind is None else str(kind.format(value))


def _change(ctx: Context, changes: list[RowChange], reason: str) -> None:
    here = Municipality.objects.for_actor(ctx).filter(pk=ctx.municipality.id).first()
    if here is None:
        raise Missing
    change_inventory(ctx, here, ChangeInventory(changes, reason[:200]))


# --- sheets -----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def upload(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Send a sheet of rows; the answer shows what it would change."""
    need(access.KEEP_INVENTORY, ctx)
    if request.method != "POST":
        return _form(request, ctx, [])
    try:
        cells = read(received(request, "file"))  # type: ignore[arg-type]  # an uploaded file reads and seeks like any stream
        there = list(queries.rows(ctx))
        current = sheets.rows(there, queries.offices(ctx, there))
        found = compare(cells, sheets.columns(), current, fresh=True)
        found = rehearsed(found, lambda: _change(ctx, previewing.changes(found, "row"), ""))
    except (Denied, Missing):
        raise
    except Problem as problem:
        return _form(request, ctx, [FieldError("file", one.message) for one in errors_of(problem)])
    return show(
        request,
        ctx,
        "inventory_preview",
        _("台帳の表の確認"),
        crumbs=[Link(_("手続台帳"), address("procedures-inventory", ctx))],
        status=422 if found.problems else 200,
        found=found,
        lines=previewing.lines(found, {one.pk: one.title for one in there}),
        **previewing.carried(found, "row"),
        confirm_href=address("procedures-inventory-confirm", ctx),
        again_href=address("procedures-inventory-import", ctx),
    )


def _form(request: HttpRequest, ctx: Context, errors: list[FieldError]) -> HttpResponse:
    return show(
        request,
        ctx,
        "inventory_import",
        _("台帳の表を取り込む"),
        crumbs=[Link(_("手続台帳"), address("procedures-inventory", ctx))],
        status=422 if errors else 200,
        errors=errors,
        error=errors[0].message if errors else "",
        limit=limits.in_mb(LIMITS.size),
        here=address("procedures-inventory-import", ctx),
        back=address("procedures-inventory", ctx),
        sheet_href=address("procedures-inventory-sheet", ctx, "xlsx"),
    )


@require_POST
@desk_page
def confirm(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Take the rows in: all of them or none."""
    need(access.KEEP_INVENTORY, ctx)
    places: list[Any] = []  # Any: JSON, used as text alone
    try:
        places = previewing.listed(request, "places")
        _change(ctx, previewing.listed(request, "changes"), _("表の取り込み"))
    except Problem as problem:
        if isinstance(problem, Denied | Missing):
            raise
        return _form(
            request, ctx, [FieldError("file", previewing.at_place(one, places)) for one in errors_of(problem)]
        )
    return see("procedures-inventory", ctx)


@require_POST
@desk_page
def publish(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Give the public what stands here now."""
    here = Municipality.objects.for_actor(ctx).filter(pk=ctx.municipality.id).first()
    if here is None:
        raise Missing
    publish_inventory(ctx, here, publish_inventory.read_text({"note": request.POST.get("note", "")}))
    return see("procedures-inventory", ctx, fragment="public")
