"""The only writer of deliveries: ordered inside the actions of rooms above, noted by the worker."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from yakuba.engines.delivery.channels import CHANNELS
from yakuba.engines.delivery.models import Delivery
from yakuba.engines.delivery.purposes import PURPOSES
from yakuba.engines.protection.queries import held
from yakuba.kernel.actions import Context, Problem, SubjectRef
from yakuba.kernel.dates import clock
from yakuba.kernel.ids import uuid7
from yakuba.kernel.outbox.handlers import Zone
from yakuba.kernel.outbox.store import hand_over
from yakuba.kernel.plugins import statements

MAX_ATTEMPTS = 14  # with the outbox's waits between them, about eight hours
KEEP_CONTENT = dt.timedelta(days=90)
_BODY_LIMIT = 20_000
_SUBJECT_LIMIT = 200
_ERROR_LIMIT = 2000
_PAGE = 500
_NOT_IN_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_NOT_IN_A_BODY = re.compile(r"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
HANDLERS: dict[str, str] = {"portal": "delivery.send_portal", "desk": "delivery.send_desk"}


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent. ``purpose`` is a key of :data:`.purposes.PURPOSES`; ``about`` the thing that a hold may stand on."""

    purpose: str
    address: str
    subject: str
    body: str
    language: str = "ja"
    about: SubjectRef | None = None
    zone: Zone = "desk"
    channel: str = "mail"


# --- ordering, in the transaction of an action ------------------------------------------------------------------------


def send(ctx: Context, message: Message) -> Delivery:
    """Write the delivery and its hand-over, in the running action's transaction.

    The row comes back ``queued``; ``unconfigured`` where no operator has set the channel up; ``held`` where 支援措置 stops it. Raises
    :class:`Problem` on the field ``address`` for an address that the channel cannot use, LookupError for an unknown purpose or
    channel, ValueError for a subject or a body that no message can have, and for a purpose that the portal may not send.
    """
    purpose, channel = PURPOSES[message.purpose], CHANNELS.get(message.channel)
    if message.zone == "portal" and not purpose.passes:
        raise ValueError(f"the portal only answers its visitors: {message.purpose} is sent by the desk")
    _check_text(message)
    pk = uuid7()
    delivery = Delivery(
        id=pk,
        municipality_id=ctx.municipality.id,
        zone=message.zone,
        channel=message.channel,
        purpose=message.purpose,
        address=channel.checked_address(message.address),
        subject_line=message.subject,
        body=message.body,
        language=message.language,
        about_kind=message.about.kind if message.about else "",
        about_id=message.about.id if message.about else None,
        state="queued",
        message_id=channel.message_id(pk) if channel.configured() else "",
        created_at=ctx.now,
    )
    delivery.state = _may_leave(ctx, delivery)
    delivery.ordered = 1 if delivery.state == "queued" else 0
    statements.insert_row(delivery)
    _order(ctx, delivery)
    return delivery


def send_again(ctx: Context, delivery: Delivery) -> None:
    """Have a delivery sent once more, from the running action's transaction; the row is locked by that action.

    It ends up in the state that :func:`send` would have given it now. Raises :class:`Problem` where its content is gone.
    """
    if delivery.erased_at is not None:
        raise Problem("erased", _("この送信の内容は、保存期間が過ぎて消去されました。新しく送ってください。"))
    delivery.state = _may_leave(ctx, delivery)
    delivery.attempts, delivery.error, delivery.begun_at = 0, "", None
    if delivery.state == "queued":
        delivery.ordered += 1
    delivery.save(update_fields=["state", "attempts", "error", "begun_at", "ordered"])
    _order(ctx, delivery)


def _check_text(message: Message) -> None:
    """Control characters break headers, and PostgreSQL keeps no NUL. Subjects and bodies are ours: a fault of the program."""
    if not message.subject.strip() or _NOT_IN_A_LINE.search(message.subject):
        raise ValueError("a subject is one line of text")
    if len(message.subject) > _SUBJECT_LIMIT or len(message.body) > _BODY_LIMIT:
        raise ValueError("the subject or the body is too long")
    if _NOT_IN_A_BODY.search(message.body):
        raise ValueError("the body has control characters")


def _may_leave(ctx: Context, delivery: Delivery) -> str:
    """The state in which a delivery begins. The portal's is never held: see :mod:`.purposes`."""
    if is_held(ctx, delivery):
        return "held"
    return "queued" if CHANNELS.get(delivery.channel).configured() else "unconfigured"


def is_held(ctx: Context, delivery: Delivery) -> bool:
    """Whether 支援措置 stops it now."""
    if delivery.zone != "desk" or delivery.about_id is None or PURPOSES[delivery.purpose].passes:
        return False
    return bool(held(ctx, [SubjectRef(delivery.about_kind, delivery.about_id)]))


def _order(ctx: Context, delivery: Delivery) -> None:
    if delivery.state != "queued":
        return
    hand_over(
        ctx,
        HANDLERS[delivery.zone],
        {"delivery": str(delivery.pk)},  # what it says, and to whom, stands in the delivery alone
        key=f"{delivery.pk}:{delivery.ordered}",
        subject=SubjectRef("delivery", delivery.pk),
        priority=PURPOSES[delivery.purpose].priority,
    )


# --- by the worker, each in a short transaction -----------------------------------------------------------------------


def waiting(ctx: Context, delivery_id: UUID) -> Delivery | None:
    """The delivery, as long as it waits to be sent."""
    return Delivery.unscoped.filter(municipality=ctx.municipality.id, pk=delivery_id, state="queued").first()


def stop(delivery: Delivery, state: str) -> None:
    """It does not leave after all: ``held`` or ``unconfigured``."""
    Delivery.unscoped.filter(pk=delivery.pk, state="queued").update(state=state, version=F("version") + 1)


def begin(delivery: Delivery, message_id: str) -> bool:
    """Note, before the other side is spoken to, that it is about to be; False when somebody else did so or stopped it.

    From here on nobody sends it again by himself, until the answer is noted.
    """
    now = clock.now()
    return bool(
        Delivery.unscoped.filter(pk=delivery.pk, state="queued").update(
            state="unconfirmed",
            attempts=F("attempts") + 1,
            begun_at=now,
            message_id=message_id,
            version=F("version") + 1,
        )
    )


def wait(delivery: Delivery, detail: str) -> None:
    """The other side did not take it for now: it waits for the next attempt."""
    _note(delivery, state="queued", error=detail)


def doubt(delivery: Delivery, detail: str) -> None:
    """Nobody knows whether the other side took it."""
    _note(delivery, state="unconfirmed", error=detail)


def fail(delivery: Delivery, detail: str) -> None:
    """The other side will not take it."""
    _note(delivery, state="failed", error=detail)


def sent(delivery: Delivery) -> None:
    """The other side has it."""
    _note(delivery, state="sent", error="", sent_at=clock.now())


def _note(delivery: Delivery, *, state: str, error: str, sent_at: dt.datetime | None = None) -> None:
    text = error[:_ERROR_LIMIT].replace("\x00", "")
    with transaction.atomic():
        Delivery.unscoped.filter(pk=delivery.pk, state="unconfirmed").update(
            state=state, error=text, sent_at=sent_at, version=F("version") + 1
        )


# --- by a person, inside an action ------------------------------------------------------------------------------------


def settle(ctx: Context, delivery: Delivery) -> None:
    """A person found out that it arrived."""
    delivery.state, delivery.sent_at, delivery.error = "sent", ctx.now, ""
    delivery.save(update_fields=["state", "sent_at", "error"])


def close(delivery: Delivery) -> None:
    """It is not to be sent any more."""
    delivery.state = "cancelled"
    delivery.save(update_fields=["state"])


# --- by the clock -----------------------------------------------------------------------------------------------------


def erase(municipality_id: UUID, zone: Zone) -> int:
    """Erase what was said in deliveries of more than 90 days ago; return how many. The rows stay as the record that there were such.

    The desk keeps the address: it is the proof of whom a notice went to. The portal keeps nothing about anybody.
    """
    now = clock.now()
    old = Delivery.unscoped.filter(
        ~Q(state="queued"),
        municipality=municipality_id,
        zone=zone,
        erased_at__isnull=True,
        created_at__lt=now - KEEP_CONTENT,
    ).order_by("created_at")
    gone = {"body": "", "subject_line": "", "error": "", "erased_at": now}
    if zone == "portal":
        gone["address"] = ""
    count = 0
    while page := list(old.values_list("pk", flat=True)[:_PAGE]):
        count += Delivery.unscoped.filter(pk__in=page).update(**gone)
    return count
