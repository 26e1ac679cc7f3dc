"""Kinds of choices: yes or no, and one of a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _

from yakuba.kernel.fields.kinds.base import Cell, Invalid, JsonValue, Kind, Widget, half_width


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
        plain = half_width(text).lower()
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
