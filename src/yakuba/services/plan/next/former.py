"""Which edition comes before another, on the desk: of the same plan, else of one that it takes the place of, else simply earlier."""

from __future__ import annotations

from collections.abc import Sequence

from yakuba.kernel.actions import Context
from yakuba.kernel.text import compact
from yakuba.services.plan import desk_list, queries
from yakuba.services.plan.models import Edition
from yakuba.services.plan.next.contrast import Contrast, contrast


def earlier(ctx: Context, edition: Edition) -> list[Edition]:
    """The editions that may come before one, the likeliest first: those of an earlier year, the same plan's and its predecessors' at the top."""
    others = [one for one in queries.editions(ctx) if one.pk != edition.pk and one.year < edition.year]
    return sorted(others, key=lambda one: (kin(edition, one), -one.year.year, one.label))


def kin(edition: Edition, other: Edition) -> int:
    """How near another edition's plan is: 0 the same plan or title, 1 one that this plan takes the place of, 2 any other."""
    if other.plan_id == edition.plan_id or compact(other.plan.title) == compact(edition.plan.title):
        return 0
    named: Sequence[str] = edition.prose.get("predecessors", ())
    return 1 if compact(other.plan.title) in {compact(title) for title in named} else 2


def side_by_side(ctx: Context, before: Edition, after: Edition) -> Contrast:
    """Two working copies side by side (a fixed number of queries)."""
    return contrast(desk_list.of(ctx, before), desk_list.of(ctx, after))
