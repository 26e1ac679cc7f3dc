"""Where the words of a glossary occur: the first place of each in the book's text. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

#: What stands behind a term in brackets is its reading or another name: GIS（地理情報システム）.
_BRACKETS: Final = re.compile(r"[（(].*?[）)]")
_LETTER: Final = r"[A-Za-zＡ-Ｚａ-ｚ]"


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of text in which the term of this number stands for the first time."""

    term: int
    text: str


Run = str | Mark


class Marker:
    """Marks the first occurrence of each term, over all the texts that are shown to it one after the other."""

    def __init__(self, terms: Sequence[str]) -> None:
        self._open = {n: found for n, term in enumerate(terms) if (found := _pattern(term)) is not None}

    def runs(self, text: str) -> list[Run]:
        """The text in pieces, those marked where a term stands that was not seen before."""
        starts: list[tuple[int, int, int]] = []
        for n in list(self._open):
            found = self._open[n].search(text)
            if found is None:
                continue
            del self._open[n]
            starts.append((found.start(), found.end(), n))
        pieces: list[Run] = []
        at = 0
        for start, end, n in sorted(starts):
            # Of terms that overlap, each has its mark; the letters stand in the first.
            if start > at:
                pieces.append(text[at:start])
            pieces.append(Mark(n, text[max(start, at) : end] if end > at else ""))
            at = max(at, end)
        if at < len(text):
            pieces.append(text[at:])
        return pieces


def _pattern(term: str) -> re.Pattern[str] | None:
    """How a term is found: letters may stand apart (Ｄ Ｘ), in full or half width, and are no part of a longer word."""
    names = [_BRACKETS.sub("", term).strip() or term.strip()]
    found = "|".join(filter(None, map(_spelled, names)))
    return re.compile(found) if found else None


def _spelled(name: str) -> str:
    plain = [one for one in unicodedata.normalize("NFKC", name) if not one.isspace()]
    if not plain:
        return ""
    body = r"\s?".join(_either(one) if one.isascii() and one.isalpha() else re.escape(one) for one in plain)
    before = f"(?<!{_LETTER})" if plain[0].isascii() and plain[0].isalpha() else ""
    after = f"(?!{_LETTER})" if plain[-1].isascii() and plain[-1].isalpha() else ""
    return f"{before}{body}{after}"


def _either(letter: str) -> str:
    return f"[{letter}{chr(ord(letter) + 0xFEE0)}]"


def names(entries: Iterable[tuple[str, str]]) -> list[str]:
    """The terms of a glossary's entries."""
    return [term for term, _text in entries]
