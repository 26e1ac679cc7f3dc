"""How each action of delivery is tried in the permission matrix."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import Client

from tests.matrix import Specimen
from tests.world import Town
from yakuba.engines.delivery.actions import Because
from yakuba.engines.delivery.models import Delivery
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import clock


def delivery(town: Town, **facts: object) -> Delivery:
    """One of unknown outcome, long ago."""
    known = {
        "zone": "desk",
        "channel": "mail",
        "purpose": "result",
        "address": "hanako@example.jp",
        "subject_line": "結果のお知らせ",
        "body": "結果が出ました。\n",
        "language": "ja",
        "state": "unconfirmed",
        "attempts": 1,
        "ordered": 1,
        "created_at": clock.now(),
    }
    return Delivery.unscoped.create(municipality_id=town.ref.id, **{**known, **facts})


def post(do: str):
    def send(client: Client, town: Town, subject: Delivery) -> HttpResponse:
        address = f"/{town.ref.code}/desk/deliveries/{subject.pk}/"
        return client.post(address, {"do": do, "reason": "電話で確かめた"})

    return send


def because(_town: Town, _subject: Delivery) -> Because:
    return Because("電話で確かめた")


SPECIMENS = {
    "delivery.send_again": Specimen(
        subject=delivery, data=lambda _town, _subject: NoData(), page=post("again")
    ),
    "delivery.confirm": Specimen(subject=delivery, data=because, page=post("confirm")),
    "delivery.close": Specimen(subject=delivery, data=because, page=post("close")),
}
