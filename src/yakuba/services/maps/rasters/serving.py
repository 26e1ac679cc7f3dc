"""Tiles of a picture, out of its PMTiles file."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from pmtiles.reader import Reader

from yakuba.engines.publishing.serving import etag
from yakuba.kernel.actions import Missing
from yakuba.kernel.files import store as files
from yakuba.services.maps.rasters.models import RasterLayer

_TYPES: Final = {"photo": "image/webp", "drawing": "image/png"}


def tile(raster: RasterLayer, z: int, x: int, y: int) -> bytes | None:
    """A tile, None where the picture has none."""
    if raster.tiles is None or not (0 <= z <= raster.max_zoom and 0 <= x < 1 << z and 0 <= y < 1 << z):
        return None
    try:
        stored = files.open(raster.tiles)
    except FileNotFoundError:
        return None
    with stored:

        def bytes_at(offset: int, length: int) -> bytes:
            stored.seek(offset)
            return stored.read(length)

        found: bytes | None = Reader(bytes_at).get(z, x, y)
        return found


def tag_of(raster: RasterLayer, z: int, x: int, y: int) -> str:
    """The ETag of a tile: it changes with each cutting."""
    return etag("raster", raster.pk, raster.cut, z, x, y)


def answer(raster: RasterLayer, z: int, x: int, y: int) -> HttpResponse:
    """A tile as an answer. Raises :class:`Missing`."""
    found = tile(raster, z, x, y)
    if found is None:
        raise Missing
    made = HttpResponse(found, content_type=_TYPES[raster.sort])
    made["X-Content-Type-Options"] = "nosniff"
    return made
