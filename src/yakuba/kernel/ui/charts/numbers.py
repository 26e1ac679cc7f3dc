"""Numbers as bars on a true zero, targets as dots on a dashed line."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from yakuba.kernel.ui.charts.shapes import (
    REVISED,
    Bar,
    Cut,
    Dot,
    Drawing,
    GridLine,
    Label,
    polyline,
    runs_of,
    width_of,
)
from yakuba.kernel.ui.charts.values import NOTHING, Point, Series, years_of
from yakuba.kernel.ui.formats import year_mark

PLOT = 168
_TOP, _BOTTOM, _RIGHT = 44, 32, 12
_ROW = 18  # a line of text above the plot or below the years
_INSIDE = 26  # a bar this high holds its label
_ARROW = 26  # the column of the arrow
_SEEN = 3  # a shorter arrow is a blot


@dataclass(frozen=True, slots=True)
class Wish:
    """Which way is wanted, in words (下げる目標); a wanted fall gets an arrow from where the figure stood to the target."""

    label: str
    falls: bool = False


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


def _shown(point: Point) -> str:
    """A value as it stands in the drawing: about, the number, the mark of a revision."""
    text = figure(point.number or Decimal(0))
    if point.approximate:
        text = _("約%(number)s") % {"number": text}
    return text + REVISED if point.is_revised else text


def numbers_drawing(
    actual: Series,
    target: Series,
    *,
    baseline: Series = NOTHING,
    beside: Sequence[Series] = (),
    wish: Wish | None = None,
    breaks: Mapping[int, str] | None = None,
) -> Drawing | None:
    """Bars for `actual`, a dashed line with dots for `target`; None when no year has a number.

    A word in a series of numbers (未実施, then 7.8 %) stands at the axis in its year. A year that only `baseline` knows gets a
    hollow bar with its kind under it, and the first baseline goes on as a dotted level. So does a year that
    only one of the series `beside` knows (計測, 予測): its bar has the kind under it. `breaks` names what changed from a
    year on: a cut before that year, which no line crosses.
    """
    numbered = [p for one in (baseline, actual, target, *beside) for p in one.points if p.number is not None]
    if not numbered:
        return None
    return _Numbers(actual, target, baseline, beside, wish, breaks or {}, numbered).drawing()


class _Numbers:
    """One drawing of numbers in the making: its scales, and the labels that have found a place."""

    def __init__(
        self,
        actual: Series,
        target: Series,
        baseline: Series,
        beside: Sequence[Series],
        wish: Wish | None,
        breaks: Mapping[int, str],
        numbered: list[Point],
    ) -> None:
        numbers = [point.number for point in numbered if point.number is not None]
        self.actual, self.target, self.wish, self.baseline = actual, target, wish, baseline
        self.beside = beside
        self.years = years_of((baseline, actual, target, *beside))
        self.breaks = {year: text for year, text in sorted(breaks.items()) if year in self.years[1:]}
        whole = all(number == number.to_integral_value() for number in numbers)
        self.ticks = ticks_of(min(*numbers, Decimal(0)), max(*numbers, Decimal(0)), whole=whole)
        self.left = 12 + max(len(figure(tick)) for tick in self.ticks) * 7
        self.bar = max(40, max(width_of(_shown(point)) for point in numbered) + 10)
        self.slot = self.bar + 16
        # Above the plot: a line of words for the wish, one for the cuts.
        self.wish_row = 14
        self.cut_row = 14 + (_ROW if wish else 0)
        self.top = _TOP + _ROW * (bool(wish) + bool(self.breaks))
        self.zero = self.y_of(Decimal(0))
        self.goal = next((p for p in reversed(target.drawn()) if p.number is not None), None)
        # What stands before a cut does not compare with the target: the way begins after the last one.
        since = max(self.breaks, default=self.years[0])
        self.start = next(
            (
                p
                for one in (baseline, actual)
                for p in one.drawn()
                if p.number is not None and p.year >= since
            ),
            None,
        )
        self.right = self.left + self.slot * len(self.years)
        self.labels: list[Label] = []

    def x_of(self, year: int) -> float:
        return self.left + self.slot * (year - self.years[0]) + self.slot / 2

    def y_of(self, value: Decimal) -> float:
        floor, ceiling = self.ticks[0], self.ticks[-1]
        return round(self.top + PLOT * float((ceiling - value) / (ceiling - floor)), 1)

    def drawing(self) -> Drawing:
        bottom = self.top + PLOT
        self.labels += [
            Label(self.left - 6, self.y_of(tick) + 4, figure(tick), "quiet", "end") for tick in self.ticks
        ]
        self.labels += [Label(self.x_of(year), bottom + 22, year_mark(year)) for year in self.years]
        bars = self._bars(bottom)
        dots, lines = self._targets()
        arrow = self._arrow()
        if self.wish:
            self.labels.append(Label(self._width(arrow) - 6, self.wish_row, self.wish.label, "strong", "end"))
        for year, text in self.breaks.items():
            self.labels.append(Label(self.x_of(year) - self.slot / 2, self.cut_row, text, "quiet halo"))
        named = self._named(bottom)
        return Drawing(
            width=self._width(arrow),
            height=bottom + _BOTTOM + (_ROW if named else 0),
            left=self.left,
            grid=tuple(GridLine(self.y_of(tick), axis=tick == 0) for tick in self.ticks),
            bars=tuple(bars),
            lines=tuple(lines),
            dots=tuple(dots),
            levels=tuple(self._levels(arrow)),
            arrow=tuple(arrow),
            cuts=tuple(
                Cut(self.x_of(year) - self.slot / 2, self.cut_row + 6, bottom + 6) for year in self.breaks
            ),
            labels=tuple(self.labels),
        )

    def _width(self, arrow: list[str]) -> int:
        """The words of the wish need their room even over a single year."""
        needed = width_of(self.wish.label) + 12 if self.wish else 0
        return max(self.right + (_ARROW if arrow else 0) + _RIGHT, needed)

    def _bars(self, bottom: float) -> list[Bar]:
        bars: list[Bar] = []
        targets = self.target.by_year()
        for year in self.years:
            x, mine, kind = self.x_of(year), *self._mine(year)
            base = kind is self.baseline
            wanted = targets.get(year)
            dot = self.y_of(wanted.number) if wanted and wanted.number is not None else None
            if mine and mine.number is not None:
                end = self.y_of(mine.number)
                height = max(abs(self.zero - end), 1)
                bars.append(
                    Bar(x - self.bar / 2, min(end, self.zero), self.bar, height, _look(mine, base=base))
                )
                self.labels.append(self._bar_label(x, end, dot, mine, hollow=base or not mine.is_firm))
            elif mine and mine.word:
                self.labels.append(Label(x, self.zero - 8, mine.word, "quiet halo"))
            if mine and kind is not self.actual:
                self.labels.append(Label(x, bottom + 22 + _ROW, kind.label, "quiet"))
        return bars

    def _mine(self, year: int) -> tuple[Point | None, Series]:
        """What is drawn of a year, and of which series: 実績, else 現状, else what stands beside them."""
        for one in (self.actual, self.baseline, *self.beside):
            found = one.by_year().get(year)
            if found is not None and found.is_drawn:
                return found, one
        return self.actual.by_year().get(year), self.actual

    def _named(self, bottom: float) -> bool:
        """Whether a year has the kind of its value under it."""
        return any(label.y == bottom + 22 + _ROW for label in self.labels)

    def _bar_label(self, x: float, end: float, dot: float | None, point: Point, *, hollow: bool) -> Label:
        """Inside the bar where it fits, clear of a target's dot; else beyond its end."""
        text = _shown(point)
        if end <= self.zero and self.zero - end >= _INSIDE:
            y = end + 18
            if dot is not None and end - 12 < dot < end + 36:
                y = dot + 22
            if y < self.zero - 4:
                return Label(x, y, text, "strong" if hollow else "strong inside")
        y = end - 6 if end <= self.zero else end + 16
        if dot is not None and dot - 24 < y < dot + 12:
            y = dot - 26  # above the target's own label
        return Label(x, y, text, "strong halo")

    def _targets(self) -> tuple[list[Dot], list[str]]:
        dots, path = [], []
        for year, point in self.target.by_year().items():
            x = self.x_of(year)
            if point.number is None:
                if point.word:
                    self.labels.append(Label(x, self.zero - 24, point.word, "quiet halo"))
                continue
            y = self.y_of(point.number)
            dots.append(Dot(x, y))
            path.append((year, x, y))
            self.labels.append(Label(x, y - 11, _shown(point), "halo"))
            if point is self.goal:
                self.labels.append(Label(x, y - 26, self.target.label, "quiet halo"))
        return dots, [polyline(run) for run in runs_of(path, self.breaks) if len(run) > 1]

    def _levels(self, arrow: list[str]) -> list[str]:
        """The baseline through the later years, as far as they compare; an arrow has both its ends carried to it."""
        levels = []
        first = next((p for p in self.baseline.drawn() if p.number is not None), None)
        if first is not None and first is not self.start:
            cut = min((year for year in self.breaks if year > first.year), default=self.years[-1])
            levels.append(self._level(first, self.bar / 2, self.x_of(cut) - self.slot / 2))
        if self.start is not None and (arrow or self.start is first):
            levels.append(self._level(self.start, self.bar / 2, self.right + (_ARROW if arrow else 0)))
        if arrow and self.goal is not None:
            levels.append(self._level(self.goal, 6, self.right + _ARROW))
        return levels

    def _level(self, point: Point, clear: float, end: float) -> str:
        y = self.y_of(point.number or Decimal(0))
        return polyline([(self.x_of(point.year) + clear, y), (end, y)])

    def _arrow(self) -> list[str]:
        """Only a fall that is wanted and not yet behind us in the plan: the target stands below the start."""
        if not (self.wish and self.wish.falls and self.start and self.goal):
            return []
        if self.start.number is None or self.goal.number is None or self.goal.number >= self.start.number:
            return []
        x, top, end = self.right + _ARROW / 2, self.y_of(self.start.number), self.y_of(self.goal.number)
        if end - top < _SEEN:
            return []
        head = min(8.0, end - top)
        return [
            polyline([(x, top), (x, end)]),
            polyline([(x - 6, round(end - head, 1)), (x, end), (x + 6, round(end - head, 1))]),
        ]


def _look(point: Point, *, base: bool) -> str:
    return " ".join(word for word, holds in (("provisional", not point.is_firm), ("base", base)) if holds)
