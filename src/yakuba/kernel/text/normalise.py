"""The search copy of a text, and the tidying of a table cell."""

import re
import unicodedata
from typing import Final

from .variants import VARIANTS

_HIRAGANA = (*range(0x3041, 0x3097), 0x309D, 0x309E)
_LONG_VOWELS_AND_HYPHENS = "‐‑‒–—―−⁃˗─━➖ー゠"
_WAVES = "〜∼∿〰"


def _one_to_one() -> dict[int, str]:
    table = {ord(variant): first for variant, first in VARIANTS.items()}
    for code in _HIRAGANA:
        katakana = chr(code + 0x60)
        table[code] = VARIANTS.get(katakana, katakana)
    table.update((ord(c), "-") for c in _LONG_VOWELS_AND_HYPHENS)
    table.update((ord(c), "~") for c in _WAVES)
    return table


_ONE_TO_ONE: Final = _one_to_one()
_NOT_BETWEEN_LATIN: Final = re.compile(r"(?<![0-9a-z]) | (?![0-9a-z])")
_SELECTORS: Final = frozenset((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), *range(0x180B, 0x180E)))


class _Visible(dict[int, str | None]):
    """A table for ``str.translate`` that is filled as characters are met.

    Blanks become a space; what has no shape is left out: controls, zero-width marks, lone surrogates, variation selectors.
    """

    _KEPT = 20_000  # entries; a plan uses about 2,000 characters, and no text shall fill the memory

    def __missing__(self, code: int) -> str | None:
        c = chr(code)
        shape: str | None = c
        if c.isspace():
            shape = " "
        elif code in _SELECTORS or unicodedata.category(c) in {"Cc", "Cf", "Cs"}:
            shape = None
        if len(self) < self._KEPT:
            self[code] = shape
        return shape


_VISIBLE: Final = _Visible()


def _fold_once(text: str) -> str:
    text = unicodedata.normalize("NFKC", text.translate(_VISIBLE)).casefold().translate(_ONE_TO_ONE)
    return _NOT_BETWEEN_LATIN.sub("", re.sub(r"\s+", " ", text))


def fold(text: str) -> str:
    """Return the copy of a text that searching compares; never store or show it.

    Width, case, hiragana and katakana, long-vowel marks and hyphens, and the variants of names and places are made one.
    A space stays only between two latin letters or digits (``wi fi``, not 山田 太郎). Every character is folded without regard to
    its neighbours, so that a part of a text folds to a part of the folded text. Folding twice changes nothing.
    """
    folded = _fold_once(text)
    # Once is enough but for rare sequences (a spacing voice mark that becomes a combining one); each round removes or composes.
    while (again := _fold_once(folded)) != folded:
        folded = again
    return folded


def clean_cell(text: str) -> str:
    """Return a table cell's text without blanks around it and around its lines, newlines as LF; characters stay as they are."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.strip() for line in lines).strip()


def compact(text: str) -> str:
    """The text as names and numbers are matched: NFKC and no blanks, upper and lower case as they are."""
    return "".join(unicodedata.normalize("NFKC", text).split())
