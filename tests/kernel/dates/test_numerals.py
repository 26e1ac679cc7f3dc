import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.dates.numerals import kanji_number, replace_kanji_numbers

DIGITS = "〇一二三四五六七八九"


def spelled(number: int) -> str:
    parts = []
    for unit, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        count, number = divmod(number, size)
        if count:
            parts.append((DIGITS[count] if count > 1 or not unit else "") + unit)
    return "".join(parts)


@given(st.integers(1, 9999))
def test_reads_numbers_with_units_and_as_rows_of_digits(number):
    assert kanji_number(spelled(number)) == number
    assert kanji_number("".join(DIGITS[int(d)] for d in str(number))) == number


@pytest.mark.parametrize("text", ["", "十十", "二〇十", "十百", "一二十", "百零五", "四月", "5"])
def test_what_is_no_number(text):
    assert kanji_number(text) is None


def test_replaces_the_readable_runs_only():
    assert replace_kanji_numbers("令和八年十二月二十日と十十") == "令和8年12月20日と十十"
