"""One figure of one day, printed in two tables: the result of a year is the baseline of the next year's plan.

Where the two differ, one of them was misread or mended; which, a person decides.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .mentions import Mention
from .model import Doubt, Value
from .wording import squeeze


@dataclass(frozen=True, slots=True)
class _Place:
    """A value in its mention."""

    mention: Mention
    path: str
    value: Value


def doubt_differences(mentions: Sequence[Mention]) -> None:
    """Puts a doubt on each of two numbers that stand for one day, one part of one indicator, under one title, and differ."""
    places: dict[tuple[str, str | None, str], list[_Place]] = defaultdict(list)
    for mention in mentions:
        for number, indicator in enumerate(mention.initiative.indicators):
            for at, value in enumerate(indicator.values):
                if value.as_of and value.number is not None and mention.initiative.title:
                    key = (squeeze(mention.initiative.title), indicator.number, value.as_of)
                    path = f"indicators[{number}].values[{at}].number"
                    places[key].append(_Place(mention, path, value))
    for found in places.values():
        if len(found) == 2 and found[0].mention.rule != found[1].mention.rule:
            first, second = found
            # A figure that a part's number melted into is the misread one: both places then hold one figure, and one question.
            if _melted(first.value, second.value):
                _set_right(first, second)
            elif _melted(second.value, first.value):
                _set_right(second, first)
            else:
                _doubt(first, second)
                _doubt(second, first)


def _melted(value: Value, other: Value) -> bool:
    """Whether a number is the other one with one digit more in front of it (363 for ③63), under the mark of a part."""
    if not value.number or not other.number or not other.number.isdecimal() or len(other.number) < 2:
        return False
    marked = "\u2460" <= value.raw.strip()[:1] <= "\u2473"
    return marked and re.fullmatch(rf"[1-9]{other.number}", value.number) is not None


def _set_right(wrong: _Place, right: _Place) -> None:
    """Gives the place with the melted number the other's, and asks once: there."""
    initiative = wrong.mention.initiative
    if any(doubt.field == wrong.path for doubt in initiative.doubts):
        return
    numbers = re.findall(r"[0-9]+", wrong.path)
    at, place = int(numbers[0]), int(numbers[1])
    indicators, values = list(initiative.indicators), list(initiative.indicators[at].values)
    values[place] = replace(values[place], number=right.value.number)
    indicators[at] = replace(indicators[at], values=tuple(values))
    note = f"「{wrong.value.raw}」の初めの数字は区分の番号とみました。同じ日の値が、別の表では「{right.value.raw}」です。"
    candidates = (right.value.number or "", wrong.value.number or "")
    doubt = Doubt(wrong.path, "places-differ", candidates, note)
    wrong.mention.initiative = replace(
        initiative, indicators=tuple(indicators), doubts=(*initiative.doubts, doubt)
    )


def _doubt(own: _Place, other: _Place) -> None:
    if own.value.number == other.value.number or not own.value.number or not other.value.number:
        return
    initiative = own.mention.initiative
    if any(doubt.field == own.path for doubt in initiative.doubts):
        return
    note = f"同じ日の値が、別の表では「{other.value.raw}」です。"
    doubt = Doubt(own.path, "places-differ", (own.value.number, other.value.number), note)
    own.mention.initiative = replace(initiative, doubts=(*initiative.doubts, doubt))
