"""A line that is no larger than a word: how a figure went, without axis and without labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from yakuba.kernel.ui.charts.shapes import Dot, polyline, runs_of
from yakuba.kernel.ui.charts.values import Point, year_of

SPARK_WIDTH, SPARK_HEIGHT = 96, 24
_EDGE = 4  # what the last dot needs around it


@dataclass(frozen=True, slots=True)
class Spark:
    """A word-sized line: polylines between gaps, dots where a line would be too short and at the last value, the target."""

    lines: tuple[str, ...]
    dots: tuple[Dot, ...]
    goal: float | None


def spark(
    points: Sequence[Point], goal: Decimal | str | None = None, *, levels: Sequence[str] = ()
) -> Spark | None:
    """A spark line of the numbers by year, or of the words where there is no number; None below two values.

    `goal` is the wanted number or word. The scale runs from the least to the greatest value. Words are small steps, ranked by
    `levels`, or else in order of appearance.
    """
    ordered = sorted(points, key=year_of)
    numbered = [(point.year, point.number) for point in ordered if point.number is not None]
    if numbered:
        wanted = goal if isinstance(goal, Decimal) else None
        return _drawn(numbered, wanted, steps=False)
    worded = [(point.year, point.word) for point in ordered if point.word]
    used = dict.fromkeys([word for _year, word in worded])
    target = goal if isinstance(goal, str) and goal else None
    if target:
        used[target] = None
    ranks = {word: rank for rank, word in enumerate(levels)}
    steps = sorted(used, key=lambda word: ranks.get(word, len(ranks)))
    return _drawn(
        [(year, Decimal(steps.index(word))) for year, word in worded],
        Decimal(steps.index(target)) if target else None,
        steps=True,
    )


def _drawn(values: Sequence[tuple[int, Decimal]], goal: Decimal | None, *, steps: bool) -> Spark | None:
    if len(values) < 2:
        return None
    # A page may draw hundreds: floats, which are exact enough for 24 pixels, cost a third of decimals.
    numbers = [float(number) for _year, number in values]
    wanted = None if goal is None else float(goal)
    span = numbers if wanted is None else [*numbers, wanted]
    low, high = min(span), max(span)
    first, last = values[0][0], values[-1][0]
    stride = (SPARK_WIDTH - 2 * _EDGE) / (last - first)
    scale = (SPARK_HEIGHT - 2 * _EDGE) / (high - low) if high != low else 0.0
    top = _EDGE if scale else SPARK_HEIGHT / 2

    def y_of(value: float) -> float:
        return round(top + (high - value) * scale, 1)

    placed = [
        (year, round(_EDGE + stride * (year - first), 1), y_of(number))
        for (year, _number), number in zip(values, numbers, strict=True)
    ]
    runs = runs_of(placed)
    ends = {run[0] for run in runs if len(run) == 1} | {placed[-1][1:]}
    return Spark(
        lines=tuple(polyline(_stairs(run, stride / 2) if steps else run) for run in runs if len(run) > 1),
        dots=tuple(Dot(x, y) for x, y in sorted(ends)),
        goal=None if wanted is None else y_of(wanted),
    )


def _stairs(run: Sequence[tuple[float, float]], half: float) -> list[tuple[float, float]]:
    """Level at each year, rising half-way between two years."""
    path = [run[0]]
    for x, y in run[1:]:
        middle = round(x - half, 1)
        path += [(middle, path[-1][1]), (middle, y), (x, y)]
    return path
