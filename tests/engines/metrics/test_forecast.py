"""A straight line through the last years: redone here in floating point, and its refusals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.engines.metrics.forecast import YEARS, forecast, forecast_of
from yakuba.kernel.ui.charts import Point


def _fit(values: list[tuple[int, Decimal]], year: int) -> float:
    """By the normal equations, around the first year."""
    at = [(x - values[0][0], float(y)) for x, y in values]
    n, sx, sy = len(at), sum(x for x, _ in at), sum(y for _, y in at)
    sxx, sxy = sum(x * x for x, _ in at), sum(x * y for x, y in at)
    slope = (n * sxy - sx * sy) / (n * sxx - sx * sx)
    return (sy - slope * sx) / n + slope * (year - values[0][0])


histories = st.lists(
    st.tuples(st.integers(2010, 2026), st.integers(0, 100_000).map(Decimal)),
    unique_by=lambda one: one[0],
    max_size=12,
)


@given(histories, st.integers(2010, 2035))
def test_it_is_the_line_of_least_squares(values: list[tuple[int, Decimal]], until: int) -> None:
    found = forecast(values, until)
    ordered = sorted(values)
    last = ordered[-1][0] if ordered else 0
    used = [one for one in ordered if one[0] > last - YEARS]
    if len(used) < 3 or until <= last:
        assert found is None
        return
    assert found is not None
    assert found.used == tuple(year for year, _value in used)
    assert [year for year, _value in found.values] == list(range(last + 1, min(until, last + len(used)) + 1))
    for year, value in found.values:
        assert abs(float(value) - _fit(used, year)) <= 0.501


def test_a_straight_history_goes_straight_on_and_says_so() -> None:
    found = forecast([(2022, Decimal(100)), (2023, Decimal(120)), (2024, Decimal(140))], 2026, unit="件")
    assert found is not None
    assert found.values == ((2025, Decimal(160)), (2026, Decimal(180)))
    assert found.spread == 0
    assert found.sentence == (
        "令和4年度から令和6年度までの3年の値を直線で延ばすと、令和8年度は約180件です。"
        "1年に平均20件増えています。これからの取組の効果は入っていません。"
    )


def test_a_changed_definition_is_not_crossed() -> None:
    values = [(year, Decimal(year - 2000)) for year in range(2019, 2026)]
    assert forecast(values, 2027, breaks=[2024]) is None
    found = forecast(values, 2027, breaks=[2022])
    assert found is not None
    assert found.used == (2022, 2023, 2024, 2025)


def test_an_older_line_is_not_drawn_past_a_newer_definitions_value() -> None:
    points = [Point(2022 + n, str(number), number=Decimal(number)) for n, number in enumerate((14, 18, 22))]
    assert forecast_of(points, 2028) is not None
    points.append(Point(2025, "4", number=Decimal(4), status="provisional"))
    assert forecast_of(points, 2028, breaks=[2025]) is None


def test_it_stays_within_what_can_be() -> None:
    falling = [(2022, Decimal(20)), (2023, Decimal(10)), (2024, Decimal(2))]
    found = forecast(falling, 2026, least=Decimal(0))
    assert found is not None
    assert [value for _year, value in found.values] == [0, 0]
    assert "限度" in found.sentence
    rising = [(2022, Decimal("80.5")), (2023, Decimal("92.0")), (2024, Decimal("99.5"))]
    found = forecast(rising, 2025, most=Decimal(100))
    assert found is not None
    assert found.values == ((2025, Decimal(100)),)


def test_no_line_for_words_nor_from_a_year_that_is_not_over() -> None:
    points = [Point(year, "1", number=Decimal(1)) for year in (2022, 2023, 2024)]
    assert forecast_of([*points, Point(2025, "実施", word="実施")], 2027) is None
    running = [*points[:2], Point(2024, "1", number=Decimal(1), status="provisional")]
    assert forecast_of(running, 2027) is None
    found = forecast_of([*points, Point(2025, "9", number=Decimal(9), status="provisional")], 2026)
    assert found is not None
    # Of 2025 something is known already.
    assert found.values == ((2026, Decimal(1)),)
    assert found.slope == 0


@pytest.mark.parametrize(
    ("goal", "direction", "wanted"),
    [(150, "increase", True), (161, "increase", False), (150, "decrease", False), (160, "none", None)],
)
def test_whether_it_reaches_a_target(goal: int, direction: str, wanted: bool | None) -> None:
    found = forecast([(2022, Decimal(100)), (2023, Decimal(120)), (2024, Decimal(140))], 2025)
    assert found is not None
    assert found.reaches(2025, Decimal(goal), direction) is wanted
    assert found.reaches(2026, Decimal(goal), direction) is None


def test_a_year_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        forecast([(2022, Decimal(1)), (2022, Decimal(2))], 2024)
