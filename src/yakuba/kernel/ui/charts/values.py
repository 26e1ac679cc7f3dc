"""What a chart draws: values by fiscal year, as printed and as read."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Status = Literal["final", "provisional", "preliminary", "expected"]
"""確定, 見込, 速報 (GLOSSARY); ``expected`` is reckoned from the years before and stands in no document."""


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
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    """The two parts of a share; the table shows them where `raw` does not."""
    as_of: dt.date | None = None
    approximate: bool = False
    """約150: the number is not exact."""
    revision: int = 0
    """How often the value was revised: the newest one is drawn, with a mark that there were others."""
    former: tuple[str, ...] = ()
    """What it was before its revisions, as printed, the oldest first; may be left out where it is not known."""
    note: str = ""
    """What the table adds: the reason of a revision, why there is no value."""

    @property
    def is_firm(self) -> bool:
        """確定; a 見込 or 速報 value is drawn with a broken outline."""
        return self.status == "final"

    @property
    def is_revised(self) -> bool:
        """Whether an earlier value stood in its place."""
        return bool(self.revision or self.former)

    @property
    def is_drawn(self) -> bool:
        """Whether there is a number or a word to draw."""
        return self.number is not None or bool(self.word)


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
        """The points under their years, the earliest first."""
        return {point.year: point for point in sorted(self.points, key=year_of)}

    def drawn(self) -> list[Point]:
        """The points with a number or a word, the earliest first."""
        return [point for point in self.by_year().values() if point.is_drawn]


NOTHING = Series("", ())


def year_of(point: Point) -> int:
    """For sorting."""
    return point.year


def merged(first: Series, second: Series) -> list[Point]:
    """Both series by year; where both draw something in a year, or neither does, `second` holds."""
    found = first.by_year()
    for year, point in second.by_year().items():
        if point.is_drawn or not (year in found and found[year].is_drawn):
            found[year] = point
    return sorted(found.values(), key=year_of)


def years_of(series: Sequence[Series]) -> list[int]:
    """Every year from the first to the last that any series knows."""
    known = [point.year for one in series for point in one.points]
    return list(range(min(known), max(known) + 1)) if known else []
