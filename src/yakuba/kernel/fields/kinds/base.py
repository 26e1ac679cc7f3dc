"""What every kind is: how a value is typed, shown, stored and described, and how it is refused."""

from __future__ import annotations

import datetime as dt
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import ClassVar, Generic, TypeVar

from django.utils.translation import gettext as _

JsonValue = None | bool | int | float | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"]
Cell = None | bool | int | float | str | Decimal | dt.date | dt.datetime
T = TypeVar("T")


class Invalid(ValueError):
    """A value that a kind refuses: a stable code, what was found, and what is expected (both for a person)."""

    def __init__(self, code: str, found: str, expected: str) -> None:
        super().__init__(f"{code}: {found!r}")
        self.code = code
        # What was found is shown again, so it has to be something that can be sent.
        self.found = found.encode("utf-8", "replace").decode("utf-8")
        self.expected = expected


class Widget(Enum):
    """How a form asks for a value."""

    LINE = "line"
    AREA = "area"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    CHOICE = "choice"
    YES_NO = "yes_no"


class Kind(ABC, Generic[T]):
    """One sort of value. Empty input is not a kind's business: the host decides whether a field may be empty."""

    key: ClassVar[str]
    widget: ClassVar[Widget] = Widget.LINE
    operators: ClassVar[tuple[str, ...]] = ("is",)

    @abstractmethod
    def check(self, value: object) -> T:
        """The value itself when it is one of this kind; :class:`Invalid` otherwise."""

    @abstractmethod
    def parse(self, text: str) -> T:
        """A value from what a person typed: full-width digits, wareki and stray spaces are understood."""

    def format(self, value: T) -> str:
        """As shown on a Japanese page."""
        return self.to_text(value)

    def to_text(self, value: T) -> str:
        """As put into a form field; :meth:`parse` reads it back."""
        return str(value)

    def to_json(self, value: T) -> JsonValue:
        """As written to JSON (decimals as text, dates in ISO 8601)."""
        return self.to_text(value)

    def from_json(self, data: JsonValue) -> T:
        """A value from JSON. Strict: ``"7"`` is not an integer here."""
        if not isinstance(data, str):
            raise Invalid("type", repr(data), _("文字列"))
        return self.parse(data)

    def to_cell(self, value: T) -> Cell:
        """As written to a sheet."""
        return self.to_text(value)

    def from_cell(self, cell: Cell) -> T:
        """A value from a sheet cell; readers give whole numbers as floats."""
        if isinstance(cell, bool):
            return self.parse("1" if cell else "0")
        if isinstance(cell, float) and cell.is_integer():
            return self.parse(str(int(cell)))
        return self.parse("" if cell is None else str(cell))

    def order(self, value: T) -> object:
        """A key by which values of this kind compare."""
        return value

    def choices(self) -> tuple[tuple[str, str], ...]:
        """(text, label) pairs where the values are a short list; empty otherwise."""
        return ()

    @abstractmethod
    def schema(self) -> dict[str, JsonValue]:
        """The JSON Schema of :meth:`to_json`'s result."""


def half_width(text: str) -> str:
    """Typed numbers and dates come in full width; the digits mean the same."""
    return unicodedata.normalize("NFKC", text).strip()
