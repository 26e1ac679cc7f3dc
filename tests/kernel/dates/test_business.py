from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.dates import (
    add_business_days,
    business_day_on_or_after,
    is_business_day,
    next_business_day,
)

days = st.dates(date(2000, 1, 1), date(2050, 12, 31))


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2024, 4, 1), True),
        (date(2024, 4, 6), False),  # Saturday
        (date(2024, 4, 7), False),  # Sunday
        (date(2024, 4, 29), False),  # 昭和の日
        (date(2026, 5, 6), False),  # substitute holiday after three in a row
        (date(2026, 9, 22), False),  # between 敬老の日 and 秋分の日
        (date(2019, 5, 1), False),  # accession, a holiday once
        (date(2021, 7, 19), True),  # 海の日 was moved for the Olympics
        (date(2021, 7, 22), False),
        (date(2023, 12, 28), True),
        (date(2023, 12, 29), False),
        (date(2024, 1, 3), False),
        (date(2024, 1, 4), True),
    ],
)
def test_open_and_closed_days(day, is_open):
    assert is_business_day(day) is is_open


def test_counting_leaves_out_the_first_day_and_closed_days():
    # Friday 26 April 2024; the 27th to 29th and 3 to 6 May are closed.
    assert add_business_days(date(2024, 4, 26), 1) == date(2024, 4, 30)
    assert add_business_days(date(2024, 4, 26), 4) == date(2024, 5, 7)
    assert add_business_days(date(2023, 12, 28), 1) == date(2024, 1, 4)
    assert add_business_days(date(2024, 4, 27), 1) == date(2024, 4, 30)
    assert add_business_days(date(2024, 4, 27), 0) == date(2024, 4, 27)


def test_no_days_backwards():
    with pytest.raises(ValueError, match="0以上"):
        add_business_days(date(2024, 4, 1), -1)


@given(days)
def test_next_is_later_and_skips_no_open_day(day):
    following = next_business_day(day)
    assert following > day
    assert is_business_day(following)
    between = [day + timedelta(days=n) for n in range(1, (following - day).days)]
    assert not any(map(is_business_day, between))
    assert business_day_on_or_after(day) == (day if is_business_day(day) else following)


@given(days, st.integers(0, 15), st.integers(0, 15))
def test_counting_adds_up(start, a, b):
    end = add_business_days(start, a + b)
    assert add_business_days(add_business_days(start, a), b) == end
    counted = sum(is_business_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
    assert counted == a + b
