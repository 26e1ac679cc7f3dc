"""Accounts: signing in with a password, getting one, and setting a forgotten one anew."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.engines.visitors import pages, rules, throttle
from yakuba.engines.visitors.pages import visitor_page
from yakuba.engines.visitors.visitor import Visitor, masked_mail
from yakuba.kernel.actions import Context, Problem, ports
from yakuba.kernel.ui.components import FieldError
from yakuba.services.identity import passwords, queries
from yakuba.services.identity.actions import SetUp, SignIn, set_up_account, sign_in
from yakuba.services.identity.methods import mail_works
from yakuba.services.identity.models import Citizen
from yakuba.services.identity.rules import mail_key
from yakuba.services.identity.views.common import (
    address,
    form,
    go_on_as,
    going_to,
    onward,
    shell,
    told,
    twice,
)
from yakuba.services.identity.views.ways import ask_for_mail, sign_in_link

_LONGEST = 512
WRONG = "メールアドレスかパスワードの誤り"


@require_http_methods(["GET", "HEAD", "POST"])
@visitor_page
def account(request: HttpRequest, ctx: Context, _visitor: Visitor) -> HttpResponseBase:
    """Mail address and password. The answer is the same for a wrong password and for no account."""
    wanted = going_to(request, ctx)
    typed = request.POST.get("mail", "")[:300].strip()
    context: dict[str, object] = {
        "page": shell(ctx, _("アカウントでサインインする"), [sign_in_link(ctx)]),
        "next": wanted,
        "mail": typed,
        "new_href": address(ctx, "identity-account-new", next=wanted),
        "mail_works": mail_works(),
    }
    if request.method != "POST":
        return form(request, "identity/account.html", context)
    password = request.POST.get("password", "")[:_LONGEST]
    empty = [
        FieldError(key, _("「%(label)s」が空です。入力してください。") % {"label": label})
        for key, label, value in (
            ("mail", _("メールアドレス"), typed),
            ("password", _("パスワード"), password),
        )
        if not value
    ]
    if empty:
        return form(request, "identity/account.html", context, empty)
    try:
        ctx, _visitor = pages.begin(request, ctx)
        throttle.count(request, ctx, "password", target=mail_key(typed))
    except Problem as problem:
        return form(request, "identity/account.html", context, told(problem), problem)
    mine = queries.citizen_by_password(ctx.municipality.id, typed, password)
    if mine is None:
        there = queries.citizen_by_mail(ctx.municipality.id, typed)
        # With and without an account the same is done, and takes as long.
        ports.trail().denied(
            ctx, "identity.sign_in_refused", "citizen", there.pk if there else None, "", WRONG
        )
        wrong = [FieldError("mail", _("メールアドレスかパスワードが違います。"))]
        return form(request, "identity/account.html", context, wrong)
    token = rules.new_token()
    sign_in(ctx, None, SignIn(str(mine.pk), token))
    go_on_as(request, ctx, token)
    return onward(ctx, wanted)


@require_http_methods(["GET", "HEAD", "POST"])
@visitor_page
def new(request: HttpRequest, ctx: Context, _visitor: Visitor) -> HttpResponseBase:
    """The address of a new account, or of one whose password was forgotten: one form for both."""
    page = shell(ctx, _("アカウントを作る・パスワードを決め直す"), [sign_in_link(ctx)])
    return ask_for_mail(request, ctx, {"page": page, "purpose": "account"}, "account")


@require_http_methods(["GET", "HEAD", "POST"])
@visitor_page
def password(request: HttpRequest, ctx: Context, visitor: Visitor) -> HttpResponseBase:
    """After the code: the password."""
    wanted = going_to(request, ctx)
    confirmed = queries.confirmed_code(ctx, visitor.visit, "account") if visitor.visit else None
    if confirmed is None:
        return redirect(address(ctx, "identity-account-new", next=wanted))
    context: dict[str, object] = {
        "page": shell(ctx, _("パスワードを決める"), [sign_in_link(ctx)]),
        "next": wanted,
        "mail": masked_mail(confirmed.mail),
        "username": confirmed.mail,
    }
    if request.method != "POST":
        return form(request, "identity/password_new.html", context)
    typed, errors = twice(request)
    if errors:
        return form(request, "identity/password_new.html", context, errors)
    token = rules.new_token()
    there = queries.citizen_by_mail(ctx.municipality.id, confirmed.mail)
    try:
        encoded = passwords.encoded(typed, there or Citizen(mail=confirmed.mail))
        set_up_account(ctx, None, SetUp(encoded, token))
    except Problem as problem:
        return form(request, "identity/password_new.html", context, told(problem), problem)
    go_on_as(request, ctx, token)
    return onward(ctx, wanted)
