"""Preparing a meeting: when and where, its agenda with papers, who is asked to come."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.engines.bodies import access, actions, rules
from yakuba.engines.bodies.models import Body, Meeting
from yakuba.engines.bodies.queries import meetings as queries
from yakuba.engines.bodies.queries import sitting
from yakuba.engines.bodies.views.frame import show, to_body, to_meeting
from yakuba.engines.bodies.views.item import page as item_page
from yakuba.kernel.access.desk import address, need, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import format_date, format_moment, japan_date
from yakuba.kernel.fields import specs_of
from yakuba.kernel.files import kinds, uploads
from yakuba.kernel.files.receiving import received

GATHERING_KEYS: Final = tuple(specs_of(actions.Gathering))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new(request: HttpRequest, ctx: Context, body_id: UUID) -> HttpResponseBase:
    """Plan a meeting; the notice's words are those of the last one."""
    found = queries.body(ctx, body_id)
    need(access.PLAN, ctx)
    if request.method != "POST":
        last = queries.meetings(ctx, of=found).first()
        typed = {
            "way": last.way if last else "in_person",
            "place": last.place if last else "",
            "letter": last.letter if last else "",
        }
        return _gathering(request, ctx, found, None, typed)
    typed = {key: request.POST.get(key, "") for key in GATHERING_KEYS}
    try:
        made = actions.plan(ctx, found, actions.plan.read_text(typed))
    except Problem as problem:
        return _gathering(request, ctx, found, None, typed, problem)
    return see("bodies-agenda", ctx, made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def edit(request: HttpRequest, ctx: Context, meeting_id: UUID) -> HttpResponseBase:
    """Change when, where and how."""
    found = queries.meeting(ctx, meeting_id)
    need(access.KEEP_MEETING, ctx)
    if request.method != "POST":
        if found.state not in rules.PREPARING:
            return see("bodies-meeting", ctx, meeting_id)
        return _gathering(request, ctx, found.body, found, _typed_of(found))
    typed = {key: request.POST.get(key, "") for key in GATHERING_KEYS}
    try:
        actions.replan(ctx, found, actions.replan.read_text(typed), expected_version=version_of(request))
    except Problem as problem:
        return _gathering(request, ctx, found.body, found, typed, problem)
    return see("bodies-meeting", ctx, found.pk)


def _typed_of(found: Meeting) -> dict[str, str]:
    return {
        "way": found.way,
        "starts_at": format_moment(found.starts_at),
        "due": format_date(found.due) if found.due else "",
        "place": found.place,
        "letter": found.letter,
        "number": str(found.number),
    }


def _gathering(
    request: HttpRequest,
    ctx: Context,
    of: Body,
    found: Meeting | None,
    typed: Mapping[str, str],
    problem: Problem | None = None,
) -> HttpResponse:
    return show(
        request,
        ctx,
        "gathering",
        _("会議の予定を変える") if found else _("会議を予定する"),
        crumbs=to_meeting(ctx, found) if found else to_body(ctx, of),
        problem=problem,
        meeting=found,
        typed=typed,
        specs=specs_of(actions.Gathering),
        back=address("bodies-meeting", ctx, found.pk) if found else address("bodies-body", ctx, of.pk),
    )


# --- the agenda -----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def agenda(request: HttpRequest, ctx: Context, meeting_id: UUID) -> HttpResponseBase:
    """Put things on the agenda: what waits for this body, and items in one's own words."""
    found = queries.meeting(ctx, meeting_id)
    need(access.KEEP_MEETING, ctx)
    if request.method != "POST":
        if found.state not in rules.PREPARING:
            return see("bodies-meeting", ctx, meeting_id)
        return _agenda(request, ctx, found, {"what": "decide"})
    keys = ("title", "what", "explanation", "matter", "subject")
    typed = {key: request.POST.get(key, "") for key in keys}
    try:
        if request.POST.get("do") == "matter":
            actions.add_matter(ctx, found, actions.add_matter.read_text(typed))
        else:
            actions.add_item(ctx, found, actions.add_item.read_text(typed))
    except Problem as problem:
        return _agenda(request, ctx, queries.meeting(ctx, meeting_id), typed, problem)
    return see("bodies-agenda", ctx, found.pk)


def _agenda(
    request: HttpRequest,
    ctx: Context,
    found: Meeting,
    typed: Mapping[str, str],
    problem: Problem | None = None,
) -> HttpResponse:
    items = queries.items(ctx, found)
    return show(
        request,
        ctx,
        "agenda",
        _("議題を加える"),
        crumbs=to_meeting(ctx, found),
        problem=problem,
        meeting=found,
        items=[
            (one, dict(rules.WHATS)[one.what], address("bodies-item", ctx, found.pk, one.pk)) for one in items
        ],
        waiting=queries.waiting_matters(ctx, found.body, items),
        typed=typed,
        specs=specs_of(actions.AddItem),
        back=address("bodies-meeting", ctx, found.pk),
    )


@require_POST
@desk_page
def attach(request: HttpRequest, ctx: Context, meeting_id: UUID, item_id: UUID) -> HttpResponseBase:
    """Add a paper to an item."""
    found = queries.item(ctx, meeting_id, item_id)
    need(access.KEEP_ITEM, ctx)
    typed = {"title": request.POST.get("title", "")}
    try:
        sent = received(request, "file")
        taken = uploads.take(sent, sent.name or "", allow=frozenset({kinds.PDF}))
        title = typed["title"].strip() or PurePosixPath(taken.name).stem
        data = actions.AttachPaper(title[:200], taken.sha256, taken.name, taken.inspected.pages or 1)
        actions.attach_paper(ctx, found, data)
    except Problem as problem:
        problem.field = problem.field or "file"
        return item_page(request, ctx, queries.item(ctx, meeting_id, item_id), problem, attached=typed)
    return see("bodies-item", ctx, meeting_id, item_id, fragment="papers")


@require_POST
@desk_page
def detach(request: HttpRequest, ctx: Context, meeting_id: UUID, item_id: UUID) -> HttpResponseBase:
    """Take a paper off."""
    found = queries.item(ctx, meeting_id, item_id)
    try:
        actions.detach_paper(
            ctx, found, actions.detach_paper.read_text({"part": request.POST.get("part", "")})
        )
    except Problem as problem:
        return item_page(request, ctx, queries.item(ctx, meeting_id, item_id), problem)
    return see("bodies-item", ctx, meeting_id, item_id, fragment="papers")


# --- guests ---------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def guests(request: HttpRequest, ctx: Context, meeting_id: UUID) -> HttpResponseBase:
    """Ask somebody who is no member to come."""
    found = queries.meeting(ctx, meeting_id)
    need(access.KEEP_MEETING, ctx)
    if request.method != "POST":
        if found.state not in rules.PREPARING:
            return see("bodies-meeting", ctx, meeting_id)
        return _guests(request, ctx, found, {})
    typed = {key: request.POST.get(key, "") for key in specs_of(actions.Invite)}
    try:
        if request.POST.get("do") == "uninvite":
            typed = {}
            actions.uninvite(ctx, found, actions.uninvite.read_text({"part": request.POST.get("part", "")}))
        else:
            actions.invite(ctx, found, actions.invite.read_text(typed))
    except Problem as problem:
        return _guests(request, ctx, queries.meeting(ctx, meeting_id), typed, problem)
    return see("bodies-guests", ctx, found.pk)


def _guests(
    request: HttpRequest,
    ctx: Context,
    found: Meeting,
    typed: Mapping[str, str],
    problem: Problem | None = None,
) -> HttpResponse:
    return show(
        request,
        ctx,
        "guests",
        _("出席を求める人"),
        crumbs=to_meeting(ctx, found),
        problem=problem,
        meeting=found,
        guests=sitting.guests(ctx, found),
        typed=typed,
        specs=specs_of(actions.Invite),
        posts=sitting.choices(ctx, japan_date(found.starts_at)),
        back=address("bodies-meeting", ctx, found.pk),
    )
