"""What the public may read of a meeting: frozen words that name posts and no persons; how they show at the front door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.bodies import documents, rules
from yakuba.engines.bodies.models import AgendaItem, Meeting
from yakuba.engines.bodies.queries import meetings, sitting
from yakuba.engines.publishing.fronts import Card, Door, Presenter, register_presenter
from yakuba.engines.publishing.models import Publication
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
        [one.role_label, one.post or "庁外の委員", rules.presence_label(meeting.way, there[one.key].presence)]
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


# --- the front door -------------------------------------------------------------------------------------------------


def home(ctx: Context) -> str:
    """The list of meetings whose summary is public."""
    return reverse("bodies-public-meetings", args=[ctx.municipality.code])


def address(ctx: Context, of: Publication, _part: UUID | None) -> str:
    """The public page of a summary."""
    return reverse("bodies-public-meeting", args=[ctx.municipality.code, of.subject])


def address_from_desk(ctx: Context, of: Publication | None) -> str:
    """The same, where this process serves the portal too; empty where it does not."""
    try:
        return address(ctx, of, None) if of else ""
    except NoReverseMatch:
        return ""


def _doors(ctx: Context, standing: Sequence[Publication]) -> list[Door]:
    return [Door(_("会議の概要を読む"), home(ctx), len(standing))] if standing else []


def _no_cards(_ctx: Context, _standing: Sequence[Publication]) -> Iterable[Card]:
    """Meetings are many, and read by few: a way in is enough."""
    return ()


register_presenter(
    Presenter(KIND, gettext_lazy("会議の概要"), href=home, cards=_no_cards, address=address, doors=_doors)
)
