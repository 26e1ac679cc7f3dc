"""Who may see and keep what belongs to bodies. Members reach papers, answers and minutes by the seats that they hold, not by a role."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q

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
from yakuba.engines.bodies.queries import reach
from yakuba.kernel.actions import Context, Everywhere, Own, Permission, viewed_by
from yakuba.kernel.actions.permission import NOTHING, M

_SECRETARIAT = {"plan_secretariat": Everywhere()}
_READERS = {"staff": Everywhere(), "auditor": Everywhere(), "cli": Everywhere()}
_INSIDE = {**_SECRETARIAT, "auditor": Everywhere(), "cli": Everywhere()}
# Staff reach these by their seats, which the permission's own query knows.
_BY_SEAT = {"staff": Own("pk", NOTHING)}


@dataclass(frozen=True)
class OfMembers(Permission[M]):
    """Beside the roles: whoever has a seat in the body today. ``body`` is the path to the body."""

    body: str = field(kw_only=True)

    def q(self, ctx: Context) -> Q:
        return super().q(ctx) | (Q(municipality=ctx.municipality.id) & reach.member_of(ctx, self.body))


@dataclass(frozen=True)
class Circulating(Permission[Meeting]):
    """The meetings by circulation that wait for members' answers, for these members."""

    def q(self, ctx: Context) -> Q:
        if not self.holds_anywhere(ctx):
            return NOTHING
        return Q(municipality=ctx.municipality.id) & reach.circulating(ctx)


@dataclass(frozen=True)
class SeeMinutes(Permission[Minutes]):
    """Beside the roles: the body's members."""

    def q(self, ctx: Context) -> Q:
        mine = reach.member_of(ctx, "meeting__body") | reach.presided(ctx, "meeting")
        return super().q(ctx) | (Q(municipality=ctx.municipality.id) & mine)


@dataclass(frozen=True)
class Presided(Permission[Minutes]):
    """The minutes of the meetings at which the actor presided, in person or by the post that he holds now."""

    def q(self, ctx: Context) -> Q:
        if not self.holds_anywhere(ctx):
            return NOTHING
        return Q(municipality=ctx.municipality.id) & reach.presided(ctx, "meeting")


VIEW_BODY = viewed_by(Permission("bodies.view", Body, {**_READERS, **_SECRETARIAT}))
VIEW_SEAT = viewed_by(Permission("bodies.view_seat", Seat, {**_READERS, **_SECRETARIAT}))
VIEW_MEETING = viewed_by(Permission("bodies.view_meeting", Meeting, {**_READERS, **_SECRETARIAT}))
VIEW_MOVE = viewed_by(Permission("bodies.view_move", MeetingMove, {**_READERS, **_SECRETARIAT}))
VIEW_ITEM = viewed_by(Permission("bodies.view_item", AgendaItem, {**_READERS, **_SECRETARIAT}))
VIEW_ATTENDANCE = viewed_by(Permission("bodies.view_attendance", Attendance, {**_READERS, **_SECRETARIAT}))
VIEW_GUEST = viewed_by(Permission("bodies.view_guest", Guest, {**_READERS, **_SECRETARIAT}))
VIEW_REPORT = viewed_by(Permission("bodies.view_report", Report, {**_READERS, **_SECRETARIAT}))
VIEW_PAPER = viewed_by(
    OfMembers("bodies.view_paper", Paper, {**_INSIDE, **_BY_SEAT}, body="item__meeting__body")
)
VIEW_ANSWER = viewed_by(
    OfMembers("bodies.view_answer", Answer, {**_INSIDE, **_BY_SEAT}, body="item__meeting__body")
)
VIEW_MINUTES = viewed_by(
    SeeMinutes("bodies.view_minutes", Minutes, {**_INSIDE, "staff": Everywhere(Q(state="confirmed"))})
)
#: The papers as one, with what members read before a decision.
READ_PAPERS = OfMembers("bodies.read_papers", Meeting, {**_INSIDE, **_BY_SEAT}, body="body")

ESTABLISH = Permission("bodies.establish", Body, _SECRETARIAT)
CHANGE = Permission("bodies.change", Body, _SECRETARIAT)
KEEP_SEATS = Permission("bodies.keep_seats", Body, _SECRETARIAT)
CHANGE_SEAT = Permission("bodies.change_seat", Seat, _SECRETARIAT)
PLAN = Permission("bodies.plan", Body, _SECRETARIAT)
KEEP_MEETING = Permission("bodies.keep_meeting", Meeting, _SECRETARIAT)
KEEP_ITEM = Permission("bodies.keep_item", AgendaItem, _SECRETARIAT)
KEEP_PAPER = Permission("bodies.keep_paper", Paper, _SECRETARIAT)
KEEP_GUEST = Permission("bodies.keep_guest", Guest, _SECRETARIAT)
ANSWER = Circulating("bodies.answer", Meeting, {"staff": Everywhere()})
WRITE_MINUTES = Permission("bodies.write_minutes", Meeting, _SECRETARIAT)
PROPOSE_MINUTES = Permission("bodies.propose_minutes", Minutes, _SECRETARIAT)
CONFIRM_MINUTES = Presided("bodies.confirm_minutes", Minutes, {"staff": Everywhere()})
RETURN_MINUTES = Presided("bodies.return_minutes", Minutes, {"staff": Everywhere()})
#: Where somebody from outside presided, who signs on paper.
CONFIRM_ON_PAPER = Permission(
    "bodies.confirm_on_paper", Minutes, {"plan_secretariat": Everywhere(reach.without_presider("meeting"))}
)
REPORT = Permission("bodies.report", Meeting, _SECRETARIAT)
RELEASE = Permission("bodies.release", Meeting, _SECRETARIAT)
