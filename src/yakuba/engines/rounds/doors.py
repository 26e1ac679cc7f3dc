"""The rounds' line in the desk's navigation, and what of them waits for whom, with true counts."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.rounds import access
from yakuba.engines.rounds.queries import rounds
from yakuba.kernel.access.desk import Door, Waiting, add_door, add_waiting
from yakuba.kernel.actions import Context
from yakuba.kernel.town.open_work import OPEN_WORK


def waiting(ctx: Context) -> list[Waiting]:
    """What the actor's office has to enter, what its head has to confirm, and what the secretariat has to look at."""
    lines: list[Waiting] = []
    if access.ANSWER.holds_anywhere(ctx):
        lines += _of_office(ctx)
    if access.ACCEPT.holds_anywhere(ctx):
        lines += _of_secretariat(ctx)
    return [one for one in lines if one.count]


def _of_office(ctx: Context) -> list[Waiting]:
    parts = rounds.my_parts(ctx)
    roles = ctx.actor.roles_in(ctx.municipality.id)
    late = sum(1 for one in parts if one.late(ctx))
    detail = _("期限を過ぎた照会が%(count)d件あります") % {"count": late} if late else _("自分の課の回答")
    here = _href(ctx, parts)
    found = [Waiting(_("照会に答える"), detail, here, sum(one.waiting.open for one in parts), "tray")]
    if "office_head" in roles:
        entered = sum(one.waiting.entered for one in parts)
        found.append(Waiting(_("照会の回答を確認する"), _("課の者が入力したもの"), here, entered, "check"))
    return found


def _href(ctx: Context, parts: list[rounds.Part]) -> str:
    """The page of the one part that owes something; the list, where there are several."""
    owing = [one.part for one in parts if one.outstanding]
    if len(owing) == 1:
        return reverse("rounds-part", args=[ctx.municipality.code, owing[0].round_id, owing[0].pk])
    return reverse("rounds-index", args=[ctx.municipality.code])


def _of_secretariat(ctx: Context) -> list[Waiting]:
    found = rounds.to_check(ctx)
    here = reverse("rounds-index", args=[ctx.municipality.code])
    return [
        Waiting(
            _("照会の回答を受理する"),
            _("所属長の確認が済んだもの、該当なしのもの"),
            here,
            found.accept,
            "check",
        ),
        Waiting(_("期限の延長に答える"), _("各課から求められたもの"), here, found.extensions, "clock"),
    ]


add_door(
    Door("plan", gettext_lazy("照会"), "rounds-index", "tray", access.VIEW_ROUND.holds_anywhere, order=60)
)
add_waiting(waiting)
OPEN_WORK.register("rounds", rounds.open_of)
