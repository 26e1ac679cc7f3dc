"""The ready procedures: each can be published as it is, and filled in."""

from __future__ import annotations

import copy
import datetime as dt
import json
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.services.procedures.definition.filled import FILLED
from tests.services.procedures.definition.test_answers import posted_of
from yakuba.services.procedures import ready
from yakuba.services.procedures.definition import answers, checks, document
from yakuba.services.procedures.definition.answers import form_page, read_section, visible
from yakuba.services.procedures.definition.kinds import kind_of
from yakuba.services.procedures.definition.model import Definition
from yakuba.services.procedures.ready import Ready

TODAY = dt.date(2026, 11, 20)
ALL = [pytest.param(one, id=one.key) for one in ready.all_ready()]
BY_KEY = {one.key: one.definition for one in ready.all_ready()}


def test_there_are_twelve() -> None:
    assert len(ALL) == 12
    assert set(FILLED) == set(BY_KEY)


@pytest.mark.parametrize("one", ALL)
def test_a_paper_may_be_photographed(one: Ready) -> None:
    taken = {q.key: set(kind_of(q).types(q)) for q in one.definition.questions() if q.kind == "file"}
    assert all({"application/pdf", "image/jpeg", "image/png"} <= types for types in taken.values()), taken


@pytest.mark.parametrize("one", ALL)
def test_the_file_is_canonical_and_valid(one: Ready) -> None:
    text = files(ready).joinpath(f"{one.key}.json").read_text("utf-8")
    assert document.dump(one.definition) == text
    assert document.read(document.write(one.definition)) == one.definition
    assert list(Draft202012Validator(document.SCHEMA).iter_errors(json.loads(text))) == []


@pytest.mark.parametrize("one", ALL)
def test_nothing_stops_it(one: Ready) -> None:
    found = checks.look(one.definition, today=TODAY)
    assert [finding for finding in found if finding.level == "stop"] == []
    # Whatever is asked, it is not that a text is missing in a language that is promised.
    assert "languages" not in {finding.place for finding in found}


def test_three_speak_three_languages() -> None:
    spoken = {key for key, one in BY_KEY.items() if one.languages == ("ja", "en", "ja-simple")}
    assert spoken == {"dog-registration", "dog-change", "after-school-club"}


@pytest.mark.parametrize("one", ALL)
def test_a_filled_example_is_taken(one: Ready) -> None:
    given = FILLED[one.key]
    cleaned = answers.clean(one.definition, given, TODAY)
    assert cleaned.problems == []
    assert cleaned.given == given
    flat = answers.flat(one.definition, given)
    assert list(flat) == [column.key for column in answers.columns(one.definition)]
    schema = answers.schema(one.definition)
    Draft202012Validator.check_schema(schema)
    assert list(Draft202012Validator(schema).iter_errors(given)) == []
    parties = answers.parties(one.definition, given)
    assert parties["applicant"].name
    assert ("agent" in parties) <= one.definition.agent
    assert ("person" in parties) == one.definition.person_concerned
    for language in one.definition.languages:
        shown = answers.shown(one.definition, given, language, day=TODAY)
        assert {line.key for page in shown for line in page.lines} >= set(given)


@pytest.mark.parametrize("one", ALL)
def test_it_is_filled_in_page_by_page(one: Ready) -> None:
    """As a browser does it: each page that is shown is posted with what a person would type."""
    filled = FILLED[one.key]
    posted = posted_of(one.definition, filled)
    uploads = {key: filled[key] for key in filled if one.definition.by_key[key].kind in {"file", "photo"}}
    given: dict[str, Any] = dict(uploads)
    done: set[str] = set()
    while page := next((p for p in visible(one.definition, given, TODAY) if p.section.key not in done), None):
        for _again in range(5):
            views = form_page(one.definition, page, given, None, TODAY)
            assert len(views) == len(page.questions)
            read = read_section(one.definition, page.section.key, posted, given, TODAY)
            given = read.given
            if read.complete:
                break
        assert read.problems == {}
        done.add(page.section.key)
    assert answers.clean(one.definition, given, TODAY) == answers.Cleaned(filled, [])


@pytest.mark.parametrize("one", ALL)
def test_an_empty_form_says_what_is_missing(one: Ready) -> None:
    cleaned = answers.clean(one.definition, {}, TODAY)
    required = {
        question.key
        for page in visible(one.definition, {}, TODAY)
        for question in page.questions
        if question.required
    }
    assert {key for _page, key, _message in cleaned.problems} == required


def answered(key: str, **changed: Any) -> answers.Cleaned:
    given = {**copy.deepcopy(FILLED[key]), **changed}
    return answers.clean(BY_KEY[key], {k: v for k, v in given.items() if v is not None}, TODAY)


def test_a_dog_of_the_national_register_needs_no_application() -> None:
    found = answered("dog-registration", chip="national")
    ((page, question, message),) = found.problems
    assert (page, question) == ("chip_page", "chip")
    assert "国からの通知" in message
    assert answered("dog-registration", chip="none").problems == []
    assert "chip_number" not in answered("dog-registration", chip="none").given


def test_a_dog_that_left_is_told_elsewhere() -> None:
    assert answered("dog-change", moved_to="outside").problems[0][1] == "moved_to"
    assert answered("dog-change", what="died").problems == []


def test_the_class_is_for_the_aged() -> None:
    assert answered("smartphone-class", born="1990-01-01").problems[0][1] == "born"
    assert answered("smartphone-class", days=["first_am", "first_pm", "second_am"]).problems


def fee(key: str) -> int | None:
    return answers.fee(BY_KEY[key], FILLED[key])


def test_fees() -> None:
    assert fee("dog-registration") == 3000
    assert fee("dog-change") == 0
    assert fee("resident-record") == 600
    assert fee("tax-certificate") == 300
    assert fee("water-works") == 6000


def test_what_needs_a_signature_says_so() -> None:
    signed: dict[str, Definition] = {key: one for key, one in BY_KEY.items() if one.identity == "signature"}
    assert set(signed) == {"resident-record", "tax-certificate"}
    for one in signed.values():
        assert "電子署名を確かめられない" in one.not_online["ja"]
