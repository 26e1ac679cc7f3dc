"""Whether what was published still stands as it was frozen: part of ``yakuba trail verify``.

The stamp in the row can be computed anew by whoever changes the row; the stamp in the sealed trail entry cannot.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from yakuba.engines.publishing.models import Publication, PublishedPart
from yakuba.engines.publishing.stamp import stamp_of
from yakuba.kernel.trail.models import TrailEntry, TrailPayload
from yakuba.kernel.trail.verify import Finding

_PAGE = 200


@dataclass(frozen=True, slots=True)
class _Told:
    """What an entry of the trail says about a publication."""

    municipality: str
    kind: str
    """Empty in entries from before kinds were noted."""
    subject: UUID
    number: int
    stamp: str
    parts: int | None
    title: str


def check() -> Iterator[Finding]:
    """Every publication against its stamp, against the trail, and their numbers without a gap."""
    told = {(one.municipality, one.kind, one.subject, one.number): one for one in _told()}
    last: tuple[str, str, UUID] | None = None
    expected = 1
    for publication in (
        Publication.unscoped.select_related("municipality")
        .order_by("municipality__code", "kind", "subject", "number")
        .iterator(_PAGE)
    ):
        code = publication.municipality.code
        if (whose := (code, publication.kind, publication.subject)) != last:
            last, expected = whose, 1
        if publication.number != expected:
            yield _finding("publication_gap", code, publication.title, expected, _("の記録がありません。"))
        expected = publication.number + 1
        about = (publication.subject, publication.number)
        entry = told.pop((code, publication.kind, *about), None) or told.pop((code, "", *about), None)
        yield from _compare(publication, code, entry)
    for one in told.values():
        yield _finding(
            "publication_missing",
            one.municipality,
            one.title,
            one.number,
            _("は証跡にありますが、公表の記録がありません。"),
        )


def _compare(publication: Publication, code: str, told: _Told | None) -> Iterator[Finding]:
    parts = list(
        PublishedPart.unscoped.filter(
            publication=publication, municipality_id=publication.municipality_id
        ).order_by("position", "pk")
    )
    found = stamp_of(publication, parts)
    about = (code, publication.title, publication.number)
    if told is None and not _erased(publication):
        yield _finding("publication_unlogged", *about, _("を公表した証跡がありません。"))
    if told is not None and told.parts not in (None, len(parts)):
        words = _("は、公表したとき%(then)d件でしたが、今は%(now)d件です。") % {
            "then": told.parts or 0,
            "now": len(parts),
        }
        yield _finding("publication_parts", *about, words)
    if found != publication.stamp:
        yield _finding("publication_changed", *about, _("の内容が、公表したときと違います。"))
    elif told is not None and told.stamp != found:
        yield _finding("publication_stamp", *about, _("の内容が、証跡に残した版の印と合いません。"))


def _finding(code: str, municipality: str, title: str, number: int, words: str) -> Finding:
    message = _("公表「%(title)s」第%(number)d号%(words)s") % {
        "title": title,
        "number": number,
        "words": words,
    }
    return Finding(code, municipality, f"{title} {number}", message)


def _told() -> Iterator[_Told]:
    """The publications that the trail tells of. Notes are canonical JSON, so their key can be looked for as text."""
    payloads = TrailPayload.unscoped.filter(
        text__contains='"publication":', entry__kind="done", entry__subject_id__isnull=False
    ).select_related("entry__municipality")
    for payload in payloads.order_by("pk").iterator(_PAGE):
        try:
            notes = json.loads(payload.text)["notes"]
            number, stamp, parts = notes["publication"], notes["stamp"], notes.get("parts")
            kind = notes.get("publication_kind", "")
        except (ValueError, TypeError, KeyError, AttributeError):
            continue  # other notes, or a payload that was forged and is reported as such
        entry = payload.entry
        if not isinstance(kind, str) or entry.subject_id is None:
            continue
        if isinstance(number, int) and isinstance(stamp, str):
            yield _Told(
                entry.municipality.code,
                kind,
                entry.subject_id,
                number,
                stamp,
                parts if isinstance(parts, int) else None,
                entry.subject_label,
            )


def _erased(publication: Publication) -> bool:
    """Whether an entry of that moment is there whose payload was erased: what it noted can no longer be known."""
    at: dt.datetime = publication.published_at
    kept = TrailPayload.unscoped.filter(entry=OuterRef("pk"))
    return TrailEntry.unscoped.filter(
        ~Exists(kept),
        municipality=publication.municipality_id,
        kind="done",
        subject_id=publication.subject,
        at=at,
    ).exists()
