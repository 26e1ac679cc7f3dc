"""The typefaces that documents are printed with, and the characters they have.

`tools/assets.py` lays the files out at installation. A machine's own fonts are never used: a document is the same everywhere.
"""

from __future__ import annotations

import re
import struct
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "fonts"
FAMILIES: Final = ("BIZ UDPGothic", "Noto Sans JP")
"""The second stands in for characters that the first lacks (𠮷)."""
STAND_IN: Final = "〓"
"""What Japanese printing puts where it has no type for a character (下駄記号)."""

# Characters without a shape of their own: the fonts need not know variation selectors to print the character before them.
_SHAPELESS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u200b-\u200d\u2060]")
_BLANK: Final = "\t\n\r \u3000"


def unprintable(text: str) -> tuple[str, ...]:
    """The characters of a text that no typeface has, each once, in the order they come; they print as 〓."""
    return tuple(dict.fromkeys(one for one in text if not _prints(one)))


def printable(text: str) -> str:
    """The text with 〓 for what no typeface has, without control characters, lines ended by LF alone."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and text.isprintable():
        return text
    return "".join(one if _prints(one) else ("" if _control(one) else STAND_IN) for one in text)


def _control(one: str) -> bool:
    return one < " " or "\x7f" <= one <= "\x9f"


def _prints(one: str) -> bool:
    return one in _BLANK or ord(one) in characters() or bool(_SHAPELESS.match(one))


@cache
def characters() -> frozenset[int]:
    """The code points that at least one typeface has. FileNotFoundError where the fonts are not installed."""
    files = sorted(FOLDER.glob("*Regular.ttf"))
    if not files:
        raise FileNotFoundError(f"no typefaces in {FOLDER.name}; `make install` lays them out")
    found: set[int] = set()
    for file in files:
        found |= _mapped(file.read_bytes())
    return frozenset(found)


def _mapped(font: bytes) -> set[int]:
    """The code points of a TrueType font's `cmap` subtables in segments (formats 4 and 12, OpenType 1.9)."""
    tables = struct.unpack_from(">H", font, 4)[0]
    start = next(
        offset
        for tag, offset in (
            (font[at : at + 4], struct.unpack_from(">I", font, at + 8)[0])
            for at in range(12, 12 + 16 * tables, 16)
        )
        if tag == b"cmap"
    )
    found: set[int] = set()
    for number in range(struct.unpack_from(">H", font, start + 2)[0]):
        at = start + struct.unpack_from(">I", font, start + 4 + 8 * number + 4)[0]
        kind = struct.unpack_from(">H", font, at)[0]
        if kind == 12:
            for group in range(struct.unpack_from(">I", font, at + 12)[0]):
                first, last, glyph = struct.unpack_from(">III", font, at + 16 + 12 * group)
                found.update(range(first + (glyph == 0), last + 1))
        elif kind == 4:
            found |= _segments(font, at)
    return found


def _segments(font: bytes, at: int) -> set[int]:
    """Format 4: the characters of the Basic Multilingual Plane whose glyph is not the empty one."""
    count = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends, starts = at + 14, at + 16 + 2 * count
    found: set[int] = set()
    for place in range(count):
        last = struct.unpack_from(">H", font, ends + 2 * place)[0]
        first = struct.unpack_from(">H", font, starts + 2 * place)[0]
        delta = struct.unpack_from(">H", font, starts + 2 * (count + place))[0]
        ranged = starts + 2 * (2 * count + place)
        offset = struct.unpack_from(">H", font, ranged)[0]
        for point in range(first, last + 1):
            glyph = point
            if offset:
                glyph = struct.unpack_from(">H", font, ranged + offset + 2 * (point - first))[0]
                if not glyph:
                    continue
            if (glyph + delta) & 0xFFFF and point != 0xFFFF:
                found.add(point)
    return found
