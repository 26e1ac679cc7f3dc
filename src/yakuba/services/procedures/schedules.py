"""What procedures do by the clock."""

from yakuba.kernel.actions import NoData
from yakuba.kernel.outbox.schedules import Due, schedule
from yakuba.services.procedures.actions.bundling import forget_bundle
from yakuba.services.procedures.actions.sweeping import sweep
from yakuba.services.procedures.bundling import queries as bundles
from yakuba.services.procedures.bundling.work import KEPT


@schedule("procedures.sweep", every="hour", at="00:35", zone="portal", each_municipality=True)
def sweep_portal(due: Due) -> None:
    """Forms whose time is over go, with their files."""
    assert due.ctx is not None  # noqa: S101 – one for each municipality
    sweep(due.ctx)


@schedule("procedures.forget_bundles", every="hour", at="00:50", each_municipality=True)
def forget_bundles(due: Due) -> None:
    """Copies of a day's papers go after a day."""
    assert due.ctx is not None  # noqa: S101 – one for each municipality
    for bundle in bundles.old(due.ctx, due.ctx.now - KEPT):
        forget_bundle(due.ctx, bundle, NoData())
