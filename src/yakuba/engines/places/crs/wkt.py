"""Which system a WKT text (a Shapefile's .prj) means: of ESRI, of GDAL, of today's standard.

Names differ between programs; what decides is the datum and, for plane systems, the numbers of the projection. A text is read to its
end or not at all, and nothing of it is run. It comes from foreign files: this runs in the sandbox, without Django's apps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from yakuba.engines.places.crs.systems import SYSTEMS

_TOKEN: Final = re.compile(
    r'\s*(?:(?P<text>"(?:[^"]|"")*")|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)'
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)|(?P<mark>[\[\](),]))"
)
_LONGEST: Final = 20_000
_DEEPEST: Final = 20
_NEAR: Final = 1e-6
_SCALE: Final = 0.9999
_PROJECTED: Final = frozenset({"PROJCS", "PROJCRS", "PROJECTEDCRS"})
_GEOGRAPHIC: Final = frozenset(
    {"GEOGCS", "GEOGCRS", "GEODCRS", "GEODETICCRS", "GEOGRAPHICCRS", "BASEGEOGCRS", "BASEGEODCRS"}
)
_DATUMS: Final = (
    # Compared without blanks, underscores and case; the first that fits.
    (("jgd2011", "japanesegeodeticdatum2011"), "jgd2011"),
    (("jgd2000", "japanesegeodeticdatum2000"), "jgd2000"),
    (("tokyo",), "tokyo"),
    (("wgs84", "wgs1984", "worldgeodeticsystem1984", "worldgeodeticsystem1984ensemble"), "wgs84"),
)


@dataclass(slots=True)
class _Node:
    name: str
    items: list[_Node | str | float] = field(default_factory=list)

    def nodes(self) -> Iterator[_Node]:
        """Itself and everything inside."""
        waiting = [self]
        while waiting:
            one = waiting.pop()
            yield one
            waiting.extend(item for item in one.items if isinstance(item, _Node))

    @property
    def title(self) -> str:
        return next((item for item in self.items if isinstance(item, str)), "")


def epsg(text: str) -> int | None:
    """The EPSG code that a WKT text means, None when it is none of ours."""
    root = _parsed(text)
    datum = _datum(root) if root else None
    if root is None or datum is None:
        return None
    if root.name in _GEOGRAPHIC:
        return next(one.epsg for one in SYSTEMS.values() if one.kind == "degrees" and one.datum == datum)
    if root.name in _PROJECTED:
        return _projected(root, datum)
    return None


def _projected(root: _Node, datum: str) -> int | None:
    method = _flat(" ".join(node.title for node in root.nodes() if node.name in {"PROJECTION", "METHOD"}))
    if (
        any(name in method for name in ("mercatorauxiliarysphere", "popularvisualisation"))
        or _flat(root.title) == "wgs84/pseudomercator"
    ):
        return 3857
    numbers = {_flat(node.title): _number(node) for node in root.nodes() if node.name == "PARAMETER"}
    if "transversemercator" not in method or not _unmoved(root, numbers):
        return None
    latitude = numbers.get("latitudeoforigin", numbers.get("latitudeofnaturalorigin"))
    longitude = numbers.get("centralmeridian", numbers.get("longitudeofnaturalorigin"))
    if latitude is None or longitude is None:
        return None
    for one in SYSTEMS.values():
        zone = one.zone if one.datum == datum else None
        if zone and abs(zone.latitude - latitude) < _NEAR and abs(zone.longitude - longitude) < _NEAR:
            return one.epsg
    return None


def _unmoved(root: _Node, numbers: dict[str, float | None]) -> bool:
    """Scale, offsets and units are those of the plane systems."""
    scale = numbers.get("scalefactor", numbers.get("scalefactoratnaturalorigin"))
    if scale is None or abs(scale - _SCALE) > _NEAR:
        return False
    if any(numbers.get(name) for name in ("falseeasting", "falsenorthing")):
        return False
    metres = [
        _number(node)
        for node in root.nodes()
        if node.name in {"UNIT", "LENGTHUNIT"} and "met" in _flat(node.title)
    ]
    return 1.0 in metres and all(one == 1.0 for one in metres)


def _datum(root: _Node) -> str | None:
    for node in root.nodes():
        if node.name in {"DATUM", "GEODETICDATUM", "TRF", "ENSEMBLE"}:
            name = _flat(node.title).removeprefix("d")
            for names, datum in _DATUMS:
                if name in names:
                    return datum
    return None


def _number(node: _Node) -> float | None:
    return next((item for item in node.items if isinstance(item, float)), None)


def _flat(name: str) -> str:
    return re.sub(r"[\s_()-]", "", name).casefold()


def _parsed(text: str) -> _Node | None:
    """The tree of a text; None when it is not WKT."""
    text = text.strip().lstrip("\ufeff")
    if len(text) > _LONGEST:
        return None
    at = 0
    root = _Node("")
    open_nodes = [root]
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            return None
        at = token.end()
        node = open_nodes[-1]
        if token["text"] is not None:
            node.items.append(token["text"][1:-1].replace('""', '"'))
        elif token["number"] is not None:
            node.items.append(float(token["number"]))
        elif token["word"] is not None:
            node.items.append(_Node(token["word"].upper()))
        elif token["mark"] in "[(":
            last = node.items[-1] if node.items else None
            if not isinstance(last, _Node) or len(open_nodes) > _DEEPEST:
                return None
            open_nodes.append(last)
        elif token["mark"] in "])":
            if len(open_nodes) == 1:
                return None
            open_nodes.pop()
    only = root.items[0] if len(root.items) == 1 else None
    return only if isinstance(only, _Node) and len(open_nodes) == 1 else None
