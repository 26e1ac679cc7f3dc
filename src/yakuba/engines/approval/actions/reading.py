"""Reading: what is circulated, and what was decided in somebody's absence (後閲). The proposal itself stays as it is."""

from __future__ import annotations

from yakuba.engines.approval import access
from yakuba.engines.approval.models import Proposal, Step
from yakuba.engines.approval.queries import holding
from yakuba.kernel.actions import Context, Denied, NoData, action


def _proposal(step: Step) -> Proposal:
    return step.proposal


@action("approval.read", label="供覧を済ませる", may=access.READ, data=NoData, parent=_proposal)
def read(ctx: Context, step: Step, _data: NoData) -> Step:
    """Note that a circulated proposal was read by the post."""
    person = holding.person_of(ctx)
    if person is None:
        raise Denied
    step.state, step.person, step.done_at = "done", person, ctx.now
    step.capacity = "holder"
    step.save(update_fields=["state", "person", "done_at", "capacity"])
    return step


@action("approval.read_after", label="後閲する", may=access.READ_AFTER, data=NoData, parent=_proposal)
def read_after(ctx: Context, step: Step, _data: NoData) -> Step:
    """Note that whoever was away has read what was done in his place."""
    step.read_after_at = ctx.now
    step.save(update_fields=["read_after_at"])
    return step
