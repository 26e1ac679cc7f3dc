"""How other programs write what a cell says. Pure.

Access writes days with a time (``2024/05/20 0:00:00``), yes as -1, and money with its sign; old ledgers write codes of their own (1 for
雄), which somebody says once and the book remembers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from yakuba.kernel.fields import Invalid, JsonValue
from yakuba.kernel.fields.kinds import Cell, Choice
from yakuba.kernel.sheets.rows import read_cell
from yakuba.kernel.sheets.table import Column
from yakuba.kernel.text import fold

#: What a word of another program means: folded word → code.
Words = Mapping[str, str]
NO_WORDS: Final[Words] = {}
#: The code of a word that means nothing at all (9 for 不明, where the field may be empty).
NOTHING: Final = "-"
_MIDNIGHT: Final = re.compile(r"\A\s*(\d{2,4}[/.-]\d{1,2}[/.-]\d{1,2})[\sT]+0{1,2}:00(?::00(?:\.0+)?)?\s*\Z")
_MONEY: Final = re.compile(r"\A\s*[¥￥\\]\s*|\s*円\s*\Z")
_YES: Final = frozenset({"-1", "真", "レ", "✓", "✔", "☑", "■", "該当", "あり", "有り"})
_NO: Final = frozenset({"偽", "☐", "□", "非該当", "なし", "無し"})
#: How many strange words of one column somebody is asked about.
_MOST: Final = 40
_NUMBERS: Final = frozenset({"integer", "number"})


@dataclass
class Unknown:
    """Words of a table of which nobody said yet what they mean: column → folded word → how it is written and how often it stands there."""

    words: dict[str, dict[str, tuple[str, int]]] = field(default_factory=dict)

    def note(self, key: str, cell: Cell) -> None:
        """One more cell with such a word; the first :data:`_MOST` words of a column."""
        here = self.words.setdefault(key, {})
        word = word_of(cell)
        if word in here or len(here) < _MOST:
            written, many = here.get(word, (str(cell)[:40], 0))
            here[word] = (written, many + 1)

    def as_json(self) -> dict[str, JsonValue]:
        """For the batch."""
        return {
            key: {word: [written, many] for word, (written, many) in here.items()}
            for key, here in self.words.items()
        }


def value_of(column: Column, cell: Cell, words: Words = NO_WORDS) -> object:
    """The value of a cell, None for an empty one. Raises :class:`~yakuba.kernel.fields.Invalid`."""
    kind = column.kind
    if kind is not None and cell is not None:
        if words and words.get(word_of(cell)) == NOTHING:
            return None
        if isinstance(kind, Choice):
            # Full width, brackets and blanks aside, a label is the label.
            labels = {fold(label): label for _code, label in kind.options}
            text = word_of(cell)
            cell = words.get(text) or labels.get(text, cell)
        else:
            cell = _usual(kind.key, cell, words)
    return read_cell(column, cell, required=False)


def word_of(cell: Cell) -> str:
    """A cell as a word that may be remembered."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return fold(str(cell))


def is_unknown(column: Column, invalid: Invalid) -> bool:
    """Whether a cell holds a word that somebody might say the meaning of."""
    return column.kind is not None and column.kind.key in {"choice", "yes_no"} and bool(invalid.found)


def _usual(kind: str, cell: Cell, words: Words) -> Cell:
    if kind == "yes_no":
        text = word_of(cell)
        if text in words:
            return words[text]
        return "1" if text in _YES else "0" if text in _NO else cell
    if isinstance(cell, str):
        if kind in {"date", "text"}:  # some texts are days that are not known to the day
            return _MIDNIGHT.sub(r"\1", cell)
        if kind in _NUMBERS:
            return _MONEY.sub("", cell)
    return cell
