"""The small language of conditions: when a question is asked, who may apply, what has to hold.

    chip = true and breed in ('mix', 'other')      count(children) >= 2      years(birth) < 18 または not answered(agent_name)

Comparisons ``= != < <= > >=`` and ``in (…)``; ``and``, ``or``, ``not``, parentheses; in Japanese ``かつ``, ``または``, and ``でない``
behind what it denies. Literals: ``'text'`` or ``「text」``, ``12``, ``true``/``false`` (``はい``/``いいえ``), ``2024-04-01``, ``today``
(``今日``). ``answered(key)``, ``count(key)`` (rows, choices, files), ``years(key)`` (full years from a date to the day). A part of a
name or an address is written ``address.city``; a yes/no answer may stand alone.

There are no loops and no variables, length and depth are bounded, and evaluation is total: **a comparison with an answer that is not
there is false**, whatever its sign.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext as _

from yakuba.services.procedures.definition.expressions import (
    Answered,
    Answers,
    Called,
    Compare,
    Expression,
    In,
    Joined,
    Literal,
    Name,
    Not,
    Operand,
    Scene,
    Today,
    Value,
    Yes,
    answer_value,
    depth,
    full_years,
    joined,
)

__all__ = [
    "MAX_DEPTH",
    "MAX_LENGTH",
    "RESERVED",
    "SIGNS",
    "Answered",
    "Answers",
    "Called",
    "Compare",
    "ConditionError",
    "Expression",
    "In",
    "Joined",
    "Literal",
    "Name",
    "Not",
    "Operand",
    "Scene",
    "Today",
    "Value",
    "Yes",
    "answer_value",
    "depth",
    "full_years",
    "joined",
    "parse",
]

MAX_LENGTH: Final = 600
MAX_DEPTH: Final = 12
_OPEN: Final = 3 * MAX_DEPTH  # what may stand open while reading; brackets around one thing are allowed
SIGNS: Final = ("=", "!=", "<", "<=", ">", ">=")
FUNCTIONS: Final = ("answered", "count", "years")

_TOKEN: Final = re.compile(
    r"""(?P<space>\s+)
    |(?P<text>'(?:[^'\n]|'')*'|「[^」\n]*」)
    |(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9-]))
    |(?P<number>-?[0-9]{1,15}(?:\.[0-9]{1,6})?(?![0-9.]))
    |(?P<sign>!=|<=|>=|[=<>(),≠≦≧≤≥＝＜＞（），、])
    |(?P<word>[a-z][a-z0-9_]*(?:\.[a-z_]+)?|かつ|または|でない|今日|はい|いいえ)""",
    re.VERBOSE,
)
_SAME: Final = {
    "≠": "!=", "≦": "<=", "≤": "<=", "≧": ">=", "≥": ">=", "＝": "=", "＜": "<", "＞": ">", "（": "(", "）": ")", "，": ",", "、": ",",
    "かつ": "and", "または": "or", "今日": "today", "はい": "true", "いいえ": "false",
}  # fmt: skip
RESERVED: Final = frozenset({"and", "or", "not", "in", "true", "false", "today", "でない", *FUNCTIONS})


class ConditionError(ValueError):
    """What is wrong with a condition, in Japanese, and at which character (from 0)."""

    def __init__(self, message: str, position: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ConditionError(_("%(at)d文字目の「%(found)s」が読めません。") % {"at": at + 1, "found": text[at : at + 10]}, at)  # fmt: skip
        kind = match.lastgroup or ""
        if kind != "space":
            found.append(_Token(kind, _SAME.get(match[0], match[0]) if kind != "text" else match[0], at))
        at = match.end()
    return [*found, _Token("end", "", len(text))]


class _Reader:
    """Recursive descent over the tokens; ``depth`` counts what is open."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.at]

    def take(self, *texts: str) -> bool:
        """Steps over the next token when it is one of these."""
        if self.next.kind in {"sign", "word"} and self.next.text in texts:
            self.at += 1
            return True
        return False

    def fail(self, expected: str) -> ConditionError:
        found = self.next.text or _("終わり")
        return ConditionError(
            _("%(at)d文字目：%(expected)sが必要です（見つかったもの：%(found)s）。")
            % {"at": self.next.at + 1, "expected": expected, "found": found},
            self.next.at,
        )

    def need(self, text: str) -> None:
        if not self.take(text):
            raise self.fail(f"「{text}」")

    def whole(self) -> Expression:
        found = self.either()
        if self.next.kind != "end":
            raise self.fail(_("「and」「or」か条件の終わり"))
        if depth(found) > MAX_DEPTH:
            raise _too_deep(0)
        return found

    def either(self) -> Expression:
        parts = [self.both()]
        while self.take("or"):
            parts.append(self.both())
        return joined("or", parts)

    def both(self) -> Expression:
        parts = [self.denied()]
        while self.take("and"):
            parts.append(self.denied())
        return joined("and", parts)

    def denied(self) -> Expression:
        self.depth += 1
        if self.depth > _OPEN:
            raise _too_deep(self.next.at)
        found = Not(self.denied()) if self.take("not") else self.single()
        if self.take("でない"):
            found = Not(found)
        self.depth -= 1
        return found

    def single(self) -> Expression:
        if self.take("("):
            found = self.either()
            self.need(")")
            return found
        if self.take("answered"):
            return Answered(self.called())
        left = self.operand()
        if self.take("in"):
            return self.listed(left)
        sign = next((one for one in SIGNS if self.take(one)), "")
        if sign:
            return Compare(sign, left, self.operand())
        if isinstance(left, Name):
            return Yes(left)
        raise self.fail(_("比べる記号（= != < <= > >= in）"))

    def listed(self, left: Operand) -> In:
        self.need("(")
        among = [self.operand()]
        while self.take(","):
            among.append(self.operand())
        self.need(")")
        if not all(isinstance(one, Literal) for one in among):
            raise ConditionError(_("in の中には値だけを書いてください（例：in ('a', 'b')）。"), self.next.at)
        return In(left, tuple(one for one in among if isinstance(one, Literal)))

    def called(self) -> str:
        self.need("(")
        if self.next.kind != "word" or self.next.text in RESERVED or "." in self.next.text:
            raise self.fail(_("質問のキー"))
        key = self.next.text
        self.at += 1
        self.need(")")
        return key

    def operand(self) -> Operand:
        token = self.next
        for function in ("count", "years"):
            if self.take(function):
                return Called(function, self.called())
        if token.kind in {"sign", "end"} or (
            token.kind == "word" and token.text in RESERVED - {"true", "false", "today"}
        ):
            raise self.fail(_("質問のキーか値（'文字'・12・2024-04-01・true・today）"))
        self.at += 1
        return _operand(token)


def _operand(token: _Token) -> Operand:
    if token.kind == "text":
        return Literal(token.text[1:-1].replace("''", "'") if token.text[0] == "'" else token.text[1:-1])
    if token.kind == "number":
        return Literal(Decimal(token.text))
    if token.kind == "date":
        try:
            return Literal(dt.date.fromisoformat(token.text))
        except ValueError:
            raise ConditionError(_("「%s」は暦にない日です。") % token.text, token.at) from None
    if token.text == "today":
        return Today()
    if token.text in {"true", "false"}:
        return Literal(token.text == "true")
    key, _dot, part = token.text.partition(".")
    return Name(key, part)


def _too_deep(at: int) -> ConditionError:
    return ConditionError(_("かっこや not の重なりは%d段までです。") % MAX_DEPTH, at)


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """The expression that a text says. Raises :class:`ConditionError` alone."""
    if len(text) > MAX_LENGTH:
        raise ConditionError(
            _("条件は%(most)d文字までです（今は%(found)d文字）。") % {"most": MAX_LENGTH, "found": len(text)}
        )
    return _Reader(text).whole()
