"""Tiles and their descriptions: on the portal those of released layers, on the desk those that the account may see."""

from __future__ import annotations

import gzip
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.places import layers
from yakuba.engines.places.layers import Layer
from yakuba.engines.places.tiles import tile as make
from yakuba.engines.places.tiles import tilejson
from yakuba.engines.places.tiles.making import edition
from yakuba.engines.publishing.serving import etag, keepable, unchanged
from yakuba.kernel.access.pages import desk_page, portal_page
from yakuba.kernel.actions import Context, Problem

TYPE = "application/vnd.mapbox-vector-tile"


class UnknownParameter(Problem):
    """An address with something after the question mark, which no tile has."""

    status = HTTPStatus.BAD_REQUEST

    def __init__(self, found: str) -> None:
        super().__init__(
            "parameter",
            _("パラメーター「%s」はありません。「?」から後を除いてください。") % found[:40],
            field=found[:40],
            found=found[:40],
        )


def _strict(request: HttpRequest) -> None:
    """Raises :class:`UnknownParameter`: a tile is named by its path alone, so that it is kept once."""
    for found in request.GET:
        raise UnknownParameter(found)


@require_safe
@portal_page
def tile(request: HttpRequest, ctx: Context, layer: str, z: int, x: int, y: int) -> HttpResponseBase:
    """A tile of a released layer. Whoever has it already is answered without a look at the features."""
    _strict(request)
    found = layers.find(ctx, layer)
    packed = _packed(request)
    tag = etag("tile", ctx.municipality.id, found.key, edition(found, ctx), z, x, y, packed)
    return unchanged(request, tag) or keepable(_tile(found, ctx, (z, x, y), packed=packed), tag)


@require_safe
@desk_page
def desk_tile(request: HttpRequest, ctx: Context, layer: str, z: int, x: int, y: int) -> HttpResponseBase:
    """A tile of a layer that the account may see."""
    _strict(request)
    return _tile(layers.find(ctx, layer), ctx, (z, x, y), packed=_packed(request))


def _packed(request: HttpRequest) -> bool:
    return "gzip" in request.headers.get("Accept-Encoding", "")


def _tile(layer: Layer, ctx: Context, where: tuple[int, int, int], *, packed: bool) -> HttpResponse:
    made = make(layer, ctx, *where)
    answer = HttpResponse(made if packed else gzip.decompress(made), content_type=TYPE)
    if packed:
        answer["Content-Encoding"] = "gzip"
    patch_vary_headers(answer, ["Accept-Encoding"])
    return answer


@require_safe
@portal_page
def description(request: HttpRequest, ctx: Context, layer: str) -> HttpResponseBase:
    """TileJSON of a released layer."""
    _strict(request)
    found = layers.find(ctx, layer)
    told = tilejson(found, ctx, _address(request, "places-tile", ctx, found))
    tag = etag("tilejson", sorted(told.items(), key=lambda pair: pair[0]))
    return unchanged(request, tag) or keepable(JsonResponse(told), tag)


@require_safe
@desk_page
def desk_description(request: HttpRequest, ctx: Context, layer: str) -> HttpResponseBase:
    """TileJSON of a layer that the account may see."""
    _strict(request)
    found = layers.find(ctx, layer)
    return JsonResponse(tilejson(found, ctx, _address(request, "places-desk-tile", ctx, found)))


def _address(request: HttpRequest, name: str, ctx: Context, layer: Layer) -> str:
    """The address of a layer's tiles, with words in braces where the numbers go."""
    whole = request.build_absolute_uri(reverse(name, args=[ctx.municipality.code, layer.key, 0, 0, 0]))
    return whole.removesuffix("0/0/0.mvt") + "{z}/{x}/{y}.mvt"
