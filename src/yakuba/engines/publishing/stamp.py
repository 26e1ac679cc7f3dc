"""The stamp of a publication: a digest of everything that is frozen, made from the rows as they are stored."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable

from yakuba.engines.publishing.models import Publication, PublishedPart


def stamp_of(publication: Publication, parts: Iterable[PublishedPart]) -> str:
    """SHA-256 over a publication and its parts in their order: it is the ETag, and it proves later that nothing was changed.

    Ids, versions and the stamp itself have no part in it. ``yakuba trail verify`` makes it anew from the database.
    """
    content = json.dumps(
        [
            "yakuba-publication/1",
            str(publication.municipality_id),
            publication.kind,
            str(publication.subject),
            publication.number,
            publication.year.year,
            publication.title,
            publication.published_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            publication.published_by,
            publication.note,
            publication.withdrawn,
            publication.head,
            [[part.position, part.kind, str(part.object), part.title, part.body] for part in parts],
        ],
        ensure_ascii=True,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(content.encode()).hexdigest()
