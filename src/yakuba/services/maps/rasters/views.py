"""Pictures under the map: the list, a new one, where it lies, how far the worker is, and the tiles."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import BinaryIO, Final, cast
from uuid import UUID

import numpy as np
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.engines.places import layers as places
from yakuba.engines.places import rules
from yakuba.engines.places.crs.guessing import Landmark, readings
from yakuba.engines.places.crs.systems import SYSTEMS
from yakuba.engines.places.models import CLASSIFICATIONS
from yakuba.engines.publishing.serving import keepable, unchanged
from yakuba.kernel.access.desk import Pages, address, need, see, version_of
from yakuba.kernel.access.pages import desk_page, portal_page, see_other
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Missing, NoData, Problem
from yakuba.kernel.dates import japan_date
from yakuba.kernel.files import limits
from yakuba.kernel.files.archives import LIMITS
from yakuba.kernel.files.receiving import dropped, received
from yakuba.kernel.files.serving import serve
from yakuba.kernel.town.queries import offices_on
from yakuba.kernel.ui.components import Link
from yakuba.services.maps.rasters import actions
from yakuba.services.maps.rasters.access import (
    BEGIN_RASTER,
    PLACE_RASTER,
    RELEASE_RASTER,
    REMOVE_RASTER,
    VIEW_RASTER,
    WITHDRAW_RASTER,
)
from yakuba.services.maps.rasters.fitting import MOST_POINTS, Affine, Fitted, applied
from yakuba.services.maps.rasters.models import SORTS, STATES, RasterLayer
from yakuba.services.maps.rasters.parsing import MAX_PIXELS
from yakuba.services.maps.rasters.queries import raster_of, rasters_of
from yakuba.services.maps.rasters.receiving import receive
from yakuba.services.maps.rasters.serving import answer, tag_of

_show = Pages("maps").show
_SAID: Final = ("label", "office", "sort", "classification", "attribution", "terms")
_POINT: Final = ("column", "row", "north", "east")


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Every picture that the actor may see."""
    need(VIEW_RASTER, ctx)
    states, sorts = dict(STATES), dict(SORTS)
    return _show(
        request,
        ctx,
        "rasters",
        _("地図に重ねる画像"),
        crumbs=_crumbs(ctx)[:1],
        rows=[
            (one, sorts[one.sort], states[one.state], address("maps-raster", ctx, one.pk))
            for one in rasters_of(ctx)
        ],
        new=address("maps-raster-new", ctx) if BEGIN_RASTER.holds_anywhere(ctx) else "",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Bring a picture, with its world file where there is one."""
    need(BEGIN_RASTER, ctx)
    problem: Problem | None = None
    if request.method == "POST":
        try:
            return see("maps-raster", ctx, _begun(request, ctx).pk)
        except Problem as refused:
            problem = refused
    errors = errors_of(problem)
    return _show(
        request,
        ctx,
        "raster_new",
        _("画像を地図に重ねる"),
        crumbs=_crumbs(ctx),
        status=problem.status if problem else 200,
        errors=errors,
        said={error.key: error.message for error in errors},
        typed={name: request.POST.get(name, "") for name in _SAID},
        offices=[(str(one.id), one.name) for one in offices_on(ctx.municipality.id, japan_date(ctx.now))],
        sorts=SORTS,
        classifications=CLASSIFICATIONS,
        limit=limits.in_mb(LIMITS.size),
        pixels=f"{MAX_PIXELS // 10_000:,}",
        back=address("maps-rasters", ctx),
    )


def _begun(request: HttpRequest, ctx: Context) -> RasterLayer:
    file = received(request, "file")
    if (refused := dropped(request, "world")) is not None:
        raise refused
    found = receive(cast("BinaryIO", file), cast("BinaryIO | None", request.FILES.get("world")))
    said = {name: request.POST.get(name, "") for name in _SAID}
    data = actions.begin_raster.read_json(
        {
            **said,
            "sha256": found.sha256,
            "preview": found.preview,
            "name": str(file.name)[-255:],
            "width": found.width,
            "height": found.height,
            "known": dict(found.known),
        }
    )
    return actions.begin_raster(ctx, None, data)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def page(request: HttpRequest, ctx: Context, raster_id: UUID) -> HttpResponseBase:
    """One picture: where it lies, how far the worker is, whether everybody sees it."""
    raster = raster_of(ctx, raster_id)
    if request.method != "POST":
        return _page(request, ctx, raster)
    do = request.POST.get("do", "")
    try:
        if do == "try":
            need(PLACE_RASTER, ctx)
            return _page(request, ctx, raster, tried=actions.fitted(ctx, raster, _placing(request.POST)))
        if do not in _DONE:
            raise Missing
        _DONE[do](ctx, raster, request)
    except Problem as problem:
        errors_of(problem)  # raises what is no matter of a form
        return _page(request, ctx, raster, problem)
    return see_other(address("maps-rasters", ctx)) if do == "remove" else see("maps-raster", ctx, raster.pk)


_DONE: Final[Mapping[str, Callable[[Context, RasterLayer, HttpRequest], object]]] = {
    "place": lambda ctx, raster, request: actions.place_raster(
        ctx, raster, _placing(request.POST), expected_version=version_of(request)
    ),
    "release": lambda ctx, raster, _request: actions.release_raster(ctx, raster, NoData()),
    "withdraw": lambda ctx, raster, request: actions.withdraw_raster(
        ctx, raster, actions.withdraw_raster.read_text(request.POST)
    ),
    "remove": lambda ctx, raster, _request: actions.remove_raster(ctx, raster, NoData()),
}


def _placing(post: QueryDict) -> actions.PlaceRaster:
    """What was typed. Raises :class:`Problem` for a system that is none and for a number that is none."""
    system = post.get("system", "")
    if not (system.isascii() and system.isdecimal() and int(system[:6]) in SYSTEMS):
        raise Problem("system", _("座標系を選んでください。"), field="system", found=system[:10])
    points = []
    for number in range(1, MOST_POINTS + 1):
        typed = [post.get(f"p{number}-{name}", "").strip() for name in _POINT]
        if not any(typed):
            continue
        column, row, north, east = (_number(text, number) for text in typed)
        points.append([column, row, east, north])
    return actions.PlaceRaster(int(system), points)


def _number(text: str, point: int) -> float:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace("−", "-")
    try:
        found = float(plain)
    except ValueError:
        found = float("nan")
    if not np.isfinite(found):
        raise Problem(
            "points",
            _("%(point)d点めの4つの数字をすべて入れてください。「%(found)s」は数字ではありません。")
            % {"point": point, "found": text[:20]},
            field="points",
            found=text[:20],
            expected=_("数字"),
        )
    return found


def _page(
    request: HttpRequest,
    ctx: Context,
    raster: RasterLayer,
    problem: Problem | None = None,
    tried: Fitted | None = None,
) -> HttpResponse:
    errors = errors_of(problem)
    made = _show(
        request,
        ctx,
        "raster",
        raster.label,
        crumbs=_crumbs(ctx),
        status=problem.status if problem else 200,
        raster=raster,
        state=dict(STATES)[raster.state],
        errors=errors,
        said={error.key: error.message for error in errors},
        here=address("maps-raster", ctx, raster.pk),
        back=address("maps-rasters", ctx),
        map_href=address("maps-desk", ctx),
        preview=address("maps-raster-preview", ctx, raster.pk),
        places=PLACE_RASTER.may(ctx, raster).allowed,
        releases=RELEASE_RASTER.may(ctx, raster).allowed,
        withdraws=WITHDRAW_RASTER.may(ctx, raster).allowed,
        removes=REMOVE_RASTER.may(ctx, raster).allowed,
        systems=_systems(ctx, raster),
        system=request.POST.get("system", "") or str(_system_of(raster) or ""),
        points=_points(request.POST, raster, tried),
        tried=tried,
    )
    if raster.state == "cutting":
        made["Refresh"] = "5"
    return made


def _system_of(raster: RasterLayer) -> int | None:
    found = raster.placing.get("asked") or raster.known.get("system")
    return int(found) if found in SYSTEMS else None


def _systems(ctx: Context, raster: RasterLayer) -> list[tuple[str, str]]:
    """The systems to choose from, with where the picture would be: those that lay it near the layers of the map first."""
    affine = raster.known.get("affine")
    if affine is None:
        return [(str(one.epsg), one.label) for one in SYSTEMS.values()]
    size = (raster.width, raster.height)
    corners = np.array([(x * size[0], y * size[1]) for x in (0, 1) for y in (0, 1)], dtype=np.float64)
    box = rules.joined([one.box for one in places.layers(ctx) if one.box is not None])
    near = [Landmark(_("今ある層の中心"), (box[0] + box[2]) / 2, (box[1] + box[3]) / 2)] if box else []
    ground = applied(cast("Affine", tuple(affine)), corners)
    # A world file's numbers are east first, in every system.
    found = [one for one in readings(ground, near) if one.axis == "east"]
    return [(str(one.system.epsg), one.label) for one in found]


def _points(post: QueryDict, raster: RasterLayer, tried: Fitted | None) -> list[dict[str, object]]:
    """Lines of the form with what was typed or decided, and by how many metres each point is off where that was tried."""
    kept: Sequence[Sequence[float]] = raster.placing.get("points", ())
    lines: list[dict[str, object]] = []
    off = iter(tried.off if tried else ())
    for number in range(1, MOST_POINTS + 1):
        typed = [post.get(f"p{number}-{name}", "") for name in _POINT]
        if not post and number <= len(kept):
            column, row, east, north = kept[number - 1]
            typed = [f"{one:.12g}" for one in (column, row, north, east)]
        cells = [(f"p{number}-{name}", value) for name, value in zip(_POINT, typed, strict=True)]
        lines.append(
            {"number": number, "cells": cells, "off": next(off, None) if any(typed) and tried else None}
        )
    return lines


@require_safe
@desk_page
def preview(request: HttpRequest, ctx: Context, raster_id: UUID) -> HttpResponseBase:
    """The small copy with its net of pixel numbers."""
    raster = raster_of(ctx, raster_id)
    if raster.preview is None:
        raise Missing
    return serve(request, ctx, raster.preview, owner=raster, permission=VIEW_RASTER)


@require_safe
@desk_page
def desk_tile(
    request: HttpRequest, ctx: Context, raster_id: UUID, z: int, x: int, y: int
) -> HttpResponseBase:
    """A tile for staff."""
    raster = raster_of(ctx, raster_id)
    tag = tag_of(raster, z, x, y)
    if (same := unchanged(request, tag)) is not None:
        return same
    made = answer(raster, z, x, y)
    made["ETag"] = tag
    return made


@require_safe
@portal_page
def tile(request: HttpRequest, ctx: Context, raster_id: UUID, z: int, x: int, y: int) -> HttpResponseBase:
    """A tile for everybody, of a picture that was released."""
    raster = raster_of(ctx, raster_id)
    tag = tag_of(raster, z, x, y)
    return unchanged(request, tag) or keepable(answer(raster, z, x, y), tag)


def _crumbs(ctx: Context) -> list[Link]:
    return [
        Link(_("地図"), address("maps-desk", ctx)),
        Link(_("地図に重ねる画像"), address("maps-rasters", ctx)),
    ]
