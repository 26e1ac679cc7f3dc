"""What the files do by themselves."""

from yakuba.kernel.files import store
from yakuba.kernel.outbox.schedules import Due, schedule


@schedule("files.sweep", every="day", at="04:00")
def sweep(_due: Due) -> None:
    """Remove bytes that no record refers to."""
    store.sweep()
