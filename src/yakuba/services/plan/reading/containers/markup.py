"""What text tools leave behind of another markup: HTML tags never closed, Markdown, footnote marks, checkboxes.

Cells are cleaned one by one; lines, their numbers and the number of cells stay (a Markdown table's line gets its cells). What the
page printed as a list becomes lines that begin with ・, unless the points have marks of their own (①, ✓). Text without such traces is
not touched.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from yakuba.services.plan.reading.blocks import Block

_TRACE: Final = re.compile(r"[<^&]|\*\*|[(（][*＊]")
_TAG: Final = re.compile(
    r"<\s*(?P<end>/?)\s*(?P<name>p|br|div|ul|ol|li|u|b|i|em|strong|span|font|small|sup|sub|s|del|strike|input|h[1-6])"
    r"(?P<rest>(?:\s[^<>]{0,300})?)/?\s*>",
    re.IGNORECASE,
)
_STRUCK: Final = re.compile(
    r"<(?P<name>s|del|strike)(?:\s[^<>]{0,300})?>(?P<old>[^<>]{0,2000})</(?P=name)\s*>", re.IGNORECASE
)
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}[0-9]?);")
_FOOTNOTE: Final = re.compile(
    r"(?P<before>[ \u3000]*)(?:\^\{(?P<braced>[^{}<>]{1,8})\}|\^\((?P<round>[^()<>]{1,8})\)|[(（][*＊][0-9]{0,3}[)）]"
    r"|<sup>\s*[※*＊注][0-9]{0,3}\s*</sup>)(?P<after>[ \u3000]*)"
)
_MARK: Final = re.compile(r"[※*＊注†‡][※*＊]*\s*[0-9０-９]{0,3}|[0-9０-９]{1,3}")
#: m², km² and CO₂: a raised figure there is part of the word.
_RAISED: Final = re.compile(r"(?:m|㎞|CO|10)$")
_BOLD: Final = re.compile(r"\*\*(?P<words>[^*\n]{1,2000})\*\*")
_STRAY_BOLD: Final = re.compile(r"(?<![*0-9])\*\*(?![*0-9])")
_JAPANESE: Final = re.compile(r"[\u3005\u3041-\u30ff\u3400-\u9fff]")
#: Marks that begin a printed point, after a blank or at the beginning.
_POINT: Final = re.compile(
    r"(?:(?<=\s)|^)(?=[①-⑳㉑-㉟⑴-⒇]|[・•●○◎◆◇■□▪✓✔➤➢▶⇒→※]|\*(?=[^\s*])|[(（][0-9０-９]{1,2}[)）])"
)
_SENTENCES: Final = re.compile(r"(?<=。)[ \u3000]+|(?<=。[」』）)])[ \u3000]+")
#: Points without marks and full stops: Japanese sets no blank inside a phrase.
_PHRASES: Final = re.compile(
    r"(?<=[\u3041-\u30ff\u3400-\u9fff)）])[ \u3000]+(?=[\u3041-\u30ff\u3400-\u9fffA-ZＡ-Ｚ])"
)
#: A shorter piece is no point of its own, but what a line's end cut off.
_SHORTEST_POINT: Final = 5
_BREAKS: Final = frozenset({"p", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6"})
_LISTS: Final = frozenset({"ul", "ol"})
_TABLE_LINE: Final = re.compile(r"(?:[-*]\s+)?\|(?P<inner>.*)\|")
_RULE: Final = re.compile(r":?-{2,}:?")


def cleaned(blocks: Iterable[Block]) -> list[Block]:
    """The blocks without traces of markup, tables numbered anew. Takes time in proportion to their length."""
    found: list[Block] = []
    table = 0
    for block in blocks:
        cells = _table_line(block.cells[0]) if len(block.cells) == 1 else None
        old: list[tuple[int, str]] = []
        texts = []
        for place, cell in enumerate(cells or block.cells):
            text, struck = cleaned_cell(cell)
            texts.append(text)
            if struck:
                old.append((place, struck))
        if len(texts) > 1 and not (found and found[-1].table):
            table += 1
        here = table if len(texts) > 1 else 0
        if tuple(texts) == block.cells and not old and here == block.table:
            found.append(block)
        else:
            found.append(replace(block, cells=tuple(texts), table=here, struck=(*block.struck, *old)))
    return found


def cleaned_cell(cell: str) -> tuple[str, str]:
    """A cell's text without traces of markup, and what it strikes through."""
    if not _TRACE.search(cell):
        return cell, ""
    struck = "\n".join(found["old"].strip() for found in _STRUCK.finditer(cell))
    text = _STRUCK.sub("", cell)
    text = _FOOTNOTE.sub(_without_mark, text)
    text = _STRAY_BOLD.sub("", _BOLD.sub(lambda found: found["words"], text))
    text = _without_tags(text)
    # Last, so that a tag that the page printed as text is not taken for one.
    text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    return (text.strip(), struck) if text != cell else (cell, struck)


def _table_line(text: str) -> tuple[str, ...] | None:
    """The cells of a line of a Markdown table; the rule below its head has blank ones."""
    found = _TABLE_LINE.fullmatch(text.strip())
    if not found:
        return None
    cells = tuple(cell.strip() for cell in found["inner"].split("|"))
    if len(cells) < 2:
        return None
    return tuple("" for _ in cells) if all(_RULE.fullmatch(cell) for cell in cells) else cells


def _without_mark(found: re.Match[str]) -> str:
    """Nothing in place of a footnote's mark, and no blank that only stood around it."""
    mark = found["braced"] or found["round"]
    text = found.string
    if mark and not _MARK.fullmatch(mark.strip()):
        return found[0]
    if mark and mark.isdigit() and _RAISED.search(text[: found.start()]):
        return f"{mark}{found['after']}"
    before, after = text[: found.start()][-1:], text[found.end() :][:1]
    if not (found["before"] and found["after"]):
        # A blank before the mark belongs to it; one after it parts words.
        return found["after"]
    return "" if _JAPANESE.match(before) and _JAPANESE.match(after) else " "


def _without_tags(text: str) -> str:
    """The text with tags as line ends, points and boxes."""
    tags = list(_TAG.finditer(text))
    if not tags:
        return text
    lines = _Lines()
    place = 0
    for tag in tags:
        lines.add(text[place : tag.start()])
        place = tag.end()
        lines.tag(tag["name"].lower(), bool(tag["end"]), tag["rest"].lower())
    lines.add(text[place:])
    return lines.text()


class _Lines:
    """The lines of a cell in the making."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.now = ""
        self.in_list = False
        self.numbered = False
        self.points = 0

    def add(self, text: str) -> None:
        self.now += text

    def tag(self, name: str, ends: bool, rest: str) -> None:
        if name == "input":
            if "radio" in rest or "checkbox" in rest:
                self.now += "■" if re.search(r"\bchecked\b", rest) else "□"
        elif name in _LISTS:
            self._end()
            self.in_list = not ends
            self.numbered = name == "ol" and not ends
            self.points = 0
        elif name == "li":
            self._end()
            self.in_list = True
            if not ends:
                self.points += 1
        elif name in _BREAKS:
            self._end()
            # The list before a paragraph was never closed.
            self.in_list = self.in_list and name == "br"
        elif name == "u" and not ends and self.in_list and self.now.endswith((" ", "\u3000")):
            # An underlined heading after the points of a list that was never closed.
            self._end()
            self.in_list = False

    def text(self) -> str:
        self._end()
        return "\n".join(self.lines)

    def _end(self) -> None:
        """Ends the line, and cuts a list into its points."""
        text = self.now.strip()
        self.now = ""
        if not text:
            return
        if not self.in_list:
            self.lines.append(text)
            return
        points = [text] if self.points else _points(text)
        for point in points:
            if _POINT.match(point) or (len(points) == 1 and not self.points):
                # One point alone is no list.
                self.lines.append(point)
            elif self.numbered and self.points:
                self.lines.append(f"({self.points}) {point}")
            else:
                self.lines.append(f"・{point}")


def _points(text: str) -> list[str]:
    """The points of a list whose items lost their tags: by their marks, else by full stops, else by blanks."""
    marked = [place.start() for place in _POINT.finditer(text)]
    if marked:
        ends = [*marked[1:], len(text)] if marked[0] == 0 else [*marked, len(text)]
        begins = marked if marked[0] == 0 else [0, *marked]
        pieces = [text[begin:end] for begin, end in zip(begins, ends, strict=True)]
    else:
        pieces = _SENTENCES.split(text)
        if len(pieces) == 1:
            pieces = _PHRASES.split(text)
            if min(len(piece) for piece in pieces) < _SHORTEST_POINT:
                pieces = [text]
    return [piece.strip() for piece in pieces if piece.strip()]
