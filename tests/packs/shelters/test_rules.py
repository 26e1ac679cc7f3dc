"""Designations by day."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from yakuba.packs.shelters import rules

DAYS = st.dates(dt.date(2014, 4, 1), dt.date(2060, 1, 1))


@given(st.none() | DAYS, st.none() | DAYS, DAYS)
def test_a_designation_stands_from_its_day_to_the_day_before_its_withdrawal(
    on: dt.date | None, off: dt.date | None, day: dt.date
) -> None:
    expected = on is not None and on <= day and not (off is not None and off <= day)
    assert rules.designated(on, off, day) == expected


@given(st.dates(dt.date(2000, 1, 1), dt.date(2020, 1, 1)))
def test_before_the_law_there_is_no_designation(day: dt.date) -> None:
    known = rules.SITE.on(day) is not None
    assert known == (rules.SHELTER.on(day) is not None) == (day >= dt.date(2014, 4, 1))


def test_whom_a_welfare_shelter_is_for_is_told_since_a_day() -> None:
    """施行規則1条の7第2項, in force since 令和3年5月20日."""
    assert not rules.names_whom(dt.date(2021, 5, 19))
    assert rules.names_whom(dt.date(2021, 5, 20))


def test_keys_are_asked_about_a_year_later() -> None:
    assert rules.a_year_after(dt.date(2024, 2, 29)) == dt.date(2025, 2, 28)
    assert rules.a_year_after(dt.date(2026, 4, 10)) == dt.date(2027, 4, 10)
