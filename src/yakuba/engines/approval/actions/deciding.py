"""What stands between a draft and its decision: approve, concur, decide, give back, go on without somebody who is away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext as _

from yakuba.engines.approval import access, rules, store
from yakuba.engines.approval.models import Proposal, Step
from yakuba.engines.approval.outcomes import OUTCOMES
from yakuba.engines.approval.queries import holding
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Denied, NoData, Problem, action
from yakuba.kernel.fields import PERSONAL


@dataclass(frozen=True)
class Opinion:
    """What somebody has to say with it."""

    comment: Annotated[str, fields.prose(label="意見", classification=PERSONAL, max_length=4000)] = ""


@dataclass(frozen=True)
class Comment:
    """Why it goes back."""

    comment: Annotated[
        str, fields.prose(label="差し戻す理由", classification=PERSONAL, max_length=4000, required=True)
    ]


@action("approval.approve", label="承認する", may=access.APPROVE, data=Opinion)
def approve(ctx: Context, proposal: Proposal, data: Opinion) -> Proposal:
    """Approve as the post whose turn it is."""
    return _pass(ctx, proposal, "approve", data.comment)


@action("approval.concur", label="合議に同意する", may=access.CONCUR, data=Opinion)
def concur(ctx: Context, proposal: Proposal, data: Opinion) -> Proposal:
    """Concur as the office that is asked."""
    return _pass(ctx, proposal, "concur", data.comment)


@action("approval.decide", label="決裁する", may=access.DECIDE, data=Opinion)
def decide(ctx: Context, proposal: Proposal, data: Opinion) -> Proposal:
    """Decide. What the decider read is kept, and the room whose thing it is acts on it, in the same transaction."""
    outcome = OUTCOMES.get(proposal.subject_kind)
    store.keep_shown(proposal, outcome.summary(ctx, proposal))
    proposal.decided_at = ctx.now
    _pass(ctx, proposal, "decide", data.comment)
    store.vouch_for(ctx, proposal)
    outcome.on_decided(ctx, proposal)
    ctx.publish("approval.decided", store.told(proposal))
    return proposal


def _pass(ctx: Context, proposal: Proposal, kind: str, comment: str) -> Proposal:
    steps = store.steps_of(proposal)
    _take(ctx, proposal, steps, (kind,), comment)
    store.apply(proposal, steps, rules.done(store.route_of(proposal, steps)))
    proposal.save(update_fields=["state", "decided_at", "shown"])
    return proposal


@action("approval.return", label="差し戻す", may=access.RETURN, data=Comment)
def return_to_drafter(ctx: Context, proposal: Proposal, data: Comment) -> Proposal:
    """Give it back to the drafter, with the reason. Its route begins anew when it is sent again."""
    steps = store.steps_of(proposal)
    _take(ctx, proposal, steps, rules.BLOCKING, data.comment)
    store.apply(proposal, steps, rules.returned(store.route_of(proposal, steps)))
    store.next_round(proposal, steps)
    proposal.save(update_fields=["state", "round"])
    OUTCOMES.get(proposal.subject_kind).on_returned(ctx, proposal, data.comment)
    ctx.publish("approval.returned", store.told(proposal))
    return proposal


def _take(ctx: Context, proposal: Proposal, steps: list[Step], kinds: tuple[str, ...], comment: str) -> Step:
    """The step whose turn it is, taken by the actor; saved with its new state by the caller. Raises :class:`Problem`."""
    step = _waiting(proposal, steps)
    person = holding.person_of(ctx)
    if step.kind not in kinds:
        raise store.not_now(proposal)
    seat = holding.seat_of(ctx, step)
    as_what = rules.may_act(
        None if person is None else person.pk,
        step.kind,
        seat,
        drafters=store.drafters_of(proposal),
        exceptional=bool(proposal.exception),
    )
    if person is None or not as_what:
        raise Denied
    step.person, step.capacity, step.comment, step.done_at = person, as_what, comment.strip(), ctx.now
    if as_what != "holder":
        step.absent_id = holding.absent_holder(ctx, step)
    ctx.note(round=step.round, step=step.position, kind=step.kind, capacity=as_what, post=str(step.post_id))
    return step


def _waiting(proposal: Proposal, steps: list[Step]) -> Step:
    here = store.route_of(proposal, steps).current
    if proposal.state != "circulating" or here is None:
        raise store.not_now(proposal)
    return steps[here]


@action("approval.skip", label="不在のため先へ回す", may=access.SKIP, data=NoData)
def skip(ctx: Context, proposal: Proposal, _data: NoData) -> Proposal:
    """Go on without an approval or concurrence of somebody who is away, or of a vacant post; who was away reads it afterwards."""
    steps = store.steps_of(proposal)
    step = _waiting(proposal, steps)
    if step.kind == "decide":
        raise Problem(
            "decision", _("決裁は飛ばせません。代決できる職が決裁するまで待つか、引き戻してください。")
        )
    seat = holding.seat_of(ctx, step)
    if not seat.is_empty:
        raise Problem(
            "there",
            _("「%(post)s」は不在ではありません。") % {"post": step.post.title},
            found=step.post.title,
        )
    if set(seat.deputies) - seat.away - store.drafters_of(proposal):
        raise Problem("deputy", _("事務取扱か職務代理の職員がいるため、飛ばせません。"))
    step.absent_id, step.done_at = holding.absent_holder(ctx, step), ctx.now
    store.apply(proposal, steps, rules.skipped(store.route_of(proposal, steps)))
    ctx.note(round=step.round, step=step.position, kind=step.kind, post=str(step.post_id))
    return proposal
