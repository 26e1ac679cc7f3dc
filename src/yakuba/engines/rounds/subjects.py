"""What rounds hold, as subjects of actions and of the trail."""

from django.urls import reverse

from yakuba.engines.rounds.models import Item, ItemMove, Milestone, OfficePart, Reminder, Round, RoundMove
from yakuba.kernel.actions import Context, register_subject


def _url(ctx: Context, one: Round) -> str:
    return reverse("rounds-round", args=[ctx.municipality.code, one.pk])


def _part_url(ctx: Context, part: OfficePart) -> str:
    return reverse("rounds-part", args=[ctx.municipality.code, part.round_id, part.pk])


register_subject("round", "照会", Round, url=_url)
register_subject("round_part", "照会の回答", OfficePart, title=lambda part: part.round.title, url=_part_url)
register_subject("round_item", "照会の項目", Item)
register_subject("round_milestone", "照会の日程", Milestone)
register_subject("round_move", "照会の動き", RoundMove)
register_subject("round_item_move", "照会の項目の動き", ItemMove)
register_subject("round_reminder", "督促", Reminder)
