"""What bodies decided of things of other rooms, and where these can come next: for the rooms that own them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from yakuba.engines.bodies.models import AgendaItem, Meeting
from yakuba.engines.bodies.rules import PREPARING
from yakuba.kernel.actions import Context


def about(ctx: Context, kind: str, ids: Iterable[UUID]) -> Mapping[UUID, list[AgendaItem]]:
    """The items of all agendas about things of one kind, the newest meeting first; as far as the actor sees them (one query)."""
    found: dict[UUID, list[AgendaItem]] = defaultdict(list)
    rows = (
        AgendaItem.objects.for_actor(ctx)
        .filter(matter=kind, subject__in=list(ids))
        .exclude(meeting__state="cancelled")
        .select_related("meeting", "meeting__body")
        .order_by("-meeting__starts_at", "position")
    )
    for row in rows:
        found[row.subject].append(row)
    return found


def open_meetings(ctx: Context) -> list[Meeting]:
    """The meetings whose agendas can still change, the next one first; as far as the actor sees them."""
    rows = Meeting.objects.for_actor(ctx).filter(state__in=PREPARING)
    return list(rows.select_related("body").order_by("starts_at", "pk"))
