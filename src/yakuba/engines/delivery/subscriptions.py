"""The hand-over of a delivery to its channel, one for each zone.

The delivery's own row remembers that an attempt began, so the outbox may run a hand-over of unknown outcome again: it then finds the
row ``unconfirmed`` and leaves it to a person. That is what ``deduplicates`` says here.
"""

from __future__ import annotations

from uuid import UUID

from yakuba.engines.delivery import queries, store
from yakuba.engines.delivery.actions import send_again
from yakuba.engines.delivery.channels import CHANNELS, Letter, Refused
from yakuba.engines.delivery.models import Delivery
from yakuba.engines.protection.actions.holds import RELEASED
from yakuba.kernel.actions import Context, NoData, SubjectRef
from yakuba.kernel.outbox.handlers import NotAccepted, Payload, Settle, handover, subscribe
from yakuba.kernel.plugins import crash


@handover(name=store.HANDLERS["portal"], zone="portal", deduplicates=True)
def send_portal(ctx: Context, payload: Payload, _key: str) -> Settle | None:
    """What the portal answers its visitors."""
    return _send(ctx, payload)


@handover(name=store.HANDLERS["desk"], zone="desk", deduplicates=True)
def send_desk(ctx: Context, payload: Payload, _key: str) -> Settle | None:
    """What the desk tells people."""
    return _send(ctx, payload)


def _send(ctx: Context, payload: Payload) -> Settle | None:
    delivery = store.waiting(ctx, UUID(str(payload["delivery"])))
    if delivery is None:
        return None  # sent, stopped, or begun by an attempt that nobody knows the end of
    if store.is_held(ctx, delivery):
        return lambda: store.stop(delivery, "held")
    channel = CHANNELS.get(delivery.channel)
    if not channel.configured():
        return lambda: store.stop(delivery, "unconfigured")
    message_id = delivery.message_id or channel.message_id(delivery.pk)
    if not store.begin(delivery, message_id):
        return None
    crash.point("delivery.begun")
    try:
        channel.deliver(_letter(ctx, delivery, message_id))
    except Refused as refused:
        detail = refused.detail
        if refused.permanent or delivery.attempts + 1 >= store.MAX_ATTEMPTS:
            return lambda: store.fail(delivery, detail)
        store.wait(delivery, detail)
        raise NotAccepted(
            refused.code
        ) from None  # the detail may name the address: it stands in the row alone
    except Exception as error:  # noqa: BLE001 – it may have failed after the other side took it
        store.doubt(delivery, f"{type(error).__name__}: {error}")
        return None
    crash.point("delivery.accepted")
    return lambda: store.sent(delivery)


def _letter(ctx: Context, delivery: Delivery, message_id: str) -> Letter:
    return Letter(
        delivery.pk,
        message_id,
        ctx.municipality.name,
        delivery.address,
        delivery.subject_line,
        delivery.body,
        delivery.language,
    )


@subscribe(RELEASED, name="delivery.go_on")
def go_on(ctx: Context, payload: Payload) -> None:
    """What a hold had stopped is sent, where the keeper of 支援措置 said so."""
    if payload.get("resume") is not True:
        return
    subject = SubjectRef(str(payload["kind"]), UUID(str(payload["id"])))
    for delivery in queries.stopped(ctx, subject):
        send_again(ctx, delivery, NoData())
