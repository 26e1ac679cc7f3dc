"""What this room holds, as subjects of actions and of the trail."""

from __future__ import annotations

from django.urls import reverse

from yakuba.engines.bodies.models import (
    AgendaItem,
    Answer,
    Attendance,
    Body,
    Guest,
    Meeting,
    MeetingMove,
    Minutes,
    Paper,
    Report,
    Seat,
)
from yakuba.kernel.actions import Context, register_subject


def _body(ctx: Context, body: Body) -> str:
    return reverse("bodies-body", args=[ctx.municipality.code, body.pk])


def _meeting(ctx: Context, meeting: Meeting) -> str:
    return reverse("bodies-meeting", args=[ctx.municipality.code, meeting.pk])


def _of_meeting(ctx: Context, one: AgendaItem | Guest | Minutes | Report) -> str:
    return _meeting(ctx, one.meeting)


register_subject("body", "会議体", Body, url=_body)
register_subject("body_seat", "会議体の席", Seat, title=lambda seat: str(seat.body))
register_subject("meeting", "会議", Meeting, url=_meeting)
register_subject("meeting_move", "会議の動き", MeetingMove)
register_subject("meeting_guest", "会議に呼ぶ人", Guest, title=lambda one: str(one.meeting), url=_of_meeting)
register_subject("agenda_item", "議題", AgendaItem, url=_of_meeting)
register_subject("meeting_paper", "会議の資料", Paper)
register_subject("attendance", "出欠", Attendance)
register_subject("meeting_answer", "持ち回りの回答", Answer)
register_subject("minutes", "議事録", Minutes, url=_of_meeting)
register_subject("meeting_report", "会議の報告", Report, url=_of_meeting)
