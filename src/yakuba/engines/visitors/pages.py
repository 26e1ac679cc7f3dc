"""What every portal page begins with that knows its visitor: who it is, and the cookie that says so.

Public pages know nobody (:func:`yakuba.kernel.access.pages.portal_page`); these are the others: applying, signing in, one's own
page. No answer of theirs is kept by a browser or a proxy.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from yakuba.engines.visitors import queries, rules, store, throttle
from yakuba.engines.visitors.models import Visit
from yakuba.engines.visitors.visitor import ANON, Visitor
from yakuba.kernel.access.pages import Page, public_context
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import clock
from yakuba.kernel.ui import errors

P = ParamSpec("P")
_NOTED = "_yakuba_visit"


@dataclass(frozen=True)
class _Noted:
    """What became of the visit during this request: its visitor, and the token that the browser is to keep (empty: to forget)."""

    visitor: Visitor
    token: str


def visitor_page(
    view: Callable[Concatenate[HttpRequest, Context, Visitor, P], HttpResponseBase],
) -> Page[P]:
    """A portal page that knows its visitor. The actor is the visit, or the public where there is none yet.

    A GET makes no visit; a POST may call :func:`begin`. The form field ``idempotency_key`` makes a form sent twice change once.
    """

    @functools.wraps(view)
    def page(request: HttpRequest, code: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        ctx, visitor = visitor_context(request, code)
        request.yakuba = ctx  # type: ignore[attr-defined]  # read by the page shell
        try:
            response = view(request, ctx, visitor, *args, **kwargs)
        except Problem as problem:
            response = _told(request, problem)
        _keep_cookie(request, code, response)
        response["Cache-Control"] = "no-store, private"
        return response

    return page


def visitor_context(request: HttpRequest, code: str) -> tuple[Context, Visitor]:
    """The context of whoever asks, and who it is. Raises :class:`Missing` for a municipality not held here."""
    token = request.COOKIES.get(cookie_name(code), "")
    visit = queries.visit_at(code, token, clock.now()) if token else None
    if visit is None:
        return public_context(request, code), ANON
    ctx = public_context(request, code, visit.municipality.ref)
    store.seen(visit, ctx.now)
    visitor = Visitor.of(visit)
    return acting(request, ctx, visitor), visitor


def acting(request: HttpRequest, ctx: Context, visitor: Visitor) -> Context:
    """The same circumstances with the visit as actor."""
    key = request.POST.get("idempotency_key", "")[:80] if request.method == "POST" else ""
    return dataclasses.replace(
        ctx,
        actor=queries.acts_as(ctx.municipality.id, visitor.visit, visitor.row)
        if visitor.visit
        else ctx.actor,
        on_behalf_of=f"citizen:{visitor.citizen}" if visitor.citizen else "",
        idempotency_key=key or None,
    )


def begin(request: HttpRequest, ctx: Context) -> tuple[Context, Visitor]:
    """The visit of this request, begun now where there was none; the page's answer sets the cookie.

    RuntimeError outside of a POST: whoever only looks leaves no trace. Raises :class:`TooMany`.
    """
    if request.method != "POST":
        raise RuntimeError("only a form that is sent begins a visit")
    noted = getattr(request, _NOTED, None)
    if isinstance(noted, _Noted) and noted.token:
        return acting(request, ctx, noted.visitor), noted.visitor
    there = queries.visit_by_token(
        ctx.municipality.id, request.COOKIES.get(cookie_name(ctx.municipality.code), ""), ctx.now
    )
    if there is not None:
        visitor = Visitor.of(there)
        return acting(request, ctx, visitor), visitor
    token = rules.new_token()
    with transaction.atomic():
        throttle.count(request, ctx, "begin")
        visit = store.begin(ctx, token)
    return adopt(request, ctx, visit, token)


def adopt(request: HttpRequest, ctx: Context, visit: Visit, token: str) -> tuple[Context, Visitor]:
    """Go on as a visit under its new token, after :func:`store.begin` or :func:`store.raise_level`; the answer sets the cookie."""
    visitor = Visitor.of(visit)
    setattr(request, _NOTED, _Noted(visitor, token))
    return acting(request, ctx, visitor), visitor


def forget(request: HttpRequest) -> None:
    """Let the answer take the cookie away; the visit has ended."""
    setattr(request, _NOTED, _Noted(ANON, ""))


def cookie_name(code: str) -> str:
    """The cookie of a municipality's visits."""
    return f"yakuba_visit_{code}"


def _keep_cookie(request: HttpRequest, code: str, response: HttpResponseBase) -> None:
    noted = getattr(request, _NOTED, None)
    if not isinstance(noted, _Noted):
        return
    if not noted.token:
        response.delete_cookie(cookie_name(code), samesite="Lax")
        return
    # Without an age: it goes with the browser. Lax, because people come back from a provider of identity by a link.
    response.set_cookie(cookie_name(code), noted.token, httponly=True, secure=settings.HTTPS, samesite="Lax")


def _told(request: HttpRequest, problem: Problem) -> HttpResponseBase:
    """A problem that no form showed, as a page with its status."""
    status = problem.status if problem.status in errors.PAGES else HTTPStatus.BAD_REQUEST
    response = errors.page(request, HTTPStatus(status), problem.message)
    response.status_code = problem.status
    if isinstance(problem, throttle.TooMany):
        response["Retry-After"] = str(problem.seconds)
    return response
