"""Writing Mapbox Vector Tiles 2.1: https://github.com/mapbox/vector-tile-spec/tree/master/2.1 (protocol buffers by hand).

Only what a layer of one sort of features needs; reading is the browsers' business.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

EXTENT: Final = 4096
POINT, LINE, AREA = 1, 2, 3
_MOVE, _LINE, _CLOSE = 1, 2, 7

Value = str | float | bool
"""As the specification knows them; whole numbers are ``int``."""
Pairs = Sequence[tuple[int, int]]


def _long(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


# Nearly all numbers of a tile are small; a tile of 10,000 features has 200,000.
_SHORT: Final = [_long(number) for number in range(1 << 14)]


def _varint(number: int) -> bytes:
    return _SHORT[number] if number < 1 << 14 else _long(number)


def _zigzag(number: int) -> int:
    return number * 2 if number >= 0 else -number * 2 - 1


def _block(key: int, content: bytes) -> bytes:
    """A field of wire type 2."""
    return _varint(key << 3 | 2) + _varint(len(content)) + content


def _packed(numbers: Iterable[int]) -> bytes:
    return b"".join(map(_varint, numbers))


def _value(value: Value) -> bytes:
    if isinstance(value, bool):
        return _varint(7 << 3) + _varint(int(value))
    if isinstance(value, int):
        return _varint(6 << 3) + _varint(_zigzag(value))
    if isinstance(value, float):
        return _varint(3 << 3 | 1) + struct.pack("<d", value)
    return _block(1, value.encode())


def points(found: Pairs) -> list[int]:
    """The commands of one or more points."""
    out = [len(found) << 3 | _MOVE]
    _walk(out, found, (0, 0))
    return out


def lines(parts: Iterable[Pairs]) -> list[int]:
    """The commands of one or more lines, each of two different points or more."""
    out: list[int] = []
    at = (0, 0)
    for part in parts:
        at = _path(out, part, at)
    return out


def areas(rings: Iterable[Pairs]) -> list[int]:
    """The commands of rings: outer ones clockwise as drawn (y grows downwards), each followed by its holes; first point last again."""
    out: list[int] = []
    at = (0, 0)
    for ring in rings:
        at = _path(out, ring[:-1], at)
        out.append(1 << 3 | _CLOSE)
    return out


def _path(out: list[int], part: Pairs, at: tuple[int, int]) -> tuple[int, int]:
    out.append(1 << 3 | _MOVE)
    at = _walk(out, part[:1], at)
    out.append((len(part) - 1) << 3 | _LINE)
    return _walk(out, part[1:], at)


def _walk(out: list[int], pairs: Pairs, at: tuple[int, int]) -> tuple[int, int]:
    x, y = at
    for new_x, new_y in pairs:
        out += (_zigzag(new_x - x), _zigzag(new_y - y))
        x, y = new_x, new_y
    return x, y


@dataclass
class LayerWriter:
    """One layer of a tile in the making."""

    name: str
    features: list[bytes] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)
    values: dict[tuple[type, Value], int] = field(default_factory=dict)

    def add(
        self, number: int, sort: int, commands: Iterable[int], tags: Iterable[tuple[str, Value | None]]
    ) -> None:
        """One feature: its id, POINT, LINE or AREA, its commands, and what is known of it; None is left out."""
        known: list[int] = []
        for key, value in tags:
            if value is not None:
                known.append(self.keys.setdefault(key, len(self.keys)))
                known.append(self.values.setdefault((type(value), value), len(self.values)))
        tagged, drawn = _packed(known), _packed(commands)
        # Keys with wire types: 1 id, 2 tags, 3 type, 4 geometry.
        self.features.append(
            b"".join(
                (
                    b"\x08",
                    _varint(number),
                    b"\x12",
                    _varint(len(tagged)),
                    tagged,
                    b"\x18",
                    _varint(sort),
                    b"\x22",
                    _varint(len(drawn)),
                    drawn,
                )
            )
        )

    def finish(self) -> bytes:
        """The tile with this one layer; nothing at all for a layer without features."""
        if not self.features:
            return b""
        content = [_varint(15 << 3), _varint(2), _block(1, self.name.encode())]
        content += [_block(2, feature) for feature in self.features]
        content += [_block(3, key.encode()) for key in self.keys]
        content += [_block(4, _value(value)) for _type, value in self.values]
        content += [_varint(5 << 3), _varint(EXTENT)]
        return _block(3, b"".join(content))
