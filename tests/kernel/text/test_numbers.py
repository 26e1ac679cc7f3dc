import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.text import display_number_sort_key

ORDERED = [
    ["1", "2", "2-1", "2-2", "2-10", "3", "10", "11"],
    ["1-(1)-ア", "1-(1)-イ", "1-(1)-ウ", "1-(1)-カ", "1-(1)-ン", "1-(2)-ア", "1-(10)-ア", "2-(1)-ア"],
    ["3-1-1", "3-1-2", "3-1-9", "3-1-10", "3-2-1", "10-1-1"],
    ["①", "②", "⑨", "⑩", "⑪", "⑳", "㉑", "㊿"],
    ["2①", "2②", "3", "21"],
    ["推1", "推2-1", "推2-2", "推3", "推10", "運1", "運10"],
    ["1)-(1)", "1)-(2)", "1)-(10)", "2)-(1)"],
    ["Ⅰ", "Ⅱ", "Ⅳ", "Ⅷ", "Ⅸ", "Ⅹ"],
    ["第一章", "第二章", "第十章", "第十一章", "第二十章"],
    ["１", "2", "１０"],
    ["A-1", "A-2", "A-10", "b-1", "C"],
    ["9", "999999", "1000000", "10000000", "99999999999999999999", "100000000000000000000"],
    ["", "1", "a", "ア", "推"],
]


@pytest.mark.parametrize("ordered", ORDERED)
def test_natural_order(ordered):
    shuffled = ordered[::-1]
    assert sorted(shuffled, key=display_number_sort_key) == ordered


def test_the_key_begins_alike_however_the_number_is_written():
    def meaning(number: str) -> str:
        return display_number_sort_key(number).split("\t")[0]

    assert (
        meaning("1-(1)-ア")
        == meaning("１－（１）－ｱ")
        == meaning("1(1)ア")
        == meaning("1⑴ア")
        == meaning("1-①-あ")
    )
    assert meaning("007") == meaning("7") == meaning("⑦") == meaning("七") == meaning("Ⅶ")


def test_a_number_with_signs_only_is_in_order_too():
    assert display_number_sort_key("―") < display_number_sort_key("1")


@given(st.text(max_size=12), st.text(max_size=12))
def test_the_order_is_total_and_the_same_in_bytes(a, b):
    key_a, key_b = display_number_sort_key(a), display_number_sort_key(b)
    assert (key_a == key_b) == (a.strip() == b.strip())
    assert (key_a < key_b) == (key_a.encode() < key_b.encode())


@given(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=5),
    st.lists(st.integers(0, 10**9), min_size=1, max_size=5),
)
def test_numbers_in_parts_sort_as_tuples(a, b):
    def key(parts: list[int]) -> str:
        return display_number_sort_key("-".join(map(str, parts)))

    assert (key(a) < key(b)) == (a < b)
