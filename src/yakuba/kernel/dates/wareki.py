"""Dates in era years (和暦), read as people write them and written as the city prints them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from .clock import japan_time
from .errors import InvalidDateError
from .numerals import replace_kanji_numbers

WEEKDAYS = "月火水木金土日"

# Until 明治5年12月2日 the calendar was another one (明治5年太政官布告第337号), so earlier era dates have no plain conversion.
FIRST_DATE = date(1873, 1, 1)


@dataclass(frozen=True, slots=True)
class Era:
    """One era: its name, the letter that abbreviates it, and its first day."""

    name: str
    letter: str
    start: date

    def western(self, year: int) -> int:
        """Return the western year of the era's ``year`` (1 = 元年), also past the era's end."""
        return self.start.year + year - 1


# First days by 元号を改める政令 (昭和64年政令第1号, 平成31年政令第143号) and the edicts before them. Newest first.
ERAS = (
    Era("令和", "R", date(2019, 5, 1)),
    Era("平成", "H", date(1989, 1, 8)),
    Era("昭和", "S", date(1926, 12, 25)),
    Era("大正", "T", date(1912, 7, 30)),
    Era("明治", "M", date(1868, 1, 25)),
)
_ERA_BY_SIGN = {sign: era for era in ERAS for sign in (era.name, era.name[0], era.letter)}


class EraYear(NamedTuple):
    """An era and the year in it; prints 令和6年, 令和元年."""

    era: Era
    year: int

    def __str__(self) -> str:
        return f"{self.era.name}{'元' if self.year == 1 else self.year}年"


# Pieces of patterns for a text that `plain` has prepared; the fiscal year is read with the same ones.
# Three digits at most: R2024 is a slip for 2024, not the year 4042.
ERA_PATTERN = rf"(?P<era>{'|'.join(_ERA_BY_SIGN)})(?P<nth>元|0?[1-9]|[1-9][0-9]{{1,2}})"
_WESTERN = r"(?P<western>[0-9]{4})"
_ALSO = r"(?:\((?P<also{n}>[0-9]{{4}})年?\))?"  # 令和6(2024)年, 令和6年(2024年)
_WEEKDAY = rf"(?:\((?P<weekday>[{WEEKDAYS}])(?:曜日?)?\))?"
_FORMS = (
    re.compile(
        rf"(?:{ERA_PATTERN}|{_WESTERN}){_ALSO.format(n=1)}年{_ALSO.format(n=2)}"
        r"(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})日" + _WEEKDAY
    ),
    re.compile(
        rf"(?:{ERA_PATTERN}|{_WESTERN})(?P<sep>[./-])(?P<month>[0-9]{{1,2}})(?P=sep)(?P<day>[0-9]{{1,2}})"
        + _WEEKDAY
    ),
    re.compile(r"(?P<era>[MTSHR])(?P<nth>[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"),
    re.compile(r"(?P<western>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"),
)
_LONGEST = 60  # no date is longer; keeps hostile texts away from the patterns
_SAME_SIGN = str.maketrans("‐‑‒–—―−ー・", "--------.")


def plain(text: str) -> str | None:
    """Return a copy for reading (half width, ASCII digits, upper case, no spaces), or None when it is too long to be a date."""
    if len(text) > _LONGEST:
        return None
    folded = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    return replace_kanji_numbers(folded.translate(_SAME_SIGN))


def read_era_year(sign: str, nth: str) -> EraYear | None:
    """Return the era year of what ERA_PATTERN found (``sign`` 令和, 令 or R; ``nth`` 6, 06 or 元), or None for a year 0."""
    year = 1 if nth == "元" else int(nth)
    return EraYear(_ERA_BY_SIGN[sign], year) if year else None


def parse_date(text: str) -> date:
    """Read a date: 令和6年4月1日, R6.4.1, R060401, 2024-04-01, 2024/4/1, 20240401, 令和八年四月一日, in full or half width.

    A western year in brackets and a weekday may stand with it and must agree. A year that runs past its era means what the
    documents mean (平成35年3月31日 is 2023-03-31); a day before its era began is refused. Raises InvalidDateError, in Japanese.
    """
    prepared = plain(text)
    found = next((m for form in _FORMS if (m := form.fullmatch(prepared))), None) if prepared else None
    if found is None:
        raise InvalidDateError(text)
    parts = found.groupdict()
    era_given = read_era_year(parts["era"], parts["nth"]) if parts.get("era") else None
    if era_given is not None:
        year = era_given.era.western(era_given.year)
    elif parts.get("western"):
        year = int(parts["western"])
    else:
        raise InvalidDateError(text)
    try:
        day = date(year, int(parts["month"]), int(parts["day"]))
    except ValueError:
        raise InvalidDateError(text, "暦にない日です。") from None
    if day < FIRST_DATE:
        raise InvalidDateError(text, f"{format_date(FIRST_DATE)}（太陽暦の始まり）より前の日付は扱えません。")
    if era_given is not None and day < era_given.era.start:
        era = era_given.era
        raise InvalidDateError(
            text,
            f"{era.name}は{era.start.month}月{era.start.day}日からです。{format_date(day)}と書いてください。",
        )
    if any(also and int(also) != year for also in (parts.get("also1"), parts.get("also2"))):
        raise InvalidDateError(text, f"和暦の年は西暦{year}年に当たり、かっこの中の西暦と合いません。")
    if parts.get("weekday") and parts["weekday"] != WEEKDAYS[day.weekday()]:
        raise InvalidDateError(text, f"この日は{WEEKDAYS[day.weekday()]}曜日で、書かれた曜日と合いません。")
    return day


def era_year(day: date) -> EraYear:
    """Return the era and year that a day falls in. Raises InvalidDateError before 1873-01-01 (see FIRST_DATE)."""
    if day < FIRST_DATE:
        raise InvalidDateError(day.isoformat(), "明治6年1月1日（太陽暦の始まり）より前の日付は扱えません。")
    era = next(era for era in ERAS if day >= era.start)
    return EraYear(era, day.year - era.start.year + 1)


def format_date(day: date, *, weekday: bool = False) -> str:
    """Return 令和6年4月1日, or 令和6年4月1日（月） with ``weekday``. Raises InvalidDateError before 1873-01-01."""
    text = f"{era_year(day)}{day.month}月{day.day}日"
    return f"{text}（{WEEKDAYS[day.weekday()]}）" if weekday else text


def format_moment(moment: datetime) -> str:
    """Return an aware moment in Japan time to the minute: 令和6年4月1日 13:05. Raises ValueError for a naive one."""
    local = japan_time(moment)
    return f"{format_date(local.date())} {local:%H:%M}"
