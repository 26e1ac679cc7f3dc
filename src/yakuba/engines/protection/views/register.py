"""The register: its list, a form for one person, a sheet that goes out and comes back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.engines.protection import access, queries, sheet
from yakuba.engines.protection.actions import ChangeRegister, change_register
from yakuba.engines.protection.actions.register import KEYS
from yakuba.engines.protection.models import Protected
from yakuba.engines.protection.rules import valid_on
from yakuba.engines.protection.views.frame import show, tabs
from yakuba.kernel.access.desk import address, need, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Missing, Problem, Problems, Stale, ports
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.fields import spec_of
from yakuba.kernel.files import limits
from yakuba.kernel.files.archives import LIMITS
from yakuba.kernel.files.receiving import received
from yakuba.kernel.sheets import previewing
from yakuba.kernel.sheets.changes import compare
from yakuba.kernel.sheets.reading import read
from yakuba.kernel.sheets.rehearsal import rehearsed
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.sheets.wanted import EntryChange
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListView, slice_rows

_STATES = (("now", "有効"), ("ahead", "開始前"), ("over", "終了"))


@dataclass(frozen=True, slots=True)
class Line:
    """A person in the list."""

    id: UUID
    name: str
    kana: str
    birth: str
    address: str
    period: str
    state: str


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Who is protected."""
    need(access.VIEW_PROTECTED, ctx)
    spec = _list(ctx)
    state = spec.parse(request.GET)
    today = japan_date(ctx.now)
    page = slice_rows(spec, state, [_line(one, today) for one in queries.entries(ctx)])
    ports.trail().read(ctx, "protection.entries", "protected", [row.id for row in page.rows])
    view = ListView(
        key="protected",
        caption=_("支援措置の登録"),
        spec=spec,
        state=state,
        page=page,
        path=address("protection-desk", ctx),
        exports=exports("protection-desk-sheet", ctx.municipality.code),
        import_href=address("protection-desk-import", ctx),
        empty_title=_("この条件の登録はありません"),
        empty_body=_("支援措置の申出を受けたら、ここに登録します。"),
        empty_action=_("登録する"),
        empty_href=address("protection-desk-new", ctx),
    )
    return show(
        request,
        ctx,
        "entries",
        _("支援措置"),
        view=view,
        tabs=tabs(ctx, "entries", queries.standing_count(ctx)),
        new_href=address("protection-desk-new", ctx),
    )


def _list(ctx: Context) -> ListSpec[Line]:
    return ListSpec(
        columns=(
            Column(
                "name",
                _("氏名"),
                main=True,
                link=lambda row: address("protection-desk-entry", ctx, row.id),
            ),
            Column("kana", _("カナ"), sortable=True),
            Column("birth", _("生年月日"), narrow=True),
            Column("address", _("住所")),
            Column("period", _("期間"), narrow=True),
            Column("state", _("状態"), narrow=True, show=lambda row: _(dict(_STATES)[row.state])),
        ),
        filters=(Filter("state", _("状態"), tuple(Choice(key, _(label)) for key, label in _STATES)),),
        search=_("氏名・カナ・住所で探す"),
    )


def _line(one: Protected, today: dt.date) -> Line:
    state = "now" if valid_on(one, today) else "ahead" if today < one.valid_from else "over"
    until = format_date(one.valid_to) if one.valid_to else ""
    return Line(
        one.pk,
        one.name,
        one.kana,
        format_date(one.birth) if one.birth else "",
        one.address,
        f"{format_date(one.valid_from)}〜{until}",
        state,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """One more person."""
    need(access.CHANGE, ctx)
    typed = {**dict.fromkeys(KEYS, ""), "valid_from": format_date(japan_date(ctx.now))}
    if request.method != "POST":
        return _form(request, ctx, None, typed)
    typed = {key: request.POST.get(key, "") for key in KEYS}
    try:
        _change(ctx, {"id": "", "version": 0, "entry": {**typed}})
    except Problem as problem:
        return _form(request, ctx, None, typed, problem)
    return see("protection-desk", ctx)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def entry(request: HttpRequest, ctx: Context, entry_id: UUID) -> HttpResponseBase:
    """One person: what is said, what they stopped, and a way to strike out a mistake."""
    need(access.VIEW_PROTECTED, ctx)
    found = queries.entry(ctx, entry_id)
    if request.method != "POST":
        return _form(request, ctx, found, _typed(found))
    typed = {key: request.POST.get(key, "") for key in KEYS}
    try:
        version = _version(request)
        if request.POST.get("do") == "remove":
            typed = _typed(found)
            _change(ctx, {"id": str(found.pk), "version": version, "remove": True})
        else:
            _change(ctx, {"id": str(found.pk), "version": version, "entry": {**typed}})
    except Problem as problem:
        return _form(request, ctx, found, typed, problem)
    return see("protection-desk", ctx)


def _typed(found: Protected) -> dict[str, str]:
    return {
        key: format_date(value) if isinstance(value := getattr(found, key), dt.date) else str(value or "")
        for key in KEYS
    }


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Problem("version", _("画面が古いか壊れています。開き直してください。"))
    return int(text)


def _form(
    request: HttpRequest,
    ctx: Context,
    found: Protected | None,
    typed: dict[str, str],
    problem: Problem | None = None,
) -> HttpResponse:
    if found is not None:
        ports.trail().read(ctx, "protection.entry", "protected", [found.pk])
    errors = [
        FieldError(key if key in KEYS else "", error.message)
        for error in (errors_of(_unwrapped(problem)) if problem else [])
        for key in [error.key.partition(".")[2]]
    ]
    return show(
        request,
        ctx,
        "entry",
        _("支援措置の登録を直す") if found else _("支援措置を登録する"),
        crumbs=[_up(ctx)],
        status=_status(problem),
        entry=found,
        typed=typed,
        specs={key: spec_of(Protected._meta.get_field(key)) for key in KEYS},
        said={error.key: error.message for error in errors},
        errors=errors,
        back=address("protection-desk", ctx),
    )


def _unwrapped(problem: Problem) -> Problem:
    """What an entry that is gone says belongs on the form as well."""
    if isinstance(problem, Problems) and len(problem.problems) == 1:
        return problem.problems[0] if isinstance(problem.problems[0], Missing) else problem
    return problem


def _status(problem: Problem | None) -> int:
    if problem is None:
        return 200
    several = problem.problems if isinstance(problem, Problems) else (problem,)
    return Stale.status if any(isinstance(one, Stale) for one in several) else problem.status


def _up(ctx: Context) -> Link:
    return Link(_("支援措置"), address("protection-desk", ctx))


def _change(ctx: Context, *changes: EntryChange) -> None:
    here = queries.municipality(ctx)
    if here is None:
        raise Missing
    change_register(ctx, here, ChangeRegister(list(changes)))


@require_safe
@desk_page
def save(_request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The whole register as a file that comes back in."""
    need(access.VIEW_PROTECTED, ctx)
    entries = queries.entries(ctx)
    ports.trail().read(ctx, "protection.save", "protected", [one.pk for one in entries])
    table = sheet.table(entries, municipality=ctx.municipality.name, as_of=ctx.now)
    return respond(table, file_format, f"{ctx.municipality.name}_{table.name}")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def upload(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Send a sheet of persons; the answer shows what it would change."""
    need(access.CHANGE, ctx)
    if request.method != "POST":
        return _choose(request, ctx, [])
    try:
        cells = read(received(request, "file"))  # type: ignore[arg-type]  # an uploaded file reads and seeks like any stream
        entries = queries.entries(ctx)
        found = compare(cells, sheet.columns(), sheet.rows(entries), fresh=True)
        found = rehearsed(found, lambda: _change(ctx, *previewing.changes(found, "entry")))
    except Problem as problem:
        return _choose(request, ctx, [FieldError("file", one.message) for one in errors_of(problem)])
    ports.trail().read(ctx, "protection.entries", "protected", [row.id for row in found.changes])
    return show(
        request,
        ctx,
        "preview",
        _("支援措置の表の確認"),
        crumbs=[_up(ctx)],
        status=422 if found.problems else 200,
        found=found,
        lines=previewing.lines(found, {one.pk: one.name for one in entries}, "name"),
        **previewing.carried(found, "entry"),
        confirm_href=address("protection-desk-confirm", ctx),
        again_href=address("protection-desk-import", ctx),
    )


def _choose(request: HttpRequest, ctx: Context, errors: list[FieldError]) -> HttpResponse:
    return show(
        request,
        ctx,
        "import",
        _("支援措置の表を取り込む"),
        crumbs=[_up(ctx)],
        status=422 if errors else 200,
        errors=errors,
        error=errors[0].message if errors else "",
        limit=limits.in_mb(LIMITS.size),
        back=address("protection-desk", ctx),
        sheet_href=address("protection-desk-sheet", ctx, "xlsx"),
        here=address("protection-desk-import", ctx),
    )


@require_POST
@desk_page
def confirm(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Take the persons in: all of them or none."""
    need(access.CHANGE, ctx)
    places: list[object] = []
    try:
        places = previewing.listed(request, "places")
        _change(ctx, *previewing.listed(request, "changes"))
    except Problem as problem:
        said = [FieldError("file", previewing.at_place(one, places)) for one in errors_of(problem)]
        return _choose(request, ctx, said)
    return see("protection-desk", ctx)
