"""Geometry of the charts: pure arithmetic from values to positions, drawn by templates as SVG.

Bars start at zero, missing years are gaps, words (実施, 検討) are levels of a staircase and never dropped.
Lengths are SVG units (one CSS pixel at natural size), the origin is at the top left.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from yakuba.kernel.ui.formats import year_mark

Status = Literal["final", "provisional", "preliminary"]
"""確定, 見込, 速報 (GLOSSARY)."""


@dataclass(frozen=True, slots=True)
class Point:
    """The value of one fiscal year: as printed (`raw`), and the number or the word that was read from it.

    Neither number nor word means that the document gives no value (数値なし, ―): the table shows `raw`, the chart a gap.
    """

    year: int
    raw: str
    number: Decimal | None = None
    word: str = ""
    status: Status = "final"

    @property
    def is_firm(self) -> bool:
        """確定; a 見込 or 速報 value is drawn with a broken outline."""
        return self.status == "final"


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one kind by year, such as 実績 or 目標. A year may occur once (ValueError otherwise)."""

    label: str
    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        years = [point.year for point in self.points]
        if len(set(years)) != len(years):
            raise ValueError(f"a year occurs twice in {self.label!r}: {years}")

    def by_year(self) -> dict[int, Point]:
        """The points under their years."""
        return {point.year: point for point in self.points}


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
    """A bar from the axis to its value."""

    x: float
    y: float
    width: float
    height: float
    provisional: bool


@dataclass(frozen=True, slots=True)
class Dot:
    """A marked position."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class GridLine:
    """A horizontal line; `axis` is the one at zero."""

    y: float
    axis: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """All parts of a chart, ready for the template."""

    width: int
    height: int
    left: int
    grid: tuple[GridLine, ...]
    bars: tuple[Bar, ...] = ()
    lines: tuple[str, ...] = ()
    dots: tuple[Dot, ...] = ()
    stairs: tuple[str, ...] = ()
    knots: tuple[Dot, ...] = ()
    labels: tuple[Label, ...] = ()

    @property
    def look(self) -> str:
        """Its CSS class: some shrink into a phone's width and stay readable; wider and smaller ones scroll where they must."""
        return "shrinks" if _READABLE < self.width <= _PHONE else "natural"


SLOT = 64
TOP, BOTTOM, RIGHT = 44, 32, 12
PLOT = 168
STAIRS_TOP, RISE = 20, 44
_INSIDE = 26  # a bar this high holds its label
_READABLE, _PHONE = 272, 420  # 17rem, below which no drawing shrinks; the widest that a phone can shrink


def ticks_of(low: Decimal, high: Decimal, *, whole: bool) -> list[Decimal]:
    """Round values from at or below `low` to at or above `high`, zero among them, in at most six even steps.

    `whole` keeps counts from getting ticks between whole numbers. `low` is not above and `high` not below zero.
    """
    span = max(high - low, Decimal(1) if whole else Decimal("0.01"))
    power = Decimal(10) ** (span.adjusted() - 1)
    for factor in (1, 2, Decimal("2.5"), 5, 10, 20, 25, 50):
        step = power * factor
        if whole and step != step.to_integral_value():
            continue
        below, above = math.ceil(-low / step), math.ceil(high / step)
        if below + above <= 5 or (below and above and below + above <= 6):
            return [step * n for n in range(-below, max(above, 1 - below) + 1)]
    raise AssertionError((low, high))


def figure(value: Decimal) -> str:
    """A number with its thousands grouped and no needless zeros: 12,480 / 19.4 / 0."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def years_of(series: Sequence[Series]) -> list[int]:
    """Every year from the first to the last that any series knows."""
    known = [point.year for one in series for point in one.points]
    return list(range(min(known), max(known) + 1)) if known else []


def _runs(points: Sequence[tuple[int, float, float]]) -> list[list[tuple[float, float]]]:
    """Split (year, x, y) where a year is missing, so that a line never bridges a gap."""
    runs: list[list[tuple[float, float]]] = []
    before: int | None = None
    for year, x, y in points:
        if before is None or year != before + 1:
            runs.append([])
        runs[-1].append((x, y))
        before = year
    return runs


def _polyline(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def numbers_drawing(actual: Series, target: Series) -> Drawing | None:
    """Bars for `actual`, a dashed line with dots for `target`; None when no year has a number.

    A word in a series of numbers (未実施, then 7.8 %) stands at the axis in its year.
    """
    years = years_of((actual, target))
    numbers = [p.number for one in (actual, target) for p in one.points if p.number is not None]
    if not numbers:
        return None
    whole = all(number == number.to_integral_value() for number in numbers)
    ticks = ticks_of(min(*numbers, Decimal(0)), max(*numbers, Decimal(0)), whole=whole)
    floor, ceiling = ticks[0], ticks[-1]
    left = 12 + max(len(figure(tick)) for tick in ticks) * 7
    bar = max(40, max(len(figure(number)) for number in numbers) * 9 + 10)
    slot = bar + 16

    def x_of(year: int) -> float:
        return left + slot * (year - years[0]) + slot / 2

    def y_of(value: Decimal) -> float:
        return round(TOP + PLOT * float((ceiling - value) / (ceiling - floor)), 1)

    zero = y_of(Decimal(0))
    labels = [Label(left - 6, y_of(tick) + 4, figure(tick), "quiet", "end") for tick in ticks]
    labels += [Label(x_of(year), TOP + PLOT + 22, year_mark(year)) for year in years]
    actuals, targets = actual.by_year(), target.by_year()
    bars, dots, path = [], [], []
    last_target = max((p.year for p in target.points if p.number is not None), default=None)
    for year in years:
        x = x_of(year)
        mine, wanted = actuals.get(year), targets.get(year)
        dot = y_of(wanted.number) if wanted and wanted.number is not None else None
        if mine and mine.number is not None:
            end = y_of(mine.number)
            bars.append(Bar(x - bar / 2, min(end, zero), bar, max(abs(zero - end), 1), not mine.is_firm))
            labels.append(_bar_label(x, end, zero, dot, mine))
        elif mine and mine.word:
            labels.append(Label(x, zero - 8, mine.word, "quiet halo"))
        if wanted and dot is not None and wanted.number is not None:
            dots.append(Dot(x, dot))
            path.append((year, x, dot))
            labels.append(Label(x, dot - 11, figure(wanted.number), "halo"))
            if year == last_target:
                labels.append(Label(x, dot - 26, target.label, "quiet halo"))
        elif wanted and wanted.word:
            labels.append(Label(x, zero - 24, wanted.word, "quiet halo"))
    return Drawing(
        width=left + slot * len(years) + RIGHT,
        height=TOP + PLOT + BOTTOM,
        left=left,
        grid=tuple(GridLine(y_of(tick), axis=tick == 0) for tick in ticks),
        bars=tuple(bars),
        lines=tuple(_polyline(run) for run in _runs(path) if len(run) > 1),
        dots=tuple(dots),
        labels=tuple(labels),
    )


def _bar_label(x: float, end: float, zero: float, dot: float | None, point: Point) -> Label:
    """Inside the bar where it fits, clear of a target's dot; else beyond its end."""
    text = figure(point.number or Decimal(0))
    height = abs(zero - end)
    inside = "strong inside" if point.is_firm else "strong"
    if end <= zero and height >= _INSIDE:
        y = end + 18
        if dot is not None and end - 12 < dot < end + 36:
            y = dot + 22
        if y < zero - 4:
            return Label(x, y, text, inside)
    y = end - 6 if end <= zero else end + 16
    if dot is not None and dot - 24 < y < dot + 12:
        y = dot - 26  # above the target's own label
    return Label(x, y, text, "strong halo")


def words_drawing(actual: Series, target: Series, order: Sequence[str]) -> Drawing | None:
    """A staircase of words: `actual` as steps with knots, `target` as rings; None when no year has a word.

    `order` ranks words from the lowest to the highest; words it does not name follow in order of appearance. Only words
    that occur get a level: the staircase shows the way between them, not how many words a vocabulary has.
    """
    years = years_of((actual, target))
    points = [series.get(year) for year in years for series in (actual.by_year(), target.by_year())]
    used = dict.fromkeys(point.word for point in points if point and point.word)
    if not used:
        return None
    ranks = {word: rank for rank, word in enumerate(order)}
    levels = sorted(used, key=lambda word: ranks.get(word, len(ranks)))
    left = 20 + max(len(word) for word in levels) * 14

    def x_of(year: int) -> float:
        return left + SLOT * (year - years[0]) + SLOT / 2

    def y_of(word: str) -> float:
        return STAIRS_TOP + RISE * (len(levels) - 1 - levels.index(word))

    labels = [Label(left - 10, y_of(word) + 5, word, "", "end") for word in levels]
    bottom = STAIRS_TOP + RISE * (len(levels) - 1) + 20
    labels += [Label(x_of(year), bottom + 22, year_mark(year)) for year in years]
    reached = [(p.year, x_of(p.year), y_of(p.word)) for p in sorted(actual.points, key=_year) if p.word]
    stairs = [_polyline(_staircase(run)) for run in _runs(reached)]
    return Drawing(
        width=left + SLOT * len(years) + RIGHT,
        height=bottom + BOTTOM,
        left=left,
        grid=tuple(GridLine(y_of(word)) for word in levels),
        stairs=tuple(stairs),
        knots=tuple(Dot(x, y) for _y, x, y in reached),
        dots=tuple(Dot(x_of(p.year), y_of(p.word)) for p in target.points if p.word),
        labels=tuple(labels),
    )


def _year(point: Point) -> int:
    return point.year


def _staircase(run: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Level in the middle of each year, rising half-way between two years."""
    half = SLOT / 2
    path = [(run[0][0] - half / 2, run[0][1])]
    for (x1, y1), (_x2, y2) in pairwise(run):
        path += [(x1 + half, y1), (x1 + half, y2)]
    path.append((run[-1][0] + half / 2, run[-1][1]))
    return path


@dataclass(frozen=True, slots=True)
class Spark:
    """A word-sized line: polylines between gaps, the last value's dot, the height of the target."""

    lines: tuple[str, ...]
    dots: tuple[Dot, ...]
    goal: float | None


SPARK_WIDTH, SPARK_HEIGHT = 104, 28


def spark(points: Sequence[Point], goal: Decimal | None = None) -> Spark | None:
    """A spark line of the numbers by year; None below two numbers. The scale runs from the least to the greatest value."""
    numbered = [(p.year, p.number) for p in sorted(points, key=_year) if p.number is not None]
    if len(numbered) < 2:
        return None
    values = [number for _y, number in numbered] + ([goal] if goal is not None else [])
    low, high = min(values), max(values)
    span = (high - low) or Decimal(1)
    first, last = numbered[0][0], numbered[-1][0]

    def y_of(value: Decimal) -> float:
        share = float((high - value) / span) if high != low else 0.5
        return round(4 + (SPARK_HEIGHT - 8) * share, 1)

    placed = [
        (year, round(4 + (SPARK_WIDTH - 8) * (year - first) / (last - first), 1), y_of(number))
        for year, number in numbered
    ]
    runs = _runs(placed)
    lonely = [Dot(*run[0]) for run in runs if len(run) == 1]
    end = Dot(placed[-1][1], placed[-1][2])
    return Spark(
        lines=tuple(_polyline(run) for run in runs if len(run) > 1),
        dots=tuple({*lonely, end}),
        goal=None if goal is None else y_of(goal),
    )
