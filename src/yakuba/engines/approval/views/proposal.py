"""A proposal on its page: what is to be decided, the route, and the one thing that the reader can do with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yakuba.engines.approval import actions
from yakuba.engines.approval.models import Proposal
from yakuba.engines.approval.outcomes import Summary
from yakuba.engines.approval.queries import proposals as queries
from yakuba.engines.approval.rules import CATEGORIES, STATES
from yakuba.engines.approval.views.frame import show, top
from yakuba.kernel.access.desk import address, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, NoData, Problem, Problems, ports
from yakuba.kernel.dates import japan_date
from yakuba.kernel.town.queries import office_name
from yakuba.kernel.ui.components import Fact
from yakuba.kernel.ui.formats import moment, wareki, yen


@dataclass(frozen=True, slots=True)
class Part:
    """A section of what is to be decided, drawn."""

    heading: str
    facts: Sequence[Fact]
    text: str


@require_safe
@desk_page
def show_proposal(request: HttpRequest, ctx: Context, proposal_id: UUID) -> HttpResponseBase:
    """Read it."""
    return page(request, ctx, queries.proposal(ctx, proposal_id))


def page(
    request: HttpRequest,
    ctx: Context,
    found: Proposal,
    *,
    problem: Problem | None = None,
    typed: str = "",
    returning: bool = False,
) -> HttpResponse:
    """The page, with what was typed where something was refused: an opinion, or ``returning`` the reason for giving it back."""
    summary = queries.shown(ctx, found)
    mine = queries.mine(ctx, found)
    rounds = queries.rounds(ctx, found)
    answer = show(
        request,
        ctx,
        "proposal",
        found.title,
        crumbs=[top(ctx)],
        problem=problem,
        proposal=found,
        state=dict(STATES)[found.state],
        facts=_facts(ctx, found),
        parts=_parts(summary),
        subject_href=summary.href,
        mine=mine,
        steps=rounds[0] if rounds else [],
        earlier=rounds[1:],
        sent_back=next((one for steps in rounds for one in steps if one.state == "returned"), None)
        if found.state == "returned"
        else None,
        typed="" if returning else typed,
        reason=typed if returning else "",
        act_href=address("approval-act", ctx, found.pk),
        draft_href=address("approval-draft", ctx, found.pk),
    )
    _log(ctx, found, summary)
    return answer


def _log(ctx: Context, found: Proposal, summary: Summary) -> None:
    trail = ports.trail()
    trail.read(ctx, "approval.proposal", "proposal", [found.pk])
    for kind, ids in summary.reads:
        if ids:
            trail.read(ctx, "approval.proposal", kind, ids)


def _parts(summary: Summary) -> list[Part]:
    return [
        Part(one.heading, [Fact(label, text) for label, text in one.facts], one.text)
        for one in summary.sections
    ]


def _facts(ctx: Context, found: Proposal) -> list[Fact]:
    office = office_name(found.office_id, japan_date(found.drafted_at))
    rows = [
        Fact(_("事項"), found.matter or _("その他の事項")),
        Fact(
            _("起案"), f"{office} {found.drafter_post.title} {found.drafter.name}", moment(found.drafted_at)
        ),
    ]
    if found.amount is not None:
        rows.append(Fact(_("金額"), yen(found.amount)))
    rows.append(Fact(_("決裁の定め"), _ground(found)))
    if found.exception:
        rows.append(Fact(_("起案者が決裁する理由"), found.exception))
    if found.decided_at is not None:
        rows.append(Fact(_("決裁日時"), moment(found.decided_at)))
    return rows


def _ground(found: Proposal) -> str:
    """By which line of the city's table it is decided, in words."""
    if found.exception:
        return _("例外の経路（起案者が決裁）")
    rule = found.rule
    if rule is None:
        return _("機関の長が決裁（専決の定めなし）")
    words = [rule.title.rstrip("。"), dict(CATEGORIES)[rule.category]]
    if rule.up_to_yen is not None:
        words.append(_("%(yen)s以下") % {"yen": yen(rule.up_to_yen)})
    if rule.ground:
        words.append(rule.ground)
    words.append(_("%(day)sから") % {"day": wareki(rule.valid_from)})
    return "・".join(words)


Move = Callable[[Context, Proposal, str, int], object]
_MOVES: dict[str, Move] = {
    "approve": lambda ctx, found, said, version: actions.approve(
        ctx, found, actions.approve.read_text({"comment": said}), expected_version=version
    ),
    "concur": lambda ctx, found, said, version: actions.concur(
        ctx, found, actions.concur.read_text({"comment": said}), expected_version=version
    ),
    "decide": lambda ctx, found, said, version: actions.decide(
        ctx, found, actions.decide.read_text({"comment": said}), expected_version=version
    ),
    "return": lambda ctx, found, said, version: actions.return_to_drafter(
        ctx, found, actions.return_to_drafter.read_text({"comment": said}), expected_version=version
    ),
    "withdraw": lambda ctx, found, _said, version: actions.withdraw(
        ctx, found, NoData(), expected_version=version
    ),
    "skip": lambda ctx, found, _said, version: actions.skip(ctx, found, NoData(), expected_version=version),
    "submit": lambda ctx, found, _said, version: actions.submit(
        ctx, found, NoData(), expected_version=version
    ),
}


def _move(name: str) -> Move:
    """What a button means. Raises :class:`Problem`."""
    if name not in _MOVES:
        raise Problem("do", _("何をするのかが分かりません。ボタンを押し直してください。"))
    return _MOVES[name]


@require_POST
@desk_page
def act(request: HttpRequest, ctx: Context, proposal_id: UUID) -> HttpResponseBase:
    """Do one thing with it; refused, the page comes again with what was typed."""
    found = queries.proposal(ctx, proposal_id)
    typed = request.POST.get("comment", "")
    try:
        _move(request.POST.get("do", ""))(ctx, found, typed, version_of(request))
    except Problem as problem:
        returning = request.POST.get("do") == "return"
        for one in problem.problems if returning and isinstance(problem, Problems) else ():
            one.field = "reason"  # two forms of the page send a comment
        again = queries.proposal(ctx, proposal_id)
        return page(request, ctx, again, problem=problem, typed=typed, returning=returning)
    return see("approval-proposal", ctx, proposal_id)


@require_POST
@desk_page
def read(request: HttpRequest, ctx: Context, proposal_id: UUID, step_id: UUID) -> HttpResponseBase:
    """Note that one has read it: a circulation, or afterwards what somebody else did in one's place."""
    step = queries.step(ctx, proposal_id, step_id)
    action = actions.read_after if request.POST.get("do") == "read_after" else actions.read
    action(ctx, step, NoData())
    return see("approval-proposal", ctx, proposal_id)
