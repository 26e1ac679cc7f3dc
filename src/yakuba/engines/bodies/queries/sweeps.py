"""Rows for the checks of the whole installation, of all municipalities."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery

from yakuba.engines.bodies.models import Meeting, MeetingMove, Minutes


def minutes_of(ids: Sequence[UUID]) -> list[Minutes]:
    """Minutes by their ids, with their files."""
    return list(Minutes.unscoped.filter(pk__in=ids).select_related("file"))


def astray() -> QuerySet[Meeting]:
    """Meetings that stand in another state than their last move left them in."""
    last = MeetingMove.unscoped.filter(meeting=OuterRef("pk")).order_by("-seq").values("to_state")[:1]
    return (
        Meeting.unscoped.annotate(last=Subquery(last))
        .exclude(last__isnull=False, last=F("state"))
        .select_related("body", "municipality")
        .order_by("pk")
    )
