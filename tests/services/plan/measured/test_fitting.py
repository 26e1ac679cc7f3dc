"""Whether a source fits an indicator, and how a typed value stands to a measured one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.services.plan.forms import Form, indicator, value
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.sources import Figure
from yakuba.kernel.dates import FiscalYear
from yakuba.services.plan.measured.beside import Beside, Gap, gap_of, grouped, period_of_round, plain, printed
from yakuba.services.plan.measured.fitting import Measure, dimension_of, fit, unit_of
from yakuba.services.plan.setters import figures_of

YEAR = Period.year(FiscalYear(2025))


def kpi(name: str = "指標", raw: str = "", **more: object) -> Form:
    values = [value(raw, 2024, **figures_of(raw, name))] if raw else []
    return indicator(name, values, **more)


@pytest.mark.parametrize(
    ("given_", "unit", "dimension"),
    [
        (kpi(unit="手続"), "手続", "count"),
        (kpi(raw="②75手続"), "手続", "count"),
        (kpi(raw="約50名"), "名", "count"),
        (kpi(raw="97.1%（134/138）"), "%", "share"),
        (kpi(unit="％"), "%", "share"),
        (kpi("マイナンバーカードの普及率"), "", "share"),
        (kpi("オンライン予約の割合（年度末）"), "", "share"),
        (kpi(unit="千円"), "千円", "money"),
        (kpi(unit="時間"), "時間", "time"),
        (kpi("調査の実施", raw="実施"), "", "words"),
        (kpi(aggregation="state", unit="件"), "件", "words"),
        (kpi("件数", raw="0"), "", "count"),
        (kpi("何も書かれていない指標"), "", ""),
    ],
)
def test_an_indicator_tells_what_it_is(given_: Form, unit: str, dimension: str) -> None:
    assert (unit_of(given_), dimension_of(given_)) == (unit, dimension)


@pytest.mark.parametrize(
    ("given_", "measure", "refused", "cautions"),
    [
        (kpi(unit="手続"), Measure("手続", "at_date"), "", 0),
        (kpi(unit="件"), Measure("回", "year_total"), "", 0),
        (kpi(unit="件"), Measure("種類", "at_date"), "", 1),
        (kpi(unit="件", aggregation="cumulative"), Measure("件", "year_total"), "", 1),
        (kpi(unit="%"), Measure("件", "year_total"), "「割合（%）」で、計測値は「数（件）」", 0),
        (kpi(unit="件"), Measure("％", "ratio"), "「数（件）」で、計測値は「割合（％）」", 0),
        (kpi("調査の実施", raw="実施"), Measure("件", "at_date"), "「言葉」で", 0),
        (kpi(unit="時間"), Measure("日", "average"), "計算式で単位をそろえて", 0),
        (kpi(unit="円"), Measure("日", "average"), "比べられません", 0),
        (kpi("何も書かれていない指標"), Measure("件", "year_total"), "", 0),
    ],
)
def test_what_differs_is_told_and_what_makes_no_sense_is_refused(
    given_: Form, measure: Measure, refused: str, cautions: int
) -> None:
    found = fit(given_, measure)
    assert refused in found.refusal
    assert bool(found.refusal) == bool(refused)
    assert len(found.cautions) == cautions


@pytest.mark.parametrize(
    ("raw", "number", "expected"),
    [
        ("84手続", "84", "計測値と同じです。"),
        ("81手続", "84", "計測値より3手続少ない値です。"),
        ("1,200手続", "84", "計測値より1116手続多い値です。"),
        ("97.1%", "97.1014492753", "計測値と同じです。"),
        ("97%", "97.1014492753", "計測値と同じです。"),
        ("97.2%", "97.1014492753", "計測値より0.1手続多い値です。"),
        ("約50名", "48", "計測値と同じです。"),
        ("約50名", "40", "計測値より10手続多い値です。"),
        ("実施", "1", "数として比べられません。"),
    ],
)
def test_a_typed_value_is_compared_as_precisely_as_it_was_typed(raw: str, number: str, expected: str) -> None:
    typed = value(raw, 2025, **figures_of(raw, "指標"))
    gap = gap_of(typed, Figure(YEAR, Decimal(number)))
    assert gap is not None
    assert gap.words("手続") == expected


def test_nothing_is_no_zero() -> None:
    typed = value("81手続", 2025, **figures_of("81手続", "指標"))
    assert gap_of(typed, Figure(YEAR, None)) is None
    assert gap_of(None, Figure(YEAR, Decimal(1))) is None
    assert gap_of(value("-", 2025, **figures_of("-", "指標")), Figure(YEAR, Decimal(0))) is None
    assert printed(Figure(YEAR, None), Measure("件", "year_total")) == ""


def test_words_are_compared_as_words() -> None:
    typed = value("実施", 2025, **figures_of("実施", "指標"))
    assert gap_of(typed, Figure(YEAR, None, "実施")) == Gap("same")
    assert gap_of(typed, Figure(YEAR, None, "検討")) == Gap("differs")


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=3), st.booleans())
def test_what_is_printed_and_read_again_is_the_same(number: Decimal, share: bool) -> None:
    """What a press takes over is never asked about (DESIGN §3: a value as printed is what is kept)."""
    measure = Measure("%", "ratio") if share else Measure("件", "year_total")
    figure = Figure(YEAR, abs(number))
    raw = printed(figure, measure)
    gap = gap_of(value(raw, 2025, **figures_of(raw, "指標")), figure)
    assert gap is not None
    assert gap.kind == "same"


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_is_printed_with_its_two_numbers_and_read_as_them(top: int, bottom: int) -> None:
    top = min(top, bottom)
    figure = Figure(YEAR, Decimal(top) * 100 / bottom, "", Decimal(top), Decimal(bottom))
    raw = printed(figure, Measure("%", "ratio"))
    read = figures_of(raw, "指標")
    assert (Decimal(read["numerator"]), Decimal(read["denominator"])) == (top, bottom)
    gap = gap_of(value(raw, 2025, **read), figure)
    assert gap is not None
    assert gap.kind == "same"


@given(st.decimals(min_value=0, max_value=10**12, places=4))
def test_grouping_changes_no_digit(number: Decimal) -> None:
    assert Decimal(grouped(number).replace(",", "")) == number == Decimal(plain(number))


def test_a_round_stands_for_its_day_within_its_year() -> None:
    year = FiscalYear(2025)
    assert period_of_round(year, "final", dt.date(2026, 6, 1)) == Period.year(year)
    assert period_of_round(year, "provisional", dt.date(2026, 3, 1)) == Period.as_of(dt.date(2026, 3, 1))
    assert period_of_round(year, "provisional", dt.date(2026, 4, 20)) == Period.as_of(dt.date(2026, 3, 31))
    assert period_of_round(year, "provisional", dt.date(2025, 1, 20)) == Period.as_of(dt.date(2025, 4, 1))
    assert period_of_round(year, "provisional", None) == Period.year(year)


def test_it_says_where_it_is_from() -> None:
    one = Beside(
        "手続台帳", Measure("手続", "at_date"), Figure(Period.as_of(dt.date(2026, 3, 1)), Decimal(84))
    )
    assert (one.printed, one.note) == ("84手続", "手続台帳、令和8年3月1日現在")
