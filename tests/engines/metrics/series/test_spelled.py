"""Periods and figures as files spell them."""

from __future__ import annotations

import contextlib
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.series import spelled
from yakuba.engines.metrics.series.spelled import Unread
from yakuba.kernel.dates import FiscalYear, format_date

APRIL = Period.month(dt.date(2024, 4, 1))
DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31))


@pytest.mark.parametrize(
    "text",
    ["令和6年4月", "令和６年４月分", "R6.4", "R0604", "202404", "2024/4", "2024-04", "2024年04月", "令和6年度4月", "令和六年四月",
     "令和6年4月末現在", "R060430", "2024/4/30", "令和6年4月15日時点", 202404, 202404.0, dt.date(2024, 4, 9),
     dt.datetime(2024, 4, 1, 12)],  # noqa: DTZ001 – as a workbook has it
)  # fmt: skip
def test_a_month_is_read_however_it_is_written(text: object) -> None:
    assert spelled.period(text, "month")[0] == APRIL


@pytest.mark.parametrize(
    "text", ["令和6年度", "R6", "令６年度", "2024", "2024年度", "FY2024", "令和6(2024)年度", 2024, 2024.0]
)
def test_a_fiscal_year_is_one_in_series_of_years_and_of_months(text: object) -> None:
    for every in ("year", "month"):
        assert spelled.period(text, every)[0] == Period.year(FiscalYear(2024))


def test_january_belongs_to_the_fiscal_year_before() -> None:
    assert spelled.period("令和6年度1月", "month")[0] == Period.month(dt.date(2025, 1, 1))
    assert spelled.period("令和7年1月", "year")[0] == Period.year(FiscalYear(2024))
    assert spelled.month_of("令和6年度", "1月", "month")[0] == Period.month(dt.date(2025, 1, 1))
    assert spelled.month_of("2024年", 1, "month")[0] == Period.month(dt.date(2024, 1, 1))
    assert spelled.month_of("R6", "１２", "month")[0] == Period.month(dt.date(2024, 12, 1))


@pytest.mark.parametrize(
    "text", ["4月", "令和6年", "202413", "20244", "なし", "R6.13", 2024.1, True, "令和6年4月〜6月", ""]
)
def test_what_names_no_period_is_not_guessed(text: object) -> None:
    for every in ("month", "year"):
        with pytest.raises(Unread):
            spelled.period(text, every)


@given(DAYS)
def test_every_month_and_day_is_found_again(day: dt.date) -> None:
    month, year = Period.month(day), Period.year(FiscalYear.of(day))
    written = [
        f"{day:%Y%m}",
        f"{day:%Y/%m}",
        f"{day:%Y-%m}",
        day,
        format_date(day),
        f"{day:%Y%m%d}",
        f"{day:%Y/%m/%d}",
    ]
    for text in written:
        assert spelled.period(text, "month")[0] == month
        assert spelled.period(text, "year")[0] == year
    assert spelled.period(format_date(day.replace(day=15)).partition("月")[0] + "月分", "month")[0] == month


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,180時間", 1180), ("１，１８０", 1180), ("約150", 150), ("△3.5", "-3.5"), ("▲ 12", -12), ("31.2％", "31.2"), (0, 0),
     ("0件", 0), (0.1 + 0.2, "0.3"), (12480.0, 12480), ("+7", 7), ("1.50", "1.5"), ("360か所", 360)],
)  # fmt: skip
def test_a_number_is_read_however_it_is_written(text: object, number: object) -> None:
    found = spelled.number(text)
    assert found is not None
    assert found.number == Decimal(str(number))


@pytest.mark.parametrize("text", [None, "", "―", "－", "-", "…", "数値なし", "集計中", " ", "***"])
def test_no_value_is_never_nought(text: object) -> None:
    assert spelled.number(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "12件中3件",
        "1,23",
        "約",
        "1.2.3",
        "3人/日",
        "1e9",
        True,
        dt.date(2024, 4, 1),
        "1234567890123456",
        "0.1234567",
        1e300,
    ],
)
def test_what_is_no_number_is_refused(text: object) -> None:
    with pytest.raises(Unread):
        spelled.number(text)


@given(st.decimals(-(10**9), 10**9, places=4, allow_nan=False, allow_infinity=False))
def test_a_number_with_thousands_and_in_full_width_is_the_same(number: Decimal) -> None:
    for text in (
        str(number),
        f"{number:,}",
        f"{number:,}".translate(str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")),
    ):
        found = spelled.number(text)
        assert found is not None
        assert found.number == number


def test_the_unit_of_the_series_may_stand_behind_a_number() -> None:
    found = spelled.number("1,200 データセット", "データセット")
    assert found is not None
    assert found.number == 1200
    with pytest.raises(Unread):
        spelled.number("1,200 データセット")


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (
        lambda: spelled.period(text, "month"),
        lambda: spelled.period(text, "year"),
        lambda: spelled.number(text),
    ):
        with contextlib.suppress(Unread):
            read()
