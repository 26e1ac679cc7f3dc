"""A tile of a layer: which features, and which of the two hands makes it."""

from __future__ import annotations

import gzip
from collections.abc import Hashable
from typing import Any, Final
from uuid import UUID

from django.db import connections, router
from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

from yakuba.engines.places import postgis
from yakuba.engines.places.columns import HIGHEST_RANK
from yakuba.engines.places.layers import Layer
from yakuba.engines.places.mercator import tile_box
from yakuba.engines.places.queries import in_box
from yakuba.engines.places.rules import MAX_ZOOM
from yakuba.engines.places.tiles import by_hand, by_postgis, keeping
from yakuba.engines.places.tiles.mvt import EXTENT
from yakuba.engines.places.values import values
from yakuba.kernel.actions import Context, Missing

# What lies so far beyond the edge, in units of the tile, is in the tile too: a symbol at a seam is drawn whole by both sides.
BUFFER: Final = 64


def tile(layer: Layer, ctx: Context, z: int, x: int, y: int) -> bytes:
    """A tile as gzip: 4096 units wide, features up to 64 units beyond its edge, empty where nothing is.

    Each feature has an id of 53 bits made from its UUID, the UUID as property ``id``, and those properties that the layer is drawn by.
    Raises :class:`Missing` for a tile that the scheme does not have.
    """
    if not (0 <= z <= MAX_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z):
        raise Missing(_("このタイルはありません。"))
    whole = (ctx.municipality.id, layer.key, edition(layer, ctx))
    key = (*whole, z, x, y)
    if (kept := keeping.TILES.get(key)) is not None:
        return kept
    made = gzip.compress(_made(layer, ctx, whole, (z, x, y)), compresslevel=1, mtime=0)
    keeping.TILES.put(key, made)
    return made


def edition(layer: Layer, ctx: Context) -> str:
    """Names everything that a layer's tiles depend on: what is on it, for whom, and by what it is drawn."""
    shown = ",".join(one.key for one in layer.properties(ctx) if one.in_tiles)
    return f"{layer.version(ctx)}/{layer.scope(ctx)}/{layer.full_detail_zoom}/{shown}"


def _made(layer: Layer, ctx: Context, whole: tuple[UUID, str, str], where: tuple[int, int, int]) -> bytes:
    """The tile, not compressed. ``whole`` names what all tiles of the layer have in common, as its edition does."""
    connection = connections[router.db_for_read(layer.model)]
    if not postgis.usable(connection, layer.model):
        return by_hand.make(within(layer, ctx, *where), _shown(layer, ctx), layer.key, where, BUFFER)
    if where[0] < layer.full_detail_zoom or not postgis.indexed(connection, layer.model):
        rows = within(layer, ctx, *where)
        return by_postgis.statement(rows, _shown(layer, ctx), layer.key, BUFFER).make(where)
    key = (connection.alias, layer.model, *whole)
    if (known := _statements.get(key)) is None:
        rows = by_postgis.around(layer.features(ctx), BUFFER)
        known = by_postgis.statement(rows, _shown(layer, ctx), layer.key, BUFFER)
        if len(_statements) >= _MOST_STATEMENTS:
            _statements.clear()
        _statements[key] = known
    return known.make(where)


# To put the text of a layer's query together takes Django longer than PostGIS needs for most tiles.
_statements: Final[dict[Hashable, by_postgis.Statement]] = {}
_MOST_STATEMENTS: Final = 200


def _shown(layer: Layer, ctx: Context) -> dict[str, Combinable]:
    return values(one for one in layer.properties(ctx) if one.in_tiles)


def within(
    layer: Layer, ctx: Context, z: int, x: int, y: int
) -> QuerySet[Any]:  # Any: rows of the layer's model
    """The rows that belong into a tile by their boxes, thinned out below the layer's full detail."""
    found = in_box(layer.features(ctx), *tile_box(z, x, y, BUFFER / EXTENT))
    least = layer.full_detail_zoom - z
    return found if least <= 0 else found.filter(rank__in=range(min(least, HIGHEST_RANK), HIGHEST_RANK + 1))
