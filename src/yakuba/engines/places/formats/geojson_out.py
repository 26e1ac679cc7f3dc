"""GeoJSON out (RFC 7946)."""

from __future__ import annotations

import json
from decimal import Decimal

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from yakuba.engines.places.formats.job import Job, Written, text
from yakuba.kernel.fields.kinds import Cell


def write(job: Job, written: Written) -> None:
    """RFC 7946: outer rings against the clock, longitude first. In a plane system with the ``crs`` member of 2008, and a note."""
    document: dict[str, object] = {"type": "FeatureCollection", "name": job.name}
    if job.system.kind == "degrees":
        written.note(
            _("GeoJSONの座標はWGS 84とされています。JGD2011の値をそのまま書きました（差はおよそ1m以内）。")
        )
    else:
        document["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{job.system.epsg}"}}
        written.note(
            _("%sで書きました。RFC 7946は緯度経度だけを認めるため、読めないプログラムがあります。")
            % job.system.label
        )
    document["features"] = [
        {
            "type": "Feature",
            "geometry": None if one.geometry is None else geometry(one.geometry, job.decimals),
            "properties": {column.name: _json(one.properties.get(column.name)) for column in job.fields},
        }
        for one in job.features
    ]
    written.data = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(
        "utf-8", "replace"
    )
    written.ending, written.content_type = ".geojson", "application/geo+json"


def geometry(shape: BaseGeometry, decimals: int) -> dict[str, object]:
    """A GeoJSON geometry, its coordinates rounded."""
    oriented = shapely.orient_polygons(shape)
    rounded = shapely.transform(oriented, lambda pairs: pairs.round(decimals))
    found: dict[str, object] = dict(rounded.__geo_interface__)
    return found


def _json(value: Cell) -> object:
    """JSON has no decimals: a number where a program's float is the same number, else its text."""
    if isinstance(value, Decimal):
        number = int(value) if value == value.to_integral_value() and abs(value) < 2**53 else float(value)
        return number if Decimal(repr(number)) == value else format(value, "f")
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return text(value)
