"""Typst sources of what bodies print; the data come from ``documents``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from yakuba.kernel import pdf
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.files import merging

#: What several of them share: a table of facts, and paragraphs.
_SHARED: Final = """
#let facts-of(rows) = table(columns: (30mm, 1fr), fill: (x, y) => if y == 0 or x == 0 { luma(244) }, inset: (x: 2mm, y: 1.6mm),
  table.header([#text(size: 9pt)[項目]], [#text(size: 9pt)[内容]]),
  ..rows.map(row => ([#row.at(0)], [#row.at(1)])).flatten())
#let lines-of(lines) = for line in lines { if line != "" { par[#line] } }
"""

_PAPERS: Final = (
    _SHARED
    + """
#set page(numbering: none, footer: context align(center, text(size: 9pt)[#counter(page).display() / #(counter(page).final().first() + data.behind)]))
#let page-of(offset) = context [#(counter(page).final().first() + offset)]
#v(38mm)
#align(center)[#text(size: 13pt)[#data.town] #v(6mm) #heading(level: 1)[#text(size: 19pt)[#data.name]] #v(2mm) #text(size: 13pt)[会議資料]]
#v(14mm)
#facts-of(data.facts)
#v(1fr)
#align(center)[#text(size: 10pt)[庶務　#data.office]]
#pagebreak()
#heading(level: 2)[次第]
#enum(..data.items.map(item => [#item.title　#text(size: 9pt, fill: luma(70))[#item.what]]))
#let all = data.items.map(item => item.papers).flatten()
#if all.len() > 0 [
  #heading(level: 2)[配付資料]
  #table(columns: (1fr, 22mm, 32mm), align: (left, right, right), fill: (x, y) => if y == 0 { luma(242) },
    table.header([資料], [ページ数], [はじめのページ]),
    ..all.map(paper => ([#paper.title], [#paper.pages], page-of(paper.offset))).flatten())
]
#if data.members.len() > 0 [
  #heading(level: 2)[構成員]
  #table(columns: (34mm, 1fr), fill: (x, y) => if y == 0 { luma(242) }, table.header([役], [職・所属]),
    ..data.members.map(row => ([#row.at(0)], [#row.at(1)])).flatten())
]
#if data.guests.len() > 0 [
  #heading(level: 2)[出席を求める人]
  #table(columns: (1fr, 1fr), fill: (x, y) => if y == 0 { luma(242) }, table.header([職・所属], [理由]),
    ..data.guests.map(row => ([#row.at(0)], [#row.at(1)])).flatten())
]
#for (place, item) in data.items.filter(one => one.explanation.len() + one.sections.len() + one.papers.len() > 0).enumerate() [
  #if place == 0 or item.sections.len() > 0 { pagebreak(weak: true) } else { v(12mm, weak: true) }
  #text(size: 9.5pt, fill: luma(70))[議題#item.number　#item.what]
  #heading(level: 2)[#item.title]
  #lines-of(item.explanation)
  #for section in item.sections [
    #heading(level: 3)[#section.heading]
    #if section.facts.len() > 0 { facts-of(section.facts) }
    #lines-of(section.text)
  ]
  #if item.papers.len() > 0 [
    #heading(level: 3)[この議題の資料]
    #list(..item.papers.map(paper => [#paper.title（#page-of(paper.offset)ページから）]))
  ]
]
"""
)

_MINUTES: Final = (
    _SHARED
    + """
#align(center)[#heading(level: 1)[#data.title]]
#if data.preview != "" [#align(center)[#text(fill: rgb("#8c1d18"))[#data.preview]]]
#facts-of(data.facts)
#heading(level: 2)[#if data.circular [回答した委員等] else [出欠]]
#table(columns: (28mm, 1fr, 34mm, 34mm), fill: (x, y) => if y == 0 { luma(242) },
  table.header([役], [職・所属], [氏名], [#if data.circular [回答] else [出欠]]),
  ..data.attendance.map(row => row.map(cell => [#cell])).flatten())
#if data.guests.len() > 0 [
  #heading(level: 2)[出席を求めた人]
  #table(columns: (1fr, 34mm, 1fr), fill: (x, y) => if y == 0 { luma(242) }, table.header([職・所属], [氏名], [理由]),
    ..data.guests.map(row => row.map(cell => [#cell])).flatten())
]
#if data.opening.len() > 0 [
  #heading(level: 2)[開会]
  #lines-of(data.opening)
]
#for item in data.items [
  #heading(level: 2)[議題#item.number　#item.title]
  #if item.talk.len() > 0 [
    #heading(level: 3)[審議の内容]
    #lines-of(item.talk)
  ]
  #let rows = ((item.what, item.decision), ("内訳", item.details), ("回答", item.tally)).filter(row => row.at(1) != "")
  #if rows.len() > 0 { facts-of(rows) }
  #if item.reason.len() > 0 [
    #heading(level: 3)[理由・意見]
    #lines-of(item.reason)
  ]
]
#if data.closing.len() > 0 [
  #heading(level: 2)[閉会]
  #lines-of(data.closing)
]
#if data.confirmed != "" [#v(8mm) #align(right)[#data.confirmed]]
"""
)

_LETTER: Final = (
    _SHARED
    + """
#set page(margin: (x: 25mm, top: 25mm, bottom: 22mm))
#align(right)[#data.day]
#v(0.6em)
#for one in data.addressees [#one　様 \\ ]
#v(0.8em)
#align(right)[#for line in data.sender.filter(line => line != "") [#line \\ ]]
#v(1em)
#align(center)[#heading(level: 1)[#data.title]]
#v(0.6em)
#lines-of(data.text)
#align(center)[記]
#facts-of(data.facts)
#heading(level: 2)[議題]
#enum(..data.items.map(item => [#item.title　#text(size: 9pt, fill: luma(70))[#item.what]]))
#v(1em)
#align(right)[#text(size: 9.5pt)[#data.contact]]
"""
)

_REPORT: Final = (
    _SHARED
    + """
#set page(margin: (x: 25mm, top: 25mm, bottom: 22mm))
#align(right)[#data.day]
#v(0.6em)
#data.addressee　様
#v(0.8em)
#align(right)[#for line in data.sender.filter(line => line != "") [#line \\ ]]
#v(1em)
#align(center)[#heading(level: 1)[#data.title]]
#v(0.6em)
#lines-of(data.text)
#facts-of(data.facts)
#for (place, item) in data.items.enumerate() [
  #heading(level: 2)[#(place + 1)　#item.title]
  #let rows = ((item.what, item.decision), ("内訳", item.details)).filter(row => row.at(1) != "")
  #if rows.len() > 0 { facts-of(rows) }
  #lines-of(item.reason)
]
#v(1em)
#align(right)[#text(size: 9.5pt)[#data.contact]]
"""
)


def papers(data: Mapping[str, JsonValue], behind: Sequence[tuple[str, bytes]]) -> bytes:
    """Cover, agenda, what each item is about, and the papers behind them with their numbers in the whole."""
    front = pdf.render(_PAPERS, title=str(data["title"]), data=data)
    return merging.append_pdfs(front, [one for _title, one in behind], [title for title, _one in behind])


def minutes(data: Mapping[str, JsonValue], *, preview: str = "", confirmed: str = "") -> bytes:
    """The minutes; with words for ``preview`` while they are not confirmed, ``confirmed`` says by whom they are."""
    return pdf.render(
        _MINUTES, title=str(data["title"]), data={**data, "preview": preview, "confirmed": confirmed}
    )


def letter(data: Mapping[str, JsonValue]) -> bytes:
    """The notice that calls a meeting."""
    return pdf.render(_LETTER, title=str(data["title"]), data=data, typeface="mincho")


def report(data: Mapping[str, JsonValue]) -> bytes:
    """The report of what came of a meeting."""
    return pdf.render(_REPORT, title=str(data["title"]), data=data, typeface="mincho")
