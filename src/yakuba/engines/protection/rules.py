"""Whether somebody may be a protected person. Pure; errs towards a match, because a person looks at every one."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final, Protocol

from yakuba.kernel.text import fold, to_katakana

REASONS: Final = (
    ("name_birth", "氏名と生年月日"),
    ("name_address", "氏名と住所"),
    ("kana_birth", "カナと生年月日"),
    ("name_kana", "氏名とカナ（生年月日は比べられません）"),
)
OUTPUTS: Final = (
    ("letter", "文書"),
    ("map", "地図"),
    ("export", "書き出し"),
    ("related", "関連する案件"),
    ("prefill", "入力の補助"),
    ("mail", "メール"),
    ("notice", "通知書"),
)

_SMALL: Final = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_DIGITS: Final = {digit: number for number, digit in enumerate("〇一二三四五六七八九")}
_KANJI_NUMBER: Final = re.compile(r"([〇一二三四五六七八九十百]+)(?=丁目|番|号|条)")
_KANJI_PAIR: Final = re.compile(r"([〇一二三四五六七八九十百]+)[のノ]([〇一二三四五六七八九十百]+)")
_PARTS: Final = re.compile(r"丁目|番地ノ|番地|番ノ|番|号室|号|(?<=[0-9])ノ(?=[0-9])|(?<=[0-9]) (?=[0-9])")
_PREFECTURE: Final = re.compile(r"^(?:東京都|北海道|(?:京都|大阪)府|[^0-9]{2,3}県)")


@dataclass(frozen=True, slots=True)
class Party:
    """A person as some thing of the house knows them; what it does not know is empty."""

    name: str = ""
    kana: str = ""
    birth: dt.date | None = None
    address: str = ""


class Person(Protocol):
    """What of a protected person is compared (:class:`.models.Protected`)."""

    name: str
    kana: str
    birth: dt.date | None
    address: str
    former_names: str
    former_addresses: str
    valid_from: dt.date
    valid_to: dt.date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Normalised copies, for comparing one person with many."""

    names: frozenset[str]
    kana: str
    birth: dt.date | None
    addresses: tuple[str, ...]


def same_name(text: str) -> str:
    """The search copy of a name: no blanks, variants of characters made one (髙 and 高)."""
    return fold(text).replace(" ", "")


def same_kana(text: str) -> str:
    """The search copy of a reading: no blanks, small forms made large (old registers know no small ones)."""
    return fold(to_katakana(text)).replace(" ", "").translate(_SMALL)


def same_address(text: str) -> str:
    """The search copy of an address: prefecture left out, 一丁目2番3号, 1丁目2番地の3 and 1-2-3 made one."""
    # Before folding: it makes the long vowel mark and the kanji one a matter of hyphens.
    found = _KANJI_PAIR.sub(lambda match: f"{_number(match[1])}-{_number(match[2])}", text)
    found = _KANJI_NUMBER.sub(lambda match: str(_number(match[1])), found)
    found = _PREFECTURE.sub("", fold(found))
    found = _PARTS.sub("-", found).replace(" ", "")
    return re.sub(r"-{2,}", "-", re.sub(r"-(?=[^0-9]|$)", "", found))


def _number(kanji: str) -> int:
    """二十三 → 23, 一〇二 → 102."""
    if not set(kanji) & set("十百"):
        return int("".join(str(_DIGITS[one]) for one in kanji))
    total = current = 0
    for one in kanji:
        if one in "十百":
            total += (current or 1) * (10 if one == "十" else 100)
            current = 0
        else:
            current = _DIGITS[one]
    return total + current


def facts_of(person: Party) -> Facts:
    """A party's normalised copies."""
    name, address = same_name(person.name), same_address(person.address)
    return Facts(
        frozenset({name} if name else ()),
        same_kana(person.kana),
        person.birth,
        (address,) if address else (),
    )


def protected_facts(protected: Person) -> Facts:
    """A protected person's, with former names and addresses."""
    names = (same_name(one) for one in (protected.name, *protected.former_names.splitlines()))
    addresses = (same_address(one) for one in (protected.address, *protected.former_addresses.splitlines()))
    return Facts(
        frozenset(one for one in names if one),
        same_kana(protected.kana),
        protected.birth,
        tuple(one for one in addresses if one),
    )


def valid_on(protected: Person, day: dt.date) -> bool:
    """Whether the protection is in force on a day."""
    return protected.valid_from <= day and (protected.valid_to is None or day <= protected.valid_to)


def match(person: Party, protected: Person) -> str:
    """Why the two may be one: the first of :data:`REASONS` that holds, empty for none. Dates of validity are the caller's."""
    return match_facts(facts_of(person), protected_facts(protected))


def match_facts(person: Facts, protected: Facts) -> str:
    """The same for normalised copies."""
    same_birth = person.birth is not None and person.birth == protected.birth
    if person.names & protected.names:
        if same_birth:
            return "name_birth"
        if any(_same_place(one, other) for one in person.addresses for other in protected.addresses):
            return "name_address"
    read_alike = bool(person.kana) and person.kana == protected.kana
    if same_birth and read_alike:
        return "kana_birth"
    # Many forms ask for no birth, and whoever has fled lives elsewhere than the register says: another address tells nothing.
    unknown = person.birth is None or protected.birth is None
    return "name_kana" if unknown and read_alike and person.names & protected.names else ""


def _same_place(one: str, other: str) -> bool:
    """Equal, or one is a part of the other that cuts no number in two: without the city before or the building behind."""
    short, long = sorted((one, other), key=len)
    if short == long:
        return True
    if len(short) < 3 or not any(c.isdigit() for c in short):
        return False
    at = long.find(short)
    while at >= 0:
        before, behind = long[at - 1 : at], long[at + len(short) : at + len(short) + 1]
        cuts = (before.isdigit() and short[0].isdigit()) or (behind.isdigit() and short[-1].isdigit())
        if not cuts:
            return True
        at = long.find(short, at + 1)
    return False
