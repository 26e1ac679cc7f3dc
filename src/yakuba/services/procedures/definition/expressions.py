"""What a condition is made of, and what it is worth on given answers. Evaluation is total: it never raises."""

from __future__ import annotations

import datetime as dt
import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, TypeAlias

from yakuba.kernel.fields import JsonValue
from yakuba.services.procedures.definition.model import Definition, Question

Value: TypeAlias = str | Decimal | bool | dt.date | frozenset[str]
Answers: TypeAlias = Mapping[str, JsonValue]

_OPERATORS: Final[Mapping[str, Callable[[Value, Value], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Scene:
    """What a condition is evaluated on."""

    answers: Answers
    definition: Definition
    day: dt.date


class Expression(ABC):
    """A condition. ``str()`` writes it canonically; :func:`.conditions.parse` reads that back to the same expression."""

    __slots__ = ()

    def true(self, answers: Answers, definition: Definition, day: dt.date) -> bool:
        """Whether it holds for these answers (question key → canonical JSON) on that day. Never raises."""
        return self.holds(Scene(answers, definition, day))

    @abstractmethod
    def holds(self, scene: Scene) -> bool:
        """Whether it holds."""

    @abstractmethod
    def inner(self) -> Sequence[Expression | Operand]:
        """What it is made of."""

    def walk(self) -> Iterator[Expression | Operand]:
        """Itself and all that it is made of."""
        yield self
        for one in self.inner():
            yield from one.walk()

    def names(self) -> frozenset[str]:
        """Keys of all questions that it asks for."""
        return frozenset(one.key for one in self.walk() if isinstance(one, Name | Called | Answered))

    def compared(self) -> frozenset[str]:
        """Keys of the questions whose answers it compares: while one is missing, it says nothing."""
        return frozenset(
            one.key
            for one in self.walk()
            if isinstance(one, Name) or (isinstance(one, Called) and one.function == "years")
        )


class Operand(ABC):
    """What stands on a side of a comparison."""

    __slots__ = ()

    @abstractmethod
    def value(self, scene: Scene) -> Value | None:
        """Its value; None where nobody answered."""

    def walk(self) -> Iterator[Expression | Operand]:
        """Itself."""
        yield self


@dataclass(frozen=True, slots=True)
class Literal(Operand):
    """A value written in the condition."""

    written: str | Decimal | bool | dt.date

    def value(self, scene: Scene) -> Value:
        return self.written

    def __str__(self) -> str:
        if isinstance(self.written, bool):
            return "true" if self.written else "false"
        if isinstance(self.written, str):
            return "'" + self.written.replace("'", "''") + "'"
        return self.written.isoformat() if isinstance(self.written, dt.date) else format(self.written, "f")


@dataclass(frozen=True, slots=True)
class Today(Operand):
    """The day on which one asks."""

    def value(self, scene: Scene) -> Value:
        return scene.day

    def __str__(self) -> str:
        return "today"


@dataclass(frozen=True, slots=True)
class Name(Operand):
    """The answer to a question, or a part of it."""

    key: str
    part: str = ""

    def value(self, scene: Scene) -> Value | None:
        return answer_value(scene.definition.by_key.get(self.key), scene.answers.get(self.key), self.part)

    def __str__(self) -> str:
        return f"{self.key}.{self.part}" if self.part else self.key


@dataclass(frozen=True, slots=True)
class Called(Operand):
    """``count(key)`` and ``years(key)``."""

    function: str
    key: str

    def value(self, scene: Scene) -> Value | None:
        answer = scene.answers.get(self.key)
        if self.function == "count":
            return Decimal(len(answer)) if isinstance(answer, list | tuple) else Decimal(0)
        since = answer_value(scene.definition.by_key.get(self.key), answer)
        return Decimal(full_years(since, scene.day)) if isinstance(since, dt.date) else None

    def __str__(self) -> str:
        return f"{self.function}({self.key})"


@dataclass(frozen=True, slots=True)
class Compare(Expression):
    """A comparison. One of several choices «equals» a code when it is among those chosen."""

    sign: str
    left: Operand
    right: Operand

    def holds(self, scene: Scene) -> bool:
        return _compare(self.sign, self.left.value(scene), self.right.value(scene))

    def inner(self) -> Sequence[Expression | Operand]:
        return (self.left, self.right)

    def __str__(self) -> str:
        return f"{self.left} {self.sign} {self.right}"


@dataclass(frozen=True, slots=True)
class In(Expression):
    """Whether a value is one of those listed."""

    left: Operand
    among: tuple[Literal, ...]

    def holds(self, scene: Scene) -> bool:
        value = self.left.value(scene)
        return any(_compare("=", value, one.written) for one in self.among)

    def inner(self) -> Sequence[Expression | Operand]:
        return (self.left, *self.among)

    def __str__(self) -> str:
        return f"{self.left} in ({', '.join(map(str, self.among))})"


@dataclass(frozen=True, slots=True)
class Answered(Expression):
    """Whether a question was answered."""

    key: str

    def holds(self, scene: Scene) -> bool:
        return scene.answers.get(self.key) not in (None, "", [], {}, ())

    def inner(self) -> Sequence[Expression | Operand]:
        return ()

    def __str__(self) -> str:
        return f"answered({self.key})"


@dataclass(frozen=True, slots=True)
class Yes(Expression):
    """A yes/no answer or a consent that stands alone."""

    name: Name

    def holds(self, scene: Scene) -> bool:
        return self.name.value(scene) is True

    def inner(self) -> Sequence[Expression | Operand]:
        return (self.name,)

    def __str__(self) -> str:
        return str(self.name)


@dataclass(frozen=True, slots=True)
class Not(Expression):
    """The contrary."""

    one: Expression

    def holds(self, scene: Scene) -> bool:
        return not self.one.holds(scene)

    def inner(self) -> Sequence[Expression | Operand]:
        return (self.one,)

    def __str__(self) -> str:
        return f"not {self.one}" if isinstance(self.one, Not | Answered | Yes) else f"not ({self.one})"


@dataclass(frozen=True, slots=True)
class Joined(Expression):
    """Several with ``and``, or with ``or`` between them."""

    word: str
    parts: tuple[Expression, ...]

    def holds(self, scene: Scene) -> bool:
        results = (one.holds(scene) for one in self.parts)
        return all(results) if self.word == "and" else any(results)

    def inner(self) -> Sequence[Expression | Operand]:
        return self.parts

    def __str__(self) -> str:
        inner = (f"({one})" if isinstance(one, Joined) else str(one) for one in self.parts)
        return f" {self.word} ".join(inner)


def full_years(since: dt.date, day: dt.date) -> int:
    """Full years from a date to a day: an age (who is born on 29 February becomes older on 1 March of other years)."""
    return day.year - since.year - ((day.month, day.day) < (since.month, since.day))


def answer_value(question: Question | None, answer: JsonValue, part: str = "") -> Value | None:
    """An answer as conditions compare it; None where there is none, or none that can be compared."""
    if question is None or answer is None:
        return None
    if part:
        inner = answer.get(part) if isinstance(answer, Mapping) else None
        return inner if isinstance(inner, str) and inner else None
    if question.kind == "many":
        return frozenset(str(one) for one in answer) if isinstance(answer, list | tuple) and answer else None
    if question.kind in {"yes_no", "consent"}:
        return answer if isinstance(answer, bool) else None
    if isinstance(answer, bool) or not isinstance(answer, str | int):
        return None
    return _scalar(question.kind, answer)


def _scalar(kind: str, answer: str | int) -> Value | None:
    try:
        if kind in {"number", "yen"}:
            found = Decimal(answer)
            return found if found.is_finite() else None
        if kind == "date":
            return dt.date.fromisoformat(str(answer))
    except (InvalidOperation, ValueError):
        return None
    return str(answer) or None


def _compare(sign: str, left: Value | None, right: Value | None) -> bool:
    if left is None or right is None:
        return False
    if isinstance(left, frozenset) or isinstance(right, frozenset):
        among, one = (left, right) if isinstance(left, frozenset) else (right, left)
        if sign not in {"=", "!="} or not isinstance(among, frozenset):
            return False
        return (one in among if isinstance(one, str) else one == among) == (sign == "=")
    if type(left) is not type(right) or (isinstance(left, bool) and sign not in {"=", "!="}):
        return False
    return _OPERATORS[sign](left, right)


def depth(expression: Expression) -> int:
    """How many expressions stand inside one another."""
    return 1 + max(
        (depth(one) for one in expression.inner() if isinstance(one, Expression)),
        default=0,
    )


def joined(word: str, parts: Sequence[Expression]) -> Expression:
    """The parts with ``and`` or ``or`` between them; a part that is joined by the same word is taken apart."""
    flat: list[Expression] = []
    for one in parts:
        flat.extend(one.parts if isinstance(one, Joined) and one.word == word else (one,))
    return flat[0] if len(flat) == 1 else Joined(word, tuple(flat))
