"""To an identity provider and back."""

from __future__ import annotations

import json
import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.engines.visitors import pages, rules, throttle
from yakuba.engines.visitors.methods import METHODS
from yakuba.engines.visitors.pages import visitor_page
from yakuba.engines.visitors.visitor import Visitor
from yakuba.kernel.actions import Context, Missing, Problem
from yakuba.services.identity import queries
from yakuba.services.identity.actions import BeginAttempt, FinishAttempt, begin_attempt, finish_attempt
from yakuba.services.identity.methods import OIDC
from yakuba.services.identity.models import SignInAttempt
from yakuba.services.identity.oidc import Challenge, Client, ProviderProblem
from yakuba.services.identity.rules import facts_of
from yakuba.services.identity.views.common import address, form, go_on_as, going_to, onward, shell, told
from yakuba.services.identity.views.ways import sign_in_link

log = logging.getLogger(__name__)


def _client() -> Client:
    client = Client.configured()
    if client is None or not METHODS.get(OIDC).available():
        raise Missing
    return client


def _back(request: HttpRequest, ctx: Context) -> str:
    """The one address that the provider knows us by."""
    return request.build_absolute_uri(reverse("identity-provider-back", args=[ctx.municipality.code]))


@require_http_methods(["GET", "HEAD", "POST"])
@visitor_page
def start(request: HttpRequest, ctx: Context, _visitor: Visitor) -> HttpResponseBase:
    """What is going to happen; and, when that is agreed to, the way there."""
    client = _client()
    linking = request.POST.get("link") == "1" or request.GET.get("link") == "1"
    context: dict[str, object] = {
        "page": shell(ctx, _("本人確認をする"), [sign_in_link(ctx)]),
        "provider": settings.CITIZEN_OIDC_NAME,
        "next": going_to(request, ctx),
        "link": linking,
    }
    if request.method != "POST":
        return form(request, "identity/provider.html", context)
    challenge = Challenge.new()
    try:
        ctx, visitor = pages.begin(request, ctx)
        throttle.count(request, ctx, "sign_in")
        there = client.authorization_url(challenge, _back(request, ctx))
        begin_attempt(
            ctx,
            None,
            BeginAttempt(
                OIDC,
                challenge.state,
                challenge.nonce,
                challenge.verifier,
                going_to(request, ctx),
                linking and visitor.signed_in,
            ),
        )
    except Problem as problem:
        _tell_operator(problem)
        return form(request, "identity/provider.html", context, told(problem), problem)
    # A page and not a redirect: browsers hold a form to its page's form-action over every further redirect, and where a provider
    # sends people on to is its own affair.
    return render(request, "identity/leaving.html", {**context, "there": there})


@require_safe
@visitor_page
def back(request: HttpRequest, ctx: Context, visitor: Visitor) -> HttpResponseBase:
    """Back from the provider, by a link that only the browser that left can use."""
    client = _client()
    state = request.GET.get("state", "")
    attempt = queries.attempt_under_way(ctx, visitor.visit, OIDC, state) if visitor.visit and state else None
    if attempt is None:
        return _failed(ctx, "lost")
    with translation.override(attempt.language):
        try:
            token = _finish(request, ctx, client, attempt)
        except Problem as problem:
            _tell_operator(problem)
            return _failed(ctx, problem.code, attempt.return_to)
        go_on_as(request, ctx, token)
        return onward(ctx, attempt.return_to)


def _failed(ctx: Context, code: str, wanted: str = "") -> HttpResponseBase:
    """To the choice of ways, which says what happened: code and state do not stay in the browser's address bar and history."""
    return redirect(address(ctx, "identity-sign-in", problem=code, next=wanted))


def _finish(request: HttpRequest, ctx: Context, client: Client, attempt: SignInAttempt) -> str:
    """Exchange the code and sign in; the visit's new token. Raises :class:`Problem`."""
    throttle.count(request, ctx, "sign_in")
    # RFC 9207: an answer of another provider must not be exchanged with this one.
    if request.GET.get("iss", client.issuer).rstrip("/") != client.issuer:
        raise ProviderProblem("the answer names another issuer")
    code = request.GET.get("code", "")
    if not code:
        raise Problem(
            "not_confirmed", _("本人確認が途中で終わりました。もう一度するか、別の方法を選んでください。")
        )
    vouched = client.exchange(
        code, nonce=attempt.nonce, verifier=attempt.verifier, redirect_uri=_back(request, ctx)
    )
    token = rules.new_token()
    finish_attempt(
        ctx,
        attempt,
        FinishAttempt(
            issuer=vouched.issuer,
            level=METHODS.get(OIDC).level,
            subject=vouched.subject,
            facts=json.dumps(facts_of(vouched.claims)),
            token=token,
        ),
    )
    return token


def _tell_operator(problem: Problem) -> None:
    """What was wrong with the provider's answer, without anything that it said of a person."""
    if isinstance(problem, ProviderProblem):
        log.warning("identity provider: %s", problem.detail)
