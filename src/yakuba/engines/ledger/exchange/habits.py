"""How other programs write what a cell says. Pure.

Access writes days with a time (``2024/05/20 0:00:00``), yes as -1, and money with its sign; old ledgers write codes of their own (1 for
雄), which somebody says once and the book remembers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from django.utils.translation import get_language

from yakuba.engines.ledger.signs import half, is_number
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
#: 時計 and 会計 are things: 計 alone is a sum only where nothing but a blank stands before it.
_TOTAL: Final = re.compile(r"(?:.*\s)?(?:.{0,12}(?:小\s*計|合\s*計|総\s*計)|累\s*計|計)\s*(?:\(.*\))?[:：]?")
_ABOUT: Final = re.compile("頃|ごろ|前後|推定")
#: A longer text is no word of a list.
_WORD: Final = 40


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
            text = word_of(cell)
            cell = words.get(text) or _labels(tuple(kind.options), get_language() or "").get(text, cell)
        elif isinstance(cell, str) and is_number(column.spec):
            cell = half(cell)
        else:
            cell = _usual(kind.key, cell, words)
    return read_cell(column, cell, required=False)


def word_of(cell: Cell) -> str:
    """A cell as a word that may be remembered."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell)
    return _folded(text) if len(text) <= _WORD else fold(text)


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    """A column of choices says the same few words a hundred thousand times."""
    return fold(text)


@lru_cache(maxsize=256)
def _labels(options: tuple[tuple[str, str], ...], _language: str) -> dict[str, str]:
    """Folded label → label, in the language of whoever reads the table."""
    return {fold(str(label)): str(label) for _code, label in options}


def total_of(cells: Iterable[Cell]) -> str:
    """What a row calls itself that adds others up (合計, 本町 小計); empty for every other row. Its first word says so, not one further on."""
    word = next((str(cell).strip() for cell in cells if isinstance(cell, str) and cell.strip()), "")
    return word if len(word) <= _WORD and _TOTAL.fullmatch(unicodedata.normalize("NFKC", word)) else ""


def lost(column: Column, cell: Cell, value: object) -> str:
    """The words of a cell that its field has no place for (the 頃 of a day); empty where nothing is lost."""
    found = _ABOUT.search(cell) if isinstance(cell, str) and value is not None else None
    return found[0] if found and found[0] not in column.shown(value) else ""


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
