"""What a person decides about a delivery that did not go through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from yakuba.engines.delivery import access, store
from yakuba.engines.delivery.models import Delivery
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, NoData, action
from yakuba.kernel.fields import INTERNAL


@dataclass(frozen=True)
class Because:
    """Why a person decided so."""

    reason: Annotated[str, fields.text(label="理由", classification=INTERNAL)]


@action("delivery.send_again", label="もう一度送る", may=access.SEND_AGAIN, data=NoData)
def send_again(ctx: Context, delivery: Delivery, _data: NoData) -> Delivery:
    """Send once more. An unconfirmed one may arrive twice: the person has made sure that it did not, or accepts it."""
    store.send_again(ctx, delivery)
    return delivery


@action("delivery.confirm", label="届いたと記録する", may=access.CONFIRM, data=Because)
def confirm(ctx: Context, delivery: Delivery, data: Because) -> Delivery:
    """It arrived, as a person found out otherwise."""
    ctx.because(data.reason)
    store.settle(ctx, delivery)
    return delivery


@action("delivery.close", label="送るのを取りやめる", may=access.CLOSE, data=Because)
def close(ctx: Context, delivery: Delivery, data: Because) -> Delivery:
    """It is not to be sent any more: told otherwise, or no longer needed."""
    ctx.because(data.reason)
    store.close(delivery)
    return delivery
