"""Reads of the trail for auditors. Whoever shows what these return notes the reading (``store.read_personal``)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from yakuba.kernel.actions import Context, SubjectRef
from yakuba.kernel.dates.clock import JAPAN
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.trail.models import TrailEntry, TrailPayload, TrailSeal

COUNT_LIMIT = 1000


@dataclass(frozen=True)
class Asked:
    """What of the trail is asked for; what is empty does not narrow. ``day`` is a day in Japan.

    ``mentions`` is a thing's id, wherever it stands: as the subject, among what a page showed, in what an action noted. It reads the
    payloads, so it takes its time.
    """

    day: dt.date | None = None
    actor: str = ""
    subject: SubjectRef | None = None
    kind: str = ""
    mentions: UUID | None = None


@dataclass(frozen=True)
class Page:
    """Entries, newest first, and the cursors of the neighbouring pages (None at the ends).

    ``count`` is how many there are on all pages, counted up to :data:`COUNT_LIMIT`.
    """

    entries: Sequence[TrailEntry]
    newer: UUID | None
    older: UUID | None
    count: int


def page(
    ctx: Context,
    asked: Asked,
    *,
    older_than: UUID | None = None,
    newer_than: UUID | None = None,
    size: int = 50,
) -> Page:
    """One page of what the actor may see, in the order of writing. At most one of the two cursors is given."""
    found = TrailEntry.objects.for_actor(ctx).filter(municipality=ctx.municipality.id)
    if asked.day is not None:
        start, end = (dt.datetime.combine(asked.day, time, JAPAN) for time in (dt.time.min, dt.time.max))
        found = found.filter(at__gte=start, at__lte=end)
    if asked.actor:
        found = found.filter(actor_id=asked.actor)
    if asked.subject is not None:
        found = found.filter(subject_kind=asked.subject.kind, subject_id=asked.subject.id)
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.mentions is not None:
        payloads = TrailPayload.unscoped.filter(entry=OuterRef("pk"), text__contains=str(asked.mentions))
        found = found.filter(Q(subject_id=asked.mentions) | Exists(payloads))
    count = found[:COUNT_LIMIT].count()
    if newer_than is not None:
        rows = list(found.filter(pk__gt=newer_than).order_by("pk")[: size + 1])
        more, rows = len(rows) > size, rows[:size][::-1]
        return Page(rows, rows[0].pk if more else None, rows[-1].pk if rows else None, count)
    if older_than is not None:
        found = found.filter(pk__lt=older_than)
    rows = list(found.order_by("-pk")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    newer = rows[0].pk if older_than is not None and rows else None
    return Page(rows, newer, rows[-1].pk if more else None, count)


def entry_of(ctx: Context, entry_id: UUID) -> TrailEntry | None:
    """One entry, None where there is none that the actor may see."""
    return TrailEntry.objects.for_actor(ctx).filter(pk=entry_id).first()


def payload_of(entry: TrailEntry) -> dict[str, JsonValue] | None:
    """What an entry's payload says (``before``, ``after``, ``labels``, ``notes``, ``roles``, ``ids``); None once erased."""
    kept = TrailPayload.unscoped.filter(municipality=entry.municipality_id, entry=entry).first()
    if kept is None:
        return None
    found: dict[str, JsonValue] = json.loads(kept.text)
    return found


def about(
    ctx: Context, subjects: Iterable[SubjectRef], actions: Iterable[str], *, limit: int
) -> list[tuple[TrailEntry, dict[str, Any] | None]]:  # Any: JSON that the caller's own actions noted
    """What was done to some things by some actions, newest first, each with its payload (None once erased).

    For rooms that show the history of their own records: whoever may see the record may see this, so it asks for no permission.
    """
    wanted = Q(pk__in=[])
    for subject in subjects:
        wanted |= Q(subject_kind=subject.kind, subject_id=subject.id)
    found = TrailEntry.unscoped.filter(
        wanted, municipality=ctx.municipality.id, kind="done", action__in=list(actions)
    )
    entries = list(found.order_by("-pk")[:limit])
    kept = TrailPayload.unscoped.filter(
        municipality=ctx.municipality.id, entry__in=[one.pk for one in entries]
    )
    payloads = {one.entry_id: json.loads(one.text) for one in kept}
    return [(one, payloads.get(one.pk)) for one in entries]


def block_of(entry: TrailEntry) -> int | None:
    """The number of the block that seals an entry, None while it waits."""
    return (
        TrailSeal.unscoped.filter(municipality=entry.municipality_id, entry=entry)
        .values_list("block__number", flat=True)
        .first()
    )
