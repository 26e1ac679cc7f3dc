"""Addresses as they are compared, codes as they are typed, and what is taken from a provider."""

from __future__ import annotations

import pytest

from yakuba.kernel.ids import uuid7
from yakuba.services.identity import rules


def test_addresses_that_are_one() -> None:
    assert rules.mail_key(" Rei@Example.JP ") == rules.mail_key("rei@example.jp")
    assert rules.mail_key("rei@例え.jp") == "rei@xn--r8jz45g.jp"


@pytest.mark.parametrize("typed", ["reı@example.jp", "ｒei@example.jp", "rei@example.jp.", "rei@examp1e.jp"])
def test_an_address_that_only_looks_alike_is_another(typed: str) -> None:
    assert rules.mail_key(typed) != rules.mail_key("rei@example.jp")


def test_codes() -> None:
    assert all(len(rules.new_code()) == 6 and rules.new_code().isdecimal() for _n in range(50))
    assert rules.typed_code("１２３ 456") == "123456"
    assert rules.typed_code("123-456") == "123456"
    for wrong in ("12345", "1234567", "12345x", "", "٠١٢٣٤٥"):
        assert rules.typed_code(wrong) == ""
    one, other = uuid7(), uuid7()
    digest = rules.code_digest(one, "123456")
    assert rules.code_fits(one, digest, "123456")
    assert not rules.code_fits(one, digest, "123457")
    assert not rules.code_fits(one, rules.code_digest(one, ""), "")
    assert digest != rules.code_digest(other, "123456"), "equal codes are not seen to be equal"


def test_only_what_is_known_is_taken() -> None:
    claims = {
        "sub": "s1",
        "name": " 例示 はな\n",
        "name_kana": "レイジ ハナ",
        "birthdate": "19880412",
        "address": {"formatted": "みほん市中央一丁目2番3号", "country": "JP"},
        "gender": "female",
        "individual_number": "123456789018",
        "my_number": "123456789018",
        "personal_number": "123456789018",
    }
    assert rules.facts_of(claims) == {
        "name": "例示 はな",
        "kana": "レイジ ハナ",
        "birth": "1988-04-12",
        "address": "みほん市中央一丁目2番3号",
    }
    assert rules.facts_of({"birthdate": "1988-04-12", "address": "x"}) == {
        "birth": "1988-04-12",
        "address": "x",
    }


@pytest.mark.parametrize(
    "birth", ["0000-04-12", "1988", "昭和63年", 19880412, "1988-13-01", "1988-W05-1", None]
)
def test_a_birth_date_that_is_none(birth: object) -> None:
    assert rules.facts_of({"birthdate": birth, "name": 7, "address": ["x"]}) == {}
