from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.dates import InvalidDateError, era_year, format_date, format_moment, parse_date


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *[("令和6年4月1日", date(2024, 4, 1)), ("R6.4.1", date(2024, 4, 1)), ("R060301", date(2024, 3, 1))],
        *[("S62.4.1", date(1987, 4, 1)), ("2024-04-01", date(2024, 4, 1)), ("2024/4/1", date(2024, 4, 1))],
        *[
            ("令和元年5月1日", date(2019, 5, 1)),
            ("令和６年４月１日", date(2024, 4, 1)),
            ("Ｒ６．４．１", date(2024, 4, 1)),
        ],
        *[("令和八年四月一日", date(2026, 4, 1)), ("昭和六十二年十二月三十一日", date(1987, 12, 31))],
        *[("二〇二四年四月一日", date(2024, 4, 1)), ("二千二十四年四月十一日", date(2024, 4, 11))],
        *[
            ("平成35年3月31日", date(2023, 3, 31)),
            ("平成31年5月1日", date(2019, 5, 1)),
            ("昭和64年1月8日", date(1989, 1, 8)),
        ],
        *[("令和6年4月1日（月）", date(2024, 4, 1)), ("令和6年4月1日(月曜日)", date(2024, 4, 1))],
        *[("令和6(2024)年4月1日", date(2024, 4, 1)), ("令和6年（2024年）4月1日", date(2024, 4, 1))],
        *[("R 6. 4. 1", date(2024, 4, 1)), ("r6/4/1", date(2024, 4, 1)), ("R6・4・1", date(2024, 4, 1))],
        *[("2024年4月1日", date(2024, 4, 1)), ("20240401", date(2024, 4, 1)), ("令6.4.1", date(2024, 4, 1))],
        *[
            ("2024−04−01", date(2024, 4, 1)),
            ("㍻31年4月30日", date(2019, 4, 30)),
            ("平成31.4.30", date(2019, 4, 30)),
        ],
        *[
            ("大正15年12月24日", date(1926, 12, 24)),
            ("昭和元年12月25日", date(1926, 12, 25)),
            ("M45.7.29", date(1912, 7, 29)),
        ],
        *[("令和6年2月29日", date(2024, 2, 29)), ("明治6年1月1日", date(1873, 1, 1))],
    ],
)
def test_reads_dates_as_people_write_them(text, day):
    assert parse_date(text) == day


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("令和6年2月30日", "暦にない日"),
        ("R5.2.29", "暦にない日"),
        ("2024-13-01", "暦にない日"),
        ("R060001", "暦にない日"),
        ("令和元年4月30日", "平成31年4月30日と書いて"),
        ("平成元年1月7日", "昭和64年1月7日と書いて"),
        ("R010101", "平成31年1月1日と書いて"),
        ("明治5年12月2日", "太陽暦"),
        ("1872-12-31", "太陽暦"),
        ("令和6年4月1日（火）", "月曜日"),
        ("令和6(2023)年4月1日", "西暦2024年"),
    ],
)
def test_says_what_is_wrong_with_an_impossible_date(text, says):
    with pytest.raises(InvalidDateError, match=says) as caught:
        parse_date(text)
    assert caught.value.found == text


@pytest.mark.parametrize(
    "text",
    [
        *[
            "",
            " ",
            "令和6年度",
            "令和6年4月",
            "R6",
            "6.4.1",
            "24/4/1",
            "2024/4-1",
            "R6.4",
            "令和0年4月1日",
            "R000401",
        ],
        *[
            "昨日",
            "2024-04-01T00:00",
            "令和6年4月1日から",
            "令和十十年四月一日",
            "X6.4.1",
            "٢٠٢٤-٠٤-٠١",
            "R6.4.1\x00",
            "-2024-04-01",
        ],
        *["0000-01-01", "R6..4.1", "9" * 10_000, "令" * 61],
    ],
)
def test_refuses_what_is_no_date_in_japanese(text):
    with pytest.raises(InvalidDateError, match="日付として読めません") as caught:
        parse_date(text)
    assert len(str(caught.value)) < 200


@given(st.dates(date(1873, 1, 1), date(2999, 12, 31)))
def test_what_is_printed_is_read_back(day):
    assert parse_date(format_date(day)) == day
    assert parse_date(format_date(day, weekday=True)) == day
    assert parse_date(day.isoformat()) == day
    era, year = era_year(day)
    assert parse_date(f"{era.letter}{year}.{day.month}.{day.day}") == day


@given(st.text(max_size=80))
def test_any_text_gives_a_date_or_the_one_error(text):
    with suppress(InvalidDateError):
        assert parse_date(text) >= date(1873, 1, 1)


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        (date(2024, 4, 1), "令和6年4月1日（月）"),
        (date(2019, 5, 1), "令和元年5月1日（水）"),
        (date(2019, 4, 30), "平成31年4月30日（火）"),
        (date(1989, 1, 8), "平成元年1月8日（日）"),
        (date(1989, 1, 7), "昭和64年1月7日（土）"),
        (date(1926, 12, 25), "昭和元年12月25日（土）"),
        (date(1926, 12, 24), "大正15年12月24日（金）"),
        (date(1912, 7, 30), "大正元年7月30日（火）"),
        (date(1912, 7, 29), "明治45年7月29日（月）"),
    ],
)
def test_prints_on_either_side_of_each_era(day, printed):
    assert format_date(day, weekday=True) == printed
    assert format_date(day) == printed[:-3]


def test_nothing_is_printed_in_the_old_calendar():
    with pytest.raises(InvalidDateError, match="太陽暦"):
        format_date(date(1872, 12, 31))


def test_a_moment_prints_in_japan_time():
    assert format_moment(datetime(2024, 4, 1, 4, 5, 59, tzinfo=UTC)) == "令和6年4月1日 13:05"
    assert format_moment(datetime(2024, 3, 31, 15, 0, tzinfo=UTC)) == "令和6年4月1日 00:00"
    with pytest.raises(ValueError, match="時差"):
        format_moment(datetime(2024, 4, 1))  # noqa: DTZ001 - a naive moment is what is refused


@given(st.dates(date(1873, 1, 1), date(2300, 1, 1)))
def test_era_years_never_run_backwards(day):
    today, tomorrow = era_year(day), era_year(day + timedelta(days=1))
    assert (today.era.start, today.year) <= (tomorrow.era.start, tomorrow.year)
    assert str(today).endswith("年")
