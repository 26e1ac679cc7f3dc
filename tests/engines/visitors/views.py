"""Pages for tests: one that begins a visit, one that says who is there, one that is refused."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.urls import path

from yakuba import urls
from yakuba.engines.visitors import actions, pages, throttle
from yakuba.engines.visitors.models import Visit
from yakuba.engines.visitors.visitor import Visitor
from yakuba.kernel.actions import Context, NoData, Problem
from yakuba.kernel.ui import converters  # noqa: F401 – registers <code6:…>


@pages.visitor_page
def who(request: HttpRequest, ctx: Context, visitor: Visitor) -> HttpResponse:
    """Who is there, and what acts."""
    get_token(request)
    return HttpResponse(f"{ctx.actor.id} {visitor.level} {ctx.idempotency_key or '-'}")


@pages.visitor_page
def begin(request: HttpRequest, ctx: Context, _visitor: Visitor) -> HttpResponse:
    """Begins a visit; asked twice it is the same."""
    ctx, visitor = pages.begin(request, ctx)
    ctx, again = pages.begin(request, ctx)
    assert again == visitor
    return HttpResponse(f"{ctx.actor.id} {ctx.idempotency_key or '-'}")


@pages.visitor_page
def out(request: HttpRequest, ctx: Context, visitor: Visitor) -> HttpResponse:
    """Ends it."""
    actions.sign_out(ctx, Visit.unscoped.get(pk=visitor.visit), NoData())
    pages.forget(request)
    return HttpResponse("out")


@pages.visitor_page
def often(request: HttpRequest, ctx: Context, _visitor: Visitor) -> HttpResponse:
    """Counts one try at something."""
    throttle.count(request, ctx, "status", target=request.POST.get("target", ""))
    return HttpResponse("counted")


@pages.visitor_page
def refused(request: HttpRequest, ctx: Context, _visitor: Visitor) -> HttpResponse:
    """Begins a visit and then fails."""
    pages.begin(request, ctx)
    raise Problem("odd", "できません。")


urlpatterns = [
    path("<code6:code>/who/", who),
    path("<code6:code>/begin/", begin),
    path("<code6:code>/out/", out),
    path("<code6:code>/often/", often),
    path("<code6:code>/refused/", refused),
    *urls.urlpatterns,
]
handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
