"""Who was there; and the answers of a meeting by circulation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.engines.bodies import access, actions, rules
from yakuba.engines.bodies.actions.meetings import ItemAnswered, SeatAttended
from yakuba.engines.bodies.models import Meeting
from yakuba.engines.bodies.queries import meetings as queries
from yakuba.engines.bodies.queries import reach, sitting
from yakuba.engines.bodies.queries.sitting import Sitting
from yakuba.engines.bodies.views.frame import full, said_of, show, to_meeting
from yakuba.kernel.access.desk import address, need, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Missing, Problem, ports
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.fields import specs_of
from yakuba.kernel.ui.components import Fact


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def hold(request: HttpRequest, ctx: Context, meeting_id: UUID) -> HttpResponseBase:
    """Note who was there. All are present until somebody says otherwise."""
    found = queries.meeting(ctx, meeting_id)
    need(access.KEEP_MEETING, ctx)
    seats = [one for one in sitting.of_meeting(ctx, found) if not one.vacant]
    if request.method != "POST":
        if rules.step(found.state, "hold") is None:
            return see("bodies-meeting", ctx, meeting_id)
        typed = {f"presence-{one.key}": "present" for one in seats}
        return _hold(request, ctx, found, seats, typed)
    typed = {
        name: request.POST.get(name, "")
        for one in seats
        for name in (f"presence-{one.key}", f"proxy-{one.key}", f"person-{one.key}")
    }
    typed["ends_at"] = request.POST.get("ends_at", "")
    try:
        version = version_of(request)
        lines: list[SeatAttended] = [
            {
                "seat": str(one.key),
                "presence": typed[f"presence-{one.key}"],
                "proxy": typed[f"proxy-{one.key}"],
                "person": typed[f"person-{one.key}"],
            }
            for one in seats
        ]
        ends = actions.hold.read_text({"ends_at": typed["ends_at"]}).ends_at
        actions.hold(ctx, found, actions.Attended(lines, ends), expected_version=version)
    except Problem as problem:
        return _hold(request, ctx, queries.meeting(ctx, meeting_id), seats, typed, problem)
    return see("bodies-meeting", ctx, meeting_id)


def _hold(
    request: HttpRequest,
    ctx: Context,
    found: Meeting,
    seats: list[Sitting],
    typed: Mapping[str, str],
    problem: Problem | None = None,
) -> HttpResponse:
    said = said_of(problem)
    return show(
        request,
        ctx,
        "hold",
        _("出欠を記録する"),
        crumbs=to_meeting(ctx, found),
        problem=problem,
        meeting=found,
        seats=[
            (
                one,
                typed.get(f"presence-{one.key}", ""),
                typed.get(f"proxy-{one.key}", ""),
                typed.get(f"person-{one.key}", ""),
                said.get(f"presence-{one.key}", ""),
                said.get(f"proxy-{one.key}", ""),
            )
            for one in seats
        ],
        presences=rules.PRESENCES,
        typed=typed,
        specs=specs_of(actions.Attended),
        back=address("bodies-meeting", ctx, found.pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def answer(request: HttpRequest, ctx: Context, meeting_id: UUID) -> HttpResponseBase:
    """A member's own answer."""
    found = queries.meeting(ctx, meeting_id)
    own = set(reach.of_body(ctx, found.body).values_list("pk", flat=True))
    seat = next((one for one in sitting.of_meeting(ctx, found) if one.key in own and one.votes), None)
    if seat is None:
        raise Missing
    if request.method != "POST":
        return _answer(request, ctx, found, seat, _given(ctx, found, seat))
    typed = _typed(request, ctx, found)
    try:
        actions.answer(ctx, found, actions.Answers(str(seat.key), _said(ctx, found, typed)))
    except Problem as problem:
        return _answer(request, ctx, queries.meeting(ctx, meeting_id), seat, typed, problem)
    return see("bodies-meeting", ctx, meeting_id)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def enter(request: HttpRequest, ctx: Context, meeting_id: UUID, seat_id: UUID) -> HttpResponseBase:
    """An answer that came on paper or by telephone."""
    found = queries.meeting(ctx, meeting_id)
    need(access.KEEP_MEETING, ctx)
    seat = next((one for one in sitting.of_meeting(ctx, found) if one.key == seat_id), None)
    if seat is None:
        raise Missing
    if seat.seat.outsider:
        ports.trail().read(ctx, "bodies.enter", "body_seat", [seat.key])
    if request.method != "POST":
        typed = {**_given(ctx, found, seat), "answered_on": format_date(japan_date(ctx.now))}
        return _answer(request, ctx, found, seat, typed, entering=True)
    typed = {**_typed(request, ctx, found), "answered_on": request.POST.get("answered_on", "")}
    try:
        read = actions.enter_answers.read_text({"seat": str(seat.key), "answered_on": typed["answered_on"]})
        data = replace(read, items=_said(ctx, found, typed))
        actions.enter_answers(ctx, found, data)
    except Problem as problem:
        again = queries.meeting(ctx, meeting_id)
        return _answer(request, ctx, again, seat, typed, problem, entering=True)
    return see("bodies-meeting", ctx, meeting_id)


def _given(ctx: Context, found: Meeting, seat: Sitting) -> dict[str, str]:
    """What was answered already."""
    typed: dict[str, str] = {}
    for (item, key), one in queries.answers(ctx, found).items():
        if key == seat.key:
            typed[f"answer-{item}"], typed[f"words-{item}"] = one.answer, one.words
    return typed


def _typed(request: HttpRequest, ctx: Context, found: Meeting) -> dict[str, str]:
    return {
        name: request.POST.get(name, "")
        for one in queries.items(ctx, found)
        for name in (f"answer-{one.pk}", f"words-{one.pk}")
    }


def _said(ctx: Context, found: Meeting, typed: Mapping[str, str]) -> list[ItemAnswered]:
    return [
        {
            "item": str(one.pk),
            "answer": typed.get(f"answer-{one.pk}", ""),
            "words": typed.get(f"words-{one.pk}", ""),
        }
        for one in queries.items(ctx, found)
        if one.what == "decide"
    ]


def _answer(
    request: HttpRequest,
    ctx: Context,
    found: Meeting,
    seat: Sitting,
    typed: Mapping[str, str],
    problem: Problem | None = None,
    *,
    entering: bool = False,
) -> HttpResponse:
    papers, said = queries.papers(ctx, found), said_of(problem)
    return show(
        request,
        ctx,
        "answer",
        _("回答を入力する") if entering else _("持ち回りに回答する"),
        crumbs=to_meeting(ctx, found),
        problem=problem,
        meeting=found,
        name=full(found),
        seat=seat,
        entering=entering,
        items=[
            (
                one,
                [
                    (section.heading, [Fact(label, text) for label, text in section.facts], section.text)
                    for section in queries.summary(ctx, one)
                ],
                papers.get(one.pk, []),
                typed.get(f"answer-{one.pk}", ""),
                typed.get(f"words-{one.pk}", ""),
                said.get(f"answer-{one.pk}", ""),
                said.get(f"words-{one.pk}", ""),
            )
            for one in queries.items(ctx, found)
        ],
        choices=rules.ANSWERS,
        open=found.state == "called" and found.way == rules.CIRCULAR,
        typed=typed,
        back=address("bodies-meeting", ctx, found.pk),
    )
