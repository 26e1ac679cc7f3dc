"""Making a municipality's rows of the register of plans in force anew from what stands published."""

from __future__ import annotations

from yakuba.kernel.actions import Context, NoData, action
from yakuba.kernel.town.models import Municipality
from yakuba.services.plan import access
from yakuba.services.plan.actions.register import renew


@action("plan.rebuild_register", label="全国の一覧を作り直す", may=access.REBUILD, data=NoData)
def rebuild_register(ctx: Context, municipality: Municipality, _data: NoData) -> Municipality:
    """What the pages across municipalities say of this one, from its frozen copies. Needed after a release that reads more."""
    renew(ctx)
    return municipality
