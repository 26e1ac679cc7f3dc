"""Periods and figures as files spell them: 令和6年4月分, 202404, R6.4, 約1,180時間, △3, 31.2％, ― . Pure."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from django.utils.translation import gettext as _

from yakuba.engines.metrics.periods import Period
from yakuba.kernel.dates import FiscalYear, format_date, parse_date
from yakuba.kernel.dates.wareki import ERA_PATTERN, plain, read_era_year
from yakuba.kernel.fields.kinds import Cell
from yakuba.kernel.fields.kinds.numeric import DECIMAL_PLACES, MAX_DIGITS, plain_decimal

_TAIL: Final = re.compile(r"(?:分|末日?|現在|時点|中|度末)+\Z")
_MONTH: Final = re.compile(
    rf"(?:{ERA_PATTERN}|(?P<western>[0-9]{{4}}))(?:(?P<fiscal>年度)|年|[./-])(?P<month>[0-9]{{1,2}})月?\Z"
)
_SIX: Final = re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?P<month>0[1-9]|1[0-2])\Z")
_ERA_FOUR: Final = re.compile(r"(?P<era>[MTSHR])(?P<nth>[0-9]{2})(?P<month>0[1-9]|1[0-2])\Z")
_CALENDAR_YEAR: Final = re.compile(rf"(?:{ERA_PATTERN}|[0-9]{{4}})年\Z")
_TOTAL: Final = frozenset({"計", "合計", "総計", "小計", "累計", "年度計", "年計", "平均", "TOTAL"})
# As they are once they were folded: … is three points then.
_NO_VALUE: Final = frozenset(
    {"", "-", "ー", "―", "—", "...", "..", "・", "*", "**", "***", "x", "X", "なし", "数値なし", "該当なし", "データなし",
     "未集計", "集計中", "未公表", "不明", "n/a", "N/A", "−"}
)  # fmt: skip
_NUMBER: Final = re.compile(
    r"(?P<about>約|およそ|概ね|おおむね|ほぼ)?(?P<sign>[-+△▲−])?(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?P<rest>\.[0-9]+)?"
    r"(?P<unit>.{0,40})\Z"
)
_UNITS: Final = frozenset("%件人名通回台円枚個校時間分秒日点箇所か所ヶ所")
_EVEN: Final = Decimal(1).scaleb(-DECIMAL_PLACES)


class Unread(Exception):
    """A cell that cannot be read: what is expected instead, as an ending of a sentence."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


def text_of(cell: Cell | Decimal) -> str:
    """A cell as a person reads it: whole numbers without a point, days in wareki."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, dt.datetime | dt.date):
        return format_date(cell.date() if isinstance(cell, dt.datetime) else cell)
    if isinstance(cell, float | Decimal):
        return plain_decimal(Decimal(repr(cell)) if isinstance(cell, float) else cell)
    return str(cell).strip()


def is_total(cell: Cell) -> bool:
    """Whether a row names itself a sum of the others."""
    return unicodedata.normalize("NFKC", text_of(cell)).replace(" ", "").upper() in _TOTAL


# --- periods ----------------------------------------------------------------------------------------------------------
def period(cell: Cell, every: str) -> tuple[Period, dt.date]:
    """The period of a series (``month`` or ``year``) that a cell names, and the day by which rows of one period are in order.

    A fiscal year in a monthly series is the whole year. Raises :class:`Unread`.
    """
    if isinstance(cell, dt.datetime | dt.date):
        day = cell.date() if isinstance(cell, dt.datetime) else cell
        return _of(every, day), day
    text = plain(text_of(cell)) if not isinstance(cell, bool) else None
    if not text or (isinstance(cell, float) and not cell.is_integer()):
        raise Unread(_expected(every))
    text = _TAIL.sub("", text) or text
    year = _year(text)
    if year is not None:
        return Period.year(year), year.end
    named = _month_day(text) or _day(text)
    if named is None:
        raise Unread(_expected(every))
    return _of(every, named), named


def month_of(year: Cell, month: Cell, every: str) -> tuple[Period, dt.date]:
    """The period of a year's cell and a month's cell: 令和6年度 and 1月 are January 2025. Raises :class:`Unread`."""
    number = re.match(r"([0-9]{1,2})月?\Z", plain(text_of(month)) or "")
    if number is None or not 1 <= int(number[1]) <= 12:
        raise Unread(_("1から12までの月"))
    written = plain(text_of(year)) or ""
    said = re.match(rf"(?:{ERA_PATTERN}|(?P<western>[0-9]{{4}}))(?P<kind>年度|年)?\Z", written)
    if said is None:
        raise Unread(_("年か年度（例：令和6年度、2024年）"))
    first = _western(said)
    if first is None:
        raise Unread(_("年か年度（例：令和6年度、2024年）"))
    if said["kind"] == "年度" and int(number[1]) < 4:
        first += 1
    day = dt.date(first, int(number[1]), 1)
    return _of(every, day), day


def _of(every: str, day: dt.date) -> Period:
    return Period.month(day) if every == "month" else Period.year(FiscalYear.of(day))


def _year(text: str) -> FiscalYear | None:
    if _CALENDAR_YEAR.fullmatch(text):
        return None
    try:
        return FiscalYear.parse(text)
    except ValueError:
        return None


def _western(found: re.Match[str]) -> int | None:
    """The year that an era's year or a western one means."""
    said = found.groupdict()
    if said.get("western"):
        return int(said["western"])
    if not said.get("era"):
        return None
    given = read_era_year(said["era"], said["nth"])
    return given.era.western(given.year) if given else None


def _month_day(text: str) -> dt.date | None:
    """The first day of the month that a text names."""
    six = _SIX.match(text)
    if six:
        return dt.date(int(six["year"]), int(six["month"]), 1)
    found = _ERA_FOUR.match(text) or _MONTH.match(text)
    if found is None:
        return None
    year, month = _western(found), int(found["month"])
    if year is None or not 1 <= month <= 12:
        return None
    if found.groupdict().get("fiscal") and month < 4:
        year += 1
    return dt.date(year, month, 1)


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _expected(every: str) -> str:
    return (
        _("年月（例：令和6年4月、202404、R6.4）")
        if every == "month"
        else _("年度（例：令和6年度、R6、2024年度）")
    )


# --- figures ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Number:
    """A number as read: whether it bore a percent sign, and whether it is said to be about so much."""

    number: Decimal
    percent: bool = False
    about: bool = False


def says_nothing(cell: Cell) -> bool:
    """Whether a cell says that there is no value (―, 数値なし, nothing at all). That is never 0."""
    if cell is None:
        return True
    return isinstance(cell, str) and unicodedata.normalize("NFKC", cell).strip() in _NO_VALUE


def number(cell: Cell, unit: str = "") -> Number | None:
    """The number of a cell, None where it says that there is none. Raises :class:`Unread`.

    Understood are full width, thousands separators, 約, △ and ▲ as minus, and behind the number ``unit`` or a common counter.
    """
    if says_nothing(cell):
        return None
    expected = _("数（例：1,234、31.2）")
    if isinstance(cell, bool | dt.date):
        raise Unread(expected)
    if isinstance(cell, int | Decimal | float):
        if not isinstance(cell, float):
            return Number(_fit(Decimal(cell)))
        try:  # programs leave 0.30000000000000004 behind; nobody typed that
            return Number(_fit(Decimal(repr(cell)).quantize(_EVEN)))
        except InvalidOperation:
            raise Unread(expected) from None
    text = "".join(unicodedata.normalize("NFKC", str(cell)).split())
    said = _NUMBER.match(text[:60]) if len(text) <= 60 else None
    if said is None:
        raise Unread(expected)
    tail = said["unit"]
    own = "".join(unicodedata.normalize("NFKC", unit).split())
    if tail and tail not in {own, "%"} and not set(tail) <= _UNITS:
        raise Unread(expected)
    value = Decimal(said["digits"].replace(",", "") + (said["rest"] or ""))
    if said["sign"] in {"-", "△", "▲", "−"}:
        value = -value
    return Number(_fit(value), tail == "%", bool(said["about"]))


def _fit(value: Decimal) -> Decimal:
    """Raises :class:`Unread` for more digits than are kept exactly."""
    shown = plain_decimal(value)
    digits = shown.lstrip("-").replace(".", "").lstrip("0")
    if len(digits) > MAX_DIGITS or len(shown.partition(".")[2]) > DECIMAL_PLACES:
        raise Unread(_("有効数字15桁・小数点以下6桁までの数"))
    return Decimal(shown)


def even(value: Decimal) -> Decimal:
    """A quotient as it is kept: six places behind the point."""
    return Decimal(plain_decimal(value.quantize(_EVEN)))
