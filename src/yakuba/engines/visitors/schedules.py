"""What goes by itself."""

from yakuba.engines.visitors import store
from yakuba.kernel.outbox.schedules import Due, schedule


@schedule("visitors.sweep", every="hour", at="00:20", zone="portal", each_municipality=True)
def sweep(due: Due) -> None:
    """Ended visits and counts whose time is over are deleted."""
    assert due.ctx is not None  # noqa: S101 – one for each municipality
    store.sweep(due.ctx)
