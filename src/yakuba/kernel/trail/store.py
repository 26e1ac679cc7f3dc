"""The only writer of the trail."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from yakuba.kernel.actions import SUBJECTS, Context, Problem
from yakuba.kernel.actions.ports import Done
from yakuba.kernel.dates import clock
from yakuba.kernel.fields import JsonValue, spec_of
from yakuba.kernel.ids import uuid7
from yakuba.kernel.plugins import crash, statements
from yakuba.kernel.trail import rules
from yakuba.kernel.trail.models import TrailBlock, TrailEntry, TrailPayload, TrailSeal

# Sealing is a write transaction and stays far below the two seconds that one may last.
BLOCK_LIMIT = 250  # a twentieth of a second: citizens wait behind it
ERASE = "trail.erase"
# An entry is made before its transaction commits, so it may turn up behind others that are sealed already.
_LATE_MS = 60 * 60 * 1000


class TrailStore:
    """The trail as the actions below see it (``ports.TrailPort``)."""

    def done(self, ctx: Context, entry: Done) -> None:
        """One finished action, in its transaction. RuntimeError outside of one: the two belong together."""
        if not (transaction.get_connection().in_atomic_block or statements.waiting()):
            raise RuntimeError("a done action is noted in its own transaction")
        _write(
            ctx,
            "done",
            entry.action,
            (entry.subject_kind, entry.subject_id, entry.subject_label),
            {
                "before": entry.before,
                "after": entry.after,
                "labels": _labels(entry.subject_kind, frozenset((*entry.before, *entry.after))),
                "notes": entry.notes,
                "roles": _roles(ctx),
            },
            entry.reason,
        )

    def denied(
        self,
        ctx: Context,
        action: str,
        subject_kind: str,
        subject_id: UUID | None,
        subject_label: str,
        reason: str,
    ) -> None:
        """One refused attempt, after the action's transaction was rolled back."""
        with transaction.atomic():
            subject = (subject_kind, subject_id, subject_label)
            _write(ctx, "denied", action, subject, {"roles": _roles(ctx)}, reason)

    def read(
        self, ctx: Context, action: str, subject_kind: str, ids: Iterable[UUID], **facts: JsonValue
    ) -> None:
        """See :func:`read_personal`."""
        read_personal(ctx, action, subject_kind, ids, **facts)


def read_personal(
    ctx: Context, action: str, subject_kind: str, ids: Iterable[UUID], **facts: JsonValue
) -> None:
    """One view of a page that shows personal data: one entry with the ids shown. A page that showed nobody leaves none.

    Call it before the page is sent: what cannot be logged is not shown. ``facts`` say how it left, where it left as a file, say.
    """
    shown: list[JsonValue] = [str(one) for one in ids]
    if not shown:
        return
    only = UUID(str(shown[0])) if len(shown) == 1 else None
    with transaction.atomic():
        told: dict[str, JsonValue] = {
            "ids": shown,
            "roles": _roles(ctx),
            **({"notes": facts} if facts else {}),
        }
        _write(ctx, "read", action, (subject_kind, only, ""), told, "")


def erase(ctx: Context, entry: TrailEntry, reason: str) -> None:
    """Delete an entry's payload and salt for good, and say so in an entry of its own; face and digest stay.

    ``reason`` names the retention rule or the order. Raises :class:`Problem` without a reason, for a payload that is gone
    already, and for the entry of an erasure. Whether the actor may is decided by whoever calls: the action that disposes.
    """
    if not reason.strip():
        raise Problem("required", _("消去には理由が必要です。"), field="reason")
    if entry.kind == "erased":
        raise Problem("erasure", _("消去の記録そのものは消去できません。"))
    with transaction.atomic():
        gone, _each = TrailPayload.unscoped.filter(municipality=ctx.municipality.id, entry=entry).delete()
        if not gone:
            raise Problem("erased", _("この記録の内容は、すでにありません。"))
        _write(
            ctx, "erased", ERASE, ("trail_entry", entry.pk, entry.action), {"digest": entry.digest}, reason
        )


def _write(
    ctx: Context,
    kind: str,
    action: str,
    subject: tuple[str, UUID | None, str],
    payload: dict[str, JsonValue],
    reason: str,
) -> None:
    subject_kind, subject_id, subject_label = subject
    entry: dict[str, object] = {
        "id": uuid7(),
        "municipality_id": ctx.municipality.id,
        "kind": kind,
        "at": ctx.now,
        "actor_kind": ctx.actor.kind.value,
        "actor_id": _fit("actor_id", ctx.actor.id),
        "actor_label": _fit("actor_label", ctx.actor.label),
        "on_behalf_of": _fit("on_behalf_of", ctx.on_behalf_of),
        "acting_post": _fit("acting_post", ctx.acting_post),
        "action": action,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "subject_label": _fit("subject_label", subject_label),
        "reason": reason.replace("\x00", ""),
        "request_id": _fit("request_id", ctx.request_id),
    }
    text, salt = rules.canonical(payload), secrets.token_hex(32)
    entry["digest"] = rules.digest(entry, text, salt)
    statements.insert_values(TrailEntry, [entry])
    payload_row = {
        "municipality_id": ctx.municipality.id,
        "entry_id": entry["id"],
        "text": text,
        "salt": salt,
    }
    statements.insert_values(TrailPayload, [payload_row])


def _fit(column: str, text: str) -> str:
    """As much as the column holds: a label that is too long must not refuse the action it describes."""
    return text.replace("\x00", "")[: _limit(column)]


@functools.cache
def _limit(column: str) -> int | None:
    field = TrailEntry._meta.get_field(column)
    return field.max_length if isinstance(field, models.CharField) else None


@functools.lru_cache(maxsize=1000)
def _labels(subject_kind: str, names: frozenset[str]) -> dict[str, JsonValue]:
    """The names of the columns as a person read them then; in ten years the code may call them something else."""
    known = _labels_of(subject_kind)
    return {name: known[name] for name in sorted(names) if name in known}


@functools.cache
def _labels_of(subject_kind: str) -> dict[str, str]:
    specs = ((field.name, spec_of(field)) for field in SUBJECTS[subject_kind].model._meta.concrete_fields)
    return {name: spec.label for name, spec in specs if spec is not None}


def _roles(ctx: Context) -> list[JsonValue]:
    return [*sorted(ctx.actor.roles_in(ctx.municipality.id))]


def anything() -> bool:
    """Whether there is an entry at all."""
    return TrailEntry.unscoped.exists()


def seal(municipality_id: UUID | None = None, *, thorough: bool = False) -> int:
    """Seal what is unsealed into blocks, of one municipality or of all, and return the number of entries.

    Looks back one hour behind the newest sealed entry; ``thorough`` looks at all (the worker does so when it starts and now and
    then). Two sealers at once are harmless: a block's number exists once, and the slower one leaves the rest to the other.
    """
    since = None if thorough else _late_limit()
    waiting = _unsealed(since)
    if municipality_id is not None:
        waiting = waiting.filter(municipality=municipality_id)
    sealed = 0
    for found in sorted(set(waiting.order_by().values_list("municipality_id", flat=True).distinct())):
        while count := _seal_block(found, since):
            sealed += count
            if count < BLOCK_LIMIT:
                break
    return sealed


def _unsealed(since: UUID | None) -> models.QuerySet[TrailEntry]:
    seals = TrailSeal.unscoped.filter(entry=OuterRef("pk"))
    found = TrailEntry.unscoped.filter(~Exists(seals)).order_by("pk")
    return found if since is None else found.filter(pk__gt=since)


def _late_limit() -> UUID | None:
    """The id an hour before the newest sealed entry. Ids hold their time; the order of blocks follows it closely enough."""
    newest: UUID | None = TrailSeal.unscoped.order_by("-pk").values_list("entry_id", flat=True).first()
    return None if newest is None else UUID(int=max(newest.int - (_LATE_MS << 80), 0))


def _seal_block(municipality_id: UUID, since: UUID | None) -> int:
    number = 0
    try:
        with transaction.atomic():
            before = TrailBlock.unscoped.filter(municipality=municipality_id).order_by("-number").first()
            entries = list(_unsealed(since).filter(municipality=municipality_id)[:BLOCK_LIMIT])
            if not entries:
                return 0
            previous, number = (before.hash, before.number + 1) if before else (rules.GENESIS, 1)
            block = TrailBlock(
                municipality_id=municipality_id,
                number=number,
                previous_hash=previous,
                hash=rules.block_hash(previous, entries),
                count=len(entries),
                sealed_at=clock.now(),
            )
            block.save(force_insert=True)
            TrailSeal.unscoped.bulk_create(
                TrailSeal(municipality_id=municipality_id, block=block, entry=entry) for entry in entries
            )
            crash.point("trail.before-seal-commit")
    except IntegrityError:
        if TrailBlock.unscoped.filter(municipality=municipality_id, number=number).exists():
            return 0  # another process sealed at the same moment
        raise
    return len(entries)
