"""Whose series is whose: an office that ended is answered for by those that carry its work on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from uuid import UUID

from yakuba.kernel.actions import Context, Grant, once
from yakuba.kernel.dates import japan_date
from yakuba.kernel.town.queries import carried_on


def successors(ctx: Context) -> Mapping[UUID, frozenset[UUID]]:
    """The offices that ended, each with those that carry its work on today (once for a context)."""
    return once(ctx, "metrics.successors", lambda: carried_on(ctx.municipality.id, japan_date(ctx.now)))


def answering(ctx: Context, office: UUID) -> frozenset[UUID]:
    """The offices of today that answer for an office: itself, or what became of it."""
    return successors(ctx).get(office, frozenset((office,)))


def answered_for(ctx: Context, offices: Iterable[UUID]) -> frozenset[UUID]:
    """These offices, and those whose work they carry on."""
    mine = frozenset(offices)
    return mine | {ended for ended, after in successors(ctx).items() if after & mine} if mine else mine


def widened(ctx: Context) -> Context:
    """The same context, in which every role that hangs on an office reaches the offices whose work that one carries on."""

    def wide(grant: Grant) -> Grant:
        if grant.office_ids is None or grant.municipality_id not in {None, ctx.municipality.id}:
            return grant
        return dataclasses.replace(grant, office_ids=answered_for(ctx, grant.office_ids))

    grants = tuple(wide(grant) for grant in ctx.actor.grants)
    return dataclasses.replace(ctx, actor=dataclasses.replace(ctx.actor, grants=grants))


def own_offices(ctx: Context) -> frozenset[UUID]:
    """The offices whose series the actor brings by his own post, with those that ended and are carried on."""
    return answered_for(
        ctx,
        {
            office
            for grant in ctx.actor.grants
            if grant.role in {"plan_editor", "office_head"}
            and grant.municipality_id in {None, ctx.municipality.id}
            for office in grant.office_ids or ()
        },
    )
