"""Reads of meetings: one with all that its page and papers show, lists, what waits for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from yakuba.engines.approval.outcomes import Section
from yakuba.engines.approval.queries.holding import me
from yakuba.engines.bodies import access, rules
from yakuba.engines.bodies.matters import MATTERS, Proposed
from yakuba.engines.bodies.models import (
    AgendaItem,
    Answer,
    Attendance,
    Body,
    Meeting,
    MeetingMove,
    Minutes,
    Paper,
    Report,
    Seat,
)
from yakuba.engines.bodies.queries import reach, sitting
from yakuba.engines.bodies.queries.sitting import Sitting
from yakuba.kernel.actions import Context, Missing, SubjectRef
from yakuba.kernel.dates import FiscalYear, japan_date
from yakuba.kernel.town.queries import valid_on

#: A term that ends within so many days is told.
SOON: Final = dt.timedelta(days=60)


def meeting(ctx: Context, meeting_id: UUID) -> Meeting:
    """One meeting that this actor may see. Raises :class:`Missing`."""
    found = (
        Meeting.objects.for_actor(ctx)
        .filter(pk=meeting_id)
        .select_related("body", "body__parent", "seat", "presider")
        .first()
    )
    if found is None:
        raise Missing
    return found


def item(ctx: Context, meeting_id: UUID, item_id: UUID) -> AgendaItem:
    """One item of a meeting that this actor may see. Raises :class:`Missing`."""
    found = (
        AgendaItem.objects.for_actor(ctx)
        .filter(pk=item_id, meeting=meeting_id)
        .select_related("meeting", "meeting__body", "meeting__seat")
        .first()
    )
    if found is None:
        raise Missing
    return found


def items(ctx: Context, of: Meeting) -> list[AgendaItem]:
    """The agenda in its order."""
    return list(AgendaItem.objects.for_actor(ctx).filter(meeting=of).order_by("position", "id"))


def papers(ctx: Context, of: Meeting) -> Mapping[UUID, list[Paper]]:
    """The papers that the actor may read, by item."""
    found: dict[UUID, list[Paper]] = {}
    rows = Paper.objects.for_actor(ctx).filter(item__meeting=of).select_related("file")
    for row in rows.order_by("item__position", "position", "id"):
        found.setdefault(row.item_id, []).append(row)
    return found


def paper(ctx: Context, paper_id: UUID) -> Paper:
    """One paper that this actor may read. Raises :class:`Missing`."""
    found = Paper.objects.for_actor(ctx).filter(pk=paper_id).select_related("file", "item").first()
    if found is None:
        raise Missing
    return found


def moves(ctx: Context, of: Meeting) -> list[MeetingMove]:
    """What happened to it, first to last."""
    return list(MeetingMove.objects.for_actor(ctx).filter(meeting=of).order_by("seq"))


def attendances(of: Meeting) -> Mapping[UUID, Attendance]:
    """Who was there, by seat; for whoever has the meeting already."""
    return {
        one.seat_id: one
        for one in Attendance.unscoped.filter(meeting=of).select_related("person", "seat", "meeting")
    }


def answers(ctx: Context, of: Meeting) -> Mapping[tuple[UUID, UUID], Answer]:
    """What was answered to a meeting by circulation, by (item, seat), as far as the actor may read it."""
    rows = Answer.objects.for_actor(ctx).filter(item__meeting=of).select_related("person")
    return {(one.item_id, one.seat_id): one for one in rows}


def count_of(of: Meeting, seats: Sequence[Sitting], there: Mapping[UUID, Attendance]) -> rules.Count:
    """Members, how many were there, how many have to be."""
    voting = [one for one in seats if one.votes and not one.vacant]
    presences = [there[one.key].presence for one in voting if one.key in there]
    return rules.count(
        of.body.quorum,
        len(voting),
        presences.count("present"),
        presences.count("proxy"),
        proxies_count=of.body.proxies_count,
    )


@dataclass(frozen=True, slots=True)
class Objections:
    """Of one item by circulation: how many consent, how many object, how many did not answer."""

    consent: int
    objection: int
    silent: int


def tallies(of: Meeting, seats: Sequence[Sitting]) -> Mapping[UUID, Objections]:
    """The answers to each item of a meeting by circulation, counted; for whoever has the meeting already."""
    voting = sum(one.votes and not one.vacant for one in seats)
    rows = (
        AgendaItem.unscoped.filter(meeting=of, what="decide")
        .annotate(
            consent=Count("answers", filter=Q(answers__answer="consent")),
            objection=Count("answers", filter=Q(answers__answer="objection")),
        )
        .values_list("pk", "consent", "objection")
    )
    return {
        pk: Objections(consent, objection, max(0, voting - consent - objection))
        for pk, consent, objection in rows
    }


def silent(of: Meeting, seats: Sequence[Sitting]) -> int:
    """How many members have not answered a meeting by circulation yet; for whoever has the meeting already."""
    given = set(Answer.unscoped.filter(item__meeting=of).values_list("seat", flat=True))
    return sum(one.votes and not one.vacant and one.key not in given for one in seats)


def minutes(ctx: Context, of: Meeting) -> Minutes | None:
    """The newest minutes of a meeting that the actor may see."""
    rows = Minutes.objects.for_actor(ctx).filter(meeting=of)
    return rows.select_related("confirmed_by", "file", "meeting").order_by("-number").first()


def all_minutes(ctx: Context, of: Meeting) -> list[Minutes]:
    """All of them, the newest first."""
    rows = Minutes.objects.for_actor(ctx).filter(meeting=of)
    return list(rows.select_related("file").order_by("-number"))


def reports(ctx: Context, of: Meeting) -> list[Report]:
    """What was reported of a meeting, the newest first."""
    rows = Report.objects.for_actor(ctx).filter(meeting=of).select_related("file")
    return list(rows.order_by("-reported_on", "-id"))


def report(ctx: Context, report_id: UUID) -> Report:
    """One report. Raises :class:`Missing`."""
    found = Report.objects.for_actor(ctx).filter(pk=report_id).select_related("file").first()
    if found is None:
        raise Missing
    return found


# --- matters --------------------------------------------------------------------------------------------------------


def waiting_matters(ctx: Context, body: Body, on: Sequence[AgendaItem] = ()) -> list[tuple[str, Proposed]]:
    """What of other rooms waits for a body, with the name of its kind; without what stands on this agenda already."""
    there = {(one.matter, one.subject) for one in on}
    return [
        (str(matter.label), one)
        for matter in MATTERS.values()
        for one in matter.open_matters(ctx, body)
        if (one.kind, one.id) not in there
    ]


def summary(ctx: Context, of: AgendaItem, *, fresh: bool = False) -> list[Section]:
    """What members read of a matter: as it was when it was decided, else (and ``fresh``) as it is now."""
    if of.shown and not fresh:
        return [
            Section(one["heading"], [tuple(pair) for pair in one["facts"]], one["text"]) for one in of.shown
        ]
    if not of.matter or of.matter not in MATTERS:
        return []
    return list(MATTERS.get(of.matter).summary(ctx, SubjectRef(of.matter, of.subject)))


def choices(ctx: Context, of: AgendaItem) -> list[tuple[str, str]]:
    """What can be decided of an item."""
    if of.matter and of.matter in MATTERS:
        ref = SubjectRef(of.matter, of.subject)
        return [*MATTERS.get(of.matter).choices(ctx, ref), rules.DEFERRED]
    return list(rules.CHOICES[of.what])


# --- lists ----------------------------------------------------------------------------------------------------------


def bodies(ctx: Context) -> QuerySet[Body]:
    """All bodies that the actor may see, those that stand today first."""
    return Body.objects.for_actor(ctx).select_related("parent").order_by("name", "valid_from")


def body(ctx: Context, body_id: UUID) -> Body:
    """One body. Raises :class:`Missing`."""
    found = bodies(ctx).filter(pk=body_id).first()
    if found is None:
        raise Missing
    return found


def seat(ctx: Context, body_id: UUID, seat_id: UUID) -> Seat:
    """One seat of a body. Raises :class:`Missing`."""
    found = (
        Seat.objects.for_actor(ctx)
        .filter(pk=seat_id, body=body_id)
        .select_related("body", "post", "person")
        .first()
    )
    if found is None:
        raise Missing
    return found


def all_seats(ctx: Context, of: Body) -> list[Seat]:
    """Every seat that a body has or had."""
    return list(Seat.objects.for_actor(ctx).filter(body=of).select_related("person", "post"))


def meetings(
    ctx: Context, *, of: Body | None = None, states: Sequence[str] = (), bodies: Sequence[str] = ()
) -> QuerySet[Meeting]:
    """Meetings, the newest first; of one body, in these states, of these bodies (ids)."""
    found = Meeting.objects.for_actor(ctx).select_related("body")
    found = found.filter(body=of) if of else found
    found = found.filter(state__in=states) if states else found
    found = found.filter(body__in=bodies) if bodies else found
    return found.order_by("-starts_at", "id")


def decided(ctx: Context, words: str = "") -> QuerySet[AgendaItem]:
    """What was decided, the newest meeting first; title, decision or reason hold every word."""
    found = AgendaItem.objects.for_actor(ctx).filter(decided_at__isnull=False)
    for word in words.split():
        found = found.filter(
            Q(title__icontains=word) | Q(decision__icontains=word) | Q(reason__icontains=word)
        )
    return found.select_related("meeting", "meeting__body").order_by("-meeting__starts_at", "position", "id")


def counted(ctx: Context, of: Sequence[Body]) -> Mapping[UUID, tuple[int, Meeting | None]]:
    """By body: how many seats that vote it has today, and its next meeting (two queries)."""
    day = japan_date(ctx.now)
    seats: dict[UUID, int] = {}
    for found in Seat.objects.for_actor(ctx).filter(valid_on(day), role__in=rules.VOTING).values_list("body"):
        seats[found[0]] = seats.get(found[0], 0) + 1
    following: dict[UUID, Meeting] = {}
    rows = Meeting.objects.for_actor(ctx).filter(state__in=rules.PREPARING).order_by("-starts_at")
    for one in rows:
        following[one.body_id] = one
    return {one.pk: (seats.get(one.pk, 0), following.get(one.pk)) for one in of}


def last_of(ctx: Context, of: Body, year: FiscalYear) -> int:
    """How often the body met or is to meet in a fiscal year."""
    return Meeting.objects.for_actor(ctx).filter(body=of, year=year.year).exclude(state="cancelled").count()


# --- what waits -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of bodies waits for the actor: as member, as presider, as secretariat. True counts."""

    coming: Sequence[Meeting] = ()
    to_answer: Sequence[Meeting] = ()
    to_confirm: Sequence[Minutes] = ()
    to_close: Sequence[Meeting] = ()
    to_decide: Sequence[Meeting] = ()
    to_write: Sequence[Meeting] = ()
    to_report: Sequence[Meeting] = ()
    terms: Sequence[Seat] = field(default=())


def waiting(ctx: Context) -> Waiting:
    """What waits for the actor. One query for those who have no seat and keep no body."""
    keeps = access.PLAN.holds_anywhere(ctx)
    seats = list(reach.my_seats(ctx).values_list("pk", "body", "role")) if me(ctx).person else []
    coming: list[Meeting] = []
    to_answer: list[Meeting] = []
    to_confirm: list[Minutes] = []
    if seats:
        called = (
            Meeting.objects.for_actor(ctx)
            .filter(state="called", body__in={one for _pk, one, _role in seats})
            .select_related("body")
            .order_by("starts_at")
        )
        rows = list(called)
        coming = [one for one in rows if one.way != rules.CIRCULAR and one.starts_at >= ctx.now]
        to_answer = _unanswered(seats, [one for one in rows if one.way == rules.CIRCULAR])
    if seats or me(ctx).person:
        to_confirm = [
            one
            for one in Minutes.objects.for_actor(ctx)
            .filter(access.CONFIRM_MINUTES.q(ctx), state="proposed")
            .select_related("meeting", "meeting__body")
            if not set(one.writers) & {str(pk) for pk in me(ctx).person}
        ]
    if not keeps:
        return Waiting(coming, to_answer, to_confirm)
    return Waiting(coming, to_answer, to_confirm, _begun(ctx), *_of_secretariat(ctx), _ending(ctx))


def _unanswered(seats: Sequence[tuple[UUID, UUID, str]], rows: Sequence[Meeting]) -> list[Meeting]:
    mine = {body: pk for pk, body, role in seats if role in rules.VOTING}
    there = [one for one in rows if one.body_id in mine]
    if not there:
        return []
    done = set(
        Answer.unscoped.filter(
            item__meeting__in=[one.pk for one in there], seat__in=mine.values()
        ).values_list("item__meeting", "seat")
    )
    return [one for one in there if (one.pk, mine[one.body_id]) not in done]


def _begun(ctx: Context) -> list[Meeting]:
    """What has begun and is not recorded yet: meetings behind us, circulations that are over or that every seat has answered."""
    today = japan_date(ctx.now)
    rows = list(
        Meeting.objects.for_actor(ctx)
        .filter(state="called", starts_at__lte=ctx.now)
        .select_related("body")
        .annotate(answered=Count("items__answers__seat", distinct=True))
        .order_by("starts_at")
    )
    if not rows:
        return []
    seats: dict[UUID, int] = {}
    voting = Seat.objects.for_actor(ctx).filter(valid_on(today), role__in=rules.VOTING)
    for body in voting.filter(body__in={one.body_id for one in rows}).values_list("body", flat=True):
        seats[body] = seats.get(body, 0) + 1

    def is_over(one: Meeting, answered: int) -> bool:
        if one.way != rules.CIRCULAR:
            return True
        return (one.due is not None and one.due < today) or answered >= seats.get(one.body_id, 0)

    return [one for one in rows if is_over(one, one.answered)]


def _of_secretariat(ctx: Context) -> tuple[Sequence[Meeting], Sequence[Meeting], Sequence[Meeting]]:
    """Held without all decisions, decided without minutes, minuted and not reported."""
    held = list(
        Meeting.objects.for_actor(ctx)
        .filter(state__in=("held", "minuted"))
        .select_related("body")
        .annotate(open=Count("items", filter=Q(items__what="decide", items__decided_at__isnull=True)))
        .order_by("starts_at")
    )
    waits = set(
        Minutes.objects.for_actor(ctx)
        .filter(meeting__in=[one.pk for one in held], state="proposed")
        .values_list("meeting", flat=True)
    )
    undecided = [one for one in held if one.state == "held" and _open(one)]
    # Whoever presided confirms, and does not write.
    others = [one for one in held if one.presider_id not in me(ctx).person]
    unwritten = [one for one in others if one.state == "held" and not _open(one) and one.pk not in waits]
    return undecided, unwritten, [one for one in held if one.state == "minuted"]


def _open(one: Meeting) -> int:
    found = getattr(one, "open", 0)
    return found if isinstance(found, int) else 0


def _ending(ctx: Context) -> list[Seat]:
    """Seats whose term ends soon, of bodies that stand."""
    today = japan_date(ctx.now)
    return list(
        Seat.objects.for_actor(ctx)
        .filter(valid_to__gte=today, valid_to__lte=today + SOON)
        .exclude(body__valid_to__lt=today)
        .select_related("body")
        .order_by("valid_to", "pk")
    )


def seats_in_person(ctx: Context, person_id: UUID) -> list[SubjectRef]:
    """The seats that somebody holds in person, as far as the actor sees them: who moves leaves them behind."""
    today = japan_date(ctx.now)
    rows = Seat.objects.for_actor(ctx).filter(valid_on(today), person=person_id)
    return [SubjectRef("body_seat", pk) for pk in rows.order_by("valid_from").values_list("pk", flat=True)]


def day_of(of: Meeting) -> dt.date:
    """The day of a meeting."""
    return sitting.day_of(of)
