"""年度: 1 April to 31 March (地方自治法208条1項), as a value of its own."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import overload

from .clock import japan_date
from .errors import InvalidFiscalYearError
from .wareki import ERA_PATTERN, ERAS, EraYear, plain, read_era_year

# 明治19年度 was the first that ran from April to March; 9999-12-31 is the last day that a date can hold.
FIRST_YEAR, LAST_YEAR = 1886, 9998

_FORM = re.compile(
    rf"(?:{ERA_PATTERN}(?:\((?P<inside>[0-9]{{4}})(?:年度?)?\))?|(?:FY)?(?P<western>[0-9]{{4}}))"
    r"(?:年度)?(?:\((?P<after>[0-9]{4})(?:年度?)?\))?"
)


@dataclass(frozen=True, order=True, slots=True)
class FiscalYear:
    """One fiscal year, named by the western year in which it begins: ``FiscalYear(2024)`` is 令和6年度.

    Ordered, hashable, and counted in years: ``fy + 1``, ``fy - 1``, and ``later - earlier`` (an int); ``day in fy`` asks whether a
    date falls in it. Raises InvalidFiscalYearError outside 1886 to 9998.
    """

    year: int

    def __post_init__(self) -> None:
        if type(self.year) is not int or not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise InvalidFiscalYearError(
                str(self.year), f"{FIRST_YEAR}年度から{LAST_YEAR}年度までを扱います。"
            )

    @classmethod
    def of(cls, day: date) -> "FiscalYear":
        """Return the fiscal year that a day falls in; an aware moment counts by its date in Japan, a naive one is a ValueError."""
        if isinstance(day, datetime):
            day = japan_date(day)
        return cls(day.year if day.month >= 4 else day.year - 1)

    @classmethod
    def parse(cls, text: str) -> "FiscalYear":
        """Read 令和6年度, R6, 令6, 2024, 2024年度, FY2024, 令和6(2024)年度, 令和6年度（2024）, 令和六年度, in full or half width.

        A year past its era means what documents mean: 平成31年度 is 2019, 平成35年度 is 2023. A calendar year (令和6年) or a date is
        no fiscal year. Raises InvalidFiscalYearError, in Japanese.
        """
        prepared = plain(text)
        found = _FORM.fullmatch(prepared) if prepared else None
        if found is None:
            raise InvalidFiscalYearError(text)
        if found["western"]:
            year = int(found["western"])
        else:
            given = read_era_year(found["era"], found["nth"])
            if given is None:
                raise InvalidFiscalYearError(text)
            year = given.era.western(given.year)
        if any(also and int(also) != year for also in (found["inside"], found["after"])):
            raise InvalidFiscalYearError(text, f"年度は{year}に当たり、かっこの中の西暦と合いません。")
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise InvalidFiscalYearError(text, f"{FIRST_YEAR}年度から{LAST_YEAR}年度までを扱います。")
        return cls(year)

    @property
    def start(self) -> date:
        """1 April."""
        return date(self.year, 4, 1)

    @property
    def end(self) -> date:
        """31 March of the following year."""
        return date(self.year + 1, 3, 31)

    @property
    def era_year(self) -> EraYear:
        """The era year that names it: a year in which the era changed bears the new era's name (2019 is 令和元年度)."""
        era = next(era for era in ERAS if self.year >= era.start.year)
        return EraYear(era, self.year - era.start.year + 1)

    @property
    def wareki(self) -> str:
        """令和6年度."""
        return f"{self.era_year}度"

    @property
    def short(self) -> str:
        """R6."""
        return f"{self.era_year.era.letter}{self.era_year.year}"

    @property
    def label(self) -> str:
        """令和6年度（2024）, the form for screens."""
        return f"{self.wareki}（{self.year}）"

    def __str__(self) -> str:
        return self.wareki

    def __contains__(self, day: date) -> bool:
        return FiscalYear.of(day) == self

    def __add__(self, years: int) -> "FiscalYear":
        return FiscalYear(self.year + years)

    @overload
    def __sub__(self, other: "FiscalYear") -> int: ...
    @overload
    def __sub__(self, other: int) -> "FiscalYear": ...
    def __sub__(self, other: "FiscalYear | int") -> "FiscalYear | int":
        if isinstance(other, FiscalYear):
            return self.year - other.year
        return FiscalYear(self.year - other)


def fiscal_years(first: FiscalYear, last: FiscalYear) -> tuple[FiscalYear, ...]:
    """Return the fiscal years from ``first`` to ``last``, both included; none when ``last`` is earlier."""
    return tuple(FiscalYear(year) for year in range(first.year, last.year + 1))
