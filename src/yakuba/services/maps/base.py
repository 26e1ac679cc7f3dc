"""What lies under the layers: nothing, tiles of our own in a PMTiles file, or tiles of an origin that the operator named.

Without a base map every page works: the layers are drawn on plain ground, and the list says everything.
"""

from __future__ import annotations

import functools
import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from pmtiles.reader import MmapSource, Reader
from pmtiles.tile import Compression, TileType

from yakuba.kernel.actions import Context

_TYPES: Final[Mapping[TileType, str]] = {
    TileType.PNG: "image/png",
    TileType.JPEG: "image/jpeg",
    TileType.WEBP: "image/webp",
}
MAX_ZOOM: Final = 18


@dataclass(frozen=True, slots=True)
class BaseMap:
    """Pictures under the layers: the address of its tiles with ``{z}/{x}/{y}``, whose they are, and the origin where they are not ours."""

    tiles: str
    attribution: str
    origin: str = ""
    max_zoom: int = MAX_ZOOM


def base_map(ctx: Context) -> BaseMap | None:
    """The base map that the operator configured. ImproperlyConfigured for one that is none."""
    where, whose = settings.MAP_BASE, settings.MAP_BASE_ATTRIBUTION
    if not where:
        return None
    if where.startswith(("https://", "http://")):
        parts = urlsplit(where)
        if not all(word in where for word in ("{z}", "{x}", "{y}")) or "{" in parts.netloc:
            raise ImproperlyConfigured("YAKUBA_MAP_BASE: https://…/{z}/{x}/{y}.png の形にしてください。")
        return BaseMap(where, whose, f"{parts.scheme}://{parts.netloc}")
    header = reader().header()
    whole = reverse("maps-base", args=[ctx.municipality.code, 0, 0, 0])
    return BaseMap(
        whole.removesuffix("0/0/0") + "{z}/{x}/{y}", whose, max_zoom=min(int(header["max_zoom"]), MAX_ZOOM)
    )


@functools.cache
def reader() -> Reader:
    """The PMTiles file, opened once. ImproperlyConfigured for a file that is missing, or whose tiles are no pictures."""
    path = Path(settings.MAP_BASE).expanduser()
    try:
        with path.open("rb") as file:  # the mapping keeps what it needs
            found = Reader(MmapSource(file))
        kind = found.header()["tile_type"]
    except (OSError, ValueError, AssertionError) as error:
        raise ImproperlyConfigured(f"YAKUBA_MAP_BASE: {path} を読めません（{error}）。") from error
    if kind not in _TYPES:
        raise ImproperlyConfigured(
            f"YAKUBA_MAP_BASE: {path} は画像（PNG・JPEG・WebP）のPMTilesではありません。"
        )
    return found


def picture(z: int, x: int, y: int) -> tuple[bytes, str] | None:
    """A tile of our own and its content type, None where the file has none."""
    if not settings.MAP_BASE or settings.MAP_BASE.startswith(("https://", "http://")):
        return None
    if not (0 <= z <= MAX_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z):
        return None
    found = reader()
    data = found.get(z, x, y)
    if data is None:
        return None
    header = found.header()
    if header["tile_compression"] is Compression.GZIP:
        data = gzip.decompress(data)
    return data, _TYPES[header["tile_type"]]
