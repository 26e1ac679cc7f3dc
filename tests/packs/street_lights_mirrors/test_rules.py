"""When lights and mirrors are looked at again, and which lamps are made no more."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from yakuba.packs.street_lights_mirrors import rules
from yakuba.packs.street_lights_mirrors.models import GRADES, LAMPS

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1))
MARKS = st.sampled_from([key for key, _label in GRADES])


@given(DAYS, MARKS, st.none() | DAYS, st.none() | DAYS)
def test_the_worse_it_was_the_sooner_it_is_looked_at(
    day: dt.date, grade: str, installed: dt.date | None, repaired: dt.date | None
) -> None:
    found = rules.next_inspection(installed, (day, grade), repaired)
    assert found is not None
    assert found >= day
    assert found <= (rules.next_inspection(installed, (day, "A"), repaired) or found) or grade == "D"


def test_a_dangerous_one_is_due_at_once_until_it_is_mended() -> None:
    day = dt.date(2024, 2, 29)
    assert rules.next_inspection(None, (day, "D"), None) == day
    assert rules.next_inspection(None, (day, "D"), dt.date(2024, 2, 28)) == day
    assert rules.next_inspection(None, (day, "D"), day) == dt.date(2025, 2, 28)
    assert rules.next_inspection(None, (day, "C"), None) == dt.date(2025, 2, 28)
    assert rules.next_inspection(day, None, None) == dt.date(2029, 2, 28)
    assert rules.next_inspection(None, None, None) is None


def test_lamps_are_made_until_a_day() -> None:
    """環境省・経済産業省 the dates of the bans of manufacture and trade."""
    assert rules.ends_on("mercury") == dt.date(2020, 12, 31)
    assert rules.ends_on("compact") == dt.date(2027, 1, 1)
    assert rules.ends_on("fluorescent") == dt.date(2028, 1, 1)
    assert rules.ends_on("led") is None
    assert set(rules.MADE) <= {key for key, _label in LAMPS}
    row = rules.MADE["compact"].on(dt.date(2026, 12, 31))
    assert row is not None
    assert row.value
