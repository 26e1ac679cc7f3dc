"""Whose part is whose: the offices that somebody answers for, with those whose work his office carries on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from uuid import UUID

from yakuba.kernel.actions import Context, Grant, once
from yakuba.kernel.dates import japan_date
from yakuba.kernel.town.queries import carried_on


def successors(ctx: Context) -> Mapping[UUID, frozenset[UUID]]:
    """The offices that ended, each with those that carry its work on today (once for a context)."""
    return once(ctx, "rounds.successors", lambda: carried_on(ctx.municipality.id, japan_date(ctx.now)))


def answering(ctx: Context, office: UUID) -> frozenset[UUID]:
    """The offices of today that answer for an office: itself, or what became of it."""
    return successors(ctx).get(office, frozenset((office,)))


def answered_for(ctx: Context, offices: Iterable[UUID]) -> frozenset[UUID]:
    """These offices, and those whose work they carry on."""
    mine = frozenset(offices)
    if not mine:
        return mine
    return mine | {ended for ended, after in successors(ctx).items() if after & mine}


def widened(ctx: Context) -> Context:
    """The same context, in which every role that hangs on an office reaches the offices whose work that one carries on."""
    grants = tuple(_widened(ctx, grant) for grant in ctx.actor.grants)
    return dataclasses.replace(ctx, actor=dataclasses.replace(ctx.actor, grants=grants))


def _widened(ctx: Context, grant: Grant) -> Grant:
    if grant.office_ids is None or grant.municipality_id not in {None, ctx.municipality.id}:
        return grant
    return dataclasses.replace(grant, office_ids=answered_for(ctx, grant.office_ids))
