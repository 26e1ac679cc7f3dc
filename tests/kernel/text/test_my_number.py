"""個人番号 in what people write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.text.my_number import hide

STARS = "＊" * 12


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("123456789018", STARS),
        ("マイナンバーは123456789018です", f"マイナンバーは{STARS}です"),
        ("個人番号：123456789018", f"個人番号：{STARS}"),
        ("1234 5678 9018", "＊＊＊＊ ＊＊＊＊ ＊＊＊＊"),
        ("１２３４－５６７８－９０１８", "＊＊＊＊－＊＊＊＊－＊＊＊＊"),
        ("𠮷123456789018", f"𠮷{STARS}"),
        ("架空様.123456789018.", f"架空様.{STARS}."),
    ],
)
def test_hidden(text: str, hidden: str) -> None:
    assert hide(text) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "123456789017",  # the check digit is another
        "1123456789018",  # 13 digits: a 法人番号
        "1234 5678 9018 1234",  # a card
        "12345678-9018",
        "1234-5678 9018",
        "免許証番号：123456789018",
        "お客様番号 123456789018",
        "758.123456789018",  # the places of a mean
        "７５８．１２３４５６７８９０１８",
        ".123456789018",
        "123456789018.5",
        "1234 5678 9018.25",
        "2026-11-21 0900",
        "0279-00-0000",
        "",
    ],
)
def test_left_alone(text: str) -> None:
    assert hide(text) == text


@given(st.text("0123456789", min_size=11, max_size=11))
def test_one_check_digit_of_ten_is_right(eleven: str) -> None:
    assert sum(hide(eleven + last) == STARS for last in "0123456789") == 1
