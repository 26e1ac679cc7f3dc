"""Katakana as readings are kept, and their order."""

import re
import unicodedata
from typing import Final

import jaconv

_KATAKANA: Final = re.compile(r"[ァ-ヺーヽヾ・]+(?:[ \u3000][ァ-ヺーヽヾ・]+)*")
_VOICE_MARKS: Final = dict.fromkeys((0x3099, 0x309A))
_SMALL: Final = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_VOWEL: Final = {
    kana: row[0]
    for row in (
        "アカサタナハマヤラワ",
        "イキシチニヒミリヰ",
        "ウクスツヌフムユル",
        "エケセテネヘメレヱ",
        "オコソトノホモヨロヲ",
    )
    for kana in row
}


def is_katakana(text: str) -> bool:
    """Tell whether a text is a reading in full-width katakana: ー, ・ and single blanks between words are part of it."""
    return bool(_KATAKANA.fullmatch(text))


def to_full_width_kana(text: str) -> str:
    """Return the text with half-width katakana made full width (ﾊﾞ becomes one バ); everything else stays."""
    return jaconv.h2z(text, kana=True, ascii=False, digit=False)


def to_katakana(text: str) -> str:
    """Return the text with hiragana and half-width katakana as full-width katakana; everything else stays."""
    return jaconv.hira2kata(to_full_width_kana(text))


def sort_key_kana(reading: str) -> str:
    """Return a key that sorts readings in the order of the fifty sounds when compared by code point.

    As in JIS X 4061, first without voice marks, small forms and long-vowel marks (ー counts as the vowel before it), then by the
    reading itself: ハハ, ババ, ハヒ. A blank sorts before every letter, so one family name stands together.
    """
    exact = to_katakana(" ".join(unicodedata.normalize("NFKC", reading).split())).casefold()
    plain = unicodedata.normalize("NFD", exact).translate(_VOICE_MARKS).translate(_SMALL)
    sounds: list[str] = []
    for c in plain:
        sounds.append(_VOWEL.get(sounds[-1], c) if c == "ー" and sounds else c)
    return f"{''.join(sounds)}\t{exact}" if exact else ""
