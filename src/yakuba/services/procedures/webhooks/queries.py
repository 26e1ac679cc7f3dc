"""Reads of receivers, and of what became of what went to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet

from yakuba.engines.casework.models import Disposition
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.kernel.ui.lists import Slice, sliced
from yakuba.services.procedures.access.desk import HANDOVER, SETTLE_HANDOVER
from yakuba.services.procedures.models import Filing, Procedure, Webhook

PAGE = 50
#: What a person should look at: nothing happens to these by itself any more.
OPEN = ("dead", "unconfirmed")


def webhooks(ctx: Context) -> list[Webhook]:
    """The receivers that the actor may see."""
    found = Webhook.objects.for_actor(ctx).select_related("procedure")
    return list(found.order_by("procedure__title", "url", "pk"))


def webhook(ctx: Context, webhook_id: UUID) -> Webhook:
    """One receiver. Raises :class:`Missing`."""
    found = Webhook.objects.for_actor(ctx).filter(pk=webhook_id).select_related("procedure").first()
    if found is None:
        raise Missing
    return found


def procedures(ctx: Context) -> list[Procedure]:
    """The procedures that a receiver can be named for."""
    return list(Procedure.objects.for_actor(ctx).order_by("title", "pk"))


def receivers(ctx: Context, procedure_id: UUID) -> list[Webhook]:
    """The active receivers of a procedure's filings, for the worker that orders the hand-overs."""
    here = Webhook.unscoped.filter(municipality=ctx.municipality.id, procedure=procedure_id, active=True)
    return list(here.order_by("pk"))


def receiver(ctx: Context, webhook_id: UUID) -> Webhook | None:
    """One of them, for the worker that hands over."""
    here = Webhook.unscoped.filter(municipality=ctx.municipality.id, pk=webhook_id)
    return here.select_related("procedure").first()


def filing(ctx: Context, filing_id: UUID) -> Filing | None:
    """A filing with its case, for the same."""
    here = Filing.unscoped.filter(municipality=ctx.municipality.id, pk=filing_id)
    return here.select_related("case", "publication", "procedure").first()


def revision(filing: Filing) -> int:
    """The number of a filing's newest revision, for whoever has the filing already."""
    return filing.revisions.count()


def decided(filing: Filing) -> Disposition | None:
    """What was decided of a filing, for the same."""
    here = Disposition.unscoped.filter(case=filing.case_id, decided_at__isnull=False)
    return here.order_by("-decided_at").first()


def handovers(ctx: Context, states: Sequence[str] = ()) -> QuerySet[OutboxMessage]:
    """What was ordered to be handed over, the newest first; no payload: it holds ids alone, and they are not shown."""
    found = OutboxMessage.unscoped.filter(SETTLE_HANDOVER.q(ctx), handler=HANDOVER).defer("payload")
    if states:
        found = found.filter(state__in=states)
    return found.order_by("-created_at", "-pk")


def page(ctx: Context, states: Sequence[str], start: int) -> Slice[OutboxMessage]:
    """One page of them from a position on."""
    return sliced(handovers(ctx, states), start, PAGE)


def handover(ctx: Context, message_id: UUID) -> OutboxMessage:
    """One of them. Raises :class:`Missing`."""
    found = handovers(ctx).filter(pk=message_id).first()
    if found is None:
        raise Missing
    return found


def open_count(ctx: Context) -> int:
    """How many wait for a person."""
    return handovers(ctx, OPEN).count()


def stuck(ctx: Context, case_id: UUID) -> list[OutboxMessage]:
    """What of a case's filing was given up, for the machine that heard that a hold is released."""
    filings = Filing.unscoped.filter(municipality=ctx.municipality.id, case=case_id).values("pk")
    here = OutboxMessage.unscoped.filter(municipality=ctx.municipality.id, handler=HANDOVER, state="dead")
    return list(here.filter(subject_id__in=filings))


def numbers(ctx: Context, rows: Iterable[OutboxMessage]) -> Mapping[UUID, tuple[str, str]]:
    """(收受番号, procedure) of the filings that rows are about: neither tells of a person."""
    wanted = [row.subject_id for row in rows if row.subject_kind == "filing" and row.subject_id]
    found = Filing.unscoped.filter(municipality=ctx.municipality.id, pk__in=wanted)
    return {
        pk: (number or "", title)
        for pk, number, title in found.values_list("pk", "case__number", "procedure__title")
    }
