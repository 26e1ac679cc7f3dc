"""Bundles, receivers and hand-overs."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import Client

from tests.matrix import Specimen
from tests.services.procedures.offers import procedure
from tests.services.procedures.specimens_receiving import filing
from tests.world import Town
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import clock, japan_date
from yakuba.kernel.files import store as files
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.kernel.town.models import Office
from yakuba.services.procedures.access.desk import HANDOVER
from yakuba.services.procedures.actions import bundling, handover
from yakuba.services.procedures.models import Bundle, Filing, Procedure, Webhook

URL = "https://hooks.example.jp/filings"
BECAUSE = handover.Because("相手に確かめた")


def office(town: Town) -> Office:
    """The own office, with something registered today."""
    filing(town)
    return town.offices["own"]


def order(_town: Town, subject: Office) -> bundling.OrderBundle:
    ids = Filing.unscoped.filter(case__office=subject.pk).values_list("pk", flat=True)
    return bundling.OrderBundle(japan_date(clock.now()), [str(one) for one in ids])


def bundle(town: Town) -> Bundle:
    """One that waits to be made."""
    own = office(town)
    return Bundle.unscoped.create(
        municipality_id=town.ref.id,
        office=own,
        day=japan_date(clock.now()),
        filings=order(town, own).filings,
        state="waiting",
        asked_by="例示",
        asked_at=clock.now(),
    )


def webhook(town: Town) -> Webhook:
    """A receiver of the own office's procedure."""
    return Webhook.unscoped.create(
        municipality_id=town.ref.id, procedure=procedure(town), url=URL, secret="見本の鍵"
    )


def stuck(town: Town, state: str = "dead") -> OutboxMessage:
    """A hand-over that did not go through."""
    here = webhook(town)
    return OutboxMessage.unscoped.create(
        municipality_id=town.ref.id,
        kind="handover",
        topic="",
        handler=HANDOVER,
        subject_kind="webhook",
        subject_id=here.pk,
        payload={"webhook": str(here.pk), "event": "procedures.test", "filing": str(here.pk), "revision": 1},
        idempotency_key=f"{HANDOVER}:{here.pk}",
        zone="desk",
        not_before=clock.now(),
        state=state,
        attempts=1,
        last_error="NotAccepted: http 404",
        created_at=clock.now(),
    )


def _nothing(_town: Town, _subject: object) -> NoData:
    return NoData()


def _receiver(_town: Town, _subject: object) -> handover.Receiver:
    return handover.Receiver(URL)


def _adds(client: Client, town: Town, subject: Procedure) -> HttpResponse:
    return client.post(
        f"/{town.ref.code}/desk/handovers/receivers/", {"procedure": str(subject.pk), "url": URL}
    )


def hook_form(do: str, **more: str):
    """The form of a receiver's page."""

    def send(client: Client, town: Town, subject: Webhook) -> HttpResponse:
        here = f"/{town.ref.code}/desk/handovers/receivers/{subject.pk}/"
        return client.post(here, {"do": do, **more})

    return send


def settles(do: str):
    """The form of a hand-over's page."""

    def send(client: Client, town: Town, subject: OutboxMessage) -> HttpResponse:
        here = f"/{town.ref.code}/desk/handovers/{subject.pk}/"
        return client.post(here, {"do": do, "reason": BECAUSE.reason})

    return send


SPECIMENS = {
    "procedures.order_bundle": Specimen(office, order),
    "procedures.finish_bundle": Specimen(
        bundle, lambda _t, _s: bundling.FinishBundle(files.put(b"%PDF-1.4 bundle"))
    ),
    "procedures.forget_bundle": Specimen(bundle, _nothing),
    "procedures.add_webhook": Specimen(procedure, _receiver, _adds),
    "procedures.change_webhook": Specimen(webhook, _receiver, hook_form("change", url=URL, active="1")),
    "procedures.renew_key": Specimen(webhook, _nothing, hook_form("renew")),
    "procedures.try_webhook": Specimen(webhook, _nothing, hook_form("try")),
    **{
        f"procedures.{do}_handover": Specimen(stuck, lambda _t, _s: BECAUSE, settles(do))
        for do in ("retry", "confirm", "cancel")
    },
}
