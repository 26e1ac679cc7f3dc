"""Pictures below a sheet: tiles in Web Mercator, laid into the sheet's plane system."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from yakuba.engines.places.mercator import to_world
from yakuba.kernel.actions import Context
from yakuba.services.maps import base as bases
from yakuba.services.maps.printing.sheet import Sheet
from yakuba.services.maps.rasters.queries import rasters_of
from yakuba.services.maps.rasters.serving import tile

Floats = npt.NDArray[np.float64]
#: The bytes of a tile by zoom, column and row, None where there is none.
Tiles = Callable[[int, int, int], bytes | None]

_TILE: Final = 256
_DOTS: Final = 150 / 25.4  # to a millimetre: enough for a photograph below lines
_MOST_TILES: Final = 240
_CELL: Final = 32  # pixels within which the bend between the two projections is taken for straight
_AROUND: Final = 40_075_016.686  # metres round the equator in EPSG:3857


def below(sheet: Sheet, tiles: Tiles, max_zoom: int) -> bytes | None:
    """The ground as a JPEG the size of the map, white where there are no tiles; None where there are none at all.

    Taken from the zoom whose pixels are as fine as the sheet's, or from a coarser one where that were more than a few hundred tiles.
    """
    width, height = (round(side * _DOTS) for side in sheet.size)
    fine = sheet.metres / _DOTS
    ideal = math.log2(_AROUND * math.cos(math.radians(sheet.lat)) / _TILE / fine)
    zoom = max(0, min(max_zoom, math.ceil(ideal - 0.3)))
    while _many(span := _span(sheet, zoom)) > _MOST_TILES:
        zoom -= 1
    left, top, right, bottom = span
    whole = Image.new("RGB", ((right - left + 1) * _TILE, (bottom - top + 1) * _TILE), "white")
    found = False
    for x in range(left, right + 1):
        for y in range(top, bottom + 1):
            picture = _opened(tiles(zoom, x, y))
            if picture is not None:
                found = True
                whole.paste(picture, ((x - left) * _TILE, (y - top) * _TILE), picture)
    if not found:
        return None
    laid = whole.transform(
        (width, height),
        Image.Transform.MESH,
        _mesh(sheet, width, height, zoom, (left, top)),
        Image.Resampling.BILINEAR,
    )
    made = io.BytesIO()
    laid.save(made, "JPEG", quality=85)
    return made.getvalue()


def _opened(data: bytes | None) -> Image.Image | None:
    """A tile with its transparency; one that is broken is as good as none."""
    if data is None:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP"]) as opened:
            return opened.convert("RGBA") if opened.size == (_TILE, _TILE) else None
    except (UnidentifiedImageError, OSError, ValueError):
        return None


def _span(sheet: Sheet, zoom: int) -> tuple[int, int, int, int]:
    west, south, east, north = sheet.box()
    last = (1 << zoom) - 1
    left, top = (min(last, int(share * 2**zoom)) for share in to_world(west, north))
    right, bottom = (min(last, int(share * 2**zoom)) for share in to_world(east, south))
    return left, top, right, bottom


def _many(span: tuple[int, int, int, int]) -> int:
    return (span[2] - span[0] + 1) * (span[3] - span[1] + 1)


def _mesh(
    sheet: Sheet, width: int, height: int, zoom: int, first: tuple[int, int]
) -> list[tuple[tuple[int, int, int, int], tuple[float, ...]]]:
    """For each cell of the picture to be made, the corners in the pictures below: upper left, lower left, lower right, upper right."""
    xs = [*range(0, width, _CELL), width]
    ys = [*range(0, height, _CELL), height]
    corners = np.array([[x / _DOTS, y / _DOTS] for y in ys for x in xs])
    degrees = sheet.in_degrees(corners)
    pixels = np.array([to_world(lon, lat) for lon, lat in degrees]) * 2.0**zoom * _TILE
    grid = (pixels - np.array(first) * _TILE).reshape(len(ys), len(xs), 2)
    return [
        (
            (xs[i], ys[j], xs[i + 1], ys[j + 1]),
            (*grid[j, i], *grid[j + 1, i], *grid[j + 1, i + 1], *grid[j, i + 1]),
        )
        for j in range(len(ys) - 1)
        for i in range(len(xs) - 1)
    ]


@dataclass(frozen=True, slots=True)
class Ground:
    """Pictures of our own that may lie below a sheet: what the address calls them, and whose they are; ``stamp`` changes with them."""

    key: str
    label: str
    tiles: Tiles
    max_zoom: int
    attribution: str
    stamp: str = ""


def grounds(ctx: Context) -> list[Ground]:
    """What may lie below a sheet: the operator's own base map, photographs and drawings that the actor sees.

    Nothing is fetched from anybody else's server.
    """
    base = bases.base_map(ctx)
    found = [] if base is None or base.origin else [Ground("own", _("背景地図"), _own, base.max_zoom, base.attribution)]  # fmt: skip
    return found + [
        Ground(one.pk.hex, one.label, partial(tile, one), one.max_zoom, one.attribution, str(one.cut))
        for one in rasters_of(ctx).filter(tiles__isnull=False)
    ]


def _own(z: int, x: int, y: int) -> bytes | None:
    found = bases.picture(z, x, y)
    return found[0] if found else None
