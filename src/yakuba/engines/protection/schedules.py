"""Each morning, because a protection may begin on a day that was written down weeks before."""

from yakuba.engines.protection.subscriptions import look_at_all
from yakuba.kernel.outbox.schedules import Due, schedule


@schedule("protection.look", every="day", at="00:10", each_municipality=True)
def look(due: Due) -> None:
    """Compare what is here with the register of the day."""
    if due.ctx is not None:
        look_at_all(due.ctx)
