"""Digests and block hashes: pure functions, so that anybody can compute them again from an export.

Canonical JSON here is ``json.dumps`` with sorted keys, no spaces and everything outside ASCII escaped: byte-identical wherever it
is made, whatever text a person typed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from yakuba.kernel.fields import JsonValue

if TYPE_CHECKING:
    from yakuba.kernel.trail.models import TrailEntry

Entry: TypeAlias = "TrailEntry | Mapping[str, Any]"  # Any: columns of several types
"""An entry, or what it will say, by the names of its attributes."""
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
    return _ONE_FORM.encode(value)


_ONE_FORM: Final = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)


def face(entry: Entry) -> str:
    """What an entry says without its payload, canonical."""
    told = entry if isinstance(entry, Mapping) else vars(entry)
    facts: dict[str, JsonValue] = {name: told[name] for name in _FACE}
    facts["format"] = _FORMAT
    facts["id"] = str(told["id"])
    facts["municipality"] = str(told["municipality_id"])
    facts["subject_id"] = None if told["subject_id"] is None else str(told["subject_id"])
    facts["at"] = told["at"].astimezone(dt.UTC).isoformat(timespec="microseconds")
    return canonical(facts)


def digest(entry: Entry, payload: str, salt: str) -> str:
    """HMAC-SHA-256 of face and payload. ``salt`` is 64 hexadecimal digits; ValueError for anything else."""
    key = bytes.fromhex(salt)
    return hmac.digest(key, f"{face(entry)}\n{payload}".encode(), "sha256").hex()


def block_hash(previous: str, entries: Iterable[TrailEntry]) -> str:
    """SHA-256 over the previous hash and, sorted by id, each entry's id, digest and the SHA-256 of its face.

    The face stands beside the digest because a digest can no longer be checked once the payload's salt is erased.
    """
    hasher = hashlib.sha256(f"{_FORMAT}\n{previous}\n".encode())
    for entry in sorted(entries, key=lambda one: str(one.pk)):
        shown = hashlib.sha256(face(entry).encode()).hexdigest()
        hasher.update(f"{entry.pk} {entry.digest} {shown}\n".encode())
    return hasher.hexdigest()
