"""Filters that write values as the town hall does: dates, years, money, headings that break between phrases."""

import datetime as dt
from decimal import Decimal
from functools import cache, lru_cache

import budoux
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.dates import format_date as _date
from yakuba.kernel.dates import format_moment as _moment
from yakuba.kernel.ui.drawing import Text


def wareki(day: dt.date | None) -> str:
    """令和6年4月1日（月）; nothing for None."""
    return _date(day, weekday=True) if day is not None else ""


def moment(value: dt.datetime | None) -> str:
    """令和6年4月1日 13:05 in Japan time, of an aware datetime; nothing for None."""
    return _moment(value) if value is not None else ""


def fiscal_year(year: FiscalYear | int | None) -> str:
    """令和6年度（2024）, of a fiscal year or its western year; nothing for None."""
    if year is None:
        return ""
    return (year if isinstance(year, FiscalYear) else FiscalYear(year)).label


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
