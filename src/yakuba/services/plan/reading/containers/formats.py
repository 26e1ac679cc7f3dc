"""Numbers and dates as a sheet shows them: the number formats of ECMA-376 part 1, 18.8.30/31, as far as offices use them.

What is shown is what the plan prints: 45380 is 令和6年3月29日, 0.995 is 99.5%. A format that is not understood here shows the number plain.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException
from functools import lru_cache
from typing import Final

from yakuba.kernel.dates.errors import InvalidDateError
from yakuba.kernel.dates.wareki import WEEKDAYS, era_year

#: The formats that have a number and no text in the file, as a Japanese Excel shows them.
BUILT_IN: Final = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"¥"#,##0',
    6: '"¥"#,##0',
    7: '"¥"#,##0.00',
    8: '"¥"#,##0.00',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    27: "ge.m.d",
    28: 'ggge"年"m"月"d"日"',
    29: 'ggge"年"m"月"d"日"',
    30: "m/d/yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"時"mm"分"',
    33: 'h"時"mm"分"ss"秒"',
    34: 'yyyy"年"m"月"',
    35: 'm"月"d"日"',
    36: "ge.m.d",
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    41: "#,##0",
    42: '"¥"#,##0',
    43: "#,##0.00",
    44: '"¥"#,##0.00',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss",
    48: "0.0E+0",
    50: "ge.m.d",
    51: 'ggge"年"m"月"d"日"',
    52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"',
    54: 'ggge"年"m"月"d"日"',
    55: 'yyyy"年"m"月"',
    56: 'm"月"d"日"',
    57: "ge.m.d",
    58: 'ggge"年"m"月"d"日"',
}
GENERAL: Final = "General"
#: Longer formats, and numbers of more digits, are not of an office.
_MAX_FORMAT: Final = 255
_MAX_EXPONENT: Final = 40
#: Excel keeps 15 digits of a number; what a computer adds behind them (0.30000000000000004) it never shows.
_EXACT: Final = Context(prec=15, rounding=ROUND_HALF_UP)
_GENERAL_DIGITS: Final = Context(prec=11, rounding=ROUND_HALF_UP)

_TOKEN: Final = re.compile(
    r"""
      "(?P<quoted>[^"]*)"?
    | \\(?P<escaped>.)
    | _(?P<padded>.)                       # room as wide as a letter: a blank
    | \*(?P<filled>.)                      # a letter that fills the cell: nothing
    | \[(?P<elapsed>h+|m+|s+)\]
    | \[(?P<bracket>[^\]]*)\]?             # colour, condition, language
    | (?P<general>General|G/標準)
    | (?P<noon>AM/PM|A/P|上午/下午|午前/午後)
    | (?P<science>E[+-]0+)
    | (?P<mask>[0#?](?:[0#?,]*[0#?])?(?:\.[0#?]*)?|\.[0#?]+)
    | (?P<scale>,+)
    | (?P<date>y+|m+|d+|h+|s+(?:\.0+)?|g+|e+|r+|a{3,4})
    | (?P<percent>%)
    | (?P<text>@)
    | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_CONDITION: Final = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9]+(?:\.[0-9]+)?)")
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class _Section:
    """One of the up to four parts of a format: its tokens, and the condition under which it holds."""

    tokens: tuple[tuple[str, str], ...]
    condition: tuple[str, Decimal] | None

    @property
    def dated(self) -> bool:
        return any(kind in {"date", "elapsed"} for kind, _ in self.tokens)

    def holds(self, number: Decimal) -> bool:
        if self.condition is None:
            return False
        mark, limit = self.condition
        return {
            "<": number < limit,
            "<=": number <= limit,
            ">": number > limit,
            ">=": number >= limit,
            "=": number == limit,
            "<>": number != limit,
        }[mark]


def shown(raw: str, code: str, *, from_1904: bool = False) -> str:
    """A stored number as its format shows it; what is no number is given back as it is.

    `from_1904` says that days count from 1 January 1904 (workbooks of old Macintoshes).
    """
    if code == GENERAL and len(raw) <= 11 and raw.isascii() and raw.isdigit():
        return raw.lstrip("0") or "0"
    try:
        number = _EXACT.create_decimal(raw)
    except DecimalException:
        return raw
    if not number.is_finite() or abs(number.adjusted()) > _MAX_EXPONENT:
        return raw
    sections = _sections(code[:_MAX_FORMAT] or GENERAL)
    section, signed = _chosen(sections, number)
    if section is None:
        return general(number)
    try:
        if section.dated:
            return _date(section, number, from_1904=from_1904)
        return _number(section, number if signed else abs(number))
    except DecimalException:  # a format of more digits than are counted with
        return general(number)


def shown_text(text: str, code: str) -> str:
    """A text as its format shows it: `@"様"` adds what it quotes; most formats leave texts as they are."""
    if "@" not in code or code == "@":
        return text
    sections = _sections(code[:_MAX_FORMAT])
    section = next((one for one in sections if any(kind == "text" for kind, _ in one.tokens)), None)
    if section is None:
        return text
    return "".join(text if kind == "text" else _literal(kind, value) for kind, value in section.tokens)


def general(number: Decimal) -> str:
    """A number without a format: up to 11 digits, no idle zeros."""
    rounded = number if number == number.to_integral_value() else _GENERAL_DIGITS.plus(number)
    text = f"{rounded:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[_Section, ...]:
    """The parts of a format, cut at semicolons outside quotation marks."""
    parts: list[list[tuple[str, str]]] = [[]]
    for found in _TOKEN.finditer(code):
        kind = found.lastgroup or "other"
        value = found[kind]
        if kind == "other" and value == ";":
            parts.append([])
        else:
            parts[-1].append((kind, value))
    return tuple(_Section(tuple(part), _condition(part)) for part in parts[:4])


def _condition(part: list[tuple[str, str]]) -> tuple[str, Decimal] | None:
    for kind, value in part:
        found = _CONDITION.fullmatch(value.strip()) if kind == "bracket" else None
        if found:
            return found[1], Decimal(found[2])
    return None


def _chosen(sections: tuple[_Section, ...], number: Decimal) -> tuple[_Section | None, bool]:
    """The part that shows a number, and whether it still needs the sign: a part for negative numbers brings its own."""
    plain = [one for one in sections if not any(kind == "text" for kind, _ in one.tokens)]
    if not plain or (any(kind == "general" for kind, _ in plain[0].tokens) and len(plain[0].tokens) == 1):
        return None, True
    if any(one.condition for one in plain):
        found = next((one for one in plain if one.holds(number)), None)
        return found or next((one for one in plain if one.condition is None), plain[-1]), True
    if number < 0 and len(plain) > 1:
        return plain[1], False
    if number == 0 and len(plain) > 2:
        return plain[2], True
    return plain[0], True


def _literal(kind: str, value: str) -> str:
    """What a token prints that stands for no digit and no part of a date."""
    if kind in {"quoted", "escaped", "other"}:
        return value
    if kind == "bracket" and value.startswith("$"):
        # [$¥-411]: a currency's sign, and the language it belongs to.
        return value[1:].split("-", maxsplit=1)[0]
    return " " if kind == "padded" else ""


def _number(section: _Section, number: Decimal) -> str:
    kinds = [kind for kind, _ in section.tokens]
    masks = [value for kind, value in section.tokens if kind == "mask"]
    if "general" in kinds:
        body = general(abs(number))
    elif not masks:
        # A part of words alone («済»; ;) shows them instead of the number.
        return "".join(_literal(kind, value) for kind, value in section.tokens)
    elif len(masks) > 1 or "/" in [value for kind, value in section.tokens if kind == "other"]:
        return general(number)  # fractions, telephone numbers
    else:
        scaled = number.scaleb(2 * kinds.count("percent"), _EXACT)
        first = kinds.index("mask")
        if first + 1 < len(kinds) and kinds[first + 1] == "scale":
            scaled = scaled.scaleb(-3 * len(section.tokens[first + 1][1]), _EXACT)
        if "science" in kinds:
            digits = len(section.tokens[kinds.index("science")][1]) - 2
            factor, _, exponent = f"{number:.{_decimals(masks[0])[1]}E}".partition("E")
            return f"{factor}E{exponent[0]}{exponent[1:].rjust(digits, '0')}"
        body = _masked(abs(scaled), masks[0])
        if not any(digit in "123456789" for digit in body):
            number = abs(number)
    printed = []
    for kind, value in section.tokens:
        if kind in {"mask", "general"}:
            printed.append(body)
        else:
            printed.append("%" if kind == "percent" else _literal(kind, value))
    return ("-" if number < 0 else "") + "".join(printed).strip()


def _decimals(mask: str) -> tuple[int, int]:
    """How many decimals a mask always prints, and how many at most."""
    tail = mask.partition(".")[2]
    return tail.count("0"), len(tail)


def _masked(number: Decimal, mask: str) -> str:
    head = mask.partition(".")[0]
    least, most = _decimals(mask)
    rounded = number.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP, Context(prec=80))
    whole, _, decimals = f"{rounded:f}".partition(".")
    while len(decimals) > least and decimals.endswith("0"):
        decimals = decimals[:-1]
    digits = head.count("0")
    whole = whole.rjust(digits, "0") if digits else whole.lstrip("0")
    if "," in head:
        whole = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", whole)
    return f"{whole}.{decimals}" if decimals else whole


def _date(section: _Section, number: Decimal, *, from_1904: bool) -> str:
    try:
        moment = _moment(number, from_1904=from_1904)
    except (ValueError, OverflowError):
        return general(number)
    tokens = section.tokens
    noon = any(kind == "noon" for kind, _ in tokens)
    printed = []
    for place, (kind, value) in enumerate(tokens):
        if kind == "elapsed":
            seconds = int((number * 86_400).to_integral_value(ROUND_HALF_UP))
            unit = {"h": 3600, "m": 60, "s": 1}[value[0].lower()]
            printed.append(str(seconds // unit).rjust(len(value), "0"))
        elif kind == "date":
            minutes = value[0].lower() == "m" and _is_minutes(tokens, place)
            printed.append(_date_part(moment, value.lower(), minutes=minutes, noon=noon))
        elif kind == "noon":
            before, after = value.split("/")
            printed.append(before if moment.hour < 12 else after)
        else:
            printed.append(_literal(kind, value))
    return "".join(printed).strip()


def _moment(number: Decimal, *, from_1904: bool) -> dt.datetime:
    """The day and time of a serial number. Excel counts a 29 February 1900 that never was, so days before it stand one off."""
    if number < 0:
        raise ValueError("before the first day")
    first = dt.datetime(1904, 1, 1) if from_1904 else dt.datetime(1899, 12, 31 if number < 60 else 30)  # noqa: DTZ001 - a sheet knows no zone
    return first + dt.timedelta(seconds=int((number * 86_400).to_integral_value(ROUND_HALF_UP)))


def _is_minutes(tokens: tuple[tuple[str, str], ...], place: int) -> bool:
    """Whether an m stands for minutes: right behind hours or right before seconds."""
    if len(tokens[place][1]) > 2:
        return False
    units = [
        (index, value[0].lower()) for index, (kind, value) in enumerate(tokens) if kind in {"date", "elapsed"}
    ]
    at = next(number for number, (index, _) in enumerate(units) if index == place)
    return (at > 0 and units[at - 1][1] == "h") or (at + 1 < len(units) and units[at + 1][1] == "s")


def _date_part(moment: dt.datetime, token: str, *, minutes: bool, noon: bool) -> str:
    letter, width = token[0], len(token)
    if letter in "ger":
        return _era_part(moment.date(), token)
    if letter == "y":
        return f"{moment.year:04d}" if width > 2 else f"{moment.year % 100:02d}"
    if letter == "m" and not minutes and width > 2:
        name = _MONTHS[moment.month - 1]
        return name[:3] if width == 3 else name[:1] if width == 5 else name
    if letter == "d" and width > 2:
        name = _DAYS[moment.weekday()]
        return name[:3] if width == 3 else name
    if letter == "a":
        day = WEEKDAYS[moment.weekday()]
        return day if width == 3 else day + "曜日"
    number = {
        "m": moment.minute if minutes else moment.month,
        "d": moment.day,
        "h": (moment.hour % 12 or 12) if noon else moment.hour,
        "s": moment.second,
    }[letter]
    return f"{number:02d}" if width > 1 and token[1:2] == letter else str(number)


def _era_part(day: dt.date, token: str) -> str:
    try:
        era, year = era_year(day)
    except InvalidDateError:
        return str(day.year) if token[0] != "g" else ""
    number = str(year).rjust(2 if len(token) > 1 else 1, "0")
    if token[0] == "e":
        return number
    if token[0] == "r":
        return number if len(token) == 1 else f"{era.name}{year}"
    return {1: era.letter, 2: era.name[0]}.get(len(token), era.name)
