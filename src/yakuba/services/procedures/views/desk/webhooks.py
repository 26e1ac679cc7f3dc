"""Receivers of filings, and what became of what was handed over to them. No applicant's data stands on these pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel import fields
from yakuba.kernel.access.desk import desk_shell, need, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Missing, NoData, Problem
from yakuba.kernel.dates import format_moment
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.ids import uuid7
from yakuba.kernel.outbox.models import STATES, OutboxMessage
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.sheets.table import Column as SheetColumn
from yakuba.kernel.sheets.table import Row, Table, columns_of
from yakuba.kernel.ui.components import Fact, FieldError, Link
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListState, ListView, slice_rows, start_of
from yakuba.services.procedures.access.desk import KEEP_WEBHOOKS
from yakuba.services.procedures.actions import handover as actions
from yakuba.services.procedures.models import Webhook
from yakuba.services.procedures.webhooks import queries, rules, sending

_STATES = dict(STATES)
_MOST = 20_000  # rows of one file
_HTTP = re.compile(r"http (\d{3})$")
_CONNECT = re.compile(r"connect \w+$")


def error_words(text: str) -> str:
    """Why a hand-over did not go through, for a person."""
    if found := _HTTP.search(text):
        return _("相手の応答：HTTP %(status)s") % {"status": found[1]}
    if _CONNECT.search(text):
        return _("相手につながりませんでした")
    known = {
        "held": _("支援措置で止めています"),
        "host": _("送り先が許されていません（設定 YAKUBA_WEBHOOK_HOSTS）"),
        "address": _("送り先の名前が、許されていない場所を指しています"),
        "name": _("送り先の名前が見つかりません"),
        "inactive": _("引渡し先が止められています"),
        "gone": _("提出が見つかりません"),
    }
    for key, words in known.items():
        if text.endswith(f": {key}"):
            return words
    return _("届いたかどうか分かりません") if text else ""


# --- receivers ------------------------------------------------------------------------------------------------------


def _receiver_list(ctx: Context) -> ListSpec[Webhook]:
    return ListSpec(
        columns=(
            Column(
                "url",
                _("送り先"),
                main=True,
                link=lambda row: reverse("procedures-webhook", args=[ctx.municipality.code, row.pk]),
            ),
            Column("procedure", _("手続"), show=lambda row: row.procedure.title),
            Column(
                "active", _("状態"), narrow=True, show=lambda row: _("有効") if row.active else _("停止中")
            ),
        )
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def receivers(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The receivers; a form names a new one."""
    need(KEEP_WEBHOOKS, ctx)
    problem: Problem | None = None
    procedures = queries.procedures(ctx)
    if request.method == "POST":
        chosen = next((one for one in procedures if str(one.pk) == request.POST.get("procedure")), None)
        try:
            if chosen is None:
                raise Problem("required", _("手続を選んでください。"), field="procedure")  # noqa: TRY301 – as the action's own
            made = actions.add_webhook(
                ctx,
                chosen,
                actions.add_webhook.read_text({"url": request.POST.get("url", ""), "active": "1"}),
            )
        except Problem as refused:
            problem = refused
        else:
            return see("procedures-webhook", ctx, made.pk)
    spec = _receiver_list(ctx)
    state = spec.parse(request.GET)
    errors = errors_of(problem)
    view = ListView(
        key="webhooks",
        caption=_("引渡し先"),
        spec=spec,
        state=state,
        page=slice_rows(spec, state, queries.webhooks(ctx)),
        path=reverse("procedures-webhooks", args=[ctx.municipality.code]),
        exports=exports("procedures-webhooks-sheet", ctx.municipality.code),
        read_only=True,
        empty_title=_("引渡し先はまだありません"),
        empty_body=_("提出が届くたびに、ほかのシステムへ署名付きで渡せます。下で送り先を加えます。"),
    )
    context = {
        "page": desk_shell(request, ctx, _("引渡し先"), [_up(ctx)]),
        "new_key": str(uuid7()),
        "view": view,
        "errors": errors,
        "said": {one.key: one.message for one in errors},
        "procedures": [(str(one.pk), one.title) for one in procedures],
        "procedure": request.POST.get("procedure", ""),
        "url": request.POST.get("url", ""),
        "closed": not sending.allowed(),
    }
    return render(
        request, "procedures/desk/webhooks.html", context, status=problem.status if problem else 200
    )


def _up(ctx: Context) -> Link:
    return Link(_("引渡しの記録"), reverse("procedures-handovers", args=[ctx.municipality.code]))


@require_safe
@desk_page
def save_receivers(_request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The receivers as a file to be read, without their keys."""
    need(KEEP_WEBHOOKS, ctx)
    table = Table(
        name=_("引渡し先"),
        municipality=ctx.municipality.name,
        columns=(
            SheetColumn("procedure", fields.text(label=_("手続"), classification=INTERNAL).spec),
            *columns_of(Webhook, "url", "active"),
        ),
        rows=[
            Row({"procedure": one.procedure.title, "url": one.url, "active": one.active})
            for one in queries.webhooks(ctx)
        ],
        as_of=ctx.now,
        notes=((_("編集"), _("読み取り専用")),),
    )
    return respond(table, file_format, f"{ctx.municipality.name}_{table.name}")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def receiver(request: HttpRequest, ctx: Context, webhook_id: UUID) -> HttpResponseBase:
    """One receiver: its address, its key, and a trial."""
    need(KEEP_WEBHOOKS, ctx)
    found = queries.webhook(ctx, webhook_id)
    problem: Problem | None = None
    if request.method == "POST":
        do = _RECEIVER.get(request.POST.get("do", ""))
        if do is None:
            raise Missing
        try:
            do(ctx, found, request)
        except Problem as refused:
            problem = refused
        else:
            if request.POST.get("do") == "try":
                return see("procedures-handovers", ctx)
            return see("procedures-webhook", ctx, found.pk)
    errors = errors_of(problem)
    context = {
        "page": desk_shell(
            request,
            ctx,
            found.procedure.title,
            [_up(ctx), Link(_("引渡し先"), reverse("procedures-webhooks", args=[ctx.municipality.code]))],
        ),
        "new_key": str(uuid7()),
        "hook": found,
        "url": request.POST.get("url", found.url),
        "active": "1" if (request.POST.get("active") if problem else found.active) else "",
        "errors": errors,
        "said": {one.key: one.message for one in errors},
        "headers": (rules.TIMESTAMP, rules.SIGNATURE, rules.EVENT, rules.KEY),
    }
    return render(request, "procedures/desk/webhook.html", context, status=problem.status if problem else 200)


def _change(ctx: Context, found: Webhook, request: HttpRequest) -> None:
    raw = {"url": request.POST.get("url", ""), "active": "1" if request.POST.get("active") else "0"}
    actions.change_webhook(ctx, found, actions.change_webhook.read_text(raw))


def _renew(ctx: Context, found: Webhook, _request: HttpRequest) -> None:
    actions.renew_key(ctx, found, NoData())


def _try(ctx: Context, found: Webhook, _request: HttpRequest) -> None:
    actions.try_webhook(ctx, found, NoData())


_RECEIVER: Mapping[str, Callable[[Context, Webhook, HttpRequest], None]] = {
    "change": _change,
    "renew": _renew,
    "try": _try,
}


# --- hand-overs -----------------------------------------------------------------------------------------------------


def _about(row: OutboxMessage, numbers: Mapping[UUID, tuple[str, str]]) -> tuple[str, str]:
    """(收受番号, procedure); a trial has neither."""
    if row.subject_kind == "webhook":
        return _("試しの引渡し"), ""
    return numbers.get(row.subject_id, ("", "")) if row.subject_id else ("", "")


def _list(ctx: Context, numbers: Mapping[UUID, tuple[str, str]]) -> ListSpec[OutboxMessage]:
    return ListSpec(
        columns=(
            Column(
                "number",
                _("収受番号"),
                main=True,
                narrow=True,
                show=lambda row: _about(row, numbers)[0] or _("（番号なし）"),
                link=lambda row: reverse("procedures-handover", args=[ctx.municipality.code, row.pk]),
            ),
            Column("procedure", _("手続"), show=lambda row: _about(row, numbers)[1]),
            Column("state", _("状態"), narrow=True, show=lambda row: _(_STATES[row.state])),
            Column(
                "attempts",
                _("試行回数"),
                kind="number",
                narrow=True,
                show=lambda row: str(row.attempts),
            ),
            Column("error", _("最後の結果"), show=lambda row: error_words(row.last_error)),
            Column("created_at", _("作成日時"), narrow=True, show=lambda row: format_moment(row.created_at)),
        ),
        filters=(Filter("state", _("状態"), tuple(Choice(key, _(label)) for key, label in STATES)),),
    )


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """What was handed over, what waits, and what failed."""
    need(KEEP_WEBHOOKS, ctx)
    state: ListState = _list(ctx, {}).parse(request.GET)
    start = start_of(state, queries.PAGE)
    found = queries.page(ctx, state.chosen("state"), start)
    view = ListView(
        key="handovers",
        caption=_("引渡しの記録"),
        spec=_list(ctx, queries.numbers(ctx, found.rows)),
        state=state,
        page=found,
        path=reverse("procedures-handovers", args=[ctx.municipality.code]),
        exports=exports("procedures-handovers-sheet", ctx.municipality.code),
        read_only=True,
        empty_title=_("引渡しはまだありません"),
        empty_body=_("引渡し先を加えると、提出が届くたびに引き渡し、ここに記録します。"),
        empty_action=_("引渡し先を見る"),
        empty_href=reverse("procedures-webhooks", args=[ctx.municipality.code]),
    )
    context = {
        "page": desk_shell(request, ctx, _("引渡しの記録")),
        "view": view,
        "receivers_href": reverse("procedures-webhooks", args=[ctx.municipality.code]),
    }
    return render(request, "procedures/desk/handovers.html", context)


@require_safe
@desk_page
def save(request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The same as a file to be read; the newest 20,000."""
    need(KEEP_WEBHOOKS, ctx)
    rows = list(queries.handovers(ctx, _list(ctx, {}).parse(request.GET).chosen("state"))[:_MOST])
    numbers = queries.numbers(ctx, rows)
    labels = {"number": _("収受番号"), "procedure": _("手続"), "state": _("状態"), "error": _("最後の結果")}
    table = Table(
        name=_("引渡しの記録"),
        municipality=ctx.municipality.name,
        columns=(
            *(
                SheetColumn(key, fields.text(label=label, classification=INTERNAL, required=False).spec)
                for key, label in labels.items()
            ),
            *columns_of(OutboxMessage, "attempts", "created_at", "done_at"),
        ),
        rows=[
            Row(
                {
                    "number": _about(row, numbers)[0],
                    "procedure": _about(row, numbers)[1],
                    "state": _(_STATES[row.state]),
                    "error": error_words(row.last_error),
                    "attempts": row.attempts,
                    "created_at": row.created_at,
                    "done_at": row.done_at,
                }
            )
            for row in rows
        ],
        as_of=ctx.now,
        notes=((_("編集"), _("読み取り専用")),),
    )
    return respond(table, file_format, f"{ctx.municipality.name}_{table.name}")


_SETTLE: Mapping[str, Callable[[Context, OutboxMessage, actions.Because], object]] = {
    "retry": actions.retry_handover,
    "confirm": actions.confirm_handover,
    "cancel": actions.cancel_handover,
}


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def handover(request: HttpRequest, ctx: Context, message_id: UUID) -> HttpResponseBase:
    """One hand-over; what failed or is not known is settled here."""
    need(KEEP_WEBHOOKS, ctx)
    found = queries.handover(ctx, message_id)
    problem: Problem | None = None
    if request.method == "POST":
        do = _SETTLE.get(request.POST.get("do", ""))
        if do is None:
            raise Missing
        try:
            do(ctx, found, actions.retry_handover.read_text({"reason": request.POST.get("reason", "")}))
        except Problem as refused:
            problem = refused
        else:
            return see("procedures-handover", ctx, found.pk)
    return _page(request, ctx, found, problem)


def _page(request: HttpRequest, ctx: Context, found: OutboxMessage, problem: Problem | None) -> HttpResponse:
    number, title = _about(found, queries.numbers(ctx, [found]))
    errors: Sequence[FieldError] = errors_of(problem)
    facts = [
        Fact(_("状態"), _(_STATES[found.state])),
        *([Fact(_("手続"), title)] if title else []),
        Fact(_("試行回数"), found.attempts),
        *([Fact(_("最後の結果"), error_words(found.last_error))] if found.last_error else []),
        Fact(_("作成日時"), format_moment(found.created_at)),
        *([Fact(_("完了日時"), format_moment(found.done_at))] if found.done_at else []),
        *(
            [Fact(_("次に試す日時"), format_moment(found.not_before))]
            if found.state in {"queued", "retry"}
            else []
        ),
    ]
    context = {
        "page": desk_shell(request, ctx, number or _("引渡し"), [_up(ctx)]),
        "new_key": str(uuid7()),
        "facts": facts,
        "open": found.state in queries.OPEN,
        "typed": request.POST.get("reason", ""),
        "errors": errors,
        "said": {one.key: one.message for one in errors},
    }
    return render(
        request, "procedures/desk/handover.html", context, status=problem.status if problem else 200
    )
