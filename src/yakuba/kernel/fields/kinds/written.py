"""Kinds of text: a line, prose, a reading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _

from yakuba.kernel.fields.kinds.base import Cell, Invalid, JsonValue, Kind, Widget
from yakuba.kernel.text.kana import is_katakana, to_katakana

# Control characters never belong in typed text; NUL even ends a string in PostgreSQL, and half of a surrogate pair (JSON can say
# ``\ud800``) cannot be stored or sent at all. Tab and newline are allowed in prose.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")


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
