"""The inherited tests, tried on a metric of the test's own: offices that a town had, and names that began."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal

import pytest
from django.db.models import Count
from hypothesis import Phase
from hypothesis import strategies as st

from tests.engines.metrics.recomputed import Counted, Recomputed
from tests.world import Town
from yakuba.engines.metrics.declaring import METRICS, Measured, Metric, Scope
from yakuba.engines.metrics.periods import Period
from yakuba.kernel.town.models import Office, OfficeName


def begun(scope: Scope) -> Iterable[Measured]:
    """Names of offices that began in the period, by department."""
    rows = (
        OfficeName.unscoped.filter(
            scope.where(), valid_from__gte=scope.period.first, valid_from__lte=scope.period.last
        )
        .values_list("municipality", "department")
        .annotate(how_many=Count("id"))
    )
    found: dict[object, dict[str, Decimal]] = {}
    for town, department, how_many in rows:
        found.setdefault(town, {})[department] = Decimal(how_many)
    return [Measured(town, sum(parts.values(), Decimal(0)), parts=parts) for town, parts in found.items()]  # type: ignore[arg-type]


BEGUN = Metric(
    "test_names_begun", "始まった課の名", "件", "year_total", ("day", "month", "year", "as_of"), "試し", begun,
    "tests",
)  # fmt: skip


@pytest.fixture(autouse=True)
def declared() -> Iterator[None]:
    with METRICS.temporarily(BEGUN.key, BEGUN):
        yield


class TestBegun(Recomputed):
    key = BEGUN.key
    histories = st.lists(
        st.tuples(
            st.dates(dt.date(2025, 3, 25), dt.date(2026, 12, 5)), st.sampled_from(["総務部", "市民部"])
        ),
        max_size=8,
        unique_by=lambda one: one[0],
    )

    def tell(self, town: Town, history: list[tuple[dt.date, str]]) -> None:
        for number, (day, department) in enumerate(history):
            office = Office.unscoped.create(municipality_id=town.ref.id, authority="mayor")
            OfficeName.unscoped.create(
                municipality_id=town.ref.id,
                office=office,
                name=f"課{number}",
                code=f"n{number}",
                department=department,
                valid_from=day,
            )

    def count(self, town: Town, period: Period) -> Counted:
        parts: dict[str, Decimal] = {}
        for name in OfficeName.unscoped.filter(municipality=town.ref.id):
            if period.first <= name.valid_from <= period.last:
                parts[name.department] = parts.get(name.department, Decimal(0)) + 1
        return Counted(sum(parts.values(), Decimal(0)), parts=parts)


class TestBegunWrong:
    """What counts otherwise is found."""

    @pytest.mark.django_db
    def test_a_difference_is_found(self) -> None:
        class Wrong(TestBegun):
            phases = (Phase.generate,)  # how small the example is does not matter here

            def count(self, town: Town, period: Period) -> Counted:
                right = super().count(town, period)
                return Counted((right.number or Decimal(0)) + (1 if right.number else 0), parts=right.parts)

        with pytest.raises(AssertionError, match="test_names_begun"):
            Wrong().test_what_it_says_is_what_the_rows_say()
