"""A case on one page: what was asked, what is checked, what was said, what is next (SCREENS)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.engines.approval.queries.holding import me
from yakuba.engines.casework import store
from yakuba.engines.casework.access import VIEW_CASE, WORK
from yakuba.engines.casework.actions.deciding import wants_another
from yakuba.engines.casework.deadlines import STARTS, UNITS, ClockRule
from yakuba.engines.casework.models import CHANNELS, MARKS, NOTICE_STATES, OUTCOMES, Case, Disposition, Move
from yakuba.engines.casework.origins import Asked, origin_of, panels_of
from yakuba.engines.casework.queries import inbox
from yakuba.engines.casework.queries import page as reading
from yakuba.engines.casework.states import FINAL, KINDS
from yakuba.engines.casework.views import forms, timeline, ways
from yakuba.engines.casework.views.frame import show
from yakuba.engines.casework.views.words import due_words, on_time, result_words, standing_of, state_words
from yakuba.engines.delivery.models import STATES
from yakuba.engines.delivery.purposes import PURPOSES
from yakuba.engines.delivery.queries import about as sent_about
from yakuba.engines.protection.store import Held
from yakuba.kernel.access.desk import address, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Missing, Problem, SubjectRef, ports
from yakuba.kernel.dates import format_date, format_moment, japan_date
from yakuba.kernel.text.codes import grouped
from yakuba.kernel.ui.components import Fact, FieldError, Link

_FOLLOWS = {
    "returned": "申請者の補正を待っています。",
    "deciding": "決裁を待っています。",
    "completed": "この案件は終わりました。",
    "withdrawn": "申請者が取り下げました。",
}


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def page(request: HttpRequest, ctx: Context, case_id: UUID) -> HttpResponseBase:
    """The page, and the forms that it sends to itself."""
    found = inbox.case(ctx, case_id)
    if request.method != "POST":
        return _page(request, ctx, found, None)
    do = request.POST.get("do", "")
    if do not in ways.WAYS:
        raise Missing
    try:
        ways.perform(ctx, found, do, request.POST)
    except Problem as problem:
        errors_of(problem)  # raises what is no matter of a form
        return _page(request, ctx, inbox.case(ctx, case_id), problem)
    if not VIEW_CASE.may(ctx, found).allowed:
        return see("casework-inbox", ctx)
    return see("casework-case", ctx, found.pk)


def _page(request: HttpRequest, ctx: Context, case: Case, problem: Problem | None) -> HttpResponse:
    ports.trail().read(ctx, "casework.page", "case", [case.pk])
    do = request.POST.get("do", "")
    errors = [
        FieldError(f"{do}-{one.key}" if one.key else "", one.message)
        for one in (errors_of(problem) if problem else [])
    ]
    parts = reading.parts(ctx, case)
    works = WORK.may(ctx, case).allowed
    today = japan_date(ctx.now)
    origin = origin_of(case)
    offices = reading.names_of(
        ctx,
        {
            case.office_id,
            *(one.from_office_id for one in parts.transfers),
            *(one.to_office_id for one in parts.transfers),
        },
    )
    asked = _named(origin.questions(ctx, case))
    related = reading.related(ctx, case) if parts.linked else []
    proposed, stopped = _proposed(ctx, case, parts) if works else ([], "")
    drawn = forms.forms(ctx, case, parts, request.POST if problem else None, errors) if works else None
    return show(
        request,
        ctx,
        "case",
        case.title,
        crumbs=[Link(_("案件"), address("casework-inbox", ctx))],
        status=problem.status if problem else 200,
        case=case,
        state=state_words(case),
        held=parts.held,
        works=works,
        errors=errors,
        panels=panels_of(request, ctx, case),
        forms=drawn,
        unchecked=_unchecked(case, parts, drawn),
        another=bool(
            drawn
            and drawn.following
            and drawn.following.do == "settle"
            and parts.draft
            and wants_another(ctx, case, parts.draft)
        ),
        take=_take(ctx, case) if works else "",
        follows=_follows(case, parts),
        came_back=_came_back(case, parts),
        proposal_href=_proposal_href(ctx, parts),
        notice_href=_notice_href(ctx, case, parts) if works else "",
        notices=_notices(ctx, parts),
        notice_new_href=address("casework-notice-draft", ctx, case.pk),
        facts=_facts(case, offices[case.office_id]),
        term=_term(case, parts),
        late=standing_of(case, today) == "late",
        due=due_words(case, today),
        marks=[(row, _(dict(MARKS)[row.mark])) for row in parts.marks],
        draft=_decision(parts.draft) if parts.draft else [],
        decided=_decision(parts.decided) if parts.decided else [],
        said=list(timeline.said(parts, asked)),
        happened=timeline.timeline(case, parts, offices, asked),
        related=[(one, address("casework-case", ctx, one.case.pk)) for one in related],
        proposed=[(one, address("casework-case", ctx, one.case.pk)) for one in proposed],
        related_stopped=stopped,
        mails=_mails(ctx, case) if parts.mailed else [],
    )


def _unchecked(case: Case, parts: reading.Parts, drawn: forms.Forms | None) -> int:
    """How many lines of the check list nobody looked at, where the next step decides or ends the case."""
    ends = {one.key for one in store.steps_of(case) if one.go_to in {"deciding", "decided", "completed"}}
    if drawn is None or drawn.following is None or drawn.following.do not in ends:
        return 0
    return sum(row.mark == "open" for row in parts.marks)


def _take(ctx: Context, case: Case) -> str:
    """The actor's own person, where he can take on by one press what nobody has."""
    if case.assignee_id is not None or case.state in FINAL:
        return ""
    there = {one.pk for one in reading.colleagues(ctx, case.office_id, japan_date(ctx.now))}
    own = there & {*me(ctx).person}
    return str(min(own)) if own else ""


def _named(asked: Sequence[Asked]) -> dict[str, str]:
    return {one.key: one.label for one in asked}


def _proposed(ctx: Context, case: Case, parts: reading.Parts) -> tuple[list[reading.Related], str]:
    """Cases of somebody called the same, or why none are shown."""
    if case.state in FINAL:
        return [], ""
    try:
        return reading.proposed(ctx, case, parts), ""
    except Held as stopped:
        return [], stopped.message


def _follows(case: Case, parts: reading.Parts) -> str:
    """What one waits for, where no form is next."""
    if case.state == "decided" and not parts.facts.told:
        return _("決定を知らせる通知書を作り、施行してください。")
    if _came_back(case, parts) is not None:
        return _("決定の案を直し、起案の画面からもう一度決裁に回してください。")
    if parts.proposal is not None and case.state != "deciding":
        return _("起案したものが、まだ回っていません。起案の画面で経路を決めて、回してください。")
    return _(_FOLLOWS.get(case.state, ""))


def _came_back(case: Case, parts: reading.Parts) -> Move | None:
    """The move by which a decider gave the proposal back, as long as it was not sent again."""
    returned = parts.proposal is not None and parts.proposal.state == "returned" and case.state != "deciding"
    moves = [one for one in parts.moves if one.step == "sent_back"]
    return moves[-1] if returned and moves else None


def _proposal_href(ctx: Context, parts: reading.Parts) -> str:
    if parts.proposal is None:
        return ""
    return reverse("approval-proposal", args=[ctx.municipality.code, parts.proposal.pk])


def _notice_href(ctx: Context, case: Case, parts: reading.Parts) -> str:
    """Where the notice is written, or goes on, as long as the applicant was not told of the decision."""
    if case.state != "decided" or parts.facts.told:
        return ""
    begun = parts.notices[-1] if parts.notices else None
    if begun is None:
        return address("casework-notice-draft", ctx, case.pk)
    return address("casework-notice", ctx, begun.pk)


def _notices(ctx: Context, parts: reading.Parts) -> list[Link]:
    """The notices of a case, each with its state."""
    words = dict(NOTICE_STATES)
    return [
        Link(
            f"{one.document_number} {one.title}（{_(words[one.state])}）".strip(),
            address("casework-notice", ctx, one.pk),
        )
        for one in parts.notices
    ]


def _facts(case: Case, office: str) -> list[Fact]:
    ended = on_time(case)
    return [
        Fact(_("収受番号"), case.number),
        *([Fact(_("受付番号"), grouped(case.receipt))] if case.receipt else []),
        Fact(_("種類"), _(dict(KINDS)[case.kind])),
        Fact(_("申請者"), case.applicant, case.applicant_kana),
        Fact(_("担当課"), office),
        Fact(_("担当者"), case.assignee.name if case.assignee else _("なし")),
        Fact(_("受付の方法"), _(dict(CHANNELS)[case.channel])),
        Fact(_("到達"), format_moment(case.arrived_at)),
        Fact(_("収受"), format_moment(case.registered_at)),
        *([Fact(_("決定"), format_moment(case.decided_at), _timely(ended))] if case.decided_at else []),
        *([Fact(_("終わり"), format_moment(case.completed_at))] if case.completed_at else []),
        Fact(_("結果の受け取り方"), result_words(case)),
    ]


def _timely(ended: bool | None) -> str:
    return "" if ended is None else _("期限内") if ended else _("期限を過ぎました")


def _mails(ctx: Context, case: Case) -> list[tuple[str, str, str]]:
    """The messages that left about the case: when, what for, what became of them. To whom is told where they are kept."""
    words, purposes = dict(STATES), {key: one.label for key, one in PURPOSES.items()}
    return [
        (format_moment(one.created_at), _(purposes.get(one.purpose, one.purpose)), _(words[one.state]))
        for one in sent_about(ctx, SubjectRef("case", case.pk))
    ]


def _term(case: Case, parts: reading.Parts) -> list[Fact]:
    """The term with its reason: the rule, its end, and when the clock stood."""
    rule = ClockRule.of(case.clock)
    if rule is None:
        return []
    unit, start = _(dict(UNITS)[rule.unit]), _(dict(STARTS)[rule.start])
    lines = [Fact(_("処理期間"), f"{rule.amount}{unit}", start)]
    if case.due_on is not None:
        lines.append(Fact(_("期限"), format_date(case.due_on, weekday=True)))
    for stop in parts.stops:
        until = format_date(stop.until) if stop.until else ""
        words = _("%(since)sの翌日から %(until)s") % {"since": format_date(stop.since), "until": until}
        lines.append(Fact(_("補正で止まった期間"), words))
    return lines


def _decision(found: Disposition) -> list[Fact]:
    lines = [
        (_("結果"), _(dict(OUTCOMES)[found.outcome])),
        (_("決定の内容"), found.content),
        (_("理由"), found.reasons),
        (_("条件"), found.conditions),
        (_("教示"), found.remedies),
        (_("案を書いた人"), found.drafted_by),
        (_("決定した人"), found.decided_by),
        (_("決定日時"), format_moment(found.decided_at) if found.decided_at else ""),
    ]
    return [Fact(label, text) for label, text in lines if text]
