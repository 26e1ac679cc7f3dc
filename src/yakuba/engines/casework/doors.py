"""The cases' lines in the desk's navigation, and what of them waits for whom."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.casework.access import KEEP_BOOK, KEEP_SEAL, SET_MAILBOX, WORK
from yakuba.engines.casework.notices import queries as notices
from yakuba.engines.casework.queries import inbox
from yakuba.kernel.access.desk import Door, Waiting, add_door, add_waiting
from yakuba.kernel.actions import Context
from yakuba.kernel.town.open_work import OPEN_WORK


def waiting(ctx: Context) -> list[Waiting]:
    """What is the actor's turn, what nobody has taken on, and what is urgent."""
    if not WORK.holds_anywhere(ctx):
        return []
    found = inbox.counts(ctx)
    here = reverse("casework-inbox", args=[ctx.municipality.code])
    urgent = urlencode([("filter.due", "late"), ("filter.due", "soon")])
    lines = [
        Waiting(
            _("自分の案件を進める"),
            _("申請者の補正や決裁を待っていないもの"),
            reverse("casework-mine", args=[ctx.municipality.code]),
            found.mine,
            "person",
        ),
        Waiting(
            _("担当者を決める"),
            _("課に届いて、まだ担当者のいない案件"),
            f"{here}?view=unassigned",
            found.unassigned,
            "tray",
        ),
        Waiting(
            _("期限の近い案件を見る"),
            _("処理の期限を過ぎたもの、3日以内のもの"),
            f"{here}?{urgent}",
            found.urgent,
            "clock",
        ),
    ]
    return [one for one in lines if one.count]


add_door(Door("cases", gettext_lazy("案件"), "casework-inbox", "tray", WORK.holds_anywhere, inbox.unassigned))
add_door(
    Door("cases", gettext_lazy("自分の案件"), "casework-mine", "person", WORK.holds_anywhere, inbox.my_turn)
)
add_door(
    Door(
        "settings",
        gettext_lazy("課のメール"),
        "casework-mailboxes",
        "settings",
        SET_MAILBOX.holds_anywhere,
    )
)
add_door(
    Door(
        "cases",
        gettext_lazy("印刷して郵送するもの"),
        "casework-notices",
        "print",
        WORK.holds_anywhere,
        notices.to_print,
    )
)
add_door(Door("settings", gettext_lazy("番号簿"), "casework-books", "document", KEEP_BOOK.holds_anywhere))
add_door(Door("settings", gettext_lazy("公印"), "casework-seals", "hall", KEEP_SEAL.holds_anywhere))
add_waiting(waiting)
OPEN_WORK.register("casework", inbox.open_of)
