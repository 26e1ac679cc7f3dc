"""What a file looks like before it is kept: its outlines as a small drawing, what is wrong among them marked by form and colour."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from yakuba.services.maps.incoming import Sorted

_WIDTH: Final = 320.0
_EDGE: Final = 8.0
#: So many figures are drawn at most: those that are wrong first.
_MOST: Final = 400
_POINTS: Final = 4000


@dataclass(frozen=True, slots=True)
class Picture:
    """Paths of an SVG drawing of that size: what can be kept, and what cannot as it is."""

    width: int
    height: int
    good: str
    bad: str
    part: bool


def picture(split: Sorted) -> Picture | None:
    """The drawing; None for a file without places. ``part`` says that not everything is drawn."""
    bad = [one.geometry for one, _values in split.bad][:_MOST]
    room = _MOST - len(bad)
    step = max(1, math.ceil(len(split.good) / max(room, 1)))
    good = [shape.geometry for shape, _values in split.good[::step]] if room else []
    every = [*good, *bad]
    if not every:
        return None
    west, south, east, north = shapely.total_bounds(every).tolist()
    if not all(math.isfinite(one) for one in (west, south, east, north)):
        return None
    flat = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * flat, 1e-9), max(north - south, 1e-9)
    scale = (_WIDTH - 2 * _EDGE) / max(wide, high)

    def at(lon: float, lat: float) -> str:
        return f"{(lon - west) * flat * scale + _EDGE:.1f} {(north - lat) * scale + _EDGE:.1f}"

    def path(parts: list[BaseGeometry]) -> str:
        return "".join(
            "M" + "L".join(at(lon, lat) for lon, lat in line) + ("h.01" if len(line) == 1 else "")
            for one in parts
            for line in _lines(one)
        )

    return Picture(
        math.ceil(wide * scale + 2 * _EDGE),
        math.ceil(high * scale + 2 * _EDGE),
        path(good),
        path(bad),
        step > 1 or len(split.bad) > _MOST,
    )


def _lines(geometry: BaseGeometry) -> Iterator[list[tuple[float, float]]]:
    """Its points, lines and rings, thinned out where they are very long."""
    for part in shapely.get_parts(geometry):
        rings = shapely.get_parts(shapely.boundary(part)) if part.geom_type == "Polygon" else [part]
        for ring in rings:
            points = shapely.get_coordinates(ring)
            kept = points[:: max(1, len(points) // _POINTS)]
            yield [(float(lon), float(lat)) for lon, lat in kept]
