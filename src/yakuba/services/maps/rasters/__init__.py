"""Pictures under the map: aerial photographs and scanned drawings, cut into tiles of Web Mercator.

:mod:`.fitting` where a picture says that it lies, or control points do · :mod:`.parsing` what opens it, in the sandbox · :mod:`.laying` which
pixels a tile shows · :mod:`.receiving` a file as it comes · :mod:`.actions` the writers · :mod:`.cutting` the worker's part · :mod:`.queries`
reads · :mod:`.views` the pages · :func:`rasters` what a map may lay below itself
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yakuba.kernel.actions import Context


@dataclass(frozen=True, slots=True)
class Raster:
    """What a map lays below its layers: ``tiles`` is an address with ``{z}/{x}/{y}``, ``box`` [west, south, east, north] in degrees."""

    key: str
    label: str
    tiles: str
    box: tuple[float, float, float, float]
    maxzoom: int
    attribution: str


def rasters(ctx: Context) -> list[Raster]:
    """Those that the actor may see and that are cut, by their labels: on the portal what was released, on the desk all."""
    from django.urls import reverse

    from yakuba.kernel.actions import Face
    from yakuba.services.maps.rasters.queries import rasters_of

    name = "maps-raster-tile-public" if ctx.face is Face.PORTAL else "maps-raster-tile"
    found = []
    for one in rasters_of(ctx).filter(tiles__isnull=False):
        whole = reverse(name, args=[ctx.municipality.code, one.pk, 0, 0, 0])
        west, south, east, north = one.box
        found.append(
            Raster(
                f"raster-{one.pk.hex}",
                one.label,
                # Each cutting has an address of its own, so that no browser shows the tiles of the last one.
                whole.removesuffix("0/0/0") + "{z}/{x}/{y}" + f"?v={one.cut}",
                (west, south, east, north),
                one.max_zoom,
                one.attribution,
            )
        )
    return found
