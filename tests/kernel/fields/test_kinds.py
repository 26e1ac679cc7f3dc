"""The promises of every kind (see the head of ``kinds.py``)."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.fields.catalogue import OPTIONS, SAMPLES
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.fields import KINDS, Invalid, kinds

every_kind = pytest.mark.parametrize("key", sorted(KINDS))

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
numberish = st.text(
    alphabet="0123456789０１２-－−+.,，．eE令和平成昭元年度月日RHSTMFY/:TZ（）() ", max_size=14
)
cells = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | numberish
    | st.decimals()
    | st.dates()
    | st.datetimes()
)


def test_every_kind_is_in_the_suite() -> None:
    assert set(SAMPLES) == set(KINDS)
    assert all(SAMPLES[key].kind.key == key for key in SAMPLES)


@every_kind
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_value_survives_every_way(key: str, data: st.DataObject) -> None:
    kind = SAMPLES[key].kind
    value = data.draw(SAMPLES[key].values)
    assert kind.check(value) == value
    assert kind.parse(kind.to_text(value)) == value
    assert kind.from_cell(kind.to_cell(value)) == value
    stored = kind.to_json(value)
    assert kind.from_json(json.loads(json.dumps(stored))) == value
    jsonschema.validate(stored, kind.schema(), format_checker=jsonschema.FormatChecker())
    assert isinstance(kind.format(value), str)
    hash(kind.order(value))


@every_kind
@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=30) | numberish)
def test_typed_text_is_read_or_refused(key: str, text: str) -> None:
    kind = SAMPLES[key].kind
    try:
        value = kind.parse(text)
    except Invalid:
        return
    assert kind.check(value) == value
    assert kind.parse(kind.to_text(value)) == value
    jsonschema.validate(kind.to_json(value), kind.schema())


@every_kind
@settings(max_examples=40, deadline=None)
@given(found=json_values)
def test_json_is_read_or_refused_and_then_valid(key: str, found: kinds.JsonValue) -> None:
    kind = SAMPLES[key].kind
    try:
        value = kind.from_json(found)
    except Invalid:
        return
    assert kind.check(value) == value
    jsonschema.validate(kind.to_json(value), kind.schema())


@every_kind
@settings(max_examples=40, deadline=None)
@given(cell=cells)
def test_a_cell_is_read_or_refused(key: str, cell: kinds.Cell) -> None:
    kind = SAMPLES[key].kind
    try:
        value = kind.from_cell(cell)
    except Invalid:
        return
    assert kind.check(value) == value


@every_kind
@pytest.mark.parametrize("half", ["\ud800", "a\udfffb", "\udc80\n"])
def test_half_a_character_is_refused_and_told_in_whole_ones(key: str, half: str) -> None:
    """JSON may say ``\\ud800``; nothing can store or send it."""
    kind = SAMPLES[key].kind
    for read in (kind.check, kind.parse, kind.from_json, kind.from_cell):
        with pytest.raises(Invalid) as caught:
            read(half)
        caught.value.found.encode()


@every_kind
def test_values_of_other_types_are_refused(key: str) -> None:
    kind = SAMPLES[key].kind
    for other in (None, object(), [], {}, b"x"):
        with pytest.raises(Invalid):
            kind.check(other)


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("text", "  空家 ", "空家"),
        ("prose", "　本計画は\r\n二行目\r\n", "　本計画は\n二行目"),
        ("kana", "みほん ﾀﾛｳ", "ミホン タロウ"),
        ("integer", "１，２３４", 1234),
        ("number", "０．５０", Decimal("0.5")),
        ("number", "75.000", Decimal(75)),
        ("yes_no", "はい", True),
        ("yes_no", "×", False),
        ("choice", "推進", "advance"),
        ("date", "令和６年４月１日", dt.date(2024, 4, 1)),
        ("date", "R6.4.1", dt.date(2024, 4, 1)),
        ("moment", "2024-04-01T13:05", dt.datetime(2024, 4, 1, 4, 5, tzinfo=dt.UTC)),
        ("moment", "令和6年4月1日 13:05", dt.datetime(2024, 4, 1, 4, 5, tzinfo=dt.UTC)),
        ("moment", "令和６年４月１日（月） 13時", dt.datetime(2024, 4, 1, 4, 0, tzinfo=dt.UTC)),
        ("moment", "R6.4.1 13時5分", dt.datetime(2024, 4, 1, 4, 5, tzinfo=dt.UTC)),
        ("fiscal_year", "平成３１年度", FiscalYear(2019)),
        ("fiscal_year", "2024", FiscalYear(2024)),
    ],
)
def test_what_people_type(key: str, typed: str, value: object) -> None:
    assert SAMPLES[key].kind.parse(typed) == value


@pytest.mark.parametrize(
    ("key", "typed", "code"),
    [
        ("text", "a\x00b", "control"),
        ("text", "a\nb", "newline"),
        ("text", "あ" * 41, "too_long"),
        ("kana", "空家", "kana"),
        ("integer", "12.5", "integer"),
        ("integer", "-6", "range"),
        ("number", "1e5", "number"),
        ("number", "1234567890123456", "digits"),
        ("number", "0.1234567", "digits"),
        ("yes_no", "多分", "yes_no"),
        ("choice", "廃止", "choice"),
        ("date", "令和6年2月30日", "date"),
        ("moment", "きのう", "moment"),
        ("moment", "令和6年4月1日", "moment"),
        ("moment", "令和6年4月31日 10:00", "moment"),
        ("moment", "令和6年4月1日 25:00", "moment"),
        ("fiscal_year", "令和6年4月1日", "fiscal_year"),
    ],
)
def test_what_is_refused(key: str, typed: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        SAMPLES[key].kind.parse(typed)
    assert caught.value.code == code
    assert caught.value.found
    assert caught.value.expected


@pytest.mark.parametrize("found", ["7", 7.0, True, None])
def test_json_numbers_are_strict(found: kinds.JsonValue) -> None:
    with pytest.raises(Invalid):
        SAMPLES["integer"].kind.from_json(found)
    with pytest.raises(Invalid):
        SAMPLES["fiscal_year"].kind.from_json(found)


def test_names_survive_as_they_were_typed() -> None:
    for name in ("髙﨑", "𠮷野", "神\ufa19", "葛\U000e0100城", "か\u3099"):
        assert kinds.Text().parse(name) == name


def test_choices_are_ordered_as_declared_and_shown_by_label() -> None:
    kind = kinds.Choice(OPTIONS)
    assert sorted(["none", "advance"], key=lambda code: str(kind.order(code))) == ["advance", "none"]
    assert kind.format("operate") == kind.to_cell("operate") == "運用"
