"""What a heading prints behind its title: offices in brackets, flags."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from .cells import FLAG_WORDS
from .labelled import kind_of
from .office_words import office_names
from .wording import squeeze

_ASIDE: Final = re.compile(
    r"\s*[【<＜〈《\[［〔(（]\s*(?P<word>[^\s:：、。【】<>＜＞〈〉《》\[\]［］〔〕()（）]{1,12})"
    r"(?:\s*[:：]\s*(?P<rest>[^【】<>＜＞〈〉《》\[\]［］〔〕()（）]{1,60}))?\s*[】>＞〉》\]］〕)）]"
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
