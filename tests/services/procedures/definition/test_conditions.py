"""The small language: what it says, that it reads back what it writes, that it never raises anything but its own error."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.procedures.definition.examples import ANSWERS, DAY, EVERYTHING
from yakuba.services.procedures.definition import conditions as c

KEYS = sorted(EVERYTHING.by_key)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a_choice = 'mix'", True),
        ("a_choice != 'mix'", False),
        ("a_choice in ('shiba', 'mix')", True),
        ("a_many = 'other'", True),
        ("a_many != 'shiba'", True),
        ("a_many in ('shiba')", False),
        ("a_number >= 2.5 and a_number < 3", True),
        ("a_yen > 2999 and a_yen <= 3000", True),
        ("a_number < a_yen", True),
        ("a_yes_no = false", True),
        ("a_yes_no = いいえ", True),
        ("a_yes_no", False),
        ("not a_yes_no and a_consent", True),
        ("a_date < 2000-01-01", True),
        ("a_date <= today", True),
        ("a_date > 今日", False),
        ("years(a_date) = 35", True),
        ("years(a_date) < 18 または a_text = 「𠮷太郎」", True),
        ("a_text = 'x' でない かつ a_yen = 3000", True),
        ("an_address.city = 'みほん市'", True),
        ("a_name.family != '手本'", False),
        ("count(a_group) = 2 and count(a_many) = 2 and count(a_file) = 1", True),
        ("answered(a_mail) and not answered(child)", True),
        ("（a_yen ≧ 3000）かつ a_number ≠ 3", True),
        ("a_choice = 'mix' or a_choice = 'shiba' and a_yes_no", True),
        ("(a_choice = 'mix' or a_choice = 'shiba') and a_yes_no", False),
    ],
)
def test_what_it_says(text: str, expected: bool) -> None:
    expression = c.parse(text)
    assert expression.true(ANSWERS, EVERYTHING, DAY) is expected
    assert c.parse(str(expression)) == expression


@pytest.mark.parametrize("sign", c.SIGNS)
def test_a_comparison_with_what_is_not_there_is_false(sign: str) -> None:
    for right in ("3", "a_yen", "today", "'x'", "true"):
        assert not c.parse(f"a_number {sign} {right}").true({}, EVERYTHING, DAY)
    assert not c.parse(f"unknown {sign} 1").true({"unknown": 1}, EVERYTHING, DAY)
    assert c.parse(f"not (a_number {sign} 3)").true({}, EVERYTHING, DAY)


def test_names() -> None:
    expression = c.parse("answered(a) and b.city = 'x' or years(c) > count(d) and e")
    assert expression.names() == {"a", "b", "c", "d", "e"}
    assert expression.compared() == {"b", "c", "e"}


def test_age() -> None:
    leap = dt.date(2008, 2, 29)
    assert c.full_years(leap, dt.date(2026, 2, 28)) == 17
    assert c.full_years(leap, dt.date(2026, 3, 1)) == 18
    assert c.full_years(dt.date(2008, 4, 10), dt.date(2026, 4, 10)) == 18


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a =",
        "= 1",
        "a = 1 and",
        "a == 1",
        "a = 'x",
        "a in ()",
        "a in (b)",
        "a in 1",
        "(a = 1",
        "a = 1)",
        "3",
        "'x'",
        "true",
        "count(a)",
        "count(1) = 1",
        "years(a.b) = 1",
        "answered()",
        "a = 2026-13-01",
        "A = 1",
        "a; b",
        "a = 1 b = 2",
        "while(a)",
        "a = 1.2.3",
        "and = 1",
        "(" * 50 + "a" + ")" * 50,
        "not " * 50 + "a",
        "a = '" + "x" * 600 + "'",
    ],
)
def test_what_cannot_be_read(text: str) -> None:
    with pytest.raises(c.ConditionError) as caught:
        c.parse(text)
    assert caught.value.message
    assert 0 <= caught.value.position <= len(text)


_name = st.sampled_from(KEYS).map(c.Name) | st.builds(c.Name, st.just("an_address"), st.just("city"))
_literal = st.builds(
    c.Literal,
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=6)
    | st.booleans()
    | st.dates(dt.date(1, 1, 1))
    | st.decimals(-(10**9), 10**9, places=2, allow_nan=False).map(lambda one: one + Decimal(0)),
)
_operand = _name | _literal | st.just(c.Today()) | st.builds(c.Called, st.sampled_from(["count", "years"]), st.sampled_from(KEYS))  # fmt: skip
_simple = (
    st.builds(c.Compare, st.sampled_from(c.SIGNS), _operand, _operand)
    | st.builds(c.In, _operand, st.lists(_literal, min_size=1, max_size=3).map(tuple))
    | st.builds(c.Answered, st.sampled_from(KEYS))
    | st.builds(c.Yes, _name)
)
_expression = st.recursive(
    _simple,
    lambda inner: (
        st.builds(c.Not, inner)
        | st.builds(c.joined, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3))
    ),
    max_leaves=6,
)


@given(_expression)
@settings(max_examples=120, deadline=None)
def test_it_reads_what_it_writes(expression: c.Expression) -> None:
    written = str(expression)
    if c.depth(expression) <= c.MAX_DEPTH and len(written) <= c.MAX_LENGTH:
        assert c.parse(written) == expression


_anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)


@given(_expression, st.dictionaries(st.sampled_from(KEYS), _anything), st.dates(dt.date(1900, 1, 1)))
@settings(max_examples=150, deadline=None)
def test_evaluation_is_total(expression: c.Expression, answers: dict[str, Any], day: dt.date) -> None:
    assert expression.true(answers, EVERYTHING, day) in (True, False)


@given(
    st.text(max_size=80)
    | st.lists(
        st.sampled_from(
            [
                "a",
                "b.c",
                "'x'",
                "12",
                "2026-01-01",
                "(",
                ")",
                ",",
                "=",
                "!=",
                "in",
                "and",
                "or",
                "not",
                "かつ",
                "でない",
                "count",
                "today",
                "「あ」",
            ]
        ),
        max_size=20,
    ).map(" ".join)
)
@settings(max_examples=200, deadline=None)
def test_whatever_is_written_it_is_read_or_told(text: str) -> None:
    try:
        expression = c.parse(text)
    except c.ConditionError:
        return
    assert c.parse(str(expression)) == expression
