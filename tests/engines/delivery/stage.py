"""A small house for tests that kill the worker around the hand-over of a mail: commands for
:mod:`tests.children`, in a prepared home."""

from __future__ import annotations

import json
from dataclasses import replace

from yakuba.engines.delivery import store
from yakuba.engines.delivery.models import Delivery
from yakuba.kernel.access import prepare
from yakuba.kernel.actions import Context, Everywhere, NoData, Permission, action
from yakuba.kernel.outbox import store as outbox
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.kernel.outbox.worker import Worker

LONG_AGO = "2000-01-01T00:00:00+00:00"
TELL = Permission("stage.tell", Delivery, roles={"cli": Everywhere()})


@action("stage.tell", label="知らせる", may=TELL, data=NoData)
def tell(ctx: Context, _subject: None, _data: NoData) -> Delivery:
    return store.send(
        ctx, store.Message("result", "hanako@example.jp", "結果のお知らせ", "結果が出ました。\n")
    )


def play() -> None:
    """Act (the acknowledgement is what the caller sees), then work."""
    ctx = replace(prepare.municipality("990019"), idempotency_key="once")
    made = tell(ctx, None, NoData())
    print(f"acknowledged {made.pk}", flush=True)
    Worker().run(once=True)


def recover() -> None:
    """After a crash, twice: what was found afterwards each time."""
    print("report " + json.dumps([_recovered() for _ in range(2)]))


def _recovered() -> dict[str, object]:
    """The same call again, and a worker, once the dead one's leases and the wait after them ran out."""
    OutboxMessage.unscoped.filter(state="leased").update(lease_until=LONG_AGO)
    outbox.reap()
    OutboxMessage.unscoped.filter(state="retry").update(not_before=LONG_AGO)
    play()
    rows = OutboxMessage.unscoped.filter(handler="delivery.send_desk")
    return {
        "deliveries": [[str(one.pk), one.state, one.attempts] for one in Delivery.unscoped.all()],
        "rows": list(rows.values_list("state", flat=True)),
    }


COMMANDS = {"play": play, "recover": recover}
