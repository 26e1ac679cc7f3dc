"""Freezing. Called by the publishing action of a service, in its transaction; the service has asked for permission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.publishing.models import Publication, PublishedPart
from yakuba.engines.publishing.stamp import stamp_of
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import format_moment
from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.fields import JsonValue


@dataclass(frozen=True)
class Part:
    """One part to freeze: which object, what it is called, and its public fields."""

    kind: str
    object: UUID
    title: str
    body: dict[str, JsonValue]


@dataclass(frozen=True)
class Copy:
    """A whole to freeze."""

    kind: str
    subject: UUID
    year: FiscalYear
    title: str
    head: dict[str, JsonValue]
    parts: tuple[Part, ...]
    note: str = ""


def freeze(ctx: Context, copy: Copy) -> Publication:
    """Write the next publication of a subject. What stood before stays in the table and is no longer the newest.

    The action's trail entry notes kind, number, stamp and how many parts there are: ``yakuba trail verify`` compares. One action
    freezes one thing. Raises :class:`Problem` when the clock stands before the publication that it would follow.
    """
    return _write(ctx, copy, withdrawn=False)


def withdraw(ctx: Context, last: Publication, note: str) -> Publication:
    """Write a tombstone: the public no longer finds the subject, the earlier copies stay as evidence.

    Notes and refuses like :func:`freeze`.
    """
    copy = Copy(last.kind, last.subject, last.year, last.title, head={}, parts=(), note=note)
    return _write(ctx, copy, withdrawn=True)


def _write(ctx: Context, copy: Copy, *, withdrawn: bool) -> Publication:
    publication = Publication(
        municipality_id=ctx.municipality.id,
        kind=copy.kind,
        subject=copy.subject,
        number=_next_number(ctx, copy),
        year=copy.year,
        title=copy.title[:300],
        published_at=ctx.now,
        published_by=ctx.actor.label[:200],
        note=copy.note,
        withdrawn=withdrawn,
        head=copy.head,
    )
    parts = _parts(publication, copy)
    publication.stamp = stamp_of(publication, parts)
    publication.save(force_insert=True)
    PublishedPart.unscoped.bulk_create(parts, batch_size=500)
    ctx.note(
        publication=publication.number, stamp=publication.stamp, parts=len(parts), publication_kind=copy.kind
    )
    return publication


def _parts(publication: Publication, copy: Copy) -> Sequence[PublishedPart]:
    return [
        PublishedPart(
            municipality_id=publication.municipality_id,
            publication=publication,
            position=position,
            kind=part.kind,
            object=part.object,
            title=part.title[:300],
            body=part.body,
        )
        for position, part in enumerate(copy.parts)
    ]


def _next_number(ctx: Context, copy: Copy) -> int:
    before = (
        Publication.unscoped.filter(municipality_id=ctx.municipality.id, kind=copy.kind, subject=copy.subject)
        .order_by("-number")
        .defer("head")
        .first()
    )
    if before is None:
        return 1
    if ctx.now < before.published_at:
        # What the public reads is told by its day; a publication dated before the one it follows would turn history round.
        raise Problem(
            "clock",
            _(
                "サーバーの時計が、前回の公表（%(before)s）より前を指しています。時計を直してから公表してください。"
            )
            % {"before": format_moment(before.published_at)},
            found=format_moment(ctx.now),
        )
    return before.number + 1
