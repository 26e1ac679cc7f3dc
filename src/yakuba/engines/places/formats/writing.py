"""Places as files: GeoJSON, Shapefile, KML and CSV, in JGD2011 or any of its 19 plane systems."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from yakuba.engines.places.crs.operations import shapes_to_system, system
from yakuba.engines.places.crs.systems import TRUTH, System
from yakuba.engines.places.formats import csv_out, geojson_out, kml_out, shapefile_out
from yakuba.engines.places.formats.drawn import Feature, Field
from yakuba.engines.places.formats.job import Encoding, Job, Written
from yakuba.kernel.actions import Problem

Format = Literal["geojson", "shapefile", "kml", "csv"]


def write(
    sort: Format,
    name: str,
    fields: Sequence[Field],
    features: Sequence[Feature],
    *,
    epsg: int = TRUTH,
    encoding: Encoding = "utf-8",
) -> Written:
    """A file of features whose geometries are in JGD2011 (longitude, latitude).

    ``epsg``: 6668, or 6669–6687 for a plane system (KML knows none). ``encoding`` is for Shapefile and CSV; characters that CP932 lacks
    become 〓 and are told. Raises :class:`Problem` for a system that is not written.
    """
    target = system(epsg)
    if target.datum != "jgd2011" or (sort == "kml" and target.kind != "degrees"):
        raise Problem(
            "crs_not_written",
            _(
                "この形式では %s で書き出せません。JGD2011の緯度経度か平面直角座標系を選んでください（KMLは緯度経度だけです）。"
            )
            % target.label,
            field="crs",
            found=f"EPSG:{epsg}",
            expected="EPSG:6668, 6669-6687",
        )
    written = Written()
    job = Job(name, fields, _in_system(features, target), target, encoding)
    _WRITERS[sort](job, written)
    return written


def _in_system(features: Sequence[Feature], target: System) -> list[Feature]:
    if target.epsg == TRUTH:
        return [Feature(one.row, _flat(one.geometry), one.properties) for one in features]
    placed = [one for one in features if one.geometry is not None]
    moved = iter(shapes_to_system([one.geometry for one in placed if one.geometry is not None], target.epsg))
    return [
        Feature(one.row, None if one.geometry is None else next(moved), one.properties) for one in features
    ]


def _flat(shape: BaseGeometry | None) -> BaseGeometry | None:
    return None if shape is None else shapely.force_2d(shape)


_WRITERS: Final[dict[Format, Callable[[Job, Written], None]]] = {
    "geojson": geojson_out.write,
    "shapefile": shapefile_out.write,
    "kml": kml_out.write,
    "csv": csv_out.write,
}
