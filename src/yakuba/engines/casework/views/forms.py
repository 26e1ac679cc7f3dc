"""The forms of a case's page: which of them stand there, and with what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yakuba.engines.casework import rules, states, store
from yakuba.engines.casework.actions.deciding import WHEN
from yakuba.engines.casework.actions.steps import HOW, IN, OUT
from yakuba.engines.casework.models import MARKS, OUTCOMES, Case
from yakuba.engines.casework.origins import origin_of
from yakuba.engines.casework.queries import page as reading
from yakuba.engines.casework.views.ways import NOBODY, WAYS
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.ui.components import FieldError, field
from yakuba.kernel.ui.drawing import Text

#: Where each action's words come from when it is a step of the table.
_STEPS = ("start", "formally_right", "back", "ask_correction", "corrected", "go_on", "notify", "complete")
_GENERAL = ("note", "write", "hear", "assign", "link", "transfer")
_AFTER_THE_END = frozenset({"note", "write", "hear", "link"})
_VERSIONED = frozenset({"draft", "propose", "settle", "ask_correction", "formally_right", "transfer"})


@dataclass(frozen=True)
class Form:
    """A form as it is drawn. ``filled``: the one next action. ``open``: it came back with something to put right."""

    do: str
    title: Text
    button: Text
    fields: Sequence[SafeString]
    hint: Text = ""
    filled: bool = False
    open: bool = False
    question: Text = ""
    version: int | None = None


@dataclass(frozen=True)
class Forms:
    """All forms of a page: the next one, those that move the case otherwise, those that move nothing, and the check list."""

    following: Form | None
    moving: Sequence[Form]
    general: Sequence[Form]
    check: Form | None


def forms(
    ctx: Context,
    case: Case,
    parts: reading.Parts,
    posted: QueryDict | None = None,
    errors: Sequence[FieldError] = (),
) -> Forms:
    """The forms that stand on the page for somebody who works on the case."""
    drawing = Drawing(ctx, case, parts, posted, errors)
    key = rules.following(case.kind, case.state, routed=case.routed, facts=parts.facts)
    offered = _offered(case, parts)
    general = [one for one in _GENERAL if case.state not in states.FINAL or one in _AFTER_THE_END]
    return Forms(
        following=drawing.form(key, filled=True) if key in offered else None,
        moving=[drawing.form(one) for one in offered if one != key],
        general=[drawing.form(one) for one in general],
        check=drawing.form("check") if parts.marks and case.state not in states.FINAL else None,
    )


def _offered(case: Case, parts: reading.Parts) -> list[str]:
    """What moves the case from where it stands, in the table's order; a draft stands before what it leads to."""
    found: list[str] = []
    for step in store.steps_of(case):
        if step.key in {"propose", "settle"}:
            # A proposal goes on at its own page; what it proposes is mended here.
            found += ["draft", *([step.key] if parts.draft is not None and parts.proposal is None else [])]
        elif step.key in {*_STEPS, "withdraw"} and (step.key != "notify" or parts.facts.told):
            found.append(step.key)
    return found


@dataclass(frozen=True)
class Drawing:
    """Draws the forms of one case; what was typed and refused stands in its own form again."""

    ctx: Context
    case: Case
    parts: reading.Parts
    posted: QueryDict | None
    errors: Sequence[FieldError]

    def form(self, do: str, *, filled: bool = False) -> Form:
        """One form."""
        way = WAYS[do]
        back = self._back(do)
        own: Callable[[], Sequence[SafeString]] = getattr(self, f"_of_{do}", list)
        title = _("決定の案を直す") if do == "draft" and self.parts.draft is not None else way.title
        return Form(
            do=do,
            title=title,
            button=way.button,
            fields=own(),
            hint=way.hint,
            filled=filled,
            open=back,
            question=way.question,
            version=self.case.version if do in _VERSIONED else None,
        )

    def _back(self, do: str) -> bool:
        return self.posted is not None and self.posted.get("do") == do

    def _typed(self, do: str, name: str, default: str = "") -> str:
        if self.posted is not None and self._back(do):
            return self.posted.get(name, "")
        return default

    def _error(self, do: str, name: str) -> Text:
        if not self._back(do):
            return ""
        return next((one.message for one in self.errors if one.key == f"{do}-{name}"), "")

    def _field(
        self,
        do: str,
        name: str,
        label: Text,
        *,
        default: str = "",
        widget: str = "text",
        required: bool = True,
        hint: Text = "",
        choices: Sequence[tuple[str, Text]] = (),
        unit: Text = "",
        rows: int = 4,
    ) -> SafeString:
        return field(
            f"{do}-{name}",
            label,
            name=name,
            widget=widget,  # type: ignore[arg-type]  # one of the component's words
            value=self._typed(do, name, default),
            required=required,
            hint=hint,
            error=self._error(do, name),
            choices=choices,
            unit=unit,
            rows=rows,
        )

    def _reason(self, do: str) -> list[SafeString]:
        return [self._field(do, "reason", _("理由"), widget="textarea", rows=3)]

    def _of_back(self) -> list[SafeString]:
        return self._reason("back")

    def _of_go_on(self) -> list[SafeString]:
        return self._reason("go_on")

    def _of_ask_correction(self) -> list[SafeString]:
        asked = origin_of(self.case).questions(self.ctx, self.case)
        chosen = (
            self.posted.getlist("asked") if self.posted is not None and self._back("ask_correction") else []
        )
        fields = [
            self._field(
                "ask_correction",
                "body",
                _("補正を求める文"),
                widget="textarea",
                rows=6,
                hint=_("何が足りないか、どう直せばよいかを書きます。申請者がそのまま読みます。"),
            )
        ]
        if asked:
            fields.append(
                field(
                    "ask_correction-asked",
                    _("直してほしい項目"),
                    name="asked",
                    widget="checkboxes",
                    value=chosen,
                    required=False,
                    choices=[(one.key, one.label) for one in asked],
                    error=self._error("ask_correction", "asked"),
                )
            )
        return [
            *fields,
            self._field("ask_correction", "answer_by", _("回答の期限"), widget="date", required=False),
        ]

    def _of_corrected(self) -> list[SafeString]:
        return [
            self._field("corrected", "on", _("補正が届いた日"), widget="date", default=self._today()),
            self._field("corrected", "body", _("補正の内容"), widget="textarea"),
        ]

    def _today(self) -> str:
        return format_date(japan_date(self.ctx.now))

    def _of_draft(self) -> list[SafeString]:
        drafted = self.parts.draft
        words = dict(OUTCOMES)
        choices = [(one, _(words[one])) for one in rules.OUTCOMES_OF[self.case.kind]]
        disposed = self.case.kind in rules.DISPOSED
        remedies = drafted.remedies if drafted else origin_of(self.case).remedies(self.ctx, self.case)
        fields = [
            self._field(
                "draft",
                "outcome",
                _("結果"),
                widget="radio",
                choices=choices,
                default=drafted.outcome if drafted else "",
            ),
            self._field(
                "draft",
                "content",
                _("決定の内容"),
                widget="textarea",
                rows=5,
                default=drafted.content if drafted else "",
                hint=_("通知書に書くとおりに書きます。"),
            ),
        ]
        if disposed or "refused" in rules.OUTCOMES_OF[self.case.kind]:
            fields.append(
                self._field(
                    "draft",
                    "reasons",
                    _("理由"),
                    widget="textarea",
                    required=False,
                    default=drafted.reasons if drafted else "",
                    hint=_("一部承認・不承認・却下のときは、必ず書きます。"),
                )
            )
        if disposed:
            fields += [
                self._field(
                    "draft",
                    "conditions",
                    _("条件"),
                    widget="textarea",
                    required=False,
                    default=drafted.conditions if drafted else "",
                ),
                self._field(
                    "draft",
                    "remedies",
                    _("教示"),
                    widget="textarea",
                    required=False,
                    default=remedies,
                    hint=self._of_remedies(),
                ),
            ]
        return fields

    def _of_remedies(self) -> str:
        why = origin_of(self.case).no_remedies(self.ctx, self.case)
        if why:
            return _("この手続には教示を付けません：%(why)s") % {"why": why}
        return _("不服の申立てができることの案内です。一部承認・不承認・却下のときは、必ず書きます。")

    def _of_propose(self) -> list[SafeString]:
        default = _("%(title)s（%(number)s）の決定について") % {
            "title": self.case.title,
            "number": self.case.number,
        }
        return [
            self._field("propose", "title", _("件名"), default=default),
            self._field("propose", "body", _("伺い文"), widget="textarea", required=False),
            self._field(
                "propose",
                "amount",
                _("金額"),
                widget="number",
                required=False,
                unit=_("円"),
                hint=_("支出や減免などの金額があるときだけ書きます。"),
            ),
            self._field(
                "propose",
                "when",
                _("回す時"),
                widget="radio",
                default="now",
                choices=[(key, _(label)) for key, label in WHEN],
            ),
        ]

    def _of_withdraw(self) -> list[SafeString]:
        return [
            self._how("withdraw"),
            self._field("withdraw", "on", _("取下げを受けた日"), widget="date", default=self._today()),
            self._field(
                "withdraw", "reason", _("申請者が述べたこと"), widget="textarea", required=False, rows=3
            ),
        ]

    def _how(self, do: str) -> SafeString:
        choices = [(key, _(label)) for key, label in HOW]
        return self._field(do, "how", _("受けた方法"), widget="radio", choices=choices)

    def _of_check(self) -> list[SafeString]:
        fields = []
        choices = [(key, _(label)) for key, label in MARKS]
        for row in self.parts.marks:
            fields += [
                self._field(
                    "check",
                    f"mark.{row.position}",
                    row.label,
                    widget="radio",
                    default=row.mark,
                    choices=choices,
                ),
                self._field(
                    "check",
                    f"note.{row.position}",
                    _("「%(label)s」のメモ") % {"label": row.label},
                    default=row.note,
                    required=False,
                ),
            ]
        return fields

    def _of_note(self) -> list[SafeString]:
        hint = _("庁内だけのメモです。これも公文書です。")
        return [self._field("note", "body", _("メモ"), widget="textarea", hint=hint)]

    def _of_write(self) -> list[SafeString]:
        choices = [(key, _(label)) for key, label in OUT]
        return [
            self._field("write", "kind", _("種類"), widget="radio", default="question", choices=choices),
            self._field("write", "body", _("本文"), widget="textarea", rows=6),
            self._field("write", "answer_by", _("回答の期限"), widget="date", required=False),
        ]

    def _of_hear(self) -> list[SafeString]:
        choices = [(key, _(label)) for key, label in IN]
        return [
            self._how("hear"),
            self._field("hear", "kind", _("種類"), widget="radio", default="question", choices=choices),
            self._field("hear", "body", _("内容"), widget="textarea"),
        ]

    def _of_assign(self) -> list[SafeString]:
        people = reading.colleagues(self.ctx, self.case.office_id, japan_date(self.ctx.now))
        choices = [(NOBODY, _("なし")), *((str(one.pk), one.name) for one in people)]
        now = str(self.case.assignee_id or NOBODY)
        return [self._field("assign", "person", _("担当者"), widget="select", default=now, choices=choices)]

    def _of_link(self) -> list[SafeString]:
        return [
            self._field("link", "number", _("関係する案件の番号"), hint=_("収受番号か受付番号")),
            self._field("link", "note", _("関係"), required=False, hint=_("例：同じ場所の申請")),
        ]

    def _of_transfer(self) -> list[SafeString]:
        offices = reading.offices_today(self.ctx)
        choices = [
            (str(one.id), f"{one.department} {one.name}".strip())
            for one in offices
            if one.id != self.case.office_id
        ]
        return [
            self._field("transfer", "office", _("移送先の課"), widget="select", choices=choices),
            *self._reason("transfer"),
        ]
