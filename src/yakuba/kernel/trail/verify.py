"""Whether the trail is whole: the chain, the payloads that still exist, the heads outside, the guards.

Rooms above whose records the trail vouches for add a check of their own to :data:`CHECKS` in ``AppConfig.ready``.
"""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from yakuba.kernel.dates import clock
from yakuba.kernel.plugins import Registry
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.trail import guards, heads, rules
from yakuba.kernel.trail.models import TrailBlock, TrailEntry, TrailPayload, TrailSeal
from yakuba.kernel.trail.store import ERASE

UNSEALED_AFTER = dt.timedelta(minutes=1)
_PAGE = 1000


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be. ``code`` is for programs, ``message`` (Japanese) for people.

    ``municipality`` is its code, ``subject`` a block's number, an entry's id, a file or a table. A ``notice`` is to be known, and
    proves nothing wrong.
    """

    code: str
    municipality: str
    subject: str
    message: str
    level: Literal["error", "notice"] = "error"


Check = Callable[[], Iterable[Finding]]
CHECKS: Registry[Check] = Registry("trail check")


def verify() -> list[Finding]:
    """Everything to be told about the trail of this installation; no errors when it is whole. Reads all of it."""
    found: list[Finding] = [
        Finding("guard", "", one.name, _("変更を拒むトリガー「%(name)s」がありません。") % {"name": one.name})
        for one in guards.verify()
    ]
    for town in Municipality.unscoped.order_by("code"):
        found += _chain(town)
        found += _unsealed(town)
    found += _outside()
    for check in CHECKS.values():
        found += check()
    return found


def _chain(town: Municipality) -> Iterator[Finding]:
    previous, expected = rules.GENESIS, 1
    sealed_at: dt.datetime | None = None
    for block in TrailBlock.unscoped.filter(municipality=town).order_by("number").iterator(_PAGE):
        subject = str(block.number)
        if sealed_at is not None and block.sealed_at < sealed_at:
            # Not an error: a clock may be set right, and what was sealed under a wrong one cannot be sealed anew.
            message = _("ブロック%(number)dの封印日時が、前のブロックより前です（時計が戻っています）。") % {
                "number": block.number
            }
            yield Finding("clock", town.code, subject, message, "notice")
        sealed_at = block.sealed_at
        if block.number != expected:
            yield Finding(
                "gap", town.code, subject, _("ブロック%(number)dがありません。") % {"number": expected}
            )
        if block.previous_hash != previous:
            message = _("ブロック%(number)dが、前のブロックとつながりません。") % {"number": block.number}
            yield Finding("link", town.code, subject, message)
        seals = TrailSeal.unscoped.filter(block=block).select_related("entry")
        entries = [one.entry for one in seals if one.entry.municipality_id == town.pk]
        sound = len(entries) == block.count and rules.block_hash(block.previous_hash, entries) == block.hash
        if not sound:
            message = _("ブロック%(number)dの中身が、封印したときと違います。") % {"number": block.number}
            yield Finding("block", town.code, subject, message)
        yield from _payloads(town, entries)
        previous, expected = block.hash, block.number + 1


def _payloads(town: Municipality, entries: Sequence[TrailEntry]) -> Iterator[Finding]:
    payloads = {one.entry_id: one for one in TrailPayload.unscoped.filter(entry__in=[e.pk for e in entries])}
    missing = [entry.pk for entry in entries if entry.pk not in payloads]
    erased = set(
        TrailEntry.unscoped.filter(
            municipality=town, kind="erased", action=ERASE, subject_kind="trail_entry", subject_id__in=missing
        ).values_list("subject_id", flat=True)
    )
    for entry in entries:
        payload = payloads.get(entry.pk)
        if payload is None:
            if entry.pk not in erased:
                message = _("記録 %(id)s の内容がありません（消去の記録もありません）。") % {"id": entry.pk}
                yield Finding("payload_missing", town.code, str(entry.pk), message)
        elif not _matches(entry, payload):
            message = _("記録 %(id)s の内容が、要約値と合いません。") % {"id": entry.pk}
            yield Finding("payload", town.code, str(entry.pk), message)


def _matches(entry: TrailEntry, payload: TrailPayload) -> bool:
    try:
        return hmac.compare_digest(rules.digest(entry, payload.text, payload.salt), entry.digest)
    except ValueError:
        return False  # a salt that is no salt


def _unsealed(town: Municipality) -> Iterator[Finding]:
    """Entries in no block. Young ones wait for the sealer; their payloads are checked all the same."""
    seals = TrailSeal.unscoped.filter(entry=OuterRef("pk"))
    waiting = TrailEntry.unscoped.filter(~Exists(seals), municipality=town).order_by("pk")
    limit = _first_id_at(clock.now() - UNSEALED_AFTER)
    page: list[TrailEntry] = []
    for entry in waiting.iterator(_PAGE):
        if entry.pk < limit:
            message = _("記録 %(id)s が、1分を過ぎても封印されていません。") % {"id": entry.pk}
            yield Finding("unsealed", town.code, str(entry.pk), message)
        page.append(entry)
        if len(page) == _PAGE:
            yield from _payloads(town, page)
            page = []
    yield from _payloads(town, page)


def _first_id_at(moment: dt.datetime) -> UUID:
    """The smallest UUIDv7 of a moment: ids tell when an entry was made, also where its action took its time from elsewhere."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def _outside() -> Iterator[Finding]:
    """The chain must still hold every head that was ever written outside the database, and the files one another."""
    paths = heads.files()
    if not paths and TrailBlock.unscoped.exists():
        message = _(
            "データベースの外に先頭の控えがまだありません。全体を作り直した証跡は、これだけでは分かりません。"
        )
        yield Finding("no_heads", "", str(heads.folder()), message, "notice")
    for path in paths:
        try:
            kept = heads.read(path)
        except heads.BadHeads as error:
            yield Finding("heads", "", path.name, _("先頭の控えを読めません: %(error)s") % {"error": error})
            continue
        yield from _before(path, kept)
        for head in kept.heads:
            block = TrailBlock.unscoped.filter(
                municipality__code=head.municipality, number=head.number
            ).first()
            if (
                block is None
                or block.hash != head.hash
                or block.sealed_at != dt.datetime.fromisoformat(head.sealed_at)
            ):
                message = _("%(file)s に控えたブロック%(number)dが、今の証跡と違います。") % {
                    "file": path.name,
                    "number": head.number,
                }
                yield Finding("head", head.municipality, path.name, message)


def _before(path: Path, kept: heads.Kept) -> Iterator[Finding]:
    """The file that this one names, as it was."""
    if not kept.previous:
        return
    before = path.with_name(Path(kept.previous).name)
    if not before.exists():
        message = _("%(file)s の前の控え %(before)s がありません。")
    elif heads.sha256(before) != kept.sha256:
        message = _("%(file)s の前の控え %(before)s が、書いたときと違います。")
    else:
        return
    yield Finding("head_file", "", before.name, message % {"file": path.name, "before": before.name})
