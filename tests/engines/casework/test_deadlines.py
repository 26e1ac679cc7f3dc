"""The deadline clock: units, starts, closed days, stops."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.engines.casework import rules
from yakuba.engines.casework.deadlines import HOLIDAYS, STARTS, UNITS, ClockRule, Stop, due_on
from yakuba.kernel.dates.business import is_business_day

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))
RULES = st.builds(
    ClockRule,
    st.integers(0, 120),
    st.sampled_from([key for key, _ in UNITS]),
    st.sampled_from([key for key, _ in STARTS]),
    st.sampled_from([key for key, _ in HOLIDAYS]),
)
ONE = dt.timedelta(days=1)


def due(rule: ClockRule, arrived: dt.date, *stops: Stop, registered: dt.date | None = None) -> dt.date | None:
    return due_on(rule, arrived=arrived, registered=registered or arrived, stops=stops)


@pytest.mark.parametrize(
    ("rule", "arrived", "expected"),
    [
        # 1 April 2026 is a Wednesday.
        (ClockRule(10), "2026-04-01", "2026-04-15"),
        (ClockRule(10, start="arrival"), "2026-04-01", "2026-04-14"),
        (ClockRule(10, "days", holiday="same"), "2026-04-01", "2026-04-11"),
        (ClockRule(10, "days", holiday="next_open"), "2026-04-01", "2026-04-13"),
        (ClockRule(1), "2026-04-03", "2026-04-06"),
        # The year's end: 28 December is the last open day, 4 January the first.
        (ClockRule(3), "2026-12-25", "2027-01-05"),
        (ClockRule(5, "days"), "2026-12-25", "2027-01-04"),
        (ClockRule(5, "days", holiday="same"), "2026-12-25", "2026-12-30"),
        # Golden Week of 2026: 29 April, 3 to 6 May closed.
        (ClockRule(3), "2026-04-28", "2026-05-07"),
        # A leap day counts.
        (ClockRule(2, "days", holiday="same"), "2028-02-28", "2028-03-01"),
        (ClockRule(0), "2026-04-01", "2026-04-01"),
        # Arrived on a Saturday: the term begins to run on the Monday.
        (ClockRule(1), "2026-04-04", "2026-04-06"),
    ],
)
def test_terms(rule: ClockRule, arrived: str, expected: str) -> None:
    assert due(rule, dt.date.fromisoformat(arrived)) == dt.date.fromisoformat(expected)


def test_a_term_may_begin_with_the_registration() -> None:
    rule = ClockRule(5, "days", "registration", "same")
    found = due(rule, dt.date(2026, 4, 1), registered=dt.date(2026, 4, 3))
    assert found == dt.date(2026, 4, 8)


def test_the_clock_stands_from_the_day_after_the_request_to_the_day_of_the_correction() -> None:
    rule, arrived = ClockRule(5), dt.date(2026, 6, 1)
    assert due(rule, arrived) == dt.date(2026, 6, 8)
    stop = Stop(dt.date(2026, 6, 2), dt.date(2026, 6, 10))
    assert due(rule, arrived, stop) == dt.date(2026, 6, 16)
    assert due(rule, arrived, Stop(dt.date(2026, 6, 2))) is None, "it stands still"


def test_a_stop_of_one_day_moves_nothing() -> None:
    day = dt.date(2026, 6, 2)
    assert due(ClockRule(5), dt.date(2026, 6, 1), Stop(day, day)) == due(ClockRule(5), dt.date(2026, 6, 1))


@given(RULES, DAYS)
def test_more_days_are_never_less_time(rule: ClockRule, arrived: dt.date) -> None:
    longer = ClockRule(rule.amount + 1, rule.unit, rule.start, rule.holiday)
    first, second = due(rule, arrived), due(longer, arrived)
    assert first is not None
    assert second is not None
    assert first <= second


@given(RULES, DAYS)
def test_who_comes_later_is_due_no_earlier(rule: ClockRule, arrived: dt.date) -> None:
    first, second = due(rule, arrived), due(rule, arrived + ONE)
    assert first is not None
    assert second is not None
    assert first <= second


@given(RULES, DAYS, st.integers(0, 40), st.integers(0, 40))
def test_a_stop_never_shortens_a_term(rule: ClockRule, arrived: dt.date, after: int, days: int) -> None:
    since = arrived + after * ONE
    plain, stopped = due(rule, arrived), due(rule, arrived, Stop(since, since + days * ONE))
    assert plain is not None
    assert stopped is not None
    assert plain <= stopped


@given(RULES, DAYS)
def test_the_end_falls_on_an_open_day_where_the_rule_says_so(rule: ClockRule, arrived: dt.date) -> None:
    found = due(rule, arrived)
    assert found is not None
    if rule.holiday == "next_open":
        assert is_business_day(found)


@given(RULES)
def test_a_rule_is_kept_as_it_was(rule: ClockRule) -> None:
    assert ClockRule.of(rule.as_json()) == rule
    assert ClockRule.of({}) is None


# --- how a term stands ----------------------------------------------------------------------------------------------
TODAY = dt.date(2026, 6, 10)


@pytest.mark.parametrize(
    ("state", "day", "has_term", "expected"),
    [
        ("examining", dt.date(2026, 6, 9), True, "late"),
        ("examining", TODAY, True, "soon"),
        ("examining", dt.date(2026, 6, 13), True, "soon"),
        ("examining", dt.date(2026, 6, 14), True, "later"),
        ("returned", None, True, "stopped"),
        ("examining", None, False, "none"),
        ("decided", dt.date(2026, 6, 1), True, "over"),
        ("withdrawn", None, True, "over"),
    ],
)
def test_how_a_term_stands(state: str, day: dt.date | None, has_term: bool, expected: str) -> None:
    assert rules.standing(state, day, TODAY, has_term=has_term) == expected


@pytest.mark.parametrize(
    ("kind", "decided", "completed", "expected"),
    [
        ("application", TODAY, None, True),
        ("application", TODAY + ONE, None, False),
        ("application", None, None, None),
        ("notification", None, TODAY, True),
        ("notification", None, TODAY + ONE, False),
        # What a notification would be decided on counts for nothing.
        ("notification", TODAY, None, None),
    ],
)
def test_on_time_is_on_or_before_the_last_day(
    kind: str, decided: dt.date | None, completed: dt.date | None, expected: bool | None
) -> None:
    assert rules.on_time(kind, TODAY, decided, completed) is expected
    assert rules.on_time(kind, None, decided, completed) is None
