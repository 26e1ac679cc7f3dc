"""The pages of the API, read only: released layers for everybody, on the desk those that the account may see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.places import layers
from yakuba.engines.places.ogc import asking, documents, openapi, paging
from yakuba.engines.places.ogc.documents import Document, Site
from yakuba.engines.places.ogc.problems import BadParameter
from yakuba.engines.places.ogc.properties import Feature, Shown
from yakuba.engines.places.ogc.showing import shown_to_people
from yakuba.engines.publishing import serving
from yakuba.kernel.access.pages import desk_context, public_context
from yakuba.kernel.actions import Context, Face, Missing, ports
from yakuba.kernel.actions.subjects import kind_of
from yakuba.kernel.ids import read_id
from yakuba.kernel.ui.shells import PlainPage

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Context, P], HttpResponseBase]


@dataclass(frozen=True)
class Faces:
    """A page's two addresses: the public's, and the desk's."""

    portal: Callable[..., HttpResponseBase]
    desk: Callable[..., HttpResponseBase]


def _faces(view: View[P]) -> Faces:
    def of(context: Callable[[HttpRequest, str], Context]) -> Callable[..., HttpResponseBase]:
        @require_safe
        @wraps(view)
        def page(request: HttpRequest, code: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            ctx = context(request, code)
            request.yakuba = ctx  # type: ignore[attr-defined]  # read where a refusal is noted
            return view(request, ctx, *args, **kwargs)

        return page

    return Faces(of(public_context), of(desk_context))


# --- answers ---


def _html(request: HttpRequest) -> bool:
    """Whether a person reads: ``f`` says so, or else ``Accept``. Raises :class:`BadParameter`."""
    wanted = request.GET.get("f", "")
    if "f" in request.GET and wanted not in asking.FORMATS:
        raise BadParameter("f", wanted, "・".join(asking.FORMATS))
    if wanted:
        return wanted == "html"
    machine = (documents.JSON, documents.GEOJSON, documents.SCHEMA)
    return request.get_preferred_type([*machine, documents.HTML]) == documents.HTML


def _known_alike(ctx: Context, request: HttpRequest, *stamps: object) -> str:
    """The ETag of an answer: its whole address, in which form, and what it is made of."""
    address = request.build_absolute_uri()
    return serving.etag("ogc", ctx.municipality.id, ctx.municipality.name, address, _html(request), *stamps)


def _answer(site: Site, title: str, document: Document, media: str) -> HttpResponse:
    if _html(site.request):
        context = {"page": PlainPage(title=title), **shown_to_people(document)}
        response = render(site.request, "places/ogc.html", context)
    else:
        response = JsonResponse(document, content_type=media, json_dumps_params={"ensure_ascii": False})
    patch_vary_headers(response, ["Accept"])
    return response


def _small(site: Site, title: str, document: Document, media: str) -> HttpResponseBase:
    """A document that is made quickly: what it says is its ETag."""
    if site.ctx.face is Face.DESK:
        return _answer(site, title, document, media)
    tag = _known_alike(site.ctx, site.request, repr(document))
    return _unchanged(site, tag) or serving.keepable(_answer(site, title, document, media), tag)


def _unchanged(site: Site, tag: str) -> HttpResponseBase | None:
    """304, which varies as the whole answer does (RFC 9110 §15.4.5)."""
    same = serving.unchanged(site.request, tag)
    if same is not None:
        patch_vary_headers(same, ["Accept"])
    return same


# --- pages ---


def _visible(ctx: Context) -> list[Shown]:
    return [Shown(layer, ctx) for layer in layers.layers(ctx)]


@_faces
def landing(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Where everything begins."""
    asking.known(request.GET, "f")
    site = Site(request, ctx)
    found = documents.landing(site, html=_html(request))
    return _small(site, str(found["title"]), found, documents.JSON)


@_faces
def api(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The description in OpenAPI."""
    asking.known(request.GET, "f")
    site = Site(request, ctx)
    return _small(site, _("APIの説明"), openapi.openapi(site, _visible(ctx)), documents.OPENAPI)


@_faces
def conformance(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """What the API promises."""
    asking.known(request.GET, "f")
    site = Site(request, ctx)
    found = documents.conformance(site, html=_html(request))
    return _small(site, _("従っている規格"), found, documents.JSON)


@_faces
def collections(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Every layer that the reader may see."""
    asking.known(request.GET, "f")
    site = Site(request, ctx)
    found = documents.collections(site, _visible(ctx), html=_html(request))
    return _small(site, _("層の一覧"), found, documents.JSON)


@_faces
def collection(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """One layer."""
    asking.known(request.GET, "f")
    site, shown = Site(request, ctx), Shown(layers.find(ctx, key), ctx)
    found = documents.collection(site, shown, html=_html(request))
    return _small(site, shown.layer.label, found, documents.JSON)


@_faces
def queryables(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """What filters may ask of a layer."""
    asking.known(request.GET, "f")
    site, shown = Site(request, ctx), Shown(layers.find(ctx, key), ctx)
    return _small(site, shown.layer.label, documents.queryables(site, shown), documents.SCHEMA)


@_faces
def items(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """A page of a layer's features."""
    site, shown = Site(request, ctx), Shown(layers.find(ctx, key), ctx)
    asked = asking.asked(request.GET, shown)
    html = _html(request)

    def made() -> HttpResponse:
        page = paging.page(shown, asked)
        _noted(shown, page.features)
        found = documents.items(site, shown, page, asked.crs, ctx.now, html=html)
        return _answer(site, shown.layer.label, found, documents.GEOJSON)

    return _of_layer(site, shown, asked.crs, made)


@_faces
def item(request: HttpRequest, ctx: Context, key: str, feature: str) -> HttpResponseBase:
    """One feature of a layer."""
    asking.known(request.GET, *asking.ITEM)
    site, shown = Site(request, ctx), Shown(layers.find(ctx, key), ctx)
    crs = asking.crs_of(request.GET)
    html = _html(request)

    def made() -> HttpResponse:
        found = shown.read(shown.layer.features(ctx).filter(pk=read_id(feature)))
        if not found:
            raise Missing
        _noted(shown, found)
        return _answer(
            site, shown.layer.label, documents.item(site, shown, found[0], crs, html=html), documents.GEOJSON
        )

    return _of_layer(site, shown, crs, made)


def _of_layer(site: Site, shown: Shown, crs: str, made: Callable[[], HttpResponse]) -> HttpResponseBase:
    """What is on a layer: whoever has this version of it already is answered without a look at the features."""
    tag = ""
    if site.ctx.face is not Face.DESK:
        layer = shown.layer
        tag = _known_alike(
            site.ctx, site.request, layer.key, layer.version(site.ctx), layer.scope(site.ctx), layer.label
        )
        if (same := _unchanged(site, tag)) is not None:
            return same
    response = made()
    response["Content-Crs"] = f"<{crs}>"
    return serving.keepable(response, tag) if tag else response


def _noted(shown: Shown, features: Sequence[Feature]) -> None:
    """Reading of persons leaves an entry with the ids that were on the page."""
    if shown.personal and features:
        kind = kind_of(shown.layer.model).key
        ports.trail().read(shown.ctx, "places.ogc", kind, [read_id(one.id) for one in features])
