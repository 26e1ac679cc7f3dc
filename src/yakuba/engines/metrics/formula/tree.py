"""What a formula consists of. Places in the text do not make two formulas differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from yakuba.kernel.dates import FiscalYear

Sign = Literal["+", "-", "*", "/"]
Origin = Literal["metric", "series"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written; never negative, the minus before it is a :class:`Negative`."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Name:
    """``[key]``, a metric of this system, or ``[外部:key]``, a series from elsewhere; ``at`` is its place in the text, from 1."""

    key: str
    origin: Origin = "metric"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Negative:
    """−x."""

    of: Tree


@dataclass(frozen=True, slots=True)
class Binary:
    """x + y, x − y, x × y, x ÷ y."""

    sign: Sign
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Share:
    """割合(x, y): x of y in percent; keeps its two numbers."""

    top: Tree
    bottom: Tree


@dataclass(frozen=True, slots=True)
class Cumulative:
    """累計(x, 令和5年度): the sum of x from that fiscal year to the period's end."""

    of: Tree
    since: FiscalYear


@dataclass(frozen=True, slots=True)
class States:
    """件数([x], "順調", …): how many are in one of these states."""

    of: Name
    words: tuple[str, ...]


Tree = Number | Name | Negative | Binary | Share | Cumulative | States

SIGNS: Final[Mapping[Sign, str]] = {"+": "＋", "-": "−", "*": "×", "/": "÷"}


def parts_of(tree: Tree) -> tuple[Tree, ...]:
    """The formulas that a formula is made of, from left to right."""
    match tree:
        case Negative(of) | Cumulative(of, _) | States(of, _):
            return (of,)
        case Binary(_, left, right) | Share(left, right):
            return (left, right)
        case _:
            return ()


def names_of(tree: Tree) -> Iterator[Name]:
    """Every name in it, each once, in the order of the text."""
    seen: set[Name] = set()
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Name) and one not in seen:
            seen.add(one)
            yield one
        waiting.extend(reversed(parts_of(one)))


def aggregation_of(tree: Tree, of: Mapping[Name, str]) -> str:
    """How a formula's figures are made of a period (a key of ``AGGREGATIONS``), from those of its names.

    Percent is a share, what is summed since a year is cumulative, one quantity by another is an average; a sum or difference is what
    all its terms are, and a value at a date where they are not the same.
    """
    match tree:
        case Name():
            return of.get(tree, "at_date")
        case Share():
            return "ratio"
        case Cumulative():
            return "cumulative"
        case States():
            return "at_date" if of.get(tree.of) in (None, "state") else of[tree.of]
        case Negative(inner):
            return aggregation_of(inner, of)
        case Binary(sign, left, right):
            if sign == "/" and next(names_of(right), None) is not None:
                return "average"
            found = {
                aggregation_of(one, of) for one in (left, right) if next(names_of(one), None) is not None
            }
            return found.pop() if len(found) == 1 else "at_date"
        case _:
            return "at_date"
