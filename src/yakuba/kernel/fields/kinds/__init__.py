"""The kinds: stateless objects that know one sort of value.

Every kind keeps these promises, checked by one contract suite in all three hosts:
``parse(to_text(v)) == v``, ``from_json(to_json(v)) == v``, ``from_cell(to_cell(v)) == v``, and ``to_json(v)`` is valid
under ``schema()``. A value that a kind refuses raises :class:`Invalid`, never anything else.
"""

from __future__ import annotations

from typing import Any

from yakuba.kernel.fields.kinds.base import Cell, Invalid, JsonValue, Kind, Widget
from yakuba.kernel.fields.kinds.chosen import Choice, YesNo
from yakuba.kernel.fields.kinds.dated import LAST_YEAR, Date, Moment, Year
from yakuba.kernel.fields.kinds.numeric import DECIMAL_PLACES, MAX_DIGITS, Integer, Number, plain_decimal
from yakuba.kernel.fields.kinds.written import Kana, Prose, Text

__all__ = [
    "DECIMAL_PLACES",
    "KINDS",
    "LAST_YEAR",
    "MAX_DIGITS",
    "Cell",
    "Choice",
    "Date",
    "Integer",
    "Invalid",
    "JsonValue",
    "Kana",
    "Kind",
    "Moment",
    "Number",
    "Prose",
    "Text",
    "Widget",
    "Year",
    "YesNo",
    "plain_decimal",
]

KINDS: dict[str, type[Kind[Any]]] = {  # Any: a catalogue over all value types
    kind.key: kind for kind in (Text, Prose, Kana, Integer, Number, YesNo, Choice, Date, Moment, Year)
}
