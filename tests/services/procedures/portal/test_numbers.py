"""Numbers that people copy by hand."""

from __future__ import annotations

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from yakuba.services.procedures.citizens import numbers

LETTERS = st.sampled_from(numbers.ALPHABET)
BODIES = st.text(LETTERS, min_size=11, max_size=11)


@given(BODIES, st.integers(0, 11), LETTERS)
def test_a_wrong_letter_is_found(body: str, place: int, letter: str) -> None:
    number = body + numbers.check_letter(body)
    assert numbers.is_receipt(number)
    slipped = number[:place] + letter + number[place + 1 :]
    assert numbers.is_receipt(slipped) == (slipped == number)


@given(BODIES, st.integers(0, 10))
def test_two_letters_exchanged_are_found(body: str, place: int) -> None:
    number = body + numbers.check_letter(body)
    changed = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert numbers.is_receipt(changed) == (changed == number)


@given(st.text(max_size=40))
def test_anything_can_be_typed(text: str) -> None:
    assert isinstance(numbers.is_receipt(numbers.tidy(text)), bool)


def test_numbers_are_read_as_people_write_them() -> None:
    number = numbers.new_receipt()
    shown = numbers.grouped(number)
    assert len(shown) == 14
    wide = "".join(chr(ord(c) + 0xFEE0) for c in shown.lower())
    assert numbers.tidy(f" {wide} ") == number
    assert numbers.tidy(shown.replace("-", "ー")) == number


def test_no_two_are_alike_and_none_looks_like_another_letter() -> None:
    made = {numbers.new_receipt() for _ in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("01ILO")
    one = uuid4()
    assert numbers.secret_of(one) == numbers.secret_of(one)
    assert len(numbers.secret_of(one)) == numbers.SECRET_LENGTH
    assert numbers.secret_of(one) != numbers.secret_of(uuid4())
