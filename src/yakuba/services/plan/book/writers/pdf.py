"""The book as PDF/UA-1: cover, contents with page numbers, tables whose heads return on each page, a glossary with page numbers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Final

from yakuba.kernel import pdf
from yakuba.kernel.fields import JsonValue
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
    Table,
)
from yakuba.services.plan.book.terms import Mark, Marker, names
from yakuba.services.plan.book.writers.drawing import BARS, drawn

#: Paper, whether it lies across, the width between its margins (mm), and the size of a table's type (pt).
_PAPERS: Final[dict[Paper, tuple[str, bool, float, float]]] = {
    "a4": ("a4", False, 170.0, 9.0),
    "a4-wide": ("a4", True, 265.0, 8.5),
    "a3-wide": ("a3", True, 388.0, 8.5),
}
_BODY, _BODY_LARGE = 10.5, 14.0
_POINT: Final = 0.3528  # mm
#: A row of more lines than this may break over two pages; a shorter one stays together.
_WHOLE: Final = {"a4": 30, "a4-wide": 22, "a3-wide": 34}
#: Raised and lowered figures, as notes have them (※¹⁵).
_RAISED: Final = re.compile("[⁰¹²³⁴-⁹₀-₉]+")
_UNBROKEN: Final = re.compile(r"[A-Za-z0-9_./:-]{25,}")

_SOURCE: Final = r"""
#let ink = luma(20)
#let soft = luma(236)
#let line-ink = luma(110)
#let k = data.size / 10.5
#set text(size: data.size * 1pt, fill: ink)
#set par(leading: 0.82em, spacing: 1.0em, first-line-indent: 0em)
#set table(stroke: 0.5pt + line-ink)
#show heading: set par(justify: false, leading: 0.6em)
#show heading.where(level: 1): set text(size: data.size * 1.55pt)
#show heading.where(level: 1): it => block(width: 100%, sticky: true, above: 2.2em, below: 1.1em, inset: (bottom: 0.45em), stroke: (bottom: 1.6pt + ink), it.body)
#show heading.where(level: 2): set text(size: data.size * 1.18pt)
#show heading.where(level: 2): it => block(sticky: true, above: 1.7em, below: 0.8em, inset: (left: 0.55em), stroke: (left: 3.5pt + luma(70)), it.body)
#show heading.where(level: 3): set text(size: data.size * 1.06pt)
#show heading.where(level: 3): it => block(sticky: true, above: 1.4em, below: 0.7em, it.body)
#show heading.where(level: 4): set text(size: data.size * 1pt)
#show heading.where(level: 4): it => block(sticky: true, above: 1.2em, below: 0.6em, it.body)
#show outline.entry.where(level: 1): set text(weight: "bold")
#show outline.entry.where(level: 1): set block(above: 1.1em)
#set outline.entry(fill: repeat([.], gap: 0.25em))
#show figure: set block(breakable: false)

#let words(given) = if type(given) == str { given } else {
  for one in given { if type(one) == str { one } else { [#metadata(one.term)#label("term-" + str(one.term))#one.text] } }
}
#let page-of(term) = context {
  let found = query(label("term-" + str(term)))
  if found.len() == 0 { [―] } else {
    let at = found.first().location()
    link(at, str(counter(page).at(at).first()))
  }
}
#let running = context {
  set text(size: 8pt * k, fill: luma(60))
  grid(columns: (1fr, auto), data.title, if data.draft { box(stroke: 0.8pt + ink, inset: (x: 5pt, y: 2.5pt), strong(data.draft_word)) })
}
#let cover(one) = page(paper: "a4", flipped: false, margin: (x: 26mm, top: 40mm, bottom: 30mm), header: none, footer: none, {
  set align(center)
  set par(justify: false, leading: 0.7em)
  if data.draft { align(right, box(stroke: 1.2pt + ink, inset: 8pt, strong(data.draft_word + "　" + data.draft_said))) }
  v(1fr)
  block(width: 100%, inset: (y: 9mm), stroke: (top: 2.5pt + ink, bottom: 2.5pt + ink), {
    title(text(size: 25pt, weight: "bold", one.title))
    v(3mm)
    for line in one.lines { block(above: 1em, text(size: 14pt, line)) }
  })
  v(2fr)
  text(size: 13pt, one.day)
  v(4mm)
  text(size: 19pt, weight: "bold", one.municipality)
})
#let head-cell(one) = table.cell(colspan: one.span, rowspan: one.down, fill: soft, align: center + horizon, breakable: false, strong(one.label))
#let grid-of(one) = {
  set text(size: one.size * 1pt)
  set par(leading: 0.62em, justify: false)
  table(
    columns: one.widths.map(width => width * 1mm),
    inset: (x: 4pt, y: 4.2pt),
    align: (x, y) => if one.right.contains(x) { right + top } else { left + top },
    table.header(..one.heads.flatten().map(head-cell)),
    ..one.rows.map(row => row.cells.enumerate().map(((n, cell)) => if one.bold.contains(n) {
      table.cell(breakable: row.breaks, fill: luma(247), strong(words(cell)))
    } else { table.cell(breakable: row.breaks, words(cell)) })).flatten(),
  )
}
%(bars)s#let put(one) = {
  if one.is == "heading" {
    if one.fresh { pagebreak(weak: true) }
    heading(level: one.level, one.text)
  } else if one.is == "prose" {
    if one.remark { set text(size: data.size * 0.88pt); for text in one.texts { block(above: 0.6em, below: 0.6em, par(words(text))) } }
    else { for text in one.texts { par(hanging-indent: if one.listed { 1em } else { 0em }, words(text)) } }
  } else if one.is == "table" {
    if one.caption != "" { block(sticky: true, above: 1.2em, below: 0.6em, strong(one.caption)) }
    block(above: 0.9em, below: 1.2em, breakable: not one.whole, grid-of(one))
  } else if one.is == "bars" { bars-of(one) }
  else if one.is == "contents" {
    heading(level: 1, outlined: false, one.title)
    outline(title: none, depth: 2, indent: 1.2em)
  } else if one.is == "glossary" {
    set text(size: one.size * 1pt)
    set par(leading: 0.62em, justify: false)
    table(
      columns: one.widths.map(width => width * 1mm),
      inset: (x: 4pt, y: 4.2pt),
      align: (x, y) => if x == 1 { center + top } else { left + top },
      table.header(..one.heads.map(label => table.cell(fill: soft, align: center + horizon, strong(label)))),
      ..one.entries.map(entry => (
        table.cell(breakable: false, strong(entry.term)),
        table.cell(breakable: false, page-of(entry.number)),
        table.cell(breakable: entry.breaks, entry.text),
      )).flatten(),
    )
  }
}
#for section in data.sections {
  if section.is == "cover" { cover(section) } else {
    page(paper: section.paper, flipped: section.across, margin: (x: section.margin * 1mm, top: 20mm, bottom: 18mm),
      header: running, header-ascent: 6mm,
      footer: context align(center, text(size: 9pt * k, counter(page).display("1"))), footer-descent: 6mm,
      for one in section.blocks { put(one) })
  }
}
"""


def write(manuscript: Manuscript) -> bytes:
    """The PDF. Raises :class:`~yakuba.kernel.pdf.PrintError`. The same manuscript gives the same bytes."""
    size = _BODY_LARGE if manuscript.large else _BODY
    data: dict[str, JsonValue] = {
        "size": size,
        "title": manuscript.title,
        "draft": manuscript.draft,
        "draft_word": "下書き",
        "draft_said": "公表していない内容です",
        "sections": _Setter(manuscript).sections(),
    }
    printed = pdf.render(_SOURCE.replace("%(bars)s", BARS), title=manuscript.title, data=data)
    return pdf.with_row_heads(
        printed, [_row_heads(one) for one in manuscript.blocks() if isinstance(one, Table | Glossary)]
    )


def _row_heads(block: Table | Glossary) -> list[int]:
    """The columns that say what a row is about."""
    if isinstance(block, Glossary):
        return [0]
    return [n for n, column in enumerate(block.columns) if column.head]


class _Setter:
    """Blocks as the source reads them."""

    def __init__(self, manuscript: Manuscript) -> None:
        self.manuscript = manuscript
        entries = [
            one for block in manuscript.blocks() if isinstance(block, Glossary) for one in block.entries
        ]
        self.marker = Marker(names(entries))
        self.factor = _BODY_LARGE / _BODY if manuscript.large else 1.0

    def sections(self) -> list[JsonValue]:
        found: list[JsonValue] = []
        for section in self.manuscript.sections:
            paper, across, room, _size = _PAPERS[section.paper]
            sheet = 420.0 if paper == "a3" else 297.0 if across else 210.0
            blocks: list[JsonValue] = []
            for block in section.blocks:
                if isinstance(block, Cover):
                    found.append(_cover(block))
                else:
                    # The paper begins a page anyway; a second break would leave an empty one.
                    if isinstance(block, Heading) and not blocks:
                        block = replace(block, fresh=False)  # noqa: PLW2901
                    blocks += self.block(block, section.paper)
            if blocks:
                found.append(
                    {
                        "is": "section",
                        "paper": paper,
                        "across": across,
                        "margin": (sheet - room) / 2,
                        "blocks": blocks,
                    }
                )
        return found

    def block(self, block: Block, paper: Paper) -> list[JsonValue]:
        if isinstance(block, Heading):
            return [{"is": "heading", "level": block.level, "text": block.text, "fresh": block.fresh}]
        if isinstance(block, Prose):
            listed = all(one[:1] in "・○●①②③④⑤⑥⑦⑧⑨⑩※" for one in block.paragraphs)
            texts: list[JsonValue] = [self.text(one) for one in block.paragraphs]
            return [{"is": "prose", "remark": block.remark, "listed": listed, "texts": texts}]
        if isinstance(block, Table):
            return [self.table(block, paper)]
        if isinstance(block, Bars):
            return [drawn(block)]
        if isinstance(block, Contents):
            return [{"is": "contents", "title": block.title}]
        if isinstance(block, Glossary):
            return [self.glossary(block, paper)]
        return []

    def text(self, text: str) -> JsonValue:
        """A text, with marks where a term of the glossary stands first."""
        runs = self.marker.runs(text)
        if all(isinstance(one, str) for one in runs):
            return _breakable(text)
        return [
            {"term": one.term, "text": one.text} if isinstance(one, Mark) else _breakable(one) for one in runs
        ]

    def _room(self, paper: Paper) -> tuple[float, float]:
        """The size of a table's type (pt), and how many em a line of the page has."""
        _paper, _across, room, size = _PAPERS[paper]
        size *= self.factor
        return size, room / (size * _POINT)

    def table(self, table: Table, paper: Paper) -> JsonValue:
        size, room = self._room(paper)
        widths = layout.shares(table, room)
        whole = _WHOLE[paper] / self.factor
        heights = [layout.height(row, widths) for row in table.rows]
        rows: list[JsonValue] = [
            {"cells": [self.text(cell) for cell in row], "breaks": high > whole}
            for row, high in zip(table.rows, heights, strict=True)
        ]
        return {
            "is": "table",
            "caption": table.title if table.caption else "",
            "size": size,
            "widths": [round(one * size * _POINT, 2) for one in widths],
            "right": [n for n, column in enumerate(table.columns) if column.number],
            "bold": [n for n, column in enumerate(table.columns) if column.head],
            # A short table stays on one page, and its heading with it.
            "whole": sum(heights) + len(heights) / 2 < whole * 0.8,
            "heads": _heads(table),
            "rows": rows,
        }

    def glossary(self, glossary: Glossary, paper: Paper) -> JsonValue:
        size, room = self._room(paper)
        widths = [room * share for share in (0.24, 0.09, 0.67)]
        return {
            "is": "glossary",
            "size": size,
            "widths": [round(one * size * _POINT, 2) for one in widths],
            "heads": ["用語", "ページ", "解説"],
            "entries": [
                {
                    "number": n,
                    "term": term,
                    "text": text,
                    "breaks": layout.lines(text, widths[2]) > _WHOLE[paper],
                }
                for n, (term, text) in enumerate(glossary.entries)
            ],
        }


def _cover(cover: Cover) -> JsonValue:
    lines: list[JsonValue] = list(cover.lines)
    return {
        "is": "cover",
        "title": cover.title,
        "lines": lines,
        "municipality": cover.municipality,
        "day": cover.day,
    }


def _heads(table: Table) -> list[JsonValue]:
    """The rows of the head: neighbours of one group below it, every other head as high as both rows."""
    columns = table.columns
    if not any(column.group for column in columns):
        return [[{"label": column.label, "span": 1, "down": 1} for column in columns]]
    above: list[JsonValue] = []
    below: list[JsonValue] = []
    n = 0
    while n < len(columns):
        group = columns[n].group
        if not group:
            above.append({"label": columns[n].label, "span": 1, "down": 2})
            n += 1
            continue
        end = n
        while end < len(columns) and columns[end].group == group:
            below.append({"label": columns[end].label, "span": 1, "down": 1})
            end += 1
        above.append({"label": group, "span": end - n, "down": 1})
        n = end
    return [above, below]


def _breakable(text: str) -> str:
    """Long runs of letters may break (addresses, digests), which would run out of their cell; notes' numbers in full where no type has them."""
    text = _RAISED.sub(
        lambda found: unicodedata.normalize("NFKC", found[0]) if pdf.unprintable(found[0]) else found[0], text
    )
    return _UNBROKEN.sub(
        lambda found: "\u200b".join(found[0][n : n + 16] for n in range(0, len(found[0]), 16)), text
    )
