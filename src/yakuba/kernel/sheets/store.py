"""Staging (MECHANISMS §9): rows come in by thousands, each in a transaction of its own, so that other writers get their turn.

What was staged and never finished, and what was finished, is swept. The commit itself is the importing room's action: it reads
the batch in set-based statements and calls :func:`finish` in the same short transaction.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from yakuba.kernel.actions import Context, Missing, Problem
from yakuba.kernel.dates import clock
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.sheets.models import StagingBatch, StagingRow

CHUNK: Final = 1_000
KEPT: Final = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Staged:
    """A staged row: its number from 1, and what the importing room wrote."""

    number: int
    data: Mapping[str, JsonValue]


def stage(
    ctx: Context, kind: str, rows: Iterable[Mapping[str, JsonValue]], *, name: str = ""
) -> StagingBatch:
    """Stage rows in chunks of 1,000, each in its own transaction; the batch is ``ready`` at the end.

    Not inside another transaction: RuntimeError. When ``rows`` raises, the batch stays ``staging`` and is swept.
    """
    with transaction.atomic(durable=True):
        batch = StagingBatch.unscoped.create(
            municipality_id=ctx.municipality.id,
            kind=kind,
            name=name[:255],
            state="staging",
            created_by=ctx.actor.id,
            created_at=ctx.now,
        )
    numbered = enumerate(rows, start=1)
    while chunk := list(itertools.islice(numbered, CHUNK)):
        with transaction.atomic(durable=True):
            StagingRow.unscoped.bulk_create(
                StagingRow(municipality_id=ctx.municipality.id, batch=batch, number=number, data=dict(data))
                for number, data in chunk
            )
        batch.count = chunk[-1][0]
    batch.state = "ready"
    with transaction.atomic(durable=True):
        batch.save(update_fields=["state", "count"])
    return batch


def find(ctx: Context, kind: str, batch_id: UUID) -> StagingBatch:
    """The actor's own batch that waits for its commit. Raises :class:`Missing` for any other."""
    found = StagingBatch.unscoped.filter(
        municipality_id=ctx.municipality.id, pk=batch_id, kind=kind, created_by=ctx.actor.id, state="ready"
    ).first()
    if found is None:
        raise Missing(
            _(
                "取り込みの準備が見つかりません。時間がたって消えたか、取り込み済みです。もう一度ファイルを選んでください。"
            )
        )
    return found


def changes(batch: StagingBatch) -> Iterator[Staged]:
    """The staged rows in order; memory holds one chunk."""
    rows = StagingRow.unscoped.filter(municipality_id=batch.municipality_id, batch=batch).order_by("number")
    last = 0
    while chunk := list(rows.filter(number__gt=last).values_list("number", "data")[:CHUNK]):
        for number, data in chunk:
            yield Staged(number, data)
            last = number


def finish(batch: StagingBatch) -> None:
    """Mark a batch as committed, inside the transaction that commits it. Raises :class:`Problem` when that happened already."""
    if not StagingBatch.unscoped.filter(pk=batch.pk, state="ready").update(state="done"):
        raise Problem("staging_done", _("この取り込みは、もう済んでいるか、取り消されています。"))
    batch.state = "done"


def discard(batch: StagingBatch, most: int | None = None) -> int:
    """Throw a batch away; what was committed from it stays. How many rows went: with ``most``, the batch stands while rows do."""
    rows = StagingRow.unscoped.filter(batch=batch).order_by("number").values_list("pk", flat=True)
    gone = 0
    while most is None or gone < most:
        with transaction.atomic():
            some = list(rows[:CHUNK])
            StagingRow.unscoped.filter(pk__in=some).delete()
            gone += len(some)
            if len(some) < CHUNK:
                StagingBatch.unscoped.filter(pk=batch.pk).delete()
                break
    return gone


def sweep(now: dt.datetime | None = None, most: int = 20 * CHUNK) -> int:
    """Discard batches that are done, and those older than a day; about ``most`` rows at once, the rest with the next sweep."""
    before = (now or clock.now()) - KEPT
    gone = 0
    for batch in StagingBatch.unscoped.filter(Q(state="done") | Q(created_at__lt=before)).order_by(
        "created_at"
    ):
        if gone >= most:
            break
        gone += discard(batch, most - gone)
    return gone
