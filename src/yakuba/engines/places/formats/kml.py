"""KML and KMZ (OGC 12-007r2). Read in the sandbox: nothing that a document points to is opened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, cast
from xml.etree import ElementTree as ET

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from yakuba.engines.places.formats.archive import members
from yakuba.engines.places.formats.found import (
    BadShape,
    Figure,
    Found,
    areas,
    lines,
    mixed,
    plain,
    point,
    types,
)
from yakuba.kernel.files.wire import Fault, Wire, bare

Floats = npt.NDArray[np.float64]

#: What KML's numbers are (OGC 12-007r2 §6.2): WGS 84, taken for JGD2011.
_SYSTEM: Final = 6668
_DEEPEST: Final = 60
_FOREIGN: Final = re.compile(
    rb"""\A(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}?encoding\s*=\s*["'](shift_jis|shift-jis|sjis|windows-31j|cp932|euc-jp)["']""",
    re.IGNORECASE,
)
_DECLARATION: Final = re.compile(r"\A\s*<\?xml[^>]*\?>")
_UNREAD: Final = {
    "NetworkLink",
    "GroundOverlay",
    "PhotoOverlay",
    "ScreenOverlay",
    "Track",
    "MultiTrack",
    "Model",
    "Tour",
}
_SHAPES: Final = {"Point", "LineString", "LinearRing", "Polygon", "MultiGeometry"}


@bare
def read(path: str) -> dict[str, Wire]:
    """A KML document. See :class:`.found.Found`; raises :class:`Fault`."""
    return _read(Path(path).read_bytes())


@bare
def read_archive(path: str) -> dict[str, Wire]:
    """A KMZ archive: its first document (``doc.kml`` where there is one). Otherwise like :func:`read`."""
    with members(path) as archive:
        documents = archive.ending(".kml")
        if not documents:
            raise Fault("kml_missing", _("圧縮ファイルの中に.kmlがありません。"))
        first = next((one for one in documents if one.name.casefold() == "doc.kml"), documents[0])
        return _read(archive.read(first))


def _read(data: bytes) -> dict[str, Wire]:
    found = Found("kml", crs=_SYSTEM)
    found.note(_("KMLの座標（WGS 84）は、JGD2011と同じ値として読みました（差はおよそ1m以内）。"))
    rows: list[dict[str, Wire]] = []
    figures: list[Figure | None] = []
    for row, placemark in enumerate(_placemarks(data, found), 1):
        rows.append(_properties(placemark))
        try:
            figures.append(_geometry(placemark, found))
        except BadShape as bad:
            found.bad_shape(row, bad)
            figures.append(None)
        placemark.clear()
    found.fields = types(rows)
    for row, (figure, properties) in enumerate(zip(figures, rows, strict=True), 1):
        found.add(row, figure, [properties.get(name) for name in found.fields])
    return found.wire()


def _placemarks(data: bytes, found: Found) -> Iterator[ET.Element]:
    parser: ET.XMLPullParser[ET.Element] = ET.XMLPullParser(events=("start", "end"))
    depth = 0
    try:
        for piece in _pieces(data):
            parser.feed(piece)
            for event, element in cast("Iterator[tuple[str, ET.Element]]", parser.read_events()):
                depth += 1 if event == "start" else -1
                if depth > _DEEPEST:
                    raise Fault("kml_deep", _("KMLの入れ子が深すぎます。"))
                if event == "start":
                    continue
                name = _name(element)
                if name in _UNREAD:
                    found.note(_("「%s」は読みません（外部の参照・画像・軌跡は対象外です）。") % name)
                if name == "Placemark":
                    yield element
                elif name in {"Style", "StyleMap", "NetworkLink", "GroundOverlay"}:
                    element.clear()
        parser.close()
    except (ET.ParseError, ValueError, LookupError) as exc:
        raise Fault(
            "kml_broken", _("KMLとして読めません。壊れていないか、途中で切れていないか確かめてください。")
        ) from exc


def _pieces(data: bytes) -> Iterator[bytes | str]:
    # A DOCTYPE is where an XML attack would begin; no program writes one into KML.
    if re.search(rb"<!\s*(?:DOCTYPE|ENTITY)|<\x00!\x00", data, re.IGNORECASE):
        raise Fault("kml_doctype", _("DOCTYPEのあるKMLは読みません。KMLとして保存し直してください。"))
    foreign = _FOREIGN.match(data)
    text: bytes | str = data
    if foreign:
        codec = "euc_jp" if foreign[1].lower() == b"euc-jp" else "cp932"
        text = _DECLARATION.sub("", data.removeprefix(b"\xef\xbb\xbf").decode(codec))
    for at in range(0, len(text), 65536):
        yield text[at : at + 65536]


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _properties(placemark: ET.Element) -> dict[str, Wire]:
    values: dict[str, Wire] = {}
    for element in placemark:
        name = _name(element)
        if name in {"name", "description", "address", "phoneNumber"}:
            values[name] = _said(element.text)
        elif name == "ExtendedData":
            for part in element.iter():
                if _name(part) == "SimpleData":
                    values[plain(part.get("name", ""))] = _said(part.text)
                elif _name(part) == "Data":
                    text = next((one.text for one in part if _name(one) == "value"), None)
                    values[plain(part.get("name", ""))] = _said(text)
        elif name == "TimeStamp":
            values["when"] = _said(next((one.text for one in element if _name(one) == "when"), None))
    return {name: value for name, value in values.items() if name}


def _said(text: str | None) -> str | None:
    return plain(text).strip() or None if text else None


def _geometry(placemark: ET.Element, found: Found) -> Figure | None:
    """Raises :class:`BadShape`."""
    shapes = [element for element in placemark if _name(element) in _SHAPES]
    return mixed([one for shape in shapes for one in _figures(shape, found)]) if shapes else None


def _figures(element: ET.Element, found: Found) -> Iterator[Figure]:
    name = _name(element)
    if name == "MultiGeometry":
        for part in element:
            if _name(part) in _SHAPES:
                yield from _figures(part, found)
    elif name == "Point":
        pairs = _pairs(element, found)
        if len(pairs) != 1:
            raise BadShape(_("点の座標が1つではありません"))
        yield point(float(pairs[0][0]), float(pairs[0][1]))
    elif name == "Polygon":
        rings = [
            _pairs(part, found)
            for side in ("outerBoundaryIs", "innerBoundaryIs")
            for part in element
            if _name(part) == side
        ]
        yield areas([rings])
    else:
        yield lines([_pairs(element, found)])


def _pairs(element: ET.Element, found: Found) -> Floats:
    text = next((one.text or "" for one in element.iter() if _name(one) == "coordinates"), "")
    pairs = []
    # Some programs write blanks behind the commas.
    for position in re.sub(r"\s*,\s*", ",", text).split():
        numbers = position.split(",")
        if len(numbers) > 2 and numbers[2].strip("0."):
            found.note(_("高さ（Z）は読みません。"))
        try:
            pairs.append((float(numbers[0]), float(numbers[1])))
        except (ValueError, IndexError) as error:
            raise BadShape(_("座標「%s」を読めません") % plain(position[:40])) from error
    return np.array(pairs, dtype=np.float64).reshape(-1, 2)
