"""How numbers are kept, which periods a night asks for, how two definitions compare."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.engines.metrics import rules
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.rules import Break, compare, kept, missed, nightly, rebased
from yakuba.kernel.dates import FiscalYear

DAYS = st.dates(dt.date(2019, 4, 1), dt.date(2040, 3, 31))
R6, R7, R8 = (Period.year(FiscalYear(year)) for year in (2024, 2025, 2026))


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("75", "75"),
        ("33.33333333333", "33.333333"),
        ("0.0000005", "0.000001"),
        ("-0.0000001", "0"),
        ("123456789012345", "123456789012345"),
        ("1234567890.1234567", "1234567890.12346"),
    ],
)
def test_kept(given_: str, expected: str) -> None:
    assert str(kept(Decimal(given_))) == expected
    assert kept(None) is None


@pytest.mark.parametrize("wrong", ["1E+15", "999999999999999.9", "NaN", "Infinity"])
def test_no_figure(wrong: str) -> None:
    with pytest.raises(ValueError, match="no figure"):
        kept(Decimal(wrong))


@given(st.decimals(min_value=-(10**14), max_value=10**14, allow_nan=False, allow_infinity=False))
def test_kept_is_near_and_stays(number: Decimal) -> None:
    found = kept(number)
    assert found is not None
    assert kept(found) == found
    assert len(found.as_tuple().digits) <= 15 or found == found.to_integral_value()
    assert abs(found - number) <= max(Decimal("0.0000005"), abs(number) * Decimal("1E-14"))


@given(st.dictionaries(st.text(max_size=10), st.decimals(0, 10**9, places=3), max_size=5))
def test_parts_come_back(parts: dict[str, Decimal]) -> None:
    assert rules.read_parts(rules.write_parts(parts)) == parts


@given(DAYS)
def test_a_night_asks_for_the_day_and_what_it_lies_in(yesterday: dt.date) -> None:
    found = nightly(yesterday)
    assert len(found) == len(set(found))
    assert found[0] == Period.day(yesterday)
    for kind, count in (("month", 3), ("year", 2)):
        mine = [one for one in found if one.kind == kind]
        assert len(mine) == count
        assert mine[0].first <= yesterday <= mine[0].last
        for later, earlier in pairwise(mine):
            assert earlier.last + dt.timedelta(days=1) == later.first


def test_the_night_to_the_first_of_april() -> None:
    found = nightly(dt.date(2027, 3, 31))
    assert [one for one in found if one.kind == "year"] == [R8, R7]
    assert Period.month(dt.date(2027, 3, 1)) in found


@given(DAYS, st.integers(0, 500))
def test_what_was_missed_leaves_no_gap(last: dt.date, away: int) -> None:
    yesterday = last + dt.timedelta(days=away)
    days = missed("day", last, yesterday, 400)
    assert [one.last for one in days] == [
        yesterday - dt.timedelta(days=back) for back in range(min(away, 400), -1, -1)
    ]
    months = missed("month", Period.month(last).last, yesterday, 400)
    assert all(a.last + dt.timedelta(days=1) == b.first for a, b in pairwise(months))


def test_a_running_period_that_was_measured_is_no_gap() -> None:
    assert missed("year", R8.last, dt.date(2026, 11, 21), 400) == []


def test_periods_of_a_day_are_not_counted() -> None:
    with pytest.raises(ValueError, match="named"):
        list(rules.between("as_of", dt.date(2026, 3, 1), dt.date(2026, 3, 2)))


# --- two definitions ----------------------------------------------------------------------------------------------------
def test_the_same_period_says_most() -> None:
    old = {R6: Decimal(70), R7: Decimal(75)}
    assert compare(old, {R7: Decimal(90), R8: Decimal(95)}) == Break(Decimal(75), Decimal(90), R7, R7)
    assert compare(old, {R8: Decimal(95)}) == Break(Decimal(75), Decimal(95), R7, R8)
    assert compare({R7: None}, {R7: Decimal(1)}) is None
    assert compare({}, {}) is None
    month = {Period.month(dt.date(2026, 4, 1)): Decimal(1)}
    assert compare(old, month) is None, "a month is no year"


@pytest.mark.parametrize(
    ("old", "new", "asks"),
    [(100, 120, False), (100, 121, True), (100, 80, False), (100, 79, True), (0, 0, False), (0, 1, True)],
)
def test_beyond_twenty_percent_a_reason_is_asked(old: int, new: int, asks: bool) -> None:
    assert Break(Decimal(old), Decimal(new), R7, R7).asks_for_reason is asks


def test_a_target_that_asks_as_much() -> None:
    found = Break(Decimal(75), Decimal(90), R7, R7)
    assert rebased(Decimal(120), found) == 144
    assert rebased(Decimal(120), Break(Decimal(0), Decimal(90), R7, R7)) is None
