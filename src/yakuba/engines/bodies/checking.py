"""Whether meetings stand where their moves led them, and confirmed minutes as they were confirmed: part of ``yakuba trail verify``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.bodies.models import Minutes
from yakuba.engines.bodies.queries import sweeps
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.trail.verify import Finding
from yakuba.kernel.trail.vouching import moment


def check() -> Iterator[Finding]:
    """One finding for each meeting whose state its last move does not say."""
    for one in sweeps.astray():
        yield Finding(
            "meeting_state",
            one.municipality.code,
            str(one),
            _("会議「%(meeting)s」の状態が、動きの記録と合いません。") % {"meeting": one},
        )


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
    return {one.pk: facts_of(one) for one in sweeps.minutes_of(ids)}
