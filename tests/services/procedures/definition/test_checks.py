"""The list before publishing."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest

from tests.services.procedures.definition.examples import define
from yakuba.services.procedures.definition import checks
from yakuba.services.procedures.definition.model import Definition, Opening

TODAY = dt.date(2026, 11, 20)
NAME = {"key": "who", "kind": "name", "label": "氏名", "stands_for": "applicant.name"}
PHONE = {"key": "phone", "kind": "phone", "label": "電話", "stands_for": "applicant.phone"}
HOME = {"key": "home", "kind": "address", "label": "住所", "stands_for": "applicant.address"}
GOOD: dict[str, Any] = {
    "summary": "犬を登録します。",
    "grounds": [{"kind": "act", "name": "狂犬病予防法", "article": "第4条"}],
    "criteria_url": "https://example.jp/criteria",
    "term": {"amount": 3},
    "remedies": "3か月以内に市長に審査請求ができます。6か月以内に取消しの訴えを起こせます。",
    "who": "犬を飼う人",
    "routed": True,
    "matter": "犬の登録",
    "result": ["counter"],
    "words": ["犬"],
}
NOTIFICATION: dict[str, Any] = {
    "kind": "notification",
    "summary": "届け出ます。",
    "grounds": GOOD["grounds"],
    "who": "犬を飼う人",
    "words": ["犬"],
}


def look(definition: Definition) -> dict[str, str]:
    """Place → level of what was found, the graver one of each place; each says something."""
    found = checks.look(definition, today=TODAY)
    assert all(one.message and one.where for one in found)
    assert [one.level for one in found] == sorted((one.level for one in found), reverse=True)
    return {one.place: one.level for one in reversed(found)}


def changed(*questions: dict[str, Any], **facts: Any) -> dict[str, str]:
    merged = {key: value for key, value in {**GOOD, **facts}.items() if value is not None}
    return look(define(*(questions or (NAME, PHONE)), **merged))


def test_nothing_to_say() -> None:
    assert changed() == {}
    assert look(define(NAME, PHONE, **NOTIFICATION)) == {}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"grounds": None}, {"grounds": "stop"}),
        ({"grounds": [{"kind": "none", "name": "定めなし"}]}, {"grounds": "stop"}),
        ({"grounds": [{"kind": "act", "name": "狂犬病予防法"}]}, {"grounds[0].article": "ask"}),
        ({"criteria_url": None}, {"criteria_url": "ask"}),
        ({"term": None}, {"term": "stop"}),
        ({"term": None, "term_note": "件ごとに違うため"}, {}),
        ({"remedies": None}, {"remedies": "stop"}),
        ({"remedies": None, "remedies_note": "処分ではないため"}, {}),
        ({"remedies": "不服は窓口へ"}, {"remedies": "ask"}),
        ({"grounds": [{"kind": "guideline", "name": "要綱"}]}, {"remedies": "ask"}),
        ({"routed": None}, {"routed": "ask"}),
        ({"matter": None}, {"matter": "stop"}),
        ({"result": None}, {"result": "stop"}),
        ({"result": ["post"]}, {"result": "ask"}),
        ({"accept_on_arrival": True}, {"accept_on_arrival": "stop"}),
        ({"identity": "signature"}, {"identity": "stop"}),
        ({"identity": "signature", "not_online": "窓口へ来てください。"}, {}),
        ({"may_apply": "answered(who)"}, {"may_not_apply": "stop"}),
        ({"may_apply": "answered(who)", "may_not_apply": "市内の人だけです。"}, {}),
        ({"may_apply": "1 = 1", "may_not_apply": "市内の人だけです。"}, {"may_apply": "stop"}),
        ({"fee": {"rule": "fixed", "note": "窓口で"}}, {"fee.amount": "stop"}),
        ({"fee": {"rule": "fixed", "amount": 300}}, {"fee.note": "ask"}),
        ({"fee": {"rule": "per_count", "amount": 300, "note": "窓口で"}}, {"fee.question": "stop"}),
        ({"fee": {"rule": "per_count", "amount": 300, "note": "窓口で", "question": "who"}}, {"fee.question": "stop"}),
        ({"fee": {"rule": "by_choice", "note": "窓口で", "question": "who"}}, {"fee.question": "stop"}),
        ({"fee": {"rule": "later", "note": "決定のあと"}}, {}),
        ({"opening": {"closes_at": "2026-11-01T00:00:00+09:00"}}, {"opening.closes_at": "stop"}),
        ({"agent": True}, {"steps": "stop", "agent": "ask"}),
        ({"person_concerned": True}, {"steps": "stop"}),
        ({"summary": None}, {"summary": "ask"}),
        ({"who": None}, {"who": "ask"}),
        ({"words": None}, {"words": "ask"}),
        ({"languages": ["ja", "fr"]}, {"languages": "ask", "title": "ask"}),
        ({"kind": "inquiry"}, {"remedies": "ask"}),
        ({"kind": "booking", "term": None, "remedies": None}, {"term": "ask"}),
    ],
)  # fmt: skip
def test_facts(facts: dict[str, Any], expected: dict[str, str]) -> None:
    assert changed(**facts) == expected


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        ({"remedies": GOOD["remedies"]}, "remedies"),
        ({"routed": True, "matter": "x"}, "routed"),
        ({"criteria_url": "https://example.jp/"}, "criteria_url"),
        ({"result": ["download"]}, "result"),
    ],
)
def test_a_notification_decides_nothing(facts: dict[str, Any], place: str) -> None:
    assert look(define(NAME, PHONE, **NOTIFICATION, **facts)) == {place: "stop"}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ({"kind": "text", "label": "個人番号"}, {"": "stop"}),
        ({"kind": "file", "label": "マイナンバーカードの裏面", "max_mb": 5, "types": ["image/jpeg"]}, {"": "stop", "needs": "ask"}),
        ({"kind": "text", "label": "番号", "help": "マイナンバーを書いてください。"}, {"": "stop"}),
        ({"kind": "text", "label": "備考", "help": "マイナンバーは書かないでください。"}, {}),
        ({"kind": "yes_no", "label": "マイナンバーカードを持っていますか"}, {}),
        ({"kind": "choice", "label": "番号", "options": [{"code": "a", "label": "My Number"}, {"code": "b", "label": "なし"}]}, {"": "stop"}),
        ({"kind": "text", "label": "振込先の口座"}, {"": "ask"}),
        ({"kind": "text", "label": "振込先の口座", "help": "還付の振込みに使います（要綱7条）。"}, {}),
        ({"kind": "choice", "label": "種類"}, {".options": "stop"}),
        ({"kind": "choice", "label": "種類", "options": [{"code": "a", "label": "甲"}]}, {".options": "ask"}),
        ({"kind": "group", "label": "子ども"}, {".questions": "stop"}),
        ({"kind": "file", "label": "書類", "types": ["application/pdf"], "max_mb": 5}, {"needs": "ask"}),
        ({"kind": "file", "label": "書類", "required": False, "types": ["application/pdf"], "max_mb": 5}, {".required": "ask"}),
        ({"kind": "photo", "label": "写真"}, {".max_mb": "ask", "needs": "ask"}),
        ({"kind": "file", "label": "書類"}, {".max_mb": "ask", ".types": "ask", "needs": "ask"}),
    ],
)  # fmt: skip
def test_questions(question: dict[str, Any], expected: dict[str, str]) -> None:
    at = "steps[0].sections[0].questions[2]"
    places = {place if place == "needs" else f"{at}{place}": level for place, level in expected.items()}
    assert changed(NAME, PHONE, {"key": "more", **question}) == places


def test_who_asks_and_how_to_reach_them() -> None:
    assert changed(PHONE) == {"steps": "stop"}
    assert changed(NAME) == {"steps": "ask"}
    assert changed(NAME, identity="mail") == {}
    child = {"key": "child", "kind": "name", "label": "子", "stands_for": "person.name"}
    assert changed(NAME, PHONE, child) == {"person_concerned": "stop"}
    assert changed(NAME, PHONE, child, person_concerned=True) == {}


def test_prices() -> None:
    options = [{"code": "a", "label": "甲", "price": 1}, {"code": "b", "label": "乙"}]
    sort = {"key": "sort", "kind": "choice", "label": "種類", "options": options}
    fee = {"rule": "by_choice", "question": "sort", "note": "窓口で"}
    assert changed(NAME, PHONE, sort, fee=fee) == {"fee.question": "stop"}
    options[1]["price"] = 0
    assert changed(NAME, PHONE, sort, fee=fee) == {}


def test_size_of_the_form() -> None:
    assert changed(*[]) == {}
    empty = dataclasses.replace(define(**GOOD), steps=())
    assert look(empty)["steps"] == "stop"
    many = [{"key": f"q{n}", "kind": "text", "label": "項目"} for n in range(8)]
    assert changed(NAME, PHONE, *many) == {"steps[0].sections[0]": "ask"}
    definition = define(NAME, PHONE, **GOOD)
    step = definition.steps[0]
    pages = [
        dataclasses.replace(
            step.sections[0],
            key=f"p{n}",
            questions=tuple(
                dataclasses.replace(one, key=f"{one.key}{n}", stands_for="")
                for one in step.sections[0].questions
            ),
        )
        for n in range(12)
    ]
    long = dataclasses.replace(
        definition, steps=(dataclasses.replace(step, sections=(*step.sections, *pages)),)
    )
    assert look(long) == {"steps": "ask"}


def test_languages() -> None:
    asked = {**NAME, "label": {"ja": "氏名", "en": "Name"}}
    found = checks.look(define(asked, PHONE, **GOOD, languages=["ja", "en"]), today=TODAY)
    assert [one.level for one in found] == ["ask"]
    assert found[0].place == "title"
    assert "English" in found[0].message
    assert "6か所" in found[0].message  # title, summary, who, step, page, the phone


def test_what_does_not_fit_is_told_first() -> None:
    definition = define(NAME, PHONE, **GOOD)
    opening = Opening(dt.datetime(2026, 4, 2, tzinfo=dt.UTC), dt.datetime(2026, 4, 1, tzinfo=dt.UTC))
    assert look(dataclasses.replace(definition, opening=opening)) == {"opening.closes_at": "stop"}
    assert look(dataclasses.replace(definition, may_apply="nobody = 1")) == {"may_apply": "stop"}
    assert look(dataclasses.replace(definition, authority="", retention="")) == {
        "authority": "stop",
        "retention": "stop",
    }
