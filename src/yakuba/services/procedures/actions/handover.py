"""Receivers of filings (webhooks), and what a person decides about a hand-over that did not go through."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.actions import Context, NoData, Problem, SubjectRef, action
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.ids import uuid7
from yakuba.kernel.outbox import store as outbox
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.services.procedures.access.desk import HANDOVER, KEEP_WEBHOOKS, NEW_WEBHOOK, SETTLE_HANDOVER
from yakuba.services.procedures.models import Procedure, Webhook
from yakuba.services.procedures.webhooks import rules, sending


@dataclass(frozen=True)
class Receiver:
    """Where filings go to."""

    url: Annotated[str, fields.text(label="送り先", classification=INTERNAL, max_length=500)]
    active: Annotated[bool, fields.yes_no(label="有効", classification=INTERNAL, default=True)] = True


@dataclass(frozen=True)
class Because:
    """How that was found out, and why."""

    reason: Annotated[str, fields.text(label="理由", classification=INTERNAL)]


@action("procedures.add_webhook", label="引渡し先を加える", may=NEW_WEBHOOK, data=Receiver)
def add_webhook(ctx: Context, procedure: Procedure, data: Receiver) -> Webhook:
    """Name a receiver of a procedure's filings; its key is made here. Raises :class:`Problem` for an address that is not allowed."""
    url = _demand_url(data.url)
    if Webhook.unscoped.filter(municipality=ctx.municipality.id, procedure=procedure, url=url).exists():
        raise Problem("twice", _("この手続には、同じ送り先がもうあります。"), field="url", found=url[:80])
    made = Webhook(
        municipality_id=ctx.municipality.id,
        procedure=procedure,
        url=url,
        secret=secrets.token_urlsafe(32),
        active=data.active,
    )
    made.save(force_insert=True)
    return made


def _demand_url(url: str) -> str:
    plain = url.strip()
    rules.target(plain, sending.allowed())
    return plain


@action("procedures.change_webhook", label="引渡し先を直す", may=KEEP_WEBHOOKS, data=Receiver)
def change_webhook(ctx: Context, hook: Webhook, data: Receiver) -> Webhook:
    """Another address, or no hand-over for a while. What was ordered before goes to the address of that moment."""
    url = _demand_url(data.url) if data.active or data.url.strip() != hook.url else hook.url
    same = Webhook.unscoped.filter(municipality=ctx.municipality.id, procedure=hook.procedure_id, url=url)
    if same.exclude(pk=hook.pk).exists():
        raise Problem("twice", _("この手続には、同じ送り先がもうあります。"), field="url", found=url[:80])
    hook.url, hook.active = url, data.active
    hook.save(update_fields=["url", "active"])
    return hook


@action("procedures.renew_key", label="署名の鍵を作り直す", may=KEEP_WEBHOOKS, data=NoData)
def renew_key(ctx: Context, hook: Webhook, data: NoData) -> Webhook:
    """A new key; from now on the receiver has to check with it."""
    hook.secret = secrets.token_urlsafe(32)
    hook.save(update_fields=["secret"])
    return hook


@action("procedures.try_webhook", label="試しに送る", may=KEEP_WEBHOOKS, data=NoData)
def try_webhook(ctx: Context, hook: Webhook, data: NoData) -> Webhook:
    """Hand over something invented, to see whether it arrives."""
    trial = str(uuid7())
    outbox.hand_over(
        ctx,
        HANDOVER,
        {"webhook": str(hook.pk), "event": rules.TEST, "filing": trial, "revision": 1},
        key=f"{hook.pk}:{rules.key_of(rules.TEST, trial, 1)}",
        subject=SubjectRef("webhook", hook.pk),
    )
    return hook


# --- what did not go through ----------------------------------------------------------------------------------------


@action("procedures.retry_handover", label="引渡しをもう一度行う", may=SETTLE_HANDOVER, data=Because)
def retry_handover(ctx: Context, message: OutboxMessage, data: Because) -> OutboxMessage:
    """Hand over again; the receiver knows what it has by its key."""
    ctx.because(data.reason)
    outbox.requeue(message)
    return message


@action("procedures.confirm_handover", label="引渡しが届いたと記録する", may=SETTLE_HANDOVER, data=Because)
def confirm_handover(ctx: Context, message: OutboxMessage, data: Because) -> OutboxMessage:
    """The receiver has it."""
    ctx.because(data.reason)
    outbox.settle(message)
    return message


@action("procedures.cancel_handover", label="引渡しを取りやめる", may=SETTLE_HANDOVER, data=Because)
def cancel_handover(ctx: Context, message: OutboxMessage, data: Because) -> OutboxMessage:
    """It is not to be handed over any more."""
    ctx.because(data.reason)
    outbox.cancel(message)
    return message
