"""What is printed in one with a title: offices and flags behind it, and its number in front where no column has one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from .cells import FLAG_WORDS
from .labelled import kind_of
from .mentions import Mention
from .office_words import office_names
from .wording import plain, squeeze

_ASIDE: Final = re.compile(
    r"\s*[【<＜〈《\[［〔(（]\s*(?P<word>[^\s:：、。【】<>＜＞〈〉《》\[\]［］〔〕()（）]{1,12})"
    r"(?:\s*[:：]\s*(?P<rest>[^【】<>＜＞〈〉《》\[\]［］〔〕()（）]{1,60}))?\s*[】>＞〉》\]］〕)）]"
)
_MARKED: Final = re.compile(
    r"(?P<mark>[(（][0-9０-９]{1,3}[)）]|[①-⑳]|[0-9０-９]{1,3}(?:[-－‐−.．][0-9０-９]{1,3})*(?=[\s　.．)）、]))"
    r"[\s　.．)）、]*(?P<title>[^\s0-9０-９.．)）、].*)",
    re.DOTALL,
)
_TITLE_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class Title:
    """A heading's title without what is told in brackets behind it: its offices and flags."""

    text: str
    offices: tuple[tuple[str, str], ...] = ()
    flags: tuple[str, ...] = ()


def title_of(printed: str) -> Title:
    """The title that a heading prints: «題【担当課：総務課】＜新規＞»."""
    offices: list[tuple[str, str]] = []
    flags: list[str] = []

    def told(found: re.Match[str]) -> str:
        kind = kind_of(found["word"]) if found["rest"] else None
        names = office_names(found["rest"], kind) if kind in {"lead", "related", "both"} else None
        flag = None if found["rest"] else FLAG_WORDS.get(squeeze(found["word"]))
        if names:
            offices.extend(names)
        elif flag:
            flags.append(flag)
        return "" if names or flag else found[0]

    text = _ASIDE.sub(told, printed) if len(printed) <= _TITLE_LENGTH else printed
    return Title(" ".join(text.split()), tuple(offices), tuple(flags)) if text.strip() else Title(printed)


def numbered(mentions: Sequence[Mention]) -> None:
    """Takes the number from the front of the titles («（１）題») where a list has no numbers and all its titles begin so."""
    lists: dict[tuple[str, str | None], list[Mention]] = defaultdict(list)
    for one in mentions:
        if one.alone:
            lists[one.rule, one.scope.plan].append(one)
    for rows in lists.values():
        found = [_MARKED.fullmatch(one.initiative.title) for one in rows]
        # ① stays as printed; full-width digits are folded as in headings.
        marks = [
            each["mark"] if len(each["mark"]) == 1 and not each["mark"].isdecimal() else plain(each["mark"])
            for each in found
            if each
        ]
        if len(marks) < max(2, len(rows)) or any(one.initiative.number for one in rows):
            continue
        kinds = [(one.scope.kind, one.scope.year, one.initiative.kind) for one in rows]
        if len(set(zip(kinds, marks, strict=True))) < len(rows):
            continue
        for one, each, mark in zip(rows, found, marks, strict=True):
            own = one.initiative
            sources = dict(own.sources)
            if each and "title" in sources:
                sources["number"] = sources["title"]
                one.initiative = replace(own, number=mark, title=each["title"].strip(), sources=sources)
