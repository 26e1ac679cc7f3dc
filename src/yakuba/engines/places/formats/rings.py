"""Which rings of a Shapefile's record are holes, and of which ring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_SAMPLE: Final = 16


def polygons(rings: Sequence[Floats]) -> tuple[list[list[Floats]], bool]:
    """Polygons (outer ring, then its holes) of a record's rings, and whether all of them turned as the format says.

    Outer rings turn with the clock, holes against it (ESRI Shapefile Technical Description, 1998, p. 8). A hole belongs to the smallest
    outer ring around it. One that has none around it was turned wrongly by its writer, and is an outer ring.
    """
    # Coordinates of a broken file may be too large to multiply: what comes of it is some ring, and told with its place later.
    with np.errstate(all="ignore"):
        return _polygons(rings)


def _polygons(rings: Sequence[Floats]) -> tuple[list[list[Floats]], bool]:
    areas = [_area(ring) for ring in rings]
    outer = [index for index, area in enumerate(areas) if area <= 0]
    if len(rings) == 1:
        return [[rings[0]]], bool(outer)
    if not outer:
        return _nested(rings, areas), False
    found = {index: [rings[index]] for index in outer}
    boxes = {index: (*rings[index].min(axis=0), *rings[index].max(axis=0)) for index in outer}
    right = True
    for index, area in enumerate(areas):
        if area <= 0:
            continue
        hole = rings[index]
        around = [one for one in outer if _in_box(hole, boxes[one]) and _inside(hole, rings[one])]
        if around:
            found[min(around, key=lambda one: -areas[one])].append(hole)
        else:
            right = False
            found[index] = [hole]
    return list(found.values()), right


def _nested(rings: Sequence[Floats], areas: Sequence[float]) -> list[list[Floats]]:
    """Where every ring turns against the clock: what lies inside an odd number of others is a hole."""
    order = sorted(range(len(rings)), key=lambda one: -areas[one])
    found: dict[int, list[Floats]] = {}
    depth: dict[int, int] = {}
    for at, index in enumerate(order):
        ring = rings[index]
        box = {one: (*rings[one].min(axis=0), *rings[one].max(axis=0)) for one in order[:at]}
        around = [one for one in order[:at] if _in_box(ring, box[one]) and _inside(ring, rings[one])]
        depth[index] = len(around)
        if len(around) % 2:
            found[[one for one in around if depth[one] % 2 == 0][-1]].append(ring)
        else:
            found[index] = [ring]
    return list(found.values())


def _area(ring: Floats) -> float:
    """Twice the signed area: positive against the clock."""
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1]))


def _in_box(ring: Floats, box: tuple[float, ...]) -> bool:
    low, high = ring.min(axis=0), ring.max(axis=0)
    return bool(low[0] >= box[0] and low[1] >= box[1] and high[0] <= box[2] and high[1] <= box[3])


def _inside(ring: Floats, around: Floats) -> bool:
    """Whether most of a ring's points (some of many) lie inside another; those on its edge count either way."""
    sample = ring[:-1][:: max(1, (len(ring) - 1) // _SAMPLE)]
    # Middles of edges too: a hole may touch with every corner.
    middles = (ring[:-1] + ring[1:])[:: max(1, (len(ring) - 1) // _SAMPLE)] / 2
    inside = [_contains(around, x, y) for x, y in np.concatenate([sample, middles])]
    return sum(inside) * 2 >= len(inside)


def _contains(ring: Floats, x: float, y: float) -> bool:
    """By the number of edges that a ray to the east crosses."""
    x1, y1, x2, y2 = ring[:-1, 0], ring[:-1, 1], ring[1:, 0], ring[1:, 1]
    crossing = (y1 > y) != (y2 > y)
    x1, y1, x2, y2 = x1[crossing], y1[crossing], x2[crossing], y2[crossing]
    return bool(np.count_nonzero(x < (x2 - x1) * (y - y1) / (y2 - y1) + x1) % 2)
