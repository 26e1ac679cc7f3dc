"""Natural order for the numbers that a document prints: 2-1, 1-(1)-ア, 3-1-9, ①, 推10."""

import re
import unicodedata

from yakuba.kernel.dates.numerals import replace_kanji_numbers

from .kana import to_katakana

_PIECE = re.compile(r"(?P<digits>[0-9]+)|(?P<word>[^\W\d_]+)")
_WIDTH = 6


def _spelled(text: str) -> str:
    """Write circled, bracketed and Roman numbers as digits with a gap around them: 2① is 2 and 1, not 21."""
    out = []
    for c in text:
        value = (
            unicodedata.numeric(c, None) if unicodedata.category(c) in {"No", "Nl"} and c != "〇" else None
        )
        out.append(f" {int(value)} " if value is not None and value == int(value) else c)
    return "".join(out)


def _number(digits: str) -> str:
    digits = digits.lstrip("0") or "0"
    # "~" sorts after every digit, and then the length decides: no number is too long to be in order.
    return digits.zfill(_WIDTH) if len(digits) <= _WIDTH else f"~{len(digits):04d}{digits}"


def display_number_sort_key(number: str) -> str:
    """Return a text key that sorts display numbers as people read them when compared by code point.

    Numbers go by value (full width, ①, Ⅳ and 十 too), before letters, kana (ア, イ, ウ …) and kanji; a part comes after its whole
    (2 before 2-1 before 3); brackets and hyphens only separate. Numbers equal in this sense (1-1 and 1(1)) are ordered by how they
    are written, so the order is total. An empty number has an empty key.
    """
    number = number.strip()
    text = replace_kanji_numbers(to_katakana(unicodedata.normalize("NFKC", _spelled(number)).casefold()))
    pieces = [f"1{_number(m['digits'])}" if m["digits"] else f"2{m['word']}" for m in _PIECE.finditer(text)]
    return f"{' '.join(pieces)}\t{number}" if number else ""
