"""Lists as printed: the head that names them, one or several side by side, and what each row says in each of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Final

from .blocks import MAX_COLUMNS, Block
from .cells import FLAG_WORDS, NUMBER, flags_in, without_flags
from .offices import cut
from .vocabulary import OFFICE_LEAD, THING
from .wording import join_broken, plain, squeeze

#: The mark of a row that is listed again under a further goal (再掲).
RELISTED: Final = "relisted"


class Part(Enum):
    """What a column of a list holds."""

    FLAGS = "flags"
    NUMBER = "number"
    TITLE = "title"
    OFFICE = "office"
    LEVEL = "level"


LEVEL_WORD: Final = (
    r"(?:基本|重点|個別|主要|全体)?(?:目標|施策|政策|方針|戦略|理念|柱|分野|方向性?|体系)"
    r"|(?:施策|政策|取組)の?(?:柱|方向性?|分野|区分|体系)|(?:大|中|小)(?:項目|分類|施策|区分)|.{1,3}の柱"
)
_PARTS: Final[tuple[tuple[re.Pattern[str], Part], ...]] = tuple(
    (re.compile(pattern), part)
    for pattern, part in (
        (
            r"[(\[]?(?:新規|再掲|新・?継|継続)[)\]]?[・/、]?[(\[]?(?:再掲|新規|継続|区分|の別|等)?[)\]]?",
            Part.FLAGS,
        ),
        (rf"(?:{THING}|整理|通し|管理|一連)?(?:no\.?|番号|ナンバー|#|項番|連番)", Part.NUMBER),
        (
            rf"(?:具体的な?|個別|主な|主要な?)?(?:推進|運用)?{THING}(?:名|名称|件名|項目|事項|内容)?|件名|項目名",
            Part.TITLE,
        ),
        (OFFICE_LEAD, Part.OFFICE),
        (rf"{LEVEL_WORD}|区分|カテゴリー?|テーマ", Part.LEVEL),
    )
)
_HEAD_LENGTH: Final = 16
#: The words of the two kinds of initiatives: what is pushed on, what is kept running.
_KIND: Final = re.compile(
    r"[^0-9一-龠ぁ-んァ-ン]{0,3}[0-9①-⑳]{0,2}[^0-9一-龠ぁ-んァ-ン]{0,3}(?P<kind>推進|運用)(?:する)?"
    rf"{THING}名?(?:の?一覧表?)?[^一-龠ぁ-んァ-ン]{{0,3}}"
)
KIND_CODES: Final = {"推進": "advance", "運用": "operate"}
_NUMBERS: Final = re.compile(r"[\s、,，・/／]+")
_PLAIN_NUMBER: Final = re.compile(r"[0-9]{1,4}(?:[-.][0-9]{1,3}){0,3}")


@dataclass(frozen=True, slots=True)
class List:
    """One list of a head: its columns from `begin` up to `end`, by part; levels from the root."""

    begin: int
    end: int
    parts: Mapping[Part, int]
    levels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: its cells by part, as (place, text)."""

    at: int
    cells: Mapping[Part, tuple[int, str]]
    levels: tuple[tuple[int, str], ...]
    spare: tuple[tuple[int, str], ...]

    def text(self, part: Part) -> str:
        """What is printed under one part; empty where nothing is."""
        return self.cells[part][1] if part in self.cells else ""


def lists_of(block: Block) -> tuple[List, ...]:
    """The lists that a row heads; none where it is no head of lists, or heads something else besides."""
    if not block.table or block.filled < 2:
        return ()
    parts: list[Part | None] = []
    for cell in block.cells:
        part = _part(cell) if cell else None
        if cell and part is None:
            return ()
        parts.append(part)
    begins = _begins(parts)
    lists = []
    # What stands right of the last column is the last list's.
    for begin, end in pairwise([*begins, MAX_COLUMNS]):
        own: dict[Part, int] = {}
        for place in range(begin, min(end, len(parts))):
            part = parts[place]
            if part and part is not Part.LEVEL:
                own.setdefault(part, place)
        if Part.TITLE not in own:
            return ()
        lists.append(List(begin, end, own, _level_places(parts, begin, min(own.values()))))
    enough = all(Part.NUMBER in one.parts or Part.OFFICE in one.parts or one.levels for one in lists)
    return tuple(lists) if lists and enough else ()


def _begins(parts: Sequence[Part | None]) -> list[int]:
    """Where lists begin: at the first column, and where a part comes again."""
    begins = [0]
    seen: set[Part] = set()
    for place, part in enumerate(parts):
        if part is None:
            continue
        again = part in seen and (part is not Part.LEVEL or Part.TITLE in seen)
        if again:
            begins.append(place)
            seen = set()
        seen.add(part)
    return begins


def _level_places(parts: Sequence[Part | None], begin: int, other: int) -> tuple[int, ...]:
    """The level columns of a list: those that the head names, and blank ones right of them (one word over several)."""
    first = next((place for place in range(begin, other) if parts[place] is Part.LEVEL), None)
    if first is None:
        return ()
    return tuple(place for place in range(first, other) if parts[place] in {Part.LEVEL, None})


def _part(cell: str) -> Part | None:
    words = squeeze(cell) if len(cell) <= _HEAD_LENGTH else ""
    return next((part for pattern, part in _PARTS if pattern.fullmatch(words)), None)


def kind_of(text: str) -> str | None:
    """The kind that a short text names and nothing else (推進取組): advance, operate, or None."""
    found = _KIND.fullmatch(squeeze(text)) if len(text) <= 24 else None
    return KIND_CODES[found["kind"]] if found else None


def numbers_in(cell: str) -> tuple[str, ...]:
    """The numbers that a cell prints: one as it stands, several (`2-1 2-2`) each by itself; none where it is no number."""
    parts = [part for part in _NUMBERS.split(plain(cell).replace("－", "-").replace("‐", "-")) if part]
    if len(parts) > 1 and all(_PLAIN_NUMBER.fullmatch(part) for part in parts):
        return tuple(dict.fromkeys(parts))
    text = plain(cell)
    return (text,) if text and NUMBER.fullmatch(squeeze(text)) else ()


def common(numbers: Sequence[str]) -> str | None:
    """The number that several numbers of one row share: 2 of 2-1 and 2-2."""
    if len(numbers) < 2:
        return None
    stems = {re.split(r"[-.]", number)[0] for number in numbers}
    return stems.pop() if len(stems) == 1 else None


_FUSED: Final = re.compile(
    r"(?P<number>[0-9]{1,3}(?:[-.][0-9]{1,3}){0,3})(?:[.、]\s*|\s+)(?P<rest>\S.*)", re.DOTALL
)


def _fused(title: str) -> tuple[str, str] | None:
    """The number that begins a title, and the rest; 2 in front of another figure is no number, 1-2-1 is."""
    found = _FUSED.fullmatch(plain(title).replace("‐", "-"))
    if not found or (found["rest"][0].isdigit() and found["number"].isdigit()):
        return None
    return found["number"], found["rest"]


def numbered(rows: Sequence[Row]) -> bool:
    """Whether the titles of a list without a column of numbers begin with them."""
    return sum(1 for row in rows if _fused(row.text(Part.TITLE))) * 2 > len(rows)


def number_and_title(row: Row, *, fused: bool) -> tuple[tuple[str, ...], str]:
    """A row's numbers and its title; where its number's cell is blank, one that begins the title is it."""
    title = " ".join(without_flags(row.text(Part.TITLE)).split())
    numbers = numbers_in(without_flags(row.text(Part.NUMBER)))
    found = None if numbers or not fused else _fused(title)
    if found:
        number, rest = found
        # The title as printed, not folded.
        return (number,), join_broken(title[-len(rest) :] if plain(title[-len(rest) :]) == rest else rest)
    return numbers, join_broken(title)


def aligned(at: int, block: Block, one: List, marks: Mapping[str, str]) -> Row:
    """A row's cells on the columns of one list: by place, or one column over where that clearly fits better."""
    best, fit = _shifted(at, block, one, 0, marks)
    for shift in (1, -1):
        row, other = _shifted(at, block, one, shift, marks)
        # A row is moved only where its own places are wrong and the others right.
        if other > fit + 1.5:
            best, fit = row, other
    return best


def _shifted(at: int, block: Block, one: List, shift: int, marks: Mapping[str, str]) -> tuple[Row, float]:
    cells: dict[Part, tuple[int, str]] = {}
    used = set()
    fit = 0.0
    for part, place in one.parts.items():
        here = place + shift
        inside = one.begin <= here < one.end
        text = block.cells[here] if inside and here < len(block.cells) else ""
        used.add(here)
        fit += _fit(part, text, marks)
        if text:
            cells[part] = (here, text)
    levels = tuple((place, block.cells[place] if place < len(block.cells) else "") for place in one.levels)
    used |= set(one.levels)
    spare = [
        (place, block.cells[place])
        for place in range(one.begin, min(one.end, len(block.cells)))
        if place not in used and block.cells[place]
    ]
    if Part.OFFICE in one.parts and Part.OFFICE not in cells:
        # An office one column too far right has left its place empty.
        beside = next(((place, text) for place, text in spare if cut(text)[1]), None)
        if beside:
            cells[Part.OFFICE] = beside
            spare.remove(beside)
    return Row(at, cells, levels, tuple(spare)), fit - 2 * len(spare)


def _fit(part: Part, text: str, marks: Mapping[str, str]) -> float:
    if not text:
        return -1.0 if part is Part.TITLE else 0.0
    if part is Part.NUMBER:
        return 2.0 if numbers_in(without_flags(text)) else -3.0
    if part is Part.TITLE:
        return -2.0 if numbers_in(text) or _known_flag(text, marks) else 2.0
    if part is Part.FLAGS:
        return 1.0 if _known_flag(text, marks) else -2.0
    return 1.0 if cut(text)[1] else -1.0


def _known_flag(text: str, marks: Mapping[str, str]) -> bool:
    words = [word for word in re.split(r"[・、,/\s]+", plain(text).strip("【】[]()（）")) if word]
    return bool(words) and all(
        word in marks or squeeze(word) in FLAG_WORDS or word in {"再掲", "継続"} or not word.isalnum()
        for word in words
    )


def flags_of(row: Row, marks: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The flags of a row, and the words of its flag column that say nothing known."""
    flags: list[str] = []
    left: list[str] = []
    for word in re.split(r"[・、,/\s]+", plain(row.text(Part.FLAGS)).strip("【】[]()（）")):
        bare = word.strip("【】[]()（）")
        flag = marks.get(word) or FLAG_WORDS.get(squeeze(bare)) or (RELISTED if bare == "再掲" else None)
        if flag:
            flags.append(flag)
        elif bare and bare not in {"継続", "-"}:
            left.append(word)
    title = row.text(Part.TITLE)
    flags += [flag for flag, _ in flags_in(title)]
    if re.search(r"[(（【\[]再掲[)）】\]]", title):
        flags.append(RELISTED)
    return list(dict.fromkeys(flags)), left
