"""Choosing a way to show who one is, and the way by mail."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.engines.visitors import actions as visits
from yakuba.engines.visitors import pages, rules, throttle
from yakuba.engines.visitors.methods import methods_reaching
from yakuba.engines.visitors.models import Visit
from yakuba.engines.visitors.pages import visitor_page
from yakuba.engines.visitors.visitor import Visitor, masked_mail
from yakuba.kernel.actions import Context, NoData, Problem
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.services.identity import queries
from yakuba.services.identity.actions import EnterCode, SendCode, enter_code, send_code
from yakuba.services.identity.methods import mail_works
from yakuba.services.identity.models import MailCode
from yakuba.services.identity.rules import CODE_LASTS, CODE_TRIES, mail_key
from yakuba.services.identity.views.common import address, form, go_on_as, going_to, onward, shell, told


@require_safe
@visitor_page
def choose(request: HttpRequest, ctx: Context, visitor: Visitor) -> HttpResponseBase:
    """The ways that reach the level that is asked for, and what to do without any of them."""
    wanted = request.GET.get("level", "none")
    wanted = wanted if wanted in dict(rules.LEVELS) else "none"
    onwards = going_to(request, ctx)
    ways = [
        {"label": one.label, "about": one.about, "href": one.start_url(ctx, onwards)}
        for one in methods_reaching(wanted)
    ]
    context = {
        "page": shell(ctx, _("サインイン・本人確認")),
        "ways": ways,
        "wanted": "" if wanted == "none" else rules.level_label(wanted),
        "enough": visitor.level != "none" and visitor.reaches(wanted),
        "visitor": visitor,
        "mail": masked_mail(visitor.mail),
        "level": rules.level_label(visitor.level),
        "next": onwards,
        "out": "out" in request.GET,
        "problem": _problem(request.GET.get("problem", "")),
        "mail_works": mail_works(),
    }
    return render(request, "identity/choose.html", context)


def _problem(code: str) -> str:
    """Why somebody came back from a provider without having been confirmed; only words of ours, whatever the address says."""
    return {
        "lost": _(
            "時間がたちすぎたか、始めたときと別のブラウザで開かれました。始めたブラウザで、もう一度してください。"
        ),
        "not_confirmed": _("本人確認が途中で終わりました。もう一度するか、別の方法を選んでください。"),
        "linked_elsewhere": _("この本人確認は、別のアカウントに結び付いています。"),
        "attempt_over": _("この本人確認は、もう終わっています。もう一度始めてください。"),
        "too_many": _(
            "続けて何度も試されたため、いったん止めました。しばらくたってから、もう一度試してください。"
        ),
        "provider": _(
            "本人確認のサイトから、確かな答えが届きませんでした。時間をおいて、もう一度試してください。"
        ),
        "missing": _("サインインしていた時間が終わりました。もう一度始めてください。"),
    }.get(code, "")


@require_POST
@visitor_page
def sign_out(request: HttpRequest, ctx: Context, visitor: Visitor) -> HttpResponseBase:
    """End the visit."""
    mine = Visit.objects.for_actor(ctx).filter(pk=visitor.visit).first() if visitor.visit else None
    if mine is not None:
        visits.sign_out(ctx, mine, NoData())
    pages.forget(request)
    return redirect(address(ctx, "identity-sign-in", out="1"))


def sign_in_link(ctx: Context) -> Link:
    """The way back to the choice."""
    return Link(_("サインイン・本人確認"), address(ctx, "identity-sign-in"))


@require_http_methods(["GET", "HEAD", "POST"])
@visitor_page
def mail(request: HttpRequest, ctx: Context, _visitor: Visitor) -> HttpResponseBase:
    """Type one's mail address."""
    page = shell(ctx, _("メールで確認する"), [sign_in_link(ctx)])
    context: dict[str, object] = {"page": page, "purpose": "sign_in"}
    return ask_for_mail(request, ctx, context, "sign_in")


def ask_for_mail(
    request: HttpRequest, ctx: Context, context: dict[str, object], purpose: str
) -> HttpResponseBase:
    """The form for a mail address; when it is sent, a code goes there. What it answers never tells whether there is an account."""
    typed = request.POST.get("mail", "")[:300]
    context |= {
        "next": going_to(request, ctx),
        "mail": typed,
        "mail_works": mail_works(),
        "minutes": int(CODE_LASTS.total_seconds() // 60),
    }
    if request.method != "POST" or not mail_works():
        return form(request, "identity/mail.html", context)
    if not typed.strip():
        return form(
            request,
            "identity/mail.html",
            context,
            [FieldError("mail", _("メールアドレスが空です。入力してください。"))],
        )
    try:
        ctx, _visitor = pages.begin(request, ctx)
        throttle.count(request, ctx, "mail_code", target=mail_key(typed))
        send_code(ctx, None, SendCode(typed.strip(), purpose, going_to(request, ctx)))
    except Problem as problem:
        return form(request, "identity/mail.html", context, told(problem, address="mail"), problem)
    return redirect(address(ctx, "identity-code"))


@require_http_methods(["GET", "HEAD", "POST"])
@visitor_page
def code(request: HttpRequest, ctx: Context, visitor: Visitor) -> HttpResponseBase:
    """Type the code that came by mail."""
    pending = queries.pending_code(ctx, visitor.visit) if visitor.visit else None
    if pending is None:
        return redirect(address(ctx, "identity-sign-in"))
    context: dict[str, object] = {
        "page": shell(ctx, _("確認コードを入力"), [sign_in_link(ctx)]),
        "mail": masked_mail(pending.mail),
        "minutes": int(CODE_LASTS.total_seconds() // 60),
        "again_href": _again(ctx, pending),
    }
    if request.method != "POST":
        return form(request, "identity/code.html", context)
    token = rules.new_token()
    try:
        throttle.count(request, ctx, "code", target=mail_key(pending.mail))
        tried = enter_code(ctx, pending, EnterCode(request.POST.get("code", "")[:40], token))
    except Problem as problem:
        return form(request, "identity/code.html", context, told(problem), problem)
    if tried.used_at is None:
        return form(request, "identity/code.html", context, [FieldError("code", _wrong(tried))])
    go_on_as(request, ctx, token)
    if tried.purpose == "account":
        return redirect(address(ctx, "identity-account-password", next=tried.return_to))
    if tried.purpose == "change":
        return redirect(address(ctx, "identity-my", done="mail"))
    return onward(ctx, tried.return_to)


def _wrong(tried: MailCode) -> str:
    left = CODE_TRIES - tried.tries
    if left == 0:
        return _("コードが違います。このコードは、もう使えません。新しいコードを送ってください。")
    return _("コードが違います。メールに書かれた6桁の数字を入力してください。あと%(left)d回試せます。") % {
        "left": left
    }


def _again(ctx: Context, pending: MailCode) -> str:
    page = {"account": "identity-account-new", "change": "identity-my-mail"}.get(
        pending.purpose, "identity-mail"
    )
    return address(ctx, page, next=pending.return_to)
