"""Records whose content the trail vouches for, beyond what triggers can hold: part of ``yakuba trail verify``.

What tells of a person goes with its retention, so no trigger may freeze it. Instead its digest stands in the entry of the action that
made it final; the entry is sealed, and the payload that bears the digest goes together with what it tells of.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Context
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.plugins import Registry
from yakuba.kernel.trail import rules
from yakuba.kernel.trail.labels import Text
from yakuba.kernel.trail.models import TrailPayload
from yakuba.kernel.trail.verify import Finding

_MARK: Final = "vouched "
_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Vouched:
    """One kind of record: its name for people, and what is vouched for of those that are there."""

    label: Text
    facts: Callable[[Sequence[UUID]], Mapping[UUID, JsonValue]]


VOUCHED: Registry[Vouched] = Registry("vouched record")


def vouch(ctx: Context, kind: str, record: UUID, facts: JsonValue) -> None:
    """From the running action on, these are the record's facts; a later word on the same record takes the place of this one."""
    ctx.note(**{f"{_MARK}{kind}/{record}": _digest(facts)})


def moment(at: dt.datetime | None) -> str | None:
    """A moment as facts tell it: the same before it was stored and after, whatever zone it was given in."""
    return None if at is None else at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _digest(facts: JsonValue) -> str:
    return hashlib.sha256(rules.canonical({"facts": facts}).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Told:
    municipality: str
    digest: str


def check() -> Iterator[Finding]:
    """Every record that an entry vouches for: whether it is there, and as it was."""
    for kind, told in _told().items():
        if kind not in VOUCHED:
            continue  # of a room that this installation no longer has
        of = VOUCHED.get(kind)
        records = sorted(told)
        for start in range(0, len(records), _PAGE):
            page = records[start : start + _PAGE]
            found = of.facts(page)
            for record in page:
                words = _objection(told[record], found, record)
                if words:
                    yield Finding(
                        "vouched",
                        told[record].municipality,
                        f"{kind}/{record}",
                        f"{of.label} {record} {words}",
                    )


def _objection(told: _Told, found: Mapping[UUID, JsonValue], record: UUID) -> str:
    if record not in found:
        return _("は証跡にありますが、記録がありません。")
    return "" if _digest(found[record]) == told.digest else _("の内容が、証跡に残した要約値と合いません。")


def _told() -> dict[str, dict[UUID, _Told]]:
    """Kind → record → the newest word on it. Notes are canonical JSON, so the mark can be looked for as text."""
    found: dict[str, dict[UUID, _Told]] = {}
    payloads = TrailPayload.unscoped.filter(text__contains=f'"{_MARK}', entry__kind="done").order_by(
        "entry_id"
    )
    for code, text in payloads.values_list("entry__municipality__code", "text").iterator(_PAGE):
        try:
            notes = json.loads(text)["notes"]
            words = [
                (name.removeprefix(_MARK), value) for name, value in notes.items() if name.startswith(_MARK)
            ]
            for name, digest in words:
                kind, _slash, record = name.partition("/")
                found.setdefault(kind, {})[UUID(record)] = _Told(code, str(digest))
        except (ValueError, TypeError, KeyError, AttributeError):
            continue  # a payload that was forged, and is reported as such
    return found
