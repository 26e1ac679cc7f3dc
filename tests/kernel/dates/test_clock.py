from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from yakuba.kernel.dates import frozen, japan_date, now, today


def test_now_is_the_running_clock_in_utc():
    first = now()
    assert first.tzinfo is UTC
    assert first <= now()


def test_a_frozen_clock_stands_still_nests_and_runs_again():
    new_year = datetime(2026, 12, 31, 15, 0, tzinfo=UTC)
    with frozen(new_year) as moment:
        assert now() == now() == moment == new_year
        assert today() == date(2027, 1, 1)
        with frozen(new_year - timedelta(seconds=1)):
            assert today() == date(2026, 12, 31)
        assert now() == new_year
    assert now() != new_year


def test_the_clock_runs_again_after_an_error():
    def fail() -> None:
        with frozen(datetime(2000, 1, 1, tzinfo=UTC)):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert now().year > 2000


def test_now_is_utc_whatever_the_clock_was_stopped_with():
    with frozen(datetime(2026, 1, 1, 9, 0, tzinfo=timezone(timedelta(hours=9)))):
        assert now().tzinfo is UTC
        assert now().hour == 0


def test_naive_moments_are_refused():
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - a naive moment is what is refused
    with pytest.raises(ValueError, match="時差"), frozen(naive):
        pass
    with pytest.raises(ValueError, match="時差"):
        japan_date(naive)
