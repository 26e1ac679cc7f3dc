"""Where the names of features stand on a sheet: beside their marks, none over another. Pure."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

#: Letters of six points, in millimetres: how wide a full one is, how high a line.
LETTER: Final = 2.12
LINE: Final = 2.6
#: How far a name stands from the middle of its mark.
BESIDE: Final = 2.0
LONGEST: Final = 20
_CELL: Final = 10.0

Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Name:
    """A name, and where its upper left corner is, in millimetres from that of the map."""

    x: float
    y: float
    text: str


@dataclass
class Names:
    """Finds room for names on a sheet of ``width`` × ``height`` millimetres; ``crowded`` counts those that found none."""

    width: float
    height: float
    placed: list[Name] = field(default_factory=list)
    crowded: int = 0
    _taken: dict[tuple[int, int], list[Rect]] = field(default_factory=lambda: defaultdict(list))

    def add(self, x: float, y: float, text: str) -> None:
        """Put a name beside a point: to the right, to the left, above or below, wherever it is free and within the map."""
        said = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
        if not said.strip() or not (0 <= x <= self.width and 0 <= y <= self.height):
            return
        wide = _wide(said)
        for left, top in (
            (x + BESIDE, y - LINE / 2),
            (x - BESIDE - wide, y - LINE / 2),
            (x - wide / 2, y - BESIDE - LINE),
            (x - wide / 2, y + BESIDE),
        ):
            rect = (left, top, left + wide, top + LINE)
            if self._free(rect):
                for cell in _cells(rect):
                    self._taken[cell].append(rect)
                self.placed.append(Name(left, top, said))
                return
        self.crowded += 1

    def _free(self, rect: Rect) -> bool:
        left, top, right, bottom = rect
        if left < 0 or top < 0 or right > self.width or bottom > self.height:
            return False
        return not any(
            left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
            for cell in _cells(rect)
            for other in self._taken.get(cell, ())
        )


def _cells(rect: Rect) -> list[tuple[int, int]]:
    left, top, right, bottom = (int(side // _CELL) for side in rect)
    return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]


def _wide(text: str) -> float:
    """How wide a text is: full-width letters are twice as wide as the others."""
    return LETTER * sum(1.0 if unicodedata.east_asian_width(one) in "WFA" else 0.56 for one in text)
