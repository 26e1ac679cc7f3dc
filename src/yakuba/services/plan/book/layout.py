"""How wide a table's columns are, from what stands in them. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import fmean
from typing import Final
from unicodedata import east_asian_width

from yakuba.services.plan.book.blocks import Table

#: A head of so many characters stands on one line, a column is at least so wide (in em).
_HEAD_EM: Final = 5.0
_LEAST_EM: Final = 2.6
#: What stands beside the text of a cell, in em.
_PADDING_EM: Final = 1.3
_LATIN: Final = re.compile(r"[!-~]+")


def em(text: str) -> float:
    """How long a line of text is, in widths of a full character."""
    return sum(1.0 if east_asian_width(one) in "FWA" else 0.55 for one in text)


def longest_line(text: str) -> float:
    """The longest of its lines, in em."""
    return max((em(line) for line in text.splitlines()), default=0.0)


def shares(table: Table, room: float) -> list[float]:
    """The width of each column in em, together ``room``: what a template gave is kept in its proportion, the rest follows from the text."""
    given = [column.width for column in table.columns]
    if all(given):
        return [room * one / sum(given) for one in given]
    least, most, want = zip(*(_wish(table, n) for n in range(len(given))), strict=True)
    fixed = [room * one / max(sum(given), 100) if one else 0.0 for one in given]
    free = [n for n, one in enumerate(fixed) if not one]
    rest = room - sum(fixed)
    own = _spread([least[n] for n in free], [most[n] for n in free], [want[n] for n in free], rest)
    for n, width in zip(free, own, strict=True):
        fixed[n] = width
    return fixed


def _wish(table: Table, n: int) -> tuple[float, float, float]:
    """The least and the greatest width that make sense for a column, and how much text it has."""
    texts = [row[n] for row in table.rows if row[n]]
    head = em(table.columns[n].label)
    longest = max((longest_line(text) for text in texts), default=0.0)
    token = max((em(one) for text in texts for one in _LATIN.findall(text)), default=0.0)
    least = max(_LEAST_EM, min(head, _HEAD_EM), min(longest, 3.0), min(token, 9.0)) + _PADDING_EM
    most = max(longest, min(head, 8.0)) + _PADDING_EM
    amount = fmean(em(text) for text in texts) if texts else 0.0
    filled = len(texts) / len(table.rows) if table.rows else 0.0
    return least, max(least, most), amount**0.75 * (0.4 + 0.6 * filled)


def _spread(least: Sequence[float], most: Sequence[float], want: Sequence[float], room: float) -> list[float]:
    """``room`` over the columns: each its least, then by what it wants, none more than its most while another can take it."""
    if not least:
        return []
    if sum(least) >= room:
        return [room * one / sum(least) for one in least]
    width = list(least)
    open_ = {n for n in range(len(width)) if want[n]}
    left = room - sum(width)
    while left > 0.01 and open_:
        whole = sum(want[n] for n in open_)
        taken = 0.0
        for n in sorted(open_):
            more = min(left * want[n] / whole, most[n] - width[n])
            width[n] += more
            taken += more
        full = {n for n in open_ if most[n] - width[n] < 0.01}
        left -= taken
        if not full:
            break
        open_ -= full
    # What nobody needs goes to all alike, so that the table is as wide as its page.
    return [one + left / len(width) for one in width] if left > 0.01 else width


def lines(text: str, width: float) -> int:
    """How many lines a text takes in so many em."""
    usable = max(width - _PADDING_EM, 1.0)
    return sum(max(1, -int(-em(line) // usable)) for line in text.splitlines()) or 1


def height(row: Sequence[str], widths: Sequence[float]) -> int:
    """How many lines a row takes."""
    return max((lines(text, width) for text, width in zip(row, widths, strict=True)), default=1)
