"""Conditions that permissions are made of: whose proposals, steps and absences somebody has to do with."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from yakuba.engines.approval.models import Proposal, Step
from yakuba.engines.approval.queries import holding
from yakuba.kernel.actions import Context
from yakuba.kernel.actions.permission import NOTHING
from yakuba.kernel.dates import japan_date
from yakuba.kernel.town.models import Assignment, Person
from yakuba.kernel.town.queries import valid_on


def seen(ctx: Context) -> Q:
    """The proposals that are somebody's as drafter, and those that were sent and on whose route he stands or stood."""
    mine = holding.me(ctx)
    if not mine.person:
        return NOTHING
    return (
        holding.drafted_by_me(ctx) | Q(predecessor__in=mine.person) | Q(pk__in=_steps(ctx).values("proposal"))
    )


def _steps(ctx: Context) -> QuerySet[Step]:
    """The steps that are or were the actor's, but for those of a route that was never sent."""
    return Step.unscoped.filter(holding.mine_to_see(ctx), municipality=ctx.municipality.id).exclude(
        state="waiting", proposal__state__in=("drafting", "returned")
    )


def steps_seen(proposals: Q) -> Q:
    """The steps of the proposals that fulfil a condition."""
    return Q(proposal__in=Proposal.unscoped.filter(proposals).values("pk"))


def acts_on(ctx: Context, *kinds: str) -> Q:
    """The proposals whose current step of these kinds is the actor's."""
    steps = Step.unscoped.filter(holding.mine_to_act(ctx, *kinds), municipality=ctx.municipality.id)
    return Q(pk__in=steps.values("proposal"))


def of_people(people: Q) -> Q:
    """The rows of the persons who fulfil a condition."""
    return Q(person__in=Person.unscoped.filter(people).values("pk"))


def headed(ctx: Context) -> Q:
    """The persons who hold a post now in an office whose head the actor is (role ``office_head``)."""
    day = japan_date(ctx.now)
    offices = {
        office
        for grant in ctx.actor.grants
        if grant.role == "office_head" and grant.municipality_id in {None, ctx.municipality.id}
        for office in grant.office_ids or ()
    }
    held = Assignment.unscoped.filter(
        valid_on(day), municipality=ctx.municipality.id, post__office__in=offices
    )
    return Q(pk__in=held.values("person"), municipality=ctx.municipality.id)


def subjects_on_my_route(ctx: Context, kind: str) -> QuerySet[Step, UUID]:
    """The ids of the things of one kind on whose proposals the actor stands or stood, as a query.

    For the room whose things they are: a decider may read what he decides on.
    """
    found: QuerySet[Step, UUID] = (
        _steps(ctx)
        .filter(proposal__municipality=ctx.municipality.id, proposal__subject_kind=kind)
        .order_by()
        .values_list("proposal__subject", flat=True)
    )
    return found
