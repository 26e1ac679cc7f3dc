"""Which measured values the public does not get: a review's answer is printed in the plan, so what is kept back is not taken over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.small import shown
from yakuba.engines.metrics.sources import SOURCES, Figure, Operand
from yakuba.kernel.actions import Context
from yakuba.services.plan.measured import queries
from yakuba.services.plan.measured.actions.store import public_operands
from yakuba.services.plan.measured.beside import SMALL, UNPUBLISHED, Withheld
from yakuba.services.plan.measured.queries import Place
from yakuba.services.plan.models import Binding


def withheld(
    ctx: Context, bound: Mapping[Place, Binding], measured: Mapping[Place, Figure]
) -> dict[Place, Withheld]:
    """Why each of these figures is kept from the public; empty where it is not. At most four queries, however many there are."""
    asked = {
        place: (one, SOURCES.get(one.source).operands(ctx, one.said))
        for place, one in bound.items()
        if place in measured and one.source in SOURCES
    }
    if not asked:
        return {}
    public = public_operands(ctx)
    least = queries.least_of(ctx, {each for _one, own in asked.values() for each in own})
    persons = [each for each, number in least.items() if number > 1]
    hidden = queries.hidden_of(ctx, persons, {measured[place].period for place in asked})
    return {
        place: _why(ctx, one, own, measured[place], public, least, hidden)
        for place, (one, own) in asked.items()
    }


def _why(
    ctx: Context,
    one: Binding,
    own: Sequence[Operand],
    figure: Figure,
    public: Mapping[Operand, str],
    least: Mapping[Operand, int],
    hidden: Mapping[tuple[Operand, Period], bool],
) -> Withheld:
    if any(each not in public for each in own):
        return UNPUBLISHED
    if not own and not SOURCES.get(one.source).may_be_public(ctx, one.said):
        return UNPUBLISHED
    alone = len(own) == 1 and own[0].source == one.source
    for each in own:
        if least.get(each, 0) <= 1:
            continue
        if hidden.get((each, figure.period), False):
            return SMALL
        if alone:
            # Not released yet, or released: by itself it may be told.
            if shown(least[each], figure, one.aggregation).hidden:
                return SMALL
        elif (each, figure.period) not in hidden:
            # What it is reckoned from is not released; nobody can say from the result whether it is small.
            return UNPUBLISHED
    return ""
