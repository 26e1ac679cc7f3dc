"""Lists, entries and letters of a ledger as tagged PDFs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from yakuba.engines.ledger.forms.declaring import Addressee
from yakuba.kernel import pdf
from yakuba.kernel.dates import format_date
from yakuba.kernel.fields import JsonValue

_LIST: Final = """
#set page(flipped: true, margin: (x: 12mm, y: 14mm))
#set text(size: 8.5pt)
#heading(level: 1)[#text(size: 14pt)[#data.title]]
#for line in data.notes [#line \\ ]
#table(
  columns: data.widths.map(one => one * 1fr),
  table.header(..data.heads.map(head => strong(head))),
  ..data.rows.flatten(),
)
"""

_ENTRIES: Final = """
#set page(margin: (x: 20mm, y: 20mm))
#for (index, one) in data.entries.enumerate() [
  #if index > 0 { pagebreak() }
  #heading(level: 1)[#text(size: 15pt)[#one.title]]
  #for line in data.notes [#line \\ ]
  #for section in one.sections [
    #heading(level: 2)[#text(size: 11.5pt)[#section.label]]
    #table(columns: (34%, 1fr), table.header[項目][内容], ..section.rows.flatten())
  ]
]
"""

#: What lies behind the window of an envelope (長形3号: 20 mm from the left edge, about 12 mm from the upper fold).
_LETTERS: Final = """
#set page(margin: (x: 25mm, top: 20mm, bottom: 20mm), numbering: none)
#set text(size: 11pt)
#set par(leading: 0.9em, spacing: 0.9em, justify: true)
#for (index, one) in data.letters.enumerate() [
  #if index > 0 { pagebreak() }
  #block(width: 90mm, height: 45mm)[
    #if one.postcode != "" [〒#one.postcode \\ ]
    #for line in one.address [#line \\ ]
    #v(0.5em)
    #text(size: 13pt)[#one.name　様]
  ]
  #align(right)[#data.date]
  #align(right)[#box({ set align(left)
    for line in data.sender [#line \\ ] })]
  #v(1em)
  #align(center)[#heading(level: 1)[#text(size: 14pt)[#data.title]]]
  #v(0.6em)
  #for line in one.body [#par(first-line-indent: (amount: 1em, all: true))[#line]]
  #v(1em)
  #align(right)[#text(size: 9pt)[#one.number]]
]
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """An entry to be printed: its title, and by section (label, [(field, value), …])."""

    title: str
    sections: Sequence[tuple[str, Sequence[tuple[str, str]]]]


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: to whom, its number in the ledger, its text."""

    to: Addressee
    number: str
    body: str


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str]) -> bytes:
    """A list across A4, its heads on every page. Raises :class:`~yakuba.kernel.pdf.PrintError` for one that is too long."""
    widths = [
        max(4, min(24, max((len(row[at]) for row in rows[:200]), default=0), 24), min(len(head), 12))
        for at, head in enumerate(heads)
    ]
    data: dict[str, JsonValue] = {
        "title": title,
        "heads": list(heads),
        "rows": [list(row) for row in rows],
        "widths": list(widths),
        "notes": list(notes),
    }
    return pdf.render(_LIST, title=title, data=data)


def entries(title: str, sheets: Sequence[Sheet], notes: Sequence[str]) -> bytes:
    """Entries, each on pages of its own."""
    data: dict[str, JsonValue] = {
        "notes": list(notes),
        "entries": [
            {
                "title": sheet.title,
                "sections": [
                    {"label": label, "rows": [[name, value] for name, value in rows]}
                    for label, rows in sheet.sections
                ],
            }
            for sheet in sheets
        ],
    }
    return pdf.render(_ENTRIES, title=title, data=data)


def letters(title: str, sender: Sequence[str], day: dt.date, each: Sequence[Letter]) -> bytes:
    """Letters, each on pages of its own, the address where the window of an envelope shows it."""
    data: dict[str, JsonValue] = {
        "title": title,
        "sender": list(sender),
        "date": format_date(day),
        "letters": [
            {
                "postcode": one.to.postcode,
                "address": [line for line in one.to.address.splitlines() if line.strip()],
                "name": one.to.name,
                "number": _("台帳番号　%s") % one.number,
                "body": [line.strip("　 ") for line in one.body.splitlines() if line.strip()],
            }
            for one in each
        ],
    }
    return pdf.render(_LETTERS, title=title, data=data, typeface="mincho")
