"""Reads of visits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet

from yakuba.engines.visitors import rules
from yakuba.engines.visitors.models import Visit
from yakuba.kernel.actions import Actor, ActorKind, Context, Face, Grant, MunicipalityRef
from yakuba.kernel.dates import clock
from yakuba.kernel.plugins import statements

ACTOR = "visit:"


def visit_of(ctx: Context) -> UUID | None:
    """The visit that acts in this municipality, None for everybody else."""
    acts = ctx.actor.kind is ActorKind.PUBLIC and ctx.actor.id.startswith(ACTOR)
    if not acts or "visitor" not in ctx.actor.roles_in(ctx.municipality.id):
        return None
    return UUID(ctx.actor.id.removeprefix(ACTOR))


@dataclass(frozen=True)
class ActingVisit(Actor):
    """A visit as an actor, with its row where it was read already."""

    row: Visit | None = field(default=None, compare=False, repr=False)


def acts_as(municipality: UUID, visit: UUID, row: Visit | None = None) -> Actor:
    """A visit as the actor that it is in its municipality; ``row`` as this request read it."""
    grants = (Grant("visitor", municipality),)
    return ActingVisit(ActorKind.PUBLIC, f"{ACTOR}{visit}", "来訪者", grants, row)


def of_visit(municipality: UUID, visit: UUID) -> Context:
    """The circumstances of a visit, for queries that are put together before anybody asks."""
    here = MunicipalityRef(municipality, "", "")
    return Context(acts_as(municipality, visit), here, clock.now(), "", Face.PORTAL)


def signed_in_as(visit: UUID) -> QuerySet[Visit, UUID]:
    """The citizen whom a visit is signed in as (a query of none or one id), to be used inside another query."""
    return Visit.unscoped.filter(pk=visit, citizen__isnull=False).values_list("citizen", flat=True)


def visit_by_token(municipality: UUID, token: str, now: dt.datetime) -> Visit | None:
    """The visit that goes on under a token, None for one that ended or never was."""
    found = _BY_TOKEN.first(municipality=municipality, token_hash=rules.token_digest(token))
    return found if found is not None and goes_on(found, now) else None


_BY_TOKEN = statements.Prepared(
    lambda blank: Visit.unscoped.filter(municipality=blank["municipality"], token_hash=blank["token_hash"]),
    municipality=UUID,
    token_hash=str,
)


def visit_at(code: str, token: str, now: dt.datetime) -> Visit | None:
    """The visit that goes on under a token at the municipality with a code, which is read with it; None as above."""
    found = _AT.first(code=code, token_hash=rules.token_digest(token))
    return found if found is not None and goes_on(found, now) else None


_AT = statements.Prepared(
    lambda blank: Visit.unscoped.filter(
        municipality__code=blank["code"], token_hash=blank["token_hash"]
    ).select_related("municipality"),
    code=str,
    token_hash=str,
)


def acting(ctx: Context) -> Visit | None:
    """The row of the visit that acts, as it stood when this request began."""
    visit = visit_of(ctx)
    row = ctx.actor.row if isinstance(ctx.actor, ActingVisit) else None
    if row is not None and row.pk == visit:
        return row
    return None if visit is None else _BY_ID.first(municipality=ctx.municipality.id, visit=visit)


_BY_ID = statements.Prepared(
    lambda blank: Visit.unscoped.filter(municipality=blank["municipality"], pk=blank["visit"]),
    municipality=UUID,
    visit=UUID,
)


def goes_on(visit: Visit, now: dt.datetime) -> bool:
    """Whether a visit goes on at ``now``."""
    return rules.alive(
        signed_in=visit.citizen is not None, seen_at=visit.seen_at, ends_at=visit.ends_at, now=now
    )
