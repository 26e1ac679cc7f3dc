"""Pure rules of lights and mirrors: when the next inspection is due, and which lamps are made no more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from yakuba.engines.ledger.dated import Dated, Row

#: Years to the next inspection after each grade; 0: mended at once, and looked at again then.
INTERVALS: Final[Dated[Mapping[str, int]]] = Dated(
    "次の点検までの年数",
    (
        Row(
            {"A": 5, "B": 5, "C": 1, "D": 0},
            "市の点検計画（国土交通省 小規模附属物点検要領〔平成29年3月〕の中間点検の頻度を目安とする）",
        ),
    ),
)
_FLUORESCENT: Final = "水銀による環境の汚染の防止に関する法律施行令（令和6年12月改正、一般照明用蛍光ランプ）"
#: From which day on a lamp may no longer be made, imported or exported; False from then on. What burns may burn on.
MADE: Final[Mapping[str, Dated[bool]]] = {
    "mercury": Dated(
        "一般照明用高圧水銀ランプの製造・輸出入",
        (
            Row(True, "禁止の前"),
            Row(
                False,
                "水銀による環境の汚染の防止に関する法律・同法施行令（水銀に関する水俣条約 附属書A）",
                dt.date(2020, 12, 31),
            ),
        ),
    ),
    "compact": Dated(
        "コンパクト形蛍光ランプの製造・輸出入",
        (Row(True, "禁止の前"), Row(False, _FLUORESCENT, dt.date(2027, 1, 1))),
    ),
    # Those with halophosphate a year earlier; the ledger does not tell them apart.
    "fluorescent": Dated(
        "直管形・環形蛍光ランプの製造・輸出入",
        (Row(True, "禁止の前"), Row(False, _FLUORESCENT, dt.date(2028, 1, 1))),
    ),
}


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day so many years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def next_inspection(
    installed_on: dt.date | None, last: tuple[dt.date, str] | None, repaired_on: dt.date | None
) -> dt.date | None:
    """When to look again: after the last inspection (day, grade), or after it was put up. None where neither is known.

    A grade that asks for mending at once (D) is due on the day it was found, until a repair of that day or later; then it is looked at
    after a year.
    """
    if last is None:
        return None if installed_on is None else _after(installed_on, "A")
    day, grade = last
    if grade == "D" and repaired_on is not None and repaired_on >= day:
        return years_after(repaired_on, 1)
    return _after(day, grade)


def _after(day: dt.date, grade: str) -> dt.date | None:
    row = INTERVALS.on(day)
    return None if row is None else years_after(day, row.value[grade])


def ends_on(lamp: str) -> dt.date | None:
    """The day from which on a lamp is made no more; None for one without such a day."""
    rule = MADE.get(lamp)
    return None if rule is None else rule.rows[-1].since
