"""The typefaces that documents are printed with, and the characters they have.

`tools/assets.py` lays the files out at installation. A machine's own fonts are never used: a document is the same everywhere.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

FOLDER: Final = Path(__file__).parent / "fonts"
Typeface = Literal["gothic", "mincho"]
FAMILIES: Final[Mapping[Typeface, tuple[str, ...]]] = {
    "gothic": ("BIZ UDPGothic", "Noto Sans JP", "Noto Serif JP"),
    "mincho": ("BIZ UDPMincho", "Noto Serif JP", "Noto Sans JP"),
}
"""The later ones stand in for characters that the first lacks (𠮷), so that both typefaces print the same characters.

Gothic is for plans and forms, which are read on screens too; Mincho for notices and certificates (通知書), as offices write them.
"""
STAND_IN: Final = "〓"
"""What Japanese printing puts where it has no type for a character (下駄記号)."""

# Characters without a shape of their own: the fonts need not know variation selectors to print the character before them.
_SHAPELESS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u200b-\u200d\u2060]")
# A character with the selector of its variant (IVS): 葛 with U+E0100.
_SEQUENCE: Final = re.compile("[\u3400-\U0003ffff][\U000e0100-\U000e01ef]")
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


def unvaried(text: str) -> tuple[str, ...]:
    """The variants (character with selector) that no typeface has, each once; they print as the character without selector.

    Whoever issues a notice looks at these before it goes: a name may be written in a shape that the paper does not show.
    """
    found = dict.fromkeys(_SEQUENCE.findall(text))
    return tuple(one for one in found if not any(one in has for has in _all_variants().values()))


def borrowed(text: str, typeface: Typeface) -> dict[str, list[str]]:
    """The variants that the first family of a typeface lacks and a later one has: family → sequences.

    A typesetter takes the character from the first family that has it, and asks the selector there alone.
    """
    first, *others = FAMILIES[typeface]
    variants = _all_variants()
    found: dict[str, list[str]] = {}
    for one in dict.fromkeys(_SEQUENCE.findall(text)):
        if one not in variants[first]:
            family = next((family for family in others if one in variants[family]), None)
            if family is not None:
                found.setdefault(family, []).append(one)
    return found


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


_FILES: Final[Mapping[str, str]] = {
    "BIZ UDPGothic": "BIZUDPGothic_400Regular.ttf",
    "BIZ UDPMincho": "BIZUDPMincho_400Regular.ttf",
    "Noto Sans JP": "NotoSansJP_400Regular.ttf",
    "Noto Serif JP": "NotoSerifJP_400Regular.ttf",
}


@cache
def _all_variants() -> Mapping[str, frozenset[str]]:
    """Family → the variants that it has."""
    return {family: frozenset(_variants((FOLDER / file).read_bytes())) for family, file in _FILES.items()}


def _mapped(font: bytes) -> set[int]:
    """The code points of a TrueType font's `cmap` subtables in segments (formats 4 and 12, OpenType 1.9)."""
    found: set[int] = set()
    for at in _subtables(font):
        kind = struct.unpack_from(">H", font, at)[0]
        if kind == 12:
            for group in range(struct.unpack_from(">I", font, at + 12)[0]):
                first, last, glyph = struct.unpack_from(">III", font, at + 16 + 12 * group)
                found.update(range(first + (glyph == 0), last + 1))
        elif kind == 4:
            found |= _segments(font, at)
    return found


def _subtables(font: bytes) -> list[int]:
    """Where the subtables of the `cmap` begin."""
    tables = struct.unpack_from(">H", font, 4)[0]
    start = next(
        offset
        for tag, offset in (
            (font[at : at + 4], struct.unpack_from(">I", font, at + 8)[0])
            for at in range(12, 12 + 16 * tables, 16)
        )
        if tag == b"cmap"
    )
    count = struct.unpack_from(">H", font, start + 2)[0]
    return [start + struct.unpack_from(">I", font, start + 4 + 8 * number + 4)[0] for number in range(count)]


def _variants(font: bytes) -> set[str]:
    """The variation sequences of a font's `cmap` (format 14, OpenType 1.9): those that are the usual shape, and those of their own."""
    found: set[str] = set()
    for at in _subtables(font):
        if struct.unpack_from(">H", font, at)[0] != 14:
            continue
        for number in range(struct.unpack_from(">I", font, at + 6)[0]):
            record = at + 10 + 11 * number
            selector = chr(int.from_bytes(font[record : record + 3]))
            usual, own = struct.unpack_from(">II", font, record + 3)
            if usual:
                for place in range(struct.unpack_from(">I", font, at + usual)[0]):
                    entry = at + usual + 4 + 4 * place
                    first = int.from_bytes(font[entry : entry + 3])
                    found |= {chr(point) + selector for point in range(first, first + font[entry + 3] + 1)}
            if own:
                for place in range(struct.unpack_from(">I", font, at + own)[0]):
                    entry = at + own + 4 + 5 * place
                    found.add(chr(int.from_bytes(font[entry : entry + 3])) + selector)
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
