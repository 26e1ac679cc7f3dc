"""Who is in charge: names of offices as cells print them, and what the whole document knows of them."""

from __future__ import annotations

import re
from typing import Final

from .cells import look

_BREAK: Final = re.compile(r"[、,，・/／;；\n\s]+")
_ONLY_BLANKS: Final = re.compile(r"\s+")


def cut(cell: str) -> tuple[tuple[str, ...], bool]:
    """The offices of a cell, and whether every one looks like an office.

    DX・行政管理課 is one office, 市民課・税務課 are two: a mark parts names only where each of them looks like an office.
    """
    text = cell.strip()
    if not text:
        return (), True
    for pattern in (_BREAK, re.compile(r"[、,，/／;；\n]+"), re.compile(r"[、,，]+")):
        names = [_ONLY_BLANKS.sub("", name) for name in pattern.split(text) if name.strip()]
        if names and all(look(name).office for name in names):
            return tuple(dict.fromkeys(names)), True
    whole = _ONLY_BLANKS.sub("", text)
    return (whole,), look(whole).office
