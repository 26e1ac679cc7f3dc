"""What the pages of bodies share: the frame, errors, the way to them."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from yakuba.engines.approval.queries.holding import me
from yakuba.engines.bodies import access, rules
from yakuba.engines.bodies.models import Body, Meeting, Minutes
from yakuba.engines.bodies.queries import sitting
from yakuba.kernel.access.desk import Pages, address
from yakuba.kernel.access.refusals import errors_of, several
from yakuba.kernel.actions import Context, Problem, Stale
from yakuba.kernel.ui.components import Link
from yakuba.kernel.ui.drawing import Text
from yakuba.kernel.ui.formats import moment, wareki

STATE_TONES = {
    "planned": "",
    "called": "accent",
    "held": "warn",
    "minuted": "accent",
    "reported": "good",
    "cancelled": "",
}


def show(
    request: HttpRequest,
    ctx: Context,
    template: str,
    title: str,
    *,
    crumbs: Sequence[Link] = (),
    problem: Problem | None = None,
    **context: object,
) -> HttpResponse:
    """A page of the desk; a problem's errors stand above it."""
    errors = errors_of(problem)
    return Pages("bodies").show(
        request,
        ctx,
        template,
        title,
        crumbs=crumbs,
        status=status_of(problem),
        errors=errors,
        said={error.key: error.message for error in errors},
        **context,
    )


def status_of(problem: Problem | None) -> int:
    """The status of a page that tells a problem; that somebody else was faster is a conflict."""
    if problem is None:
        return 200
    return Stale.status if any(isinstance(one, Stale) for one in several(problem)) else problem.status


def top(ctx: Context) -> Link:
    """The first step of the way."""
    return Link(_("会議体"), address("bodies-desk", ctx))


def to_body(ctx: Context, body: Body) -> list[Link]:
    """The way to a body's pages."""
    return [top(ctx), Link(body.name, address("bodies-body", ctx, body.pk))]


def to_meeting(ctx: Context, meeting: Meeting) -> list[Link]:
    """The way to a meeting's pages."""
    return [*to_body(ctx, meeting.body), Link(short(meeting), address("bodies-meeting", ctx, meeting.pk))]


def short(meeting: Meeting) -> str:
    """令和8年度第1回"""
    return _("%(year)s第%(number)d回") % {"year": meeting.year.wareki, "number": meeting.number}


def full(meeting: Meeting) -> str:
    """情報化推進本部 令和8年度第1回"""
    return f"{meeting.body.name} {short(meeting)}"


def when(meeting: Meeting) -> str:
    """Day and hour, or from when until when it goes round."""
    if meeting.way == rules.CIRCULAR and meeting.due is not None:
        return _("%(first)s～%(last)s") % {
            "first": wareki(sitting.day_of(meeting)),
            "last": wareki(meeting.due),
        }
    return moment(meeting.starts_at)


def tabs(ctx: Context, current: str) -> list[Link]:
    """Bodies, meetings, decisions."""
    lines: Sequence[tuple[str, Text]] = (
        ("bodies-desk", _("会議体")),
        ("bodies-meetings", _("会議")),
        ("bodies-decisions", _("決定")),
    )
    return [Link(label, address(url, ctx), current=url == current) for url, label in lines]


def keeps(ctx: Context) -> bool:
    """Whether the actor is of the secretariat."""
    return access.PLAN.holds_anywhere(ctx)


def unknown_move() -> Problem:
    """A button that this page does not have."""
    return Problem("do", _("何をするのかが分かりません。ボタンを押し直してください。"))


def said_of(problem: Problem | None) -> dict[str, str]:
    """What is said at which field, for fields whose names are made of ids."""
    return {error.key: str(error.message) for error in errors_of(problem)}


def presided_by_me(ctx: Context, meeting: Meeting) -> bool:
    """Whether the actor presided: he confirms the minutes, so others write them."""
    return meeting.presider_id is not None and meeting.presider_id in me(ctx).person


def may_confirm(ctx: Context, minutes: Minutes) -> bool:
    """Whether minutes wait for the actor's confirmation, who did not write them."""
    own = {str(one) for one in me(ctx).person} & set(minutes.writers)
    return minutes.state == "proposed" and not own and access.CONFIRM_MINUTES.may(ctx, minutes).allowed
