"""What the desk listens to: what citizens sent, replied and opened. What the portal listens to: accounts that were closed."""

from __future__ import annotations

from uuid import UUID

from yakuba.engines.casework.actions.notices import OpenedAt, notice_opened
from yakuba.engines.casework.notices import queries as notices
from yakuba.engines.protection.actions.holds import RELEASED
from yakuba.kernel.actions import Context, NoData
from yakuba.kernel.outbox.handlers import Payload, subscribe
from yakuba.services.procedures.actions.receiving import receive, take_reply
from yakuba.services.procedures.actions.releasing import settle_notices
from yakuba.services.procedures.actions.sending import acknowledge
from yakuba.services.procedures.actions.sweeping import forget_answers, forget_citizen
from yakuba.services.procedures.bundling import work as _bundling  # noqa: F401 – registers the worker's part of a bundle
from yakuba.services.procedures.filings import queries
from yakuba.services.procedures.webhooks import handing as _handing  # noqa: F401 – registers hand-overs


@subscribe("procedures.sent", name="procedures.receive")
def on_sent(ctx: Context, payload: Payload) -> None:
    """A submission arrived: the desk makes a case of it."""
    submission = queries.submission(ctx, UUID(str(payload["submission"])))
    if submission is not None:
        receive(ctx, submission, NoData())


@subscribe("procedures.mail_due", name="procedures.acknowledge", zone="portal")
def on_mail_due(ctx: Context, payload: Payload) -> None:
    """Whoever applied gave a mail address: the acknowledgement goes there. Nobody waits at the screen for its being written."""
    submission = queries.submission(ctx, UUID(str(payload["submission"])))
    if submission is not None:
        acknowledge(ctx, submission)


@subscribe("procedures.replied", name="procedures.take_reply")
def on_replied(ctx: Context, payload: Payload) -> None:
    """A correction, a message or a withdrawal arrived."""
    reply = queries.reply(ctx, UUID(str(payload["reply"])))
    if reply is not None:
        take_reply(ctx, reply, NoData())


@subscribe("procedures.opened", name="procedures.notice_opened")
def on_opened(ctx: Context, payload: Payload) -> None:
    """The applicant opened a notice: it need not be printed any more."""
    release = queries.release(ctx, UUID(str(payload["release"])))
    notice = notices.known(ctx, release.source) if release and release.source else None
    if release is not None and notice is not None and release.opened_at is not None:
        notice_opened(ctx, notice, OpenedAt(release.opened_at))


@subscribe("identity.account_closed", name="procedures.forget_citizen", zone="portal")
def on_account_closed(ctx: Context, payload: Payload) -> None:
    """What somebody had begun, and what was kept to be offered to them again, goes with their account."""
    forget_citizen(ctx, UUID(str(payload["citizen"])))


@subscribe("protection.held", name="procedures.forget_answers")
def on_held(ctx: Context, payload: Payload) -> None:
    """支援措置 stands on a case: what its applicant answered is offered no more (the portal cannot ask by itself)."""
    if payload["kind"] == "case":
        forget_answers(ctx, UUID(str(payload["id"])))


@subscribe("protection.held", name="procedures.close_notices")
def on_held_notices(ctx: Context, payload: Payload) -> None:
    """What lies ready at the portal is not handed over there while the hold stands."""
    if payload["kind"] == "case":
        settle_notices(ctx, UUID(str(payload["id"])))


@subscribe(RELEASED, name="procedures.open_notices")
def on_hold_released(ctx: Context, payload: Payload) -> None:
    """No hold stands any more: what was released before lies ready again."""
    if payload["kind"] == "case":
        settle_notices(ctx, UUID(str(payload["id"])))
