"""The book as a Word document to be edited on: styles, headings, tables whose heads return on each page, fields for page numbers.

Tables are written as elements: the library's own cells take minutes for a thousand rows.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from yakuba.services.plan.book import layout
from yakuba.services.plan.book.blocks import (
    Bars,
    Block,
    Contents,
    Cover,
    Glossary,
    Heading,
    Manuscript,
    Paper,
    Prose,
    Section,
    Table,
)
from yakuba.services.plan.book.terms import Mark, Marker, names
from yakuba.services.plan.book.writers.drawing import png

Element = Any  # Any: an lxml element, for which the library has no types
_FONT: Final = "BIZ UDPゴシック"
_INK: Final = RGBColor(0x14, 0x14, 0x14)
#: Width and height, the width between the margins (mm), the size of a table's type (pt).
_PAPERS: Final[dict[Paper, tuple[float, float, float, float]]] = {
    "a4": (210, 297, 170, 9),
    "a4-wide": (297, 210, 265, 8.5),
    "a3-wide": (420, 297, 388, 8.5),
}
_BODY, _BODY_LARGE = 10.5, 14.0
_POINT: Final = 0.3528
_TWIP: Final = 1440 / 25.4
_HEADINGS: Final = {1: 16.0, 2: 12.5, 3: 11.5, 4: 10.5}
_SHADE, _SOFT = "ECECEC", "F7F7F7"
_NO_XML: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF))


def write(manuscript: Manuscript) -> bytes:
    """The document's bytes."""
    return _Writer(manuscript).write()


class _Writer:
    """One block after the other into one document."""

    def __init__(self, manuscript: Manuscript) -> None:
        self.manuscript = manuscript
        self.document: Any = Document()  # Any: the library ships no types
        self.factor = _BODY_LARGE / _BODY if manuscript.large else 1.0
        entries = [
            one for block in manuscript.blocks() if isinstance(block, Glossary) for one in block.entries
        ]
        self.marker = Marker(names(entries))
        self.seen: set[int] = set()
        self.marks = 0
        self.fresh = True
        """Whether what comes next stands on a new page anyway."""

    def write(self) -> bytes:
        self._styles()
        self._properties()
        for n, section in enumerate(self.manuscript.sections):
            self._section(section, first=n == 0)
            for block in section.blocks:
                self._block(block, section.paper)
        target = io.BytesIO()
        self.document.save(target)
        return target.getvalue()

    # --- the document ---------------------------------------------------------------------------------------------

    def _styles(self) -> None:
        styles = self.document.styles
        normal = styles["Normal"]
        normal.font.size = Pt(_BODY * self.factor)
        normal.paragraph_format.space_after = Pt(5)
        normal.paragraph_format.line_spacing = 1.35
        _font(normal.element)
        language = OxmlElement("w:lang")
        for name in ("w:val", "w:eastAsia"):
            language.set(qn(name), "ja-JP")
        normal.element.get_or_add_rPr().append(language)
        for level, size in _HEADINGS.items():
            style = styles[f"Heading {level}"]
            style.font.size, style.font.bold, style.font.italic = Pt(size * self.factor), True, False
            style.font.color.rgb = _INK
            style.paragraph_format.space_before = Pt(18 if level == 1 else 12)
            style.paragraph_format.space_after = Pt(6)
            style.paragraph_format.keep_with_next = True
            _font(style.element)
        title = styles["Title"]
        title.font.size, title.font.bold, title.font.color.rgb = Pt(25), True, _INK
        _font(title.element)

    def _properties(self) -> None:
        own = self.document.core_properties
        own.title, own.language, own.author = self.manuscript.title, "ja-JP", self.manuscript.municipality
        own.comments = "下書き" if self.manuscript.draft else ""

    def _section(self, section: Section, *, first: bool) -> None:
        own = self.document.sections[0] if first else self.document.add_section(WD_SECTION.NEW_PAGE)
        width, height, room, _size = _PAPERS[section.paper]
        own.orientation = WD_ORIENT.LANDSCAPE if width > height else WD_ORIENT.PORTRAIT
        own.page_width, own.page_height = Mm(width), Mm(height)
        own.left_margin = own.right_margin = Mm((width - room) / 2)
        own.top_margin, own.bottom_margin = Mm(20), Mm(18)
        if first:
            own.different_first_page_header_footer = isinstance(next(iter(section.blocks), None), Cover)
            head = own.header.paragraphs[0]
            head.text = " ".join(
                filter(None, (self.manuscript.title, "【下書き】" if self.manuscript.draft else ""))
            )
            head.style.font.size = Pt(8)
            foot = own.footer.paragraphs[0]
            foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _field(foot._p, "PAGE", "1")  # noqa: SLF001 – the element is the library's only way to a field
        else:
            own.different_first_page_header_footer = False
        self.fresh = True

    # --- blocks -----------------------------------------------------------------------------------------------------

    def _block(self, block: Block, paper: Paper) -> None:
        if isinstance(block, Cover):
            self._cover(block)
            return
        if isinstance(block, Heading):
            self._heading(block)
        elif isinstance(block, Prose):
            for text in block.paragraphs:
                paragraph = self.document.add_paragraph()
                if block.remark:
                    paragraph.paragraph_format.space_after = Pt(2)
                self._runs(paragraph._p, text, size=_BODY * 0.88 * self.factor if block.remark else 0)  # noqa: SLF001
        elif isinstance(block, Table):
            if block.caption:
                caption = self.document.add_paragraph()
                caption.paragraph_format.keep_with_next = True
                caption.add_run(_clean(block.title)).bold = True
            self._table(block, paper)
        elif isinstance(block, Bars):
            self._bars(block, paper)
        elif isinstance(block, Contents):
            self._contents(block)
        elif isinstance(block, Glossary):
            self._glossary(block, paper)
        self.fresh = False

    def _cover(self, cover: Cover) -> None:
        add = self.document.add_paragraph
        if self.manuscript.draft:
            note = add("下書き　公表していない内容です")
            note.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            note.runs[0].bold = True
        title = self.document.add_paragraph(_clean(cover.title), style="Title")
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        title.paragraph_format.space_before = Pt(190)
        for line, size, before in [
            *((line, 14.0, 6) for line in cover.lines),
            (cover.day, 13.0, 220),
            (cover.municipality, 19.0, 6),
        ]:
            paragraph = add(_clean(line))
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.space_before = Pt(before)
            paragraph.runs[0].font.size = Pt(size)
        self.document.add_page_break()
        self.fresh = True

    def _heading(self, heading: Heading) -> None:
        paragraph = self.document.add_heading(_clean(heading.text), heading.level)
        if heading.fresh and not self.fresh:
            paragraph.paragraph_format.page_break_before = True
        self._marked(paragraph._p, f"_Toc{self.marks:06d}")  # noqa: SLF001

    def _contents(self, contents: Contents) -> None:
        self.document.add_paragraph(
            _clean(contents.title), style="TOC Heading" if _has(self.document, "TOC Heading") else None
        )
        headings = [
            block for block in self.manuscript.blocks() if isinstance(block, Heading) and block.level <= 2
        ]
        # Word fills in the pages when the document is opened; until then the headings stand there.
        lines = [f"{'　' * (one.level - 1)}{one.text}" for one in headings]
        paragraph = self.document.add_paragraph()
        _field(paragraph._p, 'TOC \\o "1-2" \\h \\z \\u', lines or [""], dirty=True)  # noqa: SLF001
        self.document.add_page_break()

    def _bars(self, bars: Bars, paper: Paper) -> None:
        width = min(_PAPERS[paper][2], 170.0)
        paragraph = self.document.add_paragraph()
        shape = paragraph.add_run().add_picture(io.BytesIO(png(bars, width)), width=Mm(width))
        shape._inline.docPr.set("descr", bars.alt)  # noqa: SLF001 – the library has no word for an alternative text
        shape._inline.docPr.set("title", bars.title)  # noqa: SLF001

    def _table(self, table: Table, paper: Paper) -> None:
        _w, _h, room, size = _PAPERS[paper]
        size *= self.factor
        widths = layout.shares(table, room / (size * _POINT))
        grid = [round(one * size * _POINT * _TWIP) for one in widths]
        made = _table(table.title, grid)
        for heads in _heads(table, grid):
            made.append(_row(heads, head=True))
        bold = {n for n, column in enumerate(table.columns) if column.head}
        right = {n for n, column in enumerate(table.columns) if column.number}
        for row in table.rows:
            cells = [
                _cell(
                    grid[n],
                    self._paragraphs(text, size, bold=n in bold, right=n in right),
                    fill=_SOFT if n in bold else "",
                )
                for n, text in enumerate(row)
            ]
            made.append(_row(cells, whole=layout.height(row, widths) < 30))
        self._put(made)

    def _glossary(self, glossary: Glossary, paper: Paper) -> None:
        _w, _h, room, size = _PAPERS[paper]
        size *= self.factor
        grid = [round(room * share * _TWIP) for share in (0.24, 0.09, 0.67)]
        made = _table("用語集", grid)
        heads = [
            _cell(width, [_text(label, size, bold=True)], fill=_SHADE)
            for width, label in zip(grid, ("用語", "ページ", "解説"), strict=True)
        ]
        made.append(_row(heads, head=True))
        for n, (term, text) in enumerate(glossary.entries):
            page = OxmlElement("w:p")
            if n in self.seen:
                _field(page, f"PAGEREF term{n} \\h", "", dirty=True)
            else:
                page.append(_run("―", size))
            made.append(
                _row(
                    [
                        _cell(grid[0], [_text(term, size, bold=True)]),
                        _cell(grid[1], [page]),
                        _cell(grid[2], self._paragraphs(text, size, mark=False)),
                    ]
                )
            )
        self._put(made)

    def _put(self, table: Element) -> None:
        body = self.document.element.body
        body.insert(len(body) - 1, table)
        # Word wants a paragraph between two tables.
        after = self.document.add_paragraph()
        after.paragraph_format.space_after = Pt(4)
        after.paragraph_format.line_spacing = 0.6

    # --- text ----------------------------------------------------------------------------------------------------------

    def _paragraphs(
        self, text: str, size: float, *, bold: bool = False, right: bool = False, mark: bool = True
    ) -> list[Element]:
        found = []
        for line in text.split("\n"):
            paragraph = OxmlElement("w:p")
            if right:
                properties, side = OxmlElement("w:pPr"), OxmlElement("w:jc")
                side.set(qn("w:val"), "right")
                properties.append(side)
                paragraph.append(properties)
            if mark:
                self._runs(paragraph, line, size, bold=bold)
            elif line:
                paragraph.append(_run(line, size, bold=bold))
            found.append(paragraph)
        return found

    def _runs(self, paragraph: Element, text: str, size: float = 0, *, bold: bool = False) -> None:
        """The text, with a bookmark where a term of the glossary stands first."""
        for one in self.marker.runs(text):
            if isinstance(one, Mark):
                self.seen.add(one.term)
                begin, end = self._bookmark(f"term{one.term}")
                paragraph.append(begin)
                paragraph.append(_run(one.text, size, bold=bold))
                paragraph.append(end)
            elif one:
                paragraph.append(_run(one, size, bold=bold))

    def _marked(self, paragraph: Element, name: str) -> None:
        begin, end = self._bookmark(name)
        paragraph.insert(1, begin)
        paragraph.append(end)

    def _bookmark(self, name: str) -> tuple[Element, Element]:
        begin, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        self.marks += 1
        for one in (begin, end):
            one.set(qn("w:id"), str(self.marks))
        begin.set(qn("w:name"), name)
        return begin, end


def _has(document: Any, name: str) -> bool:  # Any: the library's document
    return any(style.name == name for style in document.styles)


def _clean(text: str) -> str:
    return text.translate(_NO_XML)


def _font(style: Element) -> None:
    """The typeface of a style, in every script."""
    properties = style.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(name), _FONT)


def _run(text: str, size: float = 0, *, bold: bool = False) -> Element:
    run = OxmlElement("w:r")
    if size or bold:
        properties = OxmlElement("w:rPr")
        if bold:
            properties.append(OxmlElement("w:b"))
        if size:
            for name in ("w:sz", "w:szCs"):
                one = OxmlElement(name)
                one.set(qn("w:val"), str(round(size * 2)))
                properties.append(one)
        run.append(properties)
    held = OxmlElement("w:t")
    held.set(qn("xml:space"), "preserve")
    held.text = _clean(text)
    run.append(held)
    return run


def _text(text: str, size: float, *, bold: bool = False, middle: bool = False) -> Element:
    paragraph = OxmlElement("w:p")
    if middle:
        properties, side = OxmlElement("w:pPr"), OxmlElement("w:jc")
        side.set(qn("w:val"), "center")
        properties.append(side)
        paragraph.append(properties)
    paragraph.append(_run(text, size, bold=bold))
    return paragraph


def _field(paragraph: Element, code: str, shown: str | Sequence[str], *, dirty: bool = False) -> None:
    """A field that Word computes, with what is shown until it did; ``dirty`` asks Word to do so when the document is opened."""

    def part(kind: str) -> None:
        run, char = OxmlElement("w:r"), OxmlElement("w:fldChar")
        char.set(qn("w:fldCharType"), kind)
        if kind == "begin" and dirty:
            char.set(qn("w:dirty"), "true")
        run.append(char)
        paragraph.append(run)

    part("begin")
    run, instruction = OxmlElement("w:r"), OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = f" {code} "
    run.append(instruction)
    paragraph.append(run)
    part("separate")
    for n, line in enumerate([shown] if isinstance(shown, str) else shown):
        own = _run(line)
        if n:
            own.insert(0, OxmlElement("w:br"))
        paragraph.append(own)
    part("end")


def _table(title: str, grid: Sequence[int]) -> Element:
    """An empty ruled table of these widths (twips), which a screen reader announces by its title."""
    table, properties, columns = (OxmlElement(f"w:{name}") for name in ("tbl", "tblPr", "tblGrid"))
    settings: list[tuple[str, dict[str, str]]] = [
        ("tblStyle", {"val": "TableGrid"}),
        ("tblW", {"w": str(sum(grid)), "type": "dxa"}),
        ("tblLayout", {"type": "fixed"}),
        ("tblLook", {"val": "0620", "firstRow": "1", "firstColumn": "0", "noHBand": "1", "noVBand": "1"}),
        ("tblCaption", {"val": _clean(title)}),
    ]
    for name, values in settings:
        one = OxmlElement(f"w:{name}")
        for key, value in values.items():
            one.set(qn(f"w:{key}"), value)
        properties.append(one)
    for width in grid:
        column = OxmlElement("w:gridCol")
        column.set(qn("w:w"), str(width))
        columns.append(column)
    table.append(properties)
    table.append(columns)
    return table


def _row(cells: Sequence[Element], *, head: bool = False, whole: bool = True) -> Element:
    row = OxmlElement("w:tr")
    properties = OxmlElement("w:trPr")
    if whole:
        properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))
    row.append(properties)
    for cell in cells:
        row.append(cell)
    return row


def _cell(
    width: int, paragraphs: Sequence[Element], *, fill: str = "", span: int = 1, merge: str = ""
) -> Element:
    """A cell; ``merge`` is `restart` or `continue` where it goes on below."""
    cell, properties = OxmlElement("w:tc"), OxmlElement("w:tcPr")
    settings = [("tcW", {"w": str(width), "type": "dxa"})]
    if span > 1:
        settings.append(("gridSpan", {"val": str(span)}))
    if merge:
        settings.append(("vMerge", {"val": merge}))
    if fill:
        settings.append(("shd", {"val": "clear", "color": "auto", "fill": fill}))
    for name, values in settings:
        one = OxmlElement(f"w:{name}")
        for key, value in values.items():
            one.set(qn(f"w:{key}"), value)
        properties.append(one)
    cell.append(properties)
    for paragraph in paragraphs:
        cell.append(paragraph)
    return cell


def _heads(table: Table, grid: Sequence[int]) -> list[list[Element]]:
    """The rows of the head: groups above their columns, every other head over both rows."""

    def head(label: str, width: int, span: int = 1, merge: str = "") -> Element:
        return _cell(width, [_text(label, 9, bold=True, middle=True)], fill=_SHADE, span=span, merge=merge)

    columns = table.columns
    if not any(column.group for column in columns):
        return [[head(column.label, grid[n]) for n, column in enumerate(columns)]]
    above: list[Element] = []
    below: list[Element] = []
    n = 0
    while n < len(columns):
        group = columns[n].group
        end = n + 1
        while group and end < len(columns) and columns[end].group == group:
            end += 1
        if group:
            above.append(head(group, sum(grid[n:end]), end - n))
            below += [head(columns[m].label, grid[m]) for m in range(n, end)]
        else:
            above.append(head(columns[n].label, grid[n], merge="restart"))
            below.append(head("", grid[n], merge="continue"))
        n = end
    return [above, below]
