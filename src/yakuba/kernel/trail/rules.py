"""Digests and block hashes: pure functions, so that anybody can compute them again from an export.

Canonical JSON here is ``json.dumps`` with sorted keys, no spaces and everything outside ASCII escaped: byte-identical wherever it
is made, whatever text a person typed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from yakuba.kernel.fields import JsonValue

if TYPE_CHECKING:
    from yakuba.kernel.trail.models import TrailEntry

GENESIS = "0" * 64
_FORMAT = "yakuba-trail/1"
_FACE = (
    "kind",
    "actor_kind",
    "actor_id",
    "actor_label",
    "on_behalf_of",
    "acting_post",
    "action",
    "subject_kind",
    "subject_label",
    "reason",
    "request_id",
)


def canonical(value: JsonValue) -> str:
    """JSON in its one form."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)


def face(entry: TrailEntry) -> str:
    """What an entry says without its payload, canonical."""
    facts: dict[str, JsonValue] = {name: getattr(entry, name) for name in _FACE}
    facts["format"] = _FORMAT
    facts["id"] = str(entry.pk)
    facts["municipality"] = str(entry.municipality_id)
    facts["subject_id"] = None if entry.subject_id is None else str(entry.subject_id)
    facts["at"] = entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return canonical(facts)


def digest(entry: TrailEntry, payload: str, salt: str) -> str:
    """HMAC-SHA-256 of face and payload. ``salt`` is 64 hexadecimal digits; ValueError for anything else."""
    key = bytes.fromhex(salt)
    return hmac.new(key, f"{face(entry)}\n{payload}".encode(), hashlib.sha256).hexdigest()


def block_hash(previous: str, entries: Iterable[TrailEntry]) -> str:
    """SHA-256 over the previous hash and, sorted by id, each entry's id, digest and the SHA-256 of its face.

    The face stands beside the digest because a digest can no longer be checked once the payload's salt is erased.
    """
    hasher = hashlib.sha256(f"{_FORMAT}\n{previous}\n".encode())
    for entry in sorted(entries, key=lambda one: str(one.pk)):
        shown = hashlib.sha256(face(entry).encode()).hexdigest()
        hasher.update(f"{entry.pk} {entry.digest} {shown}\n".encode())
    return hasher.hexdigest()
