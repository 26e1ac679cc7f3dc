"""A tree back to text and JSON: what is read from either is the tree again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from yakuba.engines.places.cql2 import instants, tree
from yakuba.engines.places.cql2.reading_text import NAME, RESERVED
from yakuba.kernel.fields import JsonValue


def to_text(node: tree.Node) -> str:  # noqa: PLR0911 – one return for each sort of node
    """As CQL2 text. ValueError for a text with a backslash before a quote or at its end, which that language cannot write."""
    match node:
        case tree.Constant(value):
            return "TRUE" if value else "FALSE"
        case tree.Comparison(operator, left, right):
            return f"{_operand(left)} {operator} {_operand(right)}"
        case tree.Like(value, pattern):
            return f"{_operand(value)} LIKE {_quoted(pattern)}"
        case tree.Between(value, low, high):
            return f"{_operand(value)} BETWEEN {_operand(low)} AND {_operand(high)}"
        case tree.In(value, options):
            return f"{_operand(value)} IN ({', '.join(_operand(one) for one in options)})"
        case tree.IsNull(value):
            return f"{_operand(value)} IS NULL"
        case tree.Intersects(value, shape):
            return f"S_INTERSECTS({_operand(value)}, {_shape(shape)})"
        case tree.Not(part):
            return f"NOT {_part(part)}"
        case tree.And(parts):
            return " AND ".join(_part(one, tree.Not) for one in parts)
        case tree.Or(parts):
            return " OR ".join(_part(one, tree.Not, tree.And) for one in parts)


def _part(node: tree.Node, *bare: type[tree.Node]) -> str:
    """In brackets, unless it binds more closely by itself."""
    text = to_text(node)
    return (
        text if isinstance(node, bare) or not isinstance(node, tree.Not | tree.And | tree.Or) else f"({text})"
    )


def _operand(operand: tree.Operand) -> str:
    if isinstance(operand, tree.Property):
        plain = NAME.fullmatch(operand.name) and operand.name.upper() not in RESERVED
        return operand.name if plain else f'"{operand.name}"'
    value = operand.value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dt.datetime):
        return f"TIMESTAMP('{instants.written(value)}')"
    if isinstance(value, dt.date):
        return f"DATE('{value.isoformat()}')"
    return _quoted(value)


def _quoted(text: str) -> str:
    if text.endswith("\\") or "\\'" in text:
        raise ValueError("CQL2 text reads a backslash before a quote as its escape")
    return "'" + text.replace("'", "''") + "'"


def _shape(shape: tree.Shape) -> str:
    if isinstance(shape, tree.Box):
        return f"BBOX({', '.join(repr(one) for one in _sides(shape))})"
    if isinstance(shape, tree.Collection):
        return f"GEOMETRYCOLLECTION({', '.join(_shape(one) for one in shape.members)})"
    name = shape.type.upper()
    inner = _wkt(shape.coordinates)
    if name == "POINT":
        return f"POINT({inner})"
    if name == "MULTIPOINT":
        return f"MULTIPOINT({', '.join(f'({_wkt(one)})' for one in shape.coordinates)})"
    return f"{name}{inner}"


def _wkt(coordinates: tree.Coordinates | float) -> str:
    if not isinstance(coordinates, tuple):
        return repr(coordinates)
    if isinstance(coordinates[0], float):
        return " ".join(repr(one) for one in coordinates)
    return f"({', '.join(_wkt(one) for one in coordinates)})"


def _sides(box: tree.Box) -> tuple[float, float, float, float]:
    return box.low_first, box.low_second, box.high_first, box.high_second


def to_json(node: tree.Node) -> JsonValue:  # noqa: PLR0911 – one return for each sort of node
    """As CQL2 JSON. Numbers become doubles, as any reader of JSON has them."""
    match node:
        case tree.Constant(value):
            return value
        case tree.Comparison(operator, left, right):
            return _called(operator, _value(left), _value(right))
        case tree.Like(value, pattern):
            return _called("like", _value(value), pattern)
        case tree.Between(value, low, high):
            return _called("between", _value(value), _value(low), _value(high))
        case tree.In(value, options):
            return _called("in", _value(value), [_value(one) for one in options])
        case tree.IsNull(value):
            return _called("isNull", _value(value))
        case tree.Intersects(value, shape):
            return _called("s_intersects", _value(value), _geojson(shape))
        case tree.Not(part):
            return _called("not", to_json(part))
        case tree.And(parts):
            return _called("and", *(to_json(one) for one in parts))
        case tree.Or(parts):
            return _called("or", *(to_json(one) for one in parts))


def _called(operator: str, *args: JsonValue) -> JsonValue:
    return {"op": operator, "args": list(args)}


def _value(operand: tree.Operand) -> JsonValue:
    if isinstance(operand, tree.Property):
        return {"property": operand.name}
    value = operand.value
    if isinstance(value, dt.datetime):
        return {"timestamp": instants.written(value)}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _geojson(shape: tree.Shape) -> JsonValue:
    if isinstance(shape, tree.Box):
        return {"bbox": list(_sides(shape))}
    if isinstance(shape, tree.Collection):
        return {"type": tree.COLLECTION, "geometries": [_geojson(one) for one in shape.members]}
    return {"type": shape.type, "coordinates": _lists(shape.coordinates)}


def _lists(coordinates: tree.Coordinates | float) -> JsonValue:
    return [_lists(one) for one in coordinates] if isinstance(coordinates, tuple) else coordinates
