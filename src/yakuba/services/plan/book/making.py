"""Which document a book is made from, and the making of it. Reads; writes nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass
from typing import Final, Literal

from django.utils import translation
from django.utils.translation import gettext as _

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import format_date, format_moment, japan_date
from yakuba.kernel.trail import heads
from yakuba.services.plan import queries, rows
from yakuba.services.plan.book import manuscript
from yakuba.services.plan.book.manuscript import Proof, Source, Volume
from yakuba.services.plan.book.templates import Template
from yakuba.services.plan.book.writers import docx, pdf, xlsx
from yakuba.services.plan.models import Edition
from yakuba.services.plan.published import EDITION, published_document
from yakuba.services.plan.rows import Form

Format = Literal["pdf", "docx", "xlsx"]
FORMATS: Final[tuple[Format, ...]] = ("pdf", "docx", "xlsx")
WRITERS: Final = {"pdf": pdf.write, "docx": docx.write, "xlsx": xlsx.write}
#: An edition of more initiatives is the worker's.
AT_ONCE: Final = 40
_NOT_IN_NAME: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


@dataclass(frozen=True, slots=True)
class Ground:
    """What a book is made from, and the stamp by which a kept book is known: the publication's, or the draft's digest."""

    source: Source
    stamp: str


def ground(ctx: Context, edition: Edition, *, draft: bool = False) -> Ground:
    """The frozen copy where the edition stands published, else, or with ``draft``, what stands in the draft today."""
    publication = None if draft else publishing.standing_of(ctx, EDITION, edition.pk)
    if publication is not None:
        return published_ground(ctx, publication)
    document = _drafted(ctx, edition)
    found = _before_draft(ctx, edition)
    before = Volume(found) if found else None
    source = Source(Volume(document), before, japan_date(ctx.now), draft=True, proof=_proof(ctx))
    return Ground(source, _digest(document, found))


def published_ground(ctx: Context, publication: Publication) -> Ground:
    """A publication, beside the edition of the same plan that stands published before it."""
    document = published_document(ctx, publication)
    others = [
        one
        for one in publishing.standing(ctx, EDITION).filter(year__lt=publication.year.year)
        if one.head["plan"]["title"] == publication.head["plan"]["title"]
    ]
    before = Volume(published_document(ctx, others[0])) if others else None
    day = format_date(japan_date(publication.published_at))
    proof = _proof(ctx, publication.number, day, publication.stamp)
    source = Source(Volume(document), before, japan_date(ctx.now), draft=False, proof=proof)
    stamp = hashlib.sha256(f"{publication.stamp}\0{others[0].stamp if others else ''}".encode()).hexdigest()
    return Ground(source, stamp)


def make(found: Ground, template: Template, form: Format, *, large: bool = False) -> bytes:
    """The book's bytes. Raises :class:`~yakuba.kernel.pdf.PrintError` where it cannot be printed."""
    with translation.override("ja"):
        made = manuscript.make(found.source, template, large=large)
        return WRITERS[form](made)


def left_out(found: Ground, template: Template) -> tuple[str, ...]:
    """What of the template the book has nothing for."""
    with translation.override("ja"):
        return manuscript.make(found.source, template).left_out


def file_name(found: Ground, ending: str, name: str = "") -> str:
    """What the file is called: plan, edition, the name of a city's own form."""
    plan = found.source.this.document["plan"]
    draft = "下書き" if found.source.draft else ""
    told = "_".join(filter(None, (plan["title"], plan["edition"], name, draft)))
    return f"{_NOT_IN_NAME.sub('', told)[:120]}.{ending}"


def _drafted(ctx: Context, edition: Edition) -> Form:
    """The draft with its public fields: a book says what the public may read, before it reads it."""
    document = queries.document(edition, ctx.municipality.code, ctx.municipality.name)
    return {**document, "initiatives": [rows.public_form(form) for form in document["initiatives"]]}


def _before_draft(ctx: Context, edition: Edition) -> Form | None:
    """The edition of the same plan before a draft: as it stands published, or as it stands in its own draft."""
    found = queries.editions(ctx).filter(year__lt=edition.year.year, plan__title=edition.plan.title).first()
    if found is None:
        return None
    publication = publishing.standing_of(ctx, EDITION, found.pk)
    return published_document(ctx, publication) if publication is not None else _drafted(ctx, found)


def _proof(ctx: Context, number: int = 0, published_on: str = "", stamp: str = "") -> Proof:
    head = heads.newest(ctx.municipality.id)
    if head is None:
        return Proof(number, published_on, stamp)
    with translation.override("ja"):
        sealed = format_moment(dt.datetime.fromisoformat(head.sealed_at))
    return Proof(number, published_on, stamp, head.number, head.hash, sealed)


def _digest(*documents: Form | None) -> str:
    content = json.dumps(documents, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def format_name(form: str) -> str:
    """What a format is called on a screen."""
    return {"pdf": _("PDF"), "docx": _("Word"), "xlsx": _("Excel")}.get(form, form)
