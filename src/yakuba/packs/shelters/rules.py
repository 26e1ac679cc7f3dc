"""Pure rules of evacuation sites and shelters: since when they are designated, for what, and what a designation has to say."""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal

from yakuba.engines.ledger.dated import Dated, Row

_SINCE: Final = dt.date(2014, 4, 1)
#: The fields of the kinds of phenomenon for each of which a site is designated by itself.
HAZARDS: Final = (
    "flood",
    "landslide",
    "storm_surge",
    "earthquake",
    "tsunami",
    "fire",
    "inland_flood",
    "volcano",
)
#: Which article lets a city designate; None before it came into force (平成25年法律第54号).
SITE: Final[Dated[str]] = Dated(
    "指定緊急避難場所（異常な現象の種類ごと）",
    (Row("49条の4", "災害対策基本法49条の4・49条の6、同法施行令20条の3・20条の4", _SINCE),),
)
SHELTER: Final[Dated[str]] = Dated(
    "指定避難所", (Row("49条の7", "災害対策基本法49条の7・49条の8、同法施行令20条の6", _SINCE),)
)
#: Whether the public notice of a 福祉避難所 names for whom it is.
WELFARE: Final[Dated[bool]] = Dated(
    "福祉避難所の受入対象者の公示",
    (
        Row(False, "災害対策基本法施行令20条の6第5号", _SINCE),
        Row(True, "災害対策基本法施行規則1条の7第2項（令和3年5月20日施行）", dt.date(2021, 5, 20)),
    ),
)

Role = Literal["site", "shelter", "both", "none"]


def designated(on: dt.date | None, off: dt.date | None, day: dt.date | None = None) -> bool:
    """Whether a designation stands, today or on a day. On the day of its withdrawal it stands no more."""
    if on is None or (day is not None and on > day):
        return False
    return off is None or (day is not None and off > day)


def role_of(*, site: bool, shelter: bool) -> Role:
    """What a facility is by its designations; the two stand side by side (災害対策基本法49条の8)."""
    if site:
        return "both" if shelter else "site"
    return "shelter" if shelter else "none"


def names_whom(on: dt.date) -> bool:
    """Whether a 福祉避難所 that was designated on a day has to say for whom it is."""
    row = WELFARE.on(on)
    return row is not None and row.value


def a_year_after(day: dt.date) -> dt.date:
    """When keys are asked about again: the same day of the next year, 28 February for the 29th."""
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
