"""Who holds which post now, who is away, and which steps somebody may act on: one query each, the same for lists and answers.

Posts are asked for by the day: in April the successor finds what waited for his predecessor.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from yakuba.engines.approval.models import Absence, Step
from yakuba.engines.approval.rules import BLOCKING, Seat
from yakuba.kernel.actions import ActorKind, Context
from yakuba.kernel.actions.permission import NOTHING
from yakuba.kernel.dates import japan_date
from yakuba.kernel.town.models import Assignment, Person
from yakuba.kernel.town.queries import valid_on

# 本務, 兼務 and 併任 hold a post; 事務取扱 and 職務代理 act in it while nobody does, or the one who does is away.
HOLDING = ("main", "concurrent", "cross_agency")
ACTING = ("acting_head", "deputy")


def person_of(ctx: Context) -> Person | None:
    """The member of staff behind the actor; None for machines, the public, and accounts of nobody."""
    if ctx.actor.kind is not ActorKind.STAFF:
        return None
    return Person.unscoped.filter(accounts=ctx.actor.id, municipality=ctx.municipality.id).first()


def myself(ctx: Context) -> QuerySet[Person]:
    """The same as a query, for use inside others."""
    if ctx.actor.kind is not ActorKind.STAFF:
        return Person.unscoped.none()
    return Person.unscoped.filter(accounts=ctx.actor.id, municipality=ctx.municipality.id)


def _assignments(ctx: Context, *kinds: str) -> QuerySet[Assignment]:
    return Assignment.unscoped.filter(
        valid_on(japan_date(ctx.now)), municipality=ctx.municipality.id, kind__in=kinds
    )


def _mine(ctx: Context, *kinds: str) -> QuerySet[Assignment, UUID]:
    found: QuerySet[Assignment, UUID] = (
        _assignments(ctx, *kinds).filter(person__in=myself(ctx).values("pk")).values_list("post", flat=True)
    )
    return found


@dataclass(frozen=True)
class Me:
    """The actor: his person, the posts that he holds, and those in which he acts; as queries or as ids."""

    person: Collection[UUID] | QuerySet[Person, UUID]
    holding: Collection[UUID] | QuerySet[Assignment, UUID]
    acting: Collection[UUID] | QuerySet[Assignment, UUID]


def unasked(ctx: Context) -> Me:
    """As queries inside whatever query they stand in."""
    person: QuerySet[Person, UUID] = myself(ctx).values_list("pk", flat=True)
    return Me(person, _mine(ctx, *HOLDING), _mine(ctx, *ACTING))


def asked(ctx: Context) -> Me:
    """As ids, by one query: what is asked on every page is then put together in a fraction of the time."""
    if ctx.actor.kind is not ActorKind.STAFF:
        return Me((), (), ())
    rows = list(
        _assignments(ctx, *HOLDING, *ACTING)
        .filter(person__accounts=ctx.actor.id)
        .order_by()
        .values_list("person", "post", "kind")
    )
    return Me(
        {person for person, _post, _kind in rows},
        [post for _person, post, kind in rows if kind in HOLDING],
        [post for _person, post, kind in rows if kind in ACTING],
    )


def my_posts(ctx: Context) -> QuerySet[Assignment, UUID]:
    """The posts that the actor holds or acts in now, as a query."""
    return _mine(ctx, *HOLDING, *ACTING)


def away(ctx: Context) -> QuerySet[Absence, UUID]:
    """The persons who are away today, as a query."""
    day = japan_date(ctx.now)
    found: QuerySet[Absence, UUID] = absent_on(ctx.municipality.id, day).values_list("person", flat=True)
    return found


def absent_on(municipality_id: UUID, day: dt.date) -> QuerySet[Absence]:
    """The absences that include a day."""
    return Absence.unscoped.filter(
        municipality=municipality_id, valid_from__lte=day, valid_to__gte=day, ended_at__isnull=True
    )


def _somebody_there(ctx: Context, post: str) -> Exists:
    """Whether the post in a column of the row is held by somebody who is not away."""
    return Exists(
        _assignments(ctx, *HOLDING).filter(post=OuterRef(post)).exclude(person__in=away(ctx)).order_by()
    )


def _on_my_table(ctx: Context, me: Me) -> Q:
    """Which steps are the actor's to act on, by post: the SQL of :func:`~..rules.capacity`."""
    stand_in = Q(stand_in__in=me.holding) | (
        Q(second_stand_in__in=me.holding) & (Q(stand_in__isnull=True) | ~Q(_somebody_there(ctx, "stand_in")))
    )
    return Q(post__in=me.holding) | (~Q(_somebody_there(ctx, "post")) & (Q(post__in=me.acting) | stand_in))


def drafted_by_me(ctx: Context) -> Q:
    """The proposals that are the actor's as drafter: what he drafted, and what was drafted in a post that he holds now and the drafter no longer does."""
    still = _assignments(ctx, *HOLDING).filter(post=OuterRef("drafter_post"), person=OuterRef("drafter"))
    left = Q(drafter_post__in=_mine(ctx, *HOLDING)) & ~Q(Exists(still.order_by()))
    return Q(drafter__in=myself(ctx).values("pk")) | left


def mine_to_act(ctx: Context, *kinds: str, me: Me | None = None) -> Q:
    """The current steps of these kinds on which the actor may act: the SQL of :func:`~..rules.may_act`.

    Never what he drafted himself, but for an exceptional decision.
    """
    if ctx.actor.kind is not ActorKind.STAFF:
        return NOTHING
    me = me or unasked(ctx)
    # Where there is no predecessor NOT (… = …) would be neither true nor false.
    drafted = Q(proposal__drafter__in=me.person) | Q(
        proposal__predecessor__isnull=False, proposal__predecessor__in=me.person
    )
    own = Q(kind__in=BLOCKING) & drafted & ~Q(~Q(proposal__exception=""), kind="decide")
    return Q(state="current", kind__in=kinds) & _on_my_table(ctx, me) & ~own


def to_read_after(ctx: Context, *, me: Me | None = None) -> Q:
    """The steps that somebody else took in the actor's place and that he has not read yet (後閲): he was away, or holds the post now."""
    if ctx.actor.kind is not ActorKind.STAFF:
        return NOTHING
    me = me or unasked(ctx)
    mine = Q(absent__in=me.person) | Q(post__in=me.holding)
    acted = Q(person__isnull=False, person__in=me.person)
    return Q(absent__isnull=False, read_after_at__isnull=True, state__in=("done", "skipped")) & mine & ~acted


def mine_to_see(ctx: Context) -> Q:
    """The steps that the actor has or had to do with: as holder of its post or stand-in now, or as whoever acted or was away."""
    if ctx.actor.kind is not ActorKind.STAFF:
        return NOTHING
    posts, me = my_posts(ctx), myself(ctx).values("pk")
    return (
        Q(post__in=posts)
        | Q(stand_in__in=posts)
        | Q(second_stand_in__in=posts)
        | Q(person__in=me)
        | Q(absent__in=me)
    )


def seat_of(ctx: Context, step: Step) -> Seat:
    """Who stands behind a step now (two queries)."""
    posts = [post for post in (step.post_id, step.stand_in_id, step.second_stand_in_id) if post is not None]
    found = list(_assignments(ctx, *HOLDING, *ACTING).filter(post__in=posts).order_by("valid_from", "id"))
    there = {
        post: frozenset(one.person_id for one in found if one.post_id == post and one.kind in HOLDING)
        for post in posts
    }
    return Seat(
        holders=there[step.post_id],
        deputies={
            one.person_id: one.kind for one in found if one.post_id == step.post_id and one.kind in ACTING
        },
        stand_ins=tuple(
            there[post] for post in (step.stand_in_id, step.second_stand_in_id) if post is not None
        ),
        away=frozenset(away(ctx)),
    )


def absent_holder(ctx: Context, step: Step) -> UUID | None:
    """For whom somebody else acts on a step: its holder who is away (the main one first); None where the post is vacant."""
    held = _assignments(ctx, *HOLDING).filter(post=step.post_id, person__in=away(ctx))
    order = {kind: place for place, kind in enumerate(HOLDING)}
    found = sorted(held, key=lambda one: (order[one.kind], one.valid_from))
    return found[0].person_id if found else None
