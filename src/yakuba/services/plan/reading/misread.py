"""The municipality's own name, misread by a text tool inside titles: asked, with the name that the plan bears as a candidate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from .model import Doubt, Initiative, Reading

CODE: Final = "misread-name"
#: The name at the head of a plan's title, up to what it is: 市, 町, 村 or 区.
_OWN: Final = re.compile(r"(?P<name>[一-龠々ぁ-んァ-ヶー]{1,6}[市町村区])")


def asked(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """The readings, with a doubt on each title in which a name stands that is the municipality's but for one letter.

    Nothing is put right by itself: a neighbour's name may differ by a letter too.
    """
    found = _OWN.match(readings[0].plan.title)
    if found is None:
        return tuple(readings)
    own = found["name"]
    alike = re.compile("|".join(_but_for(own, at) for at in range(len(own) - 1)))
    return tuple(
        replace(reading, initiatives=tuple(_doubted(one, own, alike) for one in reading.initiatives))
        for reading in readings
    )


def _but_for(name: str, at: int) -> str:
    """A pattern of a name with another letter at one place."""
    return re.escape(name[:at]) + f"(?!{re.escape(name[at])})[一-龠々]" + re.escape(name[at + 1 :])


def _doubted(one: Initiative, own: str, alike: re.Pattern[str]) -> Initiative:
    printed = alike.search(one.title)
    if printed is None or len(own) < 3 or any(doubt.field == "title" for doubt in one.doubts):
        return one
    note = f"「{printed[0]}」は、「{own}」の読み違いかもしれません。"
    candidates = (one.title, alike.sub(own, one.title))
    return replace(one, doubts=(*one.doubts, Doubt("title", CODE, candidates, note)))
