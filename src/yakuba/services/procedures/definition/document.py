"""``yakuba-procedure/1``: a definition as a JSON document, read with every problem named by its place, written canonically.

A draft may be incomplete (a choice without options, a form without pages): :mod:`.checks` says what is missing before publishing.
What is here has to fit together: keys once each, conditions that can be read and ask for what there is, nothing that rests on itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Final, cast

from django.utils.translation import gettext as _

from yakuba.engines.casework.deadlines import HOLIDAYS, STARTS, UNITS, ClockRule, Holiday, Start, Unit
from yakuba.engines.casework.states import KINDS as PROCEDURE_KINDS
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.town.models import AUTHORITIES
from yakuba.services.procedures.definition import fitting
from yakuba.services.procedures.definition import model as m
from yakuba.services.procedures.definition.kinds.attached import MOST_MB, TYPES
from yakuba.services.procedures.definition.kinds.written import LONGEST
from yakuba.services.procedures.definition.schema import schema
from yakuba.services.procedures.definition.source import PARAGRAPH, Refused, Source

MAX_BYTES: Final = 1_000_000
MAX_STEPS: Final = 15
MAX_SECTIONS: Final = 30
MAX_QUESTIONS: Final = 200
MAX_OPTIONS: Final = 200
SCHEMA: Final = schema()
#: Older formats → what makes the next one of them. The newest has none.
UPGRADES: Final[Mapping[str, Callable[[Mapping[str, JsonValue]], Mapping[str, JsonValue]]]] = {}


def load(data: bytes | str) -> m.Definition:
    """The definition in a file. Raises :class:`Refused`."""
    size = len(data)
    if size > MAX_BYTES:
        raise Refused([("", _("ファイルは%(most)dバイトまでです（今は%(found)dバイト）。") % {"most": MAX_BYTES, "found": size})])  # fmt: skip
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        raw = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_no_float)
    except UnicodeDecodeError:
        raise Refused([("", _("UTF-8 の文字として読めません。"))]) from None
    except json.JSONDecodeError as error:
        raise Refused([("", _("JSON として読めません（%(line)d行%(column)d文字目）。") % {"line": error.lineno, "column": error.colno})]) from None  # fmt: skip
    except _TwiceError as error:
        raise Refused([(error.args[0], _("同じ項目が2回あります。"))]) from None
    except (RecursionError, ValueError):
        raise Refused([("", _("JSON として読めません（深すぎるか、使えない数があります）。"))]) from None
    if not isinstance(raw, dict):
        raise Refused([("", _("手続の定義（｛…｝）ではありません。"))])
    return read(raw)


def dump(definition: m.Definition) -> str:
    """The definition as a file: canonical JSON that people can read, with a line end."""
    return json.dumps(write(definition), ensure_ascii=False, indent=2) + "\n"


class _TwiceError(ValueError):
    pass


def _once(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {}
    for key, value in pairs:
        if key in found:
            raise _TwiceError(key[:60])
        found[key] = value
    return found


def _no_constant(name: str) -> JsonValue:
    raise ValueError(name)


def _no_float(text: str) -> JsonValue:
    # No member is a fraction; bounds are written as text, so that no digit is lost.
    return text


# --- reading ---------------------------------------------------------------------------------------------------------


def read(raw: Mapping[str, JsonValue]) -> m.Definition:
    """The definition in a document. Raises :class:`Refused` with everything that is wrong."""
    document, seen = raw, 0
    while (found := document.get("format")) != m.FORMAT:
        upgrade = UPGRADES.get(found) if isinstance(found, str) else None
        if upgrade is None or seen > len(UPGRADES):
            raise Refused([("format", _("「%(format)s」の文書ではありません（見つかったもの：%(found)s）。") % {"format": m.FORMAT, "found": str(found)[:40]})])  # fmt: skip
        document, seen = upgrade(document), seen + 1
    problems: list[tuple[str, str]] = []
    definition = Source(document, "", problems).taken(_definition)
    if not problems:
        problems += fitting.problems(definition)
    if problems:
        raise Refused(problems)
    return definition


def _definition(source: Source) -> m.Definition:
    source.text("format")
    steps = source.rows("steps", MAX_STEPS, _step)
    definition = m.Definition(
        title=source.words("title", needed=True),
        kind=source.one_of("kind", dict(PROCEDURE_KINDS)),
        authority=source.one_of("authority", dict(AUTHORITIES)),
        steps=steps,
        summary=source.words("summary", limit=PARAGRAPH, lines=True),
        grounds=source.rows("grounds", 20, _ground),
        criteria_url=_address(source, "criteria_url"),
        term=source.part("term", _term),
        term_note=source.words("term_note", limit=PARAGRAPH, lines=True),
        form_number=source.text("form_number"),
        form_title=source.text("form_title"),
        remedies=source.text("remedies", limit=PARAGRAPH, lines=True),
        remedies_note=source.words("remedies_note", limit=PARAGRAPH, lines=True),
        who=source.words("who", limit=PARAGRAPH, lines=True),
        may_apply=source.text("may_apply", limit=1_000),
        may_not_apply=source.words("may_not_apply", limit=PARAGRAPH, lines=True),
        agent=source.flag("agent"),
        person_concerned=source.flag("person_concerned"),
        opening=source.part("opening", _opening) or m.Opening(),
        needs=source.rows("needs", 30, _need),
        fee=source.part("fee", _fee) or m.Fee(),
        identity=source.one_of("identity", dict(m.IDENTITIES), default="none"),
        result=source.texts("result", 4, options=dict(m.RESULTS)) or ("none",),
        result_title=source.text("result_title"),
        routed=source.flag("routed"),
        matter=source.text("matter"),
        accept_on_arrival=source.flag("accept_on_arrival"),
        retention=source.one_of("retention", dict(m.RETENTIONS), default="5"),
        languages=source.texts("languages", 20) or ("ja",),
        life_events=source.texts("life_events", 20, options=dict(m.LIFE_EVENTS)),
        words=source.texts("words", 60),
        demands=source.rows("demands", 50, _demand),
        checks=source.texts("checks", 50),
        not_online=source.words("not_online", limit=PARAGRAPH, lines=True),
        print_after_days=_whole_or(source, "print_after_days", 7, low=1, high=90),
    )
    pages = len(list(definition.sections()))
    if pages > MAX_SECTIONS:
        source.fail(
            "steps", _("ページは%(most)dまでです（今は%(found)d）。") % {"most": MAX_SECTIONS, "found": pages}
        )
    count = len(list(definition.questions()))
    if count > MAX_QUESTIONS:
        source.fail(
            "steps", _("質問は%(most)dまでです（今は%(found)d）。") % {"most": MAX_QUESTIONS, "found": count}
        )
    return definition


def _whole_or(source: Source, key: str, default: int, *, low: int, high: int) -> int:
    found = source.whole(key, low=low, high=high)
    return default if found is None else found


def _address(source: Source, key: str) -> str:
    found = source.text(key, limit=500)
    if found and not found.startswith(("https://", "http://")):
        source.fail(key, _("https:// か http:// で始まる場所にしてください。"))
        return ""
    return found


def _ground(source: Source) -> m.Ground:
    return m.Ground(
        source.one_of("kind", dict(m.GROUNDS)), source.text("name", needed=True), source.text("article")
    )


def _term(source: Source) -> ClockRule:
    return ClockRule(
        _whole_or(source, "amount", 0, low=0, high=3_650),
        cast("Unit", source.one_of("unit", dict(UNITS), default="business_days")),
        cast("Start", source.one_of("start", dict(STARTS), default="next_day")),
        cast("Holiday", source.one_of("holiday", dict(HOLIDAYS), default="next_open")),
    )


def _opening(source: Source) -> m.Opening:
    return m.Opening(source.moment("opens_at"), source.moment("closes_at"), source.whole("places", low=1))


def _need(source: Source) -> m.Need:
    return m.Need(source.words("label", needed=True, limit=500), source.text("question"))


def _fee(source: Source) -> m.Fee:
    return m.Fee(
        source.one_of("rule", dict(m.FEES), default="none"),
        _whole_or(source, "amount", 0, low=0, high=100_000_000),
        source.text("question"),
        source.words("note", limit=PARAGRAPH, lines=True),
    )


def _demand(source: Source) -> m.Demand:
    return m.Demand(
        source.text("holds", needed=True, limit=1_000),
        source.words("message", needed=True, limit=500),
        source.text("at", needed=True),
        source.text("when", limit=1_000),
    )


def _step(source: Source) -> m.Step:
    return m.Step(
        source.key(), source.words("title", needed=True), source.rows("sections", MAX_SECTIONS, _section)
    )


def _section(source: Source) -> m.Section:
    return m.Section(
        source.key(),
        source.words("title", needed=True),
        source.rows("questions", MAX_QUESTIONS, _question),
        source.words("help", limit=PARAGRAPH, lines=True),
        source.text("when", limit=1_000),
    )


def _question(source: Source) -> m.Question:
    return _asked(source, dict(m.KINDS))


def _inner_question(source: Source) -> m.Question:
    return _asked(source, {code: label for code, label in m.KINDS if code not in fitting.NOT_IN_GROUPS})


def _asked(source: Source, kinds: Mapping[str, str]) -> m.Question:
    kind = source.one_of("kind", kinds)
    return m.Question(
        key=source.key(),
        kind=cast("m.Kind", kind),
        label=source.words("label", needed=True, limit=500),
        help=source.words("help", limit=PARAGRAPH, lines=True),
        example=source.words("example", limit=500),
        required="required" not in source.raw or source.flag("required"),
        when=source.text("when", limit=1_000),
        options=source.rows("options", MAX_OPTIONS, _option),
        unit=source.text("unit", limit=20),
        minimum=source.text("minimum", limit=20),
        maximum=source.text("maximum", limit=20),
        max_length=_whole_or(source, "max_length", 0, low=1, high=LONGEST),
        earliest=source.text("earliest", limit=20),
        latest=source.text("latest", limit=20),
        types=source.texts("types", len(TYPES), options=TYPES),
        max_mb=_whole_or(source, "max_mb", 0, low=1, high=MOST_MB),
        stands_for=source.one_of("stands_for", {one: one for one in m.STANDS_FOR}, default="-").strip("-"),
        questions=source.rows("questions", MAX_QUESTIONS, _inner_question) if kind == "group" else (),
    )


def _option(source: Source) -> m.Option:
    return m.Option(
        source.key("code"),
        source.words("label", needed=True, limit=500),
        source.whole("price", high=100_000_000),
    )


# --- writing ---------------------------------------------------------------------------------------------------------


def write(definition: m.Definition) -> dict[str, JsonValue]:
    """The canonical document: members in the order of the model, what says nothing left out. ``read(write(d)) == d``."""
    blank = m.Definition(title={}, kind="", authority="", steps=())
    found: dict[str, JsonValue] = {"format": m.FORMAT}
    steps: JsonValue = []
    for name, value in _members(definition):
        if name == "steps":
            steps = [_written(one) for one in definition.steps]
        elif value != getattr(blank, name):
            found[name] = _written(value)
    # What is long stands last, so that a person who opens the file sees what it is about.
    return {**found, "steps": steps}


_BLANKS: Final[Mapping[type, object]] = {
    m.Question: m.Question("", "text", {}),
    m.Section: m.Section("", {}, ()),
    m.Step: m.Step("", {}, ()),
    m.Option: m.Option("", {}),
    m.Ground: m.Ground("", ""),
    m.Demand: m.Demand("", {}, ""),
    m.Fee: m.Fee(),
    m.Opening: m.Opening(),
    m.Need: m.Need({}),
}
_ALWAYS: Final = frozenset(
    {"key", "kind", "label", "title", "name", "code", "holds", "message", "at", "rule"}
)


def _members(part: object) -> list[tuple[str, object]]:
    return [(name, getattr(part, name)) for name in part.__dataclass_fields__]  # type: ignore[attr-defined]  # only dataclasses of the model come here


def _written(value: object) -> JsonValue:
    if isinstance(value, ClockRule):
        return cast("dict[str, JsonValue]", asdict(value))
    if type(value) in _BLANKS:
        blank = _BLANKS[type(value)]
        return {
            name: _written(one)
            for name, one in _members(value)
            if name in _ALWAYS or one != getattr(blank, name)
        }
    if isinstance(value, Mapping):
        return dict(value) if set(value) != {"ja"} else value["ja"]
    if isinstance(value, tuple | list):
        return [_written(one) for one in value]
    if hasattr(value, "isoformat"):
        return cast("str", value.isoformat())
    return cast("JsonValue", value)
