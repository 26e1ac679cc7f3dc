"""The inbox of an office, one's own cases, and both as a file."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.casework.access import WORK
from yakuba.engines.casework.models import CHANNELS, Case
from yakuba.engines.casework.queries import inbox
from yakuba.engines.casework.states import KINDS
from yakuba.engines.casework.views import batch, listed
from yakuba.engines.casework.views.frame import show
from yakuba.engines.casework.views.words import due_words, on_time, state_words
from yakuba.kernel import fields
from yakuba.kernel.access.desk import address, need
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, ports
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.sheets.table import Column, Row, Table, columns_of
from yakuba.kernel.text.codes import grouped
from yakuba.kernel.town.queries import office_names
from yakuba.kernel.ui.lists import BadQuery, ListView, start_of

_MOST = 20_000  # rows of one file
_KINDS, _CHANNELS = dict(KINDS), dict(CHANNELS)


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The cases of the actor's offices, the most urgent first."""
    need(WORK, ctx)
    return _list(request, ctx, "casework-inbox", _view(request))


@require_safe
@desk_page
def mine(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The cases that the actor has taken on."""
    need(WORK, ctx)
    return _list(request, ctx, "casework-mine", "mine")


def _view(request: HttpRequest) -> str:
    found = request.GET.get("view", "")
    allowed = [view for view in inbox.VIEWS if view != "mine"]
    if found not in allowed:
        raise BadQuery("view", found, "・".join(view for view in allowed if view))
    return found


def _list(request: HttpRequest, ctx: Context, name: str, view: str) -> HttpResponse:
    spec = listed.spec(ctx, choose=view not in {"moved", "closed"}, fixed=view == "mine")
    state = spec.parse(request.GET)
    start = start_of(state, inbox.PAGE)
    found, rows = listed.page(ctx, listed.asked(state, view), start)
    ports.trail().read(ctx, "casework.list", "case", [row.pk for row in rows])
    code = ctx.municipality.code
    own = view == "mine"
    drawn = ListView(
        key="cases",
        caption=_("自分の案件") if own else _("案件"),
        spec=spec,
        state=state,
        page=found,
        path=address(name, ctx),
        exports=exports("casework-mine-sheet" if own else "casework-sheet", code),
        read_only=True,
        empty_title=_("ここに並ぶ案件はありません"),
        empty_body=_("課の案件を開いて「担当者を決める」で自分を選ぶと、ここに並びます。")
        if own
        else _("申請や届出が届くと、ここに並びます。"),
        empty_action=_("課の案件を見る") if own else "",
        empty_href=address("casework-inbox", ctx) if own else "",
        saved=() if own else listed.ways(ctx, view),
    )
    choose = bool(rows) and view not in {"moved", "closed"}
    return show(
        request,
        ctx,
        "inbox",
        _("自分の案件") if own else _("案件"),
        view=drawn,
        batch=batch.offered(ctx) if choose else None,
        batch_href=address("casework-batch", ctx),
        query=request.GET.urlencode(),
        whole="mine" if own else "",
    )


@require_safe
@desk_page
def save(request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The list as a file to be read, as narrowed on the page."""
    return _save(request, ctx, file_format, _view(request))


@require_safe
@desk_page
def save_mine(request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """One's own cases as a file to be read."""
    return _save(request, ctx, file_format, "mine")


def _save(request: HttpRequest, ctx: Context, file_format: Format, view: str) -> HttpResponseBase:
    need(WORK, ctx)
    spec = listed.spec(ctx, choose=False, fixed=view == "mine")
    rows = list(inbox.cases(ctx, listed.asked(spec.parse(request.GET), view))[:_MOST])
    held = inbox.held_of(ctx, rows)
    ports.trail().read(ctx, "casework.save", "case", [row.pk for row in rows if row.pk not in held])
    table = Table(
        name=_("案件の一覧"),
        municipality=ctx.municipality.name,
        columns=_columns(),
        rows=list(_rows(ctx, rows, held)),
        as_of=ctx.now,
        notes=(
            (_("編集"), _("読み取り専用")),
            *(
                [
                    (
                        _("支援措置"),
                        _("%(n)d件の申請者は、支援措置の確認が済むまで載せません。") % {"n": len(held)},
                    )
                ]
                if held
                else []
            ),
            *([(_("件数"), _("期限の早いものから2万件だけです。"))] if len(rows) == _MOST else []),
        ),
    )
    return respond(table, file_format, f"{ctx.municipality.name}_{table.name}")


def _columns() -> tuple[Column, ...]:
    return (
        *columns_of(Case, "number", "receipt", "title", "applicant", "applicant_kana"),
        _text("kind", _("種類")),
        _text("state", _("状態")),
        _text("channel", _("受付の方法")),
        _text("office", _("担当課")),
        Column("assignee", fields.text(label=_("担当者"), classification=PERSONAL, required=False).spec),
        *columns_of(Case, "arrived_at", "registered_at", "due_on"),
        _text("standing", _("期限の状況")),
        *columns_of(Case, "decided_at", "completed_at"),
        _text("on_time", _("期限内")),
        _text("test", _("試行")),
    )


def _text(key: str, label: str) -> Column:
    return Column(key, fields.text(label=label, classification=INTERNAL, required=False).spec)


def _rows(ctx: Context, rows: list[Case], held: frozenset[UUID]) -> Iterator[Row]:
    today = japan_date(ctx.now)
    names = office_names({row.office_id for row in rows}, today)
    hidden = _("（支援措置の確認が済むまで載せません）")
    own = (
        "number",
        "title",
        "arrived_at",
        "registered_at",
        "due_on",
        "decided_at",
        "completed_at",
    )
    for row in rows:
        stopped = row.pk in held
        ended = on_time(row)
        yield Row(
            {
                **{key: getattr(row, key) for key in own},
                "receipt": grouped(row.receipt),
                "applicant": hidden if stopped else row.applicant,
                "applicant_kana": "" if stopped else row.applicant_kana,
                "kind": _(_KINDS[row.kind]),
                "state": state_words(row),
                "channel": _(_CHANNELS[row.channel]),
                "office": names.get(row.office_id, ""),
                "assignee": row.assignee.name if row.assignee else "",
                "standing": due_words(row, today),
                "on_time": "" if ended is None else _("期限内") if ended else _("期限を過ぎた"),
                "test": _("試行") if row.test else "",
            }
        )
