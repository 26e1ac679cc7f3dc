"""What was sent, and what became of it. Nobody reads here what a message said: only to whom it went, when, and whether."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.engines.delivery import access, actions, queries
from yakuba.engines.delivery.channels import CHANNELS
from yakuba.engines.delivery.models import STATES, ZONES, Delivery
from yakuba.engines.delivery.purposes import PURPOSES
from yakuba.kernel import fields
from yakuba.kernel.access.desk import desk_shell, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import (
    SUBJECTS,
    Context,
    Denied,
    Missing,
    NoData,
    Problem,
    SubjectRef,
    ports,
    resolve,
)
from yakuba.kernel.dates import format_moment
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.ids import uuid7
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.sheets.table import Column as SheetColumn
from yakuba.kernel.sheets.table import Row, Table, columns_of
from yakuba.kernel.ui.components import Fact, Link
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListState, ListView, start_of

_STATES = dict(STATES)
_ZONES = dict(ZONES)
_MOST = 20_000  # rows of one file


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The deliveries, newest first."""
    _need(ctx)
    spec = _list(ctx)
    state = spec.parse(request.GET)
    start = start_of(state, queries.PAGE)
    found = queries.page(ctx, _asked(state), start)
    ports.trail().read(ctx, "delivery.list", "delivery", [row.pk for row in found.rows])
    view = ListView(
        key="deliveries",
        caption=_("送信の記録"),
        spec=spec,
        state=state,
        page=found,
        path=_address(ctx),
        exports=exports("delivery-desk-sheet", ctx.municipality.code),
        read_only=True,
        empty_title=_("この条件の送信はありません"),
        empty_body=_("受付のお知らせや結果のお知らせを送ると、ここに並びます。"),
    )
    context = {
        "page": desk_shell(request, ctx, _("送信の記録")),
        "view": view,
        "unconfigured": [channel.label for channel in CHANNELS.values() if not channel.configured()],
        "wrong": [message for messages in CHANNELS.check().values() for message in messages],
    }
    return render(request, "delivery/index.html", context)


def _need(ctx: Context) -> None:
    if not access.VIEW.holds_anywhere(ctx):
        raise Denied


def _address(ctx: Context) -> str:
    return reverse("delivery-desk", args=[ctx.municipality.code])


def _list(ctx: Context) -> ListSpec[Delivery]:
    code = ctx.municipality.code
    return ListSpec(
        columns=(
            Column("created_at", _("作成日時"), narrow=True, show=lambda row: format_moment(row.created_at)),
            Column(
                "purpose",
                _("用件"),
                main=True,
                show=_purpose,
                link=lambda row: reverse("delivery-desk-delivery", args=[code, row.pk]),
            ),
            Column("address", _("宛先"), show=lambda row: row.address or _("消去済み")),
            Column("state", _("状態"), narrow=True, show=lambda row: _(_STATES[row.state])),
            Column(
                "sent_at",
                _("送信日時"),
                narrow=True,
                show=lambda row: format_moment(row.sent_at) if row.sent_at else "",
            ),
        ),
        filters=(
            Filter("state", _("状態"), tuple(Choice(key, _(label)) for key, label in STATES)),
            Filter("purpose", _("用件"), tuple(Choice(key, _(one.label)) for key, one in PURPOSES.items())),
        ),
        search=_("宛先で探す"),
    )


def _asked(state: ListState) -> queries.Asked:
    return queries.Asked(state.chosen("state"), state.chosen("purpose"), state.q)


def _purpose(row: Delivery) -> str:
    known = PURPOSES.get(row.purpose)
    return _(known.label) if known else row.purpose


@require_safe
@desk_page
def save(request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The deliveries as a file to be read, as narrowed on the page; the newest 20,000."""
    _need(ctx)
    found = list(queries.deliveries(ctx, _asked(_list(ctx).parse(request.GET)))[:_MOST])
    ports.trail().read(ctx, "delivery.save", "delivery", [row.pk for row in found])
    own = ("created_at", "address", "state", "attempts", "sent_at")
    table = Table(
        name=_("送信の記録"),
        municipality=ctx.municipality.name,
        columns=(
            SheetColumn("purpose", fields.text(label=_("用件"), classification=INTERNAL).spec),
            *columns_of(Delivery, *own),
        ),
        rows=[Row({**{key: getattr(row, key) for key in own}, "purpose": _purpose(row)}) for row in found],
        as_of=ctx.now,
        notes=(
            (_("編集"), _("読み取り専用")),
            *([(_("件数"), _("新しいものから2万件だけです。"))] if len(found) == _MOST else []),
        ),
    )
    return respond(table, file_format, f"{ctx.municipality.name}_{table.name}")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def delivery(request: HttpRequest, ctx: Context, delivery_id: UUID) -> HttpResponseBase:
    """One delivery, and what may be done about it."""
    _need(ctx)
    found = queries.delivery(ctx, delivery_id)
    problem: Problem | None = None
    if request.method == "POST":
        do = _DONE.get(request.POST.get("do", ""))
        if do is None:
            raise Missing
        try:
            do(ctx, found, request)
        except Problem as refused:
            problem = refused
        else:
            return see("delivery-desk-delivery", ctx, found.pk)
    return _page(request, ctx, found, problem)


def _again(ctx: Context, found: Delivery, _request: HttpRequest) -> None:
    actions.send_again(ctx, found, NoData())


def _confirm(ctx: Context, found: Delivery, request: HttpRequest) -> None:
    actions.confirm(ctx, found, actions.confirm.read_text({"reason": request.POST.get("reason", "")}))


def _close(ctx: Context, found: Delivery, request: HttpRequest) -> None:
    actions.close(ctx, found, actions.close.read_text({"reason": request.POST.get("reason", "")}))


_DONE: dict[str, Callable[[Context, Delivery, HttpRequest], None]] = {
    "again": _again,
    "confirm": _confirm,
    "close": _close,
}


def _page(request: HttpRequest, ctx: Context, found: Delivery, problem: Problem | None) -> HttpResponse:
    errors = errors_of(problem)
    ports.trail().read(ctx, "delivery.page", "delivery", [found.pk])
    context = {
        "page": desk_shell(request, ctx, _purpose(found), [Link(_("送信の記録"), _address(ctx))]),
        "new_key": str(uuid7()),
        "facts": _facts(found),
        "subject_href": _subject_href(ctx, found),
        "may": {
            "again": access.SEND_AGAIN.may(ctx, found).allowed,
            "confirm": access.CONFIRM.may(ctx, found).allowed,
            "close": access.CLOSE.may(ctx, found).allowed,
        },
        "state": found.state,
        "typed": request.POST.get("reason", ""),
        "errors": errors,
        "said": {error.key: error.message for error in errors},
    }
    return render(request, "delivery/delivery.html", context, status=problem.status if problem else 200)


def _facts(found: Delivery) -> list[Fact]:
    channel = CHANNELS.get(found.channel).label if found.channel in CHANNELS else found.channel
    times = [
        (_("作成日時"), found.created_at),
        (_("最後の試行"), found.begun_at),
        (_("送信日時"), found.sent_at),
        (_("内容の消去"), found.erased_at),
    ]
    return [
        Fact(_("状態"), _(_STATES[found.state])),
        Fact(_("宛先"), found.address or _("消去済み")),
        Fact(_("手段"), channel, _(_ZONES[found.zone])),
        *(Fact(label, format_moment(moment)) for label, moment in times if moment is not None),
        Fact(_("試行回数"), found.attempts),
        *([Fact(_("相手の応答"), found.error)] if found.error else []),
        *([Fact(_("メッセージID"), found.message_id)] if found.message_id else []),
    ]


def _subject_href(ctx: Context, found: Delivery) -> str:
    """The page of what it was about; it decides itself who may see it."""
    kind = SUBJECTS.get(found.about_kind)
    if kind is None or found.about_id is None:
        return ""
    thing = resolve(SubjectRef(found.about_kind, found.about_id))
    return kind.url(ctx, thing) if thing is not None else ""
