"""Backoff and due periods."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yakuba.kernel.dates.clock import JAPAN
from yakuba.kernel.outbox.rules import Every, backoff, latest_period

moments = st.integers(0, 3_000_000_000).map(lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC))
times = st.times().map(lambda t: t.replace(second=0, microsecond=0))
every = st.sampled_from(["hour", "day", "month", "fiscal_year"])


def test_backoff_doubles_up_to_an_hour() -> None:
    waits = [backoff(n).total_seconds() for n in range(1, 12)]
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]
    assert backoff(10**6) == dt.timedelta(hours=1)
    assert backoff(0) == dt.timedelta(seconds=10)


def japan(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=JAPAN)


@pytest.mark.parametrize(
    ("rule", "at", "now", "period"),
    [
        ("day", "03:00", "2026-04-01T02:59:59", "2026-03-31"),
        ("day", "03:00", "2026-04-01T03:00:00", "2026-04-01"),
        ("day", "00:00", "2026-01-01T00:00:00", "2026-01-01"),
        ("hour", "00:15", "2026-04-01T00:14:00", "2026-03-31T23"),
        ("hour", "00:15", "2026-04-01T00:15:00", "2026-04-01T00"),
        ("month", "03:00", "2026-03-01T02:00:00", "2026-02"),
        ("month", "03:00", "2026-01-01T02:00:00", "2025-12"),
        ("month", "03:00", "2026-03-31T02:00:00", "2026-03"),
        ("fiscal_year", "03:00", "2026-04-01T02:00:00", "2025"),
        ("fiscal_year", "03:00", "2026-04-01T03:00:00", "2026"),
        ("fiscal_year", "03:00", "2027-03-31T23:00:00", "2026"),
    ],
)
def test_the_latest_period_whose_time_has_come(rule: Every, at: str, now: str, period: str) -> None:
    assert latest_period(rule, dt.time.fromisoformat(at), japan(now).astimezone(dt.UTC)) == period


@given(every, times, moments, st.timedeltas(dt.timedelta(0), dt.timedelta(days=800)))
@settings(max_examples=100)
def test_periods_never_go_back(rule: Every, at: dt.time, now: dt.datetime, later: dt.timedelta) -> None:
    assert latest_period(rule, at, now) <= latest_period(rule, at, now + later)


@given(times, moments)
@settings(max_examples=100)
def test_a_daily_period_begins_at_its_time_and_lasts_a_day(at: dt.time, now: dt.datetime) -> None:
    begun = dt.datetime.combine(dt.date.fromisoformat(latest_period("day", at, now)), at, JAPAN)
    assert begun <= now < begun + dt.timedelta(days=1)
