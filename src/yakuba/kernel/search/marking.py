"""Where a text says what was searched: positions in the original, found through its folded copy."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from yakuba.kernel.text import Term, fold, spellings

WIDTH: Final = 120
_BEFORE: Final = 40
# Half-width and spacing voice marks join the kana before them when folded.
_JOINING: Final = "ﾞﾟ゛゜"


class Piece(NamedTuple):
    """A run of the original text, and whether it is what was searched."""

    text: str
    is_match: bool


def mark(text: str, terms: Sequence[Term]) -> list[Piece]:
    """The whole text in pieces; joined they are the text again."""
    return _cut(text, spans(text, terms), 0, len(text))


def snippet(text: str, terms: Sequence[Term], width: int = WIDTH) -> list[Piece]:
    """About ``width`` characters around the first match (the beginning when nothing matches), with … where it was cut."""
    flat = " ".join(text.split())
    found = spans(flat, terms)
    start = max(found[0][0] - _BEFORE, 0) if found else 0
    start = max(min(start, len(flat) - width), 0)
    end = min(start + width, len(flat))
    pieces = _cut(flat, found, start, end)
    if start > 0:
        pieces.insert(0, Piece("…", False))
    if end < len(flat):
        pieces.append(Piece("…", False))
    return pieces


def spans(text: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    """(start, end) of every occurrence in the original, in order and without overlap. Blanks are not compared."""
    folded, origins = _folded(text)
    found: list[tuple[int, int]] = []
    for term in terms:
        for word in spellings(term):
            plain = word.replace(" ", "")
            at = folded.find(plain) if plain else -1
            while at >= 0:
                found.append((origins[at][0], origins[at + len(plain) - 1][1]))
                at = folded.find(plain, at + 1)
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _folded(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The folded copy without blanks, and for each of its characters the piece of the original that it came from."""
    characters: list[str] = []
    origins: list[tuple[int, int]] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and (unicodedata.combining(text[end]) or text[end] in _JOINING):
            end += 1
        for character in _fold_piece(text[start:end]):
            characters.append(character)
            origins.append((start, end))
        start = end
    return "".join(characters), origins


@lru_cache(maxsize=8192)
def _fold_piece(piece: str) -> str:
    return fold(piece).replace(" ", "")


def _cut(text: str, found: Sequence[tuple[int, int]], start: int, end: int) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for left, right in found:
        first, last = max(left, at), min(right, end)
        if first >= last:
            continue
        if first > at:
            pieces.append(Piece(text[at:first], False))
        pieces.append(Piece(text[first:last], True))
        at = last
    if at < end:
        pieces.append(Piece(text[at:end], False))
    return pieces
