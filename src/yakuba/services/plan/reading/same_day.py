"""One figure of one day, printed in two tables: the result of a year is the baseline of the next year's plan.

Where the two differ, one of them was misread or mended; which, a person decides.
"""

from __future__ import annotations

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
            for own, other in (found, reversed(found)):
                _doubt(own, other)


def _doubt(own: _Place, other: _Place) -> None:
    if own.value.number == other.value.number or not own.value.number or not other.value.number:
        return
    initiative = own.mention.initiative
    if any(doubt.field == own.path for doubt in initiative.doubts):
        return
    note = f"同じ日の値が、別の表では「{other.value.raw}」です。"
    doubt = Doubt(own.path, "places-differ", (own.value.number, other.value.number), note)
    own.mention.initiative = replace(initiative, doubts=(*initiative.doubts, doubt))
