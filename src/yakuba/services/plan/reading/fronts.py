"""The first cells of a row of a long table: the codes of its place in the tree, its flags, its number, and what they melt into.

Codes (ア, (ア), ア イ; of one alphabet in one table), flags (新規) and numbers tell themselves by their looks; a text tool drops the blank cells among them, melts
two of them into one, and prints a title together with the purpose beside it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from .cells import FLAG_WORDS, look
from .wording import plain, squeeze

_TAG: Final = re.compile(r"<\s*/?\s*[A-Za-z][^<>]{0,80}>?")
_KEPT: Final = re.compile(r"[Ⅰ-Ⅻ①-⑳]")
_INNER: Final = r"\((?P<inner>[ア-ンa-zA-ZⅠ-Ⅻ①-⑳]|[0-9]{1,2})\)"
#: What the outer codes of one table are letters of. Figures come last: they are numbers of initiatives where nothing else speaks.
_DIGITS: Final = re.compile(rf"{_INNER}|^(?P<outer>[0-9]{{1,2}})(?=$|\()")
_ALPHABETS: Final = (
    *(re.compile(rf"{_INNER}|(?P<outer>[{letters}])") for letters in ("ア-ン", "A-Z", "a-z", "Ⅰ-Ⅻ", "①-⑳")),
    _DIGITS,
)
_KANA: Final = re.compile(r"[ア-ン]")
#: Longer cells are no codes.
_CODE_LENGTH: Final = 16
_NUMBER: Final = re.compile(r"(?:no\.?)?[0-9]{1,4}(?:[-‐－–.][0-9]{1,3}){0,4}\.?", re.IGNORECASE)
_MARK: Final = re.compile(r"[#※*◎]")
#: A title, and the listed points of the text that melted into it.
_TITLE_AND_TEXT: Final = re.compile(r"(?P<title>[^。]{3,80}?)\s+(?P<text>[・○●◆][^\s].*)", re.DOTALL)


@dataclass(slots=True)
class Front:
    """What the first cells say, and the cells right of them, each with the place (from 0) of the cell it was printed in."""

    outer: list[str] = field(default_factory=list)
    """Codes of the outer level (ア) and of the inner one ((ア))."""
    inner: list[str] = field(default_factory=list)
    code_place: int | None = None
    flags: list[tuple[str, int]] = field(default_factory=list)
    marks: list[tuple[str, int]] = field(default_factory=list)
    number: str = ""
    number_place: int | None = None
    cells: list[str] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    split: bool = False
    """Whether a cell held two fields."""
    again: list[tuple[int, str, int]] = field(default_factory=list)
    """Cells that repeat the title and were left out: where each stood among `cells`, its text, and where it was printed."""

    @property
    def whole(self) -> tuple[list[str], list[int]]:
        """The cells right of the front with those that repeat the title, and their origins."""
        cells, origins = list(self.cells), list(self.origins)
        for at, cell, origin in self.again:
            cells.insert(at, cell)
            origins.insert(at, origin)
        return cells, origins

    @property
    def paths(self) -> list[tuple[str, ...]]:
        """Places in the tree: codes side by side belong together; one outer code holds all inner ones."""
        if not self.outer:
            return []
        if not self.inner:
            return [(code,) for code in self.outer]
        if len(self.outer) == 1:
            return [(self.outer[0], code) for code in self.inner]
        if len(self.outer) == len(self.inner):
            return list(zip(self.outer, self.inner, strict=True))
        return [(self.outer[0], self.inner[0])]


def cleaned(cell: str) -> str:
    """The cell without the marks of a web page that a text tool leaves."""
    return " ".join(_TAG.sub(" ", cell).split()) if "<" in cell else cell


def codes_of(cell: str, alphabet: re.Pattern[str] = _ALPHABETS[0]) -> tuple[list[str], list[str]] | None:
    """The outer and inner codes of an alphabet that a cell prints and nothing else, or None."""
    text = squeeze_codes(cell)
    if not text or len(text) > _CODE_LENGTH:
        return None
    found = list(alphabet.finditer(text))
    if not found or "".join(one[0] for one in found) != text:
        return None
    return (
        [one["outer"] for one in found if one["outer"]],
        [f"({one['inner']})" for one in found if one["inner"]],
    )


def squeeze_codes(cell: str) -> str:
    """The cell as codes are matched: NFKC but for Ⅰ and ①, without blanks and separators."""
    pieces = re.split(f"({_KEPT.pattern})", cell)
    text = "".join(piece if _KEPT.fullmatch(piece) else plain(piece) for piece in pieces)
    return re.sub(r"[\s・、,]", "", text)


def alphabet_of(rows: Sequence[Sequence[str]]) -> re.Pattern[str] | None:
    """The alphabet of the codes that the rows of a table begin with; None where most begin with none.

    Figures are codes only where most rows have a code in brackets behind them.
    """
    full = [[cell for cell in row if cell] for row in rows]
    full = [row for row in full if len(row) >= 3]
    counts = [
        sum(
            codes_of(row[0], alphabet) is not None and (alphabet is not _DIGITS or _bracketed(row))
            for row in full
        )
        for alphabet in _ALPHABETS
    ]
    most = max(counts)
    return _ALPHABETS[counts.index(most)] if most * 2 > len(full) else None


def coded(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the rows of a table begin with codes."""
    return alphabet_of(rows) is not None


def _bracketed(filled: Sequence[str]) -> bool:
    """Whether a code in brackets stands in the first cell or the one beside it."""
    found = codes_of(filled[0], _DIGITS)
    beside = codes_of(filled[1], _DIGITS)
    return bool((found and found[1]) or (beside and beside[1]))


def _numbers(row: Sequence[str], place: int) -> bool:
    """Whether a cell of figures is the row's number: no code and no other number stands right of it."""
    for cell in row[place + 1 :]:
        words = squeeze(cell)
        if not words or FLAG_WORDS.get(words.strip("【】[]()")) or _MARK.fullmatch(words):
            continue
        return codes_of(cell, _DIGITS) is None and not _NUMBER.fullmatch(words)
    return True


def front_of(row: Sequence[str], alphabet: re.Pattern[str] = _ALPHABETS[0]) -> Front:
    """The front of a row that begins with codes of an alphabet, and the cells right of it."""
    front = Front()
    place = 0
    while place < len(row) and not front.number:
        cell = row[place]
        codes = codes_of(cell, alphabet)
        if alphabet is _DIGITS and squeeze_codes(cell).isdecimal() and (front.inner or _numbers(row, place)):
            codes = None
        if cell and not _takes(front, cell, place, codes):
            break
        place += 1
    for at in range(place, len(row)):
        front.cells.append(cleaned(row[at]))
        front.origins.append(at)
    _part_title(front)
    return front


def _takes(front: Front, cell: str, place: int, codes: tuple[list[str], list[str]] | None) -> bool:
    """Takes a cell, and the codes that it prints, into the front, if it belongs there."""
    if codes is not None:
        outer, inner = codes
        # A second code without brackets stands for the inner level, whose brackets got lost.
        if outer and front.outer and not front.inner and not inner:
            inner, outer = [f"({code})" for code in outer], []
        front.outer += outer
        front.inner += inner
        if front.code_place is None or inner:
            front.code_place = place
        return True
    words = squeeze(cell)
    if flag := FLAG_WORDS.get(words.strip("【】[]()")):
        front.flags.append((flag, place))
    elif _MARK.fullmatch(words):
        front.marks.append((words, place))
    elif _NUMBER.fullmatch(words):
        front.number, front.number_place = plain(cell).removesuffix("."), place
    else:
        return False
    return True


def _part_title(front: Front) -> None:
    """A title that the text beside it melted into; a title that is printed again further right is left there once."""
    first = next((at for at, cell in enumerate(front.cells) if cell), None)
    if first is None:
        return
    found = _TITLE_AND_TEXT.fullmatch(front.cells[first])
    if found and not look(found["title"]).sentence:
        front.cells[first : first + 1] = [found["title"], found["text"]]
        front.origins[first : first + 1] = [front.origins[first]] * 2
        front.split = True
    title = squeeze(front.cells[first])
    again = [at for at in range(first + 1, len(front.cells)) if squeeze(front.cells[at]) == title]
    if again and title and not look(front.cells[first]).sentence:
        front.again = [(at, front.cells[at], front.origins[at]) for at in again]
        for at in reversed(again):
            del front.cells[at], front.origins[at]


def same_alphabet(fronts: Sequence[Front]) -> None:
    """Gives codes the letters that most rows print: among kana a 7 is a misread ア."""
    if any(code.isdecimal() for front in fronts for code in front.outer):
        return
    letters = Counter(bool(_KANA.search(code)) for front in fronts for code in front.inner)
    if letters[True] < letters[False]:
        return
    for front in fronts:
        front.inner = ["(ア)" if code == "(7)" else code for code in front.inner]
