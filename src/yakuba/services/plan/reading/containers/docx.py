"""Word documents: paragraphs with their printed numbers, tables with merged cells, tracked and struck changes, notes.

The parts are read directly: what a document prints (list numbers, text boxes, footnotes) and how it was changed (`w:ins`, `w:del`)
lies beside the text that a library hands out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final
from xml.etree import ElementTree as ET

from yakuba.services.plan.reading.blocks import MAX_BLOCKS, MAX_COLUMNS, Block, Paper, Span, bounded
from yakuba.services.plan.reading.unreadable import Unreadable

from .gridded import Cell, Row, Tables
from .numbering import MARK, Numbering
from .stylesheet import Stylesheet, stylesheet
from .zipped import OLE, Budget, Package, attribute, broken, local, refuse_ole, switched_on, tidy

#: Elements that only wrap what is printed.
_WRAPPERS: Final = frozenset(
    {
        "ins",
        "moveTo",
        "hyperlink",
        "smartTag",
        "fldSimple",
        "customXml",
        "sdt",
        "sdtContent",
        "bdo",
        "dir",
        "rubyBase",
    }
)
_REMOVED: Final = frozenset({"del", "moveFrom"})
_BREAKS: Final = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_DRAWN: Final = frozenset({"drawing", "pict", "object", "AlternateContent"})


@dataclass(slots=True)
class _Words:
    """What one paragraph or cell says."""

    new: list[str] = field(default_factory=list)
    old: list[list[str]] = field(default_factory=list)
    """Old words, a list for each place where they stand."""
    broken_off: bool = True
    """Whether new words stand between the last old ones and the next."""
    comments: list[str] = field(default_factory=list)
    footnotes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[ET.Element] = field(default_factory=list)
    pictures: int = 0
    seen: int = 0
    vanished: int = 0
    """Letters that are printed, and letters of hidden text."""
    changed: bool = False

    def say(self, text: str, *, old: bool) -> None:
        """Adds words to the new or the old ones."""
        if not text:
            return
        if not old:
            self.new.append(text)
            self.broken_off = True
        elif self.broken_off:
            self.old.append([text])
            self.broken_off = False
        else:
            self.old[-1].append(text)

    def add(self, other: _Words) -> None:
        """The words of another paragraph of the same cell, on a line of their own."""
        if self.new and other.new:
            self.new.append("\n")
        self.new += other.new
        self.old += other.old
        self.comments += other.comments
        self.footnotes += other.footnotes
        self.boxes += other.boxes
        self.pictures += other.pictures
        self.seen += other.seen
        self.vanished += other.vanished
        self.broken_off = True

    @property
    def text(self) -> str:
        return "".join(self.new)

    @property
    def struck(self) -> str:
        return " ".join(text for text in ("".join(pieces).strip() for pieces in self.old) if text)


@dataclass(slots=True)
class _Said:
    """What a person should know of the document."""

    struck: int = 0
    notes: int = 0
    pictures: int = 0
    hidden: int = 0
    tracked: bool = False


def read(data: bytes, file: str) -> Paper:
    """The paper of a Word document: lines count its paragraphs and table rows. Raises `Unreadable`."""
    if data.startswith(OLE):
        raise refuse_ole(data)
    package = Package(data)
    main = package.main
    if not main.lower().startswith("word/"):
        raise package.refusal()
    return read_package(package, main, file)


def read_package(package: Package, main: str, file: str) -> Paper:
    """The paper of an opened document whose main part is `main`; see :func:`read`."""
    reader = _Reader(package, main)
    blocks: list[Block] = []
    for element in package.pieces(main, ("p", "tbl")):
        blocks += reader.blocks(element)
        if len(blocks) > MAX_BLOCKS:
            break
    return Paper(file, "docx", bounded(blocks), tuple(_remarks(package, reader.said)))


class _Reader:
    """Reads the paragraphs and tables of one document in order."""

    def __init__(self, package: Package, main: str) -> None:
        self.said = _Said()
        self._styles = Stylesheet()
        self._comments: dict[str, str] = {}
        self._notes: dict[tuple[str, str], str] = {}
        self._line = 0
        self._tables = Tables()
        self._budget = Budget()
        lists: list[ET.Element] = []
        parts = {
            relation.kind: relation.target
            for relation in package.relations(main)
            if not relation.external and package.has(relation.target)
        }
        if "styles" in parts:
            self._styles = stylesheet(package.pieces(parts["styles"], ("style",)))
        if "numbering" in parts:
            lists = list(package.pieces(parts["numbering"], ("abstractNum", "num")))
        self._numbering = Numbering(lists, self._styles.lists)
        if "comments" in parts:
            for element in package.pieces(parts["comments"], ("comment",)):
                self._comments[attribute(element, "id")] = self._plain(element)
        for kind in ("footnote", "endnote"):
            if kind + "s" in parts:
                for element in package.pieces(parts[kind + "s"], (kind,)):
                    if not attribute(element, "type"):
                        self._notes[kind, attribute(element, "id")] = self._plain(element)

    def blocks(self, element: ET.Element) -> Iterator[Block]:
        """The blocks of a paragraph or table, with its text boxes and footnotes behind it."""
        if local(element.tag) == "tbl":
            yield from self._table(element)
            return
        words = self._paragraph(element)
        properties = _child(element, "pPr")
        yield self._text(words, self._styles.level(properties))
        yield from self._behind([words])

    def _behind(self, several: list[_Words]) -> Iterator[Block]:
        for words in several:
            for box in words.boxes:
                for element in _content(box):
                    yield from self.blocks(element)
        for words in several:
            for key in words.footnotes:
                text = self._notes.get(key, "")
                if text:
                    yield self._text(_Words([f"(注) {text}"], seen=1), 0)

    def _text(self, words: _Words, level: int) -> Block:
        text, struck, notes = self._told(words)
        self._line += 1
        return Block(
            self._line,
            (text,),
            level=level,
            struck=((0, struck),) if struck else (),
            notes=((0, notes),) if notes else (),
            hidden=bool(words.vanished) and not words.seen,
        )

    def _told(self, words: _Words) -> tuple[str, str, str]:
        """Words, old words and comments, counted."""
        text, struck = tidy(words.text, f"{self._line + 1}番目の段落"), words.struck
        notes = "\n".join(note for one in words.comments if (note := self._comments.get(one)))
        for one in (text, struck, notes):
            self._budget.spend(one)
        self.said.struck += bool(struck)
        self.said.notes += len(words.comments)
        self.said.pictures += words.pictures
        self.said.hidden += bool(words.vanished)
        return text, struck, notes

    def _table(self, table: ET.Element) -> Iterator[Block]:
        rows: list[Row] = []
        several: list[_Words] = []
        open_areas: dict[int, tuple[Row, Span]] = {}
        for element in _found(table, "tr"):
            self._line += 1
            if self._line > MAX_BLOCKS:
                raise Unreadable(
                    "too-many-lines", f"行が多すぎます。{MAX_BLOCKS:,}行までのファイルを指定してください。"
                )
            row = Row(self._line)
            rows.append(row)
            several += self._row(element, row, open_areas)
        if rows:
            yield from self._tables.blocks(rows, "", sheet=False)
        yield from self._behind(several)

    def _row(self, element: ET.Element, row: Row, open_areas: dict[int, tuple[Row, Span]]) -> list[_Words]:
        """Fills a row; `open_areas` are the merged areas that reach down into it, by column."""
        properties = _child(element, "trPr")
        removed = _child(properties, "del") is not None
        self.said.tracked = self.said.tracked or removed
        column = _whole(_child(properties, "gridBefore"), 0)
        several: list[_Words] = []
        shown = gone = 0
        for cell in _found(element, "tc"):
            if column > MAX_COLUMNS * 4:
                raise broken(f"表の列が{MAX_COLUMNS * 4:,}を超えています")
            about = _child(cell, "tcPr")
            wide = max(1, _whole(_child(about, "gridSpan"), 1))
            merged = _child(about, "vMerge")
            if (
                merged is not None
                and attribute(merged, "val", "continue") == "continue"
                and column in open_areas
            ):
                start, span = open_areas[column]
                span = Span(span.columns, span.rows + 1)
                start.spans[column] = span
                open_areas[column] = (start, span)
                column += wide
                continue
            words = self._cell(cell, removed=removed)
            several.append(words)
            text, struck, notes = self._told(words)
            shown, gone = shown + words.seen, gone + words.vanished
            if text or struck or notes:
                row.cells[column] = Cell(text, struck, notes)
            open_areas.pop(column, None)
            if merged is not None:
                open_areas[column] = (row, Span(wide, 1))
            if wide > 1:
                row.spans[column] = Span(wide, 1)
            column += wide
        row.hidden = bool(gone) and not shown
        return several

    def _cell(self, cell: ET.Element, *, removed: bool) -> _Words:
        words = _Words()
        for element in _content(cell):
            if local(element.tag) == "p":
                words.add(self._paragraph(element, removed=removed))
                continue
            # A table inside a cell is read as its lines.
            for row in _found(element, "tr"):
                line = _Words()
                for inner in _found(row, "tc"):
                    one = self._cell(inner, removed=removed)
                    if line.new and one.new:
                        line.new.append(" ")
                    line.new += one.new
                    line.add(replace(one, new=[]))
                words.add(line)
        return words

    def _paragraph(self, element: ET.Element, *, removed: bool = False) -> _Words:
        """The words of a paragraph, its printed number before them; a paragraph of old words alone is not counted."""
        words = _Words()
        properties = _child(element, "pPr")
        struck = self._styles.struck(properties)
        self._walk(element, words, old=removed, struck=struck)
        if "".join(words.new).strip():
            number = self._styles.list_of(properties)
            if number is not None:
                words.new.insert(0, self._numbering.label(*number))
        # What floats in a table's cell or is drawn inside a text box is read there.
        self.said.tracked = self.said.tracked or words.changed
        return words

    def _walk(self, element: ET.Element, words: _Words, *, old: bool, struck: bool) -> None:
        for child in element:
            name = local(child.tag)
            if name == "r":
                self._run(child, words, old=old, struck=struck)
            elif name in _WRAPPERS:
                words.changed = words.changed or name in {"ins", "moveTo"}
                self._walk(child, words, old=old, struck=struck)
            elif name in _REMOVED:
                words.changed = True
                self._walk(child, words, old=True, struck=struck)
            elif name in {"oMath", "oMathPara"}:
                words.say("".join(one.text or "" for one in child.iter() if local(one.tag) == "t"), old=old)
            elif name in _DRAWN:
                self._draw(child, words)

    def _run(self, run: ET.Element, words: _Words, *, old: bool, struck: bool) -> None:
        properties = _child(run, "rPr")
        own = self._styles.run_struck(properties)
        old = old or (struck if own is None else own)
        vanished = bool(switched_on(_child(properties, "vanish")))
        for child in run:
            name = local(child.tag)
            if name in {"t", "delText"}:
                text = child.text or ""
                words.say(text, old=old or name == "delText")
                if vanished:
                    words.vanished += len(text.strip())
                else:
                    words.seen += len(text.strip())
            elif name in _BREAKS:
                # A page's end is no line's end inside a word.
                words.say("" if attribute(child, "type") == "page" else _BREAKS[name], old=old)
            elif name == "sym":
                words.say(MARK, old=old)
            elif name in {"footnoteReference", "endnoteReference"}:
                words.footnotes.append((name.removesuffix("Reference"), attribute(child, "id")))
            elif name == "commentReference":
                words.comments.append(attribute(child, "id"))
            elif name == "ruby":
                # The reading above the letters (ふりがな) is no word of the text.
                self._walk(child, words, old=old, struck=struck)
            elif name in _DRAWN:
                self._draw(child, words)

    def _draw(self, element: ET.Element, words: _Words) -> None:
        """Text boxes of a drawing; the second form, which old programs are shown, says the same again."""
        if local(element.tag) == "AlternateContent":
            choices = [one for one in element if local(one.tag) == "Choice"] or list(element)
            for choice in choices[:1]:
                self._draw(choice, words)
            return
        for child in element:
            name = local(child.tag)
            if name == "txbxContent":
                words.boxes.append(child)
            elif name in {"pic", "imagedata", "chart", "OLEObject"}:
                words.pictures += 1
            else:
                self._draw(child, words)

    def _plain(self, element: ET.Element) -> str:
        """The words of a comment or a footnote."""
        words = _Words()
        for one in _content(element):
            if local(one.tag) == "p":
                words.add(self._paragraph(one))
        return tidy(words.text, "注記")


def _child(element: ET.Element | None, name: str) -> ET.Element | None:
    """The first child of a local name."""
    return None if element is None else next((one for one in element if local(one.tag) == name), None)


def _whole(element: ET.Element | None, otherwise: int) -> int:
    """A whole number of at most four digits that a property holds."""
    text = "" if element is None else attribute(element, "val")
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 5 else otherwise


def _found(element: ET.Element, name: str) -> Iterator[ET.Element]:
    """The rows of a table or the cells of a row, also those that a content control wraps."""
    for child in element:
        if local(child.tag) == name:
            yield child
        elif local(child.tag) in {"sdt", "sdtContent", "customXml", "ins", "del"}:
            yield from _found(child, name)


def _content(element: ET.Element) -> Iterator[ET.Element]:
    """The paragraphs and tables of a cell, a text box or a note."""
    for child in element:
        name = local(child.tag)
        if name in {"p", "tbl"}:
            yield child
        elif name in {"sdt", "sdtContent", "customXml"}:
            yield from _content(child)


def _remarks(package: Package, said: _Said) -> Iterator[str]:
    """What a person should know, in sentences."""
    if package.macros:
        yield "マクロが入っています。マクロは実行せず、文章だけを読みました。"
    inserted = len([name for name in package.under("word/") if "afchunk" in name.lower()])
    if inserted:
        yield f"差し込まれた別の文書が{inserted:,}件あります。その中身は読みませんでした。"
    if said.tracked:
        yield "変更履歴が残っています。変更後の文章を読み、削除された文字は変更前として残しました。"
    if said.struck:
        yield f"取り消し線や削除のある場所が{said.struck:,}か所あります。消された文字を変更前、ほかを変更後として読みました。"
    if said.notes:
        yield f"コメントが{said.notes:,}件あります。"
    if said.hidden:
        yield f"隠し文字のある場所が{said.hidden:,}か所あります。これも読みました。"
    if said.pictures:
        yield f"画像や図が{said.pictures:,}点あります。その中の文字は読みませんでした。"
