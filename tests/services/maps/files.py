"""Invented geographic files, as offices have them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from yakuba.engines.places.formats.drawn import Feature, Field
from yakuba.engines.places.formats.writing import write

FIELDS = (Field("名前", "text"), Field("種別", "text"), Field("高さ", "number"), Field("基数", "integer"))
KINDS = ("防犯灯", "道路照明", "防犯灯")
#: In 例示 country of zone 9, a little north of the landmark that tests type.
WHERE = (139.805, 36.321)


def lamps(many: int = 3) -> list[Feature]:
    """So many invented street lights."""
    return [
        Feature(
            n,
            shapely.Point(WHERE[0] + n * 0.001, WHERE[1]),
            {"名前": f"見本灯{n}号", "種別": KINDS[n % 3], "高さ": n + 0.5, "基数": n},
        )
        for n in range(1, many + 1)
    ]


def areas(*shapes: BaseGeometry) -> list[Feature]:
    """Areas with a name."""
    return [
        Feature(n, shape, {"名前": f"区画{n}", "種別": "区画", "高さ": None, "基数": n})
        for n, shape in enumerate(shapes, start=1)
    ]


def shapefile(features: Sequence[Feature], *, epsg: int = 6677, prj: bool = False) -> bytes:
    """A zipped Shapefile in CP932, without a .prj unless asked for, and without a mark of its encoding."""
    whole = write("shapefile", "街路灯", FIELDS, features, epsg=epsg, encoding="cp932").data
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            if prj or not name.endswith((".prj", ".cpg")):
                target.writestr(name, source.read(name))
    return out.getvalue()


def geojson(features: Sequence[Feature]) -> bytes:
    """The same as GeoJSON."""
    return write("geojson", "街路灯", FIELDS, features).data


def two_shapefiles() -> bytes:
    """An archive with two of them, 街路灯 and 昨年."""
    out = io.BytesIO()
    whole = shapefile(lamps(), prj=True)
    with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
            target.writestr("昨年" + name[name.rindex(".") :], source.read(name))
    return out.getvalue()
