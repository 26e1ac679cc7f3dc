"""From an uploaded file to what is drawn in it."""

from __future__ import annotations

import base64
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO, Final, cast, get_args

import numpy as np
import numpy.typing as npt
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from yakuba.engines.places.crs.systems import SYSTEMS, Axis
from yakuba.engines.places.formats import geojson, kml, shapefile, tables
from yakuba.engines.places.formats.drawn import Drawn, Feature, Field, FieldType, Hints, RowFault, told
from yakuba.engines.places.formats.found import MIXED
from yakuba.kernel.actions import Problem
from yakuba.kernel.fields.kinds import Cell
from yakuba.kernel.files import limits, sandbox
from yakuba.kernel.files.archives import LIMITS, Limits
from yakuba.kernel.files.backends import CHUNK
from yakuba.kernel.files.content import TEXT, XLSX, ZIP, content_type
from yakuba.kernel.files.wire import Wire

Floats = npt.NDArray[np.float64]

# The fixed-width fields of a DBF are mostly blanks, and pack a hundredfold; the unpacked size is bounded all the same.
_ARCHIVE: Final = Limits(size=LIMITS.size, unpacked=LIMITS.unpacked, ratio=1100)
_ENCODINGS: Final = ("", "utf-8", "cp932", "euc_jp")
NO_HINTS: Final = Hints()


def read(stream: BinaryIO, hints: Hints = NO_HINTS) -> Drawn:
    """What a file holds: GeoJSON, a Shapefile in a ZIP archive, KML, KMZ, or a table (XLSX, CSV) with coordinates.

    Which of them, its bytes say. Limits are checked first; the parser runs in the sandbox on a private copy. Raises :class:`Problem` for a
    file that cannot be followed; what is wrong with single rows is told in ``faults``.
    """
    if hints.encoding not in _ENCODINGS or (hints.crs is not None and hints.crs not in SYSTEMS):
        raise ValueError(hints)
    if content_type(stream) == ZIP:
        limits.check(stream, _ARCHIVE)
    else:
        limits.check(stream)
    with tempfile.NamedTemporaryFile(prefix="yakuba-drawn-") as copy:
        stream.seek(0)
        while block := stream.read(CHUNK):
            copy.write(block)
        copy.flush()
        kept = _parsed(stream, copy.name, hints)
    if not isinstance(kept, Mapping):
        raise sandbox.unreadable()
    return told(unwired(kept), hints)


def _parsed(stream: BinaryIO, path: str, hints: Hints) -> Wire:
    sort = content_type(stream)
    north, east = hints.columns or ("", "")
    if sort == XLSX:
        return sandbox.read(tables.read, path, "xlsx", north, east)
    if sort == ZIP:
        return _archived(stream, path, hints)
    if sort == TEXT:
        head = _head(stream)
        if head.startswith(("{", "[", "\x1e")):
            return sandbox.read(geojson.read, path)
        if head.startswith("<"):
            return sandbox.read(kml.read, path)
        return sandbox.read(tables.read, path, "csv", north, east)
    stream.seek(0)
    if stream.read(4) == b"\x00\x00\x27\x0a":
        raise Problem(
            "shp_alone",
            _("Shapefileは、.shp・.shx・.dbf・.prjをまとめてZIPに圧縮してから選んでください。"),
            found=".shp",
            expected=".zip",
        )
    raise Problem(
        "drawn_type",
        _(
            "地図の図形として読めるファイルではありません。GeoJSON・Shapefile（ZIP）・KML・KMZ・XLSX・CSVから選んでください。"
        ),
        found=sort,
        expected="GeoJSON・Shapefile・KML・KMZ・XLSX・CSV",
    )


def _archived(stream: BinaryIO, path: str, hints: Hints) -> Wire:
    """A KMZ is told by its document; whatever else it is, a Shapefile is looked for."""
    with zipfile.ZipFile(stream) as archive:  # its directory was checked with the limits
        endings = {name.rpartition(".")[2].lower() for name in archive.namelist()}
    if "kml" in endings and "shp" not in endings:
        return sandbox.read(kml.read_archive, path)
    return sandbox.read(shapefile.read, path, hints.layer, hints.encoding)


def _head(stream: BinaryIO) -> str:
    stream.seek(0)
    head = stream.read(256)
    for codec in ("utf-8-sig", "utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "cp932"):
        try:
            return head.decode(codec, "ignore").lstrip()
        except UnicodeError:
            continue
    return ""


def unwired(kept: Mapping[str, Wire]) -> Drawn:
    """What the sandbox gave, checked: it may come from a process that a hostile file has taken over. Raises :class:`Problem`."""
    try:
        return _unwired(kept)
    except (KeyError, TypeError, ValueError, IndexError, OverflowError, shapely.GEOSException) as exc:
        raise sandbox.unreadable() from exc


def _unwired(kept: Mapping[str, Wire]) -> Drawn:
    fields = [
        Field(str(name), _type(sort)) for name, sort in cast("Sequence[tuple[str, str]]", kept["fields"])
    ]
    names = [one.name for one in fields]
    pairs = np.frombuffer(base64.b64decode(str(kept["points"]), validate=True), "<f8").reshape(-1, 2)
    if not np.isfinite(pairs).all():
        raise ValueError("points")
    shapes = _shapes(cast("Sequence[Wire]", kept["shapes"]), pairs)
    rows = cast("Sequence[int]", kept["rows"])
    values = cast("Sequence[Sequence[Cell]]", kept["values"])
    crs, axis = kept["crs"], kept["axis"]
    if (crs is not None and crs not in SYSTEMS) or axis not in {None, *get_args(Axis)}:
        raise ValueError(crs, axis)
    return Drawn(
        str(kept["format"]),
        [
            Feature(int(row), shape, dict(zip(names, cells, strict=True)))
            for row, shape, cells in zip(rows, shapes, values, strict=True)
        ],
        cast("int | None", crs),
        cast("Axis | None", axis),
        fields,
        str(kept["encoding"]),
        tuple(str(note) for note in cast("Sequence[str]", kept["notes"])),
        tuple(_fault(one) for one in cast("Sequence[Mapping[str, Wire]]", kept["faults"])),
    )


def _type(name: str) -> FieldType:
    if name not in get_args(FieldType):
        raise ValueError(name)
    return cast("FieldType", name)


def _fault(kept: Mapping[str, Wire]) -> RowFault:
    return RowFault(
        int(str(kept["row"])), str(kept["code"]), str(kept["message"]), str(kept["field"]), str(kept["found"])
    )


def _shapes(kept: Sequence[Wire], pairs: Floats) -> list[BaseGeometry | None]:
    """Geometries of their sorts and counts; every point must be used, and no more than there are."""
    shapes: list[BaseGeometry | None] = [None] * len(kept)
    single: list[int] = []
    at: list[int] = []
    taken = 0
    for index, one in enumerate(kept):
        if one is None:
            continue
        sort, counts = cast("Sequence[Wire]", one)
        if sort == "Point":  # by far the most: made together
            single.append(index)
            at.append(taken)
            taken += 1
        else:
            cut = _Cut(pairs, taken)
            shapes[index] = cut.shape(str(sort), counts)
            taken = cut.at
    if taken != len(pairs):
        raise ValueError(taken)
    if single:
        made = cast("npt.NDArray[np.object_]", shapely.points(pairs[at]))
        for index, shape in zip(single, made, strict=True):
            shapes[index] = shape
    return shapes


class _Cut:
    """Cuts the next points from all of a file's."""

    def __init__(self, pairs: Floats, at: int) -> None:
        self.pairs = pairs
        self.at = at

    def take(self, count: Wire) -> Floats:
        if (
            not isinstance(count, int)
            or isinstance(count, bool)
            or count < 1
            or self.at + count > len(self.pairs)
        ):
            raise ValueError(count)
        self.at += count
        return self.pairs[self.at - count : self.at]

    def shape(self, sort: str, counts: Wire) -> BaseGeometry:
        if sort == "Point":
            return shapely.Point(self.take(1)[0])
        if sort == "MultiPoint":
            return shapely.MultiPoint(self.take(counts))
        if sort == "LineString":
            return shapely.LineString(self.take(counts))
        if sort == "Polygon":
            return self.polygon(counts)
        if sort == "MultiLineString":
            return shapely.MultiLineString([self.take(one) for one in _several(counts)])
        if sort == "MultiPolygon":
            return shapely.MultiPolygon([self.polygon(one) for one in _several(counts)])
        if sort == MIXED:
            return shapely.GeometryCollection(list(self._mixed(_several(counts))))
        raise ValueError(sort)

    def polygon(self, counts: Wire) -> shapely.Polygon:
        rings = [self.take(one) for one in _several(counts)]
        return shapely.Polygon(rings[0], rings[1:])

    def _mixed(self, parts: Sequence[Wire]) -> Iterator[BaseGeometry]:
        sorts = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
        for part in parts:
            index, counts = _several(part)
            yield self.shape(sorts[int(str(index))], counts)


def _several(counts: Wire) -> Sequence[Wire]:
    if not isinstance(counts, list) or not counts:
        raise ValueError(counts)
    return counts
