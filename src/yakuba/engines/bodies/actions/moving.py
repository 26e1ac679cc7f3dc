"""How meetings move through their table: one writer of ``Meeting.state`` and its rows of moves."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yakuba.engines.bodies import rules
from yakuba.engines.bodies.models import Meeting, MeetingMove
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.fields import JsonValue


def move(ctx: Context, meeting: Meeting, key: str, reason: str = "") -> None:
    """Move a meeting and save it. Raises :class:`Problem` for a move that is not in the table, or that lacks its reason."""
    step = rules.step(meeting.state, key)
    if step is None:
        raise Problem(
            "state",
            _("「%(state)s」の会議には、この操作はできません。画面を開き直してください。")
            % {"state": dict(rules.STATES)[meeting.state]},
            found=meeting.state,
        )
    if "reason" in step.needs and not reason.strip():
        raise Problem("required", _("「理由」が空です。入力してください。"), field="reason")
    before, meeting.state = meeting.state, step.go_to
    _write(ctx, meeting, key, before, reason.strip())
    if reason.strip():
        ctx.because(reason.strip())
    meeting.save()
    ctx.publish("bodies.moved", told(meeting))


def begin(ctx: Context, meeting: Meeting) -> None:
    """The first row of a new meeting, which is saved already."""
    _write(ctx, meeting, "plan", "", "")


def _write(ctx: Context, meeting: Meeting, key: str, before: str, reason: str) -> None:
    last = MeetingMove.unscoped.filter(meeting=meeting).order_by("-seq").values_list("seq", flat=True).first()
    MeetingMove.unscoped.create(
        municipality_id=meeting.municipality_id,
        meeting=meeting,
        seq=(last or 0) + 1,
        step=key,
        from_state=before,
        to_state=meeting.state,
        at=ctx.now,
        by_label=ctx.actor.label[:200],
        reason=reason,
    )


def told(meeting: Meeting) -> dict[str, JsonValue]:
    """What an event says of a meeting."""
    return {"meeting": str(meeting.pk), "body": str(meeting.body_id), "state": meeting.state}
