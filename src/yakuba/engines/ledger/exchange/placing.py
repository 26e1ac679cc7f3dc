"""Where the rows of a table are, once their coordinates are those of JGD2011. Pure."""

from __future__ import annotations

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from yakuba.engines.places.crs.systems import JAPAN
from yakuba.engines.places.shapes import Shape
from yakuba.kernel.fields import Invalid
from yakuba.kernel.fields.kinds import Cell


def drawn(cell: Cell) -> BaseGeometry | None:
    """The text of a shape; our own reader of files for maps wrote it."""
    if cell is None:
        return None
    try:
        return shapely.from_wkt(str(cell))
    except shapely.GEOSException as exc:
        raise Invalid("shape", str(cell)[:40], _("地図ファイルの図形")) from exc


def within_japan(geometry: BaseGeometry | None) -> Shape:
    """A shape of a table as a place. Raises :class:`Invalid` for what lies elsewhere, or cannot be read in its system."""
    if geometry is None:
        raise Invalid("place", "", _("この座標系で読める位置（座標系を確かめてください）"))
    west, south, east, north = geometry.bounds
    in_japan(west, south)
    in_japan(east, north)
    return Shape.of(geometry)


def in_japan(lon: float, lat: float) -> Shape:
    """A point. Raises :class:`Invalid` for one that lies elsewhere: most often its coordinates are the wrong way round."""
    west, south, east, north = JAPAN
    if not (west <= lon <= east and south <= lat <= north):
        raise Invalid(
            "place",
            f"{lat:g}, {lon:g}",
            _("日本の中の位置（座標系と、緯度・経度の順を確かめてください）"),
        )
    return Shape.point(lon, lat)
