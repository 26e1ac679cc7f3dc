"""The case behind a proposal. Whoever stands on the proposal's route may read it; that is asked where the proposal is shown."""

from __future__ import annotations

from yakuba.engines.approval.models import Proposal
from yakuba.engines.casework.models import Case, CheckMark, Disposition
from yakuba.kernel.actions import Context, Missing


def case_of(ctx: Context, proposal: Proposal) -> Case:
    """The case that a proposal is about. Raises :class:`Missing`."""
    found = Case.unscoped.filter(municipality=ctx.municipality.id, pk=proposal.subject).first()
    if found is None:
        raise Missing
    return found


def drafted_for(case: Case, proposal: Proposal) -> Disposition | None:
    """What is proposed: what was sent with the proposal, or what is drafted as long as it was not sent."""
    here = Disposition.unscoped.filter(case=case)
    return (
        here.filter(proposal=proposal).first()
        or here.filter(decided_at__isnull=True).order_by("-drafted_at").first()
    )


def marks_of(case: Case) -> list[CheckMark]:
    """The check list of a case."""
    return list(CheckMark.unscoped.filter(case=case).order_by("position"))
