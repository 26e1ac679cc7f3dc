"""Single cells: what must never be taken for a formula, and how that is undone."""

from __future__ import annotations

import re
from typing import Final

MAX_TEXT: Final = 32_767  # characters in one cell of a workbook

# A spreadsheet program runs what begins like this: = + - @ and, after a tab or line end that it swallows, anything.
_FORMULA: Final = re.compile(r"[=+\-@\t\r\n]")
_GUARDED: Final = re.compile(r"'*[=+\-@\t\r\n]")
# In a workbook _x0041_ stands for a character; a text that happens to read so has its underscore written as one.
_ESCAPE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet program would run this text."""
    return bool(_FORMULA.match(text))


def guard(text: str) -> str:
    """A text for a CSV file: one apostrophe before what would run, and before what already looks guarded.

    :func:`unguard` gives every text back, ``'=1`` too. CSV knows no types, so there is no better way; XLSX needs none.
    """
    return f"'{text}" if _GUARDED.match(text) else text


def unguard(text: str) -> str:
    """The inverse of :func:`guard`."""
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text


def workbook_text(text: str) -> str:
    """A text as it must stand in a workbook's XML. ValueError when it is too long: programs cut it silently."""
    if len(text) > MAX_TEXT:
        raise ValueError(f"a cell holds {MAX_TEXT} characters, found {len(text)}")
    return _NOT_XML.sub("", _ESCAPE.sub("_x005F_", text))


def letters(column: int) -> str:
    """A column's letters, counted from 0: A, B, … Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def address(row: int, column: int) -> str:
    """A cell's address, counted from 0: ``B7``."""
    return f"{letters(column)}{row + 1}"
