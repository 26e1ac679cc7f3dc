"""Shapes of JSON: each is declared once and gives a strict reader, a writer in fixed order and a JSON Schema.

Readers refuse what they do not know instead of skipping it: an import must not lose anything quietly.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

T = TypeVar("T")

#: A JSON Schema, or a part of one.
Schema = dict[str, object]

#: The span that `kernel.dates.FiscalYear` can hold.
FIRST_YEAR, LAST_YEAR = 1886, 9998

_JSON_WORDS = {dict: "オブジェクト", list: "配列", str: "文字列", bool: "真偽値", int: "整数", float: "小数"}


class Malformed(ValueError):
    """A document that is not `yakuba-plan/1`: where, what was found, what is expected (Japanese)."""

    def __init__(self, path: str, found: str, expected: str) -> None:
        self.path = path or "(文書全体)"
        self.found = found
        self.expected = expected
        super().__init__(f"{self.path}: {found}がありました。{expected}が必要です。")


def describe(found: object) -> str:
    """A short Japanese description of a JSON value, long texts cut."""
    if found is None:
        return "null"
    word = _JSON_WORDS.get(type(found), type(found).__name__)
    if isinstance(found, dict | list):
        return word
    text = str(found)
    return f"{word}「{text if len(text) <= 40 else text[:40] + '…'}」"


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts `values[10]` after `values[2]`; the same on every machine and database."""
    return tuple(
        # Equal numbers written differently (1, 01) still need one order.
        (1, int(part), part) if part.isascii() and part.isdigit() else (0, 0, part)
        for part in re.split(r"([0-9]{1,18})", text)
    )


class Shape(ABC, Generic[T]):
    """One kind of JSON value and what it is in Python."""

    def read(self, found: object, path: str) -> T:
        """The Python value; raises `Malformed`."""
        return self._read(found, path)

    def write(self, value: T) -> object:
        """The JSON value, keys in declared order."""
        return self._write(value)

    def schema(self) -> Schema:
        """The JSON Schema (2020-12) of what `read` takes."""
        return self._schema()

    @abstractmethod
    def _read(self, found: object, path: str) -> T: ...

    @abstractmethod
    def _write(self, value: T) -> object: ...

    @abstractmethod
    def _schema(self) -> Schema: ...


class String(Shape[str]):
    """Text without NUL and without halves of surrogate pairs, which no database and no UTF-8 file keeps."""

    def _read(self, found: object, path: str) -> str:
        if not isinstance(found, str):
            raise Malformed(path, describe(found), "文字列")
        if "\0" in found or any("\ud800" <= mark <= "\udfff" for mark in found):
            raise Malformed(path, "保存できない文字(NULまたは不完全なサロゲート)", "通常の文字列")
        return found

    def _write(self, value: str) -> object:
        return value

    def _schema(self) -> Schema:
        return {"type": "string"}


class Pattern(String):
    """Text that matches a pattern as a whole, with a Japanese word for what is expected."""

    def __init__(self, pattern: str, expected: str) -> None:
        self.pattern = pattern
        self.expected = expected
        self._compiled = re.compile(pattern.removeprefix("^").removesuffix("$"))

    def _read(self, found: object, path: str) -> str:
        text = super()._read(found, path)
        if not self._compiled.fullmatch(text):
            raise Malformed(path, describe(found), self.expected)
        return text

    def _schema(self) -> Schema:
        return {"type": "string", "pattern": self.pattern}


class DecimalText(Pattern):
    """A decimal in text: no exponent, no leading zeros, at most 15 significant digits."""

    def __init__(self) -> None:
        super().__init__(r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$", "15桁までの十進数を表す文字列")

    def _read(self, found: object, path: str) -> str:
        text = super()._read(found, path)
        if len(text.lstrip("-").replace(".", "").lstrip("0")) > 15:
            raise Malformed(path, describe(found), self.expected)
        return text


class Day(Pattern):
    """A calendar day, `YYYY-MM-DD`."""

    def __init__(self) -> None:
        super().__init__(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "YYYY-MM-DDの日付")

    def _read(self, found: object, path: str) -> str:
        text = super()._read(found, path)
        try:
            date.fromisoformat(text)
        except ValueError:
            raise Malformed(path, describe(found), "暦にある日付") from None
        return text


class Choice(String):
    """One of a fixed list of words."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def _read(self, found: object, path: str) -> str:
        text = super()._read(found, path)
        if text not in self.words:
            raise Malformed(path, describe(found), "・".join(self.words) + "のいずれか")
        return text

    def _schema(self) -> Schema:
        return {"type": "string", "enum": list(self.words)}


class Whole(Shape[int]):
    """A whole number between two ends, both included."""

    def __init__(self, least: int, most: int) -> None:
        self.least = least
        self.most = most

    def _read(self, found: object, path: str) -> int:
        # bool is an int in Python, never in a document.
        if not isinstance(found, int) or isinstance(found, bool) or not self.least <= found <= self.most:
            raise Malformed(path, describe(found), f"{self.least}から{self.most}までの整数")
        return found

    def _write(self, value: int) -> object:
        return value

    def _schema(self) -> Schema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class YesNo(Shape[bool]):
    """true or false."""

    def _read(self, found: object, path: str) -> bool:
        if not isinstance(found, bool):
            raise Malformed(path, describe(found), "trueまたはfalse")
        return found

    def _write(self, value: bool) -> object:
        return value

    def _schema(self) -> Schema:
        return {"type": "boolean"}


class Maybe(Shape[T | None]):
    """The inner shape, or null."""

    def __init__(self, inner: Shape[T]) -> None:
        self.inner = inner

    def _read(self, found: object, path: str) -> T | None:
        return None if found is None else self.inner.read(found, path)

    def _write(self, value: T | None) -> object:
        return None if value is None else self.inner.write(value)

    def _schema(self) -> Schema:
        return {"anyOf": [self.inner.schema(), {"type": "null"}]}


class Many(Shape[tuple[T, ...]]):
    """A list in stored order."""

    def __init__(self, inner: Shape[T]) -> None:
        self.inner = inner

    def _read(self, found: object, path: str) -> tuple[T, ...]:
        if not isinstance(found, list):
            raise Malformed(path, describe(found), "配列")
        return tuple(self.inner.read(item, f"{path}[{index}]") for index, item in enumerate(found))

    def _write(self, value: tuple[T, ...]) -> object:
        return [self.inner.write(item) for item in value]

    def _schema(self) -> Schema:
        return {"type": "array", "items": self.inner.schema()}


class Table(Shape[Mapping[str, T]]):
    """An object with free keys, written in natural order of the keys."""

    def __init__(self, inner: Shape[T], key: Pattern | None = None) -> None:
        self.inner = inner
        self.key: String = key or String()

    def _read(self, found: object, path: str) -> Mapping[str, T]:
        items = members(found, path)
        return {
            self.key.read(name, f"{path}のキー"): self.inner.read(item, f"{path}.{name}")
            for name, item in items.items()
        }

    def _write(self, value: Mapping[str, T]) -> object:
        return {name: self.inner.write(value[name]) for name in sorted(value, key=natural_key)}

    def _schema(self) -> Schema:
        return {
            "type": "object",
            "propertyNames": self.key.schema(),
            "additionalProperties": self.inner.schema(),
        }


class Scalar(Shape[object]):
    """A text, a whole number, or yes/no: what a field outside the format holds."""

    def _read(self, found: object, path: str) -> object:
        if not isinstance(found, str | int):
            raise Malformed(path, describe(found), "文字列・整数・true/falseのいずれか")
        return found

    def _write(self, value: object) -> object:
        return value

    def _schema(self) -> Schema:
        return {"type": ["string", "integer", "boolean"]}


class Known(Shape[Mapping[str, object]]):
    """An object whose keys are a fixed list, each of them optional and absent where nothing is printed."""

    def __init__(self, **keys: Shape[str] | Shape[tuple[str, ...]]) -> None:
        self.keys = keys

    def _read(self, found: object, path: str) -> Mapping[str, object]:
        items = members(found, path)
        refuse_unknown(items, self.keys, path)
        return {
            name: shape.read(items[name], f"{path}.{name}")
            for name, shape in self.keys.items()
            if name in items
        }

    def _write(self, value: Mapping[str, object]) -> object:
        return {
            name: list(item) if isinstance(item, tuple) else item
            for name in self.keys
            if (item := value.get(name)) is not None
        }

    def _schema(self) -> Schema:
        return {
            "type": "object",
            "properties": {name: shape.schema() for name, shape in self.keys.items()},
            "additionalProperties": False,
        }


_REQUIRED = object()


@dataclass(frozen=True, slots=True)
class Key(Generic[T]):
    """One key of a record; without a default the key must be there."""

    name: str
    shape: Shape[T]
    default: object = _REQUIRED
    attribute: str = ""
    sparse: bool = False
    """Not written where it is empty: a key that most documents do not have."""

    @property
    def required(self) -> bool:
        """Whether a document without this key is refused."""
        return self.default is _REQUIRED


class Record(Shape[T]):
    """An object with fixed keys that becomes one dataclass; every key but a sparse one is always written."""

    # Keys of different value types share one list; each key's own shape checks its value.
    def __init__(self, make: Callable[..., T], *keys: Key[str] | Key[int] | Key[bool] | Key[object]) -> None:
        self.make = make
        self.keys = keys

    def _read(self, found: object, path: str) -> T:
        items = members(found, path)
        refuse_unknown(items, {key.name for key in self.keys}, path)
        values: dict[str, object] = {}
        for key in self.keys:
            here = f"{path}.{key.name}" if path else key.name
            if key.name in items:
                values[key.attribute or key.name] = key.shape.read(items[key.name], here)
            elif key.required:
                raise Malformed(path, f"キー「{key.name}」のないオブジェクト", f"キー「{key.name}」")
            else:
                values[key.attribute or key.name] = key.default
        return self.make(**values)

    def _write(self, value: T) -> object:
        found = [(key, getattr(value, key.attribute or key.name)) for key in self.keys]
        return {key.name: key.shape.write(item) for key, item in found if item or not key.sparse}

    def _schema(self) -> Schema:
        return {
            "type": "object",
            "properties": {key.name: key.shape.schema() for key in self.keys},
            "required": [key.name for key in self.keys if key.required],
            "additionalProperties": False,
        }


def members(found: object, path: str) -> dict[str, object]:
    """The object at `path`, or a refusal."""
    if not isinstance(found, dict):
        raise Malformed(path, describe(found), "オブジェクト")
    return found


def refuse_unknown(items: Mapping[str, object], known: object, path: str) -> None:
    """Refuses the first key that the format does not have."""
    names = list(known) if isinstance(known, Mapping | set) else []
    for name in items:
        if name not in names:
            raise Malformed(
                path, f"知らないキー「{name[:60]}」", "・".join(sorted(names)) + "のいずれかのキー"
            )
