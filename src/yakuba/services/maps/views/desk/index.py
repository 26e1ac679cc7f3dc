"""The internal map: layers by group, words looked for on all of them, the list beside the map, and the panel of one feature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.engines.ledger.values import from_text
from yakuba.engines.places import layers as places
from yakuba.engines.places.actions import change_feature
from yakuba.engines.places.layers import Layer
from yakuba.engines.places.shapes import ShapeKind
from yakuba.engines.places.uploads import Upload
from yakuba.kernel.access.desk import address, version_of
from yakuba.kernel.access.pages import desk_page, see_other
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Denied, Missing, Problem, Stale
from yakuba.kernel.fields import INTERNAL, Spec
from yakuba.kernel.ui.lists import position, sliced
from yakuba.services.maps import base as bases
from yakuba.services.maps import reading
from yakuba.services.maps.queries import kept_views
from yakuba.services.maps.rasters import rasters
from yakuba.services.maps.reading import Row
from yakuba.services.maps.views.canvas import Legend, allowing, legend
from yakuba.services.maps.views.desk.asked import Asked
from yakuba.services.maps.views.desk.frame import adding, canvas_of, every_layer, grouped, home, show
from yakuba.services.maps.views.desk.kept import own_choices
from yakuba.services.maps.views.desk.panel import Panel, definition_of, entry_of, panel_of

_FEW, _SIZE = 10, 50


@dataclass(frozen=True, slots=True)
class Line:
    """A feature in a list, and the address that chooses it."""

    row: Row
    href: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A layer on the map, with its first features; ``href`` lists all that ``q`` found, ``add`` is where its ledger gets a new entry."""

    layer: Layer
    legend: Sequence[Legend]
    lines: Sequence[Line]
    count: int
    href: str
    add: str


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The map."""
    return _page(request, ctx, Asked.of(request.GET))


@require_http_methods(["POST"])
@desk_page
def move(request: HttpRequest, ctx: Context, key: str, feature: UUID) -> HttpResponseBase:
    """Correct where an entry of a ledger is: its own action, with the version that was read."""
    every_layer(ctx)
    asked = Asked.of(request.GET).choosing(key, feature)
    layer = places.find(ctx, key)
    kept = entry_of(ctx, layer, feature)
    if kept is None:
        raise Missing
    installed, entry = kept
    typed, reason = request.POST.get("place", ""), request.POST.get("reason", "")
    try:
        values = from_text({"place": installed.ledger.fields["place"]}, {"place": typed})
        data = installed.actions.change.read_json({"values": values, "lines": {}, "reason": reason})
        installed.actions.change(ctx, entry, data, expected_version=version_of(request))
    except Problem as problem:
        errors = errors_of(problem, {"place", "reason"})
        refused = panel_of(ctx, layer, feature, asked, typed=typed, reason=reason, errors=errors)
        if not refused.move and not isinstance(problem, Stale):
            raise Denied from problem
        return _page(request, ctx, asked, refused, problem.status)
    return see_other(asked.href(ctx))


@require_http_methods(["POST"])
@desk_page
def correct(request: HttpRequest, ctx: Context, key: str, feature: UUID) -> HttpResponseBase:
    """Put one feature of an uploaded layer right: where it is and what is said of it, with the version of the layer that was read."""
    every_layer(ctx)
    asked = Asked.of(request.GET).choosing(key, feature)
    layer = places.find(ctx, key)
    if not isinstance(layer, Upload):
        raise Missing
    known = definition_of(layer)
    typed, reason = request.POST.get("place", ""), request.POST.get("reason", "")
    said = {name: request.POST.get(f"f-{name}", "") for name in known if f"f-{name}" in request.POST}
    try:
        spec = Spec(_("位置"), INTERNAL, ShapeKind())
        read = from_text({"place": spec, **known}, {"place": typed, **said})
        place = read.pop("place", None)
        if place is None:
            raise Problem("required", _("位置を入れてください。"), field="place")  # noqa: TRY301 – one answer for all
        data = change_feature.read_json(
            {"feature": str(feature), "place": place, "values": read, "reason": reason}
        )
        change_feature(ctx, layer.row, data, expected_version=version_of(request))
    except Problem as problem:
        errors = errors_of(problem, {"place", "reason", *known})
        refused = panel_of(ctx, layer, feature, asked, typed=typed, reason=reason, errors=errors, said=said)
        if not refused.move and not isinstance(problem, Stale):
            raise Denied from problem
        return _page(request, ctx, asked, refused, problem.status)
    return see_other(asked.href(ctx))


@require_safe
@desk_page
def layer_list(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """Everything on one layer, with pages, as it is found by words."""
    every_layer(ctx)
    layer = places.find(ctx, key)
    query = request.GET.copy()
    after = position(query.pop("after", [""])[-1])
    q = Asked.of(query).q
    cut = sliced(reading.rows(ctx, layer, q, wide=True), after, _SIZE)
    asked = Asked((key,))
    return show(
        request,
        ctx,
        "layer",
        layer.label,
        crumbs=[home(ctx)],
        one=layer,
        lines=_lines(ctx, layer, asked, cut.rows),
        count=cut.count,
        q=q,
        here=address("maps-desk-layer", ctx, key),
        previous=_after(q, max(after - _SIZE, 0)) if after else "",
        following=_after(q, after + _SIZE) if cut.following else "",
        on_map=asked.href(ctx),
    )


def _after(q: str, after: int) -> str:
    return f"?{urlencode([(name, value) for name, value in (('q', q), ('after', after or '')) if value])}"


def _page(
    request: HttpRequest, ctx: Context, asked: Asked, refused: Panel | None = None, status: int = 200
) -> HttpResponse:
    every = every_layer(ctx)
    chosen = asked.chosen(every)
    panel, errors = refused, list(refused.errors) if refused else []
    gone = False
    if panel is None and asked.one is not None:
        try:
            panel = panel_of(ctx, places.find(ctx, asked.one[0]), asked.one[1], asked)
        except Missing:  # an old link still shows the rest
            gone = True
    known = {one.key for one in chosen}
    pictures, adds = rasters(ctx), adding(ctx, chosen)
    below = [one for one in pictures if one.key in (asked.layers or ())]
    answer = show(
        request,
        ctx,
        "index",
        _("地図"),
        status=status,
        groups=[(group, [(one, one.key in known) for one in group.layers]) for group in grouped(every)],
        drawn=[_drawn(ctx, one, asked, adds.get(one.key, "")) for one in chosen],
        asked=asked,
        base=bases.base_map(ctx),
        panel=panel,
        gone=gone,
        errors=errors,
        canvas=canvas_of(
            ctx,
            chosen,
            panel.at if panel else None,
            plain=asked.plain,
            one=panel.id if panel else None,
            pictures=below,
            adds=adds,
        ),
        pictures=[(one, one in below) for one in pictures],
        here=address("maps-desk", ctx),
        kept=[
            (one, address("maps-desk-kept", ctx, one.pk), one.owner == ctx.actor.id)
            for one in kept_views(ctx)
        ],
        own=own_choices(ctx),
        values={"query": asked.query().removeprefix("?")},
        keep_href=address("maps-desk-keep", ctx),
        layers_href=address("maps-desk-layers", ctx),
        print_href=address("maps-print", ctx) + f"?{urlencode([('layer', one.key) for one in chosen])}",
        share=request.build_absolute_uri(asked.href(ctx)),
    )
    allowing(answer, bases.base_map(ctx))
    return answer


def _drawn(ctx: Context, layer: Layer, asked: Asked, add: str) -> Drawn:
    cut = sliced(reading.rows(ctx, layer, asked.q, wide=True), 0, _FEW)
    href = address("maps-desk-layer", ctx, layer.key) + _after(asked.q, 0)
    lines = _lines(ctx, layer, asked, cut.rows)
    return Drawn(layer, legend(layer), lines, cut.count, href.removesuffix("?"), add)


def _lines(ctx: Context, layer: Layer, asked: Asked, rows: Sequence[object]) -> list[Line]:
    found = [reading.row(ctx, layer, one) for one in rows]
    return [Line(one, asked.choosing(layer.key, one.id).href(ctx) + "#map-panel") for one in found]
