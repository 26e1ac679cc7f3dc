"""開庁日: the days on which a town hall is open.

Closed are, by 地方自治法4条の2第2項, Saturdays and Sundays, the holidays of 国民の祝日に関する法律 (with the substitute and bridging holidays
of its article 3), and the days at the turn of the year that the ordinances set, 29 December to 3 January. The holidays of coming
years are those of the law as it stands; the equinoxes are fixed by 官報 in the February before.
"""

from datetime import date, timedelta

import jpholiday

_DAY = timedelta(days=1)


def is_business_day(day: date) -> bool:
    """Tell whether the town hall is open on that day."""
    turn_of_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() < 5 and not turn_of_year and not jpholiday.is_holiday(day)


def next_business_day(day: date) -> date:
    """Return the first business day after ``day``."""
    return business_day_on_or_after(day + _DAY)


def business_day_on_or_after(day: date) -> date:
    """Return ``day`` when it is a business day, or the next one: where a term that ends on a closed day moves (地方自治法4条の2第4項)."""
    while not is_business_day(day):
        day += _DAY
    return day


def add_business_days(start: date, n: int) -> date:
    """Return the ``n``-th business day after ``start``; the first day does not count (民法140条).

    ``start`` itself may be a closed day, and is returned for ``n`` = 0. Raises ValueError when ``n`` is negative.
    """
    if n < 0:
        raise ValueError(f"開庁日の日数は0以上です: {n}")
    day = start
    for _ in range(n):
        day = next_business_day(day)
    return day
