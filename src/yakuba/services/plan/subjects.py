"""What the plan service holds, as subjects of actions, trail and search."""

from django.urls import reverse

from yakuba.kernel.actions import Context, register_subject
from yakuba.services.plan.models import (
    Edition,
    Import,
    Indicator,
    Initiative,
    InitiativeOffice,
    Node,
    Placement,
    Plan,
    Value,
)


def _edition_url(ctx: Context, edition: Edition) -> str:
    return reverse("plan-desk-edition", args=[ctx.municipality.code, edition.pk])


def _initiative_url(ctx: Context, initiative: Initiative) -> str:
    return reverse("plan-desk-initiative", args=[ctx.municipality.code, initiative.pk])


def _import_url(ctx: Context, job: Import) -> str:
    return reverse("plan-desk-import", args=[ctx.municipality.code, job.pk])


register_subject("plan", "計画", Plan)
register_subject("plan_edition", "計画の版", Edition, url=_edition_url)
register_subject("plan_node", "計画の区分", Node)
register_subject("initiative", "取組", Initiative, url=_initiative_url)
register_subject("initiative_office", "取組の担当", InitiativeOffice)
register_subject("placement", "取組の位置", Placement)
register_subject("indicator", "指標", Indicator)
register_subject("indicator_value", "指標の値", Value)
register_subject("plan_import", "計画の取り込み", Import, url=_import_url)
