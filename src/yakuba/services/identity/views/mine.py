"""One's own page: who I am here, my account, and what other rooms show of mine."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.engines.visitors import pages, rules, throttle
from yakuba.engines.visitors.methods import METHODS, method_label, sign_in_url
from yakuba.engines.visitors.pages import visitor_page
from yakuba.engines.visitors.sections import drawn
from yakuba.engines.visitors.visitor import Visitor, masked_mail
from yakuba.kernel.actions import Context, Missing, NoData, Problem
from yakuba.kernel.dates import format_date
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.ui.components import Fact, FieldError, Link
from yakuba.services.identity import passwords, queries
from yakuba.services.identity.actions import (
    ChangeName,
    ChangePassword,
    Unlink,
    change_name,
    change_password,
    close_account,
    unlink,
)
from yakuba.services.identity.methods import OIDC, mail_works
from yakuba.services.identity.models import Citizen
from yakuba.services.identity.views.common import address, form, shell, told, twice
from yakuba.services.identity.views.ways import ask_for_mail

Mine = Callable[[HttpRequest, Context, Citizen], HttpResponseBase]
_LONGEST = 512
_DONE = frozenset({"name", "mail", "password", "link"})


@require_safe
@visitor_page
def my(request: HttpRequest, ctx: Context, visitor: Visitor) -> HttpResponseBase:
    """The page itself; whoever is nobody yet is asked who they are."""
    if visitor.level == "none":
        return redirect(sign_in_url(ctx, "mail", request.get_full_path()))
    mine = queries.citizen(ctx, visitor.citizen)
    done = request.GET.get("done", "")
    context = {
        "page": shell(ctx, _("マイページ")),
        "facts": _facts(visitor, mine),
        "vouched": _vouched(visitor),
        "method": method_label(visitor.method),
        "mine": mine,
        "links": queries.external_identities(ctx, mine.pk) if mine else [],
        "provider": settings.CITIZEN_OIDC_NAME,
        "may_link": METHODS.get(OIDC).available(),
        "sections": drawn(request, ctx, visitor),
        "done": done if done in _DONE else "",
        "minutes": int(rules.IDLE_SIGNED_IN.total_seconds() // 60),
    }
    return render(request, "identity/my.html", context)


def _facts(visitor: Visitor, mine: Citizen | None) -> list[Fact]:
    found = [
        Fact(_("確認の程度"), rules.level_label(visitor.level)),
        Fact(_("確認の方法"), method_label(visitor.method)),
        Fact(_("メールアドレス"), masked_mail(mine.mail if mine else visitor.mail) or _("登録していません")),
    ]
    if mine is None:
        return found
    return [
        *found,
        Fact(_("氏名"), mine.name or _("登録していません")),
        Fact(_("フリガナ"), mine.kana or _("登録していません")),
        Fact(_("パスワード"), _("決めてあります") if mine.password else _("決めていません")),
        Fact(_("アカウントを作った日"), format_date(japan_date(mine.created_at))),
    ]


def _vouched(visitor: Visitor) -> list[Fact]:
    """What the method vouched for in this visit."""
    labels = {
        "name": _("氏名"),
        "kana": _("フリガナ"),
        "birth": _("生年月日"),
        "address": _("住所"),
        "corporate_number": _("法人番号"),
    }
    return [Fact(label, visitor.facts[key]) for key, label in labels.items() if visitor.facts.get(key)]


def _of_account(
    view: Mine,
) -> Callable[[HttpRequest, Context, Visitor], HttpResponseBase]:
    """A page of whoever is signed in to an account; anybody else signs in first."""

    @wraps(view)
    def page(request: HttpRequest, ctx: Context, visitor: Visitor) -> HttpResponseBase:
        mine = queries.citizen(ctx, visitor.citizen)
        if mine is None:
            return redirect(sign_in_url(ctx, "account", address(ctx, "identity-my")))
        return view(request, ctx, mine)

    return page


def _context(ctx: Context, title: str, mine: Citizen) -> dict[str, object]:
    crumb = Link(_("マイページ"), address(ctx, "identity-my"))
    return {"page": shell(ctx, title, [crumb]), "mine": mine, "my_href": address(ctx, "identity-my")}


def _check_present(request: HttpRequest, ctx: Context, mine: Citizen) -> None:
    """Ask for the present password, where there is one: an open session must not be a place to try passwords.

    Raises :class:`Problem`.
    """
    throttle.count(request, ctx, "password", target=str(mine.pk))
    if not queries.knows_password(mine, request.POST.get("present", "")[:_LONGEST]):
        raise Problem("present", _("今のパスワードが違います。"), field="present")


@require_http_methods(["GET", "HEAD", "POST"])
@visitor_page
@_of_account
def name(request: HttpRequest, ctx: Context, mine: Citizen) -> HttpResponseBase:
    """One's name and its reading."""
    context = _context(ctx, _("氏名を変える"), mine)
    if request.method != "POST":
        return form(request, "identity/name.html", {**context, "name": mine.name, "kana": mine.kana})
    typed = {key: request.POST.get(key, "")[:_LONGEST] for key in ("name", "kana")}
    try:
        change_name(ctx, mine, ChangeName(**typed))
    except Problem as problem:
        return form(request, "identity/name.html", {**context, **typed}, told(problem), problem)
    return redirect(address(ctx, "identity-my", done="name"))


@require_http_methods(["GET", "HEAD", "POST"])
@visitor_page
@_of_account
def mail(request: HttpRequest, ctx: Context, mine: Citizen) -> HttpResponseBase:
    """Another mail address: confirmed by a code before it counts."""
    title = _("メールアドレスを変える") if mine.mail else _("メールアドレスを登録する")
    context = {
        **_context(ctx, title, mine),
        "purpose": "change",
        "asks_password": bool(mine.password),
        "mail_works": mail_works(),
        "mail": request.POST.get("mail", "")[:300],
    }
    if request.method == "POST" and mine.password:
        try:
            _check_present(request, ctx, mine)
        except Problem as problem:
            return form(request, "identity/mail.html", context, told(problem), problem)
    return ask_for_mail(request, ctx, context, "change")


@require_http_methods(["GET", "HEAD", "POST"])
@visitor_page
@_of_account
def password(request: HttpRequest, ctx: Context, mine: Citizen) -> HttpResponseBase:
    """Another password."""
    context = _context(ctx, _("パスワードを変える") if mine.password else _("パスワードを決める"), mine)
    if request.method != "POST":
        return form(request, "identity/password.html", context)
    typed, errors = twice(request)
    if errors:
        return form(request, "identity/password.html", context, errors)
    try:
        _check_present(request, ctx, mine)
        change_password(ctx, mine, ChangePassword(passwords.encoded(typed, mine)))
    except Problem as problem:
        return form(request, "identity/password.html", context, told(problem), problem)
    return redirect(address(ctx, "identity-my", done="password"))


@require_http_methods(["GET", "HEAD", "POST"])
@visitor_page
@_of_account
def close(request: HttpRequest, ctx: Context, mine: Citizen) -> HttpResponseBase:
    """Close the account for good."""
    context = _context(ctx, _("アカウントを閉じる"), mine)
    if request.method != "POST":
        return form(request, "identity/close.html", context)
    if request.POST.get("sure") != "1":
        sure = [FieldError("sure", _("「内容が消えることを確かめました」に印を付けてください。"))]
        return form(request, "identity/close.html", context, sure)
    try:
        _check_present(request, ctx, mine)
        close_account(ctx, mine, NoData())
    except Problem as problem:
        return form(request, "identity/close.html", context, told(problem), problem)
    pages.forget(request)
    return render(request, "identity/closed.html", {"page": shell(ctx, _("アカウントを閉じました"))})


@require_POST
@visitor_page
@_of_account
def remove_link(request: HttpRequest, ctx: Context, mine: Citizen) -> HttpResponseBase:
    """Take an identity provider from one's account."""
    try:
        unlink(ctx, mine, Unlink(request.POST.get("link", "")[:36]))
    except Missing:
        return redirect(address(ctx, "identity-my"))
    return redirect(address(ctx, "identity-my", done="link"))
