"""What the public may read of a meeting: frozen words that name posts and no persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from yakuba.engines.bodies import documents, rules
from yakuba.engines.bodies.models import AgendaItem, Meeting
from yakuba.engines.bodies.queries import meetings, sitting
from yakuba.engines.publishing.store import Copy
from yakuba.kernel.actions import Context
from yakuba.kernel.fields import JsonValue

KIND: Final = "meeting_summary"


def copy(
    ctx: Context, meeting: Meeting, items: Sequence[AgendaItem], texts: Mapping[str, str], note: str
) -> Copy:
    """What is frozen. Attendance is told by post (for those from outside by affiliation) and as a count."""
    seats = sitting.of_meeting(ctx, meeting)
    there = meetings.attendances(meeting)
    count = meetings.count_of(meeting, seats, there)
    verb = "回答" if meeting.way == rules.CIRCULAR else "出席"
    attended: list[JsonValue] = [
        [one.role_label, one.post or "庁外の委員", dict(rules.PRESENCES)[there[one.key].presence]]
        for one in seats
        if one.key in there
    ]
    told: list[JsonValue] = [
        {
            "title": one.title,
            "what": dict(rules.WHATS)[one.what],
            "decision": one.decision,
            "text": texts[str(one.pk)],
        }
        for one in items
    ]
    return Copy(
        kind=KIND,
        subject=meeting.pk,
        year=meeting.year,
        title=documents.name_of(meeting),
        head={
            "body": meeting.body.name,
            "day": sitting.day_of(meeting).isoformat(),
            "when": documents.when(meeting),
            "way": dict(rules.WAYS)[meeting.way],
            "place": meeting.place,
            "count": f"委員{count.members}人のうち{verb}{count.there}人",
            "attendance": attended,
            "items": told,
        },
        parts=(),
        note=note,
    )
