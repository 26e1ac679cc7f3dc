"""The public map: layers to choose, the map, and a list beside it that says the same without a map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.places import layers as places
from yakuba.engines.places.layers import Layer
from yakuba.engines.places.ogc.patience import patience
from yakuba.engines.publishing import serving
from yakuba.kernel.access.pages import portal_page
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date
from yakuba.kernel.ui.components import Fact, Link, language_prefix
from yakuba.kernel.ui.formats import japanese
from yakuba.kernel.ui.framing import framable
from yakuba.kernel.ui.lists import MAX_QUERY, BadQuery, Slice, position, sliced
from yakuba.kernel.ui.shells import EmbedPage, PortalPage
from yakuba.services.maps import base as bases
from yakuba.services.maps import reading
from yakuba.services.maps.actions.counting import opened
from yakuba.services.maps.reading import Row
from yakuba.services.maps.views.canvas import Legend, allowing, canvas, legend

#: So many layers are drawn when nobody said which.
_FIRST = 3
_FEW, _SIZE = 10, 50
#: Whoever looks for words looks through all of a layer: no longer than this (seconds), whatever is typed.
_LOOKED = 3.0
_MOST = 12
_SEVERAL = frozenset({"layer", "only"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A layer as the page shows it."""

    key: str
    label: str
    chosen: bool
    legend: Sequence[Legend]
    attribution: str
    terms: str
    href: str
    rows: Sequence[Row] = ()
    count: int = 0


@require_safe
@portal_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """All layers that were released; those that are chosen on the map, each with its first features in a list."""
    every = places.layers(ctx)
    q, wanted = _asked(request, "layer", "q")
    chosen = _chosen(every, wanted)
    tag = serving.page_etag(ctx, "maps", request.GET.urlencode(), *_stamps(ctx, every))
    _count(request, ctx, chosen)
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    with patience(_LOOKED):
        shown = [_shown(ctx, one, q, chosen=one in chosen) for one in every]
    page = _page(ctx, _("地図"))
    context = {
        "page": page,
        "shown": shown,
        "q": q,
        "canvas": _canvas(ctx, chosen),
        "here": reverse("maps-home", args=[ctx.municipality.code]),
        "embed": _embed_href(request, ctx, chosen),
        "day": japan_date(ctx.now),
    }
    response = render(request, "maps/index.html", context)
    return allowing(serving.keepable(response, tag), bases.base_map(ctx))


@require_safe
@portal_page
def layer(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """One layer: its map, and everything on it as a list with pages."""
    found = places.find(ctx, key)
    q, _none = _asked(request, "q", "after", "only", "near")
    words = request.GET.get("near", "").strip()
    offered = reading.yes_or_no(ctx, found)
    only = list(dict.fromkeys(request.GET.getlist("only")))
    if strange := next((key for key in only if key not in offered), None):
        raise BadQuery("only", strange, "・".join(offered) or _("なし"))
    after = position(request.GET.get("after", ""))
    stamps = _stamps(ctx, places.layers(ctx) if words else [found])  # other layers tell where an address is
    tag = serving.page_etag(ctx, "maps-layer", request.GET.urlencode(), *stamps)
    _count(request, ctx, [found])
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    with patience(_LOOKED):
        rows = reading.rows(ctx, found, q, only=only)
        start = reading.landmark(ctx, places.layers(ctx), words) if words else None
        cut = sliced(rows if start is None else reading.near(rows, start[0]), after, _SIZE)
    here = None if start is None else start[0]
    page: Slice[Row] = Slice([reading.row(ctx, found, one, here) for one in cut.rows], cut.count)
    context = {
        "page": _page(ctx, found.label, [_home(ctx)], japanese_title=True),
        "one": _shown(ctx, found, "", chosen=True, few=0),
        "rows": page.rows,
        "count": page.count,
        "q": q,
        "only": [(key, label, key in only) for key, label in offered.items()],
        "narrowed": bool(only),
        "near": words,
        "nearest": start is not None,
        "told_by": start[1] if start is not None else 0,
        "lost": bool(words) and start is None,
        "previous": _query(q, only, max(after - _SIZE, 0), words) if after else "",
        "following": _query(q, only, after + _SIZE, words) if cut.following else "",
        "canvas": _canvas(ctx, [found]),
        "items": reverse("ogc-items", args=[ctx.municipality.code, found.key]),
        "day": japan_date(ctx.now),
        "here": reverse("maps-layer", args=[ctx.municipality.code, found.key]),
    }
    response = render(request, "maps/layer.html", context)
    return allowing(serving.keepable(response, tag), bases.base_map(ctx))


@require_safe
@portal_page
def feature(request: HttpRequest, ctx: Context, key: str, feature_id: UUID) -> HttpResponseBase:
    """One feature: everything that is public of it, and where it is."""
    found = places.find(ctx, key)
    _asked(request)
    tag = serving.page_etag(ctx, "maps-feature", feature_id, *_stamps(ctx, [found]))
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    one = reading.feature(ctx, found, feature_id)
    at = reading.point_of(one.place) if one.place else None
    way = Link(found.label, reverse("maps-layer", args=[ctx.municipality.code, found.key]), lang="ja")
    context = {
        "page": _page(ctx, one.title, [_home(ctx), way], japanese_title=True),
        "one": one,
        # What the city calls its fields and wrote into them is Japanese, in whatever language the page is.
        "facts": [Fact(japanese(fact.label), japanese(str(fact.value))) for fact in one.facts],
        "at": at,
        "shown": _shown(ctx, found, "", chosen=True, few=0),
        "canvas": _canvas(ctx, [found], at) if at else None,
        "day": japan_date(ctx.now),
    }
    response = render(request, "maps/feature.html", context)
    return allowing(serving.keepable(response, tag), bases.base_map(ctx))


@framable
@require_safe
@portal_page
def embed(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The map for a frame in somebody else's page, with its list folded below."""
    every = places.layers(ctx)
    _q, wanted = _asked(request, "layer")
    chosen = _chosen(every, wanted)
    _count(request, ctx, chosen)
    source = f"{reverse('maps-home', args=[ctx.municipality.code])}{_layers_query(chosen)}"
    page = EmbedPage(
        title="・".join(one.label for one in chosen) or _("地図"),
        municipality=ctx.municipality,
        source=Link(_("大きな地図で見る"), source),
        day=japan_date(ctx.now),
    )
    shown = [_shown(ctx, one, "", chosen=True) for one in chosen]
    response = render(
        request, "maps/embed.html", {"page": page, "shown": shown, "canvas": _canvas(ctx, chosen)}
    )
    return allowing(response, bases.base_map(ctx))


@require_safe
@portal_page
def base(request: HttpRequest, ctx: Context, z: int, x: int, y: int) -> HttpResponseBase:
    """A picture of the operator's own base map."""
    _asked(request)
    found = bases.picture(z, x, y)
    if found is None:
        raise Http404
    data, kind = found
    tag = serving.etag("base", z, x, y, len(data))
    return serving.unchanged(request, tag) or serving.keepable(HttpResponse(data, content_type=kind), tag)


def _asked(request: HttpRequest, *names: str) -> tuple[str, list[str]]:
    """(search words, keys of layers) of an address. Raises :class:`BadQuery` for what it does not know."""
    for name, values in request.GET.lists():
        if name not in names or (len(values) > 1 and name not in _SEVERAL):
            raise BadQuery(name, values[-1], "・".join(names) or _("なし"))
        if any(len(value) > MAX_QUERY or "\x00" in value for value in values):
            raise BadQuery(name, values[-1].replace("\x00", "␀"), _("%d文字まで") % MAX_QUERY)
    return request.GET.get("q", "").strip(), request.GET.getlist("layer")


def _chosen(every: Sequence[Layer], wanted: Sequence[str]) -> list[Layer]:
    """Those that the address names, or the first few. A layer that is released no more is left out: old links stay good."""
    if not wanted:
        return list(every[:_FIRST])
    return [one for one in every if one.key in wanted][:_MOST]


def _count(request: HttpRequest, ctx: Context, chosen: Sequence[Layer]) -> None:
    """One opening, unless a browser only fetches ahead."""
    if request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        opened(ctx, [one.key for one in chosen])


def _stamps(ctx: Context, every: Sequence[Layer]) -> list[object]:
    return [part for one in every for part in (one.key, one.version(ctx), japan_date(ctx.now))]


def _shown(ctx: Context, one: Layer, q: str, *, chosen: bool, few: int = _FEW) -> Shown:
    rows: list[Row] = []
    count = 0
    if chosen and few:
        cut = sliced(reading.rows(ctx, one, q), 0, few)
        rows, count = [reading.row(ctx, one, found) for found in cut.rows], cut.count
    return Shown(
        one.key,
        one.label,
        chosen,
        legend(one),
        one.attribution,
        one.terms,
        reverse("maps-layer", args=[ctx.municipality.code, one.key]),
        rows,
        count,
    )


def _canvas(
    ctx: Context, chosen: Sequence[Layer], at: tuple[float, float] | None = None
) -> dict[str, object]:
    code = ctx.municipality.code

    def tiles(one: Layer) -> str:
        return (
            reverse("places-tile", args=[code, one.key, 0, 0, 0]).removesuffix("0/0/0.mvt")
            + "{z}/{x}/{y}.mvt"
        )

    def page(one: Layer) -> str:
        return reverse("maps-feature", args=[code, one.key, UUID(int=0)]).replace(str(UUID(int=0)), "{id}")

    return dict(canvas(ctx, chosen, tiles, page, at=at))


def _page(
    ctx: Context, title: str, crumbs: Sequence[Link] = (), *, japanese_title: bool = False
) -> PortalPage:
    front = Link(ctx.municipality.name, f"{language_prefix()}/{ctx.municipality.code}/", lang="ja")
    return PortalPage(
        title=title,
        municipality=ctx.municipality,
        crumbs=[front, *crumbs],
        title_lang="ja" if japanese_title else "",
    )


def _home(ctx: Context) -> Link:
    return Link(_("地図"), reverse("maps-home", args=[ctx.municipality.code]))


def _layers_query(chosen: Sequence[Layer]) -> str:
    return f"?{urlencode([('layer', one.key) for one in chosen])}" if chosen else ""


def _embed_href(request: HttpRequest, ctx: Context, chosen: Sequence[Layer]) -> str:
    return request.build_absolute_uri(
        reverse("maps-embed", args=[ctx.municipality.code]) + _layers_query(chosen)
    )


def _query(q: str, only: Sequence[str], after: int, near: str) -> str:
    asked = [("q", q), *(("only", key) for key in only), ("near", near), ("after", str(after or ""))]
    return f"?{urlencode([(name, value) for name, value in asked if value])}"
