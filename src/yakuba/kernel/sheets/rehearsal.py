"""What an action would refuse of a sheet's rows, told where the sheet is looked at and not first where it is taken in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.db import transaction

from yakuba.kernel.actions import Denied, Missing, Problem, Problems
from yakuba.kernel.sheets.changes import Preview
from yakuba.kernel.sheets.rows import CellProblem


def rehearsed(found: Preview, do: Callable[[], object]) -> Preview:
    """The preview with what ``do`` refuses of it; it is undone in any case. ``do`` takes the changed rows, then the added ones.

    Nothing is tried where a cell cannot be read, or nothing changes. Raises :class:`Denied` and :class:`Missing`.
    """
    if not found.acceptable:
        return found
    problems: list[Problem] = []
    with transaction.atomic():
        try:
            do()
        except (Denied, Missing):
            raise
        except Problems as several:
            problems += several.problems
        except Problem as one:
            problems.append(one)
        transaction.set_rollback(True)
    return replace(found, problems=[CellProblem(_address(found, one.field), one) for one in problems])


def _address(found: Preview, field: str) -> str:
    """The cell of ``2.title``, or where that row begins; empty for what is about no row."""
    place, _dot, key = field.partition(".")
    if not place.isdecimal():
        return ""
    index = int(place)
    if index < len(found.changes):
        row = found.changes[index]
        return next((cell.address for cell in row.cells if cell.column.key == key), f"A{row.number}")
    fresh = found.added[index - len(found.changes)]
    return fresh.addresses.get(key, fresh.address)
