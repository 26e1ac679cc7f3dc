"""What was said is erased after 90 days, on each side by itself."""

from yakuba.engines.delivery.store import erase
from yakuba.kernel.outbox.schedules import Due, schedule


@schedule("delivery.erase_portal", every="day", at="03:50", zone="portal", each_municipality=True)
def erase_portal(due: Due) -> None:
    """The portal's deliveries."""
    if due.ctx is not None:
        erase(due.ctx.municipality.id, "portal")


@schedule("delivery.erase_desk", every="day", at="03:50", zone="desk", each_municipality=True)
def erase_desk(due: Due) -> None:
    """The desk's deliveries."""
    if due.ctx is not None:
        erase(due.ctx.municipality.id, "desk")
