"""Conditions that permissions are made of: whose cases somebody has to do with, besides those of the own office."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from yakuba.engines.approval.queries.holding import me
from yakuba.engines.approval.queries.standing import subjects_on_my_route
from yakuba.engines.casework.models import Transfer
from yakuba.engines.protection.access import VIEW_HOLD
from yakuba.engines.protection.models import Hold
from yakuba.kernel.actions import Context, once
from yakuba.kernel.actions.permission import NOTHING

_WORKERS = frozenset({"case_worker", "office_head"})


def offices(ctx: Context) -> frozenset[UUID]:
    """The offices whose cases the actor works on."""
    return frozenset(
        office
        for grant in ctx.actor.grants
        if grant.role in _WORKERS and grant.municipality_id in {None, ctx.municipality.id}
        for office in grant.office_ids or ()
    )


def handed_on(ctx: Context) -> QuerySet[Transfer, UUID]:
    """The cases that the actor's offices had and gave to another office, as a query of ids."""
    found: QuerySet[Transfer, UUID] = Transfer.unscoped.filter(
        municipality=ctx.municipality.id, from_office__in=offices(ctx)
    ).values_list("case", flat=True)
    return found


def also_seen(ctx: Context, path: str) -> Q:
    """Rows whose case (``path`` leads to its id) was the actor's office's, or is on his way to a decision: a decider reads it.

    The keeper of 支援措置 reads the cases that were held: there is nothing to compare with otherwise.
    """
    return once(ctx, ("casework.also_seen", path), lambda: _also_seen(ctx, path))


def _also_seen(ctx: Context, path: str) -> Q:
    found = NOTHING
    if offices(ctx):
        found |= Q(**{f"{path}__in": handed_on(ctx)})
    if me(ctx).person:
        found |= Q(**{f"{path}__in": subjects_on_my_route(ctx, "case")})
    if VIEW_HOLD.holds_anywhere(ctx):
        holds = Hold.unscoped.filter(municipality=ctx.municipality.id, subject_kind="case")
        found |= Q(**{f"{path}__in": holds.values("subject_id")})
    return Q(municipality=ctx.municipality.id) & found
