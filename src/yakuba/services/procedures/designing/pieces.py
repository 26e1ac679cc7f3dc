"""The forms of steps, pages and questions. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yakuba.services.procedures.definition.fitting import NOT_IN_GROUPS, SETTINGS, STANDING
from yakuba.services.procedures.definition.kinds.attached import MOST_MB, TYPES
from yakuba.services.procedures.definition.model import (
    KINDS,
    PARTIES,
    Definition,
    Option,
    Question,
    Section,
    Step,
)
from yakuba.services.procedures.designing import editing
from yakuba.services.procedures.designing.entries import (
    Entry,
    Form,
    Rows,
    day,
    line,
    pick,
    tick,
    ticks,
    whole,
    words,
)
from yakuba.services.procedures.designing.facts import labelled

_FACTS: Final = (
    ("name", gettext_noop("氏名")),
    ("birth", gettext_noop("生年月日")),
    ("address", gettext_noop("住所")),
    ("phone", gettext_noop("電話番号")),
    ("mail", gettext_noop("メールアドレス")),
    ("organisation", gettext_noop("団体・事業者名")),
)
_EXAMPLES: Final = frozenset({"text", "long_text", "kana", "number", "yen", "phone", "mail"})
_INSIDE: Final = tuple((code, label) for code, label in KINDS if code not in NOT_IN_GROUPS)


def step_form(definition: Definition) -> Form[Step]:
    """A step: what the progress line calls it."""
    return words("title", _("段階の名前"), definition.languages, required=True)


def section_form(definition: Definition) -> Form[Section]:
    """A page: its title, what helps with it, when it is asked at all."""
    return [
        *words("title", _("ページの題名"), definition.languages, required=True),
        *words("help", _("ページの説明"), definition.languages, prose=True),
        _when(_("このページを出す条件")),
    ]


def _when(label: str) -> Entry[Any]:  # Any: of a page or of a question
    return line(
        "when", label, limit=500, hint=_("例：kind = 'new' かつ years(birth) >= 18。空なら、いつも出します。")
    )


def question_form(definition: Definition, question: Question, *, inside: bool) -> Form[Question]:
    """A question, by its kind. ``inside``: it stands in a group."""
    spoken, kind = definition.languages, question.kind
    return [
        *words("label", _("質問"), spoken, required=True),
        pick("kind", _("答えの種類"), labelled(_INSIDE if inside else KINDS)),
        tick("required", _("必ず答えてもらう")),
        *words("help", _("説明"), spoken, prose=True, rows=2),
        *(words("example", _("書き方の例"), spoken) if kind in _EXAMPLES else ()),
        *_of_kind(definition, question),
        *([] if inside else _stands_for(kind)),
        _when(_("この質問を出す条件")),
    ]


def _stands_for(kind: str) -> list[Entry[Question]]:
    fitting = [
        (f"{party}.{fact}", _("%(party)sの%(fact)s") % {"party": _(name), "fact": _(label)})
        for party, name in PARTIES
        for fact, label in _FACTS
        if kind in STANDING[fact]
    ]
    if not fitting:
        return []
    hint = _("一覧の氏名、通知の宛名、前の答えの利用に使います。")
    return [pick("stands_for", _("この答えが表すもの"), fitting, required=False, hint=hint)]


def _of_kind(definition: Definition, question: Question) -> list[Entry[Question] | Rows[Question, Option]]:
    kind = question.kind
    if kind == "choice":
        return [_options(definition)]
    if kind == "many":
        return [
            _options(definition),
            line("minimum", _("最少の数"), limit=3),
            line("maximum", _("最多の数"), limit=3),
        ]
    if kind in {"text", "long_text", "kana"}:
        return [whole("max_length", _("文字数の上限"), minimum=1, maximum=4000, unit=_("文字"))]
    if kind in {"number", "yen"}:
        bounds: list[Entry[Question] | Rows[Question, Option]] = [
            line("minimum", _("最小"), limit=20),
            line("maximum", _("最大"), limit=20),
        ]
        return [line("unit", _("単位"), limit=20), *bounds] if kind == "number" else bounds
    if kind == "date":
        hint = _("日付か「今日」。")
        return [
            day("earliest", _("いちばん早い日"), hint=hint),
            day("latest", _("いちばん遅い日"), hint=hint),
        ]
    if kind in {"file", "photo"}:
        types = [ticks("types", _("受け取る形式"), tuple(TYPES.items()))] if kind == "file" else []
        return [
            *types,
            whole("max_mb", _("1つの大きさの上限"), minimum=1, maximum=MOST_MB, unit="MB"),
            line("minimum", _("最少の数"), limit=3),
            line("maximum", _("最多の数"), limit=3),
        ]
    if kind == "group":
        return [line("minimum", _("最少の組数"), limit=3), line("maximum", _("最多の組数"), limit=3)]
    return []


def _options(definition: Definition) -> Rows[Question, Option]:
    def put(question: Question, rows: tuple[Option, ...]) -> Question:
        """The choices; a fresh one gets a code that no choice of this question ever had beside it."""
        taken = {one.code for one in rows if one.code}
        made: list[Option] = []
        for one in rows:
            code = one.code or _fresh_code(taken)
            taken.add(code)
            made.append(replace(one, code=code))
        return replace(question, options=tuple(made))

    prices = (
        [whole("price", _("金額"), maximum=10**8, unit=_("円"), empty=None)]
        if definition.fee.rule == "by_choice"
        else []
    )
    return Rows(
        "options",
        _("選択肢"),
        [*words("label", _("選択肢"), definition.languages), *prices],
        lambda one: one.options,
        put,
        lambda _number: Option("", {}),
        main="label",
        hint=_("空にした行は消えます。条件で使う記号は、一度決まると変わりません。"),
        more=4,
        ordered=True,
    )


def _fresh_code(taken: set[str]) -> str:
    number = 1
    while f"c{number}" in taken:
        number += 1
    return f"c{number}"


def options_of(text: str) -> tuple[Option, ...]:
    """Choices written one a line."""
    labels = [one.strip()[:300] for one in text.splitlines() if one.strip()]
    return tuple(Option(f"c{number}", {"ja": label}) for number, label in enumerate(labels, 1))


def fresh(
    definition: Definition, kind: str, label: str, *, options: str = "", required: bool = True
) -> Question:
    """A new question with what its kind needs to be one."""
    question = Question(
        editing.fresh_key(definition, "q"),
        kind,  # type: ignore[arg-type]  # the form offered the kinds alone
        {"ja": label},
        required=required,
        options=options_of(options) if kind in {"choice", "many"} else (),
    )
    if kind in {"file", "photo"}:
        return replace(
            question,
            max_mb=10,
            maximum="3",
            types=("application/pdf", "image/jpeg", "image/png") if kind == "file" else (),
        )
    return question


def fitted(question: Question) -> Question:
    """The question without the settings that its kind has no use for: what the former kind left behind."""
    blank = Question(question.key, question.kind, {})
    needless = {name: getattr(blank, name) for name, kinds in SETTINGS.items() if question.kind not in kinds}
    if question.kind != "group":
        needless["questions"] = ()
    if question.stands_for and question.kind not in STANDING[question.stands_for.partition(".")[2]]:
        needless["stands_for"] = ""
    return replace(question, **needless)


def field_at(path: str, prefix: str, keys: Sequence[str]) -> str:
    """The field of a form that a refusal's path is about: ``steps[0]…questions[2].options[1].label`` → ``options.1.label``.

    ``prefix`` is the path of the part that the form is of; empty where the path is about another part.
    """
    if not path.startswith(prefix):
        return ""
    rest = path[len(prefix) :].lstrip(".").replace("[", ".").replace("]", "")
    for candidate in (rest, rest.removesuffix(".ja"), rest.replace(".", "_"), rest.partition(".")[0]):
        if candidate in keys:
            return candidate
    return ""
