"""Dogs and their vaccinations are counted as the register's report counts them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.engines.ledger import histories
from tests.engines.metrics.recomputed import Counted, Recomputed
from tests.packs.dog_registry.rows import ROWS
from tests.world import Town
from yakuba.engines.ledger.small_cells import LEAST
from yakuba.engines.metrics.declaring import METRICS
from yakuba.engines.metrics.periods import Period
from yakuba.kernel.dates import FiscalYear
from yakuba.packs.dog_registry import queries
from yakuba.packs.dog_registry.ledger import DOGS
from yakuba.packs.dog_registry.models import Vaccination

#: (year, day or none, excused)
GIVEN = st.tuples(
    st.sampled_from([2024, 2025, 2026]), st.none() | st.sampled_from(histories.DAYS), st.booleans()
)


class TestDogs(Recomputed):
    """The dogs in force."""

    key = "dogs_registered"
    examples = 8
    histories = histories.told(DOGS, {"town": ["見本町", "例示町"]}, GIVEN)

    def tell(self, town: Town, history: Any) -> None:  # Any: as drawn
        made = histories.write(town, DOGS, history, ROWS[1])
        Vaccination.unscoped.bulk_create(
            Vaccination(
                municipality_id=town.ref.id,
                entry=dog,
                year=FiscalYear(year),
                day=day,
                excused=excused,
                again=True,
            )
            for dog, one in zip(made, history, strict=True)
            for year, day, excused in one.lines
        )

    def count(self, town: Town, period: Period) -> Counted:
        found = len(histories.naive(town, DOGS, period.last))
        assert found == len(self.report(town, period.last).dogs)
        return Counted(Decimal(found))

    def report(self, town: Town, day: dt.date) -> queries.Standing:
        """What the register's own report rests on."""
        return queries.standing(town.ctx("ledger_keeper"), histories.book_of(town, DOGS), day)


class TestVaccinationRate(TestDogs):
    """Of those the vaccinated."""

    key = "dog_vaccination_rate"

    def count(self, town: Town, period: Period) -> Counted:
        dogs = histories.naive(town, DOGS, period.last)
        given = {
            one.entry_id
            for one in Vaccination.unscoped.filter(municipality=town.ref.id)
            if not one.excused
            and one.year == period.fiscal_year
            and one.day is not None
            and one.day <= period.last
        }
        report = self.report(town, period.last)
        assert (len(report.vaccinated), len(report.dogs)) == (len(given & set(dogs)), len(dogs))
        return Counted.share(len(given & set(dogs)), len(dogs))


def test_small_numbers_of_dogs_are_kept_from_the_public() -> None:
    for key in ("dogs_registered", "dog_vaccination_rate"):
        assert METRICS.get(key).least == LEAST
