"""The worker's part: a bundle that was ordered is made outside of any transaction, and noted in one."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.files import store as files
from yakuba.kernel.outbox.handlers import Payload, Settle, work
from yakuba.kernel.town.queries import office_name
from yakuba.services.procedures.actions.bundling import ORDERED, FinishBundle, finish_bundle
from yakuba.services.procedures.bundling import making, queries

#: How long a bundle can be fetched.
KEPT = dt.timedelta(days=1)


@work(topic=ORDERED, name="procedures.bind", lease_seconds=900)
def bind(ctx: Context, payload: Payload, _key: str) -> Settle | None:
    """Bind it. What is held by now is left out: the hold may have come after the order."""
    bundle = queries.ordered(ctx, UUID(str(payload["bundle"])))
    if bundle is None:
        return None
    filings = queries.by_ids(ctx, [str(one) for one in bundle.filings])
    stopped = queries.held_of(ctx, filings)
    free = [one for one in filings if one.pk not in stopped]
    left_out = [_("支援措置で止めたもの %(n)d件") % {"n": len(stopped)}] if stopped else []
    try:
        made = making.bind(ctx, free, office_name(bundle.office_id, bundle.day), bundle.day)
    except Problem as problem:
        failed = FinishBundle("", problem.message)
        return lambda: _finish(ctx, bundle.pk, failed)
    done = FinishBundle(files.put(made.data), "\n".join([*left_out, *made.unbound]))
    return lambda: _finish(ctx, bundle.pk, done)


def _finish(ctx: Context, bundle_id: UUID, data: FinishBundle) -> None:
    bundle = queries.ordered(ctx, bundle_id)
    if bundle is not None:
        finish_bundle(ctx, bundle, data)
