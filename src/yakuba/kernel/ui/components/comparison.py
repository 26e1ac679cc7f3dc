"""Things side by side: municipalities (or editions) as columns, subjects as rows, each number with its year."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from yakuba.kernel.ui.drawing import Text, draw

LEAST, MOST = 2, 8
"""How many columns one can still compare at a glance and on one sheet of paper; more belong into a filtered list."""


@dataclass(frozen=True, slots=True)
class ComparisonColumn:
    """What is compared: a municipality's name, the way to its page, and which of its documents speaks (令和8年度版)."""

    name: Text
    href: str = ""
    note: Text = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class ComparisonEntry:
    """What one column says of one subject: a value or a drawn component, its year, a small note, the way to the source.

    `caution` says why the value does not compare as it stands (単位が違います); `lang` is the value's language.
    `goal` stands on a line of its own; `counted` says how the value was counted, folded on a phone.
    """

    value: object
    year: Text = ""
    note: Text = ""
    href: str = ""
    caution: Text = ""
    lang: str = ""
    goal: Text = ""
    counted: Text = ""


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """A subject: per column what it says, several entries where it has several, none where it is silent."""

    label: Text
    cells: Sequence[Sequence[ComparisonEntry]]
    note: Text = ""
    caution: Text = ""
    lang: str = ""


def comparison(
    key: str, caption: Text, columns: Sequence[ComparisonColumn], rows: Sequence[ComparisonRow]
) -> SafeString:
    """Draw a comparison of 2 to 8 columns; on a phone each subject is a card, on paper it lies across A4.

    `key` is the id in the page. Nothing is guessed for a silent column: it says 「—（記載なし）」. Nothing is drawn without rows.
    ValueError for another number of columns, and for a row that has not a cell for each of them.
    """
    if not LEAST <= len(columns) <= MOST:
        raise ValueError(f"{len(columns)} columns to compare, not {LEAST} to {MOST}")
    for row in rows:
        if len(row.cells) != len(columns):
            raise ValueError(f"{row.label!r} has {len(row.cells)} cells for {len(columns)} columns")
    if not rows:
        return SafeString("")
    paired = [(row, list(zip(columns, row.cells, strict=True))) for row in rows]
    return draw("comparison", key=key, caption=caption, columns=columns, rows=paired)
