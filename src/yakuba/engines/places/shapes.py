"""A shape: where something is, in JGD2011 (EPSG:6668), longitude before latitude."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal, Self

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry import mapping
from shapely.geometry import shape as build
from shapely.geometry.base import BaseGeometry

from yakuba.kernel.fields.kinds import Invalid, JsonValue, Kind, Widget
from yakuba.kernel.fields.kinds.base import half_width

EPSG = 6668
# A tenth of a millimetre; what a surveyor gives is kept, what arithmetic adds is not.
DECIMALS = 9
# A centimetre: what goes out.
OUT_DECIMALS = 7
# How many bytes a point is.
_POINT = 21
# What somebody types; files have their own limits.
LONGEST_TEXT = 200_000

# Type → how deep its coordinates are nested, and what it is.
_DEPTHS = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
_KINDS: dict[str, Literal["point", "line", "area"]] = {
    "Point": "point",
    "MultiPoint": "point",
    "LineString": "line",
    "MultiLineString": "line",
    "Polygon": "area",
    "MultiPolygon": "area",
}
_PAIR = re.compile(r"\s*([+-]?\d{1,3}(?:\.\d{1,15})?)\s*[,、，\s]\s*([+-]?\d{1,3}(?:\.\d{1,15})?)\s*")
_WKT = re.compile(r"\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\b[\sZM(),.\d+\-eEPTY]*\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Shape:
    """A point, line or area, or several of one sort, valid and with two dimensions.

    Made by :meth:`of` and the ``from_`` methods, which check; the constructor takes stored bytes as they are and reads them
    only when asked. ``wkb`` is little-endian, coordinates rounded to nine decimals, outer rings against the clock (RFC 7946 §3.1.6), so
    that two shapes are equal when their bytes are.
    """

    wkb: bytes

    @classmethod
    def of(cls, geometry: BaseGeometry) -> Self:
        """From a shapely geometry in degrees. Raises :class:`Invalid`; nothing is mended silently."""
        if geometry.geom_type == "LinearRing":
            geometry = shapely.LineString(geometry.coords)
        if geometry.geom_type not in _KINDS:
            raise Invalid("shape_type", geometry.geom_type, _("点・線・面のどれか1種類"))
        if geometry.is_empty:
            raise Invalid("shape_empty", geometry.geom_type, _("座標のある図形"))
        flat = shapely.force_2d(geometry)
        where = shapely.get_coordinates(flat)
        if not np.isfinite(where).all():
            raise Invalid("shape_number", geometry.geom_type, _("数値の座標"))
        low, high = where.min(axis=0), where.max(axis=0)
        if low[0] < -180 or high[0] > 180 or low[1] < -90 or high[1] > 90:
            far = where[np.argmax((np.abs(where) > (180, 90)).any(axis=1))]
            raise Invalid(
                "shape_range", f"{far[0]:g}, {far[1]:g}", _("経度-180〜180、緯度-90〜90の範囲（度）")
            )
        rounded = shapely.transform(flat, lambda pairs: np.round(pairs, DECIMALS) + 0.0)  # no -0.0
        if not rounded.is_valid:
            raise Invalid("shape_invalid", shapely.is_valid_reason(rounded), _("交差や重なりのない図形"))
        turned = shapely.orient_polygons(rounded)
        return cls(shapely.to_wkb(turned, byte_order=1, output_dimension=2, include_srid=False))

    @classmethod
    def from_wkb(cls, data: bytes) -> Self:
        """From WKB of anybody's. Raises :class:`Invalid`."""
        try:
            with np.errstate(all="ignore"):
                geometry = shapely.from_wkb(data)
        except (shapely.GEOSException, TypeError, ValueError) as exc:
            raise Invalid("shape_wkb", str(exc)[:80], _("WKB形式の図形")) from exc
        return cls.of(geometry)

    @classmethod
    def from_geojson(cls, data: JsonValue) -> Self:
        """From a GeoJSON geometry object (RFC 7946 §3.1): further numbers of a position are dropped. Raises :class:`Invalid`."""
        if not isinstance(data, Mapping):
            raise Invalid("shape_json", repr(data)[:80], _("GeoJSONの図形"))
        sort = data.get("type")
        if not isinstance(sort, str) or sort not in _DEPTHS:
            raise Invalid("shape_type", str(sort)[:40], "・".join(_DEPTHS))
        coordinates = _nested(data.get("coordinates"), _DEPTHS[sort])
        rings = (
            coordinates
            if sort == "Polygon"
            else [ring for polygon in coordinates for ring in polygon]
            if sort == "MultiPolygon"
            else ()
        )
        for ring in rings:
            if len(ring) < 4 or ring[0] != ring[-1]:
                raise Invalid("shape_ring", repr(ring)[:80], _("始点と終点が同じ、4点以上の輪"))
        try:
            return cls.of(build({"type": sort, "coordinates": coordinates}))
        except (shapely.GEOSException, ValueError, TypeError) as exc:
            if isinstance(exc, Invalid):
                raise
            raise Invalid("shape_json", str(exc)[:80], _("GeoJSONの図形")) from exc

    @classmethod
    def point(cls, lon: float, lat: float) -> Self:
        """A point. Raises :class:`Invalid`. By far the most shapes are one: it is written without shapely."""
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # what is no number is told by the long way
            return cls.of(shapely.Point(lon, lat))
        x, y = (np.round((lon, lat), DECIMALS) + 0.0).tolist()  # no -0.0
        return cls(struct.pack("<BIdd", 1, 1, x, y))

    @cached_property
    def geometry(self) -> BaseGeometry:
        """As shapely's object."""
        return shapely.from_wkb(self.wkb)

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """(west, south, east, north) in degrees."""
        if len(self.wkb) == _POINT:  # read without shapely
            lon, lat = np.frombuffer(self.wkb, dtype="<f8", offset=5).tolist()
            return lon, lat, lon, lat
        west, south, east, north = self.geometry.bounds
        return west, south, east, north

    @property
    def kind(self) -> Literal["point", "line", "area"]:
        """What it is."""
        return _KINDS[self.geometry.geom_type]

    def geojson(self, decimals: int = OUT_DECIMALS) -> dict[str, JsonValue]:
        """As a GeoJSON geometry object."""
        if len(self.wkb) == _POINT:
            lon, lat, _east, _north = self.bounds
            return {"type": "Point", "coordinates": [round(lon, decimals), round(lat, decimals)]}
        found = mapping(self.geometry)
        return {"type": str(found["type"]), "coordinates": _rounded(found["coordinates"], decimals)}

    def __str__(self) -> str:
        return ShapeKind().to_text(self)


def _nested(found: object, depth: int) -> list:  # type: ignore[type-arg]  # lists of lists, as deep as ``depth`` says
    if not isinstance(found, Sequence) or isinstance(found, str):
        raise Invalid("shape_json", repr(found)[:80], _("座標の並び [経度, 緯度]"))
    if depth:
        return [_nested(item, depth - 1) for item in found]
    if len(found) < 2:
        raise Invalid("shape_json", repr(found)[:80], _("座標の並び [経度, 緯度]"))
    for number in found[:2]:
        if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
            raise Invalid("shape_number", repr(number)[:40], _("数値の座標"))
    return list(found[:2])


def _rounded(found: object, decimals: int) -> JsonValue:
    if isinstance(found, Sequence):
        return [_rounded(item, decimals) for item in found]
    assert isinstance(found, float)  # noqa: S101 – shapely's mapping holds nothing else
    return round(found, decimals)


@dataclass(frozen=True)
class ShapeKind(Kind[Shape]):
    """Where something is. A point is written as maps show it, latitude first; lines and areas as WKT; in JSON it is GeoJSON."""

    key: ClassVar[str] = "shape"
    widget: ClassVar[Widget] = Widget.AREA

    def check(self, value: object) -> Shape:
        if not isinstance(value, Shape):
            raise Invalid("type", repr(value)[:80], _("位置"))
        return value

    def parse(self, text: str) -> Shape:
        expected = _("「36.321456, 139.805678」のような緯度, 経度（線・面はWKT）")
        plain = half_width(text)
        if len(plain) > LONGEST_TEXT:
            raise Invalid("shape_long", plain[:80], expected)
        pair = _PAIR.fullmatch(plain)
        if pair:
            lat, lon = float(pair[1]), float(pair[2])
            if abs(lat) > 90:
                raise Invalid("shape_order", text[:80], _("緯度, 経度の順（緯度は-90〜90）"))
            return Shape.point(lon, lat)
        if not _WKT.match(plain):
            raise Invalid("shape_text", text[:80], expected)
        try:
            with np.errstate(all="ignore"):  # a number too large is found by Shape.of
                return Shape.of(shapely.from_wkt(plain))
        except shapely.GEOSException as exc:
            raise Invalid("shape_text", text[:80], expected) from exc

    def to_text(self, value: Shape) -> str:
        geometry = value.geometry
        if isinstance(geometry, shapely.Point):
            return f"{_decimal(geometry.y)}, {_decimal(geometry.x)}"
        return str(shapely.to_wkt(geometry, rounding_precision=DECIMALS))

    def to_json(self, value: Shape) -> JsonValue:
        return value.geojson(DECIMALS)

    def from_json(self, data: JsonValue) -> Shape:
        return Shape.from_geojson(data)

    def order(self, value: Shape) -> object:
        return value.bounds

    def schema(self) -> dict[str, JsonValue]:
        return {
            "type": "object",
            "required": ["type", "coordinates"],
            "properties": {"type": {"enum": list(_DEPTHS)}, "coordinates": {"type": "array"}},
        }


def _decimal(degrees: float) -> str:
    """Six decimals (a decimetre), more where there are more."""
    text = f"{degrees:.{DECIMALS}f}"
    return text[:-3] + text[-3:].rstrip("0")
