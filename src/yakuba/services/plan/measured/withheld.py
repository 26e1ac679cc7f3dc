"""Which measured values the public does not get: what is printed in a plan or leaves the house is nothing that is kept back.

Of counts of persons one rule holds: nothing goes out but what the public reads already. A formula is reckoned again from what is
released of everything that it names, for every period that it sums. Where that is another number than the measured one (a few came in
late and do not show), it stands in its place: who could take over neither would type the measured one, and the difference would show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yakuba.engines.metrics.formula.reckoning import needs
from yakuba.engines.metrics.formula.source import public_figures, tree_of
from yakuba.engines.metrics.formula.tree import Name, Tree
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.small import shown
from yakuba.engines.metrics.sources import SOURCES, Figure, Operand
from yakuba.kernel.actions import Context
from yakuba.services.plan.measured import queries
from yakuba.services.plan.measured.actions.store import public_operands
from yakuba.services.plan.measured.beside import SMALL, UNPUBLISHED, Outward
from yakuba.services.plan.measured.queries import Place
from yakuba.services.plan.models import Binding


def withheld(
    ctx: Context, bound: Mapping[Place, Binding], measured: Mapping[Place, Figure]
) -> dict[Place, Outward]:
    """Of each of these figures what the public may get.

    Four queries, however many there are, two more where a 基準日 of series is asked for, and one for each metric whose parts a formula
    counts by names that are data.
    """
    asked = {
        place: (one, SOURCES.get(one.source).operands(ctx, one.said))
        for place, one in bound.items()
        if place in measured and one.source in SOURCES
    }
    if not asked:
        return {}
    public = public_operands(ctx)
    least = queries.least_of(ctx, {each for _one, own in asked.values() for each in own})
    found: dict[Place, Outward] = {}
    trees: dict[Place, Tree] = {}
    for place, (one, own) in asked.items():
        found[place] = Outward()
        if any(each not in public for each in own) or not SOURCES.get(one.source).may_be_public(
            ctx, one.said
        ):
            found[place] = Outward(UNPUBLISHED)
        elif any(least.get(each, 0) > 1 for each in own) and not _tells_no_number(measured[place]):
            tree = _tree(one, own)
            found[place] = Outward(UNPUBLISHED)
            if tree is not None:
                trees[place] = tree
    wanted = {place: _operands(tree, measured[place].period) for place, tree in trees.items()}
    rows = queries.released(ctx, {one for own in wanted.values() for one in own})
    read = public_figures(ctx, (row for several in rows.values() for row in several), trees.values())
    for place, tree in trees.items():
        figure = measured[place]
        told = read(tree, figure.period)
        if told is not None:
            found[place] = Outward(instead=None if _counts(told) == _counts(figure) else told)
        elif any(row.hidden for one in wanted[place] for row in rows.get(one, ())) or (
            isinstance(tree, Name)
            and shown(least[Operand(tree.origin, tree.key)], figure, asked[place][0].aggregation).hidden
        ):
            found[place] = Outward(SMALL)
    return found


def _tree(one: Binding, own: Sequence[Operand]) -> Tree | None:
    """What a binding's figures are reckoned from; None of a source of which nobody knows how."""
    if one.source == "formula":
        return tree_of(one.said)
    return Name(own[0].key, own[0].source) if len(own) == 1 and own[0].source == one.source else None


def _operands(tree: Tree, period: Period) -> set[tuple[Operand, Period]]:
    return {(Operand(name.origin, name.key), of) for name, of in needs(tree, period)}


def _counts(figure: Figure) -> tuple[object, ...]:
    return figure.number, figure.numerator, figure.denominator


def _tells_no_number(figure: Figure) -> bool:
    """A word tells of nobody."""
    return _counts(figure) == (None, None, None)
