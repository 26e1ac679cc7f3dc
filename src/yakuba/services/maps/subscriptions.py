"""What the worker does for maps: files that are too large for one answer."""

from __future__ import annotations

from uuid import UUID

from yakuba.kernel.actions import Context
from yakuba.kernel.dates import clock
from yakuba.kernel.outbox.handlers import Payload, work
from yakuba.kernel.outbox.schedules import Due, schedule
from yakuba.services.maps.actions.drafts import CONFIRMED, load, sweep, waiting
from yakuba.services.maps.rasters import cutting  # noqa: F401 – registers its work


@work(topic=CONFIRMED, name="maps.load_draft", lease_seconds=1800)
def load_draft(ctx: Context, payload: Payload, _key: str) -> None:
    """Load a file onto the map; a second time it is read anew."""
    draft = waiting(ctx, UUID(str(payload["draft"])))
    if draft is not None:
        load(ctx, draft)


@schedule("maps.sweep_drafts", every="day", at="04:50", each_municipality=True, lease_seconds=600)
def sweep_drafts(due: Due) -> None:
    """Clear files that nobody finished."""
    if due.ctx is not None:
        sweep(due.ctx, clock.now())
