"""What rests on a metric or a series: rooms above (a plan's indicators) say it of themselves.

USES.register("plan", Uses(desk=indicators_of, public=published_indicators_of))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yakuba.engines.metrics.sources import Operand
from yakuba.kernel.actions import Context
from yakuba.kernel.plugins import Registry


@dataclass(frozen=True, slots=True)
class Use:
    """Something that rests on a figure: what it is called, where it stands, its page, and how it uses the figure (a formula).

    ``target`` is what it is to reach, where it is this very figure that is to reach it.
    """

    label: str
    within: str
    href: str
    note: str = ""
    target: Decimal | None = None


Asked = Callable[[Context, Operand], Sequence[Use]]


@dataclass(frozen=True, slots=True)
class Uses:
    """What a room says: to staff, and to the public of what is public, from tables of the portal. A constant number of queries each."""

    desk: Asked
    public: Asked


USES: Registry[Uses] = Registry("use of figures")


def uses(ctx: Context, operand: Operand) -> list[Use]:
    """Everything on the desk that rests on it."""
    return [one for room in USES.values() for one in room.desk(ctx, operand)]


def public_uses(ctx: Context, operand: Operand) -> list[Use]:
    """Everything public that rests on it."""
    return [one for room in USES.values() for one in room.public(ctx, operand)]
