"""What decision routes hold, as subjects of actions and of the trail."""

from django.urls import reverse

from yakuba.engines.approval.models import Absence, DecisionRule, Proposal, Step
from yakuba.kernel.actions import Context, register_subject


def _url(ctx: Context, proposal: Proposal) -> str:
    return reverse("approval-proposal", args=[ctx.municipality.code, proposal.pk])


register_subject("proposal", "起案", Proposal, url=_url)
register_subject("approval_step", "決裁の段階", Step, title=lambda step: step.proposal.title)
register_subject("decision_rule", "決裁の定め", DecisionRule)
register_subject("absence", "不在", Absence)
