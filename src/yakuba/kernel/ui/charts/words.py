"""Words as a staircase: each word a level, so that 検討 → 試行 → 実施 climbs."""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from yakuba.kernel.ui.charts.shapes import (
    REVISED,
    Cut,
    Dot,
    Drawing,
    GridLine,
    Label,
    polyline,
    runs_of,
    width_of,
)
from yakuba.kernel.ui.charts.values import NOTHING, Point, Series, merged, years_of
from yakuba.kernel.ui.formats import year_mark

SLOT = 64
RISE = 44
_TOP, _BOTTOM, _RIGHT = 30, 32, 12
_CUT_ROW = 18  # what the words over a cut need


def is_ordered(words: Collection[str], levels: Sequence[str]) -> bool:
    """Whether the order of these words is known; where it is not, the staircase has them in order of appearance."""
    return len(words) < 2 or set(words) <= set(levels)


def words_of(*series: Series) -> list[str]:
    """The words that occur, in order of appearance: by year, within a year in the order of the series."""
    found = [one.by_year()[year].word for year in years_of(series) for one in series if year in one.by_year()]
    return [word for word in dict.fromkeys(found) if word]


def words_drawing(
    actual: Series,
    target: Series,
    levels: Sequence[str],
    *,
    baseline: Series = NOTHING,
    breaks: Mapping[int, str] | None = None,
) -> Drawing | None:
    """A staircase of words: `actual` as steps with knots, `target` as rings; None when no year has a word.

    `levels` ranks words from the lowest to the highest; words it does not name follow in order of appearance. Only words
    that occur get a level: the staircase shows the way between them, not how many words a vocabulary has. A year that only
    `baseline` knows belongs to the staircase with a hollow knot. `breaks` names what changed from a year on.
    """
    changed = breaks or {}
    used = words_of(baseline, actual, target)
    if not used:
        return None
    years = years_of((baseline, actual, target))
    ranks = {word: rank for rank, word in enumerate(levels)}
    steps = sorted(used, key=lambda word: ranks.get(word, len(ranks)))
    left = 20 + max(width_of(word) for word in steps)
    top = _TOP + (_CUT_ROW if changed else 0)

    def x_of(year: int) -> float:
        return left + SLOT * (year - years[0]) + SLOT / 2

    def y_of(word: str) -> float:
        return top + RISE * (len(steps) - 1 - steps.index(word))

    bottom = top + RISE * (len(steps) - 1) + 20
    measured = [point for point in merged(baseline, actual) if point.word]
    wanted = [point for point in target.drawn() if point.word]
    known = actual.by_year()
    labels = [Label(left - 10, y_of(word) + 5, word, "", "end") for word in steps]
    labels += [Label(x_of(year), bottom + 22, year_mark(year)) for year in years]
    # The last of each names its kind: the steps from below, the rings from above.
    for point in measured[-1:]:
        labels.append(
            Label(x_of(point.year), y_of(point.word) + 21, _kind(point, actual, baseline), "quiet halo")
        )
    labels += [Label(x_of(one.year), y_of(one.word) - 15, target.label, "quiet halo") for one in wanted[-1:]]
    labels += [
        Label(x_of(one.year) + 16, y_of(one.word) + 5, REVISED, "halo") for one in measured if one.is_revised
    ]
    cuts = [year for year in sorted(changed) if year in years[1:]]
    labels += [Label(x_of(year) - SLOT / 2, 14, changed[year], "quiet halo") for year in cuts]
    reached = [(point.year, x_of(point.year), y_of(point.word)) for point in measured]
    return Drawing(
        width=left + SLOT * len(years) + _RIGHT,
        height=bottom + _BOTTOM,
        left=left,
        grid=tuple(GridLine(y_of(word)) for word in steps),
        stairs=tuple(polyline(_staircase(run)) for run in runs_of(reached, changed)),
        knots=tuple(
            Dot(x_of(one.year), y_of(one.word), _look(one, base=known.get(one.year) is not one))
            for one in measured
        ),
        dots=tuple(Dot(x_of(one.year), y_of(one.word)) for one in wanted),
        cuts=tuple(Cut(x_of(year) - SLOT / 2, 20, bottom) for year in cuts),
        labels=tuple(labels),
    )


def _kind(point: Point, actual: Series, baseline: Series) -> str:
    return actual.label if actual.by_year().get(point.year) is point else baseline.label


def _look(point: Point, *, base: bool) -> str:
    return " ".join(word for word, holds in (("provisional", not point.is_firm), ("base", base)) if holds)


def _staircase(run: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Level in the middle of each year, rising half-way between two years."""
    half = SLOT / 2
    path = [(run[0][0] - half / 2, run[0][1])]
    for (x1, y1), (_x2, y2) in pairwise(run):
        path += [(x1 + half, y1), (x1 + half, y2)]
    path.append((run[-1][0] + half / 2, run[-1][1]))
    return path
