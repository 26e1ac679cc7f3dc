"""Figures of the same persons are not told to the public side by side: their difference would be a few."""

from __future__ import annotations

import pytest

from yakuba.engines.metrics.declaring import METRICS

#: Metrics whose counts lie in one another: of each row the public reads the first alone.
SAME = [
    (
        "online_application_share",
        "applications_received",
        "e_applications_received",
        "applications_by_procedure",
        "inventory_application_share",
        "verified_application_share",
        "form_completion_share",
        "form_minutes",
    ),
    ("on_time_share", "days_to_decision", "correction_share"),
    # And those who withdrew are what arrived less what more is open less what was decided: of these three the public reads two.
    ("on_time_share", "open_cases", "overdue_cases"),
    ("dogs_registered", "ledger_records"),
]


@pytest.mark.parametrize("keys", SAME, ids=[one[0] for one in SAME])
def test_one_of_those_that_count_the_same_is_public(keys: tuple[str, ...]) -> None:
    assert [key for key in keys if METRICS.get(key).public] == [keys[0]]
