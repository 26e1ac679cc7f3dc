import csv
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.ids import is_municipality_code, municipality_check_digit


def test_every_code_of_the_shipped_table_has_its_check_digit():
    source = files("yakuba") / "kernel/town/data/municipalities.csv"
    codes = [row["code"] for row in csv.DictReader(source.read_text(encoding="utf-8").splitlines())]
    assert len(codes) == 1_916
    assert [c for c in codes if not is_municipality_code(c)] == []


@pytest.mark.parametrize("code", ["990019", "990027", "990035", "990043", "990051"])
def test_the_sample_towns_have_right_codes(code):
    assert is_municipality_code(code)


def test_check_digits_where_the_remainder_is_zero_or_one():
    # 11 - 0 = 11 and 11 - 1 = 10: only the last digit counts.
    assert municipality_check_digit("00000") == "1"
    assert municipality_check_digit("20000") == "0"


@given(st.from_regex(r"[0-9]{5}", fullmatch=True), st.integers(0, 4), st.integers(1, 9))
def test_one_wrong_digit_is_mostly_noticed_and_the_right_one_always_accepted(first5, place, by):
    code = first5 + municipality_check_digit(first5)
    assert is_municipality_code(code)
    assert sum(is_municipality_code(first5 + str(d)) for d in range(10)) == 1
    wrong = code[:place] + str((int(code[place]) + by) % 10) + code[place + 1 :]
    # Remainders 0 and 10 share the check digit 1, so a digit may change unnoticed only between these.
    if is_municipality_code(wrong):
        assert code[5] == "1"


@pytest.mark.parametrize(
    "code", ["", "99001", "9900190", "990018", "９９００１９", "99001９", "99001a", "990019\n", "-90019"]
)
def test_what_is_no_code(code):
    assert not is_municipality_code(code)


@pytest.mark.parametrize("first5", ["", "9900", "990019", "９９００１", "abcde"])
def test_a_check_digit_needs_five_ascii_digits(first5):
    with pytest.raises(ValueError, match="5桁"):
        municipality_check_digit(first5)
