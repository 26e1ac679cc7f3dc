"""Once only: what a person said before, or their provider vouched for, offered where the same is asked again. Pure.

Only what stands in the portal's own tables. The registers of the town hall are out of reach of the portal, and of persons for whom
支援措置 stands the desk keeps no earlier answers (``actions/receiving.py``), and takes back those that were kept before
(``subscriptions.py``): so there is nothing here to be held back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from yakuba.kernel.fields import JsonValue
from yakuba.services.procedures.definition.model import Definition, Question, said

#: The kind of question that each fact fits.
_KINDS: Final = {
    "name": {"name"},
    "birth": {"date"},
    "address": {"address"},
    "phone": {"phone"},
    "mail": {"mail"},
    "organisation": {"text"},
}
NAME_PARTS: Final = ("family", "given", "family_kana", "given_kana")
ADDRESS_PARTS: Final = ("postal", "prefecture", "city", "town", "number", "building")
VOUCHED: Final = "vouched"


@dataclass(frozen=True, slots=True)
class Offered:
    """A fact that may be used again. ``source`` is a receipt number, or :data:`VOUCHED` for what a provider of identity said."""

    fact: str
    question: str
    label: str
    value: JsonValue
    source: str
    at: dt.datetime | None = None


def offered(
    definition: Definition,
    earlier: Iterable[tuple[str, JsonValue, str, dt.datetime]],
    vouched: Mapping[str, JsonValue],
    language: str = "ja",
) -> list[Offered]:
    """What can be offered for a definition, in the order of its questions; what a provider vouched for before what was said earlier.

    ``earlier`` are (fact, answer, receipt, moment).
    """
    said_before = {fact: (value, receipt, at) for fact, value, receipt, at in earlier}
    found = []
    for section in definition.sections():
        for question in section.questions:
            fact = question.stands_for.removeprefix("applicant.")
            if fact == question.stands_for or question.kind not in _KINDS.get(fact, set()):
                continue
            label = said(question.label, language)
            official = _of_provider(fact, vouched)
            before = said_before.get(question.stands_for)
            if official is not None and _fits(question, official):
                found.append(Offered(question.stands_for, question.key, label, official, VOUCHED))
            elif before is not None and _fits(question, before[0]):
                found.append(
                    Offered(question.stands_for, question.key, label, before[0], before[1], before[2])
                )
    return found


def shown(value: JsonValue) -> str:
    """A fact in one line."""
    if isinstance(value, Mapping):
        parts = NAME_PARTS[:2] if "family" in value else ADDRESS_PARTS
        return " ".join(str(value[part]) for part in parts if value.get(part))
    return str(value)


def _of_provider(fact: str, vouched: Mapping[str, JsonValue]) -> JsonValue:
    """A vouched fact as an answer. A provider says names and addresses in one piece: what does not part by itself is not offered."""
    value = vouched.get(fact)
    if not isinstance(value, str) or not value:
        return None
    if fact == "name":
        return _parted(value, str(vouched.get("kana") or ""))
    if fact == "birth":
        try:
            return dt.date.fromisoformat(value).isoformat()
        except ValueError:
            return None
    return None if fact == "address" else value


def _parted(name: str, kana: str) -> JsonValue:
    names, readings = name.split(), kana.split()
    if len(names) != len(NAME_PARTS[:2]):
        return None
    if len(readings) != len(names):
        readings = ["", ""]
    return dict(zip(NAME_PARTS, [*names, *readings], strict=True))


def _fits(question: Question, value: JsonValue) -> bool:
    if question.kind == "name":
        return isinstance(value, Mapping) and set(value) <= set(NAME_PARTS)
    if question.kind == "address":
        return isinstance(value, Mapping) and set(value) <= set(ADDRESS_PARTS)
    return isinstance(value, str)
