"""CQL2 JSON to a tree: nothing in it is left over, or it is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeGuard

from django.utils.translation import gettext as _

from yakuba.engines.places.cql2 import instants, tree
from yakuba.engines.places.cql2.problems import BadFilter
from yakuba.kernel.fields import JsonValue

_OPERATORS: dict[str, tree.Operator] = {str(one): one for one in tree.OPERATORS}
# What JSON may hold here: numbers come as decimals.
Json = None | bool | Decimal | str | Sequence["Json"] | Mapping[str, "Json"]


def from_json(text: str) -> tree.Node:
    """The tree of a filter in CQL2 JSON. Raises :class:`BadFilter`."""
    if len(text) > tree.MAX_LENGTH:
        raise BadFilter(text, _("%(limit)d文字まで") % {"limit": tree.MAX_LENGTH})
    try:
        found: Json = json.loads(
            text,
            parse_int=tree.number,
            parse_float=tree.number,
            parse_constant=_no_number,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as exc:
        raise BadFilter(text[exc.pos :], "CQL2 JSON", exc.pos + 1) from exc
    except RecursionError as exc:
        raise BadFilter(_("入れ子"), _("%(limit)d段まで") % {"limit": tree.MAX_DEPTH}) from exc
    return _Reader().node(found, 1)


def _no_number(name: str) -> Decimal:
    raise BadFilter(name, _("数（例：12.5）"))


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadFilter(", ".join(key for key, _value in pairs), _("同じ名前が1度だけの項目"))
    return found


def _shown(found: Json) -> str:
    def plain(value: Json) -> JsonValue:
        if isinstance(value, Decimal):
            return float(value)
        if isinstance(value, str) or value is None or isinstance(value, bool):
            return value
        if isinstance(value, Mapping):
            return dict.fromkeys(value, "…")
        return ["…"]

    return json.dumps(plain(found), ensure_ascii=False)


class _Reader:
    def __init__(self) -> None:
        self._budget = tree.Budget()

    def node(self, found: Json, depth: int) -> tree.Node:
        """What is true or not."""
        self._budget.spend(depth)
        if isinstance(found, bool):
            return tree.Constant(found)
        operator, args = self._called(found)
        if operator in ("and", "or"):
            if len(args) < 2:
                raise BadFilter(operator, _("2つ以上の条件"))
            parts = tuple(self.node(one, depth + 1) for one in args)
            return tree.And(parts) if operator == "and" else tree.Or(parts)
        if operator == "not":
            return tree.Not(self.node(self._only(operator, args, 1)[0], depth + 1))
        if operator in _OPERATORS:
            left, right = (self._operand(one) for one in self._only(operator, args, 2))
            return tree.Comparison(_OPERATORS[operator], left, right)
        if operator == "s_intersects":
            return self._intersects(*self._only(operator, args, 2))
        return self._advanced(operator, args)

    def _advanced(self, operator: str, args: Sequence[Json]) -> tree.Node:
        """The comparisons that have no sign of their own."""
        if operator == "like":
            value, pattern = self._only(operator, args, 2)
            if not isinstance(pattern, str):
                raise BadFilter(_shown(pattern), _("文字列"))
            tree.pattern_parts(tree.checked_text(pattern))
            return tree.Like(self._property(value), pattern)
        if operator == "between":
            asked, low, high = (self._operand(one) for one in self._only(operator, args, 3))
            return tree.Between(asked, low, high)
        if operator == "in":
            asked_of, options = self._only(operator, args, 2)
            if not _is_list(options) or not options:
                raise BadFilter(_shown(options), _("値の配列"))
            return tree.In(self._operand(asked_of), tuple(self._operand(one) for one in options))
        if operator == "isNull":
            return tree.IsNull(self._property(self._only(operator, args, 1)[0]))
        raise BadFilter(operator, "and・or・not・= <> < > <= >=・like・between・in・isNull・s_intersects")

    def _called(self, found: Json) -> tuple[str, Sequence[Json]]:
        if isinstance(found, Mapping) and set(found) == {"op", "args"}:
            operator, args = found["op"], found["args"]
            if isinstance(operator, str) and _is_list(args):
                return operator, args
        raise BadFilter(_shown(found), '{"op": …, "args": […]}')

    @staticmethod
    def _only(operator: str, args: Sequence[Json], count: int) -> Sequence[Json]:
        if len(args) != count:
            raise BadFilter(operator, _("argsが%(count)d個の条件") % {"count": count})
        return args

    def _operand(self, found: Json) -> tree.Operand:
        self._budget.spend(1)
        if isinstance(found, str):
            return tree.Literal(tree.checked_text(found))
        if isinstance(found, bool | Decimal):
            return tree.Literal(found)
        if isinstance(found, Mapping) and len(found) == 1:
            ((key, value),) = found.items()
            if isinstance(value, str):
                if key == "property":
                    return self._property(found)
                if key == "date":
                    return tree.Literal(instants.day(value))
                if key == "timestamp":
                    return tree.Literal(instants.moment(value))
        raise BadFilter(_shown(found), _('{"property": …}、値、{"date": …}、{"timestamp": …} のどれか'))

    @staticmethod
    def _property(found: Json) -> tree.Property:
        if isinstance(found, Mapping) and set(found) == {"property"}:
            name = found["property"]
            if isinstance(name, str) and name and '"' not in name:
                return tree.Property(tree.checked_text(name))
        raise BadFilter(_shown(found), '{"property": …}')

    def _intersects(self, left: Json, right: Json) -> tree.Node:
        if isinstance(left, Mapping) and "property" in left:
            return tree.Intersects(self._property(left), self._shape(right))
        return tree.Intersects(self._property(right), self._shape(left))

    def _shape(self, found: Json) -> tree.Shape:
        self._budget.spend(1)
        if isinstance(found, Mapping):
            if set(found) == {"bbox"}:
                return _box(found["bbox"])
            if set(found) == {"type", "geometries"} and found["type"] == tree.COLLECTION:
                members = found["geometries"]
                if _is_list(members) and members:
                    return tree.Collection(tuple(self._geometry(one) for one in members))
        return self._geometry(found)

    def _geometry(self, found: Json) -> tree.Geometry:
        self._budget.spend(1)
        if isinstance(found, Mapping) and set(found) - {"bbox"} == {"type", "coordinates"}:
            name = found["type"]
            if isinstance(name, str) and name in tree.DEPTHS:
                return tree.closed(tree.Geometry(name, _coordinates(found["coordinates"], tree.DEPTHS[name])))
        raise BadFilter(_shown(found), _('GeoJSONの図形か {"bbox": […]}'))


def _is_list(found: Json) -> TypeGuard[Sequence[Json]]:
    return isinstance(found, list)


def _box(found: Json) -> tree.Box:
    if _is_list(found) and len(found) in (4, 6):
        numbers = [float(one) for one in found if isinstance(one, Decimal)]
        if len(numbers) == len(found):
            half = len(numbers) // 2
            return tree.Box(numbers[0], numbers[1], numbers[half], numbers[half + 1])
    raise BadFilter(_shown(found), _("4つか6つの数"))


def _coordinates(found: Json, depth: int) -> tree.Coordinates:
    if _is_list(found):
        if depth:
            return tuple(_coordinates(one, depth - 1) for one in found)
        numbers = [float(one) for one in found if isinstance(one, Decimal)]
        if len(numbers) == len(found) and len(numbers) in (2, 3):
            return numbers[0], numbers[1]
    raise BadFilter(_shown(found), _("2つか3つの数の座標"))
