"""What the worker does: orders a hand-over for each receiver, hands over, and goes on where a hold was released."""

from __future__ import annotations

import json
from uuid import UUID

from django.utils import translation

from yakuba.engines.casework.models import OUTCOMES
from yakuba.engines.protection.actions.holds import RELEASED
from yakuba.engines.protection.queries import held
from yakuba.kernel.actions import Context, SubjectRef, ports
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.outbox import store as outbox
from yakuba.kernel.outbox.handlers import NotAccepted, Payload, Settle, handover, subscribe
from yakuba.services.procedures import exports
from yakuba.services.procedures.access.desk import HANDOVER
from yakuba.services.procedures.actions.handover import Because, retry_handover
from yakuba.services.procedures.models import Webhook
from yakuba.services.procedures.webhooks import queries, rules, sending

FORMAT = "yakuba-webhook/1"


@subscribe(rules.RECEIVED, name="procedures.order_received")
def on_received(ctx: Context, payload: Payload) -> None:
    """A filing came in, or was corrected."""
    _order(ctx, rules.RECEIVED, UUID(str(payload["filing"])))


@subscribe(rules.DECIDED, name="procedures.order_decided")
def on_decided(ctx: Context, payload: Payload) -> None:
    """Something was decided of it."""
    _order(ctx, rules.DECIDED, UUID(str(payload["filing"])))


def _order(ctx: Context, event: str, filing_id: UUID) -> None:
    filing = queries.filing(ctx, filing_id)
    if filing is None or filing.case is None or filing.case.test:
        return
    revision = queries.revision(filing)
    for hook in queries.receivers(ctx, filing.procedure_id):
        outbox.hand_over(
            ctx,
            HANDOVER,
            {"webhook": str(hook.pk), "event": event, "filing": str(filing.pk), "revision": revision},
            key=f"{hook.pk}:{rules.key_of(event, str(filing.pk), revision)}",
            subject=SubjectRef("filing", filing.pk),
        )


@handover(name=HANDOVER, zone="desk", deduplicates=True, lease_seconds=180)
def hand_over(ctx: Context, payload: Payload, _key: str) -> Settle | None:
    """One signed POST. The row holds ids alone: what is handed over is read at the moment at which it goes."""
    hook = queries.receiver(ctx, UUID(str(payload["webhook"])))
    event = str(payload["event"])
    if hook is None or (not hook.active and event != rules.TEST):
        raise NotAccepted("inactive", permanent=True)
    number = payload["revision"]
    revision = number if isinstance(number, int) else 1
    key = rules.key_of(event, str(payload["filing"]), revision)
    body = {
        "format": FORMAT,
        "event": event,
        "key": key,
        "municipality": ctx.municipality.code,
        "procedure": {"id": str(hook.procedure_id), "title": hook.procedure.title},
        **(
            _invented() if event == rules.TEST else _filing(ctx, hook, UUID(str(payload["filing"])), revision)
        ),
    }
    data = json.dumps(body, ensure_ascii=False).encode()
    reached = True
    try:
        sending.post(hook.url, hook.secret, event=event, key=key, body=data)
    except NotAccepted as refused:
        reached = str(refused).startswith("http ")  # an answer to what it was given; else nothing was sent
        raise
    finally:
        if reached and event != rules.TEST:
            ports.trail().read(
                ctx, HANDOVER, "filing", [UUID(str(payload["filing"]))], to=hook.url, event=event, key=key
            )
    return None


def _invented() -> dict[str, JsonValue]:
    return {"filing": None, "message": "試しの引渡しです。実在の提出ではありません。"}


def _filing(ctx: Context, hook: Webhook, filing_id: UUID, revision: int) -> dict[str, JsonValue]:
    """A filing as it stands now. Raises :class:`NotAccepted` for one that is gone or on which 支援措置 stands."""
    filing = queries.filing(ctx, filing_id)
    if filing is None or filing.case is None or filing.procedure_id != hook.procedure_id:
        raise NotAccepted("gone", permanent=True)
    if held(ctx, [SubjectRef("case", filing.case.pk)]):
        raise NotAccepted("held", permanent=True)
    decided = queries.decided(filing)
    with translation.override("ja"):
        outcome = dict(OUTCOMES)[decided.outcome] if decided else ""
        return {
            "filing": {
                **exports.record(filing, filing.case, outcome),
                "revision": revision,
                "files": exports.files_of(filing),
            }
        }


@subscribe(RELEASED, name="procedures.go_on")
def go_on(ctx: Context, payload: Payload) -> None:
    """What a hold had stopped is handed over, where the keeper of 支援措置 said that what was stopped goes on."""
    if payload.get("resume") is not True or payload.get("kind") != "case":
        return
    for message in queries.stuck(ctx, UUID(str(payload["id"]))):
        if message.last_error.endswith("held"):
            retry_handover(ctx, message, Because("支援措置による停止が解除された"))
