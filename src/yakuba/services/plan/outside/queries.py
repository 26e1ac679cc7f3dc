"""What of an edition bears which codes: in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from yakuba.kernel.actions import Context
from yakuba.services.plan import public_figures, queries
from yakuba.services.plan.measured.queries import place_of
from yakuba.services.plan.models import Edition, OutsideCode
from yakuba.services.plan.outside.codes import Item
from yakuba.services.plan.rows import Form
from yakuba.services.plan.shown import Row


def rows(ctx: Context, of: Edition) -> list[Row]:
    """The initiatives of a working copy with their forms."""
    own = queries.forms(queries.initiatives(ctx, of))
    return [Row(row.pk, row.position, form) for row, form in own]


def items(ctx: Context, of: Edition, found: Sequence[Row] | None = None) -> list[Item]:
    """Every initiative and each of its indicators with their codes, in the document's order."""
    own = rows(ctx, of) if found is None else found
    kept: dict[tuple[UUID, int], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    names = {row.id: [one["name"] for one in row.form["indicators"]] for row in own}
    for code in OutsideCode.objects.for_actor(ctx).filter(edition=of).order_by("system", "id"):
        place = position_of(names.get(code.initiative, []), code)
        if place is not None:
            kept[code.initiative, place][code.system].append(code.code)
    return [item for row in own for item in _items(row, kept)]


def position_of(names: Sequence[str], code: OutsideCode) -> int | None:
    """Where what a code is about stands now: 0 the initiative, else the indicator's place from 1; None where it is gone."""
    if code.position == 0:
        return 0
    place = place_of(names, code.position - 1, code.indicator)
    return None if place is None else place + 1


def _items(row: Row, kept: dict[tuple[UUID, int], dict[str, list[str]]]) -> list[Item]:
    named: list[Form | None] = [None, *row.form["indicators"]]
    return [
        Item(
            row.id,
            place,
            row.number,
            row.title,
            public_figures.name_of(one) if one is not None else "",
            "、".join(row.leads),
            {system: tuple(codes) for system, codes in kept.get((row.id, place), {}).items()},
        )
        for place, one in enumerate(named)
    ]
