"""A released ledger for the public map."""

from __future__ import annotations

from tests.engines.ledger.test_releasing import release
from tests.engines.ledger.worlds import open_book, site
from tests.world import Town
from yakuba.engines.ledger.actions.entries import ChangeMany
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.registering import installed_of

WIFI = installed_of("public_wifi")
assert WIFI is not None
KEY = "ledger-public-wifi"


def released(town: Town, many: int = 3) -> Book:
    """So many open sites, released."""
    book = open_book(town)
    rows = [
        {
            "id": "",
            "version": 0,
            "values": {
                **site(name=f"見本{n}番館", hours="<b>終日</b>" if n == 1 else ""),
                "place": {"type": "Point", "coordinates": [139.1 + n / 1000, 36.4]},
                "state": "open",
            },
        }
        for n in range(1, many + 1)
    ]
    WIFI.actions.many(town.ctx("ledger_keeper"), book, ChangeMany(rows))
    release(town, book)
    return book
