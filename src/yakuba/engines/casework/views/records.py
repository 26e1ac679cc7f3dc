"""Number books and official seals: lists and forms of those who keep them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.engines.casework import actions
from yakuba.engines.casework.access import KEEP_BOOK, KEEP_SEAL
from yakuba.engines.casework.models import BOOKS, NumberBook, Seal
from yakuba.engines.casework.numbering import queries
from yakuba.engines.casework.numbering.store import written
from yakuba.engines.casework.views.frame import show
from yakuba.kernel import fields
from yakuba.kernel.access.desk import address, need, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import FiscalYear, format_date, japan_date
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.files import uploads
from yakuba.kernel.files.receiving import received
from yakuba.kernel.files.serving import serve
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.sheets.table import Column as SheetColumn
from yakuba.kernel.sheets.table import Row, Table, columns_of
from yakuba.kernel.town.models import AUTHORITIES
from yakuba.kernel.town.queries import office_names, offices_on
from yakuba.kernel.ui.components import Fact, FieldError, Link
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListView, slice_rows

_BOOKS, _AUTHORITIES = dict(BOOKS), dict(AUTHORITIES)
_OPEN = ("book", "office", "authority", "year", "pattern", "following")
_KEEP = ("pattern", "following", "reason")
_SEAL = ("authority", "title", "signature", "valid_from", "valid_to")
_PRINT = frozenset({"image/png"})
_MAX_PRINT = 2 * 1024 * 1024
_MAX_PIXELS = 4_000_000


def _line(book: NumberBook, names: Mapping[UUID, str]) -> dict[str, object]:
    """A book as the list and the sheet show it."""
    owner = (
        names.get(book.office_id, "")
        if book.office_id
        else _("%(authority)s（全課）") % {"authority": _(_AUTHORITIES[book.authority])}
    )
    return {
        "id": book.pk,
        "book": book.book,
        "book_label": _(_BOOKS[book.book]),
        "owner": owner,
        "year": str(book.year.year),
        "year_label": book.year.wareki,
        "pattern": book.pattern,
        "following": book.following,
        "next": written(book.pattern, book.year, book.following),
    }


def _lines(ctx: Context) -> list[dict[str, object]]:
    rows = queries.books(ctx)
    names = office_names({row.office_id for row in rows if row.office_id}, japan_date(ctx.now))
    return [_line(row, names) for row in rows]


def _spec(ctx: Context, rows: Sequence[Mapping[str, object]]) -> ListSpec[dict[str, object]]:
    years = sorted({str(row["year"]) for row in rows}, reverse=True)
    return ListSpec(
        columns=(
            Column(
                "next",
                _("次の番号"),
                main=True,
                link=lambda row: address("casework-book", ctx, row["id"]),
            ),
            Column("book_label", _("簿冊"), narrow=True, sortable=True),
            Column("owner", _("所属"), sortable=True),
            Column("year_label", _("年度"), narrow=True),
            Column("pattern", _("書き方")),
        ),
        filters=(
            Filter("book", _("簿冊"), tuple(Choice(key, _(label)) for key, label in BOOKS)),
            Filter("year", _("年度"), tuple(Choice(one, FiscalYear(int(one)).wareki) for one in years)),
        ),
        search=_("所属・番号で探す"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def books(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The number books; a form opens a new one."""
    need(KEEP_BOOK, ctx)
    problem: Problem | None = None
    if request.method == "POST":
        try:
            actions.open_book(ctx, None, actions.open_book.read_text(_typed(request, _OPEN)))
        except Problem as refused:
            problem = refused
        else:
            return see("casework-books", ctx)
    rows = _lines(ctx)
    spec = _spec(ctx, rows)
    state = spec.parse(request.GET)
    errors = errors_of(problem) if problem else []
    today = japan_date(ctx.now)
    view = ListView(
        key="books",
        caption=_("番号簿"),
        spec=spec,
        state=state,
        page=slice_rows(spec, state, rows),
        path=address("casework-books", ctx),
        exports=exports("casework-books-sheet", ctx.municipality.code),
        read_only=True,
        empty_title=_("番号簿はまだありません"),
        empty_body=_("最初の案件が届くと、その課の収受簿ができます。下で先に作ることもできます。"),
    )
    return show(
        request,
        ctx,
        "books",
        _("番号簿"),
        status=problem.status if problem else 200,
        view=view,
        errors=errors,
        said={one.key: one.message for one in errors},
        typed=_typed(request, _OPEN)
        if problem
        else {"year": str(FiscalYear.of(today).year), "following": "1"},
        books=[(key, _(label)) for key, label in BOOKS],
        authorities=[(key, _(label)) for key, label in AUTHORITIES],
        offices=[
            (str(one.id), f"{one.department} {one.name}".strip())
            for one in offices_on(ctx.municipality.id, today)
        ],
    )


def _typed(request: HttpRequest, keys: Sequence[str]) -> dict[str, str]:
    return {key: request.POST.get(key, "") for key in keys}


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def book(request: HttpRequest, ctx: Context, book_id: UUID) -> HttpResponseBase:
    """One book: how it writes its numbers and which comes next. A change needs a reason."""
    need(KEEP_BOOK, ctx)
    found = queries.book(ctx, book_id)
    problem: Problem | None = None
    if request.method == "POST":
        try:
            actions.keep_book(
                ctx,
                found,
                actions.keep_book.read_text(_typed(request, _KEEP)),
                expected_version=_version(request),
            )
        except Problem as refused:
            problem = refused
        else:
            return see("casework-books", ctx)
    errors = errors_of(problem) if problem else []
    line = _line(found, office_names({found.office_id} if found.office_id else set(), japan_date(ctx.now)))
    facts = [
        Fact(_("簿冊"), line["book_label"]),
        Fact(_("所属"), line["owner"]),
        Fact(_("年度"), line["year_label"]),
        Fact(_("次の番号"), line["next"]),
    ]
    return show(
        request,
        ctx,
        "book",
        str(line["next"]),
        crumbs=[Link(_("番号簿"), address("casework-books", ctx))],
        status=problem.status if problem else 200,
        book=found,
        facts=facts,
        errors=errors,
        said={one.key: one.message for one in errors},
        typed=_typed(request, _KEEP)
        if problem
        else {"pattern": found.pattern, "following": str(found.following)},
        back=address("casework-books", ctx),
    )


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


@require_safe
@desk_page
def save_books(_request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The books as a file to be read."""
    need(KEEP_BOOK, ctx)
    labels = (("book_label", _("簿冊")), ("owner", _("所属")), ("year_label", _("年度")))
    table = Table(
        name=_("番号簿"),
        municipality=ctx.municipality.name,
        columns=(
            *(
                SheetColumn(key, fields.text(label=label, classification=INTERNAL).spec)
                for key, label in labels
            ),
            *columns_of(NumberBook, "pattern", "following"),
            SheetColumn("next", fields.text(label=_("次に出る番号"), classification=INTERNAL).spec),
        ),
        rows=[Row(line) for line in _lines(ctx)],
        as_of=ctx.now,
        notes=((_("編集"), _("読み取り専用")),),
    )
    return respond(table, file_format, f"{ctx.municipality.name}_{table.name}")


# --- seals ----------------------------------------------------------------------------------------------------------


def _seal_spec(ctx: Context) -> ListSpec[Seal]:
    return ListSpec(
        columns=(
            Column(
                "title",
                _("名称"),
                main=True,
                sortable=True,
                link=lambda row: address("casework-seal", ctx, row.pk),
            ),
            Column("authority", _("機関"), sortable=True, show=lambda row: _(_AUTHORITIES[row.authority])),
            Column("signature", _("差出人")),
            Column("valid_from", _("開始日"), narrow=True, show=lambda row: format_date(row.valid_from)),
            Column(
                "valid_to",
                _("終了日"),
                narrow=True,
                show=lambda row: format_date(row.valid_to) if row.valid_to else _("なし"),
            ),
        )
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def seals(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The official seals; a form registers a new one with its print."""
    need(KEEP_SEAL, ctx)
    problem: Problem | None = None
    if request.method == "POST":
        try:
            sent = received(request, "picture")
            taken = uploads.take(
                sent,
                sent.name or "",
                allow=_PRINT,
                max_bytes=_MAX_PRINT,
                max_pixels=_MAX_PIXELS,
            )
            raw = {**_typed(request, _SEAL), "sha256": taken.sha256}
            actions.add_seal(ctx, None, actions.add_seal.read_text(raw))
        except Problem as refused:
            problem = refused
        else:
            return see("casework-seals", ctx)
    spec = _seal_spec(ctx)
    state = spec.parse(request.GET)
    view = ListView(
        key="seals",
        caption=_("公印"),
        spec=spec,
        state=state,
        page=slice_rows(spec, state, queries.seals(ctx)),
        path=address("casework-seals", ctx),
        exports=exports("casework-seals-sheet", ctx.municipality.code),
        read_only=True,
        empty_title=_("公印はまだ登録されていません"),
        empty_body=_(
            "印影の画像（PNG）を登録すると、通知書に押せます。登録がなければ「公印省略」で施行します。"
        ),
    )
    errors = _placed(problem)
    return show(
        request,
        ctx,
        "seals",
        _("公印"),
        status=problem.status if problem else 200,
        view=view,
        errors=errors,
        said={one.key: one.message for one in errors},
        typed=_typed(request, _SEAL)
        if problem
        else {"authority": "mayor", "valid_from": format_date(japan_date(ctx.now))},
        authorities=[(key, _(label)) for key, label in AUTHORITIES],
    )


def _placed(problem: Problem | None) -> list[FieldError]:
    """What is wrong with the file stands at the file's field."""
    found = errors_of(problem) if problem else []
    return [
        FieldError("picture", one.message) if not one.key or one.key == "sha256" else one for one in found
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def seal(request: HttpRequest, ctx: Context, seal_id: UUID) -> HttpResponseBase:
    """One seal: its print, its words and its days."""
    need(KEEP_SEAL, ctx)
    found = queries.seal(ctx, seal_id)
    keys = _SEAL[1:]
    problem: Problem | None = None
    if request.method == "POST":
        try:
            actions.change_seal(
                ctx,
                found,
                actions.change_seal.read_text(_typed(request, keys)),
                expected_version=_version(request),
            )
        except Problem as refused:
            problem = refused
        else:
            return see("casework-seals", ctx)
    errors = errors_of(problem) if problem else []
    return show(
        request,
        ctx,
        "seal",
        found.title,
        crumbs=[Link(_("公印"), address("casework-seals", ctx))],
        status=problem.status if problem else 200,
        seal=found,
        picture_href=address("casework-seal-picture", ctx, found.pk),
        used=queries.used(found),
        errors=errors,
        said={one.key: one.message for one in errors},
        typed=_typed(request, keys)
        if problem
        else {
            "title": found.title,
            "signature": found.signature,
            "valid_from": format_date(found.valid_from),
            "valid_to": format_date(found.valid_to) if found.valid_to else "",
        },
        back=address("casework-seals", ctx),
    )


@require_safe
@desk_page
def picture(request: HttpRequest, ctx: Context, seal_id: UUID) -> HttpResponseBase:
    """The print of a seal, for its keepers alone."""
    need(KEEP_SEAL, ctx)
    found = queries.seal(ctx, seal_id)
    return serve(request, ctx, found.file, owner=found, permission=KEEP_SEAL)


@require_safe
@desk_page
def save_seals(_request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The seals as a file to be read, without their prints."""
    need(KEEP_SEAL, ctx)
    table = Table(
        name=_("公印"),
        municipality=ctx.municipality.name,
        columns=columns_of(Seal, "authority", "title", "signature", "valid_from", "valid_to"),
        rows=[
            Row(
                {
                    key: getattr(one, key)
                    for key in ("authority", "title", "signature", "valid_from", "valid_to")
                }
            )
            for one in queries.seals(ctx)
        ],
        as_of=ctx.now,
        notes=((_("編集"), _("読み取り専用")),),
    )
    return respond(table, file_format, f"{ctx.municipality.name}_{table.name}")
