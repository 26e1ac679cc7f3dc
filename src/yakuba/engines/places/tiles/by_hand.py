"""Tiles made by shapely and our own writer, where there is no PostGIS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

import numpy as np
import shapely
from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from shapely.geometry.base import BaseGeometry

from yakuba.engines.places.mercator import LIMIT
from yakuba.engines.places.shapes import Shape
from yakuba.engines.places.tiles.mvt import AREA, EXTENT, LINE, POINT, LayerWriter, areas, lines, points

Pair = tuple[int, int]

_POINT: Final = 21
"""How many bytes the WKB of one point has."""
# A browser keeps a feature's id as a double: the last 53 bits of its UUID.
_BITS: Final = (1 << 53) - 1
# What is smaller than half a unit in both directions is left out, as PostGIS does.
_LEAST: Final = 0.5


def make(
    rows: QuerySet[Any],  # Any: rows of the layer's model
    shown: Mapping[str, Combinable],
    name: str,
    where: tuple[int, int, int],
    buffer: int,
) -> bytes:
    """The tile ``where`` (z, x, y), not compressed."""
    columns = {f"tile_p_{key}": expression for key, expression in shown.items()}
    found = list(
        rows.filter(north__lte=LIMIT, south__gte=-LIMIT)
        .order_by()
        .annotate(**columns)
        .values_list("pk", "place", *columns)
    )
    writer = LayerWriter(name)
    keys = ("id", *shown)
    for row, (sort, commands) in zip(found, _drawn([row[1] for row in found], where, buffer), strict=True):
        if commands:
            identifier: UUID = row[0]
            writer.add(
                identifier.int & _BITS, sort, commands, zip(keys, (str(identifier), *row[2:]), strict=True)
            )
    return writer.finish()


def _drawn(
    shapes: Sequence[Shape], where: tuple[int, int, int], buffer: int
) -> Iterable[tuple[int, list[int]]]:
    """Sort and commands of each shape; no commands where nothing of it is left."""
    drawn: list[tuple[int, list[int]]] = [(POINT, [])] * len(shapes)
    single = [number for number, shape in enumerate(shapes) if len(shape.wkb) == _POINT]
    if single:
        raw = np.frombuffer(b"".join(shapes[number].wkb[5:] for number in single), dtype="<f8")
        for number, pair in zip(single, _grid(raw.reshape(-1, 2), where).tolist(), strict=True):
            drawn[number] = (POINT, points([pair]))
    rest = [number for number, shape in enumerate(shapes) if len(shape.wkb) != _POINT]
    if rest:
        exact = shapely.transform(
            shapely.from_wkb([shapes[number].wkb for number in rest]), lambda pairs: _units(pairs, where)
        )
        box = shapely.box(-buffer, -buffer, EXTENT + buffer, EXTENT + buffer)
        for number, geometry, whole in zip(rest, exact, _at_once(exact, box), strict=True):
            drawn[number] = _cut(geometry, box) if whole is None else (AREA, _rings(whole))
    return drawn


def _at_once(exact: np.ndarray, box: shapely.Polygon) -> list[BaseGeometry | None]:
    """The areas that lie within the box and are still areas on whole units, which nearly all buildings do and are; None for the rest."""
    low, high = box.bounds[0], box.bounds[2]
    corners = shapely.bounds(exact)
    easy = (
        (shapely.get_dimensions(exact) == 2)
        & (corners >= low).all(axis=1)
        & (corners <= high).all(axis=1)
        & ((corners[:, 2:] - corners[:, :2]) >= _LEAST).any(axis=1)
    )
    found: list[BaseGeometry | None] = [None] * len(exact)
    rounded = shapely.transform(exact[easy], np.rint)
    kept = shapely.is_valid(rounded)
    turned = shapely.orient_polygons(shapely.remove_repeated_points(rounded[kept]))
    for number, geometry in zip(np.flatnonzero(easy)[kept].tolist(), turned, strict=True):
        found[number] = geometry
    return found


def _units(pairs: np.ndarray, where: tuple[int, int, int]) -> np.ndarray:
    """Degrees → units of the tile, y growing downwards."""
    z, x, y = where
    angle = np.radians(pairs[:, 1])
    world = np.column_stack(
        (pairs[:, 0] / 360 + 0.5, 0.5 - np.log(np.tan(angle) + 1 / np.cos(angle)) / (2 * np.pi))
    )
    units: np.ndarray = (world * 2.0**z - (x, y)) * EXTENT
    return units


def _grid(pairs: np.ndarray, where: tuple[int, int, int]) -> np.ndarray:
    whole: np.ndarray = np.rint(_units(pairs, where)).astype(np.int64)
    return whole


def _cut(geometry: BaseGeometry, box: shapely.Polygon) -> tuple[int, list[int]]:
    """What of a shape is within the box, on whole units."""
    west, north, east, south = geometry.bounds
    dimension = shapely.get_dimensions(geometry)
    if dimension == 0:
        low, high = box.bounds[0], box.bounds[2]
        pairs = np.rint(shapely.get_coordinates(geometry)).astype(np.int64)
        inside = pairs[((pairs >= low) & (pairs <= high)).all(axis=1)]
        return POINT, points(_unlike(inside)) if len(inside) else []
    if east - west < _LEAST and south - north < _LEAST:
        return LINE, []
    if dimension == 1:
        # Cut on exact coordinates, then rounded: set_precision would join lines that cross.
        kept = _parts(shapely.clip_by_rect(geometry, *box.bounds), "LineString")
        rounded = [_without_repeats(np.rint(shapely.get_coordinates(part)).astype(np.int64)) for part in kept]
        return LINE, lines(part for part in rounded if len(part) > 1)
    whole = shapely.set_precision(shapely.intersection(shapely.make_valid(geometry), box), 1.0)
    return AREA, _rings(shapely.orient_polygons(shapely.MultiPolygon(_parts(whole, "Polygon"))))


def _rings(area: BaseGeometry) -> list[int]:
    """The commands of an area whose outer rings run against the clock where y grows upwards, and so with it here."""
    whole = shapely.get_rings(shapely.get_parts(area))
    starts = np.cumsum(shapely.get_num_points(whole))
    pairs = shapely.get_coordinates(whole).astype(np.int64).tolist()
    return areas(pairs[first:last] for first, last in pairwise((0, *starts.tolist())))


def _parts(geometry: BaseGeometry, sort: str) -> list[Any]:  # Any: shapes of that sort
    """The parts of one sort; what a cut leaves besides (a point that touches) is nothing to draw."""
    return [part for part in shapely.get_parts(geometry) if part.geom_type == sort and not part.is_empty] + [
        inner
        for part in shapely.get_parts(geometry)
        if part.geom_type == f"Multi{sort}"
        for inner in part.geoms
    ]


def _without_repeats(pairs: np.ndarray) -> list[Pair]:
    kept = np.ones(len(pairs), dtype=bool)
    kept[1:] = (pairs[1:] != pairs[:-1]).any(axis=1)
    return [(x, y) for x, y in pairs[kept].tolist()]


def _unlike(pairs: np.ndarray) -> list[Pair]:
    """Each place once, in order."""
    return list(dict.fromkeys((x, y) for x, y in pairs.tolist()))
