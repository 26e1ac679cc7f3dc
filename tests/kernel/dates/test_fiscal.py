import pickle
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.dates import DateError, FiscalYear, InvalidFiscalYearError, fiscal_years

years = st.integers(1886, 2200)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        *[("令和6年度", 2024), ("R6", 2024), ("r6", 2024), ("R06", 2024), ("2024", 2024), ("2024年度", 2024)],
        *[("令和元年度", 2019), ("平成31年度", 2019), ("H31", 2019), ("令和1年度", 2019), ("R元", 2019)],
        *[
            ("平成35年度", 2023),
            ("昭和64年度", 1989),
            ("平成元年度", 1989),
            ("Ｈ３０", 2018),
            ("令和６年度", 2024),
        ],
        *[
            ("２０２４", 2024),
            ("令和六年度", 2024),
            ("令和十二年度", 2030),
            ("二〇二四年度", 2024),
            ("FY2024", 2024),
        ],
        *[
            ("令和6年度（2024）", 2024),
            ("令和6(2024)年度", 2024),
            ("令和6年度(2024年度)", 2024),
            (" 令和 6 年度\n", 2024),
        ],
        *[
            ("㋿6年度", 2024),
            ("令6", 2024),
            ("平30年度", 2018),
            ("S62", 1987),
            ("T15", 1926),
            ("M45年度", 1912),
        ],
    ],
)
def test_reads_what_documents_print(text, year):
    assert FiscalYear.parse(text) == FiscalYear(year)


@pytest.mark.parametrize(
    "text",
    [
        *[
            "",
            "年度",
            "R060301",
            "令和6年4月1日",
            "令和6年",
            "2024年",
            "R",
            "R0",
            "令和0年度",
            "24",
            "R6.4",
            "6",
            "未定",
            "X6",
            "R2024",
        ],
        *[
            "令和6年度（2023）",
            "1885",
            "9999",
            "M18",
            "R1000",
            "R006",
            "令和十十年度",
            "2024-25",
            "令和6年度まで",
            "\x00R6",
        ],
        "R6" * 100,
        "٢٠٢٤",
    ],
)
def test_refuses_what_is_no_fiscal_year_in_japanese(text):
    with pytest.raises(InvalidFiscalYearError, match="年度として読めません") as caught:
        FiscalYear.parse(text)
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, DateError)
    assert caught.value.found == text
    assert "令和6年度" in caught.value.expected


def test_a_long_text_is_not_repeated_in_the_message():
    with pytest.raises(InvalidFiscalYearError) as caught:
        FiscalYear.parse("あ" * 100_000)
    assert len(str(caught.value)) < 200


def test_the_error_survives_pickling_between_processes():
    with pytest.raises(InvalidFiscalYearError) as caught:
        FiscalYear.parse("未定")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (type(copy), str(copy), copy.found) == (InvalidFiscalYearError, str(caught.value), "未定")


@pytest.mark.parametrize(
    ("year", "wareki", "short", "label"),
    [
        (2024, "令和6年度", "R6", "令和6年度（2024）"),
        (2019, "令和元年度", "R1", "令和元年度（2019）"),
        (2018, "平成30年度", "H30", "平成30年度（2018）"),
        (1989, "平成元年度", "H1", "平成元年度（1989）"),
        (1988, "昭和63年度", "S63", "昭和63年度（1988）"),
        (1926, "昭和元年度", "S1", "昭和元年度（1926）"),
        (1911, "明治44年度", "M44", "明治44年度（1911）"),
    ],
)
def test_prints(year, wareki, short, label):
    fy = FiscalYear(year)
    assert (fy.wareki, fy.short, fy.label, str(fy)) == (wareki, short, label, wareki)


def test_heisei_31_prints_as_the_first_of_reiwa():
    assert FiscalYear.parse("平成31年度").wareki == "令和元年度"
    assert FiscalYear.parse("平成35年度").wareki == "令和5年度"


@given(years)
def test_every_printed_form_is_read_back(year):
    fy = FiscalYear(year)
    for printed in (fy.wareki, fy.short, fy.label, str(fy.year), f"{fy.year}年度"):
        assert FiscalYear.parse(printed) == fy


@given(st.dates(date(1887, 4, 1), date(2200, 3, 31)))
def test_a_day_lies_in_its_year_and_in_no_other(day):
    fy = FiscalYear.of(day)
    assert fy.start <= day <= fy.end
    assert day in fy
    assert day not in fy + 1
    assert day not in fy - 1


@given(st.integers(1887, 2200))
def test_years_follow_one_another_without_a_gap(year):
    fy = FiscalYear(year)
    assert (fy - 1).end + timedelta(days=1) == fy.start
    assert (fy.start.month, fy.start.day, fy.end.month, fy.end.day) == (4, 1, 3, 31)


@given(years, years)
def test_order_distance_and_range_agree(a, b):
    first, last = FiscalYear(a), FiscalYear(b)
    assert (first < last) == (a < b)
    assert (last - first) == b - a
    assert first + (last - first) == last
    assert [fy.year for fy in fiscal_years(first, last)] == list(range(a, b + 1))
    assert len({first, FiscalYear(a)}) == 1


def test_a_moment_counts_by_its_date_in_japan():
    assert FiscalYear.of(datetime(2024, 3, 31, 15, 0, tzinfo=UTC)) == FiscalYear(2024)
    assert FiscalYear.of(datetime(2024, 3, 31, 14, 59, tzinfo=UTC)) == FiscalYear(2023)
    with pytest.raises(ValueError, match="時差"):
        FiscalYear.of(datetime(2024, 4, 1))  # noqa: DTZ001 - a naive moment is what is refused


@pytest.mark.parametrize("year", [1885, 9999, 0, -1, True, 2024.0, "2024"])
def test_a_year_out_of_range_or_of_another_type_is_refused(year):
    with pytest.raises(InvalidFiscalYearError):
        FiscalYear(year)


def test_it_cannot_be_changed():
    with pytest.raises(AttributeError):
        FiscalYear(2024).year = 2025  # type: ignore[misc]  # that it is frozen is what is tested
