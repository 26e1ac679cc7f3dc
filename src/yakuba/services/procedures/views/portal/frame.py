"""What the citizens' pages share: the shell, the way back, what to say about something that cannot be found."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Concatenate, Final, ParamSpec
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.engines.visitors.methods import sign_in_url
from yakuba.engines.visitors.pages import visitor_page
from yakuba.engines.visitors.throttle import TooMany
from yakuba.engines.visitors.visitor import Visitor
from yakuba.kernel.access.pages import Page, see_other
from yakuba.kernel.actions import Context, Denied, Missing
from yakuba.kernel.ui.components import Link, language_prefix
from yakuba.kernel.ui.shells import PortalPage
from yakuba.services.procedures.definition.model import Definition

P = ParamSpec("P")


def own_page(
    view: Callable[Concatenate[HttpRequest, Context, Visitor, P], HttpResponseBase], *, posts: bool = True
) -> Page[P]:
    """A page of somebody's own. What is not theirs, or is gone, answers 404 with the ways back to it; nothing says which it is."""

    @functools.wraps(view)
    def page(
        request: HttpRequest, ctx: Context, visitor: Visitor, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        try:
            return view(request, ctx, visitor, *args, **kwargs)
        except (Missing, Denied):
            return lost(request, ctx, visitor)
        except TooMany as many:
            answer = show(
                request,
                ctx,
                "stopped",
                _("しばらくお待ちください"),
                status=many.status,
                message=many.message,
                back=request.path,
            )
            answer["Retry-After"] = str(many.seconds)
            return answer

    methods = ["GET", "HEAD", "POST"] if posts else ["GET", "HEAD"]
    return require_http_methods(methods)(visitor_page(page))


def lost(request: HttpRequest, ctx: Context, visitor: Visitor) -> HttpResponse:
    """What cannot be opened by this visit: it may be somebody else's, expired, or left in another browser."""
    code = ctx.municipality.code
    return show(
        request,
        ctx,
        "lost",
        _("このページは開けません"),
        status=404,
        sign_in_href="" if visitor.signed_in else sign_in_url(ctx, "account", request.path),
        status_href=reverse("procedures-status", args=[code]),
        list_href=reverse("procedures-list", args=[code]),
    )


def show(
    request: HttpRequest,
    ctx: Context,
    name: str,
    title: str,
    *,
    crumbs: Sequence[Link] = (),
    status: int = 200,
    title_lang: str = "",
    contact: str = "",
    **context: object,
) -> HttpResponse:
    """Draw ``procedures/portal/<name>.html``."""
    page = shell(ctx, title, crumbs, title_lang=title_lang, contact=contact)
    return render(request, f"procedures/portal/{name}.html", {"page": page, **context}, status=status)


def shell(
    ctx: Context, title: str, crumbs: Sequence[Link] = (), *, title_lang: str = "", contact: str = ""
) -> PortalPage:
    """The citizens' page with the footer of procedures."""
    code = ctx.municipality.code
    return PortalPage(
        title=title,
        municipality=ctx.municipality,
        crumbs=crumbs or [top(ctx)],
        title_lang=title_lang,
        contact=contact,
        footer=(
            Link(_("手続をさがす"), reverse("procedures-list", args=[code])),
            Link(_("申請の状況を見る"), reverse("procedures-status", args=[code])),
        ),
    )


def lang_of(definition: Definition, tongue: str) -> str:
    """The language of the definition's texts, where it is not the page's."""
    return "" if tongue.startswith("ja") or tongue in definition.title else "ja"


def top(ctx: Context) -> Link:
    """The municipality's front page."""
    return Link(ctx.municipality.name, f"{language_prefix()}/{ctx.municipality.code}/", lang="ja")


def list_crumbs(ctx: Context) -> list[Link]:
    """The way to the catalogue."""
    return [top(ctx), Link(_("手続をさがす"), reverse("procedures-list", args=[ctx.municipality.code]))]


def procedure_crumbs(ctx: Context, procedure: UUID, title: str, lang: str = "") -> list[Link]:
    """The way to a procedure's page."""
    return [*list_crumbs(ctx), Link(title, procedure_href(ctx, procedure), lang=lang)]


def procedure_href(ctx: Context, procedure: UUID) -> str:
    """The page of a procedure."""
    return reverse("procedures-procedure", args=[ctx.municipality.code, procedure])


def see(name: str, ctx: Context, *args: object, query: str = "") -> HttpResponse:
    """After a form that was sent: a page to look at, which can be loaded again without harm."""
    return see_other(_address(name, ctx.municipality.code, args) + query)


def _address(name: str, code: str, args: tuple[object, ...]) -> str:
    if len(args) != 1 or not isinstance(args[0], UUID):
        return reverse(name, args=[code, *args])
    blank = _address_with_blank(name, code, get_language() or "", get_script_prefix(), get_urlconf())
    return blank.replace(str(_BLANK), str(args[0]))


_BLANK: Final = UUID(int=0xB1A4C)


@functools.lru_cache(maxsize=500)
def _address_with_blank(name: str, code: str, _language: str, _prefix: str, _urlconf: str | None) -> str:
    """The address of a page of one thing: found once, for it takes as long as writing an application's row."""
    return reverse(name, args=[code, _BLANK])
