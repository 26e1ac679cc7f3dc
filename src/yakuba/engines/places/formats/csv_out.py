"""CSV out: UTF-8 with a byte order mark or CP932, a column for each coordinate."""

from __future__ import annotations

import codecs
import csv
import io

import shapely
from django.utils.translation import gettext as _

from yakuba.engines.places.formats.drawn import Feature
from yakuba.engines.places.formats.job import Job, Written, encoded, text
from yakuba.kernel.sheets.cells import guard


def write(job: Job, written: Written) -> None:
    """Points as 緯度・経度, or X座標・Y座標 in the surveyors' order (X is north); other shapes as WKT (x east, y north)."""
    points = all(one.geometry is None or one.geometry.geom_type == "Point" for one in job.features)
    heads = ["WKT"]
    if points:
        heads = ["緯度", "経度"] if job.system.kind == "degrees" else ["X座標", "Y座標"]
    fields = [column for column in job.fields if column.name not in heads]
    if len(fields) < len(job.fields):
        written.note(_("「%s」の列は、図形の座標で書きました。") % "・".join(heads))
    if job.system.kind == "plane":
        written.note(
            _("%sで書きました。Xが北、Yが東です。") % job.system.label
            if points
            else _("%sで書きました。") % job.system.label
        )
    names = [*(column.name for column in fields), *heads]
    parts = [
        codecs.BOM_UTF8 if job.encoding == "utf-8" else b"",
        _line(job, written, 0, names, [guard(name) for name in names]),
    ]
    for number, one in enumerate(job.features, 1):
        values = [one.properties.get(column.name) for column in fields]
        # A minus before a number is no formula.
        cells = [guard(value) if isinstance(value, str) else text(value) for value in values]
        parts.append(_line(job, written, number, names, [*cells, *_place(job, one, points=points)]))
    written.data = b"".join(parts)
    written.ending, written.content_type = ".csv", "text/csv"


def _place(job: Job, one: Feature, *, points: bool) -> list[str]:
    shape = one.geometry
    if shape is None or shape.is_empty:
        return ["", ""] if points else [""]
    if points and isinstance(shape, shapely.Point):
        return [f"{shape.y:.{job.decimals}f}", f"{shape.x:.{job.decimals}f}"]
    return [str(shapely.to_wkt(shape, rounding_precision=job.decimals))]


def _line(job: Job, written: Written, row: int, names: list[str], cells: list[str]) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    fitting = [
        encoded(cell, job.encoding, written, row, name).decode(job.encoding)
        for name, cell in zip(names, cells, strict=True)
    ]
    writer.writerow(fitting)
    return target.getvalue().encode(job.encoding)
