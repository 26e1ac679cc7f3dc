"""What a parser has found, and how it passes from the sandbox: plain numbers and texts, never bytes that a geometry library would parse.

The parsers' side imports neither models nor actions. All coordinates of a file travel as one row of 64-bit floats; a geometry is its
sort and the numbers of points of its parts.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from yakuba.kernel.files.wire import Fault, Wire

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Floats = npt.NDArray[np.float64]
#: Numbers of points: of a line, of a polygon's rings, of several polygons' rings; or, for MIXED, figures.
Counts = int | list["Counts"]

MAX_FEATURES: Final = 200_000
MAX_POINTS: Final = 5_000_000
MAX_FIELDS: Final = 500
MAX_FAULTS: Final = 1_000
MIXED: Final = "Mixed"
_NOT_TEXT: Final = re.compile("[\x00\ud800-\udfff]")


class BadShape(Exception):
    """A geometry that is none: why, in words for a person."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A geometry as its sort (GeoJSON's names, or MIXED), counts of points, and points of all its parts, (n, 2)."""

    sort: str
    counts: Counts
    points: Floats


def point(x: float, y: float) -> Figure:
    """Raises :class:`BadShape`."""
    return Figure("Point", 1, _finite(np.array([[x, y]])))


def points(pairs: Floats) -> Figure:
    """Raises :class:`BadShape`."""
    if len(pairs) == 0:
        raise BadShape(_("点がありません"))
    return Figure("MultiPoint", len(pairs), _finite(pairs))


def lines(parts: Sequence[Floats]) -> Figure:
    """Raises :class:`BadShape`."""
    if not parts or any(len(part) < 2 for part in parts):
        raise BadShape(_("線の点が2つありません"))
    counts: list[Counts] = [len(part) for part in parts]
    together = _finite(np.concatenate(parts))
    if len(parts) == 1:
        return Figure("LineString", counts[0], together)
    return Figure("MultiLineString", counts, together)


def areas(polygons: Sequence[Sequence[Floats]]) -> Figure:
    """Each polygon as its rings, the outer first; open rings are closed. Raises :class:`BadShape`."""
    counts: list[Counts] = []
    together: list[Floats] = []
    for rings in polygons:
        closed = [_closed(ring) for ring in rings]
        if not closed:
            raise BadShape(_("面の輪郭がありません"))
        counts.append([len(ring) for ring in closed])
        together += closed
    if not together:
        raise BadShape(_("面の輪郭がありません"))
    found = _finite(np.concatenate(together))
    return (
        Figure("Polygon", counts[0], found) if len(polygons) == 1 else Figure("MultiPolygon", counts, found)
    )


def mixed(figures: Sequence[Figure]) -> Figure:
    """Several geometries of one thing: as one of their sort where they have one. Raises :class:`BadShape`."""
    if not figures:
        raise BadShape(_("図形がありません"))
    if len(figures) == 1:
        return figures[0]
    together = np.concatenate([one.points for one in figures])
    sorts = {one.sort for one in figures}
    if len(sorts) == 1 and (sort := sorts.pop()) in {"Point", "LineString", "Polygon"}:
        if sort == "Point":
            return Figure("MultiPoint", len(figures), together)
        return Figure(f"Multi{sort}", [one.counts for one in figures], together)
    parts: list[Counts] = []
    for one in figures:
        if one.sort == MIXED:
            raise BadShape(_("図形の入れ子が深すぎます"))
        parts.append([_SORTS.index(one.sort), one.counts])
    return Figure(MIXED, parts, together)


def of_wkt(text: str) -> Figure:
    """A geometry from its text form (OGC 06-103r4). Raises :class:`BadShape`."""
    import shapely

    try:
        with np.errstate(all="ignore"):
            return _of_shape(shapely.force_2d(shapely.from_wkt(text)))
    except shapely.GEOSException as error:
        raise BadShape(_("WKTとして読めません")) from error


def _of_shape(shape: BaseGeometry) -> Figure:
    sort = shape.geom_type
    parts = list(getattr(shape, "geoms", [shape]))
    if shape.is_empty or any(part.is_empty for part in parts):
        raise BadShape(_("図形がありません"))
    if sort == "GeometryCollection":
        return mixed([_of_shape(part) for part in parts])
    if sort == "Point":
        return point(*parts[0].coords[0])
    if sort == "MultiPoint":
        return points(np.concatenate([np.asarray(part.coords) for part in parts]))
    if sort in {"LineString", "MultiLineString"}:
        return lines([np.asarray(part.coords) for part in parts])
    if sort in {"Polygon", "MultiPolygon"}:
        return areas(
            [[np.asarray(ring.coords) for ring in (part.exterior, *part.interiors)] for part in parts]
        )
    raise BadShape(_("図形の種類が分かりません"))


_SORTS: Final = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")


def _closed(ring: Floats) -> Floats:
    if len(ring) and (ring[0] != ring[-1]).any():
        ring = np.concatenate([ring, ring[:1]])
    if len(ring) < 4:
        raise BadShape(_("面の点が3つありません"))
    return ring


def _finite(pairs: Floats) -> Floats:
    if not np.isfinite(pairs).all():
        raise BadShape(_("座標が数値ではありません"))
    return pairs


def plain(text: str) -> str:
    """A text that every database and file can hold: no NUL, halves of characters shown as such."""
    return _NOT_TEXT.sub(lambda one: "" if one[0] == "\x00" else "\ufffd", text)


@dataclass(slots=True)
class Found:
    """What a parser has found so far; see :class:`~.drawn.Drawn`. ``fields``: name → type, ``values``: a row each in their order."""

    format: str
    crs: int | None = None
    axis: str | None = "east"
    encoding: str = "utf-8"
    fields: dict[str, str] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    figures: list[Figure | None] = field(default_factory=list)
    values: list[list[Wire]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    faults: list[dict[str, Wire]] = field(default_factory=list)
    more_faults: int = 0
    total: int = 0

    def add(self, row: int, figure: Figure | None, values: list[Wire]) -> None:
        """A feature. Raises :class:`Fault` when there are too many."""
        self.total += 0 if figure is None else len(figure.points)
        if len(self.rows) >= MAX_FEATURES or self.total > MAX_POINTS:
            raise too_many()
        self.rows.append(row)
        self.figures.append(figure)
        self.values.append(values)

    def note(self, text: str) -> None:
        """Said once, however often."""
        if text not in self.notes:
            self.notes.append(text)

    def fault(self, row: int, code: str, message: str, *, at: str = "", found: str = "") -> None:
        """Something wrong with one row."""
        if len(self.faults) >= MAX_FAULTS:
            self.more_faults += 1
            return
        self.faults.append(
            {"row": row, "code": code, "message": message, "field": at[:100], "found": plain(found[:100])}
        )

    def bad_shape(self, row: int, bad: BadShape) -> None:
        """A geometry that is none."""
        self.fault(row, "shape", _("%(row)d件目の図形を使えません（%(why)s）。") % {"row": row, "why": bad})

    def wire(self) -> dict[str, Wire]:
        """As it passes the sandbox."""
        if self.more_faults:
            self.note(_("ほかに%s件の誤りがあります。") % f"{self.more_faults:,}")
        known = [one.points for one in self.figures if one is not None]
        together = np.concatenate(known) if known else np.empty((0, 2))
        return {
            "format": self.format,
            "crs": self.crs,
            "axis": self.axis,
            "encoding": self.encoding,
            "fields": [[plain(name), sort] for name, sort in self.fields.items()],
            "rows": self.rows,
            "shapes": [None if one is None else [one.sort, _wired(one.counts)] for one in self.figures],
            "points": base64.b64encode(np.ascontiguousarray(together, dtype="<f8").tobytes()).decode(),
            "values": self.values,
            "notes": self.notes,
            "faults": self.faults,
        }


def _wired(counts: Counts) -> Wire:
    return counts if isinstance(counts, int) else [_wired(one) for one in counts]


def too_many() -> Fault:
    """A file beyond what one import takes."""
    return Fault(
        "drawn_too_large",
        _("図形が多すぎます。%(features)s件・%(points)s点までに分けてください。")
        % {"features": f"{MAX_FEATURES:,}", "points": f"{MAX_POINTS:,}"},
        expected=f"{MAX_FEATURES}",
    )


def types(rows: Sequence[Mapping[str, Wire]]) -> dict[str, str]:
    """The fields of rows that have no header of their own: name → type, in the order in which they first occur.

    Raises :class:`Fault` for more than :data:`MAX_FIELDS`.
    """
    sorts: dict[str, set[str]] = {}
    for row in rows:
        for name, value in row.items():
            known = sorts.setdefault(name, set())
            if value is not None:
                known.add(_type(value))
        if len(sorts) > MAX_FIELDS:
            raise Fault(
                "drawn_fields",
                _("項目が多すぎます。%d項目までにしてください。") % MAX_FIELDS,
                expected=str(MAX_FIELDS),
            )
    return {name: _common(found) for name, found in sorts.items()}


def _type(value: Wire) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    return "text" if isinstance(value, str) else "date"


def _common(found: set[str]) -> str:
    if len(found) == 1:
        return next(iter(found))
    return "number" if found and found <= {"integer", "number"} else "text"
