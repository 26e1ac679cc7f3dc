"""What of bodies waits for whom, with true counts; and the line of the desk's navigation."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.bodies import access
from yakuba.engines.bodies.models import Meeting
from yakuba.engines.bodies.queries import meetings
from yakuba.kernel.access.desk import Door, Waiting, add_door, add_waiting, address
from yakuba.kernel.actions import Context
from yakuba.kernel.town.open_work import OPEN_WORK


def waiting(ctx: Context) -> list[Waiting]:
    """What is the actor's to answer, to confirm, to prepare for; and what the secretariat has to do after a meeting."""
    if not access.VIEW_MEETING.holds_anywhere(ctx):
        return []
    found = meetings.waiting(ctx)
    here = address("bodies-desk", ctx)

    def to(rows: Sequence[Meeting]) -> str:
        return address("bodies-meeting", ctx, rows[0].pk) if len(rows) == 1 else here

    lines = (
        (found.to_answer, to(found.to_answer), _("持ち回りに回答する"), _("自分の席のある会議体")),
        (
            found.to_confirm,
            to([one.meeting for one in found.to_confirm]),
            _("議事録を確認する"),
            _("議長を務めた会議"),
        ),
        (found.coming, to(found.coming), _("会議に出席する"), _("招集された会議")),
        (found.to_close, to(found.to_close), _("会議の出欠・回答を記録する"), _("終わった会議と持ち回り")),
        (found.to_decide, to(found.to_decide), _("会議の決定を記録する"), _("開催済みの会議")),
        (found.to_write, to(found.to_write), _("議事録を作る"), _("決定を記録した会議")),
        (found.to_report, to(found.to_report), _("会議の結果を報告する"), _("議事録が確定した会議")),
        (found.terms, here, _("任期の終わりに備える"), _("60日以内に任期が終わる席")),
    )
    return [Waiting(label, detail, href, len(rows), "hall") for rows, href, label, detail in lines if rows]


add_door(
    Door("plan", gettext_lazy("会議体"), "bodies-desk", "hall", access.VIEW_BODY.holds_anywhere, order=60)
)
add_waiting(waiting)
OPEN_WORK.register("bodies", meetings.seats_in_person)
