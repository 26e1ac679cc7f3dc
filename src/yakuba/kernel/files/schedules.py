"""What the files do by themselves."""

from yakuba.kernel.files import store
from yakuba.kernel.outbox.schedules import Due, schedule


# A nation's files take a while: every one of them is looked for in the tables.
@schedule("files.sweep", every="day", at="04:00", lease_seconds=3600)
def sweep(_due: Due) -> None:
    """Remove bytes that no record refers to."""
    store.sweep()
