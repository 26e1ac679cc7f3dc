"""A filing as the desk shows it: the answers under the labels that the applicant read, files, and how it changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.engines.visitors.rules import level_label
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear, format_date, japan_date
from yakuba.kernel.text.codes import grouped
from yakuba.kernel.ui.formats import moment, yen
from yakuba.services.procedures.definition import showing
from yakuba.services.procedures.definition.forms import FileShown
from yakuba.services.procedures.definition.model import RETENTIONS, Definition, said
from yakuba.services.procedures.definition.showing import ShownSection
from yakuba.services.procedures.filings import queries
from yakuba.services.procedures.models import Attachment, Filing
from yakuba.services.procedures.published.queries import definition_of


@dataclass(frozen=True, slots=True)
class ShownFile:
    """One file: what it answers, and where it is read."""

    label: str
    name: str
    size: int
    pages: int | None
    href: str


@dataclass(frozen=True, slots=True)
class ShownRevision:
    """One state of the answers: which lines changed from the state before (label, before, now)."""

    number: int
    at: str
    by: str
    reason: str
    changes: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class FilingView:
    """Everything that the panel draws."""

    sections: Sequence[ShownSection]
    facts: Sequence[tuple[str, str]]
    files: Sequence[ShownFile]
    revisions: Sequence[ShownRevision]
    as_made_href: str
    scan_href: str


def view_of(ctx: Context, filing: Filing) -> FilingView:
    """A filing for its panel; a fixed number of queries."""
    definition = definition_of(filing.publication_id)
    files = queries.attachments(filing)
    names = files_by_answer(files)
    return FilingView(
        sections=showing.shown(definition, filing.answers, files=names),
        facts=_facts(filing),
        files=[_file(ctx, filing, definition, one) for one in files],
        revisions=_revisions(definition, filing, names),
        as_made_href=reverse("procedures-as-made", args=[ctx.municipality.code, filing.pk]),
        scan_href=reverse("procedures-add-scan", args=[ctx.municipality.code, filing.pk]),
    )


def files_by_answer(files: Sequence[Attachment]) -> dict[str, FileShown]:
    """Attachments under the ids by which the answers name them."""
    return {str(one.upload or one.pk): FileShown(str(one.upload or one.pk), one.file.name) for one in files}


def _facts(filing: Filing) -> list[tuple[str, str]]:
    found = [
        (_("受付番号"), grouped(filing.receipt)),
        (_("到達"), moment(filing.arrived_at)),
        (_("本人確認"), level_label(filing.level) if filing.level else ""),
        (_("手数料"), "" if filing.fee is None else yen(filing.fee) if filing.fee else _("無料")),
        (_("手続の版"), _("第%(number)d版") % {"number": filing.publication.number}),
        (_("記入した言語"), "" if filing.language == "ja" else filing.language),
        (_("保存期間"), _kept(filing)),
    ]
    return [(label, value) for label, value in found if value]


def _kept(filing: Filing) -> str:
    """How long it is kept; once the case ended, until when."""
    words = _(dict(RETENTIONS).get(filing.retention, filing.retention))
    ended = filing.case.completed_at if filing.case is not None else None
    until = keep_until(filing.retention, japan_date(ended)) if ended is not None else None
    return (
        words
        if until is None
        else _("%(words)s（%(until)sまで）") % {"words": words, "until": format_date(until)}
    )


def keep_until(retention: str, ended: dt.date) -> dt.date | None:
    """The last day of a class of retention, whose years begin on 1 April after the case ended; None where it has none."""
    if not retention.isdecimal():
        return None
    return dt.date(FiscalYear.of(ended).year + 1 + int(retention), 3, 31)


def _file(ctx: Context, filing: Filing, definition: Definition, one: Attachment) -> ShownFile:
    question = next((q for q in definition.questions() if q.key == one.question), None)
    return ShownFile(
        label=said(question.label) if question else _("受け取った紙"),
        name=one.file.name,
        size=one.file.size,
        pages=one.pages,
        href=reverse("procedures-attachment", args=[ctx.municipality.code, filing.pk, one.pk]),
    )


def _revisions(definition: Definition, filing: Filing, names: Mapping[str, FileShown]) -> list[ShownRevision]:
    rows = queries.revisions(filing)
    lines = [_lines(showing.shown(definition, row.answers, files=names)) for row in rows]
    found = []
    for index, row in enumerate(rows):
        if index == 0:
            continue
        before, now = lines[index - 1], lines[index]
        keys = [*now, *(key for key in before if key not in now)]
        changes = [
            (
                now.get(key, before.get(key, ("", "")))[0],
                before.get(key, ("", ""))[1],
                now.get(key, ("", ""))[1],
            )
            for key in keys
            if before.get(key) != now.get(key)
        ]
        found.append(ShownRevision(row.number, moment(row.at), row.by_label, row.reason, changes))
    return found


def _lines(sections: Sequence[ShownSection]) -> dict[str, tuple[str, str]]:
    return {line.key: (line.label, "\n".join(line.lines)) for section in sections for line in section.lines}
