"""What places do by themselves."""

from yakuba.engines.places import store
from yakuba.kernel.dates import clock
from yakuba.kernel.outbox.schedules import Due, schedule


@schedule("places.sweep", every="day", at="04:20", lease_seconds=3600)
def sweep(_due: Due) -> None:
    """Remove what was loaded and is on no map."""
    store.sweep(clock.now())
