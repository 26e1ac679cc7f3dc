"""The tree of a filter: frozen, the same for text and JSON, with bounds on its size.

Where it stands beside the standard: operands of comparisons are properties and literals (no arithmetic, no functions but
``S_INTERSECTS``), geometries are read without their heights, which a layer does not keep either.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Literal as OneOf

from django.utils.translation import gettext as _

from yakuba.engines.places.cql2.problems import BadFilter

# What a person or a program asks of a map fits; what is made to occupy a server does not.
MAX_LENGTH = 8_000
MAX_DEPTH = 20
MAX_NODES = 400
MAX_DIGITS = 40
MAX_EXPONENT = 60
MAX_PATTERN = 200
MAX_WILDCARDS = 8

Scalar = str | bool | Decimal | dt.date | dt.datetime
Operator = OneOf["=", "<>", "<", ">", "<=", ">="]
OPERATORS: tuple[Operator, ...] = ("=", "<>", "<", ">", "<=", ">=")


@dataclass(frozen=True, slots=True)
class Property:
    """What is asked of a feature, by its key."""

    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A value: text, yes or no, a number, a day, or a moment (with its zone)."""

    value: Scalar


Operand = Property | Literal


@dataclass(frozen=True, slots=True)
class Constant:
    """TRUE or FALSE in the place of a predicate."""

    value: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two operands of one type."""

    operator: Operator
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Like:
    """Text against a pattern: ``%`` is any run of characters, ``_`` any one, a backslash takes their meaning away."""

    value: Property
    pattern: str


@dataclass(frozen=True, slots=True)
class Between:
    """A number between two others, both included."""

    value: Operand
    low: Operand
    high: Operand


@dataclass(frozen=True, slots=True)
class In:
    """One of some values."""

    value: Operand
    options: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class IsNull:
    """Whether a feature has no value there."""

    value: Property


Position = tuple[float, float]
Coordinates = Position | tuple["Coordinates", ...]

# Type → how deep its coordinates are nested: GeoJSON's types, and WKT's in capitals.
DEPTHS = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
COLLECTION = "GeometryCollection"


@dataclass(frozen=True, slots=True)
class Geometry:
    """A literal geometry in the axis order of the filter's system."""

    type: str
    coordinates: Coordinates


@dataclass(frozen=True, slots=True)
class Collection:
    """Several geometries of several types."""

    members: tuple[Geometry, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """First axis low, second axis low, first axis high, second axis high, in the axis order of the filter's system."""

    low_first: float
    low_second: float
    high_first: float
    high_second: float


Shape = Geometry | Collection | Box


@dataclass(frozen=True, slots=True)
class Intersects:
    """Whether a feature's geometry has a point in common with a literal one."""

    value: Property
    shape: Shape


@dataclass(frozen=True, slots=True)
class Not:
    """What is not so. Of what is unknown, the contrary is unknown."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One at least of two or more."""

    parts: tuple[Node, ...]


Node = Constant | Comparison | Like | Between | In | IsNull | Intersects | Not | And | Or


class Wildcard(Enum):
    """What stands for other text in a pattern."""

    RUN = "%"
    ONE = "_"


def pattern_parts(pattern: str) -> tuple[str | Wildcard, ...]:
    """A pattern as plain texts and wildcards. Raises :class:`BadFilter`."""
    parts: list[str | Wildcard] = []
    plain = ""
    signs = iter(pattern)
    for sign in signs:
        if sign in "%_":
            parts += [plain, Wildcard(sign)]
            plain = ""
        elif sign == "\\":
            escaped = next(signs, "")
            if escaped not in ("%", "_", "\\"):
                raise BadFilter(f"\\{escaped}", "「\\%」「\\_」「\\\\」")
            plain += escaped
        else:
            plain += sign
    parts.append(plain)
    if len(pattern) > MAX_PATTERN or parts.count(Wildcard.RUN) > MAX_WILDCARDS:
        raise BadFilter(
            pattern,
            _("%(length)d文字まで、ワイルドカードは%(wildcards)d個までの文字列")
            % {"length": MAX_PATTERN, "wildcards": MAX_WILDCARDS},
        )
    return tuple(one for one in parts if one)


def checked_text(text: str) -> str:
    """Text that both databases keep: no NUL, no half characters. Raises :class:`BadFilter`."""
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise BadFilter(text.replace("\x00", "␀"), _("文字"))
    return text


def number(text: str) -> Decimal:
    """A number of a bounded size from its JSON writing, which is the text's too. Raises :class:`BadFilter`."""
    expected = _("数（例：12.5）")
    if len(text) > MAX_DIGITS:
        raise BadFilter(text, expected)
    value = Decimal(text)
    if not value.is_finite() or abs(value.adjusted()) > MAX_EXPONENT:
        raise BadFilter(text, expected)
    return value or Decimal(0)  # -0 is 0


class Budget:
    """Counts nodes and depth while a filter is read."""

    def __init__(self) -> None:
        self.nodes = 0

    def spend(self, depth: int) -> None:
        """One more node, so deep. Raises :class:`BadFilter`."""
        self.nodes += 1
        if depth > MAX_DEPTH:
            raise BadFilter(_("入れ子"), _("%(limit)d段まで") % {"limit": MAX_DEPTH})
        if self.nodes > MAX_NODES:
            raise BadFilter(_("条件の数"), _("%(limit)d個まで") % {"limit": MAX_NODES})


def closed(geometry: Geometry) -> Geometry:
    """The geometry itself when its lines have two points and its rings are closed. Raises :class:`BadFilter`."""
    expected = _("2点以上の線、始点と終点が同じ4点以上の輪")
    if not geometry.coordinates:
        raise BadFilter(geometry.type, _("座標のある図形"))
    if geometry.type.endswith("Point"):
        return geometry
    for line in _lines(geometry.coordinates, DEPTHS[geometry.type]):
        ring = geometry.type.endswith("Polygon")
        if len(line) < 2 or (ring and (len(line) < 4 or line[0] != line[-1])):
            raise BadFilter(geometry.type, expected)
    return geometry


def _lines(coordinates: Coordinates, depth: int) -> list[tuple[object, ...]]:
    """The innermost rows of positions."""
    if depth <= 1:
        return [coordinates]
    return [line for part in coordinates if isinstance(part, tuple) for line in _lines(part, depth - 1)]
