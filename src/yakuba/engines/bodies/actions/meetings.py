"""Meetings: planned, called, held or gone round, called off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, NotRequired, TypedDict
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from yakuba.engines.approval.queries.holding import person_of
from yakuba.engines.bodies import access, rules
from yakuba.engines.bodies.actions.moving import begin, move
from yakuba.engines.bodies.models import AgendaItem, Answer, Attendance, Body, Meeting
from yakuba.engines.bodies.queries import reach, sitting
from yakuba.engines.bodies.queries.sitting import Sitting
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Denied, Missing, NoData, Problem, Problems, action
from yakuba.kernel.dates import FiscalYear, format_date, format_moment, japan_date
from yakuba.kernel.fields import INTERNAL


@dataclass(frozen=True)
class Gathering:
    """When, where and how a body meets. ``number`` None: the next one of the fiscal year. ``due`` for a meeting by circulation."""

    way: Annotated[str, fields.choice(rules.WAYS, label="開き方", classification=INTERNAL)]
    starts_at: Annotated[dt.datetime, fields.moment(label="開会", classification=INTERNAL)]
    due: Annotated[
        dt.date | None, fields.date(label="回答の期限", classification=INTERNAL, required=False)
    ] = None
    place: Annotated[str, fields.text(label="場所", classification=INTERNAL, required=False)] = ""
    letter: Annotated[str, fields.prose(label="通知文", classification=INTERNAL)] = ""
    number: Annotated[
        int | None,
        fields.integer(label="回", classification=INTERNAL, required=False, minimum=1, maximum=999),
    ] = None


@dataclass(frozen=True)
class Reason:
    """Why."""

    reason: Annotated[
        str, fields.prose(label="理由", classification=INTERNAL, max_length=2000, required=True)
    ]


class SeatAttended(TypedDict):
    """One seat: ``present``, ``proxy`` (with who came in words) or ``absent``; ``person`` where several hold its post."""

    seat: str
    presence: str
    proxy: NotRequired[str]
    person: NotRequired[str]


@dataclass(frozen=True)
class Attended:
    """Who was there. A meeting by circulation needs nothing: its answers say it."""

    seats: Annotated[
        list[SeatAttended], fields.document(label="出欠", classification=INTERNAL, default=list)
    ] = field(default_factory=list)
    ends_at: Annotated[
        dt.datetime | None, fields.moment(label="閉会", classification=INTERNAL, required=False)
    ] = None


class ItemAnswered(TypedDict):
    """One item: ``consent`` or ``objection``, and words."""

    item: str
    answer: str
    words: NotRequired[str]


@dataclass(frozen=True)
class Answers:
    """What a member answers of the items of a meeting by circulation."""

    seat: Annotated[str, fields.text(label="席", classification=INTERNAL, max_length=36)]
    items: Annotated[list[ItemAnswered], fields.document(label="回答", classification=INTERNAL)]


@dataclass(frozen=True)
class EnteredAnswers:
    """The same from a paper or a call, entered by the secretariat with the day on which it was given."""

    seat: Annotated[str, fields.text(label="席", classification=INTERNAL, max_length=36)]
    answered_on: Annotated[dt.date, fields.date(label="回答した日", classification=INTERNAL)]
    items: Annotated[
        list[ItemAnswered], fields.document(label="回答", classification=INTERNAL, default=list)
    ] = field(default_factory=list)


# --- planning -------------------------------------------------------------------------------------------------------


@action("bodies.plan", label="会議を予定する", may=access.PLAN, data=Gathering)
def plan(ctx: Context, body: Body, data: Gathering) -> Meeting:
    """A new meeting. Raises :class:`Problem`."""
    meeting = Meeting(municipality_id=ctx.municipality.id, body=body, state=rules.FIRST)
    _tell(ctx, meeting, data)
    meeting.save(force_insert=True)
    begin(ctx, meeting)
    return meeting


@action("bodies.replan", label="会議の予定を変える", may=access.KEEP_MEETING, data=Gathering)
def replan(ctx: Context, meeting: Meeting, data: Gathering) -> Meeting:
    """Change day, place or way, until it is held. Raises :class:`Problem`."""
    if meeting.state not in rules.PREPARING:
        raise _closed(meeting)
    if data.way != meeting.way and Answer.unscoped.filter(item__meeting=meeting).exists():
        raise Problem(
            "answered", _("もう回答があるため、開き方は変えられません。"), field="way", found=data.way
        )
    _tell(ctx, meeting, data)
    meeting.save()
    return meeting


def _tell(ctx: Context, meeting: Meeting, data: Gathering) -> None:
    day = japan_date(data.starts_at)
    body = meeting.body
    if day < body.valid_from or (body.valid_to is not None and day > body.valid_to):
        raise Problem(
            "body",
            _("%(day)sには、この会議体はありません。") % {"day": format_date(day)},
            field="starts_at",
            found=format_date(day),
        )
    if data.way == rules.CIRCULAR:
        if data.due is None:
            raise Problem("required", _("持ち回りには、「回答の期限」が要ります。"), field="due")
        if data.due < day:
            raise Problem(
                "days",
                _("回答の期限が、持ち回りをはじめる日より前です。"),
                field="due",
                found=format_date(data.due),
            )
    meeting.year = FiscalYear.of(day)
    for key in ("way", "starts_at", "place", "letter"):
        setattr(meeting, key, getattr(data, key))
    meeting.due = data.due if data.way == rules.CIRCULAR else None
    meeting.number = _number(ctx, meeting, data.number)


def _number(ctx: Context, meeting: Meeting, wanted: int | None) -> int:
    """The how-manieth of its fiscal year; a cancelled meeting's number is free again. Raises :class:`Problem`."""
    others = (
        Meeting.unscoped.filter(municipality=ctx.municipality.id, body=meeting.body, year=meeting.year.year)
        .exclude(state="cancelled")
        .exclude(pk=meeting.pk)
    )
    if wanted is None:
        return (others.aggregate(last=Max("number"))["last"] or 0) + 1
    if others.filter(number=wanted).exists():
        raise Problem(
            "number",
            _("%(year)sの第%(number)d回は、もうあります。") % {"year": meeting.year.wareki, "number": wanted},
            field="number",
            found=str(wanted),
        )
    return wanted


def _closed(meeting: Meeting) -> Problem:
    return Problem(
        "state",
        _("「%(state)s」の会議の予定は変えられません。") % {"state": dict(rules.STATES)[meeting.state]},
        found=meeting.state,
    )


@action("bodies.call", label="招集する", may=access.KEEP_MEETING, data=NoData)
def call(ctx: Context, meeting: Meeting, _data: NoData) -> Meeting:
    """Convene it; members find it among their work from now on. Raises :class:`Problem` without agenda, place or anybody to convene."""
    problems = []
    items = list(AgendaItem.unscoped.filter(meeting=meeting))
    if not items:
        problems.append(Problem("agenda", _("議題がありません。議題を加えてから招集してください。")))
    if meeting.way == rules.CIRCULAR and items and not any(one.what == "decide" for one in items):
        problems.append(Problem("agenda", _("持ち回りには、「協議・決定」の議題が1つ以上要ります。")))
    if meeting.way == "in_person" and not meeting.place:
        problems.append(Problem("required", _("「場所」が空です。「予定を変える」で入力してください。")))
    if not any(one.votes and not one.vacant for one in sitting.of_meeting(ctx, meeting)):
        problems.append(Problem("members", _("その日に席のある委員がいません。席を加えてください。")))
    if problems:
        raise Problems(problems)
    meeting.called_at = ctx.now
    move(ctx, meeting, "call")
    return meeting


@action("bodies.call_back", label="招集を取りやめて予定に戻す", may=access.KEEP_MEETING, data=Reason)
def call_back(ctx: Context, meeting: Meeting, data: Reason) -> Meeting:
    """Take the convocation back. What members answered already stays."""
    meeting.called_at = None
    move(ctx, meeting, "call_back", data.reason)
    return meeting


@action("bodies.cancel", label="中止する", may=access.KEEP_MEETING, data=Reason)
def cancel(ctx: Context, meeting: Meeting, data: Reason) -> Meeting:
    """It does not take place; its matters wait for another one."""
    move(ctx, meeting, "cancel", data.reason)
    return meeting


# --- by circulation -------------------------------------------------------------------------------------------------


@action("bodies.answer", label="持ち回りに回答する", may=access.ANSWER, data=Answers)
def answer(ctx: Context, meeting: Meeting, data: Answers) -> Meeting:
    """A member's own answers, which may be changed until it is closed. Raises :class:`Problem`."""
    person = person_of(ctx)
    seat = reach.of_body(ctx, meeting.body).filter(pk=_id(data.seat)).first()
    if person is None or seat is None:
        raise Denied
    found = next((one for one in sitting.of_meeting(ctx, meeting) if one.key == seat.pk), None)
    if found is None or not found.votes or all(one.pk != person.pk for one in found.people):
        raise Denied(_("この席で回答できるのは、その職に就いている人だけです。"))
    _keep_answers(ctx, meeting, found, person.pk, data.items, japan_date(ctx.now))
    return meeting


@action(
    "bodies.enter_answers", label="持ち回りの回答を入力する", may=access.KEEP_MEETING, data=EnteredAnswers
)
def enter_answers(ctx: Context, meeting: Meeting, data: EnteredAnswers) -> Meeting:
    """Answers that came on paper or by telephone, for the member who gave them. Raises :class:`Problem`."""
    wanted = _id(data.seat)
    found = next((one for one in sitting.of_meeting(ctx, meeting) if one.key == wanted), None)
    if found is None or not found.votes or found.vacant:
        raise Problem("seat", _("この席は、回答できる委員の席ではありません。"), field="seat")
    today = japan_date(ctx.now)
    if not sitting.day_of(meeting) <= data.answered_on <= today:
        raise Problem(
            "days",
            _("回答した日は、持ち回りをはじめた日から今日までの日にしてください。"),
            field="answered_on",
            found=format_date(data.answered_on),
        )
    person = found.people[0].pk if found.people else None
    _keep_answers(ctx, meeting, found, person, data.items, data.answered_on)
    return meeting


def _keep_answers(
    ctx: Context,
    meeting: Meeting,
    of: Sitting,
    person: UUID | None,
    given: Sequence[ItemAnswered],
    day: dt.date,
) -> None:
    if meeting.way != rules.CIRCULAR or meeting.state != "called":
        raise Problem("state", _("この会議は、今は回答を受け付けていません。"), found=meeting.state)
    said = _said(given)
    items = list(AgendaItem.unscoped.filter(meeting=meeting, what="decide"))
    problems = []
    for item in items:
        chosen, words = said.get(str(item.pk), ("", ""))
        if chosen not in dict(rules.ANSWERS):
            problems.append(
                Problem(
                    "required",
                    _("「%(title)s」への回答を選んでください。") % {"title": item.title},
                    field=f"answer-{item.pk}",
                    found=chosen,
                )
            )
        elif chosen == "objection" and not words.strip():
            problems.append(
                Problem(
                    "required",
                    _("「%(title)s」に異議があるときは、意見を書いてください。") % {"title": item.title},
                    field=f"words-{item.pk}",
                )
            )
    if problems:
        raise Problems(problems)
    Answer.unscoped.filter(item__meeting=meeting, seat=of.seat).delete()
    Answer.unscoped.bulk_create(
        Answer(
            municipality_id=ctx.municipality.id,
            item=item,
            seat=of.seat,
            person_id=person,
            answer=said[str(item.pk)][0],
            words=said[str(item.pk)][1].strip(),
            answered_on=day,
            by_label=ctx.actor.label[:200],
        )
        for item in items
    )
    ctx.note(seat=str(of.key), answers={item: chosen for item, (chosen, _words) in said.items()})


def _said(given: object) -> Mapping[str, tuple[str, str]]:
    if not isinstance(given, list | tuple) or not all(isinstance(one, dict) for one in given):
        raise Problem("unreadable", _("回答を読み取れません。画面を開き直してください。"))
    return {
        str(one.get("item", "")): (str(one.get("answer", "")), str(one.get("words", "")))
        for one in given
        if isinstance(one, dict)
    }


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Missing from None


# --- holding --------------------------------------------------------------------------------------------------------


@action("bodies.hold", label="開催済みにする", may=access.KEEP_MEETING, data=Attended)
def hold(ctx: Context, meeting: Meeting, data: Attended) -> Meeting:
    """Record who was there and who presided; a meeting by circulation is closed. Raises :class:`Problem`."""
    if rules.step(meeting.state, "hold") is None:
        raise _closed(meeting)
    sittings = sitting.of_meeting(ctx, meeting)
    if meeting.way == rules.CIRCULAR:
        attended = _answered(ctx, meeting, sittings)
        meeting.ends_at = ctx.now
    else:
        if meeting.starts_at > ctx.now:
            raise Problem(
                "early",
                _("開会（%(at)s）より前に、開催済みにはできません。")
                % {"at": format_moment(meeting.starts_at)},
                found=format_moment(ctx.now),
            )
        if data.ends_at is not None and data.ends_at <= meeting.starts_at:
            raise Problem("days", _("閉会が開会より前です。"), field="ends_at")
        attended = _attended(meeting, sittings, data.seats)
        meeting.ends_at = data.ends_at
    Attendance.unscoped.filter(meeting=meeting).delete()
    Attendance.unscoped.bulk_create(attended)
    _preside(meeting, sittings, attended)
    move(ctx, meeting, "hold")
    return meeting


def _attended(meeting: Meeting, sittings: Sequence[Sitting], given: object) -> list[Attendance]:
    if not isinstance(given, list | tuple) or not all(isinstance(one, dict) for one in given):
        raise Problem("unreadable", _("出欠を読み取れません。画面を開き直してください。"))
    said = {str(one.get("seat", "")): one for one in given if isinstance(one, dict)}
    found, problems = [], []
    for one in sittings:
        if one.vacant:
            continue
        line = said.get(str(one.key), {})
        presence, proxy = str(line.get("presence", "")), str(line.get("proxy", "")).strip()
        if presence not in dict(rules.PRESENCES):
            problems.append(
                Problem(
                    "required",
                    _("「%(who)s」の出欠を選んでください。") % {"who": one.label},
                    field=f"presence-{one.key}",
                )
            )
            continue
        if presence == "proxy" and not proxy:
            problems.append(
                Problem(
                    "required",
                    _("「%(who)s」の代理で出席した人の職・氏名を入力してください。") % {"who": one.label},
                    field=f"proxy-{one.key}",
                )
            )
            continue
        found.append(
            Attendance(
                municipality_id=meeting.municipality_id,
                meeting=meeting,
                seat=one.seat,
                presence=presence,
                person_id=_who(one, str(line.get("person", ""))) if presence == "present" else None,
                proxy=proxy if presence == "proxy" else "",
            )
        )
    if problems:
        raise Problems(problems)
    return found


def _who(one: Sitting, wanted: str) -> UUID | None:
    """Who of those who hold a seat came: the one that was named, else the first."""
    chosen = next((person for person in one.people if str(person.pk) == wanted), None)
    return (chosen or one.people[0]).pk if one.people else None


def _answered(ctx: Context, meeting: Meeting, sittings: Sequence[Sitting]) -> list[Attendance]:
    """Who answered counts as having been there. Raises :class:`Problem` while it is not over."""
    given = dict(Answer.unscoped.filter(item__meeting=meeting).values_list("seat", "person"))
    voting = [one for one in sittings if one.votes and not one.vacant]
    left = [one for one in voting if one.key not in given]
    if left and meeting.due is not None and japan_date(ctx.now) <= meeting.due:
        raise Problem(
            "early",
            _(
                "%(count)d人の回答を待っています。締め切れるのは、全員の回答がそろうか、期限（%(due)s）を過ぎてからです。"
            )
            % {"count": len(left), "due": format_date(meeting.due)},
            found=str(len(left)),
        )
    return [
        Attendance(
            municipality_id=meeting.municipality_id,
            meeting=meeting,
            seat=one.seat,
            presence="present" if one.key in given else "absent",
            person_id=given.get(one.key),
        )
        for one in voting
    ]


def _preside(meeting: Meeting, sittings: Sequence[Sitting], attended: Sequence[Attendance]) -> None:
    """Who presided. A circulation goes round in the chair's name, whether he answered or not. Raises :class:`Problem`."""
    there = {one.seat_id: one for one in attended if one.presence == "present"}
    circular = meeting.way == rules.CIRCULAR
    places = [
        rules.Place(one.key, one.seat.role, one.seat.order, one.key in there or (circular and not one.vacant))
        for one in sittings
    ]
    key = rules.presiding(places)
    found = next((one for one in sittings if one.key == key), None)
    if found is None:
        raise Problem(
            "presider",
            _(
                "議長になる人がいません。長も、その職務を代理する副も出席していません。出欠を確かめるか、副の席を加えてください。"
            ),
        )
    meeting.seat, meeting.presided_as = found.seat, found.seat.role
    meeting.presider_id = there[found.key].person_id if found.key in there else None
    if meeting.presider_id is None and found.people:
        meeting.presider_id = found.people[0].pk


@action("bodies.unhold", label="開催の記録を取り消す", may=access.KEEP_MEETING, data=Reason)
def unhold(ctx: Context, meeting: Meeting, data: Reason) -> Meeting:
    """What was recorded was wrong: it is called again. Raises :class:`Problem` once something was decided."""
    if AgendaItem.unscoped.filter(meeting=meeting, decided_at__isnull=False).exists():
        raise Problem("decided", _("もう決定が記録されているため、開催の記録は取り消せません。"))
    move(ctx, meeting, "unhold", data.reason)
    Attendance.unscoped.filter(meeting=meeting).delete()
    meeting.seat, meeting.presider_id, meeting.presided_as, meeting.ends_at = None, None, "", None
    meeting.save()
    return meeting
