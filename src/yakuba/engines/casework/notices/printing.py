"""A notice as it is printed: in Mincho, on A4, with number and day at the top right, the seal beside the sender.

The same function prints what is looked at before the issue and what is issued; only the latter has number, day and seal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from yakuba.engines.casework.notices.rules import END, ITEMS
from yakuba.kernel import pdf
from yakuba.kernel.dates import format_date
from yakuba.kernel.fields import JsonValue

OMITTED: Final = "（公印省略）"
_SEAL: Final = "seal.png"

_SOURCE: Final = """
#set text(size: 11pt)
#set par(leading: 0.9em, spacing: 0.9em, justify: true)
#set page(margin: (x: 25mm, top: 25mm, bottom: 22mm))
#if data.preview != "" [#place(top + left, dy: -14mm, text(size: 10pt, fill: rgb("#b00020"))[#data.preview])]
#align(right)[#data.number \\ #data.date]
#v(1.2em)
#text(size: 12pt)[#data.addressee]
#v(1.2em)
#align(right)[#box(inset: (right: if data.seal == "" { 0mm } else { 13mm }), {
  set align(left)
  for line in data.sender [#line \\ ]
  if data.seal == "picture" {
    place(bottom + right, dx: 13mm, dy: 6mm, image("/seal.png", width: data.width * 1mm, alt: "公印の印影"))
  } else if data.seal == "place" {
    place(bottom + right, dx: 13mm, dy: 6mm, rect(width: 21mm, height: 21mm, stroke: (paint: luma(150), dash: "dashed"),
      align(center + horizon, text(size: 8pt, fill: luma(90))[公印])))
  }
})]
#if data.omitted != "" [#align(right)[#text(size: 9pt)[#data.omitted]]]
#v(1.6em)
#align(center)[#heading(level: 1)[#data.title]]
#v(0.8em)
#for line in data.body {
  if line.kind == "items" { align(center)[#line.text] }
  else if line.kind == "end" { align(right)[#line.text] }
  else if line.kind == "blank" { v(0.4em) }
  else { block(inset: (left: line.indent * 1em))[#par(first-line-indent: (amount: line.first * 1em, all: true))[#line.text]] }
}
#if data.remedies.len() > 0 [
  #v(0.6em)
  #block(stroke: 0.5pt, inset: 8pt, width: 100%, breakable: true)[
    #set text(size: 9.5pt)
    #set par(leading: 0.7em)
    #heading(level: 2)[#text(size: 10pt)[#data.remedies_title]]
    #for line in data.remedies [#par[#line]]
  ]
]
#v(1em)
#align(right)[#text(size: 9.5pt)[#data.contact]]
"""

#: What lies behind the window of an envelope (長形3号: 20 mm from the left edge, about 12 mm from the upper fold).
_ADDRESSES: Final = """
#set page(margin: (x: 25mm, y: 20mm), numbering: none)
#for (index, one) in data.sheets.enumerate() [
  #if index > 0 { pagebreak() }
  #block(width: 90mm, height: 45mm)[
    #set text(size: 11pt)
    #for line in one.address [#line \\ ]
    #v(0.6em)
    #text(size: 13pt)[#one.addressee]
  ]
  #line(length: 100%, stroke: (thickness: 0.3pt, dash: "dashed"))
  #text(size: 9pt)[#one.sender #h(1fr) #one.number]
]
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is printed. ``seal`` is the picture of an official seal; ``preview`` words that mark what is not issued yet."""

    title: str
    addressee: str
    body: str
    remedies: str
    sender: str
    contact: str
    number: str = ""
    issued_on: dt.date | None = None
    omitted: bool = True
    seal: bytes = b""
    preview: str = ""


@dataclass(frozen=True, slots=True)
class Addressed:
    """One sheet for a window envelope."""

    addressee: str
    address: str
    sender: str
    number: str


def letter(one: Letter) -> bytes:
    """The notice as a PDF. Raises :class:`~yakuba.kernel.pdf.PrintError`."""
    place = "picture" if one.seal else "place" if not one.omitted and one.preview else ""
    data: dict[str, JsonValue] = {
        "number": one.number or "（文書番号）",
        "date": format_date(one.issued_on) if one.issued_on else "（施行日）",
        "addressee": one.addressee,
        "sender": _lines(one.sender),
        "seal": place,
        "width": 21,
        "omitted": OMITTED if one.omitted else "",
        "title": one.title,
        "body": [_line(text) for text in one.body.splitlines()],
        "remedies": _lines(one.remedies),
        "remedies_title": "教示",
        "contact": one.contact,
        "preview": one.preview,
    }
    pictures = {_SEAL: one.seal} if one.seal else None
    return pdf.render(_SOURCE, title=one.title, data=data, typeface="mincho", pictures=pictures)


def addresses(sheets: Sequence[Addressed], title: str) -> bytes:
    """The sheets for window envelopes, a page each."""
    data: dict[str, JsonValue] = {
        "sheets": [
            {
                "addressee": one.addressee,
                "address": _lines(one.address),
                "sender": one.sender.splitlines()[0] if one.sender else "",
                "number": one.number,
            }
            for one in sheets
        ]
    }
    return pdf.render(_ADDRESSES, title=title, data=data, typeface="mincho")


def _lines(text: str) -> list[JsonValue]:
    return [line for line in text.splitlines() if line.strip()]


def _line(text: str) -> dict[str, JsonValue]:
    """How a line of the body stands: blanks before it are its indent, a sentence without any begins one character in."""
    plain = text.strip("　 ")
    if plain == ITEMS:
        return {"kind": "items", "text": ITEMS}
    if plain == END:
        return {"kind": "end", "text": END}
    if not plain:
        return {"kind": "blank", "text": ""}
    indent = len(text) - len(text.lstrip("　 "))
    numbered = plain[:1].isdecimal()
    return {"kind": "text", "text": plain, "indent": indent, "first": 0 if indent or numbered else 1}
