"""Trees of filters for properties, and what they mean, worked out plainly."""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Mapping
from decimal import Decimal

import shapely
from hypothesis import strategies as st

from yakuba.engines.places.cql2 import tree
from yakuba.engines.places.cql2.compiling import drawn

OPERATORS = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
TEXTS = ["", "a", "A", "ab", "あ", "亜", "a%b", "a_b", "a*b", "[a]", "it's", "z"]
NUMBERS = ["0", "1", "-1", "1.5", "2", "0.000001", "0.0000001", "1e20", "-1e20", "99999"]
DAYS = [dt.date(2024, 4, 1), dt.date(2024, 3, 31), dt.date(1999, 12, 31)]
MOMENTS = [
    dt.datetime(2024, 4, 1, 0, 0, tzinfo=dt.UTC),
    dt.datetime(2024, 4, 1, 0, 0, 0, 500_000, tzinfo=dt.UTC),
    dt.datetime(2023, 12, 31, 15, 0, tzinfo=dt.UTC),
]
VALUES: Mapping[type, st.SearchStrategy[tree.Scalar]] = {
    str: st.sampled_from(TEXTS),
    Decimal: st.sampled_from(NUMBERS).map(Decimal),
    bool: st.booleans(),
    dt.date: st.sampled_from(DAYS),
    dt.datetime: st.sampled_from(MOMENTS),
}
PATTERNS = ["%", "a%", "_", "a\\%b", "a\\_b", "%b", "[a]", "*", "?", "a*b", "", "a\\\\b", "あ%", "A"]
# A coarse grid, so that shapes touch one another at corners and edges.
GRID = (
    st.integers(0, 4).map(lambda step: 139.0 + step * 0.25),
    st.integers(0, 4).map(lambda step: 36.0 + step * 0.25),
)


@st.composite
def shapes(draw: st.DrawFn) -> tree.Shape:
    """A valid literal on the grid."""
    positions = st.tuples(*GRID)
    sort = draw(
        st.sampled_from(["Point", "MultiPoint", "LineString", "Polygon", "MultiPolygon", "Box", "Collection"])
    )
    first, second = draw(st.tuples(positions, positions).filter(lambda pair: pair[0] != pair[1]))
    west, east = sorted((first[0], second[0]))
    south, north = sorted((first[1], second[1]))
    ring = ((west, south), (east + 0.25, south), (east + 0.25, north + 0.25), (west, south))
    match sort:
        case "Point":
            return tree.Geometry("Point", first)
        case "MultiPoint":
            return tree.Geometry("MultiPoint", (first, second))
        case "LineString":
            return tree.Geometry("LineString", (first, second))
        case "Polygon":
            return tree.Geometry("Polygon", (ring,))
        case "MultiPolygon":
            return tree.Geometry("MultiPolygon", ((ring,),))
        case "Box":
            return tree.Box(west, south, east, north)
    return tree.Collection((tree.Geometry("Point", first), tree.Geometry("Polygon", (ring,))))


def nodes(keys: Mapping[str, type], place: str = "geometry") -> st.SearchStrategy[tree.Node]:
    """Trees over properties of these keys and types, each comparison between operands of one type."""

    @st.composite
    def leaves(draw: st.DrawFn) -> tree.Node:
        key = draw(st.sampled_from(sorted(keys)))
        asked, kind = tree.Property(key), keys[key]
        # Days and moments of a document do not compare with a column's.
        others = [
            tree.Property(one)
            for one in sorted(keys)
            if keys[one] is kind
            and (one.startswith("kept_") is key.startswith("kept_") or not issubclass(kind, dt.date))
        ]
        operands = st.one_of(VALUES[kind].map(tree.Literal), st.sampled_from(others))
        sort = draw(
            st.sampled_from(["compare", "compare", "in", "null", "shape", "between", "like", "constant"])
        )
        signs = ["=", "<>"] if kind is bool else list(tree.OPERATORS)
        if sort == "like" and kind is str:
            return tree.Like(asked, draw(st.sampled_from(PATTERNS)))
        if sort == "between" and kind is not bool:
            return tree.Between(asked, draw(operands), draw(operands))
        if sort == "in":
            return tree.In(asked, tuple(draw(st.lists(operands, min_size=1, max_size=3))))
        if sort == "null":
            return tree.IsNull(draw(st.sampled_from([asked, tree.Property(place)])))
        if sort == "shape":
            return tree.Intersects(tree.Property(place), draw(shapes()))
        if sort == "constant":
            return tree.Constant(draw(st.booleans()))
        left, right = draw(st.permutations([asked, draw(operands)]))
        return tree.Comparison(draw(st.sampled_from(signs)), left, right)

    return st.recursive(
        leaves(),
        lambda inner: st.one_of(
            inner.map(tree.Not),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: tree.And(tuple(parts))),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: tree.Or(tuple(parts))),
        ),
        max_leaves=6,
    )


def meaning(node: tree.Node, row: Mapping[str, object]) -> bool | None:  # noqa: PLR0911 – one return for each sort of node
    """True, false or unknown for one row: values by key, a shapely geometry or None under the place's."""
    match node:
        case tree.Constant(value):
            return value
        case tree.Not(part):
            found = meaning(part, row)
            return None if found is None else not found
        case tree.And(parts):
            answers = [meaning(one, row) for one in parts]
            return False if False in answers else None if None in answers else True
        case tree.Or(parts):
            answers = [meaning(one, row) for one in parts]
            return True if True in answers else None if None in answers else False
        case tree.Comparison(sign, left, right):
            first, second = _value(left, row), _value(right, row)
            return None if first is None or second is None else OPERATORS[sign](first, second)
        case tree.Between(value, low, high):
            return meaning(
                tree.And((tree.Comparison(">=", value, low), tree.Comparison("<=", value, high))), row
            )
        case tree.In(value, options):
            return meaning(tree.Or(tuple(tree.Comparison("=", value, one) for one in options)), row)
        case tree.IsNull(value):
            return row[value.name] is None
        case tree.Like(value, pattern):
            found = row[value.name]
            return None if found is None else bool(re.fullmatch(_pattern(pattern), str(found), re.DOTALL))
        case tree.Intersects(value, shape):
            place = row[value.name]
            return None if place is None else any(shapely.intersects(place, one) for one in drawn(shape))


def _value(operand: tree.Operand, row: Mapping[str, object]) -> object:
    # Empty text is no value, in a filter as in a row.
    found = row[operand.name] if isinstance(operand, tree.Property) else operand.value
    return None if found == "" and isinstance(operand, tree.Property) else found


def _pattern(pattern: str) -> str:
    return "".join(
        re.escape(part[1])
        if part[0] == "\\"
        else ".*"
        if part == "%"
        else "."
        if part == "_"
        else re.escape(part)
        for part in re.findall(r"\\.|.", pattern, re.DOTALL)
    )
