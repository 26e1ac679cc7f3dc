"""The inherited tests, tried on a metric of the test's own: offices that a town had, and names that began."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Count
from hypothesis import Phase
from hypothesis import strategies as st

from tests.engines.metrics.recomputed import Counted, Recomputed, sums_up
from tests.world import Town, make_town
from yakuba.engines.metrics.declaring import METRICS, Measured, Metric, Scope, metrics
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.tallies import numbers
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.town.models import Office, OfficeName

TESTS = Path(__file__).parents[2]


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


class TestMonthsMakeTheYear:
    """What is guarded by sums has to be a sum."""

    def test_every_metric_that_says_so_is_asked(self) -> None:
        """The inherited test does it: so each of them has one."""
        tested = "".join(one.read_text("utf-8") for one in TESTS.rglob("test_*metrics.py"))
        guarded = [one.key for one in metrics() if one.public and sums_up(one) and one.key != BEGUN.key]
        assert guarded
        assert [key for key in guarded if f'key = "{key}"' not in tested] == []

    @pytest.mark.django_db
    def test_what_counts_by_the_periods_end_is_found(self) -> None:
        """Names that began in the period and had ended when it did are in the year and in no month."""

        def ended(scope: Scope) -> Iterable[Measured]:
            rows = OfficeName.unscoped.filter(
                scope.where(), valid_from__range=(scope.period.first, scope.period.last)
            )
            return numbers(
                rows.filter(valid_to__lte=scope.period.last)
                .values_list("municipality_id")
                .annotate(many=Count("id"))
            )

        town = make_town("990019", "見本市")
        begin = replace(BEGUN, measure=begun, least=5)
        with METRICS.temporarily(BEGUN.key, begin):
            TestBegun().months_make_the_year(FiscalYear(2026))
        with METRICS.temporarily(BEGUN.key, replace(begin, measure=ended)):
            TestBegun().months_make_the_year(FiscalYear(2026))
            OfficeName.unscoped.create(
                municipality_id=town.ref.id,
                office=Office.unscoped.create(municipality_id=town.ref.id, authority="mayor"),
                name="課",
                code="n1",
                valid_from=dt.date(2026, 4, 20),
                valid_to=dt.date(2026, 5, 3),
            )
            with pytest.raises(AssertionError, match="its months are not its year"):
                TestBegun().months_make_the_year(FiscalYear(2026))
