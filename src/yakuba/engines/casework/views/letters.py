"""Notices on their way: the list of those to be printed and posted, with one PDF for many, and marking them as posted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.engines.casework import actions
from yakuba.engines.casework.access import WORK
from yakuba.engines.casework.models import NOTICE_STATES, Notice
from yakuba.engines.casework.notices import printing, queries, rules
from yakuba.engines.casework.views.frame import show
from yakuba.engines.casework.views.notices import addressed, demand_letters, pdf_answer
from yakuba.kernel import fields
from yakuba.kernel.access.desk import address, need, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem, ports
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.files.merging import merge_pdfs
from yakuba.kernel.ids import read_id
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.sheets.table import Column as SheetColumn
from yakuba.kernel.sheets.table import Row, Table, columns_of
from yakuba.kernel.ui.components import FieldError, Link, badge
from yakuba.kernel.ui.lists import (
    BadQuery,
    Choice,
    Column,
    Filter,
    ListSpec,
    ListState,
    ListView,
    Slice,
    start_of,
)

MOST = 200
_FILE = 20_000  # rows of one file
_STATES = dict(NOTICE_STATES)
_FORM = "letters"


@dataclass(frozen=True, slots=True)
class Line:
    """A notice in the list."""

    notice: Notice
    held: bool


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The notices, and what is done with those that are ticked."""
    need(WORK, ctx)
    if request.method != "POST":
        return _list(request, ctx, [])
    rows = queries.those(ctx, _ids(request.POST.getlist("notice")[: MOST + 1]))
    try:
        _demand_some(rows)
        do = request.POST.get("do", "")
        if do in {"pdf", "addresses"}:
            return _printed(ctx, rows, do)
        _mark(ctx, rows, request)
    except Problem as problem:
        return _list(request, ctx, errors_of(problem), status=problem.status)
    return see("casework-notices", ctx)


def _demand_some(rows: Sequence[Notice]) -> None:
    if not rows:
        raise Problem("none", _("通知書が選ばれていません。一覧で選んでから、もう一度押してください。"))


def _ids(texts: Sequence[str]) -> list[UUID]:
    return [read_id(text) for text in texts]  # no id of ours: as good as not ticked


def _printed(ctx: Context, rows: Sequence[Notice], do: str) -> HttpResponse:
    """One PDF of many. Nothing of it is made while 支援措置 stands on one of them."""
    stopped = queries.held_of(ctx, rows)
    if stopped:
        demand_letters(ctx, [row for row in rows if row.case_id in stopped])
    ports.trail().read(ctx, "casework.print_notices", "case_notice", [row.pk for row in rows])
    if do == "addresses":
        return pdf_answer(printing.addresses([addressed(row) for row in rows], "宛名"), "addresses")
    parts = [queries.paper_of(row) for row in rows]
    return pdf_answer(merge_pdfs(parts, [row.document_number for row in rows]), "notices")


def _mark(ctx: Context, rows: Sequence[Notice], request: HttpRequest) -> None:
    """Say of each that it left on paper, each in a transaction of its own; the first that is refused says why."""
    data = actions.hand_notice.read_text({key: request.POST.get(key, "") for key in ("how", "on")})
    refused: list[str] = []
    for row in rows:
        key = f"{ctx.idempotency_key}:{row.pk}"[:80] if ctx.idempotency_key else None
        try:
            actions.hand_notice(replace(ctx, idempotency_key=key), row, data)
        except Problem as problem:
            refused.append(f"{row.document_number}：{problem.message}")
    if refused:
        raise Problem("refused", "\n".join(refused))


def _view(request: HttpRequest) -> str:
    found = request.GET.get("view", "")
    if found not in queries.VIEWS:
        raise BadQuery("view", found, "・".join(view for view in queries.VIEWS if view))
    return found


def _spec(ctx: Context, *, choose: bool) -> ListSpec[Line]:
    columns: list[Column[Line]] = [
        Column(
            "number",
            _("文書番号"),
            main=True,
            narrow=True,
            show=lambda row: row.notice.document_number or _("（下書き）"),
            link=lambda row: address("casework-notice", ctx, row.notice.pk),
        ),
        Column("title", _("標題"), show=lambda row: row.notice.title),
        Column("addressee", _("宛名"), show=_addressee),
        Column(
            "issued_on",
            _("施行日"),
            narrow=True,
            show=lambda row: format_date(row.notice.issued_on) if row.notice.issued_on else "",
        ),
        Column("state", _("状態"), narrow=True, show=lambda row: _(_STATES[row.notice.state])),
        Column(
            "case",
            _("案件"),
            narrow=True,
            show=lambda row: format_html(
                '<a href="{}">{}</a>',
                address("casework-case", ctx, row.notice.case_id),
                row.notice.case.number,
            ),
        ),
    ]
    if choose:
        columns.append(Column("pick", _("選ぶ"), narrow=True, paper="drop", show=_pick))
    return ListSpec(
        columns=tuple(columns),
        filters=(Filter("state", _("状態"), tuple(Choice(key, _(label)) for key, label in NOTICE_STATES)),),
        search=_("文書番号・案件・氏名で探す"),
        extra=frozenset({"view"}),
    )


def _addressee(row: Line) -> object:
    if not row.held:
        return row.notice.addressee
    mark = badge(_("支援措置"), tone="bad", mark="stop")
    return format_html("{} {}", row.notice.addressee, mark)


def _pick(row: Line) -> object:
    if row.held or row.notice.state == "draft":
        return ""
    return format_html(
        '<label class="choice"><input type="checkbox" form="{}" name="notice" value="{}">'
        '<span class="visually-hidden">{}</span></label>',
        _FORM,
        row.notice.pk,
        _("%(number)sを選ぶ") % {"number": row.notice.document_number},
    )


def _asked(state: ListState, view: str) -> queries.Asked:
    return queries.Asked(view, state.chosen("state"), state.q)


def _list(
    request: HttpRequest, ctx: Context, errors: Sequence[FieldError], status: int = 200
) -> HttpResponse:
    view = _view(request)
    spec = _spec(ctx, choose=True)
    state = spec.parse(request.GET)
    start = start_of(state, queries.PAGE)
    found = queries.page(ctx, _asked(state, view), start)
    ports.trail().read(ctx, "casework.notices", "case_notice", [row.pk for row in found.rows])
    stopped = queries.held_of(ctx, found.rows)
    drawn = ListView(
        key="notices",
        caption=_("通知書"),
        spec=spec,
        state=state,
        page=Slice(
            [Line(row, row.case_id in stopped) for row in found.rows],
            found.count,
            found.previous,
            found.following,
        ),
        path=address("casework-notices", ctx),
        exports=exports("casework-notices-sheet", ctx.municipality.code),
        read_only=True,
        empty_title=_("ここに並ぶ通知書はありません"),
        empty_body=_(
            "電子で受け取らない人への通知書と、開封されないまま日が過ぎた通知書が、ここに並びます。"
        ),
        saved=_ways(ctx, view),
    )
    return show(
        request,
        ctx,
        "notices",
        {"": _("印刷して郵送するもの"), "counter": _("窓口で渡すもの")}.get(view, _("通知書")),
        status=status,
        view=drawn,
        errors=errors,
        choose=bool(found.rows),
        form=_FORM,
        ways=[(key, _(label)) for key, label in rules.ON_PAPER],
        how=request.POST.get("how", "handed" if view == "counter" else "posted"),
        on=request.POST.get("on", format_date(japan_date(ctx.now))),
        said={one.key: one.message for one in errors},
    )


def _ways(ctx: Context, current: str) -> list[Link]:
    here = address("casework-notices", ctx)
    known = (
        ("", _("印刷・郵送待ち")),
        ("counter", _("窓口での受渡し待ち")),
        ("stopped", _("支援措置で止めたもの")),
        ("released", _("ダウンロード待ち")),
        ("all", _("すべて")),
    )
    return [
        Link(label, f"{here}?view={key}" if key else here, current=key == current) for key, label in known
    ]


@require_safe
@desk_page
def save(request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The list as a file to be read; those on whom 支援措置 stands without name and address."""
    need(WORK, ctx)
    spec = _spec(ctx, choose=False)
    rows = list(queries.notices(ctx, _asked(spec.parse(request.GET), _view(request)))[:_FILE])
    stopped = queries.held_of(ctx, rows)
    ports.trail().read(
        ctx, "casework.save_notices", "case_notice", [row.pk for row in rows if row.case_id not in stopped]
    )
    text = fields.text(label=_("案件"), classification=INTERNAL).spec
    state = fields.text(label=_("状態"), classification=INTERNAL).spec
    table = Table(
        name=_("通知書の一覧"),
        municipality=ctx.municipality.name,
        columns=(
            *columns_of(Notice, "document_number", "issued_on", "title", "addressee", "address"),
            SheetColumn("state", state),
            SheetColumn("case", text),
            *columns_of(Notice, "released_at", "opened_at", "print_after", "posted_at"),
        ),
        rows=list(_rows(rows, stopped)),
        as_of=ctx.now,
        notes=(
            (_("編集"), _("読み取り専用")),
            *(
                [
                    (
                        _("支援措置"),
                        _("%(n)d件の宛名と住所は、支援措置の確認が済むまで載せません。")
                        % {"n": len(stopped)},
                    )
                ]
                if stopped
                else []
            ),
        ),
    )
    return respond(table, file_format, f"{ctx.municipality.name}_{table.name}")


def _rows(rows: Sequence[Notice], stopped: frozenset[UUID]) -> Iterator[Row]:
    own = ("document_number", "issued_on", "title", "released_at", "opened_at", "print_after", "posted_at")
    for row in rows:
        hidden = row.case_id in stopped
        yield Row(
            {
                **{key: getattr(row, key) for key in own},
                "addressee": _("（支援措置の確認が済むまで載せません）") if hidden else row.addressee,
                "address": "" if hidden else row.address,
                "state": _(_STATES[row.state]),
                "case": row.case.number,
            }
        )
