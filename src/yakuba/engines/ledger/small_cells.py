"""Small numbers in tables that everybody may see: they tell of single people, and so does a total that they are missing from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

#: The smallest number that is shown, unless a table says otherwise: the house's own choice, no law names one.
LEAST: Final = 5


class Shown(NamedTuple):
    """What a table shows: the cells and their total; None for what is hidden."""

    cells: dict[str, int | None]
    total: int | None


def shown(counts: Mapping[str, int], least: int = LEAST) -> Shown:
    """Counts without those from 1 to ``least - 1``; zero tells of nobody.

    A cell alone is told by the total, and so are cells that can only be one each or as large as a hidden one may be. So the next
    smallest are hidden too (complementary suppression) until more than one table has the same sum; where nothing is left to hide,
    the total goes. Cells of one size go together: which of them is hidden must not hang on their order.
    """
    hidden = {key for key, many in counts.items() if 0 < many < least}
    total = sum(counts.values())
    if not hidden:
        return Shown(dict(counts), total)
    sizes = sorted({many for key, many in counts.items() if key not in hidden and many > 0})
    while not _vague([counts[key] for key in hidden], least):
        if not sizes:
            return Shown({key: None if key in hidden else many for key, many in counts.items()}, None)
        size = sizes.pop(0)
        hidden |= {key for key, many in counts.items() if many == size}
    return Shown({key: None if key in hidden else many for key, many in counts.items()}, total)


def _vague(hidden: list[int], least: int) -> bool:
    """Whether hidden cells could be others with the same sum, each of the small ones."""
    many, total = len(hidden), sum(hidden)
    return many > 1 and many < total and total != many * (least - 1) and total >= least
