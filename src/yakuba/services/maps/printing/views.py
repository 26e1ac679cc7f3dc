"""Printing to scale: the form, and the sheet as a PDF, for staff and for everybody."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.places import layers as places
from yakuba.engines.places.access import VIEW_STATE
from yakuba.engines.places.layers import Layer
from yakuba.engines.publishing import serving
from yakuba.engines.visitors import throttle
from yakuba.kernel.access.desk import Pages, address, need
from yakuba.kernel.access.pages import desk_page, portal_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import japan_date
from yakuba.kernel.ui.components import Link, language_prefix
from yakuba.kernel.ui.shells import PortalPage
from yakuba.services.maps.printing.asked import Asked
from yakuba.services.maps.printing.document import Words, document
from yakuba.services.maps.printing.drawing import draw
from yakuba.services.maps.printing.ground import Ground, below, grounds
from yakuba.services.maps.printing.sheet import PAPERS, SCALES, Sheet

_show = Pages("maps").show


@require_safe
@desk_page
def desk(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The form, or the sheet with the layers that the account may see."""
    need(VIEW_STATE, ctx)
    every = places.layers(ctx)
    asked, under = Asked.of(request.GET, titled=True), grounds(ctx)
    problem: Problem | None = None
    if asked.whole:
        try:
            sheet = asked.sheet(ctx, every)
        except Problem as refused:
            problem = refused
        else:
            made = _made(ctx, asked, every, sheet, under, by=f"{ctx.acting_post} {ctx.actor.label}".strip())
            return _answer(made, asked, ctx)
    return _show(
        request,
        ctx,
        "print_desk",
        _("地図を印刷する"),
        crumbs=[Link(_("地図"), _over(address("maps-print", ctx)))],
        titled=True,
        status=problem.status if problem else 200,
        **_form(asked, every, under, problem, address("maps-print", ctx)),
    )


@require_safe
@portal_page
def portal(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The form, or the sheet with released layers. A sheet is dear to make: so many an hour, and none for whoever has it already."""
    every = places.layers(ctx)
    asked, under = Asked.of(request.GET, titled=False), grounds(ctx)
    here = reverse("maps-print-public", args=[ctx.municipality.code])
    problem: Problem | None = None
    if asked.whole:
        try:
            sheet = asked.sheet(ctx, every)
        except Problem as refused:
            problem = refused
        else:
            stamps: list[object] = [(one.key, one.version(ctx)) for one in asked.chosen(every)]
            ground = _ground(asked, under)
            stamps.append((ground.key, ground.stamp) if ground else ("", ""))
            tag = serving.page_etag(ctx, "maps-print", asked, japan_date(ctx.now), *stamps)
            if (same := serving.unchanged(request, tag)) is not None:
                return same
            throttle.count(request, ctx, "map_print")
            return serving.keepable(_answer(_made(ctx, asked, every, sheet, under), asked, ctx), tag)
    front = Link(ctx.municipality.name, f"{language_prefix()}/{ctx.municipality.code}/", lang="ja")
    page = PortalPage(
        title=_("地図を印刷する"), municipality=ctx.municipality, crumbs=[front, Link(_("地図"), _over(here))]
    )
    context = {"page": page, **_form(asked, every, under, problem, here)}
    return render(request, "maps/print.html", context, status=problem.status if problem else 200)


def _over(here: str) -> str:
    """The map, of which printing is a part."""
    return here.removesuffix("print/")


def _made(
    ctx: Context,
    asked: Asked,
    every: Sequence[Layer],
    sheet: Sheet,
    under: Sequence[Ground],
    *,
    by: str = "",
) -> bytes:
    ground = _ground(asked, under)
    laid = below(sheet, ground.tiles, ground.max_zoom) if ground else None
    words = Words(
        _title(asked, every),
        ctx.municipality.name,
        japan_date(ctx.now),
        by,
        (ground.attribution or ground.label) if ground and laid else "",
    )
    return document(sheet, draw(ctx, asked.chosen(every), sheet, names=asked.names), words, laid)


def _ground(asked: Asked, under: Sequence[Ground]) -> Ground | None:
    return next((one for one in under if one.key == asked.base), None)


def _title(asked: Asked, every: Sequence[Layer]) -> str:
    return asked.title or "・".join(one.label for one in asked.chosen(every))


def _answer(made: bytes, asked: Asked, ctx: Context) -> HttpResponse:
    answer = HttpResponse(made, content_type="application/pdf")
    name = f"{ctx.municipality.name}_{asked.title or _('地図')}_1-{asked.scale}.pdf"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _form(
    asked: Asked, every: Sequence[Layer], under: Sequence[Ground], problem: Problem | None, here: str
) -> dict[str, object]:
    errors = errors_of(problem)
    return {
        "here": here,
        "back": _over(here),
        "asked": asked,
        "layers": [(one.key, one.label) for one in every],
        "center": asked.middle(every),
        "scale": asked.scale or "2500",
        "scales": "・".join(f"{one:,}" for one in SCALES),
        "papers": [(one, one.upper()) for one in PAPERS],
        "grounds": [("", _("なし")), *((one.key, one.label) for one in under)] if under else [],
        "errors": errors,
        "said": {error.key: error.message for error in errors},
    }
