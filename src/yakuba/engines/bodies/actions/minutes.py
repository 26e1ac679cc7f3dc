"""The minutes: written by the secretariat, confirmed by whoever presided, corrected by minutes of a next number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, TypedDict

from django.utils.translation import gettext as _

from yakuba.engines.approval.queries.holding import person_of
from yakuba.engines.bodies import access, documents, printing, rules
from yakuba.engines.bodies.actions.agenda import RETENTION
from yakuba.engines.bodies.actions.meetings import Reason
from yakuba.engines.bodies.actions.moving import move
from yakuba.engines.bodies.checking import facts_of
from yakuba.engines.bodies.models import AgendaItem, Meeting, Minutes
from yakuba.engines.bodies.queries import sitting
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Denied, NoData, Problem, action
from yakuba.kernel.dates import format_date, format_moment, japan_date
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.files import store as files
from yakuba.kernel.trail.vouching import vouch


class Talked(TypedDict):
    """What was said of one item."""

    item: str
    talk: str


@dataclass(frozen=True)
class Written:
    """The words around what the records say. ``talks`` are of the items that are named; the others stay."""

    form: Annotated[str, fields.choice(rules.MINUTES, label="種類", classification=INTERNAL)]
    opening: Annotated[str, fields.prose(label="開会", classification=INTERNAL)] = ""
    closing: Annotated[str, fields.prose(label="閉会", classification=INTERNAL)] = ""
    talks: Annotated[
        tuple[Talked, ...], fields.document(label="審議の内容", classification=INTERNAL, default=list)
    ] = ()


@dataclass(frozen=True)
class Signed:
    """The day on which whoever presided signed on paper."""

    signed_on: Annotated[dt.date, fields.date(label="署名した日", classification=INTERNAL)]


def _meeting_of(minutes: Minutes) -> Meeting:
    return minutes.meeting


@action("bodies.write_minutes", label="議事録を書く", may=access.WRITE_MINUTES, data=Written)
def write_minutes(ctx: Context, meeting: Meeting, data: Written) -> Minutes:
    """Write at the minutes; what waits for its confirmation is a draft again. Raises :class:`Problem`."""
    person = person_of(ctx)
    if person is None:
        raise Denied
    if meeting.state != "held":
        raise Problem(
            "state",
            _("「%(state)s」の会議の議事録は書けません。") % {"state": dict(rules.STATES)[meeting.state]},
            found=meeting.state,
        )
    if meeting.presider_id == person.pk:
        raise Problem(
            "presider",
            _("議長を務めた人は議事録を確定する人なので、議事録を書けません。ほかの職員が書いてください。"),
        )
    found = Minutes.unscoped.filter(meeting=meeting).order_by("-number").first()
    if found is None or found.state == "confirmed":
        found = Minutes(
            municipality_id=ctx.municipality.id, meeting=meeting, number=(found.number if found else 0) + 1
        )
        found.writers = []
    else:
        found.version += 1
    found.form, found.state = data.form, "draft"
    found.opening, found.closing = data.opening.strip(), data.closing.strip()
    found.writers = sorted({*found.writers, str(person.pk)})
    found.save()
    _keep_talks(meeting, data.talks)
    return found


def _keep_talks(meeting: Meeting, given: object) -> None:
    if not isinstance(given, list | tuple) or not all(isinstance(one, dict) for one in given):
        raise Problem("unreadable", _("審議の内容を読み取れません。画面を開き直してください。"))
    said: Mapping[str, str] = {
        str(one.get("item", "")): str(one.get("talk", "")).strip() for one in given if isinstance(one, dict)
    }
    for item in AgendaItem.unscoped.filter(meeting=meeting):
        talk = said.get(str(item.pk), item.talk)
        if len(talk) > 20_000:
            raise Problem(
                "long",
                _("「%(title)s」の審議の内容が長すぎます。20,000字までにしてください。")
                % {"title": item.title},
                field=f"talk-{item.pk}",
            )
        if talk != item.talk:
            item.talk = talk
            item.save(update_fields=["talk"])


@action(
    "bodies.propose_minutes",
    label="議事録の確認を求める",
    may=access.PROPOSE_MINUTES,
    data=NoData,
    parent=_meeting_of,
)
def propose_minutes(ctx: Context, minutes: Minutes, _data: NoData) -> Minutes:
    """Ask whoever presided to confirm. Raises :class:`Problem` while something on the agenda is undecided."""
    if minutes.state != "draft":
        raise _not_now(minutes)
    undecided = list(
        AgendaItem.unscoped.filter(meeting=minutes.meeting, what="decide", decided_at__isnull=True)
        .order_by("position")
        .values_list("title", flat=True)
    )
    if undecided:
        raise Problem(
            "undecided",
            _(
                "決定が記録されていない議題があります：%(titles)s。決まらなかったものは「継続協議」と記録します。"
            )
            % {"titles": "、".join(undecided)},
            found=str(len(undecided)),
        )
    minutes.state, minutes.returned = "proposed", ""
    minutes.save(update_fields=["state", "returned"])
    return minutes


@action(
    "bodies.return_minutes",
    label="議事録を差し戻す",
    may=access.RETURN_MINUTES,
    data=Reason,
    parent=_meeting_of,
)
def return_minutes(ctx: Context, minutes: Minutes, data: Reason) -> Minutes:
    """Give them back with what is to be put right."""
    if minutes.state != "proposed":
        raise _not_now(minutes)
    minutes.state, minutes.returned = "draft", data.reason.strip()
    minutes.save(update_fields=["state", "returned"])
    ctx.because(minutes.returned)
    return minutes


@action(
    "bodies.confirm_minutes",
    label="議事録を確定する",
    may=access.CONFIRM_MINUTES,
    data=NoData,
    parent=_meeting_of,
)
def confirm_minutes(ctx: Context, minutes: Minutes, _data: NoData) -> Minutes:
    """Whoever presided confirms; nobody confirms what he wrote. Raises :class:`Problem`."""
    person = person_of(ctx)
    if person is None:
        raise Denied
    if str(person.pk) in minutes.writers:
        raise Problem(
            "own", _("議事録を書いた人は、その議事録を確定できません。書いていない人に作成を頼んでください。")
        )
    seats = sitting.of_meeting(ctx, minutes.meeting)
    post = next((one.post for one in seats if one.key == minutes.meeting.seat_id), "")
    minutes.confirmed_by = person
    _confirm(ctx, minutes, f"{post} {person.name}".strip())
    return minutes


@action(
    "bodies.confirm_on_paper",
    label="書面での署名を記録する",
    may=access.CONFIRM_ON_PAPER,
    data=Signed,
    parent=_meeting_of,
)
def confirm_on_paper(ctx: Context, minutes: Minutes, data: Signed) -> Minutes:
    """Where somebody from outside presided: he signed on paper, and one of the secretariat who did not write them notes the day.

    Raises :class:`Problem`.
    """
    person = person_of(ctx)
    if person is None:
        raise Denied
    if str(person.pk) in minutes.writers:
        raise Problem(
            "own",
            _(
                "議事録を書いた人は、その議事録の署名を記録できません。書いていない事務局の人に頼んでください。"
            ),
        )
    if not sitting.day_of(minutes.meeting) <= data.signed_on <= japan_date(ctx.now):
        raise Problem(
            "days",
            _("署名した日は、会議の日から今日までの日にしてください。"),
            field="signed_on",
            found=format_date(data.signed_on),
        )
    minutes.signed_on = data.signed_on
    seat = minutes.meeting.seat
    who = f"{seat.affiliation} {seat.outsider}".strip() if seat else ""
    _confirm(ctx, minutes, f"{who}（{format_date(data.signed_on)}署名）")
    return minutes


def _confirm(ctx: Context, minutes: Minutes, who: str) -> None:
    """From now on they never change: words and print are kept, and the trail vouches for them."""
    if minutes.state != "proposed":
        raise _not_now(minutes)
    meeting = minutes.meeting
    confirmed = f"{format_moment(ctx.now)}　確認　{who}"
    shown = {**documents.minutes(ctx, meeting, minutes), "confirmed": confirmed}
    minutes.shown, minutes.state, minutes.confirmed_at = shown, "confirmed", ctx.now
    minutes.file = files.keep(
        ctx,
        printing.minutes(shown, confirmed=confirmed),
        f"{shown['title']}.pdf",
        classification=PERSONAL,
        retention_class=RETENTION,
        made_by_us=True,
    )
    minutes.save()
    move(ctx, meeting, "minute")
    meeting.version += 1
    meeting.save(update_fields=["version"])
    vouch(ctx, "minutes", minutes.pk, facts_of(minutes))


def _not_now(minutes: Minutes) -> Problem:
    return Problem(
        "state",
        _("「%(state)s」の議事録には、この操作はできません。画面を開き直してください。")
        % {"state": dict(rules.MINUTES_STATES)[minutes.state]},
        found=minutes.state,
    )


@action("bodies.reopen_minutes", label="議事録を訂正する", may=access.WRITE_MINUTES, data=Reason)
def reopen_minutes(ctx: Context, meeting: Meeting, data: Reason) -> Meeting:
    """Confirmed minutes are wrong: new ones are written beside them, and confirmed anew; the former stay as they are."""
    move(ctx, meeting, "reopen", data.reason)
    last = Minutes.unscoped.filter(meeting=meeting).order_by("-number").first()
    assert last is not None  # minuted: there are some  # noqa: S101
    Minutes.unscoped.create(
        municipality_id=ctx.municipality.id,
        meeting=meeting,
        number=last.number + 1,
        form=last.form,
        state="draft",
        opening=last.opening,
        closing=last.closing,
        writers=last.writers,  # whose words they still are
    )
    return meeting
