"""A document's outline by its enumerations: 第1章, 1, 1-1, (1), ①, ●, 【】, and by a container's own heading levels.

Which styles there are, and which of them stands under which, is read from their order in the document; no table says so.
A list of contents is evidence for the headings that it lists, and none of its lines is a heading itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from .blocks import Block, Paper
from .wording import plain, squeeze

#: A longer line is running text.
MAX_HEADING: Final = 70
#: More headings than this make no plan; what follows is left to others.
MAX_HEADINGS: Final = 20_000
#: So many lines with a page number at their end are a list of contents.
_CONTENTS: Final = 4

_CIRCLED: Final = re.compile(r"[①-⑳㉑-㉟❶-❿]")
_ROMAN: Final = re.compile(r"([Ⅰ-Ⅻ])[\s.．、:：]*(?P<title>.*)")
_BULLET: Final = re.compile(r"([●■◆◇○◎□▼▽★☆▶►▪◼])\s*(?P<title>.*)")
_OPEN: Final = {"【": "】", "<": ">", "〈": "〉", "《": "》", "≪": "≫", "[": "]", "〔": "〕", "«": "»"}
_LIST_POINT: Final = re.compile(r"(?:[-*+•・‣⁃✓✔➤]|[‐–—―]\s)\s*")
_MARKDOWN: Final = re.compile(r"(#{1,6})\s+(?P<title>.*)")
_DASH: Final = r"\s?[-.‐‑–−ー－]\s?"
_NOT_COUNTED: Final = (
    r"(?![0-9%年月日件人名回点種割倍円台校社歳世号]|つ(?!\s)|か[月所年国]|ヶ[月所年国]|カ[月所年国])"
)
_WORDS: Final = (
    r"基本目標|基本方針|基本施策|基本方向|基本戦略|重点施策|重点目標|重点戦略|重点分野|個別施策|個別目標|施策の柱|施策の方向|推進項目|"
    r"取組項目|取組方針|施策分野|目標|方針|戦略|施策|政策|柱|分野|取組|取り組み|事業|プロジェクト|テーマ|ビジョン|アクション"
)
_STYLES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    (
        "chapter",
        re.compile(
            r"第\s*(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})\s*(?P<unit>[章節部編項])[\s.:、]*(?P<title>.*)"
        ),
    ),
    (
        "worded",
        re.compile(
            rf"(?P<word>{_WORDS})\s?(?P<digits>[0-9]{{1,2}}(?:{_DASH}[0-9]{{1,2}}){{0,4}}|[①-⑳]|[Ⅰ-Ⅻ]|[IVX]{{1,4}}(?![a-z])|[A-H](?![a-zA-Z]))"
            rf"(?P<rest>[\s.:、)]+(?P<title>.*)|(?P<close>))"
        ),
    ),
    (
        "compound",
        re.compile(
            rf"(?P<digits>[0-9]{{1,2}}(?:{_DASH}[0-9]{{1,2}}){{1,4}}|[0-9]{{1,2}}\)?(?:{_DASH}\(?[0-9]{{1,2}}\)?){{1,4}})"
            rf"[.)]?{_NOT_COUNTED}\s*(?P<title>.*)"
        ),
    ),
    (
        "(compound)",
        re.compile(rf"[(\[](?P<digits>[0-9]{{1,2}}(?:{_DASH}[0-9]{{1,2}}){{1,4}})[)\]]\s*(?P<title>.*)"),
    ),
    ("(1)", re.compile(r"\(\s?[0-9]{1,2}\s?\)\s*(?P<title>.*)")),
    ("(ア)", re.compile(r"\(\s?[ア-ン]\s?\)\s*(?P<title>.*)")),
    ("(一)", re.compile(r"\(\s?[一二三四五六七八九十]{1,2}\s?\)\s*(?P<title>.*)")),
    ("(a)", re.compile(r"\(\s?[a-zA-Z]\s?\)\s*(?P<title>.*)")),
    ("[1]", re.compile(r"\[\s?[0-9]{1,2}\s?\]\s*(?P<title>.*)")),
    ("1)", re.compile(r"[0-9]{1,2}\)\s*(?P<title>.*)")),
    ("ア)", re.compile(r"[ア-ン]\)\s*(?P<title>.*)")),
    ("a)", re.compile(r"[a-zA-Z]\)\s*(?P<title>.*)")),
    ("1.", re.compile(r"[0-9]{1,2}\s?[.、](?![0-9])\s*(?P<title>.*)")),
    ("ア.", re.compile(r"[ア-ン][.、]\s*(?P<title>.*)")),
    ("a.", re.compile(r"[A-Za-z]\.(?![A-Za-z])\s*(?P<title>.*)")),
    ("1", re.compile(rf"[0-9]{{1,2}}{_NOT_COUNTED}(?:\s+(?P<title>\S.*)|(?P<close>))")),
    ("ア", re.compile(r"[ア-オカ-コサ-ソ]\s+(?P<title>\S.*)")),
)
#: 【取組1】, [1-2], 《基本目標1》 before a title.
_BRACKETED_MARK: Final = re.compile(
    r"[【<＜〈《≪\[［〔«]\s*(?P<mark>[^【】<>＜＞〈〉《》≪≫\[\]［］〔〕«»]{1,12}?)\s*[】>＞〉》≫\]］〕»][\s:：]*(?=\S)"
)
#: 施策名:…: a title that a label announces.
_TITLE_LABEL: Final = re.compile(
    r"(?:[●■◆◇○◎□▼▽★☆▶・]\s*)?(?:個別|具体的な?)?(?:施策|事業|取組|取り組み|取組み|プロジェクト)(?:名|名称|の名称|件名)\s*[:：]\s*(?P<title>\S.*)"
)
#: 1計画の目的: a wide digit without a blank, as word processors number.
_WIDE_DIGIT: Final = re.compile(
    rf"(?P<mark>[０-９]{{1,2}})(?={_NOT_COUNTED}[一-龠ァ-ヶA-Za-zＡ-Ｚ])(?P<title>.*)"
)
_PAGE_AT_END: Final = re.compile(r"[-(]?(?P<page>[0-9]{1,3})[-)]?$")
_LEADERS: Final = " .…‥・·"
_PAGE: Final = re.compile(r"[-(]?[pP]?\.?\s?[0-9]{1,3}[-)]?")
_FOOTNOTE_MARK: Final = re.compile(r"\^[{(][^{}()]{0,12}[})]|[※＊*][0-9０-９⁰¹²³⁴-⁹]{1,3}(?![0-9])")
_FOOTNOTE: Final = re.compile(r"(?:[※＊*]\s?[0-9０-９⁰¹²³⁴-⁹]{1,3}|注\s?[0-9]{1,2}|\(?注\)|[（(]?出典)")
_SENTENCE: Final = re.compile(r"(?:[。、,]|ます|ました|です|でした|ください)$")


#: Style, number, word and title of a line.
_Mark = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading, and where it stands.

    `style` names its kind of enumeration; `number` is the mark as displayed (第1章, 1-1, (1), ①), empty for bullets and brackets;
    `word` is the word of a worded mark (基本目標 of 基本目標1); `parents` are the headings above it, from the root, by their
    place in the outline.
    """

    at: int
    style: str
    number: str
    title: str
    word: str = ""
    level: int = 0
    title_at: int = -1
    """The block of the title, where the number stands alone in the line above."""
    parents: tuple[int, ...] = ()
    listed: bool = False
    """Whether the list of contents has it."""

    @property
    def text(self) -> str:
        """Number and title as one line."""
        return f"{self.number} {self.title}".strip()


@dataclass(frozen=True, slots=True)
class Outline:
    """The headings of a paper in order, and the blocks that are its list of contents."""

    headings: tuple[Heading, ...]
    contents: frozenset[int] = field(default_factory=frozenset)

    def before(self, at: int) -> int:
        """The place of the last heading at or before a block; -1 where there is none."""
        low, high = 0, len(self.headings)
        while low < high:
            middle = (low + high) // 2
            if self.headings[middle].at <= at:
                low = middle + 1
            else:
                high = middle
        return low - 1


def without_footnotes(text: str) -> str:
    """A title without the marks that point at footnotes (※1, ^{※1})."""
    return " ".join(_FOOTNOTE_MARK.sub("", text).split())


def is_footnote(text: str) -> bool:
    """Whether a line is a footnote, a source or a remark below a figure."""
    return bool(_FOOTNOTE.match(text))


def list_point(text: str) -> str | None:
    """What a listed point says (`- ・…`, `・…`, `- ◆…`), without its marks; None where the line is none."""
    found = _LIST_POINT.match(text)
    if not found:
        return None
    rest = text[found.end() :].strip()
    again = re.match(r"[・●■◆◇○◎□▼▽★☆✓✔➤]\s*", rest)
    return rest[again.end() :].strip() if again else rest


def single(block: Block, alone: bool) -> str:
    """The line that a block prints: its only cell, or mark and title where a row of two stands `alone`; else empty."""
    if block.filled == 1 and (not block.table or len(block.cells) <= 2 or alone):
        return block.text
    filled = [cell for cell in block.cells if cell]
    if alone and len(filled) == 2 and len(filled[0]) <= 12 and _marked(filled[0] + " x"):
        return block.text
    return ""


def outline(paper: Paper) -> Outline:
    """The outline of a paper: every line that looks like a heading, with the headings above it."""
    rows = Counter(block.table for block in paper.blocks if block.table and not block.blank)
    lines = [single(block, bool(block.table) and rows[block.table] == 1) for block in paper.blocks]
    contents, listed = _contents(paper.blocks)
    found: list[Heading] = []
    for at, text in enumerate(lines):
        if text and at not in contents and len(found) < MAX_HEADINGS:
            heading = _heading(text, at, paper.blocks[at].level, listed)
            if heading:
                found.append(heading)
    return Outline(tuple(_nested(_joined(found, lines))), frozenset(contents))


def heading_in(text: str) -> Heading | None:
    """The heading that a line prints by its enumeration, bracket or bullet, or None."""
    return _heading(text, 0, 0, frozenset())


def _heading(text: str, at: int, level: int, listed: frozenset[str]) -> Heading | None:
    markdown = _MARKDOWN.match(text)
    if markdown:
        level, text = len(markdown[1]), markdown["title"]
    in_contents = squeeze(without_footnotes(text)) in listed
    if _LIST_POINT.match(text) or (len(text) > MAX_HEADING and not (level or in_contents)):
        return None
    marked = _marked(text)
    if marked is None:
        if not (level or in_contents) or is_footnote(text):
            return None
        marked = "listed", "", "", text
    style, number, word, title = marked
    title = without_footnotes(title)
    if _SENTENCE.search(title) and not level:
        return None
    if not title and not number:
        return None
    if level:
        style = f"level{level}"
    return Heading(at, style, number, title, word, level, listed=in_contents)


def _marked(text: str) -> _Mark | None:
    """Style, number, word and title of a line that begins with a mark, or None."""
    if _CIRCLED.match(text):
        return "①", text[0], "", text[1:].strip()
    for style, pattern in (("Ⅰ", _ROMAN), ("", _BULLET), ("named", _TITLE_LABEL), ("1", _WIDE_DIGIT)):
        found = pattern.fullmatch(text)
        if found:
            # A bullet is a style of its own, and no number.
            number = plain(found["mark"]) if style == "1" else found[1] if style == "Ⅰ" else ""
            return style or found[1], number, "", found["title"].strip()
    folded = plain(text)
    opening = folded[:1]
    if opening in _OPEN:
        return _in_bracket(text, folded, opening)
    for style, pattern in _STYLES:
        # The title is kept as printed: NFKC is for looking at the mark only.
        found = pattern.fullmatch(folded)
        if found:
            rest = found["title"] or ""
            number = folded[: len(folded) - len(rest)].strip() if rest else folded
            return _told(style, found, number), number.rstrip(".:、 "), _word(found), _as_printed(text, rest)
    return None


def _in_bracket(text: str, folded: str, opening: str) -> _Mark | None:
    """A whole line in brackets, or a mark in brackets before its title (【取組1】 …); a bracketed word without a number is none."""
    if folded.endswith(_OPEN[opening]) and folded.count(opening) == 1:
        inner = folded[1:-1].strip()
        within = _marked(inner) if inner else None
        if within and within[0] not in _OPEN:
            return opening + within[0], *within[1:]
        return opening, "", "", inner
    found = _BRACKETED_MARK.match(text)
    within = _marked(plain(found["mark"])) if found else None
    if found is None or within is None or not within[1] or within[3] or within[0] in _OPEN:
        return None
    return opening + within[0], within[1], within[2], text[found.end() :].strip()


def _told(style: str, found: re.Match[str], number: str) -> str:
    groups = found.groupdict()
    if style == "chapter":
        return f"第{groups['unit']}"
    if style == "worded":
        return f"{groups['word']}{len(re.findall(r'[0-9]+', groups['digits']))}"
    if "compound" in style:
        depth = len(re.findall(r"[0-9]+", groups["digits"]))
        return ("({})" if style[0] == "(" else "{}").format("-".join("1" * depth))
    return style


def _word(found: re.Match[str]) -> str:
    return found.groupdict().get("word") or ""


def _as_printed(text: str, title: str) -> str:
    """The end of the printed line that says, after NFKC, the title."""
    wanted = squeeze(title)
    if not wanted:
        return ""
    for begin in range(len(text)):
        if squeeze(text[begin:]) == wanted:
            return " ".join(text[begin:].split())
    return title


def _joined(found: Sequence[Heading], lines: Sequence[str]) -> list[Heading]:
    """Numbers that stand alone take the title below them."""
    joined: list[Heading] = []
    taken: set[int] = set()
    at_of = {one.at: one for one in found}
    for one in found:
        if one.at in taken:
            continue
        if not one.title:
            below = next(
                (at for at in range(one.at + 1, min(one.at + 6, len(lines))) if lines[at].strip()), None
            )
            if below is None:
                continue
            other = at_of.get(below)
            text = other.title if other else lines[below]
            plainly = (
                other is None
                and len(text) <= MAX_HEADING
                and not _SENTENCE.search(text)
                and list_point(text) is None
            )
            bulleted = other is not None and not other.number and (other.style not in _OPEN or one.word)
            if not (text and (plainly or bulleted)):
                continue
            taken.add(below)
            joined.append(replace(one, title=without_footnotes(text), title_at=below))
        else:
            joined.append(one)
    return joined


def _nested(found: Sequence[Heading]) -> Iterator[Heading]:
    """Headings with those above them: a style that is open already ends what was opened in it."""
    open_: list[tuple[str, int]] = []
    for place, one in enumerate(found):
        above = next((depth for depth, (style, _) in enumerate(open_) if _ends(one, style)), None)
        if above is not None:
            del open_[above:]
        yield replace(one, parents=tuple(at for _, at in open_))
        open_.append((one.style, place))


def _ends(one: Heading, style: str) -> bool:
    """Whether a heading ends a section of another style: its own one, a deeper level or code, anything below a chapter."""
    if one.style == style:
        return True
    if one.level and style.startswith("level"):
        return int(style[5:]) >= one.level
    depth, other = _depth(one.style), _depth(style)
    if depth and other and one.style.strip("()")[:1] == style.strip("()")[:1]:
        return other > depth
    order = ("第編", "第部", "第章", "第節", "第項")
    if one.style in order:
        return style not in order or order.index(style) > order.index(one.style)
    return False


def _depth(style: str) -> int:
    """How many numbers a compound mark has (1-1-1: 3); 0 for other marks."""
    bare = style.strip("()")
    if re.fullmatch(r"1(?:-1)*", bare) and (bare != "1" or style == "1"):
        return bare.count("1")
    return 0


def _contents(blocks: Sequence[Block]) -> tuple[set[int], frozenset[str]]:
    """The blocks of lists of contents, and the titles that they list, without blanks.

    Lines that end in a page number, several in a run, the numbers never falling.
    """
    taken: set[int] = set()
    titles: set[str] = set()
    run: list[tuple[int, str, int]] = []

    def close() -> None:
        pages = [page for _, _, page in run]
        if len(run) >= _CONTENTS and pages == sorted(pages) and len(set(pages)) > 1:
            taken.update(range(run[0][0], run[-1][0] + 1))
            titles.update(squeeze(without_footnotes(title)) for _, title, _ in run)
        run.clear()

    for at, block in enumerate(blocks):
        if block.blank or at in taken:
            continue
        entry = _entry(block)
        # One line without its page number does not end the list.
        forgotten = (
            entry is None and block.filled == 1 and len(block.text) <= MAX_HEADING and _marked(block.text)
        )
        if (entry is None and not (run and forgotten)) or (entry and run and entry[1] < run[-1][2]):
            close()
        if entry is not None:
            run.append((at, *entry))
    close()
    return taken, frozenset(titles)


def _entry(block: Block) -> tuple[str, int] | None:
    """Title and page of a line of a list of contents, or None."""
    filled = [cell for cell in block.cells if cell]
    if (
        2 <= len(filled) <= 3
        and _PAGE.fullmatch(plain(filled[-1]))
        and not _PAGE.fullmatch(plain(filled[-2]))
    ):
        if len(filled) == 3 and len(filled[0]) > 12:
            return None
        page = re.search(r"[0-9]+", plain(filled[-1]))
        title = " ".join(filled[:-1]).rstrip(_LEADERS)
        return (title, int(page[0])) if page and len(title) <= MAX_HEADING else None
    if len(filled) == 1 and len(filled[0]) <= MAX_HEADING + 80:
        text = plain(filled[0])
        found = _PAGE_AT_END.search(text)
        before = text[: found.start()] if found else ""
        title = before.rstrip(_LEADERS)
        leaders = before[len(title) :]
        led = " " in leaders or len(leaders) > 1
        if found and led and title and len(title) <= MAX_HEADING and not re.search(r"[0-9]$|。", title):
            return title, int(found["page"])
    return None
