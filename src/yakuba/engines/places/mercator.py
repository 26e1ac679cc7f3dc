"""Web Mercator as the maps of browsers use it, in units of the whole world: x and y from 0 to 1, y growing to the south.

Source: EPSG:3857 (Popular Visualisation Pseudo-Mercator), on which the tile scheme of OGC's WebMercatorQuad stands. JGD2011
is taken for WGS 84 here, as all such maps do: the two differ by less than the width of a line on any of them.
"""

from __future__ import annotations

from math import atan, cos, log, pi, radians, sinh, tan

# Beyond this latitude the square of the world ends.
LIMIT = 85.051128779806589
# Half the way round the earth in EPSG:3857, in metres.
HALF = 20037508.342789244


def to_world(lon: float, lat: float) -> tuple[float, float]:
    """Degrees → (x, y) in 0..1; latitudes beyond :data:`LIMIT` are drawn at the edge."""
    angle = radians(max(-LIMIT, min(LIMIT, lat)))
    return lon / 360 + 0.5, 0.5 - log(tan(angle) + 1 / cos(angle)) / (2 * pi)


def to_degrees(x: float, y: float) -> tuple[float, float]:
    """(x, y) in 0..1 → (lon, lat) in degrees."""
    return (x - 0.5) * 360, atan(sinh(pi * (1 - 2 * y))) * 180 / pi


def tile_box(z: int, x: int, y: int, buffer: float = 0.0) -> tuple[float, float, float, float]:
    """(west, south, east, north) in degrees of a tile, widened on each side by a share ``buffer`` of its width."""
    size = 2.0**-z
    west, north = to_degrees((x - buffer) * size, max(0.0, (y - buffer) * size))
    east, south = to_degrees((x + 1 + buffer) * size, min(1.0, (y + 1 + buffer) * size))
    return west, south, east, north
