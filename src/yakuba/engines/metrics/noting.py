"""What the trail keeps of a figure that somebody wrote: its period, its value before and after, its two numbers, how firm it is.

The words stand in the entry itself, as the figure was called then: labels and units may change later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.metrics.wording import status_name
from yakuba.kernel.fields.kinds import plain_decimal

if TYPE_CHECKING:
    from yakuba.kernel.actions import Context
    from yakuba.kernel.trail.labels import CellName


@dataclass(frozen=True, slots=True)
class Kept:
    """A figure as it stood or stands. ``status`` is one of ``STATUSES``, empty where nothing is said of it."""

    number: Decimal | None = None
    state: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    status: str = ""

    def value(self, unit: str) -> str:
        """The unrounded number with its unit, or the word; empty for none."""
        return self.state if self.number is None else f"{plain_decimal(self.number)}{unit}"

    @property
    def share(self) -> str:
        """41／50; empty where there are no two numbers."""
        if self.numerator is None or self.denominator is None:
            return ""
        return f"{plain_decimal(self.numerator)}／{plain_decimal(self.denominator)}"


def cells(
    kind: str, pk: UUID, thing: str, period: str, unit: str, before: Kept | None, after: Kept
) -> list[dict[str, str]]:
    """One period's rows for ``ctx.note(cells=…)``: the value always, its two numbers and its firmness where they are or were said.

    ``kind`` is the subject's, ``thing`` what it is called, ``period`` in words. Without a value before, ``from`` is empty.
    """
    old = before or Kept()
    rows = [
        (_("値"), old.value(unit), after.value(unit)),
        (_("分子／分母"), old.share, after.share),
        (_("確度"), status_name(old.status), status_name(after.status)),
    ]
    return [
        {kind: str(pk), "number": thing, "path": f"{period} {word}", "from": was, "to": becomes}
        for place, (word, was, becomes) in enumerate(rows)
        if place == 0 or was or becomes
    ]


def cell_names(ctx: Context, keys: Iterable[tuple[UUID, str]]) -> dict[tuple[UUID, str], CellName]:
    """None: the trail shows the words that stand in the entry."""
    return {}
