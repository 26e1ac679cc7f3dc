"""Shapefiles out, in a ZIP archive: one for each sort of geometry that there is."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
import shapely
from django.utils.translation import gettext as _
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from yakuba.engines.places.formats.drawn import Feature, Field
from yakuba.engines.places.formats.job import Encoding, Job, Written, encoded, text
from yakuba.kernel.fields.kinds import Cell

_NAME: Final = 10  # bytes of a column's name
_TEXT: Final = 254  # bytes of a text
_DIGITS: Final = 18  # what programs hold in a number
# Sort of geometry → ending of the layer's name where there are several, and the format's number.
_LAYERS: Final = {
    "point": ("_point", 1),
    "points": ("_multipoint", 8),
    "line": ("_line", 3),
    "area": ("_area", 5),
}
_SORTS: Final = {
    "Point": "point",
    "MultiPoint": "points",
    "LineString": "line",
    "MultiLineString": "line",
    "Polygon": "area",
    "MultiPolygon": "area",
}
_MARK: Final[dict[Encoding, int]] = {"cp932": 0x13, "utf-8": 0}
_CPG: Final[dict[Encoding, bytes]] = {"cp932": b"932", "utf-8": b"UTF-8"}


def write(job: Job, written: Written) -> None:
    """x is east, as all programs expect of a Shapefile. Texts are cut at 254 bytes, names at 10, never inside a character; each is told."""
    layers: dict[str, list[tuple[int, Feature]]] = {}
    for number, one in enumerate(job.features, 1):
        layers.setdefault(_sort(one.geometry), []).append((number, one))
    without = layers.pop("", [])
    if "points" in layers and "point" in layers:
        layers["points"] = sorted(layers.pop("point") + layers["points"], key=lambda item: item[0])
    if without:
        # Features without a geometry stand as null shapes in the first layer.
        first = next(iter(layers), "point")
        layers[first] = sorted(layers.get(first, []) + without, key=lambda item: item[0])
    if len(layers) > 1:
        written.note(_("Shapefileは1種類の図形しか持てないため、点・線・面を別のファイルにしました。"))
    columns = _columns(job, written)
    prj = CRS.from_epsg(job.system.epsg).to_wkt("WKT1_ESRI").encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for sort, features in (layers or {"point": []}).items():
            suffix, number = _LAYERS[sort]
            stem = job.name + (suffix if len(layers) > 1 else "")
            shp, shx = _shapes([one.geometry for _row, one in features], number)
            parts = {
                ".shp": shp,
                ".shx": shx,
                ".dbf": _table(columns, features, job.encoding),
                ".prj": prj,
                ".cpg": _CPG[job.encoding],
            }
            for ending, data in parts.items():
                archive.writestr(zipfile.ZipInfo(stem + ending), data, zipfile.ZIP_DEFLATED)
    written.data = buffer.getvalue()
    written.ending, written.content_type = ".zip", "application/zip"


def _sort(shape: BaseGeometry | None) -> str:
    return "" if shape is None or shape.is_empty else _SORTS.get(shape.geom_type, "")


# --- geometry ---------------------------------------------------------------------------------------------------


def _shapes(shapes: Sequence[BaseGeometry | None], sort: int) -> tuple[bytes, bytes]:
    """The .shp and the .shx."""
    contents = [_content(shape, sort) for shape in shapes]
    known = [shape for shape in shapes if _sort(shape)]
    box = shapely.total_bounds(known) if known else np.zeros(4)
    records, index = io.BytesIO(), io.BytesIO()
    at = 50
    for number, content in enumerate(contents, 1):
        words = len(content) // 2
        records.write(struct.pack(">ii", number, words) + content)
        index.write(struct.pack(">ii", at, words))
        at += words + 4
    return (
        _head(sort, records.tell(), box.tolist()) + records.getvalue(),
        _head(sort, index.tell(), box.tolist()) + index.getvalue(),
    )


def _head(sort: int, size: int, box: Sequence[float]) -> bytes:
    return struct.pack(">i20xi", 9994, (100 + size) // 2) + struct.pack("<ii4d32x", 1000, sort, *box)


def _content(shape: BaseGeometry | None, sort: int) -> bytes:
    if shape is None or not _sort(shape):
        return struct.pack("<i", 0)
    pairs = shapely.get_coordinates(shape).astype("<f8")
    if sort == 1:
        return struct.pack("<i", 1) + pairs.tobytes()
    box = struct.pack("<4d", *shape.bounds)
    if sort == 8:
        return struct.pack("<i", 8) + box + struct.pack("<i", len(pairs)) + pairs.tobytes()
    parts = [shapely.get_coordinates(part).astype("<f8") for part in _parts(shape)]
    starts = np.cumsum([0, *(len(part) for part in parts[:-1])]).astype("<i4")
    total = sum(len(part) for part in parts)
    return (
        struct.pack("<i", sort)
        + box
        + struct.pack("<ii", len(parts), total)
        + starts.tobytes()
        + b"".join(part.tobytes() for part in parts)
    )


def _parts(shape: BaseGeometry) -> list[BaseGeometry]:
    """Lines, or rings: the outer with the clock, holes against it."""
    parts: list[BaseGeometry] = list(getattr(shape, "geoms", [shape]))
    if _sort(shape) == "line":
        return parts
    rings: list[BaseGeometry] = []
    for part in parts:
        assert isinstance(part, shapely.Polygon)  # noqa: S101 – what areas are made of
        turned = shapely.orient_polygons(part, exterior_cw=True)
        rings += [turned.exterior, *turned.interiors]
    return rings


# --- table ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Column:
    name: bytes
    letter: str
    length: int
    decimals: int
    cells: Sequence[bytes]  # by feature, in the order of the job

    def cell(self, row: int) -> bytes:
        """Padded to the column's length: numbers at its end."""
        cell = self.cells[row - 1]
        return cell.rjust(self.length) if self.letter == "N" else cell.ljust(self.length)


def _columns(job: Job, written: Written) -> list[_Column]:
    columns: list[_Column] = []
    used: set[bytes] = set()
    for one in job.fields:
        name = _name(one.name, used, job.encoding, written)
        values = [feature.properties.get(one.name) for feature in job.features]
        columns.append(_column(name, one, values, job.encoding, written))
    if not columns:  # a table needs a column
        numbers = [str(number).encode() for number in range(1, len(job.features) + 1)]
        columns.append(_Column(b"id", "N", _DIGITS, 0, numbers))
    return columns


def _name(name: str, used: set[bytes], encoding: Encoding, written: Written) -> bytes:
    short = _cut(encoded(name, encoding, written, 0, name), _NAME, encoding) or b"field"
    unique, again = short, 2
    while unique.upper() in used:
        tail = f"_{again}".encode()
        unique, again = _cut(short, _NAME - len(tail), encoding) + tail, again + 1
    used.add(unique.upper())
    shown = unique.decode(encoding)
    if shown != name:
        written.note(
            _("項目「%(name)s」の名前を「%(short)s」にしました（10バイトまで）。")
            % {"name": name, "short": shown}
        )
    return unique


def _cut(data: bytes, length: int, encoding: Encoding) -> bytes:
    """At most so many bytes, never a part of a character."""
    if len(data) <= length:
        return data
    whole = data[:length]
    while whole:
        try:
            whole.decode(encoding)
        except UnicodeDecodeError:
            whole = whole[:-1]
        else:
            break
    return whole


def _column(name: bytes, one: Field, values: Sequence[Cell], encoding: Encoding, written: Written) -> _Column:
    known = [value for value in values if value is not None]
    if one.type == "boolean" and all(isinstance(value, bool) for value in known):
        return _Column(
            name, "L", 1, 0, [b"?" if value is None else b"T" if value else b"F" for value in values]
        )
    if one.type == "date" and all(
        isinstance(value, dt.date) and not isinstance(value, dt.datetime) for value in known
    ):
        return _Column(
            name,
            "D",
            8,
            0,
            [b"" if value is None else text(value).replace("-", "").encode() for value in values],
        )
    if one.type in {"integer", "number"} and (made := _numbers(name, values)) is not None:
        return made
    return _texts(name, one, values, encoding, written)


def _numbers(name: bytes, values: Sequence[Cell]) -> _Column | None:
    """None where a value is no number, or has more digits than programs hold."""
    exact: list[Decimal | None] = []
    for value in values:
        if value is None:
            exact.append(None)
        elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            exact.append(Decimal(repr(value)) if isinstance(value, float) else Decimal(value))
        else:
            return None
    known = [value for value in exact if value is not None]
    if not all(value.is_finite() for value in known):
        return None
    decimals = max((-int(value.as_tuple().exponent) for value in known), default=0)
    decimals = max(decimals, 0)
    cells = [b"" if value is None else f"{value:.{decimals}f}".encode() for value in exact]
    length = max(1, *(len(cell) for cell in cells)) if cells else 1
    if length > _DIGITS + 2 or decimals > 15:
        return None
    return _Column(name, "N", length, decimals, cells)


def _texts(name: bytes, one: Field, values: Sequence[Cell], encoding: Encoding, written: Written) -> _Column:
    cells = []
    for number, value in enumerate(values, 1):
        whole = encoded(text(value).replace("\x00", ""), encoding, written, number, one.name)
        cell = _cut(whole, _TEXT, encoding)
        if cell != whole:
            written.note(
                _("%(row)d件目の「%(field)s」は長いため、%(most)dバイトで切りました。")
                % {"row": number, "field": one.name, "most": _TEXT}
            )
        cells.append(cell)
    return _Column(name, "C", max(1, *(len(cell) for cell in cells)) if cells else 1, 0, cells)


def _table(columns: Sequence[_Column], features: Sequence[tuple[int, Feature]], encoding: Encoding) -> bytes:
    """The .dbf. Its date of change stays the beginning of its calendar: the same content is the same file."""
    size = 1 + sum(column.length for column in columns)
    head = struct.pack(
        "<B3BIHH17xB2x", 3, 0, 1, 1, len(features), 33 + 32 * len(columns), size, _MARK[encoding]
    )
    described = b"".join(
        struct.pack("<11sc4xBB14x", column.name, column.letter.encode(), column.length, column.decimals)
        for column in columns
    )
    records = b"".join(b" " + b"".join(column.cell(row) for column in columns) for row, _feature in features)
    return head + described + b"\r" + records + b"\x1a"
