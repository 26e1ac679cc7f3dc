"""Vacant houses and their surveys are counted as the ledger's report counts them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.engines.ledger import histories
from tests.engines.metrics.recomputed import Counted, Recomputed
from tests.packs.vacant_houses.rows import ROWS
from tests.world import Town
from yakuba.engines.ledger.small_cells import LEAST
from yakuba.engines.metrics.declaring import METRICS
from yakuba.engines.metrics.periods import Period
from yakuba.packs.vacant_houses import queries
from yakuba.packs.vacant_houses.ledger import HOUSES
from yakuba.packs.vacant_houses.models import Survey


class TestHouses(Recomputed):
    """The houses that are known."""

    key = "vacant_houses_known"
    examples = 8
    histories = histories.told(HOUSES, {"town": ["見本町"]}, st.sampled_from(histories.DAYS))

    def tell(self, town: Town, history: Any) -> None:  # Any: as drawn
        made = histories.write(town, HOUSES, history, ROWS[0])
        Survey.unscoped.bulk_create(
            Survey(
                municipality_id=town.ref.id, entry=house, day=day, kind="outside", untold=False, condition="A"
            )
            for house, one in zip(made, history, strict=True)
            for day in one.lines
        )

    def count(self, town: Town, period: Period) -> Counted:
        return Counted(Decimal(len(histories.naive(town, HOUSES, period.last))))


class TestSurveyRate(TestHouses):
    """Of those the ones that somebody looked at in the year."""

    key = "vacant_house_survey_rate"

    def count(self, town: Town, period: Period) -> Counted:
        known = set(histories.naive(town, HOUSES, period.last))
        seen = {
            one.entry_id
            for one in Survey.unscoped.filter(municipality=town.ref.id)
            if period.fiscal_year.start <= one.day <= period.last
        }
        ctx, book = town.ctx("ledger_keeper"), histories.book_of(town, HOUSES)
        assert seen & known == queries.surveyed(ctx, book, period.last) & known
        return Counted.share(len(seen & known), len(known))


def test_small_numbers_of_houses_are_kept_from_the_public() -> None:
    for key in ("vacant_houses_known", "vacant_house_survey_rate"):
        assert METRICS.get(key).least == LEAST
