"""Two sorts of text: a birth that is known to the day, the month or the year, and the number of a microchip."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.dates.wareki import FIRST_DATE, format_date, parse_date, plain
from yakuba.kernel.fields import Classification, Invalid, JsonValue
from yakuba.kernel.fields.kinds import Text
from yakuba.kernel.fields.kinds.base import half_width
from yakuba.kernel.fields.kinds.dated import LAST_YEAR

if TYPE_CHECKING:
    from django.db import models

_LONGEST: Final = 60  # no date is longer
_STORED: Final = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2})|~)?")
_ABOUT: Final = re.compile(r"(?:頃|ごろ|生まれ|生)+\Z")
_ROUGHLY: Final = re.compile("頃|ごろ")
#: Behind a month or a year that is only about right.
_SIGN: Final = "~"
_MONTH: Final = re.compile(r"(.+?)(?:年|[./-])([0-9]{1,2})月?")
_YEAR: Final = re.compile(r"([^月日]+?)年?")

_CHIP: Final = re.compile(r"[0-9]{15}")
#: ISO 11784:1996/Amd 2: the first three digits are a country (ISO 3166-1 numeric) or, from 900 to 998, a manufacturer; 999 is for tests.
TEST_CODE: Final = "999"
#: ISO 11784 keeps the animal's own number in 38 bits.
LARGEST: Final = 2**38 - 1


@dataclass(frozen=True)
class Birth(Text):
    """``2021-05-12``, ``2021-05`` or ``2021``: as much as is known; ``2021-05~`` and ``2021~`` are about then.

    Read as people write it: 令和3年5月頃, R3.5, 2021年. A day is known or it is not: its 頃 has no place.
    """

    max_length: int = 10

    def check(self, value: object) -> str:
        text = super().check(value)
        found = _STORED.fullmatch(text)
        try:
            if found is None:
                raise ValueError(text)  # noqa: TRY301 – one answer for both
            born = dt.date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
            if born < FIRST_DATE or born.year > LAST_YEAR:
                raise ValueError(text)  # noqa: TRY301 – as above
        except ValueError as exc:
            raise Invalid("birth", text[:40], _expected()) from exc
        return text

    def parse(self, text: str) -> str:
        if len(text) > _LONGEST:
            raise Invalid("birth", text[:40], _expected())
        told = half_width(text)
        found = self._known(_ABOUT.sub("", told), text)
        if _ROUGHLY.search(told) and len(found) < self.max_length and not found.endswith(_SIGN):
            return self.check(f"{found}{_SIGN}")
        return found

    def _known(self, given: str, text: str) -> str:
        """What is known of it. Raises :class:`Invalid`."""
        if _STORED.fullmatch(given):
            return self.check(given)
        try:
            return self.check(parse_date(given).isoformat())
        except ValueError:
            pass
        prepared = plain(given) or ""
        # A month and a year are read as the last day of that month: an era that begins within it counts.
        if found := _MONTH.fullmatch(prepared):
            return self.check(_last_day(found[1], int(found[2]), text).isoformat()[:7])
        if found := _YEAR.fullmatch(prepared):
            return self.check(f"{_last_day(found[1], 12, text).year:04}")
        raise Invalid("birth", text[:40], _expected())

    def from_json(self, data: JsonValue) -> str:
        return self.check(data)

    def format(self, value: str) -> str:
        shown, known = format_date(last_day(value)), value.removesuffix(_SIGN)
        if len(known) == 10:
            return shown
        shown = shown[: shown.index("月") + 1] if len(known) == 7 else shown[: shown.index("年") + 1]
        return f"{shown}頃" if value.endswith(_SIGN) else shown

    def schema(self) -> dict[str, JsonValue]:
        return {"type": "string", "pattern": r"^\d{4}(-\d{2})?(-\d{2}|~)?$"}


def _expected() -> str:
    return _("生年月日（例：令和3年5月12日、令和3年5月、2021年）")


def _last_day(year: str, month: int, text: str) -> dt.date:
    """The last day of a month of a year as people write it. Raises :class:`Invalid`."""
    for day in (31, 30, 29, 28):
        try:
            return parse_date(f"{year}年{month}月{day}日")
        except ValueError:
            continue
    raise Invalid("birth", text[:40], _expected())


def first_day(birth: str) -> dt.date:
    """The earliest day that a birth may mean."""
    return dt.date.fromisoformat(f"{birth.removesuffix(_SIGN)}-01-01"[:10])


def last_day(birth: str) -> dt.date:
    """The latest day that a birth may mean."""
    if len(birth) == 10:
        return dt.date.fromisoformat(birth)
    year, month = int(birth[:4]), int(birth[5:7] or 12)  # of 2018~ nothing stands there
    return dt.date(year, month, calendar.monthrange(year, month)[1])


@dataclass(frozen=True)
class Chip(Text):
    """The fifteen digits that a reader shows (ISO 11784/11785). The standard has no check digit: only what it says is asked."""

    max_length: int = 15

    def check(self, value: object) -> str:
        text = super().check(value)
        if not _CHIP.fullmatch(text):
            raise Invalid("chip", text[:40], _("15桁の数字（例：392 1400 0012 3456）"))
        if text[:3] == "000" or int(text[3:]) > LARGEST:
            raise Invalid(
                "chip_range", text, _("ISO 11784の範囲（国・製造者番号3桁と274877906943までの番号）")
            )
        if text[:3] == TEST_CODE:
            raise Invalid("chip_test", text, _("999で始まらない番号（999は試験用です）"))
        return text

    def parse(self, text: str) -> str:
        return self.check(re.sub(r"[\s-]", "", half_width(text)))

    def from_json(self, data: JsonValue) -> str:
        return self.check(data)

    def format(self, value: str) -> str:
        return f"{value[:3]} {value[3:7]} {value[7:11]} {value[11:]}"

    def schema(self) -> dict[str, JsonValue]:
        return {"type": "string", "pattern": r"^\d{15}$"}


def column(
    kind: Text,
    *,
    label: str,
    classification: Classification,
    help: str = "",  # noqa: A002 – the word of the declaration
) -> models.CharField[Any, Any]:  # Any: text in and out
    """A column of one of these kinds; it may be empty."""
    made = fields.text(
        label=label, classification=classification, max_length=kind.max_length, required=False, help=help
    )
    made.spec = replace(made.spec, kind=kind)
    return made
