"""GeoJSON (RFC 7946), one document or one feature a line. Read in the sandbox."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final, NoReturn

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from yakuba.engines.places.crs.systems import SYSTEMS
from yakuba.engines.places.formats.found import (
    BadShape,
    Figure,
    Found,
    areas,
    lines,
    mixed,
    plain,
    point,
    points,
    types,
)
from yakuba.kernel.files.wire import Fault, Wire, bare

Floats = npt.NDArray[np.float64]
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
_EPSG: Final = re.compile(r"(?:urn:ogc:def:crs:)?EPSG:[0-9.]*:?(\d{4,6})", re.IGNORECASE)
_CRS84: Final = re.compile(r"urn:ogc:def:crs:OGC:[0-9.]*:CRS84", re.IGNORECASE)
_LONGEST: Final = 32_000  # characters of a nested value that is kept as text


@bare
def read(path: str) -> dict[str, Wire]:
    """See :class:`.found.Found`; raises :class:`Fault`."""
    found = Found("geojson")
    documents = list(_documents(_text(Path(path).read_bytes(), found)))
    features: list[tuple[int, Json]] = []
    for line, document in documents:
        features += _features(line, document, found)
    found.crs = _system([document for _line, document in documents], found)
    rows = [_properties(feature, found) for _row, feature in features]
    found.fields = types(rows)
    for (row, feature), properties in zip(features, rows, strict=True):
        values = [properties.get(name) for name in found.fields]
        try:
            found.add(row, _geometry(feature, found), values)
        except BadShape as bad:
            found.bad_shape(row, bad)
            found.add(row, None, values)
    if found.crs is None and _degrees(found):
        found.crs = 4326
        found.note(_("座標はRFC 7946によりWGS 84の経度・緯度として読みました。"))
    elif found.crs is None:
        found.note(_("座標が経度・緯度の範囲にありません。座標系を選んでください。"))
    return found.wire()


def _text(data: bytes, found: Found) -> str:
    for codec in ("utf-8-sig", "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "cp932"):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        found.encoding = codec.removesuffix("-sig")
        if found.encoding != "utf-8":
            found.note(_("文字コードがUTF-8ではないため、%sとして読みました。") % found.encoding)
        return text
    raise Fault(
        "json_encoding",
        _("文字コードが分かりません。UTF-8で保存したGeoJSONを選んでください。"),
        expected="UTF-8",
    )


def _documents(text: str) -> Iterator[tuple[int, Json]]:
    """The document, or one for each line (RFC 8142 puts a record separator before each), with its line number, 0 for a whole one."""
    try:
        whole = _json(text)
    except json.JSONDecodeError as exc:
        lined = [(number, line.strip("\x1e \r\t")) for number, line in enumerate(text.split("\n"), 1)]
        lined = [(number, line) for number, line in lined if line]
        if len(lined) < 2 or not all(line.startswith("{") for _number, line in lined):
            raise _broken(exc.lineno) from exc
    else:
        yield 0, whole
        return
    for number, line in lined:
        try:
            document = _json(line)
        except json.JSONDecodeError as exc:
            raise _broken(number) from exc
        yield number, document


def _json(text: str) -> Json:
    try:
        document: Json = json.loads(text, parse_constant=_no_number)
    except RecursionError as exc:
        raise Fault("json_deep", _("GeoJSONの入れ子が深すぎます。")) from exc
    except json.JSONDecodeError:
        raise
    except ValueError as exc:  # numbers of thousands of digits
        raise Fault(
            "json_number", _("GeoJSONに数値として読めないものがあります。"), found=str(exc)[:40]
        ) from exc
    return document


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _broken(line: int) -> Fault:
    return Fault(
        "json_broken",
        _("GeoJSONとして読めません（%d行目）。途中で切れていないか確かめてください。") % line,
        found=str(line),
    )


def _features(line: int, document: Json, found: Found) -> list[tuple[int, Json]]:
    sort = _member(document, "type")
    if sort == "FeatureCollection":
        features = _member(document, "features")
        if isinstance(features, list):
            return [(line or number, one) for number, one in enumerate(features, 1)]
    elif sort == "Feature":
        return [(line or 1, document)]
    elif isinstance(sort, str) and (sort in _BUILDERS or sort == "GeometryCollection"):
        return [(line or 1, {"type": "Feature", "geometry": document, "properties": None})]
    raise Fault(
        "json_other",
        _("GeoJSONの地物がありません。FeatureCollectionの入ったファイルを選んでください。"),
        found=plain(str(sort))[:40],
        expected="FeatureCollection",
    )


def _system(documents: list[Json], found: Found) -> int | None:
    """The ``crs`` member of the GeoJSON of 2008, which programs still write."""
    for document in documents:
        name = _member(_member(_member(document, "crs"), "properties"), "name")
        if not isinstance(name, str):
            continue
        if _CRS84.fullmatch(name.strip()):
            return 4326
        code = _EPSG.fullmatch(name.strip())
        if code and int(code[1]) in SYSTEMS:
            return int(code[1])
        found.note(_("座標系「%s」は扱えません。座標系を選んでください。") % plain(name)[:60])
    return None


def _member(value: Json, name: str) -> Json:
    return value.get(name) if isinstance(value, dict) else None


def _degrees(found: Found) -> bool:
    return all((np.abs(one.points) <= (180, 90)).all() for one in found.figures if one is not None)


def _properties(feature: Json, found: Found) -> dict[str, Wire]:
    properties, identity = _member(feature, "properties"), _member(feature, "id")
    values: dict[str, Wire] = {}
    if isinstance(identity, str | int | float):
        values["id"] = _value(identity, found)
    if isinstance(properties, dict):
        values.update((plain(name), _value(value, found)) for name, value in properties.items())
    return values


def _value(value: Json, found: Found) -> Wire:
    if isinstance(value, str):
        return plain(value)
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**63 else str(value)
    found.note(_("入れ子になった値は、JSONの文字列として読みました。"))
    return plain(json.dumps(value, ensure_ascii=False))[:_LONGEST]


def _geometry(feature: Json, found: Found) -> Figure | None:
    """Raises :class:`BadShape`."""
    if _member(feature, "type") != "Feature":
        raise BadShape(_("地物（Feature）ではありません"))
    geometry = _member(feature, "geometry")
    return None if geometry is None else _figure(geometry, found, 0)


def _figure(geometry: Json, found: Found, depth: int) -> Figure:
    sort = _member(geometry, "type")
    if sort == "GeometryCollection":
        parts = _member(geometry, "geometries")
        if not isinstance(parts, list) or depth:
            raise BadShape(_("図形の集まりを読めません"))
        return mixed([_figure(part, found, depth + 1) for part in parts])
    if not isinstance(sort, str) or sort not in _BUILDERS:
        raise BadShape(_("図形の種類が分かりません"))
    return _BUILDERS[sort](_member(geometry, "coordinates"), found)


def _pairs(value: Json, found: Found) -> Floats:
    positions = [one for one in _listed(value) if isinstance(one, list) and len(one) >= 2]
    if len(positions) < len(_listed(value)):
        raise BadShape(_("座標の並びを読めません"))
    if any(len(one) > 2 for one in positions):
        found.note(_("高さ（Z）は読みません。"))
        positions = [one[:2] for one in positions]
    # A text or true would become a number in silence.
    if not {type(number) for number in chain.from_iterable(positions)} <= {int, float}:
        raise BadShape(_("座標が数値ではありません"))
    try:
        return np.array(positions, dtype=np.float64).reshape(-1, 2)
    except OverflowError as error:
        raise BadShape(_("座標が数値ではありません")) from error


def _listed(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise BadShape(_("座標の並びを読めません"))
    return value


def _point(value: Json, found: Found) -> Figure:
    pair = _pairs([value], found)[0]
    return point(float(pair[0]), float(pair[1]))


def _lines(value: Json, found: Found) -> Figure:
    return lines([_pairs(part, found) for part in _listed(value)])


def _areas(value: Json, found: Found) -> Figure:
    return areas([[_pairs(ring, found) for ring in _listed(part)] for part in _listed(value)])


_BUILDERS: Final = {
    "Point": _point,
    "MultiPoint": lambda value, found: points(_pairs(value, found)),
    "LineString": lambda value, found: lines([_pairs(value, found)]),
    "MultiLineString": _lines,
    "Polygon": lambda value, found: _areas([value], found),
    "MultiPolygon": _areas,
}
