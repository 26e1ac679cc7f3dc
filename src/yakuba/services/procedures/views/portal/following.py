"""After the sending: the acknowledgement, the state of an application, messages, withdrawal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yakuba.engines.visitors import pages, throttle
from yakuba.engines.visitors.rules import level_label
from yakuba.engines.visitors.visitor import Visitor
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Denied, Missing, NoData, Problem
from yakuba.kernel.ids import uuid7
from yakuba.kernel.ui.components import Fact, FieldError, Link
from yakuba.kernel.ui.formats import moment, wareki
from yakuba.services.procedures.access.portal import ASK_COPY, ask_at_counter, unwithdrawable, unwritable
from yakuba.services.procedures.actions.answering import (
    MOST_WORDS,
    OpenStatus,
    Words,
    ask_copy,
    open_status,
    withdraw,
    write,
)
from yakuba.services.procedures.citizens import letters, numbers, queries
from yakuba.services.procedures.citizens.forms import language
from yakuba.services.procedures.definition import answers
from yakuba.services.procedures.definition.forms import FileShown
from yakuba.services.procedures.definition.model import RESULTS, said
from yakuba.services.procedures.models import Release, Reply, Submission
from yakuba.services.procedures.published.queries import definition_of
from yakuba.services.procedures.views.portal.frame import lang_of, own_page, procedure_href, see, show, top

_REPLIES = {
    "correction": gettext_noop("補正を送りました"),
    "message": gettext_noop("担当課に連絡しました"),
    "withdrawal": gettext_noop("取下げを届けました"),
}


@own_page
def status(request: HttpRequest, ctx: Context, visitor: Visitor) -> HttpResponseBase:
    """By receipt and secret. Neither the words nor the time say which of the two was wrong; tries are counted by number as well."""
    errors: list[FieldError] = []
    typed = ""
    if request.method == "POST":
        typed = request.POST.get("receipt", "")[:60]
        receipt = numbers.tidy(typed)
        acting, _visitor = pages.begin(request, ctx)
        throttle.count(request, acting, "status", target=receipt)
        if not numbers.is_receipt(receipt):
            errors = [
                FieldError(
                    "receipt",
                    _(
                        "受付番号は、4文字ずつ3組の英数字です（例：ABCD-EFGH-JKMN）。書き写し間違いがないか確かめてください。"
                    ),
                )
            ]
        else:
            found = queries.by_receipt(acting, receipt)
            secret = numbers.tidy(request.POST.get("secret", ""))
            try:
                # A number that there is not is asked for like any other.
                wanted = found.pk if found else uuid7()
                opened = open_status(acting, None, OpenStatus(str(wanted), numbers.proof(receipt, secret)))
            except Denied:
                errors = [
                    FieldError(
                        "secret", _("受付番号と確認番号の組み合わせが違います。受付票を確かめてください。")
                    )
                ]
            else:
                return see("procedures-application", ctx, opened.pk)
    return show(
        request,
        ctx,
        "status",
        _("申請の状況を見る"),
        crumbs=[top(ctx)],
        status=422 if errors else 200,
        errors=errors,
        wrong={one.key: one.message for one in errors},
        receipt=typed,
        mine=mine(ctx),
        signed_in=visitor.signed_in,
    )


@dataclass(frozen=True, slots=True)
class Mine:
    """One of the visitor's own applications in a list."""

    title: str
    href: str
    number: str
    state: str
    at: str
    asked: int


def mine(ctx: Context) -> list[Mine]:
    """What this visitor has sent, the newest first (two queries)."""
    sent = queries.submissions(ctx)
    asked = queries.asked_back(ctx, sent) if sent else {}
    return [
        Mine(
            one.publication.title,
            reverse("procedures-application", args=[ctx.municipality.code, one.pk]),
            numbers.grouped(one.receipt),
            _(one.state_label),
            moment(one.arrived_at),
            asked.get(one.pk, 0),
        )
        for one in sent
    ]


@own_page
def receipt(request: HttpRequest, ctx: Context, visitor: Visitor, submission_id: UUID) -> HttpResponseBase:
    """受付票. The secret stands on it for the visit that sent it, as long as that visit goes on."""
    found = queries.submission(ctx, submission_id)
    secret = numbers.secret_of(found.pk)
    own = found.visit == visitor.visit and numbers.proof(found.receipt, secret) == found.secret_hash
    definition = definition_of(found.publication_id)
    title = said(definition.title, language())
    return show(
        request,
        ctx,
        "receipt",
        _("受付票"),
        crumbs=[top(ctx)],
        title_of=title,
        number=numbers.grouped(found.receipt),
        secret=numbers.grouped(secret) if own else "",
        rows=[
            Fact(_("手続"), title),
            Fact(_("到達日時"), letters.arrival(found)),
            Fact(_("あて先"), f"{ctx.municipality.name} {found.offer.office}"),
            Fact(_("本人の確認"), level_label(found.level)),
            Fact(_("結果の受け取り方"), _(dict(RESULTS).get(found.electronic, ""))),
            Fact(_("お知らせの送り先"), found.mail or _no_mail()),
        ],
        test=found.test,
        status_path=request.build_absolute_uri(reverse("procedures-status", args=[ctx.municipality.code])),
        href=reverse("procedures-application", args=[ctx.municipality.code, found.pk]),
    )


def _no_mail() -> str:
    return _(
        "メールは送りません（アドレスの記入がないか、確認していない同じアドレスの申請が今日は多すぎました）。2つの番号を必ず書き留めてください。"
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline. ``release`` is what it leads to, where it leads anywhere."""

    at: dt.datetime
    title: str
    text: str = ""
    by: str = ""
    release: Release | None = None
    href: str = ""
    waiting: bool = False


@own_page
def application(
    request: HttpRequest, ctx: Context, visitor: Visitor, submission_id: UUID
) -> HttpResponseBase:
    """The state of an application: what happened, what is asked, what lies ready."""
    found = queries.submission(ctx, submission_id)
    return _application(request, ctx, found, [], "")


def _application(
    request: HttpRequest, ctx: Context, found: Submission, errors: Sequence[FieldError], typed: str
) -> HttpResponseBase:
    released = [one for one in queries.releases(ctx, found) if one.kind != "copy"]
    replied = [one for one in queries.replies(ctx, found) if one.kind != "copy"]
    lines = _lines(ctx, found, released, replied)
    code = ctx.municipality.code
    withdrawn = any(one.kind == "withdrawal" for one in replied)
    return show(
        request,
        ctx,
        "application",
        _("申請の状況"),
        crumbs=[top(ctx)],
        status=422 if errors else 200,
        sent=found,
        title_of=said(definition_of(found.publication_id).title, language()),
        number=numbers.grouped(found.receipt),
        state=_(found.state_label),
        state_at=moment(found.state_at),
        arrival=letters.arrival(found),
        lines=lines,
        waiting=[line for line in lines if line.waiting],
        errors=errors,
        wrong={one.key: one.message for one in errors},
        text=typed,
        most=MOST_WORDS,
        key=str(uuid7()),
        withdrawn=withdrawn,
        unwritable=unwritable(found),
        may_withdraw=not unwithdrawable(found) and not withdrawn,
        withdraw_href=reverse("procedures-withdraw", args=[code, found.pk]),
        message_href=reverse("procedures-message", args=[code, found.pk]),
        receipt_href=reverse("procedures-receipt", args=[code, found.pk]),
        copy_href=reverse("procedures-copy", args=[code, found.pk])
        if ASK_COPY.may(ctx, found).allowed
        else "",
        procedure_href=procedure_href(ctx, found.offer.procedure) if found.offer.listed else "",
        office=found.offer.office,
    )


def _lines(
    ctx: Context, found: Submission, released: Sequence[Release], replied: Sequence[Reply]
) -> list[Line]:
    """The timeline, the oldest first."""
    code = ctx.municipality.code
    lines = [Line(found.arrived_at, _("提出が届きました"), by=_("あなた"))]
    for one in released:
        name = {"correction": "procedures-correct", "notice": "procedures-open"}.get(one.kind, "")
        waits = one.closed_at is None and (
            (one.kind == "correction" and one.answered_at is None)
            or (one.kind == "notice" and one.opened_at is None)
        )
        text = one.text
        if one.answer_by and one.kind == "correction":
            text = f"{text}\n{_('%(day)sまでにお願いします。') % {'day': wareki(one.answer_by)}}".strip()
        if one.kind == "notice" and one.closed_at:
            text = ask_at_counter()
        elif one.kind == "notice" and one.opened_at:
            text = f"{text}\n{_('%(at)sに開きました。') % {'at': moment(one.opened_at)}}".strip()
        lines.append(
            Line(
                one.at,
                _(one.title),
                text,
                by=found.offer.office,
                release=one,
                href=reverse(name, args=[code, found.pk, one.pk])
                if name and (waits or one.kind == "notice")
                else "",
                waiting=waits,
            )
        )
    lines += [Line(one.at, _(_REPLIES.get(one.kind, one.kind)), by=_("あなた")) for one in replied]
    return sorted(lines, key=lambda line: line.at)


@own_page
def copy(request: HttpRequest, ctx: Context, visitor: Visitor, submission_id: UUID) -> HttpResponseBase:
    """What was sent, to read and to print. The portal has none of it: the desk gives it back for a day when it is asked."""
    found = queries.submission(ctx, submission_id)
    if not ASK_COPY.may(ctx, found).allowed:
        raise Missing
    if request.method == "POST":
        throttle.count(request, ctx, "message", target=found.receipt)
        ask_copy(ctx, found, NoData())
        return see("procedures-copy", ctx, found.pk)
    there = queries.copy_of(ctx, found)
    body = there.body if there else {}
    definition = definition_of(found.publication_id)
    files = {key: FileShown(key, str(name)) for key, name in (body.get("files") or {}).items()}
    return show(
        request,
        ctx,
        "copy",
        _("送った内容"),
        crumbs=[top(ctx), Link(_("申請の状況"), _home(ctx, found))],
        title_of=said(definition.title, language()),
        number=numbers.grouped(found.receipt),
        arrival=letters.arrival(found),
        at=moment(there.at) if there else "",
        closed=ask_at_counter() if there and there.closed_at else "",
        sections=answers.shown(definition, body.get("answers") or {}, language(), files),
        lang=lang_of(definition, language()),
        on_the_way=there is None and queries.copy_on_the_way(found),
        back=_home(ctx, found),
    )


def _home(ctx: Context, found: Submission) -> str:
    return reverse("procedures-application", args=[ctx.municipality.code, found.pk])


@own_page
def message(request: HttpRequest, ctx: Context, visitor: Visitor, submission_id: UUID) -> HttpResponseBase:
    """Words to the office, from the page of the application."""
    found = queries.submission(ctx, submission_id)
    if request.method != "POST":
        return see("procedures-application", ctx, found.pk)
    text = request.POST.get("text", "")
    throttle.count(request, ctx, "message", target=found.receipt)
    try:
        write(ctx, found, Words({"text": text}))
    except Denied as denied:
        # It is this visitor's own: what stands against it is that it is over.
        return _application(request, ctx, found, [FieldError("text", denied.message)], text)
    except Problem as problem:
        return _application(request, ctx, found, errors_of(problem), text)
    return see("procedures-application", ctx, found.pk, query="#timeline")


@own_page
def withdraw_page(
    request: HttpRequest, ctx: Context, visitor: Visitor, submission_id: UUID
) -> HttpResponseBase:
    """Taking an application back: asked once more, because it cannot be undone."""
    found = queries.submission(ctx, submission_id)
    errors: list[FieldError] = []
    text = request.POST.get("text", "") if request.method == "POST" else ""
    if request.method == "POST":
        errors = _withdrawn(request, ctx, found, text)
        if not errors:
            return see("procedures-application", ctx, found.pk)
    return show(
        request,
        ctx,
        "withdraw",
        _("取下げ"),
        crumbs=[top(ctx)],
        status=422 if errors else 200,
        errors=errors,
        wrong={one.key: one.message for one in errors},
        text=text,
        key=str(uuid7()),
        title_of=found.publication.title,
        number=numbers.grouped(found.receipt),
        back=reverse("procedures-application", args=[ctx.municipality.code, found.pk]),
    )


def _withdrawn(request: HttpRequest, ctx: Context, found: Submission, text: str) -> list[FieldError]:
    """Withdraw; what stands against it."""
    if "sure" not in request.POST:
        return [FieldError("sure", _("取り下げてよければ「取り下げます」にチェックを入れてください。"))]
    try:
        withdraw(ctx, found, Words({"text": text}))
    except Denied as denied:
        return [FieldError("sure", denied.message)]
    except Problem as problem:
        return errors_of(problem)
    return []
