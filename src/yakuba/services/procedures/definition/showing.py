"""Answers as people read them, as sheets hold them, and what follows from them: the parties and the fee."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from yakuba.kernel.fields.kinds import Cell, JsonValue
from yakuba.services.procedures.definition.asking import Given, standing
from yakuba.services.procedures.definition.forms import FileShown
from yakuba.services.procedures.definition.kinds import kind_of
from yakuba.services.procedures.definition.kinds.base import Filled
from yakuba.services.procedures.definition.kinds.composed import person_kana, person_name, place_line
from yakuba.services.procedures.definition.kinds.numeric import MOST_YEN
from yakuba.services.procedures.definition.model import PARTIES, Definition, Question, said

_NO_FILES: Final[Mapping[str, FileShown]] = {}


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One question with its answer in lines. ``files`` are those attached, in the order of the answer."""

    key: str
    label: str
    lines: tuple[str, ...]
    files: tuple[FileShown, ...] = ()
    answered: bool = True


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A page's answers."""

    key: str
    title: str
    lines: tuple[ShownLine, ...]


@dataclass(frozen=True, slots=True)
class FlatColumn:
    """A column of the sheet that hands answers over; ``key`` is stable, ``label`` Japanese."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class PartyAnswers:
    """What the answers say about one party; empty where nothing was asked or answered."""

    name: str = ""
    kana: str = ""
    birth: dt.date | None = None
    address: str = ""
    phone: str = ""
    mail: str = ""
    organisation: str = ""

    def __bool__(self) -> bool:
        return self != PartyAnswers()


def shown(
    definition: Definition,
    given: Given,
    language: str = "ja",
    files: Mapping[str, FileShown] = _NO_FILES,
    *,
    day: dt.date | None = None,
) -> list[ShownSection]:
    """The answers page by page. With ``day``, questions that were asked and not answered stand there too."""
    asked = standing(definition, given, day)[0] if day else frozenset(given)
    filled = Filled(files=files, language=language)
    with translation.override(language):
        sections = [
            ShownSection(
                section.key,
                said(section.title, language),
                tuple(
                    _line(one, given.get(one.key), filled) for one in section.questions if one.key in asked
                ),
            )
            for section in definition.sections()
        ]
    return [one for one in sections if one.lines]


def _line(question: Question, value: JsonValue, filled: Filled) -> ShownLine:
    label = said(question.label, filled.language)
    if value is None:
        return ShownLine(question.key, label, (_("（記入なし）"),), answered=False)
    lines = kind_of(question).lines(question, value, filled)
    files = (
        tuple(filled.files[one] for one in map(str, value) if one in filled.files)
        if question.kind in {"file", "photo"} and isinstance(value, list | tuple)
        else ()
    )
    return ShownLine(question.key, label, tuple(one for one in lines if one), files)


def columns(definition: Definition) -> list[FlatColumn]:
    """The columns for the answers of a definition, the same for every application under it."""
    return [
        FlatColumn(f"{question.key}{column.suffix}", f"{said(question.label)}{column.label}")
        for section in definition.sections()
        for question in section.questions
        for column in kind_of(question).columns(question)
    ]


def flat(definition: Definition, given: Given) -> dict[str, Cell]:
    """The answers as cells by :func:`columns` key; None where nothing was answered."""
    found: dict[str, Cell] = {}
    with translation.override("ja"):
        for section in definition.sections():
            for question in section.questions:
                kind = kind_of(question)
                cells = kind.cells(question, given.get(question.key))
                for column, cell in zip(kind.columns(question), cells, strict=True):
                    found[f"{question.key}{column.suffix}"] = cell
    return found


def schema(definition: Definition) -> dict[str, JsonValue]:
    """JSON Schema (2020-12) of the answers: for whoever receives them as JSON. What is asked by condition may be missing."""
    questions = [one for section in definition.sections() for one in section.questions]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": said(definition.title),
        "type": "object",
        "properties": {one.key: {"title": said(one.label), **kind_of(one).schema(one)} for one in questions},
        "required": [
            one.key
            for section in definition.sections()
            for one in section.questions
            if one.required and not one.when and not section.when
        ],
        "additionalProperties": False,
    }


def parties(definition: Definition, given: Given) -> dict[str, PartyAnswers]:
    """Who the applicant, the person concerned and the agent are, by ``stands_for``. The applicant is always there."""
    facts: dict[str, dict[str, JsonValue]] = {party: {} for party, _label in PARTIES}
    for question in definition.questions():
        party, _dot, fact = question.stands_for.partition(".")
        value = given.get(question.key)
        if not fact or value is None:
            continue
        if question.kind == "name":
            facts[party] |= {"name": person_name(value), "kana": person_kana(value)}
        elif question.kind == "address":
            facts[party]["address"] = place_line(value)
        else:
            facts[party][fact] = value
    found = {party: _party(known) for party, known in facts.items()}
    return {party: one for party, one in found.items() if one or party == "applicant"}


def _party(known: Mapping[str, JsonValue]) -> PartyAnswers:
    birth = known.get("birth")
    texts = {fact: str(value) for fact, value in known.items() if fact != "birth"}
    return PartyAnswers(**texts, birth=dt.date.fromisoformat(birth) if isinstance(birth, str) else None)


def fee(definition: Definition, given: Given) -> int | None:
    """The fee in yen; None where it is decided later, what it follows from is not answered (yet), or no fee can be so much."""
    found = _fee(definition, given)
    return found if found is not None and 0 <= found <= MOST_YEN else None


def _fee(definition: Definition, given: Given) -> int | None:
    rule = definition.fee
    if rule.rule == "none":
        return 0
    if rule.rule == "fixed":
        return rule.amount
    question = definition.by_key.get(rule.question)
    value = given.get(rule.question)
    if question is None or value is None:
        return None
    if rule.rule == "per_count":
        count = Decimal(len(value) if isinstance(value, list | tuple) else str(value))
        return rule.amount * int(count) if count == int(count) else None
    if rule.rule == "by_choice":
        codes = {str(one) for one in value} if isinstance(value, list | tuple) else {str(value)}
        prices = [one.price for one in question.options if one.code in codes]
        return sum(one for one in prices if one is not None) if None not in prices else None
    return None
