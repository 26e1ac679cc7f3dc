"""Whether the parts of a definition fit together: keys, conditions, bounds, what an answer stands for. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yakuba.kernel.dates import format_date
from yakuba.services.procedures.definition import conditions, order
from yakuba.services.procedures.definition.kinds import kind_of
from yakuba.services.procedures.definition.kinds.attached import MOST_FILES
from yakuba.services.procedures.definition.kinds.composed import AddressKind, NameKind
from yakuba.services.procedures.definition.kinds.rows import MOST_ROWS
from yakuba.services.procedures.definition.model import Definition, Question, Section
from yakuba.services.procedures.definition.source import NUMBER

#: A row is added and removed without a script; a file that belongs to it would have to move with it.
NOT_IN_GROUPS: Final = frozenset({"group", "file", "photo", "consent"})
#: Which kinds of question may stand for a fact about a party.
STANDING: Final[Mapping[str, frozenset[str]]] = {
    "name": frozenset({"name", "text"}),
    "birth": frozenset({"date"}),
    "address": frozenset({"address", "text"}),
    "phone": frozenset({"phone"}),
    "mail": frozenset({"mail"}),
    "organisation": frozenset({"text"}),
}
PARTS: Final[Mapping[str, Mapping[str, str]]] = {"name": NameKind.labels, "address": AddressKind.labels}
#: What a question's settings are for; on another kind they would mean nothing.
SETTINGS: Final[Mapping[str, frozenset[str]]] = {
    "options": frozenset({"choice", "many"}),
    "unit": frozenset({"number", "yen", "text"}),
    "minimum": frozenset({"number", "yen", "many", "file", "photo", "group"}),
    "maximum": frozenset({"number", "yen", "many", "file", "photo", "group"}),
    "max_length": frozenset({"text", "long_text", "kana"}),
    "earliest": frozenset({"date"}),
    "latest": frozenset({"date"}),
    "types": frozenset({"file", "photo"}),
    "max_mb": frozenset({"file", "photo"}),
}
#: What conditions see of an answer.
_SEEN: Final[Mapping[str, str]] = {
    "text": "text", "long_text": "text", "kana": "text", "phone": "text", "mail": "text", "number": "number", "yen": "number",
    "date": "date", "choice": "code", "many": "code", "yes_no": "flag", "consent": "flag",
}  # fmt: skip
_WORDS: Final[Mapping[str, str]] = {
    "text": gettext_noop("文字"),
    "number": gettext_noop("数"),
    "date": gettext_noop("日付"),
    "code": gettext_noop("選択肢"),
    "flag": gettext_noop("はい・いいえ"),
}
#: Columns of the sheet that hands answers over; a workbook holds 16,384.
MOST_COLUMNS: Final = 4_000
_COUNTED: Final = {"many": 200, "file": MOST_FILES, "photo": MOST_FILES, "group": MOST_ROWS}
Found = Iterator[tuple[str, str]]


@dataclass
class _Placed:
    """A question with its place, and the keys of its row's other questions."""

    path: str
    question: Question
    group: Question | None = None


@dataclass
class _House:
    definition: Definition
    placed: list[_Placed] = field(default_factory=list)
    sections: list[tuple[str, Section]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for i, step in enumerate(self.definition.steps):
            for j, section in enumerate(step.sections):
                path = f"steps[{i}].sections[{j}]"
                self.sections.append((path, section))
                for k, question in enumerate(section.questions):
                    at = f"{path}.questions[{k}]"
                    self.placed.append(_Placed(at, question))
                    self.placed += [
                        _Placed(f"{at}.questions[{n}]", inner, question)
                        for n, inner in enumerate(question.questions)
                    ]


def problems(definition: Definition) -> list[tuple[str, str]]:
    """(place, what is wrong there), in the order of the document; empty where everything fits."""
    house = _House(definition)
    found = [*_keys(house)]
    if found:
        return found  # what follows asks by key
    for placed in house.placed:
        found += _settings(placed)
        found += _bounds(placed)
        found += _stands_for(placed)
        scope = {one.key for one in placed.group.questions} if placed.group else set()
        found += _condition(definition, f"{placed.path}.when", placed.question.when, scope)
    for path, section in house.sections:
        found += _condition(definition, f"{path}.when", section.when, set())
    found += _facts_once(house)
    found += _size(house) if not found else []
    found += _around(definition)
    found += _rings(house) if not found else []
    return found


def _keys(house: _House) -> Found:
    seen: dict[str, str] = {}
    for i, step in enumerate(house.definition.steps):
        yield from _once(seen, "step:" + step.key, f"steps[{i}].key", step.key)
    for path, section in house.sections:
        yield from _once(seen, "section:" + section.key, f"{path}.key", section.key)
    for placed in house.placed:
        key = placed.question.key
        if key in conditions.RESERVED:
            yield f"{placed.path}.key", _("「%s」は条件の言葉なので、キーに使えません。") % key
        yield from _once(seen, "question:" + key, f"{placed.path}.key", key)
        codes: dict[str, str] = {}
        for n, option in enumerate(placed.question.options):
            yield from _once(codes, option.code, f"{placed.path}.options[{n}].code", option.code)


def _once(seen: dict[str, str], name: str, path: str, shown: str) -> Found:
    if name in seen:
        yield path, _("「%(key)s」は %(where)s にもあります。別のキーにしてください。") % {"key": shown, "where": seen[name]}  # fmt: skip
    else:
        seen[name] = path


def _settings(placed: _Placed) -> Found:
    for name, kinds in SETTINGS.items():
        if getattr(placed.question, name) and placed.question.kind not in kinds:
            yield f"{placed.path}.{name}", _("種類「%s」では使いません。") % placed.question.kind


def _bounds(placed: _Placed) -> Found:
    question, found = placed.question, {}
    for name in ("minimum", "maximum"):
        text = getattr(question, name)
        if not text:
            continue
        number = _number(text)
        if number is None:
            yield f"{placed.path}.{name}", _("数（例：1、0.5）を文字列で書いてください。")
            continue
        most = _COUNTED.get(question.kind)
        if most is not None and not (text.isdecimal() and number <= most):
            yield f"{placed.path}.{name}", _("0から%dまでの整数にしてください。") % most
        found[name] = number
    if len(found) == 2 and found["minimum"] > found["maximum"]:
        yield f"{placed.path}.maximum", _("最小より小さい値です。")
    if question.kind in _COUNTED and found.get("maximum") == 0:
        yield f"{placed.path}.maximum", _("1以上にしてください。")
    yield from _days(placed)


def _number(text: str) -> Decimal | None:
    return Decimal(text) if NUMBER.fullmatch(text) else None


def _size(house: _House) -> Found:
    columns = 0
    for placed in house.placed:
        if placed.group is None:
            columns += len(kind_of(placed.question).columns(placed.question))
            if columns > MOST_COLUMNS:
                yield (
                    f"{placed.path}.maximum",
                    _("表に書き出すと%d列を超えます。くり返しの数か質問を減らしてください。") % MOST_COLUMNS,
                )
                return


def _days(placed: _Placed) -> Found:
    days = {}
    for name in ("earliest", "latest"):
        text = getattr(placed.question, name)
        if text in {"", "today"}:
            continue
        try:
            days[name] = dt.date.fromisoformat(text)
            format_date(days[name])  # whoever answers outside of it is told the bound
        except ValueError:
            yield f"{placed.path}.{name}", _("日付（例：2026-04-01）か today にしてください。")
    if len(days) == 2 and days["earliest"] > days["latest"]:
        yield f"{placed.path}.latest", _("最初の日より前です。")


def _stands_for(placed: _Placed) -> Found:
    question = placed.question
    if not question.stands_for:
        return
    fact = question.stands_for.partition(".")[2]
    if question.kind not in STANDING[fact]:
        yield f"{placed.path}.stands_for", _("「%(fact)s」になれる種類は %(kinds)s です。") % {"fact": question.stands_for, "kinds": "・".join(sorted(STANDING[fact]))}  # fmt: skip
    if placed.group is not None:
        yield f"{placed.path}.stands_for", _("くり返す項目の中では使えません。")


def _facts_once(house: _House) -> Found:
    # Two questions may stand for one fact only where their conditions differ: an organisation's address or a person's.
    seen: dict[tuple[str, str], str] = {}
    for placed in house.placed:
        question = placed.question
        if question.stands_for:
            key = (question.stands_for, question.when)
            if key in seen or (question.stands_for, "") in seen:
                where = seen.get(key) or seen[question.stands_for, ""]
                yield f"{placed.path}.stands_for", _("「%(fact)s」は %(where)s にもあります。") % {"fact": question.stands_for, "where": where}  # fmt: skip
            seen.setdefault(key, placed.path)


def _around(definition: Definition) -> Found:
    outer = {one.key for section in definition.sections() for one in section.questions}
    yield from _condition(definition, "may_apply", definition.may_apply, set())
    for i, demand in enumerate(definition.demands):
        yield from _condition(definition, f"demands[{i}].holds", demand.holds, set())
        yield from _condition(definition, f"demands[{i}].when", demand.when, set())
        yield from _known(outer, f"demands[{i}].at", demand.at)
    for i, need in enumerate(definition.needs):
        yield from _known(outer, f"needs[{i}].question", need.question)
    yield from _known(outer, "fee.question", definition.fee.question)
    if "ja" not in definition.languages:
        yield "languages", _("日本語（ja）がありません。")
    opens, closes = definition.opening.opens_at, definition.opening.closes_at
    if opens and closes and closes <= opens:
        yield "opening.closes_at", _("受付の終わりが始まりより前です。")
    if "none" in definition.result and len(definition.result) > 1:
        yield "result", _("「なし」とほかの受け取り方は一緒に書けません。")


def _known(keys: set[str], path: str, key: str) -> Found:
    if key and key not in keys:
        yield path, _("「%s」という質問はありません。") % key


# --- conditions ------------------------------------------------------------------------------------------------------


def _condition(definition: Definition, path: str, text: str, row: set[str]) -> Found:
    if not text:
        return
    try:
        expression = conditions.parse(text)
    except conditions.ConditionError as error:
        yield path, error.message
        return
    for message in misuses(definition, expression, row):
        yield path, message


def misuses(definition: Definition, expression: conditions.Expression, row: set[str]) -> list[str]:
    """What a condition asks for that there is not, or that cannot be compared. ``row``: keys of its own row."""
    inner = {one.key for section in definition.sections() for q in section.questions for one in q.questions}
    found: list[str] = []
    for key in sorted(expression.names()):
        if key not in definition.by_key:
            found.append(_("「%s」という質問はありません。") % key)
        elif key in inner and key not in row:
            found.append(_("「%s」はくり返す項目の中の質問なので、ここでは使えません。") % key)
    if found:
        return found
    for one in expression.walk():
        if isinstance(one, conditions.Compare):
            found += _sides(definition, one)
        elif isinstance(one, conditions.In):
            for literal in one.among:
                found += _pair(definition, "=", one.left, literal)
        elif isinstance(one, conditions.Yes) and _type(definition, one.name) != "flag":
            found.append(
                _("「%s」は「はい・いいえ」の質問ではありません。比べる値を書いてください。") % one.name
            )
        elif isinstance(one, conditions.Called):
            found += _call(definition, one)
    return list(dict.fromkeys(found))


def _call(definition: Definition, one: conditions.Called) -> Iterator[str]:
    kind = definition.by_key[one.key].kind
    if one.function == "years" and kind != "date":
        yield _("years(…) の中は日付の質問にしてください（「%s」は日付ではありません）。") % one.key
    if one.function == "count" and kind not in _COUNTED:
        yield _("count(…) で「%s」は数えられません。") % one.key


def _sides(definition: Definition, one: conditions.Compare) -> Iterator[str]:
    if isinstance(one.right, conditions.Name) and not isinstance(one.left, conditions.Name):
        yield from _pair(definition, one.sign, one.right, one.left)
    else:
        yield from _pair(definition, one.sign, one.left, one.right)


def _pair(
    definition: Definition, sign: str, left: conditions.Operand, right: conditions.Operand
) -> Iterator[str]:
    kinds = _type(definition, left), _type(definition, right)
    if "" in kinds:
        name = left if kinds[0] == "" else right
        yield _("「%s」は比べられません。answered(…) か count(…) を使ってください。") % name
        return
    if "flag" in kinds and sign not in {"=", "!="}:
        yield _("「はい・いいえ」は = か != で比べてください。")
    if kinds[0] == "code" and isinstance(right, conditions.Literal) and isinstance(left, conditions.Name):
        options = definition.by_key[left.key].options
        codes = [option.code for option in options]
        if right.written not in codes:
            yield _("「%(key)s」に「%(code)s」という選択肢はありません（%(known)s）。") % {"key": left.key, "code": right.written, "known": "・".join(codes)}  # fmt: skip
        if sign not in {"=", "!="}:
            yield _("選択肢は = か != か in で比べてください。")
    elif kinds[0] != kinds[1]:
        yield _("「%(left)s」（%(a)s）と「%(right)s」（%(b)s）は比べられません。") % {
            "left": left,
            "right": right,
            "a": _(_WORDS[kinds[0]]),
            "b": _(_WORDS[kinds[1]]),
        }


def _type(definition: Definition, one: conditions.Operand) -> str:
    """What a side of a comparison is; empty for what cannot be compared."""
    if isinstance(one, conditions.Name):
        kind = definition.by_key[one.key].kind
        if one.part:
            return "text" if one.part in PARTS.get(kind, {}) else ""
        return _SEEN.get(kind, "")
    if isinstance(one, conditions.Called):
        return "number"
    if isinstance(one, conditions.Literal):
        if isinstance(one.written, bool):
            return "flag"
        if isinstance(one.written, str):
            return "text"
        return "date" if isinstance(one.written, dt.date) else "number"
    return "date"


def _rings(house: _House) -> Found:
    ring = order.cycle(order.rests_on(house.definition))
    if ring:
        path = next((one.path for one in house.placed if one.question.key == ring[0]), "")
        yield f"{path}.when", _("条件が一回りしています：%s") % " → ".join([*ring, ring[0]])
