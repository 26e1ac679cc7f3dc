"""Progress words of rows, counted with what they mean: as somebody said, else as the word has a fixed meaning. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from yakuba.services.plan import labels, shown
from yakuba.services.plan.shown import Row

Tallies = tuple[tuple[str, str, int], ...]
"""Progress word, fixed meaning (empty for none), count."""


def tallies(rows: Iterable[Row]) -> Tallies:
    """In the order of the meanings; a group (2-1, 2-2) counts once per word."""
    seen = {(row.counted_as, row.progress, labels.meaning(row.form) or "") for row in rows if row.progress}
    words = Counter((word, meaning) for _group, word, meaning in seen)
    return tuple(
        (word, meaning, number)
        for (word, meaning), number in sorted(words.items(), key=lambda one: order(one[0]))
    )


def order(word: tuple[str, str]) -> tuple[int, str]:
    """Sorts a word by its meaning, then by itself."""
    return shown.rank(word[1]), word[0]
