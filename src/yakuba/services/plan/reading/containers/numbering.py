"""Numbers that Word prints before paragraphs and does not keep in their text (第1章, (1), ①, ア): `word/numbering.xml`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree as ET

from .zipped import attribute, local

LEVELS: Final = 9
_AIUEO: Final = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_IROHA: Final = (
    "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン"
)
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_KANJI: Final = "〇一二三四五六七八九"
_ROMAN: Final = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
#: What letters of the symbol fonts look like; other private letters are some mark of a list.
_SYMBOLS: Final = {"l": "●", "n": "■", "u": "◆", "p": "□", "m": "○", "q": "□", "v": "◆", "Ø": "➢", "ü": "✓"}
MARK: Final = "・"
_PLACE: Final = re.compile(r"%([1-9])")
#: A list that goes on longer is none.
_MOST: Final = 100_000


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * min(count, 10)
    return text


def _letter(number: int) -> str:
    return chr(ord("A") + (number - 1) % 26) * min((number - 1) // 26 + 1, 10)


def _kanji(number: int) -> str:
    if number >= 100:
        return "".join(_KANJI[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _KANJI[tens] + "十") + (_KANJI[ones] if ones else "")


def _from(letters: str) -> Callable[[int], str]:
    return lambda number: letters[(number - 1) % len(letters)]


def _enclosed(first: str, most: int) -> Callable[[int], str]:
    return lambda number: chr(ord(first) + number - 1) if number <= most else f"({number})"


def _circled(number: int) -> str:
    if number <= 20:
        return chr(ord("①") + number - 1)
    return chr(ord("㉑") + number - 21) if number <= 35 else f"({number})"


def _wide(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))


#: How `w:numFmt` writes a number from 1 (ECMA-376 part 1, 17.18.59); others are written with digits.
_FORMATS: Final[Mapping[str, Callable[[int], str]]] = {
    "decimalFullWidth": _wide,
    "decimalFullWidth2": _wide,
    "decimalZero": lambda number: f"{number:02d}",
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": _enclosed("⑴", 20),
    "decimalEnclosedFullstop": _enclosed("⒈", 20),
    "aiueo": _from(_AIUEO),
    "aiueoFullWidth": _from(_AIUEO),
    "iroha": _from(_IROHA),
    "irohaFullWidth": _from(_IROHA),
    "ideographTraditional": _from(_STEMS),
    "japaneseCounting": _kanji,
    "japaneseLegal": _kanji,
    "japaneseDigitalTenThousand": lambda number: "".join(_KANJI[int(digit)] for digit in str(number)),
    "ideographDigital": lambda number: "".join(_KANJI[int(digit)] for digit in str(number)),
    "chineseCounting": _kanji,
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _letter,
    "lowerLetter": lambda number: _letter(number).lower(),
    "none": lambda _number: "",
}


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of a list: how it counts and what it prints."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    after: str = " "
    symbols: bool = False
    legal: bool = False


@dataclass(slots=True)
class _Abstract:
    """A list's definition, and how far it has counted."""

    levels: dict[int, _Level] = field(default_factory=dict)
    link: str = ""
    """The style that holds the definition, where it is not here."""
    counts: list[int | None] = field(default_factory=lambda: [None] * LEVELS)


@dataclass(slots=True)
class _List:
    """A list that paragraphs name: its definition, and the levels at which it begins anew."""

    abstract: str
    starts: dict[int, int] = field(default_factory=dict)
    begun: bool = False


class Numbering:
    """Counts the lists of a document as its paragraphs come."""

    def __init__(self, pieces: list[ET.Element], linked: Mapping[str, str]) -> None:
        """`pieces` are the `abstractNum` and `num` elements; `linked` the list that each style names."""
        self._abstracts: dict[str, _Abstract] = {}
        self._lists: dict[str, _List] = {}
        self._linked = linked
        for element in pieces:
            if local(element.tag) == "abstractNum":
                self._abstracts[attribute(element, "abstractNumId")] = _abstract(element)
            else:
                self._lists[attribute(element, "numId")] = _list(element)

    def label(self, number: str, depth: int) -> str:
        """The next label of a list at a depth from 0, with the blank behind it; empty where the list is unknown."""
        found = self._definition(number)
        if found is None or not 0 <= depth < LEVELS:
            return ""
        one, abstract = found
        if not one.begun:
            one.begun = True
            for at, start in one.starts.items():
                abstract.counts[at] = start - 1
        level = abstract.levels.get(depth)
        if level is None:
            return ""
        before = abstract.counts[depth]
        abstract.counts[depth] = min(level.start if before is None else before + 1, _MOST)
        abstract.counts[depth + 1 :] = [None] * (LEVELS - depth - 1)
        if level.form == "bullet":
            return _bullet(level)
        text = _PLACE.sub(lambda place: self._count(abstract, int(place[1]) - 1, level), level.text)
        return text + level.after if text else ""

    def _definition(self, number: str) -> tuple[_List, _Abstract] | None:
        one = self._lists.get(number)
        abstract = self._abstracts.get(one.abstract) if one else None
        if one is None or abstract is None:
            return None
        if not abstract.levels and abstract.link:
            other = self._lists.get(self._linked.get(abstract.link, ""))
            abstract = self._abstracts.get(other.abstract, abstract) if other else abstract
        return one, abstract

    @staticmethod
    def _count(abstract: _Abstract, at: int, shown: _Level) -> str:
        level = abstract.levels.get(at, _Level())
        count = abstract.counts[at]
        count = level.start if count is None else count
        # 0 and less are no number of Japanese counting.
        if shown.legal or count < 1:
            return str(count)
        return _FORMATS.get(level.form, str)(count)


def _bullet(level: _Level) -> str:
    text = level.text.strip()
    if level.symbols:
        return _SYMBOLS.get(text, MARK)
    return MARK if not text or "\ue000" <= text[0] <= "\uf8ff" or text in {"o", "-", "·"} else text


def _abstract(element: ET.Element) -> _Abstract:
    found = _Abstract()
    for child in element:
        if local(child.tag) == "lvl":
            found.levels[_depth(child)] = _level(child)
        elif local(child.tag) == "numStyleLink":
            found.link = attribute(child, "val")
    return found


def _level(element: ET.Element) -> _Level:
    said = {local(child.tag): child for child in element}

    def value(name: str, otherwise: str) -> str:
        return attribute(said[name], "val", otherwise) if name in said else otherwise

    fonts = [] if "rPr" not in said else [one for one in said["rPr"] if local(one.tag) == "rFonts"]
    font = attribute(fonts[0], "ascii") if fonts else ""
    return _Level(
        start=_whole(value("start", "1"), 1),
        form=value("numFmt", "decimal"),
        text=value("lvlText", "")[:100],
        after="" if value("suff", "tab") == "nothing" else " ",
        symbols=font.startswith(("Wingdings", "Webdings", "Symbol")),
        legal="isLgl" in said,
    )


def _list(element: ET.Element) -> _List:
    found = _List("")
    for child in element:
        if local(child.tag) == "abstractNumId":
            found.abstract = attribute(child, "val")
        elif local(child.tag) == "lvlOverride":
            start = next((one for one in child if local(one.tag) == "startOverride"), None)
            if start is not None:
                found.starts[min(_depth(child), LEVELS - 1)] = _whole(attribute(start, "val"), 1)
    return found


def _depth(element: ET.Element) -> int:
    return _whole(attribute(element, "ilvl"), 0)


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 6 else otherwise
