"""Kinds of numbers: whole ones, and decimals as they are stored exactly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import ClassVar

from django.utils.translation import gettext as _

from yakuba.kernel.fields.kinds.base import Cell, Invalid, JsonValue, Kind, Widget, half_width

# More digits than a double holds would change silently on SQLite, whose NUMERIC affinity keeps 15.
MAX_DIGITS = 15
DECIMAL_PLACES = 6


@dataclass(frozen=True)
class Integer(Kind[int]):
    """A whole number."""

    key: ClassVar[str] = "integer"
    widget: ClassVar[Widget] = Widget.NUMBER
    operators: ClassVar[tuple[str, ...]] = ("is", "at_least", "at_most")
    minimum: int = -(2**31)
    maximum: int = 2**31 - 1

    def check(self, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise Invalid("type", repr(value), _("整数"))
        if not self.minimum <= value <= self.maximum:
            raise Invalid(
                "range",
                str(value),
                _("%(low)s以上%(high)s以下") % {"low": self.minimum, "high": self.maximum},
            )
        return value

    def parse(self, text: str) -> int:
        plain = half_width(text).replace(",", "")
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", plain):
            raise Invalid("integer", text, _("整数（例：12）"))
        return self.check(int(plain))

    def format(self, value: int) -> str:
        return f"{value:,}"

    def to_json(self, value: int) -> JsonValue:
        return value

    def from_json(self, data: JsonValue) -> int:
        return self.check(data)

    def to_cell(self, value: int) -> Cell:
        return value

    def schema(self) -> dict[str, JsonValue]:
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}


@dataclass(frozen=True)
class Number(Kind[Decimal]):
    """A decimal of at most 15 significant digits, 6 of them after the point; trailing zeros carry no meaning."""

    key: ClassVar[str] = "number"
    widget: ClassVar[Widget] = Widget.NUMBER
    operators: ClassVar[tuple[str, ...]] = ("is", "at_least", "at_most")

    def check(self, value: object) -> Decimal:
        if not isinstance(value, Decimal) or not value.is_finite():
            raise Invalid("type", repr(value), _("数"))
        plain = plain_decimal(value)
        digits = plain.lstrip("-").replace(".", "").lstrip("0")
        if len(digits) > MAX_DIGITS or len(plain.partition(".")[2]) > DECIMAL_PLACES:
            raise Invalid("digits", plain, _("有効数字15桁・小数点以下6桁まで"))
        return Decimal(plain)

    def parse(self, text: str) -> Decimal:
        plain = half_width(text).replace(",", "")
        if len(plain) > 40 or not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", plain):
            raise Invalid("number", text[:40], _("数（例：12.5）"))
        try:
            return self.check(Decimal(plain))
        except InvalidOperation as exc:
            raise Invalid("number", text[:40], _("数（例：12.5）")) from exc

    def format(self, value: Decimal) -> str:
        return f"{Decimal(plain_decimal(value)):,}"

    def to_text(self, value: Decimal) -> str:
        return plain_decimal(value)

    def to_cell(self, value: Decimal) -> Cell:
        return Decimal(plain_decimal(value))

    def from_cell(self, cell: Cell) -> Decimal:
        if isinstance(cell, float):
            # repr is the shortest text that reads back as the same double: what the person typed.
            return self.parse(plain_decimal(Decimal(repr(cell))))
        return super().from_cell(cell)

    def schema(self) -> dict[str, JsonValue]:
        return {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}


def plain_decimal(value: Decimal) -> str:
    """The shortest plain writing: ``Decimal("75.000")`` → ``75``, ``Decimal("1E+3")`` → ``1000``."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
