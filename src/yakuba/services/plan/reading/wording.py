"""Small things about Japanese wording that every part of the reading needs. Nothing here changes what is kept."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.text import compact

#: The digits in kanji; each stands at its value.
_KANJI: Final = "〇一二三四五六七八九"
#: Kana, kanji and the marks that stand inside words.
_LETTER: Final = r"\u3005\u3006\u3041-\u309f\u30a1-\u30ff\u3400-\u9fff\uf900-\ufaff"
_INNER_SPACES: Final = (
    # A space before ・ begins a listed point, not the rest of a word.
    re.compile(rf"(?<=[{_LETTER}])\s+(?!・)(?=[{_LETTER}])"),
    # 令和5 年度: a number and its counter.
    re.compile(rf"(?<=[0-9])\s+(?!・)(?=[{_LETTER}])"),
    # ICT- BCP: a Latin word broken at its hyphen.
    re.compile(r"(?<=[A-Za-z]-)\s+(?=[A-Za-z])"),
)

_ONE_YEAR: Final = (
    r"(?:(?P<era>令和|平成|令|平|R|H)\s*\.?\s*(?P<nth>元|[0-9]{1,2})|(?:FY\s*)?(?P<western>(?:19|20)[0-9]{2}))"
    r"(?![0-9])"
)
_YEAR: Final = re.compile(r"(?<![A-Za-z0-9,.])" + _ONE_YEAR + r"(?:\([^()]{1,8}\))?\s*(?:年度?)?")
_SPAN: Final = re.compile(
    r"(?<![A-Za-z0-9])"
    + _ONE_YEAR
    + r"\s*(?:年度?)?(?:\([^()]{1,8}\))?\s*(?:年度?)?\s*(?:[~〜～\-–—―]|から|より)\s*"
    + r"(?:(?P<last_era>令和|平成|令|平|R|H)?\s*\.?\s*(?P<last>[0-9]{1,2})|(?P<last_western>(?:19|20)[0-9]{2}))"
    + r"(?![0-9])"
)
#: 令和6年3月末 and R6.3.31現在 name a day; its fiscal year is the one that it falls in.
_DATED: Final = re.compile(
    _ONE_YEAR
    + r"\s*[年./]\s*(?P<month>1[0-2]|0?[1-9])\s*(?:[月./]\s*(?P<day>末|[0-9]{1,2})?(?:日)?|(?P<end>末))"
)
_COUNTERS: Final = frozenset("件人名円台回社校個ペ時分枚箇か所点%世手業項種")
_MONTH_ENDS: Final = {2: 28, 4: 30, 6: 30, 9: 30, 11: 30}


def plain(text: str) -> str:
    """The text as compared: NFKC, one kind of blank, no blanks around."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def squeeze(text: str) -> str:
    """The text as matched: NFKC, lower case, no blanks at all."""
    return compact(text).lower()


def whole_number(printed: str) -> int | None:
    """A whole number in digits or in kanji up to 九十九 (12, 十二, 二十), or None."""
    if printed.isdigit():
        return int(printed)
    tens, ten, ones = printed.partition("十")
    if not ten:
        return _KANJI.find(printed) if len(printed) == 1 and printed in _KANJI else None
    if len(tens) > 1 or len(ones) > 1 or not set(tens + ones) <= set(_KANJI):
        return None
    return (_KANJI.find(tens) if tens else 1) * 10 + (_KANJI.find(ones) if ones else 0)


def join_broken(text: str) -> str:
    """The text without the blanks that a text tool leaves where a line broke inside a word."""
    for pattern in _INNER_SPACES:
        text = pattern.sub("", text)
    return text


def spelling(variants: Iterable[str]) -> str:
    """The most common of several spellings; among equals the one with the fewest blanks, then the first."""
    counts = Counter(variants)
    return min(counts, key=lambda text: (-counts[text], len(text.split()), list(counts).index(text)))


@dataclass(frozen=True, slots=True)
class YearMention:
    """A fiscal year named in a text, and where."""

    year: int
    begin: int
    end: int


@lru_cache(maxsize=1024)
def fiscal_year(era: str | None, nth: str | None, western: str | None) -> int | None:
    """The fiscal year that a label names (令和/R and 6, or 2024), or None."""
    label = western or f"{era}{nth}年度"
    try:
        return FiscalYear.parse(label).year
    except ValueError:
        return None


def mentioned_years(text: str) -> Iterator[YearMention]:
    """Every fiscal year that an NFKC text names (R3, 令和3年度, 2021年度), in order."""
    for found in _YEAR.finditer(text):
        # A bare four-digit number with a counter after it is a number.
        if found["western"] and "年" not in found[0] and text[found.end() : found.end() + 1] in _COUNTERS:
            continue
        year = fiscal_year(found["era"], found["nth"], found["western"])
        if year is not None:
            yield YearMention(year, found.start(), found.end())


def year_span(text: str) -> tuple[int, int] | None:
    """First and last fiscal year of the first span in an NFKC text (R6~R8, 令和6~8年度, 2024-2026)."""
    for found in _SPAN.finditer(text):
        first = fiscal_year(found["era"], found["nth"], found["western"])
        last = fiscal_year(found["last_era"] or found["era"] or "R", found["last"], found["last_western"])
        if first is not None and last is not None and first <= last:
            return first, last
    return None


def dated_year(text: str) -> tuple[int, str] | None:
    """Fiscal year and day (`YYYY-MM-DD`) where an NFKC text names a month or day (令和6年3月末)."""
    found = _DATED.search(text)
    if not found:
        return None
    named = fiscal_year(found["era"], found["nth"], found["western"])
    if named is None:
        return None
    month = int(found["month"])
    day = _MONTH_ENDS.get(month, 31) if found["day"] in {None, "末"} else int(found["day"])
    return calendar_day(named, month, day)


def calendar_day(calendar_year: int, month: int, day: int) -> tuple[int, str] | None:
    """Fiscal year and ISO day of a calendar day, or None where the calendar has no such day."""
    if not 1 <= month <= 12 or not 1 <= day <= (29 if month == 2 else _MONTH_ENDS.get(month, 31)):
        return None
    fiscal = calendar_year if month >= 4 else calendar_year - 1
    return fiscal, f"{calendar_year:04d}-{month:02d}-{day:02d}"
