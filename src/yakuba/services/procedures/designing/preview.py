"""A page of the form as citizens see it, drawn by what draws theirs. Pure but for drawing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yakuba.services.procedures.definition.answers import QuestionView, form_question
from yakuba.services.procedures.definition.kinds.base import Scope
from yakuba.services.procedures.definition.model import Definition, Section, said


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as citizens see it, with the condition under which they do."""

    view: QuestionView
    when: str


@dataclass(frozen=True, slots=True)
class PagePreview:
    """A page with all its questions, also those that only some are asked."""

    key: str
    title: str
    help: str
    when: str
    questions: tuple[Asked, ...]


def page(definition: Definition, section: Section, day: dt.date, language: str = "ja") -> PagePreview:
    """One page, empty, in a language."""
    scope = Scope(definition, day, {})
    questions = tuple(
        Asked(form_question(one, {}, {}, {}, scope=scope, language=language), one.when)
        for one in section.questions
    )
    return PagePreview(
        section.key, said(section.title, language), said(section.help, language), section.when, questions
    )


def pages(definition: Definition, day: dt.date, language: str = "ja") -> list[PagePreview]:
    """Every page in its order."""
    return [page(definition, section, day, language) for section in definition.sections()]
