"""Changes of a definition's parts: whatever is pressed, the definition stays one."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.services.procedures import offers
from yakuba.services.procedures.definition import document
from yakuba.services.procedures.definition.model import Definition, Question
from yakuba.services.procedures.designing import differences, editing, entries, facts, pieces
from yakuba.services.procedures.ready import all_ready

START = editing.empty("見本", "application", "mayor")


def test_the_empty_procedure_is_one() -> None:
    assert document.read(document.write(START)) == START


@pytest.mark.parametrize("one", all_ready(), ids=lambda one: one.key)
def test_the_forms_of_a_ready_procedure_change_nothing(one: object) -> None:
    """Every form of every part, read back as it is drawn."""
    definition: Definition = one.definition  # type: ignore[attr-defined]  # a ready procedure
    for group in facts.GROUPS:
        assert back(group.form(definition), definition) == definition, group.slug
    for step in definition.steps:
        assert back(pieces.step_form(definition), step) == step
    for section in definition.sections():
        assert back(pieces.section_form(definition), section) == section
    for place in editing.places(definition):
        form = pieces.question_form(definition, place.question, inside=place.group is not None)
        assert pieces.fitted(back(form, place.question)) == place.question


def back(form: entries.Form[entries.P], part: entries.P) -> entries.P:
    """A form read as it is drawn."""
    drawn = entries.show(form, part)
    typed: dict[str, list[str]] = {}
    for item in drawn.items:
        fields = [item] if isinstance(item, entries.FieldShown) else [one for row in item.rows for one in row]
        for one in fields:
            typed[one.key] = list(one.value) if isinstance(one.value, tuple) else [one.value]
    found = entries.read(form, part, typed)
    assert not found.errors
    return found.part


PRESSES = st.lists(
    st.tuples(
        st.sampled_from(
            ["step", "page", "question", "group", "copy", "copy-page", "up", "down", "page-up", "page-down", "remove", "remove-page"]
        ),
        st.integers(0, 30),
    ),
    max_size=25,
)  # fmt: skip


@given(PRESSES)
def test_whatever_is_pressed_it_stays_a_definition(presses: list[tuple[str, int]]) -> None:
    definition = START
    for press, number in presses:
        definition = pressed(definition, press, number)
    keys = [one.key for one in definition.questions()]
    assert len(set(keys)) == len(keys)
    assert document.read(document.write(definition)) == definition


def pressed(definition: Definition, press: str, number: int) -> Definition:  # noqa: PLR0911 – a table of presses
    """One press on whichever part there is."""
    steps, pages, questions = definition.steps, list(definition.sections()), list(definition.questions())
    if press == "step" and len(steps) < 10:
        return editing.add_step(definition, {"ja": "段階"})[0]
    if press == "page" and steps and len(pages) < 25:
        return editing.add_section(definition, steps[number % len(steps)].key, {"ja": "ページ"})[0]
    if pages:
        page = pages[number % len(pages)].key
        if press in {"question", "group"} and len(questions) < 60:
            made = pieces.fresh(definition, "text" if press == "question" else "group", "質問")
            return editing.add_question(definition, page, made)
        if press == "copy-page" and len(pages) < 25 and len(questions) < 60:
            return editing.copy_section(definition, page)[0]
        if press in {"page-up", "page-down"}:
            return editing.move_section(definition, page, -1 if press == "page-up" else 1)
        if press == "remove-page":
            return editing.remove_section(definition, page)
    if questions:
        key = questions[number % len(questions)].key
        if press == "copy" and len(questions) < 60:
            return editing.copy_question(definition, key)[0]
        if press in {"up", "down"}:
            return editing.move_question(definition, key, -1 if press == "up" else 1)
        if press == "remove":
            return editing.remove_question(definition, key)
    return definition


def test_a_page_moves_over_the_end_of_its_step() -> None:
    definition, second = editing.add_step(START, {"ja": "二"})
    moved = editing.move_section(definition, "applicant", 1)
    assert [[page.key for page in step.sections] for step in moved.steps] == [[], ["applicant", second]]
    assert editing.move_section(moved, "applicant", -1) == definition


def test_choices_keep_their_codes_when_they_change_places() -> None:
    question = pieces.fresh(START, "choice", "どれ", options="一\n二\n三")
    definition = editing.add_question(START, "applicant", question)
    form = pieces.question_form(definition, question, inside=False)
    typed = {"label": ["どれ"], "kind": ["choice"], "required": ["1"]}
    for number, (label, order) in enumerate([("一", "3"), ("二", "1"), ("", "2"), ("四", "4")]):
        typed |= {f"options.{number}.label": [label], f"options.{number}.order": [order]}
    found = entries.read(form, question, typed)
    assert [(one.code, one.label["ja"]) for one in found.part.options] == [
        ("c2", "二"),
        ("c1", "一"),
        ("c3", "四"),
    ]


def test_a_changed_kind_leaves_nothing_behind() -> None:
    question = Question("q", "text", {"ja": "質問"}, max_length=10, stands_for="applicant.organisation")
    typed = {
        "label": ["質問"],
        "kind": ["date"],
        "required": ["1"],
        "max_length": ["10"],
        "stands_for": ["applicant.organisation"],
    }
    form = pieces.question_form(START, question, inside=False)
    fresh = pieces.fitted(entries.read(form, question, typed).part)
    assert (fresh.kind, fresh.max_length, fresh.stands_for) == ("date", 0, "")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("令和8年4月1日 8:30", dt.datetime(2026, 3, 31, 23, 30, tzinfo=dt.UTC)),
        ("R8.4.1 17:15", dt.datetime(2026, 4, 1, 8, 15, tzinfo=dt.UTC)),
        ("2026-04-01T08:30", dt.datetime(2026, 3, 31, 23, 30, tzinfo=dt.UTC)),
        ("２０２６年４月１日　９時", dt.datetime(2026, 4, 1, 0, 0, tzinfo=dt.UTC)),
        ("2026-04-01", dt.datetime(2026, 3, 31, 15, 0, tzinfo=dt.UTC)),
    ],
)
def test_moments_as_people_write_them(text: str, moment: dt.datetime) -> None:
    assert entries.read_moment(text) == moment


@given(st.text(max_size=30))
def test_no_text_is_more_than_refused(text: str) -> None:
    with contextlib.suppress(entries.Wrong):
        entries.read_moment(text)


def test_differences_are_told_where_they_are() -> None:
    before = offers.definition()
    question = editing.place_of(before, "reason").question
    after = editing.remove_question(before, "birth")
    after = editing.edit_question(
        after, "reason", Question("reason", "long_text", {"ja": "わけ"}, required=False)
    )
    told = [(one.place, one.label, one.before, one.after) for one in differences.between(before, after)]
    assert ("申請する人「わけ」", "質問", question.label["ja"], "わけ") in told
    assert any(label == "質問がなくなります" and was == "生年月日" for _place, label, was, _now in told)
    assert differences.between(before, before) == []
