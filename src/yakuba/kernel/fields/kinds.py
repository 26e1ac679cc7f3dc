"""The kinds: stateless objects that know one sort of value.

Every kind keeps these promises, checked by one contract suite in all three hosts:
``parse(to_text(v)) == v``, ``from_json(to_json(v)) == v``, ``from_cell(to_cell(v)) == v``, and ``to_json(v)`` is valid
under ``schema()``. A value that a kind refuses raises :class:`Invalid`, never anything else.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, ClassVar, Generic, TypeVar

from django.utils.translation import gettext as _

from yakuba.kernel.dates.clock import JAPAN
from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.dates.wareki import format_date, format_moment, parse_date
from yakuba.kernel.text.kana import is_katakana, to_katakana

JsonValue = None | bool | int | float | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"]
Cell = None | bool | int | float | str | Decimal | dt.date | dt.datetime
T = TypeVar("T")

# More digits than a double holds would change silently on SQLite, whose NUMERIC affinity keeps 15.
MAX_DIGITS = 15
DECIMAL_PLACES = 6
# Control characters never belong in typed text; NUL even ends a string in PostgreSQL, and half of a surrogate pair (JSON can say
# ``\ud800``) cannot be stored or sent at all. Tab and newline are allowed in prose.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")
# Far enough for every plan and archive, and every year in it is read back from its wareki writing.
LAST_YEAR = 2999


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


def _plain(text: str) -> str:
    """Typed numbers and dates come in full width; the digits mean the same."""
    return unicodedata.normalize("NFKC", text).strip()


@dataclass(frozen=True)
class Text(Kind[str]):
    """One line of text. Stored as typed: characters are never normalised (外字 and name variants survive)."""

    key: ClassVar[str] = "text"
    operators: ClassVar[tuple[str, ...]] = ("is", "contains")
    max_length: int = 200

    def check(self, value: object) -> str:
        if not isinstance(value, str):
            raise Invalid("type", repr(value), _("文字列"))
        if _CONTROL.search(value):
            raise Invalid("control", value[:40], _("制御文字を含まない文字"))
        if "\n" in value or "\r" in value:
            raise Invalid("newline", value[:40], _("改行のない1行の文字"))
        if len(value) > self.max_length:
            raise Invalid("too_long", _("%d文字") % len(value), _("%d文字以内") % self.max_length)
        return value

    def parse(self, text: str) -> str:
        return self.check(text.strip())

    def from_json(self, data: JsonValue) -> str:
        return self.check(data)

    def from_cell(self, cell: Cell) -> str:
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        return self.parse("" if cell is None else str(cell))

    def schema(self) -> dict[str, JsonValue]:
        return {"type": "string", "maxLength": self.max_length}


@dataclass(frozen=True)
class Prose(Text):
    """Text of several lines; line ends are unified to LF."""

    key: ClassVar[str] = "prose"
    widget: ClassVar[Widget] = Widget.AREA
    operators: ClassVar[tuple[str, ...]] = ("contains",)
    max_length: int = 20_000

    def check(self, value: object) -> str:
        if not isinstance(value, str):
            raise Invalid("type", repr(value), _("文字列"))
        if _CONTROL.search(value.replace("\r\n", "\n").replace("\r", "\n")):
            raise Invalid("control", value[:40], _("制御文字を含まない文字"))
        if len(value) > self.max_length:
            raise Invalid("too_long", _("%d文字") % len(value), _("%d文字以内") % self.max_length)
        return value

    def parse(self, text: str) -> str:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip()
        # Blank lines before the text go; the blank that indents a paragraph (字下げ) belongs to it.
        return self.check(_BLANK_LINES.sub("", lines))


@dataclass(frozen=True)
class Kana(Text):
    """A reading in full-width katakana; hiragana and half-width kana are turned into it."""

    key: ClassVar[str] = "kana"

    def check(self, value: object) -> str:
        text = super().check(value)
        if not is_katakana(text):
            raise Invalid("kana", text, _("全角カタカナ"))
        return text

    def parse(self, text: str) -> str:
        return self.check(to_katakana(text.strip()))


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
        plain = _plain(text).replace(",", "")
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
        plain = _plain(text).replace(",", "")
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


@dataclass(frozen=True)
class YesNo(Kind[bool]):
    """Yes or no."""

    key: ClassVar[str] = "yes_no"
    widget: ClassVar[Widget] = Widget.YES_NO

    def check(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise Invalid("type", repr(value), _("「はい」か「いいえ」"))
        return value

    def parse(self, text: str) -> bool:
        plain = _plain(text).lower()
        if plain in {"1", "true", "yes", "on", "はい", "有", "○", "〇", "◯"}:
            return True
        if plain in {"0", "false", "no", "off", "いいえ", "無", "×"}:
            return False
        raise Invalid("yes_no", text, _("「はい」か「いいえ」"))

    def format(self, value: bool) -> str:
        return _("はい") if value else _("いいえ")

    def to_text(self, value: bool) -> str:
        return "1" if value else "0"

    def to_json(self, value: bool) -> JsonValue:
        return value

    def from_json(self, data: JsonValue) -> bool:
        return self.check(data)

    def to_cell(self, value: bool) -> Cell:
        return "はい" if value else "いいえ"

    def choices(self) -> tuple[tuple[str, str], ...]:
        return (("1", _("はい")), ("0", _("いいえ")))

    def schema(self) -> dict[str, JsonValue]:
        return {"type": "boolean"}


@dataclass(frozen=True)
class Choice(Kind[str]):
    """One of a short list of (code, label); the code is stored, a person may type either."""

    key: ClassVar[str] = "choice"
    widget: ClassVar[Widget] = Widget.CHOICE
    operators: ClassVar[tuple[str, ...]] = ("is", "any_of")
    options: tuple[tuple[str, str], ...] = ()

    def check(self, value: object) -> str:
        if not isinstance(value, str) or value not in dict(self.options):
            raise Invalid("choice", str(value)[:40], "・".join(label for _code, label in self.options))
        return value

    def parse(self, text: str) -> str:
        plain = text.strip()
        for code, label in self.options:
            if plain in {code, label}:
                return code
        return self.check(plain)

    def format(self, value: str) -> str:
        return dict(self.options).get(value, value)

    def from_json(self, data: JsonValue) -> str:
        return self.check(data)

    def to_cell(self, value: str) -> Cell:
        return self.format(value)

    def order(self, value: str) -> object:
        return [code for code, _label in self.options].index(value)

    def choices(self) -> tuple[tuple[str, str], ...]:
        return self.options

    def schema(self) -> dict[str, JsonValue]:
        return {"enum": [code for code, _label in self.options]}


@dataclass(frozen=True)
class Date(Kind[dt.date]):
    """A day. Wareki and Western dates are understood; shown in wareki."""

    key: ClassVar[str] = "date"
    widget: ClassVar[Widget] = Widget.DATE
    operators: ClassVar[tuple[str, ...]] = ("is", "from", "until")

    def check(self, value: object) -> dt.date:
        if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
            raise Invalid("type", repr(value), _("日付"))
        return value

    def parse(self, text: str) -> dt.date:
        try:
            return parse_date(text)
        except ValueError as exc:
            raise Invalid("date", text[:40], _("日付（例：令和6年4月1日、R6.4.1、2024-04-01）")) from exc

    def format(self, value: dt.date) -> str:
        return format_date(value)

    def to_text(self, value: dt.date) -> str:
        return value.isoformat()

    def to_cell(self, value: dt.date) -> Cell:
        return value

    def from_cell(self, cell: Cell) -> dt.date:
        if isinstance(cell, dt.datetime):
            return cell.date()
        return cell if isinstance(cell, dt.date) else super().from_cell(cell)

    def schema(self) -> dict[str, JsonValue]:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True)
class Moment(Kind[dt.datetime]):
    """A moment: UTC in the store, Japan time on screen, minutes are enough for a person."""

    key: ClassVar[str] = "moment"
    widget: ClassVar[Widget] = Widget.MOMENT
    operators: ClassVar[tuple[str, ...]] = ("from", "until")

    def check(self, value: object) -> dt.datetime:
        if not isinstance(value, dt.datetime) or value.tzinfo is None:
            raise Invalid("type", repr(value), _("日時"))
        return value

    def parse(self, text: str) -> dt.datetime:
        try:
            value = dt.datetime.fromisoformat(_plain(text))
        except ValueError as exc:
            raise Invalid("moment", text[:40], _("日時（例：2024-04-01T13:05）")) from exc
        return value if value.tzinfo else value.replace(tzinfo=JAPAN)

    def format(self, value: dt.datetime) -> str:
        return format_moment(value)

    def to_text(self, value: dt.datetime) -> str:
        return value.astimezone(dt.UTC).isoformat()

    def to_cell(self, value: dt.datetime) -> Cell:
        # Sheets know no zone: what a clerk reads there is Japan time.
        return value.astimezone(JAPAN).replace(tzinfo=None)

    def from_cell(self, cell: Cell) -> dt.datetime:
        if isinstance(cell, dt.datetime):
            return cell if cell.tzinfo else cell.replace(tzinfo=JAPAN)
        return super().from_cell(cell)

    def schema(self) -> dict[str, JsonValue]:
        return {"type": "string", "format": "date-time"}


@dataclass(frozen=True)
class Year(Kind[FiscalYear]):
    """A fiscal year (年度); stored as the year in which it starts."""

    key: ClassVar[str] = "fiscal_year"
    operators: ClassVar[tuple[str, ...]] = ("is", "from", "until")

    def check(self, value: object) -> FiscalYear:
        if not isinstance(value, FiscalYear):
            raise Invalid("type", repr(value), _("年度"))
        if value.year > LAST_YEAR:
            raise Invalid("range", str(value.year), _("%d年度まで") % LAST_YEAR)
        return value

    def parse(self, text: str) -> FiscalYear:
        try:
            year = FiscalYear.parse(text)
        except ValueError as exc:
            raise Invalid("fiscal_year", text[:40], _("年度（例：令和6年度、R6、2024）")) from exc
        return self.check(year)

    def format(self, value: FiscalYear) -> str:
        return value.label

    def to_text(self, value: FiscalYear) -> str:
        return value.wareki

    def to_json(self, value: FiscalYear) -> JsonValue:
        return value.year

    def from_json(self, data: JsonValue) -> FiscalYear:
        if isinstance(data, bool) or not isinstance(data, int):
            raise Invalid("type", repr(data), _("年度の西暦（例：2024）"))
        return self.parse(str(data))

    def schema(self) -> dict[str, JsonValue]:
        return {"type": "integer", "minimum": 1886, "maximum": LAST_YEAR}


KINDS: dict[str, type[Kind[Any]]] = {  # Any: a catalogue over all value types
    kind.key: kind for kind in (Text, Prose, Kana, Integer, Number, YesNo, Choice, Date, Moment, Year)
}
