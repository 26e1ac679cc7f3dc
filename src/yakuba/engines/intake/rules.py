"""How the answers of a case become a change of a ledger: a small document (``yakuba-intake/1``) that an office may write itself. Pure.

    {"format": "yakuba-intake/1",
     "find": {"answer": "tag", "field": "tag"},
     "branches": [
       {"when": {"what": ["died"]}, "do": "move", "step": "die", "day": "happened_on"},
       {"when": {"what": ["moved"]}, "do": "change", "day": "happened_on", "fields": {"place_address": "place"}},
       {"do": "add", "fields": {"name": "dog_name", "kind": {"is": "counter"}}}]}

``find`` says which answer names the entry, and by which field (``number`` or a field of the ledger). The first branch whose conditions
hold counts: each answer of ``when`` is one of the values. A value comes from an answer's column, from several joined (``join``, ``with``
something between), or is always the same (``is``), or the day on which
the case is taken over (``{"today": true}``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.utils.translation import gettext as _

from yakuba.engines.casework.origins import Answer
from yakuba.kernel.actions import Problem
from yakuba.kernel.fields import Invalid, JsonValue, Spec
from yakuba.kernel.fields.kinds import Cell

FORMAT: Final = "yakuba-intake/1"
Verb = Literal["add", "change", "move"]
VERBS: Final[tuple[Verb, ...]] = ("add", "change", "move")


@dataclass(frozen=True, slots=True)
class Find:
    """Which answer names the entry, and by which field."""

    answer: str
    field: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that is always the same."""

    value: JsonValue


@dataclass(frozen=True, slots=True)
class Joined:
    """Several answers as one text: the parts of a name or an address. Parts without a value leave no gap."""

    answers: tuple[str, ...]
    between: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    """The day on which the case is taken over: the day of a registration."""


Origin = str | Constant | Joined | Today


@dataclass(frozen=True, slots=True)
class Branch:
    """What becomes of a case that fulfils ``when``."""

    do: Verb
    when: Mapping[str, frozenset[str]]
    fields: Mapping[str, Origin]
    day: str = ""
    step: str = ""
    chain: str = "state"


@dataclass(frozen=True, slots=True)
class Rule:
    """A whole rule."""

    branches: tuple[Branch, ...]
    find: Find | None = None

    @property
    def answers(self) -> frozenset[str]:
        """Every answer that it asks for."""
        used = {self.find.answer} if self.find else set()
        for branch in self.branches:
            used |= {*branch.when, branch.day} - {""}
            for one in branch.fields.values():
                used |= (
                    {one} if isinstance(one, str) else set(one.answers) if isinstance(one, Joined) else set()
                )
        return frozenset(used)

    def branch(self, said: Mapping[str, Answer]) -> Branch | None:
        """The first branch whose conditions these answers fulfil."""
        return next(
            (
                one
                for one in self.branches
                if all(key in said and said[key].code in codes for key, codes in one.when.items())
            ),
            None,
        )


def read(document: object) -> Rule:
    """A rule from its JSON form. Raises :class:`Problem` that names the first thing that is wrong."""
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        raise _wrong("format", _("形式は「%s」だけです。") % FORMAT)
    if set(document) - {"format", "find", "branches"}:
        raise _wrong("document", _("使えるのは format・find・branches だけです。"))
    find, branches = document.get("find"), document.get("branches")
    if find is not None and not (
        isinstance(find, Mapping)
        and set(find) == {"answer", "field"}
        and all(_word(v) for v in find.values())
    ):
        raise _wrong("find", _("find には answer と field を書いてください。"))
    if not isinstance(branches, Sequence) or isinstance(branches, str) or not branches:
        raise _wrong("branches", _("branches には、少なくとも1つの場合を書いてください。"))
    made = tuple(_branch(place, one) for place, one in enumerate(branches))
    if find is None and any(one.do != "add" for one in made):
        raise _wrong("find", _("行を直すときは、どの行かを見つける find が必要です。"))
    return Rule(made, None if find is None else Find(str(find["answer"]), str(find["field"])))


def _branch(place: int, given: object) -> Branch:
    at = f"branches.{place}"
    if not isinstance(given, Mapping) or set(given) - {"when", "do", "fields", "day", "step", "chain"}:
        raise _wrong(at, _("使えるのは when・do・fields・day・step・chain だけです。"))
    do = next((verb for verb in VERBS if verb == given.get("do")), None)
    if do is None:
        raise _wrong(f"{at}.do", _("do は add・change・move のどれかです。"))
    when, values = given.get("when", {}), given.get("fields", {})
    if not isinstance(when, Mapping) or not all(
        _word(key) and isinstance(codes, list) and codes and all(isinstance(one, str) for one in codes)
        for key, codes in when.items()
    ):
        raise _wrong(f"{at}.when", _("when には、答えの名前と、当てはまる値の並びを書いてください。"))
    if not isinstance(values, Mapping) or not all(_word(key) and _source(one) for key, one in values.items()):
        raise _wrong(
            f"{at}.fields",
            _("fields には、項目の名前と、答えの名前（またはいつも同じ値 is）を書いてください。"),
        )
    day, step, chain = given.get("day", ""), given.get("step", ""), given.get("chain", "state")
    if not all(isinstance(one, str) for one in (day, step, chain)) or (do == "move") != bool(step):
        raise _wrong(f"{at}.step", _("move には step（異動の名前）を書いてください。ほかでは書きません。"))
    if do != "move" and not values:
        raise _wrong(f"{at}.fields", _("add と change には fields が必要です。"))
    return Branch(
        do,
        {str(key): frozenset(codes) for key, codes in when.items()},
        {str(key): _origin(one) for key, one in values.items()},
        str(day),
        str(step),
        str(chain),
    )


def _word(given: object) -> bool:
    return isinstance(given, str) and bool(given)


def _source(given: object) -> bool:
    if not isinstance(given, Mapping):
        return _word(given)
    if set(given) == {"is"} or given == {"today": True}:
        return True
    parts = given.get("join")
    return (
        set(given) <= {"join", "with"}
        and isinstance(parts, list)
        and bool(parts)
        and all(_word(one) for one in parts)
        and isinstance(given.get("with", ""), str)
    )


def _origin(given: str | Mapping[str, Any]) -> Origin:  # Any: JSON, which _source looked through
    if isinstance(given, str):
        return given
    if "is" in given:
        return Constant(given["is"])
    if "today" in given:
        return Today()
    return Joined(tuple(given["join"]), given.get("with", ""))


def _wrong(field: str, message: str) -> Problem:
    return Problem("intake", message, field=field)


def _cell(source: str | Joined, said: Mapping[str, Answer], spec: Spec) -> Cell:
    """What an answer says for a field: its code where the field knows that code, else what stands in the sheet."""
    if isinstance(source, Joined):
        parts = (said[one].cell for one in source.answers if one in said)
        return source.between.join(str(one) for one in parts if one not in (None, ""))
    answer = said.get(source)
    if answer is None:
        return None
    known = {code for code, _label in spec.kind.choices()} if spec.kind else set()
    return answer.code if answer.code in known else answer.cell


def values_of(
    branch: Branch, said: Mapping[str, Answer], specs: Mapping[str, Spec], today: dt.date
) -> tuple[dict[str, JsonValue], list[Problem]]:
    """What a branch says of an entry, as JSON, and what of the answers cannot be taken over as it stands.

    An answer that was not given leaves a field alone; a field that the ledger does not have is a problem.
    """
    values: dict[str, JsonValue] = {}
    problems: list[Problem] = []
    for name, source in branch.fields.items():
        spec = specs.get(name)
        if spec is None or spec.kind is None:
            problems.append(Problem("field", _("台帳に「%s」という項目はありません。") % name, field=name))
            continue
        if isinstance(source, Constant):
            values[name] = source.value
            continue
        cell = today if isinstance(source, Today) else _cell(source, said, spec)
        if cell is None or cell == "":
            continue
        try:
            values[name] = spec.kind.to_json(spec.kind.from_cell(cell))
        except Invalid as invalid:
            problems.append(Problem.of(name, spec.label, invalid))
    return values, problems
