"""Whose seats, meetings and minutes somebody has to do with: conditions that permissions are made of."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from yakuba.engines.approval.queries.holding import Me, me
from yakuba.engines.bodies.models import Body, Meeting, Seat
from yakuba.kernel.actions import Context
from yakuba.kernel.actions.permission import NOTHING
from yakuba.kernel.dates import japan_date
from yakuba.kernel.town.queries import valid_on


def whose(mine: Me) -> Q:
    """The seats of somebody: by a post that he holds or acts in, or in person."""
    return Q(post__isnull=False, post__in=mine.posts) | Q(person__isnull=False, person__in=mine.person)


def my_seats(ctx: Context) -> QuerySet[Seat]:
    """The seats that are the actor's today."""
    mine = me(ctx)
    if not mine.person:
        return Seat.unscoped.none()
    return Seat.unscoped.filter(
        whose(mine), valid_on(japan_date(ctx.now)), municipality=ctx.municipality.id
    ).order_by()


def member_of(ctx: Context, path: str) -> Q:
    """What belongs to a body in which the actor has a seat today; ``path`` leads to the body."""
    return Q(**{f"{path}__in": my_seats(ctx).values("body")}) if me(ctx).person else NOTHING


def presided(ctx: Context, path: str) -> Q:
    """What belongs to a meeting that the actor presided, or whose presiding seat is his by post today."""
    mine = me(ctx)
    if not mine.person:
        return NOTHING
    found = Meeting.unscoped.filter(
        Q(presider__isnull=False, presider__in=mine.person)
        | Q(seat__post__isnull=False, seat__post__in=mine.posts),
        municipality=ctx.municipality.id,
    )
    return Q(**{f"{path}__in": found.order_by().values("pk")})


def without_presider(path: str) -> Q:
    """What belongs to a meeting at which somebody from outside presided: he has no account here."""
    found = Meeting.unscoped.filter(seat__isnull=False).exclude(seat__outsider="")
    return Q(**{f"{path}__in": found.order_by().values("pk")})


def circulating(ctx: Context) -> Q:
    """The meetings that go round among bodies in which the actor has a seat that decides."""
    seats = my_seats(ctx).filter(role__in=("chair", "vice", "member"))
    return Q(way="circular", state="called", body__in=seats.values("body")) if me(ctx).person else NOTHING


def of_body(ctx: Context, body: Body) -> QuerySet[Seat]:
    """The seats of the actor in one body today."""
    return my_seats(ctx).filter(body=body)
