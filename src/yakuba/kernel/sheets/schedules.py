"""What the sheets do by themselves."""

from yakuba.kernel.outbox.schedules import Due, schedule
from yakuba.kernel.sheets import store


@schedule("sheets.sweep", every="hour")
def sweep(_due: Due) -> None:
    """Discard staged imports that are done or older than a day."""
    store.sweep()
