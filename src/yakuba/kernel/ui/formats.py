"""Filters that write values as the town hall does, in the reader's language: dates, years, money, headings."""

import datetime as dt
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

import budoux
from django.utils import dateformat
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from yakuba.kernel.dates import JAPAN, FiscalYear, japan_date
from yakuba.kernel.dates import format_date as _date
from yakuba.kernel.dates import format_moment as _moment
from yakuba.kernel.dates.wareki import WEEKDAYS
from yakuba.kernel.ui.drawing import Text

# The romanised names of the eras, by the letter that abbreviates them.
_ERAS = {"R": "Reiwa", "H": "Heisei", "S": "Showa", "T": "Taisho", "M": "Meiji"}


def _spoken() -> Literal["ja", "ja-simple", "en"]:
    """In which of the three ways the reader's language writes dates; every other language writes them as English does."""
    code = get_language() or "ja"
    if code.startswith("ja"):
        return "ja" if code == "ja" else "ja-simple"
    return "en"


def _year(year: FiscalYear | int) -> FiscalYear:
    return year if isinstance(year, FiscalYear) else FiscalYear(year)


def wareki(day: dt.date | None) -> str:
    """令和6年4月1日（月）, in English 1 April 2024 (Mon), in やさしい日本語 2024年4月1日（月）; nothing for None."""
    if day is None:
        return ""
    match _spoken():
        case "ja":
            return _date(day, weekday=True)
        case "ja-simple":
            return f"{_western(day)}（{WEEKDAYS[day.weekday()]}）"
        case "en":
            return dateformat.format(day, "j F Y (D)")


def plain_day(day: dt.date | None) -> str:
    """令和6年4月1日, 1 April 2024, 2024年4月1日: a day without its weekday; nothing for None."""
    if day is None:
        return ""
    match _spoken():
        case "ja":
            return _date(day)
        case "ja-simple":
            return _western(day)
        case "en":
            return dateformat.format(day, "j F Y")


def month_day(day: dt.date) -> str:
    """4月1日（月）, in English 1 April (Mon): a day under a heading that names its year."""
    if _spoken() == "en":
        return dateformat.format(day, "j F (D)")
    return f"{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


def month_name(day: dt.date) -> str:
    """令和6年4月, April 2024, 2024年4月: the month that a day falls in."""
    match _spoken():
        case "ja":
            return f"{_date(day).partition('年')[0]}年{day.month}月"
        case "ja-simple":
            return f"{day.year}年{day.month}月"
        case "en":
            return dateformat.format(day, "F Y")


def _western(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def moment(value: dt.datetime | None) -> str:
    """令和6年4月1日 13:05 (1 April 2024 13:05) in Japan time, of an aware datetime; nothing for None."""
    if value is None:
        return ""
    if _spoken() == "ja":
        return _moment(value)
    return f"{plain_day(japan_date(value))} {value.astimezone(JAPAN):%H:%M}"


def fiscal_year(year: FiscalYear | int | None) -> str:
    """令和6年度（2024）, FY2024 (Reiwa 6), 2024年度（令和6年度）, of a fiscal year or its western year; nothing for None."""
    if year is None:
        return ""
    found = _year(year)
    match _spoken():
        case "ja":
            return found.label
        case "ja-simple":
            return f"{found.year}年度（{found.wareki}）"
        case "en":
            era, nth = found.era_year
            return f"FY{found.year} ({_ERAS[era.letter]}\N{NO-BREAK SPACE}{nth})"


def year_name(year: FiscalYear | int | None) -> str:
    """令和6年度, FY2024, 2024年度: a fiscal year in running text; nothing for None."""
    if year is None:
        return ""
    found = _year(year)
    match _spoken():
        case "ja":
            return found.wareki
        case "ja-simple":
            return f"{found.year}年度"
        case "en":
            return f"FY{found.year}"


def year_mark(year: FiscalYear | int) -> str:
    """R6, FY24, 2024: a fiscal year under an axis."""
    found = _year(year)
    match _spoken():
        case "ja":
            return found.short
        case "ja-simple":
            return str(found.year)
        case "en":
            return f"FY{found.year % 100:02}"


def japanese(text: Text | None) -> Text:
    """A text that is Japanese in every language of the page (what a plan says), marked as such where the page is not."""
    if not text or _spoken() != "en":
        return text or ""
    return format_html('<span lang="ja">{}</span>', text)


def yen(amount: int | Decimal | None) -> str:
    """1,200円, of whole yen; nothing for None (no value is never 0)."""
    return f"{amount:,.0f}円" if amount is not None else ""


@cache
def _parser() -> budoux.Parser:
    return budoux.load_default_japanese_parser()


@lru_cache(maxsize=4096)
def _phrases(text: str) -> str:
    # BudouX's own HTML carries an inline style, which our content security policy refuses.
    pieces = "<wbr>".join(escape(piece) for piece in _parser().parse(text))
    return f'<span class="phrase">{pieces}</span>'


def phrase(text: Text) -> SafeString:
    """A Japanese heading that breaks between phrases (文節) only; other languages stay as they are."""
    plain = str(text)
    if not plain or not (get_language() or "ja").startswith("ja"):
        return SafeString(escape(plain))
    return mark_safe(_phrases(plain))  # noqa: S308  # every piece is escaped above
