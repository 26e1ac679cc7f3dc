"""What a filling asks: its definition, or of a correction request only the questions that are asked again."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.utils.translation import get_language

from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.files.uploads import Taken
from yakuba.services.procedures.definition.kinds import kind_of
from yakuba.services.procedures.definition.kinds.attached import FileKind
from yakuba.services.procedures.definition.model import Definition, Question, Section, Step, said
from yakuba.services.procedures.models import Filling, Release
from yakuba.services.procedures.published.queries import definition_of

CORRECTION: Final = "correction"
_FILES: Final = frozenset({"file", "photo"})
Given = Mapping[str, JsonValue]


def asked_of(filling: Filling) -> Definition:
    """What a filling asks."""
    definition = definition_of(filling.publication_id)
    return definition if filling.release is None else asked_again(definition, filling.release)


def day_of(filling: Filling, now: dt.datetime) -> dt.date:
    """The day on which one answers, for conditions and bounds.

    A correction is judged by the day on which the application arrived: an answer that nobody asked about again must not become
    wrong by waiting.
    """
    return japan_date(now if filling.release is None else filling.release.submission.arrived_at)


def asked_again(definition: Definition, release: Release) -> Definition:
    """The questions of a correction request, on one page.

    Their conditions go: the other answers are the desk's, and the office has asked for these whatever the others say.
    """
    wanted = {str(key) for key in release.body.get("questions") or ()}
    questions = tuple(
        dataclasses.replace(question, when="")
        for section in definition.sections()
        for question in section.questions
        if question.key in wanted
    )
    section = Section(CORRECTION, {"ja": release.title}, questions)
    return dataclasses.replace(
        definition, steps=(Step(CORRECTION, {"ja": release.title}, (section,)),), demands=(), may_apply=""
    )


def most_pages(definition: Definition) -> int:
    """How many pages one goes through at most, with those for notices and for checking: what the line of progress counts."""
    return sum(1 for _section in definition.sections()) + 2


def way_of_result(definition: Definition) -> Question | None:
    """The question by which a form itself asks how the result is handed over: its choices are the ways that the procedure has.

    It is always asked, so that its answer can stand for the way.
    """
    ways = set(definition.result)
    return next(
        (
            one
            for section in definition.sections()
            if not section.when
            for one in section.questions
            if one.kind == "choice" and one.required and not one.when and len(ways) > 1
            if {option.code for option in one.options} == ways
        ),
        None,
    )


def settled_way(definition: Definition, given: Given) -> str:
    """The way of the result where nothing is left to ask: the only one, or what a question of the form says; else empty."""
    if len(definition.result) == 1:
        return definition.result[0]
    asked = way_of_result(definition)
    return str(given.get(asked.key) or "") if asked else ""


def takes_files(definition: Definition) -> bool:
    """Whether any question asks for a file."""
    return any(question.kind in _FILES for question in definition.questions())


def files_in(definition: Definition, given: Given) -> set[UUID]:
    """The ids of all uploads that the answers name."""
    return {
        UUID(one)
        for question in top_questions(definition)
        if is_file(question)
        for one in files_at(given, question.key)
    }


def top_questions(definition: Definition) -> tuple[Question, ...]:
    """The questions that are in no group."""
    return tuple(question for section in definition.sections() for question in section.questions)


# --- files in answers ------------------------------------------------------------------------------------------------


def file_question(definition: Definition, section_key: str, key: str) -> Question | None:
    """The question of a page that asks for files; None where the page has no such question."""
    section = definition.section(section_key)
    found = next((one for one in section.questions if one.key == key), None) if section else None
    return found if found is not None and is_file(found) else None


def files_at(given: Given, key: str) -> list[str]:
    """The uploads that stand at a question."""
    value = given.get(key)
    return [str(one) for one in value] if isinstance(value, list) else []


def allowed(question: Question) -> tuple[frozenset[str], int]:
    """(the kinds of file that a question takes, the largest size of one in bytes)."""
    kind = kind_of(question)
    if not isinstance(kind, FileKind):
        raise TypeError(f"{question.key} asks for no file")
    return frozenset(kind.types(question)), kind.size(question)


def label_of(question: Question) -> str:
    """A question's label in the language of the page."""
    return said(question.label, language())


def language() -> str:
    """The language of the page, as texts of a definition know it."""
    return get_language() or "ja"


def as_taken(taken: Taken) -> dict[str, JsonValue]:
    """What ``kernel/files`` took, as data of an action."""
    return {
        "sha256": taken.sha256,
        "name": taken.name,
        "content_type": taken.content_type,
        "made_by_us": taken.made_by_us,
        "pages": taken.inspected.pages,
    }


def is_file(question: Question) -> bool:
    """Whether the answer is a list of files."""
    return question.kind in _FILES
