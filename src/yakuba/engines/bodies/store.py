"""What services do with bodies inside their own actions, which have asked for permission.

store.put_on(ctx, meeting, Proposed("plan_reviews", round.pk, "令和8年度の進捗の確認"))
store.set_details(ctx, item, {"exceptions": {…}})
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Max
from django.utils.translation import gettext as _

from yakuba.engines.bodies import rules
from yakuba.engines.bodies.matters import MATTERS, Proposed
from yakuba.engines.bodies.models import AgendaItem, Meeting
from yakuba.kernel.actions import Context, Missing, Problem
from yakuba.kernel.fields import JsonValue


def put_on(ctx: Context, meeting: Meeting, proposed: Proposed, *, what: str = "decide") -> AgendaItem:
    """Put a matter at the end of a meeting's agenda. LookupError for a kind that nobody registered.

    Raises :class:`Problem` where the agenda is closed, or where the thing is on it already.
    """
    MATTERS.get(proposed.kind)
    return add_item(
        ctx,
        meeting,
        AgendaItem(
            title=proposed.title[:200],
            what=what,
            matter=proposed.kind,
            subject=proposed.id,
            explanation=proposed.explanation,
        ),
    )


def add_item(ctx: Context, meeting: Meeting, item: AgendaItem) -> AgendaItem:
    """Write an item at the end of an agenda. Raises :class:`Problem`."""
    if meeting.municipality_id != ctx.municipality.id:
        raise Missing
    demand_preparing(meeting)
    items = AgendaItem.unscoped.filter(municipality=ctx.municipality.id, meeting=meeting)
    if item.subject is not None and items.filter(matter=item.matter, subject=item.subject).exists():
        raise Problem(
            "twice",
            _("「%(title)s」は、もうこの会議の議題にあります。") % {"title": item.title},
            found=item.title,
        )
    last = items.aggregate(last=Max("position"))["last"] or 0
    item.municipality_id, item.meeting, item.position = ctx.municipality.id, meeting, last + 1
    item.save(force_insert=True)
    return item


def set_details(ctx: Context, item: AgendaItem, details: Mapping[str, JsonValue]) -> None:
    """Keep what is to be decided in particular (exceptions by row, say), until the decision is recorded. Raises :class:`Problem`."""
    if item.municipality_id != ctx.municipality.id:
        raise Missing
    if item.decided_at is not None:
        raise Problem("decided", _("この議題の決定は、もう記録されています。"), found=item.decision)
    item.details = dict(details)
    item.save(update_fields=["details"])


def demand_preparing(meeting: Meeting) -> None:
    """Raises :class:`Problem` once the meeting is held or cancelled."""
    if meeting.state not in rules.PREPARING:
        raise Problem(
            "state",
            _("「%(state)s」の会議の議題は変えられません。") % {"state": dict(rules.STATES)[meeting.state]},
            found=meeting.state,
        )
