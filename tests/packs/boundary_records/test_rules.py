"""Datums by year, grades, terms."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.dates import FiscalYear
from yakuba.packs.boundary_records import rules
from yakuba.packs.boundary_records.models import ACCURACIES, DATUMS

YEARS = st.integers(1950, 2090).map(FiscalYear)


@given(YEARS, st.sampled_from([key for key, _label in DATUMS]))
def test_what_could_be_measured_once_can_be_measured_ever_after(year: FiscalYear, datum: str) -> None:
    """Old drawings were made in the old datum after the reform too; nothing was made in one that was still to come."""
    if rules.datum_known(datum, year):
        assert rules.datum_known(datum, year + 1)


@pytest.mark.parametrize(
    ("datum", "last_without"), [("jgd2000", 2001), ("jgd2011", 2010)], ids=["14.4.1", "23.10.21"]
)
def test_a_datum_begins(datum: str, last_without: int) -> None:
    """測量法 as amended, in force 平成14年4月1日, and its order as amended, 平成23年10月21日."""
    assert not rules.datum_known(datum, FiscalYear(last_without))
    assert rules.datum_known(datum, FiscalYear(last_without + 1))


def test_tolerances_are_three_times_the_error() -> None:
    """国土調査法施行令 別表第四."""
    table = rules.TOLERANCES.rows[-1].value
    assert set(table) == {key for key, _label in ACCURACIES}
    assert dict(ACCURACIES)["k1"] == "甲一（公差6cm）"
    assert dict(ACCURACIES)["o3"] == "乙三（公差300cm）"
    errors = [table[key] for key, _label in ACCURACIES]
    assert errors == sorted(errors)
    assert all(abs(limit - 3 * error) <= 1 for error, limit in errors)


@given(st.none() | st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)))
def test_a_decision_is_due_sixty_days_after_the_application(day: dt.date | None) -> None:
    found = rules.decide_by(day)
    assert (found is None) == (day is None)
    assert day is None or (found is not None and (found - day).days == 60)


@given(st.lists(st.none() | st.dates(), max_size=4))
def test_unknown_days_are_in_nobodys_way(days: list[dt.date | None]) -> None:
    known = [day for day in days if day is not None]
    pairs = pairwise(known)
    assert rules.in_order(*days) == all(before <= after for before, after in pairs)
