"""Which number a file's name tells. Pure.

Scanners, cameras and people write them in many ways: ``R8-0012.pdf``, ``Ｒ８－００１２_1.jpg``, ``犬登録_12(2).jpg``, ``12/表.jpg``. A number is
compared as people read it (:func:`~yakuba.kernel.text.display_number_sort_key`): width, case and leading zeros play no role.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from yakuba.engines.ledger.records import order_of

#: 「-1」「_2」「 (3)」「（４）」「枝4」 behind a number: which one of several of the same entry.
_TURN: Final = re.compile(
    r"(?:[\s_-]*[(\[]\d{1,3}[)\]]|[\s_-]+\d{1,3}|[\s_-]*枝\d{1,3}|[\s_-]+[a-z])\Z", re.IGNORECASE
)
#: What stands before a number and is none of it: 「犬登録_」「No.」「第」, and 「号」 behind it.
_BEFORE: Final = re.compile(r"\A(?:no\.?|[^\W\d_a-z]+|[^\w\s]+)[\s_:.-]*", re.IGNORECASE)
_BEHIND: Final = re.compile(r"[\s_-]*(?:号|番|[^\W\d_a-z]+)\Z", re.IGNORECASE)
#: What cameras, telephones and scanners call a file by themselves: their count is no number of an entry.
_BY_MACHINE: Final = re.compile(
    r"(?:img|dsc|pxl|dji|gopr|imgp|rimg|sany|cimg|mvi|mov|image|photo|picture|scan|skm|doc|screenshot|line_album|写真|画像|スキャン)"
    r"[\s_-]*[\dnf_\s-]*(?:\(\d+\))?|p\d{7}|\d{8}[\s_-]\d{4,9}",
    re.IGNORECASE,
)
_PARTS: Final = re.compile(r"[_\s、,()\[\]]+")
_LONGEST: Final = 200


def key_of(number: str) -> str:
    """What two numbers share that people read as the same one; empty for none."""
    return order_of(unicodedata.normalize("NFKC", number).strip()).partition("\t")[0]


def readings(path: str) -> list[list[str]]:
    """The keys that a file's path may mean, in tiers: its whole name, then parts of the name, then the folders, the innermost first.

    Whoever looks for entries takes the first tier that finds some; several found in one tier are a question for a person.
    """
    place = PurePosixPath(path.replace("\\", "/"))
    stem = _plain(place.stem)
    tiers: list[list[str]] = []
    if not _BY_MACHINE.fullmatch(stem):
        parts = [key for part in _PARTS.split(stem) if len(part) > 1 for key in _whole(part)]
        tiers = [list(_whole(stem)), parts]
    tiers += [
        list(_whole(_plain(folder))) for folder in reversed(place.parts[:-1]) if folder not in {"/", ".."}
    ]
    seen: set[str] = set()
    found = []
    for tier in tiers:
        fresh = [key for key in dict.fromkeys(tier) if key and key not in seen]
        seen.update(fresh)
        if fresh:
            found.append(fresh)
    return found


def _plain(text: str) -> str:
    return " ".join(
        unicodedata.normalize("NFKC", text)[:_LONGEST].replace("–", "-").replace("−", "-").split()
    )


def _whole(text: str) -> Iterator[str]:
    """A text as one number: as it stands, without the turn behind it, and without the words around it."""
    forms = [text]
    if bare := _TURN.sub("", text):
        forms.append(bare)
    for form in tuple(forms):
        inner = _BEHIND.sub("", _BEFORE.sub("", form))
        if inner and inner != form and any(sign.isdigit() for sign in inner):
            forms += [inner, _TURN.sub("", inner)]
    for form in forms:
        yield key_of(form)


def paper_number(path: str) -> str:
    """What stands on a paper as its number, as far as the file's name keeps it: the name without its ending."""
    return PurePosixPath(path.replace("\\", "/")).stem.strip()[:80]
