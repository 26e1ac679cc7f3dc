"""The repeating group: rows of a few questions (children, dogs, residents)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Final

from django.utils.translation import gettext as _

from yakuba.kernel.fields.kinds import JsonValue
from yakuba.services.procedures.definition import conditions
from yakuba.services.procedures.definition.forms import ADD, REMOVE, QuestionView, RowView
from yakuba.services.procedures.definition.kinds.base import (
    Answer,
    Cell,
    Column,
    Filled,
    Posted,
    Question,
    QuestionKind,
    Scope,
    as_list,
    as_mapping,
    label_of,
    view_of,
)
from yakuba.services.procedures.definition.model import said

DEFAULT_ROWS: Final = 10
MOST_ROWS: Final = 50
_INDEX: Final = re.compile(r"[0-9]{1,3}")


def most_rows(question: Question) -> int:
    """How many rows the group takes."""
    return int(question.maximum or DEFAULT_ROWS)


def fewest_rows(question: Question) -> int:
    """How many rows there have to be."""
    return max(int(question.minimum or 0), 1 if question.required else 0)


def rows_posted(name: str, posted: Posted) -> int:
    """How many rows of a group a form posted."""
    rests = (key[len(name) + 1 :].partition(".")[0] for key in posted if key.startswith(f"{name}."))
    return max((int(one) for one in rests if _INDEX.fullmatch(one)), default=-1) + 1


def row_asks(question: Question, row: Mapping[str, JsonValue], scope: Scope) -> tuple[Question, ...]:
    """The questions of a row that are asked, given the row's own and the outer answers."""
    known: dict[str, JsonValue] = dict(scope.answers)
    asked: set[str] = set()
    waiting = list(question.questions)
    while waiting:
        # One question may rest on another of its row, before or behind it; rings are refused before anything is asked.
        left = {one.key for one in waiting}
        ready = [one for one in waiting if not _names(one.when) & left] or waiting
        for one in ready:
            if _true(one.when, known, scope):
                asked.add(one.key)
                known[one.key] = row.get(one.key)
        waiting = [one for one in waiting if one not in ready]
    return tuple(one for one in question.questions if one.key in asked)


def _names(when: str) -> frozenset[str]:
    try:
        return conditions.parse(when).names() if when else frozenset()
    except conditions.ConditionError:
        return frozenset()


def _true(when: str, known: Mapping[str, JsonValue], scope: Scope) -> bool:
    return not when or conditions.parse(when).true(known, scope.definition, scope.day)


class GroupKind(QuestionKind):
    """Rows, each an object of the inner questions' answers. An empty row beyond the fewest is left out."""

    key: ClassVar[str] = "group"

    def __init__(self, kinds: Mapping[str, QuestionKind]) -> None:
        self.kinds = kinds

    def parse(self, question: Question, name: str, posted: Posted) -> Answer:
        rows: list[JsonValue] = []
        problems: dict[str, str] = {}
        for index in range(min(rows_posted(name, posted), most_rows(question))):
            row: dict[str, JsonValue] = {}
            for inner in question.questions:
                found = self.kinds[inner.kind].parse(inner, f"{name}.{index}.{inner.key}", posted)
                problems.update(found.problems)
                if found.value is not None:
                    row[inner.key] = found.value
            rows.append(row)
        return Answer(rows or None, problems)

    def read(self, question: Question, name: str, posted: Posted, scope: Scope) -> Answer:
        """The rows: what can be kept is kept even where another part of its row is refused."""
        parsed = self.parse(question, name, posted)
        judged = self.check(question, name, parsed.value, scope)
        # What could not be read is missing for the judge, who must not say so a second time.
        refused = {key.rpartition(".")[0] for key in parsed.problems} | set(parsed.problems)
        hidden = self._hidden(question, name, parsed.value, scope)
        problems = {
            key: message
            for key, message in parsed.problems.items()
            if not any(key == one or key.startswith(f"{one}.") for one in hidden)
        }
        for key, message in judged.problems.items():
            if key not in refused and key.rpartition(".")[0] not in refused:
                problems.setdefault(key, message)
        return Answer(judged.value, problems)

    def _hidden(self, question: Question, name: str, value: JsonValue, scope: Scope) -> set[str]:
        """The fields of questions that are not asked in their row."""
        found: set[str] = set()
        for index, row in enumerate(map(as_mapping, as_list(value or []))):
            asked = {inner.key for inner in row_asks(question, row, scope)}
            found |= {f"{name}.{index}.{one.key}" for one in question.questions if one.key not in asked}
        return found

    def judge(self, question: Question, name: str, value: JsonValue, scope: Scope) -> Answer:
        given = as_list(value)
        rows: list[JsonValue] = []
        problems = self._count(question, name, len(given))
        for index, row in enumerate(map(as_mapping, given[:MOST_ROWS])):
            kept: dict[str, JsonValue] = {}
            for inner in row_asks(question, row, scope):
                at = f"{name}.{index}.{inner.key}"
                found = self.kinds[inner.kind].check(inner, at, row.get(inner.key), scope)
                problems.update(found.problems)
                if found.value is not None:
                    kept[inner.key] = found.value
            rows.append(kept)
        return Answer(rows, problems)

    def _count(self, question: Question, name: str, found: int) -> dict[str, str]:
        low, high = fewest_rows(question), most_rows(question)
        if low <= found <= high:
            return {}
        words = {"label": label_of(question), "low": low, "high": high, "found": found}
        message = (
            _("「%(label)s」は%(high)d件までです（今は%(found)d件）。")
            if found > high
            else _("「%(label)s」は%(low)d件以上入力してください（今は%(found)d件）。")
        )
        return {name: message % words}

    def texts(self, question: Question, name: str, value: JsonValue) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for index, raw in enumerate(as_list(value) if value is not None else ()):
            row = as_mapping(raw)
            for inner in question.questions:
                kind = self.kinds[inner.kind]
                found.update(kind.texts(inner, f"{name}.{index}.{inner.key}", row.get(inner.key)))
        return found

    def view(
        self, question: Question, name: str, value: JsonValue, filled: Filled, scope: Scope
    ) -> QuestionView:
        rows = [dict(as_mapping(row)) for row in as_list(value)] if value is not None else []
        fewest, most = fewest_rows(question), most_rows(question)
        rows += [{} for _missing in range(fewest - len(rows))]
        title = said(question.label, filled.language)
        shown = tuple(
            RowView(
                index + 1,
                _("%(label)s %(number)d件目") % {"label": title, "number": index + 1},
                tuple(
                    self.kinds[one.kind].view(
                        one, f"{name}.{index}.{one.key}", row.get(one.key), filled, scope
                    )
                    for one in row_asks(question, row, scope)
                ),
                remove=f"{REMOVE}{question.key}.{index}" if len(rows) > fewest else "",
            )
            for index, row in enumerate(rows)
        )
        base = view_of(question, name, filled, single=False, error=filled.problems.get(name, ""))
        return replace(base, rows=shown, add=f"{ADD}{question.key}" if len(rows) < most else "")

    def lines(self, question: Question, value: JsonValue, filled: Filled) -> tuple[str, ...]:
        return tuple(
            _("%(number)d件目：%(row)s")
            % {
                "number": index + 1,
                "row": "、".join(
                    f"{said(inner.label, filled.language)} {' '.join(self.kinds[inner.kind].lines(inner, row[inner.key], filled))}"
                    for inner in question.questions
                    if row.get(inner.key) is not None
                ),
            }
            for index, row in enumerate(map(as_mapping, as_list(value)))
        )

    def columns(self, question: Question) -> tuple[Column, ...]:
        return tuple(
            Column(
                f".{number}.{inner.key}{column.suffix}",
                f"（{number}件目・{said(inner.label)}{column.label}）",
            )
            for number in range(1, most_rows(question) + 1)
            for inner in question.questions
            for column in self.kinds[inner.kind].columns(inner)
        )

    def cells(self, question: Question, value: JsonValue) -> tuple[Cell, ...]:
        rows = [as_mapping(row) for row in as_list(value)] if value is not None else []
        return tuple(
            cell
            for index in range(most_rows(question))
            for inner in question.questions
            for cell in self.kinds[inner.kind].cells(
                inner, rows[index].get(inner.key) if index < len(rows) else None
            )
        )

    def schema(self, question: Question) -> dict[str, JsonValue]:
        return {
            "type": "array",
            "maxItems": most_rows(question),
            "items": {
                "type": "object",
                "properties": {one.key: self.kinds[one.kind].schema(one) for one in question.questions},
                "additionalProperties": False,
            },
        }
