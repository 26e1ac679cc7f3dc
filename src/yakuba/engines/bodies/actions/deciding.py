"""What a body decided, item by item, entered when the meeting is over; what it is about hears of it in the same transaction."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext as _

from yakuba.engines.approval.outcomes import Section
from yakuba.engines.bodies import access, rules
from yakuba.engines.bodies.matters import MATTERS
from yakuba.engines.bodies.models import AgendaItem, Meeting
from yakuba.engines.bodies.queries import meetings, sitting
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, SubjectRef, action
from yakuba.kernel.fields import INTERNAL, JsonValue


@dataclass(frozen=True)
class Decision:
    """What was decided. ``words`` None: as the choice is called. ``details`` empty: those that the matter's own page kept."""

    choice: Annotated[
        str, fields.text(label="決定", classification=INTERNAL, max_length=40, required=False)
    ] = ""
    words: Annotated[
        str, fields.text(label="決定の言葉", classification=INTERNAL, max_length=300, required=False)
    ] = ""
    reason: Annotated[str, fields.prose(label="理由・意見", classification=INTERNAL, max_length=4000)] = ""
    details: Annotated[dict[str, JsonValue], fields.document(label="決定の内訳", classification=INTERNAL)] = (
        dataclasses.field(default_factory=dict)
    )


def _meeting_of(item: AgendaItem) -> Meeting:
    return item.meeting


@action(
    "bodies.record_decisions", label="決定を記録する", may=access.KEEP_ITEM, data=Decision, parent=_meeting_of
)
def record_decisions(ctx: Context, item: AgendaItem, data: Decision) -> AgendaItem:
    """Record what was decided of one item. Raises :class:`Problem`.

    Until the minutes are confirmed, words and reason may be put right. The choice may as well, unless another room has acted on it:
    then the matter comes before the body again.
    """
    meeting = item.meeting
    if meeting.state != "held":
        raise Problem(
            "state",
            _("「%(state)s」の会議の決定は記録できません。") % {"state": dict(rules.STATES)[meeting.state]},
            found=meeting.state,
        )
    options = dict(meetings.choices(ctx, item))
    if data.choice not in options:
        raise Problem(
            "required" if not data.choice else "choice",
            _("「%(title)s」の決定を選んでください。") % {"title": item.title},
            field="choice",
            found=data.choice,
            expected="・".join(options.values()),
        )
    _demand_able(ctx, meeting, item, data)
    details = data.details or item.details
    tell = _to_tell(ctx, item, data.choice, details)
    item.choice, item.decided_at = data.choice, item.decided_at or ctx.now
    item.decision = data.words.strip() or options[data.choice]
    item.reason, item.details = data.reason.strip(), details
    if tell or not item.shown:
        item.shown = _kept(meetings.summary(ctx, item, fresh=True))
    item.save()
    if tell:
        MATTERS.get(item.matter).on_decided(ctx, item, data.choice, details)
    ctx.publish(
        "bodies.decided",
        {
            "item": str(item.pk),
            "meeting": str(meeting.pk),
            "matter": item.matter,
            "subject": str(item.subject) if item.subject else "",
            "choice": item.choice,
        },
    )
    return item


def _demand_able(ctx: Context, meeting: Meeting, item: AgendaItem, data: Decision) -> None:
    """A quorum to decide; a reason where somebody objected. Raises :class:`Problem`."""
    if item.what != "decide":
        return
    seats = sitting.of_meeting(ctx, meeting)
    count = meetings.count_of(meeting, seats, meetings.attendances(meeting))
    if not count.enough:
        raise Problem(
            "quorum",
            _(
                "定足数に足りないため、決定は記録できません（委員%(members)d人のうち出席%(there)d人、必要%(needed)d人）。この議題は、次の会議に付議します。"
            )
            % {"members": count.members, "there": count.there, "needed": count.needed},
            found=str(count.there),
            expected=str(count.needed),
        )
    if meeting.way == rules.CIRCULAR and data.choice != rules.DEFERRED[0] and not data.reason.strip():
        objections = meetings.tallies(meeting, seats)[item.pk].objection
        if objections:
            raise Problem(
                "objections",
                _("異議が%(count)d件あります。どう扱って決めたかを「理由・意見」に書いてください。")
                % {"count": objections},
                field="reason",
                found=str(objections),
            )


def _to_tell(ctx: Context, item: AgendaItem, choice: str, details: Mapping[str, JsonValue]) -> bool:
    """Whether the room that the matter belongs to is to hear of this. Raises :class:`Problem` for what it refuses."""
    if not item.matter:
        return False
    told = item.choice not in {"", rules.DEFERRED[0]}
    if told and (choice != item.choice or details != item.details):
        raise Problem(
            "acted",
            _("「%(decision)s」は、もう反映されています。変えるには、もう一度付議してください。")
            % {"decision": item.decision},
            field="choice",
            found=choice,
        )
    if told or choice == rules.DEFERRED[0]:
        return False
    refused = MATTERS.get(item.matter).check(ctx, SubjectRef(item.matter, item.subject), choice, details)
    if refused is not None:
        raise refused
    return True


def _kept(sections: Sequence[Section]) -> list[dict[str, JsonValue]]:
    return [
        {"heading": one.heading, "facts": [list(pair) for pair in one.facts], "text": one.text}
        for one in sections
    ]
