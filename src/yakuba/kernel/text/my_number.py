"""個人番号 (My Number) in what people write: found, so that it is not kept (番号法 20条).

The check digit is that of 平成26年総務省令第85号 5条.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_HYPHENS: Final = r"\-‐‑‒–—―−－ー"
#: Twelve digits in one, or in fours with one and the same sign between them; never a part of a longer number, nor of one with a
#: fraction. A point behind a word («様.») is no decimal point, and hides nothing.
_TWELVE: Final = re.compile(
    rf"(?<![0-9])(?<![0-9][ \u3000{_HYPHENS}.．])(?<!\A[.．])"
    rf"[0-9]{{4}}([ \u3000{_HYPHENS}]?)[0-9]{{4}}\1[0-9]{{4}}(?![ \u3000{_HYPHENS}.．]?[0-9])"
)
#: «免許証番号：» before it names another number.
_OTHER: Final = re.compile(r"(?:番号|[Nn][Oo]\.?|№)\s*[:：は]?\s*$")
_OWN: Final = re.compile(r"(?:個人番号|マイナンバー)\s*[:：は]?\s*$")


def hide(text: str) -> str:
    """The text with ＊ for each digit of what is a 個人番号 by its check digit; the same text where there is none."""
    plain = "".join(_digit(one) for one in text)
    kept = list(text)
    for match in _TWELVE.finditer(plain):
        digits = [int(one) for one in match[0] if one.isdecimal()]
        before = plain[: match.start()]
        if _check_digit(digits[:-1]) == digits[-1] and (_OWN.search(before) or not _OTHER.search(before)):
            for at in range(match.start(), match.end()):
                if plain[at].isdecimal():
                    kept[at] = "＊"
    return "".join(kept)


def _digit(one: str) -> str:
    """A full-width digit as a half-width one; every other character as it is, so that places stay."""
    return unicodedata.normalize("NFKC", one) if "０" <= one <= "９" else one


def _check_digit(digits: list[int]) -> int:
    rest = (
        sum(
            digit * (place + 1 if place <= 6 else place - 5)
            for place, digit in enumerate(reversed(digits), 1)
        )
        % 11
    )
    return 0 if rest <= 1 else 11 - rest
