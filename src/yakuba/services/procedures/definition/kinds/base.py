"""What every kind of question can do."""

from __future__ import annotations

import datetime as dt
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.fields import Invalid, JsonValue
from yakuba.kernel.fields.kinds import Cell
from yakuba.services.procedures.definition.forms import FieldView, FileShown, QuestionView, field_name
from yakuba.services.procedures.definition.model import Definition, Question, said

Posted = Mapping[str, Sequence[str]]
#: What is kept of one field that could not be read, so that nothing typed is lost.
TYPED_LIMIT: Final = 25_000
# A database does not store these, and nobody types them.
_UNSTORABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Scope:
    """Around a question: the definition, the day on which one answers, and the other answers (for conditions in a group)."""

    definition: Definition
    day: dt.date
    answers: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was read: the canonical JSON (None: no answer), and what is wrong by the form's field names."""

    value: JsonValue = None
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet: what is added to the question's key, and to its label."""

    suffix: str
    label: str


@dataclass(frozen=True, slots=True)
class Filled:
    """With what a question's fields are drawn: texts by field name, messages by field name, uploads by id."""

    typed: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, FileShown] = field(default_factory=dict)
    language: str = "ja"


class QuestionKind(ABC):
    """One kind of question.

    The contract, checked for every kind by one suite: what :meth:`texts` writes, :meth:`parse` reads back; :meth:`check` is
    idempotent and raises nothing whatever JSON comes; its result is valid under :meth:`schema`; :meth:`cells` has as many cells as
    :meth:`columns` has columns.
    """

    key: ClassVar[str]
    asks: ClassVar[str] = "fill"  # fill, choose, attach, agree: which words say that an answer is missing

    # --- reading ---------------------------------------------------------------------------------------------------

    def read(self, question: Question, name: str, posted: Posted, scope: Scope) -> Answer:
        """The answer in what a form posted; ``name`` is the form's name of the question."""
        found = self.parse(question, name, posted)
        return found if found.problems else self.check(question, name, found.value, scope)

    def check(self, question: Question, name: str, value: JsonValue, scope: Scope) -> Answer:
        """Whether canonical JSON is an answer to the question, bounds and all."""
        if value is None or value in ("", [], {}):
            missing = (
                {self.first_field(name): missing_words(question, self.asks)} if question.required else {}
            )
            return Answer(None, missing)
        try:
            return self.judge(question, name, value, scope)
        except Invalid as invalid:
            return Answer(None, {self.first_field(name): told(label_of(question), invalid)})

    def first_field(self, name: str) -> str:
        """The field at which a message about the whole question stands."""
        return name

    @abstractmethod
    def parse(self, question: Question, name: str, posted: Posted) -> Answer:
        """What was typed, as JSON that :meth:`check` judges; ``Answer(None)`` where nothing was."""

    @abstractmethod
    def judge(self, question: Question, name: str, value: JsonValue, scope: Scope) -> Answer:
        """:meth:`check` for a value that is there. May raise :class:`Invalid`."""

    # --- showing ---------------------------------------------------------------------------------------------------

    @abstractmethod
    def texts(self, question: Question, name: str, value: JsonValue) -> dict[str, list[str]]:
        """A canonical answer as a form holds it: field name → texts."""

    @abstractmethod
    def view(
        self, question: Question, name: str, value: JsonValue, filled: Filled, scope: Scope
    ) -> QuestionView:
        """The question with its fields; ``value`` is the canonical answer so far."""

    @abstractmethod
    def lines(self, question: Question, value: JsonValue, filled: Filled) -> tuple[str, ...]:
        """A canonical answer as people read it."""

    def columns(self, question: Question) -> tuple[Column, ...]:
        """The columns of a sheet."""
        return (Column("", ""),)

    @abstractmethod
    def cells(self, question: Question, value: JsonValue) -> tuple[Cell, ...]:
        """A canonical answer (None: no answer) as cells, one per column."""

    @abstractmethod
    def schema(self, question: Question) -> dict[str, JsonValue]:
        """JSON Schema of the canonical answer."""


class OneField(QuestionKind):
    """A kind with one field, whose answer is one text or number."""

    def parse(self, question: Question, name: str, posted: Posted) -> Answer:
        text = first(posted, name)
        if not text.strip():
            return Answer()
        try:
            return Answer(self.from_text(question, text))
        except Invalid as invalid:
            return Answer(None, {name: told(label_of(question), invalid)})

    def judge(self, question: Question, name: str, value: JsonValue, scope: Scope) -> Answer:
        return Answer(self.canonical(question, value, scope))

    @abstractmethod
    def from_text(self, question: Question, text: str) -> JsonValue:
        """Typed text as JSON. Raises :class:`Invalid`."""

    @abstractmethod
    def canonical(self, question: Question, value: JsonValue, scope: Scope) -> JsonValue:
        """JSON as an answer, or :class:`Invalid`."""

    def as_text(self, question: Question, value: JsonValue) -> str:
        """As put into the field."""
        return str(value)

    def texts(self, question: Question, name: str, value: JsonValue) -> dict[str, list[str]]:
        return {} if value is None else {name: [self.as_text(question, value)]}

    @abstractmethod
    def draw(self, question: Question, base: FieldView, language: str) -> FieldView:
        """The field: the shared parts are there, the kind adds its widget."""

    def view(
        self, question: Question, name: str, value: JsonValue, filled: Filled, scope: Scope
    ) -> QuestionView:
        text = filled.typed.get(name)
        if text is None:
            text = "" if value is None else self.as_text(question, value)
        base = FieldView(
            name,
            said(question.label, filled.language),
            value=text,
            required=question.required,
            hint=hint_of(question, filled.language),
            error=filled.problems.get(name, ""),
            unit=question.unit,
        )
        return view_of(question, name, filled, fields=(self.draw(question, base, filled.language),))

    def lines(self, question: Question, value: JsonValue, filled: Filled) -> tuple[str, ...]:
        unit = f" {question.unit}" if question.unit else ""
        return (f"{self.shown(question, value, filled.language)}{unit}",)

    def shown(self, question: Question, value: JsonValue, language: str) -> str:
        """As people read it."""
        return self.as_text(question, value)

    def cells(self, question: Question, value: JsonValue) -> tuple[Cell, ...]:
        return (None if value is None else self.as_text(question, value),)


# --- words -----------------------------------------------------------------------------------------------------------


def first(posted: Posted, name: str) -> str:
    """The first text posted under a name."""
    found = posted.get(name, ())
    return found[0] if found else ""


def storable(text: str) -> str:
    """A typed text as it can be kept: without characters that no database stores, and not endless."""
    return _UNSTORABLE.sub("", text)[:TYPED_LIMIT]


def label_of(question: Question) -> str:
    """The question's label in the language of the page."""
    return said(question.label, get_language() or "ja")


def told(label: str, invalid: Invalid) -> str:
    """A refusal about a labelled field, in words."""
    return Problem.of("", label, invalid).message


def missing_words(question: Question, asks: str, part: str = "") -> str:
    """What to say where an answer is missing."""
    label = f"{label_of(question)}（{part}）" if part else label_of(question)
    if asks == "choose":
        return _("「%s」を選んでください。") % label
    if asks == "attach":
        return _("「%s」のファイルを付けてください。") % label
    if asks == "agree":
        return _("進むには「%s」にチェックを入れてください。") % label
    return _("「%s」を入力してください。") % label


def hint_of(question: Question, language: str) -> str:
    """Help and example as one hint."""
    help_, example = said(question.help, language), said(question.example, language)
    if not example:
        return help_
    shown = _("例：%s") % example
    return f"{help_} {shown}" if help_ else shown


def view_of(
    question: Question,
    name: str,
    filled: Filled,
    *,
    fields: tuple[FieldView, ...] = (),
    single: bool = True,
    error: str = "",
) -> QuestionView:
    """The question's own part of its view."""
    return QuestionView(
        question.key,
        name,
        question.kind,
        said(question.label, filled.language),
        question.required,
        hint_of(question, filled.language),
        error,
        single=single,
        fields=fields,
    )


def party_fact(question: Question) -> tuple[str, str]:
    """What the answer stands for: (party, fact), both empty where nothing."""
    party, _dot, fact = question.stands_for.partition(".")
    return party, fact


def as_mapping(value: JsonValue) -> Mapping[str, JsonValue]:
    """A JSON object. Raises :class:`Invalid` for anything else."""
    if not isinstance(value, Mapping):
        raise Invalid("type", repr(value)[:40], _("項目の組"))
    return value


def as_list(value: JsonValue) -> Sequence[JsonValue]:
    """A JSON array. Raises :class:`Invalid` for anything else."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise Invalid("type", repr(value)[:40], _("並び"))
    return value


__all__ = [
    "Answer",
    "Cell",
    "Column",
    "Filled",
    "Invalid",
    "JsonValue",
    "OneField",
    "Posted",
    "Question",
    "QuestionKind",
    "Scope",
    "field_name",
]
