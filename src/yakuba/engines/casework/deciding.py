"""A case as the subject of a proposal: what the decider reads, and what becomes of the case."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from yakuba.engines.approval.models import Proposal
from yakuba.engines.approval.outcomes import Outcome, Section, Summary
from yakuba.engines.casework import rules, store
from yakuba.engines.casework.models import CHANNELS, MARKS, OUTCOMES, Case, CheckMark, Disposition
from yakuba.engines.casework.origins import origin_of
from yakuba.engines.casework.queries import deciding as reading
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import format_date, format_moment


class CaseOutcome(Outcome):
    """Decided: the draft stands. Returned or taken back: the case is examined again."""

    def summary(self, ctx: Context, proposal: Proposal) -> Summary:
        case = reading.case_of(ctx, proposal)
        drafted = reading.drafted_for(case, proposal)
        marks = reading.marks_of(case)
        return Summary(
            sections=[
                _about(case),
                *([_drafted(drafted, _why_none(ctx, case, drafted))] if drafted is not None else []),
                *([_checked(marks)] if marks else []),
            ],
            href=reverse("casework-case", args=[ctx.municipality.code, case.pk]),
            reads=[("case", [case.pk])],
        )

    def on_submitted(self, ctx: Context, proposal: Proposal) -> None:
        store.submitted(ctx, reading.case_of(ctx, proposal), proposal)

    def on_decided(self, ctx: Context, proposal: Proposal) -> None:
        store.decided(ctx, reading.case_of(ctx, proposal), proposal)

    def on_returned(self, ctx: Context, proposal: Proposal, comment: str) -> None:
        store.sent_back(ctx, reading.case_of(ctx, proposal), comment)


# What is kept with the decision is Japanese, whoever reads it in which language.
def _about(case: Case) -> Section:
    facts = [
        ("収受番号", case.number),
        ("件名", case.title),
        ("申請者", case.applicant),
        ("到達", format_moment(case.arrived_at)),
        ("受付の方法", dict(CHANNELS)[case.channel]),
        *([("処理の期限", format_date(case.due_on))] if case.due_on else []),
    ]
    return Section("案件", facts)


def _why_none(ctx: Context, case: Case, drafted: Disposition) -> str:
    """Why a decision against the applicant carries no notice of remedies: for whoever decides, and not for the notice."""
    due = rules.needs_remedies(case.kind, drafted.outcome) and not drafted.remedies
    return origin_of(case).no_remedies(ctx, case) if due else ""


def _drafted(drafted: Disposition, why_none: str) -> Section:
    parts = [
        ("決定の内容", drafted.content),
        ("理由", drafted.reasons),
        ("条件", drafted.conditions),
        ("教示", drafted.remedies),
        ("教示を付けない理由", why_none),
    ]
    facts = [("結果", dict(OUTCOMES)[drafted.outcome]), *((label, text) for label, text in parts if text)]
    return Section("決定の案", facts)


def _checked(marks: Sequence[CheckMark]) -> Section:
    words = dict(MARKS)
    lines = [(row.label, words[row.mark] + (f"（{row.note}）" if row.note else "")) for row in marks]
    left = sum(row.mark == "open" for row in marks)
    return Section("確かめたこと", lines, f"{left}件が「まだ」のままです。" if left else "")
