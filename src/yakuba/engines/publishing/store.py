"""Freezing. Called by the publishing action of a service, in its transaction; the service has asked for permission."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max

from yakuba.engines.publishing.models import Publication, PublishedPart
from yakuba.kernel.actions import Context
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
    """Write the next publication of a subject. What stood before stays in the table and is no longer the newest."""
    publication = _next(ctx, copy, withdrawn=False)
    PublishedPart.unscoped.bulk_create(
        (
            PublishedPart(
                municipality_id=ctx.municipality.id,
                publication=publication,
                position=position,
                kind=part.kind,
                object=part.object,
                title=part.title[:300],
                body=part.body,
            )
            for position, part in enumerate(copy.parts)
        ),
        batch_size=500,
    )
    return publication


def withdraw(ctx: Context, last: Publication, note: str) -> Publication:
    """Write a tombstone: the public no longer finds the subject, the earlier copies stay as evidence."""
    return _next(
        ctx,
        Copy(last.kind, last.subject, last.year, last.title, head={}, parts=(), note=note),
        withdrawn=True,
    )


def _next(ctx: Context, copy: Copy, *, withdrawn: bool) -> Publication:
    before = Publication.unscoped.filter(
        municipality_id=ctx.municipality.id, kind=copy.kind, subject=copy.subject
    ).aggregate(last=Max("number"))["last"]
    number = (before or 0) + 1
    return Publication.unscoped.create(
        municipality_id=ctx.municipality.id,
        kind=copy.kind,
        subject=copy.subject,
        number=number,
        year=copy.year,
        title=copy.title[:300],
        stamp=_stamp(copy.subject, number, copy.head, copy.parts),
        published_at=ctx.now,
        published_by=ctx.actor.label[:200],
        note=copy.note,
        withdrawn=withdrawn,
        head=copy.head,
    )


def _stamp(subject: UUID, number: int, head: dict[str, JsonValue], parts: Iterable[Part]) -> str:
    """A digest of what is frozen: it is the ETag, and it proves later that nothing was changed."""
    content = json.dumps(
        [
            str(subject),
            number,
            head,
            [[part.kind, str(part.object), part.title, part.body] for part in parts],
        ],
        ensure_ascii=True,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(content.encode()).hexdigest()
