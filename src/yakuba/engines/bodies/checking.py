"""What the trail vouches for: confirmed minutes never change (part of ``yakuba trail verify``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from yakuba.engines.bodies.models import Minutes
from yakuba.engines.bodies.queries.vouched import minutes_of
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.trail.vouching import moment


def facts_of(minutes: Minutes) -> JsonValue:
    """What is vouched for."""
    return {
        "meeting": str(minutes.meeting_id),
        "number": minutes.number,
        "shown": minutes.shown,
        "confirmed_at": moment(minutes.confirmed_at),
        "sha256": minutes.file.sha256 if minutes.file else "",
    }


def confirmed(ids: Sequence[UUID]) -> Mapping[UUID, JsonValue]:
    """Minutes as they stand, for the trail's check."""
    return {one.pk: facts_of(one) for one in minutes_of(ids)}
