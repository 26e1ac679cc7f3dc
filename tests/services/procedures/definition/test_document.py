"""``yakuba-procedure/1``: read with every problem, written canonically."""

from __future__ import annotations

import copy
import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.services.procedures.definition.examples import EVERYTHING, OPTIONS, QUESTIONS, define, raw
from yakuba.services.procedures.definition import document
from yakuba.services.procedures.definition.model import KINDS, Definition, Question
from yakuba.services.procedures.definition.source import MOST_PROBLEMS

FULL: dict[str, Any] = raw(
    *QUESTIONS,
    summary={
        "ja": "犬を飼いはじめた人の手続です。\n二行目",
        "en": "For new owners of a dog.",
        "ja-simple": "いぬを かった ひと",
    },
    grounds=[{"kind": "act", "name": "狂犬病予防法", "article": "第4条第1項"}],
    criteria_url="https://example.jp/criteria",
    term={"amount": 3, "unit": "business_days", "start": "next_day", "holiday": "next_open"},
    form_number="様式第1号",
    remedies="決定に不服があるときは…",
    may_apply="years(a_date) >= 18",
    may_not_apply="18歳以上の方の手続です。",
    agent=True,
    opening={"opens_at": "2026-04-01T09:00:00+09:00", "places": 12},
    needs=[{"label": "証明書", "question": "a_file"}],
    fee={"rule": "per_count", "amount": 3000, "question": "a_number", "note": "窓口で"},
    identity="mail",
    result=["download", "post"],
    languages=["ja", "en", "ja-simple"],
    life_events=["pet"],
    words=["犬を飼った"],
    demands=[{"holds": "count(a_group) <= 2 or a_yes_no", "message": "多すぎます。", "at": "a_group"}],
    checks=["手数料を受け取ったか"],
)


def refused(changed: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(document.Refused) as caught:
        document.read(changed)
    assert caught.value.problems
    return dict(caught.value.problems)


def test_round_trip() -> None:
    definition = document.read(FULL)
    written = document.write(definition)
    assert document.read(written) == definition
    assert document.write(document.read(written)) == written
    assert document.load(document.dump(definition)) == definition
    assert document.load(document.dump(definition).encode("utf-8-sig")) == definition
    assert written["steps"][0]["sections"][0]["questions"][3]["label"] == {"ja": "氏名", "en": "Name"}  # type: ignore[index,call-overload]  # JSON
    assert written["title"] == "犬の登録"


def test_what_is_written_is_valid_under_the_schema() -> None:
    Draft202012Validator.check_schema(document.SCHEMA)
    validator = Draft202012Validator(document.SCHEMA)
    for definition in (document.read(FULL), EVERYTHING):
        assert list(validator.iter_errors(document.write(definition))) == []
    assert list(validator.iter_errors({**FULL, "colour": "red"}))


def test_a_draft_may_be_incomplete() -> None:
    empty = {
        "format": "yakuba-procedure/1",
        "title": "新しい手続",
        "kind": "application",
        "authority": "mayor",
    }
    assert document.read(empty).steps == ()
    assert define({"key": "a", "kind": "choice", "label": "何"}).by_key["a"].options == ()


def test_every_problem_is_named_by_its_place() -> None:
    changed = copy.deepcopy(FULL)
    page = changed["steps"][0]["sections"][0]
    page["questions"][2]["when"] = "a_choice = 'cat'"
    page["questions"][5]["maximum"] = "0"
    page["questions"][7]["options"].append({"code": "mix", "label": "もう一度"})
    page["questions"][8] |= {"options": copy.deepcopy(OPTIONS)}
    problems = refused(changed)
    assert list(problems) == ["steps[0].sections[0].questions[7].options[3].code"]
    page["questions"][7]["options"].pop()
    problems = refused(changed)
    assert set(problems) == {
        "steps[0].sections[0].questions[2].when",
        "steps[0].sections[0].questions[5].maximum",
    }
    assert "cat" in problems["steps[0].sections[0].questions[2].when"]


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        ({"colour": "red"}, "colour"),
        ({"format": "yakuba-procedure/9"}, "format"),
        ({"format": 1}, "format"),
        ({"title": ""}, "title"),
        ({"title": {"en": "Dog"}}, "title"),
        ({"title": {"ja": "犬", "日本": "犬"}}, "title.日本"),
        ({"kind": "wish"}, "kind"),
        ({"authority": None}, "authority"),
        ({"term": {"amount": "3"}}, "term.amount"),
        ({"term": {"amount": True}}, "term.amount"),
        ({"term": []}, "term"),
        ({"fee": {"rule": "fixed", "amount": -1}}, "fee.amount"),
        ({"fee": {"rule": "per_count", "question": "nobody"}}, "fee.question"),
        ({"criteria_url": "javascript:alert(1)"}, "criteria_url"),
        ({"opening": {"opens_at": "2026-04-01"}}, "opening.opens_at"),
        ({"opening": {"opens_at": "9999-12-31T23:59:00+00:00"}}, "opening.opens_at"),
        ({"opening": {"closes_at": "0001-01-02T00:00:00+00:00"}}, "opening.closes_at"),
        ({"opening": {"opens_at": "2026-04-01T00:00Z", "closes_at": "2026-03-01T00:00Z"}}, "opening.closes_at"),
        ({"may_apply": "age >= 18"}, "may_apply"),
        ({"demands": [{"holds": "a_yen > ", "message": "…", "at": "a_yen"}]}, "demands[0].holds"),
        ({"demands": [{"holds": "a_yen > 1", "message": "…", "at": "child"}]}, "demands[0].at"),
        ({"languages": ["en"]}, "languages"),
        ({"words": ["犬", "犬"]}, "words[1]"),
        ({"result": ["none", "post"]}, "result"),
        ({"grounds": ["狂犬病予防法"]}, "grounds[0]"),
        ({"summary": "a\x00b"}, "summary.ja"),
        ({"summary": "あ" * 5000}, "summary.ja"),
    ],
)  # fmt: skip
def test_a_wrong_fact(facts: dict[str, Any], place: str) -> None:
    assert list(refused({**FULL, **facts})) == [place]


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ({"key": "A", "kind": "text", "label": "x"}, "key"),
        ({"key": "and", "kind": "text", "label": "x"}, "key"),
        ({"key": "a", "kind": "text"}, "label"),
        ({"key": "a", "kind": "song", "label": "x"}, "kind"),
        ({"key": "a", "kind": "text", "label": "x", "when": "a = '1'"}, "when"),
        ({"key": "a", "kind": "text", "label": "x", "when": "b = '1'"}, "when"),
        ({"key": "a", "kind": "text", "label": "x", "minimum": "1"}, "minimum"),
        ({"key": "a", "kind": "number", "label": "x", "minimum": "many"}, "minimum"),
        ({"key": "a", "kind": "number", "label": "x", "minimum": 1}, "minimum"),
        ({"key": "a", "kind": "many", "label": "x", "maximum": "1.5"}, "maximum"),
        ({"key": "a", "kind": "file", "label": "x", "maximum": "1e999999999"}, "maximum"),
        ({"key": "a", "kind": "file", "label": "x", "maximum": "1.0"}, "maximum"),
        ({"key": "a", "kind": "number", "label": "x", "minimum": "1e999"}, "minimum"),
        ({"key": "a", "kind": "date", "label": "x", "latest": "1000-01-01"}, "latest"),
        ({"key": "a", "kind": "date", "label": "x", "latest": "tomorrow"}, "latest"),
        ({"key": "a", "kind": "date", "label": "x", "earliest": "2026-01-02", "latest": "2026-01-01"}, "latest"),
        ({"key": "a", "kind": "text", "label": "x", "stands_for": "applicant.birth"}, "stands_for"),
        ({"key": "a", "kind": "text", "label": "x", "stands_for": "applicant.shoes"}, "stands_for"),
        ({"key": "a", "kind": "file", "label": "x", "types": ["text/html"]}, "types[0]"),
        ({"key": "a", "kind": "text", "label": "x", "required": "yes"}, "required"),
    ],
)  # fmt: skip
def test_a_wrong_question(question: dict[str, Any], place: str) -> None:
    assert set(refused(raw(question))) == {f"steps[0].sections[0].questions[0].{place}"}


def test_a_group_holds_no_group_and_no_file() -> None:
    for kind in ("group", "file", "photo", "consent"):
        inner = {"key": "b", "kind": kind, "label": "x"}
        problems = refused(raw({"key": "a", "kind": "group", "label": "x", "questions": [inner]}))
        assert set(problems) == {"steps[0].sections[0].questions[0].questions[0].kind"}


def test_questions_of_a_row_are_seen_in_the_row_alone() -> None:
    inner = [
        {"key": "b", "kind": "yes_no", "label": "x"},
        {"key": "c", "kind": "text", "label": "x", "when": "b"},
    ]
    group = {"key": "a", "kind": "group", "label": "x", "questions": inner}
    assert document.read(raw(group))
    problems = refused(raw(group, {"key": "d", "kind": "text", "label": "x", "when": "b"}))
    assert set(problems) == {"steps[0].sections[0].questions[1].when"}


def test_rings_are_refused() -> None:
    def yes(key: str, when: str = "") -> dict[str, Any]:
        return {"key": key, "kind": "yes_no", "label": key, **({"when": when} if when else {})}

    ring = raw(yes("a", "b"), yes("b", "c"), yes("c", "a"))
    ((place, message),) = refused(ring).items()
    assert place.endswith("when")
    assert "→" in message
    # A later question may decide, as long as nothing decides about itself.
    assert document.read(raw(yes("a", "b"), yes("b")))
    # A page that is asked because of an answer on that page.
    page = raw(yes("a"))
    page["steps"][0]["sections"][0]["when"] = "a"
    assert refused(page)


def test_one_fact_has_one_question_unless_their_conditions_differ() -> None:
    def name(key: str, **more: str) -> dict[str, Any]:
        return {"key": key, "kind": "text", "label": key, "stands_for": "applicant.name", **more}

    kind = {"key": "firm", "kind": "yes_no", "label": "法人"}
    assert refused(raw(name("a"), name("b")))
    assert document.read(raw(kind, name("a", when="firm"), name("b", when="not firm")))


def test_too_much_is_refused() -> None:
    inner = [{"key": f"q{n}", "kind": "address", "label": "x"} for n in range(100)]
    wide = {"key": "a", "kind": "group", "label": "x", "maximum": "50", "questions": inner}
    assert list(refused(raw(wide))) == ["steps[0].sections[0].questions[0].maximum"]
    many = [{"key": f"q{n}", "kind": "text", "label": "x"} for n in range(201)]
    assert "steps" in " ".join(refused(raw(*many)))
    page = {"key": "p", "title": "x", "questions": []}
    steps = [{"key": "s", "title": "x", "sections": [{**page, "key": f"p{n}"} for n in range(31)]}]
    assert refused({**raw(), "steps": steps})


def test_a_hostile_file_fills_no_page() -> None:
    with pytest.raises(document.Refused) as caught:
        document.read({**raw(), **{f"k{n}": 1 for n in range(50_000)}})
    assert len(caught.value.problems) == MOST_PROBLEMS + 1
    assert "ほかにもあります" in caught.value.problems[-1][1]


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{", b'{"a": NaN}', b'{"a": 1, "a": 2}', b"\xff\xfe", b"[" * 100_000, b'{"format": "\\ud800"}', b" " * 1_000_001],
)  # fmt: skip
def test_files_that_are_none(data: bytes) -> None:
    with pytest.raises(document.Refused) as caught:
        document.load(data)
    assert caught.value.problems


def read_or_problems(changed: dict[str, Any]) -> Definition | None:
    """The definition, or None where it was refused with problems that can be shown."""
    try:
        return document.read(changed)
    except document.Refused as refusal:
        problems = refusal.problems
    assert problems
    assert all(f"{path}{message}".encode() and message for path, message in problems)
    return None


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@given(place=st.sampled_from(sorted(FULL)), value=_json)
@settings(max_examples=120, deadline=None)
def test_whatever_stands_somewhere_it_is_read_or_refused(place: str, value: Any) -> None:
    definition = read_or_problems({**FULL, place: value})
    if isinstance(definition, Definition):
        assert document.read(json.loads(json.dumps(document.write(definition)))) == definition


@given(
    member=st.sampled_from(sorted({key for one in QUESTIONS for key in one})),
    value=_json,
    at=st.integers(0, 16),
)
@settings(max_examples=120, deadline=None)
def test_whatever_stands_in_a_question_it_is_read_or_refused(member: str, value: Any, at: int) -> None:
    changed = copy.deepcopy(FULL)
    changed["steps"][0]["sections"][0]["questions"][at][member] = value
    definition = read_or_problems(changed)
    if isinstance(definition, Definition):
        assert document.read(document.write(definition)) == definition


def test_the_example_of_the_documentation() -> None:
    text = Path("docs/procedure-format.md").read_text("utf-8")
    example = text.split("```json\n")[1].split("```")[0]
    definition = document.load(example)
    assert document.load(document.dump(definition)) == definition
    for name in ("kind", "stands_for", *(field.name for field in dataclasses.fields(Definition))):
        assert f"`{name}`" in text, name
    for kind, _label in KINDS:
        assert f"`{kind}`" in text, kind


def test_every_member_of_the_model_is_in_the_schema() -> None:
    members: Any = document.SCHEMA["properties"]
    assert set(members) == {field.name for field in dataclasses.fields(Definition)} | {"format"}
    question = members["steps"]["items"]["properties"]["sections"]["items"]["properties"]["questions"][
        "items"
    ]
    assert set(question["properties"]) == {field.name for field in dataclasses.fields(Question)}


def test_an_older_format_is_brought_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def newer(old: dict[str, Any]) -> dict[str, Any]:
        return {
            **{key: value for key, value in old.items() if key != "name"},
            "format": "yakuba-procedure/1",
            "title": old["name"],
        }

    monkeypatch.setattr(document, "UPGRADES", {"yakuba-procedure/0": newer})
    old = {"format": "yakuba-procedure/0", "name": "犬の登録", "kind": "application", "authority": "mayor"}
    assert document.read(old).title == {"ja": "犬の登録"}
    monkeypatch.setattr(
        document, "UPGRADES", {"a": lambda _old: {"format": "b"}, "b": lambda _old: {"format": "a"}}
    )
    assert "format" in refused({"format": "a"})
