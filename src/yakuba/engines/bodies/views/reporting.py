"""The report to whom the body reports, and the summary for the public."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.engines.bodies import access, actions, public
from yakuba.engines.bodies.actions.reporting import Told
from yakuba.engines.bodies.models import Meeting
from yakuba.engines.bodies.queries import meetings as queries
from yakuba.engines.bodies.views.frame import said_of, show, to_meeting
from yakuba.engines.publishing import queries as publishing
from yakuba.kernel.access.desk import address, need, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.fields import specs_of


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def report(request: HttpRequest, ctx: Context, meeting_id: UUID) -> HttpResponseBase:
    """Report chosen decisions."""
    found = queries.meeting(ctx, meeting_id)
    need(access.REPORT, ctx)
    items = [one for one in queries.items(ctx, found) if one.decision]
    if request.method != "POST":
        if found.state not in {"minuted", "reported"}:
            return see("bodies-meeting", ctx, meeting_id)
        typed = {
            "addressee": found.body.parent.name if found.body.parent else f"{ctx.municipality.name}長",
            "reported_on": format_date(japan_date(ctx.now)),
        }
        return _report(request, ctx, found, typed, {str(one.pk) for one in items})
    typed = {key: request.POST.get(key, "") for key in ("addressee", "reported_on", "words")}
    chosen = [str(one.pk) for one in items if str(one.pk) in request.POST.getlist("items")]
    try:
        version = version_of(request)
        read = actions.report.read_text(typed)
        data = actions.Reported(read.addressee, read.reported_on, chosen, read.words)
        actions.report(ctx, found, data, expected_version=version)
    except Problem as problem:
        return _report(request, ctx, queries.meeting(ctx, meeting_id), typed, set(chosen), problem)
    return see("bodies-meeting", ctx, meeting_id, fragment="reports")


def _report(
    request: HttpRequest,
    ctx: Context,
    found: Meeting,
    typed: Mapping[str, str],
    chosen: Collection[str],
    problem: Problem | None = None,
) -> HttpResponse:
    return show(
        request,
        ctx,
        "report",
        _("結果を報告する"),
        crumbs=to_meeting(ctx, found),
        problem=problem,
        meeting=found,
        items=[
            (str(one.pk), f"{one.title}：{one.decision}") for one in queries.items(ctx, found) if one.decision
        ],
        chosen=list(chosen),
        typed=typed,
        specs=specs_of(actions.Reported),
        back=address("bodies-meeting", ctx, found.pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def release(request: HttpRequest, ctx: Context, meeting_id: UUID) -> HttpResponseBase:
    """Write the summary for the public, look at it, and publish it."""
    found = queries.meeting(ctx, meeting_id)
    need(access.RELEASE, ctx)
    items = queries.items(ctx, found)
    standing = publishing.standing_of(ctx, public.KIND, found.pk)
    if request.method != "POST":
        if found.state not in {"minuted", "reported"}:
            return see("bodies-meeting", ctx, meeting_id)
        typed = {f"text-{one.pk}": one.talk for one in items}
        return _release(request, ctx, found, typed, {str(one.pk) for one in items if one.decision})
    typed = {f"text-{one.pk}": request.POST.get(f"text-{one.pk}", "") for one in items}
    typed["note"] = request.POST.get("note", "")
    chosen = [str(one.pk) for one in items if str(one.pk) in request.POST.getlist("items")]
    try:
        version = version_of(request)
        told: list[Told] = [{"item": key, "text": typed[f"text-{key}"]} for key in chosen]
        note = typed["note"] if standing else ""
        actions.release_minutes(ctx, found, actions.Released(told, note), expected_version=version)
    except Problem as problem:
        return _release(request, ctx, queries.meeting(ctx, meeting_id), typed, set(chosen), problem)
    return see("bodies-meeting", ctx, meeting_id)


def _release(
    request: HttpRequest,
    ctx: Context,
    found: Meeting,
    typed: Mapping[str, str],
    chosen: Collection[str],
    problem: Problem | None = None,
) -> HttpResponse:
    return show(
        request,
        ctx,
        "release",
        _("会議の概要を公表する"),
        crumbs=to_meeting(ctx, found),
        problem=problem,
        meeting=found,
        items=[
            (
                one,
                str(one.pk) in chosen,
                typed.get(f"text-{one.pk}", ""),
                f"text-{one.pk}",
                said_of(problem).get(f"text-{one.pk}", ""),
            )
            for one in queries.items(ctx, found)
        ],
        standing=publishing.standing_of(ctx, public.KIND, found.pk),
        typed=typed,
        specs=specs_of(actions.Released),
        back=address("bodies-meeting", ctx, found.pk),
    )
