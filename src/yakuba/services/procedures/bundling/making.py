"""Binding: the intake list, each filing on its form, and behind it the files that came with it.

Photographs stand on the form's own pages (:mod:`..paper`), PDF files are bound as they are; what is neither is named in the intake list.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from yakuba.engines.casework.models import CHANNELS, Case
from yakuba.engines.casework.states import state_label
from yakuba.kernel import pdf
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import format_date, format_moment
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.files import store as files
from yakuba.kernel.files.merging import merge_pdfs
from yakuba.services.procedures import paper
from yakuba.services.procedures.filings import queries as filings_of
from yakuba.services.procedures.models import Attachment, Filing

_PDF: Final = "application/pdf"
#: So many files that turn out to be broken are left out one by one; more of them are no bundle any more.
_MOST_BROKEN: Final = 20

_LIST: Final = """
#set page(flipped: true, margin: (x: 15mm, y: 16mm))
#heading(level: 1)[#data.title]
#text(size: 9.5pt)[#data.about]
#set text(size: 9pt)
#table(columns: (auto, auto, 1fr, 1fr, auto, auto),
  table.header(..data.heads.map(head => [#head])),
  ..data.rows.flatten().map(cell => [#cell]))
#if data.unbound.len() > 0 [
  #heading(level: 2)[#data.unbound_title]
  #list(..data.unbound)
]
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the intake list, as a person reads it."""

    number: str
    arrived: str
    procedure: str
    applicant: str
    channel: str
    state: str


@dataclass(frozen=True, slots=True)
class Bound:
    """A bundle, and the files that could not be bound (with the number of their filing)."""

    data: bytes
    unbound: tuple[str, ...]


def line(filing: Filing, case: Case, *, held: bool) -> Line:
    """A filing in the intake list; of one that 支援措置 stands on, without the applicant."""
    return Line(
        number=case.number,
        arrived=format_moment(filing.arrived_at),
        procedure=case.title,
        applicant=_("（支援措置の確認が済むまで載せません）") if held else case.applicant,
        channel=_(dict(CHANNELS)[case.channel]),
        state=_(state_label(case.kind, case.state)),
    )


def intake(
    filings: Sequence[Filing],
    held: frozenset[UUID],
    office: str,
    day: dt.date,
    unbound: Sequence[str] = (),
) -> bytes:
    """The intake list of a day as a PDF."""
    with translation.override("ja"):
        rows: list[JsonValue] = []
        for filing in filings:
            if filing.case is not None:
                one = line(filing, filing.case, held=filing.pk in held)
                rows.append([one.number, one.arrived, one.procedure, one.applicant, one.channel, one.state])
        title = _("受付簿　%(day)s") % {"day": format_date(day, weekday=True)}
        data: dict[str, JsonValue] = {
            "title": title,
            "about": _("%(office)s　%(count)d件") % {"office": office, "count": len(rows)},
            "heads": [_("収受番号"), _("到達"), _("手続"), _("申請者"), _("受付の方法"), _("状態")],
            "rows": rows,
            "unbound": list(unbound),
            "unbound_title": _("束ねられなかった添付"),
        }
        return pdf.render(_LIST, title=title, data=data)


def bind(ctx: Context, filings: Sequence[Filing], office: str, day: dt.date) -> Bound:
    """One PDF of all of them. A file that cannot be bound is left out and named. Raises :class:`Problem` for too much."""
    if not filings:
        raise Problem("held", _("束ねる書類が残っていません。"))
    with translation.override("ja"):
        titles: list[str] = []
        parts: list[bytes] = []
        unbound: list[str] = []
        for filing in filings:
            if filing.case is None:
                continue
            titles.append(f"{filing.case.number}　{filing.case.title}")
            parts.append(paper.of_cases(ctx, [filing.case]))
            for count, one in enumerate(filings_of.attachments(filing), start=1):
                name = _("%(number)s　添付%(count)d　%(name)s") % {
                    "number": filing.case.number,
                    "count": count,
                    "name": one.file.name,
                }
                data = _pdf_of(one)
                if data is not None:
                    titles.append(name)
                    parts.append(data)
                elif not (one.file.content_type in paper.PICTURES and one.file.made_by_us):
                    unbound.append(name)
        for _again in range(_MOST_BROKEN):
            cover = intake(filings, frozenset(), office, day, unbound)
            try:
                return Bound(merge_pdfs([cover, *parts], [_("受付簿"), *titles]), tuple(unbound))
            except Problem as problem:
                if problem.code != "file_unreadable" or problem.found not in titles:
                    raise
                broken = titles.index(problem.found)
                unbound.append(titles.pop(broken))
                parts.pop(broken)
    raise Problem("file_unreadable", _("束ねられない添付が多すぎます。1件ずつ印刷してください。"))


def _pdf_of(one: Attachment) -> bytes | None:
    """The bytes of a PDF; None for another kind, and for one that is gone."""
    if one.file.content_type != _PDF:
        return None
    try:
        with files.open(one.file) as stream:
            return stream.read()
    except FileNotFoundError:
        return None
