"""Nothing that leaves here is taken for a formula, and everything comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from yakuba.kernel.sheets import cells
from yakuba.kernel.sheets.xlsx import tab_name

dangerous = st.text(alphabet="'=+-@\t\r\na1", max_size=6)


@given(st.one_of(dangerous, st.text(max_size=10)))
def test_guarding_is_undone_without_loss_and_leaves_nothing_to_run(text: str) -> None:
    guarded = cells.guard(text)
    assert cells.unguard(guarded) == text
    assert not cells.is_formula(guarded)


@pytest.mark.parametrize("text", ["=1+1", "+81", "-5", "@SUM(A1)", "\tx", "\r=1"])
def test_what_would_run_is_guarded(text: str) -> None:
    assert cells.guard(text) == f"'{text}"


@pytest.mark.parametrize("text", ["計画", "2-1", "'quoted'", "a=b", ""])
def test_the_rest_stays_as_it_is(text: str) -> None:
    assert cells.guard(text) == text
    assert cells.unguard(text) == text


@given(st.integers(0, 16_383))
def test_letters(column: int) -> None:
    assert cells.letters(column) == get_column_letter(column + 1)


def test_address() -> None:
    assert cells.address(6, 1) == "B7"


def test_a_text_longer_than_a_cell_is_refused_not_cut() -> None:
    assert cells.workbook_text("x" * cells.MAX_TEXT)
    with pytest.raises(ValueError, match="32767"):
        cells.workbook_text("x" * (cells.MAX_TEXT + 1))


@pytest.mark.parametrize(
    ("name", "expected"), [("取組/一覧", "取組一覧"), ("あ" * 40, "あ" * 31), ("[]:*?/\\'", "表")]
)
def test_tab_names(name: str, expected: str) -> None:
    assert tab_name(name) == expected
