"""The minutes: written, sent for confirmation, confirmed or given back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.engines.bodies import access, actions, documents, rules
from yakuba.engines.bodies.actions.minutes import Talked
from yakuba.engines.bodies.models import Meeting, Minutes
from yakuba.engines.bodies.queries import meetings as queries
from yakuba.engines.bodies.views.frame import (
    keeps,
    may_confirm,
    presided_by_me,
    said_of,
    show,
    to_meeting,
    unknown_move,
)
from yakuba.kernel.access.desk import address, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Missing, NoData, Problem, ports
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.fields import specs_of


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def minutes(request: HttpRequest, ctx: Context, meeting_id: UUID) -> HttpResponseBase:
    """Read them; the secretariat writes."""
    found = queries.meeting(ctx, meeting_id)
    written = queries.minutes(ctx, found)
    if written is None and not (keeps(ctx) and found.state == "held"):
        raise Missing
    if request.method != "POST":
        return page(request, ctx, found, written)
    items = queries.items(ctx, found)
    typed = {key: request.POST.get(key, "") for key in ("form", "opening", "closing")}
    typed |= {f"talk-{one.pk}": request.POST.get(f"talk-{one.pk}", "") for one in items}
    try:
        version = version_of(request)
        read = actions.write_minutes.read_text(typed)
        talks: tuple[Talked, ...] = tuple(
            {"item": str(one.pk), "talk": typed[f"talk-{one.pk}"]} for one in items
        )
        data = actions.Written(read.form, read.opening, read.closing, talks)
        made = actions.write_minutes(ctx, found, data, expected_version=version)
        if request.POST.get("do") == "propose":
            actions.propose_minutes(ctx, made, NoData())
    except Problem as problem:
        again = queries.meeting(ctx, meeting_id)
        return page(request, ctx, again, queries.minutes(ctx, again), problem, typed)
    return see("bodies-minutes", ctx, meeting_id)


def page(
    request: HttpRequest,
    ctx: Context,
    found: Meeting,
    written: Minutes | None,
    problem: Problem | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The page, with what was typed where something was refused."""
    open_to_write = found.state == "held" and (written is None or written.state != "confirmed")
    presided = presided_by_me(ctx, found)
    writes = keeps(ctx) and open_to_write and not presided
    shown = _shown(ctx, found, written)
    if written is not None:
        ports.trail().read(ctx, "bodies.minutes", "minutes", [written.pk])
    proposed = written is not None and written.state == "proposed"
    return show(
        request,
        ctx,
        "minutes",
        _("議事録"),
        crumbs=to_meeting(ctx, found),
        problem=problem,
        meeting=found,
        minutes=written,
        state=dict(rules.MINUTES_STATES)[written.state] if written else _("まだ書かれていません"),
        shown=shown,
        writes=writes,
        confirms=written is not None and may_confirm(ctx, written),
        presided=presided and keeps(ctx) and open_to_write and not proposed,
        signs=proposed and written is not None and access.CONFIRM_ON_PAPER.may(ctx, written).allowed,
        items=[
            (
                one,
                (typed or {}).get(f"talk-{one.pk}", one.talk),
                f"talk-{one.pk}",
                said_of(problem).get(f"talk-{one.pk}", ""),
            )
            for one in queries.items(ctx, found)
        ],
        typed=typed or _typed_of(ctx, found, written),
        specs=specs_of(actions.Written),
        act_href=address("bodies-minutes-act", ctx, found.pk),
        back=address("bodies-meeting", ctx, found.pk),
    )


def _shown(ctx: Context, found: Meeting, written: Minutes | None) -> Mapping[str, object]:
    """The whole as it would be printed; what was confirmed as it was."""
    if written is not None and written.state == "confirmed":
        kept: Mapping[str, object] = written.shown
        return kept
    return documents.minutes(ctx, found, written or Minutes(meeting=found, form="full"))


def _typed_of(ctx: Context, found: Meeting, written: Minutes | None) -> dict[str, str]:
    if written is not None:
        return {
            "form": written.form,
            "opening": written.opening,
            "closing": written.closing,
            "signed_on": format_date(japan_date(ctx.now)),
        }
    return {"form": "full", "opening": "", "closing": ""}


Move = Callable[[Context, Minutes, Mapping[str, str], int], object]
_MOVES: dict[str, Move] = {
    "propose": lambda ctx, found, _typed, version: actions.propose_minutes(
        ctx, found, NoData(), expected_version=version
    ),
    "confirm": lambda ctx, found, _typed, version: actions.confirm_minutes(
        ctx, found, NoData(), expected_version=version
    ),
    "return": lambda ctx, found, typed, version: actions.return_minutes(
        ctx, found, actions.return_minutes.read_text({"reason": typed["reason"]}), expected_version=version
    ),
    "sign": lambda ctx, found, typed, version: actions.confirm_on_paper(
        ctx,
        found,
        actions.confirm_on_paper.read_text({"signed_on": typed["signed_on"]}),
        expected_version=version,
    ),
}


def _move(name: str) -> Move:
    """What a button means. Raises :class:`Problem`."""
    if name not in _MOVES:
        raise unknown_move()
    return _MOVES[name]


@require_POST
@desk_page
def act(request: HttpRequest, ctx: Context, meeting_id: UUID) -> HttpResponseBase:
    """Confirm them, give them back, or note that they were signed on paper."""
    found = queries.meeting(ctx, meeting_id)
    written = queries.minutes(ctx, found)
    if written is None:
        raise Missing
    keys = ("do", "reason", "signed_on")
    typed = {key: request.POST.get(key, "") for key in keys}
    try:
        _move(typed["do"])(ctx, written, typed, version_of(request))
    except Problem as problem:
        again = queries.meeting(ctx, meeting_id)
        whole = {**_typed_of(ctx, again, written), **{key: text for key, text in typed.items() if text}}
        return page(request, ctx, again, queries.minutes(ctx, again), problem, whole)
    return see("bodies-meeting", ctx, meeting_id)
