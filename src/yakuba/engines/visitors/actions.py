"""What a visitor does to their own visit."""

from __future__ import annotations

from yakuba.engines.visitors import access, store
from yakuba.engines.visitors.models import Visit
from yakuba.kernel.actions import Context, NoData, action


@action("visitors.sign_out", label="ポータルからのサインアウト", may=access.SIGN_OUT, data=NoData)
def sign_out(ctx: Context, visit: Visit, _data: NoData) -> Visit:
    """End one's visit; what it knew of the person is gone."""
    store.end(visit, ctx.now)
    return visit
