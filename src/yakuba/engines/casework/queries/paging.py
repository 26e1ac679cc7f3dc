"""Pages of the lists of this room."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

from yakuba.kernel.ui.lists import Slice

R = TypeVar("R", bound=Model)


def sliced(found: QuerySet[R], start: int, size: int) -> Slice[R]:
    """One page of rows from a position on, with how many there are in all.

    The last page tells that by itself: whoever searches for one of many does not have all of them looked through twice.
    """
    rows = list(found[start : start + size + 1])
    ends = len(rows) <= size and bool(rows or not start)
    return Slice(
        rows[:size],
        start + len(rows) if ends else found.count(),
        previous=str(start) if start else "",
        following=str(start + size) if len(rows) > size else "",
    )
