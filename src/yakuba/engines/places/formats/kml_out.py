"""KML out (OGC 12-007r2), in degrees."""

from __future__ import annotations

import re
from typing import Final
from xml.etree import ElementTree as ET

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from yakuba.engines.places.formats.job import Job, Written, text

_SPACE: Final = "http://www.opengis.net/kml/2.2"
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write(job: Job, written: Written) -> None:
    """A placemark for each feature, called by its first text; all values stand in its extended data."""
    written.note(_("KMLの座標はWGS 84とされています。JGD2011の値をそのまま書きました（差はおよそ1m以内）。"))
    root = ET.Element("kml", xmlns=_SPACE)
    document = ET.SubElement(root, "Document")
    ET.SubElement(document, "name").text = _clean(job.name)
    title = next((column.name for column in job.fields if column.type == "text"), None)
    for one in job.features:
        placemark = ET.SubElement(document, "Placemark")
        if title is not None:
            ET.SubElement(placemark, "name").text = _clean(text(one.properties.get(title)))
        data = ET.SubElement(placemark, "ExtendedData")
        for column in job.fields:
            item = ET.SubElement(data, "Data", name=_clean(column.name))
            ET.SubElement(item, "value").text = _clean(text(one.properties.get(column.name)))
        if one.geometry is not None:
            _shape(placemark, shapely.orient_polygons(one.geometry), job.decimals)
    written.data = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    written.ending, written.content_type = ".kml", "application/vnd.google-earth.kml+xml"


def _clean(value: str) -> str:
    return _NOT_XML.sub("", value)


def _shape(parent: ET.Element, shape: BaseGeometry, decimals: int) -> None:
    if hasattr(shape, "geoms"):
        several = ET.SubElement(parent, "MultiGeometry")
        for part in shape.geoms:
            _shape(several, part, decimals)
    elif isinstance(shape, shapely.Polygon):
        area = ET.SubElement(parent, "Polygon")
        for ring, side in [
            (shape.exterior, "outerBoundaryIs"),
            *((one, "innerBoundaryIs") for one in shape.interiors),
        ]:
            _pairs(ET.SubElement(ET.SubElement(area, side), "LinearRing"), ring, decimals)
    else:
        _pairs(
            ET.SubElement(parent, "Point" if shape.geom_type == "Point" else "LineString"), shape, decimals
        )


def _pairs(parent: ET.Element, shape: BaseGeometry, decimals: int) -> None:
    pairs = np.asarray(shapely.get_coordinates(shape))
    ET.SubElement(parent, "coordinates").text = " ".join(
        f"{x:.{decimals}f},{y:.{decimals}f}" for x, y in pairs
    )
