"""Shapefiles in a ZIP archive (ESRI Shapefile Technical Description, July 1998). Read in the sandbox."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from yakuba.engines.places.crs import wkt
from yakuba.engines.places.formats import dbf
from yakuba.engines.places.formats.archive import Members, members
from yakuba.engines.places.formats.found import BadShape, Figure, Found, areas, lines, point, points, too_many
from yakuba.engines.places.formats.rings import polygons
from yakuba.kernel.files.wire import Fault, Wire, bare

Floats = npt.NDArray[np.float64]

_POINT: Final = frozenset({1, 11, 21})
_LINE: Final = frozenset({3, 13, 23})
_AREA: Final = frozenset({5, 15, 25})
_POINTS: Final = frozenset({8, 18, 28})
_HEIGHTS: Final = frozenset({11, 13, 15, 18})
_LARGEST: Final = 200_000_000


@bare
def read(path: str, layer: str, encoding: str) -> dict[str, Wire]:
    """The Shapefile in an archive, ``layer`` where there are several. See :class:`.found.Found`; raises :class:`Fault`."""
    found = Found("shapefile")
    with members(path) as archive:
        shp = _chosen(archive, layer)
        found.crs = _system(archive.beside(shp, ".prj"), found)
        geometry = archive.read(shp)
        _check_index(archive.beside(shp, ".shx"), geometry, found)
        table = archive.beside(shp, ".dbf")
        if len(geometry) > _LARGEST:
            raise too_many()
        if table is None:
            found.note(_("属性のファイル（.dbf）がないため、図形だけを読みました。"))
        parsed = None if table is None else dbf.parse(table)
        if parsed is not None:
            found.encoding = dbf.codec(parsed, archive.beside(shp, ".cpg"), encoding, found)
        _together(geometry, parsed, found)
    return found.wire()


def _chosen(archive: Members, layer: str) -> PurePosixPath:
    paths = archive.ending(".shp")
    if layer:
        paths = [path for path in paths if layer in {path.stem, str(path)}]
    if len(paths) == 1:
        return paths[0]
    names = "、".join(sorted(str(path) for path in archive.ending(".shp"))[:20])
    if not names:
        raise Fault(
            "shp_missing",
            _("圧縮ファイルの中に.shpがありません。.shp・.shx・.dbf・.prjをまとめて圧縮してください。"),
        )
    raise Fault(
        "shp_several",
        _("圧縮ファイルの中にShapefileが複数あります。1つを選んでください（%s）。") % names,
        field="layer",
        found=names,
    )


def _system(prj: bytes | None, found: Found) -> int | None:
    if prj is None:
        found.note(_("座標系のファイル（.prj）がありません。座標系を選んでください。"))
        return None
    text = prj.decode("utf-8", "replace")
    epsg = wkt.epsg(text)
    if epsg is None:
        found.note(
            _("座標系のファイル（.prj）の内容が扱える座標系ではありません。座標系を選んでください（%s）。")
            % text[:80]
        )
    return epsg


def _check_index(index: bytes | None, geometry: bytes, found: Found) -> None:
    """The index is not needed; where it counts otherwise a program has broken off while writing."""
    if index is None or len(index) < 100:
        found.note(_("索引のファイル（.shx）がないか壊れています。.shpだけで読みました。"))
    elif (len(index) - 100) // 8 != sum(1 for _record in _records(geometry)):
        found.note(_("索引のファイル（.shx）と図形の件数が合いません。.shpの件数で読みました。"))


def _together(geometry: bytes, table: dbf.Table | None, found: Found) -> None:
    rows = None if table is None else dbf.rows(table, found.encoding, found)
    row = 0
    for row, record in enumerate(_records(geometry), 1):
        values = [] if rows is None else next(rows, _NO_ROW)
        if values is _NO_ROW or values is None:
            if values is None:
                found.note(_("削除の印が付いた行は読みません。"))
            else:
                found.fault(row, "dbf_short", _("%d件目の属性がありません。") % row)
            continue
        try:
            found.add(row, _figure(record, found), list(values))
        except BadShape as bad:
            found.bad_shape(row, bad)
            found.add(row, None, list(values))
    if table is not None and table.count > row:
        found.fault(
            row + 1,
            "shp_short",
            _("属性は%(rows)d件ありますが、図形は%(shapes)d件です。") % {"rows": table.count, "shapes": row},
        )


_NO_ROW: Final[list[Wire]] = []


def _records(data: bytes) -> Iterator[bytes]:
    """The content of each record. Raises :class:`Fault` for lengths that do not fit."""
    if len(data) < 100 or data[:4] != b"\x00\x00\x27\x0a":
        raise _broken(0)
    end = struct.unpack_from(">i", data, 24)[0] * 2
    if end < 100 or end > len(data):
        raise _broken(0)
    at, number = 100, 0
    while at < end:
        number += 1
        if at + 12 > end:
            raise _broken(number)
        length = struct.unpack_from(">i", data, at + 4)[0] * 2
        if length < 4 or at + 8 + length > end:
            raise _broken(number)
        yield data[at + 8 : at + 8 + length]
        at += 8 + length


def _broken(number: int) -> Fault:
    return Fault(
        "shp_broken",
        _(
            "Shapefileの図形（.shp）が壊れているか、途中で切れています（%d件目）。元のファイルを選び直してください。"
        )
        % number,
        field="shp",
        found=str(number),
    )


def _figure(record: bytes, found: Found) -> Figure | None:
    """Raises :class:`BadShape`."""
    sort = struct.unpack_from("<i", record)[0]
    if sort in _HEIGHTS:
        found.note(_("高さ（Z）は読みません。"))
    if sort == 0:
        return None
    try:
        if sort in _POINT:
            return point(*struct.unpack_from("<dd", record, 4))
        if sort in _POINTS:
            return points(_pairs(record, 40, struct.unpack_from("<i", record, 36)[0]))
        if sort in _LINE:
            return lines(_parts(record))
        if sort in _AREA:
            return _areas(_parts(record), found)
    except (struct.error, ValueError) as error:
        raise BadShape(_("長さが合いません")) from error
    raise BadShape(_("種類%dは扱えません") % sort)


def _areas(rings: list[Floats], found: Found) -> Figure:
    # Programs leave rings of one or two points behind; they enclose nothing.
    kept = [ring for ring in rings if len(ring) >= 3]
    if len(kept) < len(rings):
        found.note(_("点が3つない輪郭は読みません。"))
    if not all(np.isfinite(ring).all() for ring in kept):
        raise BadShape(_("座標が数値ではありません"))
    figures, right = polygons(
        [ring if (ring[0] == ring[-1]).all() else np.concatenate([ring, ring[:1]]) for ring in kept]
    )
    if not right:
        found.note(_("輪郭の向きが仕様と違う面があります。輪郭の内外から読み直しました。"))
    return areas(figures)


def _parts(record: bytes) -> list[Floats]:
    """Raises struct.error or ValueError for counts that do not fit."""
    parts, count = struct.unpack_from("<ii", record, 36)
    if parts < 1 or count < 1 or parts > count:
        raise ValueError(parts, count)
    if 44 + 4 * parts > len(record):
        raise ValueError(parts)
    starts = np.frombuffer(record, "<i4", parts, 44).astype(np.int64)
    if starts[0] != 0 or (np.diff(starts) < 1).any() or starts[-1] >= count:
        raise ValueError(starts[0])
    return np.split(_pairs(record, 44 + 4 * parts, count), starts[1:])


def _pairs(record: bytes, at: int, count: int) -> Floats:
    if count < 1 or at + 16 * count > len(record):
        raise ValueError(count)
    return np.frombuffer(record, "<f8", 2 * count, at).reshape(-1, 2)
