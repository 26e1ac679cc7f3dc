"""What of decisions waits for whom, with true counts; and the lines of the desk's navigation."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.approval import access
from yakuba.engines.approval.queries import box
from yakuba.kernel.access.desk import Door, Waiting, add_door, add_waiting
from yakuba.kernel.actions import ActorKind, Context
from yakuba.kernel.town.open_work import OPEN_WORK


def _staff(ctx: Context) -> bool:
    """Posts decide what one finds in the box, so it is open to all staff."""
    return ctx.actor.kind is ActorKind.STAFF and access.SUBMIT.holds_anywhere(ctx)


def waiting(ctx: Context) -> list[Waiting]:
    """What is the actor's to decide, to read, and to draft anew."""
    if not _staff(ctx):
        return []
    counts = box.counts(ctx)
    here = reverse("approval-box", args=[ctx.municipality.code])
    lines = (
        ("turn", here, _("承認・合議・決裁する"), _("自分の番の起案")),
        ("returned", f"{here}?box=drafted", _("差し戻された起案を直す"), _("自分の起案")),
        ("circulated", f"{here}?box=circulated", _("供覧を読む"), _("回ってきた起案")),
        ("after", f"{here}?box=after", _("後閲する"), _("不在の間に決裁された起案")),
    )
    return [
        Waiting(label, detail, href, counts[key], "tray") for key, href, label, detail in lines if counts[key]
    ]


add_door(Door("work", gettext_lazy("決裁箱"), "approval-box", "tray", _staff, box.waiting))
add_door(
    Door(
        "cases",
        gettext_lazy("決裁の定め"),
        "approval-rules",
        "document",
        access.VIEW_RULE.holds_anywhere,
        order=90,
    )
)
add_waiting(waiting)
OPEN_WORK.register("approval", box.open_of)
