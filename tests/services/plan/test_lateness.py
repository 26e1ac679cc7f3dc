"""Since which fiscal year an initiative is judged late."""

from __future__ import annotations

import pytest

from tests.services.plan.forms import Form, indicator, initiative, value
from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.services.plan.lateness import Run, judged, run
from yakuba.services.plan.succession import Chain


def row(meaning: str | None, actual: int | None = None) -> Form:
    values = [value("100件", 2030, "target")]
    values += [value("10件", actual), value("5件", actual - 1)] if actual else []
    return initiative("1", "窓口", progress_meaning=meaning, indicators=[indicator("件数", values)])


def test_the_newest_actual_value_names_the_year_that_is_judged() -> None:
    assert judged(row("behind", 2025), FiscalYear(2026)) == FiscalYear(2025)
    assert judged(row("behind"), FiscalYear(2026)) == FiscalYear(2026), "a target judges nothing"


@pytest.mark.parametrize(
    ("editions", "since", "years"),
    [
        # Year of the edition, meaning, year of its newest actual value; oldest first.
        ([(2025, "behind", 2025), (2026, "behind", 2025)], 2025, 1),
        ([(2025, "behind", 2024), (2026, "stopped", 2025)], 2024, 2),
        ([(2024, "behind", None), (2025, "on_track", None), (2026, "behind", None)], 2026, 1),
        # The newest edition's word about a year counts.
        ([(2024, "behind", 2024), (2025, "on_track", 2025), (2026, "behind", 2025)], 2024, 2),
        ([(2023, "behind", 2023), (2026, "behind", 2026)], 2026, 1),
        ([(2025, "behind", 2024), (2026, "on_track", 2025)], 2025, 0),
    ],
)
def test_years_are_counted_and_not_editions(
    editions: list[tuple[int, str, int | None]], since: int, years: int
) -> None:
    chain = Chain([[row(meaning, actual)] for _year, meaning, actual in editions])
    found = run(chain, [FiscalYear(year) for year, *_rest in editions], len(editions) - 1, 0)
    assert found == Run(FiscalYear(since), years)
