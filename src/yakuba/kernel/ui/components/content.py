"""Blocks of content: facts, cards, plain tables, the strip of years, lines of a source document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.ui.drawing import Text, draw


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a definition list. An empty value is shown as 「記載なし」: no value is never nothing."""

    label: Text
    value: object
    note: Text = ""


def facts(rows: Sequence[Fact]) -> SafeString:
    """Draw a definition list: label beside value, under one another on a phone."""
    return draw("facts", rows=rows)


def card(
    title: Text,
    href: str,
    *,
    body: Text = "",
    meta: Text = "",
    figure: Text = "",
    level: int = 3,
    lang: str = "",
) -> SafeString:
    """Draw a card that is one link; `level` is that of its heading (2 to 4), `figure` a drawn component under the body.

    `lang` is the language of the title where it may not be the page's.
    """
    if level not in {2, 3, 4}:
        raise ValueError(f"heading level {level}")
    return draw(
        "card", title=title, href=href, body=body, meta=meta, figure=figure, tag=f"h{level}", lang=lang
    )


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a plain table; numbers stand at the end of their cell. ``narrow``: what stands in it is short and stays on one line."""

    label: Text
    number: bool = False
    narrow: bool = False


def table(
    caption: Text,
    columns: Sequence[TableColumn],
    rows: Sequence[Sequence[object]],
    *,
    hide_caption: bool = False,
) -> SafeString:
    """Draw a small table; the first cell of each row is its heading. ValueError when a row has another length."""
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(f"a row of {len(row)} cells in a table of {len(columns)} columns")
    paired = [list(zip(columns, row, strict=True)) for row in rows]
    return draw("table", caption=caption, columns=columns, rows=paired, hide_caption=hide_caption)


_WIDEST = 6  # years that one piece of the strip may span


@dataclass(frozen=True, slots=True)
class _Stage:
    """Neighbouring years with the same words."""

    years: tuple[FiscalYear, ...]
    words: str
    now: FiscalYear | None

    @property
    def css(self) -> str:
        """Its width in years, whether this year is in it, whether it is a gap."""
        marks = (("now", self.now is not None), ("none", not self.words))
        return " ".join([f"span-{len(self.years)}", *(word for word, holds in marks if holds)])


def year_strip(
    stages: Mapping[int, str], *, label: Text, current: int | None = None, lang: str = ""
) -> SafeString:
    """Draw what is planned in each fiscal year (検証・構築 → 導入・運用 → 運用) as a strip; missing years show as gaps.

    Neighbours with the same words are one piece. Keys are western years of fiscal years; `current` is the year to mark.
    Nothing without stages. `lang` is the language of the stages where it may not be the page's.
    """
    if not stages:
        return SafeString("")
    pieces: list[_Stage] = []
    for number in range(min(stages), max(stages) + 1):
        year, words = FiscalYear(number), stages.get(number, "").strip()
        now = year if number == current else None
        before = pieces[-1] if pieces else None
        if before and before.words == words and len(before.years) < _WIDEST:
            pieces[-1] = _Stage((*before.years, year), words, before.now or now)
        else:
            pieces.append(_Stage((year,), words, now))
    return draw("year_strip", pieces=pieces, label=label, lang=lang)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of a source document as read: its number (from 1) and its cells as printed."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    cells: tuple[_Cell, ...]
    marked: bool


def source_excerpt(
    file: str,
    lines: Sequence[SourceLine],
    *,
    line: int,
    cell: int | None = None,
    rule: Text = "",
    key: str = "line",
    part: Text = "",
) -> SafeString:
    """Draw where a value was read: lines of the document, and marked in them the cell (from 0), or else the whole line.

    `rule` says in words how it was read; `part` names the sheet or page that the lines count in. Each line has the id
    `{key}-{number}`, for a field's `data-source`.
    """
    drawn = [
        _Line(
            one.number,
            tuple(_Cell(text, one.number == line and n == cell) for n, text in enumerate(one.cells)),
            one.number == line,
        )
        for one in lines
    ]
    return draw("source_excerpt", file=file, lines=drawn, line=line, cell=cell, rule=rule, key=key, part=part)
