"""A tree to a Django query over declared queryables, and over nothing else.

A filter has three answers, as SQL has: what a feature has no value for is unknown, and so is its contrary. Django's ``~Q`` takes
unknown for false, so each predicate is compiled twice, into what makes it true and what makes it false; ``NOT`` exchanges the two.
Empty text counts as no value, which is how it is stored and how features show it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from functools import reduce
from typing import Any

import shapely
from django.db.models import F, Func, Lookup, Q, Value
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    IsNull,
    LessThan,
    LessThanOrEqual,
)
from django.utils.translation import gettext as _
from shapely.geometry import shape as build
from shapely.geometry.base import BaseGeometry

from yakuba.engines.places.cql2 import functions, tree
from yakuba.engines.places.cql2.problems import BadFilter
from yakuba.engines.places.crs.operations import transform_shapes
from yakuba.engines.places.crs.systems import SYSTEMS
from yakuba.engines.places.queries import box_meets
from yakuba.engines.places.shapes import EPSG, Shape, ShapeKind
from yakuba.kernel.fields import kinds

NOTHING = Q(pk__in=[])
EVERYTHING = Q(pk__isnull=False)
_CONTRARY: Mapping[tree.Operator, tree.Operator] = {
    "=": "<>",
    "<>": "=",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
}
_TURNED: Mapping[tree.Operator, tree.Operator] = {
    **{one: one for one in tree.OPERATORS},
    "<": ">",
    ">": "<",
    "<=": ">=",
    ">=": "<=",
}
_LOOKUPS = {"=": "exact", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
_EXPRESSIONS: Mapping[str, type[Lookup[Any]]] = {  # Any: on every value
    "exact": Exact,
    "isnull": IsNull,
    "lt": LessThan,
    "lte": LessThanOrEqual,
    "gt": GreaterThan,
    "gte": GreaterThanOrEqual,
}
_TYPES: Mapping[type[kinds.Kind[Any]], type] = {  # Any: kinds of every value
    kinds.Text: str,
    kinds.Prose: str,
    kinds.Kana: str,
    kinds.Choice: str,
    kinds.Integer: Decimal,
    kinds.Number: Decimal,
    kinds.Year: Decimal,
    kinds.YesNo: bool,
    kinds.Date: dt.date,
    kinds.Moment: dt.datetime,
}


@dataclass(frozen=True)
class Frame:
    """The system that a filter's coordinates are in, and which axis comes first. Of degrees, east first: as it is stored."""

    epsg: int = EPSG
    north_first: bool = False

    @property
    def degrees(self) -> bool:
        """Whether its numbers go round the world."""
        return SYSTEMS[self.epsg].kind == "degrees"

    def stored(self, geometry: BaseGeometry) -> BaseGeometry:
        """A geometry, east first, in the store's degrees. ValueError for one that its projection cannot tell.

        A straight line of a map is none on another: each side is followed in sixteen steps.
        """
        if self.degrees:
            return geometry
        west, south, east, north = geometry.bounds
        if (reach := max(east - west, north - south)) > 0:
            geometry = shapely.segmentize(geometry, reach / 16)
        found = transform_shapes([geometry], self.epsg)[0][0]
        if found is None:
            raise ValueError("beyond its projection")
        return found


@dataclass(frozen=True)
class Queryable:
    """What may be asked for: its key in filters, the path to its column, its kind.

    ``member``: the column is a JSON object, in which the value stands under this key.
    """

    key: str
    path: str
    kind: kinds.Kind[Any]  # Any: kinds of every value
    member: str = ""

    @property
    def type(self) -> type:
        """The type of its literals. TypeError for a kind that no filter can compare."""
        for kind, found in _TYPES.items():
            if isinstance(self.kind, kind):
                return found
        raise TypeError(f"{self.kind.key} is not compared")

    @property
    def expression(self) -> F | Func:
        """The value in a query."""
        return functions.Member(self.path, self.member, self.type) if self.member else F(self.path)

    def tested(self, lookup: str, value: object) -> Q:
        """One of Django's lookups on it; what is in a document has no path, and its days and moments are text."""
        if not self.member:
            return Q(**{f"{self.path}__{lookup}": value})
        if isinstance(value, dt.date):
            value = self.kind.to_json(value)
        return Q(_EXPRESSIONS[lookup](self.expression, value))


def comparable(kind: kinds.Kind[Any] | None) -> bool:  # Any: kinds of every value
    """Whether a filter may ask for values of this kind: those that compare, and shapes."""
    return isinstance(kind, (ShapeKind, *_TYPES))


def compile_filter(node: tree.Node, queryables: Iterable[Queryable], frame: Frame = Frame()) -> Q:
    """The rows for which the tree is true. Raises :class:`BadFilter` for what is not declared or does not compare."""
    return _Compiler({one.key: one for one in queryables}, frame).truth(node)[0]


Pair = tuple[Q, Q]


def _all(parts: Sequence[Q]) -> Q:
    return reduce(lambda left, right: left & right, parts)


def _any(parts: Sequence[Q]) -> Q:
    return reduce(lambda left, right: left | right, parts)


def _constant(value: bool) -> Pair:
    return (EVERYTHING, NOTHING) if value else (NOTHING, EVERYTHING)


@dataclass(frozen=True)
class _Compiler:
    queryables: Mapping[str, Queryable]
    frame: Frame

    def truth(self, node: tree.Node) -> Pair:  # noqa: PLR0911 – one return for each sort of node
        """What makes a node true, and what makes it false."""
        match node:
            case tree.Constant(value):
                return _constant(value)
            case tree.Not(part):
                true, false = self.truth(part)
                return false, true
            case tree.And(parts):
                found = [self.truth(one) for one in parts]
                return _all([true for true, _false in found]), _any([false for _true, false in found])
            case tree.Or(parts):
                found = [self.truth(one) for one in parts]
                return _any([true for true, _false in found]), _all([false for _true, false in found])
            case tree.Comparison(operator, left, right):
                return self._comparison(operator, left, right)
            case tree.Between(value, low, high):
                at_least, at_most = self._comparison(">=", value, low), self._comparison("<=", value, high)
                return at_least[0] & at_most[0], at_least[1] | at_most[1]
            case tree.In(value, options):
                found = [self._comparison("=", value, one) for one in options]
                return _any([true for true, _false in found]), _all([false for _true, false in found])
            case tree.Like(value, pattern):
                asked = self._comparable(value)
                self._same(asked.type, str, asked.key)
                there = _present(asked)
                matches = Q(functions.Matches(asked.expression, pattern))
                return there & matches, there & ~matches
            case tree.IsNull(value):
                there = _present(self._found(value))
                return ~there, there
            case tree.Intersects(value, shape):
                return self._intersects(value, shape)

    # --- operands ---

    def _found(self, asked: tree.Property) -> Queryable:
        found = self.queryables.get(asked.name)
        if found is None:
            raise BadFilter(asked.name, "・".join(self.queryables))
        return found

    def _comparable(self, asked: tree.Property) -> Queryable:
        found = self._found(asked)
        if isinstance(found.kind, ShapeKind):
            raise BadFilter(asked.name, "S_INTERSECTS")
        return found

    @staticmethod
    def _same(found: type, expected: type, what: str) -> None:
        if found is not expected:
            raise BadFilter(what, _(_NAMES[expected]))

    def _comparison(self, operator: tree.Operator, left: tree.Operand, right: tree.Operand) -> Pair:
        if isinstance(left, tree.Literal):
            if isinstance(right, tree.Literal):
                return _constant(_compared(operator, left.value, right.value))
            return self._comparison(_TURNED[operator], right, left)
        asked = self._comparable(left)
        if asked.type is bool and operator not in ("=", "<>"):
            raise BadFilter(f"{asked.key} {operator}", "= <>")
        contrary = _CONTRARY[operator]
        if isinstance(right, tree.Property):
            other = self._comparable(right)
            self._same(other.type, asked.type, other.key)
            if issubclass(asked.type, dt.date) and bool(asked.member) is not bool(other.member):
                raise BadFilter(other.key, _(_NAMES[asked.type]))  # a column beside text in a document
            there = _present(asked) & _present(other)
            return there & _fields(asked, operator, other), there & _fields(asked, contrary, other)
        self._same(_type_of(right.value), asked.type, str(right.value))
        return _literal(asked, operator, right.value), _literal(asked, contrary, right.value)

    # --- shapes ---

    def _intersects(self, value: tree.Property, shape: tree.Shape) -> Pair:
        asked = self._found(value)
        if not isinstance(asked.kind, ShapeKind):
            raise BadFilter(asked.key, _("図形の項目"))
        stored = self._stored(shape)
        true = _any([_meets(asked.path, one) for one in stored])
        exact = _any([_exactly(asked.path, one) for one in stored])
        return true, _present(asked) & ~exact

    def _stored(self, shape: tree.Shape) -> list[Shape]:
        """A literal as shapes in the system of the store. Raises :class:`BadFilter` for one that is none there."""
        try:
            return [Shape.of(self.frame.stored(one)) for one in drawn(shape, self.frame)]
        except (kinds.Invalid, shapely.GEOSException, ValueError) as exc:
            expected = exc.expected if isinstance(exc, kinds.Invalid) else _("正しい図形")
            raise BadFilter(
                type(shape).__name__ if isinstance(shape, tree.Box) else _name(shape), expected
            ) from exc


_NAMES = {
    str: "文字列（'…'）",
    Decimal: "数",
    bool: "TRUEかFALSE",
    dt.date: "DATE('2024-04-01')",
    dt.datetime: "TIMESTAMP('2024-04-01T00:00:00Z')",
}


def _name(shape: tree.Shape) -> str:
    return shape.type if isinstance(shape, tree.Geometry) else tree.COLLECTION


def _type_of(value: tree.Scalar) -> type:
    return type(value)


def _present(asked: Queryable) -> Q:
    """That there is a value."""
    if isinstance(asked.kind, ShapeKind):
        # The cell is null when the shape is, and has an index.
        return Q(**{f"{_beside(asked.path)}cell__isnull": False})
    there = asked.tested("isnull", value=False)
    return there & ~asked.tested("exact", "") if asked.type is str else there


def _compared(operator: tree.Operator, left: tree.Scalar, right: tree.Scalar) -> bool:
    """Two literals. Raises :class:`BadFilter` for different types."""
    if type(left) is not type(right):
        raise BadFilter(f"{left} {operator} {right}", _("同じ種類の2つの値"))
    if operator in ("=", "<>"):
        return (left == right) is (operator == "=")
    if isinstance(left, bool):
        raise BadFilter(operator, "= <>")
    below, same = left < right, left == right  # type: ignore[operator]  # of one type, as was seen above
    return {"<": below, "<=": below or same, ">": not below and not same, ">=": not below}[operator]


def _fields(left: Queryable, operator: tree.Operator, right: Queryable) -> Q:
    """Two columns that both have a value."""
    if operator == "<>":
        return ~_fields(left, "=", right)
    if operator != "=" and left.type is str:
        return _ordered(left, operator, functions.CodePoints(right.expression))
    return left.tested(_LOOKUPS[operator], right.expression)


def _ordered(left: Queryable, operator: tree.Operator, right: Func | Value) -> Q:
    """Text by code point."""
    return Q(_EXPRESSIONS[_LOOKUPS[operator]](functions.CodePoints(left.expression), right))


def _literal(asked: Queryable, operator: tree.Operator, value: tree.Scalar) -> Q:
    """A column that has a value, against a literal of its type."""
    there = _present(asked)
    if operator == "<>":
        return there & ~_literal(asked, "=", value)
    if isinstance(value, Decimal):
        fitted = _fitted(asked.kind, operator, value)
        if isinstance(fitted, bool):
            return there if fitted else NOTHING
        operator, value = fitted
    if isinstance(value, str):
        if operator == "=":
            return asked.tested("exact", value) if value else NOTHING
        return there & _ordered(asked, operator, Value(value))
    return asked.tested(_LOOKUPS[operator], _bound(asked.kind, value))


def _bound(kind: kinds.Kind[Any], value: tree.Scalar) -> object:  # Any: kinds of every value
    return int(value) if isinstance(value, Decimal) and not isinstance(kind, kinds.Number) else value


def _fitted(
    kind: kinds.Kind[Any],  # Any: kinds of every value
    operator: tree.Operator,
    value: Decimal,
) -> bool | tuple[tree.Operator, Decimal]:
    """A comparison with a number that a column can hold, which says the same; or its answer for every number in the column.

    A column rounds what it is compared with to its own decimals, and refuses what has more digits than it keeps.
    """
    places, most = (
        (kinds.DECIMAL_PLACES, Decimal(10) ** kinds.MAX_DIGITS)
        if isinstance(kind, kinds.Number)
        else (0, Decimal(2 ** (15 if isinstance(kind, kinds.Year) else 63)))
    )
    if abs(value) >= most:
        return (value > 0) is (operator in ("<", "<=")) and operator != "="
    with localcontext(prec=100):
        step = Decimal(1).scaleb(-places)
        low, high = (value.quantize(step, rounding=way) for way in (ROUND_FLOOR, ROUND_CEILING))
    if low == high:
        return operator, low
    if operator == "=":
        return False
    return ("<=", low) if operator in ("<", "<=") else (">=", high)


def drawn(shape: tree.Shape, frame: Frame = Frame()) -> list[BaseGeometry]:
    """A literal as shapely geometries, east first. In degrees, a box whose west lies behind its east spans 180°."""
    if isinstance(shape, tree.Collection):
        return [one for member in shape.members for one in drawn(member, frame)]
    if isinstance(shape, tree.Geometry):
        geometry = build({"type": shape.type, "coordinates": shape.coordinates})
        return [shapely.transform(geometry, lambda pairs: pairs[:, ::-1]) if frame.north_first else geometry]
    west, south, east, north = shape.low_first, shape.low_second, shape.high_first, shape.high_second
    if frame.north_first:
        west, south, east, north = south, west, north, east
    if west > east and frame.degrees:
        return [_rectangle(west, south, 180.0, north), _rectangle(-180.0, south, east, north)]
    return [_rectangle(west, south, east, north)]


def _rectangle(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """A box, which may be no more than a line or a point. ValueError for one upside down."""
    if south > north or west > east:
        raise ValueError("upside down")
    if west == east and south == north:
        return shapely.Point(west, south)
    if west == east or south == north:
        return shapely.LineString([(west, south), (east, north)])
    return shapely.box(west, south, east, north)


def _beside(path: str) -> str:
    """Where the companions of a shape's column stand."""
    return path.removesuffix(path.rpartition("__")[2])


def _meets(path: str, shape: Shape) -> Q:
    """By the index first (cells), by the boxes next, and exactly for what is left."""
    return box_meets(*shape.bounds, start=_beside(path)) & _exactly(path, shape)


def _exactly(path: str, shape: Shape) -> Q:
    """Whether the shapes meet. What lies with its whole box in a rectangle does, without a look at its shape."""
    exact = Q(functions.Intersects(path, shape))
    if not shape.geometry.equals(shapely.box(*shape.bounds)):
        return exact
    west, south, east, north = shape.bounds
    start = _beside(path)
    inside = Q(
        **{
            f"{start}west__gte": west,
            f"{start}east__lte": east,
            f"{start}south__gte": south,
            f"{start}north__lte": north,
        }
    )
    return inside | exact
