"""One contract for every kind of question, and what is special about some."""

from __future__ import annotations

import json
import typing
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.procedures.definition.examples import (
    ADDRESS,
    ANSWERS,
    DAY,
    EVERYTHING,
    QUESTIONS,
    UPLOAD,
    define,
)
from yakuba.services.procedures.definition import model
from yakuba.services.procedures.definition.kinds import BY_KEY, Scope, kind_of
from yakuba.services.procedures.definition.kinds.base import Filled
from yakuba.services.procedures.definition.model import Question

SCOPE = Scope(EVERYTHING, DAY)
ALL = [pytest.param(EVERYTHING.by_key[one["key"]], id=one["kind"]) for one in QUESTIONS]
_anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["family", "given", "postal", "city", "child", "born", "x"]), inner)
    ),
    max_leaves=5,
)
_typed = st.text(max_size=12) | st.sampled_from(
    [
        "１２",
        "R6.4.1",
        "mix",
        "1",
        "0",
        "ﾎﾟﾁ",
        "９９９－０００１",
        "a@b.jp",
        "\x00",
        "\ud800",
        "群馬県",
        "=1+1",
        "0279000000",
        UPLOAD,
    ]
)


def one(kind: str, **facts: Any) -> Question:
    return define({"key": "q", "kind": kind, "label": "質問", **facts}).by_key["q"]


def read(question: Question, **texts: str) -> tuple[Any, dict[str, str]]:
    posted = {f"q.q{f'.{part}' if part else ''}": [text] for part, text in texts.items()}
    found = kind_of(question).read(question, "q.q", posted, SCOPE)
    return found.value, dict(found.problems)


def line(question: Question, text: str) -> Any:
    """The answer in one line of text, or the message."""
    found = kind_of(question).read(question, "q.q", {"q.q": [text]}, SCOPE)
    return found.value if not found.problems else found.problems["q.q"]


def test_every_kind_is_there() -> None:
    assert set(BY_KEY) == {code for code, _label in model.KINDS} == set(typing.get_args(model.Kind))
    assert {param.values[0].kind for param in ALL} == set(BY_KEY)  # type: ignore[union-attr]  # questions


@pytest.mark.parametrize("question", ALL)
def test_round_trip(question: Question) -> None:
    kind, value, name = kind_of(question), ANSWERS[question.key], f"q.{question.key}"
    assert kind.check(question, name, value, SCOPE).value == value
    jsonschema.validate(value, kind.schema(question), format_checker=jsonschema.FormatChecker())
    posted = kind.texts(question, name, value)
    found = kind.read(question, name, posted, SCOPE)
    assert (found.value, dict(found.problems)) == (value, {})
    # A browser posts what the view's fields hold.
    view = kind.view(question, name, value, Filled(), SCOPE)
    held = {field.key: list(field.values) or [field.value] for field in view.every_field()}
    if question.kind not in {"file", "photo", "consent"}:
        assert {key: texts for key, texts in held.items() if texts != [""]} == {
            key: texts for key, texts in posted.items() if texts != [""]
        }
    assert all(isinstance(text, str) for text in kind.lines(question, value, Filled()))
    assert len(kind.cells(question, value)) == len(kind.cells(question, None)) == len(kind.columns(question))
    assert all(field.drawn for field in view.every_field())


@pytest.mark.parametrize("question", ALL)
def test_an_answer_that_is_not_there(question: Question) -> None:
    kind, name = kind_of(question), f"q.{question.key}"
    for nothing in (None, "", [], {}):
        found = kind.check(question, name, nothing, SCOPE)
        assert found.value is None
        assert bool(found.problems) is question.required
    assert kind.view(question, name, None, Filled(), SCOPE).key == question.key


@pytest.mark.parametrize("question", ALL)
@given(value=_anything)
@settings(max_examples=30, deadline=None)
def test_whatever_json_comes_it_is_judged(question: Question, value: Any) -> None:
    kind, name = kind_of(question), f"q.{question.key}"
    found = kind.check(question, name, value, SCOPE)
    assert all(isinstance(message, str) and message.encode() for message in found.problems.values())
    if found.problems or found.value is None:
        return
    json.dumps(found.value, allow_nan=False)
    again = kind.check(question, name, found.value, SCOPE)
    assert (again.value, dict(again.problems)) == (found.value, {})
    jsonschema.validate(found.value, kind.schema(question))
    assert len(kind.cells(question, found.value)) == len(kind.columns(question))
    kind.lines(question, found.value, Filled())


@pytest.mark.parametrize("question", ALL)
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_whatever_is_posted_it_is_read(question: Question, data: st.DataObject) -> None:
    kind, name = kind_of(question), f"q.{question.key}"
    names = [name, *kind.texts(question, name, ANSWERS[question.key]), f"{name}.99.child.family", f"{name}.x"]
    posted = data.draw(st.dictionaries(st.sampled_from(names), st.lists(_typed, max_size=3), max_size=6))
    found = kind.read(question, name, posted, SCOPE)
    assert all(message.encode() for message in found.problems.values())
    if not found.problems and found.value is not None:
        assert kind.check(question, name, found.value, SCOPE).value == found.value
    view = kind.view(question, name, found.value, Filled(problems=found.problems), SCOPE)
    shown = {field.key for field in view.every_field()} | {view.anchor}
    assert set(found.problems) <= shown


def test_letters_are_never_changed() -> None:
    for text in ("𠮷野家", "髙﨑", "葛󠄀城", "ｱｲｳ", "①", "㈱ひながた", "はちろう　"):
        assert line(one("text"), text) == text.strip()
    found, problems = read(one("name"), family="𠮷﨑", given="髙子", family_kana="よしざき", given_kana="ﾀｶｺ")
    assert not problems
    assert found == {"family": "𠮷﨑", "given": "髙子", "family_kana": "ヨシザキ", "given_kana": "タカコ"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("R8.4.1", "2026-04-01"), ("令和８年４月１日", "2026-04-01"), ("平成元年1月8日", "1989-01-08"), ("20260401", "2026-04-01")],
)  # fmt: skip
def test_dates(text: str, expected: str) -> None:
    assert line(one("date"), text) == expected


def test_bounds_of_dates() -> None:
    assert line(one("date", latest="today"), "2026-04-10") == "2026-04-10"
    assert "令和8年4月10日以前" in line(one("date", latest="today"), "2026-04-11")
    assert "令和8年4月1日以降" in line(one("date", earliest="2026-04-01"), "2026-03-31")
    assert "暦" in line(one("date"), "2026-02-30") or "日付" in line(one("date"), "2026-02-30")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("０９０－００００－００００", "090-0000-0000"), ("0279ー00ー0000", "0279-00-0000"), ("(0279)00 0000", "0279-00-0000"), ("+81 90 0000 0000", "+81-90-0000-0000"), ("09000000000", "09000000000")],
)  # fmt: skip
def test_phones(text: str, expected: str) -> None:
    assert line(one("phone"), text) == expected


@pytest.mark.parametrize("text", ["110", "0279-00", "090-0000-00000", "でんわ", "1" * 80])
def test_no_phones(text: str) -> None:
    assert "電話番号" in line(one("phone"), text)


def test_mail() -> None:
    assert line(one("mail"), " Tehon.Kumiko＠Example.JP ") == "Tehon.Kumiko@example.jp"
    assert line(one("mail"), "te..hon.@docomo.example.jp") == "te..hon.@docomo.example.jp"
    for text in ("tehon", "a@b", "a b@example.jp", "a@example.jp\nBcc: b@example.jp", "手本@example.jp"):
        assert "メールアドレス" in line(one("mail"), text)


def test_numbers_and_yen() -> None:
    assert line(one("number", minimum="0.5", maximum="10"), "２．５０") == "2.5"
    assert "0.5頭以上10頭以下" in line(one("number", minimum="0.5", maximum="10", unit="頭"), "11")
    assert line(one("yen"), "１，２００円") == 1200
    assert line(one("yen"), "-1") != -1
    assert line(one("yen", minimum="-100"), "-1") == -1


def test_addresses() -> None:
    found, problems = read(one("address"), **{**ADDRESS, "postal": "〒９９９０００１"})
    assert (found, problems) == (ADDRESS, {})
    _found, problems = read(one("address"), **{**ADDRESS, "prefecture": "みほん県", "postal": "123"})
    assert set(problems) == {"q.q.postal", "q.q.prefecture"}
    _found, problems = read(one("address"), **{**ADDRESS, "number": "", "city": ""})
    assert set(problems) == {"q.q.city"}
    _found, problems = read(one("address"), **{**ADDRESS, "number": "", "town": ""})
    assert set(problems) == {"q.q.number"}
    assert read(one("address", required=False), **dict.fromkeys(ADDRESS, " ")) == (None, {})


def test_choices() -> None:
    options = [{"code": f"c{n}", "label": f"{n}番"} for n in range(9)]
    assert "使えません" in line(one("choice", options=options[:2]), "c5")
    many = one("many", options=options, minimum="2", maximum="3")
    kind = kind_of(many)
    assert kind.check(many, "q.q", ["c3", "c1"], SCOPE).value == ["c1", "c3"]
    assert kind.check(many, "q.q", ["c3"], SCOPE).problems
    assert kind.check(many, "q.q", ["c1", "c2", "c3", "c4"], SCOPE).problems
    view = kind_of(one("choice", options=options)).view(
        one("choice", options=options), "q.q", None, Filled(), SCOPE
    )
    assert view.fields[0].widget == "select"


def test_only_a_tick_is_a_consent() -> None:
    question = one("consent")
    for value in (False, 1, "true", "1"):
        assert kind_of(question).check(question, "q.q", value, SCOPE).problems


def test_how_many_files() -> None:
    question = one("file", minimum="2", maximum="3")
    ids = [f"0198c0de-0000-7000-8000-00000000000{n}" for n in range(4)]
    kind = kind_of(question)
    assert kind.check(question, "q.q", ids[:2], SCOPE).value == ids[:2]
    assert kind.check(question, "q.q", ids[:1], SCOPE).problems
    assert kind.check(question, "q.q", ids, SCOPE).problems
    view = kind.view(question, "q.q", ids[:3], Filled(), SCOPE)
    assert (view.room, view.fields, len(view.files)) == (0, (), 3)
    (field,) = kind.view(question, "q.q", ids[:1], Filled(), SCOPE).fields
    assert field.required, "one that is attached makes the question no free one"


def test_tokens_for_filling_in_are_for_what_one_tells_about_oneself() -> None:
    view = kind_of(EVERYTHING.by_key["an_address"]).view(
        EVERYTHING.by_key["an_address"], "q.a", None, Filled(), SCOPE
    )
    assert [field.autocomplete for field in view.fields][:3] == [
        "postal-code",
        "address-level1",
        "address-level2",
    ]
    other = one("address")
    assert {
        field.autocomplete for field in kind_of(other).view(other, "q.q", None, Filled(), SCOPE).fields
    } == {""}


def test_every_row_has_names_of_its_own() -> None:
    group = EVERYTHING.by_key["a_group"]
    view = kind_of(group).view(group, "q.a_group", ANSWERS["a_group"], Filled(), SCOPE)
    anchors = [question.anchor for row in view.rows for question in row.questions]
    assert anchors[:2] == ["q.a_group.0.child", "q.a_group.0.born"]
    assert len(set(anchors)) == len(anchors)
    names = [field.key for field in view.every_field()]
    assert len(set(names)) == len(names)
    assert all(any(name == one or name.startswith(f"{one}.") for one in anchors) for name in names)
