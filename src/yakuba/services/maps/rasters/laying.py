"""Which pixels of a picture a tile shows: from Web Mercator back to the picture, by way of nothing but its forward way.

The way from a pixel to Web Mercator is an affine map, a projection and perhaps a change of datum, which has no way back of its own. It
is followed from a net of places on the picture, and its inverse is fitted as polynomials of fifth order; how far the fit is off is
measured on a second net and must be less than a third of a pixel.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from yakuba.engines.places.crs.operations import Operation, transform
from yakuba.engines.places.crs.parameters import Parameters
from yakuba.engines.places.mercator import to_degrees, to_world
from yakuba.engines.places.rules import Box
from yakuba.kernel.actions import Problem
from yakuba.services.maps.rasters.fitting import Affine, applied, demand_japan

Floats = npt.NDArray[np.float64]
TILE: Final = 256
#: A pixel of this zoom is 6 cm at 36 degrees north.
MAX_ZOOM: Final = 21
MOST_TILES: Final = 20_000
#: Cells of a tile within which the bend is taken for straight: four by four.
CELLS: Final = 4

_ORDER: Final = 5
_NET: Final = 13
_WORST: Final = 1 / 3
_BEYOND: Final = 1.5


@dataclass(frozen=True)
class Laid:
    """A picture of ``size`` pixels on the map.

    ``center`` and ``span`` bring Web Mercator to −1 … 1 round the picture; ``back`` and ``coarse`` are the ways back from there.
    """

    size: tuple[int, int]
    center: tuple[float, float]
    span: float
    back: Floats
    coarse: Floats
    box: Box
    max_zoom: int
    operation: Operation
    warnings: tuple[str, ...]

    def pixels(self, world: Floats) -> Floats:
        """(n, 2) places in units of the whole world (:mod:`yakuba.engines.places.mercator`) on the picture."""
        # Beyond the picture the polynomials say nothing: no cell that meets it reaches further.
        found: Floats = _terms(np.clip((world - self.center) / self.span, -_BEYOND, _BEYOND)) @ self.back
        return found

    def roughly(self, world: Floats) -> Floats:
        """The same as a plain affine map, for tiles on which the picture is a few dots."""
        found: Floats = _terms((world - self.center) / self.span, 1) @ self.coarse
        return found

    def span_of(self, zoom: int) -> tuple[int, int, int, int]:
        """First column and row, last column and row, of the tiles of a zoom that meet the picture's box."""
        west, south, east, north = self.box
        left, top = to_world(west, north)
        right, bottom = to_world(east, south)
        last = 2**zoom - 1
        first, second, third, fourth = (
            min(last, int(share * 2**zoom)) for share in (left, top, right, bottom)
        )
        return first, second, third, fourth

    def tiles(self) -> Iterator[tuple[int, int, int]]:
        """Zoom, column and row of every tile, from the whole world down."""
        for zoom in range(self.max_zoom + 1):
            left, top, right, bottom = self.span_of(zoom)
            for y in range(top, bottom + 1):
                for x in range(left, right + 1):
                    yield zoom, x, y

    def count(self) -> int:
        """How many tiles there are."""
        return sum(_many(self.span_of(zoom)) for zoom in range(self.max_zoom + 1))

    def corners(self, tiles: Sequence[tuple[int, int, int]]) -> Floats:
        """(n, 5, 5, 2) places on the picture of the corners of each tile's cells, row by row."""
        share = np.arange(CELLS + 1) / CELLS
        across, down = np.meshgrid(share, share)
        at = np.array(tiles, dtype=np.float64)
        scale = 0.5 ** at[:, 0][:, None, None]
        x = (at[:, 1][:, None, None] + across) * scale
        y = (at[:, 2][:, None, None] + down) * scale
        world = np.column_stack([x.ravel(), y.ravel()])
        shape = (len(tiles), CELLS + 1, CELLS + 1, 2)
        near = (scale <= 2 * self.span).reshape(-1, 1, 1, 1)
        return np.where(near, self.pixels(world).reshape(shape), self.roughly(world).reshape(shape))


def lay(affine: Affine, source: int, size: tuple[int, int], parameters: Parameters) -> Laid:
    """A picture on the map. Raises :class:`Problem` for one outside of Japan, too large, or too bent."""
    net, check = _net(size, _NET), _net(size, _NET - 1)
    found = transform(applied(affine, net), source, "east", parameters)
    demand_japan(found.points, "system")
    world = _world(found.points)
    low, high = world.min(axis=0), world.max(axis=0)
    center, span = (low + high) / 2, float((high - low).max()) / 2
    if not (span > 0 and (pixel := _pixel(world, size)) > 0):
        raise _point()
    back, coarse = (_solved((world - center) / span, net, order) for order in (_ORDER, 1))
    second = _world(transform(applied(affine, check), source, "east", parameters).points)
    off = float(np.abs(_terms((second - center) / span) @ back - check).max())
    west, north = to_degrees(*low)
    east, south = to_degrees(*high)
    laid = Laid(
        size,
        (float(center[0]), float(center[1])),
        span,
        back,
        coarse,
        (west, south, east, north),
        max(0, min(MAX_ZOOM, math.ceil(-math.log2(pixel * TILE) - 0.3))),
        found.operation,
        found.warnings,
    )
    if off > _WORST or laid.count() > MOST_TILES:
        raise _unfit(_("%(tiles)s枚・ずれ%(off).1f画素") % {"tiles": f"{laid.count():,}", "off": off})
    return laid


def _point() -> Problem:
    """All of it lies on one spot."""
    return Problem(
        "too_small",
        _("画像が1点につぶれます。位置の数字と座標系を確かめてください。"),
        field="system",
    )


def _unfit(found: str) -> Problem:
    return Problem(
        "too_wide",
        _("画像の範囲が広すぎるか、ゆがみすぎています。座標系を確かめるか、画像を分けてください。"),
        field="system",
        found=found,
        expected=_("%s枚まで") % f"{MOST_TILES:,}",
    )


def _net(size: tuple[int, int], many: int) -> Floats:
    across, down = np.meshgrid(np.linspace(0, size[0], many), np.linspace(0, size[1], many))
    return np.column_stack([across.ravel(), down.ravel()])


def _world(degrees: Floats) -> Floats:
    return np.array([to_world(float(lon), float(lat)) for lon, lat in degrees])


def _solved(at: Floats, pixels: Floats, order: int) -> Floats:
    found, *_rest = np.linalg.lstsq(_terms(at, order), pixels, rcond=None)
    return found.astype(np.float64)


def _terms(at: Floats, order: int = _ORDER) -> Floats:
    x, y = at[:, 0], at[:, 1]
    return np.column_stack([x**i * y**j for i in range(order + 1) for j in range(order + 1 - i)])


def _pixel(world: Floats, size: tuple[int, int]) -> float:
    """The finer side of a pixel, as a share of the world."""
    grid = world.reshape(_NET, _NET, 2)
    across = np.linalg.norm(grid[_NET // 2, -1] - grid[_NET // 2, 0]) / size[0]
    down = np.linalg.norm(grid[-1, _NET // 2] - grid[0, _NET // 2]) / size[1]
    return float(min(across, down))


def _many(span: tuple[int, int, int, int]) -> int:
    return (span[2] - span[0] + 1) * (span[3] - span[1] + 1)
