"""When the register changes, what is already here is compared anew."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

from yakuba.engines.protection import queries
from yakuba.engines.protection.actions.holds import LookAgain, as_thing, look_again
from yakuba.engines.protection.actions.register import CHANGED
from yakuba.engines.protection.sources import SOURCES
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date
from yakuba.kernel.outbox.handlers import Payload, work

_PAGE = 100  # things in one transaction


@work(topic=CHANGED, name="protection.look_again_after_change", lease_seconds=900)
def after_change(ctx: Context, _payload: Payload, _key: str) -> None:
    """All of it: comparing is cheap, and a second time it raises nothing."""
    look_at_all(ctx)


def look_at_all(ctx: Context, sources: Collection[str] | None = None) -> int:
    """Compare everything that may still be output (of those ``sources``) with the register; return how many things that were."""
    municipality = queries.municipality(ctx)
    if municipality is None or not queries.in_force(ctx, japan_date(ctx.now)).exists():
        return 0
    count = 0
    for key, source in SOURCES.items():
        if sources is not None and key not in sources:
            continue
        things = (as_thing(subject, list(parties)) for subject, parties in source(ctx))
        while page := list(islice(things, _PAGE)):
            look_again(ctx, municipality, LookAgain(page))
            count += len(page)
    return count
