"""What a drawing consists of, ready for the template, and the small arithmetic that all drawings share."""

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

REVISED = "※"
"""Stands behind a value that was revised after it had been published."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text in the drawing; `kind` is its CSS class, `anchor` the SVG text-anchor."""

    x: float
    y: float
    text: str
    kind: str = ""
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from the axis to its value; `kind` is its CSS classes: provisional, base (現状値)."""

    x: float
    y: float
    width: float
    height: float
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A marked position; `kind` is its CSS class beside that of its row."""

    x: float
    y: float
    kind: str = ""


@dataclass(frozen=True, slots=True)
class GridLine:
    """A horizontal line; `axis` is the one at zero."""

    y: float
    axis: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """A vertical line between two years: what stands left and right of it does not compare."""

    x: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """All parts of a chart, ready for the template. Lines are values of `points` of an SVG polyline."""

    width: int
    height: int
    left: int
    grid: tuple[GridLine, ...]
    bars: tuple[Bar, ...] = ()
    lines: tuple[str, ...] = ()
    dots: tuple[Dot, ...] = ()
    stairs: tuple[str, ...] = ()
    knots: tuple[Dot, ...] = ()
    levels: tuple[str, ...] = ()
    """Dotted levels that carry a value through the years: the baseline, the last target."""
    arrow: tuple[str, ...] = ()
    """From where a figure stood down to where it is wanted: shaft and head."""
    cuts: tuple[Cut, ...] = ()
    labels: tuple[Label, ...] = ()

    @property
    def looks(self) -> frozenset[str]:
        """What occurs among bars and knots: provisional, base."""
        kinds = [bar.kind for bar in self.bars] + [dot.kind for dot in self.knots]
        return frozenset(word for kind in kinds for word in kind.split())

    @property
    def look(self) -> str:
        """Its CSS class: some shrink into a phone's width and stay readable; wider and smaller ones scroll where they must."""
        return "shrinks" if _READABLE < self.width <= _PHONE else "natural"


_READABLE, _PHONE = 272, 420  # 17rem, below which no drawing shrinks; the widest that a phone can shrink
_WIDE, _NARROW = 14, 8.5  # what a full-width and a half-width character take at 14 px


def width_of(text: str) -> int:
    """About how wide a text is at 14 px; never less than it is."""
    wide = sum(unicodedata.east_asian_width(character) in "FWA" for character in text)
    return round(_WIDE * wide + _NARROW * (len(text) - wide) + 0.5)


def runs_of(
    points: Sequence[tuple[int, float, float]], breaks: Collection[int] = ()
) -> list[list[tuple[float, float]]]:
    """Split (year, x, y) where a year is missing or a definition changed, so that a line never bridges either."""
    runs: list[list[tuple[float, float]]] = []
    before: int | None = None
    for year, x, y in points:
        if before is None or year != before + 1 or year in breaks:
            runs.append([])
        runs[-1].append((x, y))
        before = year
    return runs


def polyline(points: Sequence[tuple[float, float]]) -> str:
    """The value of an SVG polyline's `points`."""
    return " ".join(f"{x:g},{y:g}" for x, y in points)
