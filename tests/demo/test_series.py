"""The sample's figures that are measured elsewhere: every file is read whole, and its years say what the plan says."""

from __future__ import annotations

import io
from decimal import Decimal
from importlib.resources import as_file
from importlib.resources import files as resources

import pytest

from yakuba.demo import series as demo
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.series import layout as layouts
from yakuba.engines.metrics.series import people, reading, rules
from yakuba.engines.metrics.series.rules import Standing
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.sheets.grid import Grid, read_csv

R6, R7 = FiscalYear(2024), FiscalYear(2025)
PRINTED = {
    "コンビニ交付_住民票": ("24.9", "31.2"),
    "コンビニ交付_印鑑": ("22.4", "28.7"),
    "eLTAX_法人市民税": ("86.0", "87.3"),
    "eLTAX_償却資産": ("49.5", "52.8"),
    "窓口_キャッシュレス": ("7.8", "14.6"),
    "LINE_登録者": ("11930.0", "15402.0"),
}


def figures(kept: demo.Kept) -> dict[FiscalYear, Decimal]:
    there: dict[Period, Standing] = {}
    for file in kept.files:
        with as_file(resources("yakuba.demo") / "data" / "series" / file.name) as path:
            grid = Grid(read_csv(str(path)))
        found = reading.read(
            grid, kept.layout, every=kept.every, aggregation=kept.aggregation, unit=kept.unit
        )
        assert not found.faults, (file.name, found.faults[:1])
        assert found.brought
        for one in found.brought:
            assert not one.warning, (file.name, one)
            there[one.period] = Standing(one.period, one.raw, one.number, one.state, one.numerator, one.denominator, one.parts, file.status)  # fmt: skip
    years: dict[FiscalYear, Decimal] = {}
    for year in (R6, R7):
        whole = there.get(Period.year(year))
        if whole is None:
            months = rules.months_of(year)
            folded = rules.folded(
                [there[one] for one in months], months, aggregation=kept.aggregation, fold=kept.layout.fold
            )
            assert folded is not None
            assert not folded.missing
            assert folded.number is not None
            years[year] = folded.number
        else:
            assert whole.number is not None
            years[year] = whole.number
    return years


@pytest.mark.parametrize("kept", [one for one in demo.KEPT if one.files], ids=lambda one: one.key)
def test_the_files_say_what_the_plan_says(kept: demo.Kept) -> None:
    assert layouts.read(kept.layout.to_json(), kept.aggregation) == kept.layout
    found = figures(kept)
    if kept.key in PRINTED:
        assert tuple(str(round(found[year], 1)) for year in (R6, R7)) == PRINTED[kept.key]
    assert found[R7] > found[R6]


def test_the_training_is_490_of_501() -> None:
    counted = people.count(people.entries(Grid(demo.roll()), demo.ATTENDED), demo.ATTENDED)
    assert not counted.faults
    assert (counted.whole.attended, counted.whole.all, counted.twice) == (490, 501, 0)


def test_files_of_the_sample_are_text_that_the_real_reader_takes() -> None:
    from yakuba.kernel.sheets.reading import read

    for path in resources("yakuba.demo").joinpath("data", "series").iterdir():
        assert read(io.BytesIO(path.read_bytes())).rows
