"""Numbers that people copy from paper letter by letter: written in groups of four, read however they were typed."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_GROUP: Final = 4
_NOISE: Final = re.compile(r"[\s\-‐‑‒–—―−ー－]")


def tidy(typed: str) -> str:
    """What somebody typed, as we write it: half-width capitals without blanks and hyphens."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", typed[:100])).upper()


def grouped(number: str) -> str:
    """ABCD-EFGH-JKMN, as it stands on paper."""
    return "-".join(number[at : at + _GROUP] for at in range(0, len(number), _GROUP))
