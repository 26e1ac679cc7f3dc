"""Indicators of one name across municipalities. Pure: what the register says in, groups out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yakuba.services.plan.nation.figures import Basis, cautions
from yakuba.services.plan.nation.queries import Brief


@dataclass(frozen=True, slots=True)
class Group:
    """The indicators that bear one name (folded: ``key``), in the order of the municipalities."""

    key: str
    name: str
    members: tuple[Brief, ...]

    @property
    def municipalities(self) -> int:
        """How many municipalities measure it."""
        return len({one.code for one in self.members})

    @property
    def cautions(self) -> tuple[str, ...]:
        """Why its figures may not be compared (keys of ``figures.CAUTIONS``)."""
        return cautions([basis(one) for one in self.members])


def basis(of: Brief) -> Basis:
    """What a figure rests on, without the day it is of."""
    return Basis(
        of.unit,
        of.aggregation,
        of.definition,
        of.year,
        of.status,
        direction=of.direction,
        bound=of.bound,
    )


def groups(briefs: Iterable[Brief]) -> list[Group]:
    """The indicators by name: what most municipalities measure first, then by name."""
    found: dict[str, list[Brief]] = {}
    for one in briefs:
        found.setdefault(one.key, []).append(one)
    made = [Group(key, _commonest(members), tuple(members)) for key, members in found.items()]
    return sorted(made, key=lambda group: (-group.municipalities, group.key))


def _commonest(members: Sequence[Brief]) -> str:
    """The name as most documents print it; of equally many the first in order."""
    counts = Counter(one.name for one in members)
    return min(counts, key=lambda name: (-counts[name], name))
