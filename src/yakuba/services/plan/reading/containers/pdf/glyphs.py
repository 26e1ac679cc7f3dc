"""What a page draws: its letters, its straight lines and how many pictures, in points from the page's top left corner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, NamedTuple

from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import stream_value
from pdfminer.utils import Matrix, apply_matrix_pt

from yakuba.services.plan.reading.unreadable import Unreadable

from .bounds import TooMuch
from .letters import ordinary
from .opening import check_widths

#: Bounds of one page; a page beyond them is a drawing, or hostile. Nobody prints 60,000 letters on a sheet.
MAX_LETTERS: Final = 60_000
MAX_LINES: Final = 40_000
MAX_FORMS: Final = 3_000
MAX_DRAWN: Final = 8 * 1024 * 1024
#: What an instruction may be given.
MAX_OPERANDS: Final = 1_000
#: Bounds of a whole document.
MAX_ALL_LETTERS: Final = 2_000_000
MAX_ALL_DRAWN: Final = 80 * 1024 * 1024

#: A filled box that is no thicker (points) is drawn as a line; a path that leans no more is straight.
_THIN: Final = 3.0
_LEAN: Final = 0.7
#: Sides of a page in points: a stamp, and beyond what PDF allows (200 inches).
_SMALLEST: Final = 20.0
_LARGEST: Final = 20_000.0
_INVISIBLE: Final = 3  # text rendering mode 3: the letters of a recognised scan lie unseen over its picture


class Glyph(NamedTuple):
    """One letter and its box."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str
    size: float
    """The type size in points."""
    vertical: bool
    """Whether it belongs to a line that runs from top to bottom."""
    level: int
    """The heading's level that a tagged PDF gives, else 0."""
    string: int
    """The number of the string that it was drawn with, in the page."""
    artifact: bool
    """Whether a tagged PDF says that this is no content (page numbers, running heads)."""


class Line(NamedTuple):
    """A straight line: across where `top` equals `bottom`, else down."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(slots=True)
class Drawn:
    """One page: what it draws, its width and height in points."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    pictures: int = 0
    unseen: int = 0
    """Letters that are not painted."""
    unknown: int = 0
    """Letters of which the file does not say what they are."""


class _Fonts(PDFResourceManager):
    """The fonts of a document; absurd ones are refused."""

    def get_font(self, objid: object, spec: Mapping[str, object]) -> PDFFont:
        check_widths(spec)
        return super().get_font(objid, spec)


class Drawing(PDFTextDevice):
    """Collects what pages draw. Call :meth:`page` for one page after the other."""

    def __init__(self) -> None:
        self.manager = _Fonts()
        super().__init__(self.manager)
        self.drawn = Drawn(0, 0, 0)
        self.tags: list[tuple[int, bool]] = []
        self.headings: Mapping[int, int] = {}
        self.letters = 0
        self.page_letters = 0
        self.strings = 0
        self.forms = 0
        self.bytes = 0
        self.all_bytes = 0

    def page(self, page: PDFPage, number: int, headings: Mapping[int, int]) -> Drawn:
        """What a page draws; `headings` are levels by the number of the marked piece. Raises :class:`TooMuch`, `Unreadable`, or whatever a broken page leads the parser to."""
        x0, y0, x1, y1 = page.mediabox
        width, height = abs(x1 - x0), abs(y1 - y0)
        if page.rotate % 180:
            width, height = height, width
        if not (_SMALLEST <= width <= _LARGEST and _SMALLEST <= height <= _LARGEST):
            raise ValueError("a page without a size")
        self.drawn = Drawn(number, width, height)
        self.tags, self.forms, self.bytes, self.page_letters = [], 0, 0, 0
        self.headings = headings
        _Interpreter(self.manager, self).process_page(page)
        return self.drawn

    def spend(self, count: int) -> None:
        """Counts the bytes of a page's instructions."""
        self.bytes += count
        self.all_bytes += count
        if self.all_bytes > MAX_ALL_DRAWN:
            raise Unreadable(
                "too-large",
                "PDFの図が大きすぎて読み切れません。計画の本文のページだけのPDFに分けてください。",
            )
        if self.bytes > MAX_DRAWN:
            raise TooMuch

    # --- what pdfminer calls -----------------------------------------------------------------------------------

    def begin_figure(self, name: Any, bbox: Any, matrix: Any) -> None:  # Any: pdfminer has no types
        self.forms += 1
        if self.forms > MAX_FORMS:
            raise TooMuch

    def render_image(self, name: str, stream: Any) -> None:  # Any: pdfminer has no types
        self.drawn.pictures += 1

    def begin_tag(self, tag: Any, props: Any = None) -> None:  # Any: pdfminer has no types
        name = str(getattr(tag, "name", ""))
        level = int(name[1]) if len(name) == 2 and name[0] == "H" and name[1].isdigit() else 0
        if isinstance(props, dict) and isinstance(piece := props.get("MCID"), int):
            level = self.headings.get(piece, level)
        outer = self.tags[-1] if self.tags else (0, False)
        self.tags.append((level or outer[0], name == "Artifact" or outer[1]))

    def end_tag(self) -> None:
        if self.tags:
            self.tags.pop()

    def render_string(
        self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any
    ) -> None:  # Any: pdfminer has no types
        before = len(self.drawn.glyphs)
        self.strings += 1
        super().render_string(textstate, seq, ncs, graphicstate)
        if textstate.render == _INVISIBLE:
            self.drawn.unseen += len(self.drawn.glyphs) - before

    def render_char(
        self,
        matrix: Matrix,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: Any,  # Any: pdfminer has no types
        graphicstate: Any,  # Any: pdfminer has no types
    ) -> float:
        advance = float(font.char_width(cid) * fontsize * scaling)
        try:
            text = font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            text = ""
        text = ordinary("".join(one for one in text if one >= " " and one not in "\x7f\u200b\ufeff"))
        if not text:
            self.drawn.unknown += 1
            return advance
        self.letters += 1
        self.page_letters += 1
        if self.page_letters > MAX_LETTERS:
            raise TooMuch
        if self.letters > MAX_ALL_LETTERS:
            raise Unreadable(
                "too-many-letters",
                f"文字が多すぎます({MAX_ALL_LETTERS:,}文字を超えています)。計画のページだけのPDFに分けてください。",
            )
        vertical = font.is_vertical()
        if vertical:
            moved = font.char_disp(cid)
            across, up = moved if isinstance(moved, tuple) else (None, moved)
            left = -(fontsize * 0.5 if across is None else across * fontsize * 0.001)
            high = (1000 - up) * fontsize * 0.001 + rise
            box = (left, high + advance, left + fontsize, high)
        else:
            low = font.get_descent() * fontsize + rise
            box = (0.0, low, advance, low + fontsize)
        ax, ay = apply_matrix_pt(matrix, (box[0], box[1]))
        bx, by = apply_matrix_pt(matrix, (box[2], box[3]))
        # A quarter turn: the line runs down or up the page.
        turned = abs(matrix[0]) < abs(matrix[1])
        x0, x1 = sorted((ax, bx))
        low_y, high_y = sorted((ay, by))
        level, artifact = self.tags[-1] if self.tags else (0, False)
        height = self.drawn.height
        along = vertical or turned
        size = x1 - x0 if along else high_y - low_y
        if not (0 <= (x0 + x1) / 2 <= self.drawn.width and 0 <= (low_y + high_y) / 2 <= height):
            return advance  # beside the page: never printed
        self.drawn.glyphs.append(
            Glyph(x0, height - high_y, x1, height - low_y, text, size, along, level, self.strings, artifact)
        )
        return advance

    def paint_path(
        self, graphicstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Any
    ) -> None:  # Any: pdfminer has no types
        points: list[tuple[float, float]] = []
        for step in path:
            if step[0] == "m":
                self._straight(points, stroke=stroke)
                points = [self._on_page(step[1], step[2])]
            elif step[0] == "l":
                points.append(self._on_page(step[1], step[2]))
            elif step[0] == "h":
                if points:
                    points.append(points[0])
            else:  # a curve: only its ends, which no line joins
                self._straight(points, stroke=stroke)
                points = [self._on_page(step[-2], step[-1])]
        self._straight(points, stroke=stroke)

    def _on_page(self, x: float, y: float) -> tuple[float, float]:
        assert self.ctm is not None  # noqa: S101 – the interpreter sets it before anything is drawn
        at_x, at_y = apply_matrix_pt(self.ctm, (x, y))
        return at_x, self.drawn.height - at_y

    def _straight(self, points: list[tuple[float, float]], *, stroke: bool) -> None:
        """Keeps the lines of one polygon: all its sides where it is stroked, one where it is a thin filled box."""
        if len(points) < 2:
            return
        if len(self.drawn.lines) > MAX_LINES:
            raise TooMuch
        if not stroke:
            xs, ys = [x for x, _y in points], [y for _x, y in points]
            wide, high = max(xs) - min(xs), max(ys) - min(ys)
            across, down = (max(ys) + min(ys)) / 2, (max(xs) + min(xs)) / 2
            if wide <= _THIN and high <= _THIN:  # a dot, perhaps of a dotted line across or down
                self.drawn.lines.append(Line(min(xs), across, max(xs), across))
                self.drawn.lines.append(Line(down, min(ys), down, max(ys)))
            elif high <= _THIN:
                self.drawn.lines.append(Line(min(xs), across, max(xs), across))
            elif wide <= _THIN:
                self.drawn.lines.append(Line(down, min(ys), down, max(ys)))
            return
        for (ax, ay), (bx, by) in pairwise(points):
            if abs(ay - by) <= _LEAN < abs(ax - bx):
                self.drawn.lines.append(Line(min(ax, bx), ay, max(ax, bx), ay))
            elif abs(ax - bx) <= _LEAN < abs(ay - by):
                self.drawn.lines.append(Line(ax, min(ay, by), ax, max(ay, by)))


class _Interpreter(PDFPageInterpreter):
    """Counts what it is told to draw; forms inside forms draw again, and are counted again."""

    device: Drawing

    def execute(self, streams: Sequence[object]) -> None:
        for stream in streams:
            self.device.spend(len(stream_value(stream).get_data()))
        super().execute(streams)

    def push(self, obj: Any) -> None:  # Any: pdfminer has no types
        if len(self.argstack) >= MAX_OPERANDS:
            raise TooMuch
        super().push(obj)
