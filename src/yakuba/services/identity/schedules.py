"""What goes by itself."""

from yakuba.kernel.outbox.schedules import Due, schedule
from yakuba.services.identity import actions


@schedule("identity.sweep", every="hour", at="00:25", zone="portal", each_municipality=True)
def sweep(due: Due) -> None:
    """Codes and half-way sign-ins whose time is over are deleted."""
    assert due.ctx is not None  # noqa: S101 – one for each municipality
    actions.forget_old(due.ctx)
