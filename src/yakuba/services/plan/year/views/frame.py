"""What the desk's pages of the plan's year share: the frame, the way up to the round, one review in the words of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.rounds.models import Item, Round
from yakuba.engines.rounds.states import ITEM_STATES
from yakuba.kernel.access.desk import Pages, address
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.ui.components import Link
from yakuba.services.plan.measured.beside import gap_of
from yakuba.services.plan.models import NEXT_ACTIONS, SELF_RATINGS
from yakuba.services.plan.rows import Form
from yakuba.services.plan.year import queries
from yakuba.services.plan.year.flow import printed
from yakuba.services.plan.year.words import before_words, name_of, target_words

show = Pages("plan/year").show
STATES: Final = dict(ITEM_STATES)
ACTIONS: Final = dict(NEXT_ACTIONS)
RATINGS: Final = dict(SELF_RATINGS)
TONES: Final = {
    "open": "neutral",
    "entered": "warn",
    "confirmed": "accent",
    "not_applicable": "neutral",
    "accepted": "accent",
    "decided": "good",
}


def round_of(ctx: Context, round_id: UUID) -> Round:
    """A round that asks for reviews; :class:`Missing` for any other."""
    found = Round.objects.for_actor(ctx).select_related("office").filter(pk=round_id, kind=queries.KIND)
    one = found.first()
    if one is None:
        raise Missing
    return one


def crumbs_of(ctx: Context, round_: Round) -> list[Link]:
    """The way to a page of a round."""
    return [
        Link(_("照会"), address("rounds-index", ctx)),
        Link(round_.title, address("rounds-round", ctx, round_.pk)),
    ]


def state_label(item: Item) -> str:
    """Where an item stands, in a word."""
    return _(STATES[item.state])


@dataclass(frozen=True, slots=True)
class FigureLine:
    """An indicator in a line: its name, the target, what it was, what is answered, and on what that rests."""

    name: str
    target: str
    before: str
    now: str
    evidence: str
    share: str = ""
    ahead: str = ""
    measured: str = ""
    gap: str = ""
    measured_href: str = ""


def figure_lines(whole: queries.Whole) -> list[FigureLine]:
    """The figures of a review beside target and the value before."""
    if whole.form is None:
        return []
    year = whole.review.year.year
    said = {queries.place_of(whole.form, one): one for one in whole.actuals}
    found = []
    for place, indicator in enumerate(whole.form["indicators"]):
        value = whole.answer.actuals.get(place)
        answered = said.get(place)
        measured = whole.measured.get(place)
        gap = gap_of(value, measured.figure) if measured is not None else None
        found.append(
            FigureLine(
                name_of(indicator),
                target_words(indicator, year),
                before_words(indicator, year),
                printed(value) if value else "",
                answered.evidence if answered else "",
                _share(value),
                answered.next_target if answered else "",
                f"{measured.printed}（{measured.note}）" if measured is not None and measured.printed else "",
                gap.words(measured.measure.unit) if gap is not None and measured is not None else "",
                measured.href if measured is not None else "",
            )
        )
    return found


def _share(value: Form | None) -> str:
    if value is None or value["denominator"] is None or value["numerator"] is None:
        return ""
    if str(value["denominator"]) in value["raw"].replace(",", ""):
        return ""  # the print says it already
    return f"{value['numerator']}／{value['denominator']}"


def joined(text: str | Sequence[str]) -> str:
    """A text of the plan in one piece."""
    return text if isinstance(text, str) else "\n".join(text)
