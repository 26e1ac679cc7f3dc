"""What a person decides about a row that the worker could not finish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from yakuba.kernel import fields
from yakuba.kernel.actions import Context, action
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.outbox import access, store
from yakuba.kernel.outbox.models import OutboxMessage


@dataclass(frozen=True)
class Because:
    """Why a person decided so."""

    reason: Annotated[str, fields.prose(label="理由", classification=INTERNAL)] = ""


@action("outbox.retry", label="もう一度行う", may=access.RETRY, data=Because)
def retry(ctx: Context, message: OutboxMessage, data: Because) -> OutboxMessage:
    """Start over. For an unconfirmed hand-over this may repeat it: the person has made sure that it did not arrive."""
    ctx.because(data.reason)
    store.requeue(message)
    return message


@action("outbox.cancel", label="取り消す", may=access.CANCEL, data=Because)
def cancel(ctx: Context, message: OutboxMessage, data: Because) -> OutboxMessage:
    """Leave it undone."""
    ctx.because(data.reason)
    store.cancel(message)
    return message


@action("outbox.confirm", label="届いたと記録する", may=access.CONFIRM, data=Because)
def confirm(ctx: Context, message: OutboxMessage, data: Because) -> OutboxMessage:
    """The other system has it."""
    ctx.because(data.reason)
    store.settle(message)
    return message
