"""What is asked, what a page said, what is sent, what is shown."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.services.procedures.definition.examples import ANSWERS, DAY, EVERYTHING, NAME, UPLOAD, define
from yakuba.services.procedures.definition import answers
from yakuba.services.procedures.definition.answers import FileShown, form_page, read_section, visible
from yakuba.services.procedures.definition.kinds import kind_of, rows
from yakuba.services.procedures.definition.model import Definition


def posted_of(definition: Definition, given: dict[str, Any]) -> dict[str, list[str]]:
    """What a browser posts for these answers."""
    found: dict[str, list[str]] = {}
    for section in definition.sections():
        for question in section.questions:
            if question.key in given:
                found |= kind_of(question).texts(question, f"q.{question.key}", given[question.key])
    return found


CHIP = define(
    {"key": "chip", "kind": "yes_no", "label": "マイクロチップ"},
    {"key": "number", "kind": "text", "label": "チップの番号", "when": "chip"},
    {"key": "tag", "kind": "choice", "label": "鑑札", "when": "not chip", "options": [{"code": "post", "label": "郵送"}, {"code": "desk", "label": "窓口"}]},
    {"key": "where", "kind": "address", "label": "送り先", "when": "tag = 'post'"},
)  # fmt: skip


def test_everything_that_is_posted_is_read() -> None:
    files = {"a_file": ANSWERS["a_file"], "a_photo": ANSWERS["a_photo"]}
    read = read_section(EVERYTHING, "page", posted_of(EVERYTHING, ANSWERS), files, DAY)
    assert read.problems == {}
    assert read.given == ANSWERS
    assert read.complete
    assert answers.clean(EVERYTHING, read.given, DAY) == answers.Cleaned(ANSWERS, [])


def test_nothing_posted_names_every_required_question() -> None:
    read = read_section(EVERYTHING, "page", {}, {}, DAY)
    required = {q.key for s in EVERYTHING.sections() for q in s.questions if q.required}
    assert {name.split(".")[1] for name in read.problems} == required
    assert read.given == {}
    cleaned = answers.clean(EVERYTHING, {}, DAY)
    assert {key for _section, key, _message in cleaned.problems} == required


def test_what_cannot_be_read_is_kept_as_typed() -> None:
    posted = posted_of(EVERYTHING, ANSWERS) | {"q.a_date": ["きのう"], "q.a_name.family_kana": ["手本"]}
    read = read_section(EVERYTHING, "page", posted, ANSWERS, DAY)
    assert set(read.problems) == {"q.a_date", "q.a_name.family_kana"}
    assert "きのう" in read.problems["q.a_date"]
    assert read.typed["q.a_date"] == "きのう"
    assert read.typed["q.a_name.given"] == "くみこ"
    page = form_page(EVERYTHING, visible(EVERYTHING, read.given, DAY)[0], read.given, read, DAY)
    fields = {field.key: field for view in page for field in view.every_field()}
    assert fields["q.a_date"].value == "きのう"
    assert fields["q.a_date"].error == read.problems["q.a_date"]
    assert fields["q.a_name.family_kana"].value == "手本"
    assert fields["q.a_text"].value == "𠮷太郎"


def test_hidden_questions_do_not_count() -> None:
    def asked(given: dict[str, Any]) -> list[str]:
        return [q.key for page in visible(CHIP, given, DAY) for q in page.questions]

    assert asked({}) == ["chip", "tag"]
    assert asked({"chip": True}) == ["chip", "number"]
    assert asked({"chip": False, "tag": "post"}) == ["chip", "tag", "where"]
    # The answer «post» is still there, but its question is not asked any more.
    assert asked({"chip": True, "tag": "post"}) == ["chip", "number"]
    cleaned = answers.clean(CHIP, {"chip": True, "tag": "post", "number": "1"}, DAY)
    assert cleaned == answers.Cleaned({"chip": True, "number": "1"}, [])


def test_questions_that_appear_by_an_answer_of_the_same_page() -> None:
    read = read_section(CHIP, "page", {"q.chip": ["1"]}, {}, DAY)
    assert read.appeared == ("number",)
    assert set(read.problems) == {"q.number"}
    assert not read.complete
    read = read_section(CHIP, "page", {"q.chip": ["1"], "q.number": ["392…"]}, read.given, DAY)
    assert read.complete


def test_who_goes_back_finds_the_other_answer_again() -> None:
    read = read_section(CHIP, "page", {"q.chip": ["1"]}, {"chip": False, "tag": "desk"}, DAY)
    assert read.given == {"chip": True, "tag": "desk"}
    read = read_section(CHIP, "page", {"q.chip": ["0"], "q.tag": ["desk"]}, read.given, DAY)
    assert read.complete


def test_rows_are_added_and_removed_without_a_script() -> None:
    posted = posted_of(EVERYTHING, ANSWERS) | {"add.a_group": ["1"], "q.a_group.1.born": ["いつか"]}
    read = read_section(EVERYTHING, "page", posted, ANSWERS, DAY)
    assert read.pressed
    assert not read.problems
    assert len(read.given["a_group"]) == 3  # type: ignore[arg-type]  # a list
    assert read.typed["q.a_group.1.born"] == "いつか"
    # The first row goes; the second moves up with what was typed.
    posted = posted | {"remove.a_group.0": ["1"]}
    del posted["add.a_group"]
    read = read_section(EVERYTHING, "page", posted, ANSWERS, DAY)
    assert read.given["a_group"] == [{"child": ANSWERS["a_group"][1]["child"], "ill": False}]
    assert read.typed["q.a_group.0.born"] == "いつか"
    assert "q.a_group.1.born" not in read.typed


def test_what_a_row_asks_is_found_out_once_for_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = [
        {"key": f"i{n}", "kind": "text", "label": "x", "when": f"answered(i{n - 1})"} for n in range(1, 20)
    ]
    first = {"key": "i0", "kind": "text", "label": "x"}
    group = define({"key": "g", "kind": "group", "label": "x", "maximum": "50", "questions": [first, *inner]})
    asked: list[object] = []
    asks = rows.row_asks
    monkeypatch.setattr(rows, "row_asks", lambda *given: asked.append(given) or asks(*given))
    posted = {f"q.g.{row}.i{n}": ["あ"] for row in range(50) for n in range(20)}
    assert read_section(group, "page", posted, {}, DAY).complete
    assert len(asked) <= 50 * 2


def test_blank_rows_are_left_out() -> None:
    posted = posted_of(EVERYTHING, ANSWERS)
    for part in ("family", "given", "family_kana", "given_kana"):
        posted[f"q.a_group.2.child.{part}"] = [""]
    read = read_section(EVERYTHING, "page", posted, ANSWERS, DAY)
    assert read.complete
    assert len(read.given["a_group"]) == 2  # type: ignore[arg-type]  # a list


def test_demands_and_who_may_apply() -> None:
    definition = define(
        {"key": "born", "kind": "date", "label": "生まれた日"},
        {"key": "died", "kind": "date", "label": "死んだ日", "required": False},
        may_apply="years(born) >= 18",
        may_not_apply="18歳以上の方の手続です。",
        demands=[{"holds": "died >= born", "message": "生まれた日より後にしてください。", "at": "died"}],
    )
    given = {"born": "2000-01-01"}
    assert answers.clean(definition, given, DAY).problems == []
    late = answers.clean(definition, {**given, "died": "1999-01-01"}, DAY)
    assert late.problems == [("page", "died", "生まれた日より後にしてください。")]
    young = read_section(definition, "page", {"q.born": ["2010-01-01"]}, {}, DAY)
    assert young.problems == {"q.born": "18歳以上の方の手続です。"}
    assert answers.clean(definition, {}, DAY).problems[0][1] == "born"


def test_who_may_apply_is_asked_at_the_end_at_the_latest() -> None:
    definition = define(
        {"key": "paper", "kind": "file", "label": "書類", "required": False},
        {"key": "why", "kind": "text", "label": "事情"},
        may_apply="answered(paper)",
        may_not_apply="書類のある方の手続です。",
    )
    assert read_section(definition, "page", {"q.why": ["x"]}, {}, DAY).complete
    assert answers.clean(definition, {"why": "x"}, DAY).problems == [
        ("page", "paper", "書類のある方の手続です。")
    ]


def test_a_posted_upload_id_attaches_nothing() -> None:
    read = read_section(EVERYTHING, "page", posted_of(EVERYTHING, ANSWERS), {}, DAY)
    assert set(read.problems) == {"q.a_file"}
    given = answers.attach(answers.attach({}, "a_file", UPLOAD), "a_file", "b")
    assert answers.detach(given, "a_file", "b") == {"a_file": [UPLOAD]}
    assert answers.detach({"a_file": [UPLOAD]}, "a_file", UPLOAD) == {}


def test_what_is_shown() -> None:
    files = {UPLOAD: FileShown(UPLOAD, "証明.pdf", "2ページ")}
    sections = answers.shown(EVERYTHING, ANSWERS, files=files)
    lines = {line.key: line for section in sections for line in section.lines}
    assert lines["a_name"].lines == ("手本 くみこ", "テホン クミコ")
    assert lines["a_date"].lines == ("平成2年5月6日",)
    assert lines["a_number"].lines == ("2.5 頭",)
    assert lines["a_yen"].lines == ("3,000円",)
    assert lines["a_many"].lines == ("雑種", "その他")
    assert lines["an_address"].lines[1] == "群馬県みほん市見本町一丁目2番3号 ひながた荘101"
    assert lines["a_file"].files == (files[UPLOAD],)
    assert "配慮の内容 食物アレルギー" in lines["a_group"].lines[0]
    english = answers.shown(EVERYTHING, ANSWERS, "en")[0].lines
    assert next(line.label for line in english if line.key == "a_name") == "Name"
    del (shorter := dict(ANSWERS))["a_mail"]
    line = next(one for one in answers.shown(EVERYTHING, shorter, day=DAY)[0].lines if one.key == "a_mail")
    assert not line.answered


def test_columns_and_cells_belong_together() -> None:
    columns = answers.columns(EVERYTHING)
    assert len({column.key for column in columns}) == len(columns)
    flat = answers.flat(EVERYTHING, ANSWERS)
    assert list(flat) == [column.key for column in columns]
    assert flat["a_name.family"] == "手本"
    assert flat["a_date"] == dt.date(1990, 5, 6)
    assert flat["a_group.2.child.given"] == "こじ"
    assert flat["a_group.3.child.given"] is None
    assert set(answers.flat(EVERYTHING, {}).values()) == {None}


def test_parties() -> None:
    applicant = answers.parties(EVERYTHING, ANSWERS)["applicant"]
    assert applicant.name == "手本 くみこ"
    assert applicant.kana == "テホン クミコ"
    assert applicant.birth == dt.date(1990, 5, 6)
    assert applicant.address == "群馬県みほん市見本町一丁目2番3号 ひながた荘101"
    assert answers.parties(EVERYTHING, {}) == {"applicant": answers.PartyAnswers()}


@pytest.mark.parametrize(
    ("count", "fee"), [("3", 30_000), ("1.5", None), ("-2", None), ("999999999999999", None)]
)
def test_a_fee_is_one_that_a_database_holds(count: str, fee: int | None) -> None:
    copies = {"key": "copies", "kind": "number", "label": "通数"}
    rule = {"rule": "per_count", "amount": 10_000, "question": "copies"}
    assert answers.fee(define(copies, fee=rule), {"copies": count}) == fee


def test_fee() -> None:
    count = {"key": "copies", "kind": "number", "label": "通数"}
    kind = {
        "key": "sort",
        "kind": "many",
        "label": "種類",
        "options": [
            {"code": "a", "label": "甲", "price": 300},
            {"code": "b", "label": "乙", "price": 350},
            {"code": "c", "label": "丙"},
        ],
    }
    assert answers.fee(define(count), {}) == 0
    assert answers.fee(define(count, fee={"rule": "fixed", "amount": 3000}), {}) == 3000
    per_count = define(count, fee={"rule": "per_count", "amount": 300, "question": "copies"})
    assert answers.fee(per_count, {"copies": "3"}) == 900
    assert answers.fee(per_count, {}) is None
    by_choice = define(kind, fee={"rule": "by_choice", "question": "sort"})
    assert answers.fee(by_choice, {"sort": ["a", "b"]}) == 650
    assert answers.fee(by_choice, {"sort": ["a", "c"]}) is None
    assert answers.fee(define(count, fee={"rule": "later"}), {}) is None


def test_one_name_only() -> None:
    definition = define({"key": "name", "kind": "name", "label": "氏名"})
    mononym = {"q.name.family": ["SUHARTO"], "q.name.family_kana": ["スハルト"]}
    assert read_section(definition, "page", mononym, {}, DAY).complete
    read = read_section(
        definition, "page", {"q.name.family": ["手本"], "q.name.family_kana": ["ﾃﾎﾝ"]}, {}, DAY
    )
    assert set(read.problems) == {"q.name.given", "q.name.given_kana"}
    assert NAME["family"] in read.typed.values()
