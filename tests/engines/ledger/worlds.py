"""Books for tests, opened as the sample's first pack."""

from __future__ import annotations

from tests.world import Town
from yakuba.engines.ledger.models import Book
from yakuba.kernel.dates import clock, japan_date


def open_book(town: Town, ledger: str = "public_wifi", **facts: object) -> Book:
    """A ledger that the office ``own`` keeps; made on first use."""
    given = {"office": town.offices["own"], "opened_on": japan_date(clock.now()), **facts}
    return Book.unscoped.get_or_create(municipality_id=town.ref.id, ledger=ledger, defaults=given)[0]


def site(**more: object) -> dict[str, object]:
    """The values of an invented site of public Wi-Fi."""
    return {
        "name": "見本公民館",
        "use": "shelter",
        "address": "みほん市見本町1番地",
        "ssid": "Mihon_Free",
        "disaster": True,
        "place": {"type": "Point", "coordinates": [139.1, 36.4]},
        **more,
    }
