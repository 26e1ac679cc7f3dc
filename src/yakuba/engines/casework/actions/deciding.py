"""The draft of a decision, its way to a decider or the office's own decision, and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext as _

from yakuba.engines.approval import store as approval
from yakuba.engines.approval.queries.holding import myself
from yakuba.engines.casework import rules, store
from yakuba.engines.casework.access import WORK
from yakuba.engines.casework.models import OUTCOMES, Case, Disposition
from yakuba.engines.casework.origins import remedies_due
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, NoData, Problem, SubjectRef, action
from yakuba.kernel.fields import INTERNAL, PERSONAL

WHEN = (("now", "すぐ回す"), ("later", "経路を決めてから回す"))
_MOST_YEN = 10**13


@dataclass(frozen=True)
class DraftDisposition:
    """What is to be decided, and why."""

    outcome: Annotated[str, fields.choice(OUTCOMES, label="結果", classification=INTERNAL)]
    content: Annotated[
        str, fields.prose(label="決定の内容", classification=PERSONAL, required=True, max_length=10_000)
    ]
    reasons: Annotated[
        str, fields.prose(label="理由", classification=PERSONAL, required=False, max_length=10_000)
    ] = ""
    conditions: Annotated[
        str, fields.prose(label="条件", classification=PERSONAL, required=False, max_length=10_000)
    ] = ""
    remedies: Annotated[
        str, fields.prose(label="教示", classification=INTERNAL, required=False, max_length=4000)
    ] = ""


@dataclass(frozen=True)
class Propose:
    """How the draft goes to its decider. ``title`` names no applicant; ``amount`` is yen."""

    title: Annotated[str, fields.text(label="件名", classification=INTERNAL)]
    body: Annotated[
        str, fields.prose(label="伺い文", classification=PERSONAL, required=False, max_length=10_000)
    ] = ""
    amount: Annotated[
        int | None,
        fields.integer(
            label="金額",
            classification=INTERNAL,
            required=False,
            minimum=0,
            maximum=_MOST_YEN,
            unit="円",
        ),
    ] = None
    when: Annotated[str, fields.choice(WHEN, label="回す時", classification=INTERNAL)] = "now"


@dataclass(frozen=True)
class Settle:
    """The office decides what is drafted; with an outcome it is drafted in the same moment (only in the applicant's favour)."""

    outcome: Annotated[
        str, fields.choice(OUTCOMES, label="結果", classification=INTERNAL, required=False)
    ] = ""
    content: Annotated[
        str, fields.prose(label="決定の内容", classification=PERSONAL, required=False, max_length=10_000)
    ] = ""


@action("casework.draft", label="決定の案を書く", may=WORK, data=DraftDisposition)
def draft(ctx: Context, case: Case, data: DraftDisposition) -> Disposition:
    """Write or change the draft. Raises :class:`Problem` where the kind of case has no such outcome, or reasons are missing."""
    if not any("disposition" in step.needs for step in store.steps_of(case)):
        raise store.not_now(case)
    return _draft(ctx, case, data)


def _draft(ctx: Context, case: Case, data: DraftDisposition) -> Disposition:
    if data.outcome not in rules.OUTCOMES_OF[case.kind]:
        allowed = "・".join(_(dict(OUTCOMES)[one]) for one in rules.OUTCOMES_OF[case.kind])
        raise Problem(
            "outcome",
            _("この種類の案件の結果は「%(allowed)s」から選んでください。") % {"allowed": allowed},
            field="outcome",
            found=data.outcome,
            expected=allowed,
        )
    if rules.needs_reasons(data.outcome) and not data.reasons.strip():
        raise Problem(
            "required",
            _("申請を認めない決定には、理由が要ります（行政手続法8条）。「理由」を入力してください。"),
            field="reasons",
        )
    if remedies_due(ctx, case, data.outcome) and not data.remedies.strip():
        raise Problem(
            "required",
            _("申請を認めない処分には、教示が要ります（行政不服審査法82条）。「教示」を入力してください。"),
            field="remedies",
        )
    found = store.draft_of(case) or Disposition(municipality_id=case.municipality_id, case=case)
    found.outcome = data.outcome
    found.content, found.reasons = data.content.strip(), data.reasons.strip()
    found.conditions, found.remedies = data.conditions.strip(), data.remedies.strip()
    found.drafted_by, found.drafted_at = store.label_of(ctx), ctx.now
    found.drafter = myself(ctx).first()
    found.save()
    return found


@action("casework.propose", label="起案する", may=WORK, data=Propose)
def propose(ctx: Context, case: Case, data: Propose) -> Case:
    """Start the draft's way to a decision; the case moves when it is sent (at once, or from the proposal's own page)."""
    if not any(step.key == "propose" for step in store.steps_of(case)):
        raise store.not_now(case)
    if store.draft_of(case) is None:
        raise Problem("disposition", _("決定の案が、まだありません。先に作ってください。"))
    approval.start(
        ctx,
        approval.Draft(
            about=SubjectRef("case", case.pk),
            matter=case.matter,
            title=data.title,
            office=case.office_id,
            body=data.body,
            amount=data.amount,
            submit=data.when == "now",
        ),
    )
    case.refresh_from_db()
    return case


@action("casework.settle", label="決定する", may=WORK, data=Settle)
def settle(ctx: Context, case: Case, data: Settle) -> Case:
    """The office decides, where no decision route leads there."""
    if data.outcome:
        if rules.needs_reasons(data.outcome):
            raise Problem(
                "outcome",
                _("申請を認めない決定は、理由を書いて、1件ずつ行ってください。"),
                field="outcome",
                found=data.outcome,
            )
        if not any(step.key == "settle" for step in store.steps_of(case)):
            raise store.not_now(case)
        _draft(ctx, case, DraftDisposition(data.outcome, data.content or _(dict(OUTCOMES)[data.outcome])))
    drafted = store.draft_of(case)
    if drafted is not None and wants_another(ctx, case, drafted):
        raise Problem(
            "own_decision",
            _("申請を認めない決定は、案を書いた人（%(who)s）のほかの職員が行います。")
            % {"who": drafted.drafted_by},
        )
    store.move(ctx, case, "settle")
    if drafted is not None:
        store.stand(ctx, drafted)
    return case


def wants_another(ctx: Context, case: Case, drafted: Disposition) -> bool:
    """Whether the actor may not decide because he drafted it: as on a decision route, nobody refuses an applicant alone."""
    return (
        rules.needs_remedies(case.kind, drafted.outcome)
        and drafted.drafter_id is not None
        and myself(ctx).filter(pk=drafted.drafter_id).exists()
    )


@action("casework.notify", label="通知したとする", may=WORK, data=NoData)
def notify(ctx: Context, case: Case, data: NoData) -> Case:
    """The applicant has been told by a notice."""
    store.move(ctx, case, "notify")
    return case


@action("casework.complete", label="完了する", may=WORK, data=NoData)
def complete(ctx: Context, case: Case, data: NoData) -> Case:
    """Nothing more is to be done."""
    store.move(ctx, case, "complete")
    return case
