"""Addresses of bodies: the desk's pages, and the summaries that the public reads."""

from __future__ import annotations

from django.urls import URLPattern, path

from yakuba.engines.bodies.views import (
    body,
    holding,
    item,
    lists,
    meeting,
    minutes,
    papers,
    planning,
    reporting,
)
from yakuba.engines.bodies.views import (
    portal as public,
)
from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6 and sheet

_DESK = "<code6:code>/desk/bodies/"
_BODY = f"{_DESK}<uuid:body_id>/"
_MEETING = f"{_DESK}meetings/<uuid:meeting_id>/"
_ITEM = f"{_MEETING}items/<uuid:item_id>/"

portal: list[URLPattern] = [
    path("<code6:code>/meetings/", public.meetings, name="bodies-public-meetings"),
    path("<code6:code>/meetings/<uuid:meeting_id>/", public.meeting, name="bodies-public-meeting"),
]
desk: list[URLPattern] = [
    path(_DESK, lists.bodies, name="bodies-desk"),
    path(f"{_DESK}bodies.<sheet:file_format>", lists.bodies_sheet, name="bodies-desk-sheet"),
    path(f"{_DESK}meetings/", lists.meetings, name="bodies-meetings"),
    path(f"{_DESK}meetings.<sheet:file_format>", lists.meetings_sheet, name="bodies-meetings-sheet"),
    path(f"{_DESK}decisions/", lists.decisions, name="bodies-decisions"),
    path(f"{_DESK}decisions.<sheet:file_format>", lists.decisions_sheet, name="bodies-decisions-sheet"),
    path(f"{_DESK}new/", body.new, name="bodies-new"),
    path(_BODY, body.body, name="bodies-body"),
    path(f"{_BODY}edit/", body.edit, name="bodies-edit"),
    path(f"{_BODY}seats.<sheet:file_format>", body.seats_sheet, name="bodies-seats-sheet"),
    path(f"{_BODY}seats/new/", body.new_seat, name="bodies-seat-new"),
    path(f"{_BODY}seats/<uuid:seat_id>/", body.seat, name="bodies-seat"),
    path(f"{_BODY}plan/", planning.new, name="bodies-plan"),
    path(_MEETING, meeting.meeting, name="bodies-meeting"),
    path(f"{_MEETING}act/", meeting.act, name="bodies-act"),
    path(f"{_MEETING}plan/", planning.edit, name="bodies-replan"),
    path(f"{_MEETING}agenda/", planning.agenda, name="bodies-agenda"),
    path(f"{_MEETING}guests/", planning.guests, name="bodies-guests"),
    path(_ITEM, item.item, name="bodies-item"),
    path(f"{_ITEM}attach/", planning.attach, name="bodies-attach"),
    path(f"{_ITEM}detach/", planning.detach, name="bodies-detach"),
    path(f"{_ITEM}decide/", item.decide, name="bodies-decide"),
    path(f"{_MEETING}hold/", holding.hold, name="bodies-hold"),
    path(f"{_MEETING}answer/", holding.answer, name="bodies-answer"),
    path(f"{_MEETING}answers/<uuid:seat_id>/", holding.enter, name="bodies-enter"),
    path(f"{_MEETING}minutes/", minutes.minutes, name="bodies-minutes"),
    path(f"{_MEETING}minutes/act/", minutes.act, name="bodies-minutes-act"),
    path(f"{_MEETING}minutes/draft.pdf", papers.draft, name="bodies-minutes-draft"),
    path(f"{_MEETING}minutes/<int:number>.pdf", papers.minutes, name="bodies-minutes-pdf"),
    path(f"{_MEETING}report/", reporting.report, name="bodies-report"),
    path(f"{_MEETING}release/", reporting.release, name="bodies-release"),
    path(f"{_MEETING}papers.pdf", papers.whole, name="bodies-papers"),
    path(f"{_MEETING}letter.pdf", papers.letter, name="bodies-letter"),
    path(f"{_DESK}papers/<uuid:paper_id>/", papers.paper, name="bodies-paper"),
    path(f"{_DESK}reports/<uuid:report_id>.pdf", papers.report, name="bodies-report-pdf"),
]
