"""Reading, checking and showing answers.

Answers (:data:`Given`) are question key → canonical JSON. A question that is not asked keeps its answer while somebody fills in
(who goes back finds it again), but it does not count: conditions do not see it, and :func:`clean` leaves it out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from django.utils import translation
from django.utils.translation import gettext as _

from yakuba.kernel.fields.kinds import JsonValue
from yakuba.kernel.text.my_number import hide
from yakuba.services.procedures.definition import conditions
from yakuba.services.procedures.definition.forms import (
    ADD,
    REMOVE,
    FieldView,
    FileShown,
    QuestionView,
    field_name,
)
from yakuba.services.procedures.definition.kinds import Scope, kind_of
from yakuba.services.procedures.definition.kinds.base import Filled, Posted, storable
from yakuba.services.procedures.definition.kinds.rows import fewest_rows, most_rows, rows_posted
from yakuba.services.procedures.definition.model import Definition, Demand, Question, Section, said

Given: TypeAlias = Mapping[str, JsonValue]
_NO_FILES: Final[Mapping[str, FileShown]] = {}


@dataclass(frozen=True, slots=True)
class VisibleSection:
    """A page and the questions that are asked on it; a page without any is not shown."""

    section: Section
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What a posted page said.

    Keep ``given`` and ``typed`` both, whatever the problems: ``given`` has what could be read, ``typed`` (field name → text) what
    could not. ``appeared``: questions that were not on the page that was posted and are asked now. ``pressed``: a button for rows
    was pressed. The page is done when :attr:`complete`; otherwise it is shown again.
    """

    given: dict[str, JsonValue]
    problems: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    appeared: tuple[str, ...] = ()
    pressed: bool = False

    @property
    def complete(self) -> bool:
        """Whether one may go on to the next page."""
        return not (self.problems or self.appeared or self.pressed)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """All answers checked as on sending. ``problems``: (section key, question key, message); keys are empty for the whole."""

    given: dict[str, JsonValue]
    problems: list[tuple[str, str, str]]


# --- what is asked ---------------------------------------------------------------------------------------------------


def _true(condition: str, given: Given, definition: Definition, day: dt.date) -> bool:
    return not condition or conditions.parse(condition).true(given, definition, day)


def standing(
    definition: Definition, given: Given, day: dt.date
) -> tuple[frozenset[str], dict[str, JsonValue]]:
    """(keys of the questions that are asked, the answers of those)."""
    asked: set[str] = set()
    counted: dict[str, JsonValue] = {}
    pages: dict[str, bool] = {}
    for section, question in definition.asking_order:
        shown = pages.get(section.key)
        if shown is None or section.when:
            shown = pages[section.key] = _true(section.when, counted, definition, day)
        if shown and _true(question.when, counted, definition, day):
            asked.add(question.key)
            if given.get(question.key) is not None:
                counted[question.key] = given[question.key]
    return frozenset(asked), counted


def visible(definition: Definition, given: Given, day: dt.date) -> tuple[VisibleSection, ...]:
    """The pages with the questions that are asked, in the order of the form."""
    asked, _counted = standing(definition, given, day)
    found = (
        VisibleSection(section, tuple(one for one in section.questions if one.key in asked))
        for section in definition.sections()
    )
    return tuple(one for one in found if one.questions)


# --- reading a page --------------------------------------------------------------------------------------------------


def read_section(
    definition: Definition, section_key: str, posted: Mapping[str, Sequence[str]], given: Given, day: dt.date
) -> Read:
    """The answers of a posted page, merged into those so far. Files are attached by :func:`attach`, never by a posted id.

    KeyError where the definition has no such page.
    """
    section = definition.section(section_key)
    if section is None:
        raise KeyError(section_key)
    before, _counted = standing(definition, given, day)
    posted, pressed = _buttons(section, posted)
    # First what was typed, so that the page's own conditions see it; then what of it is asked is judged.
    merged = dict(given)
    for question in section.questions:
        if not _attached(question) and _is_posted(question, posted, before):
            merged[question.key] = kind_of(question).parse(question, field_name(question.key), posted).value
    asked, counted = standing(definition, merged, day)
    problems: dict[str, str] = {}
    typed: dict[str, str] = {}
    appeared: list[str] = []
    scope = Scope(definition, day, counted)
    for question in section.questions:
        name = field_name(question.key)
        if question.key not in asked:
            # What is hidden keeps the answer that it had.
            merged[question.key] = given.get(question.key)
        elif _attached(question):
            problems.update(kind_of(question).check(question, name, merged.get(question.key), scope).problems)
        elif not _is_posted(question, posted, before):
            appeared.append(question.key)
            if question.required:
                problems[name] = _("答えに応じて「%s」の質問が増えました。続けて答えてください。") % _said(
                    question
                )
        else:
            found = kind_of(question).read(question, name, posted, scope)
            merged[question.key] = found.value
            problems.update(found.problems)
            if found.problems:
                typed.update(_typed(name, posted))
    kept: dict[str, JsonValue] = {key: value for key, value in merged.items() if value is not None}
    if pressed:
        return Read(_with_row(section, kept, pressed), {}, typed, (), pressed=True)
    if not problems:
        problems = _rules_at(definition, section, kept, day)
    return Read(kept, problems, typed, tuple(appeared))


def _attached(question: Question) -> bool:
    return question.kind in {"file", "photo"}


def _said(question: Question) -> str:
    return said(question.label, translation.get_language() or "ja")


def _is_posted(question: Question, posted: Posted, before: frozenset[str]) -> bool:
    """Whether the question was on the page: boxes and radio buttons post nothing when nothing is chosen."""
    name = field_name(question.key)
    return question.key in before or any(key == name or key.startswith(f"{name}.") for key in posted)


def _typed(name: str, posted: Posted) -> dict[str, str]:
    """What could not be read, to be shown again. It is kept with the form, so a 個人番号 is no part of it."""
    return {
        key: hide(storable("\n".join(texts)))
        for key, texts in posted.items()
        if key == name or key.startswith(f"{name}.")
    }


def _buttons(section: Section, posted: Posted) -> tuple[Posted, str]:
    """(what was posted without rows that are to go, the button for rows that was pressed: its group's key)."""
    found = dict(posted)
    pressed = ""
    for question in section.questions:
        if question.kind != "group":
            continue
        name = field_name(question.key)
        count = rows_posted(name, found)
        if f"{ADD}{question.key}" in posted:
            pressed = f"{ADD}{question.key}"
            continue
        removed = {row for row in range(count) if f"{REMOVE}{question.key}.{row}" in posted}
        if removed:
            pressed = pressed or f"{REMOVE}{question.key}"
        else:
            blank = [row for row in range(count) if _is_blank(f"{name}.{row}", found)]
            removed = set(blank[: max(count - fewest_rows(question), 0)]) if blank else set()
        _renumber(name, found, [row for row in range(count) if row not in removed], count)
    return found, pressed


def _is_blank(name: str, posted: Posted) -> bool:
    return not any("".join(texts).strip() for key, texts in posted.items() if key.startswith(f"{name}."))


def _renumber(name: str, posted: dict[str, Sequence[str]], kept: Sequence[int], count: int) -> None:
    if len(kept) == count:
        return
    places = {row: place for place, row in enumerate(kept)}
    for key in [one for one in posted if one.startswith(f"{name}.")]:
        row, _dot, rest = key[len(name) + 1 :].partition(".")
        texts = posted.pop(key)
        if row.isascii() and row.isdigit() and int(row) in places:
            # Rows only move towards the front, so nothing is overwritten that has not moved yet.
            posted[f"{name}.{places[int(row)]}.{rest}"] = texts


def _with_row(section: Section, given: dict[str, JsonValue], pressed: str) -> dict[str, JsonValue]:
    if not pressed.startswith(ADD):
        return given
    question = next(one for one in section.questions if f"{ADD}{one.key}" == pressed)
    rows = given.get(question.key)
    now = list(rows) if isinstance(rows, list | tuple) else [{} for _row in range(fewest_rows(question))]
    return {**given, question.key: [*now, {}]} if len(now) < most_rows(question) else given


def attach(given: Given, key: str, upload: str) -> dict[str, JsonValue]:
    """The answers with one more upload at a question."""
    return {**given, key: [*_uploads(given, key), upload]}


def detach(given: Given, key: str, upload: str) -> dict[str, JsonValue]:
    """The answers without an upload; nothing happens where it is not attached."""
    left: list[JsonValue] = [one for one in _uploads(given, key) if one != upload]
    rest = {name: value for name, value in given.items() if name != key}
    return {**rest, key: left} if left else rest


def _uploads(given: Given, key: str) -> list[JsonValue]:
    found = given.get(key)
    return list(found) if isinstance(found, list | tuple) else []


# --- rules over several answers --------------------------------------------------------------------------------------


def _rules(definition: Definition) -> Iterator[tuple[Demand, bool]]:
    """All demands, and who may apply as one more (at the last question that it asks for); True where that one is meant."""
    for demand in definition.demands:
        yield demand, False
    if definition.may_apply:
        names = conditions.parse(definition.may_apply).names()
        at = next((one.key for one in reversed(list(definition.questions())) if one.key in names), "")
        yield Demand(definition.may_apply, definition.may_not_apply, at), True


def _broken(
    definition: Definition, given: Given, day: dt.date, *, complete: bool
) -> Iterator[tuple[Demand, str]]:
    """Demands that do not hold. One that compares an answer that is not there says nothing.

    Before all answers are ``complete``, who may apply is not asked of nobody's answers.
    """
    asked, counted = standing(definition, given, day)
    language = translation.get_language() or "ja"
    for demand, who in _rules(definition):
        rule = conditions.parse(demand.holds)
        if demand.at in asked | {""} and rule.compared() <= counted.keys():
            if who and not complete and not (rule.names() & counted.keys()):
                continue
            if _true(demand.when, counted, definition, day) and not rule.true(counted, definition, day):
                fallback = (
                    _("この手続の対象に当てはまりません。")
                    if who
                    else _("答えの組み合わせを確かめてください。")
                )
                yield demand, said(demand.message, language) or fallback


def _rules_at(definition: Definition, section: Section, given: Given, day: dt.date) -> dict[str, str]:
    here = {one.key for one in section.questions}
    found: dict[str, str] = {}
    for demand, message in _broken(definition, given, day, complete=False):
        if demand.at in here:
            question = definition.by_key[demand.at]
            found.setdefault(kind_of(question).first_field(field_name(demand.at)), message)
    return found


def clean(definition: Definition, given: Given, day: dt.date) -> Cleaned:
    """All answers as on sending: hidden ones and unknown keys left out, everything required there, bounds and demands kept."""
    asked, counted = standing(definition, given, day)
    scope = Scope(definition, day, counted)
    kept: dict[str, JsonValue] = {}
    problems: list[tuple[str, str, str]] = []
    places: dict[str, str] = {}
    for section in definition.sections():
        for question in section.questions:
            places[question.key] = section.key
            if question.key not in asked:
                continue
            found = kind_of(question).check(
                question, field_name(question.key), given.get(question.key), scope
            )
            if found.value is not None:
                kept[question.key] = found.value
            problems += [
                (section.key, question.key, message) for message in dict.fromkeys(found.problems.values())
            ]
    if not problems:
        problems = [
            (places.get(demand.at, ""), demand.at, message)
            for demand, message in _broken(definition, kept, day, complete=True)
        ]
    return Cleaned(kept, problems)


# --- showing ---------------------------------------------------------------------------------------------------------


def form_question(
    question: Question,
    given: Given,
    typed: Mapping[str, str],
    problems: Mapping[str, str],
    *,
    scope: Scope,
    language: str = "ja",
    files: Mapping[str, FileShown] = _NO_FILES,
) -> QuestionView:
    """The question as a form shows it, rows of a group and attached files too."""
    with translation.override(language):
        return kind_of(question).view(
            question,
            field_name(question.key),
            given.get(question.key),
            Filled(typed, problems, files, language),
            scope,
        )


def form_page(
    definition: Definition,
    page: VisibleSection,
    given: Given,
    read: Read | None,
    day: dt.date,
    *,
    language: str = "ja",
    files: Mapping[str, FileShown] = _NO_FILES,
) -> tuple[QuestionView, ...]:
    """A whole page of the form; ``read`` is what was posted and is shown again, None for a page that is opened."""
    _asked, counted = standing(definition, given, day)
    scope = Scope(definition, day, counted)
    typed, problems = (read.typed, read.problems) if read else ({}, {})
    return tuple(
        form_question(one, given, typed, problems, scope=scope, language=language, files=files)
        for one in page.questions
    )


def form_fields(
    question: Question,
    given: Given,
    typed: Mapping[str, str],
    problems: Mapping[str, str],
    language: str = "ja",
    files: Mapping[str, FileShown] = _NO_FILES,
    *,
    definition: Definition | None = None,
    day: dt.date | None = None,
) -> list[FieldView]:
    """All fields of a question. For a group whose inner questions have conditions, give definition and day."""
    scope = Scope(definition or Definition({}, "", "", ()), day or dt.date.min, given)
    view = form_question(question, given, typed, problems, scope=scope, language=language, files=files)
    return list(view.every_field())
