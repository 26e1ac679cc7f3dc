"""Reads of deliveries: the desk's list, and those about one thing for the pages of rooms above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from yakuba.engines.delivery.models import Delivery
from yakuba.kernel.actions import Context, Missing, SubjectRef
from yakuba.kernel.ui.lists import Slice, sliced

PAGE = 50
# What a person should look at: nothing happens to these by itself any more.
OPEN = ("failed", "unconfirmed", "held")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader wants to see; empty is everything."""

    states: Sequence[str] = ()
    purposes: Sequence[str] = ()
    address: str = ""
    about: SubjectRef | None = field(default=None)


def deliveries(ctx: Context, asked: Asked | None = None) -> QuerySet[Delivery]:
    """What the actor may see, newest first, without what was said. The reader logs what it shows."""
    found = Delivery.objects.for_actor(ctx).defer("body").order_by("-created_at", "-pk")
    if asked is None:
        return found
    if asked.states:
        found = found.filter(state__in=asked.states)
    if asked.purposes:
        found = found.filter(purpose__in=asked.purposes)
    if asked.address:
        found = found.filter(address__icontains=asked.address)
    return found


def page(ctx: Context, asked: Asked, start: int) -> Slice[Delivery]:
    """One page of them from a position on."""
    return sliced(deliveries(ctx, asked), start, PAGE)


def delivery(ctx: Context, delivery_id: UUID) -> Delivery:
    """One delivery. Raises :class:`Missing`."""
    found = deliveries(ctx).filter(pk=delivery_id).first()
    if found is None:
        raise Missing
    return found


def open_count(ctx: Context) -> int:
    """How many wait for a person to decide."""
    return Delivery.objects.for_actor(ctx).filter(state__in=OPEN).count()


def about(ctx: Context, subject: SubjectRef) -> list[Delivery]:
    """The desk's deliveries about one thing, oldest first, for a page of a room above.

    That room has asked whether the actor may see the thing, and logs that it shows them.
    """
    found = Delivery.unscoped.filter(
        municipality=ctx.municipality.id, zone="desk", about_kind=subject.kind, about_id=subject.id
    )
    return list(found.order_by("created_at", "pk"))


def left_about(kind: str, column: str) -> Exists:
    """Whether there are any about the row's thing, whose id is in ``column``; to be asked along with the row."""
    return Exists(
        Delivery.unscoped.filter(
            municipality=OuterRef("municipality"), zone="desk", about_kind=kind, about_id=OuterRef(column)
        )
    )


def stopped(ctx: Context, subject: SubjectRef) -> list[Delivery]:
    """Those that 支援措置 stopped and that still say something."""
    return [one for one in about(ctx, subject) if one.state == "held" and one.erased_at is None]
