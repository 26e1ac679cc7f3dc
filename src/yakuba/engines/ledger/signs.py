"""Numbers that tell one thing from another (R8-0901, み環第12号), however wide they were typed. Pure.

People type Ｒ８－０９０１ and R8-0901 and mean one number. What is a number is written in half width on its way in; every other text, and
every character that has no half-width form of a digit, a letter or a hyphen, stays as it was typed (外字, kana, brackets).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from yakuba.kernel.fields import Spec
from yakuba.kernel.fields.kinds import Text

_SIGNS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz./#_+"
_HALF: Final = {
    **{ord(sign) + 0xFEE0: sign for sign in _SIGNS},
    **dict.fromkeys(map(ord, "－−‐‑‒–—―﹣"), "-"),
    0x3000: " ",
}
_WIDE: Final = {ord(sign): chr(ord(sign) + 0xFEE0) for sign in f"{_SIGNS}-"}
#: A long vowel between digits or letters was meant for a hyphen.
_LONG: Final = re.compile(r"(?<=[0-9A-Za-z])[ーｰ](?=[0-9A-Za-z])")
#: What a field is called that holds such a number: 柱番号, 町字ID, 施設コード, 鑑札番号（旧）. An SSID is a name.
_CALLED: Final = re.compile(
    r"(?:番号|コード|ナンバー|(?<![A-Za-z])ID|№|(?<![A-Za-z])[Nn]o\.?)(?:（[^）]*）)?\Z"
)


def half(text: str) -> str:
    """A number as it is kept. Doing it twice changes nothing."""
    if text.isascii():
        return text.strip()
    return _LONG.sub("-", text.translate(_HALF)).strip()


def spellings(text: str) -> tuple[str, ...]:
    """How a number may stand in a row that was written before numbers were kept in half width."""
    plain = half(text)
    return tuple(dict.fromkeys((plain, plain.translate(_WIDE), text.strip())))


def is_number(spec: Spec) -> bool:
    """Whether a field holds such a number: a line of text that is called one. Its kind has no say: cities add fields of their own."""
    return isinstance(spec.kind, Text) and spec.kind.key == "text" and _is_called(str(spec.label))


@cache
def _is_called(label: str) -> bool:
    return _CALLED.search(label) is not None
