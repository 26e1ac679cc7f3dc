"""Letters to lines of text, lines to paragraphs, in the order that a person reads them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from .glyphs import Glyph

#: Kana, kanji and Japanese punctuation: between them a line's end is no blank.
_JAPANESE: Final = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef①-⑳]")
_KANA: Final = re.compile(r"[\u3041-\u309f\u30a1-\u30ff]+")
#: What may not begin a line, so that a line may end early before it.
_BOUND: Final = "、。，．・：；？！）」』】］〕〉》％%)]｝ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.:;"
_MARK: Final = re.compile(
    r"""[\s\u3000]*(?:
        [・･●○◎◆◇■□▲△▼▽★☆※◦•‣▪➢→⇒✓*＊]
      | [①-⑳㉑-㊿❶-❿⓪㋐-㋾ⅰ-ⅹⅠ-Ⅻ]
      | [(（［\[【〈<＜《〔「『] (?! \s ) (?: [0-9０-９]{1,3} | [ア-ンｱ-ﾝa-zA-Zａ-ｚ一二三四五六七八九十] ) [)）］\]]
      | [【〈＜<《■]
      | [0-9０-９]{1,3} (?: [-－.．‐][0-9０-９]{1,3} )* (?: [)）.．、] | [\s\u3000] )
      | [0-9０-９]{1,2} (?: [-－‐–][0-9０-９]{1,2} ){1,3} (?= [^\s0-9０-９%％年月日時~〜～・、。,.)）人件回歳円] )
      | [ア-ンｱ-ﾝ] [)）.．、\s\u3000]
      | 第[0-9０-９一二三四五六七八九十百]+[章節編部条項]
      | [-－‐–—]\s
    )""",
    re.VERBOSE,
)
_OFFICE: Final = re.compile(r"(?:[課室局係署]|センター|委員会|事務所|図書館)[)）]?$")
_LISTED: Final = re.compile(r"[課室局係署][ \u3000]+\S{2,12}[課室局係署]")
#: Letters of a line that names offices and says nothing else.
_NAMES: Final = 20
#: 均等割付: letters spread over the width of a cell, each alone.
_SPREAD: Final = re.compile(
    r"[\u3041-\u309f\u3005\u3400-\u9fff](?:[ \u3000]+[\u3041-\u309f\u3005\u3400-\u9fff])+"
)
#: Letters on one line share so much of their height; a gap of so many letters is a blank, of so many a new column.
_SHARED: Final = 0.35
_BLANK_LATIN: Final = 0.18
_BLANK: Final = 0.55
_GUTTER: Final = 1.5
_RUBY: Final = 0.62


@dataclass(slots=True)
class TextLine:
    """One printed line and its box (points)."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str
    size: float
    level: int = 0
    artifact: bool = False
    vertical: bool = False
    right: float = 0.0
    """Where the lines of its column end."""


def runs_of(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Letters that were drawn as one string and without any gap: pieces of one word or phrase."""
    runs: list[list[Glyph]] = []
    for one in glyphs:
        if runs:
            last = runs[-1][-1]
            if (
                one.string == last.string
                and not one.vertical
                and not last.vertical
                and abs(one.x0 - last.x1) <= 0.03 * one.size
                and abs(one.bottom - last.bottom) <= 0.03 * one.size
            ):
                runs[-1].append(one)
                continue
        runs.append([one])
    return runs


def lines_of(glyphs: Sequence[Glyph]) -> tuple[list[TextLine], int]:
    """The lines of some letters from top to bottom (lines down the page from right to left), and how many letters were furigana."""
    across = _lines([one for one in glyphs if not one.vertical])
    down = [_upright(line) for line in _lines([_turned(one) for one in glyphs if one.vertical])]
    kept, dropped = _without_ruby(across)
    return sorted(
        [*kept, *down], key=lambda line: (line.vertical, -line.x0 if line.vertical else line.top)
    ), dropped


def _turned(one: Glyph) -> Glyph:
    """The letter with its page turned, so that lines that run down run across."""
    return one._replace(x0=one.top, x1=one.bottom, top=-one.x1, bottom=-one.x0)


def _upright(line: TextLine) -> TextLine:
    line.x0, line.x1, line.top, line.bottom = -line.bottom, -line.top, line.x0, line.x1
    line.vertical = True
    return line


def _lines(glyphs: Sequence[Glyph]) -> list[TextLine]:
    return [line for row in _rows(glyphs) if (line := _line(row)).text]


def _rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Letters that stand beside each other, from the top."""
    rows: list[list[Glyph]] = []
    tops: list[tuple[float, float]] = []
    for one in sorted(glyphs, key=lambda one: ((one.top + one.bottom) / 2, one.x0)):
        if rows:
            top, bottom = tops[-1]
            shared = min(bottom, one.bottom) - max(top, one.top)
            small = min(bottom - top, one.bottom - one.top)
            # Small letters raised beside a word (notes, units) stay in its line; furigana stands above all of it.
            if small > 0 and shared >= _SHARED * small:
                rows[-1].append(one)
                if one.bottom - one.top > 1.05 * (bottom - top):
                    tops[-1] = (one.top, one.bottom)  # its larger letters say where a line stands
                continue
        rows.append([one])
        tops.append((one.top, one.bottom))
    return rows


def _line(row: list[Glyph]) -> TextLine:
    row.sort(key=lambda one: (one.x0, one.x1))
    size = median(one.size for one in row)
    text, end = "", row[0].x0
    last: Glyph | None = None
    for one in row:
        # Bold type is sometimes drawn as the same letter twice.
        if last is not None and one.text == last.text and abs(one.x0 - last.x0) < 0.15 * size:
            continue
        if last is not None and _blank_between(text[-1:], one.text[:1], (one.x0 - end) / max(size, 1)):
            text += " "
        text += one.text
        end = max(end, one.x1)
        last = one
    if _SPREAD.fullmatch(text.strip()):
        text = "".join(text.split())
    return TextLine(
        x0=row[0].x0,
        top=min(one.top for one in row),
        x1=end,
        bottom=max(one.bottom for one in row),
        text=text.strip(),
        size=size,
        level=max(one.level for one in row),
        artifact=all(one.artifact for one in row),
    )


def _blank_between(before: str, after: str, gap: float) -> bool:
    if before.isspace() or after.isspace():
        return False
    if _JAPANESE.match(before) or _JAPANESE.match(after):
        # Japanese type is set in squares: letters spread over a line, and the air beside a Latin word, are no blanks.
        return gap > _BLANK
    return gap > _BLANK_LATIN


def _without_ruby(lines: list[TextLine]) -> tuple[list[TextLine], int]:
    """The lines without furigana: small kana close above a line of larger type."""
    kept: list[TextLine] = []
    dropped = 0
    for place, line in enumerate(lines):
        below = lines[place + 1] if place + 1 < len(lines) else None
        if (
            below is not None
            and line.size <= _RUBY * below.size
            and below.top - line.bottom <= 0.3 * below.size
            and below.x0 - below.size <= line.x0
            and line.x1 <= below.x1 + below.size
            and all(_KANA.fullmatch(part) for part in line.text.split())
        ):
            dropped += sum(map(len, line.text.split()))
            continue
        kept.append(line)
    return kept, dropped


def columns_of(glyphs: Sequence[Glyph], width: float) -> list[list[Glyph]]:
    """The letters of a page's text in the order to read them, one group for each column of each stretch of the page.

    Two columns are believed where some rows in succession leave the same gutter free near the page's middle and most of them run up
    to it on the left: labels before their values do not.
    """
    rows = [sorted(row, key=lambda one: one.x0) for row in _rows([one for one in glyphs if not one.vertical])]
    down = [one for one in glyphs if one.vertical]
    gutter = _gutter(rows, width)
    if gutter is None:
        return [list(glyphs)]
    found: list[list[Glyph]] = []
    band: list[list[Glyph]] = []
    for row in [*rows, None]:
        if row is not None and not any(one.x0 < gutter < one.x1 for one in row):
            band.append(row)
            continue
        found += _columns(band, gutter)
        band = []
        if row is not None:
            found.append(row)
    merged: list[list[Glyph]] = []
    single = False
    for group, alone in [(group, len(_rows(group)) < 2) for group in found]:
        if alone and single:
            merged[-1] += group
        else:
            merged.append(list(group))
        single = alone
    return [*merged, down] if down else merged


def _columns(band: list[list[Glyph]], gutter: float) -> list[list[Glyph]]:
    """A stretch of rows as its two columns, or as it is."""
    left = [[one for one in row if one.x1 <= gutter] for row in band]
    right = [[one for one in row if one.x0 >= gutter] for row in band]
    both = sum(1 for a, b in zip(left, right, strict=True) if a and b)
    size = median([one.size for row in band for one in row] or [0])
    reach = sum(1 for row in left if row and row[-1].x1 > gutter - 5 * size)
    if both < 4 or reach * 2 < sum(1 for row in left if row):
        return [[one for row in band for one in row]] if band else []
    # What stands below both columns, after a wider space, belongs to neither.
    end = max(number for number, row in enumerate(right) if row) + 1
    steps = [below[0].bottom - above[0].bottom for above, below in pairwise(band)]
    while end < len(band) and steps[end - 1] < 1.1 * median(steps):
        end += 1
    return [
        [one for row in left[:end] for one in row],
        [one for row in right[:end] for one in row],
        *([[one for row in band[end:] for one in row]] if band[end:] else []),
    ]


def _gutter(rows: Sequence[Sequence[Glyph]], width: float) -> float | None:
    """The place near the page's middle that the gaps of most rows, and at least four, have in common."""
    gaps: list[tuple[float, float]] = []
    for row in rows:
        end = row[0].x1
        for one in row:
            if one.x0 - end >= _GUTTER * one.size and not one.text.isspace():
                gaps.append((end, one.x0))
            if not one.text.isspace():
                end = max(end, one.x1)
    places = [(a + b) / 2 for a, b in gaps if 0.35 * width < (a + b) / 2 < 0.65 * width]
    if len(places) < 4:
        return None
    best = max(places, key=lambda at: (sum(1 for a, b in gaps if a < at < b), -at))
    return best if sum(1 for a, b in gaps if a < best < b) >= 4 else None


def right_of(lines: Sequence[TextLine], width: float) -> float:
    """Where full lines of a column end: where some of them do, else as far from the page's edge as they begin."""
    across = [line for line in lines if not line.vertical] or list(lines)
    end = max(line.x1 for line in across)
    full = sum(1 for line in across if line.x1 > end - line.size)
    mirrored = width - min(line.x0 for line in across)
    return end if full >= 3 and end > 0.75 * mirrored else max(end, mirrored)


def paragraphs(lines: Sequence[TextLine], right: float) -> list[tuple[str, TextLine]]:
    """Texts with the line they begin with; `right` is where full lines end.

    A line goes on with the next where it is full, the next one begins near its left, in the same type, close below, and begins no
    list, heading or indented paragraph.
    """
    found: list[tuple[str, TextLine]] = []
    last: TextLine | None = None
    begin = 0.0
    for line in lines:
        if last is not None and _goes_on(last, line, begin, right):
            text, first = found[-1]
            found[-1] = (joined(text, line.text), first)
            begin = min(begin, line.x0) if not _MARK.match(first.text) else line.x0
        else:
            found.append((line.text, line))
            begin = line.x0
        last = line
    return found


def _goes_on(last: TextLine, line: TextLine, begin: float, right: float) -> bool:
    size = line.size
    if (
        last.vertical != line.vertical
        or last.level != line.level
        or abs(last.size - size) > 0.06 * size
        or _MARK.match(line.text)
    ):
        return False
    if line.vertical:
        return line.top <= last.top + size
    return (
        right - last.x1 < size * 1.5 + _unit(line)
        and 0 < line.bottom - last.bottom < 2.4 * size
        and begin - 2.6 * size <= line.x0 <= begin + (2.6 if _MARK.match(last.text) else 0.6) * size
    )


def cell_text(lines: Sequence[TextLine], x0: float, x1: float) -> str:
    """The text of a cell between two uprights: wrapped lines joined, lines that were ended on purpose kept as lines."""
    if not lines:
        return ""
    pad = min(6.0, max(0.5, min(min(line.x0 - x0, x1 - line.x1) for line in lines)))
    if len(lines) > 1 and all(len(line.text) == 1 for line in lines):
        return "".join(line.text for line in lines)  # a word set down the cell, letter by letter
    # The blank between two names of a list is swallowed by the line's end.
    listed = any(_LISTED.search(line.text) for line in lines)
    text = lines[0].text
    for last, line in pairwise(lines):
        room = (x1 - x0 - 2 * pad) - (last.x1 - last.x0)
        if last.x0 - x0 < 2 * (x1 - last.x1):  # not centred: what stands left of the line is no room
            room -= max(last.x0 - x0 - pad, 0)
        # A narrow cell may be full by chance where each line names an office.
        named = bool(_OFFICE.search(last.text)) and (
            listed or (bool(_OFFICE.search(line.text)) and max(len(last.text), len(line.text)) <= _NAMES)
        )
        ended = named or (not last.vertical and not line.vertical and room > _unit(line) + 0.6 * line.size)
        if ended or _MARK.match(line.text):
            text += "\n" + line.text
        else:
            text = joined(text, line.text)
    return text


def _unit(line: TextLine) -> float:
    """The width of what a line begins with and could not be parted: a letter with what is bound to it, or a Latin word."""
    latin = re.match(r"[!-~]+", line.text)
    if latin:
        return len(latin[0]) * line.size * 0.6
    bound = 1
    while bound < len(line.text) and line.text[bound] in _BOUND:
        bound += 1
    return bound * line.size


def joined(text: str, more: str) -> str:
    """Two lines of one text: no blank between Japanese letters, one between Latin words."""
    if not text or not more:
        return text + more
    if _JAPANESE.match(text[-1]) or _JAPANESE.match(more[0]):
        return text + more
    # Numbers and Latin words are broken at hyphens and slashes.
    return text + more if text[-1] in "-/–" else f"{text} {more}"


def continued(text: str, more: str) -> str:
    """A cell's text and what the next page has of it."""
    return f"{text}\n{more}" if text and _MARK.match(more) else joined(text, more)


def begins_anew(text: str) -> bool:
    """Whether a text begins with the mark of a list or of a heading."""
    return bool(_MARK.match(text))


def furniture(pages: Sequence[Sequence[TextLine]], heights: Sequence[float]) -> set[tuple[int, int]]:
    """The lines that are no content, as (page, line): the same words, or a page's number, at one height near the edge.

    Three pages have to print them; a tagged PDF says so itself.
    """
    seen: dict[tuple[str, int], list[tuple[int, int]]] = {}
    found: set[tuple[int, int]] = set()
    for number, (lines, height) in enumerate(zip(pages, heights, strict=True)):
        for place, line in enumerate(lines):
            if not (line.bottom < 0.14 * height or line.top > 0.86 * height):
                continue
            if line.artifact:
                found.add((number, place))
            counted = bool(_COUNT.fullmatch(line.text))
            from_edge = line.top if line.bottom < height / 2 else line.bottom - height
            key = ("#" if counted else line.text, round(from_edge / 4))
            seen.setdefault(key, []).append((number, place))
    for (text, at), places in seen.items():
        near = [*places, *seen.get((text, at + 1), []), *seen.get((text, at - 1), [])]
        if len({number for number, _place in near}) >= 3:
            found.update(places)
    return found


_COUNT: Final = re.compile(
    r"[\s\-－‐–—~〜(（<＜P.p]*[0-9０-９]{1,4}\s*(?:[/／]\s*[0-9０-９]{1,4})?[\s\-－‐–—~〜)）>＞ページ頁]*"
)
