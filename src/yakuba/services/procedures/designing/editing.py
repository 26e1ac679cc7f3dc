"""Changes of a definition's steps, pages and questions. Pure: each takes a definition and gives the changed one.

Keys name what is changed. ``LookupError`` for a key that is not there: somebody else has removed it meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from yakuba.services.procedures.definition.model import Definition, Kind, Question, Section, Step, Text

T = TypeVar("T", bound=Step | Section | Question)
#: What an answer of the person who applies usually is, by the kind of question: asked for first, filled in by once-only later.
_FIRST: Final[tuple[tuple[str, Kind, str, str], ...]] = (
    ("applicant_name", "name", "氏名", "applicant.name"),
    ("applicant_address", "address", "住所", "applicant.address"),
    ("applicant_phone", "phone", "電話番号", "applicant.phone"),
)


def empty(title: str, kind: str, authority: str) -> Definition:
    """A definition to begin with: one page that asks who applies."""
    questions = tuple(
        Question(key, of, {"ja": label}, stands_for=stands_for) for key, of, label, stands_for in _FIRST
    )
    section = Section("applicant", {"ja": "申請する方"}, questions)
    return Definition({"ja": title}, kind, authority, (Step("step1", {"ja": "記入"}, (section,)),))


def keys(definition: Definition) -> frozenset[str]:
    """Every key that is taken."""
    found = {step.key for step in definition.steps} | {one.key for one in definition.sections()}
    return frozenset(found | {one.key for one in definition.questions()})


def fresh_key(definition: Definition, prefix: str) -> str:
    """A key that is not taken: ``question7``."""
    taken = keys(definition)
    number = 1
    while f"{prefix}{number}" in taken:
        number += 1
    return f"{prefix}{number}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands: on which page of which step, and inside which group (empty: in none)."""

    step: Step
    section: Section
    group: Question | None
    question: Question

    @property
    def neighbours(self) -> tuple[Question, ...]:
        """The questions it stands among."""
        return self.group.questions if self.group else self.section.questions

    @property
    def index(self) -> int:
        """Its place among them, from 0."""
        return _index(self.neighbours, self.question.key)


def places(definition: Definition) -> list[Place]:
    """Every question with its place, in the order of the form."""
    found: list[Place] = []
    for step in definition.steps:
        for section in step.sections:
            for question in section.questions:
                found.append(Place(step, section, None, question))
                found += [Place(step, section, question, one) for one in question.questions]
    return found


def place_of(definition: Definition, key: str) -> Place:
    """Where a question stands."""
    found = next((one for one in places(definition) if one.question.key == key), None)
    if found is None:
        raise LookupError(key)
    return found


def step_of(definition: Definition, key: str) -> Step:
    """The step of that key."""
    return definition.steps[_index(definition.steps, key)]


def step_with(definition: Definition, section: str) -> Step:
    """The step that a page belongs to."""
    found = next((one for one in definition.steps if any(page.key == section for page in one.sections)), None)
    if found is None:
        raise LookupError(section)
    return found


def section_of(definition: Definition, key: str) -> Section:
    """The page of that key."""
    found = definition.section(key)
    if found is None:
        raise LookupError(key)
    return found


# --- steps -----------------------------------------------------------------------------------------------------------


def add_step(definition: Definition, title: Text) -> tuple[Definition, str]:
    """A step at the end, with a first page of the same title; and the page's key."""
    page = fresh_key(definition, "page")
    step = Step(fresh_key(definition, "step"), title, (Section(page, title, ()),))
    return replace(definition, steps=(*definition.steps, step)), page


def edit_step(definition: Definition, key: str, step: Step) -> Definition:
    """The step replaced."""
    return replace(definition, steps=_replaced(definition.steps, key, step))


def move_step(definition: Definition, key: str, by: int) -> Definition:
    """The step one place up (-1) or down (1); at the end it stays."""
    return replace(definition, steps=_moved(definition.steps, key, by))


def remove_step(definition: Definition, key: str) -> Definition:
    """Without the step and its pages."""
    return replace(definition, steps=_without(definition.steps, key))


# --- pages -----------------------------------------------------------------------------------------------------------


def add_section(definition: Definition, step: str, title: Text) -> tuple[Definition, str]:
    """A page at the end of a step, and its key."""
    key = fresh_key(definition, "page")
    made = Section(key, title, ())
    return _in_step(definition, step, lambda pages: (*pages, made)), key


def edit_section(definition: Definition, key: str, section: Section) -> Definition:
    """The page replaced; its questions are those of ``section``."""
    step = step_with(definition, key)
    return _in_step(definition, step.key, lambda pages: _replaced(pages, key, section))


def move_section(definition: Definition, key: str, by: int) -> Definition:
    """The page one place up or down; over the end of its step into the next one."""
    step = step_with(definition, key)
    at, mine = _index(definition.steps, step.key), _index(step.sections, key)
    if 0 <= mine + by < len(step.sections):
        return _in_step(definition, step.key, lambda pages: _moved(pages, key, by))
    if not 0 <= at + by < len(definition.steps):
        return definition
    page, other = step.sections[mine], definition.steps[at + by].key
    left = _in_step(definition, step.key, lambda pages: _without(pages, key))
    return _in_step(left, other, lambda pages: (*pages, page) if by < 0 else (page, *pages))


def copy_section(definition: Definition, key: str) -> tuple[Definition, str]:
    """The page once more behind itself, its questions under new keys; and the copy's key.

    A copied question stands for nothing: only one question stands for the applicant's name.
    """
    page = section_of(definition, key)
    step = step_with(definition, key)
    made = fresh_key(definition, "page")
    copied = replace(page, key=made, questions=())
    grown = _in_step(definition, step.key, lambda pages: _behind(pages, key, copied))
    for question in page.questions:
        renamed = _renamed(grown, question)
        grown = add_question(grown, made, renamed)
    return grown, made


def remove_section(definition: Definition, key: str) -> Definition:
    """Without the page and its questions."""
    step = step_with(definition, key)
    return _in_step(definition, step.key, lambda pages: _without(pages, key))


# --- questions -------------------------------------------------------------------------------------------------------


def add_question(definition: Definition, section: str, question: Question, *, group: str = "") -> Definition:
    """A question at the end of a page, or of a group on it."""
    return _among(definition, section, group, lambda there: (*there, question))


def edit_question(definition: Definition, key: str, question: Question) -> Definition:
    """The question replaced where it stands."""
    return _beside(definition, key, lambda there: _replaced(there, key, question))


def move_question(definition: Definition, key: str, by: int) -> Definition:
    """The question one place up or down among its neighbours; at the end it stays."""
    return _beside(definition, key, lambda there: _moved(there, key, by))


def copy_question(definition: Definition, key: str) -> tuple[Definition, str]:
    """The question once more behind itself under a new key, standing for nothing; and the copy's key."""
    copied = _renamed(definition, place_of(definition, key).question)
    return _beside(definition, key, lambda there: _behind(there, key, copied)), copied.key


def remove_question(definition: Definition, key: str) -> Definition:
    """Without the question."""
    return _beside(definition, key, lambda there: _without(there, key))


def take_question(definition: Definition, key: str, section: str) -> Definition:
    """The question taken to the end of another page."""
    question = place_of(definition, key).question
    section_of(definition, section)
    return add_question(remove_question(definition, key), section, question)


# --- inside ----------------------------------------------------------------------------------------------------------


def _renamed(definition: Definition, question: Question) -> Question:
    taken = set(keys(definition))

    def fresh(of: Question) -> Question:
        key, number = f"{of.key}_2", 2
        while key in taken:
            number += 1
            key = f"{of.key}_{number}"
        taken.add(key)
        return replace(of, key=key, stands_for="", questions=tuple(fresh(one) for one in of.questions))

    return fresh(question)


def _in_step(
    definition: Definition, key: str, change: Callable[[tuple[Section, ...]], tuple[Section, ...]]
) -> Definition:
    step = step_of(definition, key)
    return edit_step(definition, key, replace(step, sections=change(step.sections)))


def _in_section(
    definition: Definition, key: str, change: Callable[[tuple[Question, ...]], tuple[Question, ...]]
) -> Definition:
    page = section_of(definition, key)
    return edit_section(definition, key, replace(page, questions=change(page.questions)))


def _among(
    definition: Definition,
    section: str,
    group: str,
    change: Callable[[tuple[Question, ...]], tuple[Question, ...]],
) -> Definition:
    if not group:
        return _in_section(definition, section, change)

    def inside(there: tuple[Question, ...]) -> tuple[Question, ...]:
        whole = there[_index(there, group)]
        return _replaced(there, group, replace(whole, questions=change(whole.questions)))

    return _in_section(definition, section, inside)


def _beside(
    definition: Definition, key: str, change: Callable[[tuple[Question, ...]], tuple[Question, ...]]
) -> Definition:
    place = place_of(definition, key)
    return _among(definition, place.section.key, place.group.key if place.group else "", change)


def _index(there: Sequence[T], key: str) -> int:
    found = next((n for n, one in enumerate(there) if one.key == key), None)
    if found is None:
        raise LookupError(key)
    return found


def _replaced(there: tuple[T, ...], key: str, fresh: T) -> tuple[T, ...]:
    at = _index(there, key)
    return (*there[:at], fresh, *there[at + 1 :])


def _behind(there: tuple[T, ...], key: str, fresh: T) -> tuple[T, ...]:
    at = _index(there, key) + 1
    return (*there[:at], fresh, *there[at:])


def _without(there: tuple[T, ...], key: str) -> tuple[T, ...]:
    at = _index(there, key)
    return (*there[:at], *there[at + 1 :])


def _moved(there: tuple[T, ...], key: str, by: int) -> tuple[T, ...]:
    at = _index(there, key)
    to = min(max(at + by, 0), len(there) - 1)
    rest = [*there[:at], *there[at + 1 :]]
    rest.insert(to, there[at])
    return tuple(rest)
