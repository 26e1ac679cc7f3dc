"""The coordinate systems that are offered, by the standard's addresses, each with the axis order of its registry (Part 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry import mapping

from yakuba.engines.places.cql2 import Frame
from yakuba.engines.places.crs.operations import shapes_to_system
from yakuba.engines.places.crs.systems import SYSTEMS
from yakuba.engines.places.ogc.problems import BadParameter
from yakuba.engines.places.shapes import EPSG, OUT_DECIMALS, Shape
from yakuba.kernel.fields import JsonValue

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG: Final = "http://www.opengis.net/def/crs/EPSG/0/{}"
STORAGE: Final = _EPSG.format(EPSG)
# A millimetre, in systems that count metres.
_METRE_DECIMALS: Final = 3

#: The address of a system → how its coordinates are read. EPSG's systems of degrees have latitude first, its plane systems X, which
#: runs north; CRS84 and web Mercator have east first. The default stands first.
OFFERED: Final[Mapping[str, Frame]] = {
    CRS84: Frame(4326),
    **{
        _EPSG.format(one.epsg): Frame(one.epsg, north_first=one.kind != "mercator")
        for one in SYSTEMS.values()
        if one.datum in {"jgd2011", "wgs84"}
    },
}


def frame(parameter: str, uri: str) -> Frame:
    """The system of an address. Raises :class:`BadParameter`."""
    found = OFFERED.get(uri)
    if found is None:
        raise BadParameter(parameter, uri, "、".join([CRS84, STORAGE, _EPSG.format("6669…6687")]))
    return found


def geometries(shapes: Sequence[Shape | None], uri: str) -> list[JsonValue]:
    """GeoJSON geometries in a system and its axis order, null for no place. Raises :class:`BadParameter` where one lies beyond it."""
    wanted = OFFERED[uri]
    if uri == CRS84:
        return [None if one is None else one.geojson() for one in shapes]
    known = [one.geometry for one in shapes if one is not None]
    changed = iter(shapes_to_system(known, wanted.epsg) if known else ())
    found: list[JsonValue] = []
    for one in shapes:
        if one is None:
            found.append(None)
            continue
        geometry = next(changed)
        if not np.isfinite(shapely.bounds(geometry)).all():
            raise BadParameter("crs", uri, _("地物のある所を表せる座標系"))
        if wanted.north_first:
            geometry = shapely.transform(geometry, lambda pairs: pairs[:, ::-1])
        told = mapping(geometry)
        decimals = OUT_DECIMALS if wanted.degrees else _METRE_DECIMALS
        found.append({"type": str(told["type"]), "coordinates": _rounded(told["coordinates"], decimals)})
    return found


def _rounded(found: object, decimals: int) -> JsonValue:
    if isinstance(found, Sequence):
        return [_rounded(one, decimals) for one in found]
    return round(float(str(found)), decimals)
