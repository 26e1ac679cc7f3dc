"""What the public pages of the plan share: the shell, the way back, what is gone, sheets."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.publishing.models import Publication
from yakuba.kernel.access.pages import Page, portal_page
from yakuba.kernel.actions import Context
from yakuba.kernel.sheets.respond import FORMATS, Format
from yakuba.kernel.ui.components import Link, language_prefix
from yakuba.kernel.ui.shells import PortalPage
from yakuba.services.plan import public, public_list
from yakuba.services.plan.shown import NodeView

P = ParamSpec("P")
LIST = "initiatives"


def public_page(view: Callable[Concatenate[HttpRequest, Context, P], HttpResponseBase]) -> Page[P]:
    """A portal page; what was taken back answers 410 with the reason."""

    @functools.wraps(view)
    def page(request: HttpRequest, ctx: Context, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, ctx, *args, **kwargs)
        except public.Gone as gone:
            page = shell(ctx, _("公表が終わったページです"), home_crumbs(ctx))
            context = {"page": page, "gone": gone, "editions_href": public.home(ctx)}
            return render(request, "plan/portal/gone.html", context, status=gone.status)

    return require_safe(portal_page(page))


def shell(
    ctx: Context, title: str, crumbs: Sequence[Link] = (), contact: str = "", lang: str = ""
) -> PortalPage:
    """The citizens' page with the plan's footer."""
    code = ctx.municipality.code
    return PortalPage(
        title=title,
        title_lang=lang,
        municipality=ctx.municipality,
        crumbs=crumbs,
        contact=contact,
        footer=(
            Link(_("情報化推進計画"), public.home(ctx)),
            Link(_("計画の変更の記録"), reverse("plan-changes", args=[code])),
            Link(_("公表の記録"), reverse("plan-record", args=[code])),
            Link(_("全国の情報化推進計画"), reverse("nation-home")),
            Link(_("データの使い方（API）"), f"{language_prefix()}/api/"),
        ),
    )


def top(ctx: Context) -> Link:
    """The municipality's front page."""
    return Link(ctx.municipality.name, f"{language_prefix()}/{ctx.municipality.code}/", lang="ja")


def home_crumbs(ctx: Context) -> list[Link]:
    """The way to the list of editions."""
    return [top(ctx), Link(_("情報化推進計画"), public.home(ctx))]


def edition_crumbs(ctx: Context, publication: Publication) -> list[Link]:
    """The way to an edition."""
    return [*home_crumbs(ctx), Link(publication.title, public.address(ctx, publication), lang="ja")]


def narrowed(path: str, node: NodeView) -> str:
    """The list of an edition narrowed to a node."""
    return f"{path}{public_list.under(node)}#{LIST}"


def file_format(name: str) -> Format:
    """The format that an address names; the address's converter lets no other through."""
    return next(one for one in FORMATS if one == name)
