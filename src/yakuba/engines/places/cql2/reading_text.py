"""CQL2 text to a tree: the grammar of OGC 21-065r2 annex B by recursive descent, read to its last character or refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _

from yakuba.engines.places.cql2 import instants, tree
from yakuba.engines.places.cql2.problems import BadFilter

T = TypeVar("T")

# Words that are no property unless they stand in double quotes.
RESERVED = frozenset({"AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL", "TRUE", "FALSE", "DIV"})
NAME = re.compile(r"[^\W\d][\w.:]*|:[\w.:]+")
_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r\n]+)
  | (?P<number>[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w.]))
  | (?P<name>[^\W\d][\w.:]*|:[\w.:]+)
  | "(?P<quoted>[^"]+)"
  | '(?P<text>(?:[^'\\]|''|\\'|\\(?!'))*)'(?!')
  | (?P<sign><>|<=|>=|[=<>(),])
    """,
    re.VERBOSE,
)
_GEOMETRIES = {name.upper(): name for name in (*tree.DEPTHS, tree.COLLECTION)}
_FUNCTIONS = frozenset({"DATE", "TIMESTAMP", "BBOX", "S_INTERSECTS", *_GEOMETRIES})


@dataclass(frozen=True, slots=True)
class _Token:
    sort: str
    text: str
    position: int

    @property
    def word(self) -> str:
        """A bare name in capitals, empty for anything else."""
        return self.text.upper() if self.sort == "name" else ""


def from_text(text: str) -> tree.Node:
    """The tree of a filter in CQL2 text. Raises :class:`BadFilter` for anything that is not one to its end."""
    if len(text) > tree.MAX_LENGTH:
        raise BadFilter(text, _("%(limit)d文字まで") % {"limit": tree.MAX_LENGTH})
    tree.checked_text(text)
    return _Reader(_tokens(text)).whole()


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise BadFilter(text[place:], _("項目名・値・演算子（文字列は'…'で囲む）"), place + 1)
        if match.lastgroup != "space":
            found.append(_Token(match.lastgroup, match[match.lastgroup], place + 1))
        place = match.end()
    found.append(_Token("end", "", len(text) + 1))
    return found


class _Reader:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._budget = tree.Budget()

    # --- tokens ---

    @property
    def _here(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._here
        if token.sort != "end":
            self._next += 1
        return token

    def _refuse(self, expected: str) -> BadFilter:
        return BadFilter(self._here.text or _("終わり"), expected, self._here.position)

    def _sign(self, sign: str) -> bool:
        """Take a sign if it comes next."""
        if self._here.sort == "sign" and self._here.text == sign:
            self._next += 1
            return True
        return False

    def _word(self, word: str) -> bool:
        """Take a reserved word if it comes next."""
        if self._here.word == word:
            self._next += 1
            return True
        return False

    def _demand(self, sign: str) -> None:
        if not self._sign(sign):
            raise self._refuse(f"「{sign}」")

    def _listed(self, one: Callable[[], T]) -> tuple[T, ...]:
        """In brackets, with commas between."""
        self._demand("(")
        found = [one()]
        while self._sign(","):
            found.append(one())
        self._demand(")")
        return tuple(found)

    def _calls(self) -> str:
        """The name of the function that comes next, empty for none."""
        following = self._tokens[min(self._next + 1, len(self._tokens) - 1)]
        opens = following.sort == "sign" and following.text == "("
        return self._here.word if opens and self._here.word not in RESERVED else ""

    # --- what is true or not ---

    def whole(self) -> tree.Node:
        found = self._any_of(1)
        if self._here.sort != "end":
            raise self._refuse(_("ANDかORで続けるか、ここまで"))
        return found

    def _any_of(self, depth: int) -> tree.Node:
        parts = [self._all_of(depth)]
        while self._word("OR"):
            parts.append(self._all_of(depth))
        return parts[0] if len(parts) == 1 else tree.Or(tuple(parts))

    def _all_of(self, depth: int) -> tree.Node:
        parts = [self._factor(depth)]
        while self._word("AND"):
            parts.append(self._factor(depth))
        return parts[0] if len(parts) == 1 else tree.And(tuple(parts))

    def _factor(self, depth: int) -> tree.Node:
        if self._word("NOT"):
            self._budget.spend(depth)
            return tree.Not(self._primary(depth + 1))
        return self._primary(depth)

    def _primary(self, depth: int) -> tree.Node:
        self._budget.spend(depth)
        if self._sign("("):
            found = self._any_of(depth + 1)
            self._demand(")")
            return found
        if self._calls() == "S_INTERSECTS":
            return self._intersects()
        left = self._operand()
        if isinstance(left, tree.Literal) and isinstance(left.value, bool) and not self._compares():
            return tree.Constant(left.value)
        return self._predicate(left)

    def _compares(self) -> bool:
        return self._here.text in tree.OPERATORS or self._here.word in {"NOT", "IN", "BETWEEN"}

    def _predicate(self, left: tree.Operand) -> tree.Node:
        for operator in tree.OPERATORS:
            if self._sign(operator):
                return tree.Comparison(operator, left, self._operand())
        if self._word("IS"):
            denied = self._word("NOT")
            if not self._word("NULL"):
                raise self._refuse("NULL")
            return _denied(denied, tree.IsNull(self._property(left)))
        denied = self._word("NOT")
        if self._word("LIKE"):
            if self._here.sort != "text":
                raise self._refuse(_("'…'で囲んだ文字列"))
            pattern = _unquoted(self._take().text)
            tree.pattern_parts(pattern)
            return _denied(denied, tree.Like(self._property(left), pattern))
        if self._word("BETWEEN"):
            low = self._operand()
            if not self._word("AND"):
                raise self._refuse("AND")
            return _denied(denied, tree.Between(left, low, self._operand()))
        if self._word("IN"):
            return _denied(denied, tree.In(left, self._listed(self._operand)))
        raise self._refuse("= <> < > <= >= LIKE BETWEEN IN IS NULL")

    def _property(self, operand: tree.Operand) -> tree.Property:
        if isinstance(operand, tree.Property):
            return operand
        raise self._refuse(_("左側が項目名である条件"))

    # --- operands ---

    def _operand(self) -> tree.Operand:
        self._budget.spend(1)
        token = self._here
        called = self._calls()
        if called in {"DATE", "TIMESTAMP"}:
            self._next += 1
            read = instants.day if called == "DATE" else instants.moment
            (value,) = self._listed(self._instant)
            try:
                return tree.Literal(read(value))
            except BadFilter as bad:
                raise BadFilter(bad.found, bad.expected, token.position) from bad
        if called:
            raise self._refuse(_("使える関数（DATE・TIMESTAMP・S_INTERSECTS・BBOX・図形）"))
        if token.sort == "number":
            self._next += 1
            try:
                return tree.Literal(tree.number(token.text))
            except BadFilter as bad:
                raise BadFilter(bad.found, bad.expected, token.position) from bad
        if token.sort == "text":
            self._next += 1
            return tree.Literal(_unquoted(token.text))
        if token.word in {"TRUE", "FALSE"}:
            self._next += 1
            return tree.Literal(token.word == "TRUE")
        if token.sort == "quoted" or (token.sort == "name" and token.word not in RESERVED):
            self._next += 1
            return tree.Property(token.text)
        raise self._refuse(_("項目名か値"))

    def _instant(self) -> str:
        if self._here.sort != "text":
            raise self._refuse(_("'…'で囲んだ日付か日時"))
        return _unquoted(self._take().text)

    # --- shapes ---

    def _intersects(self) -> tree.Node:
        self._next += 1
        self._demand("(")
        left, right = self._spatial(), None
        self._demand(",")
        right = self._spatial()
        self._demand(")")
        if isinstance(left, tree.Property) and not isinstance(right, tree.Property):
            return tree.Intersects(left, right)
        if isinstance(right, tree.Property) and not isinstance(left, tree.Property):
            return tree.Intersects(right, left)
        raise self._refuse(_("S_INTERSECTS(図形の項目, 図形)"))

    def _spatial(self) -> tree.Property | tree.Shape:
        token = self._here
        if self._geometry_comes():
            return self._shape()
        if token.sort == "quoted" or (token.sort == "name" and not self._calls()):
            found = self._operand()
            if isinstance(found, tree.Property):
                return found
        raise self._refuse(_("図形の項目か、POINT・LINESTRING・POLYGON・MULTI…・BBOX"))

    def _geometry_comes(self) -> bool:
        following = self._tokens[min(self._next + 1, len(self._tokens) - 1)]
        return (self._here.word in _GEOMETRIES and (following.text == "(" or following.word == "Z")) or (
            self._calls() == "BBOX"
        )

    def _shape(self) -> tree.Shape:
        start = self._here
        if self._word("BBOX"):
            numbers = self._listed(self._number)
            if len(numbers) not in (4, 6):
                raise BadFilter("BBOX", _("4つか6つの数"), start.position)
            half = len(numbers) // 2
            return tree.Box(numbers[0], numbers[1], numbers[half], numbers[half + 1])
        if start.word == tree.COLLECTION.upper():
            self._next += 1
            self._word("Z")
            return tree.Collection(self._listed(self._member))
        return self._member()

    def _member(self) -> tree.Geometry:
        self._budget.spend(1)
        start = self._take()
        name = _GEOMETRIES.get(start.word, "")
        if name not in tree.DEPTHS:
            raise BadFilter(start.text, "・".join(one.upper() for one in tree.DEPTHS), start.position)
        self._word("Z")
        try:
            return tree.closed(tree.Geometry(name, self._coordinates(name)))
        except BadFilter as bad:
            raise BadFilter(bad.found, bad.expected, bad.position or start.position) from bad

    def _coordinates(self, name: str) -> tree.Coordinates:
        if name == "Point":
            self._demand("(")
            found = self._pair()
            self._demand(")")
            return found
        if name == "MultiPoint":
            return self._listed(self._bracketed_pair)
        return self._nested(tree.DEPTHS[name])

    def _nested(self, depth: int) -> tree.Coordinates:
        return self._listed(self._pair if depth == 1 else lambda: self._nested(depth - 1))

    def _bracketed_pair(self) -> tree.Position:
        if not self._sign("("):
            return self._pair()  # MULTIPOINT(1 2, 3 4), as older programs write it
        found = self._pair()
        self._demand(")")
        return found

    def _pair(self) -> tree.Position:
        first, second = self._number(), self._number()
        if self._here.sort == "number":
            self._next += 1  # a height
        return first, second

    def _number(self) -> float:
        if self._here.sort != "number":
            raise self._refuse(_("数"))
        token = self._take()
        try:
            return float(tree.number(token.text))
        except BadFilter as bad:
            raise BadFilter(bad.found, bad.expected, token.position) from bad


def _denied(denied: bool, predicate: tree.Node) -> tree.Node:
    return tree.Not(predicate) if denied else predicate


def _unquoted(text: str) -> str:
    """What stands between the quotes, with its doubled or escaped quotes as one."""
    return re.sub(r"''|\\'", "'", text)
