"""Who holds which post now, who is away, and which steps somebody may act on: one query each, the same for lists and answers.

Posts are asked for by the day: in April the successor finds what waited for his predecessor.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from yakuba.engines.approval.models import Absence, Step
from yakuba.engines.approval.rules import BLOCKING, Seat
from yakuba.kernel.actions import ActorKind, Context, once
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
    """The same as a query."""
    if ctx.actor.kind is not ActorKind.STAFF:
        return Person.unscoped.none()
    return Person.unscoped.filter(accounts=ctx.actor.id, municipality=ctx.municipality.id)


def _assignments(ctx: Context, *kinds: str) -> QuerySet[Assignment]:
    return Assignment.unscoped.filter(
        valid_on(japan_date(ctx.now)), municipality=ctx.municipality.id, kind__in=kinds
    )


@dataclass(frozen=True)
class Me:
    """The actor: his person, the posts that he holds, and those in which he acts."""

    person: Collection[UUID] = ()
    holding: Collection[UUID] = ()
    acting: Collection[UUID] = ()

    @property
    def posts(self) -> Collection[UUID]:
        """All of them."""
        return {*self.holding, *self.acting}


def me(ctx: Context) -> Me:
    """Who the actor is and which posts he has now (one query, once for a context).

    As ids: the databases find steps by them through an index, and a condition is put together in a fraction of the time.
    """
    if ctx.actor.kind is not ActorKind.STAFF:
        return Me()
    return once(ctx, "approval.me", lambda: _ask(ctx))


def _ask(ctx: Context) -> Me:
    # Somebody without any post is a person too: what he drafted and decided stays his.
    now = japan_date(ctx.now)
    held = FilteredRelation(
        "assignments",
        condition=Q(assignments__kind__in=(*HOLDING, *ACTING), assignments__valid_from__lte=now)
        & (Q(assignments__valid_to__isnull=True) | Q(assignments__valid_to__gte=now)),
    )
    rows = list(
        myself(ctx).annotate(held=held).order_by().values_list("pk", "held__post", "held__kind").distinct()
    )
    return Me(
        {person for person, _post, _kind in rows},
        {post for _person, post, kind in rows if kind in HOLDING},
        {post for _person, post, kind in rows if kind in ACTING},
    )


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


def _on_my_table(ctx: Context) -> Q:
    """Which steps are the actor's to act on, by post: the SQL of :func:`~..rules.capacity`."""
    mine = me(ctx)
    stand_in = Q(stand_in__in=mine.holding) | (
        Q(second_stand_in__in=mine.holding)
        & (Q(stand_in__isnull=True) | ~Q(_somebody_there(ctx, "stand_in")))
    )
    return Q(post__in=mine.holding) | (
        ~Q(_somebody_there(ctx, "post")) & (Q(post__in=mine.acting) | stand_in)
    )


def drafted_by_me(ctx: Context) -> Q:
    """The proposals that are the actor's as drafter: what he drafted, and what was drafted in a post that he holds now and the drafter no longer does."""
    still = _assignments(ctx, *HOLDING).filter(post=OuterRef("drafter_post"), person=OuterRef("drafter"))
    mine = me(ctx)
    left = Q(drafter_post__in=mine.holding) & ~Q(Exists(still.order_by()))
    return Q(drafter__in=mine.person) | left


def mine_to_act(ctx: Context, *kinds: str) -> Q:
    """The current steps of these kinds on which the actor may act: the SQL of :func:`~..rules.may_act`.

    Never what he drafted himself, but for an exceptional decision.
    """
    mine = me(ctx)
    if not mine.posts:
        return NOTHING
    # Where there is no predecessor NOT (… = …) would be neither true nor false.
    drafted = Q(proposal__drafter__in=mine.person) | Q(
        proposal__predecessor__isnull=False, proposal__predecessor__in=mine.person
    )
    own = Q(kind__in=BLOCKING) & drafted & ~Q(~Q(proposal__exception=""), kind="decide")
    return Q(state="current", kind__in=kinds) & _on_my_table(ctx) & ~own


def to_read_after(ctx: Context) -> Q:
    """The steps that somebody else took in the actor's place and that he has not read yet (後閲): he was away, or holds the post now."""
    mine = me(ctx)
    if not mine.person:
        return NOTHING
    his = Q(absent__in=mine.person) | Q(post__in=mine.holding)
    acted = Q(person__isnull=False, person__in=mine.person)
    return Q(absent__isnull=False, read_after_at__isnull=True, state__in=("done", "skipped")) & his & ~acted


def mine_to_see(ctx: Context) -> Q:
    """The steps that the actor has or had to do with: as holder of its post or stand-in now, or as whoever acted or was away.

    Empty steps of drafts that nobody sent are among them: see ``standing``.
    """
    mine = me(ctx)
    if not mine.person:
        return NOTHING
    found = Q(person__in=mine.person) | Q(absent__in=mine.person)
    if mine.posts:
        found |= Q(post__in=mine.posts) | Q(stand_in__in=mine.posts) | Q(second_stand_in__in=mine.posts)
    return found


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
