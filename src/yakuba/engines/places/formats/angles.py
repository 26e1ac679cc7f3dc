"""Degrees as people write them in tables: 36.3214, 36°19′17.2″, 北緯36度19分17.2秒, N36 19 17.2, 36:19:17.2, 361917.2; full width too."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# After NFKC, which makes ′ and ″ of no other sign: each is written in many ways.
_DEGREE: Final = "°度º˚:"
_MINUTE: Final = "'′’‘分`´:"
_SECOND: Final = '"″”“秒'
_NUMBER: Final = r"\d+(?:\.\d*)?"
_SIDES: Final = {"北緯": 1, "東経": 1, "南緯": -1, "西経": -1, "n": 1, "e": 1, "s": -1, "w": -1}
_SIDE: Final = "|".join(_SIDES)
_PARTS: Final = re.compile(
    rf"(?P<d>\d+)\s*[{_DEGREE}\s]\s*(?:(?P<m>{_NUMBER})\s*(?:[{_MINUTE}\s]\s*(?:(?P<s>{_NUMBER})\s*(?:[{_SECOND}]|''|′′)?)?)?)?"
)
_PLAIN: Final = re.compile(rf"(?P<n>{_NUMBER})\s*[°度]?")
_PACKED: Final = re.compile(r"(?P<d>\d{2,3})(?P<m>\d{2})(?P<s>\d{2}(?:\.\d*)?)")
_LONGEST: Final = 60


def degrees(value: object) -> float | None:
    """Degrees of a table's cell; None for what is no angle. Minutes and seconds must be below 60."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        # A spreadsheet program takes 361917.2 for a number.
        return float(value) if abs(value) <= 180 else _packed(format(abs(value), ".10f"))
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    text = unicodedata.normalize("NFKC", value).strip().casefold()
    sign = 1
    if side := re.match(rf"({_SIDE})\s*|([+\-−])\s*", text):
        sign = _SIDES.get(side[1], 1) if side[1] else (1 if side[2] == "+" else -1)
        text = text[side.end() :]
    if side := re.search(rf"\s*({_SIDE})\Z", text):
        sign *= _SIDES[side[1]]
        text = text[: side.start()]
    found = _written(text)
    return None if found is None else sign * found


def _written(text: str) -> float | None:
    if match := _PLAIN.fullmatch(text):
        number = float(match["n"])
        return number if number <= 180 else _packed(match["n"])
    if match := _PARTS.fullmatch(text):
        return _sum(match["d"], match["m"], match["s"])
    return None


def _packed(text: str) -> float | None:
    """DDMMSS.S: two or three digits of degrees."""
    match = _PACKED.fullmatch(text)
    return _sum(match["d"], match["m"], match["s"]) if match else None


def _sum(whole: str, minutes: str | None, seconds: str | None) -> float | None:
    minute, second = float(minutes or 0), float(seconds or 0)
    if len(whole) > 3 or minute >= 60 or second >= 60 or (seconds and "." in (minutes or "")):
        return None
    found = int(whole) + minute / 60 + second / 3600
    return found if found <= 180 else None


def metres(value: object) -> float | None:
    """Metres of a table's cell: a number, with commas between thousands and a unit behind it too; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    text = unicodedata.normalize("NFKC", value).strip().casefold().replace("−", "-").removesuffix("m").strip()
    if not re.fullmatch(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?", text):
        return None
    return float(text.replace(",", ""))
