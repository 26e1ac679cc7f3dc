"""How each action of the outbox is tried in the permission matrix."""

from __future__ import annotations

from uuid import uuid4

from tests.matrix import Specimen
from tests.world import Town
from yakuba.kernel.dates import clock
from yakuba.kernel.outbox.actions import Because
from yakuba.kernel.outbox.models import OutboxMessage


def unconfirmed(town: Town) -> OutboxMessage:
    """A hand-over of unknown outcome."""
    return OutboxMessage.unscoped.create(
        municipality_id=town.ref.id,
        kind="handover",
        handler="sample.send",
        idempotency_key=f"sample.send:{uuid4()}",
        zone="desk",
        not_before=clock.now(),
        created_at=clock.now(),
        state="unconfirmed",
        attempts=1,
    )


SPECIMENS = {
    key: Specimen(subject=unconfirmed, data=lambda _town, _subject: Because("電話で確かめた"))
    for key in ("outbox.retry", "outbox.cancel", "outbox.confirm")
}
