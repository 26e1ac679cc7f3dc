"""Kinds that are chosen: one, many, yes or no, consent. The code is kept; people see the label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Final

from django.utils.translation import gettext as _

from yakuba.services.procedures.definition.forms import FieldView, QuestionView
from yakuba.services.procedures.definition.kinds.base import (
    Answer,
    Cell,
    Filled,
    Invalid,
    JsonValue,
    OneField,
    Posted,
    Question,
    QuestionKind,
    Scope,
    as_list,
    hint_of,
    label_of,
    view_of,
)
from yakuba.services.procedures.definition.model import said

_RADIOS: Final = 7  # more than this many radio buttons are slower to read than a select


def _labels(question: Question, language: str = "ja") -> dict[str, str]:
    return {one.code: said(one.label, language) for one in question.options}


class ChoiceKind(OneField):
    """One of the options."""

    key: ClassVar[str] = "choice"
    asks: ClassVar[str] = "choose"

    def from_text(self, question: Question, text: str) -> JsonValue:
        return text.strip()

    def canonical(self, question: Question, value: JsonValue, scope: Scope) -> JsonValue:
        labels = _labels(question)
        if not isinstance(value, str) or value not in labels:
            raise Invalid("choice", str(value)[:40], "・".join(labels.values()))
        return value

    def draw(self, question: Question, base: FieldView, language: str) -> FieldView:
        choices = tuple(_labels(question, language).items())
        return replace(base, widget="radio" if len(choices) <= _RADIOS else "select", choices=choices)

    def shown(self, question: Question, value: JsonValue, language: str) -> str:
        return _labels(question, language).get(str(value), str(value))

    def cells(self, question: Question, value: JsonValue) -> tuple[Cell, ...]:
        return (None if value is None else self.shown(question, value, "ja"),)

    def schema(self, question: Question) -> dict[str, JsonValue]:
        return {"enum": [one.code for one in question.options]}


class YesNoKind(OneField):
    """Yes or no; «no» is an answer too."""

    key: ClassVar[str] = "yes_no"
    asks: ClassVar[str] = "choose"

    def from_text(self, question: Question, text: str) -> JsonValue:
        found = {"1": True, "0": False}.get(text.strip())
        if found is None:
            raise Invalid("yes_no", text[:40], _("「はい」か「いいえ」"))
        return found

    def canonical(self, question: Question, value: JsonValue, scope: Scope) -> JsonValue:
        if not isinstance(value, bool):
            raise Invalid("type", repr(value)[:40], _("「はい」か「いいえ」"))
        return value

    def as_text(self, question: Question, value: JsonValue) -> str:
        return "1" if value is True else "0"

    def draw(self, question: Question, base: FieldView, language: str) -> FieldView:
        return replace(base, widget="radio", choices=(("1", _("はい")), ("0", _("いいえ"))))

    def shown(self, question: Question, value: JsonValue, language: str) -> str:
        return _("はい") if value is True else _("いいえ")

    def cells(self, question: Question, value: JsonValue) -> tuple[Cell, ...]:
        return (None if value is None else "はい" if value is True else "いいえ",)

    def schema(self, question: Question) -> dict[str, JsonValue]:
        return {"type": "boolean"}


class ConsentKind(OneField):
    """A box that has to be ticked (where it is required): only ``true`` is an answer."""

    key: ClassVar[str] = "consent"
    asks: ClassVar[str] = "agree"

    def from_text(self, question: Question, text: str) -> JsonValue:
        return True

    def canonical(self, question: Question, value: JsonValue, scope: Scope) -> JsonValue:
        if value is not True:
            raise Invalid("consent", str(value)[:40], _("チェック"))
        return True

    def as_text(self, question: Question, value: JsonValue) -> str:
        return "1"

    def draw(self, question: Question, base: FieldView, language: str) -> FieldView:
        return replace(base, widget="checkbox")

    def shown(self, question: Question, value: JsonValue, language: str) -> str:
        return _("同意する")

    def cells(self, question: Question, value: JsonValue) -> tuple[Cell, ...]:
        return ("同意する" if value is True else None,)

    def schema(self, question: Question) -> dict[str, JsonValue]:
        return {"const": True}


class ManyKind(QuestionKind):
    """Any of the options, in their order, each once; ``minimum`` and ``maximum`` bound how many."""

    key: ClassVar[str] = "many"
    asks: ClassVar[str] = "choose"

    def parse(self, question: Question, name: str, posted: Posted) -> Answer:
        return Answer([one for one in posted.get(name, ()) if one.strip()] or None)

    def judge(self, question: Question, name: str, value: JsonValue, scope: Scope) -> Answer:
        labels = _labels(question)
        chosen = as_list(value)
        for one in chosen:
            if not isinstance(one, str) or one not in labels:
                raise Invalid("choice", str(one)[:40], "・".join(labels.values()))
        found: list[JsonValue] = [code for code in labels if code in chosen]
        low, high = int(question.minimum or 0), int(question.maximum or len(labels))
        if not low <= len(found) <= high:
            words = _("「%(label)s」は%(low)dつから%(high)dつまで選んでください（今は%(found)dつ）。") % {
                "label": label_of(question),
                "low": max(low, 1 if question.required else 0),
                "high": high,
                "found": len(found),
            }
            return Answer(None, {name: words})
        return Answer(found)

    def texts(self, question: Question, name: str, value: JsonValue) -> dict[str, list[str]]:
        return {} if value is None else {name: [str(one) for one in as_list(value)]}

    def view(
        self, question: Question, name: str, value: JsonValue, filled: Filled, scope: Scope
    ) -> QuestionView:
        kept = filled.typed.get(name)
        chosen = self.texts(question, name, value).get(name, []) if kept is None else kept.split("\n")
        field = FieldView(
            name,
            said(question.label, filled.language),
            widget="checkboxes",
            values=tuple(chosen),
            required=question.required,
            hint=hint_of(question, filled.language),
            error=filled.problems.get(name, ""),
            choices=tuple(_labels(question, filled.language).items()),
        )
        return view_of(question, name, filled, fields=(field,))

    def lines(self, question: Question, value: JsonValue, filled: Filled) -> tuple[str, ...]:
        labels: Mapping[str, str] = _labels(question, filled.language)
        return tuple(labels.get(str(one), str(one)) for one in as_list(value))

    def cells(self, question: Question, value: JsonValue) -> tuple[Cell, ...]:
        labels = _labels(question)
        return (
            None if value is None else "、".join(labels.get(str(one), str(one)) for one in as_list(value)),
        )

    def schema(self, question: Question) -> dict[str, JsonValue]:
        return {
            "type": "array",
            "items": {"enum": [one.code for one in question.options]},
            "uniqueItems": True,
        }
