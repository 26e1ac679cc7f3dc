"""A rule that changes on a day says what held when, and on which ground."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.engines.ledger.dated import Dated, Row

OLD, NEW = dt.date(2014, 4, 1), dt.date(2021, 5, 20)
RULE = Dated("期限", (Row(30, "旧令1条", OLD), Row(60, "新令1条", NEW)))


def test_each_day_has_the_row_that_held() -> None:
    def value(day: dt.date) -> int | None:
        row = RULE.on(day)
        return row.value if row else None

    assert [value(OLD - dt.timedelta(1)), value(OLD), value(NEW - dt.timedelta(1)), value(NEW)] == [
        None,
        30,
        30,
        60,
    ]


@given(st.dates())
def test_exactly_the_sources_that_hold_on_a_day_are_its_row(day: dt.date) -> None:
    holding = [
        one.ground
        for one in RULE.sources
        if (one.since is None or one.since <= day) and (one.until is None or day <= one.until)
    ]
    row = RULE.on(day)
    assert holding == ([row.ground] if row else [])


def test_rows_stand_in_the_order_of_their_days() -> None:
    with pytest.raises(ValueError, match="order"):
        Dated("期限", (Row(60, "新", NEW), Row(30, "旧", OLD)))
    with pytest.raises(ValueError, match="order"):
        Dated("期限", (Row(60, "新"), Row(30, "旧")))
